"""What is kept of each record to find near duplicates of it, and the pairs that this proposes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Any, NamedTuple, Self
from weakref import WeakKeyDictionary

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint.batch import Batch
from sftlint.errors import Error
from sftlint.matching.hashing import GOLDEN32
from sftlint.matching.minhash import Signatures, estimate, minhash
from sftlint.matching.shingles import GAP, Boilerplate, Bounds, Hashes, Heads, heads_of, said
from sftlint.record import Record


class Sketches:
    """What a dataset rule keeps of each record to find others like it: a Summary of about a hundred bytes a record.

    ids: int64, the records, in reading order once merged.  keys: uint64, equal for records that are the same.
    prompts, targets: uint8 (PROMPT, records) and (TARGET, records), signatures of the two sides.
    """

    def __init__(self, ids: NDArray[np.int64], keys: Hashes, prompts: Signatures, targets: Signatures) -> None:
        self.ids, self.keys, self.prompts, self.targets = ids, keys, prompts, targets

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        """All in one, in reading order. The parts are emptied on the way, so that no signature is held twice."""
        order = np.argsort([int(part.ids[0]) if len(part) else -1 for part in parts], kind="stable")
        parts = [parts[i] for i in order.tolist()]
        columns = [[part.__dict__.pop(name) for part in parts] for name in cls._COLUMNS]
        made = cls(*map(_joined, columns))
        if (made.ids[1:] <= made.ids[:-1]).any():  # parts of one another's chunks
            made = made.take(np.argsort(made.ids))
        return made

    _COLUMNS = ("ids", "keys", "prompts", "targets")

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        return sum(getattr(self, name).nbytes for name in self._COLUMNS)

    def take(self, rows: Any) -> Self:
        """The records that a mask, slice or index array names."""
        return type(self)(*(getattr(self, name)[..., rows] for name in self._COLUMNS))

    def by_split(self, files: Sequence[Any]) -> tuple[Self, ...]:
        """The records of the training files of a run, and those of its evaluation files. The former are what is left of this."""
        evaluated = np.array([file.split == "evaluation" for file in files], bool)[self.ids >> 40]
        if not evaluated.any():
            return (self,)
        evaluation = self.take(evaluated)
        return self._keep(~evaluated), evaluation

    def distinct(self) -> Self:
        """Of records with the same key only the first. The others are gone from this one, too."""
        order = np.argsort(self.keys, kind="stable")
        keys = self.keys[order]
        first = np.ones(len(self), bool)
        first[order[1:]] = keys[1:] != keys[:-1]
        return self if first.all() else self._keep(first)

    def _keep(self, kept: NDArray[np.bool_]) -> Self:
        """This without the other records, row for row in place: all sketches are the largest thing that a run holds."""
        count = np.count_nonzero(kept)
        for name in self._COLUMNS:
            column = getattr(self, name)
            for row in np.atleast_2d(column):
                row[:count] = row[kept]
            setattr(self, name, column[..., :count])
        return self


def sketched(batch: Batch) -> Sketches | None:
    """The sketches of the records of *batch* that have an answer and whose prompts are more than boilerplate.

    Of a long question and answer the beginning and the end count, and of a history what was said first and last: this is to
    propose pairs, and who measures them reads all."""
    heads, bounds, held = spoken(batch)
    if not held:
        return None
    half = len(held)
    prompts = heads[: bounds[half]]
    boilerplate = batch.learned[Boilerplate]
    if boilerplate.any:
        prompts = prompts * ~boilerplate.marks(prompts, bounds[: half + 1])
    ids = np.fromiter(map(attrgetter("id"), held), np.int64, half)
    keys = np.fromiter(map(xxhash.xxh3_64_intdigest, map(attrgetter("raw"), held)), np.uint64, half)
    signatures = minhash(prompts, bounds[: half + 1], 6)
    made = Sketches(ids, keys, signatures, minhash(heads[bounds[half] :], bounds[half:] - bounds[half], 5))
    empty = signatures[0] == 0
    return made.take(~empty) if empty.any() else made


def spoken(batch: Batch) -> tuple[Heads, Bounds, list[Record]]:
    """The shingles of the prompts of *batch*, then of the answers, as `heads_of` has them; and whose they are. Made once for all rules."""
    made = _made.get(batch)
    if made is None:
        asked, given, held = _spoken(batch)
        made = _made[batch] = (*heads_of(asked + given), held)
    return made


_made: WeakKeyDictionary[Batch, tuple[Heads, Bounds, list[Record]]] = WeakKeyDictionary()


def _spoken(batch: Batch) -> tuple[list[bytes], list[bytes], list[Record]]:
    """What of each prompt and each answer is sketched, and whose they are."""
    encoded, records = batch.texts.encoded, batch.records
    counts = list(map(len, map(attrgetter("texts"), records)))
    ends = list(accumulate(counts))
    if len(encoded) < 2:
        return [], [], []
    # As if every record were turns with the answer at the end; there are hardly any others.
    asked = [text if len(text := encoded[end - 2]) <= QUESTION else _ends(text) for end in ends]
    given = [encoded[end - 1][:ANSWER] for end in ends]
    for i, count in enumerate(counts):
        if count > 2:
            asked[i] = encoded[ends[i] - 3][:HISTORY] + GAP + asked[i]
    others = [i for i, layout in enumerate(map(attrgetter("layout"), records)) if not layout.common]
    for i in others:
        if records[i].sound and records[i].layout.target:
            prompt, target = ([text.encode("utf-8", "replace") for text in side] for side in said(records[i]))
            asked[i] = GAP.join([*(text[:HISTORY] for text in prompt[-2:-1]), *map(_ends, prompt[-1:])])
            given[i] = b"\n".join(target)[:ANSWER]
        else:
            counts[i] = 0
    if others and 0 in counts:
        held = [i for i, count in enumerate(counts) if count]
        return [asked[i] for i in held], [given[i] for i in held], [records[i] for i in held]
    return asked, given, records


QUESTION, HISTORY, ANSWER = 384, 96, 128  # bytes: what a sketch knows of each


def _ends(text: bytes) -> bytes:
    """Of a long question two thirds from its beginning, where mostly the instruction stands, and one from its end."""
    return text if len(text) <= QUESTION else text[: QUESTION * 2 // 3] + text[-QUESTION // 3 :]


def _joined(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """*columns* one after the other; the list is emptied as they are copied."""
    joined = np.empty((*columns[0].shape[:-1], sum(column.shape[-1] for column in columns)), columns[0].dtype)
    stop = joined.shape[-1]
    while columns:
        column = columns.pop()
        start = stop - column.shape[-1]
        joined[..., start:stop] = column
        stop = start
    return joined


PROMPT, TARGET = 64, 32  # minima of a signature: bits 6 and 5
BANDS, ROWS = 32, 3  # every minimum of a prompt stands in one band or two; see `banding`


def banding(threshold: float, usual: float) -> tuple[int, int]:
    """How many bands, and how many minima of a prompt in each.

    The default finds all but one in 10,000 of the pairs whose prompts are 0.7 alike, and one in 1,000 at 0.6, if the answers
    are the same.
    For another threshold datasketch chooses, told that a pair missed is nine times as bad as one proposed for nothing."""
    if threshold == usual:
        return BANDS, ROWS
    try:
        from datasketch import MinHashLSH  # type: ignore[import-untyped]
    except ImportError:
        raise Error(
            "another threshold of near-duplicate needs datasketch: pip install 'sftlint[datasketch]'",
            zh="near-duplicate 使用其他阈值需要 datasketch：pip install 'sftlint[datasketch]'",
        ) from None

    chosen = MinHashLSH(threshold=min(threshold, 0.9), num_perm=PROMPT - 1, weights=(0.1, 0.9))
    return int(chosen.b), int(chosen.r)


class Pairs(NamedTuple):
    """Rows of records that may be alike, sorted by the later one; the likeliest earlier one stands first."""

    later: NDArray[np.int64]
    earlier: NDArray[np.int64]

    def rank(self) -> NDArray[np.int64]:
        """The how-manieth of its later row each pair is, from 0 on."""
        starts = np.flatnonzero(np.append(True, self.later[1:] != self.later[:-1])[: len(self.later)])
        return np.arange(len(self.later)) - np.repeat(starts, np.diff(np.append(starts, len(self.later))))

    def rounds(self) -> Iterator[Pairs]:
        """Each later row with its likeliest earlier one, then each with its second, and so on."""
        rank = self.rank()
        for number in range(int(rank.max(initial=-1)) + 1):
            yield Pairs(self.later[rank == number], self.earlier[rank == number])


def candidates(held: Sketches, bands: tuple[int, int], prompts: float, targets: float) -> Pairs:
    """Pairs of *held* that agree in a band: some minima of the prompt and one of the target. Dialogues that share a
    history, and answers to one prompt, meet seldom that way.

    Kept are those whose estimated similarity is not far below *prompts* and *targets*, for each later record the
    MOST likely. Time and memory are linear: in a bucket of more than CROWD records each is paired with the one before it
    and the first only.
    """
    likeliest = _Likeliest(len(held))
    rows = np.arange(len(held), dtype=np.uint32)
    least = LEAST * prompts, LEAST * targets, LEAST_BOTH * (prompts + targets)
    number, height = bands
    for band in range(number):
        keys = np.zeros(len(held), np.uint32)
        for signature in (*(held.prompts[_ORDER[band + place * number]] for place in range(height)), held.targets[band % TARGET]):
            keys *= GOLDEN32
            keys += signature
            keys ^= keys >> np.uint32(15)
        filed = keys.astype(np.uint64)
        filed <<= np.uint64(32)
        filed |= rows
        for found in _slices(_bucketed(filed)):
            pairs = likeliest.other(found)
            given = estimate(held.targets, *_unpacked(pairs))
            pairs, given = pairs[given >= least[1]], given[given >= least[1]]  # most pairs end here
            asked = estimate(held.prompts, *_unpacked(pairs))
            likely = asked + given
            near = (asked >= least[0]) & (likely >= least[2])
            likeliest.add(pairs[near], likely[near])
        likeliest.merge()
    return likeliest.pairs()


class _Likeliest:
    """Pairs as `later << 32 | earlier`, each once, and how likely they are: for each later row the MOST likeliest.

    They are weeded out on the way, since in a set of near copies each record meets a hundred others."""

    def __init__(self, rows: int) -> None:
        self._room = (MOST + 2) * rows
        self._pairs, self._likely = np.empty(0, np.uint64), np.empty(0)
        self._new: list[tuple[Hashes, NDArray[np.float64]]] = []

    def other(self, found: Hashes) -> Hashes:
        """Those of *found* that are not among the pairs merged before."""
        if not len(self._pairs):
            return found
        at = np.minimum(np.searchsorted(self._pairs, found), len(self._pairs) - 1)
        others: Hashes = found[self._pairs[at] != found]
        return others

    def add(self, pairs: Hashes, likely: NDArray[np.float64]) -> None:
        """Take *pairs* of one band, each of them new. They are merged when there are many, or by `merge`."""
        if len(pairs):
            self._new.append((pairs, likely))
            if sum(len(pairs) for pairs, _ in self._new) > self._room // 8:
                self.merge()

    def merge(self) -> None:
        if not self._new:
            return
        pairs, likely = (np.concatenate(column) for column in zip(*self._new, strict=True))
        self._new = []
        order = np.argsort(pairs)
        at = np.searchsorted(self._pairs, pairs[order])
        self._pairs = np.insert(self._pairs, at, pairs[order])
        self._likely = np.insert(self._likely, at, likely[order])
        if len(self._pairs) > self._room:
            kept = np.zeros(len(self._pairs), bool)
            for first, order in self._ranked():
                kept[first + order] = True
            self._pairs, self._likely = self._pairs[kept], self._likely[kept]

    def _ranked(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Slices of the pairs: where each begins, and the places in it of the MOST likeliest of each later row, those first."""
        start = 0
        while start < len(self._pairs):
            stop = min(start + _SLICE, len(self._pairs))
            last = self._pairs[stop - 1] >> np.uint64(32) << np.uint64(32) | _ROW
            stop = int(np.searchsorted(self._pairs, last, "right"))  # all pairs of a row
            later = self._pairs[start:stop] >> np.uint64(32)
            order = np.lexsort((-self._likely[start:stop], later))  # of equally likely ones the earliest first
            yield start, order[Pairs(later[order].astype(np.int64), order).rank() < MOST]
            start = stop

    def pairs(self) -> Pairs:
        chosen = np.concatenate([np.empty(0, np.uint64), *(self._pairs[first + order] for first, order in self._ranked())])
        return Pairs(*_unpacked(chosen))


