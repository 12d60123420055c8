"""What a signature under a report stands for: the bytes of the files, the configuration, the version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from sftlint import __version__
from sftlint.errors import Error
from sftlint.reading import files
from sftlint.report import Report
from sftlint.rule import options
from sftlint.run import Counts
from sftlint.source import File

_PATHS = ("schema", "tokenizer")  # settings that name a file
_NO_MATTER = {"root", "source", "lang"}  # parts of a configuration that change no finding


class Signed(NamedTuple):
    """One file as it was read."""

    file: File
    counts: Counts
    sha256: str


class Signature(NamedTuple):
    """What was judged, and by what."""

    files: list[Signed]
    configuration: str
    """SHA-256 of everything that decides what a run finds: the configuration and every rule with its options."""
    version: str
    preset: str


def signature(report: Report) -> Signature:
    """The signature of the run. It reads every file once more.

    Raises:
        Error: a file cannot be read.
    """
    result = report.result
    config = result.setup.config
    signed = [Signed(file, result.counts[file.number], _content(file.path, file.name)) for file in result.collected.files]
    settings = {f.name: getattr(config, f.name) for f in fields(config) if f.name not in _NO_MATTER}
    settings["select"] = {rule.name: _choices(rule) for rule in result.setup.rules}
    settings |= {name: _content(settings[name]) for name in _PATHS if settings.get(name)}
    settings["fail_on"] = report.fail_on
    told = json.dumps([__version__, settings], sort_keys=True, default=_plain)
    return Signature(signed, hashlib.sha256(told.encode()).hexdigest(), __version__, str(getattr(config, "preset", "")))


def _choices(rule: Any) -> dict[str, Any]:
    """The rule's options. What decides of a file is what it holds, and not its path."""
    held = {option.name: getattr(rule, option.name) for option in options(type(rule))}
    return held | {name: _content(held[name]) for name in _PATHS if held.get(name)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(map(repr, value)) if isinstance(value, (set, frozenset)) else repr(value)


def _content(path: str, name: str = "") -> str:
    """The SHA-256 of a file."""
    try:
        with files.open(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as problem:
        raise Error(
            f"{name or path}: cannot be read ({problem.strerror}); check the disk and permissions",
            zh=f"{name or path}：无法读取（{problem.strerror}）；请检查磁盘和权限",
        ) from None
