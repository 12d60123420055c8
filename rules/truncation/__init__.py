"""Answers that were cut off."""
