"""The command line. It imports what a command needs only when that command runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from sftlint import __version__
from sftlint.commands import shell
from sftlint.errors import Error
from sftlint.phrase import language

app = typer.Typer(
    name="sftlint", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Lint fine-tuning data: which record is wrong, why that hurts training, and how to mend it.",
)  # fmt: skip

Lang = Annotated[str, typer.Option("--lang", envvar="SFTLINT_LANG", help="Language of what is printed: en or zh.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", envvar="SFTLINT_CONFIG", help="Configuration file to use, instead of the nearest.")
]
Isolated = Annotated[bool, typer.Option("--isolated", help="Read no configuration at all.")]
NoPacks = Annotated[bool, typer.Option("--no-packs", help="Load the built-in rules only: no installed pack, no folder of rules.")]


def main() -> None:
    """Run the command line, and leave with its exit code."""
    shell.run(app)


def _help(**given: Any) -> Any:
    """What a help page is written with, in the language of the user."""
    if shell.spoken() != "zh":
        return shell.PLAIN(**given)
    from sftlint.commands.chinese_help import Help

    return Help(**given)


TyperCommand.context_class.formatter_class = staticmethod(_help)  # type: ignore[assignment]


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
    from sftlint.commands.check import run_check
    from sftlint.commands.settings import Wish

    wish = Wish(**{key: value for key, value in locals().items() if key in Wish.__dataclass_fields__})
    try:
        code = run_check(wish)
    except KeyboardInterrupt:
        shell.interrupted()
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
    from sftlint.commands.settings import load_config

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
    from sftlint.commands.settings import load_config

    loaded = load_config(config, isolated, no_packs)
    print(pages.table(registry.packs(loaded.folders, loaded.packs), language(lang, loaded.lang, human=True)), end="")


@app.command("config")
def show_config(lang: Lang = "", config: ConfigFile = None, isolated: Isolated = False) -> None:
    """Print the configuration in force and the file it is from."""
    from sftlint import pages
    from sftlint.commands.settings import load_config

    loaded = load_config(config, isolated, no_packs=False)
    print(pages.configuration(loaded, language(lang, loaded.lang, human=True)), end="")


@app.command()
def init(lang: Lang = "") -> None:
    """Write an sftlint.toml to start from."""
    from sftlint.commands import scaffold

    print(scaffold.init(Path.cwd(), _said_in(lang)))


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="RULE", help="Name of the rule, as in answer-too-short.")],
    folder: Annotated[Path, typer.Option("--in", help="Folder of the category or pack it goes into.")] = Path("lint_rules"),
    lang: Lang = "",
) -> None:
    """Write a rule and its fixture to start from."""
    from sftlint.commands import scaffold

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
    from sftlint.commands import pack_test

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
    from sftlint.commands.baseline import run

    done = run("create", paths or [], file, lang, config=config, errors=include_errors, force=force)
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
    from sftlint.commands.baseline import run

    print("\n".join(run("update", paths or [], file, lang, config=config, errors=include_errors)))


@known.command("prune")
def baseline_prune(paths: Paths = None, file: BaselineFile = None, config: ConfigFile = None, lang: Lang = "") -> None:
    """Remove the entries that fit nothing any more."""
    from sftlint.commands.baseline import run

    print("\n".join(run("prune", paths or [], file, lang, config=config)))


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
    from sftlint.commands.baseline import run

    done = run("accept", data or [], file, lang, config=config, reason=reason, fingerprints=fingerprints)
    print("\n".join(done))


@app.command()
def profile(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")],
    lang: Lang = "",
    config: ConfigFile = None,
    isolated: Isolated = False,
) -> None:
    """Show what the data is like: formats, lengths, tasks, labels."""
    from sftlint.commands.profile import run_profile
    from sftlint.commands.settings import load_config

    loaded = load_config(config, isolated, no_packs=False)
    print(run_profile(paths, loaded, language(lang, loaded.lang, human=True)), end="")


@app.command()
def version() -> None:
    """Print the version."""
    _version(True)


def _said_in(option: str) -> str:
    """The language of a command that runs whatever the configuration holds."""
    return language(option or shell.configured(), "", human=True)
