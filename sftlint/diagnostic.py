"""Findings located and put into words."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from sftlint import source, unquoted
from sftlint.batch import Place
from sftlint.errors import Error
from sftlint.fix import ByteEdit, byte_edit
from sftlint.lint import Result, by_chunk
from sftlint.locate import Raw, Span, own_pointer, raw_of, span_of
from sftlint.phrase import Phrase
from sftlint.reading.parse import canonical
from sftlint.record import Record
from sftlint.rows import Rows
from sftlint.rule import SEVERITIES, Finding, Rule
from sftlint.setup import Setup
from sftlint.source import SHIFT, Chunk
from sftlint.texts.mask import mask, mask_parts

FINGERPRINT = "1"  # its version
AROUND = 28  # characters shown on either side of a place

_FOLDED = Phrase(
    en="{count} records ({share:.0%} of the file) have this: {message}",
    zh="{count} 条记录（占该文件的 {share:.0%}）均有此问题：{message}",
)


@dataclass(slots=True)
class Diagnostic:
    """One finding as reports show it. Rows and columns are 1-based and count code points of the raw line."""

    code: str
    category: str
    severity: str
    message: str
    suggestion: str
    filename: str | None
    location: tuple[int, int] | None
    end_location: tuple[int, int] | None
    pointer: str | None
    fingerprint: str
    related: list[tuple[str, int]] = field(default_factory=list)
    related_total: int = 0
    fix: Any = None
    fixes: list[tuple[tuple[int, int], tuple[int, int], str]] = field(default_factory=list)
    window: tuple[str, str, str] = ("", "", "")
    """The text before the place, at it and after it."""
    bytes: tuple[int, int] | None = None
    """The columns of `location` and `end_location`, counted in bytes of UTF-8."""
    finding: Finding | None = None


class Located(NamedTuple):
    """What a worker tells of a finding: rows count from the record's own, columns from its beginning."""

    start: tuple[int, int]
    stop: tuple[int, int]
    digest: str
    bytes: tuple[int, int]
    """The columns again, in bytes of UTF-8."""
    window: tuple[str, str, str]
    edits: list[tuple[ByteEdit, tuple[int, int], tuple[int, int]]]


def diagnostics(
    result: Result,
    findings: Sequence[Finding],
    lang: str = "en",
    seen: dict[str, int] | None = None,
    *,
    around: int = AROUND,
    text: bool = True,
) -> Iterator[Diagnostic]:
    """*findings* (in reading order) as Diagnostics, lot by lot, so that memory stays bounded.

    *seen* counts the fingerprints, where it goes on from an earlier call. *around* is how many characters are shown on
    either side of a place. Without *text* nothing that stands in the records is quoted.
    """
    setup, files = result.setup, result.collected.files
    rows = Rows(result, {id for f in findings for id in (*([f.place.record] if f.place else ()), *f.related)})
    own = {standard: key for key, standard in setup.config.renames}
    seen = {} if seen is None else seen
    for finding, located in _in_order(_located(result, findings, around)):
        rule = setup.by_name[finding.rule]
        pointer = finding.place.pointer if finding.place else None
        pointer = own_pointer(pointer, own) if pointer else pointer
        shown = finding if text else finding._replace(data=unquoted.data(finding.data, rule))
        pointer = pointer if text or not pointer else unquoted.pointer(pointer, own.values())
        file = finding.place.record >> SHIFT if finding.place else finding.file
        start = stop = None
        fixes, widths = [], None
        digest = located.digest if located else _digest(finding, None)
        if located and finding.place:
            located = located if text else located._replace(window=("", "", ""), edits=[])
            base = rows[finding.place.record]
            start, stop = _plus(base, located.start), _plus(base, located.stop)
            widths = (_plus(base, (located.start[0], located.bytes[0]))[1], _plus(base, (located.stop[0], located.bytes[1]))[1])
            fixes = [(_plus(base, a), _plus(base, b), edit.content.decode("utf-8", "replace")) for edit, a, b in located.edits]
            if any(mask(content) != content for _, _, content in fixes):
                fixes = []  # to be made by sftlint only: masked, they would spoil the data
        words = _words(shown, rule, result, rows, lang, pointer, start)
        seen[digest] = seen.get(digest, 0) + 1
        yield Diagnostic(
            finding.rule, rule.category, severity(finding, rule, setup), words,
            mask(_said(rule.suggestion, rule, "suggestion", lang, shown.data)),
            None if file is None else files[file].name, start, stop,
            pointer, digest if seen[digest] == 1 else f"{digest}:{seen[digest]}",
            [(files[id >> SHIFT].name, rows[id][0]) for id in finding.related], finding.related_total,
            finding.fix, fixes, located.window if located else ("", "", ""), widths, finding,
        )  # fmt: skip


