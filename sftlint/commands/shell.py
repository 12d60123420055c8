"""What surrounds a command: the streams, the language its user reads, and how it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from sftlint.errors import Error
from sftlint.phrase import language

USAGE: type[Exception] = typer.BadParameter.__mro__[1]  # typer brings a click of its own, or uses the one that is installed
PLAIN = TyperCommand.context_class.formatter_class  # what writes `--help`, before `cli` chooses by language


def run(app: Callable[..., Any]) -> None:
    """Run a command line of typer, and leave. Exit code 0: clean, 1: findings, 2: usage, configuration, missing path, internal error."""
    _open_closed()
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
        _say(f"sftlint: {problem.say(spoken())}")
        _end(2, problem if verbose else None)
    except USAGE as problem:
        from sftlint.commands import usage

        usage.tell(problem, spoken())
        _end(2)
    except (KeyboardInterrupt, typer.Abort):
        interrupted()
        _end(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _end(141)
    except Exception as problem:
        _say(f"sftlint: {_told(problem).say(spoken())}")
        _end(2, problem if verbose else None)


def _open_closed() -> None:
    """Have what was closed before this began, as by `>&-`, lead nowhere, so that no file takes its number."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


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


def spoken() -> str:
    """The language to tell in what went wrong, which may have been before the options or the configuration were read."""
    wanted = (_given("--lang"), os.environ.get("SFTLINT_LANG"))
    return language(next((lang for lang in wanted if lang in ("en", "zh")), configured()), "", human=True)


def configured() -> str:
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


def interrupted() -> None:
    """Say so, and nothing after it: a pool that is stopped midway may complain while the interpreter ends."""
    _say(f"sftlint: {'已中断' if spoken() == 'zh' else 'interrupted'}")
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _say(text: str) -> None:
    from sftlint.texts.safe import printable

    try:
        print(printable(text), file=sys.stderr, flush=True)
    except OSError:  # nobody can be told, but for the exit code
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
