"""What a prompt demands of its answer in so many words: one of a few options, a length, JSON."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sftlint.pattern import Pattern
from sftlint.texts.traits import label

_OPEN, _CLOSE = "[\"“「『【‘'`\\[]", "[\"”」』】’'`\\]]"
_ITEM = rf"{_OPEN}?[^\s，。；;：:\n\"“”「」『』【】‘’'`\[\]、/,或]{{1,12}}?{_CLOSE}?"
_SEP = r"\s*(?:、|/|或者是?|或是?|还是|和|\|)\s*"
_VERB = "(?:回复|回答|输出|返回|回应|答复|填写|选择|答|填|写)"
_LIST = rf"(?P<options>{_ITEM}(?:{_SEP}{_ITEM}){{1,8}})"
_ONE = r"(?:这?[两二三四五]?[个种类者]?(?:选项|类别|标签|词|类型)?\s*(?:中的?|里|之一|其中))"
_ZH = (
    re.compile(
        rf"(?:只能?|仅能?|仅限|仅需要?|只需要?|只要|只可以?|只许|必须|务必|直接)(?:请|要|能|可以)?(?:用|以|从|使用)?\s*"
        rf"{_VERB}(?:一个词|一个字|一个)?\s*[:：为]?\s*{_LIST}(?=$|[\s，。；;：:！!）)\]]|即可|就行|就好|{_ONE})"
    ),
    re.compile(
        rf"(?:回复|回答|输出|返回|填写|选择)\s*[:：为]?\s*{_LIST}(?:即可|就行|就好|就可以|(?:[这其]?[两二三四五个种]*中的?一[个种类项]|之一))"
    ),
    re.compile(rf"{_VERB}\s*[:：为]?\s*(?P<options>“[^”\n]{{1,12}}”(?:{_SEP}“[^”\n]{{1,12}}”){{1,8}})(?=$|[\s，。；;：:！!])"),
    re.compile(
        rf"(?:只能?|仅能?|请只?|必须|务必)(?:用|以|使用)\s*(?P<options>{_OPEN}[^\s，。；：“”]{{1,8}}{_CLOSE}(?:{_SEP}{_OPEN}[^\s，。；：“”]{{1,8}}{_CLOSE}){{1,5}})(?:来|进行)?{_VERB}"
    ),
    re.compile(rf"从\s*[【\[(（]?{_LIST}[】\])）]?\s*{_ONE}\s*(?:选择?|挑选?|任选)"),
)
_EN_ITEM = r"[\"“'‘`]?[A-Za-z][\w+-]*(?: [A-Za-z][\w+-]*){0,2}[\"”'’`]?"
_EN_OR = r"(?:\s*,\s*or\s+|\s+or\s+|\s*,\s*|\s*/\s*)"
_EN = (
    re.compile(
        r"\b(?:(?:answer|respond|reply|output|return|say|write)(?:\s+(?:with|in|using))?\s+(?:only|either|just|exactly)"
        r"(?:\s+with)?|only\s+(?:answer|respond|reply|output|return|say|write)(?:\s+(?:with|in))?"
        r"|(?:answer|respond|reply)\s+with\s+(?:either|one\s+of))"
        r"(?:\s+(?:one\s+of|either|word|a|the(?:\s+(?:words?|labels?|categor(?:y|ies)))?))*\s*:?\s*"
        rf"(?P<options>{_EN_ITEM}(?:{_EN_OR}{_EN_ITEM}){{1,7}})(?=$|[\s.,;:!?\n)])",
        re.I,
    ),
    re.compile(
        r"\b(?:[Aa]nswer|[Rr]espond|[Rr]eply)\s+(?:with\s+)?(?P<options>[\"“'‘`]?[A-Za-z][\w+-]*[\"”'’`]?"
        rf"(?:{_EN_OR}[\"“'‘`]?[A-Za-z][\w+-]*[\"”'’`]?){{1,7}})(?=$|[.:\n]|,? (?:only|without|and nothing)\b(?!\?))"
    ),
)
_QUOTED = re.compile('[“"「『【‘]')
_EN_SEP = re.compile(_EN_OR, re.I)
_ZH_SEP = re.compile(_SEP)
_MARKS = " \t\n\"“”‘’'「」『』《》【】[]()（）`。."
#: What no label begins with or holds: a request goes on.
_NO_LABEL = re.compile(
    r"^(?:问题|内容|答案|结果|代码|理由|原因|我|你|下|上|以|如|the |a |an |your |it\b|in\b|with\b|no more|not\b)|的.", re.I
)

#: Proposes texts that may demand something of their answer.
OPTION_DEMAND = Pattern(
    r"(?:只|仅|必须|务必|直接)[^\n]{0,5}(?:回复|回答|输出|返回|回应|答复|填写|选择|答|填|写)"
    r"|(?:回复|回答|输出|返回|填写|选择)[^\n]{2,30}(?:即可|就行|就好|就可以|之一|中的?一)"
    r"|(?:回复|回答|输出|返回|回应|答复|填写|选择)[:：为 ]{0,2}“|[只仅请能须必][用以][“「『\"]|从[^\n]{2,40}(?:中|里)[^\n]{0,6}[选挑]"
    r"|(?:nswer|espond|eply|utput|eturn|say|rite)(?: with| in| using)? (?:only|either|just|exactly|one of)"
    r"|nly (?:answer|respond|reply|output|return|say|write)|(?:Answer|Respond|Reply|answer|respond|reply) [^\n.]{1,40} or ",
    # Long gaps cost a scanner much, so it looks for what stands at their ends.
    scan=r"(?:只|仅|必须|务必|直接)[^\n]{0,5}(?:回|答|输出|返回|填|选择|写)|即可|就行|就好|就可以|之一|中的?一"
    r"|(?:回复|回答|输出|返回|回应|答复|填写|选择)[:：为 ]{0,2}“|[只仅请能须必][用以][“「『\"]|[中里][^\n]{0,6}[选挑]"
    r"|(?:nswer|espond|eply|utput|eturn|say|rite)(?: with| in| using)? (?:only|either|just|exactly|one of)"
    r"|nly (?:answer|respond|reply|output|return|say|write)|(?:nswer|espond|eply) [^\n.]{1,40} or ",
    prompts=True,
)


class Options(NamedTuple):
    """The answers that a prompt allows, as written, and where it says so."""

    allowed: tuple[str, ...]
    start: int
    stop: int

    def fits(self, text: str) -> bool:
        """Whether *text* is one of them, but for case and the marks around it."""
        bare = label(text)
        return bool(bare) and bare in {label(option) for option in self.allowed}


def demanded_options(text: str) -> Options | None:
    """The last demand in *text* to answer with one of a few options."""
    found, start = None, 0
    for line in text.split("\n"):
        if said := _options(line):
            found = said._replace(start=start + said.start, stop=start + said.stop)
        start += len(line) + 1
    return found


@lru_cache(1024)
def _options(line: str) -> Options | None:
    """The last demand in one line; instructions are lines that come again and again."""
    if not OPTION_DEMAND.regex.search(line):
        return None
    found = None
    for patterns, separator, longest in ((_ZH, _ZH_SEP, 12), (_EN, _EN_SEP, 30)):
        for pattern in patterns:
            for match in pattern.finditer(line):
                allowed = tuple(option for part in separator.split(match["options"]) if (option := part.strip(_MARKS)))
                if pattern is not _ZH[-1] and "和" in match["options"] and not _QUOTED.search(match["options"]):
                    continue  # these are two things to answer with
                if len(allowed) < 2 or len(set(allowed)) < len(allowed) or any(map(_NO_LABEL.search, allowed)):
                    continue
                if max(map(len, allowed)) <= longest and (found is None or match.start() > found.start):
                    found = Options(allowed, match.start(), match.end())
    return found


#: Proposes texts with a line that lists the answers there are.
OPTION_LIST = Pattern(
    r"(?im)^[ \t]*(?:(?:可选|候选|备选)(?:的|项|答案)?|(?:可选|候选|备选)?的?(?:选项|类别|标签|分类|栏目))(?:列表|集合|范围|如下|包括|有|为)?[ \t]*[:：](?P<zh>[^\n:：]{3,300})$"
    r"|^[ \t]*(?:(?:candidate |possible |available )?(?:options|choices|categories|labels|classes))[ \t]*:(?P<en>[^\n:?]{3,300})$",
    scan=r"(?:选|类别|标签|分类|栏目)[^\n]{0,4}[:：]|(?:ptions|hoices|ategories|abels|lasses) {0,2}:",
    prompts=True,
)
_LIST_SEP = re.compile(r"[，,、/;；|]")
_LETTERED = re.compile(r"[(（]?[A-Ha-h\d][)）.．、 ]")


def listed_options(text: str) -> Options | None:
    """The last line of *text* that lists the answers there are, as in `选项：体育，财经，科技`. A letter before each is
    no part of the answer, and such lists are left alone."""
    for match in reversed(list(OPTION_LIST.regex.finditer(text))):
        allowed = tuple(option for part in _LIST_SEP.split(match["zh"] or match["en"]) if (option := part.strip(_MARKS)))
        longest = 12 if match["zh"] and not match["zh"].isascii() else 30
        if len(allowed) < 3 or len(set(allowed)) < len(allowed) or max(map(len, allowed)) > longest:
            continue
        return None if any(map(_LETTERED.match, allowed)) else Options(allowed, match.start(), match.end())
    return None


class Length(NamedTuple):
    """How long an answer may be: of `unit` "character", "word" or "sentence" at most or at least `number`."""

    number: int
    unit: str
    least: bool
    said: str

    def count(self, text: str) -> int:
        """How many of the unit *text* has: Chinese characters and Latin words, words, or ends of sentences."""
        if self.unit == "sentence":
            return len(_SENTENCE.findall(DOTTED.sub("x", text)))
        if self.unit == "word":
            return len(text.split())
        return len(_CHARACTER.findall(text))

    def broken(self, text: str) -> bool:
        """Whether *text* is far from it: half as long again, or half as short. People are lenient, and so is this."""
        count = self.count(text)
        return count < 0.5 * self.number if self.least else count > 1.5 * self.number + (5 if self.unit != "sentence" else 1)

    def missed(self, text: str) -> bool:
        """Whether *text* is longer than allowed by a fifth, or shorter by a fifth."""
        count = self.count(text)
        if self.unit == "sentence":
            return self.broken(text)
        return count < 0.8 * self.number if self.least else count > 1.2 * self.number + 3


_CHARACTER = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+|\d+")
#: What holds a full stop and ends no sentence: titles, decimals, numbers of a list.
DOTTED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|vs|etc|e\.g|i\.e|U\.S|a\.m|p\.m|No|Jr|Sr|Inc|Ltd|[A-Z])\.|\d+\.\d+|^[ \t]*(?:\d+[.)、]|[-*•])[ \t]*",
    re.M,
)
_SENTENCE = re.compile(r"[.!?。！？]+(?=\s|$|[\u3400-\u9fff”\"])|[^.!?。！？\s]\s*$")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBERS = {word: i for i, word in enumerate("zero one two three four five six seven eight nine ten".split())}
_ZH_LENGTH = re.compile(
    r"(?P<number>\d{1,5}|(?<![一二两三四五六七八九十百])[一二两三四五六七八九]?[十百][一二三四五六七八九十]{0,3})\s*个?(?:汉字|字符|字)(?P<after>以内|之内|以下|内|以上)?"
)
_ZH_BELOW = re.compile(r"(?:不(?:能|要|得|可以?|应)?(?:超过|多于)|最多|控制在|限制?在|(?<!不)(?<!不能)(?<!不得)少于)\s*$")
_ZH_ABOVE = re.compile(r"(?:至少|不少于|不低于|不得少于|不能少于)\s*$")
_EN_LENGTH = re.compile(
    r"\b(?:(?P<below>in (?:no|not) more than|(?:with)?in|under|below|fewer than|less than|no more than|no longer than|at most|not exceed(?:ing)?"
    r"|max(?:imum|\.)?(?: of)?:?|up to|(?:limit|restrict|keep|cap)(?:ted|ed)? (?:[a-z]+ ){0,3}(?:to|at))"
    r"|(?P<above>at least|no (?:less|fewer) than|more than))\s+(?P<number>\d{1,5}|one|two|three)\s+(?P<unit>words?|sentences?)\b",
    re.I,
)
_ZH_SENTENCES = re.compile(
    r"(?:只?[用以]|不(?:要)?超过|最多|控制在|限制?在)(?P<number>[一两二三四五1-5])\s*句话(?:以内|之内)?(?:来|简单|简要|简短|进行)*"
    r"(?=回答|概括|总结|介绍|描述|说明|解释|回复|[。，,！!）)]|$)",
    re.M,
)
_EN_UNIT = re.compile(r"(?<=\s)(?:[Ww]ord|[Ss]entence|WORD|SENTENCE)")
LENGTH_DEMAND = Pattern(
    r"(?:\d|[十百])\s*个?(?:汉字|字符|字)|[一两二三四五1-5]\s*句话|(?i)\b(?:than|in|under|below|most|to|at|of|max|maximum|exceed|exceeding|least)[:.]?\s+(?:\d+|one|two|three)\s+(?:word|sentence)",
    scan=r"(?:[0-9]|[十百])\s*个?(?:汉字|字符|字)|[一两二三四五1-5]\s*句话|(?:[0-9]|one|two|three) (?:word|sentence)",
    prompts=True,
)


def demanded_length(text: str) -> Length | None:
    """The last demand in *text* on the length of its answer."""
    found = None
    for match in _ZH_LENGTH.finditer(text) if "字" in text else ():
        number, before = number_of(match["number"]), text[max(0, match.start() - 8) : match.start()]
        below, above = _ZH_BELOW.search(before), _ZH_ABOVE.search(before)
        most = above is None and (below is not None or match["after"] in ("以内", "之内", "以下", "内"))
        least = above is not None or match["after"] == "以上"
        if number >= 5 and most != least:
            said = above or below
            found = Length(number, "character", least, ((said[0] if said else "") + match[0]).strip())
    for match in _ZH_SENTENCES.finditer(text) if "句话" in text else ():
        found = Length(number_of(match["number"]), "sentence", False, match[0])
    near = [_EN_LENGTH.search(text, max(0, unit.start() - 32), unit.end() + 2) for unit in _EN_UNIT.finditer(text)]
    for match in filter(None, near):
        number = number_of(match["number"])
        unit = match["unit"].lower().rstrip("s")
        if number >= (1 if unit == "sentence" else 5):
            found = Length(number, unit, match["above"] is not None, match[0])
    return found


def number_of(text: str) -> int:
    """What *text* counts: digits, a Chinese numeral below a thousand, or an English one up to ten."""
    if text.isdigit():
        return int(text)
    if text.isascii():
        return _NUMBERS[text.lower()]
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += max(digit, 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


#: What asks for a program.
CODE_ASKED = re.compile(r"代码|函数|接口|脚本|程序|\b(?:code|functions?|scripts?|endpoints?|API|python|SQL)\b|\bprogram", re.I)
#: Demands of JSON that are made of the model, and not of a program it is to write.
JSON_DEMAND = Pattern(
    r"(?:以|用|按照?|使用)\s*(?:合法的?|标准的?|如下|以下)?\s*(?i:json)\s*(?:格式|对象|数组)?\s*(?:的?(?:形式|格式))?(?:来|进行)?\s*(?:输出|返回|回复|回答|给出|作答)"
    r"|(?:只|仅)(?:需要?|能)?(?:输出|返回|回复)\s*(?:合法的?)?\s*(?i:json)"
    r"|直接(?:输出|返回)\s*(?i:json)(?=[：:，。\n]|格式|$)|请(?:直接)?(?:输出|返回)(?:一个)?(?:合法的?|标准的?)?\s*(?i:json)|(?:结果|答案)(?:请|需要?|必须)?(?:用|以|按)\s*(?i:json)(?:格式)?(?:来)?(?:表示|呈现|展示)"
    r"|\b(?:[Rr]eturn|[Oo]utput|[Pp]roduce|[Gg]ive)\s+(?:me\s+)?(?:only|just|nothing but)\s+(?:an?\s+|the\s+)?(?:valid\s+)?(?i:json)\b"
    r"|\b[Oo]utput\s+(?:an?\s+)?(?:valid\s+)?(?i:json)\b|\b(?i:output|answer|response|reply)\s+(?:must|should|has to)\s+be\s+(?:in\s+)?(?:an?\s+)?(?:valid\s+)?(?i:json)\b"
    r"|\b(?:[Gg]ive|[Rr]eturn|[Pp]rovide|[Oo]utput)\s+(?:me\s+)?(?:the|your)\s+(?:result|answer|output|response)s?\s+(?:in|as)\s+(?:an?\s+)?(?:valid\s+)?(?i:json)\b"
    r"|\b(?:[Aa]nswer|[Rr]espond|[Rr]eply)\s+(?:only\s+)?(?:in|with|as)\s+(?:only\s+)?(?:an?\s+)?(?:valid\s+)?(?i:json)\b",
    scan=r"(?:以|用|按|照)[^\n]{0,5}[jJ][sS][oO][nN]|[出回复][^\n]{0,4}[jJ][sS][oO][nN]|(?:in|with|as|only|just|but|an?|the|valid|be|utput) [jJ][sS][oO][nN]",
    prompts=True,
)
#: Demands of a language, made of the model.
LANGUAGE_DEMAND = Pattern(
    r"(?:请|只|必须|务必|需要?|要求|全部|统一|一律)(?:能|要)?(?:用|以|使用)(?P<zh>中文|汉语|英文|英语)(?:来|进行)?(?:回答|回复|作答|答复)"
    r"|\b(?:[Aa]nswer|[Rr]espond|[Rr]eply)\s+(?:only\s+)?in\s+(?P<en>Chinese|English)\b",
    scan=r"(?:中文|汉语|英文|英语)(?:来|进行)?(?:回答|回复|作答|答复)|(?:nswer|espond|eply|only) in (?:Chinese|English)",
    prompts=True,
)
