from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sftlint import (
    Bad,
    Batch,
    Finding,
    Fix,
    Good,
    Pattern,
    Phrase,
    Record,
    Rule,
    SentenceEnds,
    beginnings,
    chat,
    dangling,
    drop,
    endings,
    place,
)


class Open(NamedTuple):
    """What was left open: a phrase of REASONS, and where it shows."""

    reason: str
    start: int
    stop: int
    weak: bool = False


class TruncatedTarget(Rule):
    """An answer that was cut off, at its end or at its beginning.

    Models learn to stop in the middle of a sentence. Mostly the answer was generated with too small a limit.

    Reported are answers that leave a code block, JSON, a formula, a table, a list item or a bracket open, that end in a comma or a
    colon, in a word with which no sentence ends (Chinese words by jieba), in half a word, or where no sentence of this data ends; and
    answers that begin with a comma or with the rest of a word.

    Not reported: labels, titles, names, links, formulas, poems, lists and code, which end without a mark; a sentence that
    only lacks its mark; answers that continue or copy what the question leaves open.

    Fix safety: dropping the record loses its question, so the fix is unsafe. What is only a note is not dropped.
    """

    zh = """被截断的回答：结尾或开头不完整。

    模型会学着在句子中间停下来。多半是生成回答时长度上限太小。

    报告的是代码块、JSON、公式、表格、列表项或括号没有结束的回答，以逗号、冒号结尾的回答，以不可能结束句子的词（中文用 jieba 分词）、半个词结尾的回答，
    停在本数据集从不断句之处的回答，以及以逗号或半个单词开头的回答。

    不报告：标签、标题、人名、链接、公式、诗歌、列表和代码（它们本来就没有句末标点）；只是漏了句末标点的句子；按题目要求续写或照抄未完内容的回答。

    修复安全性：删除该条会丢失其中的问题，因此属于不安全修复。只作提示的不删除。
    """
    message = Phrase(en="{field} looks cut off: {reason}", zh="{field} 疑似被截断：{reason}")
    message_start = Phrase(en="{field} lacks its beginning: {reason}", zh="{field} 缺少开头：{reason}")
    suggestion = Phrase(
        en='generate it again with a higher token limit (look for finish_reason "length" in the log), or drop it',
        zh="调大生成长度上限后重新生成（检查日志中的 finish_reason=length），或删除该条",
    )
    learns = (SentenceEnds,)
    yields_to = ("repetitive-target", "garbled-text", "echoed-prompt")

    good = [
        Good(
            chat("《静夜思》怎么背？", "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡"),
            chat("列出三种水果", "苹果、香蕉、葡萄"),
            chat("Write a title for a talk on bees", "What We Owe to the Bees and What They Are For"),
            chat("区间怎么写？", "左开右闭的区间从零到一。它写作 (0, 1]"),
            chat("小明有几个苹果？", "1. 开始有三个苹果，后来又得到一个。\n2. 给了弟弟一半，所以只剩下一半。\n2"),
            chat("print in Python?", "Call the function:\n\n```python\nprint(1, end=',')\n```"),
        ),
        Good(
            chat(
                "How do I reach the office?",
                "Use the form on our site. We answer within a day.\n\nBest wishes,\nThe Team at Lindmoor",
            ),
            chat("把句子补充完整：他一边走，", "，一边唱着小时候学的歌。"),
            chat("Translate into Hindi: The train is late.", "ट्रेन देर से है।"),
            chat("翻译成中文：\nName of the tag. NULL for nameless tags", "标签的名称。无名标签用 NULL"),
            chat("翻译成中文：\n# General search path:\n# ", "# 通用的搜索路径，逐个查找：\n# "),
            chat("Which characters are kept?", "All from U+0041 to U+005A and U+005B (\\[).\n\nThe others are dropped, _all_ of them."),
            chat("这是什么文件？", "Macintosh AppleDouble Binary 文档"),
            chat("Delete the zone.", "lamp zones records delete my-record my-lamp --quiet --force --project=my-project --zone=us-west1-a"),
            chat("哪个键表示微笑？", "两个冒号之间写上英文名就行了，比如 :smiling_face:"),
            chat("今天心情怎么样？", "今天很开心。谢谢你一直陪着我🎉"),
        ),
    ]
    bad = [
        Bad(
            chat("怎么打开开发者模式？", "打开开发者模式的步骤如下："), chat("Why do cats purr?", "ing is no sure sign of joy. Cats also purr when they are in pain."),
            at=(0, 1),
        ),
        Bad(chat("怎样读文件？", "可以这样写：\n\n```python\nwith open('a.txt') as f:\n    text = f.read()"), fixed=[]),
        Bad(chat("Return the order as JSON.", '{"order": 17, "items": [{"name": "lamp", "count": 2}, {"name": "ro'), fixed=[]),
        Bad(
            chat("怎样保养皮鞋？", "皮鞋要经常擦油。另外，不穿的时候应该放在通风的地方，并且"),
            chat(
                "Why is bread kneaded?", "Kneading makes the dough elastic. It lets the flour take up water, so that gas from the"
            ),
            chat("如何晾干菜？", "晾干菜分为三步：\n1. 洗净切好。\n2. 铺开晾晒。\n3."),
            chat("How many are left of 115 when 40 are gone?", "Forty are gone already. So there are still 115 - 40 ="),
            chat("怎样挑西瓜？", "挑西瓜可以看以下几点：\n\n1."),
            chat("When did the bridge open?", "The old bridge was closed for repair, and the new one opened on May 14th, 20"),
            chat("怎样存放鸡蛋？", "1. 尖头朝下放，气室在上面更新鲜。\n2"),
            chat("老人为什么叹气？", "老人想起了年轻时的事。他常说，那时候村里最要紧的就是“"),
            chat(
                "How do I keep knives sharp?",
                "1. Wash them by hand, since the machine knocks them about.\n2. Cut on wood and never on glass or stone plates.\n3. Hone",
            ),
            at=[0, 1, 2, 3, 4, 5, 6, 7, 8],
            fixed=[],
        ),
        Bad(
            chat("茶叶怎么保存？", "，茶叶应当密封避光，放在干燥的地方。"),
            chat("Name a bird.", "re! Here is a bird: the wren."),
            chat("Which herbs do you recommend for a shady yard?", "ecommend mint, woodruff and chives for it. They want little sun. Water them weekly."),
            at=[0, 1, 2],
            fixed=[],
        ),
    ]

    fence = Pattern(r"```|~~~")
    formula = Pattern(r"\\begin\{|\\\[|\$\$")

    def check(self, batch: Batch) -> Iterator[Finding]:
        model = batch.learned[SentenceEnds]
        strings = batch.answers.strings
        ended, odd = endings.ENDED, _ODD_START
        for index in [
            i
            for i, text in enumerate(strings)
            if ((last := text[-1:]) not in ended and (last != "." or text[-2:-1] in _DIGITS)) or text[:1] in odd
        ]:
            record, part = batch.answers.owner(index)
            if found := _end(strings[index].rstrip(), record, model):
                yield self._finding(record, part, found)
            elif start := beginnings.cut_start(strings[index], record.question):
                yield self._finding(record, part, Open(start.reason, 0, start.stop), "message_start")
        for record, part, text in batch.answers.holding(self.fence):
            if (start := endings.open_fence(text)) >= 0:
                yield self._finding(record, part, Open("fence", start, start + 3))
        for record, part, text in batch.answers.holding(self.formula):
            if endings.open_latex(text) and endings.open_fence(text) < 0:
                yield self._finding(record, part, Open("formula", max(0, len(text.rstrip()) - 20), len(text.rstrip())))

    def _finding(self, record: Record, part: int, found: Open, kind: str = "message") -> Finding:
        where = place(record, part, found.start, found.stop)
        weaker = "info" if found.weak else None
        fix = None if found.weak else Fix.of(drop(record), safe=False)  # a note is no reason to lose a record
        return self.finding(where, kind=kind, severity=weaker, fix=fix, reason=REASONS[found.reason])


