"""The options of the command and the configuration file, made one; and the files they name."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from sftlint import config as configuration
from sftlint import preset, registry, source
from sftlint.config import Config
from sftlint.errors import Error
from sftlint.phrase import near
from sftlint.reading import files
from sftlint.report import BY_SEVERITY


@dataclass(frozen=True)
class Wish:
    """The options of the command, as they were given: `--fix-to` is `fix_to`. A default means that it was not.

    `cli` says what each is for, and `docs/configuration.md`.
    """

    paths: list[str] | None = None
    select: str | None = None
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
    also: list[str] | None = None
    examples: str = ""
    max_findings: int | None = None
    statistics: bool = False
    jobs: int = 0
    engine: str = ""
    ray_address: str = ""
    chunk_size: int = 0
    stdin_filename: str = "<stdin>"
    lang: str = ""
    fail_on: str = ""
    exit_zero: bool = False
    no_progress: bool = False
    color: str = "auto"
    quiet: bool = False
    no_text: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    fix_to: Path | None = None
    removed: Path | None = None
    baseline: Path | None = None
    no_baseline: bool = False
    since: str = ""


def collected_files(wish: Wish, config: Config) -> source.Collected:
    """The files of the run, and what it passes over.

    Raises:
        Error: a path leads nowhere, or cannot be read.
    """
    return source.collect(
        wish.paths or ["."], exclude=config.exclude, evaluation=[_beside(config.root, p) for p in config.evaluation] + (wish.eval or []),
        splits={split: list(globs) for split, globs in config.splits.items()}, stdin_name=wish.stdin_filename, renames=config.renames,
    )  # fmt: skip


def check_evaluation(wish: Wish, config: Config, collected: source.Collected) -> None:
    """Refuse evaluation data that are the training data as well, or none."""
    paths = wish.paths or ["."]
    if "-" in paths and "-" in (wish.eval or ()):
        raise Error(
            "--eval: standard input cannot be both training and evaluation data; write one of them to a file",
            zh="--eval：标准输入不能既作训练数据又作评测数据；请把其中一份写入文件",
        )
    given = [("--eval", path) for path in wish.eval or ()]
    for option, path in [*given, *(("evaluation", _beside(config.root, path)) for path in config.evaluation)]:
        if os.path.isdir(path) and not source.collect([path], exclude=config.exclude, renames=config.renames).files:
            raise Error(
                f"{option}: {path}: holds no .jsonl, .ndjson or .json files with records; check the path",
                zh=f"{option}：{path} 中没有含记录的 .jsonl、.ndjson 或 .json 文件；请检查路径",
            )
    held = [path for _, path in given if path != "-"]
    marked = {_identity(file.path) for file in source.collect(held, exclude=config.exclude).files} if held else set()
    for path in paths:
        if os.path.isfile(path) and _identity(path) in marked:
            raise Error(
                f"{path}: given as training data and with --eval; name other evaluation data, or leave one of them out",
                zh=f"{path}：既是训练数据，又由 --eval 指定为评测数据；请换用其他评测数据，或去掉其中一处",
            )
    if marked.issuperset(_identity(file.path) for file in collected.files) and marked:
        raise Error(
            "--eval: is all the data there is, and nothing is left to train on; name other evaluation data",
            zh="--eval：已包含全部数据，没有剩下训练数据；请换用其他评测数据",
        )


def _identity(path: str) -> object:
    """What two paths to one file have in common."""
    try:
        return files.stat(path).identity
    except OSError:
        return path


def _beside(root: str, path: str) -> str:
    """*path* of a configuration in the folder *root*; a URL stands for itself."""
    return path if files.is_url(path) else str(Path(root, path))


def load_config(path: Path | None, isolated: bool, no_packs: bool) -> Config:
    """The configuration in force: of *path*, or of the nearest file."""
    if isolated:
        found = None
    elif path is not None:
        if not path.is_file():
            raise Error(f"--config: {path}: no such file; check the path", zh=f"--config：{path}：没有该文件；请检查路径")
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


def configured(wish: Wish) -> Config:
    """The configuration in force, with what the options say in its place.

    Raises:
        Error: one of them has a value that does not belong there.
    """
    config = load_config(wish.config, wish.isolated, wish.no_packs)
    given: dict[str, object] = {}
    if wish.select is not None:
        given["select"] = listed(wish.select)
        if not given["select"] and not wish.extend_select:
            raise Error(
                "--select: names no rule; name rules or categories, or leave it out for all",
                zh="--select：没有给出规则；请给出规则或类别，或去掉该选项以检查全部规则",
            )
    if wish.extend_select:
        given["select"] = (*(config.select if wish.select is None else listed(wish.select)), *listed(wish.extend_select))
    if wish.ignore:
        given["ignore"] = (*config.ignore, *listed(wish.ignore))
    if wish.exclude:
        given["exclude"] = (*config.exclude, *listed(wish.exclude))
    if wish.scope:
        given["scope"] = listed(wish.scope)
        for scope in listed(wish.scope):
            one_of("--scope", scope, ("record", "file", "dataset"))
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
                raise Error(f"--{name}: {path}: no such file; check the path", zh=f"--{name}：{path}：没有该文件；请检查路径")
            given[name] = os.path.abspath(path)
        elif path := getattr(config, name):
            given[name] = os.path.abspath(Path(config.root, path))
    if wish.preset:
        preset.load(wish.preset)
        given["preset"] = wish.preset
    if wish.max_tokens:
        given["max_tokens"] = wish.max_tokens
    return given


def listed(text: str) -> tuple[str, ...]:
    """The items of *text*, which commas separate."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _pair(text: str) -> tuple[str, str]:
    standard, equals, own = text.partition("=")
    if not equals or not standard or not own:
        raise Error(
            f"--field: {text!r} is no KEY=YOURS, as in target=答案",
            zh=f"--field：{text!r} 不是 KEY=YOURS 的形式，例如 target=答案",
        )
    return standard, own


def examples(text: str) -> int | None:
    """How many examples of each rule --examples asks for: None for all, BY_SEVERITY where it is not given.

    Raises:
        Error: *text* is neither a number nor all.
    """
    if text in ("", "all"):
        return None if text else BY_SEVERITY
    if not text.isdigit():
        raise Error(f"--examples: {text!r} is neither a number nor all", zh=f"--examples：{text!r} 既不是数字，也不是 all")
    return int(text)


def one_of(option: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a *value* of *option* that is none of the *known* ones.

    Raises:
        Error: with the closest one.
    """
    if value not in known:
        hint = near(value, known)
        raise Error(f"{option}: no {value!r}{hint.en}", zh=f"{option}：没有 {value!r}{hint.zh}")
