from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sftlint import (
    FIRST,
    LAST,
    TELLING,
    Bad,
    Batch,
    Boilerplate,
    Buckets,
    Finding,
    Good,
    Phrase,
    Record,
    Rule,
    Run,
    chat,
    events,
    met,
    stretch,
    told,
)


class ShiftedTargets(Rule):
    """Answers that stand beside the wrong question: the one above or below is theirs.

    The model learns answers that have nothing to do with what was asked. An export moved one column by a line, a merge joined
    questions and answers by position after a record was lost.

    An answer tells where it belongs when it shares a rare phrase (five Chinese characters, three English words) with a neighbouring question and none with its own prompt.
    One finding for the stretch of a file where most answers that tell anything belong a line further, in the same direction.

    Not reported: stretches that fewer than six answers, or one in 20,000 records, tell of; answers in other words than the question,
    such as labels; neighbours in the same dialogue; two answers that were exchanged.
    """

    zh = """答案与问题错位：回答对应的是上一条或下一条的问题。

    模型学到的回答与问题毫不相干。多半是导出时某一列错了一行，或丢失一条记录之后仍按位置拼接问题与答案。

    一条回答与相邻的问题有罕见的共同文字（五个汉字或三个英文单词以上）、与自己的提示词却一处也没有，就说明它放错了位置。文件中有一段，能看出归属的回答大多朝同一方向错开一行，这一段报告一次。

    不报告：看得出错位的回答不到六条（或不到记录数的两万分之一）的段落；用词与问题不同的回答，如标签；同一段对话中的相邻记录；两条回答互相对调。
    """
    message = Phrase(
        en="from here to row {first} answers stand beside the wrong question: {count} of them belong to the question {side}",
        zh="从这里到第 {first} 行，回答与问题错位：其中 {count} 条回答对应的是{side}的问题",
    )
    suggestion = Phrase(en="join questions and answers again by their ids", zh="按编号重新对应问题与回答")
    scope = "dataset"
    learns = (Boilerplate,)

    _told = (
        ("铁栏杆生锈怎么处理？", "铁栏杆生锈要先用砂纸打磨，再刷两遍防锈漆。"), ("腌黄瓜发苦是什么原因？", "腌黄瓜发苦多半是用了没有熟透的瓜。"),
        ("木门在夏天为什么关不上？", "木门在夏天会吸潮膨胀，所以变紧。"),
        ("怎样辨别蜂蜜的真假？", "辨别蜂蜜的真假可以看它在低温下怎么结晶。"), ("自行车链条多久上一次油？", "自行车链条每骑两百公里上一次油就够。"),
        ("自制酸奶需要发酵多久？", "自制酸奶需要发酵八个小时，天冷就再等等。"),
        ("阳台上能种草莓吗？", "阳台上能种草莓，只要每天有六小时的太阳。"), ("泡发的木耳能放几天？", "泡发的木耳能放一天，超过就会变质。"),
    )  # fmt: skip
    _said = (
        ("Where is the old Kelton stone bridge?", "The old Kelton stone bridge crosses the river at the mill."),
        ("Why do wooden doors swell in summer?", "Wooden doors swell in summer as the grain takes up damp air."),
        ("What is the best way to store dried mushrooms?", "The best way to store dried mushrooms is a tin with a tight lid."),
        ("When is the right time to prune apple trees?", "The right time to prune apple trees is a dry day in February."),
        ("What does the pilot of a harbour do?", "The pilot of a harbour steers foreign ships past the rocks."),
        ("How does a copper wind vane turn?", "A copper wind vane turns until both of its sides feel as much wind."),
        ("Why is the last night bus so late?", "The last night bus so often waits for the ferry that nobody is surprised."),
        ("Who carved the stalls of the choir?", "Two brothers carved the stalls of the choir from one oak."),
    )
    _moved, _late = ([chat(asked, given) for (asked, _), (_, given) in zip(one, (*one[1:], one[0]), strict=True)] for one in (_told, _said))
    good = [
        Good(*(chat(*both) for both in _told)),
        Good(*(chat(asked, "不清楚") for asked, _ in _told)),
        Good(*(chat("我想了解：" + asked, given, then, "好的，先谈" + then) for (asked, given), (then, _) in pairwise(_told))),
        Good(*(chat(*both) for both in _told[:2]), *_moved[4:6]),
    ]
    bad = [
        Bad(*_moved, at=[0]),
        Bad(*_late, at=[0]),
    ]

    def summarise(self, batch: Batch) -> Buckets:
        return events(batch, batch.learned[Boilerplate])

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        rows = summary.take(np.argsort(summary.ids))
        self._join(rows, run)
        files = rows.ids >> 40
        for file in np.unique(files).tolist():
            mine = rows.take(files == file)
            least = max(LEAST, run.counts[file].records // SPARSE)
            for above, side in ((True, ABOVE_IT), (False, BELOW_IT)):
                found = stretch(mine, above)
                if found.more >= max(least, MOSTLY * found.shown) and self._sure(found.first, run):
                    first, *others = (id for id, _ in found.first)
                    related = [found.last, *(id for id in others if id != found.last)]
                    yield self.finding(first, related=related, related_total=found.shown - 1, count=found.shown, side=side)

    def _sure(self, pairs: list[tuple[int, int]], run: Run) -> bool:
        """Whether half of the answers, read again, share with their neighbours' questions what the others do not."""
        telling = next(iter(run.map(self.tell, [Lot(pairs, run.learned[Boilerplate])])))
        return 2 * sum(telling) >= len(telling)

    def tell(self, records: Mapping[int, Record], lot: Lot) -> list[bool]:
        """Whether each answer tells that it belongs to the neighbour."""
        found = told([(records[one], records[other]) for one, other in lot.pairs], lot.boilerplate)
        return [shingles >= TELLING for shingles in found]

    def _join(self, rows: Buckets, run: Run) -> None:
        """Add to *rows* what the last record of each batch and the first of the next have to do with each other."""
        last, first = rows.keys & np.uint64(LAST) != 0, rows.keys & np.uint64(FIRST) != 0
        ends = np.flatnonzero(last[:-1] & first[1:] & (rows.ids[:-1] >> 40 == rows.ids[1:] >> 40))
        pairs = list(zip(rows.ids[ends].tolist(), rows.ids[ends + 1].tolist(), strict=True))
        lots = [Lot(pairs[i : i + LOT], run.learned[Boilerplate]) for i in range(0, len(pairs), LOT)]
        flags = np.array([both for lot in run.map(self.meet, lots) for both in lot], np.uint64).reshape(-1, 2)
        rows.keys[ends] |= flags[:, 0]
        rows.keys[ends + 1] |= flags[:, 1]
        downward, upward = ends[flags[:, 0] > 0], ends[flags[:, 1] > 0] + 1
        rows.more[1][downward] = rows.ids[downward + 1]
        rows.more[1][upward] = rows.ids[upward - 1]

    def meet(self, records: Mapping[int, Record], lot: Lot) -> list[tuple[int, int]]:
        """What there is to say of each two records."""
        return [met(records[one], records[other], lot.boilerplate) for one, other in lot.pairs]


LOT = 100  # pairs of records for a worker
MOSTLY = 0.6  # of the answers that show it, which those that show something else may not outweigh
LEAST, SPARSE = 6, 20_000  # answers that must show it, and records of which one must
ABOVE_IT, BELOW_IT = Phrase(en="above", zh="上一条"), Phrase(en="below", zh="下一条")


class Lot(NamedTuple):
    """Neighbours for a worker to compare."""

    pairs: list[tuple[int, int]]
    boilerplate: Boilerplate
