from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Phrase, Rule, chat, place, strings

SURROGATES = re.compile("[\ud800-\udfff]+")


class LoneSurrogate(Rule):
    """Half of a surrogate pair.

    It stands for no character and cannot be written as UTF-8. pyarrow, and so `datasets`, refuses the whole file for
    one of them. Text cut in the middle of an emoji leaves them behind.

    Not reported: pairs, which are one character.
    """

    zh = """孤立的代理字符（半个代理对）。

    它不代表任何字符，无法写成 UTF-8。只要有一个，pyarrow 以及 `datasets` 就会拒绝整个文件。把文本从表情符号中间截断就会留下它。

    不报告：成对的代理，它们是一个字符。
    """
    message = Phrase(en="{field} contains half a character, {name}", zh="{field} 含有半个字符 {name}")
    message_elsewhere = Phrase(en="the record contains half a character, {name}", zh="该记录含有半个字符 {name}")
    suggestion = Phrase(en="restore the character, or delete it", zh="恢复该字符，或将其删除")
    severity = "error"
    folds = False

    good = [Good('{"context": ["\\ud83d\\ude00 是什么？"], "target": "笑脸 \\ud83d\\ude00"}')]
    bad = [
        Bad('{"context": ["心情怎么样？"], "target": "很好 \\ud83d"}', chat("Hi", "Hello")),
        Bad('{"context": ["\\ude00 Feeling?"], "target": "Fine"}', chat("Hi", "Hello")),
        Bad('{"id": "\\udc00", "context": ["Feeling?"], "target": "Fine"}', chat("Hi", "Hello")),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record in batch.uncommon:
            if not record.lenient:
                continue
            found = False
            for part, text in enumerate(record.texts):
                for match in SURROGATES.finditer(text):
                    found = True
                    yield self.finding(place(record, part, *match.span()), name=_name(match[0]))
            if not found and (elsewhere := SURROGATES.search("\n".join(strings(record.value)))):
                yield self.finding(record, kind="message_elsewhere", name=_name(elsewhere[0]))


def _name(text: str) -> str:
    return f"U+{ord(text[0]):04X}"
