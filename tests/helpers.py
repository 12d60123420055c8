"""What the tests share: files of data, runs of the library, and runs of the command."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from sftlint import cli, reporters, source
from sftlint.config import Config
from sftlint.engines import Serial
from sftlint.lint import Result, lint
from sftlint.report import Report, Stream

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(__file__).parent / "data"

#: The rules that the tests of the engine run: one of each way to work, and those that speak of broken input.
CORE = ("format", "even-context", "empty-target", "exact-duplicate", "control-character")
ALL_FORMATS = (*reporters.FORMATS, "statistics")


def line(*turns: str, **more: Any) -> bytes:
    """A context/target record of *turns* as a line, without its end."""
    return json.dumps({"context": list(turns[:-1]), "target": turns[-1], **more}, ensure_ascii=False).encode()


def jsonl(*records: Any) -> bytes:
    """Records as lines: bytes and str as they stand, everything else as JSON."""
    raws = [
        r if isinstance(r, bytes) else r.encode() if isinstance(r, str) else json.dumps(r, ensure_ascii=False).encode()
        for r in records
    ]
    return b"".join(raw + b"\n" for raw in raws)


#: Two records without a defect, with an error, with a warning, with an info; and the rules that find them.
CLEAN = jsonl(line("你好", "您好"), line("Hi", "Hello"))
EMPTY = jsonl(line("你好", ""), line("Hi", "Hello"))
TWICE = jsonl(line("你好", "您好"), line("你好", "您好"))
NOTED = jsonl({"note": 1, **json.loads(line("你好", "您好"))}, {"note": 2, **json.loads(line("Hi", "Hello"))})
SELECT = "--select=empty-target,exact-duplicate,unknown-field,control-character"


@contextlib.contextmanager
def files_of(files: Mapping[str, bytes]) -> Iterator[list[str]]:
    """The files in a folder of their own, which is the working folder meanwhile; their names."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        yield put(files)


def put(files: Mapping[str, bytes]) -> list[str]:
    """Write the files into the working folder; their names."""
    for name, data in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)
    return list(files)


def run(names: list[str], config: Config, engine: Any = None, chunk: int = source.CHUNK) -> Result:
    """A run of the library over files."""
    return lint(source.collect(names, renames=config.renames), config, engine or Serial(), chunk=chunk)


def written(result: Result, form: str = "json-lines", **options: Any) -> str:
    """What a reporter writes of *result*."""
    out = io.StringIO()
    reporters.writer(form)(Report(result, **options), out)
    return out.getvalue()


def streamed(names: list[str], config: Config, engine: Any = None, chunk: int = source.CHUNK) -> str:
    """What the command writes as json-lines: findings that are final while the run goes on, the others behind them."""
    out = io.StringIO()
    stream = Stream(partial(reporters.streamer("json-lines"), out=out), "en", None)
    result = lint(source.collect(names, renames=config.renames), config, engine or Serial(), chunk=chunk, tell=stream.tell)
    reporters.writer("json-lines")(Report(result, stream=stream), out)
    return out.getvalue()


def found(
    data: bytes, *, name: str = "train.jsonl", select: tuple[str, ...] = CORE, chunk: int = source.CHUNK, **more: Any
) -> list[dict[str, Any]]:
    """The findings on *data*, as the format json-lines has them."""
    with files_of({name: data}) as names:
        text = written(run(names, Config(select=select, **more), chunk=chunk))
    return [json.loads(entry) for entry in text.splitlines()]


def codes(data: bytes, **more: Any) -> list[tuple[str, int | None]]:
    """(rule, row) of each finding on *data*; the row is None for a finding on the file or the dataset."""
    return [(f["code"], f["location"] and f["location"]["row"]) for f in found(data, **more)]


