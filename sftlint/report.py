"""The outcome of a run, as reporters read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from sftlint import diagnostic
from sftlint.diagnostic import Diagnostic, severity
from sftlint.lint import Result, untold
from sftlint.rule import SEVERITIES, Finding, Rule
from sftlint.run import Counts
from sftlint.source import SHIFT
from sftlint.suppress import Suppressed

BY_SEVERITY = -1  # of examples: three for an error, one for a warning, none for a note


def _within(budget: object, count: int, records: int) -> bool:
    """Whether *count* of *records* is no more than *budget*: a number, or a share such as "0.5%"."""
    if isinstance(budget, int):
        return count <= budget
    return isinstance(budget, str) and count <= float(budget.rstrip("% ")) / 100 * records


@dataclass
class Tallied:
    """What one rule found."""

    rule: Rule
    severity: str
    findings: list[Finding] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    """Ids of the records that it hit, or places of the blank lines."""
    safe: int = 0
    unsafe: int = 0

    @property
    def records(self) -> set[int]:
        return set() if self.rule.of_blank_lines else self.lines


class Accepted(NamedTuple):
    """Findings of one rule that do not count, and why."""

    rule: str
    findings: int
    reason: str


class Stream:
    """Writes findings as soon as nothing can silence them any more."""

    def __init__(self, write: Callable[[Diagnostic], None], lang: str, limit: int | None, text: bool = True) -> None:
        self._write, self._lang, self._limit, self._text = write, lang, limit, text
        self.seen: dict[str, int] = {}
        self.count = 0

    def tell(self, result: Result, findings: list[Finding]) -> None:
        """Write *findings*, up to the limit."""
        if self._limit is not None:
            findings = findings[: max(self._limit - self.count, 0)]
        self.count += len(findings)
        for found in diagnostic.diagnostics(result, findings, self._lang, self.seen, text=self._text):
            self._write(found)


@dataclass
class Report:
    """What was found, counted, and what was not looked at."""

    result: Result
    lang: str = "en"
    fail_on: str = "warning"
    examples: int | None = BY_SEVERITY
    limit: int | None = None
    color: bool = False
    statistics: bool = False
    quiet: bool = False
    stream: Stream | None = None
    text: bool = True
    """Whether what stands in the records may be quoted."""
    accepted: Sequence[Accepted] = ()
    suppressed: Suppressed = field(default_factory=Suppressed)

    @cached_property
    def totals(self) -> Counts:
        total = Counts()
        for counts in self.result.counts:
            total = total.plus(counts)
        return total

    @cached_property
    def rules(self) -> list[Tallied]:
        """What each rule found, the worst and most frequent first."""
        found: dict[tuple[str, str], Tallied] = {}
        folded: dict[tuple[str, str, str, int], Tallied] = {}
        for finding in self.result.findings:
            rule = self.result.setup.by_name[finding.rule]
            level = severity(finding, rule, self.result.setup)
            entry = found.setdefault((rule.name, level), Tallied(rule, level))
            entry.findings.append(finding)
            entry.lines.update(finding.hits or ([finding.place.record] if finding.place else ()))
            if finding.fix:
                mended = len(finding.fix.edits) if finding.hits and not finding.place else 1
                entry.safe += mended * finding.fix.safe
                entry.unsafe += mended * (not finding.fix.safe)
            elif finding.hits and finding.file is not None:
                folded[finding.rule, finding.kind, finding.key, finding.file] = entry
        for finding in self.result.raw if folded else ():  # what was folded is mended one by one
            if finding.fix and finding.place:
                mark = (finding.rule, finding.kind, finding.key, finding.place.record >> SHIFT)
                if held := folded.get(mark):
                    held.safe += finding.fix.safe
                    held.unsafe += not finding.fix.safe
        return sorted(found.values(), key=lambda e: (-SEVERITIES.index(e.severity), -len(e.lines), e.rule.name))

    def count(self, level: str) -> int:
        """How many findings have the severity *level*."""
        return sum(len(entry.findings) for entry in self.rules if entry.severity == level)

    @cached_property
    def records(self) -> int:
        """How many records were read, those that are no JSON among them. A blank line is none."""
        return self.totals.records + self.totals.rejected

    @cached_property
    def records_hit(self) -> int:
        """Records with an error or a warning."""
        return len(set().union(*(e.records for e in self.rules if e.severity != "info")))

    @property
    def failed(self) -> bool:
        """Whether a finding is at or above the severity that fails a run. Notes never fail one."""
        return any(self.fails(entry.severity) and not self.allowed(entry) for entry in self.rules)

    def allowed(self, entry: Tallied) -> bool:
        """Whether what the rule found is within the budget that the configuration gives it."""
        budget = self.result.setup.config.rule.get(entry.rule.name, {}).get("budget")
        return budget is not None and _within(budget, len(entry.lines) or len(entry.findings), self.records)

    def fails(self, level: str) -> bool:
        """Whether a finding of the severity *level* fails the run."""
        levels = [level for level in SEVERITIES if level != "info"]
        return level in levels[levels.index(self.fail_on) if self.fail_on in levels else 0 :]

    def diagnostics(self, findings: Sequence[Finding] | None = None, **more: Any) -> Iterator[Diagnostic]:
        """The findings (by default all that were not streamed), located and in words."""
        more["text"] = self.text
        if findings is not None:
            return diagnostic.diagnostics(self.result, findings, self.lang, **more)
        chosen = untold(self.result) if self.stream else self.result.findings
        seen, told = (self.stream.seen, self.stream.count) if self.stream else ({}, 0)
        chosen = chosen if self.limit is None else chosen[: max(self.limit - told, 0)]
        return diagnostic.diagnostics(self.result, chosen, self.lang, seen, **more)
