"""Files in the making: hidden names beside what they will replace, and the end of those that a killed run left behind."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import time
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

AGE = 60  # seconds for which nobody touches a part of another
_NAME = re.compile(r"\..+\.(\d+)-([0-9a-f]{8})(?:-\d+)*\.sftlint", re.S)


def part(path: Path, *numbers: int) -> Path:
    """A name beside *path* for its content in the making, which no run takes for data. *numbers* tell several apart.

    It holds the process and the machine, so that a later run knows whether anybody is still at work on it.
    """
    sweep(Path(os.path.abspath(path.parent)))
    name = path.name if len(path.name) <= 40 else f"{path.name[:40]}~{zlib.crc32(os.fsencode(path.name)):08x}"
    mark = "-".join([str(os.getpid()), _machine(), *map(str, numbers)])
    return path.with_name(f".{name}.{mark}.sftlint")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name to write to. When all went well, what stands there takes the place of the file at *path*, in one step and with
    its mode; else the file is left as it is."""
    made = part(path)
    try:
        yield made
        if path.exists():
            shutil.copymode(path, made)
        os.replace(made, path)
    finally:
        discard(made)


def discard(path: Path) -> None:
    """Remove the unfinished file at *path*, if it was begun: on a disk that takes nothing there is nothing to remove."""
    with contextlib.suppress(OSError):
        path.unlink()


@cache
def sweep(folder: Path) -> None:
    """Remove what runs that were killed left in *folder*: parts of processes of this machine that are gone."""
    if os.name != "posix":  # elsewhere to ask whether a process lives may end it
        return
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            held = _NAME.fullmatch(entry.name)
            if not held or held[2] != _machine() or not entry.is_file(follow_symlinks=False) or _lives(int(held[1])):
                continue
            with contextlib.suppress(OSError):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > AGE:
                    os.unlink(entry.path)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # another user's, or none that could be asked for
    return True


@cache
def _machine() -> str:
    """What tells machines apart, and containers on one machine, in which other processes have the same numbers."""
    space = ""
    with contextlib.suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")
    return f"{zlib.crc32(f'{platform.node()} {space}'.encode()):08x}"
