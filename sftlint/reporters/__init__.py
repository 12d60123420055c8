"""What a report looks like. Each format is one function: `write(report, out)`."""

from __future__ import annotations

import importlib
from typing import Any

FORMATS = (
    "text", "concise", "json", "json-lines", "github", "gitlab", "sarif", "junit", "rdjson", "markdown", "html",
)  # fmt: skip


def streamer(name: str) -> Any:
    """The function that writes one finding in the format *name*, None for a format that is no stream."""
    return getattr(importlib.import_module(f"sftlint.reporters.{name.replace('-', '_')}"), "write_one", None)


def writer(name: str) -> Any:
    """The function that writes the format *name*."""
    return importlib.import_module(f"sftlint.reporters.{name.replace('-', '_')}").write
