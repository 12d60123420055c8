"""Lines of JSON to values. The verdict is orjson's, and where it refuses, the standard library's."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson


class Refusal(NamedTuple):
    """Why a line is no JSON: "json" or "encoding", and where in the decoded line (code points) or the bytes."""

    reason: str
    at: int
    detail: str


class UnparsableError(ValueError):
    """Raised for what is no JSON, with a Refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


def lenient(raw: bytes) -> Any:
    """*raw* as the standard library reads it: lone surrogates and endless numbers pass.

    Raises:
        UnparsableError: it is no UTF-8, no JSON, or holds NaN or Infinity.
    """
    try:
        line = raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise UnparsableError(Refusal("encoding", problem.start, problem.reason)) from None
    try:
        return _DECODER.decode(line)
    except json.JSONDecodeError as problem:
        raise UnparsableError(Refusal("json", problem.pos, problem.msg)) from None
    except RecursionError:
        depth = next(i for i, c in enumerate(line) if c in "[{")
        raise UnparsableError(Refusal("json", depth, "nested too deeply")) from None


def _refuse(constant: str) -> Any:
    raise json.JSONDecodeError(constant, constant, 0)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < 4300 else float(digits)  # Python refuses longer ones


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_int=_integer)


def canonical(value: Any) -> bytes:
    """*value* as JSON that depends on no key order or spacing."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError, RecursionError):
        return json.dumps(value, sort_keys=True).encode()


def duplicate_keys(raw: bytes) -> list[tuple[str, str]]:
    """(pointer of the object, key) for every key that an object of *raw* repeats, in reading order."""
    found: list[tuple[str, str]] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) < len(items):
            seen: set[str] = set()
            twice = [key for key, _ in items if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
            made[_REPEATED] = list(dict.fromkeys(twice))
        return made

    decoder = json.JSONDecoder(object_pairs_hook=pairs, parse_int=_integer)
    with contextlib.suppress(ValueError, RecursionError):  # nested too deeply to follow further
        _collect(decoder.decode(raw.decode("utf-8", "replace")), "", found)
    return found


_REPEATED: Any = object()


def _collect(value: Any, pointer: str, found: list[tuple[str, str]]) -> None:
    if type(value) is dict:
        found.extend((pointer, key) for key in value.pop(_REPEATED, ()))
        for key, held in value.items():
            _collect(held, f"{pointer}/{escape(key)}", found)
    elif type(value) is list:
        for i, held in enumerate(value):
            _collect(held, f"{pointer}/{i}", found)


def escape(key: str) -> str:
    """*key* as a step of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def strings(value: Any) -> Iterator[str]:
    """Every string of *value*, keys included, at any depth."""
    waiting = [value]
    while waiting:
        held = waiting.pop()
        if type(held) is str:
            yield held
        elif type(held) is dict:
            waiting += held.keys()
            waiting += held.values()
        elif type(held) is list:
            waiting += held


def strings_in(value: Any) -> int:
    """How many strings *value* holds, keys included: twice as many quotes stand in its JSON at least."""
    return sum(1 for _ in strings(value))