REASONS = {
    "fence": Phrase(en="the code block is never closed", zh="代码块没有结束"),
    "formula": Phrase(en="the formula is never closed", zh="公式没有结束"),
    "json": Phrase(en="the JSON is never closed", zh="JSON 没有结束"),
    "table": Phrase(en="the last row of the table lacks cells", zh="表格最后一行不完整"),
    "marker": Phrase(en="the last list item is empty", zh="最后一个列表项是空的"),
    "item": Phrase(en="the last list item stops after its first words", zh="最后一个列表项只有开头几个字"),
    "comma": Phrase(en="it ends in a comma", zh="以逗号结尾"),
    "enumeration": Phrase(en="it ends in an enumeration comma", zh="以顿号结尾"),
    "colon": Phrase(en="it ends in a colon", zh="以冒号结尾"),
    "bracket": Phrase(en="a bracket or quote is never closed", zh="括号或引号没有结束"),
    "equation": Phrase(en="it ends before the result of a calculation", zh="算式没有写出结果"),
    "dangling": Phrase(en="no sentence ends with this word", zh="句子不会以这个词结束"),
    "word": Phrase(en="it ends in the middle of a word", zh="停在一个词的中间"),
    "sentence": Phrase(en="it stops where no sentence ends", zh="停在句子中间"),
    "mark": Phrase(en="it begins with a mark that ends something", zh="以标点开头"),
    "rest": Phrase(en="it begins in the middle of a word", zh="从单词中间开始"),
}
_ODD_START = beginnings.ODD | frozenset("{[")
_DIGITS = frozenset("0123456789")


