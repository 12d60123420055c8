from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations, islice
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sftlint import (
    Bad,
    Batch,
    Buckets,
    Finding,
    Good,
    Phrase,
    Record,
    Rule,
    Run,
    alike,
    among,
    chat,
    distinct,
    fold,
    keys_of,
    letters,
    place,
    quote,
    said,
    words,
)


class Group(NamedTuple):
    """Records of one prompt: the first with each answer, and how many answers and records there are."""

    closed: bool
    firsts: list[int]
    answers: int
    records: int
    folded: bool = False
    """Whether the prompts are the same only after folding."""


class ConflictingTargets(Rule):
    """The same prompt with different answers.

    In a task with fixed answers, a classification say, only one of them can be right: one label is wrong, and the model
    learns to guess. Elsewhere several answers may be meant, and it is a note: the prompt leaves out what decides between them.

    Prompts are the same when all turns before the answer are; labels are compared also where prompts differ in width, case, spaces
    or a last mark that asks nothing. Answers count as fixed when they have at most `longest` characters and each stands under
    three prompts or more. One finding for each further label, one note for a prompt.

    Not reported: answers that differ in width, case, spaces or the last mark only; free answers that say much the same or
    end in the same number.
    """

    zh = """同一提示词对应不同的回答。

    在答案固定的任务（如分类）中，只有一个答案是对的：其余的标签有误，模型只能学会猜测。在其他任务中，可能有意给出多个回答，
    因此只作提示：提示词缺少决定答案的信息。

    回答之前的各轮全部相同，才算同一提示词；标签任务中，仅在全半角、大小写、空格或句末标点（问号除外）上不同的也算。回答不超过 `longest` 个字符、且各自出现在三个以上的提示词下，才算固定答案。每多一个标签报告一次，
    其他情况每个提示词提示一次。

    不报告：仅在全半角、大小写、空格或句末标点上不同的回答；内容大体一致或以同一个数结尾的开放式回答。
    """
    message = Phrase(
        en="{field} is {label}, but the same prompt in row {first} has {other}",
        zh="{field} 为“{label}”，而第 {first} 行的同一提示词对应“{other}”",
    )
    message_folded = Phrase(
        en="{field} is {label}, but the prompt in row {first}, the same but for width, case, spaces or the last mark, has {other}",
        zh="{field} 为“{label}”，而第 {first} 行的提示词仅在全半角、大小写、空格或句末标点上不同，对应“{other}”",
    )
    message_open = Phrase(
        en="{records} records share this prompt and give {answers} different answers",
        zh="{records} 条数据使用这一提示词，却给出 {answers} 种不同的回答",
    )
    suggestion = Phrase(
        en="keep the right answer, or put into the prompt what decides between them",
        zh="保留正确的回答，或在提示词中补充决定答案的信息",
    )
    scope = "dataset"
    folds = False
    yields_to = ("contentless-prompt",)

    _reviews = [(f"判断这条点评的情感：{text}", label) for text, label in (
        ("菜上得很快，味道也好。", "积极"), ("房间干净，下次还来。", "积极"), ("老板热情，还送了水果。", "积极"),
        ("等了一个小时。", "消极"), ("汤是凉的。", "消极"), ("空调一夜都在响。", "消极"),
    )]  # fmt: skip
    good = [
        Good(*(chat(*review) for review in _reviews), chat("这条点评提到服务了吗：菜上得很快，味道也好。", "没有")),
        Good(*(chat(*review) for review in _reviews), chat("判断这条点评的情感：等了一个小时？", "积极")),
        Good(chat("What is 6 x 7? Explain.", "Six sevens are 42"), chat("What is 6 x 7? Explain.", "7 + 7 = 14, thrice that is 42")),
        Good(chat("Capital?", "Rome", system="Speak of Italy."), chat("Capital?", "Paris", system="Speak of France.")),
        Good(chat("你好", "您好！", "几点开门？", "九点。"), chat("你好", "您好！", "几点关门？", "六点。")),
    ]
    bad = [
        Bad(*(chat(*review) for review in _reviews), chat(_reviews[1][0], "消极"), at=[6]),
        Bad(*(chat(*review) for review in _reviews), chat("判断这条点评的情感: 等了一个小时", "积极"), at=[6]),
        Bad(
            chat("Suggest a name for a bakery.", "Golden Crust"),
            chat("Which tea has no caffeine?", "Rooibos."),
            chat("Suggest a name for a bakery.", "The Early Oven"),
            at=[0],
        ),
    ]

    longest: Annotated[int, "characters that a label has at most"] = 30

    def summarise(self, batch: Batch) -> Buckets:
        keys = keys_of(batch)
        short = keys.lengths <= self.longest
        return Buckets(keys.ids, keys.prompts, keys.targets & ~_ONE | short, keys.questions)  # the last bit tells what may be a label

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        for split in filter(len, summary.by_split(run.files)):
            groups = [*self._groups(split), *_folded_groups(split)]
            lots = [groups[i : i + LOT] for i in range(0, len(groups), LOT)]
            for found in run.map(self.compare, lots):
                yield from found

    def _groups(self, records: Buckets) -> Iterator[Group]:
        """The prompts that have several answers."""
        held = records.crowded()
        held = held.take(np.lexsort((held.ids, held.more[0], held.keys)))
        new_prompt = np.append(True, held.keys[1:] != held.keys[:-1])[: len(held)]
        new = new_prompt | np.append(True, held.more[0][1:] != held.more[0][:-1])[: len(held)]
        sizes = np.diff(np.append(np.flatnonzero(new_prompt), len(held)))
        pairs, starts = held.take(new), np.flatnonzero(new_prompt[new])  # each answer to each prompt once
        answers = np.diff(np.append(starts, len(pairs)))
        label = np.repeat(answers > 1, answers) & (pairs.more[0] & _ONE).astype(bool)
        label[label] = among(pairs.more[0][label], _frequent(records, pairs.more[0][label]))
        for start, count, size in zip(*(column[answers > 1].tolist() for column in (starts, answers, sizes)), strict=True):
            rows = slice(start, start + count)
            yield Group(bool(label[rows].all()), np.sort(pairs.ids[rows])[:MOST].tolist(), count, size)

    def compare(self, records: Mapping[int, Record], groups: list[Group]) -> list[Finding]:
        """What there is to say of each group, its records read again."""
        held = [[records[id] for id in group.firsts] for group in groups]
        # Letters are quick to tell for many texts at once, and the same wherever the folded texts are.
        begun = letters([record.target[:BEGUN].encode("utf-8", "replace") for one in held for record in one])
        alphabet = iter([text[:LETTERS] for text in begun])
        found = []
        for one, group in zip(held, groups, strict=True):
            begins = list(islice(alphabet, len(one)))
            found += self._compare_folded(one, begins) if group.folded else self._compare(one, group, begins)
        return found

    def _compare_folded(self, records: list[Record], begun: list[bytes]) -> Iterator[Finding]:
        """The labels of prompts that are the same after folding, where the very same prompt does not have several already."""
        asked = [_folded(record) for record in records]
        for prompt in dict.fromkeys(asked):
            mine = [i for i, one in enumerate(asked) if one == prompt]
            differ = list(_distinct([records[i] for i in mine], [begun[i] for i in mine]))
            first = differ[0]
            for record in differ[1:] if len(first.question) >= BRIEF else ():
                words = _stripped(record)
                if all(other.id >= record.id or _stripped(other) != words for other in records):
                    where, label, other = place(record, record.layout.target[0]), quote(record.target), quote(first.target)
                    yield self.finding(where, kind="message_folded", related=[first.id], label=label, other=other)

    def _compare(self, records: list[Record], group: Group, begun: list[bytes]) -> Iterator[Finding]:
        differ = list(_distinct(records, begun))
        first = differ[0]
        if len(differ) < 2 or not first.layout.question:
            return
        if group.closed and len(first.question) >= BRIEF:
            for record in differ[1:]:
                where = place(record, record.layout.target[0])
                yield self.finding(where, related=[first.id], label=quote(record.target), other=quote(first.target))
        elif not _agree([record.target for record in differ[:3]]):
            count = group.answers - len(records) + len(differ)
            yield self.finding(
                place(first, first.layout.question[0]), kind="message_open", severity="info",
                related=[record.id for record in differ[1:]], related_total=count - 1, records=group.records, answers=count,
            )  # fmt: skip


