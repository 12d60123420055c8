"""Files mended: in place, in a copy, as a diff, from standard input; whole or not at all, and nothing unique lost."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sftlint.writing import parts
from tests.helpers import raw_command

SAMPLE = Path(__file__).resolve().parents[1] / "examples" / "sample.jsonl"


def run(*options: str | Path, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    args = ("check", "--isolated", *map(str, options))
    return subprocess.CompletedProcess(args, *raw_command(*args, stdin=data or b""))


def identities(data: bytes) -> set[tuple[str, ...]]:
    """The stripped texts of every sound context/target record."""
    found = set()
    for line in data.splitlines():
        try:
            value: Any = json.loads(line)
            found.add(
                tuple(
                    text.strip("\u200b\x08 ").replace("\u200b", "").replace("\x08", "")
                    for text in (*value["context"], value["target"])
                )
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return found


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copy(SAMPLE, tmp_path / "train.jsonl"))


def test_safe_fixes_in_place(sample: Path) -> None:
    os.chmod(sample, 0o640)
    before = sample.read_bytes()
    done = run(sample.name, "--fix", "--removed", "gone.txt")
    after = sample.read_bytes()
    assert done.returncode == 1, "errors are left that nothing mends"
    assert identities(after) == identities(before)
    assert stat.S_IMODE(sample.stat().st_mode) == 0o640
    gone = [json.loads(line) for line in Path("gone.txt").read_text().splitlines()]
    assert [(entry["filename"], entry["rule"]) for entry in gone] == [("train.jsonl", "exact-duplicate")]
    assert gone[0]["record"].encode() == before.splitlines()[gone[0]["row"] - 1]
    assert set(after.splitlines()) - set(before.splitlines()), "texts were mended"
    assert sorted(os.listdir()) == ["gone.txt", "train.jsonl"], "nothing is left beside"
    stamp = sample.stat().st_mtime_ns
    again = run(sample.name, "--fix", "--removed", "gone.txt")
    assert (sample.read_bytes(), sample.stat().st_mtime_ns) == (after, stamp), "nothing to mend, nothing written"
    assert b"nothing to fix" in again.stderr
    assert len(Path("gone.txt").read_text().splitlines()) == 1


def test_no_record_is_dropped_in_place_without_a_file_for_it(sample: Path) -> None:
    before = sample.read_bytes()
    done = run(sample.name, "--fix", "--unsafe-fixes")
    count = [len([line for line in data.splitlines() if line.strip()]) for data in (before, sample.read_bytes())]
    assert count[0] == count[1]
    assert b"--removed" in done.stderr


def test_a_diff_writes_nothing(sample: Path) -> None:
    before = sample.read_bytes()
    done = run(sample.name, "--diff")
    assert done.returncode == 1 and sample.read_bytes() == before and os.listdir() == ["train.jsonl"]
    lines = done.stdout.decode().splitlines()
    assert lines[:2] == ["--- train.jsonl", "+++ train.jsonl"]
    old = [line[1:] for line in lines[2:] if line[0] == "-"]
    assert old and all(line in before.decode().replace("\u200b", "\\u200b").splitlines() for line in old)
    run(sample.name, "--fix", "--removed", "gone.txt")
    assert run(sample.name, "--diff").returncode == 0


def test_a_mended_copy(sample: Path) -> None:
    before = sample.read_bytes()
    (sample.parent / "more").mkdir()
    clean = sample.parent / "more" / "clean.jsonl"
    clean.write_bytes(b'{"context": ["Hi"], "target": "Hello."}\n')
    run(sample.name, "more", "--fix-to", "out", "--unsafe-fixes")
    assert sample.read_bytes() == before
    assert Path("out/more/clean.jsonl").read_bytes() == clean.read_bytes()
    gone = [json.loads(line) for line in Path("out/removed.jsonl.txt").read_text().splitlines()]
    assert gone and all(entry["rule"] and entry["reason"] and entry["record"] for entry in gone)
    lines = [line for line in before.splitlines() if line.strip()]
    assert len(Path("out/train.jsonl").read_bytes().splitlines()) == len(lines) - len(gone)
    assert {entry["record"].encode() for entry in gone} <= set(lines)
    assert run("out/train.jsonl", "--diff", "--unsafe-fixes").returncode == 0


def test_a_set_that_is_copied_as_a_whole_is_mended_file_by_file(tmp_path: Path) -> None:
    """Copies in one file go; a file that is a copy of another stays, and so does evaluation data."""
    once = b"".join(b'{"context": ["What is %d?"], "target": "It is %d."}\n' % (n, n * n) for n in range(30))
    files = {"a.jsonl": once * 3, "b.jsonl": once, "c.jsonl": once * 2, "test.jsonl": once}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    options = ("--fix", "--removed", tmp_path / "gone.txt", "--select", "exact-duplicate")
    done = run(tmp_path, *options)
    assert all((tmp_path / name).read_bytes() == once for name in files), done.stderr
    gone = [json.loads(line) for line in (tmp_path / "gone.txt").read_text("utf-8").splitlines()]
    assert len(gone) == 90 and all("6 times" in entry["reason"] for entry in gone)
    assert b"3 times" in done.stdout and b"can be mended" not in done.stdout
    assert b"nothing to fix" in run(tmp_path, *options).stderr
    assert len((tmp_path / "gone.txt").read_text("utf-8").splitlines()) == 90


def test_standard_input_goes_to_standard_output_mended() -> None:
    data = b'{"context": ["\xe4\xbd\xa0\xe5\xa5\xbd"], "target": "a\\u0008 b"}\r\n{"context": ["Hi"], "target": "Hello."}\r\n'
    done = run("-", "--fix", data=data)
    assert done.stdout == data.replace(b"\\u0008", b"") and done.returncode == 0


@pytest.mark.parametrize(
    "layout", ["[{0},{0}]", "[\n  {0},\n  {0}\n]\n", "[{0}, {1}, {0}, {0}]", "[{0} ,{0} , {1}]", "[{1},{0},{1},{0}]"]
)
def test_dropping_elements_leaves_an_array(layout: str, tmp_path: Path) -> None:
    data = layout.replace("{0}", '{"context": ["你好"], "target": "好"}').replace("{1}", '{"context": ["Hi"], "target": "Hello"}')
    file = tmp_path / "train.json"
    file.write_text(data, encoding="utf-8")
    run(file, "--fix", "--removed", tmp_path / "gone.txt", "--select", "exact-duplicate")
    values = json.loads(file.read_text(encoding="utf-8"))
    assert [value["target"] for value in values] == list(dict.fromkeys(value["target"] for value in json.loads(data)))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes: goes with"),
        (("--fix", "--removed", "data/train.jsonl"), "is data of this run"),
        (("--fix", "--removed", "data/gone.jsonl"), "a later run on data would take it for data; end its name in .txt"),
        (("--fix", "--removed", "data"), "is a folder; name a file"),
        (("--fix", "--removed", "file/gone.txt"), "--removed: file: cannot be made"),
        (("--fix-to", "."), "is data of this run"),
        (("--fix-to", "data/mended"), "a later run on data would take the copy for data"),
        (("--fix-to", "full"), "full/data/train.jsonl: is there already"),
        (("--fix-to", "file"), "is no folder"),
        (("--fix-to", "file/mended"), "file/mended/data: cannot be made"),
        (("../elsewhere/train.jsonl", "--fix-to", "out"), "would both become out/train.jsonl"),
        (("--diff", "--fix-to", "out"), "leave one of them out"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(sample: Path, options: tuple[str, ...], said: str) -> None:
    """Before anything is written: no folder is left half full."""
    for folder in ("work/data", "work/full/data", "elsewhere"):
        Path(folder).mkdir(parents=True)
        shutil.copy(sample, Path(folder, "train.jsonl"))
    os.chdir("work")
    Path("file").write_bytes(b"")
    others = ("../train.jsonl",) if "elsewhere" in options[0] else ("data",)
    before = _everything(Path(".."))
    done = run(*others, "-q", *options)
    assert done.returncode == 2 and _everything(Path("..")) == before
    told = done.stderr.decode().splitlines()
    assert len(told) == 1 and said in told[0]


def _everything(folder: Path) -> set[tuple[Path, bytes]]:
    """The files under *folder* with what they hold."""
    return {(path, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


MENDED = '{"context": ["你好"], "target": "好的"}\n{"context": ["再见"], "target": "慢走，路上小心。"}\n'
SPOILT = MENDED.replace("好的", "好\\u0008的")


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        (SPOILT.replace("\n", "\r\n").encode(), (), MENDED.replace("\n", "\r\n").encode()),
        (SPOILT.encode("utf-8-sig"), (), MENDED.encode()),
        (SPOILT.encode("utf-8-sig"), ("--ignore", "byte-order-mark"), MENDED.encode("utf-8-sig")),
        (SPOILT.rstrip().encode(), (), MENDED.rstrip().encode()),
        *((SPOILT.encode(name), (), SPOILT.encode(name)) for name in ("gb18030", "utf-16", "utf-16-be", "utf-32")),
        *((SPOILT.encode(name), ("--unsafe-fixes",), MENDED.encode()) for name in ("gb18030", "utf-16", "utf-16-be", "utf-32")),
    ],
)
def test_line_ends_and_encodings(tmp_path: Path, data: bytes, options: tuple[str, ...], expected: bytes) -> None:
    """A file in another encoding is reported and left alone, but for --unsafe-fixes, which writes it in UTF-8."""
    file = tmp_path / "train.jsonl"
    file.write_bytes(data)
    done = run(file, "--fix", "--removed", tmp_path / "gone.txt", "--output-format", "concise", *options)
    assert file.read_bytes() == expected
    assert (done.returncode, b"invalid-encoding" in done.stdout) == ((1, True) if data == expected else (0, False))


def test_links_modes_and_read_only_files(sample: Path) -> None:
    before = sample.read_bytes()
    Path("kept").mkdir()
    real = sample.rename("kept/held.jsonl")
    os.chmod(real, 0o4751)
    sample.symlink_to("kept/held.jsonl")
    fix = ("--fix", "--removed", "gone.txt")
    run(sample.name, *fix)
    assert sample.is_symlink() and os.readlink(sample) == "kept/held.jsonl" and real.read_bytes() != before
    assert stat.S_IMODE(real.stat().st_mode) == 0o4751
    Path("gone.txt").unlink()
    real.write_bytes(before)
    os.chmod(real, 0o444)
    done = run(sample.name, "-q", *fix)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and b"is read-only; nothing was written" in done.stderr
    assert real.read_bytes() == before and sorted(os.listdir()) == ["kept", "train.jsonl"] and len(os.listdir("kept")) == 1
    assert run(sample.name, "--fix-to", "out").returncode == 1 and Path("out/train.jsonl").exists()


#: Runs the command with something done behind its back before the n-th file is put in place.
MEDDLING = """
import os, signal, sys
from sftlint import cli
from sftlint.writing import rewriting
put, calls = rewriting.put, []
def meddle(*args):
    calls.append(args)
    if len(calls) == {number}:
        {deed}
    put(*args)
