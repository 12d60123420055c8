"""One defect, one finding: weaker rules fall silent, and what is true of a whole file is said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from sftlint.rule import Finding, Rule
from sftlint.run import Counts
from sftlint.source import SHIFT

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
    names = {finding.rule for finding in findings}
    seen = set()
    for finding in findings:
        mark = (finding.rule, finding.kind, finding.place, finding.key)
        stronger = names.intersection(rules[finding.rule].yields_to)
        if mark in seen or (stronger and any(f.rule in stronger and _meet(f, finding) for f in findings)):
            continue
        seen.add(mark)
        yield finding


def _meet(one: Finding, other: Finding) -> bool:
    """Whether two findings on one record speak of the same place."""
    a, b = one.place, other.place
    if a is None or b is None or a.pointer is None or b.pointer is None:
        return True
    if a.pointer != b.pointer:
        return False
    if a.start is None or b.start is None or a.stop is None or b.stop is None:
        return True
    return a.start < b.stop and b.start < a.stop


def _folded(findings: list[Finding], rules: Mapping[str, Rule], counts: list[Counts]) -> Iterator[Finding]:
    groups: dict[tuple[str, int, str, str], list[Finding]] = {}
    for finding in findings:
        if finding.place is not None and rules[finding.rule].folds:
            groups.setdefault((finding.rule, finding.place.record >> SHIFT, finding.kind, finding.key), []).append(finding)
        else:
            yield finding
    for (name, file, _, _), group in groups.items():
        ids = dict.fromkeys(f.place.record for f in group if f.place)
        if len(ids) >= LEAST and len(ids) > rules[name].fold_share * (
            counts[file].records + counts[file].rejected + counts[file].blank
        ):
            yield group[0]._replace(
                place=None, file=file, fix=None, hits=tuple(ids), related=tuple(ids)[:10], related_total=len(ids)
            )
        else:
            yield from group
