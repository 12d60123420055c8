from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from typing import Annotated

import numpy as np

from sftlint import Bad, Batch, Buckets, Finding, Fix, Good, Phrase, Place, Preset, Rule, Run, chat, replace

VARIANTS = (
    "context/target", "context/target with context as a string", "context/target turns in an array", "messages", "sharegpt",
    "alpaca", "prompt/completion", "query/response",
)  # fmt: skip
LIST, STRING, TURNS, UNKNOWN = 0, 1, 2, len(VARIANTS)


class MixedFormats(Rule):
    """Records of several formats in one file.

    Trainers choose a format by the first records and drop or misread the others. pyarrow refuses a file where
    `context` is a list here and a string there.

    Under a preset whose platform takes `context` as a list only, a string is a warning wherever it stands.

    Not reported: several files with a format each.

    Fix safety: a string `context` among lists becomes a list of one, which says the same.
    """

    zh = """同一文件中混有多种格式的记录。

    训练程序按前几条判断格式，其余记录会被丢弃或误读。`context` 时而是列表时而是字符串的文件，pyarrow 会直接拒绝。

    指定的预设只接受列表形式的 `context` 时，凡是字符串都会给出警告。

    不报告：多个文件各用一种格式。

    修复安全性：把列表中夹杂的字符串 `context` 改成单元素列表，含义不变，是安全的。
    """
    message = Phrase(
        en="{variant}, while the file has {usual} ({count})", zh="该条为 {variant}，而文件中多数为 {usual}（{count} 条）"
    )
    message_string = Phrase(
        en="context is a string; {preset} wants a list of turns ({manual})",
        zh="context 是字符串；{preset} 要求为列表（{manual}）",
    )
    suggestion = Phrase(en="convert it to {usual}", zh="转换为 {usual}")
    severity = "error"
    scope = "file"

    good = [
        Good({"context": "你好", "target": "您好"}, {"context": "Hi", "target": "Hello"}),
        Good(chat("一", "二"), chat("a", "b", "c", "d")),
    ]
    bad = [
        Bad(chat("你好", "您好"), {"context": "再见", "target": "慢走"}, chat("Hi", "Hello"), at=(1,),
            fixed=[chat("你好", "您好"), chat("再见", "慢走"), chat("Hi", "Hello")]),
        Bad({"context": "你好", "target": "您好"}, {"context": "Hi", "target": "Hello"}, at=(0, 1), preset="pangu",
            fixed=[chat("你好", "您好"), chat("Hi", "Hello")]),
        Bad(chat("你好", "您好"), chat("Hi", "Hello"), {"instruction": "Say bye", "output": "Bye"}, at=(2,)),
    ]  # fmt: skip

    preset: Annotated[str, "platform that may take `context` as a list only"] = ""

    @property
    def _lists_only(self) -> bool:
        return Preset.of(self.preset).context == "list"

    def check(self, batch: Batch) -> Iterator[Finding]:
        held = Preset.of(self.preset)
        for record in batch.uncommon if self._lists_only else ():
            value = record.value if isinstance(record.value, dict) else {}
            if record.format == VARIANTS[LIST] and isinstance(context := value.get("context"), str):
                place = Place(record.id, "/context")
                fix = Fix.of(replace(place, [context]), safe=True)
                said = {"preset": held.name, "manual": held.manual, "usual": VARIANTS[LIST]}
                yield self.finding(place, kind="message_string", severity="warning", fix=fix, **said)

    def summarise(self, batch: Batch) -> Buckets:
        variants = np.zeros(len(batch.records), np.uint64)
        ids = np.fromiter(map(attrgetter("id"), batch.records), np.int64, len(batch.records))
        for record in batch.uncommon:
            variant = VARIANTS.index(record.format)
            if variant == LIST and record.layout.pointers[:1] != ("/context/0",):
                context = record.value.get("context") if isinstance(record.value, dict) else None
                variant = TURNS if isinstance(record.value, list) else STRING if isinstance(context, str) else LIST
                if context is None and variant == LIST:
                    variant = UNKNOWN  # missing-field speaks of it
            variants[np.searchsorted(ids, record.id)] = variant
        known = variants != UNKNOWN
        return Buckets(ids[known], variants[known])

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        for file in run.files:
            part = summary.take(summary.ids >> 40 == file.number)
            counts = Counter(part.keys.tolist())
            if self._lists_only:
                counts[LIST] += counts.pop(STRING, 0)  # `check` has reported these
            if len(counts) < 2:
                continue
            usual, most = max(counts.items(), key=lambda pair: (pair[1], -pair[0]))
            for id, variant in sorted(zip(part.ids.tolist(), part.keys.tolist(), strict=True)):
                if variant != usual and not (variant == STRING and self._lists_only):
                    yield self._minority(id, variant, usual, most, run)

    def _minority(self, id: int, variant: int, usual: int, most: int, run: Run) -> Finding:
        place, fix = Place(id), None
        if (variant, usual) == (STRING, LIST):
            place = Place(id, "/context")
            fix = Fix.of(replace(place, [run.records[id].value["context"]]), safe=True)
        return self.finding(place, fix=fix, key=VARIANTS[variant], variant=_named(variant), usual=_named(usual), count=most)


def _named(variant: int) -> Phrase:
    return Phrase(VARIANTS[variant], _CHINESE.get(variant, VARIANTS[variant]))


_CHINESE = {STRING: "context/target（context 为字符串）", TURNS: "context/target（多轮组成的数组）"}
