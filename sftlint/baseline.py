"""The baseline: findings that are known, by fingerprint, so that only new ones fail a run.

A JSON file that is kept beside the data in version control, one entry on a line. `accepted` entries were judged by a
person and carry a reason; `known` ones are there because they were there when the baseline was made.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sftlint.diagnostic import FINGERPRINT, Diagnostic, diagnostics
from sftlint.errors import Error
from sftlint.lint import Result
from sftlint.reading.files import is_url
from sftlint.rule import Finding
from sftlint.writing.parts import replacing


@dataclass(frozen=True, order=True)
class Entry:
    """One finding that does not count. `filename` is where it was; it is found again wherever it is."""

    rule: str
    fingerprint: str
    filename: str = ""
    reason: str = ""


@dataclass
class Baseline:
    """Entries by fingerprint."""

    accepted: dict[str, Entry] = field(default_factory=dict)
    known: dict[str, Entry] = field(default_factory=dict)

    def entry(self, found: Diagnostic) -> Entry | None:
        """The entry that *found* is covered by."""
        entry = self.accepted.get(found.fingerprint) or self.known.get(found.fingerprint)
        return entry if entry and entry.rule == found.code else None


def load(path: Path, where: str = "") -> Baseline:
    """The baseline at *path*, which *where* names: an option, or a file and its key.

    Raises:
        Error: there is none, or it is no baseline of this version.
    """
    try:
        held: Any = json.loads(path.read_text("utf-8"))
        if held["fingerprints"] != FINGERPRINT:
            raise Error(
                f"{path}: has fingerprints of another version; make it anew with `sftlint baseline create --force`",
                zh=f"{path}：其中的指纹来自其他版本；请用 `sftlint baseline create --force` 重新生成",
            )
        parts = [{e["fingerprint"]: Entry(**e) for e in held[part]} for part in ("accepted", "known")]
    except OSError as problem:
        unread = Error(
            f"{path}: cannot be read ({problem.strerror}); `sftlint baseline create` makes one",
            zh=f"{path} 无法读取（{problem.strerror}）；可用 `sftlint baseline create` 生成",
        )
        raise (unread.at(where) if where else unread) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Error(
            f"{path}: is no baseline; `sftlint baseline create` makes one",
            zh=f"{path}：不是基线文件；可用 `sftlint baseline create` 生成",
        ) from None
    return Baseline(*parts)


def save(baseline: Baseline, path: Path) -> None:
    """Write *baseline* to *path*, whole or not at all, sorted, so that changes merge line by line."""

    def lines(entries: Iterable[Entry]) -> str:
        shown = (json.dumps({k: v for k, v in vars(e).items() if v}, ensure_ascii=False) for e in sorted(entries))
        return ",\n".join(f"  {line}" for line in shown)

    text = (
        f'{{"fingerprints": "{FINGERPRINT}",\n"accepted": [\n{lines(baseline.accepted.values())}\n],\n'
        f'"known": [\n{lines(baseline.known.values())}\n]}}\n'
    )
    try:
        with replacing(path) as made:
            made.write_text(text, "utf-8")
    except OSError as problem:
        raise Error(
            f"{path}: cannot be written ({problem.strerror}); check the folder and permissions",
            zh=f"{path}：无法写入（{problem.strerror}）；请检查文件夹和权限",
        ) from None


def split(result: Result, baseline: Baseline) -> tuple[list[Finding], list[Entry], list[Entry]]:
    """The findings that the baseline does not cover, the entries that cover the others, and the stale entries.

    An entry is stale where its file was read whole and has the finding no more, or is gone from a folder of files that were.
    """
    new, used = [], []
    for found in diagnostics(result, result.findings):
        entry = baseline.entry(found)
        if entry:
            used.append(entry)
        elif found.finding:
            new.append(found.finding)
    met = {entry.fingerprint for entry in used}
    read = {file.name for file in result.collected.files} | {""}
    ran = set(result.setup.by_name)
    entries = [*baseline.accepted.values(), *baseline.known.values()]
    folders = {os.path.dirname(file.name) for file in result.collected.files}
    unmet = [e for e in entries if e.fingerprint not in met and e.rule in ran]
    return new, used, [e for e in unmet if e.filename in read or _gone(e.filename, folders)]


def _gone(name: str, folders: set[str]) -> bool:
    """Whether the file *name* stood in one of *folders* and is there no more. Of a name that is no path nothing is known."""
    return os.path.dirname(name) in folders and not (is_url(name) or name[0] == "<" or "\\" in name or os.path.lexists(name))


def of(result: Result, *, errors: bool, held: Baseline | None = None) -> dict[str, Entry]:
    """Entries for the findings of *result* that would fail a run: the warnings, with *errors* the errors too, else those
    errors that the baseline *held* covers already."""
    made = {}
    for found in diagnostics(result, result.findings):
        wanted = errors or (held is not None and held.entry(found) is not None)
        if found.severity == "warning" or (wanted and found.severity == "error"):
            made[found.fingerprint] = Entry(found.code, found.fingerprint, found.filename or "")
    return made


def errors_left(result: Result, held: Baseline) -> int:
    """How many errors of *result* the baseline *held* does not cover."""
    found = diagnostics(result, result.findings)
    return sum(one.severity == "error" and held.entry(one) is None for one in found)


def accept(baseline: Baseline, prefixes: Iterable[str], reason: str, result: Result) -> list[Entry]:
    """Move the findings whose fingerprints are *prefixes*, or begin so, to the accepted ones.

    Raises:
        Error: a prefix fits no finding and no entry, or several.
    """
    now = {e.fingerprint: e for e in of(result, errors=True).values()} | baseline.known | baseline.accepted
    moved = []
    for prefix in prefixes:
        fitting = [entry for fingerprint, entry in now.items() if fingerprint.startswith(prefix)]
        if not fitting:
            raise Error(
                f"{prefix}: no finding has this fingerprint; --output-format json-lines shows them",
                zh=f"{prefix}：没有问题带有该指纹；--output-format json-lines 会列出指纹",
            )
        if len(fitting) > 1 and prefix not in now:
            named = ", ".join(f"{entry.rule} {entry.fingerprint}" for entry in fitting[:5])
            more = f" and {len(fitting) - 5} more" if len(fitting) > 5 else ""
            raise Error(
                f"{prefix}: {len(fitting)} findings begin so: {named}{more}; give more of the fingerprint of each one meant",
                zh=f"{prefix}：有 {len(fitting)} 处问题的指纹以此开头：{named}{' 等' if more else ''}；请给出更长的指纹",
            )
        entry = now.get(prefix, fitting[0])
        baseline.known.pop(entry.fingerprint, None)
        baseline.accepted[entry.fingerprint] = replace(entry, reason=reason)
        moved.append(entry)
    return moved
