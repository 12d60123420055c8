"""Paths to files, files to chunks, chunks to lines."""

from __future__ import annotations

import atexit
import glob
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from itertools import accumulate
from operator import add
from pathlib import Path
from typing import NamedTuple

from sftlint import elements
from sftlint.errors import Error
from sftlint.preflight import Facts, preflight

SUFFIXES = (".jsonl", ".ndjson", ".json")
CHUNK = 1 << 20  # bytes: a thousand records, enough to vectorise over and small enough for the cache
SHIFT = 40  # a record's id is file << SHIFT | offset
_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
_EVALUATION = re.compile(r"(?:^|[^a-z])(?:dev|val|valid|validation|eval|evaluation|test)(?:[^a-z]|$)", re.I)


class File(NamedTuple):
    """A file of the run. `name` is what reports call it: relative, with forward slashes."""

    number: int
    path: str
    name: str
    size: int
    stamp: tuple[int, int]
    split: str
    facts: Facts


class Chunk(NamedTuple):
    """The records of *file* that begin in [start, stop), byte offsets."""

    file: File
    start: int
    stop: int


class Collected(NamedTuple):
    """The files of a run."""

    files: list[File]
    skipped: list[str]
    """Names of what a folder holds and a run passes over."""


def collect(
    paths: Sequence[str], *, exclude: Sequence[str] = (), evaluation: Sequence[str] = (),
    splits: dict[str, list[str]] | None = None, stdin_name: str = "<stdin>", renames: tuple[tuple[str, str], ...] = (),
) -> Collected:  # fmt: skip
    """The files that *paths* (files, folders, globs, or `-`) name, in path order, each with its preflight facts."""
    found: dict[str, str] = {}
    skipped: list[str] = []
    marked: set[str] = set()
    for number, path in enumerate([*evaluation, *paths]):
        if number == len(evaluation):
            marked = {os.path.realpath(held) for held in found}
        if path == "-":
            found[_spool()] = stdin_name
        elif os.path.isdir(path):
            for inside in _walk(path):
                if _excluded(inside, exclude):
                    continue
                if inside.lower().endswith(SUFFIXES) and _holds_records(inside):
                    found[inside] = _name(inside)
                else:
                    skipped.append(_name(inside))
        elif os.path.exists(path):
            found[path] = _name(path)
        elif matches := [m for m in sorted(glob.glob(path, recursive=True)) if os.path.isfile(m) and not _excluded(m, exclude)]:
            found.update((match, _name(match)) for match in matches)
        else:
            raise Error(f"{path}: no such file or folder; check the path")
    unique: dict[tuple[int, int] | str, tuple[str, str]] = {}
    for path, name in found.items():
        stat = _stat(path, name)
        unique.setdefault((stat.st_dev, stat.st_ino) if stat.st_ino else os.path.realpath(path), (path, name))
    if len(evaluation) and not paths:
        marked = {os.path.realpath(held) for held in found}
    ordered = sorted(unique.values(), key=lambda pair: (pair[1].split("/"), pair[0]))
    return Collected([_file(i, *pair, marked, splits, renames) for i, pair in enumerate(ordered)], sorted(skipped))


def _file(
    number: int, path: str, name: str, marked: set[str], splits: dict[str, list[str]] | None,
    renames: tuple[tuple[str, str], ...],
) -> File:  # fmt: skip
    stat = _stat(path, name)
    if not os.path.isfile(path):
        raise Error(f"{name}: not a regular file; give a file, a folder, or - for standard input")
    evaluated = os.path.realpath(path) in marked
    split = "evaluation" if evaluated else split_of(name, splits)
    try:
        facts = preflight(path, stat.st_size, name, dict(renames))
    except OSError as problem:
        raise Error(f"{name}: cannot be read ({problem.strerror}); check its permissions") from None
    return File(number, path, name, stat.st_size, (stat.st_mtime_ns, stat.st_size), split, facts)


def _stat(path: str, name: str) -> os.stat_result:
    try:
        return os.stat(path)
    except OSError as problem:
        raise Error(f"{name}: cannot be read ({problem.strerror}); check the path and its permissions") from None


def split_of(name: str, splits: dict[str, list[str]] | None = None) -> str:
    """ "train" or "evaluation", by the globs of the configuration, else by the file's own name."""
    for split, patterns in (splits or {}).items():
        if any(fnmatch(name, pattern) for pattern in patterns):
            return split
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return "evaluation" if _EVALUATION.search(stem) and "train" not in stem.lower() else "train"


