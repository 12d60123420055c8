from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Place, Rule, chat, place, replace


class ControlCharacter(Rule):
    """A control code that no writer typed.

    It is left over from a broken export or a terminal. The tokenizer spends tokens of its own on it, and the model
    learns to emit what nobody can see.

    Not reported: tab, line feed and carriage return. Form feed and vertical tab are. A text that holds nothing visible
    is left to the rules on empty texts.

    Fix safety: a control code is invisible and is deleted together with the rest of its terminal command (`ESC[1m`).
    One that parts words or lines becomes a space or a line break, so the fix is safe. Codes from U+0080 to U+009F are what is left of
    a character that was read in the wrong encoding: to delete them is unsafe.
    """

    zh = """并非人工输入的控制字符。

    这类字符多由导出错误或终端残留造成，会占用额外的 token，模型也会学着输出看不见的内容。

    不报告：制表符、换行符和回车符；换页符和垂直制表符会报告。没有任何可见内容的文本由“空文本”类规则报告。

    修复安全性：控制字符不可见，连同其终端指令（如 `ESC[1m`）一并删除；起分隔作用的换成空格或换行，因此修复是安全的。
    U+0080 至 U+009F 是按错误编码读取的字符的残余，删除它们属于不安全修复。
    """
    message = Phrase(en="{field} contains the control character {name}", zh="{field} 含有控制字符 {name}")
    message_none = Phrase(en="{field} contains the noncharacter {name}", zh="{field} 含有非字符 {name}")
    message_rest = Phrase(
        en="{field} contains {name}, what is left of a character that was read in the wrong encoding",
        zh="{field} 含有 {name}，是按错误编码读取的字符的残余",
    )
    suggestion = Phrase(en="{mend}", zh="{mend}")
    yields_to = ("garbled-text",)

    good = [
        Good(chat("这一行\t后面还有\r\n下一行吗？", "有的，\t共两行。"), chat("Is there a tab?", "Yes:\there.")),
        Good(chat("Which character is this: \x84 (U+0084)?", "A control code, INDEX.")),
        Good(chat("What does \\x1b[0m do in a shell?", "It resets the colours."), chat("^C 是什么意思？", "中断当前程序。")),
    ]
    bad = [
        Bad(chat("请问几点开门？", "早上\x08九点开门。"), fixed=[chat("请问几点开门？", "早上九点开门。")]),
        Bad(chat("When do you \x1b[1mopen\x1b[0m?", "At nine."), fixed=[chat("When do you open?", "At nine.")]),
        Bad(
            chat("第一章讲了什么？", "讲渔村的清晨。\x0c讲出海的人。"),
            fixed=[chat("第一章讲了什么？", "讲渔村的清晨。\n讲出海的人。")],
        ),
        Bad(chat("Who painted it?", "A painter\ufffe from Oslo."), fixed=[chat("Who painted it?", "A painter from Oslo.")]),
        Bad(chat("What is it called?", "It is called a caf\x8e, or so\x9d they say."), fixed=[chat("What is it called?", "It is called a caf, or so they say.")]),
        Bad(chat("Which colours are left?", "Red\x1fgreen\x1fblue"), fixed=[chat("Which colours are left?", "Red green blue")]),
    ]

    allow: Annotated[str, "characters that are never reported"] = ""

    control = Pattern(
        r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\))|\x00+|[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]",
        scan=r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]",
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        blank = {(record.id, part) for record, part in batch.texts.blank()}
        for record, part, text in batch.texts.holding(self.control):
            found: dict[str, tuple[str, list[Place]]] = {}
            for match in self.control.regex.finditer(text):
                if (first := match[0][0]) not in self.allow:
                    key = REST if "\x80" <= first <= "\x9f" else first  # one defect, whichever of them stand there
                    found.setdefault(key, (first, []))[1].append(place(record, part, *match.span()))
            if not found or (record.id, part) in blank:
                continue
            for key, (character, places) in found.items():
                rest = key == REST
                code = f"U+{ord(character):04X}"
                if code in text:
                    continue  # which is what the text is about
                fix = Fix.of(*(replace(there, _PARTING.get(character, "")) for there in places), safe=not rest)
                kind = "message_rest" if rest else "message_none" if character >= "\ufdd0" else "message"
                name, mend = f"{code} {_NAMES.get(character, '')}".strip(), RESTORE if rest else DELETE
                yield self.finding(places[0], kind=kind, fix=fix, key=key if rest else code, name=name, mend=mend)


REST = "C1"  # of ISO 6429, which no text holds
DELETE = Phrase(en="delete it", zh="删除该字符")
RESTORE = Phrase(en="restore the character from the source, or delete what is left of it", zh="从来源恢复原字符，或删除残余")
_NAMES = {
    "\x00": "NUL", "\x07": "BELL", "\x08": "BACKSPACE", "\x0b": "VERTICAL TAB", "\x0c": "FORM FEED", "\x1b": "ESCAPE",
    "\x1f": "UNIT SEPARATOR", "\x7f": "DELETE",
}  # fmt: skip
_PARTING = {"\x0b": "\n", "\x0c": "\n", "\x1c": " ", "\x1d": " ", "\x1e": " ", "\x1f": " "}
