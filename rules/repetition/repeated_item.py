from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sftlint import PROGRAM, Bad, Batch, Finding, Good, Pattern, Phrase, Record, Rule, chat, place, quote

Item = tuple[int, int, str]  # from, to, words


class RepeatedItem(Rule):
    """A list that names the same thing twice.

    The model learns to pad its lists. A generator lost count of what it had listed.

    Reported are equal items of a numbered list, equal lines of an extraction (fields parted by one mark, as in `a_b_c`), equal sentences
    that follow each other as lines, and equal words in one line (keywords, synonyms, names), where the prompt asks for a list. Lists whose items may be
    equal are a note.

    Not reported: code, tables, lyrics and poems, dialogues, headings with lists of their own, and repetition that was asked for.
    """

    zh = """同一项列了两次的列表。

    模型会学着用重复的内容凑数。生成模型忘记了自己已经列过什么。

    报告的是：提示词要求列举时，编号列表中相同的项，信息抽取结果中相同的行（各字段用同一符号连接，如 `a_b_c`），紧挨着的相同的句子行，以及一行之内（关键词、同义词、名称）相同的词。各项本来可能相同的列表只作提示。

    不报告：代码、表格、歌词和诗歌、对话，各有小列表的标题，以及用户要求的重复。
    """
    message = Phrase(en="{field} lists {item} {times} times", zh="{field} 把 {item} 列了 {times} 次")
    suggestion = Phrase(en="list it once", zh="只列一次")
    yields_to = ("repetitive-target", "recurring-line", "runaway-target")

    good = [
        Good(
            chat("写一首短诗", "山上有雪\n山下有河\n山上有雪\n河里有歌"),
            chat("画一张表", "甲_乙_丙\n" + "丁_戊_己\n" + "庚_辛_壬"),
            chat("Plan two days.", "1. Walk to the lake\n2. Eat lunch\n\nDay two:\n1. Walk to the lake\n2. Swim"),
        ),
        Good(
            chat("说两个词，每个说两遍", "春天、春天、秋天、秋天"),
            chat("给每个字标注词性：春天来了", "名词\n动词\n助词\n名词"),
            chat("Print it.", "```\nfor i in x:\n    go()\n    go()\n    go()\n```"),
        ),
    ]
    bad = [
        Bad(
            chat("抽取三元组：水泵漏水，阀门开裂。", "水泵_故障_漏水\n阀门_故障_开裂\n阀门_故障_开裂\n水泵_组成_阀门"),
            chat("Name four fruits.", "1. A ripe apple\n2. A pear\n3. A ripe apple\n4. A plum"),
            chat("给出这段话的关键词：渔船在雾中返港。", "渔船、大雾、返港、渔船"),
            at=(0, 1, 2),
        )
    ]

    #: Asks for a list.
    asked = Pattern(
        r"关键[词字]|同义词|近义词|反义词|标签|列[出举]|抽取|提取|识别|找出|说出|写出|给出|\b(?:keywords?|synonyms?|antonyms?|tags|list|name|extract|identify|find)\b",
        ignore_case=True,
        prompts=True,
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        told = set()
        for record, _, _ in batch.prompts.holding(self.asked):
            part = record.layout.target[-1] if record.layout.target else -1
            text = record.texts[part]
            breaks = text.count("\n")
            if record.id in told or part < 0 or breaks > MANY or (breaks < 2 and not 4 <= len(text) <= ROW):
                continue
            told.add(record.id)
            if breaks > 1 and len({line.lstrip(_MARKER) for line in text.split("\n")}) == breaks + 1:
                continue  # nearly always
            items = _lines(text) if breaks > 1 else _words(text, record.question)
            if (found := _twice(items)) and not PROGRAM.search(text) and not _MEANT.search(asked := _asked(record)):
                start, stop, item = found
                times = sum(other == item for _, _, other in items)
                distinct = _DISTINCT.search(asked.strip().split("\n", 1)[0])
                if breaks > 1 and len(item) < LEAST and not distinct:
                    continue  # answers to a row of questions
                weak = not distinct and (breaks < 2 or _NUMBER.match(text))
                yield self.finding(
                    place(record, part, start, stop), severity="info" if weak else None, item=f"“{quote(item)}”", times=times
                )


def _asked(record: Record) -> str:
    layout = record.layout
    return "\n".join(record.texts[i] for i in layout.texts if layout.roles[layout.turns[i]] != "assistant")


def _twice(items: list[Item]) -> Item | None:
    """The second copy of the first item that is there twice."""
    seen = set()
    for start, stop, item in items:
        if item in seen:
            return start, stop, item
        seen.add(item)
    return None


def _lines(text: str) -> list[Item]:
    """The items of a list of lines: a numbered one, one of fields, one of dashes that was asked for, or else lines that follow an equal one, with that one."""
    lines = [(hit.start(), hit.end(), hit[0].strip()) for hit in _LINE.finditer(text)]
    words = [line for _, _, line in lines]
    if len(lines) < 3 or any(map(_TABLE.search, words)):
        return []
    numbers = [_NUMBER.match(line) for line in words]
    if all(numbers) and [int(hit[1]) for hit in numbers if hit] == [*range(1, len(lines) + 1)]:
        items = [(start, stop, line[hit.end() :].strip(_MARKS)) for (start, stop, line), hit in zip(lines, numbers, strict=True) if hit]
        return [item for item in items if len(item[2]) >= (LEAST if item[2].isascii() else WIDE) and item[2][-1] not in ":："]
    if any(all(line.count(mark) == words[0].count(mark) >= least for line in words) for mark, least in _FIELDS) or (
        all(line[:2] == words[0][:2] and _DASH.match(line) for line in words)
    ):
        return [item for item in lines if len(item[2]) >= LEAST]
    apart = {next_[2] for one, next_ in pairwise(lines) if one[2] == next_[2]}
    return [item for item in lines if item[2] in apart and len(item[2]) >= LEAST + 4 and _SENTENCE.search(item[2])]


def _words(text: str, question: str) -> list[Item]:
    """The items of a list in one line, of things that there is one each of; none where no two are equal."""
    begin = text.find("：") + 1 if "：" in text[:12] else 0
    hits = [*_WORD.finditer(text, begin)]
    words = [hit[0].strip(" \"“”'。.").casefold() for hit in hits]
    if len(words) < 3 or len(set(words)) == len(words) or max(map(len, words)) > 24:
        return []
    if _LAST.search(text[begin:].strip()) or not _UNIQUE.search(question):
        return []
    return [(*hit.span(), word) for hit, word in zip(hits, words, strict=True) if len(word) > 1 and not word.isdecimal()]


MANY = 60  # lines of a list
LEAST, WIDE = 4, 2  # characters of an item, and of a Chinese one of which there was to be a certain number
_MARKER = "0123456789.、)）(（-*•· \t"
ROW = 300  # characters of a list in one line
_MARKS = " .。;；,，"
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_NUMBER = re.compile(r"[(（]?(\d{1,3})\s?[.、)）．:：]\s*(?!\d)")
_FIELDS = (("_", 2), ("\t", 1), ("|", 2), ("，", 2), (",", 2), (" - ", 1), ("->", 1), ("→", 1), ("；", 2), (";", 2), ("：", 1), (":", 1))
_DASH = re.compile(r"[-*•·] ?\S")
#: What is listed so is to be different things.
_DISTINCT = re.compile(
    r"关键[词字]|[同近反]义词|[列举说写给找][^。\n]{0,6}[一二两三四五六七八九十几\d]+ ?(?:个|种|些|名|位|条|项|款|部|本|首|点|类|只|道)|"
    r"\b(?:keywords?|synonyms?|antonyms?|(?:list|name|give|suggest|find|write|generate|provide)\b[^.\n]{0,30}\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|some|several)\b)",
    re.I,
)
_SENTENCE = re.compile(r"[。！？.!?；;]$")
_TABLE = re.compile(r"^\||\|$|^[-=+*_\s]{3,}$|^<|^\$|\\\\$|^#")
_WORD = re.compile(r"[^、,，;；/\n]+")
_LAST = re.compile(r"[。！？!?] ?\S|\. [A-Z]|[:：=>{}\[\]()（）\d]")
_UNIQUE = re.compile(
    r"关键[词字]|[同近反]义词|[列举说写给找]出?.{0,8}(?:个|种|些|名|位).{0,12}|(?:抽取|提取|识别).{0,12}(?:实体|人名|地名|名称|名词|词)|"
    r"\b(?:keywords?|synonyms?|antonyms?|(?:list|name|find|identify|extract|give)\b.{0,60}s\b)",
    re.I,
)
_MEANT = re.compile(
    r"重复|分类|归类|判断|对错|正误|是否|每|各自|历[届年任代]|[两三几多\d][遍次]|歌|诗|词牌|对联|口号|童谣|绕口令|台词|对话|剧本|谱|节拍|舞步|日程|计划|排序|顺序|词性|标注|序列|逐[字词句行]|随机|代码|程序|翻译|"
    r"\b(?:repeat\w*|times|twice|songs?|lyrics?|poems?|verses?|chant|dialog\w*|script|chords?|notes?|rhythm|schedule|plan|routine|workout|sort\w*|order|sequence|tag each|label each|"
    r"each|every|classif\w*|categori\w*|true or false|true|which|from \d{4}|winners?|random\w*|code|program|translat\w*|pattern|rows?|table)\b",
    re.I,
)
