"""The rules of a run with what they need, in this process and in workers."""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from fnmatch import fnmatch
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from sftlint import preset, registry
from sftlint.config import Config, rule_options
from sftlint.errors import Error
from sftlint.pattern import Scanners
from sftlint.reader import Reader, Records
from sftlint.reading.files import is_url
from sftlint.rule import Rule, options
from sftlint.source import File


class Setup:
    """The rules of a run with what they need. It travels to workers as configuration and learned things alone."""

    def __init__(self, config: Config, learned: Mapping[type, Any] | None = None, *, evaluated: bool = True) -> None:
        """*evaluated* says whether there are evaluation data."""
        self.config, self.learned, self.evaluated = config, dict(learned or {}), evaluated
        self._ignored: dict[int, frozenset[str]] = {}

    def __reduce__(self) -> Any:
        # Packs first: what was learned may be of a class that a pack defines.
        return _setup, (pickle.dumps(self.config), pickle.dumps(self.learned), self.evaluated)

    def taught(self, learned: Mapping[type, Any], *, evaluated: bool = True) -> Setup:
        """The same with what was *learned*."""
        setup = Setup(self.config, learned, evaluated=evaluated)
        setup.available, setup.rules, setup.scanners = self.available, self.rules, self.scanners
        return setup

    @cached_property
    def available(self) -> dict[str, type[Rule]]:
        return registry.packs(self.config.folders, self.config.packs)

    @cached_property
    def rules(self) -> list[Rule]:
        """The selected rules, with their options."""
        config = self.config
        chosen = registry.select(self.available, config.select, config.ignore, config.scope)
        try:
            for name in config.rule:
                if name not in self.available:
                    list(registry.select(self.available, [name], ()))  # says what is near
            return [self._make(rule) for rule in chosen]
        except Error as problem:
            if not config.source:
                raise
            raise problem.at(Path(config.source).name) from None

    def _make(self, rule: type[Rule]) -> Rule:
        known = {option.name: option for option in options(rule)}
        settings = {name: getattr(self.config, name) for name in ("schema", "preset", "max_tokens", "tokenizer")}
        settings["max_tokens"] = settings["max_tokens"] or preset.load(self.config.preset).max_tokens
        shared = {name: value for name, value in settings.items() if name in known and value}
        return rule(**shared | rule_options(rule.name, self.config.rule.get(rule.name, {}), known, self.config.root))

    def idle(self, rule: Rule) -> bool:
        """Whether *rule* compares with evaluation data that are not there."""
        return rule.needs_evaluation and not self.evaluated

    @cached_property
    def by_name(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self.rules}

    @cached_property
    def scanners(self) -> Scanners:
        return Scanners(pattern for rule in self.rules for pattern in rule.patterns())

    @cached_property
    def reader(self) -> Reader:
        return Reader(dict(self.config.renames), self.scanners, self.learned)

    def ignored(self, file: File) -> frozenset[str]:
        """The rules that the configuration's per-path ignores for *file*."""
        if file.number not in self._ignored:
            root = os.path.abspath(self.config.root)
            path = file.path if is_url(file.path) else os.path.abspath(file.path)
            name = Path(os.path.relpath(path, root)).as_posix() if path.startswith(root + os.sep) else file.name
            chosen = [
                names for glob, table in self.config.per_path.items() if fnmatch(name, glob) for names in table.get("ignore", ())
            ]
            self._ignored[file.number] = (
                frozenset(rule.name for rule in registry.select(self.available, chosen, ())) if chosen else frozenset()
            )
        return self._ignored[file.number]

    def severity(self, rule: Rule) -> str:
        """The ceiling of the rule's severity, by the configuration or by itself."""
        return str(self.config.rule.get(rule.name, {}).get("severity", rule.severity))


@lru_cache(4)
def _setup(configuration: bytes, learned: bytes, evaluated: bool) -> Setup:
    """The same Setup again for each call of `map` in a worker, since to make one takes a while."""
    config: Config = pickle.loads(configuration)  # noqa: S301 - pickled by the parent process
    registry.packs(config.folders, config.packs)
    return Setup(config, pickle.loads(learned), evaluated=evaluated)  # noqa: S301


def call(shared: tuple[Setup, list[File], str, str], item: Any) -> Any:
    """The task behind `Run.map`: a method of a rule, by name, since rules are made anew in each worker."""
    setup, files, rule, method = shared
    records = Records(files, setup.reader)
    return getattr(setup.by_name[rule], method)(records, item)
