"""Texts to shingles, hashed for a whole batch at once, and the shingles that are boilerplate.

A shingle begins at every Chinese character (kana, Hangul, emoji, ...) and at the beginning of every word of other scripts, and is
nine bytes of UTF-8 long: three Chinese characters, or nine letters, which is a word or two. Width for width that is what
three-character shingles are to Chinese and two-word shingles to English; edits of a word cost about as many shingles.
Case, spaces and the commoner ASCII marks make no difference. Operators do: `x>5` is not `x<5`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sftlint.batch import Batch
from sftlint.learn import Learned, Sample
from sftlint.matching.hashing import GOLDEN64
from sftlint.matching.keys import keys_of, shape_of
from sftlint.record import Record
from sftlint.summary import distinct

Hashes = NDArray[np.uint64]
Heads = NDArray[np.uint32]
Bounds = NDArray[np.int64]

_ODD_TAIL = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(33)
GAP = b"\0" * 9  # stands between texts, so that no shingle depends on the next
BITS = 18  # of a head, which tell whether it is boilerplate: a quarter of a megabyte stays in the cache


def _classes() -> bytes:
    """What becomes of each byte: below 0x40 what stands between words, with the bit 0x40 what may begin one, from 0xE0 on
    what is a shingle's beginning wherever it stands. Bytes from 0x80 on continue a character."""
    table = bytearray(range(256))
    for code in range(0x80):
        table[code] = 1 + b"+-*/<>=%^&|#$@~".find(code) if code in b"+-*/<>=%^&|#$@~" else 0
        if chr(code).isalnum():
            table[code] = 0x60 + code - 48 if code < 58 else 0x40 | (code & 0x1F)
    table[0xE1], table[0xE2], table[0xEF] = 0xC0, 0x3F, 0x3E  # mostly Latin with marks; dashes and quotes; wide marks
    return bytes(table)


_CLASSES = _classes()


class Shingles(NamedTuple):
    """The shingles of several texts, in their order and with repetitions: those of text *i* are
    `hashes[bounds[i]:bounds[i + 1]]`.

    hashes: uint64, of all nine bytes.  heads: uint32, of the first eight, which differ as soon as two texts do but for the
    last six bits of a third Chinese character: half the work, and as good for proposing and for counting.
    """

    hashes: Hashes
    heads: Heads
    bounds: Bounds

    @classmethod
    def of(cls, groups: Sequence[Sequence[str]]) -> Self:
        """The shingles of each group of strings; none goes from one string to the next."""
        joined, at, bounds = begins([GAP.join([text.encode("utf-8", "replace") for text in group]) for group in groups])
        hashes = _mixed(_eights(joined)[at])
        heads = (hashes >> np.uint64(32)).astype(np.uint32)
        return cls(_mixed(hashes + _eights(joined)[at + 1] * _ODD_TAIL), heads, bounds)


def heads_of(texts: Sequence[bytes]) -> tuple[Heads, Bounds]:
    """The `heads` and `bounds` of *texts* (UTF-8, nine NUL bytes where no shingle may go on), as `Shingles` has them."""
    joined, at, bounds = begins(texts)
    hashes = _mixed(_eights(joined)[at])
    hashes >>= np.uint64(32)
    return hashes.astype(np.uint32), bounds


def begins(texts: Sequence[bytes]) -> tuple[bytes, NDArray[np.int64], Bounds]:
    """*texts* joined, their bytes in classes; where in that a shingle begins, but for eight; and the bounds of each text's."""
    joined = GAP.join((b"", *texts, b"")).translate(_CLASSES)
    codes = np.frombuffer(joined, np.uint8)
    here, before, after = codes[8:-8], codes[7:-9], codes[9:-7]
    marks = here != 0xE3  # such as 。「 are E3 80 xx; what else is from E3 on is a character
    marks |= after != 0x80
    marks &= here >= 0xE0
    words = before < 0x40
    words &= (here & 0x40).view(bool)
    marks |= words
    at = np.flatnonzero(marks)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    starts = np.cumsum(lengths + len(GAP)) - lengths - 8
    return joined, at, np.append(np.searchsorted(at, starts), len(at))


