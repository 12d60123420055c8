from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Phrase, Rule, chat, endings


class MissingFinalPunctuation(Rule):
    """A last sentence without its mark, after sentences that have theirs.

    Somebody forgot the mark, or the end of the answer is missing: models learn either. Read a few of them.

    Reported are a last sentence that follows finished ones in its paragraph, and a last paragraph or list item where the others
    end with marks.

    Not reported: what is surely cut off (`truncated-target`); signatures, names, links, tags, labels, formulas, poems and code.
    """

    zh = """最后一句没有句末标点，而前面的句子都有。

    可能是漏写了标点，也可能是缺了结尾，模型都会学到。建议抽查几条。

    报告的是同一段中跟在完整句子之后、没有标点的最后一句，以及其他段落或列表项都有句末标点、唯独最后一个没有的情况。

    不报告：明显被截断的回答（见 `truncated-target`）；落款、人名、链接、话题标签、字段、公式、诗歌和代码。
    """
    message = Phrase(
        en="{field} has no final mark, although its other sentences do", zh="{field} 结尾缺少句末标点，而前文的句子都有"
    )
    suggestion = Phrase(en="complete the sentence, or add the mark", zh="补全句子或标点")
    severity = "info"
    yields_to = ("truncated-target", "repetitive-target", "garbled-text", "echoed-prompt")

    good = [
        Good(
            chat("北京有什么好玩的？", "推荐故宫和颐和园。"),
            chat("写一封短信", "周六的聚会改到下午三点。请大家互相转告。\n\n此致敬礼"),
            chat("Write a note.", "The key is under the mat. Feed the cat at six.\n\nLove, Anna"),
            chat("写一首小诗", "风从山里来\n带着野花的香\n坐在我的窗前\n听我把旧事讲"),
            chat("Where can I read more?", "The manual explains it well. Look at https://a.example/manual"),
        ),
    ]
    bad = [
        Bad(chat("感冒了怎么办？", "感冒多半几天就会好。多喝温水，注意休息。如果一直发烧，请及时去医院看医生")),
        Bad(
            chat(
                "How should I store onions?",
                "Onions keep for months in a dry and dark place. Hang them in a net or an old stocking",
            )
        ),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        strings = batch.answers.strings
        ended = endings.ENDED
        for index in [i for i, text in enumerate(strings) if text[-1:] not in ended and text[-1:] != "."]:
            text = strings[index].rstrip()
            if len(text) < 20 or not text[-1].isalpha():
                continue
            rest = endings.tail(text)
            if rest and rest.among and endings.open_fence(text) < 0:
                yield self.finding(batch.answers.place(index, max(rest.start, len(text) - 20), len(text)))
