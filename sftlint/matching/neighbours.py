"""Answers that stand beside the wrong question: what they share with their own question, and with those above and below.

Counted are rare shingles: three of them are a phrase of five Chinese characters, or of three English words. Each question has a
row of a table, in which a shingle is filed under ten bits of its hash, with seven more that tell it from others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sftlint.batch import Batch
from sftlint.matching.keys import keys_of
from sftlint.matching.shingles import Boilerplate
from sftlint.matching.sketches import spoken
from sftlint.pattern import Scanners
from sftlint.record import Record
from sftlint.summary import Buckets

ROW = 1024  # places for the shingles of a question
TELLING = 3  # rare shingles in common that show where an answer belongs
SHOWN = 20  # records that show a stretch
#: What an event is: an answer that belongs to the question above or below, the first and the last record of a batch. Several
#: may be true.
ABOVE, BELOW, FIRST, LAST = 1, 2, 4, 8

Numbers = NDArray[np.int64]


class Shared(NamedTuple):
    """Of the records of a batch that have an answer, in reading order: how many rare shingles the answer shares with the
    prompt of its own record, and with the questions of the record above and the record below. 0 with records of the same dialogue."""

    ids: Numbers
    own: Numbers
    above: Numbers
    below: Numbers


def shared(batch: Batch, boilerplate: Boilerplate) -> Shared:
    """What the answers of *batch* share with the questions around them."""
    heads, bounds, held = spoken(batch)
    count = len(held)
    keys = keys_of(batch)
    ids, first = keys.ids, keys.firsts
    if count != len(ids):  # of some nothing is said
        ids = np.fromiter((record.id for record in held), np.int64, count)
        first = first[np.searchsorted(keys.ids, ids)]
    if not count:
        return Shared(ids, ids, ids, ids)
    asked, given = heads[: bounds[count]], heads[bounds[count] :]
    table = np.zeros((count + 2) * ROW, np.uint8)  # nothing is above the first row and below the last
    places = np.repeat(np.arange(ROW, (count + 1) * ROW, ROW), np.diff(bounds[: count + 1]))
    places += asked & _PLACE
    table[places] = _prints(asked)
    owners = np.repeat(np.arange(count), np.diff(bounds[count:]))
    prints, places = _prints(given), owners * ROW
    places += given & _PLACE
    counts = []
    for step in range(3):
        held_by = np.flatnonzero(table[step * ROW :].take(places) == prints)
        rare = held_by[~boilerplate.common(given.take(held_by))]
        counts.append(np.bincount(owners.take(rare), minlength=count))
    above, own, below = counts
    one = first[1:] == first[:-1]
    above[1:][one] = below[:-1][one] = 0
    return Shared(ids, own, above, below)


_PLACE = np.uint32(ROW - 1)


def _prints(heads: NDArray[np.uint32]) -> NDArray[np.uint8]:
    prints = (heads >> np.uint32(10)).astype(np.uint8)
    prints |= np.uint8(1)
    return prints


def events(batch: Batch, boilerplate: Boilerplate) -> Buckets:
    """The records of *batch* of which there is something to say: their ids, what it is, how many records there are from the last
    such row to this one whose answers belong where they stand, and the id of the neighbour that it is about."""
    ids, own, above, below = shared(batch, boilerplate)
    kinds = np.zeros(len(ids), np.uint64)
    if len(ids):
        kinds |= _flags(own, above, below)
        kinds[0] |= np.uint64(FIRST)
        kinds[-1] |= np.uint64(LAST)
    rows = np.flatnonzero(kinds)
    settled = np.cumsum(own >= TELLING)[rows]
    upward = kinds[rows] & np.uint64(ABOVE) != 0
    others = np.where(upward, ids[np.maximum(rows - 1, 0)], ids[np.minimum(rows + 1, len(ids) - 1)])
    return Buckets(ids[rows], kinds[rows], np.diff(settled, prepend=0), others)


def _flags(own: Numbers, above: Numbers, below: Numbers) -> NDArray[np.uint64]:
    """ABOVE and BELOW of records that stand one below the other."""
    lost = own == 0
    flags: NDArray[np.uint64] = ((lost & (above >= TELLING)) * ABOVE + (lost & (below >= TELLING)) * BELOW).astype(np.uint64)
    return flags


def met(one: Record, other: Record, boilerplate: Boilerplate) -> tuple[int, int]:
    """The flags of two records of which one ends a batch and the *other* begins the next."""
    held = [one, other]
    batch = Batch(held, [record for record in held if not record.layout.common], [], Scanners(()))
    flags = _flags(*shared(batch, boilerplate)[1:]).tolist()
    return flags[0], flags[1]


def told(pairs: Sequence[tuple[Record, Record]], boilerplate: Boilerplate) -> list[int]:
    """How many rare shingles the answer of the first record of each pair shares with the question of the second, of those that few
    of the other pairs share."""
    held = [record for pair in pairs for record in pair]
    heads, bounds, _ = spoken(Batch(held, [record for record in held if not record.layout.common], [], Scanners(())))
    common = boilerplate.common(heads)
    sets = [frozenset(heads[start:stop][~common[start:stop]].tolist()) for start, stop in pairwise(bounds.tolist())]
    asked, given = sets[: len(held)], sets[len(held) :]
    both = [given[i] & asked[i + 1] for i in range(0, len(held), 2)]
    often = Counter(shingle for said in both for shingle in said)
    few = max(1, len(pairs) // 10)
    return [sum(often[shingle] <= few for shingle in said) for said in both]


class Stretch(NamedTuple):
    """Records whose answers belong to the questions on one side: how many show it, how many more than show something else, the
    first of them with their neighbours on that side, and the last."""

    shown: int
    more: int
    first: list[tuple[int, int]]
    last: int


def stretch(rows: Buckets, above: bool) -> Stretch:
    """Where in a file the most answers belong to the question *above* (or below) rather than elsewhere; *rows* are its events in order.

    It is the contiguous part with the largest sum (Kadane; see Bentley, "Programming pearls: algorithm design techniques", 1984).
    """
    kinds = (ABOVE, BELOW) if above else (BELOW, ABOVE)
    shown, denied = ((rows.keys & np.uint64(kind) != 0).astype(np.int64) for kind in kinds)
    sums = np.cumsum(shown - denied - rows.more[0].astype(np.int64))
    before = sums - shown + denied
    lowest = np.minimum.accumulate(before)
    stop = int((sums - lowest).argmax())
    start = int(np.flatnonzero(before[: stop + 1] == lowest[stop])[-1])
    found = rows.take(start + np.flatnonzero(shown[start : stop + 1]))
    pairs = list(zip(found.ids.tolist(), found.more[1].astype(np.int64).tolist(), strict=True))
    return Stretch(len(pairs), int(sums[stop] - lowest[stop]), pairs[:SHOWN], pairs[-1][0] if pairs else 0)
