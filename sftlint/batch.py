"""The records of one chunk, readable one by one or as columns of texts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any, NamedTuple
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from sftlint.pattern import Pattern, Scanners
from sftlint.record import Layout, Record, Rejected
from sftlint.texts.facts import INVISIBLE


class Place(NamedTuple):
    """Where a finding is: a record, and if known the value in it, and the characters in that value.

    `record` is an id. `pointer` None means the raw line. `start` None means the whole value or line; otherwise
    `start` and `stop` count code points of the string at `pointer`, or of the raw line.
    """

    record: int
    pointer: str | None = None
    start: int | None = None
    stop: int | None = None
    text: str = ""


class Column:
    """One kind of text of all records of a batch, in reading order."""

    def __init__(self, batch: Batch, records: Sequence[Record], choose: Callable[[Layout], Sequence[int]] | None = None) -> None:
        self._of, self._records = ref(batch), records  # no cycle: a batch goes as soon as it is judged
        self._whole = choose is None
        self._choose = choose or attrgetter("texts")

    @property
    def _batch(self) -> Batch:
        batch = self._of()
        assert batch is not None
        return batch

    @cached_property
    def strings(self) -> list[str]:
        """The texts themselves."""
        if self._whole:
            return list(chain.from_iterable(map(attrgetter("texts"), self._records)))
        return [record.texts[i] for record in self._records for i in self._choose(record.layout)]

    @cached_property
    def indices(self) -> NDArray[np.int64]:
        """Which of all texts of the batch each string is."""
        if self._whole:
            return np.arange(len(self.strings))
        texts, choose = self._batch.texts, self._choose
        firsts = np.array(texts._firsts, np.int64)
        if len(texts._records) != len(self._records):  # some are faulty
            firsts = firsts[:-1][[record.sound for record in texts._records]]
        chosen = [choose(record.layout) for record in self._records]
        within = np.fromiter(chain.from_iterable(chosen), np.int64)
        return np.repeat(firsts[: len(chosen)], np.fromiter(map(len, chosen), np.int64, len(chosen))) + within

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of each string."""
        if not self._whole:
            return self._batch.texts.lengths[self.indices]
        return np.fromiter(map(len, self.strings), np.int64, len(self.strings))

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Bytes of each string in UTF-8: as many as characters where it is ASCII, about three times as many in Chinese."""
        if not self._whole:
            return self._batch.texts.sizes[self.indices]
        return np.fromiter(map(len, self.encoded), np.int64, len(self.encoded))

    @cached_property
    def encoded(self) -> list[bytes]:
        """The strings in UTF-8. A lone surrogate becomes a question mark."""
        if not self._whole:
            encoded = self._batch.texts.encoded
            return [encoded[i] for i in self.indices.tolist()]
        try:
            return list(map(str.encode, self.strings))
        except UnicodeEncodeError:
            return [string.encode("utf-8", "replace") for string in self.strings]

    @cached_property
    def joined(self) -> bytes:
        """The encoded strings, a line break behind each."""
        return b"\n".join([*self.encoded, b""])

    @cached_property
    def stops(self) -> NDArray[np.int64]:
        """Where each string ends among `joined`, its line break included."""
        return np.cumsum(self.sizes + 1)

    @cached_property
    def _firsts(self) -> list[int]:
        if self._whole:
            return list(accumulate(map(len, map(attrgetter("texts"), self._records)), initial=0))
        return list(accumulate(map(len, map(self._choose, map(attrgetter("layout"), self._records))), initial=0))

    def owner(self, index: int) -> tuple[Record, int]:
        """The record of the string *index*, and which of its texts it is."""
        record = bisect_right(self._firsts, index) - 1
        return self._records[record], self._choose(self._records[record].layout)[index - self._firsts[record]]

    def place(self, index: int, start: int | None = None, stop: int | None = None) -> Place:
        """The string *index*, or its characters from *start* to *stop*."""
        record, part = self.owner(index)
        return place(record, part, start, stop)

    def __iter__(self) -> Iterator[tuple[Record, int, str]]:
        """Every string with its record and its number among the record's texts."""
        for record in self._records:
            for part in self._choose(record.layout):
                yield record, part, record.texts[part]

    def blank(self) -> Iterator[tuple[Record, int]]:
        """The strings that hold nothing visible, each as its record and its number among the record's texts."""
        for record, part in self._batch.blanks:
            if self._whole or (record.sound and part in self._choose(record.layout)):
                yield record, part

    def holding(self, pattern: Pattern) -> Iterator[tuple[Record, int, str]]:
        """The strings that may hold *pattern*, as the scanner proposes them."""
        for record, part in self._batch.holding(pattern):
            if self._whole or (record.sound and part in self._choose(record.layout)):
                yield record, part, record.texts[part]

    def find(self, pattern: Pattern) -> Iterator[Place]:
        """Every match of *pattern*, which is an attribute of a rule of this run."""
        for record, part, text in self.holding(pattern):
            for match in pattern.regex.finditer(text):
                yield place(record, part, *match.span())


