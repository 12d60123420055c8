"""Formats: every one is read into the same record model, and its published schema accepts what its reader finds sound."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given

from sftlint import formats, source
from sftlint.config import Config
from sftlint.lint import lint
from sftlint.record import Record
from tests.helpers import codes, files_of, found, jsonl, line
from tests.strategies import records


def read(value: Any, **fields: str) -> Record:
    """The record that *value* is read as."""
    with files_of({"train.jsonl": jsonl(value)}) as names:
        config = Config(select=("empty-file",), fields=fields)
        collected = source.collect(names, renames=config.renames)
        record = lint(collected, config).setup.reader.record(collected.files[0], 0)
    assert isinstance(record, Record), record
    return record


def turns(value: Any, **fields: str) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in read(value, **fields).turns]


HI, YES = ("user", "Hi"), ("assistant", "Yes")
A, B, S = ("user", "a"), ("assistant", "b"), ("system", "s")


USER, ASSISTANT = {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes"}
HUMAN, GPT = {"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Yes"}
PAIRS = [{"human": "a", "assistant": "b"}, {"human": "Hi", "assistant": "Yes"}]
ALPACA = {"instruction": "译", "input": "好", "output": "good", "system": "s", "history": [["Hi", "Yes"]]}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("context/target", {"context": ["Hi"], "target": "Yes"}, [HI, YES]),
        ("context/target", {"context": "Hi", "target": "Yes"}, [HI, YES]),
        ("context/target", {"system": "s", "context": ["a", "b", "Hi"], "target": "Yes"}, [S, A, B, HI, YES]),
        ("context/target", [{"context": "a", "target": "b"}, {"context": ["Hi"], "target": "Yes"}], [A, B, HI, YES]),
        ("messages", {"messages": [USER, ASSISTANT]}, [HI, YES]),
        ("messages", [USER, ASSISTANT], [HI, YES]),
        ("messages", {"system": "s", "messages": [USER, ASSISTANT]}, [S, HI, YES]),
        (
            "messages",
            {"messages": [{"role": "developer", "content": "s"}, {**USER, "role": "human"}, {**ASSISTANT, "role": "gpt"}]},
            [S, HI, YES],
        ),
        ("messages", {"messages": [{**USER, "role": "问"}, {**ASSISTANT, "role": "答"}]}, [HI, YES]),
        ("sharegpt", {"conversations": [HUMAN, GPT]}, [HI, YES]),
        ("sharegpt", {"conversation": PAIRS}, [A, B, HI, YES]),
        ("sharegpt", {"conversations": [{"system": "s", "input": "Hi", "output": "Yes"}]}, [S, HI, YES]),
        ("sharegpt", {"conversations": [USER, ASSISTANT]}, [HI, YES]),
        ("sharegpt", {"system": "s", "conversations": [HUMAN], "chosen": GPT, "rejected": {**GPT, "value": "No"}}, [S, HI, YES]),
        ("alpaca", {"instruction": "Hi", "output": "Yes"}, [HI, YES]),
        ("alpaca", ALPACA, [S, HI, YES, ("user", "译\n好"), ("assistant", "good")]),
        ("prompt/completion", {"prompt": "Hi", "completion": "Yes"}, [HI, YES]),
        ("prompt/completion", {"prompt": "Hi", "response": "Yes"}, [HI, YES]),
        ("prompt/completion", {"prompt": [USER], "completion": [ASSISTANT]}, [HI, YES]),
        ("prompt/completion", [{"prompt": "a", "response": "b"}, {"prompt": "Hi", "response": "Yes"}], [A, B, HI, YES]),
        ("query/response", {"query": "Hi", "response": "Yes", "history": [["a", "b"]]}, [A, B, HI, YES]),
    ],
)
def test_formats(name: str, value: Any, expected: list[tuple[str, str]]) -> None:
    record = read(value)
    assert (record.format, record.sound) == (name, True)
    assert [(turn.role, turn.text) for turn in record.turns] == expected
    assert (record.question, record.target) == (expected[-2][1], expected[-1][1])


@given(records())
def test_every_text_has_the_pointer_of_a_string_of_the_record(value: Any) -> None:
    record = read(value)
    for turn in record.turns:
        for part in turn.parts:
            held = value
            for step in part.pointer.split("/")[1:]:
                held = held[int(step)] if isinstance(held, list) else held[step.replace("~1", "/").replace("~0", "~")]
            assert held[part.start : part.start + len(part.text)] == part.text


def test_content_may_be_typed_parts() -> None:
    content = [
        {"type": "text", "text": "图里"},
        {"type": "image_url", "image_url": {"url": "http://a/b.png"}},
        {"type": "text", "text": "是什么？"},
    ]
    record = read({"messages": [{"role": "user", "content": content}, {"role": "assistant", "content": "猫"}]})
    user = record.turns[0]
    assert record.sound and record.question == "图里\n是什么？"
    assert [part.pointer for part in user.parts if part.text in record.question] == [
        "/messages/0/content/0/text",
        "/messages/0/content/2/text",
    ]


def test_a_call_without_content_is_no_empty_answer() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "上海"}'}}
    value = {"messages": [
        {"role": "user", "content": "天气？"}, {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "content": "晴"}, {"role": "assistant", "content": "晴天。"},
    ]}  # fmt: skip
    record = read(value)
    assert record.sound and [turn.role for turn in record.turns] == ["user", "assistant", "tool", "assistant"]
    assert record.target == "晴天。" and '{"city": "上海"}' in record.texts
    assert codes(jsonl(value), select=("empty-target", "format")) == []


def test_an_answer_of_weight_0_is_not_judged() -> None:
    value = {"messages": [
        {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "", "weight": 0},
        {"role": "user", "content": "And?"}, {"role": "assistant", "content": "Yes", "weight": 1},
    ]}  # fmt: skip
    assert [turn.trained for turn in read(value).turns] == [False, False, False, True]
    assert codes(jsonl(value), select=("empty-target",)) == []


@pytest.mark.parametrize("value", [
    {"context": ["问"], "target": "<think>想\n一想</think>\n答"},
    {"messages": [{"role": "user", "content": "问"}, {"role": "assistant", "content": "<think>想\n一想</think>\n答"}]},
    {"instruction": "问", "output": "<think>想\n一想</think>\n答"},
])  # fmt: skip
def test_a_thought_is_a_part_of_its_own(value: Any) -> None:
    record = read(value)
    assert record.target == "\n答" and "<think>想\n一想</think>" in record.texts
    assert record.turns[-1].parts[0].start == 0 and record.turns[-1].parts[1].start == len("<think>想\n一想</think>")


def test_a_thought_without_an_answer_is_an_empty_answer() -> None:
    assert codes(jsonl(line("问", "<think>想</think>\n")), select=("empty-target",)) == [("empty-target", 1)]


def test_nothing_is_coerced() -> None:
    """A number where a text belongs keeps its type, makes the record faulty, and is a finding."""
    for value, pointer in [
        ({"context": ["几？"], "target": 5}, "/target"),
        ({"context": [None], "target": "x"}, "/context/0"),
        ({"messages": [{"role": "user", "content": 7}, {"role": "assistant", "content": "x"}]}, "/messages/0/content"),
        ({"conversations": [{"from": "human", "value": {"a": 1}}, {"from": "gpt", "value": "x"}]}, "/conversations/0/value"),
        ({"instruction": "a", "output": ["x"]}, "/output"),
        ({"prompt": "a", "completion": None}, "/completion"),
        ({"query": True, "response": "x"}, "/query"),
    ]:
        assert not read(value).sound
        assert [(f["code"], f["pointer"]) for f in found(jsonl(value), select=("wrong-type",))] == [("wrong-type", pointer)]


def test_fields_map_to_any_format() -> None:
    assert turns({"问题": "Hi", "回复": "Yes"}, instruction="问题", output="回复") == [HI, YES]
    assert turns({"dialog": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes"}]}, messages="dialog") == [
        HI,
        YES,
    ]


@given(records())
def test_the_published_schema_accepts_what_the_reader_finds_sound(value: Any) -> None:
    record = read(value)
    validator = jsonschema.Draft202012Validator(formats.schema(record.format))
    errors = list(validator.iter_errors(value))
    if record.sound:
        assert errors == []
    else:
        assert errors or not _roles_known(value) or _even(value), "a faulty record is refused, but for its roles or turns"


def _roles_known(value: Any) -> bool:
    listed = value if isinstance(value, list) else value.get("messages") or value.get("conversations") or ()
    return all(turn.get("role", turn.get("from", "user")) not in ("narrator", "谁") for turn in listed)


def _even(value: Any) -> bool:
    turns = value if isinstance(value, list) else [value]
    return any(isinstance(turn.get("context"), list) and len(turn["context"]) % 2 == 0 for turn in turns)


@pytest.mark.parametrize("name", formats.FORMATS)
def test_schemas_are_valid_and_written_turns_are_read_again(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(formats.schema(name))
    said = (
        [("user", "你好"), ("assistant", "好"), ("user", "Hi"), ("assistant", "Yes")]
        if name != "prompt/completion"
        else [HI, YES]
    )
    value = formats.FORMATS[name].write(said)
    assert read(value).format == name and turns(value) == said
    jsonschema.validate(value, formats.schema(name))
