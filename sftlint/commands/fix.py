"""`sftlint check --fix`, `--diff` and `--fix-to`: where the mended data goes, and what is said of it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, TextIO

from sftlint import source
from sftlint.commands.settings import Wish
from sftlint.errors import Error
from sftlint.lint import Result
from sftlint.phrase import Phrase
from sftlint.reading import files
from sftlint.source import Collected, File
from sftlint.texts.safe import printable
from sftlint.writing import rewriting
from sftlint.writing.difference import unified
from sftlint.writing.fixing import Outcome, fix
from sftlint.writing.parts import discard

REMOVED = "removed.jsonl.txt"  # beside --fix-to; its name keeps a run on the folder from reading it as data

_FIXED = Phrase("fixed {findings}: {rules}", "已修复 {count} 处：{rules}")
_WOULD = Phrase("would fix {findings}: {rules}", "可修复 {count} 处：{rules}")
_NOTHING = Phrase("nothing to fix", "没有可修复之处")
_DROPPED = Phrase("{records} dropped, kept in {path}", "已删除 {count} 条记录，保存在 {path}")
_WOULD_DROP = Phrase("{records} would be dropped", "将删除 {count} 条记录")
_HELD = Phrase(
    "{fixes} not made: records would be dropped, and --removed FILE is wanted to keep them",
    "有 {count} 处修复会删除记录，需用 --removed 文件名 指定保存被删记录的文件",
)
_UNSAFE = Phrase("{count} more with --unsafe-fixes", "另有 {count} 处可用 --unsafe-fixes 修复")
_LEFT = Phrase("stopped after 10 passes with fixes left; run again", "10 轮之后仍有可修复之处，请再运行一次")


class Fixing:
    """What the options ask for."""

    def __init__(
        self, unsafe: bool, diff: bool, folder: Path | None, removed: Path | None, to_stdout: bool, paths: Sequence[str] = ()
    ) -> None:
        self.unsafe, self.diff, self.folder, self.removed, self.to_stdout = unsafe, diff, folder, removed, to_stdout
        self.paths = paths
        if folder is not None and removed is None:
            self.removed = folder / REMOVED

    @classmethod
    def of(cls, wish: Wish) -> Self | None:
        """What *wish* asks for, if it asks for anything.

        Raises:
            Error: two options contradict each other, or one of them lacks another.
        """
        wanted = [option for option, given in (("--fix", wish.fix), ("--diff", wish.diff), ("--fix-to", wish.fix_to)) if given]
        for option, given in (("--unsafe-fixes", wish.unsafe_fixes), ("--removed", wish.removed)):
            if given and not wanted:
                raise Error(
                    f"{option}: goes with --fix, --diff or --fix-to", zh=f"{option}：须与 --fix、--diff 或 --fix-to 一起使用"
                )
        if not wanted:
            return None
        if wish.diff and wish.fix:
            raise Error(
                "--diff: writes nothing, and --fix does; leave one of them out",
                zh="--diff：不写入文件，而 --fix 会写入；请去掉其中一个",
            )
        if wish.diff and wish.also:
            raise Error(
                "--diff: shows changes and makes no report; leave --also out", zh="--diff：只显示改动，不生成报告；请去掉 --also"
            )
        if wish.diff and wish.fix_to:
            raise Error(
                "--diff: writes nothing, and --fix-to does; leave one of them out",
                zh="--diff：不写入文件，而 --fix-to 会写入；请去掉其中一个",
            )
        if wish.fix_to and wish.fix_to.exists() and not wish.fix_to.is_dir():
            raise Error(
                f"--fix-to: {wish.fix_to}: is no folder; choose another name",
                zh=f"--fix-to：{wish.fix_to} 不是文件夹；请换一个名称",
            )
        piped = "-" in (wish.paths or [])
        if piped and (wish.paths != ["-"] or wish.eval) and not wish.diff:
            raise Error(
                "-: standard input is mended by itself; give the files in a run of their own",
                zh="-：标准输入须单独修复；其他文件请另行运行",
            )
        to_stdout = piped and not wish.fix_to and not wish.diff
        return cls(
            wish.unsafe_fixes, wish.diff, wish.fix_to, wish.removed, to_stdout, [*(wish.paths or ["."]), *(wish.eval or ())]
        )

    def run(self, lint_files: Callable[[Collected], Result], collected: Collected, stack: ExitStack) -> Outcome:
        """Lint, mend and write. The outcome's result is of what was written, and tells where it lies."""
        self._check(collected)
        in_place = not (self.diff or self.folder or self.to_stdout)
        beside = self._beside if in_place or self.folder else None
        # In place nothing vanishes without a trace; standard output is not the place of the data.
        drops = self.diff or self.removed is not None
        outcome = fix(lint_files, collected, unsafe=self.unsafe, drops=drops, beside=beside, stack=stack)
        if not self.diff:
            self._write(collected, outcome, stack)
        return outcome

    def _check(self, collected: Collected) -> None:
        """Refuse what would put one thing where another stands, or where a later run takes it for data."""
        for file in collected.files:
            if files.is_url(file.path) and not (self.diff or self.folder):
                raise Error(
                    f"{file.name}: is a URL, and --fix replaces only files; use --fix-to",
                    zh=f"{file.name}：是 URL，而 --fix 只替换文件；请用 --fix-to",
                )
        held = {files.real(file.path) for file in collected.files}
        self._check_removed(held)
        self._check_targets(held, collected)

    def _check_removed(self, held: set[str]) -> None:
        """Refuse a file for what is removed that is data (*held*: the real paths), or would be of a later run."""
        if self.removed is None:
            return
        if os.path.realpath(self.removed) in held:
            raise Error(
                f"--removed: {self.removed}: is data of this run; choose another name",
                zh=f"--removed：{self.removed} 是本次检查的数据；请换一个文件名",
            )
        if self.removed.is_dir():
            raise Error(
                f"--removed: {self.removed}: is a folder; name a file", zh=f"--removed：{self.removed} 是文件夹；请给出文件名"
            )
        if (around := self._around(self.removed)) and self.removed.suffix.lower() in source.SUFFIXES:
            raise Error(
                f"--removed: {self.removed}: a later run on {around} would take it for data; end its name in .txt",
                zh=f"--removed：以后检查 {around} 时会把 {self.removed} 当作数据；请让文件名以 .txt 结尾",
            )

    def _check_targets(self, held: set[str], collected: Collected) -> None:
        """Refuse a folder for the copies that would put one over data (*held*), over another copy, or over what is there."""
        if self.folder is None:
            return
        taken: dict[str, File] = {}
        for file in collected.files:
            target = os.path.realpath(self._target(file))
            if target in held:
                raise Error(
                    f"--fix-to: {self._target(file)}: is data of this run; choose another folder, or use --fix",
                    zh=f"--fix-to：{self._target(file)} 是本次检查的数据；请换一个文件夹，或用 --fix",
                )
            if target in taken:
                one, other = taken[target].name, file.name
                raise Error(
                    f"--fix-to: {one} and {other} would both become {self._target(file)}; mend them in runs of their own",
                    zh=f"--fix-to：{one} 和 {other} 都会写到 {self._target(file)}；请分开修复",
                )
            taken[target] = file
        if around := self._around(self.folder):
            raise Error(
                f"--fix-to: {self.folder}: a later run on {around} would take the copy for data; choose a folder outside",
                zh=f"--fix-to：以后检查 {around} 时会把 {self.folder} 中的副本当作数据；请选择其外的文件夹",
            )
        for path in (*map(self._target, collected.files), self.folder / REMOVED):
            if os.path.lexists(path):
                raise Error(
                    f"--fix-to: {path}: is there already, and is not replaced; choose a new folder",
                    zh=f"--fix-to：{path} 已存在，不会覆盖；请选择新的文件夹",
                )

    def _around(self, path: Path) -> str:
        """The folder of this run that *path* lies in; "" if in none."""
        held = Path(os.path.realpath(path))
        return next((p for p in self.paths if os.path.isdir(files.real(p)) and held.is_relative_to(files.real(p))), "")

    def _target(self, file: File) -> Path:
        if self.folder is None:
            return Path(file.path)
        outside = files.is_url(file.name) or os.path.isabs(file.name) or ".." in file.name
        return self.folder / (os.path.basename(file.name) if outside else file.name)

    def _beside(self, file: File) -> Path:
        folder = Path(os.path.realpath(self._target(file))).parent
        if self.folder is not None:
            rewriting.make(folder, "--fix-to")
        return folder

    def _write(self, collected: Collected, outcome: Outcome, stack: ExitStack) -> None:
        for file in collected.files:
            self._check_replaceable(file, written=file.number in outcome.written)
        ready = dict(outcome.written)
        for file in collected.files if self.folder is not None else ():
            if file.number not in ready:
                copy = rewriting.beside(self._beside(file), file, 0)
                stack.callback(discard, copy)
                rewriting.rewrite(file, copy, ())
                ready[file.number] = str(copy)
        if outcome.dropped and self.removed is not None and outcome.removed is not None:
            # First, so that a run that is killed loses nothing.
            rewriting.make(self.removed.parent, "--removed")
            with open(outcome.removed, "rb") as lines:
                rewriting.append(self.removed, lines)
        now = list(outcome.result.collected.files)
        for file in collected.files:
            if self.to_stdout:
                with files.open(ready.get(file.number, file.path)) as stream:
                    shutil.copyfileobj(stream, sys.stdout.buffer)
                sys.stdout.buffer.flush()
                continue
            target = self._target(file)
            if file.number in ready:
                if self.folder is None:
                    self._check_replaceable(file, written=True)  # again: putting the others in place takes time
                rewriting.put(ready[file.number], target, file.name)
            now[file.number] = now[file.number]._replace(path=str(target) if file.number in outcome.written else file.path)
        if not self.to_stdout:
            chunks = [chunk._replace(file=now[chunk.file.number]) for chunk in outcome.result.chunks]
            moved = outcome.result.collected._replace(files=now)
            outcome.result = outcome.result._replace(collected=moved, chunks=chunks)

    def _check_replaceable(self, file: File, *, written: bool) -> None:
        if not source.unchanged(file):
            raise Error(
                f"{file.name}: changed while it was read; it was left as it is; run again when nothing writes to it",
                zh=f"{file.name}：读取期间有改动，未作修改；请在没有程序写入时重新运行",
            )
        if written and self.folder is None and not self.to_stdout:
            # Whoever takes the write permission away (data version control does, too) wants the content kept.
            mode = os.stat(file.path).st_mode
            if not mode & 0o222 or not os.access(file.path, os.W_OK):
                raise Error(
                    f"{file.name}: is read-only; nothing was written; make it writable, or use --fix-to",
                    zh=f"{file.name}：是只读文件，没有写入任何内容；请改为可写，或用 --fix-to",
                )

    def show(self, collected: Collected, outcome: Outcome, out: TextIO) -> None:
        """Print the diff of every file that would change."""
        for file in collected.files:
            if written := outcome.written.get(file.number):
                out.writelines(line + "\n" for line in unified(file.path, written, file.name))

    def say(self, outcome: Outcome, lang: str) -> None:
        """Tell on standard error what was done, and what was not."""
        rules = ("、" if lang == "zh" else ", ").join(f"{name} {count}" for name, count in sorted(outcome.made.items()))
        count = sum(outcome.made.values())
        lines = [((_WOULD if self.diff else _FIXED) if count else _NOTHING, {"count": count, "rules": rules})]
        if outcome.dropped:
            lines.append((_WOULD_DROP if self.diff else _DROPPED, {"count": outcome.dropped, "path": str(self.removed)}))
        if outcome.held:
            lines.append((_HELD, {"count": outcome.held}))
        if outcome.weaker:
            lines.append((_UNSAFE, {"count": outcome.weaker}))
        if not outcome.ended:
            lines.append((_LEFT, {}))
        for phrase, data in lines:
            number: Any = data.get("count", 0)
            told = {name: f"{number:,} {one if number == 1 else many}" for name, one, many in _COUNTED}
            print(printable(f"sftlint: {phrase.say(lang, data | told)}"), file=sys.stderr)


_COUNTED = (("findings", "finding", "findings"), ("records", "record", "records"), ("fixes", "fix", "fixes"))
