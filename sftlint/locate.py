"""Where a value, and a character of it, stands in the raw JSON of its record."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from functools import lru_cache
from json import decoder
from typing import Any, NamedTuple

_SPACE = re.compile(r"[ \t\r\n]*")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.S)
_scan_string: Any = vars(decoder)["scanstring"]
_DECODER: Any = json.JSONDecoder(strict=False, parse_int=len, parse_float=len)


class Span(NamedTuple):
    """[start, stop) in the raw record, in code points."""

    start: int
    stop: int


@lru_cache(maxsize=64)
def value_span(raw: str, pointer: str) -> Span:
    """The value that *pointer* (RFC 6901) names in *raw*, quotes included. Of a key given twice, the last.

    Raises:
        LookupError: there is no such value.
    """
    at = _skip(raw, 0)
    for step in pointer.split("/")[1:]:
        at = _enter(raw, at, step.replace("~1", "/").replace("~0", "~"))
    return Span(at, _end(raw, at))


def text_span(raw: str, pointer: str, start: int, stop: int) -> Span:
    """The characters [start, stop) of the string that *pointer* names, as they stand in *raw*, escapes and all."""
    whole = value_span(raw, pointer)
    decoded, shifts = _escapes(raw, pointer)
    # What stands at a decoded offset is shifted by the escapes that begin before it.
    first = start + shifts[bisect_left(decoded, start)]
    last = stop + shifts[bisect_left(decoded, stop)]
    return Span(whole.start + 1 + first, whole.start + 1 + last)


@lru_cache(maxsize=64)
def _escapes(raw: str, pointer: str) -> tuple[list[int], list[int]]:
    """The decoded offset of each escape of the string, and by how much the raw offset is ahead after none of them, one, ..."""
    whole = value_span(raw, pointer)
    decoded: list[int] = []
    shifts = [0]
    for escape in _ESCAPE.finditer(raw, whole.start + 1, whole.stop - 1):
        decoded.append(escape.start() - whole.start - 1 - shifts[-1])
        shifts.append(shifts[-1] + len(escape[0]) - 1)
    return decoded, shifts


def _skip(raw: str, at: int) -> int:
    found = _SPACE.match(raw, at)
    return found.end() if found else at


def _end(raw: str, at: int) -> int:
    try:
        return int(_DECODER.scan_once(raw, at)[1])
    except (StopIteration, ValueError, RecursionError):
        raise LookupError(at) from None


def _enter(raw: str, at: int, step: str) -> int:
    if raw[at : at + 1] == "[":
        at = _skip(raw, at + 1)
        for _ in range(int(step)):
            at = _skip(raw, _skip(raw, _end(raw, at)) + 1)
        return at
    if raw[at : at + 1] != "{":
        raise LookupError(step)
    found = None
    at = _skip(raw, at + 1)
    while raw[at : at + 1] == '"':
        key, at = _scan_string(raw, at + 1, False)
        at = _skip(raw, _skip(raw, at) + 1)
        if key == step:
            found = at
        at = _skip(raw, _skip(raw, _end(raw, at)) + 1)
    if found is None:
        raise LookupError(step)
    return found
