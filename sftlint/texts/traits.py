"""What one answer is like, as far as a contract may ask: a label, JSON, a number, its language, its last line."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

import orjson

LABEL = 30  # characters, and six words, at most
_EDGES = " \t\r\n\u3000.。!！?？,，;；:：\"“”'‘’`*[]【】()（）"
_NUMBER = re.compile(r"[-+−]?[$¥￥€£]?\s?(?:\d[\d,，]*(?:\.\d+)?|\.\d+)\s?(?:%|％|元|个|人|年|岁|[ck]?m|k?g|℃)?")
_FENCE = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.S | re.I)
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z]+")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_WORD = re.compile(r"[A-Za-z]{3}")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_OTHER = re.compile(r"[\u0400-\u04ff\u3041-\u30ff\uac00-\ud7a3]")


class Traits(NamedTuple):
    """What a contract may ask of one answer. `label` is "" where the answer is too long for one."""

    label: str
    shown: str
    json: bool
    number: bool
    language: str
    shape: str
    length: int
    keys: tuple[tuple[str, str], ...] | None = None
    """Of a JSON object the keys and what their values are; of other JSON ("[", ""); None for no JSON."""

    @classmethod
    def of(cls, text: str) -> Traits:
        bare = text.strip()
        short = bare[:LABEL] if len(bare) <= LABEL else ""
        keys = keys_of_json(bare)
        return cls(
            label(bare), short, keys is not None, is_number(bare), script(bare[:200]), shape(bare), len(bare), keys,
        )  # fmt: skip


def label(text: str) -> str:
    """*text* as labels are compared: without case, blanks and the marks around it; "" if it is too long for a label."""
    if len(text) > LABEL + 10:
        return ""
    bare = " ".join(text.strip(_EDGES).casefold().split())
    return bare if len(bare) <= LABEL and bare.count(" ") < 6 else ""


def is_json(text: str) -> bool:
    """Whether *text*, or the fenced block that it is, is a JSON object or array."""
    return keys_of_json(text.strip()) is not None


def keys_of_json(bare: str) -> tuple[tuple[str, str], ...] | None:
    """See `Traits.keys`. A fence counts as a key."""
    fence: tuple[tuple[str, str], ...] = ()
    if bare.startswith("```") and (fenced := _FENCE.fullmatch(bare)):
        bare, fence = fenced[1], (("```", ""),)
    if bare[:1] not in ("{", "["):
        return None
    try:
        value = orjson.loads(bare)
    except ValueError:
        return None
    if not isinstance(value, dict):
        return (*fence, ("[", ""))
    return (*fence, *sorted((key, "" if one is None else _TYPES.get(type(one), "")) for key, one in value.items()))


_TYPES = {str: "text", int: "number", float: "number", bool: "true or false", list: "list", dict: "object"}


def is_number(text: str) -> bool:
    """Whether *text* is a number, with a unit or without."""
    return len(text) <= LABEL and bool(_NUMBER.fullmatch(text.strip().rstrip(".。").strip()))


def script(text: str) -> str:
    """What most of *text* is written in: zh, latin, ja, ko, ru; "mixed", or "" for hardly any letters."""
    if text.isascii():
        return "latin" if _WORD.search(text) else ""
    chinese = sum(map(len, _CHINESE.findall(text)))
    latin = len(text.encode("ascii", "ignore").translate(None, _NO_LETTERS)) / 3
    kana = hangul = cyrillic = 0
    if _OTHER.search(text):
        kana, hangul, cyrillic = (len(pattern.findall(text)) for pattern in (_KANA, _HANGUL, _CYRILLIC))
    total = chinese + latin + kana + hangul + cyrillic / 3
    if total < 1:
        return ""
    if kana >= 2 and kana >= 0.15 * total:
        return "ja"
    if hangul >= 0.3 * total:
        return "ko"
    if cyrillic / 3 >= 0.3 * total:
        return "ru"
    return "zh" if chinese >= 0.5 * total else "latin" if latin >= 0.8 * total else "mixed"


def shape(text: str) -> str:
    """How the last line begins: digits as 0, Latin letters as a, Chinese ones as 中; four characters of that."""
    line = text[text.rfind("\n") + 1 :][:40].strip()
    return "".join([_KINDS[run.lastindex - 1] if run.lastindex else run[0] for run in islice(_RUN.finditer(line), 4)])


_RUN = re.compile(rf"(\d+)|({_LATIN.pattern})|({_CHINESE.pattern})|.", re.S)
_KINDS = "0a中"
