"""Where a value, and a character of it, stands in the raw JSON of its record."""

from __future__ import annotations

import json
import re
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
    inner = raw[whole.start + 1 : whole.stop - 1]
    if "\\" not in inner:
        return Span(whole.start + 1 + start, whole.start + 1 + stop)
    shift = 0  # raw offset less decoded offset, so far
    first = None
    for escape in _ESCAPE.finditer(inner):
        decoded = escape.start() - shift
        if first is None and start <= decoded:
            first = start + shift
        if stop <= decoded:
            break
        shift += len(escape[0]) - 1
    if first is None:
        first = start + shift
    return Span(whole.start + 1 + first, whole.start + 1 + stop + shift)


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
