"""The one exception that users see."""


class Error(Exception):
    """What went wrong, where, and what to do, in one line. Ends the run with exit code 2."""
