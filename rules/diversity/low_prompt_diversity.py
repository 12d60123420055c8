from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
import xxhash

from sftlint import Bad, Batch, Buckets, Finding, Good, Phrase, Rule, Run, chat

_TOWNS = ("青石镇", "柳树湾", "白云坡", "红枫渡", "长桥村")
_SIGHTS = ("老戏台", "石拱桥", "油菜花田", "竹编作坊", "清晨的鱼市", "山顶的灯塔", "百年的水磨", "河边的茶馆")
_ASKED = "你是一名熟悉当地的导游，请为第一次来旅行的客人推荐一个值得停下来慢慢看的地方，并说明理由"


class LowPromptDiversity(Rule):
    """A set in which a few prompts stand again and again with different answers.

    The model sees hardly any questions and learns nothing about others. A fixed instruction is fine where its content varies:
    compared are whole prompts with their content and history.

    Told once for the set, when at most the share `share` of its prompts are different.

    Not reported: sets with fewer than `least` records; short prompts, of which contentless-prompt speaks; copies of a record,
    of which exact-duplicate speaks.
    """

    zh = """数据集中少数几个提示词反复出现，回答却各不相同。

    模型几乎见不到别的问题，也就学不会回答别的问题。指令固定、内容变化是正常的：比较的是连同内容和历史在内的整个提示词。

    不同提示词所占比例不超过 `share` 时，对整个数据集报告一次。

    不报告：不足 `least` 条的数据集；简短的提示词，那由 contentless-prompt 报告；整条重复的记录，那由 exact-duplicate 报告。
    """
    message = Phrase(
        en="only {different} different prompts in {records} records", zh="{records} 条数据中只有 {different} 个不同的提示词"
    )
    suggestion = Phrase(
        en="vary the prompts as users would, and put what decides the answer in them",
        zh="像真实用户那样变换提示词，并写明决定答案的信息",
    )
    scope = "dataset"
    reads_evaluation = False

    least: Annotated[int, "records from which on the set is judged"] = 100
    share: Annotated[float, "share of different prompts that is too little, 0 to 1", (0, 1)] = 0.2

    good = [
        Good(
            *[
                chat(f"{_ASKED}：{town}的{sight}", f"{town}的{sight}很安静，适合待上一下午。")
                for town in _TOWNS
                for sight in _SIGHTS
            ],
            least=40,
        )
    ]
    bad = [
        Bad(
            *[chat(_ASKED + "。", f"我推荐{town}的{sight}。") for town in _TOWNS for sight in _SIGHTS],
            at=[None],
            least=40,
            ignore=("conflicting-targets",),
        )
    ]

    def summarise(self, batch: Batch) -> Buckets | None:
        ids, keys, answers = [], [], []
        digest, encoded, stop = xxhash.xxh3_64_intdigest, batch.texts.encoded, 0
        for record in batch.records:
            start, stop = stop, stop + len(record.texts)
            if stop - start > 1 and record.sound and record.layout.target and (stop - start > 2 or len(record.texts[0]) > 30):
                ids.append(record.id)
                keys.append(digest(encoded[start] if stop - start == 2 else b"\xff".join(encoded[start : stop - 1])))
                answers.append(digest(encoded[stop - 1]))
        return Buckets(ids, keys, answers) if ids else None

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        pairs = summary.keys ^ (summary.more[0] * np.uint64(0x9E3779B97F4A7C15))
        _, first = np.unique(pairs, return_index=True)
        records = len(first)  # copies count once
        prompts, counts = np.unique(summary.keys[first], return_counts=True)
        training = sum(count.sound for file, count in zip(run.files, run.counts, strict=True) if file.split == "train")
        if records >= self.least and 2 * records >= training and len(prompts) <= self.share * records:
            common = prompts[np.argsort(-counts, kind="stable")[0]]
            ids = np.sort(summary.ids[summary.keys == common]).tolist()
            yield self.finding(related=ids, related_total=int(counts.max()), different=len(prompts), records=records)
