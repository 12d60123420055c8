"""Demands of a prompt on the form of its answer that need no reading to check: how many sentences or items, words to use or to leave
out, signs to leave out, a table, a language to translate into."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sftlint.pattern import Pattern
from sftlint.texts.constraints import CODE_ASKED, DOTTED, number_of
from sftlint.texts.facts import PROGRAM
from sftlint.texts.languages import HAN

_COUNT = r"(?:[一二两三四五六七八九十]|\d{1,2})"
_COUNT_EN = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"


class Ignored(NamedTuple):
    """A demand that an answer ignores: how the prompt puts it, and what the answer has: a *number* of *unit*s, or *lacks*, or neither.
    It is not *sure* where an inflected word, or a translated instruction, may explain it."""

    said: str
    unit: str = ""
    number: int = 0
    lacks: str = ""
    sure: bool = True


def ignored(judge: Judge, prompt: str, answer: str) -> Ignored | None:
    """The first demand in *prompt*, of those that *judge* knows, that *answer* ignores beyond doubt, or None."""
    for found in judge(prompt, answer):
        return None if PROGRAM.search(answer) or CODE_ASKED.search(prompt) else found
    return None


Judge = Callable[[str, str], Iterator[Ignored]]


_SENTENCES = re.compile(
    r"(?:用|以|写)(?P<other>)(?P<number>[二两三四五六七八九十]|[2-9]|\d\d)个?(?:句子|句话)(?:来|简单|简要)*(?:写|概括|描述|总结|回答|介绍|说明|解释|编|造|讲|表达|的|$|[，。])",
    re.M,
)
_EN_SENTENCES = re.compile(
    rf"\b(?:(?:in|using|with) (?:exactly |just |only )?(?P<number>{_COUNT_EN}) (?:short |complete |full |concise |simple )?sentences"
    rf"|(?:write|compose|give|create|generate|provide|construct)(?: me)? (?:an? )?(?:exactly )?(?P<other>{_COUNT_EN})(?:-| (?:short |complete |full )?)sentences?)\b(?! each)",
    re.I,
)
_END = re.compile(r"[。！？!?…]+[”」』\"’)]*|\.+[\"”’)]*(?=\s|$)")


def _sentences(prompt: str, answer: str) -> Iterator[Ignored]:
    found = list(_SENTENCES.finditer(prompt)) if "句" in prompt else []
    found += _EN_SENTENCES.finditer(prompt) if "sentence" in prompt or "Sentence" in prompt else []
    if len(found) != 1 or re.search(r"[至最]少|at least|or more|以上|up to|to \w+ sentence", prompt):
        return
    number = number_of(found[0]["number"] or found[0]["other"])
    text = DOTTED.sub("x", answer.strip())
    ends = list(_END.finditer(text))
    count = len(ends) + (not ends or ends[-1].end() < len(text))
    if number >= 2 and count != number and (count < number or count <= 3 * number) and "：\n" not in text and ":\n" not in text:
        yield Ignored(found[0][0], "sentence", count)


_VERBS = "list|give|name|provide|suggest|identify|generate|write|create|describe|come up with|brainstorm|propose|recommend|find|compile|outline"
_ITEMS = re.compile(
    rf"(?:列出|给出|给我|提供|举出?|写出?|推荐|说出|列举|生成|提出|找出|想出|创建|设计)(?:至少)?(?P<zh>{_COUNT})(?:个|种|条|项|点|款|本|部|位|首|则|件|座|名|类|道|篇)"
    rf"|\b(?:{_VERBS})(?: me| us| a list of| out)?(?: at least| exactly)? (?P<en>{_COUNT_EN})"
    r" (?!sentence|word|paragraph|line|minute|hour|day|step-|stanza)(?:[a-z-]+ ){0,3}[a-z-]+s\b",
    re.I,
)
_COUNTED = re.compile(rf"{_COUNT}[个种条项点款本部位首则件座名类道篇]|(?<= ){_COUNT_EN} [a-z]", re.I)
_NUMBERED, _BULLETED = re.compile(r"^[ \t]*\**(\d{1,2})[.)、．:：]", re.M), re.compile(r"^[-*•●]\s", re.M)
_PER_LINE = re.compile(
    r"每行一|一行一|每[个条项种]一行|\b(?:one (?:\w+ )?per line|each on (?:a new|its own) line|separated by (?:a )?new ?lines?)\b",
    re.I,
)


def _items(prompt: str, answer: str) -> Iterator[Ignored]:
    written = [int(number) for number in _NUMBERED.findall(answer)]
    count = len(written) if written == list(range(1, len(written) + 1)) else 0
    count = count if written else len(_BULLETED.findall(answer))
    if not written and not count and _PER_LINE.search(prompt) and answer.rstrip()[-1:] not in ":：":
        count = sum(1 for line in answer.split("\n") if line.strip())
    if not 2 <= count < 100 or not _COUNTED.search(prompt):
        return
    found = list(_ITEMS.finditer(prompt))
    if len(found) != 1 or re.search(r"[到至~-]\s*[一二三四五六七八九十\d]|\d ?(?:-|to|or|–) ?\d|或", prompt):
        return
    number = number_of(found[0]["zh"] or found[0]["en"])
    if count < number:
        yield Ignored(found[0][0], "item", count)


_NO_TAGS = re.compile(
    r"(?:标签|hashtags?)】?[:：]?\s*(?:不使用|不要|不用|不加)(?![^。\n]{0,4}[多超])|(?:不要|不使用|不带|不用|不加|无需|别用|禁止使用)[^，。\n]{0,4}(?:话题标签|hashtag|#)"
    r"|\b(?:no|without|don'?t use|do not use|avoid|not include)(?: any| using| the use of)? hashtags?",
    re.I,
)
_TAG = re.compile(r"(?<![\w&/])#(?=[^\s#\d])\w+")
_NO_EMOJI = re.compile(
    r"(?:不要|不使用|不带|不用|不加|别用|禁止使用)[^，。\n]{0,4}(?:表情|emoji)|\b(?:no|without|don'?t use|do not use|avoid)(?: any| using)? emojis?",
    re.I,
)
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50]")
_ONE_WORD = re.compile(
    r"\b(?:answer|respond|reply|describe|summari[sz]e|express)[^.\n]{0,40}? (?:in|with|using) (?:a single|one|just one|only one|exactly one) word\b"
    r"|用一个(?:词|单词)(?:来)?(?:回答|描述|概括|形容|总结|表达|说明)",
    re.I,
)
_TABLE = re.compile(
    r"\b(?:output|answer|respond|present|show|display|format|organi[sz]e|put|summari[sz]e)\b[^.\n]{0,60} (?:in|as|into) an? (?:markdown )?table\b(?! of)"
    r"|(?:用|以|使用)(?:markdown ?)?表格(?:的?形式|格式)?(?:来)?(?:列出|展示|呈现|输出|回答|总结|对比|给出)|以(?:markdown ?)?表格的?形式",
    re.I,
)
_CASE = re.compile(
    r"\b(?:answer|respond|reply|write)\b[^.\n]{0,40}(?: in|using|with) (?:all |only )?(?:(?P<up>capital letters|caps|capitals|upper ?case)|(?P<low>lower ?case))\b",
    re.I,
)
_ROWS = re.compile(r"\||\t|<t[rd]|\\begin\{tab| {3,}")


def _tags(prompt: str, answer: str) -> Iterator[Ignored]:
    if "#" in answer and _TAG.search(answer) and (said := _NO_TAGS.search(prompt)):
        yield Ignored(said[0])


def _emoji(prompt: str, answer: str) -> Iterator[Ignored]:
    if _EMOJI.search(answer) and (said := _NO_EMOJI.search(prompt)):
        yield Ignored(said[0])


def _one_word(prompt: str, answer: str) -> Iterator[Ignored]:
    long = len(answer.split()) > 3 if answer.isascii() else len(answer) > 8
    if long and (said := _ONE_WORD.search(prompt)):
        yield Ignored(said[0])


def _table(prompt: str, answer: str) -> Iterator[Ignored]:
    if not _ROWS.search(answer) and (said := _TABLE.search(prompt)):
        yield Ignored(said[0])


def _case(prompt: str, answer: str) -> Iterator[Ignored]:
    if said := _CASE.search(prompt):
        letters = re.findall("[A-Za-z]", answer)
        other = sum(letter.islower() if said["up"] else letter.isupper() for letter in letters)
        if len(letters) > 5 and 2 * other > len(letters):
            yield Ignored(said[0])


_QUOTED = r"(?:[\"“「](?P<a{n}>[^\"”」\n]{{1,60}})[\"”」]|‘(?P<b{n}>[^’\n]{{2,60}})’|'(?P<c{n}>[^'\n]{{2,60}})')"


def _edge(verbs: str, chinese: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{verbs})(?:s|n?ing)? (?:it |(?:the|your) (?:story|poem|answer|sentence|response|paragraph|letter|essay|reply|text) )?with (?:the (?:words?|phrase|sentence|line) )?{_QUOTED.format(n=1)}"
        rf"|以{_QUOTED.format(n=2)}(?:这句话|这个词|为|作为)?(?:{chinese})",
        re.I,
    )


_START, _FINISH = _edge("start|begin", "开头|开始"), _edge("end|conclude|finish", "结尾|结束")
_QUESTION = re.compile(r"^\s*(?:what|which|who|name|find|list|identify|give|哪|什么|列|找|举)", re.I)


def _edges(prompt: str, answer: str) -> Iterator[Ignored]:
    if _QUESTION.search(prompt):
        return
    for pattern, place in ((_START, slice(0, 150)), (_FINISH, slice(-200, None))):
        for said in pattern.finditer(prompt):
            wanted = next(filter(None, said.groups())).strip(" .。，,!！…?？").lower()
            if wanted and wanted not in answer[place].lower():
                yield Ignored(said[0])


_WITH = re.compile(
    r"(?:包含|使用|用|含有?|利用)(?:以下|给定|下列|这些|所给|下面|提供)的?(?:[两三四五\d]个)?(?:单词|词语|词汇|词|关键词|关键字|字词)(?:的|写|造|来|编|组成)?[^：:\n。]{0,12}[：:。\n]\s*(?P<zh>[^\n。]{2,60})"
    r"|\b(?:us(?:e|ing)|contain(?:s|ing)?|includ(?:e|es|ing)|incorporat(?:e|es|ing)) (?:all )?(?:of )?(?:the|these) (?:following |given |provided )(?:\w+ )?words?(?: below)?[^:\n.]{0,20}[.:\n]\s*(?P<en>[^\n.]{3,80})",
    re.I,
)
_AROUND = " \"“”'‘’「」[]()（）.!！"


def _words(prompt: str, answer: str) -> Iterator[Ignored]:
    said = _WITH.search(prompt)
    if not said or re.search(
        r"不|随机|一些|其中|some of|one of|any of|without|not ", said[0] + prompt[: said.start()][-12:], re.I
    ):
        return
    words = [word for part in re.split(r"[、，,;；/]|\band\b|和", said["zh"] or said["en"]) if (word := part.strip(_AROUND))]
    if not 2 <= len(words) <= 8 or any(len(word) > (20 if word.isascii() else 6) or " " in word for word in words):
        return
    lower = answer.lower()
    lacking = [word for word in words if (word.lower()[: max(4, len(word) - 3)] if word.isascii() else word) not in lower]
    if lacking and all(len(word) >= 4 or not word.isascii() for word in lacking):
        yield Ignored(
            said[0].split("\n")[0], lacks="、".join(lacking) if not lacking[0].isascii() else ", ".join(lacking), sure=False
        )


_NOT = re.compile(
    rf"\b(?:without (?:using|saying|mentioning)|(?:do not|don't|must not|should not|never|avoid) (?:use|using|mention|say|include)) the words? {_QUOTED.format(n=1)}"
    rf"|不(?:能|要|得|可以?|准|许)(?:使用|出现|包含|含有|用|提到|提及)(?:单词|词语?|字|字眼)?{_QUOTED.format(n=2)}(?:这?个?[字词])",
    re.I,
)


def _unwanted(prompt: str, answer: str) -> Iterator[Ignored]:
    for said in _NOT.finditer(prompt):
        word = next(filter(None, said.groups())).lower()
        if re.search(rf"\b{re.escape(word)}\b", answer.lower()) if word.isascii() else word in answer:
            yield Ignored(said[0])


_TONGUES = {
    "latin": "法语|法文|德语|德文|西班牙语|意大利语|葡萄牙语|英语|英文|french|german|spanish|italian|portuguese|english",
    "\u3040-\u30ff": "日语|日文|japanese",
    "\uac00-\ud7a3": "韩语|韩文|korean",
    "\u0400-\u04ff": "俄语|俄文|russian",
}
_LETTERS = {name: re.compile("[A-Za-zÀ-ÿ]" if name == "latin" else f"[{name}]") for name in _TONGUES}
_ALL = "|".join(_TONGUES.values())
_TONGUE = re.compile(
    rf"(?:请|只|必须|务必|需要?|要求)(?:能|要)?(?:用|以|使用)(?P<a>{_ALL})(?:来|进行)?(?:回答|回复|作答|答复)|(?:翻译|译)(?:成|为|至|到)(?P<b>{_ALL})"
    rf"|\b(?:answer|respond|reply)(?: only)? in (?P<c>{_ALL})\b|\btranslate (?:[^.\n]{{0,60}} )?(?:in)?to (?P<d>{_ALL})\b",
    re.I,
)
_CHINESE = re.compile("中文|汉语|[Cc]hinese|双语|bilingual")


def _language(prompt: str, answer: str) -> Iterator[Ignored]:
    chinese = len(HAN.findall(answer[:200])) >= 2
    if not (chinese or _says_one_thing(answer)):
        return
    found = list(_TONGUE.finditer(prompt))
    if len(found) != 1 or _CHINESE.search(prompt):
        return
    name = next(filter(None, found[0].groups())).lower()
    letters = next(_LETTERS[key] for key, names in _TONGUES.items() if name in names.split("|"))
    if not chinese:
        if name not in ("英语", "英文", "english") and not _ASKING.search(prompt) and _in_english(prompt, answer):
            yield Ignored(found[0][0])
    elif not letters.search(answer) and not (name in ("日语", "日文", "japanese") and len(answer) < 20):
        yield Ignored(found[0][0], sure=False)


_WORD = re.compile(r"[A-Za-z]+")
#: Words of English that French, German, Spanish, Italian and Portuguese have not.
_ENGLISH = frozenset(
    "the of and are you with that this your from they she her has have which my what there been would could should does not it for our his their every who".split()
)
_SAID = re.compile(r"[\"“”:`(\[]|\b(?:sorry|AI|translat\w*|language)\b")
_ASKING = re.compile(r"^\W*(?:how|what|why|which|is|are|does|who|where)\b|python|code|function|script|app\b|API", re.I)


def _says_one_thing(answer: str) -> bool:
    """Whether *answer* is in ASCII, no longer than a passage, and neither quotes nor names anything."""
    return len(answer) <= 1200 and answer.isascii() and not _SAID.search(answer)


def _in_english(asked: str, answer: str) -> bool:
    """Whether *answer* is English, of which half the words stand in what was *asked*: a sentence said again, or not translated at all."""
    used = [word.lower() for word in _WORD.findall(answer)]
    if not 4 <= len(used) <= 200:
        return False
    known = {word.lower() for word in _WORD.findall(asked)}
    english = sum(word in _ENGLISH for word in used)
    return english >= 1 and 8 * english >= len(used) and 2 * sum(word in known for word in used) >= len(used)


_LEAD = "(?:包含|使用|用|含有?|利用)(?:以下|给定|下列|这些|所给|下面|提供)"
#: What judges a prompt, the surest first, and what stands in every prompt on which it has anything to say.
FORM_DEMANDS: dict[Judge, Pattern] = {
    _sentences: Pattern(rf"[二两三四五六七八九十0-9]个?句|{_COUNT_EN}[ -](?:[a-z]+ )?[sS]entence", prompts=True),
    _items: Pattern(
        rf"[列给提举写推说想][出供荐到举我]?(?:至少)?{_COUNT}[个种条项点款本部位首则件座名类道篇]|(?:生成|找出|创建|设计){_COUNT}"
        rf"|\b(?:{_VERBS})(?: me| us| out| a list of)?(?: at least| exactly)? {_COUNT_EN} [a-z]",
        ignore_case=True,
        prompts=True,
    ),
    _tags: Pattern("标签|[hH]ashtag|[别不][使用带加要]+#", prompts=True),
    _emoji: Pattern("表情|[eE]moji", prompts=True),
    _one_word: Pattern("一个单?词|(?:one|single) word", prompts=True),
    _table: Pattern(r"表格|(?:in|as|into) an? (?:[mM]arkdown )?table", prompts=True),
    _case: Pattern("all caps|capital|(?:upper|lower) ?case| caps", prompts=True),
    _edges: Pattern(
        r"[”\"」](?:[\u4e00-\u9fff]{0,4})[开结]|(?:tart|egin|nning|nd|nding|nclude|inish|ng|s) with (?:the [a-z]+ )?['\"“‘]",
        prompts=True,
    ),
    _words: Pattern(rf"{_LEAD}|(?:following|given|provided) (?:[a-z]+ )?words?\b", prompts=True),
    _unwanted: Pattern(r"[”\"」]这?个?[字词]|the words? ['\"“‘]", prompts=True),
    _language: Pattern(
        r"译[成为至到][\u4e00-\u9fff]{1,3}[语文]|[语文](?:来|进行)?[回作答]|[tT]ranslate|(?:nswer|spond|eply|nly) in [A-Z]",
        prompts=True,
    ),
}
