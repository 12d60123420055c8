"""What was counted in a run, and what `Rule.finish` may ask of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple, Self

from sftlint.batch import Batch
from sftlint.formats import HOME
from sftlint.reader import Records
from sftlint.source import SHIFT, File


class Counts(NamedTuple):
    """What one file, or a part of it, holds. `tokens` is about right for Pangu."""

    records: int = 0
    sound: int = 0
    trained: int = 0
    rejected: int = 0
    blank: int = 0
    dialogues: int = 0
    characters: int = 0
    wide: int = 0
    formats: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, batch: Batch) -> Self:
        characters = int(batch.texts.lengths.sum())
        blank = sum(line.reason == "blank" for line in batch.rejected)
        layouts = Counter(map(attrgetter("layout"), batch.sound))
        formats = Counter(map(attrgetter("format"), batch.uncommon))
        formats[HOME] += len(batch.records) - len(batch.uncommon)
        return cls(
            len(batch.records), len(batch.sound), sum(count for layout, count in layouts.items() if layout.target),
            len(batch.rejected) - blank, blank,
            sum(count for layout, count in layouts.items() if layout.rounds > 1),
            characters, (int(batch.texts.sizes.sum()) - characters) // 2, tuple(sorted((+formats).items())),
        )  # fmt: skip

    def plus(self, other: Counts) -> Counts:
        formats = dict(self.formats)
        for name, count in other.formats:
            formats[name] = formats.get(name, 0) + count
        numbers: list[Any] = [a + b for a, b in zip(self[:-1], other[:-1], strict=True)]
        return Counts._make([*numbers, tuple(sorted(formats.items()))])

    def lines(self, *, blank: bool = False) -> int:
        """What shares of a file are shares of: its records, broken ones too, and *blank* lines for a rule that speaks of them."""
        return self.records + self.rejected + self.blank * blank

    @property
    def tokens(self) -> int:
        """About 1.5 Chinese characters, or 0.75 English words of 5.7 characters, are a token."""
        return round(self.wide / 1.5 + (self.characters - self.wide) / 4.3)


class Run(NamedTuple):
    """What `Rule.finish` may ask for."""

    files: list[File]
    counts: list[Counts]
    """Of each file."""
    records: Records
    """Records by id, read again."""
    learned: Mapping[type, Any]
    map: Callable[..., Iterator[Any]]
    """`run.map(self.confirm, items)`: calls the rule's method with `(records, item)` in the workers, in order."""

    def file(self, id: int) -> File:
        """The file that the record *id* stands in."""
        return self.files[id >> SHIFT]

    def split(self, id: int) -> str:
        return self.files[id >> SHIFT].split
