"""A page of Markdown, for a job summary, a pull request or a wiki: verdict, rules, the first findings, what was left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from sftlint.diagnostic import Diagnostic
from sftlint.report import Report
from sftlint.reporters.choose import chosen, in_order
from sftlint.reporters.concise import where
from sftlint.reporters.words import Words
from sftlint.rule import page
from sftlint.texts.safe import printable, visible

FINDINGS, FILES, ACCEPTED = 50, 20, 20
SIZE = 256 * 1024  # bytes; GitHub takes 1 MiB for all of a step
#: What Markdown makes something of inside a line, the marks of links without brackets among it.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~&$@]|(?<=www)\.|(?<=[a-z]):(?=//)", re.I)


def write(report: Report, out: TextIO) -> None:
    written = 0
    for line in _lines(report, Words(report)):
        written += len(line.encode("utf-8", "backslashreplace")) + 1
        if written > SIZE:
            break
        out.write(line + "\n")


def _lines(report: Report, words: Words) -> Iterator[str]:
    say = words.say
    verdict, _, rest = words.verdict().partition("  ")
    yield f"## {'❌' if report.failed else '✅'} sftlint: **{verdict}**"
    yield ""
    yield plain(rest) + say(". ", "。") + plain(words.overview(report.totals)) + say(".", "。")
    if report.rules:
        yield ""
        yield say("| rule | severity | findings | records | what it says |", "| 规则 | 级别 | 发现 | 记录 | 说明 |")
        yield "| :-- | :-- | --: | --: | :-- |"
    for entry in report.rules:
        hit = len(entry.records)
        share = say("{} ({})", "{}（{}）").format(f"{hit:,}", words.percent(hit, report.records)) if hit else ""
        summary = page(entry.rule.__class__, report.lang)[0].rstrip(".。")
        cells = (f"`{entry.rule.name}`", words.severity(entry.severity), f"{len(entry.findings):,}", share, plain(summary))
        yield f"| {' | '.join(cells)} |"
    parts = chosen(report, FINDINGS, most=10)
    findings = in_order(parts)
    if findings:
        total = len(report.result.findings)
        yield ""
        shown = say(
            f"{len(findings):,} of {words.count(total, 'finding', 'findings', '')}", f"{total:,} 处发现中的 {len(findings):,} 处"
        )
        yield f"<details{' open' if len(findings) <= 10 else ''}><summary>{shown}</summary>"
        yield ""
        for diagnostic in report.diagnostics(findings):
            yield _item(diagnostic, words)
        yield ""
        yield "</details>"
    for accepted in report.accepted[:ACCEPTED]:
        yield ""
        yield (
            say("Accepted: ", "已接受：")
            + f"`{accepted.rule}` ({accepted.findings:,})"
            + say(": ", "：")
            + plain(accepted.reason)
        )
    if missing := words.not_checked():
        yield ""
        yield say("Not checked: ", "未检查：") + plain(say(", ", "、").join(missing))
    yield ""
    files = report.result.collected.files
    named = say(", ", "、").join(code(file.name) for file in files[:FILES])
    yield say("Files: ", "文件：") + named + (f" +{len(files) - FILES:,}" if len(files) > FILES else "")
    yield ""


def _item(diagnostic: Diagnostic, words: Words) -> str:
    before, inside, after = diagnostic.window
    excerpt = f"{printable(before)}⟦{visible(inside)}⟧{printable(after)}" if inside or after else printable(before)
    said = f"- {code(where(diagnostic, words))} **{words.severity(diagnostic.severity)}** `{diagnostic.code}` "
    said += plain(diagnostic.message) + words.say(". Mend: ", "。修改：") + plain(diagnostic.suggestion)
    return said + (f"<br>{code(excerpt)}" if excerpt else "")


def plain(text: str) -> str:
    """*text* on one line in which nothing is markup, a link, a mention or a table's border."""
    return _MARKUP.sub(lambda m: "&#64;<!-- -->" if m[0] == "@" else f"&#{ord(m[0])};", printable(text))


def code(text: str) -> str:
    """*text* as code: unlike backticks, this ends at nothing that the text may hold."""
    return f"<code>{_MARKUP.sub(lambda m: f'&#{ord(m[0])};', printable(text))}</code>"
