"""Many objects that wait, packed."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator
from typing import Generic, TypeVar

SIZE = 1_000  # objects that are packed together

Held = TypeVar("Held")


class Packed(Generic[Held]):
    """Many objects in the order they came, pickled and compressed but for the last: a million findings would take a gigabyte."""

    def __init__(self) -> None:
        self._lots: list[bytes] = []
        self._last: list[Held] = []

    def append(self, held: Held) -> None:
        self._last.append(held)
        if len(self._last) == SIZE:
            self._lots.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), 1))
            self._last = []

    def __len__(self) -> int:
        return len(self._lots) * SIZE + len(self._last)

    def __iter__(self) -> Iterator[Held]:
        for lot in self._lots:
            yield from pickle.loads(zlib.decompress(lot))  # noqa: S301 - written above
        yield from self._last
