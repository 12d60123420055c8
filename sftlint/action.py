"""What the GitHub Action runs: inputs from the environment to one run of `sftlint check`, and its counts to the outputs.

The inputs are text that anyone may have chosen, as in a list of changed files. They become arguments here, where no shell sees
them, and paths stand behind `--`. See "Security hardening for GitHub Actions" in GitHub's documentation.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sftlint.errors import Error
from sftlint.reporters.github import command
from sftlint.texts.safe import printable

#: What the severities are called in the outputs.
LEVELS = {"error": "errors", "warning": "warnings", "info": "notes"}


def main() -> int:
    """Lint as the inputs say. The exit code goes to the outputs: a later step fails, when reports are uploaded."""
    folder = Path(tempfile.mkdtemp(prefix="sftlint-", dir=os.environ.get("RUNNER_TEMP")))
    try:
        code = _check(arguments(os.environ, folder))
    except Error as problem:
        print(command("error", str(problem), title="sftlint"), flush=True)
        code = 2
    set_outputs(outputs(folder, code))
    return 0


def arguments(inputs: Mapping[str, str], folder: Path) -> list[str]:
    """The arguments of `sftlint` that *inputs* ask for; reports go to *folder*.

    Raises:
        Error: an input has a value that it cannot have.
    """
    paths = [path for line in inputs.get("INPUT_PATHS", ".").split("\n") if (path := line.removesuffix("\r"))]
    if not paths:
        raise Error("paths: names nothing; leave it out to lint everything, or skip the step by an `if:`")
    fail_on = inputs.get("INPUT_FAIL_ON", "")
    if fail_on not in ("", "error", "warning", "never"):
        raise Error(f"fail-on: {fail_on!r} is none of error, warning, never")
    wanted = ["check", "--no-progress", "--output-format=github", f"--also=html={folder / 'report.html'}"]
    wanted.append(f"--also=statistics={folder / 'counts'}")
    if _yes("sarif", inputs, "false"):
        wanted.append(f"--also=sarif={folder / 'sftlint.sarif'}")
    if not _yes("allow-packs", inputs, "false"):
        wanted.append("--no-packs")
    given = ((name, inputs.get(f"INPUT_{name.upper()}")) for name in ("config", "baseline"))
    wanted.extend(f"--{name}={value}" for name, value in given if value)
    if fail_on:
        wanted.append("--exit-zero" if fail_on == "never" else f"--fail-on={fail_on}")
    try:
        more = shlex.split(inputs.get("INPUT_ARGS", ""))
    except ValueError as problem:
        raise Error(f"args: {problem}; a quotation mark stands alone") from None
    _yes("summary", inputs, "true")
    # There is no standard input here, and a file may have that name.
    return [*wanted, *more, "--", *("./-" if path == "-" else path for path in paths)]


def _yes(name: str, inputs: Mapping[str, str], usual: str) -> bool:
    value = inputs.get(f"INPUT_{name.upper().replace('-', '_')}") or usual
    if value not in ("true", "false"):
        raise Error(f"{name}: {value!r} is neither true nor false")
    return value == "true"


def _check(wanted: Sequence[str]) -> int:
    """Run sftlint and pass on what it says; where it could not run, the last line of that is an annotation."""
    environment = dict(os.environ)
    if not _yes("summary", environment, "true"):
        environment.pop("GITHUB_STEP_SUMMARY", None)
    last = ""
    sys.stdout.flush()
    with subprocess.Popen(  # noqa: S603 - a list of arguments, and no shell
        [sys.executable, "-I", "-m", "sftlint", *wanted],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stderr or ():
            last = line.rstrip("\n") or last
            print(harmless(line.rstrip("\n")), flush=True)
    if process.returncode in (0, 1):
        return process.returncode
    print(command("error", last.removeprefix("sftlint: ") or "ended without a word", title="sftlint"), flush=True)
    return 2


def harmless(line: str) -> str:
    """*line* as one that the runner takes for no command."""
    line = printable(line)
    return f"| {line}" if line.lstrip().startswith("::") else line


def outputs(folder: Path, code: int) -> dict[str, str]:
    """The outputs of a run that ended with *code* and wrote its reports to *folder*."""
    found = {"exit-code": str(code)}
    counts = folder / "counts"
    if counts.is_file():
        total = dict.fromkeys(LEVELS.values(), 0)
        for count, level in _rows(counts):
            total[LEVELS[level]] += count
        found |= {"findings": str(sum(total.values()))} | {name: str(count) for name, count in total.items()}
    for name, file in (("report", "report.html"), ("sarif-file", "sftlint.sarif")):
        if (folder / file).is_file():
            found[name] = str(folder / file)
    return found


def _rows(counts: Path) -> Iterator[tuple[int, str]]:
    """(findings, severity) of each line of the report that the format statistics makes."""
    for line in counts.read_text("utf-8").splitlines():
        count, level, *_ = line.split()
        yield int(count), level


def set_outputs(values: Mapping[str, str]) -> None:
    """Append to the file of the outputs. The values are counts, and paths below the folder of the runner: of one line each."""
    lines = [f"{name}={value}\n" for name, value in values.items()]
    if any(line.count("\n") > 1 for line in lines):
        raise AssertionError("an output of several lines")
    if path := os.environ.get("GITHUB_OUTPUT"):
        with open(path, "a", encoding="utf-8", newline="\n") as out:
            out.writelines(lines)


if __name__ == "__main__":
    sys.exit(main())
