"""How the users and the assistants of a set speak, learned from its dialogues and from its records of one round."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Self

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint.batch import Batch
from sftlint.learn import Learned, Sample
from sftlint.record import ASSISTANT, SYSTEM, USER, Layout, Record
from sftlint.summary import Buckets, Ragged

BITS = 16  # of a hashed window of three characters
RARE = 4  # turns that must hold a window before it counts
OPENED = 24  # characters of the first two turns that tell the half of a dialogue
FEW = 5  # exchanged records of one round from which on they are no accident
_ODD = np.uint32(0x9E3779B1)
_LENGTHS = [chr(0x100 + i) for i in range(64)]

Sides = tuple[Record, tuple[int, ...], tuple[int, ...]]
"""A dialogue, and its texts that are looked at: the user's and the assistant's."""


class Roles(Learned):
    """How users and assistants of this set begin and end their turns.

    Dialogues fall into two halves by what they open with, and each half is scored by what the other taught: naive Bayes on
    hashed windows of characters. So the scores of the sampled dialogues tell how well the roles can be told apart at all.

    weights: int16, 2 rows of 2**BITS: what a window says for the assistant (above 0) or for the user.
    usual: the median score. A dialogue whose sides are exchanged scores as far below 0 as it would above.
    """

    size = 5_000
    head, tail = 24, 12  # characters of a turn that are looked at: roles show in how turns begin and end

    def __init__(self, weights: NDArray[np.int16], means: NDArray[np.int64]) -> None:
        """means: what the turns of both sides of each dialogue score, the user's and the assistant's."""
        scores = means[:, 1] - means[:, 0]
        self.weights, self.dialogues = weights, len(scores)
        self.usual = int(np.median(scores)) if len(scores) else 0
        self.bound = -self.usual // 2
        below = [int(np.sum(scores < bound)) for bound in (self.bound, 0, self.usual // 2, self.usual)]
        self.exchanged, self.doubtful, weak, plain = below[0], below[1], below[2] - below[1], below[3] - below[2]
        self.chance = min(_beyond(self.doubtful - self.exchanged, weak, 1), _beyond(weak, plain, 2))

    @property
    def certain(self) -> bool:
        """Whether the roles differ so much that a dialogue below the bound is hardly there by chance.

        Up to a third of those is granted to `chance`, which overrates it three times or more."""
        return self.doubtful <= self.dialogues / 4 and self.chance <= self.exchanged / 3

    @classmethod
    def summarise(cls, batch: Batch) -> Ragged:
        rows: list[tuple[int, int, int]] = []
        dialogues = cls.dialogues_in(batch)
        for record, users, bots in dialogues:
            half = _half(record, users, bots)
            rows += [(record.id, half, 0)] * len(users) + [(record.id, half, 1)] * len(bots)
        hashes, counts = cls._windows(dialogues)
        ids, halves, roles = zip(*rows, strict=True) if rows else ((), (), ())
        return Ragged(Buckets(ids, halves, roles), counts.astype(np.uint8), hashes.astype(np.uint16))

    @classmethod
    def learn(cls, summary: Ragged | None, sample: Sample) -> Self:
        weights, means = np.zeros((2, 1 << BITS), np.int16), [np.zeros((0, 2), np.int64)]
        if summary is None or not len(summary.rows):
            return cls(weights, means[0])
        (hashes,), rows, counts = summary.items, summary.rows, summary.counts.astype(np.int64)
        roles = rows.more[0]
        for half in (0, 1):
            others = [hashes[np.repeat((rows.keys != half) & (roles == role), counts)] for role in (0, 1)]
            users, bots = (np.bincount(side, minlength=1 << BITS) for side in others)
            weights[half] = np.where(users + bots < RARE, 0, np.rint(np.log((bots + 1) / (users + 1)) * 64))
            own = rows.keys == half
            first = np.flatnonzero(np.diff(rows.ids[own], prepend=-1) | np.diff(roles[own].astype(int), prepend=-1))
            means.append(_means(weights[half], hashes[np.repeat(own, counts)], counts[own], first))
        return cls(weights, np.concatenate(means))

    @classmethod
    def dialogues_in(cls, batch: Batch) -> list[Sides]:
        return [(record, *sides) for record in batch.sound if record.layout.rounds > 1 and (sides := _sides(record.layout))]

    def exchanged_in(self, batch: Batch) -> Iterator[Record]:
        """The dialogues of *batch* whose sides are exchanged."""
        # The last exchange of a dialogue tells whether the rest is worth a look: of most it is not.
        dialogues = self.dialogues_in(batch)
        windows = self._windows([(record, users[-1:], bots[-1:]) for record, users, bots in dialogues])
        means = _means(self.weights.sum(0), *windows, np.arange(2 * len(dialogues)))
        suspects = [dialogues[i] for i in np.flatnonzero(means[:, 1] < means[:, 0]).tolist()]
        for own, means in self._judged(suspects):
            for i in np.flatnonzero(means[:, 1] - means[:, 0] < self.bound).tolist():
                yield own[i][0]

    def _judged(self, dialogues: list[Sides]) -> Iterator[tuple[list[Sides], NDArray[np.int64]]]:
        """The dialogues of either half, and what the other half taught of their sides."""
        for half in (0, 1):
            own = [sides for sides in dialogues if _half(*sides) == half]
            turns = np.array([[len(users), len(bots)] for _, users, bots in own], np.int64).ravel()
            yield own, _means(self.weights[half], *self._windows(own), np.cumsum(turns) - turns)

    @classmethod
    def _windows(cls, dialogues: list[Sides]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Hashed windows of the turns, and how many each has, at most 255: one at each character, and one for its length."""
        pieces = []
        for record, users, bots in dialogues:
            texts = record.texts
            for i in users + bots:
                text = texts[i]
                size = len(text)
                if size > cls.head + cls.tail:
                    text = f"{text[: cls.head]}\0{text[-cls.tail :]}"
                pieces.append(f"\2{text}\3{_LENGTHS[size.bit_length()]}\0\0")
        codes = np.frombuffer(("".join(pieces) + "\0\0").encode("utf-32-le", "surrogatepass"), "<u4")
        windows = (codes[:-2] * _ODD + codes[1:-1]) * _ODD + codes[2:]
        return windows * _ODD >> np.uint32(32 - BITS), np.fromiter(map(len, pieces), np.int64, len(pieces))


