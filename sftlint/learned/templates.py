"""The tasks of a dataset: which prompts share an instruction, and what the answers to them have in common.

Learned from the Sample; every record is then assigned while it is judged. See `mining` for how templates are found, and
`contracts` for what is learned about their answers. Similar tasks may come out as several templates: say "about N".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Self
from weakref import WeakKeyDictionary

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint.batch import Batch
from sftlint.learn import Learned, Sample
from sftlint.learned.contracts import Contract, infer
from sftlint.learned.grams import HEAD, TAIL, Grams, grams, outline, window
from sftlint.learned.mining import SHARE, mine
from sftlint.learned.template import VARIANT, Frame, Template, frames, heads, pieces, rival, tails
from sftlint.record import Record
from sftlint.summary import Tally
from sftlint.texts.constraints import demanded_options
from sftlint.texts.traits import Traits, label

FEW = 2_000  # different prompts; of more, templates tell all there is to know
APART = 3  # prompts that lack a piece of the wording, from which on their answers tell whether they ask for something else


Rows = list[tuple[int, str, int, Traits]]


class Seen:
    """What the sampled records leave behind: ids, windows of their prompts, hashes of prompts, traits of their answers."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        return cls(sorted(row for part in parts for row in part.rows))


class Assigned(NamedTuple):
    """For each prompt the number of its template, or -1; and by index those near a template."""

    numbers: list[int]
    near: dict[int, int]


