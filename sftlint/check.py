"""`sftlint check`: options and configuration to a run, a report and an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TextIO

from sftlint import config as configuration
from sftlint import engines, preset, registry, reporters, source
from sftlint.config import Config, near
from sftlint.errors import Error
from sftlint.lint import lint
from sftlint.progress import Bar
from sftlint.report import Report, Stream


@dataclass(frozen=True)
class Wish:
    """The options of the command, as they were given."""

    paths: list[str] | None = None
    select: str = ""
    ignore: str = ""
    extend_select: str = ""
    scope: str = ""
    schema: str = ""
    preset: str = ""
    max_tokens: int = 0
    tokenizer: str = ""
    field: list[str] | None = None
    eval: list[str] | None = None
    config: Path | None = None
    isolated: bool = False
    no_packs: bool = False
    exclude: str = ""
    output_format: str = "text"
    output_file: Path | None = None
    examples: str = ""
    max_findings: int | None = None
    statistics: bool = False
    jobs: int = 0
    chunk_size: int = 0
    stdin_filename: str = "<stdin>"
    lang: str = ""
    fail_on: str = ""
    exit_zero: bool = False
    no_progress: bool = False
    color: str = "auto"
    quiet: bool = False


def run_check(wish: Wish) -> int:
    """Lint and report; the exit code."""
    from sftlint.cli import language

    _one_of("--output-format", wish.output_format, reporters.FORMATS)
    _one_of("--fail-on", wish.fail_on or "warning", ("error", "warning"))
    _one_of("--color", wish.color, ("auto", "always", "never"))
    examples = _examples(wish.examples)
    config = _configured(wish)
    human = wish.output_format in ("text", "concise") and wish.output_file is None
    lang = language(wish.lang, config.lang, human=human)
    registry.select(registry.packs(config.folders, config.packs), (*config.select, *config.ignore), ())

    collected = source.collect(
        wish.paths or ["."], exclude=config.exclude, evaluation=[str(Path(config.root, p)) for p in config.evaluation] + (wish.eval or []),
        splits={split: list(globs) for split, globs in config.splits.items()}, stdin_name=wish.stdin_filename, renames=config.renames,
    )  # fmt: skip
    if wish.output_file and any(os.path.realpath(file.path) == os.path.realpath(wish.output_file) for file in collected.files):
        raise Error(f"--output-file: {wish.output_file}: is data of this run; choose another name")
    _remark(collected, wish)
    engine = engines.for_size(sum(file.size for file in collected.files), wish.jobs)
    name = "statistics" if wish.statistics else wish.output_format
    try:
        with _output(wish.output_file) as out:
            stream = None
            if write_one := reporters.streamer(name):
                stream = Stream(partial(write_one, out=out), lang, wish.max_findings)
            with Bar.on(sys.stderr, wanted=not wish.no_progress and not wish.quiet, lang=lang) as bar:
                chunk = wish.chunk_size or source.CHUNK
                result = lint(collected, config, engine, chunk=chunk, progress=bar.tell, tell=stream.tell if stream else None)
            color = _colored(wish.color, out)
            report = Report(result, lang, config.fail_on, examples, wish.max_findings, color, wish.statistics, wish.quiet, stream)
            try:
                reporters.writer(name)(report, out)
            except (OSError, LookupError, AssertionError):
                _check_unchanged(collected)
                raise
            _check_unchanged(collected)
    finally:
        engine.close()
    return 1 if report.failed and not wish.exit_zero else 0


def _check_unchanged(collected: source.Collected) -> None:
    """Refuse a report whose places were read from other data than was judged."""
    for file in collected.files:
        if not source.unchanged(file):
            raise Error(f"{file.name}: changed while it was read; run again when nothing writes to it")


def load_config(path: Path | None, isolated: bool, no_packs: bool) -> Config:
    """The configuration in force: of *path*, or of the nearest file."""
    if isolated:
        found = None
    elif path is not None:
        if not path.is_file():
            raise Error(f"--config: {path}: no such file; check the path")
        found = path
    else:
        found = configuration.find(Path.cwd())
    config = configuration.load(found)
    return _without_packs(config) if no_packs else config


def _without_packs(config: Config) -> Config:
    """*config* without what it says of rules that packs would have brought."""
    known = registry.packs((), False)
    names = {"all", *known, *(rule.category for rule in known.values())}
    return replace(
        config,
        packs=False,
        rules=(),
        select=tuple(name for name in config.select if name in names),
        ignore=tuple(name for name in config.ignore if name in names),
        rule={name: table for name, table in config.rule.items() if name in known},
    )


def _configured(wish: Wish) -> Config:
    config = load_config(wish.config, wish.isolated, wish.no_packs)
    given: dict[str, object] = {}
    if wish.select:
        given["select"] = _list(wish.select)
    if wish.extend_select:
        given["select"] = (*_list(wish.select or ",".join(config.select)), *_list(wish.extend_select))
    if wish.ignore:
        given["ignore"] = (*config.ignore, *_list(wish.ignore))
    if wish.exclude:
        given["exclude"] = (*config.exclude, *_list(wish.exclude))
    if wish.scope:
        given["scope"] = _list(wish.scope)
        for scope in _list(wish.scope):
            _one_of("--scope", scope, ("record", "file", "dataset"))
    if wish.field:
        configuration.check_fields("--field", dict(_pair(item) for item in wish.field))
        given["fields"] = {**config.fields, **dict(_pair(item) for item in wish.field)}
    given |= _limits(wish, config)
    if wish.fail_on:
        given["fail_on"] = wish.fail_on
    return replace(config, **given)  # type: ignore[arg-type]


def _limits(wish: Wish, config: Config) -> dict[str, object]:
    """What the command and the configuration say of schema, platform and tokens. Paths become absolute: workers may stand elsewhere."""
    given: dict[str, object] = {}
    for name in ("schema", "tokenizer"):
        if path := getattr(wish, name):
            if not Path(path).is_file():
                raise Error(f"--{name}: {path}: no such file; check the path")
            given[name] = os.path.abspath(path)
        elif path := getattr(config, name):
            given[name] = os.path.abspath(Path(config.root, path))
    if wish.preset:
        preset.load(wish.preset)
        given["preset"] = wish.preset
    if wish.max_tokens:
        given["max_tokens"] = wish.max_tokens
    return given


def _list(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _pair(text: str) -> tuple[str, str]:
    standard, equals, own = text.partition("=")
    if not equals or not standard or not own:
        raise Error(f"--field: {text!r} is no KEY=YOURS, as in target=答案")
    return standard, own


def _examples(text: str) -> int | None:
    if text in ("", "all"):
        return 3 if not text else None
    if not text.isdigit():
        raise Error(f"--examples: {text!r} is neither a number nor all")
    return int(text)


def _one_of(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise Error(f"{option}: no {value!r}{near(value, known)}")


def _remark(collected: source.Collected, wish: Wish) -> None:
    from sftlint.safe import printable

    if wish.quiet:
        return
    if collected.skipped:
        held = "1 file that holds" if len(collected.skipped) == 1 else f"{len(collected.skipped)} files that hold"
        shown = ", ".join(collected.skipped[:5])
        more = f" and {len(collected.skipped) - 5} more" if len(collected.skipped) > 5 else ""
        print(printable(f"sftlint: passed over {held} no records: {shown}{more}"), file=sys.stderr)
    if not collected.files:
        looked = " ".join(wish.paths or ["."])
        print(printable(f"sftlint: no .jsonl, .ndjson or .json files with records in {looked}"), file=sys.stderr)


@contextlib.contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
            yield out
    except OSError as problem:
        raise Error(f"--output-file: {path}: cannot be written ({problem.strerror}); check the folder and permissions") from None


def _colored(wanted: str, out: TextIO) -> bool:
    if wanted != "auto":
        return wanted == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or out.isatty()
