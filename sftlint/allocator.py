"""What becomes of memory that is free again."""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # as malloc.h numbers them
KEPT = 32 << 20  # bytes; the most that glibc takes for the second


def keep_memory() -> None:
    """Let this process keep what one chunk has freed for the next one, where the C library is glibc.

    By itself glibc gives it back each time, and the system has to find it and to clear it again: a tenth of a run.
    """
    if sys.platform == "linux":
        try:
            mallopt = ctypes.CDLL(None).mallopt
        except (OSError, AttributeError):  # another C library
            return
        mallopt(_TRIM_THRESHOLD, KEPT)
        mallopt(_MMAP_THRESHOLD, KEPT)
