"""Fixes made: find, write beside, lint again, until nothing is left to mend; then replace each file at once."""

from __future__ import annotations

import os
import tempfile
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from sftlint import source
from sftlint.diagnostic import diagnostics
from sftlint.fix import ByteEdit, byte_edit, element_edit
from sftlint.lint import Result, by_chunk
from sftlint.reading import files
from sftlint.record import OFFSET
from sftlint.rule import Edit, Finding, Mend
from sftlint.settle import heard, order
from sftlint.source import SHIFT, Collected, File
from sftlint.writing import parts, rewriting

PASSES = 10  # a fix may uncover another, but hardly ten times


class Plan(NamedTuple):
    """What one pass will change. Of fixes that overlap the first wins; the others wait for the next pass."""

    edits: dict[int, list[ByteEdit]]
    """Of each file, ascending and apart."""
    mends: dict[int, Mend]
    """Files to write anew as a whole, and how."""
    dropped: dict[int, Finding]
    """The records that go, and why."""
    made: Counter[str]
    """Fixes by rule."""


@dataclass
class Outcome:
    """What was done: `result` is of the data as they are now."""

    result: Result
    made: Counter[str] = field(default_factory=Counter)
    removed: Path | None = None
    """Where the dropped records stand, each with its file, row, rule and reason."""
    dropped: int = 0
    written: dict[int, str] = field(default_factory=dict)
    """Where the new content of each changed file lies until it is put in place."""
    held: int = 0
    """Fixes not made because they would drop records."""
    weaker: int = 0
    """Fixes not made because they are unsafe."""
    ended: bool = True
    """False if something was still left to mend after the last pass."""


def fix(
    lint_files: Callable[[Collected], Result],
    collected: Collected,
    *,
    unsafe: bool,
    drops: bool,
    beside: Callable[[File], Path] | None,
    stack: ExitStack,
) -> Outcome:
    """Lint and mend, pass after pass, in copies.

    beside: the folder in which a file's copy is written; None for a temporary one. *stack* removes the copies that are
    not put in place.
    """
    outcome = Outcome(lint_files(collected))
    temporary = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sftlint-")))
    outcome.removed = temporary / "removed.jsonl"
    for turn in range(PASSES + 1):
        result = outcome.result
        plan = _plan(result, unsafe, drops)
        if not plan.edits and not plan.mends:
            break
        if turn == PASSES:
            outcome.ended = False
            break
        outcome.dropped += rewriting.append(outcome.removed, _told(result, plan.dropped, first=not turn))
        now = list(result.collected.files)
        for number in sorted({*plan.edits, *plan.mends}):
            file = now[number]
            path = rewriting.beside(beside(file) if beside else temporary, file, turn)
            stack.callback(parts.discard, path)
            rewriting.rewrite(file, path, plan.edits.get(number, []), plan.mends.get(number))
            if number in outcome.written:
                os.unlink(outcome.written[number])
            outcome.written[number] = str(path)
            now[number] = source.moved(file, str(path), result.setup.config.renames)
        outcome.made += plan.made
        outcome.result = lint_files(result.collected._replace(files=now))
    _count_left(outcome, unsafe, drops)
    return outcome


def _count_left(outcome: Outcome, unsafe: bool, drops: bool) -> None:
    for finding in heard(outcome.result.raw, outcome.result.setup.by_name):
        if finding.fix and not finding.fix.safe and not unsafe:
            outcome.weaker += 1
        elif finding.fix and not drops and _loses(finding, outcome.result):
            outcome.held += 1


def _drops(finding: Finding) -> bool:
    return finding.fix is not None and any(e.new is Mend.DROP for e in finding.fix.edits)


def _loses(finding: Finding, result: Result) -> bool:
    """Whether its fix drops records: a blank line is none."""
    return _drops(finding) and not result.setup.by_name[finding.rule].of_blank_lines


