"""A scan proposes the same texts, whether it looks at them joined or, where patterns match all over, one by one."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
import pytest
from numpy.typing import NDArray

from sftlint.pattern import Pattern, Scanner


class Texts(NamedTuple):
    encoded: list[bytes]
    joined: bytes
    stops: NDArray[np.int64]

    @classmethod
    def of(cls, encoded: list[bytes]) -> Self:
        return cls(encoded, b"".join(text + b"\n" for text in encoded), np.cumsum([len(text) + 1 for text in encoded]))


PATTERNS = [
    Pattern(r"[\u0400-\u04ff]"),
    Pattern(r"[0-9]{3}"),
    Pattern(r"^(?:User|Bot):", ignore_case=True),
    Pattern(r"end$"),
    Pattern(r"\\n(?:[^a-z]|$)"),
    Pattern(r"(?:ab ?){2,9}c|x.{0,20}y"),  # counted, and any number of times when scanned
    Pattern(r"\{1,9\}|[{0,9}]z"),  # braces that count nothing
]
TEXTS = [
    "",
    "привет",
    "user: да\nbot: нет",
    "12",
    "1234",
    "the end",
    "the end.",
    "it\\n",
    "it\\nx",
    "",
    "ends\nend",
    "\n",
    "Bot: 007 end",
    "abab ab c",
    "ab c",
    "x in between y",
    "x" + 21 * "-" + "y",
    "{1,9}",
    "9z }z",
]


@pytest.mark.parametrize("repeated", [1, 3, 400])
def test_one_by_one_is_as_joined(repeated: int) -> None:
    texts = [text * repeated for text in TEXTS]
    scanner = Scanner(PATTERNS)
    proposed = scanner.scan(Texts.of([text.encode() for text in texts]))
    for pattern in PATTERNS:
        held = [i for i, text in enumerate(texts) if pattern.regex.search(text)]
        assert set(held) <= set(proposed.get(pattern, ()))
        assert [i for i in proposed.get(pattern, ()) if pattern.regex.search(texts[i])] == held


def test_one_text_after_the_other_is_scanned_where_matches_are_many() -> None:
    encoded = [("привет " * 300).encode(), b"the end", "да".encode() * 900]
    scanner = Scanner(PATTERNS)
    assert scanner.scan(Texts.of(encoded)) == {PATTERNS[0]: [0, 2], PATTERNS[3]: [1]}
    assert scanner.scan(Texts.of(encoded[:1] * 4)) == {PATTERNS[0]: [0, 1, 2, 3]}
