from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sftlint import Bad, Batch, Finding, Good, Phrase, Place, Rule, chat, faults

NAMES = {
    dict: Phrase(en="an object", zh="对象"),
    list: Phrase(en="a list", zh="列表"),
    str: Phrase(en="text", zh="文本"),
    bool: Phrase(en="true or false", zh="布尔值"),
    int: Phrase(en="a number", zh="数字"),
    float: Phrase(en="a number", zh="数字"),
    type(None): Phrase(en="null", zh="null"),
}
SCHEMA_NAMES = {
    "object": NAMES[dict], "array": NAMES[list], "string": NAMES[str], "number": NAMES[int],
    "null": NAMES[type(None)], "boolean": NAMES[bool],
}  # fmt: skip


_KNOWN = frozenset(("system", "user", "assistant", "tool"))


class WrongType(Rule):
    """A number, object or null where text belongs.

    Trainers drop the record, or turn the value into text that nobody wrote ("None", "{'a': 1}").

    Not reported: `context` as a list or as a string, and a message without content that calls a tool.
    """

    zh = """本应是文本的位置出现了数字、对象或 null。

    训练程序会丢弃该条，或把该值变成没人写过的文本（如 "None"、"{'a': 1}"）。

    不报告：`context` 为列表或字符串，以及调用工具而没有 content 的消息。
    """
    message = Phrase(en="{at} is {found}, not {expected}", zh="{at} 是 {found}，应为 {expected}")
    message_length = Phrase(en="{at} has {count} elements, not question and answer", zh="{at} 有 {count} 个元素，应为一问一答")
    message_odd = Phrase(en="the record cannot be read as {expected}", zh="该记录无法按 {expected} 格式读取")
    suggestion = Phrase(en="write it as {expected}, or drop the record", zh="改为 {expected}，或删除该条")
    severity = "error"
    folds = False

    good = [
        Good(chat("12 乘以 12 等于多少？", "144"), chat("Is null text?", "Yes, it is text here.")),
        Good({"messages": [{"role": "user", "content": "北京天气"}, {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]}, {"role": "tool", "content": "晴"},
            {"role": "assistant", "content": "今天晴。"}]}),
    ]  # fmt: skip
    bad = [
        Bad({"context": ["一共几个？"], "target": 5}, chat("Hi", "Hello")),
        Bad({"context": ["Who?", None, "And now?"], "target": "Nobody"}, chat("Hi", "Hello")),
        Bad({"context": {"q": "谁？"}, "target": "我"}, chat("Hi", "Hello")),
        Bad("42", '"text"', "null", chat("你好", "您好"), at=(0, 1, 2)),
        Bad({"instruction": "Return an object", "output": {"a": 1}}),
        Bad({"prompt": "几点了？", "completion": "三点"}, {"prompt": "Which?", "completion": [["this", "that"]]}, at=[1]),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record in batch.faulty:
            told = faults(record.value, record.format)
            # Else another rule knows what is wrong: of context/target an even number of turns, elsewhere a role.
            if not told and record.format != "context/target" and _KNOWN.issuperset(record.layout.roles):
                yield self.finding(record, kind="message_odd", expected=record.format)
            for fault in told:
                if fault.keyword == "type":
                    yield self._wrong(record.id, fault.pointer, fault.found, fault.expected)
                elif fault.keyword in ("minItems", "maxItems") and fault.pointer:
                    place, pair = Place(record.id, fault.pointer), Phrase(en="question and answer", zh="一问一答")
                    yield self.finding(place, kind="message_length", at=fault.pointer, count=len(fault.found), expected=pair)
        for line in batch.rejected:
            if line.reason == "shape" and not isinstance(line.value, dict):
                yield self._wrong(line.id, "", line.value, "object")

    def _wrong(self, id: int, pointer: str, found: Any, expected: Any) -> Finding:
        wanted = SCHEMA_NAMES["string" if "string" in expected else expected if isinstance(expected, str) else expected[0]]
        at = pointer or Phrase(en="the record", zh="该记录")
        return self.finding(Place(id, pointer or None), at=at, found=NAMES[type(found)], expected=wanted)
