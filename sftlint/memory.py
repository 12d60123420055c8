"""Memory given back to the system, where the C library would keep it for later."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

LARGE = 1 << 20  # bytes of an array that is given back at once
_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD in malloc.h


def give_back() -> None:
    """Give back what is free, and from now on large arrays at once.

    glibc keeps up to 64 MB of what large arrays leave, and every hole between small objects that stay. For batches that come
    and go that is as it should be. At the end of a run each rule makes arrays of some other length, once.
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
