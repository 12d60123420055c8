"""What training platforms ask of data, one TOML file each in `presets/`, with its source and date."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from sftlint.errors import Error
from sftlint.phrase import Phrase, near

_HOME = Path(__file__).with_name("presets")


@dataclass(frozen=True)
class Preset:
    """Limits of a platform. 0, empty: it has none, or none is known. Sizes are bytes."""

    name: str = ""
    title: str = ""
    source: str = ""
    date: str = ""
    extends: str = ""
    max_tokens: int = 0
    """Of a record, question and answer together."""
    ideographs_per_token: float = 1.5
    words_per_token: float = 0.75
    min_records: int = 0
    advised_records: int = 0
    max_records: int = 0
    max_file_size: int = 0
    max_files: int = 0
    max_total_size: int = 0
    extensions: tuple[str, ...] = ()
    context: str = ""
    """"list" where a string is not taken."""
    thoughts: str = ""
    """"require" or "forbid", where answers must have a `<think>` or may not."""
    own: tuple[str, ...] = ()
    """Names that the platform's own models may give themselves."""

    @property
    def manual(self) -> Phrase:
        """Where the limits are from, for a message."""
        if not self.date:
            return Phrase("by an undated manual", "手册未注明日期")
        return Phrase(f"by the manual of {self.date}", f"依据 {self.date} 的手册")

    @classmethod
    def of(cls, name: str) -> Preset:
        """The preset *name*; the one without limits for ""."""
        return load(name)


def names() -> list[str]:
    """All presets there are."""
    return sorted(path.stem for path in _HOME.glob("*.toml"))


@cache
def load(name: str) -> Preset:
    """The preset *name*; the one without limits for "".

    Raises:
        Error: there is none of that name.
    """
    if not name:
        return Preset()
    if name not in names():
        hint = near(name, names())
        raise Error(f"preset: no {name!r}{hint.en}", zh=f"preset：没有 {name!r}{hint.zh}")
    return Preset(**_table(name), name=name)


def _table(name: str) -> dict[str, Any]:
    table = tomllib.loads((_HOME / f"{name}.toml").read_text("utf-8"))
    held = {key.replace("-", "_"): tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    unknown = held.keys() - {field.name for field in fields(Preset)}
    if unknown:
        raise Error(f"preset {name}: unknown key {sorted(unknown)[0]!r}")
    return _table(str(held["extends"])) | held if "extends" in held else held
