from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Finding, Fix, Good, Mend, Phrase, Rule, Run, chat, mend_file


class ByteOrderMark(Rule):
    """A byte order mark at the start of the file.

    Many readers take it for a part of the first record and refuse that line ("line 1 is not a dictionary").

    Fix safety: the mark is no part of the data, so that removing it is safe.
    """

    zh = """文件开头有字节顺序标记（BOM）。

    许多程序会把它当成第一条记录的一部分，从而拒绝第一行。

    修复安全性：BOM 不属于数据内容，删除是安全的。
    """
    message = Phrase(en="the file begins with a byte order mark", zh="文件以字节顺序标记（BOM）开头")
    suggestion = Phrase(en="save it as UTF-8 without one", zh="另存为不带 BOM 的 UTF-8")
    scope = "file"

    good = [Good(chat("BOM 是什么？", "字节顺序标记。"))]
    bad = [Bad(b'\xef\xbb\xbf{"context": ["\xe4\xbd\xa0\xe5\xa5\xbd"], "target": "Hi"}', at=(None,), fixed=[chat("你好", "Hi")])]

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        for file in run.files:
            if file.facts.bom:
                yield self.finding(file=file.number, fix=Fix.of(mend_file(Mend.UNBOM), safe=True))
