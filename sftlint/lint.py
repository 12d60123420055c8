"""The run, from top to bottom: learn, judge, finish, settle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from sftlint import source
from sftlint.config import Config
from sftlint.engines import Engine, Serial
from sftlint.errors import Error
from sftlint.learn import SAMPLE, Languages, Sample
from sftlint.memory import give_back, keep_memory
from sftlint.phrase import Phrase
from sftlint.reader import Records
from sftlint.record import OFFSET
from sftlint.rule import Finding, Rule
from sftlint.run import Counts, Run
from sftlint.settle import heard, is_final, massed, settle
from sftlint.setup import Setup, call
from sftlint.source import SHIFT, Chunk, Collected, File

Progress = Callable[[str, int, int], None]
"""Called with the pass, the bytes done and the bytes there are."""

Tell = Callable[["Result", list[Finding]], None]
"""Called with findings that nothing later can silence, in reading order, and with what is known of the run by then."""

Lot = tuple[Chunk, list[int], list[int]]
"""Sampled records of one file: where they lie, their ids ascending, and the rank of each among all hashes of the Sample."""

LOT = 400  # sampled records for a worker
PARTS = 64  # summaries that are merged as they come


class Pass(NamedTuple):
    """One chunk judged."""

    findings: list[Finding]
    summaries: dict[str, Any]
    counts: Counts
    extent: tuple[int, int]
    """Newlines in the chunk, and code points after the last of them."""


class Result(NamedTuple):
    """Everything a report is made of. `findings` are settled; `raw` are those before folding, for fixes."""

    setup: Setup
    collected: Collected
    counts: list[Counts]
    findings: list[Finding]
    raw: list[Finding]
    sample: Sample
    chunks: list[Chunk]
    extents: list[tuple[int, int]]
    engine: Engine
    early: int = 0
    """How many of `raw` were found while judging."""


def lint(
    collected: Collected,
    config: Config,
    engine: Engine | None = None,
    *,
    chunk: int = source.CHUNK,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> Result:
    """Lint the collected files. With *tell*, findings that are final are told as they are found, as well as in the result.

    Raises:
        Error: a file changes or vanishes during the run, or a rule fails.
    """
    keep_memory()
    engine = engine or Serial()
    files = collected.files
    setup = Setup(config)
    chunks = [piece for file in files for piece in source.chunks(file, chunk)]
    told = partial(_told, chunks, progress)
    setup.scanners.compile()

    sample, learned = _learn(setup, files, chunks, engine, told)
    setup = setup.taught(learned, evaluated=any(file.split == "evaluation" for file in files))

    result = Result(setup, collected, [Counts() for _ in files], [], [], sample, chunks, [], engine)
    left = _judged(result, told("judging", engine.map(judge, chunks, setup)), tell)
    early = len(result.raw)
    give_back()
    _finish(result, left)
    for file in files:
        if not source.unchanged(file):
            raise source.changed(file)
    return result._replace(findings=settle(result.raw, setup.by_name, result.counts), early=early)


def _judged(result: Result, passes: Iterable[Pass], tell: Tell | None) -> dict[str, Left]:
    """What *passes*, one for each chunk, leave behind for each rule. Their findings, counts and extents go into *result*."""
    left: dict[str, Left] = {}
    rules, counts = result.setup.by_name, result.counts
    for piece, judged in zip(result.chunks, passes, strict=True):
        result.raw.extend(judged.findings)
        for name, summary in judged.summaries.items():
            left.setdefault(name, Left(result.engine)).add(summary)
        counts[piece.file.number] = counts[piece.file.number].plus(judged.counts)
        result.extents.append(judged.extent)
        if tell and (final := [f for f in heard(judged.findings, rules) if is_final(f, rules)]):
            tell(result._replace(findings=final, raw=[], chunks=result.chunks[: len(result.extents)]), final)
    return left


def _finish(result: Result, left: dict[str, Left]) -> None:
    """Let every rule speak of the whole dataset, by what the chunks *left* for it. The findings go into *result*."""
    sizes = {name: held.size for name, held in left.items()}
    for rule in sorted(result.setup.rules, key=lambda rule: sizes.get(rule.name, 0)):  # the largest last, when there is room
        if type(rule).finish is Rule.finish:
            continue
        held = left.pop(rule.name, None)
        if held:
            result.raw.extend(_finished(rule, held.whole(), result))
            give_back()  # before the next summary is whole
        elif type(rule).summarise is Rule.summarise:  # else nothing was read that it could summarise
            result.raw.extend(_finished(rule, None, result))


def _finished(rule: Rule, summary: Any, result: Result) -> list[Finding]:
    """What *rule* finds in *summary*."""
    setup, files, counts = result.setup, result.collected.files, result.counts
    ask = partial(_ask, result.engine, setup, files, rule.name)
    run = Run(files, counts, Records(files, setup.reader), setup.learned, ask)
    return _guarded(rule, source.WHOLE, lambda: massed(_heeded(rule.finish(summary, run), setup, files), rule, counts))


class Left:
    """What the chunks leave behind for one rule.

    Of small arrays, made between findings that stay, the pages stay as well when they are freed. So some are merged as they come.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._merged: list[Any] = []
        self._parts: list[Any] = []

    def add(self, summary: Any) -> None:
        self._parts.append(summary)
        if len(self._parts) >= PARTS and hasattr(summary, "merge"):  # what a cluster holds is merged where it is
            self._merged.append(self._engine.merge(type(summary), self._parts))
            self._parts = []

    @property
    def size(self) -> int:
        """Bytes of arrays that wait here."""
        return sum(getattr(part, "nbytes", 0) for part in (*self._merged, *self._parts))

    def whole(self) -> Any:
        """The summary of all chunks. The parts are let go."""
        parts, self._merged, self._parts = [*self._merged, *self._parts], [], []
        return self._engine.merge(type(parts[0]), parts)


