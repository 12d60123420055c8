from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Place, Rule, chat, place, replace


class OddWhitespace(Rule):
    """A space or line break of typesetters.

    It looks like a plain space but is another token, and in code it is a syntax error. Web pages and word processors
    leave it behind.

    Not reported: the ideographic space; no-break spaces as French and numbers use them (before `!`, `?`, `:`, `;`, `»`,
    inside `1 000`, between a number and its unit). A text that holds nothing visible is left to the rules on empty texts.

    Fix safety: each becomes a plain space, and a line or paragraph separator a line feed, which is safe. U+0085 may as well
    be a garbled ellipsis, so its fix is unsafe.
    """

    zh = """排版用的特殊空白。

    它看起来是普通空格，实际是另一种 token，在代码中还会造成语法错误。多为网页或文字处理软件的残留。

    不报告：全角空格；法文和数字中的不换行空格（`!`、`?`、`:`、`;`、`»` 之前，`1 000` 之内，数字与单位之间）。没有任何可见内容的
    文本由“空文本”类规则报告。

    修复安全性：换成普通空格，行分隔符和段分隔符换成换行，是安全的。U+0085 也可能是省略号的乱码，其修复不安全。
    """
    message = Phrase(en="{field} contains the white space {name}", zh="{field} 含有特殊空白 {name}")
    suggestion = Phrase(en="write a plain space or line break", zh="换成普通空格或换行")
    severity = "info"
    yields_to = ("garbled-text",)

    good = [
        Good(
            chat("诗怎么写？", "\u3000\u3000春风又绿江南岸，\n\u3000\u3000明月何时照我还。"),
            chat("Is it far?", "No.\tTwo miles."),
            chat("Which space is this: [\u2007] (U+2007)?", "The figure space."),
        ),
        Good(chat("Traduis : how are you?", "« Comment allez-vous\u202f? » dit-elle\xa0; il y a 12\xa0500 km et 20\u202f%.")),
        Good(chat("盲文怎么写 hi there？", "⠓⠊\u2800⠞⠓⠑⠗⠑"), chat("How heavy is it?", "About 5\u2009kg.")),
    ]
    bad = [
        Bad(chat("周末去哪？", "去爬山\xa0或者\xa0骑车。"), fixed=[chat("周末去哪？", "去爬山 或者 骑车。")]),
        Bad(chat("Where is the\u2003station?", "Left."), fixed=[chat("Where is the station?", "Left.")]),
        Bad(chat("List two rivers.", "Elbe\u2028Oder"), fixed=[chat("List two rivers.", "Elbe\nOder")]),
        Bad(chat("写标题", "春天\u3164来了\u2800。"), at=[0, 0], fixed=[chat("写标题", "春天 来了 。")]),
    ]

    allow: Annotated[str, "characters that are never reported"] = ""

    space = Pattern(
        r"(?:(?!(?<=\d)[\xa0\u2007\u2009\u202f](?:\d|\p{Latin}|\p{Greek}|\p{Cyrillic}))"  # numbers and units
        r"(?![\xa0\u202f][!?;:»%‰€$£°])(?<!«)"  # French marks
        r"[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3164\uffa0])+",
        scan=r"[\x{85}\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3164\uffa0]",
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        blank = {(record.id, part) for record, part in batch.texts.blank()}
        for record, part, text in batch.texts.holding(self.space):
            found: dict[str, list[Place]] = {}
            for match in self.space.regex.finditer(text):
                character = match[0][0]
                if character not in self.allow and not (character == "\u2800" and _BRAILLE.search(text)):
                    found.setdefault(character, []).append(place(record, part, *match.span()))
            if not found or (record.id, part) in blank:
                continue
            for character, places in found.items():
                code = f"U+{ord(character):04X}"
                if code in text:
                    continue  # which is what the text is about
                name = "NEXT LINE" if character == "\x85" else unicodedata.name(character)
                fix = Fix.of(*(replace(there, there.text.translate(_PLAIN)) for there in places), safe=character != "\x85")
                yield self.finding(places[0], fix=fix, key=code, name=f"{code} {name}")


_PLAIN = {
    code: "\n" if code in (0x85, 0x2028, 0x2029) else " "
    for code in (0x85, 0xA0, 0x1680, *range(0x2000, 0x2070), 0x2800, 0x3164, 0xFFA0)
}
_BRAILLE = re.compile("[\u2801-\u28ff]")
