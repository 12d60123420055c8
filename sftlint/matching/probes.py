"""A few texts, and which of many others may be like them: a bottom-k sketch of each of the few.

Of each probe the K shingles with the smallest hashes are kept. A text that is alike has its share of them (Cohen and Kaplan,
"Summarizing data using bottom-k sketches", 2007), so it is found by looking its own shingles up, and needs no sketch itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sftlint.summary import distinct

K = 12  # shingles of a probe
SHARED = 0.34  # of them that a text must have: of two texts that are 0.6 alike, 199 in 200 do
CROWD = 20  # probes that are looked at for one shingle
MOST = 4  # probes proposed for one text


class Probes(NamedTuple):
    """values: uint32, the shingles kept of all probes, ascending.  owners: int64, the probe of each.  sizes: int64, how many
    each probe has."""

    values: NDArray[np.uint32]
    owners: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, heads: NDArray[np.uint32], bounds: NDArray[np.int64]) -> Self:
        """Probes for the texts whose shingles are `heads[bounds[i]:bounds[i + 1]]`."""
        kept = [distinct(heads[start:stop])[:K] for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)]
        return cls._sorted(kept)

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        """The probes of all parts, numbered on."""
        starts = np.cumsum([0, *(len(part.sizes) for part in parts)])
        owners = np.concatenate([part.owners + start for part, start in zip(parts, starts.tolist(), strict=False)])
        values = np.concatenate([part.values for part in parts])
        order = np.lexsort((owners, values))
        return cls(values[order], owners[order], np.concatenate([part.sizes for part in parts]))

    @classmethod
    def _sorted(cls, kept: list[NDArray[np.uint32]]) -> Self:
        sizes = np.array([len(each) for each in kept], np.int64)
        owners = np.repeat(np.arange(len(kept)), sizes)
        values = np.concatenate(kept) if kept else np.empty(0, np.uint32)
        order = np.lexsort((owners, values))
        return cls(values[order], owners[order], sizes)

    def meet(self, heads: NDArray[np.uint32], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        """Pairs (int64, (pairs, 2)) of a text and a probe that may be alike, for each text the likeliest."""
        texts = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        known = np.isin(heads, self.values)
        marks = distinct(texts[known].astype(np.uint64) << np.uint64(32) | heads[known])
        texts, heads = (marks >> np.uint64(32)).astype(np.int64), marks.astype(np.uint32)
        first = np.searchsorted(self.values, heads, "left")
        counts = np.minimum(np.searchsorted(self.values, heads, "right") - first, CROWD)
        at = np.arange(counts.sum()) + np.repeat(first - np.cumsum(counts) + counts, counts)
        both, shared = np.unique(np.repeat(texts, counts) << 32 | self.owners[at], return_counts=True)
        texts, probes = both >> 32, both & 0xFFFFFFFF
        share = shared / self.sizes[probes]
        order = np.lexsort((probes, -share, texts))[: len(both)]
        order = order[share[order] >= SHARED]
        texts = texts[order]
        starts = np.flatnonzero(np.append(True, texts[1:] != texts[:-1])[: len(texts)])
        rank = np.arange(len(texts)) - np.repeat(starts, np.diff(np.append(starts, len(texts))))
        return np.stack((texts, probes[order]), axis=1)[rank < MOST]