#: Neighbouring bins of a short text hold one minimum, so a band takes bins from everywhere. Two permutations of all bins.
_ORDER = [bin - 1 for root in (3, 5) for bin in (pow(root, power, 257) for power in range(256)) if bin <= PROMPT]
CROWD = 8  # records of a bucket that are paired each with each
MOST = 4  # earlier records that one is measured against at most
LEAST = 0.5  # of a threshold, that each estimate must reach: those of short texts are off by 0.15 now and then
LEAST_BOTH = 0.7  # of both thresholds, that both estimates must reach together
_SLICE = 1 << 16
_ROW = np.uint64(0xFFFFFFFF)


def _bucketed(filed: Hashes) -> Iterator[Hashes]:
    """Pairs of rows that stand under one key, each as `later << 32 | earlier`. *filed* is `key << 32 | row`."""
    filed.sort()
    keys = (filed >> np.uint64(32)).astype(np.uint32)
    shared = np.zeros(len(keys), bool)
    shared[:-1] = keys[1:] == keys[:-1]
    shared[1:] |= shared[:-1]
    crowd = np.flatnonzero(shared)
    if not len(crowd):
        return
    keys, rows = keys[crowd], filed[crowd] & _ROW  # few: of most keys there is one record
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    sizes = np.diff(np.append(starts, len(keys)))
    place = np.arange(len(keys)) - np.repeat(starts, sizes)
    crowded = np.repeat(sizes > CROWD, sizes)
    for step in range(1, CROWD):
        ends = np.flatnonzero((place >= step) & ~crowded if step > 1 else place >= step)
        yield rows[ends] << np.uint64(32) | rows[ends - step]
    far = np.flatnonzero(crowded & (place > 1))
    yield rows[far] << np.uint64(32) | np.repeat(rows[starts], sizes)[far]


def _slices(parts: Iterator[Hashes]) -> Iterator[Hashes]:
    """*parts* in slices of _SLICE pairs or fewer, small ones together: to estimate them has a price for each call."""
    held: list[Hashes] = []
    for part in parts:
        for start in range(0, len(part), _SLICE):
            piece = part[start : start + _SLICE]
            if sum(map(len, held)) + len(piece) > _SLICE:
                yield np.concatenate(held)
                held = []
            held.append(piece)
    if held:
        yield np.concatenate(held)


def _unpacked(pairs: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & _ROW).astype(np.int64)
