"""The Sample, and what is learned from it before any record is judged.

The Sample is the up to 50,000 distinct training lines with the smallest xxh3: a bottom-k sketch, so it depends on no
chunk size, order or engine. See Cohen and Kaplan, "Summarizing data using bottom-k sketches", 2007.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint.batch import Batch
from sftlint.pattern import Pattern
from sftlint.source import SHIFT, Chunk, read
from sftlint.summary import Tally

SAMPLE = 50_000
_BLANK = np.uint64(xxhash.xxh3_64_intdigest(b"\n"))


class Sample(NamedTuple):
    """Hashes (uint64, distinct, ascending) and ids (int64) of the sampled lines, and how many lines there were."""

    hashes: NDArray[np.uint64]
    ids: NDArray[np.int64]
    lines: int

    @classmethod
    def of(cls, chunk: Chunk) -> Self:
        """The sample of one chunk."""
        lines = read(chunk, ends=True)
        hashes = np.fromiter(map(xxhash.xxh3_64_intdigest, lines.raws), np.uint64, len(lines.raws))
        ids = np.fromiter(lines.starts, np.int64, len(lines.starts)) + (chunk.file.number << SHIFT)
        full = hashes != _BLANK
        return cls(*_smallest(hashes[full], ids[full]), int(full.sum()))

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        hashes = np.concatenate([part.hashes for part in parts] or [np.empty(0, np.uint64)])
        ids = np.concatenate([part.ids for part in parts] or [np.empty(0, np.int64)])
        return cls(*_smallest(hashes, ids), sum(part.lines for part in parts))

    @property
    def whole(self) -> bool:
        """Whether every distinct line is in it."""
        return len(self.ids) < SAMPLE

    def part(self, things: Iterable[Any]) -> int:
        """From how many records *things* are learned, at most; 0 where that is every distinct one."""
        taken = min(len(self.ids), max(thing.size for thing in things))
        return taken if taken < len(self.ids) or not self.whole else 0


def _smallest(hashes: NDArray[np.uint64], ids: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    order = np.lexsort((ids, hashes))
    hashes, ids = hashes[order], ids[order]
    first = np.ones(len(hashes), bool)
    first[1:] = hashes[1:] != hashes[:-1]
    return hashes[first][:SAMPLE], ids[first][:SAMPLE]


class Learned:
    """Something learned once and shared by rules: made from summaries of the Sample's records."""

    size: ClassVar[int] = SAMPLE
    """How many records it is learned from: those of the Sample with the smallest hashes."""
    patterns: ClassVar[tuple[Pattern, ...]] = ()
    """What `summarise` asks the columns for; no other pattern is scanned for."""

    @classmethod
    def summarise(cls, batch: Batch) -> Any:
        """What some of the sampled records leave behind: a Summary."""
        raise NotImplementedError

    @classmethod
    def learn(cls, summary: Any, sample: Sample) -> Self:
        """The learned thing, from the merged summary. *summary* is None where the Sample is empty."""
        raise NotImplementedError


class Answers(Learned):
    """Short answers and how many sampled records give them: the labels of a dataset are among them."""

    size = 5_000
    LONGEST = 30  # characters

    def __init__(self, counts: dict[str, int], records: int) -> None:
        self.counts, self.records = counts, records

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for record, _, text in batch.targets:
            if len(text) <= cls.LONGEST:
                tally.add(text.strip(), record.id)
        tally.add(None, 0, len(batch.sound))
        return tally

    @classmethod
    def learn(cls, summary: Tally | None, sample: Sample) -> Self:
        counts = {key: count for key, (count, _) in summary.entries.items()} if summary else {}
        records = counts.pop(None, 0)
        return cls({str(key): count for key, count in counts.items() if count >= 3}, records)

    def is_label(self, text: str, closed: float = 0.5) -> bool:
        """Whether *text* is one of a closed set of answers: it occurs three times, in a set where at least the share
        *closed* of all answers are short and occur as often."""
        text = text.strip()
        return text in self.counts and sum(self.counts.values()) >= closed * self.records


class Counted(Learned):
    """Something learned that is a count of sampled records for each key, as `summarise` tallies them."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts

    @classmethod
    def learn(cls, summary: Tally | None, sample: Sample) -> Self:
        return cls({key: count for key, count, _ in summary} if summary else {})


class Languages(Counted):
    """Which languages the answers are in: `{name: records}`, told by script, English from other Latin by its words."""

    size = 1_000

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for record, _, text in batch.targets:
            if name := language_of(text[:200]):
                tally.add(name, record.id)
        return tally


_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30fa]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_ENGLISH = re.compile(r"\b(?:the|of|and|is|are|you|your|that|with|for|this)\b", re.I)
_LATIN = re.compile(r"[A-Za-z]{2}")


def language_of(text: str) -> str:
    """The language of *text* as a code, "und" for Latin letters without English words, "" for no letters."""
    if not text.isascii():
        for code, pattern in _SCRIPTS:
            if pattern.search(text):
                return code
    if _ENGLISH.search(text):
        return "en"
    return "und" if _LATIN.search(text) else ""
