"""JUnit's XML, which nearly every CI shows: a suite for each rule, a failed case for each finding that fails the run."""

from __future__ import annotations

import re
from typing import TextIO
from xml.sax.saxutils import quoteattr

from sftlint.diagnostic import AROUND, Diagnostic
from sftlint.report import Report, Tallied
from sftlint.reporters.choose import by_rule, path_of
from sftlint.reporters.concise import where
from sftlint.reporters.words import Words, advised
from sftlint.texts.safe import printable

CASES, MOST = 5_000, 500  # in all, of a rule

#: What XML 1.0 cannot hold, however it is written.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, out: TextIO) -> None:
    words = Words(report)
    hit = {entry.rule.name for entry in report.rules}
    clean = [rule.name for rule in report.result.setup.rules if rule.name not in hit]
    suites = list(by_rule(report, CASES, MOST, AROUND))
    cases = [(len(found), report.fails(entry.severity)) for entry, found in suites]
    tests = len(clean) + sum(count + (count < len(e.findings)) for (count, _), (e, _) in zip(cases, suites, strict=True))
    failures, skipped = (sum(count for count, fails in cases if fails is wanted) for wanted in (True, False))
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f'<testsuites name="sftlint" tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}">\n')
    for entry, found in suites:
        _suite(entry, found, report, words, out)
    for name in clean:
        out.write(f'  <testsuite name="{name}" tests="1" failures="0" errors="0" skipped="0">\n')
        out.write(f'    <testcase classname="sftlint" name="{name}"/>\n  </testsuite>\n')
    out.write("</testsuites>\n")


def _suite(entry: Tallied, found: list[Diagnostic], report: Report, words: Words, out: TextIO) -> None:
    name, fails, rest = entry.rule.name, report.fails(entry.severity), len(entry.findings) - len(found)
    failed = f'failures="{len(found) * fails}" errors="0" skipped="{len(found) * (not fails)}"'
    out.write(f'  <testsuite name="{name}" tests="{len(found) + bool(rest)}" {failed}>\n')
    for diagnostic in found:
        at = {"name": f"{name} {where(diagnostic, words)}", "file": path_of(diagnostic, report)}
        if diagnostic.location:
            at["line"] = str(diagnostic.location[0])
        message = {"message": diagnostic.message} | ({"type": entry.severity} if fails else {})
        said = f"    <testcase classname={_quoted(f'sftlint.{name}')}{_attributes(at)}>"
        if fails:
            text = f"{where(diagnostic, words)}: {advised(diagnostic, words.report.lang)}"
            said += f"<failure{_attributes(message)}>{_text(text)}</failure>"
        else:
            said += f"<skipped{_attributes(message)}/>"
        out.write(f"{said}</testcase>\n")
    if rest:  # a case that passes: the findings were counted, and not all are listed
        more = words.say(f"{name}: {rest:,} more findings not listed", f"{name}：另有 {rest:,} 处发现未列出")
        out.write(f"    <testcase classname={_quoted(f'sftlint.{name}')} name={_quoted(more)}/>\n")
    out.write("  </testsuite>\n")


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {key}={_quoted(value)}" for key, value in values.items())


def _legal(text: str) -> str:
    return _ILLEGAL.sub(lambda m: f"\\u{ord(m[0]):04x}", printable(text))


def _quoted(text: str) -> str:
    return quoteattr(_legal(text))


def _text(text: str) -> str:
    return _legal(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
