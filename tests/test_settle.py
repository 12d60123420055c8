"""Which findings on a record make others superfluous."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sftlint.batch import Place
from sftlint.rule import Finding
from sftlint.settle import heard

RULES: Any = {"weak": SimpleNamespace(yields_to=("strong", "absent")), "strong": SimpleNamespace(yields_to=())}


def finding(rule: str, pointer: str | None, start: int | None = None, stop: int | None = None, key: str = "") -> Finding:
    return Finding(rule, Place(0, pointer, start, stop), {}, key=key)


def meet(one: Place, other: Place) -> bool:
    """Whether two places on one record overlap, said as simply as can be."""
    if one.pointer is None or other.pointer is None:
        return True
    if one.start is None or other.start is None or one.stop is None or other.stop is None:
        return one.pointer == other.pointer
    return one.pointer == other.pointer and one.start < other.stop and other.start < one.stop


SPANS = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted) | st.just([None, None])
FOUND = st.builds(
    lambda rule, pointer, span: finding(rule, pointer, *span if pointer else (None, None)),
    st.sampled_from(("weak", "strong")),
    st.sampled_from(("/a", "/b", "/a", "/b", None)),
    SPANS,
)


@given(st.lists(FOUND, max_size=12))
def test_the_weaker_rule_falls_silent_where_the_stronger_one_speaks(findings: list[Finding]) -> None:
    strong = [f.place for f in findings if f.rule == "strong" and f.place]
    expected = {f for f in map(_plain, findings) if f[0] == "strong" or not any(meet(Place(*f[1]), place) for place in strong)}
    kept = [_plain(f) for f in heard(findings, RULES)]
    assert set(kept) == expected and len(kept) == len(expected), "each once"


def _plain(finding: Finding) -> tuple[Any, ...]:
    assert finding.place
    return finding.rule, tuple(finding.place)


def test_thousands_of_findings_of_two_rules_on_one_record_take_no_time() -> None:
    """Held against each other one by one they would take minutes; long spans among them hide none that follow."""
    many = 40_000
    strong = [finding("strong", "/a", 0, 3), *(finding("strong", "/a", 10 * n, 10 * n + 2) for n in range(1, many))]
    weak = [finding("weak", "/a", 10 * n + 1 + 4 * (n % 2), 10 * n + 6) for n in range(many)]
    kept = heard([*weak, *strong], RULES)
    assert len(kept) == many + many // 2
    assert all(f.place and f.place.start and f.place.start % 10 == 5 for f in kept if f.rule == "weak")
