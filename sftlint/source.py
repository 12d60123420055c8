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
from itertools import accumulate, repeat
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
    """*path* relative to the working folder where it lies in it, with forward slashes.

    A runner of GitHub takes a line that begins with `::` for a command, so no name does.
    """
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        relative = path
    name = path if relative.startswith("..") else relative
    name = Path(name).as_posix().encode("utf-8", "backslashreplace").decode()
    return f"./{name}" if name.startswith("::") else name


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
    """The records of a chunk as bytes.

    starts: their offsets in the file.  raws: their bytes, without line ends.
    extent: newlines in the chunk, and code points after the last of them, for counting rows and columns.
    """

    starts: list[int]
    raws: list[bytes]
    extent: tuple[int, int]


def read(chunk: Chunk, *, ends: bool = False) -> Lines:
    """The lines that begin in the chunk, or the elements if the file is an array.

    With *ends* the lines have their line ends, which is cheaper; one is added where the file ends without.
    """
    with open(chunk.file.path, "rb", BUFFER) as stream:
        if chunk.file.facts.array:
            stream.seek(chunk.start)
            data = stream.read(chunk.stop - chunk.start)
            spans = list(elements.split(data))
            return Lines([chunk.start + a for a, _ in spans], [data[a:b] for a, b in spans], extent(data))
        first, size = chunk.start, chunk.stop - chunk.start
        if first > chunk.file.facts.bom:  # the line that began before is another chunk's
            stream.seek(first - 1)
            passed = len(stream.readline(size + 1)) - 1
            first, size = first + passed, size - passed
        else:
            stream.seek(first)
        # readlines(0) would mean all lines, so that a size of 1 needs a cut.
        ended = stream.readlines(max(size - 1, 1))[: size if size == 1 else None] if size > 0 else []
    starts = list(accumulate(map(len, ended), initial=first))
    starts.pop()
    newlines = len(ended)
    if ended and not ended[-1].endswith(b"\n"):
        newlines -= 1
        ended[-1] += b"\n"
    raws = ended if ends else list(map(bytes.removesuffix, ended, repeat(b"\n")))
    return Lines(starts, raws, (newlines, 0))


BUFFER = 1 << 17  # bytes: read by fewer calls than the default, and kept in a processor's cache


def extent(data: bytes) -> tuple[int, int]:
    """Newlines in *data*, and code points after the last of them."""
    last = data.rfind(b"\n") + 1
    return data.count(b"\n"), len(data[last:].decode("utf-8", "surrogateescape")) if last < len(data) else 0


def unchanged(file: File) -> bool:
    """Whether *file* is still as it was at the start of the run."""
    try:
        stat = os.stat(file.path)
    except OSError:
        return False
    return (stat.st_mtime_ns, stat.st_size) == file.stamp