class Templates(Learned):
    """The templates of the training data, the largest first."""

    size = 10_000

    def __init__(self, templates: list[Template], records: int, prompts: int) -> None:
        self.templates, self.records, self.prompts = templates, records, prompts
        self.frames: tuple[Frame, ...] = ()
        self.heads: dict[str, tuple[int, ...]] = {}
        self.tails: dict[str, tuple[int, ...]] = {}
        self.digits = False, False  # whether any of these holds a digit
        names = [(int(name), number) for number, template in enumerate(templates) for name in template.core.tolist()]
        names.sort()
        self._names = np.array([name for name, _ in names], np.uint64)
        self._of = np.array([number for _, number in names], np.int64)
        self._sizes = np.array([len(template.core) for template in templates], np.int64)
        #: The larger a core the more special; of equals the first.
        self._ranks = self._sizes - np.arange(len(templates)) / (len(templates) + 1)
        self._maybe = np.zeros(1 << 16, bool)  # by the last bits of a gram, whether a core may hold it
        self._maybe[(self._names & np.uint64(0xFFFF)).astype(np.int64)] = True
        self._assigned: WeakKeyDictionary[Batch, Assigned] = WeakKeyDictionary()
        self._labels: WeakKeyDictionary[Batch, Tally] = WeakKeyDictionary()

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_assigned": None, "_labels": None}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state, _assigned=WeakKeyDictionary(), _labels=WeakKeyDictionary())

    @classmethod
    def summarise(cls, batch: Batch) -> Seen:
        rows = []
        for record in batch.sound:
            if record.layout.question and record.layout.target:
                prompt = xxhash.xxh3_64_intdigest(record.question.encode("utf-8", "surrogatepass"))
                rows.append((record.id, window(record), prompt, Traits.of(record.target)))
        return Seen(rows)

    @classmethod
    def learn(cls, summary: Seen | None, sample: Sample) -> Self:
        rows = summary.rows if summary else []
        windows = sorted({text for _, text, _, _ in rows})
        least = min(20, max(5, len(windows) // 100))
        found = grams(windows)
        cores = mine(found, len(windows), least)
        members = {number: held for number, held in _members(cls, cores, rows, found, windows).items() if held}
        for number, inner in _nesting(cores, members).items():
            # A task whose answers keep to a form is one task, however often pieces of its content occur.
            whole = sorted(i for one in (number, *inner) for i in members.get(one, ()))
            contracts = [_contract(rows, members.get(one, [])) for one in inner]
            common = _contract(rows, whole) if inner else Contract()
            if common.firm or (common.mixed and not any(contract.firm for contract in contracts)):
                members = {one: held for one, held in members.items() if one not in inner} | {number: whole}
        made = []
        place = {text: at for at, text in enumerate(windows)}
        for number, held in members.items():
            texts = sorted({place[rows[i][1]] for i in held})
            if len(texts) >= least:
                core, first = cores[number], rows[held[0]]
                some = texts[:: max(1, len(texts) // 40)][:40]
                shown = [place[first[1]], *texts[:: len(texts) // 5 or 1]]
                made.append(
                    Template(
                        core,
                        pieces([windows[at] for at in some], found.of(some), core),
                        outline([windows[at] for at in shown], found.of(shown), core),
                        first[0], len(held), len(texts), _contract(rows, held),
                    )
                )  # fmt: skip
        made.sort(key=lambda template: (-template.records, template.example))
        made = [one._replace(allowed=said.allowed) if (said := demanded_options(one.outline)) else one for one in made]
        made = [one._replace(rival=rival(one, made)) for one in made]
        learned = cls(made, len(rows), len({row[2] for row in rows}))
        learned._index(windows, found)
        learned._settle(rows, windows, found)
        if len(windows) <= FEW:
            learned.frames = frames([row[1] for row in rows])
        return learned

    def _settle(self, rows: Rows, windows: list[str], found: Grams) -> None:
        """Learn the contracts once more, from the records that will be judged by them."""
        of = dict(zip(windows, self._matched(windows, windows.__getitem__, found).numbers, strict=True))
        held: dict[int, list[int]] = {}
        for i, row in enumerate(rows):
            held.setdefault(of[row[1]], []).append(i)
        for number, template in enumerate(self.templates):
            mine = held.get(number, [])
            worded = [i for i in mine if template.stands_in(rows[i][1])]
            if len(mine) - len(worded) >= APART:
                contract = _contract(rows, worded)
                others = set(mine).difference(worded)
                if 2 * sum(not contract.kept(rows[i][3]) for i in others) > len(others):
                    self.templates[number] = template._replace(contract=contract, records=len(worded), apart=True)
                    continue
            if len(mine) != template.records:
                self.templates[number] = template._replace(contract=_contract(rows, mine), records=len(mine))

    def _index(self, texts: list[str], found: Grams) -> None:
        """Learn how the prompts of each template begin and end."""
        owners = self.cover(found, len(texts))
        for keys, names in ((self.heads, heads(texts)), (self.tails, tails(texts))):
            counts = Counter(zip(owners, names, strict=True))
            for owner, name in sorted(counts):
                if owner >= 0 and counts[owner, name] >= max(3, self.templates[owner].prompts // 20):
                    keys[name] = (*keys.get(name, ()), owner)
        for keys in (self.heads, self.tails):  # the most special first
            for name, held in keys.items():
                keys[name] = tuple(sorted(held, key=lambda number: (-self._sizes[number], number)))
        self.digits = any("0" in name for name in self.heads), any("0" in name for name in self.tails)

    def cover(self, found: Grams, windows: int) -> list[int]:
        """The template whose core each of the *windows* with the grams *found* holds, the most special one; -1 is none."""
        return _first(self._shares(found, windows) >= SHARE, self._ranks)

    def _shares(self, found: Grams, windows: int) -> NDArray[np.float64]:
        """How much of the core of each template each of the *windows* holds (windows, templates)."""
        count = len(self.templates)
        if not count or not windows:
            return np.zeros((windows, count))
        maybe = np.flatnonzero(self._maybe[(found.hash & np.uint64(0xFFFF)).astype(np.int64)])
        hashes, owners = found.hash[maybe], found.owner[maybe]
        at = np.minimum(np.searchsorted(self._names, hashes), len(self._names) - 1)
        known = self._names[at] == hashes
        pairs = np.sort(owners[known] * len(self._names) + at[known])
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # a gram counts once
        owner, place = pairs // len(self._names), pairs % len(self._names)
        ends = np.searchsorted(self._names, self._names[place], "right")
        times = ends - place
        rows = np.repeat(place, times) + np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
        held = np.bincount(np.repeat(owner, times) * count + self._of[rows], minlength=windows * count)
        shares: NDArray[np.float64] = held.reshape(windows, count) / self._sizes
        return shares

    def assign(self, batch: Batch) -> Assigned:
        """The templates of the sound records of *batch*."""
        assigned = self._assigned.get(batch)
        if assigned is None:
            assigned = self._assigned[batch] = self._assign(batch)
        return assigned

    def _assign(self, batch: Batch) -> Assigned:
        sound = batch.sound
        texts = [record.texts[-2] if record.layout.common else window(record) for record in sound]
        return self._matched(texts, lambda i: window(sound[i]))

    def _matched(self, texts: Sequence[str], shown: Callable[[int], str], known: Grams | None = None) -> Assigned:
        """The templates of prompts, of which *shown* gives the windows where *texts* are long, and *known* the grams, if they are."""
        numbers = [-1] * len(texts)
        near: dict[int, int] = {}
        if not self.templates:
            return Assigned(numbers, near)
        templates = self.templates
        strict = {number for number, template in enumerate(templates) if template.contract.firm or template.allowed}
        held = list(map(self.heads.get, heads(texts, self.digits[0])))
        rest = [i for i, found in enumerate(held) if found is None]
        for i, name in zip(rest, tails([texts[i] for i in rest], self.digits[1]), strict=True):
            held[i] = self.tails.get(name)
        pieces = [template.pieces for template in templates]
        unsure: list[int] = []
        windows: list[str] = []
        for i, candidates in enumerate(held):
            if candidates is None:
                continue
            text = texts[i] if len(texts[i]) <= HEAD + TAIL else shown(i)
            for number in candidates:
                for piece in pieces[number]:
                    if piece not in text:
                        break
                else:
                    break
            else:
                number = -1
            if number >= 0 and pieces[number]:
                numbers[i] = number
            elif number >= 0 or not strict.isdisjoint(candidates):  # only its grams can tell; or a variant of what is asked
                unsure.append(i)
                windows.append(text)
        shares = self._shares(known.of(unsure) if known is not None else grams(windows), len(windows))
        wholes = _first(shares >= SHARE, self._ranks)
        parts = _first((shares >= VARIANT) & (shares < SHARE), shares * self._sizes - self._sizes + self._ranks)
        for i, text, best, part in zip(unsure, windows, wholes, parts, strict=True):
            if best >= 0 and not (templates[best].apart and not templates[best].stands_in(text)):
                numbers[i] = best
            if best < 0 <= part and part in self.heads.get(heads([text])[0], () if templates[part].opened else (part,)):
                near[i] = part
        return Assigned(numbers, near)

    def members(self, batch: Batch, where: Callable[[Template], bool]) -> Iterator[tuple[Record, Template, int]]:
        """The sound records of *batch* that have a template *where* something holds, with it and its number."""
        chosen = [where(template) for template in self.templates]
        if any(chosen):
            for record, number in zip(batch.sound, self.assign(batch).numbers, strict=True):
                if number >= 0 and chosen[number]:
                    yield record, self.templates[number], number

    def labels(self, batch: Batch) -> Tally:
        """How often each label is given, by (number of the template, label as compared), where the answers are labels."""
        tally = self._labels.get(batch)
        if tally is None:
            tally = self._labels[batch] = Tally()
            for record, template, number in self.members(batch, lambda template: template.contract.closed):
                if (name := label(record.target)) in template.contract.labels:
                    tally.add((number, name), record.id)
        return tally


def _first(chosen: NDArray[np.bool_], ranks: NDArray[np.float64]) -> list[int]:
    """Of each row the *chosen* column of the highest rank (which are more than 0); -1 where there is none."""
    if not chosen.shape[1]:
        return [-1] * len(chosen)
    best = np.where(chosen, ranks, -1.0).argmax(1)
    best[~chosen[np.arange(len(chosen)), best]] = -1
    found: list[int] = best.tolist()
    return found


def _members(
    kind: type[Templates], cores: list[NDArray[np.uint64]], rows: Rows, found: Grams, windows: list[str]
) -> dict[int, list[int]]:
    """Of each core the numbers of the rows that it is the most special of."""
    draft = kind([Template(core, (), "", 0, 0, 0, Contract()) for core in cores], len(rows), 0)
    of = dict(zip(windows, draft.cover(found, len(windows)), strict=True))
    members: dict[int, list[int]] = {number: [] for number in range(len(cores))}
    for number, row in enumerate(rows):
        if (owner := of[row[1]]) >= 0:
            members[owner].append(number)
    return members


def _contract(rows: Rows, held: list[int]) -> Contract:
    return infer([rows[i][3] for i in held], len({rows[i][2] for i in held}))


def _nesting(cores: list[NDArray[np.uint64]], members: dict[int, list[int]]) -> dict[int, list[int]]:
    """Of each core, the outermost first, those that hold all of it."""
    sets = [frozenset(core.tolist()) for core in cores]
    order = sorted(range(len(cores)), key=lambda number: (len(sets[number]), number))
    return {number: [other for other in order if other in members and sets[number] < sets[other]] for number in order}
