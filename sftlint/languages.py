"""Whether a passage in another language is the answer's own, and whether what was asked explains it."""

from __future__ import annotations

import re

from sftlint.text import PROGRAM

SENTENCE = 14  # characters from which on a passage is no name, and only a question about languages excuses it
OPEN = frozenset("“\"'《「『（(【[`‘«*_")
HAN = re.compile("[\u4e00-\u9fff]")
_NEIGHBOURS = re.compile("[\u3041-\u3096\u30a1-\u30fa\uac00-\ud7a3]")
WORD = re.compile(r"[A-Za-z]{2,}")
ENGLISH = re.compile(r"\b(?:the|of|and|is|are|you|your|that|with|for|this|to|in|can|it)\b", re.I)
_FUNCTION = re.compile(
    rf"{ENGLISH.pattern}|\b(?:der|die|das|und|ist|nicht|man|les|des|est|que|pour|une|qui|los|las|para|por|del|con|hay|il|la|le|el|de|du|une?|cette|zu|um|diese|muss)\b",
    re.I,
)
_LATIN = re.compile(r"[A-Z][A-Za-zÀ-ÿ'’-]*(?:[,;]? [A-Za-zÀ-ÿ'’-]+){7,}[.!?](?![A-Za-z0-9])")
_NAMING = frozenset(":：=>|/")
_CLOSE = frozenset("”\"’'」』）)】]》*_`|")
CHINA = re.compile(r"china|chinese|mandarin|hanzi|pinyin|cantonese|taiwan|hong kong", re.I)
LETTERS = re.compile(r"[A-Za-z]")
LANGUAGE = re.compile(
    r"翻译[成为:：]|译[成为作文]|[英日韩俄]文|[英日韩俄法德泰]语|外[文语]|阿拉伯|希伯来|语言|双语|歌词|原文|字幕|台词|造句|例句|语法|translat|language|japanese|korean|russian|"
    r"arabic|hebrew|\bthai\b|hindi|sanskrit|ukrain|bulgaria|serbia|persian|multilingual|lyric|alphabet|subtitle",
    re.I,
)
#: What explains that a whole answer is in Latin letters.
_WHOLE = re.compile(
    r"英(?![雄明俊勇镑尺寸亩里豪才灵姿])|代码|编程|程序|函数|脚本|命令|SQL|HTML|正则|单词|词汇|拼写|雅思|托福|论文|摘要|国外|外国|提示词|prompt|乱码|Python|Java|"
    r"(?:生成|写|给|打|加|用|列|话题|文章|图片|图像|绘画)[^，。！？\n]{0,12}标签|歌[词曲名手单]|[首支写听唱]歌|诗",
    re.I,
)


def is_chinese(text: str) -> bool:
    """Whether *text* holds Chinese characters, and neither kana nor hangul."""
    return bool(HAN.search(text)) and not _NEIGHBOURS.search(text)


def own(text: str, start: int, stop: int) -> bool:
    """Whether a sentence is the answer's own: neither quoted, nor a comment, nor named after a colon."""
    before, after = text[max(start - 2, 0) : start].strip(), text[stop : stop + 2]
    quoted = bool((OPEN | _NAMING).intersection(before[-1:]) or _CLOSE.intersection(after))
    return not quoted and text.count('"', 0, start) % 2 == 0 and text[start] not in "\"“'«#*-_/("


def in_chinese(text: str, asked: str) -> bool:
    """Whether *text* is Chinese prose although all that was *asked* is English prose."""
    return (
        len(HAN.findall(text)) >= max(SENTENCE, len(LETTERS.findall(text)))
        and not HAN.search(asked)
        and len(WORD.findall(asked)) >= 3
        and not PROGRAM.search(asked)
        and not (LANGUAGE.search(asked) or CHINA.search(asked) or PROGRAM.search(text))
    )


def latin_sentence(text: str, asked: str) -> re.Match[str] | None:
    """A sentence in Latin letters inside a Chinese *text*, for which nobody *asked*."""
    if "```" in text or len(LETTERS.findall(asked)) >= 10 or LANGUAGE.search(asked) or _WHOLE.search(asked):
        return None
    for hit in _LATIN.finditer(text):
        before = text[max(hit.start() - 2, 0) : hit.start()].strip(" \n")
        if text.count('"', 0, hit.start()) % 2:
            continue
        if (
            len(_FUNCTION.findall(hit[0])) >= 3
            and before[-1:] not in OPEN | _NAMING
            and text[hit.end() : hit.end() + 1] not in _CLOSE
        ):
            return hit
    return None


def in_latin_letters(text: str, asked: str, wish: str) -> bool:
    """Whether *text* is prose in Latin letters although all that was *asked* is Chinese. *wish* are the last question and the
    system prompt: earlier turns say little on what this answer may hold."""
    return (
        not HAN.search(text)
        and len(WORD.findall(text)) >= 10
        and len(_FUNCTION.findall(text)) >= 3
        and len(LETTERS.findall(asked)) < 10
        and not (LANGUAGE.search(asked) or _WHOLE.search(wish))
        and not PROGRAM.search(text)
    )
