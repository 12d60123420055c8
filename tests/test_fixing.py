"""Files mended: in place, in a copy, as a diff, from standard input; whole or not at all, and nothing unique lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).resolve().parents[1] / "examples" / "sample.jsonl"


def run(*options: str | Path, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "sftlint", "check", "--isolated", *map(str, options)]
    return subprocess.run(command, input=data, capture_output=True, check=False)


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
    run(".", "--fix-to", "out", "--unsafe-fixes")
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
        (("--unsafe-fixes",), b"--unsafe-fixes: goes with"),
        (("--fix", "--removed", "train.jsonl"), b"is data of this run"),
        (("--fix-to", "."), b"is data of this run"),
        (("--diff", "--fix-to", "out"), b"leave one of them out"),
    ],
)
def test_what_makes_no_sense_is_refused(sample: Path, options: tuple[str, ...], said: bytes) -> None:
    before = sample.read_bytes()
    done = run("train.jsonl", *options)
    assert done.returncode == 2 and said in done.stderr and sample.read_bytes() == before


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
