"""`sftlint check`: options and configuration to a run, a report and an exit code."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TextIO

from sftlint import baseline, engines, registry, reporters, source
from sftlint.baseline import Baseline
from sftlint.commands.fix import Fixing
from sftlint.commands.progress import Bar
from sftlint.commands.settings import Wish, check_evaluation, collected_files, configured, listed, one_of
from sftlint.commands.settings import examples as read_examples
from sftlint.config import Config
from sftlint.errors import Error
from sftlint.lint import Result, lint
from sftlint.phrase import Phrase, language
from sftlint.reading import files
from sftlint.report import Accepted, Report, Stream
from sftlint.settle import heard
from sftlint.suppress import Since, Suppressed, suppress
from sftlint.texts.safe import printable
from sftlint.writing.output import output


def run_check(wish: Wish) -> int:
    """Lint and report; the exit code."""
    _check_options(wish)
    examples = read_examples(wish.examples)
    also = [_also(item) for item in wish.also or ()]
    fixing = Fixing.of(wish)
    config = configured(wish)
    human = wish.output_format in ("text", "concise") and wish.output_file is None
    lang = language(wish.lang, config.lang, human=human)
    _check_names(wish, config)

    known = _baseline(wish, config)
    collected = collected_files(wish, config)
    _check_outputs(wish, config, also, collected)
    check_evaluation(wish, config, collected)
    since = Since(wish.since, collected.files) if wish.since else None
    _remark(collected, wish, lang)
    engine = _engine(wish, config, sum(file.size for file in collected.files))
    name = "statistics" if wish.statistics else wish.output_format
    try:
        with output(wish.output_file, sys.stderr if fixing and fixing.to_stdout else sys.stdout) as out, ExitStack() as stack:
            stream = None
            if not (fixing or known or wish.since) and (write_one := reporters.streamer(name)):
                stream = Stream(partial(write_one, out=out), lang, wish.max_findings, not wish.no_text)
            with Bar.on(sys.stderr, wanted=not wish.no_progress and not wish.quiet, lang=lang) as bar:
                chunk = wish.chunk_size or source.CHUNK
                tell = stream.tell if stream else None
                lint_files = partial(lint, config=config, engine=engine, chunk=chunk, progress=bar.tell, tell=tell)
                outcome = fixing.run(partial(_to_mend, lint_files, known, since), collected, stack) if fixing else None
                result = outcome.result if outcome else lint_files(collected)
            if fixing and outcome:
                if not wish.quiet:
                    fixing.say(outcome, lang)
                if fixing.diff:
                    fixing.show(collected, outcome, out)
                    return 1 if outcome.made else 0
            result, suppressed = suppress(result, known, since)
            _tell_stale(suppressed, wish, lang)
            report = Report(
                result,
                lang=lang,
                fail_on=config.fail_on,
                examples=examples,
                limit=wish.max_findings,
                color=_colored(wish.color, out),
                statistics=wish.statistics,
                quiet=wish.quiet,
                stream=stream,
                text=not wish.no_text,
                accepted=_accepted(suppressed),
                suppressed=suppressed,
            )
            _write(report, name, out, also)
    finally:
        engine.close()
    return 1 if report.failed and not wish.exit_zero else 0


def _check_options(wish: Wish) -> None:
    """Refuse a value that an option does not have, and an option that goes with another."""
    one_of("--output-format", wish.output_format, reporters.FORMATS)
    one_of("--fail-on", wish.fail_on or "warning", ("error", "warning"))
    one_of("--color", wish.color, ("auto", "always", "never"))
    one_of("--engine", wish.engine or "serial", ("serial", "processes", "ray"))
    if wish.ray_address and wish.engine != "ray":
        raise Error("--ray-address: goes with --engine ray", zh="--ray-address：须与 --engine ray 一起使用")


def _check_outputs(wish: Wish, config: Config, also: list[tuple[str, Path]], collected: source.Collected) -> None:
    """Refuse a report that would take the place of data, of what the run is set up by, or of another report."""
    data = {files.real(file.path) for file in collected.files}
    known = wish.baseline or (Path(config.root, config.baseline) if config.baseline else "")
    settings = {os.path.realpath(path) for path in (config.source, config.schema, config.tokenizer, known) if path}
    taken: set[str] = set()
    for option, path in (("--output-file", wish.output_file), *(("--also", path) for _, path in also)):
        if path is None or (path.exists() and not path.is_file()):
            continue
        real = os.path.realpath(path)
        if real in data:
            raise Error(
                f"{option}: {path}: is data of this run; choose another name",
                zh=f"{option}：{path} 是本次检查的数据；请换一个文件名",
            )
        if real in settings:
            raise Error(
                f"{option}: {path}: is what this run is set up by; choose another name",
                zh=f"{option}：{path} 是本次检查使用的设置文件；请换一个文件名",
            )
        if real in taken:
            raise Error(
                f"{option}: {path}: is named twice; give each report a file of its own",
                zh=f"{option}：{path} 用了两次；请为每份报告各指定一个文件",
            )
        if str(path) == "-":
            raise Error(
                f"{option}: - is no file; leave --output-file out for standard output",
                zh=f"{option}：- 不是文件；要写到标准输出，请不要使用 --output-file",
            )
        taken.add(real)


def _write(report: Report, name: str, out: TextIO, also: list[tuple[str, Path]]) -> None:
    """Write *report* in the format *name* to *out*, and the further ones."""
    collected = report.result.collected
    try:
        reporters.writer(name)(report, out)
    except (OSError, LookupError, AssertionError):
        _check_unchanged(collected)
        raise
    for form, path in also:
        with output(path, out, "--also") as more:
            reporters.writer(form)(replace(report, color=False, stream=None), more)
    _check_unchanged(collected)


def _engine(wish: Wish, config: Config, size: int) -> engines.Engine:
    """The engine that was asked for, else the one for *size* bytes."""
    if wish.engine == "ray":
        from sftlint.engines.ray import Ray

        return Ray(wish.ray_address, wish.jobs, config.folders, config.packs)
    if wish.engine == "serial":
        return engines.Serial()
    return engines.for_size(sys.maxsize if wish.engine == "processes" else size, wish.jobs)


def judged(wish: Wish) -> tuple[Config, Result]:
    """The configuration in force, and what linting finds by it."""
    config = configured(wish)
    collected = collected_files(wish, config)
    engine = engines.for_size(sum(file.size for file in collected.files), wish.jobs)
    try:
        return config, lint(collected, config, engines.Serial() if engine.jobs == 1 else engine)
    finally:
        engine.close()


def _baseline(wish: Wish, config: Config) -> Baseline | None:
    """The baseline of the option, else of the configuration."""
    if wish.no_baseline:
        return None
    if wish.baseline:
        return baseline.load(wish.baseline, "--baseline")
    named = f"{Path(config.source).name}: baseline"
    return baseline.load(Path(config.root, config.baseline), named) if config.baseline else None


def _check_names(wish: Wish, config: Config) -> None:
    """Refuse a rule or category that is none, and say where it stands."""
    known = registry.packs(config.folders, config.packs)
    given = {"--select": wish.select, "--extend-select": wish.extend_select, "--ignore": wish.ignore}
    inside = [name for table in config.per_path.values() for name in table.get("ignore", ())]
    for name in (*config.select, *config.ignore, *inside):
        try:
            registry.select(known, (name,), ())
        except Error as problem:
            places = [option for option, names in given.items() if name in listed(names or "")]
            raise problem.at([*places, Path(config.source).name][0]) from None


def _to_mend(
    lint_files: Callable[[source.Collected], Result], known: Baseline | None, since: Since | None, collected: source.Collected
) -> Result:
    """The result with the findings to mend: those that the baseline does not cover, and that are new if only those count."""
    result = lint_files(collected)
    if since:
        result = result._replace(raw=list(since.new(result, heard(result.raw, result.setup.by_name))))
    if known:
        heard_ones = result._replace(findings=heard(result.raw, result.setup.by_name))
        result = result._replace(raw=baseline.split(heard_ones, known)[0])
    return result


def _accepted(suppressed: Suppressed) -> list[Accepted]:
    """What was accepted, by rule and reason."""
    counts = Counter((entry.rule, entry.reason) for entry in suppressed.used if entry.reason)
    return [Accepted(rule, count, reason) for (rule, reason), count in sorted(counts.items())]


def _tell_stale(suppressed: Suppressed, wish: Wish, lang: str) -> None:
    """Name the entries of the baseline that nothing needs any more."""
    if not suppressed.stale or wish.quiet:
        return
    named = ("、" if lang == "zh" else ", ").join(f"{entry.rule} {entry.fingerprint}" for entry in suppressed.stale[:5])
    more = (" 等" if lang == "zh" else f" (+{len(suppressed.stale) - 5})") if len(suppressed.stale) > 5 else ""
    phrase = _STALE_ONE if len(suppressed.stale) == 1 else _STALE
    said = phrase.say(lang, {"count": len(suppressed.stale), "named": named + more})
    print(printable(f"sftlint: {said}"), file=sys.stderr)


_STALE_ONE = Phrase(
    "1 entry of the baseline fits nothing any more: {named}; `sftlint baseline prune` removes it",
    "基线中有 1 条已失效：{named}；用 `sftlint baseline prune` 删除",
)
_STALE = Phrase(
    "{count} entries of the baseline fit nothing any more: {named}; `sftlint baseline prune` removes them",
    "基线中有 {count} 条已失效：{named}；用 `sftlint baseline prune` 删除",
)


def _remark(collected: source.Collected, wish: Wish, lang: str) -> None:
    """Name what is passed over, and say so where nothing is left."""
    if wish.quiet:
        return
    parts = []
    if collected.skipped:
        held = _ONE_SKIPPED if len(collected.skipped) == 1 else _SKIPPED
        parts.append(held.say(lang, {"count": len(collected.skipped), "names": _some(collected.skipped, lang)}))
    if collected.reports:
        held = _ONE_REPORT if len(collected.reports) == 1 else _REPORTS
        parts.append(held.say(lang, {"count": len(collected.reports), "names": _some(collected.reports, lang)}))
    if parts:
        said = _PASSED.say(lang, {"what": Phrase("; ", "；")[lang == "zh"].join(parts)})
        print(printable(f"sftlint: {said}"), file=sys.stderr)
    if not collected.files:
        said = _NO_FILES.say(lang, {"looked": " ".join(wish.paths or ["."])})
        print(printable(f"sftlint: {said}"), file=sys.stderr)


def _some(names: Sequence[str], lang: str) -> str:
    """The first five of *names*, and how many there are besides."""
    comma = "、" if lang == "zh" else ", "
    more = len(names) - 5
    return comma.join(names[:5]) + (f" 等 {len(names)} 个" if lang == "zh" else f" and {more} more") * (more > 0)


_PASSED = Phrase("passed over {what}", "已跳过{what}")
_ONE_SKIPPED = Phrase("1 file that holds no records: {names}", "不含记录的文件 1 个：{names}")
_SKIPPED = Phrase("{count} files that hold no records: {names}", "不含记录的文件 {count} 个：{names}")
_ONE_REPORT = Phrase("1 report of sftlint itself: {names}", " sftlint 自己的报告 1 个：{names}")
_REPORTS = Phrase("{count} reports of sftlint itself: {names}", " sftlint 自己的报告 {count} 个：{names}")
_NO_FILES = Phrase(
    "no .jsonl, .ndjson or .json files with records in {looked}", "{looked} 中没有含记录的 .jsonl、.ndjson 或 .json 文件"
)


def _check_unchanged(collected: source.Collected) -> None:
    """Refuse a report whose places were read from other data than was judged."""
    for file in collected.files:
        if not source.unchanged(file):
            raise source.changed(file)


def _also(text: str) -> tuple[str, Path]:
    """The format and the file of a further report."""
    form, _, path = text.partition("=")
    one_of("--also", form, (*reporters.FORMATS, "statistics"))
    if not path:
        raise Error(
            f"--also: {text!r} names no file; write it as in sarif=sftlint.sarif",
            zh=f"--also：{text!r} 没有给出文件名；请写成 sarif=sftlint.sarif 的形式",
        )
    return form, Path(path)


def _colored(wanted: str, out: TextIO) -> bool:
    if wanted != "auto":
        return wanted == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or out.isatty()
