"""The format of reviewdog: a JSON object of diagnostics. Columns count bytes of UTF-8."""

from __future__ import annotations

from typing import Any, TextIO

from sftlint.diagnostic import Diagnostic
from sftlint.report import Report
from sftlint.reporters.choose import path_of
from sftlint.reporters.json_objects import dumps
from sftlint.reporters.words import advised
from sftlint.texts.safe import printable

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def write(report: Report, out: TextIO) -> None:
    worst = next((entry.severity for entry in report.rules), "info")
    out.write('{"source": {"name": "sftlint"}, "severity": ' + dumps(_SEVERITIES[worst]) + ', "diagnostics": [')
    comma = "\n  "
    for diagnostic in report.diagnostics():
        out.write(comma + dumps(_diagnostic(diagnostic, report)))
        comma = ",\n  "
    out.write("\n]}\n" if comma.startswith(",") else "]}\n")


def _diagnostic(diagnostic: Diagnostic, report: Report) -> dict[str, Any]:
    location: dict[str, Any] = {"path": printable(path_of(diagnostic, report))}
    if diagnostic.location and diagnostic.end_location and diagnostic.bytes:
        location["range"] = {
            "start": {"line": diagnostic.location[0], "column": diagnostic.bytes[0]},
            "end": {"line": diagnostic.end_location[0], "column": diagnostic.bytes[1]},
        }
    said: dict[str, Any] = {
        "message": printable(advised(diagnostic, report.lang)),
        "location": location,
        "severity": _SEVERITIES[diagnostic.severity],
        "code": {"value": diagnostic.code},
    }
    if diagnostic.related:
        said["relatedLocations"] = [
            {"location": {"path": printable(name), "range": {"start": {"line": row}}}} for name, row in diagnostic.related
        ]
    return said