def _in_order(pairs: Iterator[tuple[Finding, Located | None]]) -> Iterator[tuple[Finding, Located | None]]:
    """The findings on each record in the order of their places in it."""
    for placed, group in groupby(pairs, key=lambda pair: pair[0].place.record if pair[0].place else -1):
        found = list(group)
        yield from found if placed < 0 else sorted(found, key=lambda pair: pair[1].start if pair[1] else (0, 0))


def severity(finding: Finding, rule: Rule, setup: Setup) -> str:
    """The finding's severity: never above the rule's, unless the configuration raises that."""
    ceiling = setup.severity(rule)
    if finding.severity is None:
        return ceiling
    return min(ceiling, finding.severity, key=SEVERITIES.index)


def _words(
    finding: Finding, rule: Rule, result: Result, rows: Rows, lang: str, pointer: str | None, start: tuple[int, int] | None
) -> str:  # fmt: skip
    """The message. Beside the finding's own data it may use {field}, its pointer, {key}, {column}, where it begins, and
    {first}, the row of the first related record (with its file, if that is another)."""
    phrase = getattr(rule, finding.kind, None)
    if not isinstance(phrase, Phrase):
        raise Error(f"rule {rule.name}: no Phrase is called {finding.kind}; mend kind= in finding(...), or add the phrase")
    field_name = pointer or Phrase("the record", "该记录")
    data: dict[str, Any] = {"field": field_name, "key": finding.key}
    if start:
        data["column"] = start[1]
    if finding.related:
        first = finding.related[0]
        same = finding.place is not None and finding.place.record >> SHIFT == first >> SHIFT
        name = result.collected.files[first >> SHIFT].name
        data["first"] = rows[first][0]
        if not same and lang == "zh":  # the word for row stands behind its number
            data["first_file"] = name
            phrase = phrase._replace(zh=phrase.zh.replace("第 {first} 行", "第 {first} 行（{first_file}）"))
        elif not same:
            data["first"] = f"{rows[first][0]} ({name})"
    data |= finding.data
    said = mask(_said(phrase, rule, finding.kind, lang, data))
    if finding.hits and finding.place is None and finding.file is not None:
        total = max(result.counts[finding.file].lines(blank=rule.of_blank_lines), 1)
        said = _FOLDED.say(lang, {"count": len(finding.hits), "share": len(finding.hits) / total, "message": said})
    return said


def _said(phrase: Phrase, rule: Rule, name: str, lang: str, data: dict[str, Any]) -> str:
    """*phrase* filled with *data*, or what its author forgot."""
    try:
        return phrase.say(lang, data)
    except KeyError as missing:
        key = missing.args[0]
        raise Error(f"rule {rule.name}: {name} has the placeholder {{{key}}}; give finding(...) {key}=, or take it out") from None


def _plus(base: tuple[int, int], relative: tuple[int, int]) -> tuple[int, int]:
    row, column = relative
    return (base[0] + row, column + (base[1] if row == 0 else 1))


def _located(result: Result, findings: Sequence[Finding], around: int) -> Iterator[tuple[Finding, Located | None]]:
    """Each finding with its place, in order; None for findings on no record."""
    placed = [finding for finding in findings if finding.place]
    lots: list[tuple[Chunk, list[Finding], int]] = []
    taken = 0
    for number, ids in by_chunk(result.chunks, (finding.place.record for finding in placed if finding.place)):
        lots.append((result.chunks[number], placed[taken : taken + len(ids)], around))
        taken += len(ids)
    found = (located for lot in result.engine.map(describe, lots, result.setup) for located in lot)
    for finding in findings:
        yield finding, next(found) if finding.place else None


def describe(setup: Setup, lot: tuple[Chunk, list[Finding], int]) -> list[Located]:
    """Where the findings of one chunk stand in their records."""
    chunk, findings, around = lot
    lines = source.read(chunk)
    ids = frozenset(finding.place.record for finding in findings if finding.place)
    batch = setup.reader.batch(chunk, lines, ids)
    found: dict[int, Any] = {record.id: record for record in batch.records}
    found.update((line.id, line) for line in batch.rejected)
    own = {standard: key for key, standard in setup.config.renames}
    return [_locate(finding, found[finding.place.record], own, around) for finding in findings if finding.place]


