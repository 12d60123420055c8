"""The sentences that the human formats share, in both languages."""

from __future__ import annotations

from sftlint.diagnostic import Diagnostic
from sftlint.learn import Languages
from sftlint.report import Report
from sftlint.run import Counts

LANGUAGES = {
    "zh": ("Chinese", "中文"), "en": ("English", "英文"), "ja": ("Japanese", "日文"), "ko": ("Korean", "韩文"),
    "ru": ("Cyrillic", "西里尔字母"), "ar": ("Arabic", "阿拉伯文"), "hi": ("Hindi", "印地文"), "th": ("Thai", "泰文"),
    "und": ("Latin letters", "拉丁字母"),
}  # fmt: skip
_SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}


class Words:
    """Says things about a report in its language."""

    def __init__(self, report: Report) -> None:
        self.report, self.chinese = report, report.lang == "zh"

    def say(self, english: str, chinese: str) -> str:
        return chinese if self.chinese else english

    def severity(self, name: str) -> str:
        return _SEVERITIES[name] if self.chinese else name

    def count(self, number: int, one: str, many: str, chinese: str) -> str:
        """`3 errors`, `1 error`, `3 个错误`."""
        return f"{number:,} {chinese}" if self.chinese else f"{number:,} {one if number == 1 else many}"

    def verdict(self) -> str:
        """PASS or FAIL, and how much was found."""
        report = self.report
        errors, warnings, notes = (report.count(level) for level in ("error", "warning", "info"))
        word = self.say("FAIL" if report.failed else "PASS", "未通过" if report.failed else "通过")
        if self.nothing_read:
            return f"{word}  " + self.say("nothing was read", "没有读取任何记录")
        hit = report.records_hit
        share = self.percent(hit, report.records)
        parts = [
            self.count(errors, "error", "errors", "个错误"),
            self.count(warnings, "warning", "warnings", "个警告")
            + self.say(f" in {self.count(hit, 'record', 'records', '')} ({share})", f"（共涉及 {hit:,} 条记录，占 {share}）")
            * bool(hit),
            self.count(notes, "note", "notes", "个提示"),
        ]
        return f"{word}  " + self.say(", ", "，").join(parts) + self._budgeted()

    def _budgeted(self) -> str:
        """What would fail the run and is within its budget, where the run passes for that."""
        report = self.report
        held = [entry for entry in report.rules if report.fails(entry.severity) and report.allowed(entry)]
        if report.failed or not held:
            return ""
        shown = []
        for entry in held:
            one, many = ("error", "errors") if entry.severity == "error" else ("warning", "warnings")
            count = self.count(len(entry.findings), one, many, f"个{self.severity(entry.severity)}")
            shown.append(self.say(f"{count} of {entry.rule.name}", f"{entry.rule.name} 的 {count}"))
        return self.say(f" (within the budget: {', '.join(shown)})", f"（未超出限额：{'、'.join(shown)}）")

    @property
    def nothing_read(self) -> bool:
        """Whether no record was read and nothing is to be said of that: a pass that tells nothing about data."""
        return not self.report.records and not self.report.rules

    def percent(self, part: int, whole: int) -> str:
        """`33.3 %`, in Chinese `33.3%`."""
        return percent(part, whole).replace(" %", "%" if self.chinese else " %")

    def formats(self, counts: Counts) -> str:
        return " + ".join(name for name, _ in sorted(counts.formats, key=lambda pair: -pair[1])) or self.say(
            "no records", "没有记录"
        )

    def languages(self) -> str:
        """The languages that at least a tenth of the answers are in."""
        learned = self.report.result.setup.learned.get(Languages)
        counts = learned.counts if learned else {}
        total = sum(counts.values())
        names = [
            LANGUAGES[code][self.chinese] for code in sorted(counts, key=lambda c: -counts[c]) if counts[code] >= 0.1 * total
        ]
        return self.say(" and ", "、").join(names)

    def turns(self, counts: Counts) -> str:
        if not counts.dialogues:
            return self.say("single-turn", "单轮")
        if counts.dialogues >= counts.records:
            return self.say("multi-turn", "多轮")
        share = self.percent(counts.dialogues, counts.records)
        return self.say(f"{share} multi-turn", f"{share} 为多轮")

    def tokens(self, counts: Counts) -> str:
        tokens = counts.tokens
        amount = f"{tokens / 1e6:.1f} M" if tokens >= 100_000 else f"{round(tokens / 1000)} k" if tokens >= 1000 else str(tokens)
        wide = f"{tokens / 1e4:,.0f} 万" if tokens >= 95_000 else f"{tokens / 1e4:.1f} 万" if tokens >= 9_500 else ""
        rounded = wide or (f"{round(tokens, -3):,}" if tokens >= 1000 else str(tokens))
        return self.say(f"about {amount} {'token' if tokens == 1 else 'tokens'}", f"约 {rounded} 个 token")

    def not_checked(self) -> list[str]:
        """What a reader might think was looked at, and was not."""
        result = self.report.result
        parts = []
        unread = sum(bool(file.facts.unreadable) for file in result.collected.files)
        if unread:
            parts.append(self.count(unread, "unreadable file", "unreadable files", "个无法读取的文件"))
        idle = [rule.name for rule in result.setup.rules if rule.needs and not getattr(rule, rule.needs)]
        if idle:
            names = self.say(", ", "、").join(idle)
            parts.append(self.say(f"{names} (not set up)", f"{names}（未设置）"))
        idle = [rule.name for rule in result.setup.rules if result.setup.idle(rule)]
        if idle:
            names = self.say(", ", "、").join(idle)
            parts.append(self.say(f"{names} (no evaluation data)", f"{names}（没有评测数据）"))
        off = len(result.setup.available) - len(result.setup.rules)
        if off:
            parts.append(self.count(off, "rule that is off", "rules that are off", "条未启用的规则"))
        return parts

    def overview(self, counts: Counts, *, languages: bool = True) -> str:
        """Format, records, languages, turns, tokens."""
        parts = [self.formats(counts), self.count(counts.records + counts.rejected, "record", "records", "条记录")]
        if languages and (spoken := self.languages()):
            parts.append(spoken)
        if counts.records:
            parts += [self.turns(counts), self.tokens(counts)]
        return self.say(", ", "，").join(parts)


def advised(diagnostic: Diagnostic, lang: str) -> str:
    """What is wrong, and what to do."""
    return f"{diagnostic.message}{'；' if lang == 'zh' else '; '}{diagnostic.suggestion}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal, never 0.0 % for something and never 100.0 % for less than all."""
    share = 100 * part / max(whole, 1)
    if part and share < 0.05:
        return "< 0.1 %"
    if part < whole and share > 99.95:
        return "> 99.9 %"
    return f"{share:.1f} %"
