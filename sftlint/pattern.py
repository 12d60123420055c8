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
        self.rule = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.rule = f"{owner.__name__}.{name}: "

    @cached_property
    def regex(self) -> Any:
        import regex

        try:
            return regex.compile(self.expression, regex.M | (regex.I if self.ignore_case else 0))
        except regex.error as problem:
            raise Error(f"{self.rule}pattern {self.expression!r}: {problem}; mend the expression") from None

    def __repr__(self) -> str:
        return f"Pattern({self.expression!r})"


class Joined(Protocol):
    """Texts in UTF-8: each by itself, all with a line break behind each, and where each ends with it."""

    @property
    def encoded(self) -> Sequence[bytes]: ...

    @property
    def joined(self) -> bytes: ...

    @property
    def stops(self) -> NDArray[np.int64]: ...


class RefusedError(Error):
    """What hyperscan has against an expression, and which one it is."""

    def __init__(self, number: int, problem: Exception) -> None:
        super().__init__(str(problem))
        self.number = number


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
    def _expressions(self) -> tuple[tuple[bytes, bool, bool], ...]:
        return tuple((_translate(p.scan), p.ignore_case, isinstance(p.scan, str)) for p in self.patterns)

    @cached_property
    def _compiled(self) -> Any:
        try:
            return _database(self._expressions) if self.patterns else None
        except RefusedError as refused:
            pattern = self.patterns[refused.number]
            _ = pattern.regex  # what is no expression at all is told so
            raise Error(f"{pattern.rule}pattern {pattern.scan!r}: {refused}; give it a simpler scan=") from None

    def scan(self, column: Joined) -> dict[Pattern, list[int]]:
        """For each pattern, the indices of the strings that may hold it, ascending."""
        count = len(column.stops)
        if not self.patterns or not count:
            return {}
        numbers: list[int] = []
        ends: list[int] = []

        most = 1000 + 4 * count  # ordinary texts have one in ten

        def hit(number: int, start: int, end: int, flags: int, context: Any) -> bool:
            numbers.append(number)
            ends.append(end)
            return len(ends) > most

        try:
            self.compile().scan(column.joined, match_event_handler=hit)
        except _terminated():
            return self._scan_each(column.encoded)
        if not ends:
            return {}
        # A match may end on the line break behind its text; regex looks again, so that does no harm.
        owners = np.minimum(np.searchsorted(column.stops, np.array(ends), "left"), count - 1)
        pairs = distinct(np.array(numbers) * count + owners)
        bounds = np.searchsorted(pairs, np.arange(len(self.patterns) + 1) * count).tolist()
        indices = (pairs % count).tolist()
        spans = zip(self.patterns, bounds, bounds[1:], strict=False)
        return {pattern: indices[start:stop] for pattern, start, stop in spans if start < stop}

    def _scan_each(self, encoded: Sequence[bytes]) -> dict[Pattern, list[int]]:
        """The same, one text at a time, for texts in which a pattern matches all over: a script, a long row of digits. Here it
        matches once, while in joined texts every match is told, which takes a microsecond each."""
        found: dict[int, list[int]] = {}
        database = _database(self._expressions, once=True)
        for index, text in enumerate(encoded):
            numbers: list[int] = []
            database.scan(text + b"\n", match_event_handler=lambda number, *_: numbers.append(number))  # noqa: B023 - called at once
            for number in numbers:
                found.setdefault(number, []).append(index)
        return {self.patterns[number]: found[number] for number in sorted(found)}


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
    def _lengths(self) -> Any:
        return np.array([len(word) for word in self._words])

    @cached_property
    def _database(self) -> Any:
        return _literals(self._words)  # kept: to look it up, all words are hashed

    def find(self, encoded: Sequence[bytes]) -> list[tuple[int, int, int]]:
        """Where words stand in texts (UTF-8): number of the text, and characters from where to where. In order, and of
        those that overlap the first, and the longest."""
        if not self._words:
            return []
        numbers: list[int] = []
        stops: list[int] = []

        def hit(number: int, start: int, end: int, flags: int, context: Any) -> None:
            numbers.append(number)
            stops.append(end)

        joined = b"\n".join((b"", *encoded, b""))  # so that something stands before and behind every word
        self._database.scan(joined, match_event_handler=hit)
        if not stops:
            return []
        ends = np.array(stops)
        starts = ends - self._lengths[numbers]
        heads = np.cumsum([1, *(len(text) + 1 for text in encoded)])
        texts = np.searchsorted(heads, starts, "right") - 1
        solid = _SOLID[np.frombuffer(joined, np.uint8)[np.stack([starts - 1, starts, ends - 1, ends])]]
        whole = ~(solid[0] & solid[1]) & ~(solid[2] & solid[3]) & (ends < heads[texts + 1])
        order = np.lexsort((-ends, starts))
        order = order[whole[order]]
        found = []
        free, last, upto, characters = 0, -1, 0, 0
        for number, start, end in zip(texts[order].tolist(), starts[order].tolist(), ends[order].tolist(), strict=True):
            if start < free:
                continue
            if number != last:
                last, upto, characters = number, int(heads[number]), 0
            begin = characters + len(joined[upto:start].decode())
            free = upto = end
            characters = begin + len(joined[start:end].decode())
            found.append((number, begin, characters))
        return found