def _eights(joined: bytes) -> Any:
    """From the ninth byte on, every eight bytes as one number, wherever they begin."""
    if len(joined) < 16:  # no texts
        return np.zeros(0, "<u8")
    return np.ndarray((len(joined) - 15,), "<u8", joined, 8, (1,))


def _mixed(values: Any) -> Hashes:
    """*values* (uint64) as hashes whose high half depends on all of theirs."""
    mixed: Hashes = values >> _HALF
    mixed ^= values
    mixed *= GOLDEN64
    return mixed


class Frequencies(NamedTuple):
    """Of some prompts: a key of each (uint64), how many distinct shingles it has, and these one prompt after the other (uint32)."""

    prompts: Hashes
    counts: NDArray[np.int64]
    shingles: NDArray[np.uint32]

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        return cls(*map(np.concatenate, zip(*parts, strict=True)))


class Boilerplate(Learned):
    """The shingles of instructions: those that stand in many different prompts of the Sample, RUN or more in a row.

    Records that share only these have nothing in common. Many is more than a hundredth of the prompts, and no fewer than
    eight nor more than twenty: so a task that makes 0.4 % of a large set is seen to have an instruction. A few frequent
    shingles in a row are a turn of phrase, and part of what is asked.
    """

    size = 5_000

    def __init__(self, marked: NDArray[np.bool_]) -> None:
        self._marked = marked
        self.any = bool(marked.any())

    def __reduce__(self) -> Any:
        return _unpacked, (np.flatnonzero(self._marked).astype(np.int32),)

    @classmethod
    def summarise(cls, batch: Batch) -> Frequencies:
        keys = keys_of(batch)
        heads, bounds = heads_of(
            [
                GAP.join([record.texts[i].encode("utf-8", "replace") for i in shape_of(record.layout).before.tolist()])
                for record in keys.records
            ]
        )
        owners = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds)).astype(np.uint64)
        pairs = distinct(owners << np.uint64(32) | heads)
        counts = np.bincount((pairs >> np.uint64(32)).astype(np.int64), minlength=len(bounds) - 1)
        return Frequencies(keys.prompts, counts.astype(np.int64), pairs.astype(np.uint32))

    @classmethod
    def learn(cls, summary: Frequencies | None, sample: Sample) -> Self:
        marked = np.zeros(1 << BITS, bool)
        if summary is not None:
            # A prompt that stands under many answers counts once: it is no instruction.
            _, first = np.unique(summary.prompts, return_index=True)
            once = np.zeros(len(summary.prompts), bool)
            once[first] = True
            shingles, counts = np.unique(summary.shingles[np.repeat(once, summary.counts)], return_counts=True)
            limit = min(max(len(first) // 100, 8), 20)
            marked[shingles[counts > limit] >> np.uint32(32 - BITS)] = True
        return cls(marked)

    def common(self, heads: Heads) -> NDArray[np.bool_]:
        """Which shingles stand in many prompts, in a row or not."""
        common: NDArray[np.bool_] = self._marked.take((heads >> np.uint32(32 - BITS)).astype(np.intp))
        return common

    def marks(self, heads: Heads, bounds: Bounds) -> NDArray[np.bool_]:
        """Which shingles of some prompts are boilerplate."""
        if not self.any:
            return np.zeros(len(heads), bool)
        marks: NDArray[np.bool_] = self._marked.take((heads >> np.uint32(32 - BITS)).astype(np.intp))
        # Runs: first where RUN marks begin in one prompt, found by doubling, then all that they cover.
        for step in _STEPS:
            marks[:-step] &= marks[step:]
        for back in range(1, RUN):  # a run ends with the prompt
            marks[np.maximum(bounds[1:] - back, 0)] = False
        for step in _STEPS:
            marks[step:] |= marks[:-step]
        return marks


RUN, _STEPS = 16, (1, 2, 4, 8)


def _unpacked(marked: NDArray[np.int32]) -> Boilerplate:
    made = np.zeros(1 << BITS, bool)
    made[marked] = True
    return Boilerplate(made)


def said(record: Record) -> tuple[list[str], list[str]]:
    """The texts before the answer, and those of the answer, without asides."""
    shape = shape_of(record.layout)
    return [record.texts[i] for i in shape.before.tolist()], [record.texts[i] for i in shape.answer.tolist()]
