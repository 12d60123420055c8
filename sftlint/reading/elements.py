"""The elements of a JSON array that is too large to parse at once, found by brackets and quotes alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from sftlint.reading import files

TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{},]', re.S)
_BLOCK = 1 << 20
_HEAD = 1 << 16  # bytes that hold an element, mostly
_BLANK = b" \t\r\n"


def split(data: bytes) -> Iterator[tuple[int, int]]:
    """(start, stop) of each element in *data*, elements separated by commas, brackets of the array left out."""
    depth, start = 0, 0
    for token in TOKEN.finditer(data):
        mark = token[0][:1]
        if mark in b"[{" and mark:
            depth += 1
        elif mark in b"]}":
            depth -= 1
        elif mark == b"," and depth == 0:
            yield from _trimmed(data, start, token.start())
            start = token.end()
    yield from _trimmed(data, start, len(data))


def first(stream: BinaryIO) -> bytes:
    """The element at the position of *stream*."""
    data = b""
    while block := stream.read(max(_HEAD, len(data))):
        data += block
        depth = 0
        for token in TOKEN.finditer(data):
            if token.end() == len(data) and len(block) >= _HEAD:
                break  # it may go on
            mark = token[0]
            depth += (mark in (b"[", b"{")) - (mark in (b"]", b"}"))
            if depth < 0 or (depth == 0 and mark == b","):
                return data[: token.start()].rstrip()
            if depth == 0 and mark in (b"]", b"}"):
                return data[: token.end()]
    return data.rstrip()


def _trimmed(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    piece = data[start:stop]
    start += len(piece) - len(piece.lstrip(_BLANK))
    stop = start + len(piece.strip(_BLANK))
    if stop > start:
        yield start, stop


def ranges(path: str, start: int, size: int) -> Iterator[tuple[int, int]]:
    """(start, stop) byte ranges of whole elements of the array in the file, each about *size* bytes, a comma between two.

    The last range ends where the array ends; what follows the array is a range of its own. Where brackets or quotes
    of an element do not close, or close too much, elements are told apart by how the first one begins (see `_opening`),
    and each broken one is a range of its own. The elements are the same for every *size*.
    """
    with files.open(path) as stream:
        stream.seek(start)
        head = stream.read(1 << 16)  # as far as preflight looks
        base = start + head.index(b"[") + 1
        opening = _opening(head[base - start :])
        stream.seek(base)
        # begin: of the next range.  last: of the last element that was seen to begin.
        begin, last, position, depth, tail = base, base, base, 0, b""
        while block := stream.read(max(_BLOCK, len(tail))):  # doubling keeps one endless string linear
            data = tail + block
            done = 0
            for token in TOKEN.finditer(data):
                if token.end() == len(data) and token[0][:1] == b'"':
                    break  # a string that may go on in the next block
                mark = token[0]
                done = token.end()
                if mark == b"[" or mark == b"{":
                    depth += 1
                elif mark == b"]" or mark == b"}":
                    depth -= 1
                    if depth < 0:
                        if opening and (torn := list(_torn(stream, begin, last, size, opening))):
                            yield from torn
                            return
                        yield begin, position + token.start()
                        yield from _rest(stream, position + token.end())
                        return
                elif mark == b"," and depth == 0:
                    last = position + token.end()
                    if last - 1 - begin >= size:
                        yield begin, last - 1
                        begin = last
            else:
                done = len(data)
            tail = data[done:]
            position += done
        if (depth or tail) and opening and (torn := list(_torn(stream, begin, last, size, opening))):
            yield from torn
        else:
            yield begin, position + len(tail)


def _opening(data: bytes) -> re.Pattern[bytes] | None:
    """A comma and the beginning of an element like the first one of *data*: its brace and first key.

    No text of sound JSON looks like that: a quote behind a brace in a text would be escaped.
    """
    first = re.match(rb'\s*+(?:\{\s*+)++("[^"\\]++")\s*+:', data)
    return re.compile(rb",\s*+(?:\{\s*+)++" + re.escape(first[1]) + rb"\s*+:") if first else None


def _torn(stream: BinaryIO, begin: int, last: int, size: int, opening: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """The ranges from *begin* on, where an element that is not sound begins at *last*; nothing if none follows it."""
    for start, piece, final in _pieces(stream, last, opening):
        if final and start == last:
            return
        element = piece.rstrip(_BLANK).removesuffix(b"]") if final else piece
        stop = start + len(element)
        if not _closes(element):
            if begin < start:
                yield begin, start - 1
            yield start, stop
            begin = stop + 1
        elif stop - begin >= size or final:
            yield begin, stop
            begin = stop + 1


def _pieces(stream: BinaryIO, start: int, opening: re.Pattern[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """What stands between the commas of *opening* from the byte *start* on: where, the bytes, whether it is the last."""
    stream.seek(start)
    data, at = b"", 0
    while True:
        if found := opening.search(data, at):
            yield start + at, data[at : found.start()], False
            at = found.start() + 1
        elif block := stream.read(max(_BLOCK, len(data) - at)):
            data, start, at = data[at:] + block, start + at, 0
        else:
            yield start + at, data[at:], True
            return


def _closes(data: bytes) -> bool:
    """Whether every bracket and quote of *data* closes."""
    depth = 0
    for token in TOKEN.finditer(data):
        mark = token[0]
        if token.end() == len(data) and mark[:1] == b'"' and not _CLOSED.fullmatch(mark):
            return False
        depth += (mark in (b"[", b"{")) - (mark in (b"]", b"}"))
        if depth < 0:
            return False
    return not depth


_CLOSED = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.S)


def _rest(stream: BinaryIO, start: int) -> Iterator[tuple[int, int]]:
    stream.seek(start)
    rest = stream.read(1 << 16)
    if rest.strip(_BLANK):
        yield start, start + len(rest)
