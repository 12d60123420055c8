"""Turns out of order, of nobody, or said twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Pattern, Phrase, Roles, Rule, chat, place, quote

_WISHES = (
    ("四川", "辣火锅"), ("西安", "羊肉泡馍"), ("海边", "清蒸石斑"), ("内蒙古", "手把肉"), ("贵州", "酸汤鱼"), ("杭州", "西湖醋鱼"),
    ("新疆", "大盘鸡"), ("顺德", "双皮奶"), ("武汉", "热干面"), ("东北", "锅包肉"), ("云南", "过桥米线"), ("北京", "铜锅涮肉"),
)  # fmt: skip
_TRADES = ("plumber", "florist", "locksmith", "dentist", "tailor", "baker", "vet", "barber", "glazier", "optician", "cobbler")
DIALOGUES = [
    *(
        chat(
            f"我下周去{where}玩，哪里能吃到{dish}？",
            f"建议您去{where}的老街，{dish}以小店居多，您可以提前预订。",
            f"{dish}我一个人吃得完吗？",
            f"建议您点小份的{dish}，服务员可以为您推荐搭配。",
        )
        for where, dish in _WISHES
    ),
    *(
        chat(
            f"I need a {trade}, is there one nearby?",
            f"Sure! Here is the nearest {trade}: two streets north of you.",
            f"Is the {trade} open today?",
            f"Sure! The {trade} is open until six.",
        )
        for trade in _TRADES
    ),
]


class SwappedSpeakers(Rule):
    """A dialogue whose sides are exchanged: the user's turns read like answers, and the answers like questions.

    The model learns to play the user. It happens where a dialogue begins with the assistant's greeting, or where a turn was lost
    and everything behind it moved by one.

    How users and assistants of this set speak is learned from its other dialogues, so that no language or kind of assistant is
    presupposed.

    Also reported, whatever was learned: a question that opens as only an assistant does, "Sure, here is the translation:" or
    "As an AI language model, I".

    Not reported: records with one round that do not open so; sets with fewer than `least` dialogues; talk of equals, where the
    roles learned from one half of the dialogues cannot tell those of the other half apart.
    """

    zh = """问答双方颠倒的对话：用户轮次读起来像回答，回答反而像提问。

    模型会学着扮演用户。常见原因是对话以助手的问候语开头，或者中间丢了一轮，后面的内容整体错位。

    用户和助手各自怎么说话，是从同一数据集的其他对话中学到的，因此不预设语言，也不预设助手的类型。

    无论学到了什么，以助手口吻开头的提问也会报告，例如“好的，以下是翻译：”“作为一个AI语言模型，我……”。

    不报告：没有这种开头的单轮数据；多轮对话少于 `least` 段的数据集；双方地位对等的闲聊，即用一半对话学到的角色特征无法区分另一半对话的双方。
    """
    message = Phrase(
        en="{field} reads like a user's turn, and what is asked like an assistant's",
        zh="{field} 读起来像用户的话，而提问像助手的话",
    )
    message_opens = Phrase(en="the question opens like an assistant's answer: “{said}”", zh="提问的开头像助手的回答：“{said}”")
    suggestion = Phrase(
        en="exchange the sides, put in the turn that is missing, or cut what does not belong there",
        zh="对调双方，补上缺失的一轮，或删去不属于这里的开头",
    )

    learns = (Roles,)

    good = [
        Good(chat("你好，需要办什么？", "我想改签。", "好的，请问订单号是多少？", "尾号是七三。")),
        Good(*DIALOGUES, least=20),
        Good(
            chat("Sure, I know the way. How long does it take by tram?", "About ten minutes."),
            chat("作为一名教师，我该怎样准备第一节课？", "先了解学生的程度，再定下一个小目标。"),
            chat("As an AI researcher, I need good notes. How do I keep them?", "Write down every run on the day you make it."),
        ),
    ]
    bad = [
        Bad(
            *DIALOGUES,
            chat(
                "您好！建议您先看看菜单。",
                "哪里能吃到烤鸭？",
                "建议您去前门，烤鸭以老店居多，您可以提前预订。",
                "我一个人吃得完吗？",
            ),
            at=[len(DIALOGUES)],
            least=20,
        ),
        Bad(
            chat(
                "Sure! Here is the nearest bank: behind the station.",
                "Is the bank open today?",
                "Sure! The bank is open until four.",
                "I need a map, is there one nearby?",
            ),
            *DIALOGUES,
            least=20,
        ),
        Bad(
            chat("Sure, here's the sentence in Chinese:\n\n把这句话改短：我们因为下雨所以没有出门。", "下雨，我们没出门。"),
            chat("好的，以下是翻译：\n\n列出三种会游泳的鸟。", "企鹅、天鹅、绿头鸭。"),
            chat("很抱歉，作为一个人工智能助手，我不能运行程序。不过可以先检查括号。", "```python\nprint((1 + 2) * 3)\n```"),
            at=(0, 1, 2),
        ),
    ]

    opens = Pattern(
        r"\A\s*(?:(?:Sure|Certainly|Of course|Absolutely)[,!.]\s+[Hh]ere(?:'s|’s| is| are) (?:the|a|an|your|some|my)\b"
        r"|(?:好的|当然(?:可以)?)[，,！!。]\s*(?:以下是|下面是|这是(?:翻译|一[个份篇段]|为您|您))"
        r"|(?:很?抱歉|对不起)[，,。](?:但是?)?(?:作为|我是?[^\n。]{0,30}作为)一?[个名款]?(?:AI|人工智能)"
        r"|作为一[个名款](?:AI|人工智能)(?:语言)?(?:模型|助手)[，,]?\s?我|As an AI (?:language )?model,? I\b)",
        scan=r"^\s*(?:(?:Sure|Certainly|Of course|Absolutely)[,!.]|好的[，,！!。]|当然|很?抱歉|对不起|作为一[个名款](?:AI|人工智能)|As an AI )",
        prompts=True,
    )
    least: Annotated[int, "dialogues of more than one round from which on roles are learned"] = 100

    def check(self, batch: Batch) -> Iterator[Finding]:
        yield from self._opening(batch)
        roles: Roles = batch.learned[Roles]
        if roles.dialogues >= self.least and roles.certain:
            for record in roles.exchanged_in(batch):
                yield self.finding(place(record, record.layout.target[0]))

    def _opening(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.questions.holding(self.opens):
            if found := self.opens.regex.match(text):
                yield self.finding(place(record, part, *found.span()), kind="message_opens", said=quote(text.strip()))
