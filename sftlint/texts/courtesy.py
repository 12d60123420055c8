"""Greetings, thanks and other courtesies around a question, which change nothing about what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEFORE = (
    *(title + greeting for title in ("", "医生", "大夫", "老师") for greeting in ("你好", "您好")),
    *(greeting + title for title in ("医生", "大夫", "老师") for greeting in ("你好", "您好")),
    *"嗨 哈喽 大家好 各位好 早上好 上午好 中午好 下午好 晚上好 打扰一下 打扰了 打扰 不好意思 劳驾 麻烦 麻烦你 麻烦您 麻烦问下 麻烦问一下".split(),
    *"请 请你 请您 请教 请教一下 请问 请问下 请问一下 请帮我 帮我 问下 问一下 想问 想问下 想问一下 想问问 想请问".split(),
    *"我想问 我想问下 我想问一下 我想问问 我想请问".split(),
    *(greeting + there for greeting in ("hello", "hey", "hi") for there in ("", " there")),
    *("good morning", "good afternoon", "good evening", "excuse me", "sorry to bother you", "quick question", "please"),
    *("can you", "could you", "can you tell me", "could you tell me", "tell me"),
)
_BEHIND = (
    *"谢谢 谢谢你 谢谢您 谢谢了 谢谢啦 谢谢你了 谢谢您了 谢谢大家 多谢 非常感谢 万分感谢 拜托 拜托了 麻烦了 麻烦你了 麻烦您了".split(),
    *("please", "thanks", "thank you", "thx", "very much", "so much", "a lot", "in advance"),
)
_PARTICLES = "啊呀哦哈呢"
_STOPS = r"[\s,.!?~;…]"  # none behind which something is quoted
LEAST = 12  # bytes of a question that may have had courtesies
NEAR = 60  # characters or bytes at the end where thanks stand


def _any(words: Sequence[str], blank: str) -> str:
    """An expression for *words*, the longest first."""
    return "|".join(sorted((word.replace(" ", blank) for word in words), key=len, reverse=True))


_HEAD = re.compile(rf"(?:(?:{_any(_BEFORE, ' ?')})(?![a-z])[{_PARTICLES}]?[\s,.!?~:;…]*)+")
_TAIL = re.compile(rf"(?:(?:(?<!:){_STOPS}+|(?<=[^\x00-\x7f]))(?:{_any(_BEHIND, ' ?')}))+{_STOPS}*\Z")
_LETTERS_HEAD = re.compile(rf"(?:{_any([*_BEFORE, *_PARTICLES], '')})+".encode())
_LETTERS_TAIL = re.compile(rf"(?:{_any([*_BEHIND, *_PARTICLES], '')})+\Z".encode())
#: The first bytes of what may be a courtesy, and the last: to look there is quicker than an expression.
_HEADS = frozenset(word.replace(" ", "").encode()[:2] for word in [*_BEFORE, *_PARTICLES])
_TAILS = frozenset(word.replace(" ", "").encode()[-3:] for word in [*_BEHIND, *_PARTICLES])


def without_courtesy(text: str) -> str:
    """A folded question without the courtesies around it; as it is, where they are nearly all of it."""
    head = _HEAD.match(text)
    held = text[head.end() if head else 0 :]
    if tail := _TAIL.search(held, max(len(held) - NEAR, 0)):
        held = held[: tail.start()]
    held = held.rstrip(" ,.!;?" + _PARTICLES)
    return held if len(held.encode("utf-8", "replace")) >= LEAST else text


def letters_without_courtesy(questions: Sequence[bytes]) -> list[bytes]:
    """The same of the letters of *questions*: equal wherever `without_courtesy` makes two questions equal, or nearly."""
    return [_bare(held) if held[:2] in _HEADS or held[-3:] in _TAILS else held for held in questions]


def _bare(letters: bytes) -> bytes:
    head = _LETTERS_HEAD.match(letters)
    held = letters[head.end() if head else 0 :]
    if held[-3:] in _TAILS and (tail := _LETTERS_TAIL.search(held, max(len(held) - NEAR, 0))):
        held = held[: tail.start()]
    return held if len(held) >= LEAST - 4 else letters
