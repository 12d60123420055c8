from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sftlint import Bad, Batch, Finding, Good, Phrase, Place, Rule, Run, Tally, chat, escape

NAMES = {
    "object": Phrase(en="an object", zh="对象"),
    "list": Phrase(en="a list", zh="列表"),
    "text": Phrase(en="text", zh="文本"),
    "number": Phrase(en="a number", zh="数字"),
    "boolean": Phrase(en="true or false", zh="布尔值"),
}
TYPES = {dict: "object", list: "list", str: "text", int: "number", float: "number", bool: "boolean"}
TEXTS = frozenset(
    {"context", "target", "messages", "conversations", "conversation", "instruction", "output", "prompt", "completion"}
)


class UnstableField(Rule):
    """A key whose values change type within the file.

    pyarrow, and so `datasets`, reads the type from the first records and refuses the whole file at the first other one.

    Not reported: null beside another type, whole beside decimal numbers, and the texts themselves, which
    `wrong-type` and `mixed-formats` watch.
    """

    zh = """同一文件中某个键的值类型不一致。

    pyarrow 以及 `datasets` 根据前面的记录推断类型，遇到不同类型时会拒绝整个文件。

    不报告：null 与其他类型并存、整数与小数并存，以及文本字段本身（由 `wrong-type` 和 `mixed-formats` 检查）。
    """
    message = Phrase(
        en="{field} is {type} in {count} of the {total} records that have it, and {usual} in {others}",
        zh="{field} 在含该字段的 {total} 条记录中，{count} 条是{type}，{others} 条是{usual}",
    )
    suggestion = Phrase(en="write it as {usual} everywhere", zh="统一为{usual}")
    severity = "error"
    scope = "file"
    folds = False

    good = [Good({"id": 1, **chat("你好", "您好")}, {"id": None, **chat("Hi", "Hello")}, {"id": 1.5, **chat("Bye", "See you")})]
    bad = [
        Bad({"id": 1, **chat("你好", "您好")}, {"id": 2, **chat("Hi", "Hello")}, {"id": "3", **chat("Bye", "See you")}, at=(2,)),
        Bad(
            {"meta": {"tags": "a"}, **chat("一", "二")},
            {"meta": {"tags": ["a"]}, **chat("x", "y")},
            {"meta": {"tags": []}, **chat("甲", "乙")},
        ),
    ]

    def summarise(self, batch: Batch) -> Tally:
        tally = Tally()
        for record in batch.uncommon:
            value = record.value
            if isinstance(value, dict):
                for pointer, kind in _types(value, ""):
                    tally.add((record.id >> 40, pointer, kind), record.id)
        return tally

    def finish(self, summary: Tally, run: Run) -> Iterator[Finding]:
        kinds: dict[tuple[int, str], list[tuple[int, str, list[int]]]] = defaultdict(list)
        for (file, pointer, kind), count, ids in summary:
            kinds[file, pointer].append((count, kind, ids))
        for (_, pointer), found in kinds.items():
            found.sort(key=lambda entry: (-entry[0], entry[1]))
            most, usual, _ = found[0]
            total = sum(count for count, _, _ in found)
            for count, kind, ids in found[1:]:
                yield self.finding(
                    Place(ids[0], pointer), related=ids[1:], related_total=count - 1, key=kind,
                    type=NAMES[kind], usual=NAMES[usual], count=count, others=most, total=total,
                )  # fmt: skip


def _types(value: dict[str, Any], at: str) -> Iterator[tuple[str, str]]:
    """The type of each value that is no text of the record, two objects deep."""
    for key, held in value.items():
        kind = TYPES.get(type(held))
        if kind is None or (not at and key in TEXTS):
            continue
        pointer = f"{at}/{escape(key)}"
        yield pointer, kind
        if kind == "object" and not at:
            yield from _types(held, pointer)
