"""What a report may say of a record without quoting it: the rules' own words and numbers, and standard keys."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Collection
from functools import cache
from types import ModuleType
from typing import Any

from sftlint import formats
from sftlint.phrase import Phrase
from sftlint.rule import Rule

HIDDEN = "…"
_INNER = frozenset({
    "arguments", "content", "from", "function", "id", "image_url", "name", "reasoning_content", "role", "text", "thinking",
    "tool_call_id", "tool_calls", "type", "value", "weight",
})  # fmt: skip


def data(held: dict[str, Any], rule: Rule) -> dict[str, Any]:
    """The data of a finding of *rule* with a mark in place of what may stand in a record."""
    return {"key": HIDDEN} | {name: value if _own(value, rule) else HIDDEN for name, value in held.items()}


def _own(value: Any, rule: Rule) -> bool:
    """Whether *value* is a number, or words that stand in the code as they are: others may quote a record."""
    if isinstance(value, Phrase):
        return value.en != value.zh and {*value} <= _constants(rule.__class__.__module__)
    return not isinstance(value, str)


def pointer(path: str, own: Collection[str]) -> str:
    """*path* with its standard steps and those in *own*; other keys are the data's."""
    known = _INNER.union(formats.META, formats.STANDARD, own)
    return "/".join(step if step in known or step.isdecimal() or not step else HIDDEN for step in path.split("/"))


@cache
def _constants(name: str) -> frozenset[str]:
    """The string constants of a rule's module, and of the modules of sftlint that it takes something from."""
    module = sys.modules[name]
    others = {str(getattr(value, "__module__", "")) for value in vars(module).values()}
    names = sorted(other for other in others if other.startswith("sftlint.") and other in sys.modules)
    return frozenset(text for held in (module, *(sys.modules[other] for other in names)) for text in _strings(held))


def _strings(module: ModuleType) -> set[str]:
    try:
        tree = ast.parse(inspect.getsource(module))
    except OSError:  # without its source nothing is known
        return set()
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
