from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sftlint import (
    Bad,
    Batch,
    Call,
    Finding,
    Good,
    Pattern,
    Phrase,
    Place,
    Record,
    Rule,
    calls_of,
    chat,
    declared_in,
    place,
    quote,
)


class BrokenToolCall(Rule):
    """A tool call that nobody could make, or a result that belongs to none.

    Loaders parse the arguments and pair calls with results by their ids. What does not fit stops the training, or the model
    learns to call tools that do not exist.

    Reported are arguments that are no JSON object, calls without a name, results without their call, calls of a turn that goes on
    without their results, ids that occur twice, and calls of functions that `tools` does not declare. Of calls that are written in
    an answer as `<tool_call>…</tool_call>`: tags without their other half, and objects that are no JSON.

    Not reported: tags in code or quotation marks; a call at the end of a record, which waits for its result; a result without an id in a record whose calls stand
    in its texts.
    """

    zh = """无法执行的工具调用，或找不到对应调用的结果。

    加载程序会解析参数，并按 id 把调用和结果配对。对不上时训练会中断，或者模型学会调用不存在的工具。

    报告的是：参数不是 JSON 对象，调用没有名称，结果没有对应的调用，后面还有对话却缺少结果的调用，重复的 id，以及调用了 `tools` 中没有声明的函数。
    以 `<tool_call>…</tool_call>` 写在回答里的调用：标签不成对，或其中的对象不是 JSON。

    不报告：代码或引号中的标签；位于末尾、还在等待结果的调用；调用写在正文里、结果没有 id 的数据。
    """
    message = Phrase(en="{wrong}", zh="{wrong}")
    suggestion = Phrase(en="repair the call, or drop the record", zh="修复该调用，或删除该条")
    severity = "error"
    folds = False

    good = [
        Good(
            chat("天气？", '<tool_call>\n{"name": "w", "arguments": {"city": "北京"}}\n</tool_call>'),
            chat("How are calls written?", "Between `<tool_call>` and `</tool_call>`, as in \"<tool_call>\"."),
            chat("Roll.", "<tool_call>\n<function=dice>\n</function>\n</tool_call>"),
        ),
        Good(
            {
                "messages": [
                    {"role": "user", "content": "天气？"},
                    {
                        "role": "assistant",
                        "content": None,
                        "tool_calls": [
                            {"id": "1", "type": "function", "function": {"name": "w", "arguments": '{"city": "北京"}'}}
                        ],
                    },
                    {"role": "tool", "tool_call_id": "1", "content": "晴"},
                    {"role": "assistant", "content": "今天晴。"},
                ],
                "tools": [{"type": "function", "function": {"name": "w", "parameters": {}}}],
            }
        ),
        Good(
            {
                "messages": [
                    {"role": "user", "content": "Call it."},
                    {"role": "assistant", "content": "", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": {}}}]},
                ]
            },
        ),
        Good(
            {
                "conversations": [
                    {"from": "human", "value": "Roll."},
                    {"from": "function_call", "value": '{"name": "dice", "arguments": {"sides": 6}}'},
                    {"from": "observation", "value": "4"},
                    {"from": "gpt", "value": "You rolled a four."},
                ]
            }
        ),
    ]
    bad = [
        Bad(
            chat("天气？", '查一下。<tool_call>\n{"name": "w", "arguments": {"city": "北京"}\n</tool_call>'),
            chat("Roll.", '<tool_call>\n{"name": "dice", "arguments": {}}\n'),
            at=[0, 1],
        ),
        Bad(
            {
                "messages": [
                    {"role": "user", "content": "天气？"},
                    {
                        "role": "assistant",
                        "content": None,
                        "tool_calls": [{"id": "1", "type": "function", "function": {"name": "w", "arguments": "{'city': 北京}"}}],
                    },
                    {"role": "tool", "tool_call_id": "1", "content": "晴"},
                    {"role": "assistant", "content": "今天晴。"},
                ]
            }
        ),
        Bad(
            {
                "messages": [
                    {"role": "user", "content": "Time?"},
                    {
                        "role": "assistant",
                        "content": None,
                        "tool_calls": [{"id": "1", "function": {"name": "now", "arguments": "{}"}}],
                    },
                    {"role": "tool", "tool_call_id": "2", "content": "noon"},
                    {"role": "assistant", "content": "It is noon."},
                ]
            },
            at=[0, 0],
        ),
        Bad(
            {
                "messages": [
                    {"role": "user", "content": "Roll."},
                    {
                        "role": "assistant",
                        "content": None,
                        "tool_calls": [{"id": "1", "function": {"name": "dice", "arguments": "{}"}}],
                    },
                ],
                "tools": [{"type": "function", "function": {"name": "coin"}}],
            }
        ),
        Bad(
            {
                "conversations": [
                    {"from": "human", "value": "Roll."},
                    {"from": "function_call", "value": "dice(6)"},
                    {"from": "observation", "value": "4"},
                    {"from": "gpt", "value": "You rolled a four."},
                ]
            }
        ),
    ]

    written = Pattern(r"</?tool_call>")

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.answers.holding(self.written):
            if record.sound and (found := _written(text)):
                start, stop, wrong = found
                yield self.finding(place(record, part, start, stop), key=wrong.en, wrong=wrong, name="")
        for record in batch.uncommon:
            value = record.value
            if b"call" in record.raw or b"tool" in record.raw or b"function" in record.raw or b"observation" in record.raw:
                at = next(
                    (key for key in ("messages", "conversations", "conversation") if type(value) is dict and key in value), ""
                )
                messages = value if type(value) is list else value.get(at) if at else None
                if type(messages) is list and all(type(message) is dict for message in messages):
                    yield from self._judge(record, f"/{at}" if at else "", messages, value)

    def _judge(self, record: Record, at: str, messages: list[Any], value: Any) -> Iterator[Finding]:
        declared = declared_in(value.get("tools") or value.get("functions")) if type(value) is dict else None
        waiting: dict[str, str] = {}  # ids of calls and where they stand
        ids: set[str] = set()
        unnamed = 0  # calls without ids
        before = None
        for i, message in enumerate(messages):
            pointer, role = f"{at}/{i}", message.get("role", message.get("from"))
            if role in _RESULTS:
                id = message.get("tool_call_id")
                if type(id) is str and id in waiting:
                    del waiting[id]
                elif type(id) is str and (ids or before not in _RESULTS):
                    yield self._wrong(record, f"{pointer}/tool_call_id", NO_CALL)
                elif unnamed or waiting:
                    unnamed = max(unnamed - 1, 0)
                    waiting.pop(next(iter(waiting), ""), None)
            else:
                if role in _SPEAKERS:
                    for where in waiting.values():
                        yield self._wrong(record, where, NO_RESULT)
                    waiting, unnamed = {}, 0
                for call in calls_of(pointer, role, message):
                    yield from self._judge_call(record, call, ids, declared)
                    if call.id:
                        waiting[call.id] = call.pointer
                        ids.add(call.id)
                    else:
                        unnamed += 1
            before = role

    def _judge_call(self, record: Record, call: Call, ids: set[str], declared: set[str] | None) -> Iterator[Finding]:
        if call.id in ids:
            yield self._wrong(record, call.pointer, TWICE, call.id)
        if not call.name:
            yield self._wrong(record, call.pointer, NO_NAME)
        elif declared is not None and call.name not in declared:
            yield self._wrong(record, call.pointer, UNDECLARED, call.name)
        if not call.fits:
            yield self._wrong(record, call.pointer, NO_OBJECT)

    def _wrong(self, record: Record, pointer: str, wrong: Phrase, name: str = "") -> Finding:
        return self.finding(Place(record.id, pointer), key=wrong.en, wrong=wrong, name=quote(name))


NO_CALL = Phrase(en="the result belongs to no call", zh="该结果没有对应的调用")
NO_RESULT = Phrase(en="the call has no result", zh="该调用没有返回结果")
TWICE = Phrase(en="the id {name} occurs twice", zh="id {name} 重复出现")
NO_NAME = Phrase(en="the call names no function", zh="该调用没有函数名")
UNDECLARED = Phrase(en="the call names {name}, which `tools` does not declare", zh="调用了 `tools` 中没有声明的 {name}")
NO_OBJECT = Phrase(en="the arguments are no JSON object", zh="调用参数不是 JSON 对象")


UNCLOSED = Phrase(en="<tool_call> is not closed", zh="<tool_call> 没有闭合")
UNOPENED = Phrase(en="</tool_call> closes nothing", zh="</tool_call> 没有对应的 <tool_call>")
NO_JSON = Phrase(en="the call between <tool_call> and </tool_call> is no JSON", zh="<tool_call> 与 </tool_call> 之间不是合法 JSON")


def _written(text: str) -> tuple[int, int, Phrase] | None:
    """What is wrong with the calls that *text* holds: from, to, and what."""
    opened: re.Match[str] | None = None
    for tag in _TAG.finditer(text):
        if not tag["tag"]:
            continue
        if tag["tag"] == "<tool_call>":
            if opened:
                return *opened.span(), UNCLOSED
            opened = tag
        elif not opened:
            return *tag.span(), UNOPENED
        else:
            inside = text[opened.end() : tag.start()].strip()
            if inside.startswith(("{", "[")):
                try:
                    json.loads(inside)
                except (ValueError, RecursionError):
                    return opened.end(), tag.start(), NO_JSON
            opened = None
    return (*opened.span(), UNCLOSED) if opened else None


_TAG = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|[“\"'「]</?tool_call>|(?P<tag></?tool_call>)", re.S)


_RESULTS = ("tool", "function", "observation", "tool_response", "ipython", "工具")
_SPEAKERS = ("user", "human", "assistant", "gpt")
