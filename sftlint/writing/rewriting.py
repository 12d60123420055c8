"""Files written anew, whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from sftlint import source
from sftlint.errors import Error
from sftlint.fix import CODECS, ByteEdit, one_line
from sftlint.reading import files
from sftlint.reading.preflight import BOM, CESU
from sftlint.rule import Mend
from sftlint.source import File
from sftlint.writing.parts import part, replacing

_BLOCK = 1 << 20


def beside(folder: Path, file: File, turn: int) -> Path:
    """A name in *folder* for the new content of *file*, which no run takes for data."""
    return part(folder / os.path.basename(file.name), file.number, turn)


def rewrite(file: File, path: Path, edits: Iterable[ByteEdit], mend: Mend | None = None) -> None:
    """Write *file* with *edits* (ascending, apart) made to *path*; or as a whole, as *mend* says."""
    try:
        with files.open(file.path) as old, open(path, "wb") as new:
            if mend:
                try:
                    _mend(file, old, new, mend)
                except Error as problem:
                    raise problem.at(file.name) from None
            else:
                _edit(old, new, edits)
            new.flush()
            os.fsync(new.fileno())
    except OSError as problem:
        raise Error(
            f"{file.name}: cannot be written beside ({problem.strerror}); check the folder and permissions",
            zh=f"{file.name}：无法在其旁边写入（{problem.strerror}）；请检查文件夹和权限",
        ) from None


def mended(file: File, mend: Mend) -> bytes:
    """What *file* is after *mend*, in memory."""
    with files.open(file.path) as old, io.BytesIO() as new:
        _mend(file, old, new, mend)
        return new.getvalue()


def _mend(file: File, old: BinaryIO, new: BinaryIO, mend: Mend) -> None:
    if mend is Mend.UNBOM:
        old.seek(len(BOM))
        shutil.copyfileobj(old, new, _BLOCK)
    elif mend is Mend.REENCODE:
        _reencode(old, new, file.facts.encoding)
    elif mend is Mend.UNARRAY:
        for chunk in source.chunks(file, source.CHUNK):
            new.writelines(one_line(raw) + b"\n" for raw in source.read(chunk).raws)
    else:
        raise ValueError(mend)


def _edit(old: BinaryIO, new: BinaryIO, edits: Iterable[ByteEdit]) -> None:
    at = 0
    for edit in edits:
        _copy(old, new, edit.start - at)
        new.write(edit.content)
        at = edit.stop
        old.seek(at)
    shutil.copyfileobj(old, new, _BLOCK)


def _copy(old: BinaryIO, new: BinaryIO, size: int) -> None:
    while size > 0 and (block := old.read(min(size, _BLOCK))):
        new.write(block)
        size -= len(block)


def _reencode(old: BinaryIO, new: BinaryIO, encoding: str) -> None:
    if encoding == CESU:
        try:
            for line in old:  # pairs become one character each; a half alone is no text
                new.write(line.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le").encode())
        except UnicodeDecodeError:
            raise _unreadable(encoding) from None
        return
    for codec in [CODECS[encoding]] if encoding in CODECS else ["cp1252", "latin-1"]:
        old.seek(0)
        new.seek(0)
        new.truncate()
        decoder = codecs.getincrementaldecoder(codec)()
        try:
            first = True
            while block := old.read(_BLOCK):
                text = decoder.decode(block)
                new.write((text.removeprefix("\ufeff") if first else text).encode("utf-8"))
                first = first and not text
            new.write(decoder.decode(b"", final=True).encode("utf-8"))
        except UnicodeDecodeError:
            continue
        return
    raise _unreadable(encoding)


def _unreadable(encoding: str) -> Error:
    return Error(
        f"cannot be read as {encoding}; write the file in UTF-8 again where it comes from",
        zh=f"无法按 {encoding} 读取；请从来源处重新导出为 UTF-8",
    )


def put(path: str, target: Path, name: str) -> None:
    """Put the new content at *path* where *target* stands or will stand, in one step, with the target's owner and mode.

    A link stays, and what it leads to is replaced.
    """
    final = Path(os.path.realpath(target))
    try:
        if final.exists():
            held = os.stat(final)
            if hasattr(os, "chown"):
                with contextlib.suppress(PermissionError):  # only root may give files away
                    os.chown(path, held.st_uid, held.st_gid)
            shutil.copymode(final, path)
        os.replace(path, final)
    except OSError as problem:
        raise Error(
            f"{name}: cannot be replaced ({problem.strerror}); it was left as it is; check the folder",
            zh=f"{name}：无法替换（{problem.strerror}），原文件未改动；请检查文件夹",
        ) from None
    _sync(final.parent)


def make(folder: Path, option: str) -> None:
    """Make *folder*, which *option* needs."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Error(
            f"{option}: {folder}: cannot be made ({problem.strerror}); check the path and permissions",
            zh=f"{option}：{folder} 无法创建（{problem.strerror}）；请检查路径和权限",
        ) from None


def append(path: Path, entries: Iterable[Any]) -> int:
    """Add *entries*, values or lines of JSON, to the file at *path*; how many. What it held before is never lost."""
    count = 0
    try:
        with replacing(path) as made, open(made, "wb") as out:
            if path.exists():
                with open(path, "rb") as old:
                    shutil.copyfileobj(old, out, _BLOCK)
            for count, entry in enumerate(entries, 1):  # noqa: B007
                line = entry if isinstance(entry, bytes) else json.dumps(entry, ensure_ascii=False).encode() + b"\n"
                out.write(line)
            out.flush()
            os.fsync(out.fileno())
    except OSError as problem:
        raise Error(
            f"--removed: {path}: cannot be written ({problem.strerror}); check the folder and permissions",
            zh=f"--removed：{path} 无法写入（{problem.strerror}）；请检查文件夹和权限",
        ) from None
    _sync(path.parent)
    return count


def _sync(folder: Path) -> None:
    """Make a replacement last through a loss of power, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):  # some file systems cannot; the replacement is made all the same
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
