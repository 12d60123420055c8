from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Phrase, Rule, Run, Tally, Templates, chat, quote

_CITIES = ("泉州", "大理", "敦煌", "绍兴", "青岛", "喀什", "哈密", "西宁")
_THINGS = ("老城墙", "夜市小吃", "海边栈道", "手工作坊", "民间戏班", "博物馆的铜镜", "雨后的石板路", "清晨的早市")
NOTES = [
    chat(f"请用导游的口吻讲讲这个地方：{city}的{thing}", f"各位请看，{city}的{thing}，是本地人从小看到大的。")
    for city in _CITIES for thing in _THINGS
]  # fmt: skip


class DominantTemplate(Rule):
    """One instruction that most records share.

    A model trained on one instruction alone answers in its manner whatever it is asked. That is fine for a set that is
    meant for this one task.

    Told once, with the share.

    Not reported: sets with fewer than `least` records; tasks whose answers are labels, JSON or numbers, which are clear tasks.
    """

    zh = """大多数记录使用同一条指令。

    只用一条指令训练的模型，无论被问什么都会用同一种方式回答。如果这个数据集本来就只为这一个任务，则没有问题。

    只报告一次，并给出比例。

    不报告：不足 `least` 条的数据集；回答是标签、JSON 或数字的任务，它们本身就是明确的任务。
    """
    message = Phrase(
        en="{count} of {total} records have the instruction “{instruction}”",
        zh="{total} 条数据中有 {count} 条的指令是“{instruction}”",
    )
    suggestion = Phrase(
        en="if the model is to do more than this, add other tasks and other wordings",
        zh="若模型不止做这一件事，请补充其他任务和其他措辞",
    )
    severity = "info"
    scope = "dataset"
    reads_evaluation = False
    learns = (Templates,)

    least: Annotated[int, "records from which on the set is judged"] = 500
    share: Annotated[float, "share of the records that one instruction may have, 0 to 1", (0, 1)] = 0.5

    good = [Good(*NOTES[:60], ignore=("near-duplicate",))]
    bad = [Bad(*NOTES, at=[None], least=60, ignore=("near-duplicate",))]

    def summarise(self, batch: Batch) -> Tally:
        tally = Tally()
        learned = batch.learned[Templates]
        tally.add((-1,), 0, len(batch.sound))
        for record, _, number in learned.members(batch, lambda one: one.records >= 0.4 * self.share * learned.records):
            tally.add((number,), record.id)
        return tally

    def finish(self, summary: Tally, run: Run) -> Iterator[Finding]:
        counts = {number: (count, ids) for (number,), count, ids in summary}
        total, _ = counts.pop(-1)
        for number, (count, ids) in counts.items():
            template = run.learned[Templates].templates[number]
            if total >= self.least and count > self.share * total and not template.contract.firm:
                yield self.finding(key=str(number), related=ids, related_total=count, count=count, total=total,
                                   instruction=quote(template.outline))  # fmt: skip
