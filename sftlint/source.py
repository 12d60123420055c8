"""Paths to files, files to chunks, chunks to lines."""

from __future__ import annotations

import atexit
import os
import re
import sys
import tempfile
from collections.abc import Hashable, Iterator, Sequence
from fnmatch import fnmatch
from itertools import accumulate, repeat
from pathlib import Path
from typing import NamedTuple

from sftlint.errors import Error
from sftlint.phrase import Phrase
from sftlint.reading import elements, files
from sftlint.reading.own import BASELINE, is_own
from sftlint.reading.preflight import BOM, Facts, preflight

SUFFIXES = (".jsonl", ".ndjson", ".json")
CHUNK = 1 << 20  # bytes: a thousand records, enough to vectorise over and small enough for the cache
SHIFT = 40  # a record's id is file << SHIFT | offset
_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
_EVALUATION = re.compile(r"(?:^|[^a-z])(?:dev|val|valid|validation|eval|evaluation|test)(?:[^a-z]|$)", re.I)


class File(NamedTuple):
    """A file of the run."""

    number: int
    """Its place among the files of the run, which stands in the ids of its records."""
    path: str
    name: str
    """What reports call it: relative, with forward slashes."""
    size: int
    """Bytes."""
    stamp: tuple[int, int]
    """What changes with its content, see `unchanged`."""
    split: str
    """train or evaluation."""
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
    """Names of the files of a folder that hold no records."""
    reports: tuple[str, ...] = ()
    """Names of the reports and baselines of sftlint itself that a folder or a glob holds; passed over too."""


def collect(
    paths: Sequence[str], *, exclude: Sequence[str] = (), evaluation: Sequence[str] = (),
    splits: dict[str, list[str]] | None = None, stdin_name: str = "<stdin>", renames: tuple[tuple[str, str], ...] = (),
) -> Collected:  # fmt: skip
    """The files that *paths* (files, folders, globs, or `-`) name, in path order, each with its preflight facts."""
    found: dict[str, str] = {}
    skipped: list[str] = []
    reports: list[str] = []
    marked: set[Hashable] = set()
    for number, path in enumerate([*evaluation, *paths]):
        if number == len(evaluation):
            marked = {_stat(held, name).identity for held, name in found.items()}
        if path == "-":
            found[_spool()] = stdin_name
        elif files.is_folder(path):
            for inside in _walk(path):
                if not _excluded(inside, exclude):
                    _sort_in(inside, found, skipped, reports)
        elif files.is_file(path) or os.path.exists(path):
            found[path] = _name(path)
        elif matches := [m for m in files.glob(path) if not _excluded(m, exclude)]:
            own = [match for match in matches if is_own(match)]
            reports += map(_name, own)
            found.update((match, _name(match)) for match in matches if match not in own)
        else:
            raise Error(f"{path}: no such file or folder; check the path", zh=f"{path}：没有该文件或文件夹；请检查路径")
    unique: dict[Hashable, tuple[str, str]] = {}
    for path, name in found.items():
        unique.setdefault(_stat(path, name).identity, (path, name))
    ordered = sorted(unique.values(), key=lambda pair: (pair[1].split("/"), pair[0]))
    named = tuple(sorted(set(reports)))
    return Collected([_file(i, *pair, marked, splits, renames) for i, pair in enumerate(ordered)], sorted(skipped), named)


def _file(
    number: int, path: str, name: str, marked: set[Hashable], splits: dict[str, list[str]] | None,
    renames: tuple[tuple[str, str], ...],
) -> File:  # fmt: skip
    stat = _stat(path, name)
    if not files.is_file(path):
        raise Error(
            f"{name}: not a regular file; give a file, a folder, or - for standard input",
            zh=f"{name}：不是普通文件；请给出文件、文件夹，或用 - 表示标准输入",
        )
    split = "evaluation" if stat.identity in marked else split_of(name, splits)
    try:
        facts = preflight(path, stat.size, name, dict(renames))
    except OSError as problem:
        raise Error(
            f"{name}: cannot be read ({problem.strerror}); check its permissions",
            zh=f"{name}：无法读取（{problem.strerror}）；请检查权限",
        ) from None
    return File(number, path, name, stat.size, stat.stamp, split, facts)


