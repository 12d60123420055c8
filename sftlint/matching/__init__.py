"""Which records are the same, nearly the same, or belong together."""
