from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple

import numpy as np

from sftlint import Bad, Batch, Buckets, Finding, Good, Phrase, Record, Rule, Run, alike, chat, fold, keys_of, place, words


class Group(NamedTuple):
    """Records of one answer: the first with each question, and how many questions there are."""

    firsts: list[int]
    questions: int


class CannedAnswer(Rule):
    """One long answer under several different questions.

    The model learns that one text fits all. Mostly a column slipped, a join went wrong, or a generator fell back on one text.

    Reported is an answer of `tokens` words or Chinese characters that is the same to the letter under `prompts` questions
    or more, once, at the first of its records. It is a note where all of the questions have a word in common
    that the answer takes up: they may be about one thing.

    Not reported: shorter answers; questions that are the same but for a few words.
    """

    zh = """多个不同的问题使用同一段长回答。

    模型会学成用一段话应付所有问题。多半是列错位、数据合并出错，或生成失败时返回了固定文本。

    长度达到 `tokens` 个词或汉字、在 `prompts` 个以上的问题下一字不差的回答，在其第一条记录处报告一次。
    如果这些问题都含有同一个词，回答也用到它，则只作提示：它们可能问的是同一件事。

    不报告：较短的回答；只有几个词不同的问题。
    """
    message = Phrase(en="the same answer stands under {prompts} different questions", zh="同一段回答用于 {prompts} 个不同的问题")
    suggestion = Phrase(en="answer each question, or keep one of the records", zh="分别回答每个问题，或只保留一条")
    scope = "dataset"
    folds = False

    _faq = (
        "可以。请在收到货后七天内提交申请，保持包装完整，客服会在一个工作日内审核，通过后把快递单号填在申请页面，退款三天到账。"
    )
    _steps = (
        "First read the whole text slowly, then mark every part you do not understand, look these up one by one, write down "
        "what you found in words of your own, and in the end explain all of it to a friend who has never heard of it."
    )
    good = [
        Good(chat("尺码不合适，能退货吗？", _faq), chat("请问尺码不合适能退货吗", _faq), chat("尺码不太合适，能退货吗？", _faq)),
        Good(
            chat("北京在哪？", "在华北平原的北端。"),
            chat("天津呢？", "在华北平原的北端。"),
            chat("保定呢？", "在华北平原的北端。"),
        ),
        Good(chat("How do I study chemistry?", _steps), chat("How do I learn the law?", _steps)),
    ]
    bad = [
        Bad(chat("怎么给猫剪指甲？", _faq), chat("太阳为什么东升西落？", _faq), chat("推荐一部科幻片", _faq)),
        Bad(
            chat("What is the tallest mountain of Peru?", _steps),
            chat("Write a poem on rain.", _steps),
            chat("How do I boil eggs?", _steps),
        ),
    ]

    tokens: Annotated[int, "words and Chinese characters that a long answer has at least"] = 40
    prompts: Annotated[int, "different questions from which on an answer is canned"] = 3

    def summarise(self, batch: Batch) -> Buckets:
        keys = keys_of(batch)
        long = keys.lengths >= self.tokens
        return Buckets(keys.ids[long], keys.targets[long], keys.questions[long])

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        for split in filter(len, summary.by_split(run.files)):
            groups, hits = [], []
            for group in split.groups():
                _, first = np.unique(group.more[0], return_index=True)
                if len(first) >= self.prompts:
                    groups.append(Group(np.sort(group.ids[first])[:MOST].tolist(), len(first)))
                    hits.append(group.ids)
            lots = [groups[i : i + LOT] for i in range(0, len(groups), LOT)]
            found = (one for each in run.map(self.compare, lots) for one in each)
            for finding, ids in zip(found, hits, strict=True):
                if finding:
                    yield finding._replace(hits=tuple(ids.tolist()))

    def compare(self, records: Mapping[int, Record], groups: list[Group]) -> list[Finding | None]:
        """What there is to say of each group, its records read again."""
        return [self._compare([records[id] for id in group.firsts], group) for group in groups]

    def _compare(self, records: list[Record], group: Group) -> Finding | None:
        answer = records[0].target
        if len(words(answer)) < self.tokens:
            return None
        differ: dict[int, frozenset[str]] = {}
        for record in records:
            said = frozenset(words(fold(record.question)))
            if all(alike(said, other) < SAME for other in differ.values()):
                differ[record.id] = said
        if len(differ) < self.prompts:
            return None
        shared = set.intersection(*(_topics(record.question) for record in records if record.id in differ)) & _topics(answer)
        count = group.questions - len(records) + len(differ)
        return self.finding(
            place(records[0], records[0].layout.target[0]), severity="info" if shared else None,
            related=list(differ)[1:], related_total=count - 1, prompts=count,
        )  # fmt: skip


LOT = 100  # answers for a worker
MOST = 20  # questions of one answer that are compared
SAME = 0.6  # Jaccard similarity of the words of two questions from which on they count as one
_TOPIC = re.compile(r"(?=([\u4e00-\u9fff]{2}))|\b([A-Za-z]{4,})")
_COMMON = frozenset(
    [
        "what",
        "which",
        "when",
        "where",
        "have",
        "does",
        "this",
        "that",
        "with",
        "from",
        "your",
        "about",
        "could",
        "would",
        "should",
        "write",
        "please",
    ]
)


def _topics(text: str) -> set[str]:
    """Words that a text may be about: pairs of Chinese characters, longer Latin words."""
    found = {(chinese or latin).lower() for chinese, latin in _TOPIC.findall(text)}
    return found - _COMMON
