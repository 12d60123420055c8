"""One JSON object per finding and line."""

from __future__ import annotations

from typing import TextIO

from sftlint.diagnostic import as_json, dumps
from sftlint.report import Report


def write(report: Report, out: TextIO) -> None:
    for diagnostic in report.diagnostics():
        out.write(dumps(as_json(diagnostic)) + "\n")
