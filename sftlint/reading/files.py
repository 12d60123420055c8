"""Where data lies: on a disk, or behind a URL as in `s3://bucket/train.jsonl`, which fsspec reads.

A URL's file behaves as a file on a disk does: `open` gives a buffered stream, and every failure to reach it is an OSError
with a `strerror`. The standard library serves everything that is no URL, so that a run without URLs never imports fsspec.
"""

from __future__ import annotations

import errno
import glob as local_glob
import io
import os
import re
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import xxhash

from sftlint.errors import Error

BUFFER = 1 << 17  # bytes that a stream asks for at a time
SEEKING = 1 << 13  # the same on a disk, where records here and there are read
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(?:::[^:]*)*://")  # one letter would be a drive of Windows
_HERE = re.compile(r"(?:file|local)://")
_SECRET = re.compile(r"(?<=://)[^/@]*@")


class Stat(NamedTuple):
    """What is known of a file without reading it.

    stamp: changes when the file does.  identity: the same for every path that leads to the file.
    """

    size: int
    stamp: tuple[int, int]
    identity: Hashable


def is_url(path: str) -> bool:
    """Whether fsspec is to read *path*."""
    return bool(_URL.match(path))


def open(path: str, buffer: int = BUFFER) -> io.BufferedReader:
    """The file to read from, at its beginning.

    Raises:
        OSError: there is no such file, or it cannot be reached.
        Error: fsspec, or what it needs for this kind of URL, is not installed.
    """
    if not is_url(path):
        return io.BufferedReader(io.FileIO(path), buffer)
    fs, inside = _reach(path)
    return io.BufferedReader(_Remote(fs, inside, path), buffer)


def stat(path: str) -> Stat:
    """Size, stamp and identity of the file. Raises as `open` does."""
    if not is_url(path):
        held = os.stat(path)
        identity = (held.st_dev, held.st_ino) if held.st_ino else os.path.realpath(path)
        return Stat(held.st_size, (held.st_mtime_ns, held.st_size), identity)
    fs, inside = _reach(path)
    with _reached(path):
        fs.invalidate_cache()  # listings are remembered, and would hide a change
        size, key = int(fs.size(inside) or 0), str(fs.ukey(inside))
        return Stat(size, (xxhash.xxh3_64_intdigest(key.encode()), size), fs.unstrip_protocol(inside))


def open_to_seek(path: str) -> io.BufferedReader:
    """The same file, for records here and there. Raises as `open` does."""
    return open(path, BUFFER if is_url(path) else SEEKING)


def is_file(path: str) -> bool:
    """Whether *path* is a regular file. A URL's is whatever is no folder."""
    if not is_url(path):
        return os.path.isfile(path)
    fs, inside = _reach(path)
    with _reached(path):
        return bool(fs.isfile(inside))


def is_folder(path: str) -> bool:
    """Whether *path* holds files."""
    if not is_url(path):
        return os.path.isdir(path)
    fs, inside = _reach(path)
    with _reached(path):
        return bool(fs.isdir(inside))


def real(path: str) -> str:
    """*path* without links, to tell whether another leads to the same file; a URL of this machine's own disk is a path, too."""
    return os.path.realpath(_HERE.sub("", path))


def walk(folder: str, skipped: frozenset[str] = frozenset()) -> Iterator[str]:
    """The files in *folder* and the folders in it, in order; nothing hidden, and no folder that *skipped* names.

    Raises:
        OSError: a folder cannot be read.
    """
    if not is_url(folder):
        for parent, folders, names in os.walk(folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in skipped)
            yield from (os.path.join(parent, name) for name in sorted(names) if not name.startswith("."))
        return
    fs, inside = _reach(folder)
    with _reached(folder):
        found = sorted(fs.find(inside))
    for path in found:
        steps = path[len(inside) :].strip("/").split("/")
        if not any(step.startswith(".") for step in steps) and not skipped.intersection(steps[:-1]):
            yield fs.unstrip_protocol(path)


def glob(pattern: str) -> list[str]:
    """The files that *pattern* names, in order."""
    if not is_url(pattern):
        return [path for path in sorted(local_glob.glob(pattern, recursive=True)) if os.path.isfile(path)]
    fs, inside = _reach(pattern)
    with _reached(pattern):
        return [fs.unstrip_protocol(path) for path in sorted(fs.glob(inside)) if fs.isfile(path)]


def shown(url: str) -> str:
    """*url* as reports may print it: without a password."""
    return _SECRET.sub("", url)


class _Remote(io.RawIOBase):
    """A file behind a URL, read range by range."""

    def __init__(self, fs: Any, inside: str, url: str) -> None:
        self._fs, self._inside, self._url, self._at = fs, inside, url, 0
        with _reached(url):
            self._size = int(fs.size(inside) or 0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        stop = min(self._at + len(buffer), self._size)
        if stop <= self._at:
            return 0
        with _reached(self._url):
            data = self._fs.cat_file(self._inside, start=self._at, end=stop)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _reach(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise Error(
            f"{shown(url)}: URLs need fsspec; run: pip install 'sftlint[ray]'",
            zh=f"{shown(url)}：读取 URL 需要 fsspec；请运行：pip install 'sftlint[ray]'",
        ) from None
    try:
        with _reached(url):
            fs, inside = url_to_fs(url)
    except (ImportError, ValueError) as problem:  # no such protocol, or a library for it is missing
        raise Error(f"{shown(url)}: {problem}", zh=f"{shown(url)}：无法打开（{problem}）") from None
    return fs, inside


@contextmanager
def _reached(url: str) -> Iterator[None]:
    """Whatever the library of a store raises, as an OSError that says what is wrong."""
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), shown(url)) from None
    except PermissionError:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), shown(url)) from None
    except (ImportError, ValueError):
        raise
    except Exception as problem:
        said = " ".join(str(getattr(problem, "strerror", None) or problem).split()) or type(problem).__name__
        raise OSError(errno.EIO, said[:200], shown(url)) from problem


def _raise(problem: OSError) -> None:
    raise problem
