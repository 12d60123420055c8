"""Prompts as sets of token n-grams, in a few numpy passes over all of them at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sftlint.record import SYSTEM, Record

WIDTH = 5  # tokens of a gram; with the marks of beginning and end, which are tokens too
HEAD, TAIL = 160, 80  # characters of a prompt that are looked at; twice as many where it is ASCII
SHORT = 80  # characters of a prompt whose numbers are all alike: in longer ones they are content
LOT = 250  # texts that are looked at together, few enough for the cache
GAP = "\x00"

_BEGIN, _END = "\x02", "\x03"
_BLANK, _LETTER, _DIGIT, _SINGLE = range(4)


def window(record: Record) -> str:
    """What stands at the beginning and at the end of the prompt: of the system's text and the last question.

    Instructions stand there. What lies between is content; it is replaced by a GAP.
    """
    layout, texts = record.layout, record.texts
    if layout.common:
        text = texts[-2]
    else:
        text = "\n".join([texts[i] for i in layout.question])
        if layout.roles and layout.roles[0] == SYSTEM and layout.turns and layout.turns[0] == 0:
            text = f"{texts[0][:HEAD]}\n{text}"
    if len(text) <= HEAD + TAIL:
        return text
    wide = 1 if not text.isascii() else 2
    if len(text) <= (HEAD + TAIL) * wide:
        return text
    return f"{text[: HEAD * wide]}{GAP}{text[-TAIL * wide :]}"


def _classes() -> NDArray[np.uint8]:
    """For each code point of the first plane: blank, letter of a word, digit, or a token of its own."""
    table = np.full(0x10000, _SINGLE, np.uint8)
    table[:0x250] = [_class(chr(code)) for code in range(0x250)]
    for start, stop in ((0x370, 0x600), (0x620, 0x700), (0x900, 0xE00), (0x1E00, 0x2000), (0xAC00, 0xD7A4)):
        table[start:stop] = _LETTER  # Greek, Cyrillic, Arabic, Indic scripts, Latin with marks, Hangul
    table[[0x3000, 0x2028, 0x2029, *range(0x2000, 0x2010)]] = _BLANK
    return table


def _class(character: str) -> int:
    if character.isspace():
        return _BLANK
    return _LETTER if character.isalpha() else _DIGIT if character.isdigit() else _SINGLE


def _mixed(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A hash of each code point."""
    values = (codes.astype(np.uint64) + np.uint64(1)) * _ODD
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(32))
    return mixed


def _values() -> NDArray[np.uint64]:
    """The same for each of the first plane; equal for letters that differ in case or width."""
    lower = np.arange(0x10000, dtype=np.uint32)
    lower[65:91] += 32
    lower[0xFF01:0xFF5F] -= 0xFEE0
    lower[0xFF21:0xFF3B] += 32
    return _mixed(lower)


_ODD = np.uint64(0x9E3779B97F4A7C15)
_CLASS, _VALUES = _classes(), _values()
_NUMBER = np.uint64(0xC2B2AE3D27D4EB4F)
_POWERS = np.array([pow(0xD6E8FEB86659FD93, k, 1 << 64) for k in range(64)], np.uint64)


