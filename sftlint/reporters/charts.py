"""The charts of the HTML report: each a question, its answer in words, and bars."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sftlint.learn import Languages
from sftlint.report import Report
from sftlint.reporters.measure import Shape, clusters, shape
from sftlint.reporters.words import LANGUAGES, Words

NAME = 56  # characters of a template
_LINE = re.compile(r"\s+")
_EDGES = tuple(2**n for n in range(4, 18))


@dataclass(frozen=True)
class Bar:
    """One bar: its name, how many it stands for, its share as words, and its length from 0 to 1."""

    name: str
    count: int
    share: str
    size: float
    over: bool = False
    """Whether it is past the model's limit."""


@dataclass(frozen=True)
class Chart:
    """Bars that answer a question: a histogram if they stand `upright`, with names above them if these are `long`."""

    question: str
    answer: str
    bars: list[Bar]
    basis: str
    upright: bool = False
    long: bool = False


def charts(report: Report, words: Words) -> Iterator[Chart]:
    """The charts that there is something to draw for."""
    held = shape(report.result)
    sampled, result = len(held.tokens), report.result
    training = [result.counts[file.number].sound for file in result.collected.files if file.split == "train"]
    total = sum(training) if training else report.totals.sound
    whole = sampled >= total
    part = "" if total == 1 else "all " if whole else f"{sampled:,} of the "
    records = words.count(total, "sound training record", "sound training records", "")
    basis = words.say(
        f"estimated from {part}{records}; every record was judged",
        f"根据{'全部' if whole else ''} {total:,} 条完好的训练记录{'' if whole else f'中的 {sampled:,} 条'}估算；检查覆盖全部记录",
    )
    if sampled:
        yield _lengths(report, words, held, basis)
        yield _turns(words, held, basis)
    if spoken := _languages(report, words):
        yield spoken
    if copied := _clusters(report, words):
        yield copied
    if tasks := _templates(report, words):
        yield tasks


def _lengths(report: Report, words: Words, held: Shape, basis: str) -> Chart:
    tokens, limit = held.tokens, _limit(report)
    over = len(tokens) - bisect_left(tokens, limit + 1) if limit else 0
    middle, high = (tokens[min(int(share * len(tokens)), len(tokens) - 1)] for share in (0.5, 0.95))
    longer = words.percent(over, len(tokens)) if over else words.say("none", "没有")
    gap = " " if over else ""  # between a figure and an ideograph
    most = words.say(f"; {longer} over the limit of {limit:,}", f"；{longer}{gap}超过上限 {limit:,}") if limit else ""
    answer = words.say(
        f"Half have up to {words.count(middle, 'token', 'tokens', '')}, 95 % up to {high:,}, the longest {tokens[-1]:,}{most}.",
        f"半数不超过 {middle:,} 个 token，95% 不超过 {high:,}，最长 {tokens[-1]:,}{most}。",
    )
    edges = sorted({*(e for e in _EDGES if e <= max(tokens[-1] * 2, 64)), *([limit] if limit else ())})
    counts = [bisect_left(tokens, b + 1) - bisect_left(tokens, a + 1) for a, b in zip([-1, *edges], edges, strict=False)]
    counts.append(len(tokens) - sum(counts))
    first = next(i for i, count in enumerate(counts) if count)
    past = min(edges.index(limit) + 1, len(counts) - 1) if over else 0
    last = max(max(i for i, count in enumerate(counts) if count), past)
    names = [f"≤ {_short(edge)}" for edge in edges] + [f"> {_short(edges[-1])}"]
    marks = [bool(limit) and below > limit for below in edges] + [bool(limit)]
    bars = _bars(words, names[first : last + 1], counts[first : last + 1], marks[first : last + 1])
    return Chart(words.say("How long are the records?", "记录有多长？"), answer, bars, basis, upright=True)


def _limit(report: Report) -> int:
    """The most tokens that the model takes, as the rules that ask for it were told; 0 if nobody said."""
    setup = report.result.setup
    return max((int(getattr(held, "max_tokens", 0) or 0) for held in (setup.config, *setup.rules)), default=0)


