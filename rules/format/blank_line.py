from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Phrase, Rule, chat, drop


class BlankLine(Rule):
    """A blank line between records.

    Some platforms refuse a file for it, others count it as a record. It is never meant.

    Fix safety: the line holds nothing, so that removing it is safe.
    """

    zh = """记录之间的空行。

    有的平台会因此拒绝整个文件，有的会把它算作一条记录。空行从来不是有意为之。

    修复安全性：空行没有内容，删除是安全的。
    """
    message = Phrase(en="a blank line", zh="空行")
    suggestion = Phrase(en="remove it", zh="删除该行")
    of_blank_lines = True

    good = [Good(chat("两段之间空一行？", "第一段。\n\n第二段。"))]
    bad = [
        Bad(chat("早", "早上好"), "", chat("Hi", "Hello"), at=(1,), fixed=[chat("早", "早上好"), chat("Hi", "Hello")]),
        Bad(chat("晚安", "晚安，好梦"), "  \t", at=(1,), fixed=[chat("晚安", "晚安，好梦")]),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for line in batch.rejected:
            if line.reason == "blank":
                yield self.finding(line, fix=Fix.of(drop(line), safe=True))
