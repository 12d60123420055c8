"""The command line. It imports what a command needs only when that command runs."""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from sftlint import __version__
from sftlint.errors import Error
from sftlint.phrase import language

app = typer.Typer(
    name="sftlint", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Lint fine-tuning data: which record is wrong, why that hurts training, and how to mend it.",
)  # fmt: skip

_Usage: type[Exception] = typer.BadParameter.__mro__[1]  # typer brings a click of its own, or uses the one that is installed
Lang = Annotated[str, typer.Option("--lang", envvar="SFTLINT_LANG", help="Language of what is printed: en or zh.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", envvar="SFTLINT_CONFIG", help="Configuration file to use, instead of the nearest.")
]
Isolated = Annotated[bool, typer.Option("--isolated", help="Read no configuration at all.")]
NoPacks = Annotated[bool, typer.Option("--no-packs", help="Load the built-in rules only: no installed pack, no folder of rules.")]


def main() -> None:
    """Run the command line. Exit code 0: clean, 1: findings, 2: usage, configuration, missing path, internal error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # data may hold what the terminal's encoding lacks
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace", newline="\n")
    verbose = "--verbose" in sys.argv or "-v" in sys.argv
    try:
        try:
            code = app(standalone_mode=False)
        finally:
            sys.stdout.flush()  # so that a full disk is told of here, and not while the interpreter ends
        sys.exit(code or 0)
    except Error as problem:
        _say(f"sftlint: {problem.say(_spoken())}")
        _end(2, problem if verbose else None)
    except _Usage as problem:
        from sftlint import usage

        usage.tell(problem, _spoken())
        _end(2)
    except (KeyboardInterrupt, typer.Abort):
        _interrupted()
        _end(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _end(141)
    except Exception as problem:
        _say(f"sftlint: {_told(problem).say(_spoken())}")
        _end(2, problem if verbose else None)


def _help(**given: Any) -> Any:
    """What a help page is written with, in the language of the user."""
    if _spoken() != "zh":
        return PLAIN(**given)
    from sftlint.chinese_help import Help

    return Help(**given)


PLAIN = TyperCommand.context_class.formatter_class
TyperCommand.context_class.formatter_class = staticmethod(_help)  # type: ignore[assignment]


def _told(problem: Exception) -> Error:
    """What is said of an exception that nobody expected. Of data that cannot be read the file was told before."""
    if isinstance(problem, OSError) and problem.strerror:
        return Error(
            f"{problem.filename or 'standard output'}: {problem.strerror}; check that there is room on the disk, and the permissions",
            zh=f"{problem.filename or '标准输出'}：无法读写（{problem.strerror}）；请检查磁盘空间和权限",
        )
    return Error(
        f"internal error: {type(problem).__name__}: {problem}; run with --verbose and report the traceback",
        zh=f"内部错误：{type(problem).__name__}: {problem}；请加 --verbose 重新运行，并反馈完整报错",
    )


def _spoken() -> str:
    """The language to tell in what went wrong, which may have been before the options or the configuration were read."""
    wanted = (_given("--lang"), os.environ.get("SFTLINT_LANG"))
    return language(next((lang for lang in wanted if lang in ("en", "zh")), _configured()), "", human=True)


def _configured() -> str:
    """`lang` of the configuration in force, whatever else that says."""
    if "--isolated" in sys.argv:
        return ""
    from sftlint import config

    named = _given("--config") or os.environ.get("SFTLINT_CONFIG")
    return config.spoken(Path(named) if named else None)


def _given(option: str) -> str:
    """The value of *option* on the command line, as far as it can be told without knowing all the others."""
    value = ""
    for word, after in pairwise([*sys.argv[1:], ""]):
        if word == option:
            value = after
        elif word.startswith(f"{option}="):
            value = word.partition("=")[2]
    return value


def _end(code: int, problem: BaseException | None = None) -> None:
    if problem:
        import traceback

        traceback.print_exception(problem)
    try:
        sys.stdout.flush()
    except OSError:  # as on a full disk: the interpreter must not try again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _interrupted() -> None:
    """Say so, and nothing after it: a pool that is stopped midway may complain while the interpreter ends."""
    _say(f"sftlint: {'已中断' if _spoken() == 'zh' else 'interrupted'}")
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _say(text: str) -> None:
    from sftlint.safe import printable

    print(printable(text), file=sys.stderr)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"sftlint {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def check(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATHS", help="Files, folders, globs, or - for standard input.")
    ] = None,
    select: Annotated[
        str | None, typer.Option(help="Rules to run instead: names, categories or all, separated by commas.")
    ] = None,
    ignore: Annotated[str, typer.Option(help="Rules to leave out.")] = "",
    extend_select: Annotated[str, typer.Option(help="Rules to run besides.")] = "",
    scope: Annotated[str, typer.Option(help="Only rules of these scopes: record, file, dataset.")] = "",
    schema: Annotated[str, typer.Option(help="JSON Schema that every record must fit.", metavar="FILE")] = "",
    preset: Annotated[str, typer.Option(help="Platform whose limits count, as in pangu-n2.")] = "",
    max_tokens: Annotated[int, typer.Option(help="Tokens that a record may have at most.", min=0)] = 0,
    tokenizer: Annotated[str, typer.Option(help="tokenizer.json to count tokens with.", metavar="FILE")] = "",
    field: Annotated[
        list[str] | None, typer.Option(help="Your own key for a standard one, as in target=答案.", metavar="KEY=YOURS")
    ] = None,
    eval: Annotated[list[str] | None, typer.Option(help="Evaluation data.", metavar="PATH")] = None,
    config: ConfigFile = None,
    isolated: Isolated = False,
    no_packs: NoPacks = False,
    exclude: Annotated[str, typer.Option(help="Globs of files that a folder's run passes over.")] = "",
    output_format: Annotated[
        str,
        typer.Option(
            envvar="SFTLINT_OUTPUT_FORMAT",
            help="text, concise, markdown, html; json, json-lines, github, gitlab, sarif, junit, rdjson for programs.",
        ),
    ] = "text",
    output_file: Annotated[Path | None, typer.Option("--output-file", "-o", help="Write the report there.")] = None,
    also: Annotated[
        list[str] | None, typer.Option(help="A further report of the same run, as in sarif=sftlint.sarif.", metavar="FORMAT=FILE")
    ] = None,
    examples: Annotated[str, typer.Option(help="Examples per rule in text output: a number or all.")] = "",
    max_findings: Annotated[
        int | None, typer.Option(help="At most so many findings, in reading order (not in text, which has --examples).", min=0)
    ] = None,
    statistics: Annotated[bool, typer.Option("--statistics", help="Print how often each rule hit, and no findings.")] = False,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", envvar="SFTLINT_JOBS", help="Processes; 0 is one per processor, 1 for small input.", min=0),
    ] = 0,
    engine: Annotated[str, typer.Option(help="serial, processes or ray; by default processes for large input.")] = "",
    ray_address: Annotated[
        str, typer.Option(help="Ray cluster to work on; RAY_ADDRESS or one on this machine by default.", metavar="HOST:PORT")
    ] = "",
    chunk_size: Annotated[int, typer.Option(envvar="SFTLINT_CHUNK_SIZE", hidden=True, min=0)] = 0,
    stdin_filename: Annotated[str, typer.Option(help="What reports call standard input.")] = "<stdin>",
    lang: Lang = "",
    fail_on: Annotated[str, typer.Option(help="Least severity that makes the exit code 1: error or warning.")] = "",
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even when there are findings.")] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Show no progress bar.")] = False,
    color: Annotated[str, typer.Option(help="auto, always or never.")] = "auto",
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely, and report what is left.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix, --diff or --fix-to: make the other fixes too.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and write nothing.")] = False,
    fix_to: Annotated[
        Path | None, typer.Option(help="Write a mended copy there and leave the data alone.", metavar="DIR")
    ] = None,
    removed: Annotated[
        Path | None, typer.Option(help="Keep the records that fixes drop there; without it --fix drops none.", metavar="FILE")
    ] = None,
    baseline: Annotated[Path | None, typer.Option(help="Known findings, which are not reported.", metavar="FILE")] = None,
    no_baseline: Annotated[bool, typer.Option("--no-baseline", help="Report known findings too.")] = False,
    since: Annotated[str, typer.Option(help="Report only what is new since a git revision.", metavar="REV")] = "",
    no_text: Annotated[bool, typer.Option("--no-text", help="Quote nothing that stands in the records.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print findings only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Print the traceback of an internal error.")] = False,
) -> None:
    """Lint files, folders, globs or standard input."""
    from sftlint.check import run_check
    from sftlint.settings import Wish

    wish = Wish(**{key: value for key, value in locals().items() if key in Wish.__dataclass_fields__})
    try:
        code = run_check(wish)
    except KeyboardInterrupt:
        _interrupted()
        code = 130
    except BrokenPipeError:  # as with `| head`: what is written from here on goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 141
    raise typer.Exit(code)


@app.command()
def rule(
    name: Annotated[str, typer.Argument(help="Name of a rule.")] = "",
    all: Annotated[bool, typer.Option("--all", help="Every rule.")] = False,
    write: Annotated[
        Path | None, typer.Option(help="With --all: write pages there, in both languages, instead of printing.", metavar="DIR")
    ] = None,
    lang: Lang = "",
    config: ConfigFile = None,
    isolated: Isolated = False,
    no_packs: NoPacks = False,
) -> None:
    """Explain a rule: what it finds, why it matters, how it is mended."""
    from sftlint import pages, registry
    from sftlint.settings import load_config

    loaded = load_config(config, isolated, no_packs)
    known = registry.packs(loaded.folders, loaded.packs)
    if not name and not all:
        raise Error(
            "rule: name a rule, or say --all; `sftlint rules` lists them",
            zh="rule：请给出规则名，或用 --all；`sftlint rules` 列出全部规则",
        )
    if write and not all:
        raise Error(
            "rule: --write writes the pages of every rule; say --all", zh="rule：--write 会写出全部规则的说明；请加上 --all"
        )
    if write:
        print(pages.write(known, write, language(lang, loaded.lang, human=True)))
        return
    chosen = list(known.values()) if all else registry.select(known, [name], ())
    print("\n".join(pages.markdown(one, language(lang, loaded.lang, human=True)) for one in chosen), end="")


@app.command()
def rules(lang: Lang = "", config: ConfigFile = None, isolated: Isolated = False, no_packs: NoPacks = False) -> None:
    """List the rules."""
    from sftlint import pages, registry
    from sftlint.settings import load_config

    loaded = load_config(config, isolated, no_packs)
    print(pages.table(registry.packs(loaded.folders, loaded.packs), language(lang, loaded.lang, human=True)), end="")


@app.command("config")
def show_config(lang: Lang = "", config: ConfigFile = None, isolated: Isolated = False) -> None:
    """Print the configuration in force and the file it is from."""
    from sftlint import pages
    from sftlint.settings import load_config

    loaded = load_config(config, isolated, no_packs=False)
    print(pages.configuration(loaded, language(lang, loaded.lang, human=True)), end="")


@app.command()
def init(lang: Lang = "") -> None:
    """Write an sftlint.toml to start from."""
    from sftlint import scaffold

    print(scaffold.init(Path.cwd(), _said_in(lang)))


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="RULE", help="Name of the rule, as in answer-too-short.")],
    folder: Annotated[Path, typer.Option("--in", help="Folder of the category or pack it goes into.")] = Path("lint_rules"),
    lang: Lang = "",
) -> None:
    """Write a rule and its fixture to start from."""
    from sftlint import scaffold

    print(scaffold.new_rule(name, folder, _said_in(lang)))


@app.command()
def test(
    packs: Annotated[
        list[str] | None,
        typer.Argument(metavar="PACK", help="Folders of rules or names of modules; the built-in rules by default."),
    ] = None,
    fixtures: Annotated[
        Path | None, typer.Option(help="Folder of the fixtures; `fixtures` beside the pack, or in it, by default.")
    ] = None,
    renew: Annotated[bool, typer.Option("--renew", help="Write what the fixtures give now as what is expected.")] = False,
    only: Annotated[str, typer.Option(help="Only these rules: names, separated by commas.", metavar="RULE")] = "",
    lang: Lang = "",
) -> None:
    """Run the examples, laws and fixtures of rule packs."""
    from sftlint import pack_test

    chosen = tuple(name.strip() for name in only.split(",") if name.strip())
    raise typer.Exit(pack_test.run(packs or [], fixtures, renew, chosen, _said_in(lang)))


Paths = Annotated[list[str] | None, typer.Argument(metavar="PATHS", help="Files, folders or globs.")]
BaselineFile = Annotated[
    Path | None,
    typer.Option("--baseline", help="The file; by default the configuration's, or sftlint-baseline.json.", metavar="FILE"),
]
known = typer.Typer(help="Known findings, so that only new ones fail a run.", no_args_is_help=True)
app.add_typer(known, name="baseline")


@known.command("create")
def baseline_create(
    paths: Paths = None,
    file: BaselineFile = None,
    include_errors: Annotated[bool, typer.Option("--include-errors", help="Take in errors too.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the one that is there.")] = False,
    config: ConfigFile = None,
    lang: Lang = "",
) -> None:
    """Take in the warnings there are now."""
    from sftlint import baseline_command

    done = baseline_command.run("create", paths or [], file, lang, config=config, errors=include_errors, force=force)
    print("\n".join(done))


@known.command("update")
def baseline_update(
    paths: Paths = None,
    file: BaselineFile = None,
    include_errors: Annotated[bool, typer.Option("--include-errors", help="Take in errors too.")] = False,
    config: ConfigFile = None,
    lang: Lang = "",
) -> None:
    """Take in what is there now; what was accepted stays."""
    from sftlint import baseline_command

    print("\n".join(baseline_command.run("update", paths or [], file, lang, config=config, errors=include_errors)))


@known.command("prune")
def baseline_prune(paths: Paths = None, file: BaselineFile = None, config: ConfigFile = None, lang: Lang = "") -> None:
    """Remove the entries that fit nothing any more."""
    from sftlint import baseline_command

    print("\n".join(baseline_command.run("prune", paths or [], file, lang, config=config)))


@known.command("accept")
def baseline_accept(
    fingerprints: Annotated[list[str], typer.Argument(metavar="FINGERPRINTS", help="Of findings, or how they begin.")],
    reason: Annotated[str, typer.Option(help="Why these findings are right; it is kept with them.")] = "",
    data: Annotated[list[str] | None, typer.Option(help="The data; the working folder by default.", metavar="PATH")] = None,
    file: BaselineFile = None,
    config: ConfigFile = None,
    lang: Lang = "",
) -> None:
    """Accept findings for good, with a reason."""
    from sftlint import baseline_command

    done = baseline_command.run("accept", data or [], file, lang, config=config, reason=reason, fingerprints=fingerprints)
    print("\n".join(done))


@app.command()
def profile(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")],
    lang: Lang = "",
    config: ConfigFile = None,
    isolated: Isolated = False,
) -> None:
    """Show what the data is like: formats, lengths, tasks, labels."""
    from sftlint.profile import run_profile
    from sftlint.settings import load_config

    loaded = load_config(config, isolated, no_packs=False)
    print(run_profile(paths, loaded, language(lang, loaded.lang, human=True)), end="")


@app.command()
def version() -> None:
    """Print the version."""
    _version(True)


def _said_in(option: str) -> str:
    """The language of a command that runs whatever the configuration holds."""
    return language(option or _configured(), "", human=True)
