"""How a text ends: whether it was finished, and if not, what was left open.

`ENDED` is the cheap test. Only texts that fail it are worth a call of the functions below.
"""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import Any, NamedTuple

import orjson

SENTENCE = ".!?。！？…‽;；~～؟।።۔՝"
CLOSERS = "\"'”’」』》）)】]}〉›»*_`"
#: Last characters of a text about which there is nothing to ask: sentences end so, or something was closed.
ENDED = frozenset("!?。！？…‽;；~～؟।።۔\"'”’」』》）)】]}〉›»`>$")
#: First characters with which no text begins.
CUT_START = frozenset("，。、；：！？）】》”’,;:!?)]")

_TRAILING = CLOSERS + " \t\r\n\u3000"
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_FENCE = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(`{3,}|~{3,})", re.M)
_CODE_LINE = re.compile(
    r"[;{}]\s*$|^\s*(?:def |class |import |from \w+ import|return\b|#include|</?\w|public |private |function |var |let |const |SELECT |select |"
    r"print\(|if .*:$|for .*:$|while .*:$|@\w|//|#!|\$ )|=>|==|\w+\(.*\)\s*$|^\s*[\w.\[\]]+\s*[-+*/]?=\s*\S"
)
_LIST_MARK = re.compile(
    r"\n[ \t]*(?:\d{1,3}[.、．:：)）]|[（(]\d{1,3}[）)]|[-*•·+–—]|[一二三四五六七八九十]{1,3}[、.．]|#{1,6}|第[一二三四五六七八九十\d]{1,3}[条步章点])[ \t]*\Z"
)
_ITEM = re.compile(r"\s*(?:\d{1,3}[.、．)）:：]|[-*•·]|[（(][\d一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.．])\s*\S")
#: The end of a sentence, which is longer than enumerators and abbreviations.
_FINISHED = re.compile(
    r"""[^\n]{4,}?(?:[。！？]+|(?<=[^\n]{9})[!?]+|(?<=[^\n]{8})(?:[a-z]{2}|[\d)"”%])(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\bvs)(?<!\betc)(?<!\bNo)(?<!\bInc)(?<!\bLtd)(?<!\bal)\.)["”’)」』*]*(?=\s|\Z|(?<=[。！？”」』]))"""
)
_ADDRESS = re.compile(r"(?:https?://\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:com|cn|org|net|io|html?|py|js)\S*|[#＃@][\w&-]+)\s*\Z")
_SIGNED = re.compile(
    r"(?:[-—–~]\s*)?(?:此致|敬礼|谢谢|祝|最好的祝福|诚挚|真诚|您的|你的|爱你的|来源|摘自|作者|出处|Sincerely|Best|Regards|Thank|Yours?\b|Love|Cheers|Warm|Kind|"
    r"Respectfully|Signed|With (?:love|respect|gratitude|best|warm)|Forever|Source|By )|[-—–]{1,2}\s*\S"
)
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


def code_like(text: str) -> bool:
    """Whether two in five of its lines look like code, or its end is a closed fence."""
    lines = [line for line in text[-4000:].split("\n") if line.strip()]
    return text.rstrip().endswith(("```", "~~~")) or sum(map(bool, map(_CODE_LINE.search, lines))) >= 0.4 * len(lines)


def open_fence(text: str) -> int:
    """Where the code block begins that is never closed, or -1."""
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
    displays = len(re.findall(r"(?<!\\)\\\[", text)) - len(re.findall(r"(?<!\\)\\\]", text))
    if displays > 0 and re.search(r"\\\[[^\]]*\\?[a-zA-Z]", text) and not code_like(text):
        return True
    dollars = text.count("$$") % 2 == 1 and "<<" not in text
    return dollars and re.search(r"\$\$[^$]*\\[a-zA-Z]+[^$]*\Z", text) is not None and not code_like(text)


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
        return False
    mark = found[0].strip()
    lines = [line for line in text.rstrip().split("\n")[:-1] if line.strip()]
    if mark[0] in "-*#•·+–—":  # a rule or an ornament, unless it opens items above; a heading has one of its own level
        return any(line.lstrip().startswith(mark + " ") for line in lines)
    return any(_ITEM.match(line) for line in lines) and (not mark.isascii() or _number(mark) > 1)


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
        if character in _PAIRS:
            opened.append(at)
        elif character in _CLOSES and opened:
            opened.pop()
    if not opened:
        return -1
    at = opened[-1]
    rest = line[at:]
    if len(rest) > 160 or re.match(r"[\[(（]\s*[-\d.∞]+\s*[,，]", rest) or (at and line[at - 1] in ":;=8-^"):
        return -1  # an interval, a smiley
    return start + at


_PAIRS, _CLOSES = "([{（【《「『“", ")]}）】》」』”"


class Tail(NamedTuple):
    """The rest of a text after its last finished sentence."""

    start: int
    among: bool
    """Whether finished sentences stand before it."""


def tail(text: str) -> Tail | None:
    """What follows the last finished sentence of a prose text, where a mark would be expected; else None.

    *text* ends with a letter, without blanks after it. Titles, names, signatures, addresses, tags, poems, lists of nouns and
    code end so of themselves: for them it is None.
    """
    start = text.rfind("\n") + 1
    line = text[start:]
    stop = 0
    for found in _FINISHED.finditer(line):
        stop = found.end()
    rest = line[stop:].strip(" *_\u3000")
    han = len(_HAN.findall(rest[-200:]))
    words = rest.split()
    if not rest or _ADDRESS.search(rest[-200:]) or _SIGNED.match(rest) or (not han and _titled(words)) or "http" in rest:
        return None
    if (han and len(rest) < 4) or (not han and len(words) < 2):
        return None
    before = [piece for piece in text[max(0, start - 3000) : start].split("\n") if len(piece.strip()) >= (10 if han else 30)]
    if start > 3000:
        before = before[1:]
    ended = sum(map(ends_sentence, before))
    if stop:
        among = not before or ended >= 0.6 * len(before)
        return Tail(start + stop, True) if among and not code_like(text) else None
    if _LABEL.match(rest) or line.lstrip().startswith(("#", "|", ">")):
        return None
    if before:
        items = [piece for piece in before if _ITEM.match(piece)] if _ITEM.match(line) else before
        long = len(rest) >= (10 if han else 30)
        enough = len(items) >= 2 and sum(map(ends_sentence, items)) >= 0.9 * len(items) and long
        return Tail(start, True) if enough and not code_like(text) else None
    if "\n" in text or len(rest) < (25 if han else 50) or _ITEM.match(line) or code_like(text):
        return None
    return Tail(start, False)


def _titled(words: list[str]) -> bool:
    """Whether the words are written as a name or a title."""
    small = ("of", "the", "and", "in", "to", "a", "for", "&", "-", "is", "on", "by", "de")
    return sum(word[:1].isupper() or word[:1].isdigit() or word in small for word in words) >= 0.9 * len(words)


# --- words that no sentence ends with -----------------------------------------------------------------------------------

_NEVER_LAST = frozenset(
    """the a an of and or with from as into onto whose because although than nor its their my your our very including between during upon
    via such every if while unless whether toward towards among per""".split()
)
#: Words that end a sentence now and then ("what it is for"): they count in a long line, after a finished sentence.
_RARELY_LAST = frozenset("to for by at that which is are was were be has have had will can should could would may must but when where".split())
_DANGLING = frozenset(
    """的 和 与 或 以及 及 并 并且 而 而且 但 但是 因为 由于 如果 虽然 对于 在 从 把 被 将 为了 使 让 向 以 其 一个 一种 一些 例如 比如 包括 通过 根据 可以 应该
    需要 能够 或者 还是 不仅 与其 该 这些 那些 以便 从而 因此 所以 关于 之 于 由 当 使得 以免 随着 除了 作为 成为 具有 进行 帮助 及其 尤其是 特别是 首先 其次 此外 另外
    同时 然后 并不 不会 可能 是 有 会 要 我们 为""".split()
)
_LAST_HAN = frozenset(word[-1] for word in _DANGLING)
_PREDICATE = re.compile("[是会能可需要很有不挺蛮够]")
_WORD = re.compile(r"[A-Za-z]+(?:[’'][a-z]+)?\Z")


def dangling(text: str, among: bool) -> int:
    """Where the last word of *text* begins if no sentence ends with it, or -1. *among*: finished sentences stand before."""
    if text[-1] in _LAST_HAN:
        clause = re.split(r"[。！？；：:\n“”\"]", text[-60:])[-1]
        if len(clause) < 5 or len(text) < 12 or not among:
            return -1
        word = _words(re.split("[，、,]", clause[-20:])[-1])[-1]
        final = word == "的" and _PREDICATE.search(clause[-14:])  # "这是需要的" is whole
        return len(text) - len(word) if word in _DANGLING and not final else -1
    found = _WORD.search(text[-40:])
    if found:
        word, line = found[0], text[text.rfind("\n") + 1 :]
        count = line.count(" ") + 1
        if (word in _NEVER_LAST and count >= 6 and (among or count >= 9)) or (word in _RARELY_LAST and count >= 10 and among):
            return len(text) - len(word)
    return -1


def half_word(text: str) -> int:
    """Where the last character of a Chinese *text* stands if it seldom is a word but often begins one, or -1.

    By the frequencies of jieba's dictionary: the share of the character alone among all words that begin with it.
    """
    if not _HAN.match(text[-1]):
        return -1
    clause = re.split(r"[^\u3400-\u9fff]", text[-20:])[-1]
    if len(clause) < 5 or len(_words(clause)[-1]) != 1:
        return -1
    return len(text) - 1 if _alone(text[-1]) < 0.1 else -1


def _alone(character: str) -> float:
    begun = _begun().get(character, 0)
    return _jieba().FREQ.get(character, 0) / begun if begun > 100 else 1.0


@cache
def _begun() -> dict[str, int]:
    """How often words begin with each character."""
    begun: dict[str, int] = {}
    for word, count in _jieba().FREQ.items():
        begun[word[0]] = begun.get(word[0], 0) + count
    return begun


def _words(text: str) -> list[str]:
    words: list[str] = _jieba().lcut(text, HMM=False)
    return words


@cache
def _jieba() -> Any:
    """A tokenizer of jieba's, made when the first Chinese text ends oddly: that takes a second and 100 MB.

    It reads the dictionary itself, so that nothing is told on standard error and no cache file is shared with other users.
    """
    with warnings.catch_warnings():  # it imports what setuptools deprecates
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
