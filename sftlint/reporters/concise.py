"""One line per finding: `path:row:column: severity rule message`."""

from __future__ import annotations

from typing import TextIO

from sftlint.diagnostic import Diagnostic
from sftlint.report import Report
from sftlint.reporters.words import Words
from sftlint.texts.safe import printable


def write(report: Report, out: TextIO) -> None:
    words = Words(report)
    for diagnostic in report.diagnostics():
        out.write(line(diagnostic, words) + "\n")
    if not report.quiet:
        out.write(words.verdict() + "\n")


def line(diagnostic: Diagnostic, words: Words) -> str:
    """The finding on one line; `[*]` marks what can be mended safely."""
    mark = " [*]" if diagnostic.fix is not None and diagnostic.fix.safe else ""
    severity = words.severity(diagnostic.severity)
    return printable(f"{where(diagnostic, words)}: {severity} {diagnostic.code}{mark} {diagnostic.message}")


def where(diagnostic: Diagnostic, words: Words) -> str:
    """`path:row:column`, the path of a file, or the dataset."""
    if diagnostic.filename is None:
        return words.say("dataset", "数据集")
    if diagnostic.location is None:
        return diagnostic.filename
    return f"{diagnostic.filename}:{diagnostic.location[0]}:{diagnostic.location[1]}"
