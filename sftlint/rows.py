"""Rows and columns of records, counted only for records that are reported."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np

from sftlint import source
from sftlint.lint import Result, by_chunk
from sftlint.reading import files
from sftlint.record import OFFSET
from sftlint.source import Chunk, extent


class Rows:
    """Row and column (1-based) of the beginning of records, by id."""

    def __init__(self, result: Result, ids: Iterable[int]) -> None:
        self._ids = np.array(sorted(set(ids)), np.int64)
        self._places = np.zeros((len(self._ids), 2), np.int64)
        lots = list(by_chunk(result.chunks, self._ids.tolist()))
        bases = _bases(result)
        tasks = [(result.chunks[number], held) for number, held in lots]
        done = 0
        for (number, held), places in zip(lots, result.engine.map(starts_of, tasks, None), strict=True):
            for row, column in places:
                base = bases[number]
                self._places[done] = (base[0] + row, column + (base[1] if row == 0 else 1))
                done += 1
            assert len(held) == len(places)

    def __getitem__(self, id: int) -> tuple[int, int]:
        row, column = self._places[np.searchsorted(self._ids, id)].tolist()
        return row, column


def _bases(result: Result) -> list[tuple[int, int]]:
    """Row and column of the beginning of each chunk."""
    bases = []
    file, row, column = -1, 1, 1
    for chunk, (newlines, tail) in zip(result.chunks, result.extents, strict=True):
        if chunk.file.number != file:
            file, row, column = chunk.file.number, 1, 1
            with files.open(chunk.file.path) as stream:
                stream.seek(chunk.file.facts.bom)
                gap = extent(stream.read(chunk.start - chunk.file.facts.bom))
            row, column = row + gap[0], column + gap[1]
        bases.append((row, column))
        row, column = row + newlines, tail + (1 if newlines else column)
        if chunk.file.facts.array:
            column += 1  # the comma between two chunks
    return bases


def starts_of(shared: None, lot: tuple[Chunk, list[int]]) -> list[tuple[int, int]]:
    """Rows and columns (0-based) of records from the beginning of their chunk."""
    chunk, ids = lot
    offsets = [id & OFFSET for id in ids]
    if not chunk.file.facts.array:
        lines = source.read(chunk)
        return [(bisect_left(lines.starts, offset), 0) for offset in offsets]
    with files.open(chunk.file.path) as stream:
        stream.seek(chunk.start)
        data = stream.read(chunk.stop - chunk.start)
    places = []
    at, row, column = 0, 0, 0
    for offset in offsets:
        newlines, tail = extent(data[at : offset - chunk.start])
        row, column, at = row + newlines, tail + (0 if newlines else column), offset - chunk.start
        places.append((row, column))
    return places
