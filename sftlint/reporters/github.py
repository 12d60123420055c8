"""For GitHub Actions: annotations on the changed files, the counts in the log, and a job summary.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest, so the worst are chosen, spread over
rules and files. See "Workflow commands for GitHub Actions" in GitHub's documentation.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

from sftlint.diagnostic import Diagnostic
from sftlint.errors import Error
from sftlint.report import Report
from sftlint.reporters import markdown
from sftlint.reporters.choose import path_of, spread
from sftlint.reporters.words import Words
from sftlint.texts.safe import printable

MOST = {"error": 10, "warning": 10, "info": 9}  # and a notice about the rest
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def write(report: Report, out: TextIO) -> None:
    words = Words(report)
    findings = spread(report, MOST)
    rest = len(report.result.findings) - len(findings)
    for diagnostic in report.diagnostics(findings):
        out.write(annotation(diagnostic, report) + "\n")
    if rest:
        where = words.say("in the job summary", "见任务摘要") if _summary_file() else words.say("not shown here", "此处未显示")
        more = words.count(rest, "more finding", "more findings", "处发现")
        out.write(command("notice", words.say(f"{more} {where}", f"另有 {more}{where}"), title="sftlint") + "\n")
    if not report.quiet:
        out.write(words.say("::group::sftlint: how often each rule hit\n", "::group::sftlint：各规则的发现数\n"))
        for entry in report.rules:
            out.write(f"| {len(entry.findings):>8}  {words.severity(entry.severity):<7}  {entry.rule.name}\n")
        out.write(f"::endgroup::\n{words.verdict()}\n")
    _summarise(report)


def annotation(diagnostic: Diagnostic, report: Report) -> str:
    """The command that puts a finding at its place. A place over several lines has no columns, as GitHub wants it."""
    properties: dict[str, object] = {"file": path_of(diagnostic, report)}
    start, stop = diagnostic.location, diagnostic.end_location
    if start and stop:
        properties |= {"line": start[0], "endLine": stop[0]}
        if start[0] == stop[0]:
            properties |= {"col": start[1], "endColumn": stop[1]}
    message = f"{diagnostic.message}\n{Words(report).say('Mend: ', '修改：')}{diagnostic.suggestion}"
    return command(_COMMANDS[diagnostic.severity], message, title=f"sftlint ({diagnostic.code})", **properties)


def command(name: str, message: str, **properties: object) -> str:
    """A workflow command. No character of a value can end it or begin another."""
    said = ",".join(f"{key}={_escaped(printable(str(value)), ':,')}" for key, value in properties.items())
    return f"::{name} {said}::{'%0A'.join(_escaped(printable(line)) for line in message.split(chr(10)))}"


def _escaped(text: str, more: str = "") -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for mark in more:
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text


def _summary_file() -> str:
    return os.environ.get("GITHUB_STEP_SUMMARY", "")


def _summarise(report: Report) -> None:
    """Append the Markdown report to the summary of the job, where there is one."""
    if path := _summary_file():
        try:
            with open(path, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
                markdown.write(report, out)
        except OSError as problem:
            raise Error(
                f"GITHUB_STEP_SUMMARY: {Path(path)}: cannot be written ({problem.strerror})",
                zh=f"GITHUB_STEP_SUMMARY：{Path(path)} 无法写入（{problem.strerror}）",
            ) from None