def untold(result: Result) -> list[Finding]:
    """The findings that `tell` was not called with."""
    rules = result.setup.by_name
    late = {id(finding) for finding in result.raw[result.early :]}
    return [f for f in result.findings if id(f) in late or not is_final(f, rules)]


def learn(collected: Collected, config: Config, things: Sequence[type], engine: Engine) -> tuple[Setup, Sample, list[Chunk]]:
    """Learn *things*, and judge nothing: the Setup that holds them, the Sample, and the chunks of all files."""
    setup = Setup(config)
    chunks = [piece for file in collected.files for piece in source.chunks(file, source.CHUNK)]
    sample, learned = _learn(setup, collected.files, chunks, engine, partial(_told, chunks, None), things)
    return setup.taught(learned), sample, chunks


def _learn(
    setup: Setup, files: list[File], chunks: list[Chunk], engine: Engine, told: Callable[..., Any], more: Sequence[type] = ()
) -> tuple[Sample, dict[type, Any]]:
    """What the selected rules learn, and *more*, from the Sample of the training files."""
    wanted: list[Any] = list(dict.fromkeys([thing for rule in setup.rules for thing in rule.learns] + [Languages, *more]))
    training = [piece for piece in chunks if piece.file.split == "train"] or chunks
    sample = Sample.merge(())
    waiting: list[Sample] = []
    held = 0
    for taken in told("sampling", engine.map(take_sample, training, setup), training):
        waiting.append(taken)
        held += len(taken.ids)
        if held > SAMPLE:  # what is waiting stays small, however large the data
            sample, waiting, held = Sample.merge([sample, *waiting]), [], 0
    sample = Sample.merge([sample, *waiting])
    parts: dict[Any, list[Any]] = {thing: [] for thing in wanted}
    lots = list(_lots(files, sample, max(thing.size for thing in wanted)))
    for share in told("learning", engine.map(summarise_sample, lots, (setup, wanted)), [piece for piece, _, _ in lots]):
        for thing, part in zip(wanted, share, strict=True):
            if part is not None:
                parts[thing].append(part)
    learned = {}
    for thing, summaries in parts.items():
        learned[thing] = thing.learn(type(summaries[0]).merge(summaries) if summaries else None, sample)
    return sample, learned


def take_sample(setup: Setup, chunk: Chunk) -> Sample:
    with _readable(chunk):
        return Sample.of(chunk)


def _lots(files: list[File], sample: Sample, size: int) -> Iterator[Lot]:
    """The *size* first records of the Sample in lots that are worth a worker's while."""
    order = np.argsort(sample.ids[:size])
    ids = sample.ids[order]
    for number in np.unique(ids >> SHIFT).tolist():
        mine = np.flatnonzero(ids >> SHIFT == number)
        for start in range(0, len(mine), LOT):
            rows = mine[start : start + LOT]
            held = ids[rows].tolist()
            yield Chunk(files[number], held[0] & OFFSET, (held[-1] & OFFSET) + 1), held, order[rows].tolist()


