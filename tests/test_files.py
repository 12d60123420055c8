"""Files behind URLs are as files on a disk: the same bytes, by the same calls, and the same kinds of failure."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sftlint.config import Config
from sftlint.errors import Error
from sftlint.reading import files
from tests.helpers import CLEAN, TWICE, command, jsonl, line, put, run, written

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
DATA = b"".join(b"%d %s\n" % (n, b"x" * (n * 37 % 91)) for n in range(300))


@pytest.fixture
def store() -> Iterator[str]:
    """A folder of files in memory."""
    fs = fsspec.filesystem("memory")
    held = {"/d/b.jsonl": DATA, "/d/a.jsonl": b"{}\n", "/d/sub/c.jsonl": b"", "/d/.hidden/e.jsonl": b"", "/d/venv/f.jsonl": b""}
    for name, data in held.items():
        fs.pipe(name, data)
    yield "memory://d"
    fs.rm("/d", recursive=True)


@given(st.integers(2, 4000), st.lists(st.tuples(st.integers(0, len(DATA) + 9), st.integers(0, 3000)), max_size=8))
def test_a_url_reads_as_a_file_does(tmp_path_factory: pytest.TempPathFactory, buffer: int, reads: list[tuple[int, int]]) -> None:
    fsspec.filesystem("memory").pipe("/law.jsonl", DATA)
    here = tmp_path_factory.getbasetemp() / "law.jsonl"
    here.write_bytes(DATA)
    with files.open(str(here), buffer) as disk, files.open("memory://law.jsonl", buffer) as url:
        for start, size in reads:
            assert url.seek(start) == disk.seek(start)
            assert url.readline() == disk.readline()
            assert url.read(size) == disk.read(size)
            assert url.tell() == disk.tell()
        disk.seek(0)
        url.seek(0)
        assert url.readlines(2000) == disk.readlines(2000)
        assert url.seek(0, 2) == disk.seek(0, 2) and url.read() == b""


def test_folders_and_globs(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.jsonl", "a.jsonl", "sub/c.jsonl", ".hidden/e.jsonl", "venv/f.jsonl"):
        (tmp_path / "d" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "d" / name).write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    skipped = frozenset({"venv"})
    assert list(files.walk("d", skipped)) == ["d/a.jsonl", "d/b.jsonl", "d/sub/c.jsonl"]
    assert list(files.walk(store, skipped)) == ["memory:///d/a.jsonl", "memory:///d/b.jsonl", "memory:///d/sub/c.jsonl"]
    assert files.glob("d/*.jsonl") == ["d/a.jsonl", "d/b.jsonl"]
    assert files.glob(store + "/*.jsonl") == ["memory:///d/a.jsonl", "memory:///d/b.jsonl"]
    for folder in ("d", store):
        assert files.is_folder(folder) and not files.is_file(folder)
        assert files.is_file(folder + "/a.jsonl") and not files.is_folder(folder + "/a.jsonl")


def test_the_stamp_changes_with_the_file(store: str, tmp_path: Path) -> None:
    here = tmp_path / "b.jsonl"
    here.write_bytes(DATA)
    for path in (store + "/b.jsonl", str(here), here.as_uri()):
        first = files.stat(path)
        assert first.size == len(DATA) and files.stat(path) == first
        with fsspec.open(path, "wb") as out:
            out.write(DATA.replace(b"xx", b"yy"))
        assert files.stat(path).stamp != first.stamp and files.stat(path).identity == first.identity
    assert files.stat("memory:///d/b.jsonl").identity == files.stat("memory://d/b.jsonl").identity


def test_what_cannot_be_reached(store: str) -> None:
    for path in (store + "/none.jsonl", "nowhere/none.jsonl"):
        for ask in (files.open, files.stat):
            with pytest.raises(FileNotFoundError) as caught:
                ask(path)
            assert caught.value.strerror == "No such file or directory"
    broken = mock.patch.object(fsspec.get_filesystem_class("memory"), "cat_file", side_effect=RuntimeError("no route\nto host"))
    with broken, files.open(store + "/b.jsonl") as stream, pytest.raises(OSError, match="no route to host"):
        stream.read()
    with pytest.raises(Error, match=r"foo://x: Protocol not known"):
        files.stat("foo://x")
    with mock.patch.dict(sys.modules, {"fsspec.core": None}), pytest.raises(Error, match=r"pip install 'sftlint\[ray\]'"):
        files.open("s3://bucket/train.jsonl")


def test_what_is_a_url() -> None:
    assert all(map(files.is_url, ("s3://b/a.jsonl", "memory://a", "https://h/a.jsonl", "simplecache::s3://b/a")))
    assert not any(map(files.is_url, ("a.jsonl", "/d/a.jsonl", "C:\\d\\a.jsonl", "C://a", "a:b", "://x")))
    assert files.shown("s3://key:secret@bucket/a.jsonl") == "s3://bucket/a.jsonl"
    assert files.shown("https://host/a@b.jsonl") == "https://host/a@b.jsonl"


def test_a_run_over_urls_is_a_run_over_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {
        "a.jsonl": jsonl(*(line(f"Question {n % 9}?", "" if n % 7 == 0 else f"Answer {n % 9}.") for n in range(200))),
        "dev.json": b"[" + b",\n".join(line(f"Q{n}", "A") for n in range(9)) + b"]",
    }
    monkeypatch.chdir(tmp_path)
    put(data)
    for name, held in data.items():
        fsspec.filesystem("memory").pipe(f"/run/{name}", held)
    said = {
        root: [json.loads(entry) for entry in written(run([root], Config(), chunk=500)).splitlines()]
        for root in (".", "memory://run", tmp_path.as_uri())
    }
    assert len(said["."]) > 20
    for root in list(said)[1:]:
        assert [(f["code"], f["location"]) for f in said[root]] == [(f["code"], f["location"]) for f in said["."]]
        assert {f["filename"].rpartition("/")[0] for f in said[root] if f.get("filename")} <= {root, "memory:///run"}


def test_a_url_is_mended_and_signed_as_a_file_is(folder: Path) -> None:
    data = {
        "a.jsonl": jsonl(*(line(f"Question {n}?", f"Answer\\u200b {n % 9}.") for n in range(30))) + b"\n\n",
        "marked.jsonl": b"\xef\xbb\xbf" + jsonl(line("Hi", "Hello")),
        "array.json": b"[" + b",\n".join([line("What is it?", "That.")] * 3) + b"]",
    }
    put({f"d/{name}": held for name, held in data.items()})
    for name, held in data.items():
        fsspec.filesystem("memory").pipe(f"/mended/{name}", held)
    said: dict[str, tuple[dict[str, bytes], list[str], set[str]]] = {}
    for root in ("d", "memory://mended", (folder / "d").as_uri()):
        to = folder / f"to{len(said)}"
        check = ("check", root, "--isolated", "--no-progress", "--exit-zero")
        fixed = command(*check, "--fix-to", str(to), "--unsafe-fixes", "-q", "--output-format", "json-lines")
        diff = command(*check, "--diff", "--unsafe-fixes", "-q")
        page = command(*check, "--output-format", "html")
        assert [fixed.err, diff.err, page.err] == ["", "", ""]
        written = {file.name: file.read_bytes() for file in to.rglob("*.json*") if file.suffix != ".txt"}
        signed = set(re.findall(r"[0-9a-f]{64}", page.out))
        lines = [held for held in diff.out.splitlines() if not held.startswith(("---", "+++"))]
        said[root] = (written, lines, signed)
        assert written.keys() == data.keys() and written != data and lines
        assert {hashlib.sha256(held).hexdigest() for held in data.values()} <= signed
    assert len({repr(sorted(held.items())) + repr(lines) for held, lines, _ in said.values()}) == 1
    assert not list(folder.glob("memory*")), "the copies are not in a folder that the URL names"


@pytest.mark.parametrize("option", ["--output-file", "--also=html=", "--removed"])
def test_what_a_url_of_this_disk_names_is_not_written_over(folder: Path, option: str) -> None:
    here = folder / "a.jsonl"
    here.write_bytes(CLEAN)
    given = [option + str(here)] if option.endswith("=") else [option, str(here)]
    done = command("check", here.as_uri(), "--isolated", *(["--diff"] if option == "--removed" else []), *given)
    assert done.code == 2 and "is data of this run" in done.err and here.read_bytes() == CLEAN


def test_per_path_speaks_of_urls(store: str) -> None:
    fsspec.filesystem("memory").pipe("/d/a.jsonl", TWICE)
    for glob, count in (("memory://*", 0), ("memory:/d/*", 1)):
        config = Config(select=("exact-duplicate",), per_path={glob: {"ignore": ("exact-duplicate",)}})
        assert len(written(run([store + "/a.jsonl"], config)).splitlines()) == count
