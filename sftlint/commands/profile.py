"""`sftlint profile`: what a dataset holds, as it was counted and learned. Nothing is judged."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import exp
from typing import Any, NamedTuple, Self

import numpy as np

from sftlint import engines, lint, source
from sftlint.config import Config
from sftlint.errors import Error
from sftlint.learn import Languages, Sample
from sftlint.learned.grams import grams
from sftlint.learned.template import Template
from sftlint.learned.templates import Templates
from sftlint.phrase import Phrase, counted, quote
from sftlint.reader import Records
from sftlint.reporters.words import LANGUAGES
from sftlint.run import Counts
from sftlint.setup import Setup
from sftlint.source import Chunk
from sftlint.texts.facts import pad
from sftlint.texts.safe import printable

SHOWN = 20  # templates
STEPS = 8  # bins of lengths to a doubling


class Measured(NamedTuple):
    """What is counted in a part of the records. Lengths are counted by the STEPS-th of their binary logarithm."""

    counts: Counts
    rounds: Counter[int]
    prompts: Counter[int]
    answers: Counter[int]
    templates: Counter[int]
    labels: Counter[tuple[int, str]]

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        counts, *counters = zip(*parts, strict=True) if parts else ([], *([] for _ in cls._fields[1:]))
        total = Counts()
        for part in counts:
            total = total.plus(part)
        return cls(total, *(sum(held, Counter()) for held in counters))


def run_profile(paths: Sequence[str], config: Config, lang: str) -> str:
    """The page about the records in *paths*.

    Raises:
        Error: there is nothing to read.
    """
    collected = source.collect(list(paths), exclude=config.exclude, renames=config.renames)
    engine = engines.for_size(sum(file.size for file in collected.files), 0)
    try:
        bare = replace(config, select=("no-valid-record",), ignore=(), rule={})
        setup, sample, chunks = lint.learn(collected, bare, (Templates, Languages), engine)
        measured = Measured.merge(list(engine.map(measure, chunks, setup)))
    finally:
        engine.close()
    if not measured.counts.sound:
        given = " ".join(paths)
        raise Error(
            f"{given}: no records that can be read; `sftlint check` says why",
            zh=f"{given}：没有可读取的记录；原因见 `sftlint check`",
        )
    records = Records(collected.files, setup.reader)
    names = [file.name for file in collected.files]
    return "\n".join(map(printable, _page(names, setup, sample, measured, records, int(lang == "zh")))) + "\n"


def measure(setup: Setup, chunk: Chunk) -> Measured:
    """What one chunk holds."""
    batch = setup.reader.batch(chunk, source.read(chunk))
    templates: Templates = setup.learned[Templates]
    rounds: Counter[int] = Counter()
    prompts: Counter[int] = Counter()
    answers: Counter[int] = Counter()
    for record in batch.sound:
        rounds[record.layout.rounds] += 1
        prompts[_bin(len(record.question))] += 1
        answers[_bin(len(record.target))] += 1
    labels = Counter({key: count for key, count, _ in templates.labels(batch)})
    return Measured(Counts.of(batch), rounds, prompts, answers, Counter(templates.assign(batch).numbers), labels)


def _page(names: list[str], setup: Setup, sample: Sample, measured: Measured, records: Records, zh: int) -> Iterator[str]:
    counts, templates = measured.counts, setup.learned[Templates]
    total = counts.sound
    lines = counted(sample.lines, "line", "lines")
    part = sample.part(setup.learned)
    some = f"{_MOST[zh] if part else ''}{part or len(sample.ids):,}"
    learned = _LEARNED[zh].format(part=some, lines=lines, count=f"{sample.lines:,}")
    read = _RECORDS[zh].format(records=counted(total, "record", "records"), count=f"{total:,}")
    yield f"{_COMMA[zh].join(names[:5])}{' …' if len(names) > 5 else ''}  {read}  {learned}"
    yield ""
    yield _line(_WORDS["formats"][zh], _COMMA[zh].join(f"{name} {count:,}" for name, count in counts.formats))
    used = setup.learned[Languages].counts
    shares = sorted(used.items(), key=lambda pair: (-pair[1], pair[0]))
    spoken = (f"{_language(code, zh)} {_percent(n, sum(used.values()), zh)}" for code, n in shares[:6])
    yield _line(_WORDS["languages"][zh], _COMMA[zh].join(spoken))
    rounds = (_ROUND[zh].format(n=n, share=_percent(c, total, zh)) for n, c in sorted(measured.rounds.items())[:8])
    yield _line(_WORDS["rounds"][zh], _COMMA[zh].join(rounds))
    for name, held in (("prompts", measured.prompts), ("answers", measured.answers)):
        low, middle, high = (_quantile(held, share) for share in (0.05, 0.5, 0.95))
        half = counted(middle, "character", "characters")
        yield _line(_WORDS[name][zh], _LENGTHS[zh].format(low=f"{low:,}", middle=f"{middle:,}", half=half, high=f"{high:,}"))
    yield _line(_WORDS["tokens"][zh], _TOKENS[zh].format(tokens=f"{counts.tokens:,}"))
    yield ""
    yield from _templates(templates, measured, records, zh)
    yield ""
    yield from _diversity(templates, sample, records, zh)


def _templates(learned: Templates, measured: Measured, records: Records, zh: int) -> Iterator[str]:
    counts, total = measured.templates, measured.counts.sound
    free = counts.get(-1, 0)
    held = sorted(((count, number) for number, count in counts.items() if number >= 0), key=lambda pair: (-pair[0], pair[1]))
    yield _HEADING[zh].format(count=len(held), shared=_percent(total - free, total, zh))
    for count, number in held[:SHOWN]:
        template: Template = learned.templates[number]
        yield f"  {count:>9,}  {_percent(count, total, zh):>6}  {quote(template.outline, 76)}"
        for line in _answers(template, number, measured, zh):
            yield f"{'':21}{line}"
        example = records[template.example].question
        yield f"{'':21}{_WORDS['example'][zh]}{quote(example, 76)}"
    if len(held) > SHOWN:
        yield _MORE[zh].format(count=len(held) - SHOWN)


def _answers(template: Template, number: int, measured: Measured, zh: int) -> Iterator[str]:
    """What the answers to a template have in common."""
    contract = template.contract
    if contract.closed:
        found = {name: count for (owner, name), count in measured.labels.items() if owner == number}
        shown = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        said = " / ".join(f"{quote(contract.labels[name][0], 20)} {count:,}" for name, count in shown[:8])
        yield _WORDS["labels"][zh] + said + (" …" if len(shown) > 8 else "")
        return
    if contract.mixed:
        yield _WORDS["mixed"][zh]
    forms = [
        _FORMS[kind][zh].format(language=_language(contract.language, zh), shape=contract.shape)
        for kind in contract.kinds
        if kind in _FORMS
    ]
    length = max(1, round(exp(contract.length)) - 1)
    about = _ABOUT[zh].format(length=f"{length:,}", characters=counted(length, "character", "characters"))
    yield _WORDS["answered"][zh] + _COMMA[zh].join([*forms, about])


def _diversity(learned: Templates, sample: Sample, records: Records, zh: int) -> Iterator[str]:
    """Numbers on at most 1,000 sampled prompts, beside those of healthy sets."""
    texts = []
    for id in sample.ids[:1000].tolist():
        try:
            texts.append(records[id].question)
        except KeyError:
            continue  # a line without a record
    yield _DIVERSITY[zh].format(count=f"{len(texts):,}")
    rows: list[tuple[str, str, str]] = [("different", _percent(learned.prompts, max(1, learned.records), zh), "> 50 %")]
    if len(texts) >= 200:
        joined = "\n".join(texts).encode("utf-8", "replace")[:200_000]
        rows.append(("compression", f"{len(joined) / len(zlib.compress(joined, 6)):.1f}", "2.2 - 3.7"))
        hashes = grams(texts).hash[:20_000]
        rows.append(("grams", _percent(len(np.unique(hashes)), max(1, len(hashes)), zh), "> 50 %"))
    shares = np.array([template.records for template in learned.templates] or [0], float) / max(1, learned.records)
    rest = 1 - float(shares.sum())
    entropy = -float(sum(share * np.log(share) for share in shares if share > 0))
    entropy += rest * float(np.log(max(1, learned.records)))  # every free prompt is a template of its own
    rows.append(("effective", f"{np.exp(entropy):,.0f}", _WORDS["one"][zh]))
    for name, value, healthy in rows:
        yield f"  {pad(_WORDS[name][zh], 44)}{value:>9}   {_HEALTHY[zh]}{healthy.replace(' %', '%') if zh else healthy}"


def _bin(length: int) -> int:
    return int(np.log2(length) * STEPS) if length else -1


def _quantile(held: Counter[int], share: float) -> int:
    """The length below which *share* of what was counted lies, to two digits."""
    wanted, seen = share * held.total(), 0
    for place in sorted(held):
        seen += held[place]
        if seen >= wanted:
            length = 2 ** ((place + 0.5) / STEPS) if place >= 0 else 0
            return int(round(length, -max(0, len(str(int(length))) - 2)))
    return 0


def _percent(count: int, total: int, zh: int) -> str:
    return f"{100 * count / max(1, total):.1f}{'%' if zh else ' %'}"


def _language(code: str, zh: int) -> str:
    return str(LANGUAGES["und" if code == "latin" else code][zh])


def _line(name: str, text: str) -> str:
    return f"{pad(name, 12)}{text}"


_WORDS: dict[str, Any] = {
    "formats": Phrase("Formats", "格式"), "languages": Phrase("Languages", "语言"), "rounds": Phrase("Rounds", "轮数"),
    "prompts": Phrase("Prompts", "提示长度"), "answers": Phrase("Answers", "回答长度"), "tokens": Phrase("Tokens", "token"),
    "example": Phrase("such as: ", "例如："), "labels": Phrase("labels: ", "标签："), "answered": Phrase("answers: ", "回答："),
    "mixed": Phrase("two styles of answer", "回答有两种风格"), "different": Phrase("different prompts", "不同的提示"),
    "compression": Phrase("compression of prompts (zlib)", "提示的压缩率（zlib）"),
    "grams": Phrase("different sequences of five tokens", "不同的五词序列"),
    "effective": Phrase("effective number of instructions", "有效指令数"), "one": Phrase("> 2, or one clear task", "> 2，或一个明确的任务"),
}  # fmt: skip
_FORMS = {
    "json": Phrase("JSON", "JSON"), "number": Phrase("numbers", "数字"), "language": Phrase("written in {language}", "用{language}书写"),
    "last-line": Phrase("last line like “{shape}”", "最后一行形如“{shape}”"),
}  # fmt: skip
_COMMA = Phrase(", ", "，")
_ROUND = Phrase("{n}: {share}", "{n} 轮 {share}")
_RECORDS = Phrase("{records}", "{count} 条数据")
_LEARNED = Phrase("(learned from {part} of {lines})", "（从 {count} 行中的 {part} 行学得）")
_MOST = Phrase("at most ", "至多 ")
_LENGTHS = Phrase("half below {half}, 5 % below {low}, 5 % above {high}", "中位数 {middle} 字符，5% 短于 {low}，5% 长于 {high}")
_TOKENS = Phrase("about {tokens}", "约 {tokens}")
_ABOUT = Phrase("about {characters}", "约 {length} 字符")
_HEADING = Phrase(
    "Instructions: about {count}, shared by {shared} of the records. Use these wordings again at inference.",
    "指令：约 {count} 条，覆盖 {shared} 的数据。推理时请沿用这些措辞。",
)
_MORE = Phrase("  and {count} more", "  另有 {count} 条")
_DIVERSITY = Phrase("Diversity of prompts ({count} sampled)", "提示的多样性（抽样 {count} 条）")
_HEALTHY = Phrase("healthy sets: ", "健康的数据集：")
