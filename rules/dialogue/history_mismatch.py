from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from sftlint import (
    Bad,
    Batch,
    Buckets,
    Finding,
    Good,
    Phrase,
    Ragged,
    Record,
    Rule,
    Run,
    among,
    chat,
    fold,
    key_of,
    keys_of,
    place,
)


class Suspect(NamedTuple):
    """An answer in a history that is another one in the earlier record.

    mended: key of the prompt up to the next question, with the earlier record's answer.
    long: 2 where several turns agree before it, 1 where one long question does, else 0.
    """

    finding: Finding
    mended: int
    long: int


class HistoryMismatch(Rule):
    """A history that disagrees with the record it was expanded from.

    A dialogue is often expanded into one record for each of its answers, and the later records repeat the earlier ones as their
    history. Where an answer was mended in one place only, the model is taught two answers to the same turn, one of them wrong.

    For each record the longest beginning that is a record of its own is looked for, among the 16 longest. Its answer and the one
    in the history must be the same. That the two are one dialogue is shown by three equal turns, by a third record that
    goes on from the other answer with the same question, or by a first question of 60 bytes (20 Chinese characters) or more;
    the last is a note where histories do not agree elsewhere.

    Not reported: beginnings with several answers in the data, which were sampled; answers that differ in width, case, spaces
    or the last mark only; thoughts and tool calls that a history leaves out.
    """

    zh = """历史轮次与展开它的那条记录不一致。

    一段对话常被展开成多条记录，每个回答一条，后面的记录以前面的对话为历史。如果某个回答只改了一处，
    模型就会对同一轮学到两个不同的回答，其中一个是错的。

    对每条记录，查找自成一条记录的最长开头（只看最长的 16 个），两处的回答应当一致。以下任一情况说明二者出自同一段对话：
    三轮相同；另有一条记录以那边的回答接着同一个问题继续；首个问题不少于 60 字节（20 个汉字）。
    最后一种情况，如果其他历史也对不上，只作提示。

    不报告：数据中有多个回答（多次采样）的开头；仅在全半角、大小写、空格或句末标点上不同的回答；历史中省略的思考过程和工具调用。
    """
    message = Phrase(
        en="{field} differs from the answer in row {first}, which this dialogue continues",
        zh="{field} 与第 {first} 行的回答不一致，而本对话是那一条的延续",
    )
    suggestion = Phrase(
        en="expand the dialogue again, with one answer in all of its records", zh="重新展开该对话，使各条记录中的回答一致"
    )
    scope = "dataset"
    folds = False
    yields_to = ("exact-duplicate",)

    _trip = (
        "我想周末去看海，有什么推荐的地方吗？从我们这里出发",
        "可以去青岛。",
        "坐火车要多久？",
        "四个小时左右。",
        "住哪里好？",
        "住在八大关附近。",
    )
    _pie = (
        "What do I need for an apple pie that serves eight people on Sunday?",
        "Apples.",
        "How many?",
        "Nine.",
        "And then?",
        "Flour.",
    )
    good = [
        Good(chat(*_trip[:2]), chat(*_trip[:4]), chat(*_trip)),
        Good(chat(*_pie[:2]), chat(_pie[0], "apples", *_pie[2:4]), chat(_pie[0], "Pastry.", "Which?", "Short crust."),
             chat(_pie[0], "Ten apples.")),
        Good(chat("你好", "您好！"), chat("你好", "你好呀。", "在吗？", "在的。")),
    ]  # fmt: skip
    bad = [
        Bad(chat(*_trip[:2]), chat(*_trip[:4]), chat(*_trip[:3], "一个小时左右。", *_trip[4:]), at=[2]),
        Bad(chat(*_pie[:2]), chat(_pie[0], "Pears.", *_pie[2:4]), at=[1]),
    ]

    def summarise(self, batch: Batch) -> Ragged:
        keys = keys_of(batch)
        history = keys.histories
        rows = Buckets(keys.ids, keys.prompts, keys.targets)
        return Ragged(rows, history.counts, history.prompts, history.answers.astype(np.uint32))  # 32 bits tell answers apart

    def finish(self, summary: Ragged, run: Run) -> Iterator[Finding]:
        for evaluated in (False, True):
            rows = np.array([(file.split == "evaluation") is evaluated for file in run.files])[summary.rows.ids >> 40]
            items = np.repeat(rows, summary.counts)
            if items.any():
                part = summary.rows.take(rows)
                yield from self._judge(
                    part, np.repeat(np.arange(len(part)), summary.counts[rows]), *(c[items] for c in summary.items), run
                )

    def _judge(self, records: Buckets, owners: Any, prompts: Any, answers: Any, run: Run) -> Iterator[Finding]:
        """The records whose history differs. *owners* (rows of *records*), *prompts* and *answers* are of their beginnings."""
        order = np.lexsort((records.ids, records.keys))
        known, starts = np.unique(records.keys[order], return_index=True)
        given = records.more[0][order]
        single = np.minimum.reduceat(given, starts) == np.maximum.reduceat(given, starts)
        at = np.minimum(np.searchsorted(known, prompts), len(known) - 1)
        found = np.flatnonzero(known[at] == prompts)
        found = found[np.append(owners[found][1:] != owners[found][:-1], True)[: len(found)]]  # of each record the longest
        at = at[found]
        differ = single[at] & (given[starts[at]].astype(np.uint32) != answers[found])
        expanded = int((single[at] & ~differ).sum()) >= int(differ.sum())
        pairs = list(
            zip(records.ids[owners[found[differ]]].tolist(), records.ids[order[starts[at[differ]]]].tolist(), strict=True)
        )
        lots = [pairs[i : i + LOT] for i in range(0, len(pairs), LOT)]
        suspects = [suspect for found in run.map(self.compare, lots) for suspect in found]
        mended = np.array([suspect.mended for suspect in suspects], np.uint64)
        continued = among(mended, known) | among(mended, np.sort(prompts[among(prompts, np.sort(mended))]))
        for (finding, _, long), sure in zip(suspects, continued.tolist(), strict=True):
            if sure or long:
                yield finding if sure or long > 1 or expanded else finding._replace(severity="info")

    def compare(self, records: Mapping[int, Record], pairs: list[tuple[int, int]]) -> list[Suspect]:
        """Of each record and the one that it was expanded from, both read again, where they differ."""
        return [suspect for later, earlier in pairs if (suspect := self._compare(records[later], records[earlier]))]

    def _compare(self, record: Record, earlier: Record) -> Suspect | None:
        said, before = _said(record), [turn for turn in _said(earlier) if turn[0] < earlier.layout.target[0]]
        if len(said) <= len(before):
            return None  # only the hashes agree
        same = [(role, text.strip()) for _, role, text in said[: len(before)]] == [
            (role, text.strip()) for _, role, text in before
        ]
        part, role, text = said[len(before)]
        if not same or role != "assistant" or fold(text) == fold(earlier.target):
            return None
        spoken = [text for _, role, text in before if role != "system"]
        long = 2 if len(spoken) > 1 else int(len("".join(spoken).encode("utf-8", "replace")) >= BYTES)
        mended = [*before, (part, role, earlier.target), *said[len(before) + 1 : len(before) + 2]]
        return Suspect(self.finding(place(record, part), related=[earlier.id]), key_of([turn[1:] for turn in mended]), long)


LOT = 200  # records for a worker
BYTES = 60  # of one question that few dialogues begin with: 20 Chinese characters


def _said(record: Record) -> list[tuple[int, str, str]]:
    """The number, the speaker and the words of every text that somebody says."""
    layout = record.layout
    return [(i, layout.roles[layout.turns[i]], record.texts[i]) for i in layout.texts if i not in layout.asides]
