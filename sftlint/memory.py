"""Little memory for many things: objects that wait are packed, and what is free is given back where the C library is glibc."""

from __future__ import annotations

import ctypes
import pickle
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any, Generic, TypeVar

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # as malloc.h numbers them
KEPT = 32 << 20  # bytes; the most that glibc takes for the second
LARGE = 1 << 20  # bytes of an array that is given back at once
LOT = 1_000  # objects that are packed together

Held = TypeVar("Held")


class Packed(Generic[Held]):
    """Many objects in the order they came, pickled and compressed but for the last: a million findings would take a gigabyte."""

    def __init__(self) -> None:
        self._lots: list[bytes] = []
        self._last: list[Held] = []

    def append(self, held: Held) -> None:
        self._last.append(held)
        if len(self._last) == LOT:
            self._lots.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), 1))
            self._last = []

    def __len__(self) -> int:
        return len(self._lots) * LOT + len(self._last)

    def __iter__(self) -> Iterator[Held]:
        for lot in self._lots:
            yield from pickle.loads(zlib.decompress(lot))  # noqa: S301 - written above
        yield from self._last


def keep_memory() -> None:
    """Let this process keep what one chunk has freed for the next one.

    By itself glibc gives it back each time, and the system has to find it and to clear it again: a tenth of a run.
    """
    if library := _glibc():
        library.mallopt(_TRIM_THRESHOLD, KEPT)
        library.mallopt(_MMAP_THRESHOLD, KEPT)


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
