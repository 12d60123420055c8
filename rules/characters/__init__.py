"""Characters that no writer meant."""
