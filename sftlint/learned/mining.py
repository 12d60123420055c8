"""Which prompts share an instruction: a greedy cover of prompts by sets of grams that occur together.

The idea is that of closed frequent itemsets (Pasquier and others, "Discovering frequent closed itemsets for association
rules", 1999): grams which occur in the same prompts are one item. The most frequent item proposes a template; the template is
what four of five of its prompts share, and what is left of it is searched again for instructions inside it.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sftlint.learned.grams import Grams

SHARE = 0.8  # of a template's prompts hold each gram of its core, and a prompt of it so much of the core
LEAST = 3  # grams of a core: seven tokens in a row, or a few at both ends
NESTED = 5  # grams that an instruction inside another adds
TRIES = 8  # items that may fail to propose a template inside another

Ints = NDArray[np.int64]


class _Items(NamedTuple):
    """Grams that occur in the same prompts, made one. Item i has the number `names[i]` and `sizes[i]` grams, may propose a
    template if `edges[i]`, is part of what is known if `known[i]`, and stands in the prompts
    `prompts[starts[i]:starts[i + 1]]`; prompt p holds the items `held[places[p]:places[p + 1]]`."""

    names: Ints
    sizes: Ints
    edges: NDArray[np.bool_]
    known: NDArray[np.bool_]
    prompts: Ints
    starts: Ints
    held: Ints
    places: Ints

    @classmethod
    def of(cls, item: Ints, prompt: Ints, count: int, names: Ints, sizes: Ints, edges: NDArray[np.bool_],
           known: NDArray[np.bool_]) -> _Items:  # fmt: skip
        """From pairs of *item* and *prompt*, of which there are *count*."""
        order = np.argsort(item * count + prompt)
        starts = np.concatenate(([0], np.cumsum(np.bincount(item, minlength=len(names)))))
        back = np.argsort(prompt * len(names) + item)
        places = np.concatenate(([0], np.cumsum(np.bincount(prompt, minlength=count))))
        return cls(names, sizes, edges, known, prompt[order], starts, item[back], places)

    @property
    def total(self) -> int:
        """How many prompts there are."""
        return len(self.places) - 1

    def rows(self, prompts: Ints) -> tuple[Ints, Ints]:
        """The items of all *prompts*, one after the other, and which of *prompts* holds each."""
        counts = self.places[prompts + 1] - self.places[prompts]
        ends = np.cumsum(counts)
        rows = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts - self.places[prompts], counts)
        return self.held[rows], np.repeat(np.arange(len(prompts)), counts)

    def within(self, prompts: Ints, core: Ints, least: int) -> _Items:
        """Of *prompts* alone the items that *least* of them hold, when the items *core* are known."""
        item, prompt = self.rows(prompts)
        keep = np.bincount(item, minlength=len(self.names)) >= least
        known = self.known.copy()
        known[core] = True
        keep |= known
        place = np.cumsum(keep) - 1
        rows = keep[item]
        edges = np.ones(int(keep.sum()), bool)
        return _Items.of(place[item[rows]], prompt[rows], len(prompts), self.names[keep], self.sizes[keep], edges, known[keep])


def mine(found: Grams, count: int, least: int) -> list[NDArray[np.uint64]]:
    """The cores of the templates of *count* distinct prompts with the grams *found*, each a sorted array of gram hashes.
    *least* is the number of prompts that make a template. A template begins or ends its prompts. Templates stand after those
    that lie inside them."""
    order = np.argsort(found.hash)
    hashes = found.hash[order]
    firsts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1])) if len(hashes) else np.empty(0, np.int64)
    often = np.diff(np.append(firsts, len(hashes)))
    names, often = hashes[firsts[often >= least]], np.repeat(often >= least, often)
    pairs = np.sort(np.searchsorted(names, hashes[often]) * count + found.owner[order[often]])
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs  # a gram counts once in a prompt
    gram, prompt = pairs // max(count, 1), pairs % max(count, 1)
    keep = np.bincount(gram, minlength=len(names))[gram] >= least
    gram, prompt = gram[keep], prompt[keep]
    if not len(gram):
        return []
    starts = np.flatnonzero(np.append(True, gram[1:] != gram[:-1]))
    frequent = gram[starts]
    mixed = (prompt + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    _, lead, item = np.unique(np.add.reduceat(mixed, starts), return_index=True, return_inverse=True)
    sizes = np.bincount(item)
    edges = np.bincount(item, weights=np.isin(names[frequent], found.hash[found.edge])) > 0
    chosen = np.isin(gram, frequent[lead])
    owner, prompt = item[np.searchsorted(frequent, gram[chosen])], prompt[chosen]
    items = _Items.of(owner, prompt, count, np.arange(len(sizes)), sizes, edges, np.zeros(len(sizes), bool))
    cores: list[Ints] = []
    _cover(items, least, cores)
    parts = np.split(names[frequent][np.argsort(item, kind="stable")], np.cumsum(sizes)[:-1])
    return [np.sort(np.concatenate([parts[i] for i in core.tolist()])) for core in cores]


def _cover(items: _Items, least: int, cores: list[Ints]) -> Ints:
    """Find the templates beyond what is known, and give back the prompts that are in none."""
    alive = np.ones(items.total, bool)
    counts = np.diff(items.starts)
    # Large items first; of equals those of smaller number, which is that of a smaller hash and depends on no order.
    proposing = np.flatnonzero((counts >= least) & items.edges & ~items.known)
    heap = [(-int(counts[i]), -int(items.sizes[i]), i) for i in proposing.tolist()]
    heapq.heapify(heap)
    before = int(items.sizes[items.known].sum())
    tries = TRIES if before else len(heap)
    while heap and tries > 0:
        stale, size, item = heapq.heappop(heap)
        members = items.prompts[items.starts[item] : items.starts[item + 1]]
        members = members[alive[members]]
        if len(members) < least:
            continue
        if len(members) < -stale:
            heapq.heappush(heap, (-len(members), size, item))
            continue
        core, inside = _core(items, members)
        grown = int(items.sizes[core].sum())
        enough = 1
        if before:  # a phrase that is frequent in the content is no instruction
            few = len(inside) < items.total // 5
            enough = max(LEAST - before, NESTED, 3 * before // 4 if few else min(8, before // 4))
        if len(inside) < least or grown < enough:
            tries -= 1
            continue
        nested = max(least, len(inside) // 20)
        within = items.within(inside, core, nested)
        rest = inside[_cover(within, nested, cores)]
        if before + grown < LEAST:  # too little to be a template; those inside it are
            inside = np.setdiff1d(inside, rest)
        else:
            cores.append(items.names[np.union1d(core, np.flatnonzero(items.known))])
        tries -= not len(inside)
        alive[inside] = False
    return np.flatnonzero(alive)


def _core(items: _Items, members: Ints) -> tuple[Ints, Ints]:
    """What *members* share beyond what is known, and those of them that hold enough of it."""
    held, owner = items.rows(members)
    shared = np.bincount(held, minlength=len(items.sizes)) >= SHARE * len(members)
    shared &= ~items.known
    weight = int(items.sizes[shared].sum())
    has = np.bincount(owner, weights=items.sizes[held] * shared[held], minlength=len(members))
    return np.flatnonzero(shared), members[has >= SHARE * weight]
