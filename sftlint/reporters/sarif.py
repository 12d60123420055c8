"""SARIF 2.1.0 as GitHub's code scanning takes it.

GitHub refuses a file of over 25,000 results and shows 5,000, so no more are written, some of every rule; the totals stand
in the properties of the run. See OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", and GitHub's
"SARIF support for code scanning".
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from sftlint import __version__, pages
from sftlint.diagnostic import Diagnostic
from sftlint.report import Report
from sftlint.reporters.choose import chosen, in_order, path_of, repository_path
from sftlint.reporters.json_objects import dumps
from sftlint.reporters.words import advised
from sftlint.rule import Rule, page
from sftlint.texts.safe import printable

RESULTS = 5_000
LONGEST = 1_000  # characters of a description
FIX = 4_096  # characters of a replacement; a longer one is left out
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}


def write(report: Report, out: TextIO) -> None:
    parts = chosen(report, RESULTS)
    rules = report.result.setup.rules
    numbers = {rule.name: number for number, rule in enumerate(rules)}
    shown = sum(len(findings) for _, findings in parts)
    out.write(f'{{"$schema": {dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{\n"tool": {{"driver": ')
    driver = {"name": "sftlint", "version": __version__, "semanticVersion": __version__}
    out.write(dumps(driver | {"rules": [_rule(rule, report) for rule in rules]}))
    out.write(f'}},\n"columnKind": "unicodeCodePoints",\n"invocations": [{dumps(_invocation(report, shown))}],\n')
    totals: dict[str, dict[str, int]] = {}
    for entry, findings in parts:
        total = totals.setdefault(entry.rule.name, {"findings": 0, "shown": 0})
        total["findings"] += len(entry.findings)
        total["shown"] += len(findings)
    counted = {"findings": len(report.result.findings), "shown": shown, "records": report.records, "rules": totals}
    out.write(f'"properties": {dumps(counted)},\n"results": [')
    comma = "\n"
    for diagnostic in report.diagnostics(in_order(parts)):
        out.write(comma + dumps(_result(diagnostic, numbers, report)))
        comma = ",\n"
    out.write("\n]}]}\n")


def _rule(rule: Rule, report: Report) -> dict[str, Any]:
    paragraphs = page(rule.__class__, report.lang)
    level = report.result.setup.severity(rule)
    properties: dict[str, Any] = {"tags": [rule.category, "dataset"], "problem.severity": _PROBLEMS[level]}
    if rule.category == "privacy":
        properties["security-severity"] = "7.0" if level == "error" else "4.0"
    mend = printable(rule.suggestion[report.lang == "zh"])
    return {
        "id": rule.name,
        "name": rule.__class__.__name__,
        "shortDescription": {"text": paragraphs[0][:LONGEST]},
        "fullDescription": {"text": (paragraphs[1] if len(paragraphs) > 1 else paragraphs[0])[:LONGEST]},
        "help": {"text": "\n\n".join([*paragraphs, mend]), "markdown": pages.markdown(rule.__class__, report.lang)},
        "defaultConfiguration": {"level": _LEVELS[level]},
        "properties": properties,
    }


def _invocation(report: Report, shown: int) -> dict[str, Any]:
    said = []
    if shown < len(report.result.findings):
        count = f"{shown:,} of {len(report.result.findings):,}"
        text = f"{count} findings are listed, some of every rule; the totals are in the run's properties."
        said.append({"level": "warning", "message": {"text": text}})
    return {"executionSuccessful": True, "toolExecutionNotifications": said}


def _result(diagnostic: Diagnostic, numbers: dict[str, int], report: Report) -> dict[str, Any]:
    mark = diagnostic.fingerprint if ":" in diagnostic.fingerprint else f"{diagnostic.fingerprint}:1"
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": numbers[diagnostic.code],
        "level": _LEVELS[diagnostic.severity],
        "message": _message(advised(diagnostic, report.lang)),
        "locations": [_location(path_of(diagnostic, report), diagnostic)],
        "partialFingerprints": {"primaryLocationLineHash": mark},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _row(name, row), "message": _message(f"{name}:{row}")}
            for number, (name, row) in enumerate(diagnostic.related, 1)
        ]
    if diagnostic.pointer is not None:
        result["properties"] = {"pointer": printable(diagnostic.pointer)}
    if diagnostic.fixes and sum(len(content) for *_, content in diagnostic.fixes) <= FIX:
        result["fixes"] = [_fix(diagnostic, report)]
    return result


def _message(text: str) -> dict[str, str]:
    """*text* as a message: one in which data makes no link."""
    return {"text": printable(text).replace("](", "] (")}


def _location(path: str, diagnostic: Diagnostic) -> dict[str, Any]:
    start, stop = diagnostic.location, diagnostic.end_location
    region = {"startLine": 1}
    if start and stop:
        # GitHub shows a finding in a pull request only where every line of it was changed: one line is enough.
        region = {"startLine": start[0], "startColumn": start[1]}
        region |= {"endLine": stop[0], "endColumn": stop[1]} if start[0] == stop[0] else {}
    return {"physicalLocation": {"artifactLocation": {"uri": uri(path)}, "region": region}}


def _row(name: str, row: int) -> dict[str, Any]:
    return {"artifactLocation": {"uri": uri(repository_path(name))}, "region": {"startLine": row}}


def _fix(diagnostic: Diagnostic, report: Report) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": {"startLine": a[0], "startColumn": a[1], "endLine": b[0], "endColumn": b[1]},
            "insertedContent": {"text": "".join(c if c < "\ud800" or c > "\udfff" else "\ufffd" for c in content)},
        }
        for a, b, content in diagnostic.fixes
    ]
    changes = [{"artifactLocation": {"uri": uri(path_of(diagnostic, report))}, "replacements": replacements}]
    return {"description": _message(diagnostic.suggestion), "artifactChanges": changes}


def uri(path: str) -> str:
    """*path* as a reference: relative to the root of the repository where it lies in it."""
    if os.path.isabs(path):
        return Path(path).as_uri()
    return quote(path, safe="/-._~", errors="backslashreplace")
