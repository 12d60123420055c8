"""Sums that a text works out: read, calculated exactly, compared with what the text says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from operator import add, mul, sub
from typing import Any, NamedTuple

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
    value = _SIGNS[plain[2]](int(plain[1]), int(plain[3]))
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
        value, rest = _terms(tokens, 0, False)
        if rest != len(tokens):
            return ()
        readings = [value]
        if divides := "/" in tokens or "÷" in tokens:
            readings.append(_terms(tokens, 0, True)[0])
        if divides or not _ADDS.isdisjoint(tokens):
            readings.append(_in_order(tokens))
        return tuple(map(Fraction, readings))
    except (ValueError, ZeroDivisionError):
        return ()


def _in_order(tokens: list[str]) -> Exact:
    if "(" in tokens or len(tokens) % 2 == 0:
        return _terms(tokens, 0, False)[0]
    value = _exact(tokens[0])
    for sign, number in zip(tokens[1::2], tokens[2::2], strict=True):
        value = _SIGNS[sign](value, _exact(number))
    return value


Exact = int | Fraction  # whole numbers are ten times as fast


def _exact(number: str) -> Exact:
    return int(number) if number.isdecimal() else Fraction(number)


def _ratio(one: Exact, other: Exact) -> Fraction:
    return Fraction(one) / other


_ADDS = frozenset("+-−")
_SIGNS: dict[str, Callable[[Any, Any], Exact]] = {
    "+": add, "-": sub, "−": sub, "*": mul, "×": mul, "x": mul, "/": _ratio, "÷": _ratio,
}  # fmt: skip


def _terms(tokens: list[str], at: int, under: bool) -> tuple[Exact, int]:
    value, at = _factors(tokens, at, under)
    while at < len(tokens) and tokens[at] in "+-−":
        more, after = _factors(tokens, at + 1, under)
        value, at = _SIGNS[tokens[at]](value, more), after
    return value, at


def _factors(tokens: list[str], at: int, under: bool) -> tuple[Exact, int]:
    value, at = _factor(tokens, at, under)
    while at < len(tokens) and tokens[at] in "*×x/÷":
        sign = tokens[at]
        more, at = (_factors if under and sign in "/÷" else _factor)(tokens, at + 1, under)
        value = _SIGNS[sign](value, more)
    return value, at


def _factor(tokens: list[str], at: int, under: bool) -> tuple[Exact, int]:
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
    return _exact(sign), at + 1
