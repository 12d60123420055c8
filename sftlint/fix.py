"""Edits of records to edits of bytes, and bytes edited. Nothing here writes a file; see `fixing` and `rewriting`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

from sftlint.locate import raw_of, span_of
from sftlint.record import OFFSET
from sftlint.rule import Edit, Mend


class ByteEdit(NamedTuple):
    """Replace the bytes [start, stop) of the file by *content*. `line` drops the line with its end."""

    start: int
    stop: int
    content: bytes
    line: bool = False


def byte_edit(edit: Edit, held: Any, own: dict[str, str]) -> ByteEdit | None:
    """*edit* of the record (or rejected line) *held* in bytes of its file; None for a mend of the whole file.

    A replacement is written as the record writes: with escapes where it has them, with its spacing.
    """
    offset = held.id & OFFSET
    if isinstance(edit.new, Mend):
        return ByteEdit(offset, offset + len(held.raw) + 1, b"", line=True) if edit.new is Mend.DROP else None
    raw = raw_of(held.raw)
    span = span_of(raw, edit.place, own)
    escaped, spaced = _style(held.raw)
    separators = (", ", ": ") if spaced else (",", ":")
    content = json.dumps(edit.new, ensure_ascii=escaped, separators=separators)
    if edit.place.start is not None:
        content = content[1:-1]
    start, stop = offset + raw.byte(span.start), offset + raw.byte(span.stop)
    return ByteEdit(start, stop, content.encode("utf-8", "backslashreplace"))  # half a character stays \\ud83d


def element_edit(stream: BinaryIO, start: int, stop: int) -> ByteEdit:
    """Drop the array element in the bytes [start, stop) of *stream* with one of the commas beside it."""
    stream.seek(stop)
    if after := re.match(rb"\s*,\s*", stream.read(_AROUND)):
        return ByteEdit(start, stop + after.end(), b"")
    first = max(start - _AROUND, 0)
    stream.seek(first)
    before = re.search(rb",\s*\Z", stream.read(start - first))
    return ByteEdit(first + before.start() if before else start, stop, b"")


_AROUND = 1 << 16  # bytes in which the comma beside an element is looked for


@lru_cache(maxsize=1)
def _style(raw: bytes) -> tuple[bool, bool]:
    """Whether the record writes escapes for what is not ASCII, and blanks behind commas and colons."""
    return raw.isascii() and b"\\u" in raw, b'": ' in raw or b'", ' in raw


def apply(data: bytes, edits: Iterable[ByteEdit]) -> bytes:
    """*data* with the edits made. Of edits that overlap the first wins; the others wait for the next pass."""
    pieces, at = [], 0
    for edit in sorted(set(edits)):
        if edit.start < at:
            continue
        pieces += [data[at : edit.start], edit.content]
        at = edit.stop
    return b"".join([*pieces, data[at:]])


def one_line(value: bytes) -> bytes:
    """An element on one line, otherwise as it stands: a raw line break can only be white space between tokens."""
    return b" ".join(part.strip() for part in value.splitlines() if part.strip()) if b"\n" in value else value


CODECS = {
    "GB18030": "gb18030",
    "Big5": "big5",
    "Shift JIS": "shift_jis",
    "EUC-KR": "euc_kr",
    "UTF-16": "utf-16",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
    "UTF-32": "utf-32",
}
