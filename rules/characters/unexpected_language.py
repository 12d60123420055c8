"""Characters that no writer meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from sftlint import Bad, Batch, Counted, Finding, Good, Pattern, Phrase, Record, Rule, Tally, chat, place, quote

#: Letters of scripts that a Chinese or English answer seldom holds, with what they are called.
_SCRIPTS = {
    "cyrillic": ("[\u0400-\u04ff]", "Cyrillic", "西里尔文"),
    "kana": ("[\u3041-\u3096\u30a1-\u30fa]", "Japanese", "日文"),
    "hangul": ("[\uac00-\ud7a3]", "Korean", "韩文"),
    "arabic": ("[\u0620-\u064a\u0671-\u06d3]", "Arabic", "阿拉伯文"),
    "hebrew": ("[\u05d0-\u05ea]", "Hebrew", "希伯来文"),
    "thai": ("[\u0e01-\u0e3a\u0e40-\u0e4e]", "Thai", "泰文"),
    "devanagari": ("[\u0904-\u0939\u093e-\u094d]", "Devanagari", "天城文"),
}
_RUN = "|".join(rf"(?P<{name}>{letters}+(?:[ ,،、。・ー-]{{0,2}}{letters}+)*)" for name, (letters, _, _) in _SCRIPTS.items())
_CHINESE = "[\u4e00-\u9fff]"


class Scripts(Counted):
    """In how many sampled answers each script stands, and how many there are."""

    size = 5_000

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for record, part, text in batch.texts.holding(UnexpectedLanguage.run):
            if part in record.layout.target:
                for name in {str(hit.lastgroup) for hit in UnexpectedLanguage.run.regex.finditer(text)}:
                    tally.add(name, record.id)
        tally.add("", 0, len(batch.sound))
        return tally

    def usual(self, script: str) -> bool:
        """Whether at least ten answers and one in a hundred hold *script*: then it is what the set is about."""
        return self.counts.get(script, 0) >= max(10, 0.01 * self.counts.get("", 0))


class UnexpectedLanguage(Rule):
    """An answer, or a passage of it, in a language that nobody asked for.

    The model learns to fall into other languages in the middle of an answer, which is among the first things users report. Such
    passages come from multilingual generators.

    Reported are passages of eight letters or more, or at least two, in a script that neither the prompt nor the set uses;
    Chinese passages in English answers to English questions; and whole answers in Latin letters to Chinese questions. One shorter passage, which may be a name, is a note.

    Not reported: records that speak of languages, countries or translation, songs, films and names in quotation marks; code; scripts
    that one answer in a hundred uses.
    """

    zh = """回答整体或其中一段使用了没有要求的语言。

    模型会学着在回答中突然切换语言，这是用户最常反映的问题之一。这类内容多来自多语言生成模型。

    报告的是：提示词和整个数据集都不用的文字，达到八个字母或出现两处以上；英文问答中夹杂的中文；对中文问题全部用拉丁字母回答。只有一处较短的（可能是名称）仅作提示。

    不报告：谈论语言、国家或翻译的数据，歌曲、影片和引号中的名称，代码，以及百分之一以上回答使用的文字。
    """
    message = Phrase(en="{field} falls into {language}: {what}", zh="{field} 夹杂{language}：{what}")
    message_whole = Phrase(en="{field} answers a Chinese question in another language", zh="{field} 用其他语言回答中文问题")
    severity = "info"
    suggestion = Phrase(en="answer in the language of the question", zh="改用提问所用的语言回答")
    yields_to = ("garbled-text", "mixed-script-word")
    learns = (Scripts,)

    good = [
        Good(chat("把“谢谢”翻译成日语", "ありがとうございます"), chat("日本乐队推荐", "可以听サカナクション。")),
        Good(
            chat("How do you say hello in Russian?", "Здравствуйте, or привет."),
            chat("Who sang it?", "“Калинка” is a folk song."),
        ),
        Good(
            chat("用英语写一句问候", "Good morning, I hope that you are well and that the sun shines."),
            chat("写一个颜文字", "(´• ω •`)ﾉ ヾ(≧▽≦*)o"),
        ),
        Good(chat("写一个排序函数", "def sort_list(items):\n    return sorted(items, key=lambda item: item.name, reverse=True)")),
        Good(chat("Что это такое?", "Это старая мельница у реки, построенная сто лет назад.")),
    ]
    bad = [
        Bad(chat("怎样养好一盆茉莉？", "茉莉喜光，要勤浇水，также важно удобрять 每两周一次。")),
        Bad(chat("How do bees find flowers?", "They see colours and 匂いを感じることができます very well.")),
        Bad(
            chat(
                "How do I store onions?",
                "Keep them in a dry place with air around them, 放在塑料袋里很快就会发霉。 A net will do.",
            )
        ),
        Bad(
            chat(
                "怎么去除茶渍？", "You can soak the cup in warm water with baking soda for about half an hour and then rinse it."
            )
        ),
    ]

    run = Pattern(_RUN, scan="|".join(letters for letters, _, _ in _SCRIPTS.values()))

    def check(self, batch: Batch) -> Iterator[Finding]:
        scripts: Scripts = batch.learned[Scripts]
        for record, part, text in batch.answers.holding(self.run):
            asked = _asked(record, part)
            hits: dict[str, list[re.Match[str]]] = {}
            for hit in self.run.regex.finditer(text):
                before, after = text[max(hit.start() - 1, 0) : hit.start()], text[hit.end() : hit.end() + 1]
                if sum(map(str.isalpha, hit[0])) > 1 and before not in _OPEN and not (before == "(" or after == ")"):
                    hits.setdefault(str(hit.lastgroup), []).append(hit)
            for script, found in hits.items():
                letters, en, zh = _SCRIPTS[script]
                count = sum(sum(map(str.isalpha, hit[0])) for hit in found)
                longest = max(found, key=lambda hit: len(hit[0]))
                topic = _LANGUAGE if len(longest[0]) >= SENTENCE else _TOPIC
                if scripts.usual(script) or re.search(letters, asked) or topic.search(asked) or _KAOMOJI.search(text):
                    continue
                if 2 * count > sum(map(str.isalpha, text)) and not re.search(f"{_CHINESE}|[a-z]{{3}}", asked):
                    continue  # nothing tells the language that was asked for
                strong = len(longest[0]) >= 8 and (" " in longest[0] or script in ("kana", "thai"))
                yield self.finding(
                    place(record, part, *longest.span()), severity=None if strong else "info",
                    language=Phrase(en, zh), what=quote(longest[0]),
                )  # fmt: skip
        for record in self._strange(batch):
            layout, text = record.layout, record.texts[record.layout.target[-1]]
            if not text.isascii() and record.question.isascii():
                passage = _PASSAGE.search(text)
                if passage and len(_LETTERS.findall(text)) > 30 and _alone(record, text, passage):
                    where = place(record, layout.target[-1], *passage.span())
                    yield self.finding(where, language=Phrase("Chinese", "中文"), what=quote(passage[0]))
            elif len(text) >= 60 and text[:200].isascii():
                asked = record.question
                if _HAN.search(asked) and _foreign(
                    text, "\n".join(record.texts[i] for i in layout.texts if i not in layout.target)
                ):
                    yield self.finding(place(record, layout.target[-1]), kind="message_whole")

    def _strange(self, batch: Batch) -> Iterator[Record]:
        """The records whose question and answer may be in different languages, by how many bytes their characters have."""
        asked, given = batch.questions, batch.targets
        if not len(asked.indices) == len(given.indices) == len(batch.sound):  # hardly ever: not one question and one answer each
            yield from (record for record in batch.sound if record.layout.question and record.layout.target)
            return
        latin = (given.lengths >= 60) & (given.sizes <= 1.3 * given.lengths) & (asked.sizes > 1.2 * asked.lengths)
        mixed = (given.sizes >= given.lengths + 8) & (asked.sizes == asked.lengths)
        yield from (given.owner(index)[0] for index in np.flatnonzero(latin | mixed).tolist())


def _asked(record: Record, part: int) -> str:
    layout = record.layout
    return "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < layout.turns[part])


def _alone(record: Record, text: str, passage: re.Match[str]) -> bool:
    """Whether nobody asked for the Chinese *passage*: neither the prompt, nor quotation marks around it."""
    asked = "\n".join(record.texts[i] for i in record.layout.texts if i not in record.layout.target)
    return text[max(passage.start() - 1, 0) : passage.start()] not in _OPEN and not (_HAN.search(asked) or _TOPIC.search(asked))


def _foreign(text: str, asked: str) -> bool:
    """Whether *text* is prose in Latin letters although all that was *asked* is Chinese."""
    return (
        not _HAN.search(text)
        and len(_WORD.findall(text)) >= 10
        and len(_ENGLISH.findall(text)) >= 3
        and len(_LETTERS.findall(asked)) < 10
        and not _TOPIC.search(asked)
        and not _PROGRAM.search(text)
    )


SENTENCE = 14  # characters from which on a passage is no name, and only a question about languages excuses it
_PASSAGE = re.compile(f"{_CHINESE}{{4,}}(?:[，、：]?{_CHINESE}+)*(?:(?<=.{{8}})|[。！？])")
_OPEN = frozenset("“\"'《「『（(【[`‘«*_")
_HAN = re.compile(_CHINESE)
_WORD = re.compile(r"[A-Za-z]{2,}")
_ENGLISH = re.compile(r"\b(?:the|of|and|is|are|you|your|that|with|for|this|to|in|can|it)\b", re.I)
_LETTERS = re.compile(r"[A-Za-z]")
_PROGRAM = re.compile(r"```|[;{}]\s*$|^\s*(?:def|class|import|from|SELECT|#include|<\w+)\b", re.M)
_KAOMOJI = re.compile(r"[(（][^\w\s]*[^\w\s\u4e00-\u9fff][ωᴗДдωﾟ・▽∀ლ][^\w\s]*")
_LANGUAGE = re.compile(
    r"翻译[成为:：]|译[成为作文]|[英日韩俄]文|[英日韩俄法德泰]语|外[文语]|阿拉伯|希伯来|语言|双语|歌词|原文|字幕|台词|造句|例句|语法|translat|language|japanese|korean|russian|"
    r"arabic|hebrew|\bthai\b|hindi|sanskrit|ukrain|bulgaria|serbia|persian|multilingual|lyric|alphabet|subtitle",
    re.I,
)
_TOPIC = re.compile(
    r"翻译|译[成为作]|英[文语]|外[文语]|日[文语本]|韩[文语国]|俄|法语|德语|阿拉伯|希伯来|希腊|印度|泰[文语国]|语言|单词|词汇|词源|拼写|双语|一词|例句|造句|HTML|标签|字段|网站|品牌|口号|标题|歌词|名字|起名|母语|方言|口语|作文|邮件|歌|影|动漫|动画|字符|"
    r"乱码|字母|关键词|雅思|托福|句子|代码|编程|函数|SQL|正则|命令|论文|title|摘要|诗|语法|听力|阅读|考试|"
    r"translat|language|japan|korea|russia|arab|hebrew|israel|thai|hindi|india|sanskrit|ukrain|bulgaria|serbia|persia|iran|greek|word|script|alphabet|letter|"
    r"anime|song|film|movie|name|quote|kaomoji|emoticon|emoji|颜文字|表情|multilingual|spell|unicode",
    re.I,
)
