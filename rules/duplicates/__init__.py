"""Records that stand in the data more than once."""
