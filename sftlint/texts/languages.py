"""Whether a passage in another language is the answer's own, and whether what was asked explains it."""

from __future__ import annotations

import re

from sftlint.texts.facts import PROGRAM

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
    r"翻译[成为:：]|译[成为作文]|[英日韩俄]文|[英日韩俄法德泰]语|外[文语]|拼音|注音|罗马[字音]|阿拉伯|希伯来|语言|双语|歌词|原文|字幕|台词|造句|例句|语法|translat|pinyin|romani[sz]|language|japanese|korean|russian|"
    r"arabic|hebrew|\bthai\b|hindi|sanskrit|ukrain|bulgaria|serbia|persian|multilingual|lyric|alphabet|subtitle",
    re.I,
)
#: What explains that a whole answer is in Latin letters.
_WHOLE = re.compile(
    r"英(?![雄明俊勇镑尺寸亩里豪才灵姿])|代码|编程|程序|函数|脚本|命令|SQL|HTML|正则|单词|词汇|拼写|雅思|托福|论文|摘要|国外|外国|提示词|prompt|乱码|Python|Java|"
    r"(?:生成|写|给|打|加|用|列|话题|文章|图片|图像|绘画)[^，。！？\n]{0,12}标签|歌[词曲名手单]|[首支写听唱]歌|诗",
    re.I,
)

KAOMOJI = re.compile(r"[(（][^\w\s]*[^\w\s\u4e00-\u9fff][ωᴗДдωﾟ・▽∀ლ][^\w\s]*")
#: What explains a passage that may be a name.
TOPIC = re.compile(
    r"翻译|译[成为作]|英[文语]|外[文语]|日[文语本]|韩[文语国]|俄|法语|德语|阿拉伯|希伯来|希腊|印度|泰[文语国]|语言|单词|词汇|词源|拼写|双语|一词|例句|造句|HTML|标签|字段|网站|品牌|口号|标题|歌词|名字|起名|母语|方言|口语|作文|邮件|歌|影|动漫|动画|字符|"
    r"乱码|字母|关键词|雅思|托福|句子|代码|编程|函数|SQL|正则|命令|论文|title|摘要|诗|语法|听力|阅读|考试|"
    r"translat|language|japan|korea|russia|arab|hebrew|israel|thai|hindi|india|sanskrit|ukrain|bulgaria|serbia|persia|iran|greek|word|script|alphabet|letter|"
    r"anime|song|film|movie|name|quote|kaomoji|emoticon|emoji|颜文字|表情|multilingual|spell|unicode",
    re.I,
)
#: What explains a sentence in another language in Latin letters.
ABROAD = re.compile(
    r"法[国语文]|德[国语文]|西班牙|葡萄牙|意大利|荷兰|波兰|土耳其|印尼|印度尼西亚|越南|巴西|墨西哥|拉丁|巴黎|外国|国外|单词|词汇|发音|歌[词曲名手单]|[首支写听唱]歌|诗|名言|谚语|格言|"
    r"\b(?:tradu|übersetz|vertaal|terjemah|french|german|spanish|portugu|ital|dutch|poland|(?-i:Polish)|turk|indones|vietnam|latin|franc|spain|brazil|mexic|paris\b|berlin|europ|foreign|"
    r"bilingual|phrase|words?\b|proverb|motto|quote|song|poem|opera|anthem|pronounc|spell)",
    re.I,
)

#: Words of questions in English that have no other small word.
_ASKS = re.compile(
    rf"{ENGLISH.pattern}|\b(?:how|what|why|who|when|where|which|write|give|list|name|tell|explain|describe|recommend|suggest|create|make|find|please|some|about|my)\b",
    re.I,
)


def asks_in_english(text: str) -> bool:
    """Whether *text* is likely English: in ASCII, and with a word that questions in English have."""
    return text.isascii() and _ASKS.search(text) is not None


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