LOT = 100  # prompts for a worker
MOST = 20  # answers of one prompt that are compared
BEGUN, LETTERS = 160, 24  # characters of an answer, and bytes of its letters, that tell answers apart at a glance
HEAD, TAIL = 160, 60  # characters of an answer to an open question, at either end, that are compared

_LAST_NUMBER = re.compile(r"\d+(?=\D*\Z)")
TIMES = 3  # prompts that a label stands under
BRIEF = 8  # characters of a question: "thank you" has many answers, each of them common
_ONE = np.uint64(1)


def _frequent(records: Buckets, answers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Those of *answers* that stand under TIMES prompts or more, sorted."""
    held = records.take(among(records.more[0], distinct(answers)))
    order = np.lexsort((held.keys, held.more[0]))
    prompts, given = held.keys[order], held.more[0][order]
    once = np.append(True, (prompts[1:] != prompts[:-1]) | (given[1:] != given[:-1]))[: len(given)]
    known, times = np.unique(given[once], return_counts=True)
    return known[times >= TIMES]


def _folded_groups(records: Buckets) -> Iterator[Group]:
    """Labels of prompts that are not the same, but whose last questions have the same letters."""
    held = records.take((records.more[0] & _ONE).astype(bool))
    held = Buckets(held.ids, held.more[1], held.more[0], held.keys).crowded()
    if not len(held):
        return
    held = held.take(np.lexsort((held.ids, held.more[0], held.more[1], held.keys)))
    new_key = np.append(True, held.keys[1:] != held.keys[:-1])
    new_prompt = new_key | np.append(True, held.more[1][1:] != held.more[1][:-1])
    new = new_prompt | np.append(True, held.more[0][1:] != held.more[0][:-1])
    several = np.add.reduceat(new_prompt, np.flatnonzero(new_key)) > 1
    pairs = held.take(new & several[np.cumsum(new_key) - 1])  # each answer to each prompt once
    pairs = pairs.take(among(pairs.more[0], _frequent(records, pairs.more[0])))
    for group in pairs.groups():
        if len(distinct(group.more[0])) > 1 < len(distinct(group.more[1])):
            yield Group(True, group.ids[:MOST].tolist(), len(group), len(group), folded=True)


def _folded(record: Record) -> tuple[str, ...]:
    """The prompt, folded; a question stays one."""
    texts = said(record)[0]
    return (*map(fold, texts), texts[-1].rstrip()[-1:] in ("?", "？"))


def _stripped(record: Record) -> list[str]:
    return [text.strip() for text in said(record)[0]]


def _distinct(records: list[Record], begun: list[bytes]) -> Iterator[Record]:
    """The records whose answers differ by more than folding levels, the first of each; *begun* has their letters."""
    seen: dict[bytes, list[str]] = {}
    for record, begins in zip(records, begun, strict=True):
        others = seen.setdefault(begins, [])
        if not others or fold(record.target) not in map(fold, others):
            others.append(record.target)
            yield record


def _agree(texts: list[str]) -> bool:
    """Whether the answers say much the same: half the words they begin with on average, or the same number near the end."""
    numbers = {next(iter(_LAST_NUMBER.findall(text[-TAIL:])), "") for text in texts}
    if len(numbers) == 1 and "" not in numbers:
        return True
    pairs = [alike(*pair) for pair in combinations([_begun(text) for text in texts], 2)]
    return sum(pairs) >= len(pairs) / 2

def _begun(text: str) -> frozenset[str]:
    """The words that *text* begins with; of Chinese the characters."""
    head = text[:HEAD].lower()
    return frozenset(words(head) if head.isascii() else head)