def _turns(words: Words, held: Shape, basis: str) -> Chart:
    rounds = held.rounds
    most = max(rounds)
    single = words.percent(rounds[1], sum(rounds.values()))
    answer = words.say(
        f"{single} ask once and are answered; the longest dialogue has {words.count(most, 'round', 'rounds', '')}.",
        f"{single} 为一问一答；最长的对话有 {most} 轮。",
    )
    groups = [(n, n) for n in range(6)] + [(6, 10), (11, 20), (21, most)]
    named = [(f"{a}" if a == b else f"{a}–{b}", sum(rounds[n] for n in range(a, b + 1))) for a, b in groups if b >= a]
    kept = [(name, count) for name, count in named if count]
    bars = _bars(words, [name for name, _ in kept], [count for _, count in kept])
    return Chart(words.say("How many rounds do they have?", "有多少轮对话？"), answer, bars, basis)


def _languages(report: Report, words: Words) -> Chart | None:
    learned = report.result.setup.learned.get(Languages)
    counts = dict(sorted(learned.counts.items(), key=lambda pair: (-pair[1], pair[0]))) if learned else {}
    if not counts:
        return None
    total = sum(counts.values())
    names = [LANGUAGES[code][words.chinese] for code in counts]
    answer = words.say(
        f"Mostly {names[0]}." if len(names) > 1 else f"All in {names[0]}.",
        f"以{names[0]}为主。" if len(names) > 1 else f"全部为{names[0]}。",
    )
    basis = words.say(
        f"estimated from {words.count(total, 'sampled answer', 'sampled answers', '')}", f"根据抽样的 {total:,} 个回答估算"
    )
    bars = _bars(words, names, list(counts.values()))
    return Chart(words.say("Which languages are the answers in?", "回答使用哪些语言？"), answer, bars, basis)


def _clusters(report: Report, words: Words) -> Chart | None:
    sizes = clusters(report)
    if not sizes:
        return None
    copies = sum((size - 1) * count for size, count in sizes.items())
    number = sum(sizes.values())
    answer = words.say(
        f"{words.count(copies, 'copy', 'copies', '')} too many in {words.count(number, 'cluster', 'clusters', '')}; "
        f"the largest has {max(sizes):,} records.",
        f"{number:,} 组重复数据，共多出 {copies:,} 条；最大的一组有 {max(sizes):,} 条。",
    )
    groups = [(2, 2), (3, 3), (4, 4), (5, 9), (10, 99), (100, max(sizes))]
    named = [(f"{a}" if a == b else f"{a}–{b:,}", sum(c for s, c in sizes.items() if a <= s <= b)) for a, b in groups]
    kept = [(words.say(f"{name} records", f"{name} 条"), count) for name, count in named if count]
    bars = _bars(words, [name for name, _ in kept], [count for _, count in kept])
    basis = words.say("counted over all findings", "统计自全部发现")
    return Chart(words.say("How large are the clusters of duplicates?", "重复数据的组有多大？"), answer, bars, basis)


def _templates(report: Report, words: Words) -> Chart | None:
    """The largest templates of prompts, where a rule has learned them."""
    learned: Any = next((held for kind, held in report.result.setup.learned.items() if kind.__name__ == "Templates"), None)
    found = sorted(getattr(learned, "templates", ()), key=lambda template: -template.records)
    if not found or not report.text:
        return None
    total, shown = learned.records, found[:6]
    covered = words.percent(min(sum(template.records for template in found), total), total)
    answer = words.say(
        f"About {words.count(len(found), 'template', 'templates', '')} for {covered} of the prompts.",
        f"约 {len(found)} 个模板，占提示词的 {covered}。",
    )
    names = [_LINE.sub(" ", template.outline)[:NAME] + "…" * (len(template.outline) > NAME) for template in shown]
    most = max(shown[0].records, 1)
    bars = [Bar(n, t.records, words.percent(t.records, total), t.records / most) for n, t in zip(names, shown, strict=True)]
    basis = words.say(f"learned from {words.count(total, 'record', 'records', '')}", f"从 {total:,} 条记录中学到")
    return Chart(words.say("Which tasks are there?", "有哪些任务？"), answer, bars, basis, long=True)


def _bars(words: Words, names: Sequence[str], counts: Sequence[int], over: Sequence[bool] = ()) -> list[Bar]:
    total, most = sum(counts), max(counts)
    return [
        Bar(name, count, words.percent(count, total), count / max(most, 1), bool(over) and over[i])
        for i, (name, count) in enumerate(zip(names, counts, strict=True))
    ]


def _short(number: int) -> str:
    return f"{number // 1024}k" if number >= 1024 and number % 1024 == 0 else f"{number:,}"
