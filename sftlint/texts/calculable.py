"""Questions whose answer can be worked out, and whether an answer gives something else."""

from __future__ import annotations

import re
from fractions import Fraction
from math import factorial, isqrt

from sftlint.texts.arithmetic import calculate

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
    r">>>|\.\w+\(|\w = [\[(]|weight|even\b|odd\b|prime|differ|except|exclud|without|standard|varian|deviation|geometric|harmonic|between|common|multipl|divis|factor|digit|squar|cube|absolute"
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
