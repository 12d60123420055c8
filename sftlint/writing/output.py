"""The file that a report is written to: whole or not at all, and blamed for its own faults only."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from sftlint.errors import Error
from sftlint.writing.parts import discard, part


@contextlib.contextmanager
def output(path: Path | None, usual: TextIO, option: str = "--output-file") -> Iterator[TextIO]:
    """Where a report goes: the file at *path*, which *option* names, or the *usual* stream.

    Raises:
        Error: the file cannot be opened or written.
    """
    if path is None:
        yield usual
        usual.flush()
        return
    # The file is replaced when the report is whole: a run that fails leaves the old one. A pipe or a device is written to.
    regular = path.is_file() or not path.exists()
    final = Path(os.path.realpath(path))
    made = part(final) if regular else final
    try:
        with _written(option, path):
            raw = _Written(made, "x" if regular else "w")
        raw.blamed = option, path
        with io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", newline="\n") as out:
            yield out
        if regular:
            with _written(option, path):
                if final.exists():
                    shutil.copymode(final, made)
                os.replace(made, final)
    finally:
        if regular:
            discard(made)


@contextlib.contextmanager
def _written(option: str, path: Path | None) -> Iterator[None]:
    """Say of what fails in here that *path*, which *option* names, cannot be written."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise Error(
            f"{option}: {path}: cannot be written ({problem.strerror}); check the folder, its permissions and the disk",
            zh=f"{option}：{path} 无法写入（{problem.strerror}）；请检查文件夹、权限和磁盘",
        ) from None


class _Written(io.FileIO):
    """A file that blames itself alone: whatever else fails while a report is written is another's fault."""

    blamed: tuple[str, Path | None] = ("", None)

    def write(self, data: Any) -> int:
        with _written(*self.blamed):
            return super().write(data)
