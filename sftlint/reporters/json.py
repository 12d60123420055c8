"""A JSON array of all findings."""

from __future__ import annotations

from typing import TextIO

from sftlint.report import Report
from sftlint.reporters.json_objects import as_json, dumps


def write(report: Report, out: TextIO) -> None:
    out.write("[")
    comma = "\n  "
    for diagnostic in report.diagnostics():
        out.write(comma + dumps(as_json(diagnostic)))
        comma = ",\n  "
    out.write("\n]\n" if comma.startswith(",") else "]\n")
