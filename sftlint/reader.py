"""Chunks to batches, and single records read again by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import orjson

from sftlint import formats, source
from sftlint.batch import Batch
from sftlint.formats import context_target
from sftlint.pattern import Pattern, Scanners
from sftlint.reading import elements, files, parse
from sftlint.reading.preflight import rename
from sftlint.record import OFFSET, Record, Rejected
from sftlint.source import SHIFT, Chunk, File


class Reader:
    """Reads records. *renames* maps the user's keys to the standard ones."""

    def __init__(self, renames: Mapping[str, str], scanners: Scanners, learned: Mapping[type, Any]) -> None:
        self._renames, self._scanners, self._learned = dict(renames), scanners, learned

    def scanning(self, patterns: Iterable[Pattern]) -> Reader:
        """The same, whose batches are scanned for *patterns* alone."""
        return Reader(self._renames, Scanners(patterns), self._learned)

    def batch(self, chunk: Chunk, lines: source.Lines, only: frozenset[int] | None = None) -> Batch:
        """The records of *chunk*, or those whose ids are in *only*."""
        return self._made(chunk.file, zip(lines.starts, lines.raws, strict=True), only)

    def _made(self, file: File, lines: Iterable[tuple[int, bytes]], only: frozenset[int] | None = None) -> Batch:
        records: list[Record] = []
        uncommon: list[Record] = []
        rejected: list[Rejected] = []
        keep, loads, read_home, home = records.append, orjson.loads, context_target.read, formats.HOME
        new = tuple.__new__  # what Record(...) does, without a call in Python for each record
        plain = not self._renames
        base = file.number << SHIFT
        for start, raw in lines:
            id = base + start
            if only is not None and id not in only:
                continue
            made: Record | Rejected
            try:
                value = loads(raw)
            except ValueError:
                made = self._difficult(id, raw, file)
            else:
                if plain and type(value) is dict and "target" in value and "context" in value:
                    texts, layout, sound = read_home(value)
                    record = new(Record, (id, raw, value, home, texts, layout, sound, False))
                    keep(record)
                    if not layout.common or len(value) > 2:
                        uncommon.append(record)
                    continue
                made = self._record(id, raw, value, file, lenient=False)
            if type(made) is Record:
                keep(made)
                uncommon.append(made)
            else:
                rejected.append(made)  # type: ignore[arg-type]
        return Batch(records, uncommon, rejected, self._scanners, self._learned)

    def some(self, file: File, offsets: list[int]) -> Batch:
        """The records that begin at *offsets* of *file*."""
        with files.open_to_seek(file.path) as stream:
            return self._made(file, ((offset, _raw(stream, file, offset)) for offset in offsets))

    def of(self, records: list[Record], rejected: list[Rejected]) -> Batch:
        """A batch of records that are at hand."""
        return Batch(records, records, rejected, self._scanners, self._learned)

    def record(self, file: File, offset: int) -> Record | Rejected:
        """The record that begins at *offset* of *file*."""
        with files.open_to_seek(file.path) as stream:
            return self.at(stream, file, offset)

    def at(self, stream: BinaryIO, file: File, offset: int) -> Record | Rejected:
        """The record that begins at *offset* of *file*, which *stream* reads."""
        raw = _raw(stream, file, offset)
        id = file.number << SHIFT | offset
        try:
            value = orjson.loads(raw)
        except ValueError:
            return self._difficult(id, raw, file)
        if type(value) is dict and len(value) == 2 and "target" in value and "context" in value and not self._renames:
            return Record(id, raw, value, formats.HOME, *context_target.read(value), False)
        return self._record(id, raw, value, file, lenient=False)

    def _difficult(self, id: int, raw: bytes, file: File) -> Record | Rejected:
        if not raw.strip():
            return Rejected(id, raw, "blank")
        try:
            value = parse.lenient(raw)
        except parse.UnparsableError as refused:
            return Rejected(id, raw, refused.refusal.reason, refused.refusal)
        return self._record(id, raw, value, file, lenient=True)

    def _record(self, id: int, raw: bytes, value: Any, file: File, *, lenient: bool) -> Record | Rejected:
        value = rename(value, self._renames)
        name = formats.detect(value)
        if name is None:
            if file.facts.unreadable or not file.facts.format or type(value) not in (dict, list) or not value:
                return Rejected(id, raw, "shape", value, file.facts.format)
            name = file.facts.format
            if type(value) is list or not any(key in value for key in formats.FORMATS[name].FIELDS):
                return Rejected(id, raw, "shape", value, name)
        return Record(id, raw, value, name, *formats.read(value, name), lenient)


def _raw(stream: BinaryIO, file: File, offset: int) -> bytes:
    """The line, or the element of an array, that begins at *offset*."""
    stream.seek(offset)
    return elements.first(stream) if file.facts.array else stream.readline().rstrip(b"\n")


class Records(Mapping[int, Record]):
    """Records by id, read again from their files."""

    def __init__(self, files: list[File], reader: Reader) -> None:
        self._files, self._reader = files, reader
        self._open: tuple[int, BinaryIO] | None = None  # the file of the latest record: most are asked for in order

    def __getitem__(self, id: int) -> Record:
        number = id >> SHIFT
        if self._open is None or self._open[0] != number:
            self._close()
            self._open = number, files.open_to_seek(self._files[number].path)
        record = self._reader.at(self._open[1], self._files[number], id & OFFSET)
        if isinstance(record, Rejected):
            raise KeyError(id)
        return record

    def _close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

    __del__ = _close

    def __reduce__(self) -> Any:
        return Records, (self._files, self._reader)

    def __iter__(self) -> Any:
        raise TypeError("records are read by id, never all at once")

    def __len__(self) -> int:
        raise TypeError("records are read by id, never counted")
