"""MinHash for whole batches, and the Jaccard similarity that it estimates.

Signatures are made by one permutation hashing (Li, Owen and Zhang, "One Permutation Hashing", 2012): every shingle falls into one
bin by its hash, and the least of a bin is one minimum. An empty bin takes the next one's (Shrivastava and Li, "Densifying one
permutation hashing via rotation", 2014). Of each minimum the lowest eight bits are kept (Li and König, "b-Bit Minwise Hashing",
2010): recall stays the same, at an eighth of the memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sftlint.matching.shingles import Bounds, Heads, Shingles

Signatures = NDArray[np.uint8]
"""(bins, texts): a column for each. 0 stands for an empty bin, and after `densified` only in a text without shingles."""

_GROUP = 1024  # texts that are sorted together: ten bits of a key


def minhash(heads: Heads, bounds: Bounds, bits: int) -> Signatures:
    """A signature of `1 << bits` minima for each text. A head of 0 counts as none.

    Two texts have any of them in common with the probability that is their Jaccard similarity, and about 1/256 besides."""
    texts, bins = len(bounds) - 1, 1 << bits
    made = [np.empty((bins, 0), np.uint8)]
    for start in range(0, texts, _GROUP):
        edges = bounds[start : start + _GROUP + 1]
        count = len(edges) - 1
        # The high bits of a hash name the bin, the low sixteen are the value. One sort puts bins, the texts in each, and the
        # values of each in order; of several put into one place the last stays. So minima are maxima here, which is as good.
        keys = heads[edges[0] : edges[-1]] & np.uint32(0xFFFFFFFF << 32 - bits & 0xFFFFFFFF | 0xFFFF)
        keys |= np.repeat(np.arange(count, dtype=np.uint32) << np.uint32(16), np.diff(edges))
        keys.sort()
        signatures = np.zeros((64, _GROUP), np.uint8)
        values = keys.astype(np.uint8)
        signatures.reshape(-1)[(keys >> np.uint32(16)).astype(np.intp)] = values
        made.append(densified(signatures[:: 1 << 6 - bits, :count]))
    return np.concatenate(made, axis=1)


def densified(signatures: Signatures) -> Signatures:
    """*signatures* with the next bin's minimum where a bin is empty, found by doubling the step."""
    signatures, step = np.ascontiguousarray(signatures), 1
    while step < len(signatures):
        empty = (signatures == 0).view(np.uint8)
        first = signatures[:step] * empty[-step:]
        signatures[:-step] += signatures[step:] * empty[:-step]
        signatures[-step:] += first
        step *= 2
    return signatures


def estimate(signatures: Signatures, one: Any, other: Any) -> NDArray[np.float64]:
    """The Jaccard similarities that the columns *one* and *other* of *signatures* let expect. One minimum in 256 is equal
    by chance."""
    count = np.zeros(len(one), np.uint16)
    for row in signatures:  # row by row the minima stay in the processor's cache
        count += row.take(one) == row.take(other)
    similar: NDArray[np.float64] = np.maximum((count / len(signatures) - 1 / 256) / (1 - 1 / 256), 0.0)
    return similar


def jaccard(shingles: Shingles, pairs: NDArray[np.int64], ignored: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
    """The Jaccard similarity of the texts of each pair (int64, (pairs, 2), numbers of texts). Two texts without shingles: 1.

    *ignored* marks shingles that do not count, unless the other text has them where they do. Exact, but for hashes that
    agree in 44 bits. One sort serves all pairs: then equal shingles of a pair stand side by side."""
    bounds, count = shingles.bounds, len(pairs)
    firsts, lengths = bounds[pairs].reshape(-1), np.diff(bounds)[pairs].reshape(-1)
    at = np.arange(lengths.sum()) + np.repeat(firsts - np.cumsum(lengths) + lengths, lengths)
    owners = np.repeat(np.arange(2 * count), lengths)
    facts = np.where(owners & 1, 2, 1) | (4 if ignored is None else np.where(ignored[at], 0, 4))
    keys = (owners >> 1).astype(np.uint64) << np.uint64(44) | shingles.hashes[at] >> np.uint64(20)
    order = np.argsort(keys)
    keys = keys[order]
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    known = np.bitwise_or.reduceat(facts[order], starts) if len(starts) else facts
    pair = (keys[starts] >> np.uint64(44)).astype(np.int64)
    either = np.bincount(pair[known >= 4], minlength=count)
    both = np.bincount(pair[known == 7], minlength=count)
    return np.where(either, both / np.maximum(either, 1), 1.0)
