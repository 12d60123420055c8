"""What comes from outside: a closed pipe and Ctrl-C end the command quietly."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import environment, jsonl, line

COMMAND = [sys.executable, "-m", "sftlint", "check", "--isolated", "--select=format,empty-target,exact-duplicate"]


def test_a_closed_pipe_ends_quietly(folder: Path) -> None:
    """As `sftlint check ... | head -1` does. The output is larger than what a pipe holds."""
    Path("a.jsonl").write_bytes(jsonl(*(line(f"问题 {n}", "") for n in range(3000))))
    for form in ("json-lines", "concise", "json"):
        running = subprocess.Popen(
            [*COMMAND, "a.jsonl", f"--output-format={form}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        )
        with running:
            assert running.stdout and running.stderr
            assert running.stdout.readline()
            running.stdout.close()
            said = running.stderr.read().decode()
        assert (running.returncode, said) == (141, "")


def test_ctrl_c_while_standard_input_is_read(folder: Path) -> None:
    running = subprocess.Popen(
        [*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    with running:
        assert running.stdin and running.stderr
        running.stdin.write(jsonl(line("你好", "您好")) * 20_000)  # more than a pipe holds: it returns when sftlint reads
        running.stdin.flush()
        for _ in range(60):  # a signal just before a blocking read is seen after it: people press again
            running.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(0.5)
                break
        running.kill()  # if it is still there
        said = running.stderr.read().decode()
    assert (running.returncode, said) == (130, "sftlint: interrupted\n")


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_in_the_middle_of_the_work(folder: Path, jobs: int) -> None:
    """The signal is sent to the whole group, as a terminal does, once the progress bar shows."""
    Path("a.jsonl").write_bytes(b"".join(jsonl(line(f"问题 {n}", "答" * 300)) for n in range(20_000)) * 5)
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [*COMMAND, "a.jsonl", f"--jobs={jobs}"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment(TERM="xterm"),
        start_new_session=True,
    )
    with running:
        os.close(theirs)
        said = os.read(ours, 1000)
        os.killpg(running.pid, signal.SIGINT)
        code = running.wait(60)
        while block := _read(ours):
            said += block
        assert running.stdout and running.stdout.read() == b""
    os.close(ours)
    assert code == 130
    assert b"Traceback" not in said and said.decode().rstrip().endswith("sftlint: interrupted")
    with pytest.raises(ProcessLookupError):  # no worker is left behind
        os.killpg(running.pid, 0)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1000)
    except OSError:  # Linux says so at the end of a terminal
        return b""