class Grams(NamedTuple):
    """Grams of texts, in order: `owner` (int64) numbers the text, `hash` (uint64) is the gram's.
    `start` and `stop` (int64) count characters of the joined texts, `first` those before each text. A gram is at the
    `edge` where it begins or ends its text."""

    owner: NDArray[np.int64]
    hash: NDArray[np.uint64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    first: NDArray[np.int64]
    edge: NDArray[np.bool_]

    def of(self, texts: Sequence[int]) -> Grams:
        """The grams of some of the texts (ascending), which are numbered anew."""
        chosen = np.array(texts, np.int64)
        low, high = np.searchsorted(self.owner, chosen), np.searchsorted(self.owner, chosen, "right")
        counts = high - low
        owner = np.repeat(np.arange(len(chosen)), counts)
        kept = np.arange(len(owner)) + np.repeat(low - (np.cumsum(counts) - counts), counts)
        return Grams(owner, self.hash[kept], self.start[kept], self.stop[kept], self.first[chosen], self.edge[kept])

    def moved(self, texts: int, characters: int) -> Grams:
        """The same behind so many *texts* of so many *characters*."""
        return Grams(
            self.owner + texts, self.hash, self.start + characters, self.stop + characters, self.first + characters, self.edge
        )


def grams(texts: Sequence[str]) -> Grams:
    """All grams of WIDTH tokens of each text. A token is a word, a number, or any other single character; the
    numbers of a SHORT text are alike."""
    if len(texts) <= LOT:
        return _grams(texts)
    parts, owners, characters = [], 0, 0
    for start in range(0, len(texts), LOT):
        lot = texts[start : start + LOT]
        parts.append(_grams(lot).moved(owners, characters))
        owners, characters = owners + len(lot), characters + sum(map(len, lot)) + 2 * len(lot)
    return Grams(*map(np.concatenate, zip(*parts, strict=True)))


def _grams(texts: Sequence[str]) -> Grams:
    marked = [f"{_BEGIN}{text}{_END}" for text in texts]
    codes = np.frombuffer("".join(marked).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, marked), np.int64, len(marked))
    first = np.cumsum(lengths) - lengths
    plane = np.minimum(codes, np.uint32(0xFFFF))
    kind = _CLASS.take(plane)
    begins = kind != _BLANK
    joined = (kind[1:] == kind[:-1]) & ((kind[1:] == _LETTER) | (kind[1:] == _DIGIT))
    begins[1:] &= ~joined
    starts = np.flatnonzero(begins)
    empty = np.empty(0, np.int64)
    if len(starts) < WIDTH:
        return Grams(empty, np.empty(0, np.uint64), empty, empty, first, np.empty(0, bool))
    # A token's hash is the sum of its characters, each times a power of an odd number for its place in the token.
    values = _VALUES.take(plane)
    beyond = np.flatnonzero(plane != codes)
    values[beyond] = _mixed(codes[beyond])
    inside = np.flatnonzero(kind != _BLANK)
    heads = np.flatnonzero(begins.take(inside))
    place = np.arange(len(inside)) - np.repeat(heads, np.diff(heads, append=len(inside)))
    held = values.take(inside) * _POWERS.take(place, mode="clip")
    digits = (kind[inside] == _DIGIT) & np.repeat(lengths <= SHORT, lengths)[inside]
    held[digits] = np.where(place[digits] > 0, np.uint64(0), _NUMBER)  # 请计算44加17 and 请计算8加120 are one instruction
    tokens = np.add.reduceat(held, heads)
    stops = np.append(starts[1:], len(codes))
    owner = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(starts, np.append(first, len(codes)))))
    count = len(tokens) - WIDTH + 1
    hashes = tokens[:count] * _POWERS[1]
    for step in range(1, WIDTH):
        hashes = hashes + tokens[step : step + count] * _POWERS[step + 1]
    hashes ^= hashes >> np.uint64(31)
    hashes *= _ODD
    gaps = np.cumsum(codes[starts] == 0)
    whole = (owner[:count] == owner[WIDTH - 1 :]) & (gaps[:count] == gaps[WIDTH - 1 :])
    whole &= codes[starts[:count]] != 0
    kept = np.flatnonzero(whole)
    edge = (codes[starts[kept]] == ord(_BEGIN)) | (codes[starts[kept + WIDTH - 1]] == ord(_END))
    return Grams(owner[kept], hashes[kept], starts[kept], stops[kept + WIDTH - 1], first, edge)


def constants(texts: Sequence[str], found: Grams, core: NDArray[np.uint64]) -> list[str]:
    """Each text, with the grams *found*, with a GAP for each character that no gram of *core* (sorted) covers."""
    at = np.minimum(np.searchsorted(core, found.hash), max(len(core) - 1, 0))
    known = core[at] == found.hash
    begun = found.first[found.owner] + 1  # the mark of the beginning stands before each text
    spans: list[list[tuple[int, int]]] = [[] for _ in texts]
    for owner, *span in zip(
        *(part[known].tolist() for part in (found.owner, found.start - begun, found.stop - begun)), strict=True
    ):
        spans[owner].append((max(span[0], 0), span[1]))
    return [_kept(text, held) for text, held in zip(texts, spans, strict=True)]


def _kept(text: str, spans: list[tuple[int, int]]) -> str:
    """What of *text* stands in one of *spans*, which begin in ascending order, and a GAP for every other character."""
    made, done = [], 0
    for start, stop in spans:
        made.append(GAP * (start - done))
        made.append(text[max(start, done) : stop])
        done = max(done, stop)
    return "".join(made)[: len(text)] + GAP * (len(text) - done)


def outline(texts: Sequence[str], found: Grams, core: NDArray[np.uint64]) -> str:
    """The first of *texts*, which have the grams *found*, with an ellipsis for what no gram of *core* covers: a template as people
    read it. Numbers stay if the others have them."""
    kept, *rest = constants(texts, found, core)
    for other in rest if _NUMBERS.search(kept) else ():
        theirs = _NUMBERS.findall(other)
        mine = _NUMBERS.split(kept)
        for at, number in enumerate(_NUMBERS.findall(kept)):
            mine[at] += number if theirs[at : at + 1] == [number] else GAP
        kept = "".join(mine)
    return re.sub(f"{GAP}[{GAP} ]*", "…", " ".join(kept.split())).strip()


_NUMBERS = re.compile(r"\d+")
