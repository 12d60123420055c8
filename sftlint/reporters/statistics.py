"""How often each rule hit."""

from __future__ import annotations

from typing import TextIO

from sftlint.report import Report


def write(report: Report, out: TextIO) -> None:
    for entry in report.rules:
        fix = "  [*]" if entry.safe else ""
        out.write(f"{len(entry.findings):>8}  {entry.severity:<7}  {entry.rule.name}{fix}\n")
