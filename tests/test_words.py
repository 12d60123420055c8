"""A list of words is found as its definition says, in linear time."""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from sftlint import Words


def test_words_of_latin_letters_are_whole_words() -> None:
    assert Words(["ass", "C++"]).find([b"class Ass asset", b"C++20 and C++"]) == [(0, 6, 9), (1, 0, 3), (1, 10, 13)]
    assert Words(["GPT"]).find(["用GPT写".encode()]) == [(0, 1, 4)]


@given(st.lists(st.text("中国人 .", min_size=1, max_size=3), max_size=5), st.lists(st.text("中国人 .x", max_size=12), max_size=4))
def test_the_first_and_longest_of_a_list(words: list[str], texts: list[str]) -> None:
    longest = sorted(set(words), key=lambda word: -len(word.encode()))
    wanted = [
        (number, *match.span())
        for number, text in enumerate(texts)
        for match in (re.finditer("|".join(map(re.escape, longest)), text) if words else ())
    ]
    assert Words(words).find([text.encode() for text in texts]) == wanted


def test_a_text_of_nothing_but_listed_words_costs_linear_time() -> None:
    words = Words(["中", "中国", "国中国"])

    def cost(size: int) -> float:
        start = time.process_time()
        assert words.find(["中国".encode() * size])
        return time.process_time() - start

    cost(10)
    assert cost(200_000) < 12 * cost(50_000) + 0.5
