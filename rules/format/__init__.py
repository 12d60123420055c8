"""Records that a platform or a loader refuses, or reads otherwise than meant."""
