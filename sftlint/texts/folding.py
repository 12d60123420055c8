"""Texts without what is no difference to a reader: width, case, spaces, the last mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def fold(text: str) -> str:
    """*text* without what width, case, spaces and the last punctuation mark make of it."""
    if text.isascii():
        folded = " ".join(text.lower().split())
    else:
        for wide in set(_ANY_WIDE.findall(text)):  # a few different ones: quicker than to translate each character
            text = text.replace(wide, _OWN_WIDTH.get(wide) or chr(ord(wide) - 0xFEE0))
        folded = _closed(text.lower().split())
    before = folded[-2:-1]
    return folded[:-1] if folded[-1:] in _FINAL and not before.isdecimal() and before not in _MORE else folded


def _closed(words: list[str]) -> str:
    """*words* with blanks between them, but beside no Chinese character or mark."""
    parts = words[:1]
    for before, word in pairwise(words):
        if not ("\u2e80" <= before[-1] <= "\u9fff" or "\u2e80" <= word[0] <= "\u9fff"):
            parts.append(" ")
        parts.append(word)
    return "".join(parts)


_ANY_WIDE = re.compile("[\u3000-\u3002\uff01-\uff5e]")
_OWN_WIDTH = {"\u3000": " ", "。": ".", "、": ","}
_FINAL = frozenset(".!?…")
_MORE = frozenset(")!?.")  # before the last mark: it belongs to a number or to a row of marks
_LOWER = bytes(c + 32 if 65 <= c <= 90 else c for c in range(256))
_MARKS = bytes(c for c in range(128) if not chr(c).isalnum())
#: The ASCII letter or digit that a wide form is, by the second and third byte of its UTF-8; else 0.
_NARROW = np.zeros((256, 256), np.uint8)
for _letter in filter(str.isalnum, map(chr, range(0x21, 0x7F))):
    _wide = chr(ord(_letter) + 0xFEE0).encode()
    _NARROW[_wide[1], _wide[2]] = ord(_letter)
#: For each byte whether a character that folding may change begins with it: accented, Greek and Cyrillic letters; marks.
_CHANGED = bytes(0xC2 <= code < 0xD5 or code in (0xE2, 0xE3, 0xEF) for code in range(256))


def letters(texts: Sequence[bytes]) -> list[bytes]:
    """What folding leaves alone in each text (UTF-8): small ASCII letters, digits, ideographs."""
    joined = b"\xff".join([*texts, b"\xff\xff"])
    data = np.frombuffer(bytearray(joined), np.uint8)
    marks = np.flatnonzero(np.frombuffer(joined.translate(_CHANGED), np.bool_))
    marks = marks[(data[marks] != 0xE3) | (data[marks + 1] == 0x80)]  # kana are letters
    leads, seconds, thirds = data[marks], data[marks + 1], data[marks + 2]
    long = (leads >= 0xE2) & (thirds != 0xFF)
    data[marks] = _NARROW[seconds, thirds] * (leads == 0xEF)
    data[marks[seconds != 0xFF] + 1] = 0  # a text that was cut may end in the middle of a character
    data[marks[long] + 2] = 0
    return data.tobytes().translate(_LOWER, _MARKS).split(b"\xff")[: len(texts)]
