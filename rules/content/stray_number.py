from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Counted, Finding, Fix, Good, Pattern, Phrase, Record, Rule, Tally, chat, place, replace

_NUMBER = r"[ \t]*(?:[(（]?\d{1,3} ?[.、)）．]|Q(?:uestion)? ?\d{1,3} ?[.:：)]|(?:问题|题目) ?\d{1,3} ?[.:：、]|第[一二三四五六七八九十\d]{1,3}题(?:[:：、.]| ))"


class Numbered(Counted):
    """How many sampled prompts begin with a number, and how many there are."""

    size = 5_000

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for record, _, text in batch.questions:
            if StrayNumber.number.regex.match(text):
                tally.add("numbered", record.id)
        tally.add("", 0, len(batch.sound))
        return tally

    @property
    def usual(self) -> bool:
        """Whether one prompt of ten is numbered: an exam is."""
        return self.counts.get("numbered", 0) > max(20, 0.1 * self.counts.get("", 0))


class StrayNumber(Rule):
    """A prompt that begins with the number of a list it is no longer part of.

    Users do not number a single question; the model learns to expect it. A generator wrote the prompts as a list, and the list was
    cut up at its lines.

    Reported are prompts of one paragraph that begin with `3. `, `5、` or `Question 7:` and hold no other number of the kind. Where
    more than one prompt of ten does, it is a note: the set may be an exam.

    Not reported: lists, and a number that an earlier turn offers to choose.

    Fix safety: the number may be wanted, so cutting it is unsafe.
    """

    zh = """提示词开头残留的列表编号。

    用户只问一个问题时不会编号，模型却会学着这样预期。生成模型把提示词写成了一个列表，之后按行拆开。

    报告的是：只有一段、以“3.”“5、”“问题7：”之类开头，而全文没有其他同类编号的提示词。超过十分之一的提示词都如此时只作提示，因为可能是试卷。

    不报告：列表，以及从上文给出的选项中选择的编号。

    修复安全性：编号也可能是需要的，因此删去编号属于不安全修复。
    """
    message = Phrase(en="{field} begins with the list number {number}", zh="{field} 以列表编号 {number} 开头")
    suggestion = Phrase(en="cut the number", zh="删去编号")
    learns = (Numbered,)
    yields_to = ("flattened-dialogue", "echoed-prompt")

    good = [
        Good(
            chat("1. 春天\n2. 秋天\n哪个更适合种树？", "春天。"),
            chat("3.5 乘以 2 是多少？", "7。"),
            chat("1. FC Köln was founded when?", "In 1948."),
            chat("你想做什么？\n请选择。", "1. 睡觉\n2. 散步", "2. 散步", "外面阳光很好。"),
        )
    ]
    bad = [
        Bad(
            chat("4. 一位老人反复咳嗽，应该先做什么检查？", "先拍胸片。"),
            chat("Question 12: Which sea is the saltiest?", "The Dead Sea, which is a lake."),
            at=(0, 1),
            fixed=[
                chat("一位老人反复咳嗽，应该先做什么检查？", "先拍胸片。"),
                chat("Which sea is the saltiest?", "The Dead Sea, which is a lake."),
            ],
        )
    ]

    number = Pattern(rf"\A{_NUMBER}\s*(?=[\u4e00-\u9fff“《\"]|[A-Z]?[a-z]{{2}}|I\b|A )", scan=rf"^{_NUMBER}")

    def check(self, batch: Batch) -> Iterator[Finding]:
        usual = batch.learned[Numbered].usual
        for record, part, text in batch.texts.holding(self.number):
            layout = record.layout
            if not record.sound or part in layout.asides or layout.roles[layout.turns[part]] != "user":
                continue
            found = self.number.regex.match(text)
            if found and not _listed(record, part, text, found.end()):
                fix = Fix.of(replace(place(record, part, *found.span()), ""), safe=False)
                where, number = place(record, part, *found.span()), f"`{found[0].strip()}`"
                yield self.finding(where, severity="info" if usual else None, fix=fix, number=number)


def _listed(record: Record, part: int, text: str, start: int) -> bool:
    """Whether the number belongs to a list, here or in an earlier turn, or to a longer text or a name."""
    rest = text[start:].strip()
    return (
        len(rest) > LONG
        or "\n\n" in rest
        or rest.count("\n") > 2
        or len(rest) < 6
        or (rest.isascii() and not _ENGLISH.search(rest))
        or bool(_MORE.search(rest) or _NAME.match(rest))
        or any(_MORE.search(record.texts[i]) for i in record.layout.texts[max(part - NEAR, 0) : part])
    )


NEAR = 20  # texts before a question that may offer a choice
LONG = 600  # characters of a prompt that may be a chapter of a text
_MORE = re.compile(r"(?:^|[\s。；;，,：:？?！!])[(（]?\d{1,3} ?[.、)）．](?!\d)|(?:Question|Q|问题|题目|第) ?[\d一二三四五六七八九十]|[①-⑳]", re.I)
_ENGLISH = re.compile(r"\b(?:the|of|is|are|was|an?|to|what|which|how|who|why|when|where|in|for|and|you|your|my|with)\b", re.I)  # "30. November" is a date
_NAME = re.compile(r"(?:FC|FSV|Bundesliga|Liga|Street|Avenue|Dynasty|Century)\b")
