"""What a text says again and again: loops of a model that did not stop, and sentences that come back."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_LONGEST = 200_000  # characters of a text that are looked at
SHORTEST, PERIODS = 12, 80  # tokens
DIGITS, ROW, SUMS = 30, 12, 8  # copies of a number with its mark, behind a word, in a sum, at the end of a text of words
STAMMER = 12  # copies of a Chinese character with its mark, at the end of a text of words; twice as many of a cry
MARKS = 20  # copies of a mark or a line end, at the end
COUNTED = 7  # copies of a phrase with a number that goes up
TWICE = 60  # bytes of an answer that is there twice: twenty Chinese characters, ten words of English
_ENDS = " \n.。!！…,，、;；"
_NUMERALS = "零一二三四五六七八九十"
_CRIES = "哈呵嘿嘻啊呜哇喵汪嗷喔哦噢咯呀嗡隆滴嗒咚轰咕噜唔哎唉哼嗯哗沙啦zZwWhHaAoOeEmMrR"
_CLOSE = ".。!！?？;；,，"
_STOPS = "。!！?？;；,，、"
_TOKEN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3]|[^\W\d_\u2e80-\u9fff\uac00-\ud7a3]+|\d+|[^\w\s]")
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"[^\n。！？!?]+?(?:[。！？!?]+|\.(?=\s|$)|\n|$)")


class Repeated(NamedTuple):
    """A *unit* that stands in a text *times* times, from `start` to `stop`; the first copy ends at `behind`."""

    start: int
    behind: int
    stop: int
    unit: str
    times: int

    @property
    def tokens(self) -> int:
        """Words, Chinese characters, numbers and marks of the unit."""
        return len(_TOKEN.findall(self.unit))

    def ends(self, text: str) -> bool:
        """Whether *text* ends with the last copy, but for marks."""
        return not text[self.stop :].strip(_ENDS)

    def moved(self, by: int) -> Repeated:
        """The same in a text that has *by* more characters before."""
        return self._replace(start=self.start + by, behind=self.behind + by, stop=self.stop + by)


def evenly(code: bytes, probe: bytes) -> bool:
    """Whether *probe* stands three times in *code* at about the same distance, as a loop has it."""
    places = [code.find(probe)]
    while len(places) < 200 and (place := code.find(probe, places[-1] + 1)) >= 0:
        places.append(place)
    gaps = [later - earlier for earlier, later in pairwise(places)]
    return any(abs(later - earlier) <= 3 for earlier, later in pairwise(gaps))


def repeated(text: str, even: bool) -> Repeated | None:
    """What *text* says again. Of a text longer than _LONGEST only the end and the middle are looked at: tokens take much memory."""
    if len(text) <= _LONGEST:
        words = _TOKEN.findall(text) if even else []
        exact = _loop(text, words) if even else None
        return exact or _character(text) or _again(text) or (_loop(text, words, counted=True) if even else None) or twice(text)
    for cut in (len(text) - _LONGEST, (len(text) - _LONGEST) // 2) if even else ():
        if found := _loop(text[cut : cut + _LONGEST], _TOKEN.findall(text[cut : cut + _LONGEST])):
            wide = _widened(text, found, cut)
            if wide.ends(text) or wide.stop - wide.start >= 0.3 * len(text):
                return wide
    found = _again(text[-_LONGEST:])
    return found.moved(len(text) - _LONGEST) if found else None


def _widened(text: str, found: Repeated, cut: int) -> Repeated:
    """A loop found behind *cut*, with all its copies to both sides."""
    start, behind, stop, unit, times = found.moved(cut)
    step = text.find(unit, start + len(unit)) - start
    if step <= 0:
        return Repeated(start, behind, stop, unit, times)
    copies = max(_LONGEST // step, 1)
    block = text[start : start + step] * copies
    for many in (copies, 1):
        while start >= many * step and text.startswith(block[: many * step], start - many * step):
            start -= many * step
    while start and text[start - 1] == text[start - 1 + step]:
        start -= 1  # the first copy, whose beginning stood before the cut
    block = text[stop - step : stop] * copies
    for many in (copies, 1):
        while text.startswith(block[: many * step], stop):
            stop += many * step
    while start < stop and text[start] in _CLOSE + " \n":
        start += 1  # the mark ends the sentence before
    unit = text[start : start + step].rstrip()
    return Repeated(start, start + len(unit), stop, unit, (stop - start + step - len(unit)) // step)


def _loop(text: str, words: list[str], *, counted: bool = False) -> Repeated | None:
    """The longest run in which tokens, the *words* of *text*, equal those one period before.

    counted: whatever the numbers, of which one then counts the copies.
    """
    if len(words) < SHORTEST:
        return None
    codes = _codes(words, counted)
    best = _run(codes)
    if best is None:
        return None
    first, length, period = best
    once = words[first : first + period]
    times = length // period + 1
    few = len(_LETTER.findall("".join(once))) < (1 if period > 2 else 2)
    number = period <= 3 and times >= DIGITS and any(map(str.isdecimal, once))
    if few and not number and not _stammers(once, times):
        return None
    if counted and not _counts(words[first : first + period + length], period):
        return None
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    if text[tokens[first][0]] in _CLOSE and period > 3:
        first, length = first + 1, length - 1  # the mark ends the sentence before
    start, behind, stop = tokens[first][0], tokens[first + period - 1][1], tokens[first + period + length - 1][1]
    unit = text[start:behind]
    if len(text) - stop < len(unit):  # the last copy was cut
        stop = len(text.rstrip())
    elif stop - start < 0.3 * len(text) and text[stop:].strip(_ENDS):
        return None
    if few or number:
        listed = period == 1 and not number and not text[:start].rstrip()[-1:].isalpha()
        if listed or not _stuck(text, start, stop):
            return None
    elif len(set(unit)) < 2 or (period < 3 and stop - start < 30):
        return None
    # The mark behind the first copy belongs to it.
    while behind < stop and text[behind] in _CLOSE and period > 3:
        behind += 1
    return Repeated(start, behind, stop, unit, times)


def _run(codes: NDArray[np.int32]) -> tuple[int, int, int] | None:
    """Start, length and period of the longest run of *codes* that equal those one period before."""
    best: tuple[int, int, int] | None = None
    for period in range(1, min(PERIODS, len(codes) // 3) + 1):
        if best and best[1] >= len(codes) - period:
            break  # no run can be longer
        same = codes[period:] == codes[:-period]
        equal = np.count_nonzero(same)
        least = max((_times(period) - 1) * period, SHORTEST - period, best[1] + 1 if best else 1)
        if equal < least or not _has_run(same, least):
            continue  # nearly always
        start, length = _longest(same)
        times = length // period + 1
        if times >= _times(period) and length + period >= SHORTEST and (best is None or length > best[1]):
            best = start, length, period
    return best


def _stammers(once: list[str], times: int) -> bool:
    """Whether what hardly holds a letter is a Chinese character with its mark, a sum, or a number, so often that it is no list."""
    if "=" in once:
        return times >= SUMS and any(map(str.isdecimal, once))
    if len(once) == 1:
        return once[0].isdecimal() and times >= ROW
    spoken = "".join(_IDEOGRAPH.findall("".join(once)))
    return len(once) == 2 and times >= (2 * STAMMER if spoken in _CRIES else STAMMER) and spoken != ""


def _stuck(text: str, start: int, stop: int) -> bool:
    """Whether what stands there again and again ends a text of words, and is no list."""
    return not text[stop:].strip(_ENDS) and len(_LETTER.findall(text[:start])) >= 8


def _has_run(same: NDArray[np.bool_], length: int) -> bool:
    """Whether a run of True may be *length* long: it then fills a whole block of half that length."""
    half = (length + 1) // 2
    blocks = len(same) // half
    return bool(same[: blocks * half].reshape(blocks, half).all(axis=1).any())


def _longest(same: NDArray[np.bool_]) -> tuple[int, int]:
    """Start and length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    longest = int(lengths.argmax())
    return int(edges[2 * longest]), int(lengths[longest])


