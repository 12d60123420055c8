"""Findings that do not fail a run: known ones by the baseline, old ones by a git revision. How many there are is always told."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import xxhash

from sftlint import baseline, source
from sftlint.baseline import Baseline, Entry
from sftlint.errors import Error
from sftlint.lint import Result
from sftlint.reading import elements
from sftlint.reading.files import is_url
from sftlint.reading.preflight import BOM
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


def suppress(result: Result, known: Baseline | None, since: Since | None) -> tuple[Result, Suppressed]:
    """*result* without the findings that *known* covers, or that are not new *since* a git revision."""
    suppressed = Suppressed()
    if since:
        kept = list(since.new(result, result.findings))
        suppressed = suppressed._replace(old=len(result.findings) - len(kept))
        result = result._replace(findings=kept)
    if known:
        kept, used, stale = baseline.split(result, known)
        suppressed = suppressed._replace(used=tuple(used), stale=() if since else tuple(stale))
        result = result._replace(findings=kept)
    return result, suppressed


class Since:
    """What the files of a run hold that the git revision *revision* does not."""

    def __init__(self, revision: str, files: Sequence[File]) -> None:
        # By number: while files are mended the copies in the making lie elsewhere.
        self.revision, self._paths = revision, [Path(file.path).resolve() for file in files]
        self._held: dict[int, _Content] = {}
        seen = set()
        for file, path in zip(files, self._paths, strict=True):
            if is_url(file.path):
                raise _outside(file)
            if path.parent not in seen:
                self._check(file, path.parent)
                seen.add(path.parent)

    def _check(self, file: File, folder: Path) -> None:
        """Refuse a revision that *folder*, where *file* lies, does not know."""
        known = _git(folder, "rev-parse", "--verify", "--quiet", f"{self.revision}^{{commit}}")
        if not known.returncode:
            return
        why = (os.fsdecode(known.stderr).strip().splitlines() or [""])[-1]
        if "not a git repository" in why:
            raise _outside(file)
        if why:
            why = why.removeprefix("fatal: ")
            raise Error(
                f"--since: {self.revision}: git cannot look it up ({why})", zh=f"--since：{self.revision}：git 无法查询（{why}）"
            )
        raise Error(
            f"--since: {self.revision}: no such revision here; check its name and the depth of the clone",
            zh=f"--since：{self.revision}：没有该版本；请检查名称和克隆深度",
        )

    def new(self, result: Result, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings on records that are new, on changed files, and on the set as a whole."""
        held: dict[int, tuple[bool, frozenset[int]]] = {}
        for finding in findings:
            number = finding.place.record >> SHIFT if finding.place else finding.file
            if number is None:
                yield finding
                continue
            if number not in held:
                held[number] = self._compared(result.collected.files[number])
            changed, fresh = held[number]
            if changed and (finding.place is None or finding.place.record in fresh):
                yield finding

    def _compared(self, file: File) -> tuple[bool, frozenset[int]]:
        """Whether *file* has changed, and the ids of its new records: of more equal ones than there were the last."""
        if file.number not in self._held:
            self._held[file.number] = _Content.of(self._shown(file), file.facts.array)
        old = self._held[file.number]
        with open(file.path, "rb") as stream:
            if xxhash.xxh3_128_intdigest(stream.read()) == old.digest:
                return False, frozenset()
        left = Counter(old.records)
        new = []
        for chunk in source.chunks(file, source.CHUNK):
            lines = source.read(chunk)
            for start, raw in zip(lines.starts, lines.raws, strict=True):
                mark = _mark(raw)
                if left[mark] > 0:
                    left[mark] -= 1
                else:
                    new.append(file.number << SHIFT | start)
        return True, frozenset(new)

    def _shown(self, file: File) -> bytes | None:
        """What *file* held at the revision; None if it was not there."""
        path = self._paths[file.number]
        # Filtered as on checkout: line ends, and the content behind a pointer of Git LFS where that is set up.
        shown = _git(path.parent, "cat-file", "--filters", f"{self.revision}:./{path.name}")
        if shown.returncode and (before := self._renamed(path)):
            shown = _git(path.parent, "cat-file", "--filters", f"{self.revision}:{before}")
        return None if shown.returncode else shown.stdout

    def _renamed(self, path: Path) -> str:
        """What the file at *path* was called at the revision, from the top of the repository; "" if git knows no such file."""
        here = os.fsdecode(_git(path.parent, "rev-parse", "--show-prefix").stdout).removesuffix("\n") + path.name
        renames = ("--find-renames", "--diff-filter=R", "--name-status", "--no-relative", "-z")
        names = os.fsdecode(_git(path.parent, "diff", *renames, self.revision, "--").stdout).split("\0")
        # Each rename is three: how alike the two are, the old name, the new name.
        return dict(zip(names[2::3], names[1::3], strict=False)).get(here, "")


def _outside(file: File) -> Error:
    return Error(
        f"--since: {file.name}: is in no git repository; name files of a checkout",
        zh=f"--since：{file.name} 不在 git 仓库中；请给出 git 工作区中的文件",
    )


class _Content(NamedTuple):
    """A digest of a file at the revision, 0 if it was not there, and how often it held each record."""

    digest: int
    records: Counter[int]

    @classmethod
    def of(cls, data: bytes | None, array: bool) -> Self:
        if data is None:
            return cls(0, Counter())
        return cls(xxhash.xxh3_128_intdigest(data), Counter(map(_mark, _records(data, array))))


def _records(data: bytes, array: bool) -> list[bytes]:
    """The records of a file with the content *data*."""
    data = data.removeprefix(BOM)
    if not array:
        return data.removesuffix(b"\n").split(b"\n")
    inner = data.strip()[1:-1]
    return [inner[a:b] for a, b in elements.split(inner)]


def _mark(raw: bytes) -> int:
    return xxhash.xxh3_64_intdigest(raw.strip())


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        # In English, since what it says tells why it fails.
        return subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=folder,
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            check=False,
        )
    except OSError:
        raise Error(
            "--since: git is not installed; install it, or leave --since out", zh="--since：没有安装 git；请安装，或去掉 --since"
        ) from None
