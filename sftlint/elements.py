"""The elements of a JSON array that is too large to parse at once, found by brackets and quotes alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{},]', re.S)
_BLOCK = 1 << 20
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


def _trimmed(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    piece = data[start:stop]
    start += len(piece) - len(piece.lstrip(_BLANK))
    stop = start + len(piece.strip(_BLANK))
    if stop > start:
        yield start, stop


def ranges(path: str, start: int, size: int) -> Iterator[tuple[int, int]]:
    """(start, stop) byte ranges of whole elements of the array in the file, each about *size* bytes.

    The last range ends where the array ends; what follows the array is a range of its own.
    """
    with open(path, "rb") as stream:
        stream.seek(start)
        head = stream.read(1 << 16)  # as far as preflight looks
        base = start + head.index(b"[") + 1
        stream.seek(base)
        begin, position, depth, tail = base, base, 0, b""
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
                        end = position + token.start()
                        yield begin, end
                        yield from _rest(stream, position + token.end())
                        return
                elif mark == b"," and depth == 0 and position + token.start() - begin >= size:
                    yield begin, position + token.start()
                    begin = position + token.end()
            else:
                done = len(data)
            tail = data[done:]
            position += done
    yield begin, position + len(tail)


def _rest(stream: object, start: int) -> Iterator[tuple[int, int]]:
    assert hasattr(stream, "seek") and hasattr(stream, "read")
    stream.seek(start)
    rest = stream.read(1 << 16)
    if rest.strip(_BLANK):
        yield start, start + len(rest)