def _walk(folder: str) -> Iterator[str]:
    def refused(problem: OSError) -> None:
        raise Error(f"{problem.filename}: cannot be read ({problem.strerror}); check its permissions")

    for parent, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED_FOLDERS)
        yield from (os.path.join(parent, name) for name in sorted(names) if not name.startswith("."))


def _holds_records(path: str) -> bool:
    """Whether a `.json` file in a folder is an array or lines of JSON, and no lone configuration object."""
    if not path.lower().endswith(".json"):
        return True
    try:
        with open(path, "rb") as stream:
            head = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError:
        return True  # collect says what is wrong with it
    return head[:1] == b"[" or (head[:1] == b"{" and b"}\n{" in head.replace(b"\r", b""))


def _excluded(path: str, patterns: Sequence[str]) -> bool:
    name = _name(path)
    return any(fnmatch(name, pattern) or fnmatch(name.rsplit("/", 1)[-1], pattern) for pattern in patterns)


def _name(path: str) -> str:
    """*path* relative to the working folder where it lies in it, with forward slashes."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        relative = path
    name = path if relative.startswith("..") else relative
    return Path(name).as_posix().encode("utf-8", "backslashreplace").decode()


def _spool() -> str:
    with tempfile.NamedTemporaryFile(prefix="sftlint-", suffix=".jsonl", delete=False) as spool:
        atexit.register(_remove, spool.name, os.getpid())
        while block := sys.stdin.buffer.read(1 << 20):
            spool.write(block)
    return spool.name


def _remove(path: str, owner: int) -> None:
    if os.getpid() == owner and os.path.exists(path):
        os.remove(path)


def chunks(file: File, size: int) -> Iterator[Chunk]:
    """*file* in chunks of about *size* bytes. None for a file that preflight found unreadable."""
    if file.facts.unreadable:
        return
    first = file.facts.bom
    if file.facts.array:
        for start, stop in elements.ranges(file.path, first, size):
            yield Chunk(file, start, stop)
        return
    for begin in range(first, file.size, size):
        yield Chunk(file, begin, min(begin + size, file.size))


class Lines(NamedTuple):
    """The records of a chunk as bytes, with their offsets in the file.

    rows, columns: newlines in the chunk, and code points after the last of them, for counting rows and columns.
    """

    starts: list[int]
    raws: list[bytes]
    base: int
    data: bytes


def read(chunk: Chunk) -> Lines:
    """The lines that begin in the chunk (without their line ends), or the elements if the file is an array."""
    with open(chunk.file.path, "rb") as stream:
        if chunk.file.facts.array:
            stream.seek(chunk.start)
            data = stream.read(chunk.stop - chunk.start)
            spans = list(elements.split(data))
            return Lines([chunk.start + a for a, _ in spans], [data[a:b] for a, b in spans], chunk.start, data)
        base, data = _owned(stream, chunk)
    raws = data.split(b"\n")
    if raws and not raws[-1]:
        raws.pop()
    ends = accumulate(map(len, raws), initial=base)
    return Lines(list(map(add, ends, range(len(raws)))), raws, base, data)


def _owned(stream: object, chunk: Chunk) -> tuple[int, bytes]:
    """The bytes of the lines that begin in the chunk, and the offset of the first."""
    assert hasattr(stream, "seek") and hasattr(stream, "read")
    first = chunk.start
    if first > chunk.file.facts.bom:
        stream.seek(first - 1)
        data: bytes = stream.read(chunk.stop - first + 1)
        begin = data.find(b"\n") + 1
        if not begin or first - 1 + begin >= chunk.stop:
            return chunk.stop, b""
        data, first = data[begin:], first - 1 + begin
    else:
        stream.seek(first)
        data = stream.read(chunk.stop - first)
    if not data.endswith(b"\n"):  # the last line runs on past the chunk
        tail = [data]
        while block := stream.read(1 << 20):
            cut = block.find(b"\n") + 1
            tail.append(block[:cut] if cut else block)
            if cut:
                break
        data = b"".join(tail)
    return first, data


def unchanged(file: File) -> bool:
    """Whether *file* is still as it was at the start of the run."""
    try:
        stat = os.stat(file.path)
    except OSError:
        return False
    return (stat.st_mtime_ns, stat.st_size) == file.stamp
