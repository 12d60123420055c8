"""A line on standard error that tells the pass, how far it is, and how long it still takes."""

from __future__ import annotations

import os
import time
from typing import Self, TextIO

_PASSES = {"sampling": "取样", "learning": "学习", "judging": "检查"}


class Bar:
    """Writes at most ten times a second, and leaves nothing behind."""

    WIDTH = 24

    def __init__(self, out: TextIO | None, lang: str) -> None:
        self._out, self._lang = out, lang
        self._name, self._started, self._last = "", 0.0, 0.0

    @classmethod
    def on(cls, out: TextIO, *, wanted: bool, lang: str) -> Self:
        """A bar on *out*, or a silent one where *out* is no terminal."""
        shown = wanted and out.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"
        return cls(out if shown else None, lang)

    def tell(self, name: str, done: int, total: int) -> None:
        """*done* of *total* bytes of the pass *name*."""
        now = time.monotonic()
        if name != self._name:
            self._name, self._started, self._last = name, now, 0.0
        if self._out is None or now - self._last < 0.1 or not total:
            return
        self._last = now
        share = done / total
        filled = round(self.WIDTH * share)
        left = (now - self._started) * (1 - share) / share if share else 0
        label = _PASSES.get(name, name) if self._lang == "zh" else name
        rest = f"还需 {left:.0f} 秒" if self._lang == "zh" else f"{left:.0f} s left"
        self._out.write(f"\r\x1b[2K{label} [{'#' * filled}{'.' * (self.WIDTH - filled)}] {share:4.0%}  {rest}")
        self._out.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._out is not None and self._name:
            self._out.write("\r\x1b[2K")
            self._out.flush()
