"""What the model says it is."""
