"""Regular expressions that are looked for together: one scan of a batch for the patterns of all rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np

from sftlint.errors import Error

_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")


class Pattern:
    r"""A regular expression (of the module `regex`) that a rule looks for in every text.

    A scanner proposes the texts that may hold it, and `regex` confirms. *scan* is what the scanner looks
    for where *expression* has what a scanner cannot do (lookaround, `\p{...}`, `\A`); it must match in every text
    that *expression* matches. A *scan* of bytes looks in the UTF-8 of the texts, which is quicker for rare characters
    beside frequent ones. `^` and `$` match at line ends.
    """

    def __init__(self, expression: str, *, scan: str | bytes | None = None, ignore_case: bool = False) -> None:
        self.expression = expression
        self.scan = expression if scan is None else scan
        self.ignore_case = ignore_case

    @cached_property
    def regex(self) -> Any:
        import regex

        return regex.compile(self.expression, regex.M | (regex.I if self.ignore_case else 0))

    def __repr__(self) -> str:
        return f"Pattern({self.expression!r})"


class Scanner:
    """All patterns of a run as one hyperscan database."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.patterns = list(dict.fromkeys(patterns))
        self._numbers = {pattern: i for i, pattern in enumerate(self.patterns)}

    def __contains__(self, pattern: Pattern) -> bool:
        return pattern in self._numbers

    def compile(self) -> Any:
        """The database. Workers that are forked from here find it ready."""
        expressions = tuple((_translate(p.scan), p.ignore_case, isinstance(p.scan, str)) for p in self.patterns)
        return _database(expressions) if expressions else None

    def scan(self, encoded: Sequence[bytes]) -> dict[Pattern, list[int]]:
        """For each pattern, the indices of the texts (UTF-8) that may hold it, ascending."""
        if not self.patterns:
            return {}
        numbers: list[int] = []
        ends: list[int] = []

        def hit(number: int, start: int, end: int, flags: int, context: Any) -> None:
            numbers.append(number)
            ends.append(end)

        self.compile().scan(b"\n".join(encoded), match_event_handler=hit)
        if not ends:
            return {}
        # A match may end on the separator before its text's successor; regex looks again, so that does no harm.
        starts = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)) + 1)
        owners = np.searchsorted(starts, np.array(ends), "left")
        owners[owners == len(encoded)] -= 1
        pairs = np.unique(np.stack([np.array(numbers), owners], 1), axis=0)
        found: dict[Pattern, list[int]] = {}
        for number, owner in pairs.tolist():
            found.setdefault(self.patterns[number], []).append(owner)
        return found


@cache
def _database(expressions: tuple[tuple[bytes, bool, bool], ...]) -> Any:
    import hyperscan as hs

    shared = hs.HS_FLAG_MULTILINE | hs.HS_FLAG_PREFILTER | hs.HS_FLAG_ALLOWEMPTY
    flags = [
        shared | (hs.HS_FLAG_CASELESS if ignore_case else 0) | (hs.HS_FLAG_UTF8 if characters else 0)
        for _, ignore_case, characters in expressions
    ]
    texts = [text for text, _, _ in expressions]
    database = hs.Database()
    try:
        database.compile(expressions=texts, ids=list(range(len(texts))), elements=len(texts), flags=flags)
    except hs.error as problem:
        for text, flag in zip(texts, flags, strict=True):
            try:
                hs.Database().compile(expressions=[text], flags=[flag])
            except hs.error:
                raise Error(f"pattern {text.decode()!r}: {problem}; give it a simpler scan=") from None
        raise
    return database


def _translate(expression: str | bytes) -> bytes:
    """Python's notation for code points in hyperscan's."""
    if isinstance(expression, bytes):
        return expression
    return _CODE_POINT.sub(lambda m: rf"\x{{{m[1] or m[2]}}}", expression).encode()
