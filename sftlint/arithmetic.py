"""Sums that a text works out: read, calculated exactly, compared with what the text says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from math import factorial, isqrt
from operator import add, mul, sub, truediv
from typing import NamedTuple

#: The sign of equality between something calculated and a number.
EQUALS = r"[\d)] ?= ?-?\$?\d"
_EQUALS = re.compile(r"(?<=[\d) ])=\s?(?P<value>-?\$?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)(?=(?P<after>.{0,12}))", re.S)
_TOKEN = re.compile(r"\s*(\$?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\$?\.\d+|[-+*/()×÷x−])")
_RUN = re.compile(r"[\d.,()\s+\-*/×÷x−$]*\Z")
_LONGEST = 120  # characters of a sum
# In ranges of all letters case counts: else the long s and the Kelvin sign would bring s and k with them.
#: What stands before a sum if it is not the whole of it: the other half of a product, a power, a ratio, a label.
_GOES_ON = re.compile(
    r"(?:[^\W\d_]\s*[)\]}]|\d\s*[a-zA-Z]|(?-i:[\u0080-\u2fff])|[\])}%^√½¼¾⅓⅔⁄²³°|~≈\\“”‘’\"'*_&@#!±∶{\[–—•€£¥·/]|\d\s*[:：,，、]|[的第加减乘除以倍半之又个]|\b(?:of|times|plus|minus|over|by|half|twice|double|mod|log|sqrt"
    r"|day|week|month|year|step|question|problem|chapter|level|grade|room|part|page|version|unit|type|case|log|ln|sin|cos|tan|ratio|between|from|[a-zA-Z])|\d\s*and)\s*\Z",
    re.I,
)
#: What stands behind a number if it is not the whole result.
_RESULT_GOES_ON = re.compile(
    r"[,.]?\d|(?-i:[\u0080-\u2fff])|[%^√²³½¼¾⅓⅔⁄°:：/\\(\[{_*×÷π!'’?？]|\s+\d|\s*(?:[-+*/×÷−^=≠<](?!>)\s*[\d($a-zA-Z])|\s?[a-zA-Z](?![a-zA-Z])|\s*(?:[?？%]|[-+]\s*[?？]|\.\.\.|\bmod\b|and a (?:half|quarter)|又|余|\b(?:or|remainder|R)\b|[ap]\.?m\b|o'clock|点)",
    re.I,
)
_REMAINDER = re.compile(r"remainder|\bmod|余", re.I)
_BULLET = re.compile(r"(?:[-*+•]|\(?\d{1,2}[.)、])\s+(?=[\d($])")
_UNITS = frozenset((7, 10, 12, 16, 24, 30, 36, 52, 60, 100, 360, 365, 1000, 3600, 10_000, 100_000, 1_000_000))


class Sum(NamedTuple):
    """A sum as written, what it comes to, and what the text says. `start` and `stop` count characters of the text."""

    start: int
    stop: int
    said: str
    value: Fraction
    result: Fraction
    places: int
    """Decimals of `result`."""
    rough: bool
    """Whether it divides or has decimals, so that its result may be rounded."""
    readings: tuple[Fraction, ...]
    """What it may come to besides, see `calculate`."""

    @property
    def wrong(self) -> bool:
        """Whether the result is another number, however it is read: neither rounded, nor the same amount in another unit, nor, of
        what is rough, a fiftieth beside it."""
        return all(map(self._differs, self.readings))

    def _differs(self, value: Fraction) -> bool:
        result = self.result
        if value == result:
            return False
        if abs(value - result) < Fraction(1, 10**self.places) and self.rough:
            return False
        if self.rough and abs(value - result) <= abs(value) / 50:
            return False
        if not value or not result:
            return True
        if value == -result:
            return False  # a difference told without its sign
        ratio = abs(value / result)
        return not (ratio in _UNITS or 1 / ratio in _UNITS)


#: Most sums: two whole numbers and nothing before them. Those that hold need no second look.
_PLAIN = re.compile(
    r"(?<![\d.,)(+\-*/×÷x−] )(?<![\d.,)(+\-*/×÷x−])(\d{1,9}) ?([-+*×x]) ?(\d{1,9}) ?(?P<equals>=) ?(\d{1,18})(?![\d.,])"
)


def _holds(plain: re.Match[str]) -> bool:
    value: int = _SIGNS[plain[2]](int(plain[1]), int(plain[3]))
    return value == int(plain[5])


def sums(text: str) -> Iterator[Sum]:
    """The sums of *text* that stand by themselves, as `3 + 4 = 7`: whatever may be a part of something longer is left out, and
    most of those that hold."""
    text = text.replace("\\n", " \n")  # a break that was escaped twice; as long as before
    right = {plain.start("equals") for plain in _PLAIN.finditer(text) if _holds(plain)}
    for hit in _EQUALS.finditer(text):
        if hit.start() in right or hit["value"].strip("-$") in ("", ".") or _RESULT_GOES_ON.match(hit["after"]):
            continue
        line = text[max(0, hit.start() - _LONGEST) : hit.start()]
        line = line[line.rfind("\n") + 1 :]
        line = line[line.rfind("=") + 1 :]
        run = _RUN.search(line)
        assert run
        begin, said = run.start(), run[0]
        before = line[:begin]
        if not before.strip() and (bullet := _BULLET.match(said.lstrip())):
            cut = len(said) - len(said.lstrip()) + bullet.end()
            begin, said = begin + cut, said[cut:]
        comma = max(said.rfind(", "), said.rfind(". "))
        if comma >= 0:
            if re.search(r"[-\d+*/×÷x−(]\s*\Z", said[:comma]):
                continue  # a number grouped by spaces, or a list
            begin, said = begin + comma + 2, said[comma + 2 :]
        stripped = re.sub(r"\A(?:[ ,\t]|\.(?!\d))+", "", said)
        begin, said = begin + len(said) - len(stripped), stripped.rstrip()
        if before.strip() and not comma >= 0 and _GOES_ON.search(before):
            continue
        if said.startswith("(") and said.count("(") == said.count(")") + 1:
            if before[-1:].isalnum() and before[-1:].isascii():
                continue
            begin, said = begin + 1, said[1:]
        readings = calculate(said)
        if not readings or _REMAINDER.search(line + hit["after"]):
            continue
        value, rough = readings[0], "/" in said or "÷" in said or "." in said
        result = Fraction(hit["value"].replace(",", "").replace("$", ""))
        if value < 0 < result or ("$" in hit["value"]) > ("$" in said):
            continue  # a range: 60-69 = 2 points; or cents on the one side
        places = len(hit["value"].partition(".")[2])
        start = hit.start() - len(line) + begin
        yield Sum(start, hit.end(), text[start : hit.end()], value, result, places, rough or places > 0, readings)


def calculate(said: str) -> tuple[Fraction, ...]:
    """What *said* comes to by the rules, and by the other ways in which people write: signs followed from left to right, as on a
    pocket calculator, and all that stands behind a stroke under it (`6 / 1/2`, `15*14/2*1`). Empty where it is no sum, or unclear:
    `1 1/2`, or a number with a leading zero."""
    tokens: list[str] = []
    at, said = 0, said.rstrip()
    while at < len(said):
        token = _TOKEN.match(said, at)
        if token is None or len(tokens) > 60:
            return ()
        tokens.append(token[1].lstrip("$").replace(",", ""))
        at = token.end()
    numbers = [token for token in tokens if token[-1].isdigit()]
    if len(numbers) < 2 or any(len(number) > 15 or (number[0] == "0" and number[1:2].isdigit()) for number in numbers):
        return ()
    try:
        readings = []
        for under in (False, True):
            value, rest = _terms(tokens, 0, under)
            if rest != len(tokens):
                return ()
            readings.append(value)
        return (*readings, _in_order(tokens))
    except (ValueError, ZeroDivisionError):
        return ()


def _in_order(tokens: list[str]) -> Fraction:
    if "(" in tokens or len(tokens) % 2 == 0:
        return _terms(tokens, 0, False)[0]
    value = Fraction(tokens[0])
    for sign, number in zip(tokens[1::2], tokens[2::2], strict=True):
        value = _SIGNS[sign](value, Fraction(number))
    return value


_SIGNS = {"+": add, "-": sub, "−": sub, "*": mul, "×": mul, "x": mul, "/": truediv, "÷": truediv}


def _terms(tokens: list[str], at: int, under: bool) -> tuple[Fraction, int]:
    value, at = _factors(tokens, at, under)
    while at < len(tokens) and tokens[at] in "+-−":
        more, after = _factors(tokens, at + 1, under)
        value, at = _SIGNS[tokens[at]](value, more), after
    return value, at


def _factors(tokens: list[str], at: int, under: bool) -> tuple[Fraction, int]:
    value, at = _factor(tokens, at, under)
    while at < len(tokens) and tokens[at] in "*×x/÷":
        sign = tokens[at]
        more, at = (_factors if under and sign in "/÷" else _factor)(tokens, at + 1, under)
        value = _SIGNS[sign](value, more)
    return value, at


def _factor(tokens: list[str], at: int, under: bool) -> tuple[Fraction, int]:
    if at >= len(tokens):
        raise ValueError
    sign = tokens[at]
    if sign == "(":
        value, at = _terms(tokens, at + 1, under)
        if at >= len(tokens) or tokens[at] != ")":
            raise ValueError
        return value, at + 1
    if sign in ("-", "−") and at == 0:
        value, at = _factor(tokens, 1, under)
        return -value, at
    if not sign[-1].isdigit():
        raise ValueError
    return Fraction(sign), at + 1


# -- questions whose answer can be worked out --

_WIDE = str.maketrans("０１２３４５６７８９＋－＝（）＊／，．", "0123456789+-=()*/,.")
_NUMBER = r"[-−]?\d{1,12}(?:\.\d{1,6})?"
_LIST = re.compile(rf"(?<![\w.]){_NUMBER}(?:(?>\s*(?:,\s*and\b|[，,、;和]|\band\b)\s*|\s+){_NUMBER}){{1,40}}+(?![\w%])")
_ASK = (
    r"(?:(?:请|帮我|麻烦|你)*(?:计算|求出?|算出?|解答?|回答)(?:一下|下列|下面|以下)?(?:算式|表达式|式子|题目|问题)?(?:的(?:值|结果))?"
    r"|(?:can you |could you |please )?(?:what(?:'s| is)|how much is|calculate|compute|evaluate|solve|work out|find)(?: the)?"
    r"(?: (?:value|result|answer|sum|product|quotient|difference)(?: of)?)?(?: (?:following|this))?(?: (?:arithmetic|math(?:s|ematical)?))?(?: (?:expression|equation|problem|sum|calculation|operation))?)?"
)
_TAIL = r"\s*(?:=|等于(?:多少|几)?|的?(?:值|结果)?(?:是多少|是几|是)?|equals?)?\s*[?？。.]?"
_BARE = re.compile(
    rf"\s*{_ASK}\s*[:：]?\s*(?P<said>[\d(][\d.,()\s+\-*/×÷x−]*[\d)])\s*(?:的(?:值|结果|和|差|积|商))?{_TAIL}\s*", re.I
)
_NAMED = re.compile(
    rf"\s*{_ASK}\s*(?:(?P<part>{_NUMBER})\s*(?:%|percent) of (?P<whole>{_NUMBER})|(?P<whole2>{_NUMBER})的(?:百分之(?P<part2>\d{{1,3}})|(?P<part3>{_NUMBER})%)"
    rf"|(?:the )?(?P<en>square root|square|cube|factorial) of (?P<of>\d{{1,6}})|(?P<of2>\d{{1,6}})的(?P<zh>算术平方根|平方根|平方|立方|阶乘)){_TAIL}\s*",
    re.I,
)
_KINDS = {
    "median": r"median|中位数",
    "mean": r"mean|average|平均[数值]?|均值",
    "mode": r"mode|众数",
    "range": r"range|极差",
    "sum": r"sum|total|add up|add together|总和|之和|的和|求和|加起来",
    "product": r"product|乘积|之积|的积",
    "max": r"max(?:imum)?|largest|biggest|greatest|highest|最大[值数的]*",
    "min": r"min(?:imum)?|smallest|least|lowest|最小[值数的]*",
}
_KIND = re.compile(
    "|".join(rf"(?P<{name}>\b(?:{words.split('|')[0]})\b|{'|'.join(words.split('|')[1:])})" for name, words in _KINDS.items()),
    re.I,
)
_UP = re.compile(
    r"ascending|increasing|smallest to (?:largest|biggest|greatest)|least to greatest|lowest to highest|low to high|升序|从小到大|由小到大|从低到高",
    re.I,
)
_DOWN = re.compile(
    r"descending|decreasing|(?:largest|biggest) to smallest|greatest to least|highest to lowest|high to low|降序|从大到小|由大到小|从高到低",
    re.I,
)
_SORT = re.compile(r"\b(?:sort|arrange|order|rank|put|list)|排", re.I)
#: What makes another question of it.
_BUT = re.compile(
    r"weight|even\b|odd\b|prime|differ|except|exclud|without|standard|varian|deviation|geometric|harmonic|between|common|multipl|divis|factor|digit|squar|cube|absolute"
    r"|expected|moving|cumulat|second|third|first|integer|pair|consecutive|code|algorithm|program|function|script|python|quartile|percentile|偶|奇|质|素|之差|的差|几何|调和|加权|第|每|公[倍约因]|相邻|连续|代码|算法|程序|函数|方差|标准|绝对|不同|去掉|除",
    re.I,
)


def asked_result(question: str) -> list[Fraction] | None:
    """What *question* asks to work out, where it asks for nothing else and leaves nothing open: the value of a sum, a
    percentage, a root, the median of a list and its like as one number, or a list put in order. None otherwise."""
    question = question.strip().translate(_WIDE)
    if len(question) > 300:
        return None
    if bare := _BARE.fullmatch(question):
        values = set(calculate(bare["said"]))  # several where it may be read in several ways
        return [*values] if len(values) == 1 and ("=" in question or len(question) > len(bare["said"]) + 1) else None
    if named := _NAMED.fullmatch(question):
        return _named(named)
    if _BUT.search(question):
        return None
    lists = _LIST.findall(question)
    if len(lists) != 1 or re.search(r"\d", question.replace(lists[0], "")):
        return None
    numbers = [Fraction(number.replace("−", "-")) for number in re.findall(_NUMBER, lists[0])]
    up, down = _UP.search(question), _DOWN.search(question)
    if up or down:
        fine = bool(up) != bool(down) and len(numbers) >= 3 and _SORT.search(question)
        return sorted(numbers, reverse=bool(down)) if fine else None
    kinds = {str(hit.lastgroup) for hit in _KIND.finditer(question)}
    return _of_list(kinds.pop(), numbers) if len(kinds) == 1 and len(numbers) >= 3 else None


def _named(named: re.Match[str]) -> list[Fraction] | None:
    if part := named["part"] or named["part2"] or named["part3"]:
        return [Fraction(part.replace("−", "-")) * Fraction((named["whole"] or named["whole2"]).replace("−", "-")) / 100]
    number, kind = int(named["of"] or named["of2"]), (named["en"] or named["zh"]).lower()
    if "root" in kind or "平方根" in kind:
        return [Fraction(isqrt(number))] if isqrt(number) ** 2 == number else None
    if kind in ("factorial", "阶乘"):
        return [Fraction(factorial(number))] if number <= 15 else None
    return [Fraction(number) ** (2 if kind in ("square", "平方") else 3)]


def _of_list(kind: str, numbers: list[Fraction]) -> list[Fraction] | None:
    ordered, count = sorted(numbers), len(numbers)
    if kind == "mode":
        most = max(map(numbers.count, numbers))
        often = {number for number in numbers if numbers.count(number) == most}
        return [*often] if len(often) == 1 and most > 1 else None
    if kind == "product":
        value = Fraction(1)
        for number in numbers:
            value *= number
        return [value]
    return [
        {
            "median": (ordered[count // 2] + ordered[(count - 1) // 2]) / 2,
            "mean": sum(numbers, Fraction(0)) / count,
            "range": ordered[-1] - ordered[0],
            "sum": sum(numbers, Fraction(0)),
            "max": ordered[-1],
            "min": ordered[0],
        }[kind]
    ]


_ANY = re.compile(r"(?<![A-Za-z0-9_.])[-−]?(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?")
_PERCENT = re.compile(r"[\d.]+\s*%|百分之[\d.]+")
_SAYS = re.compile(
    r"(?:=|\bis|\bequals?|:|：|等于|是|为|得)\s*[$￥]?([-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*[^\d\s]{0,6}\s*[.。]?\Z"
)
_OPEN = re.compile(
    r"[\^√…]|/|\d[eE][+-]?\d|\\|余|remainder|approx|约|\b(?:hundred|thousand|million|half|third|quarter|R)\b|[百千万亿]|```|错|wrong|sorry|抱歉",
    re.I,
)


def answered_otherwise(answer: str, results: list[Fraction]) -> str:
    """What *answer* gives instead of *results*, or "" where it gives them, or gives none that can be read."""
    said = _PERCENT.sub("", answer.strip().translate(_WIDE))
    if len(said) > 2000 or _OPEN.search(said):
        return ""
    written = [hit[0].replace(",", "").replace("−", "-") for hit in _ANY.finditer(said)]
    numbers = [Fraction(number) for number in written]
    if len(results) > 1:
        if len(numbers) < len(results) or any(numbers[i : i + len(results)] == results for i in range(len(numbers))):
            return ""
        return answer.strip() if sorted(numbers) == sorted(results) or len(said) <= 8 * len(results) else ""
    if any(
        abs(number - results[0]) <= (Fraction(1, 10 ** len(text.partition(".")[2])) if "." in text else 0)
        for number, text in zip(numbers, written, strict=True)
    ):
        return ""
    if results[0].denominator != 1 and any(abs(number - results[0]) < 1 for number in numbers):
        return ""  # rounded to a whole number
    if len(numbers) == 1 and len(said) <= 12 + len(written[0]):
        return written[0]
    found = _SAYS.search(said.rsplit("\n", 1)[-1])
    return found[1] if found else ""
