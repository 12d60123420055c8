"""What tells records apart: 64-bit keys of their prompts and answers, made for a whole batch at once.

Two texts are the same when they are so without surrounding blanks. Thoughts, tool calls and addresses of pictures are no part
of what is said: a history mostly leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint.batch import Batch
from sftlint.record import ASSISTANT, SYSTEM, USER, Layout, Record
from sftlint.texts.courtesy import letters_without_courtesy
from sftlint.texts.folding import fold, letters

Column = NDArray[np.uint64]


class _Shape(NamedTuple):
    """Of a layout: the texts before the answer and those of the answer, with the multiplier of each."""

    before: NDArray[np.int64]
    asked: NDArray[np.bool_]
    """Whether one of the former is the last before an answer."""
    odds: Column
    opening: tuple[int, int, int]
    """Which of the former the first question begins and ends with, and the second question ends with; 0 where there is none."""
    answer: NDArray[np.int64]
    answer_odds: Column


class Histories(NamedTuple):
    """The beginnings of records up to a question that the history answers; of each record the longest 16, shortest first.

    counts: uint8, how many each record has.  prompts, answers: keys of each, as those of whole records.
    """

    counts: NDArray[np.uint8]
    prompts: Column
    answers: Column


LONGEST = 16
BEGINNING = 96  # bytes of an answer


class Keys:
    """Keys of the sound records of a batch that have an answer, in reading order.

    Two keys are equal where the texts, their order and their speakers are, whatever the format.
    """

    def __init__(self, batch: Batch) -> None:
        self.records = batch.sound
        layouts = list(map(attrgetter("layout"), self.records))
        if not all(layout.target for layout in set(layouts)):
            self.records = [record for record in batch.sound if record.layout.target]
            layouts = list(map(attrgetter("layout"), self.records))
        numbers = {layout: number for number, layout in enumerate(dict.fromkeys(layouts))}
        self._shapes = [shape_of(layout) for layout in numbers]
        self._shape = np.fromiter(map(numbers.__getitem__, layouts), np.int64, len(layouts))
        self._strings, self._encoded = batch.texts.strings, batch.texts.encoded
        digest = xxhash.xxh3_64_intdigest
        self._hashes = np.fromiter(map(digest, map(bytes.strip, self._encoded)), np.uint64, len(self._encoded))
        sizes = np.fromiter(map(len, map(attrgetter("texts"), batch.records)), np.int64, len(batch.records))
        starts = np.cumsum(sizes) - sizes
        everyone = np.fromiter(map(attrgetter("id"), batch.records), np.int64, len(batch.records))
        #: int64: their ids.
        self.ids = np.fromiter(map(attrgetter("id"), self.records), np.int64, len(self.records))
        mine = np.searchsorted(everyone, self.ids)
        self._firsts, self._stops = starts[mine], (starts + sizes)[mine]
        unusual = np.array([one.id for one in batch.uncommon if one.sound and one.layout.target and _unusual(one)], np.int64)
        self._unusual = np.searchsorted(self.ids, unusual).tolist()
        for row in self._unusual:
            if self.records[row].lenient:
                for i, text in enumerate(self.records[row].texts):  # what cannot be encoded must not look the same
                    self._hashes[self._firsts[row] + i] = digest(text.encode("utf-8", "surrogatepass").strip())

    @cached_property
    def _before(self) -> tuple[NDArray[np.int64], Column]:
        """Where the texts before each answer begin and end among those of all, and running sums over their hashes."""
        return self._sums(attrgetter("before"), attrgetter("odds"))

    @cached_property
    def prompts(self) -> Column:
        """Everything before the answer: system prompt, history, last question."""
        bounds, sums = self._before
        return mixed(sums[bounds[1:]] - sums[bounds[:-1]])

    @cached_property
    def targets(self) -> Column:
        """The last answer."""
        bounds, sums = self._sums(attrgetter("answer"), attrgetter("answer_odds"))
        return mixed(sums[bounds[1:]] - sums[bounds[:-1]])

    @cached_property
    def _asked(self) -> list[bytes]:
        """The letters and digits of the last question, small."""
        held = letters(self._joined("question"))
        for i in [i for i, text in enumerate(held) if len(text) < 8]:  # too little to tell by: no letters, or Cyrillic ones
            record = self.records[i]
            held[i] += "\n".join(fold(record.texts[k]) for k in record.layout.question).encode("utf-8", "replace")
        return held

    @cached_property
    def questions(self) -> Column:
        """The letters and digits of the last question, small: equal where the folded questions are, and seldom else."""
        return np.fromiter(map(xxhash.xxh3_64_intdigest, self._asked), np.uint64, len(self.records))

    @cached_property
    def matters(self) -> Column:
        """The same of what is asked, without greetings and thanks."""
        return np.fromiter(map(xxhash.xxh3_64_intdigest, letters_without_courtesy(self._asked)), np.uint64, len(self.records))

    @cached_property
    def beginnings(self) -> Column:
        """The same of what the answer begins with."""
        begun = letters([answer[:BEGINNING] for answer in self._joined("target")])
        # Blanks decide which letters are the last of a text that was cut.
        cut = [held[: BEGINNING // 4] for held in begun]
        return np.fromiter(map(xxhash.xxh3_64_intdigest, cut), np.uint64, len(self.records))

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of the last answer, surrounding blanks among them."""
        sizes = np.fromiter(map(len, self._strings), np.int64, len(self._strings))
        parts, counts = self._each(attrgetter("answer"))
        if not len(counts):
            return counts
        parts = parts + np.repeat(self._firsts, counts)
        total: NDArray[np.int64] = np.add.reduceat(sizes[parts], np.cumsum(counts) - counts)
        return total

    def _joined(self, part: str) -> list[bytes]:
        """The last question or answer of each record, in UTF-8; several texts of it one after the other."""
        encoded = self._encoded
        last = self._stops - {"question": 2, "target": 1}[part]  # where they stand in all but a few records
        held = list(map(encoded.__getitem__, last.tolist()))
        for row in self._unusual:
            first, chosen = int(self._firsts[row]), getattr(self.records[row].layout, part)
            held[row] = b"\xfe".join([encoded[first + i] for i in chosen])
        return held

    @cached_property
    def openings(self) -> Column:
        """The first question, its answer and the second question; 0 where there is no second."""
        return self._spans(2)

    @cached_property
    def firsts(self) -> Column:
        """The first question; 0 where there is none."""
        return self._spans(1)

    def _spans(self, stop: int) -> Column:
        bounds, sums = self._before
        spans = np.array([shape.opening for shape in self._shapes], np.int64).reshape(-1, 3)[self._shape]
        spans, some = spans + bounds[:-1, None], spans[:, stop] > 0
        return np.where(some, mixed(sums[spans[:, stop]] - sums[spans[:, 0]]), np.uint64(0))

    @cached_property
    def histories(self) -> Histories:
        """What earlier records would be, had each dialogue been expanded into one record for every answer."""
        bounds, sums = self._before
        if np.diff(bounds).max(initial=0) < 3:  # nobody has a history
            return Histories(np.zeros(len(self.ids), np.uint8), sums[:0], sums[:0])
        parts, asked = self._each(attrgetter("before"))[0], self._each(attrgetter("asked"))[0]
        texts = parts + np.repeat(self._firsts, np.diff(bounds))
        ends = np.flatnonzero(asked)
        owners = np.searchsorted(bounds, ends, "right") - 1
        counts = np.bincount(owners, minlength=len(self.ids))
        longest = np.cumsum(counts)[owners] - np.arange(len(ends)) <= LONGEST
        ends, owners = ends[longest], owners[longest]
        answers = self._hashes[texts[ends + 1]]
        return Histories(
            np.minimum(counts, LONGEST).astype(np.uint8),
            mixed(sums[ends + 1] - sums[bounds[owners]]),
            mixed((answers ^ (answers >> np.uint64(29))) * _odds([ASSISTANT])[0]),
        )

    def _each(self, column: Callable[[_Shape], NDArray[Any]]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """A column of the shape of every record, one after the other, and how long each is."""
        held = [column(shape) for shape in self._shapes]
        if not held:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        sizes = np.fromiter(map(len, held), np.int64, len(held))
        counts = sizes[self._shape]
        ends = np.cumsum(counts)
        rows = np.repeat((np.cumsum(sizes) - sizes)[self._shape] - (ends - counts), counts) + np.arange(int(ends[-1]))
        return np.concatenate(held)[rows], counts

    def _sums(
        self, texts: Callable[[_Shape], NDArray[np.int64]], odds: Callable[[_Shape], Column]
    ) -> tuple[NDArray[np.int64], Column]:
        parts, counts = self._each(texts)
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        if not bounds[-1]:
            return bounds, np.zeros(1, np.uint64)
        hashes = self._hashes[parts + np.repeat(self._firsts, counts)]
        sums = np.cumsum((hashes ^ (hashes >> np.uint64(29))) * self._each(odds)[0], dtype=np.uint64)
        return bounds, np.concatenate([np.zeros(1, np.uint64), sums])


def _unusual(record: Record) -> bool:
    """Whether its last two texts are not its last question and answer, or it cannot be encoded as it is."""
    layout, count = record.layout, len(record.texts)
    return record.lenient or layout.question != (count - 2,) or layout.target != (count - 1,)


def keys_of(batch: Batch) -> Keys:
    """The keys of *batch*, made once for all rules."""
    made = _made.get(batch)
    if made is None:
        made = _made[batch] = Keys(batch)
    return made


_made: WeakKeyDictionary[Batch, Keys] = WeakKeyDictionary()


def key_of(turns: Sequence[tuple[str, str]]) -> int:
    """The key of a prompt, given as the role and the text of each of its turns."""
    digest, total = xxhash.xxh3_64_intdigest, 0
    for odd, (_, text) in zip(_odds([role for role, _ in turns]).tolist(), turns, strict=True):
        hashed = digest(text.encode("utf-8", "surrogatepass").strip())
        total += (hashed ^ (hashed >> 29)) * odd
    return int(mixed(np.array([total & (1 << 64) - 1], np.uint64))[0])


@lru_cache(4096)
def shape_of(layout: Layout) -> _Shape:
    """The part that each text of *layout* has."""
    answer = list(layout.target)
    last = layout.turns[answer[0]] if answer else -1
    before = [i for i in layout.texts if i not in layout.asides and layout.turns[i] < last]
    roles = [layout.roles[layout.turns[i]] for i in before]
    asked = [role != ASSISTANT == following for role, following in zip(roles, [*roles[1:], ""], strict=False)]
    begin = next((k for k, role in enumerate(roles) if role != SYSTEM), 0)
    asks = [k for k, role in enumerate(roles) if role == USER and roles[k + 1 : k + 2] != [USER]]
    first = asks[0] + 1 if asks else 0
    answered = roles.index(ASSISTANT) if ASSISTANT in roles else len(roles)
    second = next((k + 1 for k in asks if k > answered), 0)
    return _Shape(
        np.array(before, np.int64), np.array(asked, bool), _odds(roles), (begin, first, second),
        np.array(answer, np.int64), _odds([ASSISTANT] * len(answer)),
    )  # fmt: skip


def _odds(roles: list[str]) -> Column:
    """An odd multiplier for each text, which tells its number and its speaker."""
    names = [xxhash.xxh3_64_intdigest(f"{number} {role}".encode("utf-8", "replace")) | 1 for number, role in enumerate(roles)]
    return np.array(names, np.uint64)


def paired(first: Column, second: Column) -> Column:
    """A key of each two keys, in this order."""
    return mixed(first * np.uint64(0x9E3779B97F4A7C15) + second)


def mixed(sums: Any) -> Column:
    """*sums* with every bit made to depend on every other: the finalizer of MurmurHash3 (Appleby, 2011)."""
    sums = (sums ^ (sums >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    sums = (sums ^ (sums >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    column: Column = sums ^ (sums >> np.uint64(33))
    return column
