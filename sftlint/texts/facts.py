"""Small facts about a text that several rules ask for."""

from __future__ import annotations

import re
import unicodedata

#: Every character that leaves no mark: blanks, controls, joiners, fillers, variation selectors, tags.
INVISIBLE = "".join(
    character
    for character in map(
        chr,
        [
            *range(0x3000),
            0x3000,
            0x3164,
            *range(0xFE00, 0xFE10),
            0xFEFF,
            0xFFA0,
            *range(0xE0000, 0xE0080),
            *range(0xE0100, 0xE01F0),
        ],
    )
    if character.isspace()
    or unicodedata.category(character) in ("Cc", "Cf")
    or character in "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    or "\ufe00" <= character <= "\ufe0f"
    or character >= "\U000e0000"
)

#: What hardly stands in prose: a fence, a statement's end, a line that begins as programs do.
PROGRAM = re.compile(r"```|[;{}]\s*$|^\s*(?:def|class|import|from|SELECT|#include|<\w+)\b", re.M)
#: A word: an ideograph or kana, a run of letters of any other script, a number.
WORD = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]|\d+|[^\W\d_\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_ASCII_WORD = re.compile(r"[a-z]+|[0-9]+")  # the same, and quicker


def cells(text: str) -> int:
    """How many cells of a terminal *text* takes, ideographs being two wide."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def pad(text: str, width: int) -> str:
    """*text* filled with blanks to *width* cells."""
    return text + " " * (width - cells(text))


def words(text: str) -> list[str]:
    """The words of *text*, small; marks and spaces are none."""
    return (_ASCII_WORD if text.isascii() else WORD).findall(text.lower())


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard similarity of two sets of words."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if one or other else 1.0
