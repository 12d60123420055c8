"""`sftlint baseline`: start one, keep it current, accept findings with a reason."""

from __future__ import annotations

from pathlib import Path

from sftlint import baseline
from sftlint.check import judged
from sftlint.errors import Error
from sftlint.phrase import Phrase
from sftlint.settings import Wish

_MADE = Phrase("{path}: {count} known findings", "{path}：已知问题 {count} 处")
_ERRORS = Phrase(
    "{count} errors are not taken in: mend them, or take them in with --include-errors",
    "{count} 个错误未写入基线：请修复，或用 --include-errors 一并写入",
)
_PRUNED = Phrase("{path}: {count} stale entries removed, {left} left", "{path}：删除 {count} 条失效条目，剩余 {left} 条")
_ACCEPTED = Phrase("{path}: {count} accepted", "{path}：已接受 {count} 处")


def run(
    action: str, paths: list[str], path: Path | None, lang: str, *, config: Path | None, errors: bool = False, force: bool = False,
    reason: str = "", fingerprints: list[str] | None = None,
) -> list[str]:  # fmt: skip
    """Do what *action* ("create", "update", "prune" or "accept") says; lines that tell it.

    Raises:
        Error: there is no baseline, or one already, or no reason.
    """
    settings, result = judged(Wish(paths=paths or None, config=config, no_progress=True))
    target = path or Path(settings.root, settings.baseline or baseline.NAME)
    if action == "create":
        if target.exists() and not force:
            raise Error(f"{target}: is there already; use `sftlint baseline update`, or --force")
        held = baseline.Baseline(known=baseline.of(result, errors=errors))
    else:
        held = baseline.load(target)
    said = []
    if action == "update":
        now = baseline.of(result, errors=errors)
        held.known = {key: entry for key, entry in now.items() if key not in held.accepted}
    if action in ("create", "update"):
        said.append(_MADE.say(lang, {"path": target, "count": len(held.known)}))
        left = baseline.count(result, "error")
        if left and not errors:
            said.append(_ERRORS.say(lang, {"count": left}))
    if action == "prune":
        stale = {entry.fingerprint for entry in baseline.split(result, held)[2]}
        held.known = {key: entry for key, entry in held.known.items() if key not in stale}
        held.accepted = {key: entry for key, entry in held.accepted.items() if key not in stale}
        said.append(_PRUNED.say(lang, {"path": target, "count": len(stale), "left": len(held.known) + len(held.accepted)}))
    if action == "accept":
        if not reason.strip():
            raise Error("baseline accept: --reason says why these findings are right; it is kept with them")
        moved = baseline.accept(held, fingerprints or [], reason.strip(), result)
        said.append(_ACCEPTED.say(lang, {"path": target, "count": len(moved)}))
    baseline.save(held, target)
    return said
