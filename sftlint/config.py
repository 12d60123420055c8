"""The configuration: `[tool.sftlint]` in pyproject.toml, or sftlint.toml. The nearest file wins; nothing is merged."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from sftlint.errors import Error
from sftlint.phrase import Phrase, near

if TYPE_CHECKING:
    from sftlint.rule import Option

SPLITS = ("train", "evaluation")
RESERVED = {"severity", "budget"}  # keys of a rule's table that are no options of the rule


@dataclass(frozen=True)
class Config:
    """Everything that decides what a run finds. Paths are as in the file, relative to `root`. Empty and 0 mean none."""

    select: tuple[str, ...] = ("all",)
    """Rules and categories that run."""
    ignore: tuple[str, ...] = ()
    """Rules and categories of those that do not."""
    scope: tuple[str, ...] = ()
    """record, file, dataset: the rules that run are of one of these. Empty for all."""
    exclude: tuple[str, ...] = ()
    """Globs of files that folders and globs do not bring."""
    evaluation: tuple[str, ...] = ()
    """Files and folders of evaluation data."""
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Globs of the files of each split: train, evaluation."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The user's key for a standard one."""
    rules: tuple[str, ...] = ()
    """Folders of rules."""
    per_path: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """For a glob, which rules to `ignore` in its files."""
    baseline: str = ""
    """The file of the baseline."""
    schema: str = ""
    """A JSON Schema that records have to meet."""
    preset: str = ""
    """The training platform whose demands count."""
    max_tokens: int = 0
    """Tokens that a record may have."""
    tokenizer: str = ""
    """A tokenizer.json to count them with, instead of an estimate."""
    lang: str = ""
    """en or zh, for messages."""
    fail_on: str = "warning"
    """The lowest severity that fails a run: error or warning."""
    rule: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The table of a rule: its options, severity and budget."""
    packs: bool = True
    """Whether installed packages of rules are used."""
    root: str = "."
    """The folder of the file."""
    source: str = ""
    """The file."""

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
    given: dict[str, Any] = {}
    for key, value in _own(path).items():
        try:
            given[_KEYS[key]] = _checked(key, value)
        except Error as problem:
            raise problem.at(path.name) from None
    return replace(Config(), **given, root=str(path.resolve().parent), source=path.as_posix())


def spoken(path: Path | None) -> str:
    """The language that the configuration at *path*, or the nearest, asks for; "" where it cannot be read, or says nothing.

    Its other mistakes are told in that language."""
    with contextlib.suppress(Error, OSError, AttributeError, TypeError):
        path = path or find(Path.cwd())
        lang = _own(path).get("lang") if path else ""
        return lang if lang in ("en", "zh") else ""
    return ""


def _own(path: Path) -> dict[str, Any]:
    """What the file says of sftlint."""
    table = _toml(path)
    return table.get("tool", {}).get("sftlint", {}) if path.name == "pyproject.toml" else table


def _toml(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as problem:
        raise Error(
            f"{path}: cannot be read ({problem.strerror}); check the path",
            zh=f"{path}：无法读取（{problem.strerror}）；请检查路径",
        ) from None
    except ValueError as problem:
        why = Phrase(str(problem), str(problem))
        if isinstance(problem, UnicodeDecodeError):
            why = why._replace(zh="编码不是 UTF-8")
        elif found := re.fullmatch(r"(.+) \(at line (\d+), column (\d+)\)", why.en):
            why = why._replace(zh=f"第 {found[2]} 行第 {found[3]} 列（{found[1]}）")
        raise Error(f"{path}: not valid TOML: {why.en}", zh=f"{path}：不是有效的 TOML：{why.zh}") from None


def _must(where: str, en: str, zh: str, value: object) -> Error:
    return Error(f"{where} must {en}, not {value!r}", zh=f"{where} 须{zh}，而不是 {value!r}")


def _checked(key: str, value: Any) -> Any:
    """The *value* of a *key*, as Config has it.

    Raises:
        Error: one of them does not belong there.
    """
    if key == "tool" and isinstance(value, dict) and "sftlint" in value:
        raise Error(
            "[tool.sftlint] is for pyproject.toml; leave out the prefix tool.sftlint here",
            zh="[tool.sftlint] 只用于 pyproject.toml；此处请去掉前缀 tool.sftlint",
        )
    if key not in _KEYS:
        hint = near(key, _KEYS)
        raise Error(f"unknown key {key!r}{hint.en}", zh=f"未知的键 {key!r}{hint.zh}")
    kind = get_type_hints(Config)[_KEYS[key]]
    if kind is str:
        if not isinstance(value, str):
            raise _must(key, "be a string", "为字符串", value)
        if key == "fail-on" and value not in ("error", "warning"):
            raise _must(key, "be error or warning", "为 error 或 warning", value)
        if key == "lang" and value not in ("en", "zh", ""):
            raise _must(key, "be en or zh", "为 en 或 zh", value)
        if key == "preset":
            from sftlint import preset

            preset.load(value)
        return value
    if kind is int:
        if type(value) is not int or value < 0:
            raise _must(key, "be a whole number of 0 or more", "为不小于 0 的整数", value)
        return value
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise _must(key, "be a list of strings", "为字符串列表", value)
        return tuple(value)
    if not isinstance(value, dict):
        raise _must(key, "be a table", "为表", value)
    _check_table(key, value)
    return value


def _check_table(key: str, value: dict[str, Any]) -> None:
    if key == "fields":
        if not all(isinstance(own, str) for own in value.values()):
            raise Error(
                f'{key} must map standard keys to your own, as in target = "答案"',
                zh=f'{key} 须把标准键对应到你自己的键，例如 target = "答案"',
            )
        check_fields(key, value)
    elif key == "splits":
        for split, patterns in value.items():
            if split not in SPLITS:
                hint = near(split, SPLITS)
                raise Error(f"{key}: unknown split {split!r}{hint.en}", zh=f"{key}：未知的数据划分 {split!r}{hint.zh}")
            if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
                raise _must(f"{key}.{split}", "be a list of globs", "为通配符列表", patterns)
    elif not all(isinstance(table, dict) for table in value.values()):
        raise Error(f"{key} must hold tables, as in [{key}.name]", zh=f"{key} 须由表组成，例如 [{key}.name]")
    elif key == "per-path":
        for glob, table in value.items():
            for inside, names in table.items():
                if inside != "ignore":
                    hint = near(inside, ["ignore"])
                    raise Error(
                        f"{key}.{glob!r}: unknown key {inside!r}{hint.en}", zh=f"{key}.{glob!r}：未知的键 {inside!r}{hint.zh}"
                    )
                if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
                    raise _must(f"{key}.{glob!r}.ignore", "be a list of rules", "为规则列表", names)


def check_fields(where: str, given: Mapping[str, str]) -> None:
    """Refuse a key that is no standard one.

    Raises:
        Error: with the closest standard key.
    """
    from sftlint.formats import STANDARD

    for standard in given:
        if standard not in STANDARD:
            hint = near(standard, STANDARD)
            raise Error(f"{where}: {standard!r} is no standard key{hint.en}", zh=f"{where}：{standard!r} 不是标准键{hint.zh}")


def rule_options(name: str, table: Mapping[str, Any], known: Mapping[str, Option], root: str = ".") -> dict[str, Any]:
    """The options in a rule's *table*, checked against the *known* ones: by type, and numbers by their bounds.

    In a list, "@FILE" (relative to *root*) stands for the lines of that file, without blank ones and those that begin with #.
    """
    given = {}
    for key, value in table.items():
        if key in RESERVED:
            if key == "severity" and value not in ("error", "warning", "info"):
                raise _must(f"rule.{name}.severity", "be error, warning or info", "为 error、warning 或 info", value)
            if key == "budget" and not (type(value) is int and value >= 0) and not _SHARE.fullmatch(str(value)):
                share = 'be a number of records or a share such as "0.5%"'
                raise _must(f"rule.{name}.budget", share, '为记录数，或 "0.5%" 这样的比例', value)
            continue
        option = key.replace("-", "_")
        if option not in known:
            hint = near(key, [*known, *RESERVED])
            raise Error(f"rule.{name}: unknown option {key!r}{hint.en}", zh=f"rule.{name}：未知的选项 {key!r}{hint.zh}")
        given[option] = _option(f"rule.{name}.{key}", value, known[option].type)
        bounds = known[option].bounds
        if bounds and not bounds[0] <= given[option] <= bounds[1]:
            raise _must(f"rule.{name}.{key}", "be from {} to {}".format(*bounds), "在 {} 到 {} 之间".format(*bounds), value)
        if isinstance(given[option], tuple):
            given[option] = tuple(line for item in given[option] for line in _lines(f"rule.{name}.{key}", item, root))
    return given


def _lines(where: str, item: str, root: str) -> list[str]:
    if not item.startswith("@") or len(item) < 2:
        return [item]
    try:
        lines = Path(root, item[1:]).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise Error(
            f"{where}: {item[1:]}: cannot be read ({problem}); give a file in UTF-8 with an item on each line",
            zh=f"{where}：{item[1:]} 无法读取（{problem}）；请给出每行一项的 UTF-8 文件",
        ) from None
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _option(where: str, value: Any, kind: Any) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if kind == tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise _must(where, "be a list of strings", "为字符串列表", value)
    if type(value) is not kind:
        raise _must(where, *_NAMES.get(kind, Phrase(f"be {kind}", f"为 {kind}")), value)
    return value


_SHARE = re.compile(r"\d+(?:\.\d+)? ?%")
_NAMES = {
    str: Phrase("be a string", "为字符串"), int: Phrase("be a whole number", "为整数"), float: Phrase("be a number", "为数字"),
    bool: Phrase("be true or false", "为 true 或 false"),
}  # fmt: skip
