"""Every rule of the built-in pack: its examples, its fixes, its words. A new rule needs no new test."""

from __future__ import annotations

import pytest

from sftlint import registry, testing
from sftlint.rule import Rule

RULES = registry.packs()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_examples_and_documentation(rule: type[Rule]) -> None:
    assert list(testing.problems(rule)) == []
