"""Findings located and put into words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from sftlint import source
from sftlint.batch import Place
from sftlint.fix import ByteEdit, byte_edit
from sftlint.lint import Result, by_chunk
from sftlint.locate import Span, text_span, value_span
from sftlint.mask import mask, mask_parts
from sftlint.parse import escape
from sftlint.phrase import Phrase
from sftlint.reader import canonical
from sftlint.record import OFFSET, Record
from sftlint.rows import Rows
from sftlint.rule import Finding, Rule
from sftlint.run import Setup
from sftlint.source import SHIFT, Chunk

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
    finding: Finding | None = None


class Located(NamedTuple):
    """What a worker tells of a finding: rows count from the record's own, columns from its beginning."""

    start: tuple[int, int]
    stop: tuple[int, int]
    digest: str
    window: tuple[str, str, str]
    edits: list[tuple[ByteEdit, tuple[int, int], tuple[int, int]]]


def diagnostics(
    result: Result, findings: Sequence[Finding], lang: str = "en", seen: dict[str, int] | None = None
) -> Iterator[Diagnostic]:
    """*findings* (in reading order) as Diagnostics, lot by lot, so that memory stays bounded.

    *seen* counts the fingerprints, where it goes on from an earlier call.
    """
    setup, files = result.setup, result.collected.files
    rows = Rows(result, {id for f in findings for id in (*([f.place.record] if f.place else ()), *f.related)})
    own = {standard: key for key, standard in setup.config.renames}
    seen = {} if seen is None else seen
    for finding, located in _in_order(_located(result, findings)):
        rule = setup.by_name[finding.rule]
        pointer = finding.place.pointer if finding.place else None
        pointer = own_pointer(pointer, own) if pointer else pointer
        words = _words(finding, rule, result, rows, lang, pointer)
        file = finding.place.record >> SHIFT if finding.place else finding.file
        start = stop = None
        fixes = []
        digest = located.digest if located else _digest(finding, b"")
        if located and finding.place:
            base = rows[finding.place.record]
            start, stop = _plus(base, located.start), _plus(base, located.stop)
            fixes = [(_plus(base, a), _plus(base, b), edit.content.decode("utf-8", "replace")) for edit, a, b in located.edits]
            if any(mask(content) != content for _, _, content in fixes):
                fixes = []  # to be made by sftlint only: masked, they would spoil the data
        seen[digest] = seen.get(digest, 0) + 1
        yield Diagnostic(
            finding.rule, rule.category, severity(finding, rule, setup), words,
            mask(rule.suggestion.say(lang, finding.data)),
            None if file is None else files[file].name, start, stop,
            pointer, digest if seen[digest] == 1 else f"{digest}:{seen[digest]}",
            [(files[id >> SHIFT].name, rows[id][0]) for id in finding.related], finding.related_total,
            finding.fix, fixes, located.window if located else ("", "", ""), finding,
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
    order = ("info", "warning", "error")
    return min(ceiling, finding.severity, key=order.index)


def _words(finding: Finding, rule: Rule, result: Result, rows: Rows, lang: str, pointer: str | None) -> str:
    """The message. Beside the finding's own data it may use {field}, its pointer, {key}, and {first}, the row of the first
    related record (with its file, if that is another)."""
    phrase: Phrase = getattr(rule, finding.kind)
    field_name = pointer or Phrase("the record", "该记录")
    data: dict[str, Any] = {"field": field_name, "key": finding.key}
    if finding.related:
        first = finding.related[0]
        same = finding.place is not None and finding.place.record >> SHIFT == first >> SHIFT
        data["first"] = rows[first][0] if same else f"{rows[first][0]} ({result.collected.files[first >> SHIFT].name})"
    data |= finding.data
    said = mask(phrase.say(lang, data))
    if finding.hits and finding.place is None and finding.file is not None:
        counts = result.counts[finding.file]
        total = max(counts.records + counts.rejected + counts.blank, 1)
        said = _FOLDED.say(lang, {"count": len(finding.hits), "share": len(finding.hits) / total, "message": said})
    return said


def _plus(base: tuple[int, int], relative: tuple[int, int]) -> tuple[int, int]:
    row, column = relative
    return (base[0] + row, column + (base[1] if row == 0 else 1))


def _located(result: Result, findings: Sequence[Finding]) -> Iterator[tuple[Finding, Located | None]]:
    """Each finding with its place, in order; None for findings on no record."""
    placed = [finding for finding in findings if finding.place]
    lots: list[tuple[Chunk, list[Finding]]] = []
    taken = 0
    for number, ids in by_chunk(result.chunks, (finding.place.record for finding in placed if finding.place)):
        lots.append((result.chunks[number], placed[taken : taken + len(ids)]))
        taken += len(ids)
    found = (located for lot in result.engine.map(describe, lots, result.setup) for located in lot)
    for finding in findings:
        yield finding, next(found) if finding.place else None


def describe(setup: Setup, lot: tuple[Chunk, list[Finding]]) -> list[Located]:
    """Where the findings of one chunk stand in their records."""
    chunk, findings = lot
    lines = source.read(chunk)
    ids = frozenset(finding.place.record for finding in findings if finding.place)
    batch = setup.reader.batch(chunk, lines, ids)
    found: dict[int, Any] = {record.id: record for record in batch.records}
    found.update((line.id, line) for line in batch.rejected)
    own = {standard: key for key, standard in setup.config.renames}
    return [_locate(finding, found[finding.place.record], own) for finding in findings if finding.place]


def _locate(finding: Finding, held: Any, own: dict[str, str]) -> Located:
    place = finding.place
    assert place is not None
    raw, bytes_of = _read(held)
    span = span_of(raw, place, own)
    edits = []
    for edit in finding.fix.edits if finding.fix else ():
        made = byte_edit(edit, held, own)
        if made:
            edits.append((made, *_edit_places(raw, made, held)))
    return Located(
        _position(raw, span.start), _position(raw, span.stop), _digest(finding, bytes_of), window(raw, place, span, held), edits
    )


_last: tuple[Any, tuple[str, bytes]] = (None, ("", b""))


def _read(held: Any) -> tuple[str, bytes]:
    """The raw record as text, and what stands for it in a fingerprint. A record may have thousands of findings."""
    global _last
    if _last[0] is not held:
        text = held.raw.decode("utf-8", "surrogateescape").rstrip("\r")
        try:
            stands = canonical(held.value) if isinstance(held, Record) else held.raw.strip()
        except RecursionError:
            stands = held.raw.strip()
        _last = (held, (text, stands))
    return _last[1]


def _edit_places(raw: str, edit: ByteEdit, held: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    start, stop = edit.start - (held.id & OFFSET), edit.stop - (held.id & OFFSET)
    if edit.line:
        return (0, 0), (1, 0)
    if held.raw.isascii() and b"\n" not in held.raw:
        return (0, start), (0, stop)
    before = held.raw[:start].decode("utf-8", "surrogateescape")
    upto = held.raw[:stop].decode("utf-8", "surrogateescape")
    return _position(before, len(before)), _position(upto, len(upto))


def span_of(raw: str, place: Place, own: dict[str, str]) -> Span:
    """The place in the raw record. A place that is not there (any more) is the whole record."""
    if place.pointer is None:
        if place.start is None or place.stop is None:
            return Span(0, len(raw))
        return Span(min(place.start, len(raw)), min(place.stop, len(raw)))
    try:
        pointer = own_pointer(place.pointer, own)
        if place.start is None or place.stop is None:
            return value_span(raw, pointer)
        return text_span(raw, pointer, place.start, place.stop)
    except (LookupError, ValueError):
        return Span(0, len(raw))


def own_pointer(pointer: str, own: dict[str, str]) -> str:
    """*pointer* with the user's own key as its first step."""
    if not own or not pointer:
        return pointer
    first, slash, rest = pointer[1:].partition("/")
    return "/" + (escape(own[first]) if first in own else first) + slash + rest


def _position(raw: str, at: int) -> tuple[int, int]:
    """Row and column (0-based) of the character *at* in the record."""
    row = raw.count("\n", 0, at)
    return row, at - (raw.rfind("\n", 0, at) + 1)


def _digest(finding: Finding, record: bytes) -> str:
    pointer = (finding.place.pointer if finding.place else None) or ""
    parts = (
        FINGERPRINT.encode(),
        finding.rule.encode(),
        record,
        pointer.encode("utf-8", "backslashreplace"),
        f"{finding.kind}:{finding.key}".encode("utf-8", "backslashreplace"),
    )
    return hashlib.sha256(b"\x1f".join(parts)).hexdigest()[:16]


def window(raw: str, place: Place, span: Span, held: Any) -> tuple[str, str, str]:
    """What stands before, at and after the place, decoded where it is a text; personal data and secrets are masked."""
    text, start, stop = raw, span.start, span.stop
    if place.pointer is not None and isinstance(held, Record):
        for index, pointer in enumerate(held.layout.pointers):
            text_at = held.text(index)
            inside = place.start is None or text_at.start <= place.start <= text_at.start + len(text_at.text)
            if pointer == place.pointer and inside:
                text = text_at.text
                start = 0 if place.start is None else place.start - text_at.start
                stop = len(text) if place.stop is None else place.stop - text_at.start
                break
    elif place.pointer is None and place.start is None:
        if isinstance(held, Record) and held.layout.question:
            text = held.question
        return (mask_parts(text, (0, 2 * AROUND))[0], "", "")
    low, high = max(start - AROUND, 0), min(stop + AROUND, len(text))
    if stop - start > 2 * AROUND:
        before, head = mask_parts(text, (low, start, start + AROUND))
        tail, after = mask_parts(text, (stop - AROUND // 2, stop, high))
        inner = f"{head}…{tail}"
    else:
        before, inner, after = mask_parts(text, (low, start, stop, high))
    return ("…" * (low > 0) + before, inner, after + "…" * (high < len(text)))