rewriting.put = meddle
sys.argv = ["sftlint", *{arguments!r}]
cli.main()
"""


def meddled(number: int, deed: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    arguments = ["check", "--isolated", "-q", "--fix", "--removed", "gone.txt", *options]
    code = MEDDLING.format(number=number, deed=deed, arguments=arguments)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)


def test_a_file_that_changes_while_it_is_mended_is_left_alone(sample: Path) -> None:
    shutil.copy(sample, "a.jsonl")
    before = sample.read_bytes()
    done = meddled(1, "open('train.jsonl', 'ab').write(b'newer')", "a.jsonl", "train.jsonl")
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1
    assert b"train.jsonl: changed while it was read; it was left as it is" in done.stderr
    assert sample.read_bytes() == before + b"newer" and Path("a.jsonl").read_bytes() != before
    assert sorted(os.listdir()) == ["a.jsonl", "gone.txt", "train.jsonl"], "nothing is left beside"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_killed_between_two_files(sample: Path) -> None:
    """The first is mended, the second as it was, and every dropped record is kept. Another run ends the work."""
    before = sample.read_bytes()
    run(sample.name, "--fix", "--removed", "gone.txt")
    after = sample.read_bytes()
    Path("gone.txt").unlink()
    for name in ("a.jsonl", "b.jsonl"):
        Path(name).write_bytes(before)
    alone = ("--select", "control-character,invisible-character,blank-line,exact-duplicate")
    done = meddled(2, "os.kill(os.getpid(), signal.SIGKILL)", "a.jsonl", "b.jsonl", *alone)
    assert done.returncode == -signal.SIGKILL
    assert (Path("a.jsonl").read_bytes(), Path("b.jsonl").read_bytes()) == (after, before)
    kept = Path("gone.txt").read_text("utf-8")
    left = [name for name in os.listdir() if name.endswith(".sftlint")]
    assert len(left) == 1
    os.utime(left[0], (time.time() - 90,) * 2)
    parts.sweep.cache_clear()  # a run is a process of its own
    run("a.jsonl", "b.jsonl", "--fix", "--removed", "gone.txt", *alone)
    assert sorted(os.listdir()) == ["a.jsonl", "b.jsonl", "gone.txt", "train.jsonl"], "what the killed run left is gone"
    assert Path("a.jsonl").read_bytes() == Path("b.jsonl").read_bytes() == after
    assert kept and Path("gone.txt").read_text("utf-8").startswith(kept)


@pytest.mark.skipif(os.name != "posix", reason="nothing is removed where nobody can ask for a process")
def test_only_what_a_dead_run_of_this_machine_left_is_removed(sample: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    own = re.escape(f".{os.getpid()}-")
    dead = re.sub(own, f".{ended.pid}-", parts.part(sample, 0, 0).name)
    other = re.sub("-[0-9a-f]{8}-", "-00000000-", dead)
    kept = [parts.part(sample, 0, 1).name, other, ".note.sftlint", f".a.{ended.pid}.sftlint", dead.replace("-0-0.", "-0-2.")]
    for name in (dead, *kept):
        Path(name).write_text("")
        os.utime(name, (time.time() - 90,) * 2)
    os.utime(kept[-1])  # just now
    before = sorted(os.listdir())
    parts.sweep.cache_clear()
    run(sample.name)
    assert sorted(os.listdir()) == before, "who only reads removes nothing"
    run(sample.name, "--output-file", "report.txt")
    assert sorted(os.listdir()) == sorted({*before, "report.txt"} - {dead})


def test_a_file_with_a_long_name(tmp_path: Path) -> None:
    file = tmp_path / f"{'数据' * 40}.jsonl"
    file.write_bytes(SPOILT.encode())
    run(file, "--fix", "--removed", tmp_path / "gone.txt")
    assert file.read_bytes() == MENDED.encode() and os.listdir(tmp_path) == [file.name]
    run(file, "--output-file", tmp_path / f"{'报告' * 41}.txt")
    assert len(os.listdir(tmp_path)) == 2


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_killed_run_leaves_each_file_whole(tmp_path: Path) -> None:
    """Killed at any moment, a file is what it was or what it should be, and no dropped record is lost."""
    copy = b'{"context": ["\xe4\xbd\xa0\xe5\xa5\xbd %d"], "target": "a\\u0008 b"}\n'
    old = b"".join(copy % (n // 2) for n in range(3000)) + copy % 9999
    new = b"".join(copy.replace(b"\\u0008", b"") % n for n in (*range(1500), 9999))
    names = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    command = [sys.executable, "-m", "sftlint", "check", "--isolated", "--fix", "--removed", str(tmp_path / "gone.txt")]
    command += ["-q", "-j1", "--select", "exact-duplicate,control-character", *map(str, names)]
    for name in names:
        name.write_bytes(old.replace(b'context": ["', b'context": ["' + name.stem.encode()))
    begun = time.monotonic()
    subprocess.run(command, capture_output=True, check=False)
    took = time.monotonic() - begun
    expected = {name: name.read_bytes() for name in names}
    assert all(expected[name].count(b"\n") == new.count(b"\n") for name in names)
    dice = random.Random(7)
    seen = set()
    for _ in range(6):
        (tmp_path / "gone.txt").unlink(missing_ok=True)
        whole = {name: old.replace(b'context": ["', b'context": ["' + name.stem.encode()) for name in names}
        for name in names:
            name.write_bytes(whole[name])
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(took * dice.uniform(0.5, 1.02))
        process.kill()
        process.wait()
        for name in names:
            held = name.read_bytes()
            assert held in (whole[name], expected[name])
            seen.add(held == expected[name])
            if held == expected[name]:
                assert (tmp_path / "gone.txt").read_bytes().count(b"\n") == 3000
    assert seen
