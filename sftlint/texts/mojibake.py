"""Texts that were read in the wrong encoding: the signs of it, and what they should read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

#: What the first two of the three bytes of frequent Chinese characters are in GBK, where that is a rare character.
GBK = "锛涓鐨銆浣浜鍙浠鏈鎴杩瀹鏄澶鍚鍒鍏璇涔鐢鍦缁灏鍔濂鏃鍜鑳甯璁搴鎬鎯浼瀵鏂鍥骞琛鎰鍑蹇鍐宸鎵閲鐥娌鑰闂鑷鍛鍘鍖鏉鐜寮鈥銇銈銉"
#: What the most frequent traditional characters in Big5 are in GBK, and simplified ones in GBK are in Big5, where that is rare.
BIG5 = (
    "琌硂璶碞穦眔筁祇笵礛產竒猭瞷癬秈瞶玡秨眖稱珨岆婓衄扂坻涴笢奻峈眕佽奀猁珩汜赽衾覂狟赻眳釬蚚俴垀笱悝珋毞苤虳翋欴陑坴秪硐砑妗"
)
_1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"  # 0x80 to 0x9f
_1251 = "ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЁЄЇІіґёєјЅѕї"
LATIN = rf"[\xc2-\xf4][\x80-\xbf{_1252}]|[\x91-\x97]|[РСГВ][\xa0-\xbf{_1251}{_1252}]|вЂ|√[©®™£ß±∂†≠]|‚Ä|Γ[ÇöÉ]|├[⌐íª│¬»]|ā€|β€|Ă[\xa0-\xbf\u0100-\u017f]|[╨╤][Ç-ÿ░▒▓╖-╝]|πÇ"
# Accented letters and the sign of degrees, between Latin letters or behind a number.
SEEN = f"[a-z](?:{'|'.join('茅猫眉枚盲帽谩贸莽脿铆煤芒锚')})[a-z]|caf茅|[0-9]掳[CF]".encode()
ACCENT = "(?<=[a-z])[茅猫眉枚盲帽谩贸莽脿铆煤芒锚](?=[a-z])|(?<=caf)茅|(?<=[0-9])掳(?=[CF])"


class Reading(NamedTuple):
    """What the characters from start to stop should read, and how they were misread. □ stands for what was lost."""

    start: int
    stop: int
    text: str
    was: str
    codec: str


def as_gbk(text: str) -> Iterator[Reading]:
    """UTF-8 that was read as GBK: the bytes of the characters are UTF-8 of frequent characters, but for some that were lost."""
    for run in _WIDE.finditer(text):
        encoded = [b"\x80" if c == "€" else c.encode("gb18030", "replace") for c in run[0]]
        stops = list(accumulate(map(len, encoded)))
        joined = b"".join(encoded)
        spans: list[tuple[int, int, int]] = []  # from, to, frequent characters in it
        for hit in _UTF8.finditer(joined):
            usual = sum(map(_usual, hit[0].decode("utf-8", "replace")))
            if not usual:
                continue
            if spans and hit.start() - spans[-1][1] <= GAP:
                spans[-1] = (spans[-1][0], hit.end(), spans[-1][2] + usual)
            else:
                spans.append((*hit.span(), usual))
        owners = [i for i, code in enumerate(encoded) for _ in code] if spans else []
        for start, stop, usual in spans:
            if (usual >= 3 or (usual == 2 and stop - start == 6)) and 3 * usual >= 0.6 * (stop - start):
                first, last = owners[start], owners[stop - 1]
                begin, end = stops[first] - len(encoded[first]), stops[last]
                if end < len(joined) and last + 1 < len(run[0]) and run[0][last + 1] == "\ufffd":
                    last += 1
                repaired = _LOSS.sub("□", joined[begin:end].decode("utf-8", "replace"))
                yield Reading(run.start() + first, run.start() + last + 1, repaired, "UTF-8", "GBK")
    for mark in _QUOTE.finditer(text):
        sign = mark[0].encode("gb18030", "replace").decode("utf-8", "replace")
        if "\ufffd" not in sign:
            yield Reading(*mark.span(), sign, "UTF-8", "GBK")


def _usual(character: str) -> bool:
    """Whether a character is among the frequent ones: level 1 of GB 2312, kana, and marks of Chinese text."""
    if character in _MARKS or "\u3041" <= character <= "\u30fc":
        return True
    code = character.encode("gb2312", "ignore")
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


def as_latin(text: str) -> Iterator[Reading]:
    """UTF-8 that was read as Latin-1, Windows-1252 or another encoding of bytes, which ftfy recognises."""
    from ftfy import fix_encoding_and_explain
    from ftfy.badness import is_bad

    for hit in _NARROW.finditer(text):
        piece = hit[0]
        if piece.isascii() or not is_bad(piece):
            continue
        fixed, steps = fix_encoding_and_explain(piece)
        if fixed == piece:
            continue
        codec = next((step.parameter for step in steps or () if step.action == "encode"), "Latin-1")
        start, stop = _changed(piece, fixed)
        stop += len(fixed) - len(piece) + stop == start  # nothing would be left of it
        read = fixed[start : len(fixed) - (len(piece) - stop)]
        if codec == "cp437" and not _OUTSIDE.search(piece[start:stop]) and max(read) < "\u0370":
            continue  # a drawing of lines
        name = codec.removeprefix("sloppy-").replace("latin-1", "Latin-1").replace("windows", "Windows")
        yield Reading(hit.start() + start, hit.start() + stop, read.replace("\ufffd", "□"), "UTF-8", name)


def _changed(before: str, after: str) -> tuple[int, int]:
    """From where to where in *before* the texts differ."""
    start, most = 0, min(len(before), len(after))
    while start < most and before[start] == after[start]:
        start += 1
    same = 0
    while same < most - start and before[-1 - same] == after[-1 - same]:
        same += 1
    return start, len(before) - same


def as_bytes(text: str) -> Iterator[Reading]:
    """GBK that was read as Latin-1: runs of accented letters and signs that are frequent characters in GBK."""
    for hit in _HIGH.finditer(text):
        code = hit[0].encode("latin-1")
        read = code.decode("gbk", "replace") if "\ufffd" in code.decode("utf-8", "replace") else ""
        signs = len(read) > 2 or not hit[0].isalpha()
        if signs and sum(map(_usual, read)) >= max(2, 0.8 * len(read)) and "\ufffd" not in read:
            yield Reading(*hit.span(), read, "GBK", "Latin-1")


def as_cyrillic(text: str) -> Iterator[Reading]:
    """Russian that was read as Latin-1: words of nothing but accented letters."""
    for hit in _ACCENTED.finditer(text):
        codec = max(_CYRILLIC, key=lambda name: _russian(hit[0].encode("latin-1").decode(name)))
        read = hit[0].encode("latin-1").decode(codec)
        if _russian(read) >= 0.55 and _long(read):
            yield Reading(*hit.span(), read, _CYRILLIC[codec], "Latin-1")


def as_other_cyrillic(text: str) -> Iterator[Reading]:
    """Russian in one of its encodings that was read as the other, which turns capitals into small letters and the reverse."""
    for hit in _RUSSIAN.finditer(text):
        for codec, other in (("cp1251", "koi8-r"), ("koi8-r", "cp1251")):
            read = hit[0].encode(other, "replace").decode(codec)
            if _long(read) and _russian(read) >= 0.55 and not _regular(hit[0]) and _regular(read):
                yield Reading(*hit.span(), read, _CYRILLIC[codec], _CYRILLIC[other])
                break


def _russian(text: str) -> float:
    """Which share of the letters of *text* are the frequent ones of Russian; 0 where none could stand so."""
    letters = [letter for letter in text.lower() if letter.isalpha()]
    return sum(letter in "оеаинтсрвлк" for letter in letters) / len(letters) if letters and _regular(text) else 0


def _regular(text: str) -> bool:
    """Whether nearly all words are small, capitals or begin with one."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    odd = sum(not (word.islower() or word.isupper() or word.istitle()) for word in words)
    return 10 * odd <= len(words)