def _end(text: str, record: Record, model: SentenceEnds) -> Open | None:
    """What is left open at the end of *text*, an answer without blanks after it."""
    if len(text) < 12 or record.layout.asides:  # a tool call may follow
        return None
    last, size = text[-1], len(text)
    if text[0] in "{[" and endings.open_json(text):
        return Open("json", max(0, size - 20), size)
    if last in endings.ENDED and last != "|":
        return None
    if endings.open_table(text):
        return Open("table", text.rfind("\n") + 1, size)
    if endings.bare_marker(text) and _last_line(record.question) != _last_line(text):
        return Open("marker", text.rfind("\n") + 1, size)
    if last.isalnum() and (start := endings.cut_item(text)) >= 0:
        return Open("item", start, size)
    if last in "，、,:：=≈":
        return _mark(text, record, model)
    if last in "“‘「『《（【":
        return None if endings.code_like(text) or _copied(text, record) else Open("bracket", size - 1, size)
    if not last.isalnum() or endings.open_fence(text) >= 0 or _fragment(record.question):
        return None
    if (year := _YEAR.search(text[-30:])) and text.count(" ") >= 6 and not _copied(text, record):
        return Open("word", size - len(year[1]), size)
    rest = endings.tail(text) if last.isalpha() else None
    usual = rest and model.ends_here(text)
    if rest and not usual and (start := dangling.dangling(text, rest.prose)) >= 0 and not (model.careless and last == "的"):
        return Open("dangling", start, size)
    if (start := endings.open_bracket(text)) >= 0 and not endings.code_like(text) and not _copied(text, record):
        return Open("bracket", start, size) if rest and rest.prose and not model.careless else None
    if rest and not usual and (start := _half_word(text, record, rest.prose)) >= 0:
        return Open("word", start, size)
    return Open("sentence", max(rest.start, size - 20), size) if rest and model.is_cut(text, rest) else None


#: A calculation without its result.
_EQUATION = re.compile(r"[\w)%] ?[=≈]\Z")
#: The first digits of a year, behind the day.
_YEAR = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}(?:st|nd|rd|th)?, ((?:19|20)\d?)\Z"
)


def _mark(text: str, record: Record, model: SentenceEnds) -> Open | None:
    """A comma, a colon or a sign of equality at the end, where none belongs."""
    comma = text[-1] not in ":："
    if (len(text) < 20 and not _ANNOUNCED.search(text)) or _copied(text, record) or endings.code_like(text) or endings.open_fence(text) >= 0:
        return None
    if text[-1] in "=≈":
        calculated = _EQUATION.search(text[-40:]) and not endings.for_machine(text)
        return Open("equation", max(0, len(text) - 20), len(text)) if calculated else None
    if comma:
        said = text.rstrip("，、, ")
        rest = endings.tail(said) if said else None
        if not rest and text.count("\n") >= 2 and not re.search(r"[。！？!?]|\.\s", text):
            return None  # verse
        name = "enumeration" if text[-1] == "、" else "comma"
        return Open(name, max(0, len(text) - 20), len(text), model.careless or not (model.limited or (rest and rest.among)))
    if _MENU.search(text[-40:]) or _EMOJI.search(text[-40:]):
        return None
    return Open("colon", max(0, len(text) - 20), len(text))


#: What no short answer ends with.
_ANNOUNCED = re.compile(r"\w{4}(?:如下(?:所示)?|(?:以下|下列)[几\d]?[点个种步项]?(?:\w{2})?)[:：]\Z|\w (?:as follows|(?:is|are) the following):\Z", re.I)
#: The name of an emoji.
_EMOJI = re.compile(r"(?<!\w):\w{2,30}:\Z")
#: A program or game waits for what is typed in.
_MENU = re.compile(r"(?:选择|输入|选项|编号|菜单|请[问选输回]|enter|choose|choice|select|type|input|>)[^\n]*\Z", re.I)


def _copied(text: str, record: Record) -> bool:
    """Whether the question ends as the answer does: it was to be copied, translated or corrected."""
    asked = record.question.rstrip()[-1:]
    return asked == text[-1] or any(asked in same and text[-1] in same for same in ("：:", "，,、") if asked)


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2].strip()


def _fragment(question: str) -> bool:
    """Whether a text without a last mark is to be translated: a label ends so in the other language as well, and a message may
    end in a name in quotes, which the other language has elsewhere."""
    return not endings.ends_sentence(question) and _TRANSLATE.search(question) is not None


_TRANSLATE = re.compile(r"翻译|译[成为文]|转换?[成为]|改[写寫][成為为]|拼音|translat|convert|rewrite", re.I)


def _half_word(text: str, record: Record, prose: bool) -> int:
    """Where the last word begins if it is half a word, or -1."""
    if not text[-1].isascii():
        return dangling.half_word(text) if prose else -1
    found = re.search(r"(?<![\w./:@#\\-])[a-z]{2,}\Z", text[-30:])
    if not found or text.count(" ") < 6:
        return -1
    words = set(re.findall(r"[a-z]+", (record.question + " " + text[: -len(found[0])]).lower()))
    whole = found[0] in words or not any(word.startswith(found[0]) and len(word) > len(found[0]) + 1 for word in words)
    return -1 if whole or found[0] in _SHORT else len(text) - len(found[0])


_SHORT = frozenset(
    """in on at it is to go do me we he be by my no so up us am an as or if of and the her his him use all any one now see day art act
    app config dict info repo spec admin doc lib param func var char env dev ref max min photo phone exam lab math tech""".split()
)