def moved(file: File, path: str, renames: tuple[tuple[str, str], ...]) -> File:
    """*file* as the new content at *path* makes it: of the same name, number and split."""
    made = _file(file.number, path, file.name, set(), None, renames)
    return made._replace(split=file.split)


def _stat(path: str, name: str) -> files.Stat:
    try:
        return files.stat(path)
    except OSError as problem:
        raise Error(
            f"{name}: cannot be read ({problem.strerror}); check the path and its permissions",
            zh=f"{name}：无法读取（{problem.strerror}）；请检查路径和权限",
        ) from None


def split_of(name: str, splits: dict[str, list[str]] | None = None) -> str:
    """ "train" or "evaluation", by the globs of the configuration, else by the file's own name."""
    for split, patterns in (splits or {}).items():
        if any(fnmatch(name, pattern) for pattern in patterns):
            return split
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return "evaluation" if _EVALUATION.search(stem) and "train" not in stem.lower() else "train"


def _walk(folder: str) -> Iterator[str]:
    try:
        yield from (path for path in files.walk(folder, _SKIPPED_FOLDERS) if os.path.basename(path) != BASELINE)
    except OSError as problem:
        raise Error(
            f"{problem.filename}: cannot be read ({problem.strerror}); check its permissions",
            zh=f"{problem.filename}：无法读取（{problem.strerror}）；请检查权限",
        ) from None


def _sort_in(path: str, found: dict[str, str], skipped: list[str], reports: list[str]) -> None:
    """Put a file of a folder where it belongs."""
    if not path.lower().endswith(SUFFIXES) or (os.path.exists(path) and not os.path.isfile(path)):  # a pipe would never end
        skipped.append(_name(path))
    elif is_own(path):
        reports.append(_name(path))
    elif _holds_records(path):
        found[path] = _name(path)
    else:
        skipped.append(_name(path))


def _holds_records(path: str) -> bool:
    """Whether a `.json` file in a folder is an array or lines of JSON, and no lone configuration object."""
    if not path.lower().endswith(".json"):
        return True
    try:
        with files.open(path) as stream:
            head = stream.read(4096).lstrip(BOM + b" \t\r\n")
    except OSError:
        return True  # collect says what is wrong with it
    return head[:1] == b"[" or (head[:1] == b"{" and b"}\n{" in head.replace(b"\r", b""))


def _excluded(path: str, patterns: Sequence[str]) -> bool:
    name = _name(path)
    return any(fnmatch(name, pattern) or fnmatch(name.rsplit("/", 1)[-1], pattern) for pattern in patterns)


def _name(path: str) -> str:
    """*path* relative to the working folder where it lies in it, with forward slashes; a URL without its password.

    A runner of GitHub takes a line that begins with `::` for a command, so no name does.
    """
    if files.is_url(path):
        return files.shown(path)
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        relative = path
    name = path if relative.startswith("..") else relative
    name = Path(name).as_posix().encode("utf-8", "backslashreplace").decode()
    return f"./{name}" if name.startswith("::") else name


def _spool() -> str:
    if sys.stdin is None:
        raise Error("-: standard input is closed; give a file, or pipe one in", zh="-：标准输入已关闭；请给出文件，或用管道传入")
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
    with files.open(chunk.file.path) as stream:
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


def extent(data: bytes) -> tuple[int, int]:
    """Newlines in *data*, and code points after the last of them."""
    last = data.rfind(b"\n") + 1
    return data.count(b"\n"), len(data[last:].decode("utf-8", "surrogateescape")) if last < len(data) else 0


def unchanged(file: File) -> bool:
    """Whether *file* is still as it was at the start of the run."""
    try:
        return files.stat(file.path).stamp == file.stamp
    except OSError:
        return False


def changed(file: File) -> Error:
    """What is said of a *file* that is not."""
    return Error(
        f"{file.name}: changed while it was read; run again when nothing writes to it",
        zh=f"{file.name}：读取期间有改动；请在没有程序写入时重新运行",
    )


WHOLE = Phrase("the dataset", "整个数据集")


def span(chunk: Chunk) -> Phrase:
    """What errors call *chunk*."""
    name, start, stop = chunk.file.name, chunk.start, chunk.stop
    return Phrase(f"{name}, bytes {start} to {stop}", f" {name} 第 {start} 到 {stop} 字节")
