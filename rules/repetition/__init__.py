"""Text that says itself again."""
