"""Where sentences of a dataset end, and where they never do.

A model of the characters before the ends of sentences, learned from the answers themselves: how often did a sentence end
after these one to six characters, and after this beginning of a Chinese word? An answer that stops without a mark is compared with it. The estimate for a longer context
leans on that for a shorter one (interpolation after Jelinek and Mercer, 1980, with weights that grow with the counts).

How far the last mark and the last end of a sentence lie back tells as well: few sentences end after one word. Both are put together
as naive Bayes does, by how often either is found at ends of sentences and at random places inside them.

How much must be asked of one answer depends on all of them: where most answers that stop without a mark stop where no
sentence does, they are cut, and little is needed; where they stop as sentences do, people left out the mark.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint.batch import Batch
from sftlint.learn import Learned, Sample
from sftlint.learned.contexts import (
    FIRST,
    REACH,
    Hashes,
    codes_of,
    contexts_of,
    depths_in,
    ends_in,
    last_contexts,
    last_spans,
    letters_in,
    spans_at,
)
from sftlint.texts.endings import ENDED, Tail, tail

LEAST = 150  # ends of sentences from which on the model says anything
SURE = 0.87  # precision expected of what is reported
MOSTLY = 0.8  # share of cut ones among the answers without a mark from which on all of them count as cut
PRIOR = 0.5  # answers of either kind that are taken for granted
MANY = 0.7  # share of cut ones from which on other signs of a cut are believed as well
STYLE = 0.5  # of all answers stop without a mark, where that is no sign of anything
LOOSE = 0.6  # share of cut ones below which people leave out marks as well
DOUBT = 1.5  # odds lower than those of running text, for a sentence by itself
BINS = 20  # of scores and odds
SPANS = 6  # bins of either distance
PROBES = 3  # places of either kind from one answer
_WEIGHT, _BASE = 3.0, 0.02


END, CUT, AMONG, ALONE = range(4)


class Contexts(NamedTuple):
    """A Summary. keys: context and whether a sentence ends there (lowest bit), with their counts.
    probes: contexts of some ends of sentences, of some places inside them, and of the answers that stop without a mark.
    spans: how many characters before each the last mark stands.  answers: how many there were, and how many stop without a mark."""

    keys: Hashes
    counts: NDArray[np.int64]
    probes: Hashes
    kinds: NDArray[np.int64]
    spans: NDArray[np.int64]
    answers: NDArray[np.int64]

    @classmethod
    def merge(cls, parts: list[Self]) -> Self:
        keys = np.concatenate([part.keys for part in parts])
        counts = np.concatenate([part.counts for part in parts])
        order = np.argsort(keys, kind="stable")
        keys, counts = keys[order], counts[order]
        firsts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
        summed = np.add.reduceat(counts, firsts) if len(keys) else counts
        return cls(
            keys[firsts], summed, np.concatenate([p.probes for p in parts]), np.concatenate([p.kinds for p in parts]),
            np.concatenate([p.spans for p in parts]), np.sum([p.answers for p in parts], axis=0),
        )  # fmt: skip


class SentenceEnds(Learned):
    """Judges whether a text that stops without a mark stops where sentences of the dataset end."""

    size: ClassVar[int] = 1_500

    def __init__(self, keys: Hashes, all_: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        self._keys, self._all, self._ends = keys, all_, ends
        self.limits = (-np.inf, -np.inf)
        """The highest odds at which a text of several clauses, or of one, counts as cut."""
        self.features: tuple[Feature, ...] = ()
        self.careless = False
        """Whether people often leave out the last mark here, so that a wrong one says little."""
        self.limited = False
        """Whether most of the answers that stop without a mark are cut, so that a wrong one says much."""

    @classmethod
    def summarise(cls, batch: Batch) -> Contexts:
        texts = [text.rstrip() for _, _, text in batch.targets]
        texts = [text for text in texts if len(text) >= 20]
        # What is asked, and what was answered before, tells of the language as well.
        read = texts + [text.rstrip() for text in batch.questions.strings if len(text) >= 20]
        sizes = np.fromiter((min(len(text), FIRST) + 1 for text in read), np.int64, len(read))
        starts = np.cumsum(sizes) - sizes
        pieces = [text[:FIRST] + "\0" for text in read]
        codes = codes_of("".join(pieces))
        place = np.arange(len(codes)) - np.repeat(starts, sizes)
        ends = ends_in(codes)
        last = np.flatnonzero(letters_in(codes) & (place + 2 < np.repeat(sizes, sizes)))  # not the end, which may be a cut
        enough = PROBES * len(texts) >= LEAST  # for a model: else the dictionary of words need not be there
        depths = depths_in(pieces if enough else [], codes)
        # What stands before an answer is no context of it.
        at = place[last]
        contexts = [column[last] * (at >= reach) for reach, column in zip(REACH, contexts_of(codes, depths), strict=True)]
        ended = ends[last + 1]
        split = codes[last + 1] < ord("A")
        split |= codes[last] >= 0x3400
        marked = np.concatenate([(column | ended)[column != 0] for column in contexts])
        keys, counts = np.unique(marked, return_counts=True)
        chosen: list[int] = []
        kinds: list[int] = []
        stopped: list[str] = []
        unmarked = 0
        bounds = np.searchsorted(last, [*starts[: len(texts)], starts[len(texts)] if len(read) > len(texts) else len(codes)])
        # Limits in tokens cut between words more often than in them.
        places = [np.flatnonzero(kind) for kind in (ended, ~ended, ~ended & split)]
        begin = [np.searchsorted(each, bounds).tolist() for each in places]
        for number, text in enumerate(texts):
            mark = xxhash.xxh3_64_intdigest(text.encode("utf-8", "replace"))
            for kind, which in ((END, 0), (CUT, 2 if mark & 1 else 1)):
                low, high = begin[which][number : number + 2]
                taken = min(PROBES, high - low)
                chosen += [
                    int(places[which][low + (mark * (2 * turn + 1) >> 7 & 0xFFFFFF) % (high - low)]) for turn in range(taken)
                ]
                kinds += [kind] * taken
            if text[-1] in ENDED or not text[-1].isalpha():
                continue
            unmarked += 1
            if rest := tail(text):
                stopped.append(text)
                kinds.append(AMONG if rest.prose else ALONE)
        order = np.argsort(np.array(kinds, np.int64) >= AMONG, kind="stable")  # places inside texts, then the ends of texts
        probes = [
            np.stack([column[chosen] for column in contexts], axis=1),
            *(last_contexts(text, enough)[None] for text in stopped),
        ]
        spans = [spans_at(codes, ends, depths, last[chosen]), *(last_spans(text, enough)[None] for text in stopped)]
        answers = np.array([len(texts), unmarked])
        return Contexts(keys, counts, np.concatenate(probes), np.array(kinds, np.int64)[order], np.concatenate(spans), answers)

    @classmethod
    def learn(cls, summary: Contexts | None, sample: Sample) -> Self:
        if summary is None:
            none = np.empty(0, np.int64)
            probes, spans = np.empty((0, len(REACH)), np.uint32), np.empty((0, 3), np.int64)
            summary = Contexts(np.empty(0, np.uint32), none, probes, none, spans, np.zeros(2, np.int64))
        bare = summary.keys & ~np.uint32(1)
        keys, owners = np.unique(bare, return_inverse=True)
        ended = (summary.keys & np.uint32(1)).astype(bool)
        all_ = np.bincount(owners, summary.counts, len(keys)).astype(np.int64)
        ends = np.bincount(owners, summary.counts * ended, len(keys)).astype(np.int64)
        model = cls(keys, all_, ends)
        if np.count_nonzero(summary.kinds == END) >= LEAST:
            model._calibrate(summary)
        often = all_ >= 2  # a context that was seen once says next to nothing
        model._keys, model._all, model._ends = keys[often], all_[often], ends[often]
        return model

    def _calibrate(self, summary: Contexts) -> None:
        """Learn from the probes what the scores and spans tell, and how much must be asked of an answer."""
        parts = [summary.kinds == kind for kind in (END, CUT, AMONG, ALONE)]
        # A probe from inside an answer was counted itself; the ends of answers were not.
        scores = [self._score(summary.probes[part], kind < AMONG, kind == END) for kind, part in enumerate(parts)]
        spans = [summary.spans[part] for part in parts]
        self.features = (
            Feature.of(_begun(scores[END], spans[END]), _begun(scores[CUT], spans[CUT]), BINS),
            Feature.of(spans[END][:, :2], spans[CUT][:, :2], SPANS),
        )
        count, unmarked = summary.answers.tolist()
        if unmarked > STYLE * count:  # glosses, messages, references: to stop without a mark is how answers are written here
            self.careless = True
            return
        whole, broken, among, alone = map(self._odds, scores, spans)
        highest, share = limit(whole, broken, among)
        self.careless = len(among) >= 8 and share < LOOSE
        self.limited = len(among) >= 8 and share >= MANY
        # A sentence by itself may as well be a title: there must be many of them to tell, or what the others tell must be clear.
        if len(alone) >= 20:
            other, most = limit(whole, broken, alone)
        elif highest == np.inf:
            other, most = limit(whole, broken, among[:1])
        else:
            other, most = min(highest, 0.0) - DOUBT, float(self.limited)
        self.limits = (highest, other if most >= 0.4 else -np.inf)

    def ends_here(self, text: str) -> bool:
        """Whether sentences of this data end as *text* does (which stops without a mark)."""
        return float(self._score(last_contexts(text, bool(self.features))[None], False, False)[0]) > _BASE

    def is_cut(self, text: str, rest: Tail) -> bool:
        """Whether *text*, which stops without a mark after *rest*, was most likely cut there."""
        highest = self.limits[0 if rest.prose else 1]
        if highest == -np.inf or not self.features:
            return False
        score = self._score(last_contexts(text, True)[None], False, False)
        return float(self._odds(score, np.array([last_spans(text, True)]))[0]) < highest

    def _odds(self, scores: NDArray[np.float64], spans: NDArray[np.int64]) -> NDArray[np.float64]:
        """The logarithm of how much likelier each place is as an end of a sentence than as a place inside one."""
        said, far = self.features
        return said.odds(_begun(scores, spans)) + far.odds(spans[:, :2])

    def _score(self, contexts: Hashes, seen: bool, ended: bool) -> NDArray[np.float64]:
        """The share of sentence ends after each of the contexts (n, len(REACH)), less what the place itself adds to the counts."""
        share = np.full(len(contexts), _BASE)
        for order in range(len(REACH)):
            keys = contexts[:, order] & ~np.uint32(1)
            at = np.minimum(np.searchsorted(self._keys, keys), max(len(self._keys) - 1, 0))
            known = (self._keys[at] == keys) & (contexts[:, order] != 0) if len(self._keys) else np.zeros(len(contexts), bool)
            total = np.where(known, self._all[at] - seen, 0) if len(self._keys) else np.zeros(len(contexts))
            ends = np.where(known, self._ends[at] - ended, 0) if len(self._keys) else np.zeros(len(contexts))
            share = (ends + _WEIGHT * share) / (total + _WEIGHT)
        return share


class Feature(NamedTuple):
    """What a property of a place tells, by bins of it: the logarithm of the ratio of ends of sentences to places inside them.

    A property may have several columns (n, columns), and a bin is one of all of them together."""

    edges: tuple[NDArray[np.float64], ...]
    ratios: NDArray[np.float64]

    @classmethod
    def of(cls, real: NDArray[Any], cuts: NDArray[Any], bins: int) -> Self:
        parts = np.linspace(0, 1, bins + 1)[1:-1]
        edges = tuple(np.unique(np.quantile(column, parts)) for column in np.concatenate([real, cuts]).T)
        count = int(np.prod([len(each) + 1 for each in edges]))
        held = [np.bincount(cls._bins(edges, values), minlength=count) for values in (real, cuts)]
        whole, broken = ((counts + 0.5) / (counts.sum() + 0.5 * count) for counts in held)
        return cls(edges, np.log(whole / broken))

    def odds(self, values: NDArray[Any]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = self.ratios[self._bins(self.edges, values)]
        return found

    @staticmethod
    def _bins(edges: tuple[NDArray[np.float64], ...], values: NDArray[Any]) -> NDArray[np.int64]:
        at = np.zeros(len(values), np.int64)
        for column, each in zip(values.T, edges, strict=True):
            at = at * (len(each) + 1) + np.searchsorted(each, column, "right")
        return at


def limit(real: NDArray[np.float64], cuts: NDArray[np.float64], found: NDArray[np.float64]) -> tuple[float, float]:
    """The highest odds at which an answer counts as cut, so that about SURE of those which do are; and the share of cut ones.

    real: odds of ends of sentences.  cuts: of random places inside them.  found: of the answers that stop without a mark, which
    are a mixture of both (expectation-maximisation, Dempster, Laird and Rubin, 1977, over a histogram of the odds).
    """
    if not len(found) or not len(cuts):
        return -np.inf, 0.0
    edges = np.unique(np.quantile(np.concatenate([real, cuts]), np.linspace(0, 1, BINS + 1)[1:-1]))
    held = [np.bincount(np.searchsorted(edges, scores, "right"), minlength=len(edges) + 1) for scores in (real, cuts, found)]
    whole, broken = ((counts + 0.5) / (counts.sum() + 0.5 * len(counts)) for counts in held[:2])
    share = 0.5
    for _ in range(50):
        belief = share * broken / (share * broken + (1 - share) * whole)
        share = float((held[2] @ belief + PRIOR) / (len(found) + 2 * PRIOR))
    if share >= MOSTLY and len(found) >= 5:
        return np.inf, share
    true, false = share * np.cumsum(broken), (1 - share) * np.cumsum(whole)
    good = np.flatnonzero(true[:-1] >= SURE * (true + false)[:-1])
    return (float(edges[good[-1]]) if len(good) else -np.inf), share


def _begun(scores: NDArray[np.float64], spans: NDArray[np.int64]) -> NDArray[np.float64]:
    """The *scores*, and whether each place is the first character of a word (n, 2)."""
    return np.stack([scores, spans[:, 2]], axis=1)
