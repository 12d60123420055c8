from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Self

from sftlint import Bad, Batch, Finding, Good, Learned, Pattern, Phrase, Place, Rule, Run, Sample, Tally, chat, place

_PRIVATE = Pattern(
    r"[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]+",
    scan=rb"\xee|\xef[\x80-\xa3]|\xf3[\xb0-\xbf]|\xf4",
)


class IconFont(Learned):
    """Whether private-use characters are a habit of the whole dataset."""

    size = 5_000
    patterns = (_PRIVATE,)

    def __init__(self, share: float = 0.0) -> None:
        self.share = share

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for id in {record.id for record, _, _ in batch.texts.holding(_PRIVATE)}:
            tally.add("using", id)
        tally.add("all", 0, len(batch.records))
        return tally

    @classmethod
    def learn(cls, summary: Tally | None, sample: Sample) -> Self:
        counts = {key: count for key, count, _ in summary} if summary else {}
        using = counts.get("using", 0)
        return cls(using / counts["all"] if using >= 20 and using >= 0.05 * counts["all"] else 0.0)


class PrivateUseCharacter(Rule):
    """A character that only one font knows.

    Outside that font its code point means nothing, and the model learns an empty sign. It was a bullet of a word processor,
    an icon of a web page, a rare ideograph of an old encoding.

    Not reported one by one: characters of an icon font that at least one record in twenty uses, which are said once. A
    record that speaks of fonts and icons is silent.
    """

    zh = """只有特定字体才认识的字符。

    离开该字体后码位没有含义，模型学到的只是空符号。它原本可能是文字处理软件的项目符号、网页的图标或旧编码中的生僻字。

    不逐条报告：至少二十分之一的数据都使用的图标字体，只提示一次。谈论字体和图标的数据不报告。
    """
    message = Phrase(en="{field} contains the private-use character {name}", zh="{field} 含有私用区字符 {name}")
    message_font = Phrase(
        en="{share:.0%} of the records contain private-use characters, as those of an icon font do",
        zh="{share:.0%} 的数据含有私用区字符，疑似使用了图标字体",
    )
    suggestion = Phrase(en="write the character that it stands for, or delete it", zh="换成它所代表的字符，或删除")
    yields_to = ("garbled-text",)
    learns = (IconFont,)

    good = [
        Good(chat("列出三种水果。", "• 苹果\n▪ 香蕉\n➢ 梨"), chat("What is ☎?", "A telephone sign, and ✈ is a plane.")),
        Good(chat("怎么显示图标字体里的“\uf0c9”？", "先加载该字体。"), chat("Which icon is \ue0b0?", "An arrow of a prompt.")),
    ]
    bad = [
        Bad(chat("面试要带什么？", "\uf0b7 身份证\n\uf0b7 简历"), at=[0]),
        Bad(chat("Summarise the steps.", "Wash \uf0e0 peel \uf0e0 cut."), at=[0]),
        Bad(chat("他姓什么？", "他姓\ue863。"), chat("他姓什么呢？", "他姓罗。"), at=[0]),
    ]

    private = _PRIVATE

    def check(self, batch: Batch) -> Iterator[Finding]:
        if batch.learned[IconFont].share:
            return
        for record, part, text in batch.texts.holding(self.private):
            if _TOPIC.search("\n".join(record.texts)):
                continue
            found: dict[str, list[Place]] = {}
            for match in self.private.regex.finditer(text):
                found.setdefault(match[0][0], []).append(place(record, part, *match.span()))
            for character, places in found.items():
                code = f"U+{ord(character):04X}"
                yield self.finding(places[0], key=code, name=code)

    def finish(self, summary: Any, run: Run) -> Iterator[Finding]:
        if share := run.learned[IconFont].share:
            yield self.finding(kind="message_font", severity="info", share=share)


_TOPIC = re.compile(r"图标|字体|私用|码位|icon|\bfonts?\b|glyph|private.?use|unicode|powerline", re.I)
