from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import PROGRAM, Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Record, Rule, chat, place, quote, replace

# What assistants with a search write where they cite.
_TOOL = (
    r"【\d{1,3}(?::\d{1,3})?†[^】\n]{0,60}】|:contentReference\[oaicite:\d+\](?:\{index=\d+\})?|\[oai_citation:\d+[^\]\n]{0,80}\](?:\([^)\s]*\))?|\[\^\d{1,3}\^\]"
    r"|\[(?:cite_start|cite: ?[\d, ]+|citation: ?\d{1,3}|citation needed|来源请求|需要引[用证]|原創研究\?|原创研究[？?])\]|\bcite(?:turn\d+(?:search|view|news|fetch)\d+)+"
    r"|\[(?:doc|document|文档|网页|资料|检索结果|webpage|passage) ?\d{1,2}\]"
)
_NUMBERS = r"\d{1,3}(?: ?[-–,，、] ?\d{1,3}){0,2}"
_MARK = rf"(?:\[{_NUMBERS}\]|［{_NUMBERS}］|〔{_NUMBERS}〕)"
_LIST = r"参考(?:文献|资料|书目)[:：]?\s*(?:\[\d+\]|［\d+］|〔\d+〕|【\d+】|[(（]?1[.、)）]|[^\n]{2,60}\[[JMDCNRSZ](?:/OL)?\])"


class CitationResidue(Rule):
    """Marks of citations, and lists of references, without what they refer to.

    The model learns to cite sources it has not read. The answer was cut out of an article, or written by an assistant with a search
    whose sources are gone.

    Reported are the marks of such assistants (`【4†source】`, `[^1^]`, `[citation needed]`), numbers in brackets behind words or sentences, as
    `[12]`, and a Chinese list of references at the end.

    Not reported: code, numbers that count items, marks of which the prompt or a list in the same answer tells the source, and answers to
    prompts about papers or references.

    Fix safety: marks are cut, lists are not. A number may be part of the text, so the fix is unsafe.
    """

    zh = """失去出处的引用标记和参考文献。

    模型会学着引用自己并没有读过的资料。这样的回答是从文章中截取的，或由带搜索的助手写成，而搜索结果没有一同保留。

    报告的是：这类助手的引用标记（`【4†source】`、`[^1^]`、`[来源请求]`），跟在词句后面的方括号编号（如 `[12]`），以及回答末尾的参考文献列表。

    不报告：代码，用作序号的编号，提示词或同一回答的列表已给出出处的标记，以及与论文、文献有关的提问的回答。

    修复安全性：只删去标记，不删列表。方括号中的数字也可能是正文，因此属于不安全修复。
    """
    message = Phrase(en="{field} cites a source that is not there: {mark}", zh="{field} 引用的出处不存在：{mark}")
    message_list = Phrase(en="{field} ends in the references of an article: {mark}", zh="{field} 末尾是文章的参考文献：{mark}")
    suggestion = Phrase(en="cut it, or put the source into the prompt", zh="删去标记，或在提示词中给出出处")

    good = [
        Good(
            chat("怎样取出数组的第二个元素？", "用 names[1]，因为下标从 0 开始。"),
            chat("Which lines matter?", "Two of them: [1] the name, and [2] the date."),
            chat("治疗用药有哪些？", "常用药有：[1]抗酸药，饭后服。[2]止痛药，必要时服。"),
        ),
        Good(
            chat("根据资料回答：[1] 鲸是哺乳动物。鲸用什么呼吸？", "鲸是哺乳动物，用肺呼吸[1]。"),
            chat("写一段论文综述。", "已有研究表明睡眠影响记忆[3]。"),
            chat("Who built it?", "Romans built it [1].\n\n[1] A. Ward, Bridges, 1988"),
        ),
    ]
    bad = [
        Bad(
            chat("灯塔有多高？", "灯塔高三十米[2]，建于上个世纪。[5]"), fixed=[chat("灯塔有多高？", "灯塔高三十米，建于上个世纪。")]
        ),
        Bad(
            chat("How old is the mill?", "The mill was built in 1790.[12] It still works.【4†source】"),
            fixed=[chat("How old is the mill?", "The mill was built in 1790. It still works.")],
        ),
        Bad(chat("怎样面对他人的指责？", "先听完，再说自己的想法。参考文献：[1]林远.倾听的力量[J].心理月刊.2014.")),
    ]

    tool = Pattern(_TOOL)
    number = Pattern(
        rf"(?<![是为选择题到于即第含有])(?<=[\u4e00-\u9fff。，；！？、”’）]|[a-z0-9)\"”’%][.,;!?])(?P<mark>{_MARK}){{1,6}}(?![\w(\[:：_=]*[(=:_])|(?<=[a-z)\"”]) {_MARK}(?=[.,;](?:\s|$))",
        scan=_MARK,
    )
    references = Pattern(_LIST)

    def check(self, batch: Batch) -> Iterator[Finding]:
        told = set()
        for record, part, text in batch.answers.holding(self.references):
            found = self.references.regex.search(text)
            if found and not _TOPIC.search(_prompt(record, part)) and text[: found.start()].strip(" \n*#"):
                told.add((record.id, part))
                mark = f"“{quote(text[found.start() :], 40)}”"
                yield self.finding(place(record, part, found.start(), len(text)), kind="message_list", mark=mark)
        hits: dict[tuple[int, int], tuple[Record, list[tuple[int, int]]]] = {}
        for pattern in (self.tool, self.number):
            for record, part, text in batch.answers.holding(pattern):
                if (record.id, part) not in told and (found := self._marks(record, part, text, pattern)):
                    hits.setdefault((record.id, part), (record, []))[1].extend(found)
        for (_, part), (record, spans) in hits.items():
            spans.sort()
            fix = Fix.of(*(replace(place(record, part, *span), "") for span in spans), safe=False)
            mark = f"`{record.texts[part][slice(*spans[0])].strip()}`"
            yield self.finding(place(record, part, *spans[0]), fix=fix, mark=mark)

    def _marks(self, record: Record, part: int, text: str, pattern: Pattern) -> list[tuple[int, int]]:
        """Where marks stand that refer to nothing."""
        hits = list(pattern.regex.finditer(text))
        if not hits or PROGRAM.search(text) or "`" in text:
            return []
        asked = _prompt(record, part)
        if pattern is self.number and (_ITEM.search(text) or _TOPIC.search(asked) or _PROGRAMS.search(asked)):
            return []
        if all(hit[0].startswith(" ") for hit in hits) and len({hit[0] for hit in hits}) < 2:
            return []  # behind a word it may be anything
        return [] if _SOURCE.search(asked) else [hit.span() for hit in hits]