def _long(text: str) -> bool:
    """Whether there are two words, and ten letters in words of three letters or more on average."""
    words = re.findall(r"[^\W\d_]+", text)
    letters = sum(map(len, words))
    return len(words) >= 2 and letters >= max(10, 3 * len(words))


def as_big5(text: str) -> Iterator[Reading]:
    """Big5 that was read as GBK, or the reverse: rare characters whose bytes are those of the most frequent ones."""
    for line in re.finditer("[^\n]+", text):
        if len(re.findall(f"[{BIG5}]", line[0])) < 2:
            continue
        wide = len(_CHARACTER.findall(line[0]))
        for codec, other, was in (("big5hkscs", "gb18030", "Big5"), ("gbk", "big5hkscs", "GBK")):
            read = line[0].encode(other, "replace").decode(codec, "replace")
            usual, before = (sum(map(one.count, _FREQUENT)) for one in (read, line[0]))
            if usual >= max(3, 0.15 * wide) and 4 * before <= usual:
                yield Reading(*line.span(), _LOSS.sub("□", read), was, "GBK" if was == "Big5" else "Big5")
                break


_CYRILLIC = {"cp1251": "Windows-1251", "koi8-r": "KOI8-R"}
_ACCENTED = re.compile(r"[\xc0-\xff\xa8\xb8\xa3\xb3]+(?:[\s,.;:!?()\"-]+[\xc0-\xff\xa8\xb8\xa3\xb3]+)*")
_RUSSIAN = re.compile(r"[А-яЁё]+(?:[\s,.;:!?()\"-]+[А-яЁё]+)*")
_CHARACTER = re.compile("[\u3400-\u9fff]")
_FREQUENT = (
    "的一是不了在人有我他這这個个們们中來来上大為为和國国地到以說说時时要就出會会可也你對对生能而子得著着下自之年過过發发後后作裡里用道行所然家種种事成方多經经"
    "麼么去法學学如都同現现當当沒没動动面起看定天分還还進进好小部其些主樣样理心她本前開开但因只從从想實实"
)
GAP = 6  # bytes: lost ones, and the sign for what was lost
_WIDE = re.compile(r"[^\x00-\x7f](?:[^\x00-\x7f]|\?(?=[^\x00-\x7f]))+")
_UTF8 = re.compile(rb"(?:[\xe2-\xef][\x80-\xbf][\x80-\xbf])+")
_QUOTE = re.compile(rf"鈥[\u4e00-\u9fff]|{ACCENT}")
_LOSS = re.compile("\ufffd+\\??|\ufffd*\\?")
_MARKS = "，。、；：？！（）《》“”‘’…—【】·～￥"
_NARROW = re.compile(r"[\x00-\x09\x0b-\u2e7f\ue000-\uf8ff\ufb00-\ufb06\ufffd]{1,2000}")
_OUTSIDE = re.compile(r"[^\x00-\x7f\u2500-\u259f]")
_HIGH = re.compile(r"[\xa1-\xfe]{4,}")
