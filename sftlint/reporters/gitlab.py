"""GitLab's Code Quality report: a JSON array of findings."""

from __future__ import annotations

from typing import TextIO

from sftlint.diagnostic import Diagnostic
from sftlint.report import Report
from sftlint.reporters.choose import path_of
from sftlint.reporters.json_objects import dumps
from sftlint.reporters.words import advised
from sftlint.texts.safe import printable

_SEVERITIES = {"error": "critical", "warning": "major", "info": "info"}


def write(report: Report, out: TextIO) -> None:
    out.write("[")
    comma = "\n  "
    for diagnostic in report.diagnostics():
        out.write(comma + dumps(_issue(diagnostic, report)))
        comma = ",\n  "
    out.write("\n]\n" if comma.startswith(",") else "]\n")


def _issue(diagnostic: Diagnostic, report: Report) -> dict[str, object]:
    # GitLab shows findings with equal fingerprints as one; these are numbered.
    return {
        "description": printable(advised(diagnostic, report.lang)),
        "check_name": diagnostic.code,
        "fingerprint": diagnostic.fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            "path": printable(path_of(diagnostic, report)),
            "lines": {"begin": diagnostic.location[0] if diagnostic.location else 1},
        },
    }
