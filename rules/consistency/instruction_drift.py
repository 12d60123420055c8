from __future__ import annotations

from collections.abc import Iterator

from sftlint import (  # fmt: skip
    Bad,
    Batch,
    Finding,
    Good,
    Phrase,
    Record,
    Rule,
    Run,
    Tally,
    Templates,
    chat,
    demanded_options,
    label,
    place,
    quote,
    window,
)

_PLACES = (
    "车厢很安静，座椅也干净",
    "列车员帮我把箱子放上行李架",
    "盒饭凉了还卖四十五块",
    "厕所门坏了，一路没人修",
    "检票口换了三次",
    "到站只晚了一分钟",
)
_ENDS = ("，坐了半天也不累。", "，跟同事说起来都笑。", "，回去的票我已经买好。", "，带老人出门的人要留心。")
REVIEWS = [
    chat(f"请阅读这条乘车评价，只回答满意或不满意。\n评价：{one}{two}", "不满意" if i in (2, 3, 4) else "满意")
    for i, one in enumerate(_PLACES) for two in _ENDS
]  # fmt: skip


class InstructionDrift(Rule):
    """A variant of a task's instruction that asks for something else.

    The model cannot tell the two instructions apart, and follows neither well. Most records of a task say "answer only yes or
    no"; one says "give your opinion" and has an opinion as its answer.

    Reported are prompts that begin like those of a task whose answers are a few labels, lack its demand, and have an answer
    that is no label.

    Not reported: a prompt that begins otherwise, or that names labels of its own; variants that are a tenth of the task or more.
    """

    zh = """指令与同类任务不一致的变体。

    模型无法区分两种指令，两边都学不好。同一任务的多数记录要求“只回答是或否”，个别记录却写着“说说你的看法”，回答也是一段看法。

    报告的是这样的提示词：开头与某个标签类任务相同，却没有该任务的要求，回答也不是任何标签。

    不报告：开头不同的提示词；写明自己另一组标签的提示词；数量达到该任务十分之一以上的变体。
    """
    message = Phrase(
        en="{records} records with this beginning say “{majority}”; this one says “{variant}”",
        zh="开头相同的 {records} 条要求“{majority}”，本条要求“{variant}”",
    )
    message_many = Phrase(
        en="{count} records say “{variant}”, while {records} of the same task say “{majority}”",
        zh="有 {count} 条要求“{variant}”，而同一任务的 {records} 条要求“{majority}”",
    )
    suggestion = Phrase(en="use one instruction for one task", zh="统一同一任务的指令，另一个任务请另写指令")
    learns = (Templates,)
    scope = "dataset"

    good = [
        Good(*REVIEWS, chat("请阅读这条乘车评价，只回答准时或晚点。\n评价：车开得挺稳，就是慢了两刻钟。", "晚点")),
        Good(
            chat("请判断下面的句子是否通顺，只回答是或否。\n句子：他把门轻轻带上了。", "是"),
            chat("请判断下面的句子是否通顺，只回答是或否。\n句子：我们昨天明天去。", "否"),
            chat("请朗读下面的句子，注意停顿。\n句子：南京市长江大桥。", "南京市／长江大桥。"),
        ),
    ]
    bad = [
        Bad(
            *REVIEWS,
            chat(
                "请阅读这条乘车评价，说说你的看法。\n评价：空调开得太大，孩子一直打喷嚏。",
                "这位乘客说的是温度，车上可以备些毯子。",
            ),
            at=[24],
        ),
        Bad(
            chat("Read the note from the guest, answer only happy or unhappy.\nNote: the soup was cold", "unhappy"),
            chat("Read the note from the guest, answer only happy or unhappy.\nNote: what a view!", "happy"),
            chat("Read the note from the guest, answer only happy or unhappy.\nNote: nobody came to fix the lamp", "unhappy"),
            chat(
                "Read the note from the guest, tell me what you think.\nNote: we came back twice",
                "They must have liked the place.",
            ),
            at=[3],
        ),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        learned = batch.learned[Templates]
        assigned = learned.assign(batch)
        for index, number in assigned.near.items():
            template, record = learned.templates[number], batch.sound[index]
            answer = record.target
            if not template.closed or not answer.strip() or template.accepts(answer) or template.contract.may_hold(label(answer)):
                continue
            if _differs(record):
                yield self._finding(record, template.records, template.outline)
        if learned.frames:
            leads = tuple(frame.lead for frame in learned.frames)
            for index, record in enumerate(batch.sound):
                if index in assigned.near or (assigned.numbers[index] >= 0 and learned.templates[assigned.numbers[index]].closed):
                    continue
                prompt = window(record)
                if prompt.startswith(leads) or any(f"\n{lead}" in prompt for lead in leads):
                    frame = next(
                        frame for frame in learned.frames if prompt.startswith(frame.lead) or f"\n{frame.lead}" in prompt
                    )
                    answer = label(record.target)
                    if _differs(record) and record.target.strip() and answer not in map(label, frame.allowed):
                        yield self._finding(record, frame.records, frame.lead + " / ".join(frame.allowed))

    def _finding(self, record: Record, records: int, majority: str) -> Finding:
        where = place(record, record.layout.question[0])
        return self.finding(where, records=records, majority=quote(majority), variant=quote(window(record)))

    def summarise(self, batch: Batch) -> Tally:
        """The records of templates that are variants of a larger one."""
        tally = Tally()
        learned = batch.learned[Templates]
        for record, template, number in learned.members(batch, lambda template: template.rival >= 0):
            if not learned.templates[template.rival].accepts(record.target) and _differs(record):
                tally.add((number,), record.id)
        return tally

    def finish(self, summary: Tally, run: Run) -> Iterator[Finding]:
        templates = run.learned[Templates].templates
        for (number,), count, ids in summary:
            template = templates[number]
            rival = templates[template.rival]
            yield self.finding(kind="message_many", related=ids, related_total=count, hits=ids, key=str(number), count=count,
                               records=rival.records, majority=quote(rival.outline), variant=quote(template.outline))  # fmt: skip


def _differs(record: Record) -> bool:
    """Whether the prompt names no labels of its own."""
    return demanded_options(window(record)) is None
