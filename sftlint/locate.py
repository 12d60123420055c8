"""Where a value, and a character of it, stands in the raw JSON of its record."""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_left
from functools import cached_property, lru_cache
from itertools import accumulate
from json import decoder
from typing import Any, NamedTuple

from sftlint.batch import Place
from sftlint.reading.parse import escape

_SPACE = re.compile(r"[ \t\r\n]*")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.S)
_STEP = 4096  # characters between two places whose bytes are counted once
_scan_string: Any = vars(decoder)["scanstring"]
_DECODER: Any = json.JSONDecoder(strict=False, parse_int=len, parse_float=len)


class Span(NamedTuple):
    """[start, stop) in the raw record, in code points."""

    start: int
    stop: int


class Raw:
    """A record as it is written. What it is asked for is looked up once, so thousands of places cost hardly more than one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._inner: dict[int, dict[str, Span] | list[Span]] = {}
        self._spans: dict[str, Span] = {}
        self._escapes: dict[str, tuple[array[int], array[int]]] = {}

    def value(self, pointer: str) -> Span:
        """The value that *pointer* (RFC 6901) names, quotes included. Of a key given twice, the last.

        Raises:
            LookupError: there is no such value.
        """
        if pointer not in self._spans:
            start = self._skip(0)
            if not pointer:
                return self._spans.setdefault(pointer, Span(start, self._end(start)))
            span = Span(start, start)
            for step in pointer.split("/")[1:]:
                span = self._child(span.start, step.replace("~1", "/").replace("~0", "~"))
            self._spans[pointer] = span
        return self._spans[pointer]

    def part(self, pointer: str, start: int, stop: int) -> Span:
        """The characters [start, stop) of the string that *pointer* names, as they are written, escapes and all."""
        first = self.value(pointer).start + 1
        decoded, shifts = self._shifts(pointer)
        # What stands at a decoded offset is shifted by the escapes that begin before it.
        return Span(
            first + start + shifts[bisect_left(decoded, start)],
            first + stop + shifts[bisect_left(decoded, stop)],
        )

    def position(self, at: int) -> tuple[int, int]:
        """Row and column (0-based) of the character *at*."""
        row = bisect_left(self._newlines, at)
        return row, at - (self._newlines[row - 1] + 1 if row else 0)

    def byte(self, at: int) -> int:
        """How many bytes stand before the character *at*."""
        if self.text.isascii():
            return at
        block = at // _STEP
        return self._blocks[block] + _size(self.text[block * _STEP : at])

    @cached_property
    def _newlines(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    @cached_property
    def _blocks(self) -> list[int]:
        """The byte at which each block of _STEP characters begins."""
        sizes = (_size(self.text[i : i + _STEP]) for i in range(0, len(self.text), _STEP))
        return list(accumulate(sizes, initial=0))

    def _shifts(self, pointer: str) -> tuple[array[int], array[int]]:
        """The decoded offset of each escape of the string, and by how much the raw offset is ahead after none of them, one, ..."""
        if pointer not in self._escapes:
            whole = self.value(pointer)
            decoded, shifts = array("q"), array("q", [0])
            for escape in _ESCAPE.finditer(self.text, whole.start + 1, whole.stop - 1):
                decoded.append(escape.start() - whole.start - 1 - shifts[-1])
                shifts.append(shifts[-1] + len(escape[0]) - 1)
            self._escapes[pointer] = decoded, shifts
        return self._escapes[pointer]

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _end(self, at: int) -> int:
        try:
            return int(_DECODER.scan_once(self.text, at)[1])
        except (StopIteration, ValueError, RecursionError):
            raise LookupError(at) from None

    def _child(self, at: int, step: str) -> Span:
        """The value under the key or number *step* in the object or array that begins at *at*."""
        if at not in self._inner:
            opening = self.text[at : at + 1]
            if opening not in ("[", "{"):
                raise LookupError(step)
            self._inner[at] = self._elements(at) if opening == "[" else self._members(at)
        inner = self._inner[at]
        if isinstance(inner, dict):
            return inner[step]
        if not step.isdecimal():
            raise LookupError(step)
        return inner[int(step)]

    def _elements(self, at: int) -> list[Span]:
        spans = []
        at = self._skip(at + 1)
        while self.text[at : at + 1] not in ("]", ""):
            try:
                spans.append(Span(at, self._end(at)))
            except LookupError:
                break  # nested too deeply for this decoder; what stands before it is known
            at = self._skip(self._skip(spans[-1].stop) + 1)
        return spans

    def _members(self, at: int) -> dict[str, Span]:
        spans = {}
        at = self._skip(at + 1)
        while self.text[at : at + 1] == '"':
            key, at = _scan_string(self.text, at + 1, False)
            at = self._skip(self._skip(at) + 1)
            spans[key] = Span(at, self._end(at))
            at = self._skip(self._skip(spans[key].stop) + 1)
        return spans


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


@lru_cache(maxsize=1)
def raw_of(data: bytes) -> Raw:
    """The bytes of a record without its line end. The last one is kept, since its findings come one after the other."""
    return Raw(data.decode("utf-8", "surrogateescape").rstrip("\r"))


def span_of(raw: Raw, place: Place, own: dict[str, str]) -> Span:
    """The place in the raw record. A place that is not there (any more) is the whole record."""
    whole = Span(0, len(raw.text))
    if place.pointer is None:
        if place.start is None or place.stop is None:
            return whole
        return Span(min(place.start, whole.stop), min(place.stop, whole.stop))
    try:
        pointer = own_pointer(place.pointer, own)
        if place.start is None or place.stop is None:
            return raw.value(pointer)
        return raw.part(pointer, place.start, place.stop)
    except (LookupError, ValueError):
        return whole


def own_pointer(pointer: str, own: dict[str, str]) -> str:
    """*pointer* with the user's own key as its first step."""
    if not own or not pointer:
        return pointer
    first, slash, rest = pointer[1:].partition("/")
    return "/" + (escape(own[first]) if first in own else first) + slash + rest
