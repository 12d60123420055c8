"""What an answer shares with the question of its own record, and with those of the records above and below.

Counted are rare shingles: three of them are a phrase of five Chinese characters, or of three English words. Each question has a
row of a table, in which a shingle is filed under ten bits of its hash, with seven more that tell it from others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sftlint.batch import Batch
from sftlint.keys import keys_of
from sftlint.shingles import Boilerplate
from sftlint.sketches import spoken

ROW = 1024  # places for the shingles of a question

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
