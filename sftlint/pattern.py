"""Regular expressions that are looked for together: one scan of a batch for the patterns of all rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint import cache
from sftlint.errors import Error
from sftlint.summary import distinct

_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")


class Pattern:
    r"""A regular expression (of the module `regex`) that a rule looks for in every text.

    A scanner proposes the texts that may hold it, and `regex` confirms. *scan* is what the scanner looks
    for where *expression* has what a scanner cannot do (lookaround, `\p{...}`, `\A`); it must match in every text
    that *expression* matches. A *scan* of bytes looks in the UTF-8 of the texts, which is quicker for rare characters
    beside frequent ones. `^` and `$` match at line ends. What only instructions say is looked for in *prompts* alone.
    """

    def __init__(
        self, expression: str, *, scan: str | bytes | None = None, ignore_case: bool = False, prompts: bool = False
    ) -> None:
        self.expression = expression
        self.scan = expression if scan is None else scan
        self.ignore_case = ignore_case
        self.prompts = prompts

    @cached_property
    def regex(self) -> Any:
        import regex

        return regex.compile(self.expression, regex.M | (regex.I if self.ignore_case else 0))

    def __repr__(self) -> str:
        return f"Pattern({self.expression!r})"


class Joined(Protocol):
    """Texts in UTF-8, a line break behind each, and where each ends with it."""

    @property
    def joined(self) -> bytes: ...

    @property
    def stops(self) -> NDArray[np.int64]: ...


class Scanner:
    """Many patterns as one hyperscan database."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.patterns = list(dict.fromkeys(patterns))
        self._numbers = {pattern: i for i, pattern in enumerate(self.patterns)}

    def __contains__(self, pattern: Pattern) -> bool:
        return pattern in self._numbers

    def compile(self) -> Any:
        """The database. Workers that are forked from here find it ready."""
        return self._compiled

    @cached_property
    def _compiled(self) -> Any:
        expressions = tuple((_translate(p.scan), p.ignore_case, isinstance(p.scan, str)) for p in self.patterns)
        return _database(expressions) if expressions else None

    def scan(self, column: Joined) -> dict[Pattern, list[int]]:
        """For each pattern, the indices of the strings that may hold it, ascending."""
        count = len(column.stops)
        if not self.patterns or not count:
            return {}
        numbers: list[int] = []
        ends: list[int] = []

        def hit(number: int, start: int, end: int, flags: int, context: Any) -> None:
            numbers.append(number)
            ends.append(end)

        self.compile().scan(column.joined, match_event_handler=hit)
        if not ends:
            return {}
        # A match may end on the line break behind its text; regex looks again, so that does no harm.
        owners = np.minimum(np.searchsorted(column.stops, np.array(ends), "left"), count - 1)
        pairs = distinct(np.array(numbers) * count + owners)
        bounds = np.searchsorted(pairs, np.arange(len(self.patterns) + 1) * count).tolist()
        indices = (pairs % count).tolist()
        spans = zip(self.patterns, bounds, bounds[1:], strict=False)
        return {pattern: indices[start:stop] for pattern, start, stop in spans if start < stop}


class Scanners:
    """All patterns of a run: those for every text, and those for prompts."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        held = list(patterns)
        self.texts = Scanner(pattern for pattern in held if not pattern.prompts)
        self.prompts = Scanner(pattern for pattern in held if pattern.prompts)

    def __contains__(self, pattern: Pattern) -> bool:
        return pattern in self.texts or pattern in self.prompts

    def compile(self) -> None:
        self.texts.compile()
        self.prompts.compile()


class Words:
    """A list of words of any length, looked for in one scan of their own: a Pattern is for tens of words, this for thousands.

    The case of ASCII letters does not count, and what begins or ends with one, or with a digit, is a word only where
    no other follows there.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(sorted({word.encode("utf-8", "replace") for word in words if word}))

    @cached_property
    def _database(self) -> Any:
        return _literals(self._words)  # kept: to look it up, all words are hashed

    def find(self, encoded: Sequence[bytes]) -> list[tuple[int, int, int]]:
        """Where words stand in texts (UTF-8): number of the text, and characters from where to where. In order, and of
        those that overlap the first, and the longest."""
        if not self._words:
            return []
        ends: list[tuple[int, int]] = []

        def hit(number: int, start: int, end: int, flags: int, context: Any) -> None:
            ends.append((end - len(self._words[number]), -end))

        joined = b"\n".join(encoded)
        self._database.scan(joined, match_event_handler=hit)
        if not ends:
            return []
        starts = np.cumsum([0, *(len(text) + 1 for text in encoded)])
        found = []
        free, last, upto, characters = 0, -1, 0, 0
        for start, end in sorted(set(ends)):
            if start < free or _inside(joined, start) or _inside(joined, -end):
                continue
            free, number = -end, int(np.searchsorted(starts, start, "right")) - 1
            if free - starts[number] > len(encoded[number]):
                continue  # across two texts
            if number != last:
                last, upto, characters = number, int(starts[number]), 0
            begin = characters + len(joined[upto:start].decode())
            upto, characters = free, begin + len(joined[start:free].decode())
            found.append((number, begin, characters))
        return found


def _inside(text: bytes, at: int) -> bool:
    """Whether *at* is between two ASCII letters or digits."""
    return 0 < at < len(text) and text[at - 1 : at + 1].isalnum()


@lru_cache
def _literals(words: tuple[bytes, ...]) -> Any:
    import hyperscan as hs

    database = hs.Database()
    flags = [hs.HS_FLAG_CASELESS] * len(words)
    database.compile(expressions=list(words), ids=list(range(len(words))), elements=len(words), flags=flags, literal=True)
    return database


@lru_cache
def _database(expressions: tuple[tuple[bytes, bool, bool], ...]) -> Any:
    import hyperscan as hs

    shared = hs.HS_FLAG_MULTILINE | hs.HS_FLAG_PREFILTER | hs.HS_FLAG_ALLOWEMPTY
    flags = [
        shared | (hs.HS_FLAG_CASELESS if ignore_case else 0) | (hs.HS_FLAG_UTF8 if characters else 0)
        for _, ignore_case, characters in expressions
    ]
    texts = [text for text, _, _ in expressions]
    name = f"{xxhash.xxh3_128_hexdigest(repr((texts, flags)).encode())}.hs"
    if held := cache.get(name):
        with suppress(hs.error):  # of another processor or version, say
            database = hs.loadb(held, hs.HS_MODE_BLOCK)
            database.scratch = hs.Scratch(database)
            return database
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
    cache.put(name, hs.dumpb(database))
    return database


def _translate(expression: str | bytes) -> bytes:
    """Python's notation for code points in hyperscan's."""
    if isinstance(expression, bytes):
        return expression
    return _CODE_POINT.sub(lambda m: rf"\x{{{m[1] or m[2]}}}", expression).encode()
