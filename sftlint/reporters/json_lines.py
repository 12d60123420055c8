"""One JSON object per finding and line. What nothing later can silence is written while the run goes on."""

from __future__ import annotations

from typing import TextIO

from sftlint.diagnostic import Diagnostic
from sftlint.report import Report
from sftlint.reporters.json_objects import as_json, dumps


def write(report: Report, out: TextIO) -> None:
    for diagnostic in report.diagnostics():
        write_one(diagnostic, out)


def write_one(diagnostic: Diagnostic, out: TextIO) -> None:
    """Write one finding. Its being here makes the format a stream."""
    out.write(dumps(as_json(diagnostic)) + "\n")
