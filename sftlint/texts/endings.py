"""How a text ends: whether it was finished, and if not, what was left open.

`ENDED` is the cheap test. Only texts that fail it are worth a call of the functions below.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import orjson

SENTENCE = ".!?。！？…‽;；~～؟।።۔՝"
CLOSERS = "\"'”’」』》）)】]}〉›»*_`"
#: Last characters of a text about which there is nothing to ask: sentences end so, or something was closed.
ENDED = frozenset("!?。！？…‽;；~～؟।።۔\"'”’」』》）)】]}〉›»`>$")

_TRAILING = CLOSERS + " \t\r\n\u3000"
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u3040-\u30ff\ua000-\uabff\uac00-\ud7a3]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_FENCE = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(`{3,}|~{3,})", re.M)
_CODE_LINE = re.compile(
    r"[;{}]\s*$|^\s*(?:def |class |import |from \w+ import|return\b|#include|</?\w|public |private |function |var |let |const |SELECT |select |"
    r"print\(|if .*:$|for .*:$|while .*:$|@\w|//|#!|\$ )|=>|==|\w+\(.*\)\s*$|^\s*[\w.\[\]()]+\s*[-+*/]?=\s*\S|\"{3}"
)
_LIST_MARK = re.compile(
    r"\n[ \t]*(?:\d{1,3}[.、．:：)）]|[（(]\d{1,3}[）)]|[-*•·+–—]|[一二三四五六七八九十]{1,3}[、.．]|#{1,6}|第[一二三四五六七八九十\d]{1,3}[条步章点])[ \t]*\Z"
)
_ITEM = re.compile(
    r"\s*(?:\d{1,3}[.、．)）:：]|[-*•·]|[（(][\d一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.．])\s*\S"
)
#: The end of a sentence, which is longer than enumerators and abbreviations.
_FINISHED = re.compile(
    r"""(?:[。！？]+|[!?]+|(?:[a-z]{2}|[\d)"”%])(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\bvs)(?<!\betc)(?<!\bNo)(?<!\bInc)(?<!\bLtd)(?<!\bal)(?<![；;，,]\d)\.)["”’)」』*]*(?=\s|\Z|(?<=[。！？”」』]))"""
)
_ADDRESS = re.compile(r"(?:https?://\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:com|cn|org|net|io|html?|py|js)\S*|[#＃@][\w&-]+)\s*\Z")
#: Names have an underscore or several points.
_MACHINE = re.compile(
    r"(?<!\S)(?:--?[a-zA-Z][\w-]*(?:=\S*)?|\S*[A-Za-z0-9]_[A-Za-z0-9]\w*|[\w-]+(?:\.[\w-]+){2,}|~?/[\w.-]+/[\w./-]*)\Z"
)
_SIGNED = re.compile(
    r"(?:[-—–~]\s*)?(?:此致|敬礼|谢谢|感谢|祝|加油|晚安|再见|完$|待续|最好的祝福|诚挚|真诚|您的|你的|爱你的|来源|摘自|作者|出处|Sincerely|Best|Regards|Thank|Yours?\b|Love|Cheers|Warm|Kind|"
    r"Respectfully|Signed|With (?:love|respect|gratitude|best|warm)|Forever|Source|By )|[-—–]{1,2}\s*\S"
)
#: A letter's greeting on a line of its own: names follow.
_GREETING = re.compile(
    r"^\s*(?:此致|敬礼|祝[好您你]|顺祝|谨启|敬上|谢谢|Sincerely|(?:Kind |Best |Warm )?[Rr]egards|Best|Warmly|Yours|Love|Cheers|Thanks?|Respectfully)"
    r"[^\n]{0,20}\n(?:[^\n]{0,40}(?:\n|\Z)){1,6}\Z",
    re.M,
)
#: Whom a quotation is from.
_QUOTED = re.compile(r"[\"'”’」』»]\s*[-—–~]{1,2}\s*\S[^\n]{0,60}\Z")
_SUM = re.compile(r"=\s*[$¥]?[-\d.,/]+\s*(?:[^\s=]{1,12} ?){0,4}\Z|http")
_LABEL = re.compile(r"[^\s:：。，,]{1,12}(?: [^\s:：]{1,12})?\s*[:：]")


def ends_sentence(text: str) -> bool:
    """Whether *text* ends with a mark that ends sentences (closing quotes may follow), or with an emoji."""
    text = text.rstrip(_TRAILING)
    if not text:
        return True
    return text[-1] in SENTENCE or ord(text[-1]) >= 0x1F000 or "\u2190" <= text[-1] <= "\u2bff" or text[-1] == "\ufe0f"


def is_open(text: str) -> bool:
    """Whether *text* neither ends as sentences do nor closes something at its end."""
    text = text.rstrip()
    return text[-1:] not in ENDED and not ends_sentence(text)


def for_machine(text: str) -> bool:
    """Whether *text* ends in what a machine reads, which has no sentence to break off: an option, a path, an identifier."""
    return _MACHINE.search(text[-100:]) is not None


def code_like(text: str) -> bool:
    """Whether two in five of its lines look like code, or its end is a closed fence."""
    lines = [line for line in text[-4000:].split("\n") if line.strip()]
    return text.rstrip().endswith(("```", "~~~")) or sum(map(bool, map(_CODE_LINE.search, lines))) >= 0.4 * len(lines)


def open_fence(text: str) -> int:
    """Where the code block begins that is never closed, or -1."""
    if text.count("```") % 2 == 0 and "~~~" not in text and "````" not in text:
        return -1  # nearly always
    mark, start = "", -1
    for found in _FENCE.finditer(text):
        if not mark:
            mark, start = found[1], found.start(1)
        elif found[1][0] == mark[0] and len(found[1]) >= len(mark):
            mark = ""
    return start if mark else -1


def open_json(text: str) -> bool:
    """Whether *text* is JSON up to its end, and brackets or a string are open there."""
    text = text.strip()
    if not re.match(r'\{\s*(?:"|\Z)|\[\s*(?:["{\[]|-?\d+\s*(?:,|\Z))', text):
        return False
    try:
        orjson.loads(text)
    except ValueError:
        pass
    else:
        return False
    closers, quoted, escaped = [], False, False
    for character in text:
        if quoted:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif character in "{[":
            closers.append("}" if character == "{" else "]")
        elif character in "}]" and (not closers or closers.pop() != character):
            return False
        elif not closers and not character.isspace() and character not in "}]":
            return False  # more text follows the value
    if not closers:
        return False
    # JSON so far: with a ":" after the first key, and no quote or brace of prose.
    return not text.startswith("{") or re.match(r'\{\s*(?:\Z|"[^"\n]*(?:\Z|"\s*(?::|\Z)))', text) is not None


def open_latex(text: str) -> bool:
    """Whether an environment, a displayed formula or a pair of dollars is open at the end."""
    begun = re.findall(r"\\begin\{(\w+\*?)\}", text)
    if any(text.count(f"\\begin{{{name}}}") > text.count(f"\\end{{{name}}}") for name in set(begun)):
        return True
    opened = [found.end() for found in re.finditer(r"(?<!\\)\\\[", text)]
    if len(opened) > len(re.findall(r"(?<!\\)\\\]", text)) and _is_formula(text[opened[-1] :]) and not code_like(text):
        return True
    dollars = text.count("$$") % 2 == 1 and "<<" not in text
    return dollars and re.search(r"\$\$[^$]*\\[a-zA-Z]+[^$]*\Z", text) is not None and not code_like(text)


def _is_formula(rest: str) -> bool:
    """Whether *rest* may be a formula up to its end: Markdown escapes a bracket as TeX opens one, and prose follows that."""
    if re.search(r"\n[ \t]*\n", rest) or "]" in re.sub(r"\[[^\[\]]*\]", "", rest):
        return False
    return re.search(r"\\[a-zA-Z]|[=^_+]", rest) is not None


def open_table(text: str) -> bool:
    """Whether the last row of a Markdown table lacks cells that its other rows have."""
    lines = text.rstrip().split("\n")
    if len(lines) < 3 or not lines[-1].lstrip().startswith("|"):
        return False
    rows = []
    for line in reversed(lines[:-1]):
        if not line.strip().startswith("|"):
            break
        rows.append(line.strip())
    if len(rows) < 2 or not re.fullmatch(r"\|[\s:|-]+\|", rows[-2]) or not all(row.endswith("|") for row in rows):
        return False
    return not lines[-1].rstrip().endswith("|") or lines[-1].count("|") < min(row.count("|") for row in rows)


def bare_marker(text: str) -> bool:
    """Whether the last line is the number or bullet of a list item that is not there."""
    if len(text) < 15:
        return False
    found = _LIST_MARK.search(text[-40:])
    if not found:
        return _next_number(text)
    mark = found[0].strip()
    lines = [line for line in text.rstrip().split("\n")[:-1] if line.strip()]
    if lines and lines[-1].rstrip()[-1:] in ":：" and mark[0] in "1-*•(（一":
        return True  # the list was announced
    if mark[0] in "-*#•·+–—":  # a rule or an ornament, unless it opens items above; a heading has one of its own level
        return any(line.lstrip().startswith(mark + " ") for line in lines)
    return any(_ITEM.match(line) for line in lines) and (not mark.isascii() or _number(mark) > 1)


def _next_number(text: str) -> bool:
    """Whether the last line is the number that the next item would have, without its point."""
    start = text.rfind("\n") + 1
    if not start or len(text) - start > 2 or not text[start:].isdecimal() or not text[start:].isascii():
        return False
    marks = _NUMBERED.findall(text[max(0, start - 4000) : start])
    return bool(marks) and int(marks[-1]) + 1 == int(text[start:])


_NUMBERED = re.compile(r"^[ \t]*(\d{1,2})[.、．)）][ \t]*\S.{3,}$", re.M)


def cut_item(text: str) -> int:
    """Where the last list item begins if only its first words are there, or -1: all items before it are sentences."""
    start = text.rfind("\n") + 1
    line = text[start:]
    if not start or len(line) > 30 or not (mark := _ITEM.match(line)):
        return -1
    kind = re.sub(r"\d+", "0", mark[0][:-1].strip())
    before = [piece.strip() for piece in text[max(0, start - 4000) : start].split("\n") if piece.strip()]
    items = [piece for piece in before if (one := _ITEM.match(piece)) and re.sub(r"\d+", "0", one[0][:-1].strip()) == kind]
    wide = 2 if _HAN.search(text[-200:]) else 4  # as much as a Latin letter and a Chinese one say
    if not items or min(map(len, items)) < max(12 * wide, 3 * len(line)) or not all(map(ends_sentence, items)):
        return -1
    return -1 if code_like(text) else start


def _number(mark: str) -> int:
    digits = re.sub(r"\D", "", mark)
    return int(digits) if digits else 2


def open_bracket(text: str) -> int:
    """Where a bracket or quote opens in the last line that nothing closes, or -1."""
    start = text.rfind("\n") + 1
    line = text[start:]
    if len(line) > 4000:
        return -1
    opened: list[int] = []
    for at, character in enumerate(line):
        if character in _PAIRS and line[at - 1 : at] != "\x1b":  # which begins the code of a colour
            opened.append(at)
        elif character in _CLOSES and opened:
            opened.pop()
    if not opened:
        return -1
    at = opened[-1]
    rest = line[at:]
    if len(rest) > 80 or re.match(r"[\[(（]\s*[-\d.∞]+\s*[,，]", rest) or (at and line[at - 1] in ":;=8-^"):
        return -1  # an interval, a smiley
    return start + at


_PAIRS, _CLOSES = "([{（【《「『“", ")]}）】》」』”"


class Tail(NamedTuple):
    """The rest of a text after its last finished sentence."""

    start: int
    among: bool
    """Whether finished sentences stand before it."""
    prose: bool = True
    """Whether it is surely running text: finished sentences stand before it, or it has several clauses, as titles have not."""


def tail(text: str) -> Tail | None:
    """What follows the last finished sentence of a prose text, where a mark would be expected; else None.

    *text* ends with a letter, without blanks after it. Titles, names, signatures, addresses, tags, poems, lists of nouns and
    code end so of themselves: for them it is None.
    """
    if not (text[-1].isascii() or _HAN.match(text[-1])) or _OTHER_SCRIPT.search(text[-40:]):
        return None
    start = text.rfind("\n") + 1
    line = text[start:]
    stop = 0
    for found in _FINISHED.finditer(line):
        if found.start() - stop >= (2 if found[0][0] in "。！？" else 9):
            stop = found.end()
    rest = line[stop:].strip(" *_\u3000")
    han = len(_HAN.findall(rest[-200:]))
    words = rest.split()
    if _GREETING.search(text[-300:]) or _QUOTED.search(text[-100:]):
        return None
    if for_machine(rest):
        return None
    if not rest or _ADDRESS.search(rest[-200:]) or _signed(rest, han) or (not han and _titled(words)) or _SUM.search(rest[-60:]):
        return None
    if stop:
        return None if code_like(text) else Tail(start + stop, True)
    long = 20 if han else 60
    # Three Latin letters say as much as a Chinese one.
    size = (len(rest) + 2 * len(_HAN.findall(rest))) // 3 if han else len(rest)
    item = _ITEM.match(line) is not None
    label = _LABEL.match(rest)
    clauses = re.split(r"[、，,;；]\s*", rest)
    if line.lstrip().startswith(("#", "|", ">")) or (label and not item and len(rest) < label.end() + long):
        return None
    if size < long / 2 and not (start and (item or len(clauses) > 1)):
        return None
    if start:
        before = [piece for piece in text[max(0, start - 3000) : start].split("\n") if len(piece.strip()) >= long]
        items = [piece for piece in before if _ITEM.match(piece)] if item else before
        ended = sum(map(ends_sentence, items))
        if code_like(text):
            return None
        if ended > 0.75 * len(items):
            return Tail(start, True)
        return Tail(start, False, False) if len(clauses) > 1 and size >= long and not item else None
    items = re.split(r"[、，,;；]\s*", re.split(r"[:：]\s*", rest)[-1])
    if len(items) > 2 and (max(map(len, items)) <= (12 if han else 30) or not re.search("[，,]", rest)) and not _told(rest):
        return None  # a list
    return Tail(start, False, len(clauses) > 2) if size >= long and not item and not code_like(text) else None


def _told(rest: str) -> bool:
    """Whether a sentence leads to the list that *rest* is."""
    lead = re.split("[、，,;；]", rest, maxsplit=1)[0]
    return len(lead) >= 5 and _LEADS.search(lead) is not None


_LEADS = re.compile(
    r"[是会能可需要很有应括用行]|\b(?:is|are|was|were|can|could|should|must|may|will|has|have|needs?|includ(?:es?|ing)|such as)\b"
)


def _signed(rest: str, han: int) -> bool:
    """Whether *rest* is a wish, a thank or a signature, which are short; a dash opens items as well."""
    return len(rest) <= (25 if han else 60) and _SIGNED.match(rest) is not None


def _titled(words: list[str]) -> bool:
    """Whether the words are written as a name or a title."""
    small = ("of", "the", "and", "in", "to", "a", "for", "&", "-", "is", "on", "by", "de")
    if words[-1].lower() in _UNTITLED:
        return False
    return sum(word[:1].isupper() or word[:1].isdigit() or word in small for word in words) >= 0.9 * len(words)


#: Words with which neither titles nor names end, in small letters.
_UNTITLED = frozenset(
    """of the and in to a for it he she they this these as but when if with between however therefore additionally moreover furthermore
    thus hence finally lastly next then also instead since while although because so there here my our your his her their its""".split()
)
