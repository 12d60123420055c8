"""How a text begins: whether its first words are missing.

`ODD` is the cheap test. Only texts that begin with such a character are worth a call of `cut_start`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: First characters with which few texts begin: marks that end something, and small letters.
ODD = frozenset("，。、；：！？）】》”’,;:!?)]abcdefghijklmnopqrstuvwxyz")


class Start(NamedTuple):
    """What is left of what a text began with: "mark" or "rest" (of a word), and where it ends."""

    reason: str
    stop: int


def cut_start(text: str, question: str) -> Start | None:
    """What shows that the beginning of *text*, the answer to *question*, is missing; None if nothing does."""
    first = _CUT.match(text) or _rest_of_word(text, question)
    if not first or len(text) < 10 or _CONTINUES.search(question) or question.rstrip()[-1:] in "，,、：:…":
        return None
    return Start("rest" if first[0][0].isascii() and first[0][0].isalpha() else "mark", len(first[0]))


def _rest_of_word(text: str, question: str) -> re.Match[str] | None:
    """The first word, where it is the end of a longer one that either text holds, and other sentences begin with a capital."""
    first = _SMALL.match(text)
    if not first or text.count(" ") < 8 or not _CAPITAL.search(text):
        return None
    if _SUFFIX.match(text):
        return first
    words = set(re.findall(r"[a-z]+", (question + text[first.end() :]).lower()))
    longer = (word for word in words if word.endswith(first[0]) and 0 < len(word) - len(first[0]) <= 3)
    return None if first[0] in words or not any(longer) else first


_SMALL = re.compile(r"[a-z]{3,}(?=[ ,.;:!?])")
#: Ends of words that are no words.
_SUFFIX = re.compile(r"(?:ing|tion|ment|ness|tions|ments|ously|ably|ically)[ ,.]")
_CAPITAL = re.compile(r"[.!?]\s+[A-Z]")
#: A comma or a closing mark before a word, or the rest of a word with the mark that ended its sentence.
_CUT = re.compile(r"\s*(?:[，。、；：！？）】》”,;!?)][\u4e00-\u9fff]|[,;] [a-zA-Z]{2}|[a-z]{1,3}[!?] [A-Z])")
#: What asks for the rest of a text.
_CONTINUES = re.compile(
    r"续写|补[全充]|填|接[下着龙]|下一[句段]|完成|完整|标点|继续|后[半面]|complete|continue|finish|fill|punctuat|rest of|next (?:line|word|sentence)|___|\.\.\.|……",
    re.I,
)