def _prompt(record: Record, part: int) -> str:
    """What stands before the answer *part*, and may hold the sources."""
    layout = record.layout
    near = sorted({*layout.texts[:2], *layout.texts[max(part - NEAR, 0) : part]})
    return "\n".join(record.texts[i] for i in near if i < part and layout.roles[layout.turns[i]] != "assistant")


NEAR = 40  # texts before an answer that may hold its sources, besides the first ones


#: A number that opens a line or follows a colon counts items, or is the source itself; so does one of zero or one that is alone before words.
_ITEM = re.compile(rf"(?:^|[:：])[ \t*>-]*{_MARK}|[\[［]0", re.M)
_SOURCE = re.compile(rf"{_MARK}|【\d|\[\^\d|†|\[(?:doc|document|文档|citation)", re.I)
_TOPIC = re.compile(
    r"参考|引用|引文|论文|综述|文献|学术|期刊|出处|来源|研究报告|百科|"
    r"\b(?:cit(?:e|es|ed|ation|ations|ing)|references?|essays?|papers?|bibliograph\w+|thes[ie]s|sources?|academic|scholarly|literature|wikipedia)\b",
    re.I,
)
_PROGRAMS = re.compile(r"代码|数组|列表|下标|索引|函数|区间|矩阵|向量|正则|程序|\b(?:arrays?|lists?|index|code|function|matrix|vector|interval|sequence|regex|python|program\w*|documentation)\b", re.I)