def _plan(result: Result, unsafe: bool, drops: bool) -> Plan:
    plan = Plan({}, {}, {}, Counter())
    wanted = []
    for finding in heard(result.raw, result.setup.by_name):
        if finding.fix is None or not (finding.fix.safe or unsafe) or (not drops and _loses(finding, result)):
            continue
        whole = next((e.new for e in finding.fix.edits if isinstance(e.new, Mend) and e.new is not Mend.DROP), None)
        if whole and finding.file is not None:
            if finding.file not in plan.mends:
                plan.mends[finding.file] = whole
                plan.made[finding.rule] += 1
        else:
            wanted.append(finding)
    lots: list[tuple[Finding, tuple[Edit, ...]]] = []
    for finding in wanted:
        edits = finding.fix.edits if finding.fix else ()
        # A fix is made as a whole or not at all; but each of many records goes by itself.
        lots += [(finding, (edit,)) for edit in edits] if _drops(finding) else [(finding, tuple(edits))]
    accepted: dict[int, _Spans] = {}
    made = set()
    for (finding, edits), spans in zip(lots, _located(result, [edits for _, edits in lots]), strict=True):
        number = edits[0].place.record >> SHIFT
        if number in plan.mends or not spans or not accepted.setdefault(number, _Spans()).add(spans):
            continue
        made.add(id(finding))
        if _drops(finding):
            plan.dropped.setdefault(edits[0].place.record, finding)
    plan.made.update(finding.rule for finding in wanted if id(finding) in made)
    plan.edits.update((number, spans.edits) for number, spans in sorted(accepted.items()) if spans.edits)
    return plan


class _Spans:
    """Edits of one file that do not overlap."""

    def __init__(self) -> None:
        self.edits: list[ByteEdit] = []

    def add(self, edits: Iterable[ByteEdit]) -> bool:
        """Take all of *edits* or none; whether they were taken."""
        new = sorted(set(edits))
        if any(self._meets(edit) for edit in new) or any(a.stop > b.start for a, b in pairwise(new)):
            return False
        for edit in new:
            self.edits.insert(bisect_left(self.edits, edit), edit)
        return True

    def _meets(self, edit: ByteEdit) -> bool:
        at = bisect_right(self.edits, edit.start, key=lambda held: held.start)
        before, after = self.edits[at - 1 : at], self.edits[at : at + 1]
        return any(b.stop > edit.start or b.start == edit.start for b in before) or any(edit.stop > a.start for a in after)


def _located(result: Result, lots: list[tuple[Edit, ...]]) -> list[list[ByteEdit]]:
    """The bytes of the edits of each lot; none where a record is not to be found."""
    flat = [(i, edit) for i, edits in enumerate(lots) for edit in edits]
    held: dict[int, list[tuple[int, Edit]]] = {}
    for i, edit in flat:
        held.setdefault(edit.place.record, []).append((i, edit))
    found: list[list[ByteEdit]] = [[] for _ in lots]
    work = [
        (result.chunks[number].file, [pair for id in ids for pair in held[id]])
        for number, ids in by_chunk(result.chunks, sorted(held))
    ]
    for located in result.engine.map(byte_edits, work, result.setup):
        for i, made in located:
            found[i].append(made)
    return [spans if len(spans) == len(edits) else [] for spans, edits in zip(found, lots, strict=True)]


def byte_edits(setup: Any, lot: tuple[File, list[tuple[int, Edit]]]) -> list[tuple[int, ByteEdit]]:
    """The bytes of numbered edits in one file."""
    file, edits = lot
    batch = setup.reader.some(file, sorted({edit.place.record & OFFSET for _, edit in edits}))
    held = {line.id: line for line in (*batch.records, *batch.rejected)}
    own = {standard: key for key, standard in setup.config.renames}
    found = []
    with files.open_to_seek(file.path) as stream:
        for i, edit in edits:
            made = byte_edit(edit, held[edit.place.record], own)
            if made and made.line and file.facts.array:
                made = element_edit(stream, made.start, made.stop - 1)
            if made:
                found.append((i, made))
    return found


def _told(result: Result, gone: dict[int, Finding], *, first: bool) -> Iterator[dict[str, Any]]:
    """The dropped records with the file, row, rule and reason. Rows are those of the data as they were given."""
    reasons = sorted({id(finding): finding for finding in gone.values()}.values(), key=order)
    told = {id(d.finding): d for d in diagnostics(result, reasons)}
    for record in sorted(gone):
        finding = gone[record]
        if not _loses(finding, result):
            continue
        said = told[id(finding)]
        file = result.collected.files[record >> SHIFT]
        held = result.setup.reader.record(file, record & OFFSET)
        row = {"row": said.location[0]} if first and said.location and finding.place else {}
        yield {
            "filename": file.name, **row, "rule": finding.rule, "reason": said.message,
            "record": held.raw.decode("utf-8", "backslashreplace"),
        }  # fmt: skip
