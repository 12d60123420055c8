from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple, Self

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint import (
    Bad,
    Batch,
    Buckets,
    Finding,
    Fix,
    Good,
    Learned,
    Pattern,
    Phrase,
    Place,
    Record,
    Rule,
    Run,
    Sample,
    chat,
    place,
    quote,
    replace,
)

LONGEST = 200  # characters of a line that is looked at
MORE = 10  # characters behind a mark inside a line that tell one watermark from another


class Edges(NamedTuple):
    """A Summary. records: how many there were.  keys: hashes of the lines and sentences at the edges of their answers."""

    records: int
    keys: NDArray[np.uint64]

    @classmethod
    def merge(cls, parts: list[Self]) -> Self:
        return cls(sum(part.records for part in parts), np.concatenate([part.keys for part in parts]))


class EdgeLines(Learned):
    """Hashes of the lines and sentences that open or close many sampled answers."""

    size = 5_000

    def __init__(self, lines: frozenset[int]) -> None:
        self.lines = lines

    @classmethod
    def summarise(cls, batch: Batch) -> Edges:
        keys = [_hash(line) for text in batch.targets.strings for _, _, line in _edges(text) if _tells(line)]
        return Edges(len(batch.sound), np.array(keys, np.uint64))

    @classmethod
    def learn(cls, summary: Edges | None, sample: Sample) -> Self:
        if summary is None:
            return cls(frozenset())
        keys, counts = np.unique(summary.keys, return_counts=True)
        return cls(frozenset(keys[counts >= max(8, 0.01 * summary.records)].tolist()))


