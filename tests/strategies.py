"""Data to draw from: sound records of every format, records with defects, and lines that are broken in any way."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

#: Few texts, so that copies and equal turns occur; each with something that a rule or a reporter may stumble over.
TEXTS = st.sampled_from((
    "你好", "Hi", "", " ", "好的。", "Yes, until nine.", "早上\x08九点", "red \x1b[31malert\x1b[0m", "两行\n一段", "emoji 👩‍💻",
    'quote " and \\', "a{b}c %s", "很长" * 60, "\u202eabc", "\u200b", "＜script＞", "<|im_end|>", "1", "<think>想</think>答",
))  # fmt: skip
ANY_TEXT = st.text(max_size=12) | TEXTS


def pairs(texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, min_size=2, max_size=5)


def records(texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[Any]:
    """Records of every format. Numbers of turns and their order are not always right."""
    roles = st.sampled_from(("user", "assistant", "system", "tool", "narrator"))
    message = st.fixed_dictionaries(
        {"role": roles, "content": texts}, optional={"weight": st.sampled_from((0, 1)), "name": texts}
    )
    spoken = st.fixed_dictionaries({"from": st.sampled_from(("human", "gpt", "observation", "谁")), "value": texts})
    history = st.none() | st.lists(st.lists(texts, min_size=2, max_size=2), max_size=2)
    return st.one_of(
        pairs(texts).map(lambda turns: {"context": turns[:-1], "target": turns[-1]}),
        st.fixed_dictionaries({"context": texts, "target": texts}, optional={"id": st.integers(0, 9), "system": texts}),
        st.lists(message, min_size=1, max_size=4).map(lambda turns: {"messages": turns}),
        st.lists(spoken, min_size=1, max_size=4).map(lambda turns: {"conversations": turns}),
        st.fixed_dictionaries({"instruction": texts, "output": texts}, optional={"input": texts, "history": history}),
        st.fixed_dictionaries({"prompt": texts, "completion": texts}),
        st.fixed_dictionaries({"query": texts, "response": texts}, optional={"history": history}),
        st.lists(st.fixed_dictionaries({"context": texts, "target": texts}), min_size=1, max_size=3),
    )


def dump(value: Any, *, escaped: bool) -> bytes:
    return json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
KEYS = ("context", "target", "messages", "conversations", "instruction", "output", "prompt", "completion", "query", "response",
        "role", "content", "from", "value", "history", "system", "tool_calls", "id", "meta")  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A record, broken: a value of another type, cut off, a byte flipped, nested, keys doubled, two on a line, ..."""
    value = draw(records(ANY_TEXT))
    raw = dump(value, escaped=draw(st.booleans()))
    kind = draw(st.sampled_from(("value", "key", "cut", "flip", "insert", "nest", "double", "twice", "spaced", "keys")))
    if kind == "value" and isinstance(value, dict):
        return dump({**value, draw(st.sampled_from(list(value))): draw(VALUES)}, escaped=False)
    if kind == "key" and isinstance(value, dict):
        gone = draw(st.sampled_from(list(value)))
        return dump({key: held for key, held in value.items() if key != gone}, escaped=True)
    if kind == "keys":
        return dump(draw(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4)), escaped=True)
    at = draw(st.integers(0, len(raw)))
    if kind == "cut":
        return raw[:at]
    if kind == "flip":
        return raw[:at] + bytes([draw(st.integers(0, 255))]) + raw[at + 1 :]
    if kind == "insert":
        return (
            raw[:at]
            + draw(st.sampled_from((b'"', b"\\", b"\\ud83d", b"\x00", b"\xff", b"NaN", b",", b"}", b"//", b"\r")))
            + raw[at:]
        )
    if kind == "nest":
        return b"[" * at + raw + b"]" * at
    if kind == "double":
        return raw[:1] + raw[1:-1] + b"," + raw[1:]
    if kind == "twice":
        return raw + b" " * (at % 2) + raw
    return b" \t" + raw + b" "


#: A line that may be anything: sound, defective, broken, blank, or no text at all.
LINES = st.one_of(
    records().map(lambda value: dump(value, escaped=False)),
    records().map(lambda value: dump(value, escaped=True)),
    mutated(),
    st.sampled_from(
        (b"", b" ", b"null", b"42", b"[]", b"{}", b"{'a': 1}", b"<<<<<<< HEAD", b"plain text", "文字".encode("gb18030"))
    ),
    VALUES.map(lambda value: dump(value, escaped=False)),
    st.binary(max_size=20).map(lambda raw: raw.replace(b"\n", b"")),
)


@st.composite
def files(draw: st.DrawFn, lines: st.SearchStrategy[bytes] = LINES) -> dict[str, bytes]:
    """One to three files of a run: lines, or an array; with or without a byte order mark and a last line end."""
    made = {}
    for name in draw(
        st.sampled_from((("train.jsonl",), ("train.jsonl", "dev.jsonl"), ("a/one.jsonl", "a/two.json", "测试 b.jsonl")))
    ):
        held = draw(st.lists(lines, max_size=8))
        end = draw(st.sampled_from((b"\n", b"\n", b"\r\n")))
        if name.endswith(".json"):
            data = b"[" + (b"," + end).join(held) + b"]" + end
        else:
            data = end.join(held) + draw(st.sampled_from((b"", end)))
        made[name] = draw(st.sampled_from((b"", b"", b"\xef\xbb\xbf"))) + data
    return made
