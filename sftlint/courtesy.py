"""Greetings, thanks and other courtesies around a question, which change nothing about what is asked."""

from __future__ import annotations

import re

_BEFORE = (
    r"(?:医生|大夫|老师)?(?:你|您)好(?:医生|大夫|老师)?|嗨|哈喽|大家好|各位好|早上好|上午好|中午好|下午好|晚上好|"
    r"打扰一下|打扰了|打扰|不好意思|劳驾|麻烦你|麻烦您|麻烦问下|麻烦|请教一下|请教|请问一下|请问下|请问|"
    r"我想请问|我想问一下|我想问下|我想问问|我想问|想请问|想问一下|想问下|想问问|想问|问一下|问下|请帮我|请你|请您|请|帮我|"
    r"good ?morning|good ?afternoon|good ?evening|(?:hello|hey|hi)(?: ?there)?|excuse ?me|sorry ?to ?bother ?you|quick ?question|please|"
    r"can ?you ?tell ?me|could ?you ?tell ?me|can ?you|could ?you|tell ?me"
)
_BEHIND = (
    r"谢谢大家|谢谢(?:你|您)?(?:了|啦)?|多谢|非常感谢|万分感谢|拜托(?:了)?|麻烦(?:你|您)?了|"
    r"please|thanks|thank ?you|thx|very ?much|so ?much|a ?lot|in ?advance"
)
_MARKS = r"[\s,.!?~:;…]*"
_STOPS = r"[\s,.!?~;…]"  # none behind which something is quoted
_PARTICLES = "啊|呀|哦|哈|呢"
_HEAD = re.compile(rf"(?:(?:{_BEFORE})(?![a-z])(?:{_PARTICLES})?{_MARKS})+")
_TAIL = re.compile(rf"(?:(?:(?<!:){_STOPS}+|(?<=[^\x00-\x7f]))(?:{_BEHIND}))+{_STOPS}*\Z")
_LETTERS_HEAD = re.compile(rf"(?:{_BEFORE.replace(' ?', '')}|{_PARTICLES})+".encode())
_LETTERS_TAIL = re.compile(rf"(?:{_BEHIND.replace(' ?', '')}|{_PARTICLES})+\Z".encode())
LEAST = 12  # bytes of a question that may have had courtesies
NEAR = 60  # characters or bytes at the end where thanks stand


def bare(text: str) -> str:
    """A folded question without the courtesies around it; as it is, where they are nearly all of it."""
    head = _HEAD.match(text)
    held = text[head.end() if head else 0 :]
    if tail := _TAIL.search(held, max(len(held) - NEAR, 0)):
        held = held[: tail.start()]
    held = held.rstrip(" ,.!;?" + _PARTICLES.replace("|", ""))
    return held if len(held.encode("utf-8", "replace")) >= LEAST else text


def bare_letters(letters: bytes) -> bytes:
    """The same of the letters of a question: equal wherever `bare` makes two questions equal, or nearly."""
    head = _LETTERS_HEAD.match(letters)
    held = letters[head.end() if head else 0 :]
    if tail := _LETTERS_TAIL.search(held, max(len(held) - NEAR, 0)):
        held = held[: tail.start()]
    return held if len(held) >= LEAST - 4 else letters
