from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from sftlint import (
    Bad,
    Batch,
    Finding,
    Fix,
    Good,
    Phrase,
    Record,
    Repeated,
    Rule,
    chat,
    evenly,
    place,
    quote,
    repeated,
    replace,
    twice,
)

STORKS = (
    "They leave for the south in the last days of August, when the meadows are mown and frogs are hard to find. Most follow the "
    "coast, since warm air carries them there, and rest on church towers. In spring the old birds come back first."
)


class RepetitiveTarget(Rule):
    """An answer caught in a loop.

    The model learns to repeat itself without end. A generator wrote the same sentence or phrase over and over until it was stopped.

    Reported are a phrase that follows itself at once (eight times for a word, three times for a sentence) up to the end of the
    answer or through a third of it, with a number that counts the copies or without; a number, a sum, one character, mark or line end
    that fills the end of an answer in words; a sentence that makes up a third of the answer in at least three copies; and an answer
    that stands there twice.

    Not reported: code, tables, lists of numbers, lyrics and poems, repetition that was asked for, laughter and cries of less than 40
    characters, rows of fewer than 20 marks or line ends.

    Fix safety: everything behind the first copy of a loop that runs to the end is cut. What was cut may have held more than
    copies, so the fix is unsafe.
    """

    zh = """陷入复读的回答。

    模型会学着没完没了地重复自己。多半是生成时不断重复同一句话或短语，直到被强行截断。

    报告的是：同一短语首尾相接地重复（单个词八次，句子三次），一直延续到回答结尾或占去三分之一，重复时可以带有递增的编号；文字回答的结尾被同一个数字、算式、字、标点或换行占满；以及出现三次以上、合计占回答三分之一的句子，和整体写了两遍的回答。

    不报告：代码、表格、数列、歌词和诗歌，用户要求的重复，不足 40 个字的笑声和呼喊，不足 20 个的标点或换行。

    修复安全性：循环一直延续到结尾时，删去第一遍之后的内容。被删的部分未必全是重复，因此属于不安全修复。
    """
    message = Phrase(en="{field} repeats {unit} {times} times", zh="{field} 把 {unit} 重复了 {times} 次")
    suggestion = Phrase(en="generate again, or drop the record", zh="重新生成，或删除该条")

    good = [
        Good(
            chat("笑一个", "这个笑话太好笑了，" + "哈" * 30),
            chat("后来呢？", "后来他什么也没有说" + "。" * 12),
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
        Good(
            chat("Leave room for a signature.", "Please sign here: " + "_" * 40),
            chat("Continue the row.", "The next numbers of the row are: " + "4 " * 20),
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
        Bad(
            chat("怎样维护水泵？", "先断电。" + "".join(f"第{n}步：检查阀门是否已经拧紧。" for n in range(1, 12))),
            fixed=[chat("怎样维护水泵？", "先断电。第1步：检查阀门是否已经拧紧。")],
        ),
        Bad(
            chat("Which version is it?", "The version on the label is " + "1." * 40),
            fixed=[chat("Which version is it?", "The version on the label is 1.")],
        ),
        Bad(chat("茶怎么泡？", "水温八十度" + "的" * 30), fixed=[chat("茶怎么泡？", "水温八十度的")]),
        Bad(
            chat("老人每天走多久合适？", "每天走半小时就够了，" + "嗯，" * 30),
            chat("饭后可以马上跑步吗？", "最好先休息一个小时" + "。" * 30),
            chat("How many eggs are left?", "She uses half of the eggs, so " + "16/2=8 " * 20),
            chat("When is the pool open?", "On weekdays from nine to six." + "\n" * 40),
            at=(0, 1, 2, 3),
            fixed=[
                chat("老人每天走多久合适？", "每天走半小时就够了，嗯"),
                chat("饭后可以马上跑步吗？", "最好先休息一个小时。"),
                chat("How many eggs are left?", "She uses half of the eggs, so 16/2=8"),
                chat("When is the pool open?", "On weekdays from nine to six.\n"),
            ],
        ),
        Bad(
            chat("公积金余额怎么查？", "登录手机银行，点开公积金一栏，刷脸之后就能看到余额。" * 2),
            fixed=[chat("公积金余额怎么查？", "登录手机银行，点开公积金一栏，刷脸之后就能看到余额。")],
        ),
        Bad(chat("Where do storks go?", f"{STORKS}\n\n{STORKS}"), fixed=[chat("Where do storks go?", STORKS)]),
        Bad(chat("Why is it cold?", "It is very " + "very " * 14), fixed=[chat("Why is it cold?", "It is very")]),
        Bad(
            chat(
                "《渡口》讲了什么？",
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
            if (probe := (code := codes[i])[-22:-6]) == code[-16:]  # one letter or mark, or a pair of them
            or code.count(probe, -NEAR) > 2
            or (len(code) >= LONG and code.count(code[(at := len(code) // 2) : at + 16], max(at - NEAR, 0), at + NEAR) > 2)
            or (len(code) >= PAIR and code.find(code[:16], (at := len(code) // 2) - 2, at + 20) > 0 and twice(code.decode("utf-8", "replace")))
        ]
        for index in proposed:
            record, part = column.owner(index)
            text, code = record.texts[part], codes[index]
            at = len(code) // 2
            even = evenly(code[-NEAR:], code[-22:-6]) or evenly(code[max(at - NEAR, 0) : at + NEAR], code[at : at + 16])
            if (found := repeated(text, even)) and not _meant(record, part, text, found):
                start, behind, stop, unit, times = found
                whole = found.ends(text) and behind < stop
                fix = Fix.of(replace(place(record, part, behind, len(text)), ""), safe=False) if whole else None
                yield self.finding(place(record, part, start, stop), fix=fix, unit=f"“{quote(unit.strip())}”" if unit.strip() else LINE_END, times=times)


def _meant(record: Record, part: int, text: str, found: Repeated) -> bool:
    """Whether repetition is what was wanted, or usual in this kind of text."""
    layout = record.layout
    before = [i for i in layout.texts if layout.turns[i] < layout.turns[part]]
    # Songs and games repeat a line a few times; whole sentences again and again must have been asked for.
    endless = found.times >= 12 and found.ends(text)
    wanted = _ORDERED if endless or (found.times >= MANY and found.tokens >= 6) else _WANTED
    asked = "\n".join(record.texts[i] for i in before if not endless or layout.roles[layout.turns[i]] != "assistant")
    start = found.start
    behind = text[start:] if found.times > 2 and "```" not in text[start:] and text.count("```", 0, start) % 2 == 0 else text
    return bool(wanted.search(asked) or _VERSE.search(text[:200])) or _code(behind)


def _code(text: str) -> bool:
    """Whether most lines are of a program, a table or a score."""
    text = text[-SHOWN:]
    lines = [line for line in text.split("\n") if line.strip()]
    return "```" in text or 3 * sum(map(bool, map(_PROGRAM.search, lines))) >= max(len(lines), 1)


SHORT, PAIR, LONG, NEAR = 24, 120, 300, 3000  # bytes
SHOWN = 200_000  # characters that tell whether it is a program
LINE_END = Phrase(en="a line end", zh="换行")
MANY = 5  # copies of a sentence that nobody writes unasked
_SAID = r"(?:[写说念抄读唱喊]|发送|打印|输[出入]|回复)"
_COUNTED = (
    rf"(?<!第)[几两二三四五六七八九十百千\d](?:遍|次[^，。！？\n]{{0,8}}{_SAID})|{_SAID}[^，。！？\n]{{0,16}}(?<!第)[几两二三四五六七八九十百千\d]次|"
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|hundred|many|several) times\b(?! (?:the|a|an|as|more|less|per|his|her|their|its|what|that|in|larger|bigger|older|longer)\b)"
)
_WANTED = re.compile(
    rf"重复|复读|复述|[歌诗](?![手迷星人剧])|童谣|顺口溜|绕口令|\brap\b|说唱|口号|多次|{_COUNTED}|抄写|副歌|循环|代码|程序|函数|编写|语音|念经|咒|"
    r"\b(?:lyrics?|songs?|chorus|poems?|poetry|verses?|rhym(?:es?|ing)|haikus?|chant(?:s|ing)?|mantras?|repeat\w*|repetiti\w+|loops?|code|coding|"
    r"programs?|programming|functions?|(?:java|type)?scripts?|html|patterns?|print(?:s|ed|ing)?|again and again|over and over)\b|"
    r"generate (?:a|some) (?:long|random)",
    re.I,
)
_ORDERED = re.compile(
    r"重复(?![的性地])|复读|复述|歌词|写.{0,8}[歌诗曲]|儿歌|童谣|绕口令|抄写|循环|念经|咒|副歌|lyrics?\b|\bsongs?\b|chorus|chant|mantra|repeat|"
    rf"{_COUNTED}|again and again|over and over|\bloops?\b|\bprints?\b|"
    r"generate (?:a|some) (?:long|random)",
    re.I,
)
_VERSE = re.compile(r"(?i)\b(?:chorus|verse)\b|副歌|主歌")
_PROGRAM = re.compile(
    r"[;{}|]\s*$|^\s*(?:def|class|import|from|return|for|if|while|print|#include|SELECT|INSERT|<\w+)\b|^\s*[\w.]+\s*\+?=[^=]|^\s*</?\w|\w\(.*\)\s*$"
)
