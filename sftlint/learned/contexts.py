"""What stands before places in texts: hashes of the characters and the word there, and how far back the last marks are.

Texts are read as the code points of all of them joined, in a few numpy passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sftlint.texts.dangling import words

Hashes = NDArray[np.uint32]

ORDERS = 6  # characters before the end; three where the last one is Chinese
REACH = (0, 0, 1, 2, 3, 4, 5)  # characters that the contexts look back, at least
FIRST = 400  # characters of an answer that are counted
WINDOW = 12  # characters at the end of a text in which its last word is looked for
_HAN, _SURROGATE = re.compile("[\u3400-\u9fff]"), re.compile("[\ud800-\udfff]")
_PRIME = np.uint32(0x9E3779B1)
_ENDS, _MARKS, _AFTER_DOT = (
    np.isin(np.arange(0x10000), list(map(ord, marks))) for marks in ("。！？；…!?;\n", ',:()"，：、（）“”《》', ' \n"”\0')
)


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of *text*."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def letters_in(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each character is a Latin letter or a Chinese character."""
    low = codes | np.uint32(32)
    found: NDArray[np.bool_] = ((low >= 97) & (low <= 122)) | ((codes >= 0x3400) & (codes <= 0x9FFF))
    return found


def ends_in(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each character is the mark that ends a sentence."""
    after = np.append(codes[1:], np.uint32(0))
    found: NDArray[np.bool_] = _among(codes, _ENDS) | ((codes == ord(".")) & _among(after, _AFTER_DOT))
    return found


def _among(codes: NDArray[np.uint32], table: NDArray[np.bool_]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = table.take(codes, mode="clip")  # no mark is beyond the first plane
    return found


def depths_in(texts: list[str], codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """How many characters of its word stand before each character of *texts*, whose *codes* (n,) are given; 1 if it is not Chinese.
    Without texts all are 1."""
    sizes: list[int] = []
    for text in texts:
        sizes += map(len, _words(text)) if not text.isascii() and _HAN.search(text) else [len(text)]
    if not sizes:
        return np.ones(len(codes), np.int64)
    lengths = np.array(sizes, np.int64)
    depths = np.arange(len(codes)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    depths[(codes < 0x3400) | (codes > 0x9FFF)] = 1
    return depths


def _words(text: str) -> list[str]:
    try:
        return words(text)
    except UnicodeEncodeError:
        return words(_SURROGATE.sub("?", text))


def contexts_of(codes: NDArray[np.uint32], depths: NDArray[np.int64]) -> Iterator[Hashes]:
    """For each of REACH a hash of the characters up to each place, even and not 0; 0 where there is none.

    The second is that of the Chinese word up to there: 作 ends many sentences, in 工作, but few as the beginning of a word."""
    rolled = np.zeros(len(codes), np.uint32)
    han = codes >= 0x2E80
    made = []
    for order in range(ORDERS):
        rolled[order:] ^= codes[: len(codes) - order] + np.uint32(order + 1)
        rolled *= _PRIME
        rolled ^= rolled >> np.uint32(15)
        made.append((rolled & np.uint32(0xFFFFFFFC)) | np.uint32(2))
    word = np.choose(np.minimum(depths, 2), made[:3]) ^ np.uint32(0x5A5A5A58)
    yield made[0]
    yield word * han
    for order in range(1, ORDERS):
        yield made[order] if order < 3 else made[order] * ~han


def spans_at(
    codes: NDArray[np.uint32], ends: NDArray[np.bool_], depths: NDArray[np.int64], at: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many characters before each place *at* the last mark stands, and the last mark that ends a sentence; and whether it
    is the first character of a Chinese word (n, 3)."""
    ended = ends | (codes == 0)
    marks = (np.flatnonzero(ended | _among(codes, _MARKS)), np.flatnonzero(ended))
    return np.stack([*(at - np.append(-1, each)[np.searchsorted(each, at)] for each in marks), depths[at] == 0], axis=1)


def last_spans(text: str, enough: bool) -> NDArray[np.int64]:
    """The same (3,) for the last character of *text*; whether words are known."""
    codes = codes_of("\n" + text[-FIRST:])
    ends = ends_in(codes) & (np.arange(len(codes)) < len(codes) - 1)
    depths = np.ones(len(codes), np.int64)
    depths[-1] = depths_in([text[-WINDOW:]] if enough else [], codes_of(text[-WINDOW:]))[-1]
    found: NDArray[np.int64] = spans_at(codes, ends, depths, np.array([len(codes) - 1]))[0]
    return found


def last_contexts(text: str, enough: bool) -> Hashes:
    """The contexts (len(REACH),) of the end of *text*; whether words are known."""
    codes = codes_of(text[-WINDOW:])
    depths = depths_in([text[-WINDOW:]] if enough else [], codes)
    return np.array([column[-1] for column in contexts_of(codes, depths)], np.uint32)
