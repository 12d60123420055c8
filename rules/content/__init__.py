"""Texts that say nothing."""
