"""`sftlint baseline`: start one, keep it current, accept findings with a reason."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sftlint import baseline
from sftlint.commands.check import judged
from sftlint.commands.settings import Wish, load_config
from sftlint.config import Config
from sftlint.errors import Error
from sftlint.phrase import Phrase, language
from sftlint.reading import files, own

_MADE = Phrase("{path}: {known}", "{path}：已知问题 {count} 处")
_ERRORS = Phrase(
    "{count} not taken in: mend {them}, or take {them} in with --include-errors",
    "{count} 个错误未写入基线：请修复，或用 --include-errors 一并写入",
)
_IN_FORCE = Phrase(
    "in force, as {config} names it: commit it, and only new warnings fail a run",
    "{config} 已指定该文件，现已生效：请提交它，此后只有新增的警告会使检查不通过",
)
_TO_NAME = Phrase(
    "to put it in force, add this line {where}, or give --baseline {path}: {line}",
    "要使其生效，请{where}加入这一行（或在检查时使用 --baseline {path}）：{line}",
)
_WHERE = Phrase("to {config}, above its tables", "在 {config} 的各个表之前")
_WHERE_PROJECT = Phrase("to {config} below [tool.sftlint]", "在 {config} 的 [tool.sftlint] 之下")
_WHERE_NEW = Phrase("to a new file {config}", "新建 {config} 并")
_PRUNED = Phrase("{path}: {stale} removed, {left} left", "{path}：删除 {count} 条失效条目，剩余 {left} 条")
_ACCEPTED = Phrase("{path}: {count} accepted", "{path}：已接受 {count} 处")


def run(
    action: str, paths: list[str], path: Path | None, lang: str, *, config: Path | None, errors: bool = False, force: bool = False,
    reason: str = "", fingerprints: list[str] | None = None,
) -> list[str]:  # fmt: skip
    """Do what *action* ("create", "update", "prune" or "accept") says; lines that tell it. *lang* is the option's.

    Raises:
        Error: there is no baseline, or one already, or no reason.
    """
    settings = load_config(config, isolated=False, no_packs=False)
    lang = language(lang, settings.lang, human=True)
    target = path or Path(settings.root, settings.baseline or own.BASELINE)
    # What makes the command fail is looked at before the data are: linting them may take long.
    if action == "accept" and not reason.strip():
        raise Error(
            "baseline accept: --reason says why these findings are right; it is kept with them",
            zh="baseline accept：请用 --reason 说明为什么接受这些问题；理由会一并保存",
        )
    held = _begun(target, force) if action == "create" else baseline.load(target, "--baseline" if path else "")
    settings, result = judged(Wish(paths=paths or None, config=config, no_progress=True))
    if os.path.realpath(target) in {files.real(file.path) for file in result.collected.files}:
        raise Error(
            f"{target}: is data of this run; choose another name for the baseline",
            zh=f"{target}：是本次检查的数据；请给基线换一个文件名",
        )
    said = []
    if action in ("create", "update"):
        now = baseline.of(result, errors=errors, held=held)
        held.known = {key: entry for key, entry in now.items() if key not in held.accepted}
        known = f"{len(held.known)} known finding{'s' * (len(held.known) != 1)}"
        said.append(_MADE.say(lang, {"path": _shown(target), "count": len(held.known), "known": known}))
        if left := baseline.errors_left(result, held):
            count, them = ("1 error is", "it") if left == 1 else (f"{left} errors are", "them")
            said.append(_ERRORS.say(lang, {"count": left if lang == "zh" else count, "them": them}))
    if action == "create":
        said.append(_use(target, settings, lang))
    if action == "prune":
        stale = {entry.fingerprint for entry in baseline.split(result, held)[2]}
        held.known = {key: entry for key, entry in held.known.items() if key not in stale}
        held.accepted = {key: entry for key, entry in held.accepted.items() if key not in stale}
        left = len(held.known) + len(held.accepted)
        named = f"{len(stale)} stale {'entry' if len(stale) == 1 else 'entries'}"
        said.append(_PRUNED.say(lang, {"path": _shown(target), "count": len(stale), "stale": named, "left": left}))
    if action == "accept":
        moved = baseline.accept(held, fingerprints or [], reason.strip(), result)
        said.append(_ACCEPTED.say(lang, {"path": _shown(target), "count": len(moved)}))
    baseline.save(held, target)
    return said


def _begun(path: Path, force: bool) -> baseline.Baseline:
    """The baseline that a new one at *path* begins with, which is empty.

    Raises:
        Error: one is there and not to be replaced, or has reasons that nobody could give back.
    """
    if path.exists():
        if not force:
            raise Error(
                f"{path}: is there already; use `sftlint baseline update`, or --force",
                zh=f"{path}：已存在；请用 `sftlint baseline update`，或加 --force",
            )
        try:
            accepted = len(baseline.load(path).accepted)
        except Error:
            if path.read_bytes().strip() and b'"fingerprints"' not in path.read_bytes()[:200]:
                raise Error(
                    f"{path}: is no baseline, which --force would replace; choose another name",
                    zh=f"{path}：不是基线文件，--force 不会替换它；请换一个文件名",
                ) from None
            accepted = 0  # of another version: what --force is for
        if accepted:
            held = Phrase(
                "1 accepted finding with its reason" if accepted == 1 else f"{accepted} accepted findings with their reasons",
                f"{accepted} 处已接受的问题及理由",
            )
            raise Error(
                f"{path}: holds {held.en}; `sftlint baseline update` keeps them, and without the file create makes a new one",
                zh=f"{path}：其中有 {held.zh}；`sftlint baseline update` 会保留，删除该文件后 create 会重新生成",
            )
    return baseline.Baseline()


def _use(path: Path, settings: Config, lang: str) -> str:
    """How the baseline at *path* comes into force."""
    if settings.baseline and path.resolve() == Path(settings.root, settings.baseline).resolve():
        return _IN_FORCE.say(lang, {"config": _shown(Path(settings.source))})
    where = _WHERE_PROJECT if Path(settings.source).name == "pyproject.toml" else _WHERE if settings.source else _WHERE_NEW
    name = Path(os.path.relpath(path, settings.root)).as_posix()
    line = f"baseline = {json.dumps(name, ensure_ascii=False)}"
    named = where.say(lang, {"config": _shown(Path(settings.source or "sftlint.toml"))})
    return _TO_NAME.say(lang, {"where": named, "path": _shown(path), "line": line})


def _shown(path: Path) -> str:
    """*path* as seen from the working folder, where it lies in it."""
    held = path.resolve()
    return held.relative_to(Path.cwd()).as_posix() if held.is_relative_to(Path.cwd()) else str(path)
