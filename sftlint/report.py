"""The outcome of a run, as reporters read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sftlint import diagnostic
from sftlint.diagnostic import Diagnostic, severity
from sftlint.lint import Result
from sftlint.rule import SEVERITIES, Finding, Rule
from sftlint.run import Counts

LEVELS: tuple[str, ...] = SEVERITIES


@dataclass
class Tallied:
    """What one rule found."""

    rule: Rule
    severity: str
    findings: list[Finding] = field(default_factory=list)
    records: set[int] = field(default_factory=set)
    safe: int = 0
    unsafe: int = 0


@dataclass
class Report:
    """What was found, counted, and what was not looked at."""

    result: Result
    lang: str = "en"
    fail_on: str = "warning"
    examples: int | None = 3
    limit: int | None = None
    color: bool = False
    statistics: bool = False
    quiet: bool = False
    notes: list[str] = field(default_factory=list)

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
        for finding in self.result.findings:
            rule = self.result.setup.by_name[finding.rule]
            level = severity(finding, rule, self.result.setup)
            entry = found.setdefault((rule.name, level), Tallied(rule, level))
            entry.findings.append(finding)
            entry.records.update(finding.hits or ([finding.place.record] if finding.place else ()))
        for finding in self.result.raw:
            if finding.fix:
                rule = self.result.setup.by_name[finding.rule]
                if held := found.get((rule.name, severity(finding, rule, self.result.setup))):
                    held.safe += finding.fix.safe
                    held.unsafe += not finding.fix.safe
        return sorted(found.values(), key=lambda e: (-LEVELS.index(e.severity), -len(e.records), e.rule.name))

    def count(self, level: str) -> int:
        """How many findings have the severity *level*."""
        return sum(len(entry.findings) for entry in self.rules if entry.severity == level)

    @cached_property
    def records_hit(self) -> int:
        """Records with an error or a warning."""
        return len(set().union(*(entry.records for entry in self.rules if entry.severity != "info")))

    @property
    def failed(self) -> bool:
        """Whether a finding is at or above the severity that fails a run. Notes never fail one."""
        levels = [level for level in LEVELS if level != "info"]
        least = levels.index(self.fail_on) if self.fail_on in levels else 0
        return any(self.count(level) for level in levels[least:])

    def diagnostics(self, findings: Sequence[Finding] | None = None) -> Iterator[Diagnostic]:
        """The findings (all of them by default), located and in words."""
        chosen = self.result.findings if findings is None else findings
        return diagnostic.diagnostics(self.result, chosen if self.limit is None else chosen[: self.limit], self.lang)
