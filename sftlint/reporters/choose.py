"""Which findings are shown where not all can be, and what a repository calls their files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

from sftlint.diagnostic import Diagnostic
from sftlint.report import Report, Tallied
from sftlint.rule import SEVERITIES, Finding
from sftlint.settle import order
from sftlint.source import SHIFT


def shares(sizes: Sequence[int], levels: Sequence[str], limit: int) -> list[int]:
    """How many findings of each rule are shown, at most *limit* in all.

    *sizes* are how many each has, *levels* their severities, the worst first. Half of *limit* is shared out among all, so
    that no rule crowds out another; the rest goes to the worst severity first, and within it to all alike.
    """
    taken = [0] * len(sizes)
    every = list(range(len(sizes)))
    left = _fill(taken, sizes, every, limit // 2)
    left += limit - limit // 2
    for level in dict.fromkeys(levels):
        left = _fill(taken, sizes, [i for i in every if levels[i] == level], left)
    return taken


def _fill(taken: list[int], sizes: Sequence[int], among: list[int], amount: int) -> int:
    """Give each of *among* as much as the next, up to its size; what is left of *amount*."""
    waiting = sorted(among, key=lambda i: (sizes[i] - taken[i], i))
    for done, i in enumerate(waiting):
        given = min(sizes[i] - taken[i], amount // (len(waiting) - done))
        taken[i] += given
        amount -= given
    return amount


def chosen(report: Report, limit: int, most: int | None = None) -> list[tuple[Tallied, list[Finding]]]:
    """The findings of each rule that are shown: at most *limit* in all and *most* of a rule, the first ones of each."""
    allowed = None if report.limit is None else {id(found) for found in report.result.findings[: report.limit]}
    held = [e.findings if allowed is None else [f for f in e.findings if id(f) in allowed] for e in report.rules]
    sizes = [len(found) if most is None else min(len(found), most) for found in held]
    taken = shares(sizes, [entry.severity for entry in report.rules], limit)
    return [(entry, found[:count]) for entry, found, count in zip(report.rules, held, taken, strict=True)]


def in_order(parts: Sequence[tuple[Tallied, list[Finding]]]) -> list[Finding]:
    """The findings of *parts* in reading order."""
    return sorted((finding for _, findings in parts for finding in findings), key=order)


def by_rule(report: Report, limit: int, most: int, around: int) -> Iterator[tuple[Tallied, list[Diagnostic]]]:
    """Each rule with its findings that are shown, located and in words."""
    parts = chosen(report, limit, most)
    shown: dict[tuple[str, str], list[Diagnostic]] = {}
    for diagnostic in report.diagnostics(in_order(parts), around=around):
        shown.setdefault((diagnostic.code, diagnostic.severity), []).append(diagnostic)
    for entry, _ in parts:
        yield entry, shown.get((entry.rule.name, entry.severity), [])


def spread(report: Report, most: Mapping[str, int]) -> list[Finding]:
    """At most so many findings of each severity, in reading order: one of each rule and file before any other."""
    picked: list[Finding] = []
    parts = chosen(report, len(report.result.findings) * 2)
    for level in SEVERITIES:
        rules = [_by_file(findings, most[level]) for entry, findings in parts if entry.severity == level]
        ranked = [finding for round in zip_longest(*rules) for finding in round if finding is not None]
        picked += ranked[: most[level]]
    return sorted(picked, key=order)


def _by_file(findings: list[Finding], most: int) -> list[Finding]:
    """At most *most* of *findings*: the first of each file, then the second of each, and so on."""
    files: dict[int | None, list[Finding]] = {}
    for finding in findings:
        held = files.setdefault(finding.place.record >> SHIFT if finding.place else finding.file, [])
        if len(held) < most:
            held.append(finding)
    return [finding for round in zip_longest(*files.values()) for finding in round if finding is not None][:most]


def repository_path(name: str) -> str:
    """*name* as the repository calls the file: relative to its root, with forward slashes. Services know no other."""
    if os.path.isabs(name) or name.startswith(("..", "<")):
        return name
    root, here = _root(os.getcwd(), os.environ.get("GITHUB_WORKSPACE", ""))
    return (Path(here).relative_to(root) / name).as_posix()


@lru_cache(8)
def _root(here: str, workspace: str) -> tuple[str, str]:
    """The root of the repository that the folder *here* is in, and *here* without links."""
    real = Path(os.path.realpath(here))
    folders = [real, *real.parents]
    given = Path(os.path.realpath(workspace)) if workspace else None
    if given in folders:
        return str(given), str(real)
    return str(next((folder for folder in folders if (folder / ".git").exists()), real)), str(real)


def path_of(diagnostic: Diagnostic, report: Report) -> str:
    """The file that stands for the finding where every finding must have one."""
    if diagnostic.filename is not None:
        return repository_path(diagnostic.filename)
    finding, files = diagnostic.finding, report.result.collected.files
    first = (finding.hits or finding.related)[:1] if finding else ()
    return repository_path(files[first[0] >> SHIFT if first else 0].name) if files else "."
