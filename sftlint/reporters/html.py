"""A page to sign a dataset off with, in one file that needs no network: verdict, charts, findings with their text, hashes.

Data can do nothing in it: the templates escape what they are given, and a policy lets no script or style run but the two
whose hashes it names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from sftlint.diagnostic import Diagnostic
from sftlint.report import Report, Tallied
from sftlint.reporters.charts import charts
from sftlint.reporters.choose import by_rule
from sftlint.reporters.concise import where
from sftlint.reporters.signature import signature
from sftlint.reporters.words import Words
from sftlint.rule import SEVERITIES, page
from sftlint.texts.safe import printable, visible

MOST, TOTAL = 200, 5_000  # findings of a rule, and of all rules, that the page holds
AROUND = 160  # characters of text on either side of a place
LEAKS = "leaked-evaluation"  # the rule whose findings are counted on top
_FOLDER = Path(__file__).with_name("page")


class Section(NamedTuple):
    """One rule on the page."""

    entry: Tallied
    summary: str
    why: list[str]
    mend: str
    """What to do, where that is the same for all findings."""
    records: int
    share: str
    findings: list[Diagnostic]


class Tile(NamedTuple):
    """A number on top, what it counts, and what there is to say of it."""

    value: str
    name: str
    note: str = ""
    kind: str = ""


def write(report: Report, out: TextIO) -> None:
    from markupsafe import Markup

    from sftlint.reporters.markup import excerpt

    words = Words(report)
    style, script = ((_FOLDER / name).read_text("utf-8") for name in ("page.css", "page.js"))
    verdict, _, found = words.verdict().partition("  ")
    files = report.result.collected.files
    sections = list(_sections(report, words))
    found_all, embedded = len(report.result.findings), sum(len(section.findings) for section in sections)
    left_out = words.say(f"; {found_all:,} found", f"；共发现 {found_all:,} 处") if embedded < found_all else ""
    values: dict[str, Any] = {
        "say": words.say, "words": words, "report": report, "where": where, "excerpt": excerpt,
        "style": Markup(style), "script": Markup(script), "policy": _policy(style, script),  # noqa: S704 - the project's own
        "verdict": verdict, "found": found, "because": _because(report, words),
        "title": files[0].name if len(files) == 1 else words.count(len(files), "file", "files", "个文件"),
        "tiles": list(_tiles(report, words)), "shares": _shares(report), "missing": list(_missing(report, words)),
        "charts": list(charts(report, words)), "sections": sections, "left_out": left_out, "signature": signature(report),
        "levels": [level for level in reversed(SEVERITIES) if report.count(level)], "most": MOST,
    }  # fmt: skip
    for piece in _template().generate(values):
        out.write(piece)
    out.write("\n")


@cache
def _template() -> Any:
    import jinja2

    from sftlint.reporters.markup import data, prose

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"data": data, "prose": prose, "printable": printable, "visible": visible}
    return environment.get_template("page.html.jinja")


def _policy(*texts: str) -> str:
    """The policy under which the browser runs nothing but the page's own style and script."""
    style, script = (f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts)
    return f"default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"


def _because(report: Report, words: Words) -> str:
    """Why the run passes or fails, by the rule that the exit code goes by."""
    levels = [level for level in reversed(SEVERITIES) if report.fails(level)]
    named = words.say(" or ", "或").join(words.severity(level) for level in levels)
    rules = [entry.rule.name for entry in report.rules if report.fails(entry.severity)]
    if not rules:
        return words.say(f"No finding is of the severity {named}.", f"没有级别为{named}的发现。")
    shown = words.say(", ", "、").join(rules[:3]) + (f" (+{len(rules) - 3})" if len(rules) > 3 else "")
    return words.say(
        f"{words.count(len(rules), 'rule', 'rules', '')} with findings of the severity {named}: {shown}.",
        f"{len(rules)} 条规则有级别为{named}的发现：{shown}。",
    )


def _hit(report: Report, level: str) -> int:
    """How many records have a finding of *level*."""
    return len(set().union(*(e.records for e in report.rules if e.severity == level)))


def _tiles(report: Report, words: Words) -> Iterator[Tile]:
    say, total = words.say, report.totals
    turns = words.turns(total) if total.records else ""
    yield Tile(
        f"{report.records:,}",
        say("record" if report.records == 1 else "records", "条记录"),
        say(", ", "，").join(filter(None, [words.languages(), turns])),
    )
    for level, name in (
        ("error", ("with errors", "条记录有错误")),
        ("warning", ("with warnings", "条记录有警告")),
    ):
        hit = _hit(report, level)
        held = say(f"{'record' if hit == 1 else 'records'} {name[0]}", name[1])
        yield Tile(f"{hit:,}", held, words.percent(hit, report.records) if hit else "", level if hit else "")
    about = (
        words.tokens(total)
        .removeprefix("about ")
        .removesuffix("s")
        .removesuffix(" token")
        .removeprefix("约 ")
        .removesuffix(" 个")
    )
    yield Tile(f"≈ {about}", say("token" if total.tokens == 1 else "tokens", "个 token"), words.formats(total))
    yield _leaks(report, words)
    accepted = sum(one.findings for one in report.accepted)
    yield Tile(
        f"{accepted:,}",
        say("finding accepted" if accepted == 1 else "findings accepted", "处发现已接受"),
        "" if accepted else say("no baseline", "无基线"),
    )


def _leaks(report: Report, words: Words) -> Tile:
    name = words.say("evaluation records leaked", "条评测数据泄漏")
    if LEAKS not in report.result.setup.by_name:
        return Tile("–", name, words.say("not checked", "未检查"))
    if not any(file.split == "evaluation" for file in report.result.collected.files):
        return Tile("–", name, words.say("no evaluation data given", "未提供评测数据"))
    leaks = sum(len(entry.findings) for entry in report.rules if entry.rule.name == LEAKS)
    return Tile(f"{leaks:,}", name, "", "error" if leaks else "")


def _shares(report: Report) -> list[tuple[str, int, float]]:
    """Records by the worst that was found in them, as (severity or "clean", count, share)."""
    left, parts = report.records, []
    seen: set[int] = set()
    for level in ("error", "warning"):
        held = set().union(*(e.records for e in report.rules if e.severity == level)) - seen
        seen |= held
        parts.append((level, len(held)))
    parts.append(("clean", max(left - len(seen), 0)))
    return [(level, count, count / max(left, 1)) for level, count in parts]


def _missing(report: Report, words: Words) -> Iterator[str]:
    yield from words.not_checked()
    sample = report.result.sample
    if part := sample.part(report.result.setup.learned):
        yield words.say(
            f"what rules learn from the data, they learned from at most {part:,} of {sample.lines:,} records",
            f"规则从数据中学到的内容来自 {sample.lines:,} 条记录中的至多 {part:,} 条",
        )
    yield words.say("whether what the answers say is true", "回答的内容是否属实")


def _sections(report: Report, words: Words) -> Iterator[Section]:
    for entry, findings in by_rule(report, TOTAL, MOST, AROUND):
        paragraphs = page(entry.rule.__class__, report.lang)
        mends = {diagnostic.suggestion for diagnostic in findings}
        hit = len(entry.records)
        share = words.percent(hit, report.records) if hit else ""
        yield Section(entry, paragraphs[0], paragraphs[1:2], mends.pop() if len(mends) == 1 else "", hit, share, findings)