class Outcome(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def command(*args: str, stdin: bytes = b"", **environment: str) -> Outcome:
    """`sftlint *args` in this process and in the working folder."""
    code, out, err = raw_command(*args, stdin=stdin, environment=environment)
    return Outcome(code, out.decode(), err.decode())


def raw_command(
    *args: str, stdin: bytes = b"", together: bool = False, environment: Mapping[str, str] | None = None
) -> tuple[int, bytes, bytes]:
    """The same, with what it printed as bytes; *together* both streams in one, as a terminal shows them."""
    written_out = io.BytesIO()
    written_err = written_out if together else io.BytesIO()
    out, err = (io.TextIOWrapper(held, "utf-8", newline="\n", write_through=True) for held in (written_out, written_err))
    stdin_text = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    code: Any = 0
    with (
        mock.patch.object(sys, "argv", ["sftlint", *args]),
        mock.patch.object(sys, "stdin", stdin_text),
        mock.patch.dict(os.environ, environment or {}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
    return code, written_out.getvalue(), written_err.getvalue()


def check(*args: str, stdin: bytes = b"", **environment: str) -> Outcome:
    return command("check", *args, stdin=stdin, **environment)


def concise(*args: str) -> list[str]:
    """`rule:row` of the findings of `sftlint check` with the configuration in force."""
    said = check(*(args or ("a.jsonl",)), "--output-format=concise", "-q")
    assert said.code in (0, 1), said
    return [f"{entry.split()[2]}:{entry.split(':')[1]}" for entry in said.out.splitlines()]


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that runs sftlint from this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", **more}


def process(*args: str, stdin: bytes | None = b"", timeout: float = 120, python: tuple[str, ...] = (), **more: str) -> Outcome:
    """`sftlint *args` in a process of its own, in the working folder."""
    done = subprocess.run(
        [sys.executable, *python, "-m", "sftlint", *args],
        input=stdin,
        capture_output=True,
        env=environment(**more),
        timeout=timeout,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def tool(name: str) -> str:
    """The program *name*, beside this Python or on the PATH; "" where it is not installed."""
    return shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}") or ""


def one_line_error(outcome: Outcome) -> str:
    """The message of a run that ended with exit code 2 and one line on standard error."""
    assert (outcome.code, outcome.out) == (2, ""), outcome
    said = outcome.err.splitlines()
    assert len(said) == 1 and said[0].startswith("sftlint: "), outcome.err
    assert "internal error" not in said[0] and "Traceback" not in said[0]
    return said[0]


def mistake(*args: str, stdin: bytes = b"") -> str:
    """The line in which `sftlint *args` says in English why it did not run, after a look at the Chinese one."""
    english, chinese = (one_line_error(command(*args, stdin=stdin, SFTLINT_LANG=lang)) for lang in ("en", "zh"))
    check_chinese(english, chinese)
    return english


#: What stands in both languages: options, paths and other words with a point or a digit, and what is in quotes.
_NAMES = re.compile(r"(?<!\w)--[a-z][\w-]*|`[^`]+`|'[^']*'|(?<![\w.'])[\w*-]*[./_\d][\w*./-]*\w")
_REASON = re.compile(r"[\w.]+:(?://[\w.]+:)?\d+|\(.*\)|（.*）|\w+Error: [^；;]*|[\w-]+(?:、[\w-]+)+")


def check_chinese(english: str, chinese: str) -> None:
    """Two lines that say the same: in Chinese no English but for names and reasons of others, in English no Chinese mark."""
    assert _HAN.search(_REASON.sub("", chinese)), chinese
    assert not re.search("[，；：。（）？]", english), english
    names, held = _NAMES.findall(english), chinese
    assert all(name in held for name in names), (english, chinese)
    left = _NAMES.sub("", _REASON.sub("", chinese.removeprefix("sftlint: ")))
    assert not re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", left), chinese
    assert not re.search(r"[\u4e00-\u9fff][,;:?]|[,;:?] ?[\u4e00-\u9fff]", left), chinese


_HAN = re.compile("[\u4e00-\u9fff]")