def _locate(finding: Finding, held: Any, own: dict[str, str], around: int) -> Located:
    place = finding.place
    assert place is not None
    shown = _shown(held)
    raw = shown.raw
    span = span_of(raw, place, own)
    edits = []
    for edit in finding.fix.edits if finding.fix else ():
        made = byte_edit(edit, held, own)
        if made and made.line:
            edits.append((made, (0, 0), (1, 0)))
        elif made:
            edited = span_of(raw, edit.place, own)
            edits.append((made, raw.position(edited.start), raw.position(edited.stop)))
    start, stop = raw.position(span.start), raw.position(span.stop)
    widths = (_width(raw, span.start, start), _width(raw, span.stop, stop))
    return Located(start, stop, _digest(finding, shown), widths, window(shown, place, span, around), edits)


def _width(raw: Raw, at: int, position: tuple[int, int]) -> int:
    """How many bytes stand before the character *at* in its row."""
    return raw.byte(at) - (raw.byte(at - position[1]) if position[0] else 0)


class _Shown:
    """A record with what all findings on it ask for: there may be thousands."""

    def __init__(self, held: Any) -> None:
        self.held, self.raw = held, raw_of(held.raw)
        self._hashes: dict[str, Any] = {}

    def hash(self, rule: str) -> Any:
        """The beginning of the fingerprint of every finding of *rule*."""
        if rule not in self._hashes:
            self._hashes[rule] = _begun(rule, self._stands)
        return self._hashes[rule].copy()

    @cached_property
    def _stands(self) -> bytes:
        """What stands for the record in a fingerprint."""
        with contextlib.suppress(RecursionError):
            if isinstance(self.held, Record):
                return canonical(self.held.value)
        return bytes(self.held.raw.strip())

    @cached_property
    def parts(self) -> dict[str, list[int]]:
        """The texts of the record at each pointer: of a string with thoughts more than one."""
        found: dict[str, list[int]] = {}
        for index, pointer in enumerate(self.held.layout.pointers):
            found.setdefault(pointer, []).append(index)
        return found


_last: _Shown | None = None


def _shown(held: Any) -> _Shown:
    """*held* as it was made for the finding before, if that was on the same record."""
    global _last
    shown = _last
    if shown is None or shown.held is not held:
        shown = _last = _Shown(held)
    return shown


def _begun(rule: str, record: bytes) -> Any:
    return hashlib.sha256(b"\x1f".join((FINGERPRINT.encode(), rule.encode(), record, b"")))


def _digest(finding: Finding, shown: _Shown | None) -> str:
    pointer = (finding.place.pointer if finding.place else None) or ""
    told = shown.hash(finding.rule) if shown else _begun(finding.rule, b"")
    told.update(f"{pointer}\x1f{finding.kind}:{finding.key}".encode("utf-8", "backslashreplace"))
    return str(told.hexdigest())[:16]


def window(shown: _Shown, place: Place, span: Span, around: int = AROUND) -> tuple[str, str, str]:
    """What stands before, at and after the place, decoded where it is a text; personal data and secrets are masked."""
    held, text, (start, stop) = shown.held, shown.raw.text, span
    if place.pointer is not None and isinstance(held, Record):
        for index in shown.parts.get(place.pointer, ()):
            text_at = held.text(index)
            if place.start is None or text_at.start <= place.start <= text_at.start + len(text_at.text):
                text = text_at.text
                start = 0 if place.start is None else place.start - text_at.start
                stop = len(text) if place.stop is None else place.stop - text_at.start
                break
        if around > AROUND and not text.strip():  # nothing to be seen there: the question tells which record it is
            return (mask_parts(held.question, (0, around))[0] + "…" * (len(held.question) > around), "", "")
    elif place.pointer is None and place.start is None:
        if isinstance(held, Record) and held.layout.question:
            if around > AROUND:  # there is room for the answer too
                question, answer = (
                    mask_parts(said, (0, around))[0] + "…" * (len(said) > around) for said in (held.question, held.target)
                )
                return (f"{question}\n→ {answer}", "", "")
            text = held.question
        return (mask_parts(text, (0, 2 * around))[0], "", "")
    low, high = max(start - around, 0), min(stop + around, len(text))
    if stop - start > 2 * around:
        before, head = mask_parts(text, (low, start, start + around))
        tail, after = mask_parts(text, (stop - around // 2, stop, high))
        inner = f"{head}…{tail}"
    else:
        before, inner, after = mask_parts(text, (low, start, stop, high))
    return ("…" * (low > 0) + before, inner, after + "…" * (high < len(text)))
