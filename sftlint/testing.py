"""Runs rules on their own examples: for the project's tests, and for `sftlint test` on any pack."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from sftlint import source
from sftlint.config import Config
from sftlint.diagnostic import Diagnostic, diagnostics
from sftlint.engines import Engine, Serial
from sftlint.fix import ByteEdit, apply, byte_edit
from sftlint.lint import Result, lint
from sftlint.reader import Reader
from sftlint.reading.preflight import BOM
from sftlint.record import OFFSET
from sftlint.rule import Bad, Finding, Good, Mend, Rule, options, page
from sftlint.source import SHIFT
from sftlint.writing.rewriting import mended

CHUNKS = (1, 200, 1 << 20)  # bytes: one record at a time, a few, all
BATCHES = 50  # show as much as thousands
EVALUATION = "held-out.jsonl"  # the file of an example's evaluation records


class Shuffled(Serial):
    """Merges summaries in an order of its own, as a cluster would."""

    def merge(self, kind: Any, parts: Sequence[Any]) -> Any:
        parts = list(parts)
        random.Random(len(parts)).shuffle(parts)  # noqa: S311 - no secret
        return kind.merge([kind.merge(parts[i : i + 2]) for i in range(0, len(parts), 2)])


def to_bytes(records: Sequence[Any]) -> bytes:
    """Records as lines: dicts and lists as JSON, str and bytes as they stand."""
    lines = []
    for record in records:
        if isinstance(record, bytes):
            lines.append(record)
        elif isinstance(record, str):
            lines.append(record.encode("utf-8", "surrogatepass"))
        else:
            lines.append(json.dumps(record, ensure_ascii=_surrogate(record)).encode())
    return b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines)


def _surrogate(record: Any) -> bool:
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


@contextmanager
def file_of(data: bytes, name: str, evaluation: bytes = b"") -> Iterator[str]:
    """A file with *data*, in a folder that is the working folder meanwhile; beside it one with *evaluation*, if that is given."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
        Path(folder, name).write_bytes(data)
        if evaluation:
            Path(folder, EVALUATION).write_bytes(evaluation)
        os.chdir(folder)
        try:
            yield name
        finally:
            os.chdir(before)


def lint_bytes(
    data: bytes,
    config: Config,
    name: str = "train.jsonl",
    chunk: int = 1 << 20,
    engine: Engine | None = None,
    evaluation: bytes = b"",
) -> Result:
    """Lint *data* as a file called *name*, with *evaluation* as evaluation data."""
    with file_of(data, name, evaluation) as path:
        collected = source.collect([path], renames=config.renames, evaluation=[EVALUATION] if evaluation else ())
        result = lint(collected, config, engine or Shuffled(), chunk=chunk)
        list(diagnostics(result, result.findings))  # locating and wording must work as well
    return result


def words(data: bytes, config: Config, name: str = "train.jsonl", lang: str = "en") -> list[Diagnostic]:
    """The findings of *data*, located and in words."""
    with file_of(data, name) as path:
        result = lint(source.collect([path], renames=config.renames), config)
        return list(diagnostics(result, result.findings, lang))


def config_for(rule: type[Rule], example: Good, base: Config | None = None) -> Config:
    """The configuration of an example: all rules, and this rule's options as the example gives them. Whatever else
    the example gives is a setting of the run (`fields`, `schema`, ...), but for `evaluation`, which holds records."""
    own = {option.name for option in options(rule)}
    settings = {key: value for key, value in example.options.items() if key not in own and key != "evaluation"}
    given = {key: value for key, value in example.options.items() if key in own}
    return replace(base or Config(), **settings, rule={rule.name: given} if given else {})


def problems(rule: type[Rule], base: Config | None = None) -> Iterator[str]:
    """What is wrong with a rule: its examples, fixes, words and documentation. Nothing, for a good rule."""
    if not rule.good or not rule.bad:
        yield "has no good or no bad examples"
    for number, example in enumerate(rule.good):
        yield from (f"good example {number}: {wrong}" for wrong in _check(rule, example, (), base))
    for number, bad in enumerate(rule.bad):
        yield from (f"bad example {number}: {wrong}" for wrong in _check(rule, bad, bad.at, base))
        if bad.fixed is not None:
            yield from (f"bad example {number}: {wrong}" for wrong in _check_fix(rule, bad, base))
    yield from _documentation(rule)


def _check(rule: type[Rule], example: Good, at: tuple[int | None, ...], base: Config | None) -> Iterator[str]:
    data = to_bytes(example)
    config = config_for(rule, example, base)
    starts, evaluation = _starts(data), to_bytes(example.options.get("evaluation", ()))
    for chunk in _chunks(data, evaluation):
        result = lint_bytes(data, config, example.name, chunk, evaluation=evaluation)
        number = [file.name for file in result.collected.files].index(example.name)
        found = sorted(((f.rule, _index(f, starts, number)) for f in result.findings), key=repr)
        expected = sorted(((rule.name, index) for index in at), key=repr)
        if found != expected:
            yield f"in chunks of {chunk} bytes expected {expected}, found {found}"
            return


