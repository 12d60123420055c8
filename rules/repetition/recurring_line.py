"""Text that says itself again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Self

import numpy as np
import xxhash

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
    Tally,
    chat,
    place,
    quote,
    replace,
)

LONGEST = 200  # characters of a line that is looked at


class EdgeLines(Learned):
    """Hashes of the lines that open or close many sampled answers of several lines."""

    size = 5_000

    def __init__(self, lines: frozenset[int]) -> None:
        self.lines = lines

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for record, _, text in batch.targets:
            for _, _, line in _edges(text):
                tally.add(_hash(line), record.id)
        tally.add(0, 0, len(batch.sound))
        return tally

    @classmethod
    def learn(cls, summary: Tally | None, sample: Sample) -> Self:
        counts = {key: count for key, count, _ in summary} if summary else {}
        least = max(5, 0.01 * counts.pop(0, 0))
        return cls(frozenset(key for key, count in counts.items() if count >= least))


class RecurringLine(Rule):
    """A watermark, a source or a notice that stands in many answers.

    The model learns to sign its answers with somebody's account, address or copyright. The line was taken over with the page that
    the answers were made from.

    Reported are lines of `least` answers or more with words such as 公众号, 转载, 版权, copyright or subscribe. Another line that opens or
    closes at least one answer in a hundred is a note.

    Not reported: code, answers of one line, lines that the prompt holds, and answers to prompts about copyright and publishing.

    Fix safety: the line is cut out. It may belong to what was asked for, so the fix is unsafe.
    """

    zh = """出现在许多回答中的水印、来源或声明。

    模型会学着在回答里署上别人的账号、网址或版权声明。这类文字是从生成回答所用的网页带过来的。

    报告的是：含有“公众号”“转载”“版权”、copyright、subscribe 等词、并出现在至少 `least` 条回答中的行。其他位于开头或结尾、
    出现在百分之一以上回答中的行只作提示。

    不报告：代码，只有一行的回答，提示词中已有的行，以及与版权、发布有关的提问的回答。

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
                chat(f"Where is {town}?", f"{town} lies on the river.\n\n© 2020 Old Maps. All rights reserved.")
                for town in ("Ulm", "Bern")
            ),
            at=[0, 1],
        ),
        Bad(
            *(chat(f"What is {n} plus {n}?", f"Let us think about it step by step.\nIt is {n + n}.") for n in range(6)), at=[None]
        ),
    ]

    least: Annotated[int, "answers that a line with such a word must stand in"] = 2

    mark = Pattern(
        r"公众号|[转轉][载載](?:请|自|于|必)|版权(?:所有|归)|未经(?:授权|许可|允许)|(?:文章|内容|图片|资料)?来源[:：]|关注我们|扫码关注|微信号|加微信|水印|责任编辑|本文由|"
        r"copyright|©|all rights reserved|subscribe|follow us|powered by|downloaded from|reprinted|source: ?https?:",
        ignore_case=True,
    )

    def summarise(self, batch: Batch) -> Buckets:
        ids: list[int] = []
        keys: list[int] = []
        marked: list[int] = []
        for record, part, text in batch.targets.holding(self.mark):
            if part == record.layout.target[-1] and not _TOPIC.search(record.question):
                for _, _, line in _lines(text):
                    if self.mark.regex.search(line) and line not in record.question:
                        ids.append(record.id), keys.append(_hash(line)), marked.append(1)
        known = batch.learned[EdgeLines].lines
        for record, _, text in batch.targets if known else ():
            for _, _, line in _edges(text):
                if (key := _hash(line)) in known and not self.mark.regex.search(line):
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
            for start, stop, line in _lines(text):
                if _hash(line) == key:
                    start = len(text[:start].rstrip())
                    found.append((place(record, part, start, stop), f"“{quote(line)}”"))
                    break
        return found


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
    """The first and the last line, of a text of several lines."""
    text = text.strip()
    first, last = text.find("\n"), text.rfind("\n")
    if first < 0 or "```" in text:
        return []
    pieces = (text[: min(first, LONGEST + 1)].strip(), text[last + 1 : last + LONGEST + 2].strip())
    return [
        (0, 0, line)
        for line in pieces
        if 6 <= len(line) <= LONGEST and len(_LETTER.findall(line)) >= 4 and not _CODE.search(line)
    ]


def _hash(line: str) -> int:
    return xxhash.xxh3_64_intdigest(line.encode("utf-8", "replace"))


_LETTER = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"[;{}]$|^[<|#]|^(?:def|class|import|from|return|function|public|int|void|const|let|var)\b|\w\(.*\)$")
_TOPIC = re.compile(
    r"版权|著作权|声明|公众号|水印|转载|来源|微信|订阅|新闻|推广|宣传|营销|文案|广告|copyright|licen[cs]e|subscri|newsletter|website|footer|source|watermark|social media|blog|video|channel|script",
    re.I,
)