def summarise_sample(shared: tuple[Setup, list[Any]], lot: Lot) -> list[Any]:
    """What each learned thing takes from as many records as it is learned from; None from none."""
    setup, things = shared
    chunk, ids, ranks = lot
    rank = dict(zip(ids, ranks, strict=True))
    reader = setup.reader.scanning(pattern for thing in things for pattern in thing.patterns)
    batch = reader.some(chunk.file, [id & OFFSET for id in ids])
    batches = {}
    for size in sorted({thing.size for thing in things}, reverse=True):
        records = [record for record in batch.records if rank[record.id] < size]
        rejected = [line for line in batch.rejected if rank[line.id] < size]
        if len(records) + len(rejected) < len(batch.records) + len(batch.rejected):
            batch = reader.of(records, rejected)  # else what was made for a larger size serves
        batches[size] = batch
    return [thing.summarise(held) if (held := batches[thing.size]).records or held.rejected else None for thing in things]


def judge(setup: Setup, chunk: Chunk) -> Pass:
    with _readable(chunk):
        lines = source.read(chunk)
    if not lines.raws:  # no line begins here, in the middle of a long one
        return Pass([], {}, Counts(), lines.extent)
    batch = setup.reader.batch(chunk, lines)
    findings: list[Finding] = []
    summaries = {}
    where = source.span(chunk)
    ignored = setup.ignored(chunk.file)
    for rule in setup.rules:
        if setup.idle(rule) or (chunk.file.split == "evaluation" and not rule.reads_evaluation):
            continue
        if rule.name not in ignored:
            findings += _guarded(rule, where, partial(rule.check, batch))
        if type(rule).summarise is not Rule.summarise:
            summary = _guarded(rule, where, lambda: [rule.summarise(batch)])[0]  # noqa: B023 - called at once
            if summary is not None:
                summaries[rule.name] = summary
    return Pass(findings, summaries, Counts.of(batch), lines.extent)


def _heeded(findings: Iterable[Finding], setup: Setup, files: list[File]) -> Iterator[Finding]:
    """*findings* but for those on files where the configuration ignores their rule."""
    for finding in findings:
        number = finding.place.record >> SHIFT if finding.place else finding.file
        if number is None or finding.rule not in setup.ignored(files[number]):
            yield finding


@contextmanager
def _readable(chunk: Chunk) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise Error(
            f"{chunk.file.name}: cannot be read ({problem.strerror}); check the disk and permissions",
            zh=f"{chunk.file.name}：无法读取（{problem.strerror}）；请检查磁盘和权限",
        ) from None


def _guarded(rule: Rule, where: Phrase, work: Callable[[], Iterable[Any]]) -> list[Any]:
    """What *work* yields. A rule that fails ends the run with its name, and not with a traceback."""
    try:
        return list(work())
    except (Error, KeyboardInterrupt, MemoryError):
        raise
    except Exception as problem:
        raise Error(
            f"rule {rule.name} failed at {where.en}: {type(problem).__name__}: {problem}; "
            f"run with --verbose for the traceback, or with --ignore {rule.name}",
            zh=f"规则 {rule.name} 在处理{where.zh}时出错：{type(problem).__name__}: {problem}；"
            f"加 --verbose 可查看完整报错，加 --ignore {rule.name} 可跳过该规则",
        ) from problem


def _ask(engine: Engine, setup: Setup, files: list[File], rule: str, method: Any, items: Iterable[Any]) -> Iterator[Any]:
    yield from engine.map(call, items, (setup, files, rule, method.__name__))


def _told(
    chunks: Sequence[Chunk], progress: Progress | None, name: str, results: Iterable[Any], pieces: Sequence[Chunk] | None = None
) -> Iterator[Any]:
    """*results*, one for each chunk, while progress is told."""
    pieces = chunks if pieces is None else pieces
    total, done = sum(piece.stop - piece.start for piece in pieces), 0
    for piece, result in zip(pieces, results, strict=True):
        done += piece.stop - piece.start
        if progress:
            progress(name, done, total)
        yield result


def by_chunk(chunks: Sequence[Chunk], ids: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
    """The *ids* (ascending) of each chunk that has any, with the chunk's number."""
    starts = np.array([piece.file.number << SHIFT | piece.start for piece in chunks], np.int64)
    held = list(ids)
    owners = np.searchsorted(starts, np.array(held, np.int64), "right") - 1
    for number, group in groupby(zip(owners.tolist(), held, strict=True), key=lambda pair: pair[0]):
        yield number, [id for _, id in group]
