from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Phrase, Record, Rule, chat, place


class RepeatedTurn(Rule):
    """A turn that repeats an earlier one.

    A turn was copied twice, or the model is taught to say the same thing again.

    Reported are a turn that equals the one before it, and a target of 15 characters or more (45 in Latin letters) that equals
    an earlier turn. An earlier turn that equals the one before its neighbour is a note, and so is a short answer that equals the
    input beside an instruction.

    Not reported: greetings, thanks, refusals and other formulas, numbers, an answer that was asked for again, and texts that were to
    be translated, corrected, searched or copied.
    """

    zh = """与前面某一轮重复的一轮。

    多半是同一轮被复制了两次，或者模型会学着重复自己说过的话。

    报告的是与上一轮相同的一轮，以及与前面某一轮相同、长度不少于 15 个汉字（45 个拉丁字母）的回答。历史中隔一轮相同的，以及与指令所附输入相同的简短回答，只作提示。

    不报告：问候、致谢、拒答等套话，数字，用户要求再说一遍的回答，以及要求翻译、纠错、摘取或照抄而无需改动的文本。
    """
    message = Phrase(en="{field} repeats the turn before it", zh="{field} 与上一轮相同")
    message_input = Phrase(en="{field} is the input, unchanged", zh="{field} 与输入完全相同")
    message_answer = Phrase(en="{field} repeats turn {turn}, an earlier {what}", zh="{field} 与第 {turn} 轮（之前的{what}）相同")
    suggestion = Phrase(en="remove the copy, or restore what stood there", zh="删除重复的一轮，或补回原来的内容")

    good = [
        Good(chat("你好", "你好", "谢谢你", "谢谢你！"), chat("Bye", "Bye bye", "Bye bye", "See you")),
        Good(chat("电话多少？", "电话是83172726。", "地址呢？", "在护国寺大街93号。", "电话再说一遍", "电话是83172726。")),
        Good(chat("把“下雨”译成英文", "rain", "把“雨”译成英文", "rain"), chat("3", "4", "4", "5")),
        Good({"instruction": "找出文中的病句，没有就照原文写出。", "input": "雨停了，孩子们从屋里跑了出来。", "output": "雨停了，孩子们从屋里跑了出来。"}),
        Good(chat("Is tea served?", "Yes, it is.", "Is coffee served?", "Yes, it is."), chat("Left", "Right", "Left", "Right")),
    ]
    bad = [
        Bad(chat("他是哪所学校毕业的？", "他毕业于当地中学。", "他毕业于当地中学。", "之后就参加工作了。")),
        Bad({"instruction": "把这句话改写成被动句。", "input": "管理员昨天下午收走了窗台上的花盆。", "output": "管理员昨天下午收走了窗台上的花盆。"}),
        Bad(chat("Who wrote it?", "It was her brother.", "Her brother.", "Her brother.", "When?", "In May.")),
        Bad(
            chat(
                "门票多少钱？",
                "成人票四十元，学生凭证件半价，老人免费。",
                "几点关门？",
                "成人票四十元，学生凭证件半价，老人免费。",
            )
        ),
        Bad(
            chat(
                "How do I open the lid of this jar of home-made honey?",
                "Warm it.",
                "And then?",
                "How do I open the lid of this jar of home-made honey?",
            )
        ),
        Bad(
            chat(
                "宽带装好了吗？",
                "师傅已经在路上，预计半小时后到您家。",
                "大概几点？",
                "师傅已经在路上，预计半小时后到您家。",
                "好",
                "再见。",
            )
        ),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record in [record for record in batch.sound if len(record.texts) > 2]:
            texts = record.texts
            if len(set(map(len, texts))) < len(texts) and len(set(texts)) < len(texts):
                yield from self._compare(record)

    def _compare(self, record: Record) -> Iterator[Finding]:
        layout = record.layout
        parts = [i for i in layout.texts if i not in layout.asides and layout.roles[layout.turns[i]] != "system"]
        said = [record.texts[i].strip() if layout.roles[layout.turns[i]] != "tool" else "" for i in parts]
        earlier: dict[str, int] = {}
        for i, text in enumerate(said):
            first = earlier.setdefault(text, i)
            if first == i or len(text) < 2 or layout.turns[parts[i]] == layout.turns[parts[i - 1]] or _FORMULA.match(text):
                continue
            if text == said[i - 1]:  # echoed-prompt judges the last question and its answer
                asked = "\n".join(record.texts[: parts[i]])
                given = i > 1 and layout.turns[parts[i - 2]] == layout.turns[parts[i - 1]]  # beside an instruction
                if {parts[i], parts[i - 1]} != set(layout.exchange) and not _COPY.search(asked) and not (given and _LEAVE.search(asked)):
                    kind = "message_input" if given else "message"
                    weaker = given and len(text.encode("utf-8", "replace")) < LONG
                    yield self.finding(place(record, parts[i]), kind=kind, severity="info" if weaker else None)
            elif len(text.encode("utf-8", "replace")) < LONG or _AGAIN.search(said[i - 1]):
                continue
            elif parts[i] in layout.target or first == i - 2:
                answer = layout.roles[layout.turns[parts[first]]] == "assistant"
                what = Phrase(en="answer", zh="回答") if answer else Phrase(en="question", zh="提问")
                where, weaker = place(record, parts[i]), parts[i] not in layout.target
                yield self.finding(where, kind="message_answer", severity="info" if weaker else None, turn=first + 1, what=what)


LONG = 45  # bytes: 15 Chinese characters
_FORMULA = re.compile(
    r"[\W\d_]*$|(?:[，, ]|你好|您好|嗨|早|早上好|早安|晚上好|晚安|再见|拜拜|好的?|好吧|行|可以|是的?|对的?|没有|不是|不用|谢谢[您你]?|不客气|[嗯哦啊哈嘿呵]+|没事|没关系|明白了?|知道了|"
    r"hi|hello|hey|good (?:morning|night)|bye|bye bye|goodbye|see you|ok(?:ay)?|yes|no|sure|thanks|thank you|lol|great|you too|me too)+[呀啊哦呢]?[。.!！?？~～]*$|"
    r"(?:非常|很|真)?(?:抱歉|对不起)|(?:I am|I'm) sorry|sorry|I (?:cannot|can't) (?:help|assist|do|provide)",
    re.I,
)
_AGAIN = re.compile(r"重复|再[说讲发念背]|复述|刚才|上面|原样|again|repeat|once more|what did you say", re.I)
_COPY = re.compile(
    r"翻译|改正|纠正|纠错|校对|润色|错别字|重复|复述|跟读|跟我|translat|correct|proofread|rewrite|repeat|echo|grammar|spelling",
    re.I,
)
#: What else an instruction may ask that leaves its input as it is.
_LEAVE = re.compile(
    r"病句|拼写|语法|标点|正确|检查|摘录|抽取|提取|找出|照抄|原样|spell|punctuat|check|fix|extract|identify|find|copy|highlight",
    re.I,
)
