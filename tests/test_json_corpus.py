"""JSON that must, must not and may be accepted, each as a line among sound ones and as a whole file."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.helpers import codes, command, files_of, line
from tests.json_corpus import BAD, EITHER, GOOD

SOUND = line("你好", "您好") + b"\n"
EVERY = {**GOOD, **BAD, **EITHER}


def refused(cases: dict[str, bytes]) -> dict[str, str]:
    """The cases that are refused as JSON, each with the rule that does, when each stands on a line between sound ones."""
    names = [name for name in cases if b"\n" not in cases[name]]
    data = b"".join(SOUND + cases[name] + b"\n" for name in names) + line("last", "") + b"\n"
    found = codes(data, select=("invalid-json", "invalid-encoding", "empty-target"))
    assert found.pop() == ("empty-target", 2 * len(names) + 1), "the line behind them all is read"
    assert all(row and row % 2 == 0 for _, row in found), "no sound line is refused"
    assert len(found) == len({row for _, row in found}), "no line is refused twice"
    return {names[row // 2 - 1]: code for code, row in found if row}


def test_good_json_is_never_refused() -> None:
    assert refused(GOOD) == {}


def test_bad_json_is_refused_once_and_what_follows_is_read() -> None:
    expected = {
        name: "invalid-encoding" if name.startswith("encoding") else "invalid-json" for name in BAD if b"\n" not in BAD[name]
    }
    assert refused(BAD) == expected


def test_what_may_be_either_is_no_trouble() -> None:
    assert set(refused(EITHER).values()) <= {"invalid-json"}


@pytest.mark.parametrize("suffix", ["jsonl", "json"])
def test_whole_files_have_a_finding_each(suffix: str) -> None:
    """None of these files holds a record, so that each has a finding, whatever it is."""
    with files_of({f"{name}.{suffix}": data for name, data in EVERY.items()}):
        names = [f"{name}.{suffix}" for name in EVERY]
        said = command("check", *names, "--isolated", "--select=format", "--output-format=concise", "-q")
    assert (said.code, said.err) == (1, "")
    hit = {entry.split(":")[0] for entry in said.out.splitlines()}
    assert set(names) - hit == set()


def test_the_corpus_is_large_and_its_cases_differ() -> None:
    assert len(set(chain(GOOD.values(), BAD.values(), EITHER.values()))) == len(EVERY) > 120
