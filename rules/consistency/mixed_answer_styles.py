from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Phrase, Rule, Run, Tally, Templates, chat, is_json, label, quote

_THINGS = (
    "一袋大米",
    "两盏台灯",
    "三本旧书",
    "四把雨伞",
    "五条毛巾",
    "六个纸箱",
    "七只瓷碗",
    "八张地图",
    "九支铅笔",
    "十双布鞋",
    "半筐橘子",
    "一对枕头",
)
_WAYS = ("从码头寄到山里的学校要走多久", "放在阁楼上会不会受潮变形")
ANSWERS = [
    chat(f"请判断这个问题该由谁来答，仓库还是物流：\n{thing}{way}？", "物流" if k == 0 else "仓库" if i % 2 else long)
    for i, (thing, long) in enumerate(
        zip(
            _THINGS,
            (
                "这件事情要先看天气，潮湿的时候应该交给看管库房的同事来回答。", "", "旧书最怕潮，所以我觉得应当问仓库里负责通风的那位老师傅比较合适。",
                "", "毛巾放久了会发黄，一般是库房的人更清楚怎么保存才好。", "", "瓷碗不怕潮，但是要防压坏，还是请库房的同事来说明吧。",
                "", "铅笔受潮以后笔杆会弯，这类保存的问题通常归库房来管。", "", "橘子放在阁楼上容易烂，最好问问库房平时怎样通风。", "",
            ), strict=True,
        )
    )
    for k, way in enumerate(_WAYS)
]  # fmt: skip


class MixedAnswerStyles(Rule):
    """One instruction whose answers fall into two styles.

    Some answers are bare labels or JSON, and many others are prose. The model will switch between the two at random.

    Told once per instruction, with the share of each style. A style that nearly all answers have is a rule, and what breaks
    it is an inconsistent target.

    Not reported: instructions with fewer than 20 different prompts; short answers of many kinds; questions of which some can be
    answered with yes or no and others cannot.
    """

    zh = """同一指令的回答有两种风格。

    一部分回答只有标签或 JSON，另外许多回答却是整段文字。模型会在两者之间随意切换。

    每个指令只报告一次，并给出两种风格的比例。如果几乎所有回答都是同一种风格，个别例外会作为“回答不一致”报告。

    不报告：不足 20 个不同提示词的指令；种类很多的简短回答；有的问题能用是或否回答、有的不能。
    """
    message = Phrase(
        en="{styled} of {count} answers to “{instruction}” are {style}, the others are not",
        zh="“{instruction}”的 {count} 条回答中有 {styled} 条是{style}，其余不是",
    )
    suggestion = Phrase(
        en="choose one style, or say in the instruction which one is wanted", zh="统一回答风格，或在指令中写明要哪一种"
    )
    learns = (Templates,)
    scope = "dataset"
    good = [
        Good(*[chat(record["context"][0], "物流" if i % 2 == 0 else "仓库") for i, record in enumerate(ANSWERS)]),
        Good(
            *[
                chat(
                    record["context"][0].replace("请判断这个问题该由谁来答，仓库还是物流", "请回答仓库收到的问题"),
                    {"物流": "有", "仓库": "没有"}.get(record["target"], record["target"]),
                )
                for record in ANSWERS
            ]
        ),
    ]
    bad = [Bad(*ANSWERS, at=[None])]

    def summarise(self, batch: Batch) -> Tally:
        tally = Tally()
        for record, template, number in batch.learned[Templates].members(batch, lambda template: bool(template.contract.mixed)):
            contract = template.contract
            styled = is_json(record.target) if contract.mixed == "json" else label(record.target) in contract.labels
            tally.add((number, styled), record.id)
            if not styled and record.target.lstrip().casefold().startswith(tuple(contract.labels)):
                tally.add((number, "opens"), record.id)
        return tally

    def finish(self, summary: Tally, run: Run) -> Iterator[Finding]:
        held = {key: (count, ids) for key, count, ids in summary}
        for number in sorted({number for number, _ in held}):
            template = run.learned[Templates].templates[number]
            styled, _ = held.get((number, True), (0, []))
            others, ids = held.get((number, False), (0, []))
            opens, _ = held.get((number, "opens"), (0, []))
            if template.contract.mixed == "labels" and POLAR.issuperset(template.contract.labels) and 2 * opens < others:
                continue  # what was asked decides, and not the style
            if styled and others:
                style = Phrase("JSON", " JSON")
                if template.contract.mixed == "labels":
                    labels = " / ".join(quote(shown) for shown, _ in template.contract.labels.values())
                    style = Phrase(f"just {labels}", f"单独的 {labels}").escaped()
                yield self.finding(key=str(number), related=ids, related_total=others, hits=ids, styled=styled,
                                   count=styled + others, style=style, instruction=quote(template.outline))  # fmt: skip


#: Answers to questions that can be answered with yes or no.
POLAR = frozenset(
    """yes no true false correct incorrect right wrong 是 否 不是 对 错 不对 正确 错误 不正确 有 没有 能 不能 会 不会 可以 不可以 是的 行 不行""".split()
)
