"""Sizes: records and sets that are too long, too few, or out of line."""
