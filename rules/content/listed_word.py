from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Phrase, Rule, Words, chat


class ListedWord(Rule):
    """A word of your own list.

    Names of projects and customers, forbidden claims, abuse: what must not be in your data only you can say. The model says what it
    has read.

    Put words into `words`, or the name of a file with a word on each line: `words = ["@banned.txt"]`. The list may have
    thousands. The case of A to Z does not count, and what is written in Latin letters is found as a whole word.

    Not reported: anything, as long as there is no list; a word within a longer one of the list.
    """

    zh = """出现了您词表中的词。

    项目和客户名称、违禁宣传语、辱骂用语等，哪些内容不能出现在数据里只有您知道。模型读到什么，就会说出什么。

    词可以直接写在 `words` 中，也可以给出每行一词的文件：`words = ["@banned.txt"]`。词表可以有上万个词。A 到 Z 不区分大小写，拉丁字母的词按整词匹配。

    不报告：未设置词表时不做检查；词表中更长的词所包含的词。
    """
    message = Phrase(en="{field} contains the listed word {word}", zh="{field} 含有词表中的词：{word}")
    message_more = Phrase(
        en="{field} contains the listed word {word}, {count} times", zh="{field} 含有词表中的词：{word}（{count} 次）"
    )
    suggestion = Phrase(en="write the text without it, or drop the record", zh="改写并去掉该词，或删除该条")
    needs = "words"

    good = [
        Good(
            chat("怎么办理退款？", "在订单页点击申请即可。"),
            chat("What is a class?", "A plan for objects."),
            words=["Ass", "退货卡"],
        ),
        Good(chat("没有词表时", "什么都不检查。")),
    ]
    bad = [
        Bad(chat("新项目叫什么？", "内部代号是青鸟计划，下月发布。"), chat("你好", "您好"), words=["青鸟", "青鸟计划"]),
        Bad(chat("Is it safe?", "Yes: RISK-FREE, and risk-free for ever."), words=["risk-free"]),
        Bad(chat("介绍一下Atlas", "Atlas是客户管理平台。"), words=["atlas"], at=(0, 0)),
    ]

    words: Annotated[tuple[str, ...], 'words that are reported; "@FILE" stands for the lines of a file'] = ()

    def check(self, batch: Batch) -> Iterator[Finding]:
        counts: dict[tuple[int, str], list[tuple[int, int]]] = {}
        for text, start, stop in self._list.find(batch.texts.encoded) if self.words else ():
            word = batch.texts.strings[text][start:stop]
            counts.setdefault((text, word.lower()), []).append((start, stop))
        for (text, word), spans in counts.items():
            kind = "message_more" if len(spans) > 1 else "message"
            yield self.finding(batch.texts.place(text, *spans[0]), kind=kind, key=word, word=word, count=len(spans))

    @cached_property
    def _list(self) -> Words:
        return Words(self.words)
