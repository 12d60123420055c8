"""Findings that do not count: known ones by the baseline, old ones by a git revision. They are always counted."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import xxhash

from sftlint import baseline, elements
from sftlint.baseline import Baseline, Entry
from sftlint.errors import Error
from sftlint.lint import Result
from sftlint.record import OFFSET
from sftlint.rule import Finding
from sftlint.source import SHIFT, File


class Suppressed(NamedTuple):
    """What was found and is not reported."""

    used: tuple[Entry, ...] = ()
    """Entries of the baseline that cover a finding, one for each."""
    stale: tuple[Entry, ...] = ()
    """Entries of the baseline that cover none, of files that were read."""
    old: int = 0
    """Findings on records that the revision holds too."""


def suppress(result: Result, known: Baseline | None, since: str) -> tuple[Result, Suppressed]:
    """*result* without the findings that *known* covers, or that are on records of the git revision *since*."""
    suppressed = Suppressed()
    if since:
        kept = list(_new(result, since))
        suppressed = suppressed._replace(old=len(result.findings) - len(kept))
        result = result._replace(findings=kept)
    if known:
        kept, used, stale = baseline.split(result, known)
        suppressed = suppressed._replace(used=tuple(used), stale=() if since else tuple(stale))
        result = result._replace(findings=kept)
    return result, suppressed


def _new(result: Result, since: str) -> Iterable[Finding]:
    """The findings on records that the revision *since* does not hold, on changed files, and on the set as a whole."""
    files = result.collected.files
    lines: dict[int, set[int] | None] = {}
    changed: dict[int, bool] = {}
    for finding in result.findings:
        number = finding.place.record >> SHIFT if finding.place else finding.file
        if number is None:
            yield finding
            continue
        if number not in lines:
            lines[number], changed[number] = _of_revision(files[number], since)
        held = lines[number]
        if held is None or not changed[number]:
            if held is None:
                yield finding
            continue
        if finding.place is None:
            yield finding
        else:
            raw = result.setup.reader.record(files[number], finding.place.record & OFFSET).raw
            if xxhash.xxh3_64_intdigest(raw.strip()) not in held:
                yield finding


def _of_revision(file: File, since: str) -> tuple[set[int] | None, bool]:
    """Hashes of the records that *file* has at the revision, None if it had none; whether it has changed since."""
    path = Path(file.path).resolve()
    shown = _git(path.parent, "show", f"{since}:./{path.name}")
    if shown.returncode:
        known = _git(path.parent, "rev-parse", "--verify", "--quiet", f"{since}^{{commit}}")
        if known.returncode:
            why = os.fsdecode(known.stderr).strip().splitlines()
            raise Error(
                f"--since: {since}: no such revision here{': ' + why[-1] if why else ''}; check its name and the depth of the clone"
            )
        return None, True
    data = shown.stdout
    if file.facts.array:
        inner = data.strip().removeprefix(b"\xef\xbb\xbf").strip()[1:-1]
        records = [inner[a:b] for a, b in elements.split(inner)]
    else:
        records = data.split(b"\n")
    return {xxhash.xxh3_64_intdigest(raw.strip()) for raw in records}, data != path.read_bytes()


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603, S607
    except OSError:
        raise Error("--since: git is not installed; install it, or leave --since out") from None
