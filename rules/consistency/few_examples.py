from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Phrase, Rule, Run, Tally, Templates, chat, quote

_GUESTS = ("修鞋匠", "女教师", "小学生", "老船长", "面包师", "画家", "摄影师", "护林员")
_DEEDS = (
    "把雨伞忘在了公交车上，晚上才想起来。",
    "每天清晨绕着湖跑三圈，风雨无阻。",
    "在集市上挑了一只会说话的鹦鹉。",
    "写了一封长信，却没有贴邮票。",
)
LINES = [f"句子里的人在室内还是室外？请回答室内、室外或不明。\n{guest}{deed}" for guest in _GUESTS for deed in _DEEDS]
_WHERE = ("室外", "室外", "不明", "室内")


class FewExamples(Rule):
    """A label with only a few records.

    From a handful of examples the model learns these examples, and not what the label means.

    Told once per instruction, with its labels of which there are fewer than `least` records.

    Not reported: tasks with fewer than `records` records; a label that is also far rarer than the others, which is label-imbalance.
    """

    zh = """某个标签只有很少几条记录。

    只有几条样例时，模型记住的是这几条样例，而不是标签的含义。

    每个指令只报告一次，列出记录数不足 `least` 条的标签。

    不报告：不足 `records` 条的任务；比其他标签少得多的标签，那属于标签不均衡。
    """
    message = Phrase(en="“{instruction}”: few records for {labels}", zh="“{instruction}”：{labels} 的记录太少")
    suggestion = Phrase(en="write at least {least} records for each label", zh="每个标签至少准备 {least} 条")
    severity = "info"
    scope = "dataset"
    learns = (Templates,)
    reads_evaluation = False
    yields_to = ("label-imbalance",)

    least: Annotated[int, "records that a label should have"] = 20
    records: Annotated[int, "records from which on a task is judged"] = 100

    good = [Good(*[chat(line, _WHERE[i % 4]) for i, line in enumerate(LINES)], least=8, records=30)]
    bad = [Bad(*[chat(line, _WHERE[i % 4]) for i, line in enumerate(LINES)], at=[None], least=10, records=30)]

    def summarise(self, batch: Batch) -> Tally:
        return batch.learned[Templates].labels(batch)

    def finish(self, summary: Tally, run: Run) -> Iterator[Finding]:
        totals: dict[int, int] = {}
        for (number, _), count, _ in summary:
            totals[number] = totals.get(number, 0) + count
        rare: dict[int, list[tuple[str, int, list[int]]]] = {}
        for (number, name), count, ids in summary:
            if count < self.least and totals[number] >= self.records:
                rare.setdefault(number, []).append((name, count, ids))
        for number, labels in rare.items():
            template = run.learned[Templates].templates[number]
            said = " / ".join(f"{quote(template.contract.labels[name][0])} ({count})" for name, count, _ in labels)
            ids = sorted(id for _, _, held in labels for id in held)
            total = sum(count for _, count, _ in labels)
            yield self.finding(key=str(number), related=ids, related_total=total, hits=ids, labels=quote(said, 120),
                               instruction=quote(template.outline), least=self.least)  # fmt: skip
