"""What holds for every fix (made in memory): it is idempotent, leaves untouched lines as they are, writes JSON again, and a
safe one loses no record that is unique by the identity key, the stripped texts of its turns.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sftlint import source
from sftlint.config import Config
from sftlint.fix import apply, byte_edit
from sftlint.lint import lint
from sftlint.reader import Reader
from sftlint.record import OFFSET, Record
from sftlint.rule import Mend
from sftlint.testing import fixed_bytes
from sftlint.writing.rewriting import mended
from tests.helpers import files_of, jsonl, line
from tests.strategies import LINES, dump, records

DROPPING = ("exact-duplicate", "blank-line")
EDITING = ("control-character", "mixed-formats")
FIXING = (*DROPPING, *EDITING, "role-order")


def safely_fixed(data: bytes, select: tuple[str, ...], name: str = "train.jsonl") -> bytes:
    """*data* with the safe fixes of the selected rules made, once."""
    with files_of({name: data}) as names:
        collected = source.collect(names)
        result = lint(collected, Config(select=select))
        edits = []
        for finding in result.raw:
            for edit in finding.fix.edits if finding.fix and finding.fix.safe else ():
                if isinstance(edit.new, Mend) and edit.place.record < 0:
                    return mended(collected.files[0], edit.new)
                held = result.setup.reader.record(collected.files[0], edit.place.record & OFFSET)
                if made := byte_edit(edit, held, {}):
                    edits.append(made)
    return apply(data, edits)


def read(data: bytes, name: str = "train.jsonl") -> list[Record]:
    """The records of *data*."""
    with files_of({name: data}) as names:
        collected = source.collect(names)
        reader: Reader = lint(collected, Config(select=("empty-file",))).setup.reader
        return [
            record
            for chunk in source.chunks(collected.files[0], 1 << 20)
            for record in reader.batch(chunk, source.read(chunk)).records
        ]


def identity(record: Record) -> tuple[Any, ...]:
    return tuple((turn.role, turn.text.strip()) for turn in record.turns)


def _utf8(raw: bytes) -> bool:
    return raw.decode("utf-8", "ignore").encode() == raw


#: Lines in UTF-8: with others, dropping one may make preflight take the whole file for another encoding.
LISTS = st.lists(LINES.filter(_utf8) | records().map(lambda value: dump(value, escaped=False)), max_size=8)
COPIES = st.lists(
    st.sampled_from(
        [
            dump({"context": [a], "target": b}, escaped=e)
            for a in ("你好", "Hi ", "Hi")
            for b in ("a", "好")
            for e in (True, False)
        ]
    ),
    max_size=12,
)


@given(LISTS | COPIES, st.sampled_from((b"\n", b"\r\n")), st.booleans())
def test_dropping_copies_keeps_the_first_of_each_and_every_other_byte(lines: list[bytes], end: bytes, closed: bool) -> None:
    data = end.join(lines) + (end if closed else b"")
    fixed = safely_fixed(data, DROPPING)
    before, after = data.split(b"\n"), fixed.split(b"\n")
    at = iter(before)
    assert all(kept in at for kept in after if kept), "the lines that are left are lines of the file, in its order"
    sound = [record for record in read(data) if record.sound]
    kept = [identity(record) for record in read(fixed) if record.sound] if fixed.strip() else []
    assert set(kept) == {identity(record) for record in sound}
    assert safely_fixed(fixed, DROPPING) == fixed


@given(LISTS, st.sampled_from(FIXING))
@example([b'{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b\\u001b[1m"}]}'], "role-order")
def test_the_fixes_of_a_rule_are_idempotent(lines: list[bytes], rule: str) -> None:
    data = b"\n".join(lines) + b"\n"
    config = Config(select=(rule,))
    fixed = fixed_bytes(data, config, "train.jsonl")
    assert fixed_bytes(fixed, config, "train.jsonl") == fixed


@given(LISTS)
def test_safe_fixes_together_reach_an_end_and_keep_what_every_record_says(lines: list[bytes]) -> None:
    """Compared without controls and blanks, which fixes may delete or put between joined turns."""
    data = b"\n".join(lines) + b"\n"
    fixed = data
    for _ in range(5):
        fixed, last = safely_fixed(fixed, FIXING), fixed
        if fixed == last:
            break
    else:
        pytest.fail("five passes are not enough")
    assert _said(fixed) == _said(data)


def _said(data: bytes) -> set[str]:
    texts = ("\x1f".join(record.texts) for record in read(data) if record.sound) if data.strip() else ()
    return {"".join(c for c in text if c.isprintable() and c != " ").replace("[31m", "").replace("[0m", "") for text in texts}


@given(
    st.lists(st.sampled_from(("你好", "Hi 👩‍💻", "两行\n一段", 'say "hi" \\', "\x08", "\x1b[31m")), min_size=1, max_size=5),
    st.booleans(),
)
def test_a_fix_of_a_text_leaves_the_rest_of_its_line_alone(words: list[str], escaped: bool) -> None:
    """Key order, spacing and escapes are as they were; only the control codes are gone."""
    text = "好" + "".join(words)
    raw, expected = (
        b'{ "id" :7,"context":  ' + dump([said], escaped=escaped) + b',\t"target": "x" }\n'
        for said in (text, text.replace("\x08", "").replace("\x1b[31m", ""))
    )
    assert safely_fixed(raw, ("control-character",)) == expected


def test_a_fix_writes_half_a_character_as_an_escape() -> None:
    """A string that is wrapped in a list keeps its lone surrogate, and the file stays UTF-8."""
    data = jsonl(line("你好", "好"), '{"context": "好 \\ud83d", "target": "b"}', line("Hi", "Hello"))
    fixed = safely_fixed(data, ("mixed-formats",))
    assert [json.loads(entry)["context"] for entry in fixed.decode().splitlines()] == [["你好"], ["好 \ud83d"], ["Hi"]]


@pytest.mark.parametrize("encoding", ["gb18030", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "big5"])
def test_a_file_in_another_encoding_is_written_as_utf_8(encoding: str) -> None:
    """The fix is unsafe, since the encoding is guessed; where the guess is right no character is lost."""
    texts = {"latin-1": "où est la gare, à côté ?", "big5": "請問車站在哪裡？謝謝您"}
    data = jsonl(*(line(f"{texts.get(encoding, '请问车站在哪里？谢谢您')} {n}", "ok") for n in range(6)))
    config = Config(select=("invalid-encoding",))
    assert fixed_bytes(data.decode().encode(encoding), config, "train.jsonl") == data


def test_an_array_is_written_as_lines() -> None:
    config = Config(select=("array-file",))
    data = b'\xef\xbb\xbf[\n  {"context": ["\xe4\xbd\xa0"],\n   "target": "a\\nb"},\n {"context":["],[}"],"target":"x"}\n]\n'
    fixed = fixed_bytes(data, config, "train.json")
    assert fixed.decode() == '{"context": ["你"], "target": "a\\nb"}\n{"context":["],[}"],"target":"x"}\n'
    assert fixed_bytes(fixed, config, "train.json") == fixed
