"""Rows and columns: what stands between `location` and `end_location` in the file is the text that a finding is about."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sftlint.locate import Raw
from sftlint.reading.parse import escape
from tests.helpers import found, jsonl, line

SPACES = st.sampled_from(("", "", " ", "  ", "\t", " \n ", "\r\n"))
#: Everything but surrogates: what needs an escape, what has two code units, what pointers escape.
CHARACTERS = st.sampled_from('ab"\\/~\n\t\r\x08\x0c\x01好é😀👩\u200d💻\u2028{}[]:,') | st.characters(exclude_categories=["Cs"])
STRINGS = st.text(CHARACTERS, max_size=8)


@st.composite
def spelt(draw: st.DrawFn, value: Any) -> str:
    """*value* as JSON, spelt at will: spaces anywhere, each character plain or in any escape that names it."""

    def gap() -> str:
        return draw(SPACES)

    if isinstance(value, str):
        return '"' + "".join(draw(st.sampled_from(_spellings(c))) for c in value) + '"'
    if isinstance(value, dict):
        return (
            "{"
            + gap()
            + ",".join(f"{gap()}{draw(spelt(k))}{gap()}:{gap()}{draw(spelt(v))}{gap()}" for k, v in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + gap() + ",".join(f"{gap()}{draw(spelt(v))}{gap()}" for v in value) + "]"
    return json.dumps(value)


def _spellings(character: str) -> list[str]:
    units = character.encode("utf-16-be")
    hexed = "".join(f"\\u{units[i]:02x}{units[i + 1]:02X}" for i in range(0, len(units), 2))
    short = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x08": "\\b", "\x0c": "\\f"}.get(
        character
    )
    plain = [character] if character not in '"\\' and character >= " " else []
    return [hexed, *plain, *([short] if short else [])]


VALUES = st.recursive(
    STRINGS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STRINGS, inner, max_size=4),
    max_leaves=10,
)


def _pointers(value: Any, at: str = "") -> list[tuple[str, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(at, value), *(found for key, held in pairs for found in _pointers(held, f"{at}/{escape(str(key))}"))]


@given(st.data(), VALUES)
def test_every_value_is_where_its_pointer_says(data: st.DataObject, value: Any) -> None:
    raw = data.draw(spelt(value))
    for pointer, held in _pointers(value):
        start, stop = Raw(raw).value(pointer)
        assert json.loads(raw[start:stop]) == held


@given(st.data(), STRINGS, STRINGS)
@example(None, "", "")
def test_any_part_of_a_text_is_where_its_offsets_say(data: st.DataObject | None, key: str, text: str) -> None:
    value = {"x": ["\\", {key: text}]}
    raw = data.draw(spelt(value)) if data else json.dumps(value)
    pointer = f"/x/1/{escape(key)}"
    for start in range(len(text) + 1):
        for stop in range(start, len(text) + 1):
            a, b = Raw(raw).part(pointer, start, stop)
            assert json.loads(f'"{raw[a:b]}"') == text[start:stop]


@pytest.mark.parametrize(
    ("raw", "start", "stop", "expected"),
    [
        (r'"\ud83d\ude00x"', 0, 1, r"\ud83d\ude00"),
        (r'"\ud83d\ude00x"', 1, 2, "x"),
        (r'"\ud83dx\ude00"', 0, 1, r"\ud83d"),
        (r'"\ud83d\ud83d\ude00"', 1, 2, r"\ud83d\ude00"),
        (r'"\\ud83d\ude00"', 0, 1, r"\\"),
        (r'"\\ud83d\ude00"', 6, 7, r"\ude00"),
        (r'"a\n\u0008b"', 2, 3, r"\u0008"),
        ('"😀\\b"', 1, 2, r"\b"),
    ],
)
def test_surrogates_and_backslashes(raw: str, start: int, stop: int, expected: str) -> None:
    a, b = Raw(raw).part("", start, stop)
    assert raw[a:b] == expected


@pytest.mark.parametrize("pointer", ["/b", "/a/0", "/a/x", "/c/2", "/c/x"])
def test_a_pointer_to_nothing_is_a_lookup_error(pointer: str) -> None:
    with pytest.raises((LookupError, ValueError)):
        Raw('{"a": "text", "c": [1, 2]}').value(pointer)


def test_of_a_key_given_twice_the_last_counts() -> None:
    assert Raw('{"a": 1, "a": 22}').value("/a") == (14, 16)


# From end to end: a control code is planted, and what its finding spans is looked up in the file.


def spans(data: bytes, **more: Any) -> list[str]:
    """What stands in the file between the location and the end of each control-character finding."""
    rows = data.decode("utf-8-sig").split("\n")
    spanned = []
    for finding in found(data, select=("control-character",), **more):
        start, stop = finding["location"], finding["end_location"]
        assert start["row"] == stop["row"]
        spanned.append(rows[start["row"] - 1][start["column"] - 1 : stop["column"] - 1])
    return spanned


@given(
    st.data(), st.lists(st.tuples(STRINGS, STRINGS), min_size=1, max_size=5),
    st.sampled_from(("\n", "\r\n")), st.booleans(), st.sampled_from(("", "\ufeff")), st.integers(20, 200),
)  # fmt: skip
def test_a_planted_code_is_found_where_it_stands(
    data: st.DataObject, texts: list[tuple[str, str]], end: str, array: bool, mark: str, chunk: int
) -> None:
    """In lines and in an array over any lines, with any spelling, chunk size, line end, with a byte order mark or without."""
    codes_of, records = [], []
    for number, (before, behind) in enumerate(texts):
        before, behind = ("".join(c for c in text if c.isprintable()) for text in (before, behind))
        target = f"答{number}{before}\x07{behind}"
        value = {"id": number, "context": [f"问 {number}"], "target": target}
        raw = data.draw(spelt(value))
        records.append(raw if array else raw.replace("\r", " ").replace("\n", " "))
        codes_of.append(r"\u0007")
    text = mark + (f"[{end}{(',' + end).join(records)}{end}]{end}" if array else end.join(records) + end)
    assert [span.lower() for span in spans(text.encode(), name="train.json" if array else "train.jsonl", chunk=chunk)] == codes_of


def test_an_array_over_several_lines() -> None:
    first = '{\n    "context": [\n      "你好"\n    ],\n    "target": "好\\u0007的"\n  }'
    data = f'[\n  {first},\n  {{"context": "😀", "target": "\\u0007b"}}\n]\n'.encode()
    places = [(f["location"], f["end_location"]) for f in found(data, name="train.json", select=("control-character",))]
    assert places == [
        ({"row": 6, "column": 17}, {"row": 6, "column": 23}),
        ({"row": 8, "column": 31}, {"row": 8, "column": 37}),
    ]


@pytest.mark.parametrize("chunk", [1, 50, 77, 1000, 1 << 20])
def test_an_array_on_one_line_over_several_chunks(chunk: int) -> None:
    records = [
        json.dumps({"context": [f"问 {n} 😀"], "target": "答\x07" if n % 10 == 3 else "答"}, ensure_ascii=False)
        for n in range(200)
    ]
    data = ("[" + ", ".join(records) + "]").encode()
    findings = found(data, name="train.json", select=("control-character",), chunk=chunk)
    text = data.decode()
    assert [text[f["location"]["column"] - 1 : f["end_location"]["column"] - 1] for f in findings] == ["\\u0007"] * 20
    assert {f["location"]["row"] for f in findings} == {1}


def test_a_record_finding_spans_its_element_or_its_line() -> None:
    same = line("你好", "好")
    array = found(b"[\n " + same + b",\n " + same + b"]", name="train.json", select=("exact-duplicate",))
    lines = found(same + b"\r\n" + same + b"\r\n", select=("exact-duplicate",))
    width = len(same.decode())
    assert [(f["location"], f["end_location"]) for f in array] == [({"row": 3, "column": 2}, {"row": 3, "column": 2 + width})]
    assert [(f["location"], f["end_location"]) for f in lines] == [({"row": 2, "column": 1}, {"row": 2, "column": 1 + width})]


def test_a_byte_order_mark_is_no_column() -> None:
    (finding,) = found(b"\xef\xbb\xbf" + line("你好", ""), select=("empty-target",))
    assert finding["location"] == {"row": 1, "column": len('{"context": ["你好"], "target": ') + 1}


def test_bytes_that_are_no_text_count_one_column_each() -> None:
    data = jsonl(line("你好", "好")) + '{"context": ["好'.encode() + b'\xff\xfe"], "target": "x"}\n'
    (finding,) = found(data, select=("invalid-encoding",))
    assert finding["location"] == {"row": 2, "column": 16} and finding["end_location"] == {"row": 2, "column": 17}


def test_own_keys_are_found_under_their_own_names() -> None:
    """[fields] renames the user's keys for the rules; columns and raw text are those of the file."""
    data = '{"答/案": "", "问题": ["好\\b的"]}\n'.encode()
    findings = found(data, fields={"target": "答/案", "context": "问题"})
    places = {f["code"]: (f["location"]["column"], f["end_location"]["column"]) for f in findings}
    assert places == {"empty-target": (9, 11), "control-character": (22, 24)}


def test_findings_in_one_record_are_in_reading_order() -> None:
    texts = [f"第 {n} 句\b" for n in range(13)]
    rows = [f["location"]["column"] for f in found(jsonl(line(*texts, "好")), select=("control-character",))]
    assert len(rows) == 13 and rows == sorted(rows)


def test_a_thought_is_a_part_of_its_own_in_the_same_text() -> None:
    data = jsonl(line("问", "<think>想\b</think>\n\n答\x07。"))
    assert spans(data) == ["\\b", "\\u0007"]
