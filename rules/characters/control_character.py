from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Rule, chat, replace


class ControlCharacter(Rule):
    """A control code that no writer typed.

    It is left over from a broken export or a terminal. The tokenizer spends tokens of its own on it, and the model
    learns to emit what nobody can see.

    Not reported: tab, line feed and carriage return. Form feed and vertical tab are.

    Fix safety: a control code is invisible, so that deleting it is safe.
    """

    zh = """并非人工输入的控制字符。

    这类字符多由导出错误或终端残留造成，会占用额外的 token，模型也会学着输出看不见的内容。

    不报告：制表符、换行符和回车符；换页符和垂直制表符会报告。

    修复安全性：控制字符不可见，删除是安全的。
    """
    message = Phrase(en="{field} contains the control character {name}", zh="{field} 含有控制字符 {name}")
    suggestion = Phrase(en="delete it", zh="删除该字符")
    yields_to = ("garbled-text",)

    good = [Good(chat("这一行\t后面还有\r\n下一行吗？", "有的，\t共两行。"), chat("Is \u200dthere a tab?".replace("\u200d", ""), "Yes:\there."))]
    bad = [
        Bad(chat("请问几点开门？", "早上\x08九点开门。"), fixed=[chat("请问几点开门？", "早上九点开门。")]),
        Bad(chat("When do you \x1b[1mopen?", "At nine."), fixed=[chat("When do you [1mopen?", "At nine.")]),
    ]

    allow: Annotated[str, "characters that are never reported"] = ""

    control = Pattern(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]+|\x00+")

    def check(self, batch: Batch) -> Iterator[Finding]:
        for place in batch.texts.find(self.control):
            if not set(place.text) <= set(self.allow):
                code = f"U+{ord(place.text[0]):04X}"
                yield self.finding(place, fix=Fix.of(replace(place, ""), safe=True), key=code, name=_name(place.text[0], code))


def _name(character: str, code: str) -> str:
    names = {"\x00": "NUL", "\x08": "BACKSPACE", "\x1b": "ESCAPE", "\x0b": "VERTICAL TAB", "\x0c": "FORM FEED", "\x7f": "DELETE"}
    return f"{code} {names.get(character) or unicodedata.name(character, '')}".strip()
