"""Which findings on a record make others superfluous."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from sftlint import settle
from sftlint.batch import Place
from sftlint.config import Config
from sftlint.rule import Finding, Fix, chat, drop, replace
from sftlint.run import Counts
from sftlint.settle import heard, massed
from sftlint.testing import fixed_bytes, to_bytes, words

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


def test_findings_on_a_large_part_of_a_file_become_one_whose_fix_drops_the_same_records() -> None:
    rule: Any = SimpleNamespace(fold_share=0.2, of_blank_lines=False)
    found = [Finding("weak", Place(id), {"n": id}, fix=Fix.of(drop(id), safe=True), related=(1,)) for id in (70, 3, 40, 5)]
    with mock.patch.object(settle, "MASS", 3):
        (one,) = massed(found, rule, [Counts(records=19)])
        assert one.place is None and one.file == 0 and one.hits == (3, 5, 40, 70)
        assert one.fix and list(one.fix.edits) == [drop(id) for id in (3, 5, 40, 70)] and one.fix.safe
        assert one.data == {"n": 3} and one.related == (1,), "it says what the first one says"
        assert list(massed(found, rule, [Counts(records=20)])) == found, "no more than a fifth of the file"
        mended = [one._replace(fix=Fix.of(replace(Place(7, "/a"), "b"), safe=True)) for one in found]
        assert list(massed(mended, rule, [Counts(records=19)])) == mended, "of other fixes each must stay"
    assert list(massed(found, rule, [Counts(records=19)])) == found, "not enough for that"


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(2, 60), st.booleans())
def test_what_is_a_share_of_a_file_is_so_for_every_way_to_fold(sound: int, broken: int, blank: int, hit: int, ours: bool) -> None:
    """Blank lines count for the rules that speak of them; broken records always do."""
    rule: Any = SimpleNamespace(fold_share=0.2, of_blank_lines=ours, folds=True, yields_to=())
    counts = [Counts(records=sound, rejected=broken, blank=blank)]
    found = [Finding("rule", Place(id), {}, fix=Fix.of(drop(id), safe=True)) for id in range(hit)]
    whole = hit > 0.2 * (sound + broken + blank * ours)
    with mock.patch.multiple(settle, MASS=1, LEAST=2):
        assert len(list(massed(found, rule, counts))) == (1 if whole else hit)
        assert len(settle.settle(found, {"rule": rule}, counts)) == (1 if whole else hit)


def test_the_share_that_is_told_is_the_one_that_decides() -> None:
    data = (
        to_bytes([chat("几点开门？", "早上\x08九点开门。")] * 20 + [chat(f"几点关门{n}？", "晚上六点关门。") for n in range(70)])
        + b"\n" * 60
    )
    (one,) = words(data, Config(select=("control-character",), packs=False))
    assert one.message.startswith("20 records (22% of the file) have this: ")


def test_a_record_that_fills_a_file_is_one_finding_and_mended_as_one() -> None:
    data = to_bytes([chat("几点开门？", "早上九点开门。")] * 30 + [chat("几点关门？", "晚上六点关门。")])
    with mock.patch.object(settle, "MASS", 20):
        (one,) = words(data, Config(select=("exact-duplicate",), packs=False))
        assert one.message.startswith("29 records (94% of the file) have this: the same record as row 1 ")
        assert one.message.endswith(", 30 in all")
        fixed = fixed_bytes(data, Config(select=("exact-duplicate",), packs=False), "train.jsonl")
    assert fixed.splitlines() == [data.splitlines()[0], data.splitlines()[-1]]