class RecurringLine(Rule):
    """A watermark, a source or a notice that stands in many answers.

    The model learns to sign its answers with somebody's account, address or copyright. The line was taken over with the page that
    the answers were made from.

    Reported are lines of `least` answers or more with words such as 公众号, 转载, 版权, copyright or subscribe, and such words behind
    a sentence; numbers and dates may differ. Another line or sentence that opens or closes at least one answer in a hundred is a note.

    Not reported: code, lines that the prompt holds, lines that give the answer, and answers to prompts about copyright and publishing.

    Fix safety: the line is cut out. It may belong to what was asked for, so the fix is unsafe.
    """

    zh = """出现在许多回答中的水印、来源或声明。

    模型会学着在回答里署上别人的账号、网址或版权声明。这类文字是从生成回答所用的网页带过来的。

    报告的是：含有“公众号”“转载”“版权”、copyright、subscribe 等词、并出现在至少 `least` 条回答中的行，以及跟在句子后面的这类文字；其中的数字和日期可以不同。其他位于开头或结尾、
    出现在百分之一以上回答中的行或句子只作提示。

    不报告：代码，提示词中已有的行，给出答案的行，以及与版权、发布有关的提问的回答。

    修复安全性：删除该行。它也可能是任务要求的内容，因此属于不安全修复。
    """
    message = Phrase(en="{line} stands in {count} answers", zh="{line} 出现在 {count} 条回答中")
    message_edge = Phrase(en="{count} answers begin or end with the line {line}", zh="{count} 条回答以 {line} 一行开头或结尾")
    suggestion = Phrase(en="strip the line", zh="删除该行")
    scope = "dataset"
    reads_evaluation = False
    learns = (EdgeLines,)

    good = [
        Good(*(chat(f"第{n}题怎么做？", f"先看第{n}行，再看第{n + 1}行。\n答案是{n}。") for n in range(3))),
        Good(
            *(chat(f"{word}：怎样写版权声明？", f"{word}可以这样写：\n版权所有，转载请注明出处。") for word in ("书", "画")),
            chat("你好", "您好"),
            *(chat(f"What is new in {n}.0?", f"- {what}\n- Update copyright years in all headers") for n, what in ((1, "Faster start"), (4, "Dark theme"))),
            ignore=("near-duplicate",),
        ),
    ]
    bad = [
        Bad(
            *(
                chat(f"{dish}怎么做？", f"{dish}要先焯水，再小火慢炖。\n更多菜谱请关注公众号：小灶台")
                for dish in ("排骨", "牛腩")
            ),
            at=[0, 1],
            fixed=[chat(f"{dish}怎么做？", f"{dish}要先焯水，再小火慢炖。") for dish in ("排骨", "牛腩")],
        ),
        Bad(
            *(
                chat(asked, f"{said}发布于2021-0{n}-1{n}，由园艺角整理。")
                for n, asked, said in (
                    (3, "桃树怎么修剪？", "落叶之后动手，粗枝要分两次锯断，伤口抹上药膏。"),
                    (5, "窗台上的薄荷蔫了怎么办？", "多半是浇水太勤，等土面发白再浇，顺手掐掉长得太高的尖。"),
                )
            ),
            at=[0, 1],
        ),
        Bad(
            *(
                chat(f"Where is {town}?", f"{town} lies on the river.\n\n© 2020 Old Maps. All rights reserved.")
                for town in ("Ulm", "Bern")
            ),
            at=[0, 1],
        ),
        Bad(
            *(
                chat(asked, f"本文由园艺角整理，2021年{n}月。{said}")
                for n, asked, said in (
                    (3, "吊兰几天浇一次水？", "看土不看日子，手指插进去一节还是干的再浇透。"),
                    (5, "月季怎么扦插？", "选半木质化的枝条，留两片叶，插进湿沙里遮阴两周。"),
                )
            ),
            at=[0, 1],
            fixed=[
                chat("吊兰几天浇一次水？", "看土不看日子，手指插进去一节还是干的再浇透。"),
                chat("月季怎么扦插？", "选半木质化的枝条，留两片叶，插进湿沙里遮阴两周。"),
            ],
        ),
        Bad(
            *(chat(f"What is {n} plus {n}?", f"Let us think about it step by step.\nIt is {n + n}.") for n in range(8)), at=[None]
        ),
    ]

    least: Annotated[int, "answers that a line with such a word must stand in"] = 2

    mark = Pattern(
        r"公众号|以上(?:内容|信息|资料|图文)(?:均?来[自源]|摘自|转自|由)|[转轉][载載](?:请|自|于|必)|版权(?:所有|归)|未经(?:授权|许可|允许)|(?:文章|内容|图片|资料)?来源[:：]|关注我们|扫码(?:关注|加|进|领)|微信号|加微信|水印|责任编辑|本文由|"
        r"发布于|[（(]?本回答由|点击(?:查看|下方|阅读|链接)|举报|由 ?AI ?(?:自动)?生成|小编[:：]|编辑[:：]|"
        r"generated by (?:an )?AI\b|\bgenerated by [A-Z]\w*(?:Bot|AI|GPT)\b|(?:answer|article|response|content) was (?:automatically )?generated by"
        r"|click here (?:to|for)\b|\[sponsored|originally (?:posted|published)|posted (?:on|by)|read more (?:at|on)|share this|sent from my|was this (?:answer|article|page) helpful|"
        r"follow us|copyright|©|all rights reserved|\bsubscribe|powered by|downloaded from|reprinted|source: ?https?:",
        ignore_case=True,
    )

    def summarise(self, batch: Batch) -> Buckets:
        ids: list[int] = []
        keys: list[int] = []
        marked: list[int] = []
        for record, part, text in batch.targets.holding(self.mark):
            if part == record.layout.target[-1] and not _TOPIC.search(record.question):
                for _, _, line in self._marked(text):
                    if line not in record.question:
                        ids.append(record.id), keys.append(_folded(line)), marked.append(1)
        known = batch.learned[EdgeLines].lines
        for record, _, text in batch.targets if known else ():
            for _, _, line in _edges(text):
                if (key := _hash(line)) in known and not self._told(text, line):
                    ids.append(record.id), keys.append(key), marked.append(0)
        return Buckets(ids, keys, marked)

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        for group in summary.groups() if len(summary) else ():
            ids = np.unique(group.ids).tolist()
            if len(ids) < self.least:
                continue
            key = int(group.keys[0])
            if not group.more[0][0]:
                line = next(run.map(self.lines_of, [([ids[0]], key)]))[0][1]
                yield self.finding(
                    kind="message_edge",
                    severity="info",
                    related=ids,
                    related_total=len(ids),
                    key=f"{key:x}",
                    line=line,
                    count=len(ids),
                )
                continue
            lots = [(ids[i : i + 200], key) for i in range(0, len(ids), 200)]
            for found in run.map(self.lines_of, lots):
                for where, line in found:
                    yield self.finding(
                        where, fix=Fix.of(replace(where, ""), safe=False), key=f"{key:x}", line=line, count=len(ids)
                    )

    def lines_of(self, records: Mapping[int, Record], item: tuple[list[int], int]) -> list[tuple[Place, str]]:
        """Where the line with a certain hash stands in each of some records, with the line break before it; and its words."""
        ids, key = item
        found = []
        for id in ids:
            record = records[id]
            part = record.layout.target[-1]
            text = record.texts[part]
            for start, stop, line in (*_lines(text), *self._inline(text), *_edges(text)):
                if key in (_hash(line), _folded(line)):
                    start = len(text[:start].rstrip())
                    found.append((place(record, part, start, stop), f"“{quote(line)}”"))
                    break
        return found

    def _marked(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The lines with such a word, and what follows one inside a paragraph."""
        for found in _lines(text):
            marks = {hit[0].lower() for hit in self.mark.regex.finditer(found[2])}
            if marks and (marks != {"copyright"} or _NOTICE.search(found[2])):
                yield found
        yield from self._inline(text)

    def _told(self, text: str, line: str) -> bool:
        """Whether *line*, at an edge of *text*, is a warning already."""
        hit = self.mark.regex.search(line)
        return hit is not None and (hit[0].lower() not in _PROSE or f"\n{line}\n" in f"\n{text.strip()}\n")

    def _inline(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where a mark stands in a longer line, the words from it on, or the first sentence if it stands there: from, to, words."""
        line, begin, seen = -1, 0, 0  # where the last line with a mark begins, and this one; up to where it was looked for
        for hit in self.mark.regex.finditer(text) if "```" not in text else ():
            begin = text.rfind("\n", seen, hit.start()) + 1 or begin
            seen = hit.start()
            if begin == line:
                continue  # one finding for each
            line = begin
            if hit[0].lower() in _PROSE:
                continue
            if _SENTENCE.search(text, begin, hit.start()):
                words = text[hit.start() : hit.end() + MORE].split("\n")[0].rstrip()
                if len(words) >= 6:
                    yield hit.start(), hit.start() + len(words), words
            elif "\n" in text and len(text[begin : begin + LONGEST + 1].partition("\n")[0]) <= LONGEST:
                continue  # a line that is looked at as a whole
            elif (end := _SENTENCE.search(text, hit.end(), begin + LONGEST)) and text[end.end() : end.end() + 1] not in ("", "\n"):
                yield begin, end.end(), text[begin : end.end()].strip()


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """The lines of a text of several lines that are long enough to tell something: from, to, line."""
    if "\n" in text and "```" not in text:
        at = 0
        for raw in text.split("\n"):
            line = raw.strip()
            if 6 <= len(line) <= LONGEST and len(_LETTER.findall(line)) >= 4:
                yield at, at + len(raw), line
            at += len(raw) + 1


def _edges(text: str) -> list[tuple[int, int, str]]:
    """The first and the last line, of a text of several lines, and the first and the last sentence of these: from, to, words."""
    if "```" in text:
        return []
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    first, last = text.find("\n", begin, end), text.rfind("\n", begin, end) + 1
    pieces = [(begin, first), (last, end)] if last else []
    head = text[begin : begin + LONGEST + 1].partition("\n")[0]
    tail = text[max(end - LONGEST - 1, last, begin) : end]
    if (stop := _STOP.search(head, 1)) and stop.start() + 1 < min(len(head), LONGEST):
        pieces.append((begin, begin + stop.start() + 1))
    if stop := _STOP_BACKWARDS.search(tail[::-1], 2):
        pieces.append((end - stop.end() + 1, end))
    lines = [(start, stop, text[start : min(stop, start + LONGEST + 1)].strip()) for start, stop in pieces]
    return [found for found in lines if 6 <= len(found[2]) <= LONGEST]


def _tells(line: str) -> bool:
    """Whether *line*, at an edge of an answer, is words and not code or the form of the task. Every answer is asked, so it is quick."""
    last = line[-1]
    if last in ";{}" or _CODE.match(line) or (last == ")" and _CALL.search(line)):
        return False
    form = "答案" in line or ("answer" in line.lower() and _ANSWER.search(line))
    return not form and _LETTERS.search(line) is not None


def _hash(line: str) -> int:
    return xxhash.xxh3_64_intdigest(line.encode("utf-8", "replace"))


def _folded(line: str) -> int:
    """As `_hash`, without numbers: the dates and counters of a watermark differ from one copy to the next."""
    return _hash(_NUMBER.sub("0", line))


_PROSE = {"powered by", "subscribe", "reprinted", "举报", "水印"}  # a sentence may hold these
#: A copyright that somebody has: else it is what the line is about.
_NOTICE = re.compile(r"(?i:copyright)(?i:ed)?\W{0,3}(?:©|\([cC]\)|(?:19|20)\d\d|(?:by|of|belongs|owned|protected)\b)|Copyright:? [A-Z]")
_SENTENCE = re.compile(r"[。！？!?；】]|\.\s")
_STOP, _STOP_BACKWARDS = re.compile("[。！？】]|[.!?] "), re.compile("[。！？】]| [.!?]")
_NUMBER = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"(?:[^\W\d_][\W\d_]*){4}")
_CODE = re.compile(r"[<|#]|(?:def|class|import|from|return|function|public|int|void|const|let|var)\b")
_CALL = re.compile(r"\w\(.*\)$")
_ANSWER = re.compile(r"(?i)\banswer\b")  # the form of the task
_TOPIC = re.compile(
    r"版权|著作权|声明|公众号|水印|转载|来源|微信|订阅|新闻|推广|宣传|营销|文案|广告|copyright|licen[cs]e|subscri|newsletter|website|footer|source|watermark|social media|blog|video|channel|script",
    re.I,
)