#: For each byte whether it is an ASCII letter or digit.
_SOLID = np.array([code < 128 and chr(code).isalnum() for code in range(256)])


@lru_cache
def _literals(words: tuple[bytes, ...]) -> Any:
    import hyperscan as hs

    flags = [hs.HS_FLAG_CASELESS] * len(words)
    name = _name(words)
    if (database := _kept(name)) is None:
        database = hs.Database()
        database.compile(expressions=list(words), ids=list(range(len(words))), elements=len(words), flags=flags, literal=True)
        cache.put(name, hs.dumpb(database))
    return database


def _name(*parts: Any) -> str:
    return f"{xxhash.xxh3_128_hexdigest(repr(parts).encode())}.hs"


def _kept(name: str) -> Any:
    """The database that an earlier run has compiled, or None."""
    import hyperscan as hs

    if held := cache.get(name):
        with suppress(hs.error):  # of another processor or version, say
            database = hs.loadb(held, hs.HS_MODE_BLOCK)
            database.scratch = hs.Scratch(database)
            return database
    return None


def _terminated() -> Any:
    import hyperscan as hs

    return hs.ScanTerminated


@lru_cache
def _database(expressions: tuple[tuple[bytes, bool, bool], ...], once: bool = False) -> Any:
    import hyperscan as hs

    shared = hs.HS_FLAG_MULTILINE | hs.HS_FLAG_PREFILTER | hs.HS_FLAG_ALLOWEMPTY
    if once:
        shared |= hs.HS_FLAG_SINGLEMATCH
    flags = [
        shared | (hs.HS_FLAG_CASELESS if ignore_case else 0) | (hs.HS_FLAG_UTF8 if characters else 0)
        for _, ignore_case, characters in expressions
    ]
    texts = [text for text, _, _ in expressions]
    name = _name(texts, flags)
    if (database := _kept(name)) is not None:
        return database
    database = hs.Database()
    try:
        database.compile(expressions=texts, ids=list(range(len(texts))), elements=len(texts), flags=flags)
    except hs.error:
        for number, (text, flag) in enumerate(zip(texts, flags, strict=True)):
            try:
                hs.Database().compile(expressions=[text], flags=[flag])
            except hs.error as refusal:
                raise RefusedError(number, refusal) from None
        raise
    cache.put(name, hs.dumpb(database))
    return database


def _translate(expression: str | bytes) -> bytes:
    """Python's notation for code points in hyperscan's; and where something may come back up to six times or more, any number of
    times: counters make a database several times as large and as slow to compile, and what it finds is only proposed."""
    if isinstance(expression, bytes):
        return expression
    expression = _REPEAT.sub(lambda m: m[0] if int(m["most"] or 0) < 6 else "+" if int(m["least"] or 0) else "*", expression)
    return _CODE_POINT.sub(lambda m: rf"\x{{{m[1] or m[2]}}}", expression).encode()


_REPEAT = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>\d*),(?P<most>\d+)\}", re.S)  # braces in a class are braces