def _chunks(*files: bytes) -> list[int]:
    """Of CHUNKS those that cut the lines of these files in different ways, into few enough batches."""
    held = [data.removeprefix(BOM) for data in files]
    sizes = sorted({max(chunk, max(map(len, held)) // BATCHES) for chunk in CHUNKS})
    if any(data.lstrip().startswith(b"[") for data in held):
        return sizes  # an array is cut where an element ends
    cuts = {}
    for size in sizes:
        numbers = [[at // size for at in _starts(data) if at < len(data)] for data in held]
        cuts[str([[len(list(batch)) for _, batch in groupby(row)] for row in numbers])] = size
    return list(cuts.values())


def _starts(data: bytes) -> dict[int, int]:
    starts, at = {}, len(BOM) if data.startswith(BOM) else 0
    for number, line in enumerate(data[at:].split(b"\n")):
        starts[at] = number
        at += len(line) + 1
    return starts


def _index(finding: Finding, starts: dict[int, int], file: int) -> int | None:
    if finding.place is None:
        return None
    return starts.get(finding.place.record & OFFSET, -1) if finding.place.record >> SHIFT == file else -1


def _check_fix(rule: type[Rule], bad: Bad, base: Config | None) -> Iterator[str]:
    config = config_for(rule, bad, base)
    data = to_bytes(bad)
    evaluation = to_bytes(bad.options.get("evaluation", ()))
    fixed = fixed_bytes(data, config, bad.name, rule.name, evaluation)
    expected = to_bytes(bad.fixed or ())
    if not _same(fixed, expected):
        yield f"the fix gives {fixed!r}, not {expected!r}"
    left = lint_bytes(expected, config, bad.name, evaluation=evaluation) if expected else None
    if left and left.findings:
        yield f"the fixed records still have {sorted({f.rule for f in left.findings})}"
    if left and fixed == expected and not any(finding.fix for finding in left.raw):
        return  # nothing to fix a second time
    if fixed_bytes(fixed, config, bad.name, rule.name, evaluation) != fixed:
        yield "fixing twice changes something the second time"


def _same(one: bytes, other: bytes) -> bool:
    if one == other:
        return True
    try:
        return [json.loads(line) for line in one.splitlines()] == [json.loads(line) for line in other.splitlines()]
    except ValueError:
        return False


def fixed_bytes(data: bytes, config: Config, name: str, only: str = "", evaluation: bytes = b"") -> bytes:
    """*data* with the fixes of all findings made, or those of the rule *only*."""
    if not data:
        return data
    with file_of(data, name, evaluation) as path:
        collected = source.collect([path], renames=config.renames, evaluation=[EVALUATION] if evaluation else ())
        number = [file.name for file in collected.files].index(name)
        result = lint(collected, config)
        edits: list[ByteEdit] = []
        reader: Reader = result.setup.reader
        own = {standard: key for key, standard in config.renames}
        for finding in result.raw:
            if not finding.fix or (only and finding.rule != only):
                continue
            for edit in finding.fix.edits:
                if isinstance(edit.new, Mend) and edit.place.record < 0:
                    return mended(collected.files[number], edit.new)
                if edit.place.record >> SHIFT != number:
                    continue
                held = reader.record(collected.files[edit.place.record >> SHIFT], edit.place.record & OFFSET)
                if made := byte_edit(edit, held, own):
                    edits.append(made)
    return apply(data, edits)


def _documentation(rule: type[Rule]) -> Iterator[str]:
    english, chinese = page(rule), page(rule, "zh")
    for lang, paragraphs in (("English", english), ("Chinese", chinese)):
        if len(paragraphs) < 2:
            yield f"the {lang} page needs a summary and why it matters"
    if len(english) != len(chinese):
        yield f"the pages have {len(english)} and {len(chinese)} paragraphs"
    mended = any(bad.fixed is not None for bad in rule.bad)
    if mended != any(p.startswith("Fix safety:") for p in english) or mended != any(
        p.startswith("修复安全性：") for p in chinese
    ):
        yield "a rule with a fix, and no other, has the paragraph `Fix safety:` / `修复安全性：`"
    for name in dir(rule):
        phrase = getattr(rule, name)
        if (
            (name.startswith("message") or name == "suggestion")
            and hasattr(phrase, "fields")
            and phrase.fields[0] != phrase.fields[1]
        ):
            yield f"{name} has other placeholders in Chinese than in English"
    for option in options(rule):
        if not option.description:
            yield f'the option {option.name} is not described: Annotated[type, "..."]'
