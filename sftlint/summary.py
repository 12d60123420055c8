"""What a batch leaves behind for the whole dataset. Summaries hold no whole texts, and merge in any order."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray


class Summary(Protocol):
    """Whatever merges."""

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self: ...


class Buckets:
    """Records filed under 64-bit keys: parallel columns of any number, rows in no order.

    ids: int64, the records.  keys: uint64, what they are filed under.  more: further uint64 columns.
    """

    def __init__(self, ids: Iterable[int], keys: Iterable[int], *more: Iterable[int]) -> None:
        self.ids = np.asarray(ids, np.int64)
        self.keys = _column(keys)
        self.more = tuple(_column(column) for column in more)

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        columns = zip(*((part.ids, part.keys, *part.more) for part in parts), strict=True)
        return cls(*map(np.concatenate, columns))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        return self.ids.nbytes + self.keys.nbytes + sum(column.nbytes for column in self.more)

    def take(self, rows: Any) -> Self:
        """The rows that a mask, slice or index array names."""
        return type(self)(self.ids[rows], self.keys[rows], *(column[rows] for column in self.more))

    def by_split(self, files: Sequence[Any]) -> tuple[Self, Self]:
        """The records of the training files of a run, and those of its evaluation files."""
        evaluated = np.array([file.split == "evaluation" for file in files], bool)[self.ids >> 40]
        return self.take(~evaluated), self.take(evaluated)

    def crowded(self) -> Self:
        """Only the buckets that hold two records or more, sorted by key and then id."""
        order = np.lexsort((self.ids, self.keys))
        keys = self.keys[order]
        same = keys[1:] == keys[:-1]
        return self.take(order[(np.append(same, False) | np.insert(same, 0, False))[: len(keys)]])

    def groups(self) -> Iterator[Self]:
        """Each bucket that holds two records or more, its records in reading order."""
        crowd = self.crowded()
        bounds = np.flatnonzero(crowd.keys[1:] != crowd.keys[:-1]) + 1
        for start, stop in zip([0, *bounds.tolist()], [*bounds.tolist(), len(crowd)], strict=True):
            if stop > start:
                yield crowd.take(slice(start, stop))


class Crowds(Buckets):
    """Buckets of which a rule reads those that hold two records or more, and no others: a cluster merges them by shard."""

    def shards(self, count: int) -> list[Self]:
        """The buckets in *count* parts, each of them whole in one."""
        return [self.take(self.keys % np.uint64(count) == number) for number in range(count)]

    def needed(self) -> Self:
        """What a rule still reads of a shard once it is merged."""
        return self.crowded()


class Ragged:
    """Buckets whose rows have up to 255 items each.

    rows: the records.  counts: uint8, items of each.  items: columns of the items of all rows, in the order of the rows.
    """

    def __init__(self, rows: Buckets, counts: NDArray[np.uint8], *items: NDArray[Any]) -> None:
        self.rows, self.counts, self.items = rows, counts, items

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        columns = zip(*((part.counts, *part.items) for part in parts), strict=True)
        return cls(Buckets.merge([part.rows for part in parts]), *map(np.concatenate, columns))

    @property
    def nbytes(self) -> int:
        return self.rows.nbytes + self.counts.nbytes + sum(column.nbytes for column in self.items)


class Tally:
    """How often each key occurs, with the first records that have it: `{key: (count, ids)}`. Keys are tuples."""

    KEEP = 10

    def __init__(self) -> None:
        self.entries: dict[Hashable, tuple[int, list[int]]] = {}

    def add(self, key: Hashable, record: int, count: int = 1) -> None:
        """Count *key* once for *record*. Records come in reading order."""
        before, ids = self.entries.get(key, (0, []))
        self.entries[key] = (before + count, ids if len(ids) >= self.KEEP else [*ids, record])

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        merged = cls()
        for part in parts:
            for key, (count, ids) in part.entries.items():
                before, first = merged.entries.get(key, (0, []))
                merged.entries[key] = (before + count, sorted([*first, *ids])[: cls.KEEP])
        return merged

    def __iter__(self) -> Iterator[tuple[Any, int, list[int]]]:
        """Keys in order, with count and first records."""
        for key in sorted(self.entries, key=repr):
            yield key, *self.entries[key]


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """*values* sorted, each once: what `np.unique` gives, whose hash table takes ten times as long."""
    values = np.sort(values)
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values


def among(values: NDArray[Any], held: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of *values* are in *held*, which is sorted: what `np.isin` gives, whose hash table takes ten times as long."""
    if not len(held):
        return np.zeros(len(values), bool)
    found: NDArray[np.bool_] = held[np.minimum(np.searchsorted(held, values), len(held) - 1)] == values
    return found


def _column(values: Iterable[int]) -> NDArray[np.uint64]:
    return values if isinstance(values, np.ndarray) else np.fromiter(values, np.uint64)
