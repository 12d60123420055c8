from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Pattern, Phrase, Rule, chat, place


class BareUrl(Rule):
    """An answer that is only a link.

    The model cannot look behind a link, so it learns to make addresses up.

    Not reported: an answer to a question that asks for a link, an address or a source.
    """

    zh = """回答只有一个链接。

    模型看不到链接背后的内容，只会学着编造网址。

    不报告：问题本身就是要链接、网址或出处的回答。
    """
    message = Phrase(en="{field} is only a link", zh="{field} 只有一个链接")
    suggestion = Phrase(en="write what the linked page says", zh="写出链接页面中的内容")

    good = [
        Good(
            chat("怎么安装它？", "先下载安装包，再运行，详见 https://a.example/setup"),
            chat("请给出官网链接", "https://a.example"),
        ),
        Good(chat("Where is the source code hosted? Reply with the URL.", "https://a.example/code"), chat("Ratio?", "16:9")),
    ]
    bad = [
        Bad(chat("怎么把图片转换成黑白？", "https://a.example/forum/thread-64.html")),
        Bad(chat("How do I reset the router?", " <http://a.example/help?id=7#reset>\n")),
        Bad(chat("这个错误怎么解决？", "[看这里](https://a.example/q/1203)")),
    ]

    link = Pattern(
        r"\A\s*(?:[-*]\s*)?(?:\[[^\]\n]{0,80}\]\(|<)?(?:https?://|www\.)[^\s\u4e00-\u9fff]+[\s。.]*\Z",
        scan=r"(?:https?://|www\.)\S+[\s。.]*$",
        ignore_case=True,
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.targets.holding(self.link):
            found = self.link.regex.search(text)
            if found and not _ASKS.search(record.question):
                yield self.finding(place(record, part, *found.span()))


_ASKS = re.compile(r"链接|网址|网站|地址|官网|出处|来源|下载|link|\burl\b|website|web ?page|\bsite\b|address|source", re.I)