def _times(period: int) -> int:
    return 8 if period == 1 else 5 if period <= 3 else 4 if period <= 6 else 3


def _codes(words: list[str], counted: bool) -> NDArray[np.int32]:
    """A number for each different word; if *counted*, one for all numerals."""
    names = {word: number for number, word in enumerate(dict.fromkeys(words))}
    if counted:
        names |= dict.fromkeys(filter(_numeral, names), -1)
    return np.fromiter(map(names.__getitem__, words), np.int32, len(words))


def _numeral(word: str) -> bool:
    return word.isdecimal() or word in _NUMERALS


def _counts(words: list[str], period: int) -> bool:
    """Whether some numbers of the repeated *words* go up by as much from copy to copy, and the others stay."""
    copies = len(words) // period
    if copies < COUNTED or len(_LETTER.findall("".join(words[:period]))) < 8:
        return False
    steps: set[int] = set()
    for at in range(period):
        if _numeral(words[at]):
            column = words[at : copies * period : period]
            values = [_NUMERALS.index(word) if word in _NUMERALS else int(word[:9]) for word in column]
            differences = {later - earlier for earlier, later in pairwise(values)}
            if len(differences) > 1:
                return False
            steps |= differences
    return len(steps - {0}) == 1


def _character(text: str) -> Repeated | None:
    """One letter, mark or line end again and again up to the end. Cries are longer."""
    closed = text.rstrip("\n")
    for bare in (closed.rstrip(_ENDS), closed, text):
        if not bare or not ((last := bare[-1]).isalnum() or last in _STOPS or last == "\n"):
            continue
        start = len(bare.rstrip(last))
        times = len(bare) - start
        if not last.isalnum():
            least = MARKS
        elif last in _CRIES or last.isdigit():
            least = 80 if last.isascii() else 40
        else:
            least = 40 if last.isascii() else 18
        if times >= least:
            return Repeated(start, start + 1, len(bare), last, times)
    return None


def twice(text: str) -> Repeated | None:
    """A whole answer that stands there twice."""
    half = len(text := text.rstrip()) // 2
    first, second = text[:half].strip(), text[half:].strip()
    if len(first.encode("utf-8", "replace")) < TWICE or first != second:
        return None
    return Repeated(len(text) - len(second), len(text[:half].rstrip()), len(text), first, 2)


def _again(text: str) -> Repeated | None:
    """A sentence that makes up a third of the text in three copies or more."""
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    counts = Counter(text[a:b].strip() for a, b in sentences)
    for sentence, times in counts.most_common(1):
        if times >= 3 and len(_LETTER.findall(sentence)) >= 3 and len(_TOKEN.findall(sentence)) >= 6:
            copies = [(a, b) for a, b in sentences if text[a:b].strip() == sentence]
            if len(sentence) * times >= 0.3 * len(text):
                a, b = copies[1]
                return Repeated(a, b, b, sentence, times)
    often = [(len(sentence) * times, sentence, times) for sentence, times in counts.items() if times >= 3 and len(sentence) >= 12]
    if sum(size for size, _, _ in often) >= 0.7 * len(text):  # paragraphs
        _, sentence, times = max(often)
        a, b = [(a, b) for a, b in sentences if text[a:b].strip() == sentence][1]
        return Repeated(a, b, b, sentence, times)
    return None
