from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Phrase, Record, Rule, chat, drop, place


class EchoedPrompt(Rule):
    """An answer that repeats the question.

    The model learns to say the question back. Mostly a column was copied twice, or a generator gave up.

    An answer that only begins with the whole question is a note.

    Not reported: greetings; a request to repeat; a text to be corrected or translated that was left as it was, where an
    earlier turn asks for that.

    Fix safety: dropping the record loses its question, so the fix is unsafe.
    """

    zh = """回答重复了问题。

    模型会学着把问题原样说一遍。多半是同一列被复制了两次，或生成失败。

    仅以整个问题开头的回答只作提示。

    不报告：问候语；要求复述的请求；前文要求纠错或翻译、而原文无需改动的文本。

    修复安全性：删除该条会丢失其中的问题，因此属于不安全修复。
    """
    message = Phrase(en="{field} repeats the question", zh="{field} 重复了问题")
    message_begins = Phrase(en="{field} begins with the whole question", zh="{field} 以整个问题开头")
    suggestion = Phrase(en="answer the question, or drop the record", zh="改写为真正的回答，或删除该条")

    good = [
        Good(
            chat("你好", "你好！"),
            chat("Good morning", "Good morning"),
            chat("请重复我说的话", "请重复我说的话"),
            chat("Say it again", "it"),
        ),
        Good(chat("今天我很高兴。", "今天我很高兴。", system="纠正用户句子中的错别字，没有错误则原样返回。")),
        Good(chat("Translate what I send into English.", "Sure.", "OpenOffice", "OpenOffice"), chat("是", "是")),
        Good(
            chat("续写：从前有一座山，山里有座庙", "续写：从前有一座山，山里有座庙，庙里有个老和尚。"),
            chat("北京有多大？", "北京有一万六千平方公里。"),
        ),
    ]
    bad = [
        Bad(chat("画一只奔跑的猫。", "画一只奔跑的猫。"), fixed=[]),
        Bad(
            chat("How tall is the tower?", " How tall is the tower?\n"),
            chat("How wide?", "Ten metres."),
            fixed=[chat("How wide?", "Ten metres.")],
        ),
        Bad(chat("附近有停车场吗？", "有，在东门。", "收费吗？", "收费吗"), fixed=[]),
        Bad(chat("为什么海水的味道是咸的？", "为什么海水的味道是咸的？因为河流把岩石中的盐带进了海里。")),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record in batch.sound:
            texts = record.texts
            if record.layout.common and texts[-2].lstrip()[:2] != texts[-1].lstrip()[:2]:
                continue  # nearly always
            layout, question, answer = record.layout, record.question.strip(), record.target.strip()
            if len(question) < 2 or question[:2] != answer[:2]:
                continue
            bare = question.rstrip(_MARKS)
            if answer.rstrip(_MARKS) == bare and bare:
                if not _GREETING.fullmatch(bare) and not _REPEAT.search(question) and not _CORRECT.search(_earlier(record)):
                    yield self.finding(place(record, layout.target[0]), fix=Fix.of(drop(record), safe=False))
            elif len(bare) >= 10 and answer.startswith(bare) and not _CONTINUE.search(question):
                yield self.finding(
                    place(record, layout.target[0], *_span(record.texts[layout.target[0]], bare)),
                    kind="message_begins",
                    severity="info",
                )


_MARKS = " .。!！?？~～…,，;；:：\n"
_GREETING = re.compile(
    r"(?i)(?:你好|您好|嗨|哈喽|早|早上好|早安|上午好|中午好|下午好|晚上好|晚安|再见|拜拜|新年快乐|(?:圣诞|生日|节日)快乐|恭喜发财|谢谢[你您]?|好的?|嗯+|哈+|"
    r"hi|hello|hey|good (?:morning|afternoon|evening|night)|(?:good)?bye|bye bye|see you|thanks|thank you|ok(?:ay)?|yes|no|\W*)(?:呀|啊|哦)?"
)
_REPEAT = re.compile(r"重复|复述|跟读|照抄|原样|跟我[读念说]|repeat|echo|copy|say exactly|verbatim", re.I)
_CORRECT = re.compile(
    r"改写|改正|纠|校对|润色|翻译|错别字|语法|重复|复述|跟读|原样|格式化|规范化|correct|proofread|rewrite|rephrase|translat|grammar|spelling|repeat|echo|normali[sz]e|format",
    re.I,
)
_CONTINUE = re.compile(r"续写|补全|完成|填空|继续|扩写|complete|finish|continue|fill|extend|\bdef |class |[{};]\s*$", re.I)


def _earlier(record: Record) -> str:
    """What the system and the user said before the last question."""
    layout = record.layout
    return "\n".join(
        record.texts[i] for i in layout.texts if i not in layout.exchange and layout.roles[layout.turns[i]] in ("system", "user")
    )


def _span(answer: str, question: str) -> tuple[int, int]:
    start = max(answer.find(question), 0)
    return start, start + len(question)
