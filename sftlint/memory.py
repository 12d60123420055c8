"""What the C library keeps of the memory that is free, and what it gives back, where it is glibc."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # as malloc.h numbers them
HELD = 32 << 20  # bytes; the most that glibc takes for the second
LARGE = 1 << 20  # bytes of an array that is given back at once


def keep_memory() -> None:
    """Let this process keep what one chunk has freed for the next one.

    By itself glibc gives it back each time, and the system has to find it and to clear it again: a tenth of a run.
    """
    if library := _glibc():
        library.mallopt(_TRIM_THRESHOLD, HELD)
        library.mallopt(_MMAP_THRESHOLD, HELD)


def give_back() -> None:
    """Give back what is free, and from now on large arrays at once.

    What large arrays leave, and every hole between small objects that stay, is kept by glibc. For batches that come and go
    that is as it should be. At the end of a run each rule makes arrays of some other length, once.
    """
    if library := _glibc():
        library.mallopt(_MMAP_THRESHOLD, LARGE)
        library.malloc_trim(0)


@cache
def _glibc() -> Any:
    """The C library, if it is glibc."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
