"""One defect, one finding: weaker rules fall silent, and what is true of a whole file is said once."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate, groupby

import numpy as np

from sftlint.batch import Place
from sftlint.packed import Packed
from sftlint.rule import Drops, Finding, Rule
from sftlint.run import Counts
from sftlint.source import SHIFT
from sftlint.summary import distinct

MASS = 10_000  # findings of a rule on a file that nobody reads one by one
LEAST = 20  # records with one defect for one reason that make one finding, if they are Rule.fold_share of the file


def is_final(finding: Finding, rules: Mapping[str, Rule]) -> bool:
    """Whether nothing that is found later can silence or fold the finding, so that it may be told at once."""
    rule = rules[finding.rule]
    alone = rule.scope == "record" and not rule.folds and finding.place is not None and not finding.related
    return alone and not any(type(rules[name]).finish is not Rule.finish for name in rule.yields_to if name in rules)


def order(finding: Finding) -> tuple[object, ...]:
    """Reading order: records by place, then findings on files, then on the dataset."""
    place = finding.place
    if place is None:
        file = -1 if finding.file is None else finding.file
        return (1 if finding.file is not None else 2, file, (), 0, finding.rule, finding.kind, finding.key)
    return (0, place.record, _steps(place.pointer), place.start or 0, finding.rule, finding.kind, finding.key)


@lru_cache(4096)
def _steps(pointer: str | None) -> tuple[tuple[int, str], ...]:
    """A pointer such that element 10 comes after element 2."""
    return tuple((int(step), "") if step.isdecimal() else (-1, step) for step in (pointer or "").split("/"))


def settle(findings: Iterable[Finding], rules: Mapping[str, Rule], counts: list[Counts]) -> list[Finding]:
    """The findings that remain, in reading order."""
    return sorted(_folded(heard(findings, rules), rules, counts), key=order)


def heard(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings that no stronger rule makes superfluous, in reading order."""
    return [kept for _, group in groupby(sorted(findings, key=order), _record) for kept in _heard(list(group), rules)]


def _record(finding: Finding) -> object:
    return finding.place.record if finding.place else (finding.file, "file")


def _heard(findings: list[Finding], rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Of the findings on one record, those that no stronger rule makes superfluous, each once."""
    if len(findings) == 1:
        yield findings[0]
        return
    names = {finding.rule for finding in findings}
    stronger = {name: names.intersection(rules[name].yields_to) for name in names}
    places = {name: _Places(f.place for f in findings if f.rule == name) for name in set().union(*stronger.values())}
    seen = set()
    for finding in findings:
        mark = (finding.rule, finding.kind, finding.place, finding.key)
        if mark in seen or any(places[name].meet(finding.place) for name in stronger[finding.rule]):
            continue
        seen.add(mark)
        yield finding


class _Places:
    """Where one rule speaks of a record: asked often, since there may be thousands of findings on one record."""

    def __init__(self, places: Iterable[Place | None]) -> None:
        self._everywhere, self._pointers, spans = False, set[str](), dict[str, list[tuple[int, int]]]()
        for place in places:
            if place is None or place.pointer is None:
                self._everywhere = True
            elif place.start is None or place.stop is None:
                self._pointers.add(place.pointer)
            else:
                spans.setdefault(place.pointer, []).append((place.start, place.stop))
        self._spans = {pointer: _Spans(held) for pointer, held in spans.items()}

    def meet(self, place: Place | None) -> bool:
        """Whether *place* is one of these, in one, around one, or overlaps one."""
        if self._everywhere or place is None or place.pointer is None:
            return True
        if place.pointer in self._pointers:
            return True
        spans = self._spans.get(place.pointer)
        return spans is not None and (place.start is None or place.stop is None or spans.meet(place.start, place.stop))


class _Spans:
    """Spans sorted by their starts, and how far those up to each one reach."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        spans.sort()
        self._starts = [start for start, _ in spans]
        self._reach = list(accumulate((stop for _, stop in spans), max))

    def meet(self, start: int, stop: int) -> bool:
        """Whether one of the spans overlaps [start, stop)."""
        before = bisect_left(self._starts, stop)
        return before > 0 and self._reach[before - 1] > start


def massed(findings: Iterable[Finding], rule: Rule, counts: list[Counts]) -> Iterator[Finding]:
    """The findings of a dataset rule, as they come. More than MASS of them that are `Rule.fold_share` of a file become one,
    whether the rule folds or not: a million take a gigabyte, and say that something happened to the whole file."""
    groups: dict[tuple[object, ...], Packed[Finding] | _Mass] = {}
    for finding in findings:
        fix = finding.fix
        if finding.place is None or (fix and not fix.drops):
            yield finding
            continue
        mark = (finding.place.record >> SHIFT, finding.kind, finding.key, finding.severity, fix and fix.safe)
        group = groups.setdefault(mark, Packed())
        group.append(finding)
        many = max(MASS, _many(rule, counts[finding.place.record >> SHIFT]))
        if isinstance(group, Packed) and len(group) > many:
            groups[mark] = _Mass(group)
    for group in groups.values():
        yield from group if isinstance(group, Packed) else [group.finding()]


def _many(rule: Rule, counts: Counts) -> float:
    """More findings than this on one file are of the file."""
    return rule.fold_share * counts.lines(blank=rule.of_blank_lines)


class _Mass:
    """Findings of which only the first is kept, and the ids of all."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._ids, self._dropped = array("q"), array("q")
        self._first: Finding | None = None
        for finding in findings:
            self.append(finding)

    def append(self, finding: Finding) -> None:
        assert finding.place
        if self._first is None or order(finding) < order(self._first):
            self._first = finding
        self._ids.append(finding.place.record)
        self._dropped.extend(edit.place.record for edit in (finding.fix.edits if finding.fix else ()))

    def finding(self) -> Finding:
        assert self._first and self._first.place
        ids, dropped = (distinct(np.array(held, np.int64)) for held in (self._ids, self._dropped))
        fix = self._first.fix and self._first.fix._replace(edits=Drops(array("q", dropped.tobytes())))
        return self._first._replace(place=None, file=self._first.place.record >> SHIFT, fix=fix, hits=tuple(ids.tolist()))


def _folded(findings: list[Finding], rules: Mapping[str, Rule], counts: list[Counts]) -> Iterator[Finding]:
    groups: dict[tuple[str, int, str, str], list[Finding]] = {}
    for finding in findings:
        if finding.place is not None and rules[finding.rule].folds:
            groups.setdefault((finding.rule, finding.place.record >> SHIFT, finding.kind, finding.key), []).append(finding)
        else:
            yield finding
    for (name, file, _, _), group in groups.items():
        ids = dict.fromkeys(f.place.record for f in group if f.place)
        if len(ids) >= LEAST and len(ids) > _many(rules[name], counts[file]):
            yield group[0]._replace(
                place=None, file=file, fix=None, hits=tuple(ids), related=tuple(ids)[:10], related_total=len(ids)
            )
        else:
            yield from group
