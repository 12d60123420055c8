"""Rule packs to rules. The built-in pack is loaded exactly as a third party's."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import xxhash

from sftlint.errors import Error
from sftlint.phrase import Phrase
from sftlint.rule import Rule

BUILT_IN = "sftlint.rules"
GROUP = "sftlint.rules"  # the entry-point group of third-party packs


@cache
def packs(folders: tuple[str, ...] = (), installed: bool = True) -> dict[str, type[Rule]]:
    """All rules by name: the built-in pack's, then those of installed packs, then those of *folders*.

    A folder called like an installed pack stands in its place.

    Raises:
        Error: a pack cannot be imported, or two rules have one name.
    """
    modules = [importlib.import_module(BUILT_IN)]
    if installed:
        near = {Path(folder).resolve().name.replace("-", "_") for folder in folders}
        for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
            if entry.module in near:
                continue  # the folder that it was installed from, where its author is at work
            try:
                modules.append(entry.load())
            except Exception as problem:
                raise Error(
                    f"rule pack {entry.name}: {type(problem).__name__}: {problem}; reinstall it or use --no-packs",
                    zh=f"规则包 {entry.name}：{type(problem).__name__}: {problem}；请重新安装，或使用 --no-packs",
                ) from problem
    modules += [load_folder(folder) for folder in folders]
    found: dict[str, type[Rule]] = {}
    for module in modules:
        for rule in rules_of(module):
            if rule.name in found and found[rule.name] is not rule:
                one, other = found[rule.name].__module__, rule.__module__
                raise Error(
                    f"two rules are called {rule.name}: {one} and {other}; rename one",
                    zh=f"两条规则同名 {rule.name}：{one} 和 {other}；请改名",
                )
            found[rule.name] = rule
    return dict(sorted(found.items(), key=lambda pair: (pair[1].category, pair[0])))


def rules_of(pack: ModuleType) -> Iterator[type[Rule]]:
    """The rules of every module of a pack, itself included."""
    modules = [pack]
    for info in pkgutil.walk_packages(getattr(pack, "__path__", ()), pack.__name__ + "."):
        try:
            modules.append(importlib.import_module(info.name))
        except Exception as problem:
            raise Error(
                f"rule file {info.name}: {type(problem).__name__}: {problem}; mend it or use --no-packs",
                zh=f"规则文件 {info.name}：{type(problem).__name__}: {problem}；请修改，或使用 --no-packs",
            ) from problem
    for module in modules:
        for held in vars(module).values():
            if isinstance(held, type) and issubclass(held, Rule) and held.__module__ == module.__name__:
                yield held


#: Folders of rules that lie elsewhere on this machine than on the one that began the run: as that one calls them, and here.
moved: dict[str, tuple[Path, Path]] = {}


def load_folder(folder: str) -> ModuleType:
    """The folder as a package: its `.py` files, and the folders in it, are modules of it."""
    path, lies = moved.get(folder) or (Path(folder).resolve(), Path(folder).resolve())
    if not lies.is_dir():
        raise Error(
            f"rules folder {folder}: no such folder; mend `rules` in the configuration",
            zh=f"规则文件夹 {folder}：没有该文件夹；请修改配置中的 `rules`",
        )
    # A name of its own for each folder, since two may be called alike, or like a module of Python's.
    home = f"sftlint_pack_{xxhash.xxh3_64_hexdigest(str(path).encode())}"
    name = f"{home}.{path.name.replace('-', '_')}"
    if name not in sys.modules:
        parent = ModuleType(home)
        parent.__path__ = []
        sys.modules[home] = parent
        module = ModuleType(name)
        module.__path__ = [str(lies)]
        sys.modules[name] = module
        init = lies / "__init__.py"
        if init.exists():
            spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=[str(lies)])
            assert spec and spec.loader
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            try:
                spec.loader.exec_module(module)
            except Exception as problem:
                raise Error(
                    f"rules folder {folder}: {type(problem).__name__}: {problem}",
                    zh=f"规则文件夹 {folder}：{type(problem).__name__}: {problem}",
                ) from problem
    return sys.modules[name]


def select(
    rules: dict[str, type[Rule]], select: Sequence[str], ignore: Sequence[str], scope: Sequence[str] = ()
) -> list[type[Rule]]:
    """The rules that *select* names (by name, category or "all") less those that *ignore* names, of the given scopes."""
    chosen = set(_named(rules, select)) - set(_named(rules, ignore))
    return [rule for name, rule in rules.items() if name in chosen and (not scope or rule.scope in scope)]


def _named(rules: dict[str, type[Rule]], selectors: Iterable[str]) -> Iterator[str]:
    categories = {rule.category for rule in rules.values()}
    for selector in selectors:
        if selector.lower() == "all":
            yield from rules
        elif selector in rules:
            yield selector
        elif selector in categories:
            yield from (name for name, rule in rules.items() if rule.category == selector)
        else:
            near = difflib.get_close_matches(selector, [*rules, *categories, "all"], 1)
            hint = Phrase("; `sftlint rules` lists them", "；用 `sftlint rules` 查看全部规则")
            if near:
                hint = Phrase(f"; did you mean {near[0]}?", f"；是否想写 {near[0]}？")
            raise Error(f"{selector}: no such rule or category{hint.en}", zh=f"{selector}：没有该规则或类别{hint.zh}")
