"""For a person at a terminal: what was read, the verdict, the rules that hit, and examples; never over 120 lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from sftlint.diagnostic import Diagnostic
from sftlint.report import BY_SEVERITY, Report, Tallied
from sftlint.reporters.concise import where
from sftlint.reporters.words import Words
from sftlint.rule import page
from sftlint.settle import order
from sftlint.texts.facts import pad
from sftlint.texts.safe import printable, visible

FILES, RULES, HEAD, LINES = 3, 12, 24, 120
_COLORS = {"error": "31", "warning": "33", "info": "36", "FAIL": "1;31", "PASS": "1;32", "mark": "1;35", "name": "1"}


def write(report: Report, out: TextIO) -> None:
    text = Text(report)
    lines = list(text.lines())
    limit = None if report.examples is None else LINES
    for line in lines[:limit] if limit is None or len(lines) <= LINES else [*lines[: LINES - 2], text.more(), lines[-1]]:
        out.write(line + "\n")


class Text:
    """The lines of the report."""

    def __init__(self, report: Report) -> None:
        self.report, self.words = report, Words(report)
        self.say = self.words.say

    def lines(self) -> Iterator[str]:
        report = self.report
        if not report.quiet:
            yield from self._files()
            if not self.words.nothing_read:
                yield self._verdict()
            yield from self._table()
        if report.examples != 0:
            shown = self._examples()
            for entry in report.rules:
                examples = [found for found in shown.get(entry.rule.name, ()) if found.severity == entry.severity]
                if examples:
                    yield ""
                    yield from self._rule(entry, examples)
        if not report.quiet:
            if report.rules:
                yield ""
            yield self._last()

    def _files(self) -> Iterator[str]:
        result = self.report.result
        files = result.collected.files
        splits = {file.split for file in files}
        for file in files if len(files) <= FILES else ():
            named = self.say(f"  [{file.split}]", "（训练集）" if file.split == "train" else "（评测集）")
            split = named if len(splits) > 1 else ""
            counts = result.counts[file.number]
            held = self._unread(file.facts.unreadable) or self.words.overview(counts, languages=len(files) == 1)
            yield printable(f"{file.name}  {held}{split}")
        if len(files) > FILES:
            counted = self.words.count(len(files), "file", "files", "个文件")
            evaluated = sum(file.split == "evaluation" for file in files)
            split = (
                self.say(f" ({evaluated} evaluation)", f"（其中评测集 {evaluated} 个）") if evaluated and len(splits) > 1 else ""
            )
            yield printable(f"{counted}{split}  {self.words.overview(self.report.totals)}")
        if part := result.sample.part(result.setup.learned):
            yield self.say(
                f"learned from at most {part:,} of {result.sample.lines:,} records; every record is judged",
                f"从 {result.sample.lines:,} 条中至多取 {part:,} 条学习；逐条检查全部记录",
            )

    def _unread(self, reason: str) -> str:
        said = {
            "empty": ("empty", "空文件"), "lfs": ("Git LFS pointer", "Git LFS 指针"), "compressed": ("compressed", "压缩文件"),
            "pretty": ("records over several lines", "一条记录占多行"), "encoding": ("not UTF-8", "不是 UTF-8"),
            "format": ("unknown format", "格式未知"), "text": ("text", "文本文件"),
        }  # fmt: skip
        return self.say("not read: ", "未读取：") + self.say(*said[reason]) if reason else ""

    def _verdict(self) -> str:
        verdict = self.words.verdict()
        word, _, rest = verdict.partition("  ")
        return f"{self._paint('FAIL' if self.report.failed else 'PASS', word)}  {rest}"

    def _table(self) -> Iterator[str]:
        entries = self.report.rules
        width = max((len(entry.rule.name) for entry in entries), default=0)
        shown = entries if len(entries) <= RULES or self.report.examples is None else entries[:RULES]
        for entry in shown:
            fix = self.say("fix", "可修复") if entry.safe else self.say("unsafe fix", "不安全修复") if entry.unsafe else ""
            if self.report.allowed(entry):
                fix = self.say("within its budget", "未超出限额")
            summary = page(entry.rule.__class__, self.report.lang)[0].rstrip(".。")
            level = self._paint(entry.severity, pad(self.words.severity(entry.severity), 7))
            count = len(entry.lines) or len(entry.findings)
            share = self.words.percent(len(entry.records), self.report.records) if entry.records else ""
            yield f"  {level}  {entry.rule.name:<{width}}  {count:>6,}  {share:>7}  {pad(summary, 44)}  {fix}".rstrip()
        if len(entries) > len(shown):
            rest = len(entries) - len(shown)
            yield self.say(
                f"  and {self.words.count(rest, 'more rule', 'more rules', '')}; --statistics lists all",
                f"  另有 {rest} 条规则有发现；用 --statistics 查看全部",
            )

    def _examples(self) -> dict[str, list[Diagnostic]]:
        """Examples of each rule: as many as were asked for, by default three per error rule and one per warning rule."""
        wanted = self.report.examples
        chosen = []
        for entry in self.report.rules:
            number = {"error": 3, "warning": 1, "info": 0}[entry.severity] if wanted == BY_SEVERITY else wanted
            chosen += sorted(entry.findings, key=lambda f: f.place is None)[:number]
        shown: dict[str, list[Diagnostic]] = {}
        for diagnostic in self.report.diagnostics(sorted(chosen, key=order)):
            shown.setdefault(diagnostic.code, []).append(diagnostic)
        return shown

    def _rule(self, entry: Tallied, examples: list[Diagnostic]) -> Iterator[str]:
        summary = page(entry.rule.__class__, self.report.lang)[0].rstrip(".。")
        count = self.say(f" ({len(entry.findings):,})", f"，{len(entry.findings):,} 处")
        yield f"{self._paint('name', entry.rule.name)}  {summary}{count}"
        mends = [printable(diagnostic.suggestion) for diagnostic in examples]
        alike = len(set(mends)) == 1
        for diagnostic, mend in zip(examples, mends, strict=True):
            yield f"  {printable(where(diagnostic, self.words))}  {printable(diagnostic.message)}{self._window(diagnostic)}"
            if not alike:
                yield self.say(f"    Mend: {mend}.", f"    修改：{mend}。")
        why = first_sentence(page(entry.rule.__class__, self.report.lang)[1])
        yield self.say(f"  Why: {why}", f"  原因：{why}") + (
            self.say(f"  Mend: {mends[0]}.", f"修改：{mends[0]}。") if alike else ""
        )

    def _window(self, diagnostic: Diagnostic) -> str:
        before, inside, after = diagnostic.window
        colon, before, after = self.say(": ", "："), printable(before), printable(after)
        if not inside and not after:
            return f"{colon}{before}" if before else ""
        return f"{colon}{before}{self._paint('mark', '⟦' + visible(inside) + '⟧')}{after}"

    def _last(self) -> str:
        report = self.report
        safe, unsafe = sum(e.safe for e in report.rules), sum(e.unsafe for e in report.rules)
        parts = [self._verdict()]
        if safe or unsafe:
            more = self.say(f", {unsafe:,} more unsafely", f"，另有 {unsafe:,} 处为不安全修复") if unsafe else ""
            parts.append(self.say(f"{safe:,} can be mended safely{more}", f"{safe:,} 处可安全修复{more}"))
        if hidden := self._suppressed():
            parts.append(hidden)
        missing = self.say(", ", "、").join(self.words.not_checked())
        if missing:
            parts.append(self.say(f"not checked: {missing}", f"未检查：{missing}"))
        if report.failed and not report.suppressed.used and report.count("warning") and report.fails("warning"):
            parts.append(
                self.say(
                    "`sftlint baseline create` lets only new warnings fail", "用 `sftlint baseline create` 可只对新增警告报错"
                )
            )
        return self.say("; ", "；").join(parts)

    def _suppressed(self) -> str:
        """What was found and is not reported."""
        held = self.report.suppressed
        accepted = sum(bool(entry.reason) for entry in held.used)
        parts = []
        if known := len(held.used) - accepted:
            parts.append(self.say(f"{known:,} in the baseline", f"基线中已有 {known:,} 处"))
        if accepted:
            parts.append(self.say(f"{accepted:,} accepted", f"已接受 {accepted:,} 处"))
        if held.old:
            parts.append(self.say(f"{held.old:,} on records that are not new", f"旧记录上 {held.old:,} 处"))
        shown = self.say(", ", "、").join(parts)
        return self.say(f"not reported: {shown}", f"未报告：{shown}") if parts else ""

    def more(self) -> str:
        return self.say(
            "... more in --output-format concise or --examples all", "……更多内容见 --output-format concise 或 --examples all"
        )

    def _paint(self, kind: str, text: str) -> str:
        return f"\x1b[{_COLORS[kind]}m{text}\x1b[0m" if self.report.color else text


def first_sentence(text: str) -> str:
    """The first sentence of a paragraph, with its mark."""
    ends = [at + 1 for mark in (". ", "。") if (at := text.find(mark)) >= 0]
    return text[: min(ends)].strip() if ends else text
