"""Training and evaluation data that do not go together."""
