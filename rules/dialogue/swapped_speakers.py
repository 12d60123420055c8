from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Pattern, Phrase, Record, Roles, Rounds, Rule, chat, place, quote

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
ROUNDS = [
    *(
        chat(
            f"{where}的{dish}怎么做？",
            f"做{dish}并不难。首先备好食材洗净，然后下锅用小火慢慢煮，最后撒上葱花就可以上桌了。这是{where}人家常见的做法。",
        )
        for where, dish in _WISHES
    ),
    *(
        chat(
            f"How do I find a good {trade}?",
            f"Ask your neighbours first. A {trade} who has worked in one street for years is seldom a bad one, and prices are known there.",
        )
        for trade in _TRADES
    ),
]
EXCHANGED = [chat(record["target"], record["context"][0]) for record in (*ROUNDS[:4], *ROUNDS[-2:])]


class SwappedSpeakers(Rule):
    """A dialogue whose sides are exchanged: the user's turns read like answers, and the answers like questions.

    The model learns to play the user. It happens where a dialogue begins with the assistant's greeting, where a turn was lost
    and everything behind it moved by one, or where two columns of a table were taken for each other.

    How users and assistants of this set speak is learned from its other dialogues, so that no language or kind of assistant is
    presupposed. Records of one round are compared with other records of one round, and reported where at least five are exchanged.

    Also reported, whatever was learned: a question that opens as only an assistant does, "Sure, here is the translation:" or
    "As an AI language model, I".

    Not reported: sets with fewer than `least` dialogues, or records of one round; talk of equals, where the roles learned from one
    half of the set cannot tell those of the other half apart; single rounds in which only the question has a question mark, or
    that open with a command or ask for a question.
    """

    zh = """问答双方颠倒的对话：用户轮次读起来像回答，回答反而像提问。

    模型会学着扮演用户。常见原因是对话以助手的问候语开头，中间丢了一轮、后面的内容整体错位，或者表格的两列弄反了。

    用户和助手各自怎么说话，是从同一数据集的其他对话中学到的，因此不预设语言，也不预设助手的类型。单轮数据只与其他单轮数据比较，至少有五条颠倒时才报告。

    无论学到了什么，以助手口吻开头的提问也会报告，例如“好的，以下是翻译：”“作为一个AI语言模型，我……”。

    不报告：多轮对话或单轮数据少于 `least` 条的数据集；双方地位对等的闲聊，即用一半数据学到的角色特征无法区分另一半数据的双方；只有提问一方带问号、以祈使句开头，或要求提出问题的单轮数据。
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

    learns = (Roles, Rounds)

    good = [
        Good(chat("你好，需要办什么？", "我想改签。", "好的，请问订单号是多少？", "尾号是七三。")),
        Good(*DIALOGUES, least=20),
        Good(
            *ROUNDS,
            chat("云南菜以酸辣见长。请写一个提问，使它的答案就是这句话。", "云南菜有什么特点？"),
            least=20,
            ignore=("recurring-line",),
        ),
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
        Bad(*EXCHANGED, *ROUNDS[4:-2], at=range(len(EXCHANGED)), least=17, ignore=("recurring-line",)),
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
    least: Annotated[int, "dialogues, or records of one round, from which on roles are learned"] = 100

    def check(self, batch: Batch) -> Iterator[Finding]:
        yield from self._opening(batch)
        for kind in (Roles, Rounds):
            roles: Roles = batch.learned[kind]
            if roles.dialogues >= self.least and roles.certain:
                for record in roles.exchanged_in(batch):
                    if record.layout.rounds > 1 or not _plain(record):
                        yield self.finding(place(record, record.layout.target[0]))

    def _opening(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.questions.holding(self.opens):
            if found := self.opens.regex.match(text):
                yield self.finding(place(record, part, *found.span()), kind="message_opens", said=quote(text.strip()))


def _plain(record: Record) -> bool:
    """Whether the words alone tell that the user asks, however it sounds: with the only question mark, in the imperative, or for
    a question. Nor is no answer at all an exchanged one."""
    asked, target = record.question, record.target
    marked = _MARK.search(asked) and not _MARK.search(target)
    return bool(marked or _WISH.match(asked) or _ASKS.search(asked)) or not target.strip()


_MARK = re.compile("[?？]")
_WISH = re.compile(
    r"\s*(?:请|帮|给我|给定|为我|根据|基于|将|把|生成|编写|撰写|写|列出|提供|描述|解释|介绍|翻译|总结|概括|设计|创建|分析|假设你|我(?:想|希望|需要|要)你|"
    r"(?:Please|Write|Generate|Create|Compose|Describe|Explain|Give|Provide|List|Find|Name|Take|Make|Outline|Analy[sz]e|Summari[sz]e|Translate|"
    r"Rewrite|Classify|Identify|Detect|Tell|Suggest|Design|Assume|Imagine|Role play|Act|Pretend|Can you|Could you|I want|You are) )",
    re.I,
)
_ASKS = re.compile(
    r"(?:提出|生成|编写|撰写|设计|写|出|问).{0,12}(?:问题|提问|题目|提示词)|反问|面试官|"
    r"\b(?:write|generate|create|ask|compose|suggest|interview)\w*\b.{0,40}\b(?:questions?|prompts?)\b",
    re.I,
)