class Rounds(Roles):
    """The same, learned from records of one question and one answer.

    One exchange tells less than a dialogue. So both sides must sound like the other one, longer pieces of them are looked at,
    and where nobody changed places hardly a record may come near to it.

    bound: of the scores, which are as far below 0 where question and answer are exchanged as they are above else.
    """

    head, tail = 48, 24

    def __init__(self, weights: NDArray[np.int16], means: NDArray[np.int64]) -> None:
        super().__init__(weights, means)
        self.bound = -self.usual * 3 // 10
        scores = means[:, 1] - means[:, 0]
        self.doubtful = int(np.sum((self.bound <= scores) & (scores < 0)))
        self.exchanged = int(np.sum(self._exchanged(means)))

    @property
    def certain(self) -> bool:
        """Whether some are exchanged, and few of the others could be: of talk among equals one in twenty scores below 0."""
        doubtful = self.doubtful + 2 * self.doubtful**0.5  # of a small set it says little that they are few
        return self.exchanged >= max(FEW, self.dialogues / 200, self.doubtful / 2) and doubtful <= max(
            self.dialogues / 22, 0.75 * self.exchanged
        )

    def _exchanged(self, means: NDArray[np.int64]) -> NDArray[np.bool_]:
        exchanged: NDArray[np.bool_] = (means[:, 1] - means[:, 0] < self.bound) & (means[:, 1] < 0) & (means[:, 0] > 0)
        return exchanged

    @classmethod
    def dialogues_in(cls, batch: Batch) -> list[Sides]:
        return [(record, *sides) for record in batch.sound if record.layout.rounds == 1 and (sides := _exchange(record.layout))]

    def exchanged_in(self, batch: Batch) -> Iterator[Record]:
        """The records of one round whose question and answer are exchanged."""
        found = []
        for own, means in self._judged(self.dialogues_in(batch)):
            found += [own[i][0] for i in np.flatnonzero(self._exchanged(means)).tolist()]
        yield from sorted(found, key=lambda record: record.id)


def _beyond(near: int, before: int, steps: int) -> float:
    """How many there can be by chance, where scores thin out: *near*, of which there were *before* at a step earlier, in all the
    steps from *steps* further on. A geometric series; a bell thins out more quickly."""
    ratio = near / before if before else float(near > 0)
    return near * ratio**steps / (1 - ratio) if ratio < 1 else np.inf


@lru_cache(4096)
def _exchange(layout: Layout) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The texts with which the only question and the only answer begin."""
    plain = len(layout.trained) - layout.roles.count(SYSTEM) == 2
    return (layout.question[:1], layout.target[:1]) if plain and layout.question and layout.target else None


@lru_cache(4096)
def _sides(layout: Layout) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The texts that begin the first two turns and the last of the user, and those of the assistant, if it has two."""
    begins = [i for i in layout.texts if i not in layout.asides and (not i or layout.turns[i] != layout.turns[i - 1])]
    users, bots = ([i for i in begins if layout.roles[layout.turns[i]] == role] for role in (USER, ASSISTANT))
    if len(users) < 2 or len(bots) < 2 or not layout.target:
        return None
    return (*users[:2], *users[2:][-1:]), (*bots[:2], *bots[2:][-1:])


def _half(record: Record, users: tuple[int, ...], bots: tuple[int, ...]) -> int:
    """0 or 1: the same for dialogues that grew from one first exchange, whichever side is which."""
    texts = record.texts
    one, other = texts[users[0]][:OPENED], texts[bots[0]][:OPENED]
    return xxhash.xxh3_64_intdigest((min(one, other) + max(one, other)).encode("utf-8", "replace")) & 1


def _means(weights: NDArray[Any], hashes: NDArray[Any], counts: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each dialogue how much its user sounds like an assistant, and its assistant: two columns.

    *counts* are the windows of each turn, *first* the numbers of the turns with which the sides of the dialogues begin.
    """
    if not len(first):
        return np.zeros((0, 2), np.int64)
    said = np.add.reduceat(weights[hashes], np.cumsum(counts) - counts, dtype=np.int64)
    said = np.rint(said / np.sqrt(counts)).astype(np.int64)  # long turns say more, though not as much as they are longer
    means = np.add.reduceat(said, first) * 8 // np.diff(first, append=len(counts))
    return np.asarray(means.reshape(-1, 2))
