"""Personal data and secrets, which the model would learn by heart."""
