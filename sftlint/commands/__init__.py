"""The commands, one module each, and what surrounds them: settings, streams, help and progress."""
