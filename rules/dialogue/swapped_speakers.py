"""Turns out of order, of nobody, or said twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Phrase, Roles, Rule, chat, place

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

    Not reported: records with one round; sets with fewer than `least` dialogues; talk of equals, where the roles learned from
    one half of the dialogues cannot tell those of the other half apart.
    """

    zh = """问答双方颠倒的对话：用户轮次读起来像回答，回答反而像提问。

    模型会学着扮演用户。常见原因是对话以助手的问候语开头，或者中间丢了一轮，后面的内容整体错位。

    用户和助手各自怎么说话，是从同一数据集的其他对话中学到的，因此不预设语言，也不预设助手的类型。

    不报告：只有一轮的数据；多轮对话少于 `least` 段的数据集；双方地位对等的闲聊，即用一半对话学到的角色特征无法区分另一半对话的双方。
    """
    message = Phrase(
        en="{field} reads like a user's turn, and what is asked like an assistant's",
        zh="{field} 读起来像用户的话，而提问像助手的话",
    )
    suggestion = Phrase(en="exchange the sides, or put in the turn that is missing", zh="对调双方，或补上缺失的一轮")

    learns = (Roles,)

    good = [
        Good(chat("你好，需要办什么？", "我想改签。", "好的，请问订单号是多少？", "尾号是七三。")),
        Good(*DIALOGUES, least=20),
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
    ]

    least: Annotated[int, "dialogues of more than one round from which on roles are learned"] = 100

    def check(self, batch: Batch) -> Iterator[Finding]:
        roles: Roles = batch.learned[Roles]
        if roles.dialogues >= self.least and roles.certain:
            for record in roles.exchanged_in(batch):
                yield self.finding(place(record, record.layout.target[0]))
