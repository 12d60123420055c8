from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Rule, chat, place, replace


class BidirectionalControl(Rule):
    """A direction control in left-to-right text.

    It can show a text in another order than the model reads, so that what was reviewed is not what is trained on. Most
    often it is residue of a copied phone number, place name or chat message.

    Not reported: a text with Hebrew, Arabic or other right-to-left letters in it, and a record about such controls.

    Fix safety: where all letters run from left to right these controls do nothing that a reader would miss. Deleting
    them is safe.
    """

    zh = """从左向右的文本中混入了方向控制字符。

    它会让屏幕显示的顺序与模型读到的顺序不同，审核时看到的并不是训练的内容。多数是从电话号码、地名或聊天记录复制来的残留。

    不报告：含有希伯来文、阿拉伯文等从右向左文字的文本，以及讨论这类控制字符的数据。

    修复安全性：文字全部从左向右书写时，这些字符对读者没有作用，删除是安全的。
    """
    message = Phrase(en="{field} contains the direction control {name}", zh="{field} 含有方向控制字符 {name}")
    suggestion = Phrase(en="delete it", zh="删除该字符")
    yields_to = ("garbled-text",)

    good = [
        Good(chat("How is 'peace' written in Hebrew?", "\u2067שלום\u2069, read from the right.\u200e")),
        Good(
            chat("把“你好”译成阿拉伯语。", "\u202bمرحبا\u202c"), chat("What does U+202E do?", "It flips \u202etext\u202c, see?")
        ),
        Good(chat("左箭头怎么打？", "← 或者 ⇦"), chat("RLO 是什么字符？", "从右向左覆盖：\u202eabc\u202c")),
    ]
    bad = [
        Bad(
            chat("电话是多少？", "\u202d010-5550-0136\u202c，上班时间接听。"),
            fixed=[chat("电话是多少？", "010-5550-0136，上班时间接听。")],
        ),
        Bad(chat("Which file is it?", "invoice\u202efdp.exe"), fixed=[chat("Which file is it?", "invoicefdp.exe")]),
        Bad(chat("附近有什么餐馆？", "只有一家面馆\u200e。"), fixed=[chat("附近有什么餐馆？", "只有一家面馆。")]),
        Bad(chat("Greet \u2068Maria\u2069.", "Good morning, Maria."), fixed=[chat("Greet Maria.", "Good morning, Maria.")]),
    ]

    control = Pattern(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+")

    def check(self, batch: Batch) -> Iterator[Finding]:
        blank = {(record.id, part) for record, part in batch.texts.blank()}
        for record, part, text in batch.texts.holding(self.control):
            if (record.id, part) in blank or _RIGHT_TO_LEFT.search(text) or _TOPIC.search("\n".join(record.texts)):
                continue
            places = [place(record, part, *match.span()) for match in self.control.regex.finditer(text)]
            first = places[0].text[0]
            code = f"U+{ord(first):04X}"
            # An opening control and the one that closes it are one defect, and go together.
            fix = Fix.of(*(replace(there, "") for there in places), safe=True)
            yield self.finding(places[0], fix=fix, key=code, name=f"{code} {unicodedata.name(first)}")


_RIGHT_TO_LEFT = re.compile("[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
_TOPIC = re.compile(
    r"\b(?:U\+(?:20[0-6]|061C)|LR[MOEI]|RL[MOEI]\b)|bidi|right.?to.?left|从右[向往至到]左|双向(?:文本|控制)|方向控制", re.I
)
