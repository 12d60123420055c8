"""How long records are and how many turns they have, from a part of the Sample; and how large clusters of copies are."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sftlint.lint import Result, by_chunk
from sftlint.record import OFFSET
from sftlint.report import Report
from sftlint.run import Counts
from sftlint.setup import Setup
from sftlint.source import Chunk

SAMPLED = 2_000  # records: a share of 1 % is then right to half a percent


class Shape(NamedTuple):
    """Tokens (about) and rounds of the sampled training records, the shortest first."""

    tokens: list[int]
    rounds: Counter[int]


def shape(result: Result) -> Shape:
    """The shape of the dataset, from the records of the Sample with the smallest hashes: they are drawn at random."""
    ids = sorted(result.sample.ids[:SAMPLED].tolist())
    lots = [(result.chunks[number], held) for number, held in by_chunk(result.chunks, ids)]
    pairs = [pair for lot in result.engine.map(measure, lots, result.setup) for pair in lot]
    return Shape(sorted(tokens for tokens, _ in pairs), Counter(rounds for _, rounds in pairs))


def measure(setup: Setup, lot: tuple[Chunk, list[int]]) -> list[tuple[int, int]]:
    """Tokens and rounds of the sound records among some of a chunk."""
    chunk, ids = lot
    found = []
    for record in setup.reader.some(chunk.file, [id & OFFSET for id in ids]).sound:
        characters = sum(map(len, record.texts))
        encoded = sum(len(text.encode("utf-8", "replace")) for text in record.texts)
        counts = Counts(characters=characters, wide=(encoded - characters) // 2)
        found.append((counts.tokens, record.layout.rounds))
    return found


def clusters(report: Report) -> Counter[int]:
    """How many clusters of copies there are of each size, from the findings of the rules on duplicates."""
    parents: dict[int, int] = {}

    def root(id: int) -> int:
        while (above := parents.setdefault(id, id)) != id:
            parents[id] = id = parents[above]
        return id

    for entry in report.rules:
        if entry.rule.category == "duplicates":
            for finding in entry.findings:
                for other in finding.related if finding.place else ():
                    parents[root(finding.place.record)] = root(other)  # type: ignore[union-attr]
    return Counter(Counter(map(root, list(parents))).values())
