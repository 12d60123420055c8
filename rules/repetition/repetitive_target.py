"""Text that says itself again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sftlint import Bad, Batch, Finding, Fix, Good, Phrase, Record, Rule, chat, place, quote, replace


class RepetitiveTarget(Rule):
    """An answer caught in a loop.

    The model learns to repeat itself without end. A generator wrote the same sentence or phrase over and over until it was stopped.

    Reported are a phrase that follows itself at once (eight times for a word, three times for a sentence) up to the end of the
    answer or through a third of it, and a sentence that makes up a third of the answer in at least three copies.

    Not reported: code, tables, lists of numbers, lyrics and poems, repetition that was asked for, laughter and cries of a few
    characters.

    Fix safety: everything behind the first copy of a loop that runs to the end is cut. What was cut may have held more than
    copies, so the fix is unsafe.
    """

    zh = """陷入复读的回答。

    模型会学着没完没了地重复自己。多半是生成时不断重复同一句话或短语，直到被强行截断。

    报告的是：同一短语首尾相接地重复（单个词八次，句子三次），一直延续到回答结尾或占去三分之一；以及出现三次以上、合计占回答三分之一的句子。

    不报告：代码、表格、数列、歌词和诗歌，用户要求的重复，几个字的笑声和呼喊。

    修复安全性：循环一直延续到结尾时，删去第一遍之后的内容。被删的部分未必全是重复，因此属于不安全修复。
    """
    message = Phrase(en="{field} repeats {unit} {times} times", zh="{field} 把 {unit} 重复了 {times} 次")
    suggestion = Phrase(en="generate again, or drop the record", zh="重新生成，或删除该条")

    good = [
        Good(
            chat("笑一个", "哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈"),
            chat("Count.", "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1"),
        ),
        Good(chat("写一首儿歌。", "小雨小雨沙沙沙，小雨小雨沙沙沙，小雨小雨沙沙沙，花儿开了笑哈哈，花儿开了笑哈哈。")),
        Good(
            chat("Write the table.", "| name | age |\n" + "|------|-----|\n" * 3 + "| Ann | 5 |\n" * 3),
            chat("画一条线", "- " * 40),
        ),
        Good(
            chat("把“加油，明天会更好”重复五遍", "加油，明天会更好。" * 5),
            chat("Say I will not be late, 4 times", "I will not be late. " * 4),
        ),
        Good(chat("Print zeros.", "```\n" + "mov eax, ebx\n" * 8 + "```")),
    ]
    bad = [
        Bad(
            chat("怎样学好英语？", "首先要多听多读。" + "每天坚持背单词，坚持练习口语。" * 5),
            fixed=[chat("怎样学好英语？", "首先要多听多读。每天坚持背单词，坚持练习口语。")],
        ),
        Bad(
            chat("What is the moon?", "It is a moon" + " of the Earth and a moon" * 7),
            fixed=[chat("What is the moon?", "It is a moon of the Earth and")],
        ),
        Bad(
            chat("Where is my printer?", "The printer is on the left. " * 5),
            chat("第一次来，打印机在哪里？", "打印机就在左边的桌子上。" * 5),
            at=(0, 1),
            fixed=[
                chat("Where is my printer?", "The printer is on the left."),
                chat("第一次来，打印机在哪里？", "打印机就在左边的桌子上。"),
            ],
        ),
        Bad(chat("Why is it cold?", "It is very " + "very " * 14), fixed=[chat("Why is it cold?", "It is very")]),
        Bad(
            chat(
                "这本书讲了什么？",
                "这本书讲述了一个家族的故事。它的语言十分优美。这本书讲述了一个家族的故事。它发表于上世纪。这本书讲述了一个家族的故事。",
            )
        ),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        # A loop holds what stands at the end of the answer, or in its middle, three times or more.
        column = batch.answers
        long = np.flatnonzero(column.sizes >= SHORT).tolist()
        codes = column.encoded
        proposed = [
            i
            for i in long
            if (code := codes[i]).count(code[-22:-6], -NEAR) > 2
            or (len(code) >= LONG and code.count(code[(at := len(code) // 2) : at + 16], max(at - NEAR, 0), at + NEAR) > 2)
        ]
        for index in proposed:
            record, part = column.owner(index)
            text, code = record.texts[part], codes[index]
            at = len(code) // 2
            even = _evenly(code[-NEAR:], code[-22:-6]) or _evenly(code[max(at - NEAR, 0) : at + NEAR], code[at : at + 16])
            if (found := _found(text, even)) and not _meant(record, part, text, found):
                start, first, stop, unit, times = found
                whole = not text[stop:].strip(_ENDS)
                fix = Fix.of(replace(place(record, part, first, len(text)), ""), safe=False) if whole and first < stop else None
                yield self.finding(place(record, part, start, stop), fix=fix, unit=f"“{quote(unit.strip())}”", times=times)


def _evenly(code: bytes, probe: bytes) -> bool:
    """Whether *probe* stands three times in *code* at about the same distance, as a loop has it."""
    places = [code.find(probe)]
    while len(places) < 200 and (place := code.find(probe, places[-1] + 1)) >= 0:
        places.append(place)
    gaps = [later - earlier for earlier, later in pairwise(places)]
    return any(abs(later - earlier) <= 3 for earlier, later in pairwise(gaps))


def _found(text: str, even: bool) -> tuple[int, int, int, str, int] | None:
    """What *text* says again. Of a text longer than MOST only the end and the middle are looked at: tokens take much memory."""
    if len(text) <= MOST:
        return (_loop(text) if even else None) or _again(text)
    for cut in (len(text) - MOST, (len(text) - MOST) // 2) if even else ():
        if found := _loop(text[cut : cut + MOST]):
            start, behind, stop, unit, times = _widened(text, found, cut)
            if not text[stop:].strip(_ENDS) or stop - start >= 0.3 * len(text):
                return start, behind, stop, unit, times
    if found := _again(text[-MOST:]):
        cut = len(text) - MOST
        return found[0] + cut, found[1] + cut, found[2] + cut, found[3], found[4]
    return None


def _widened(text: str, found: tuple[int, int, int, str, int], cut: int) -> tuple[int, int, int, str, int]:
    """A loop found behind *cut*, with all its copies to both sides."""
    start, behind, stop, unit, times = found[0] + cut, found[1] + cut, found[2] + cut, found[3], found[4]
    step = text.find(unit, start + len(unit)) - start
    if step <= 0:
        return start, behind, stop, unit, times
    copies = max(MOST // step, 1)
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
    return start, start + len(unit), stop, unit, (stop - start + step - len(unit)) // step


def _loop(text: str) -> tuple[int, int, int, str, int] | None:
    """The longest run in which tokens equal those one period before: from, end of the first copy, to, unit, copies."""
    words = _TOKEN.findall(text)
    if len(words) < SHORTEST:
        return None
    names = {word: number for number, word in enumerate(dict.fromkeys(words))}
    codes = np.fromiter(map(names.__getitem__, words), np.int32, len(words))
    best: tuple[int, int, int] | None = None
    for period in range(1, min(PERIODS, len(codes) // 3) + 1):
        if best and best[1] >= len(codes) - period:
            break  # no run can be longer
        same = codes[period:] == codes[:-period]
        equal = np.count_nonzero(same)
        if equal < max((_times(period) - 1) * period, SHORTEST - period) or (best and equal <= best[1]):
            continue  # nearly always
        start, length = _longest(same)
        times = length // period + 1
        if times >= _times(period) and length + period >= SHORTEST and (best is None or length > best[1]):
            best = start, length, period
    if best is None:
        return None
    first, length, period = best
    if len(_LETTER.findall("".join(words[first : first + period]))) < (1 if period > 2 else 2):
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
    if len(set(unit)) < 2 or (period < 3 and stop - start < 30):
        return None
    # The mark behind the first copy belongs to it.
    while behind < stop and text[behind] in _CLOSE and period > 3:
        behind += 1
    return start, behind, stop, unit, length // period + 1


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


def _again(text: str) -> tuple[int, int, int, str, int] | None:
    """A sentence that makes up a third of the text in three copies or more."""
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    counts = Counter(text[a:b].strip() for a, b in sentences)
    for sentence, times in counts.most_common(1):
        if times >= 3 and len(_LETTER.findall(sentence)) >= 3 and len(_TOKEN.findall(sentence)) >= 6:
            copies = [(a, b) for a, b in sentences if text[a:b].strip() == sentence]
            if len(sentence) * times >= 0.3 * len(text):
                a, b = copies[1]
                return a, b, b, sentence, times
    return None


def _meant(record: Record, part: int, text: str, found: tuple[int, int, int, str, int]) -> bool:
    """Whether repetition is what was wanted, or usual in this kind of text."""
    layout = record.layout
    asked = "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < layout.turns[part])
    # Songs and games repeat a line a few times; whole sentences again and again must have been asked for.
    wanted = _ORDERED if found[4] >= MANY and len(_TOKEN.findall(found[3])) >= 6 else _WANTED
    return bool(wanted.search(asked) or _VERSE.search(text[:200])) or _code(text)


def _code(text: str) -> bool:
    """Whether most lines are of a program, a table or a score."""
    text = text[-MOST:]
    lines = [line for line in text.split("\n") if line.strip()]
    return "```" in text or 3 * sum(map(bool, map(_PROGRAM.search, lines))) >= len(lines)


SHORT, LONG, NEAR = 24, 300, 3000  # bytes
MOST = 200_000  # characters
SHORTEST, PERIODS = 12, 80  # tokens
MANY = 5  # copies of a sentence that nobody writes unasked
_ENDS = " \n.。!！…,，、;；"
_CLOSE = ".。!！?？;；,，"
_TOKEN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3]|[^\W\d_\u2e80-\u9fff\uac00-\ud7a3]+|\d+|[^\w\s]")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"[^\n。！？!?]+?(?:[。！？!?]+|\.(?=\s|$)|\n|$)")
_COUNTED = r"(?<!第)[几两二三四五六七八九十百千\d][遍次]|\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|hundred|many|several) times\b"
_WANTED = re.compile(
    rf"重复|复读|复述|[歌诗](?![手迷星人])|童谣|顺口溜|绕口令|\brap\b|说唱|口号|多次|{_COUNTED}|抄写|副歌|循环|代码|程序|函数|编写|语音|念经|咒|"
    r"\b(?:lyrics?|songs?|chorus|poems?|poetry|verses?|rhym(?:es?|ing)|haikus?|chant(?:s|ing)?|mantras?|repeat\w*|repetiti\w+|loops?|code|coding|"
    r"programs?|programming|functions?|(?:java|type)?scripts?|html|patterns?|print(?:s|ed|ing)?|again and again|over and over)\b|"
    r"generate (?:a|some) (?:long|random)",
    re.I,
)
_ORDERED = re.compile(
    r"重复|复读|复述|歌词|写.{0,8}[歌诗曲]|儿歌|童谣|绕口令|抄写|循环|念经|咒|副歌|lyrics?\b|\bsongs?\b|chorus|chant|mantra|repeat|"
    rf"{_COUNTED}|again and again|over and over|\bloops?\b|\bprints?\b|"
    r"generate (?:a|some) (?:long|random)",
    re.I,
)
_VERSE = re.compile(r"(?i)\[?(?:chorus|verse|副歌|主歌)\b")
_PROGRAM = re.compile(
    r"[;{}|]\s*$|^\s*(?:def|class|import|from|return|for|if|while|print|#include|SELECT|INSERT|<\w+)\b|^\s*[\w.]+\s*\+?=[^=]|^\s*</?\w|\w\(.*\)\s*$"
)
