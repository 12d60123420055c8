"""The configuration: `[tool.sftlint]` in pyproject.toml, or sftlint.toml. The nearest file wins; nothing is merged."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from sftlint.errors import Error

if TYPE_CHECKING:
    from sftlint.rule import Option

SPLITS = ("train", "evaluation")
RESERVED = {"severity", "budget"}  # keys of a rule's table that are no options of the rule


@dataclass(frozen=True)
class Config:
    """Everything that decides what a run finds. Paths are as in the file, relative to `root`."""

    select: tuple[str, ...] = ("all",)
    ignore: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    evaluation: tuple[str, ...] = ()
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    per_path: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    baseline: str = ""
    schema: str = ""
    preset: str = ""
    max_tokens: int = 0
    tokenizer: str = ""
    lang: str = ""
    fail_on: str = "warning"
    rule: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    packs: bool = True
    root: str = "."
    source: str = ""

    @property
    def renames(self) -> tuple[tuple[str, str], ...]:
        """(the user's key, the standard key) for each entry of `[fields]`."""
        return tuple((own, standard) for standard, own in self.fields.items())

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of rules, as paths."""
        return tuple(str(Path(self.root, folder)) for folder in self.rules)


_INTERNAL = {"packs", "root", "source", "scope"}
_KEYS = {f.name.replace("_", "-"): f.name for f in fields(Config) if f.name not in _INTERNAL}


def find(start: Path) -> Path | None:
    """The configuration file that governs the folder *start*: the nearest upwards."""
    for folder in [start, *start.parents]:
        own = folder / "sftlint.toml"
        if own.is_file():
            return own
        project = folder / "pyproject.toml"
        if project.is_file() and "sftlint" in _toml(project).get("tool", {}):
            return project
    return None


def load(path: Path | None) -> Config:
    """The configuration in *path*, or the defaults.

    Raises:
        Error: the file cannot be read, is no TOML, or has a key or value that does not belong there.
    """
    if path is None:
        return Config()
    table = _toml(path)
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("sftlint", {})
    given: dict[str, Any] = {}
    for key, value in table.items():
        if key == "tool" and isinstance(value, dict) and "sftlint" in value:
            raise Error(f"{path.name}: [tool.sftlint] is for pyproject.toml; leave out the prefix tool.sftlint here")
        if key not in _KEYS:
            raise Error(f"{path.name}: unknown key {key!r}{near(key, _KEYS)}")
        given[_KEYS[key]] = _checked(f"{path.name}: {key}", value, key)
    return replace(Config(), **given, root=str(path.resolve().parent), source=path.as_posix())


def near(key: str, keys: Any) -> str:
    """ "; did you mean ...?" where one of *keys* is close to *key*, else what keys there are."""
    close = difflib.get_close_matches(key, list(keys), 1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(sorted(keys))}"


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise Error(f"{path}: cannot be read ({problem.strerror}); check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Error(f"{path}: not valid TOML: {problem}") from None


def _checked(where: str, value: Any, key: str) -> Any:
    kind = get_type_hints(Config)[_KEYS[key]]
    if kind is str:
        if not isinstance(value, str):
            raise Error(f"{where} must be a string, not {value!r}")
        if key == "fail-on" and value not in ("error", "warning"):
            raise Error(f"{where} must be error or warning, not {value!r}")
        if key == "lang" and value not in ("en", "zh", ""):
            raise Error(f"{where} must be en or zh, not {value!r}")
        if key == "preset":
            from sftlint import preset

            preset.load(value)
        return value
    if kind is int:
        if type(value) is not int or value < 0:
            raise Error(f"{where} must be a whole number, not {value!r}")
        return value
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise Error(f"{where} must be a list of strings, not {value!r}")
        return tuple(value)
    if not isinstance(value, dict):
        raise Error(f"{where} must be a table, not {value!r}")
    _check_table(where, value, key)
    return value


def _check_table(where: str, value: dict[str, Any], key: str) -> None:
    if key == "fields":
        if not all(isinstance(own, str) for own in value.values()):
            raise Error(f'{where} must map standard keys to your own, as in target = "答案"')
        check_fields(where, value)
    elif key == "splits":
        for split, patterns in value.items():
            if split not in SPLITS:
                raise Error(f"{where}: unknown split {split!r}{near(split, SPLITS)}")
            if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
                raise Error(f"{where}.{split} must be a list of globs, not {patterns!r}")
    elif not all(isinstance(table, dict) for table in value.values()):
        raise Error(f"{where} must hold tables, as in [{key}.name]")
    elif key == "per-path":
        for glob, table in value.items():
            for inside, names in table.items():
                if inside != "ignore":
                    raise Error(f"{where}.{glob!r}: unknown key {inside!r}{near(inside, ['ignore'])}")
                if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
                    raise Error(f"{where}.{glob!r}.ignore must be a list of rules, not {names!r}")


def check_fields(where: str, given: Mapping[str, str]) -> None:
    """Refuse a key that is no standard one.

    Raises:
        Error: with the closest standard key.
    """
    from sftlint.formats import STANDARD

    for standard in given:
        if standard not in STANDARD:
            raise Error(f"{where}: {standard!r} is no standard key{near(standard, STANDARD)}")


def within(budget: object, count: int, records: int) -> bool:
    """Whether *count* of *records* is no more than *budget*: a number, or a share such as "0.5%"."""
    if isinstance(budget, int):
        return count <= budget
    return isinstance(budget, str) and count <= float(budget.rstrip("% ")) / 100 * records


def rule_options(name: str, table: Mapping[str, Any], known: Mapping[str, Option], root: str = ".") -> dict[str, Any]:
    """The options in a rule's *table*, checked against the *known* ones: by type, and a number whose description says
    "0 to 1" by that. In a list, "@FILE" (relative to
    *root*) stands for the lines of that file, without blank ones and those that begin with #."""
    given = {}
    for key, value in table.items():
        if key in RESERVED:
            if key == "severity" and value not in ("error", "warning", "info"):
                raise Error(f"rule.{name}.severity must be error, warning or info, not {value!r}")
            if key == "budget" and not (type(value) is int and value >= 0) and not _SHARE.fullmatch(str(value)):
                raise Error(f'rule.{name}.budget must be a number of records or a share such as "0.5%", not {value!r}')
            continue
        option = key.replace("-", "_")
        if option not in known:
            raise Error(f"rule.{name}: unknown option {key!r}{near(key, [*known, *RESERVED])}")
        given[option] = _option(f"rule.{name}.{key}", value, known[option].type)
        if "0 to 1" in known[option].description and not 0 <= given[option] <= 1:
            raise Error(f"rule.{name}.{key} must be from 0 to 1, not {value!r}")
        if isinstance(given[option], tuple):
            given[option] = tuple(line for item in given[option] for line in _lines(f"rule.{name}.{key}", item, root))
    return given


def _lines(where: str, item: str, root: str) -> list[str]:
    if not item.startswith("@") or len(item) < 2:
        return [item]
    try:
        lines = Path(root, item[1:]).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise Error(f"{where}: {item[1:]}: cannot be read ({problem}); give a file in UTF-8 with an item on each line") from None
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _option(where: str, value: Any, kind: Any) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if kind == tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise Error(f"{where} must be a list of strings, not {value!r}")
    if type(value) is not kind:
        raise Error(f"{where} must be {_NAMES.get(kind, kind)}, not {value!r}")
    return value


_SHARE = re.compile(r"\d+(?:\.\d+)? ?%")
_NAMES = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}