def place(record: Record, part: int, start: int | None = None, stop: int | None = None) -> Place:
    """The text *part* of *record*, or its characters from *start* to *stop*."""
    text = record.text(part)
    if start is None:
        start, stop = (0, len(text.text)) if record.layout.starts else (None, None)
        quote = text.text[:QUOTE]
    else:
        quote = text.text[start:stop][:QUOTE]
    if start is None or stop is None:
        return Place(record.id, text.pointer, None, None, quote)
    return Place(record.id, text.pointer, start + text.start, stop + text.start, quote)


QUOTE = 80  # characters of a text that a finding may carry


#: For each byte whether the UTF-8 of an invisible character may begin with it; a line break does.
_UNSEEN = np.array([*map({character.encode()[0] for character in INVISIBLE}.__contains__, range(256))])


class Batch:
    """The records of one chunk, in reading order.

    records: those with a format, sound or faulty.  rejected: the lines that hold no record.
    uncommon: of the records those that are more or less than a list of texts in `context` and a text in `target`.
    learned: what was learned from the Sample, by type.
    """

    def __init__(
        self,
        records: list[Record],
        uncommon: list[Record],
        rejected: list[Rejected],
        scanners: Scanners,
        learned: Mapping[type, Any] | None = None,
    ) -> None:
        self.records, self.uncommon, self.rejected, self.learned = records, uncommon, rejected, learned or {}
        self._scanners = scanners

    def __iter__(self) -> Iterator[Record]:
        """The sound records."""
        return iter(self.sound)

    @cached_property
    def sound(self) -> list[Record]:
        """The records in which all has the right type and role."""
        return [record for record in self.records if record.sound] if self.faulty else self.records

    @cached_property
    def faulty(self) -> list[Record]:
        """The others."""
        return [record for record in self.uncommon if not record.sound]

    @cached_property
    def texts(self) -> Column:
        """Every text of every record, faulty ones too."""
        return Column(self, self.records)

    @cached_property
    def questions(self) -> Column:
        """The last question of each sound record."""
        return Column(self, self.sound, attrgetter("question"))

    @cached_property
    def prompts(self) -> Column:
        """The last question and the system prompt of each sound record."""
        return Column(self, self.sound, attrgetter("instructions"))

    @cached_property
    def answers(self) -> Column:
        """Every answer that is trained, of each sound record."""
        return Column(self, self.sound, attrgetter("answers"))

    @cached_property
    def targets(self) -> Column:
        """The last answer of each sound record."""
        return Column(self, self.sound, attrgetter("target"))

    @cached_property
    def blanks(self) -> list[tuple[Record, int]]:
        """The texts that hold nothing visible."""
        texts = self.texts
        first = np.frombuffer(texts.joined, np.uint8)[texts.stops - texts.sizes - 1]
        maybe = np.flatnonzero(_UNSEEN[first]).tolist()
        return [texts.owner(i) for i in maybe if not texts.strings[i].strip(INVISIBLE)]

    @cached_property
    def _hits(self) -> dict[Pattern, list[int]]:
        return self._scanners.texts.scan(self.texts)

    @cached_property
    def _hits_of_prompts(self) -> dict[Pattern, list[int]]:
        return self._scanners.prompts.scan(self.prompts)

    def holding(self, pattern: Pattern) -> Iterator[tuple[Record, int]]:
        """The texts that may hold *pattern*."""
        if pattern not in self._scanners:
            raise LookupError(
                f"{pattern!r} is no attribute of a selected rule, nor in `patterns` of what is learned, so nothing has looked for it"
            )
        column, hits = (self.prompts, self._hits_of_prompts) if pattern.prompts else (self.texts, self._hits)
        for index in hits.get(pattern, ()):
            yield column.owner(index)
