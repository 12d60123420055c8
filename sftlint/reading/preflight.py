"""What the first 64 KiB of a file tell: one finding for the file, never one per line."""

from __future__ import annotations

import re
from operator import and_
from typing import Any, NamedTuple

import orjson

from sftlint import formats
from sftlint.reading import files

HEAD = 1 << 16
CESU = "UTF-8 with surrogates (CESU-8)"
BOM = b"\xef\xbb\xbf"  # byte order mark
_BLANK = b" \t\r\n"


class Facts(NamedTuple):
    """What preflight found.

    bom: bytes of the byte order mark.  array: whether the file is one JSON array of records.
    unreadable: "", or why no record can be read: "empty", "lfs", "compressed", "binary", "text", "pretty", "encoding", "format".
    encoding: the likely encoding of a file that is not UTF-8.  format: the record format, "" if none.
    keys: the top-level keys of the first record, for a file of unknown format.  inside: the one that holds a list of records.
    """

    bom: int = 0
    array: bool = False
    unreadable: str = ""
    encoding: str = ""
    format: str = formats.HOME
    keys: tuple[str, ...] = ()
    inside: str = ""


def preflight(path: str, size: int, name: str, renames: dict[str, str]) -> Facts:
    """Look at the head of the file at *path*. *renames* maps the user's keys to standard ones."""
    with files.open(path) as stream:
        head = stream.read(HEAD)
    bom = len(BOM) if head.startswith(BOM) else 0
    body = head[bom:]
    if not body.strip(_BLANK) and len(head) == size:
        return Facts(bom, unreadable="empty")
    if body.startswith(b"version https://git-lfs"):
        return Facts(bom, unreadable="lfs")
    if body[:2] in (b"\x1f\x8b", b"PK", b"BZ") or body[:4] in (b"\x28\xb5\x2f\xfd", b"PAR1", b"\xfd7zX"):
        return Facts(bom, unreadable="compressed")
    if encoding := _utf16(head):
        return Facts(unreadable="encoding", encoding=encoding)
    if 0 in body and not _decodes(body, "utf-8", len(head) == size) and _strange(body.split(b"\n")):
        return Facts(bom, unreadable="compressed")
    if encoding := _legacy(body, whole=len(head) == size):
        return Facts(bom, unreadable="encoding", encoding=encoding)
    whole = len(head) == size
    first = body.lstrip(_BLANK)[:1]
    if first == b"[" and _is_array(body, whole, name):
        values = _elements(body)
        return _with_format(Facts(bom, array=True), values, renames)
    lines = [line for line in body.split(b"\n") if line.strip(_BLANK)]
    if not whole and len(lines) > 1:
        lines.pop()  # cut by the end of the head
    values = [value for line in lines if (value := _parsed(line)) is not None]
    if first == b"{" and not any(type(value) is dict for value in values) and _parsed(lines[0]) is None and _pretty(lines):
        return Facts(bom, unreadable="pretty")
    if not values and len(lines) >= PROSE and not any(map(_JSON.search, lines)):
        return Facts(bom, unreadable="text")
    return _with_format(Facts(bom), values, renames)


PROSE = 3  # lines, none of them like JSON, that make a file one of text
_JSON = re.compile(rb'\A\s*[\[{]|"\s*:|[\]}]\s*,?\s*\Z|\A[<>=]{7}')  # or marks of a merge


def _strange(lines: list[bytes]) -> bool:
    """Whether most of *lines* do not look like JSON."""
    return 2 * sum(_JSON.search(line) is not None for line in lines) < len(lines)


def _with_format(facts: Facts, values: list[Any], renames: dict[str, str]) -> Facts:
    values = [rename(value, renames) for value in values[:200]]
    seen = [found for value in values if (found := formats.detect(value))]
    if not seen:
        seen = [found for value in values if (found := formats.guess(value))]
    if seen:
        return facts._replace(format=max(seen, key=seen.count))
    objects = [value for value in values if type(value) is dict and value] or [
        v[0] for v in values if v and type(v) is list and type(v[0]) is dict
    ]
    if objects:
        inside = next((key for key, held in objects[0].items() if type(held) is list and held and formats.detect(held[0])), "")
        return facts._replace(unreadable="format", format="", keys=tuple(map(str, objects[0])), inside=inside)
    return facts


def rename(value: Any, renames: dict[str, str]) -> Any:
    """*value* with the user's keys under their standard names. What else has such a name gives way."""
    if renames and type(value) is dict:
        taken = {standard for own, standard in renames.items() if own in value}
        return {renames.get(key, key): held for key, held in value.items() if key in renames or key not in taken}
    return value


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except ValueError:
        return None


def _is_array(body: bytes, whole: bool, name: str) -> bool:
    """Whether the file is an array of records, and not lines that are arrays each."""
    lines = [line for line in body.split(b"\n") if line.strip(_BLANK)]
    first = _parsed(lines[0])
    if first is None and lines[0].strip(_BLANK) not in (b"[", b"[{") and (_DEEP.match(body) or _alone(lines[1:])):
        return False  # a broken line: those below it are records of their own
    if type(first) is not list:  # the array runs over several lines, or over the whole head
        return lines[0].strip(_BLANK) in (b"[", b"[{") or not any(line.rstrip(_BLANK).endswith(b"]") for line in lines[:-1]) or (
            not whole and len(lines) == 1
        )  # fmt: skip
    if len(lines) > 1:
        return False
    return name.lower().endswith(".json") or formats.detect(first) is None


#: Brackets deeper than an array of records, or of records that are arrays of turns.
_DEEP = re.compile(rb"\s*+\[\s*+\[\s*+\[")


def _alone(lines: list[bytes]) -> bool:
    """Whether two lines that follow each other, or the only one there is, are objects, without a comma between them."""
    sound = [line.rstrip(_BLANK).endswith(b"}") and type(_parsed(line)) is dict for line in lines]
    return any(map(and_, sound, sound[1:])) or sound == [True]


def _elements(body: bytes) -> list[Any]:
    from sftlint.reading import elements

    start = body.index(b"[") + 1
    spans = list(elements.split(body[start:]))[:50]
    values = [_parsed(body[start + a : start + b]) for a, b in spans]
    if values and values[-1] is None:  # the end of the array, or of the head, stands behind the last element
        values[-1] = _parsed(body[start + spans[-1][0] : start + spans[-1][1]].rstrip(b"] \t\r\n"))
    return [value for value in values if value is not None]


def _pretty(lines: list[bytes]) -> bool:
    """Whether an object is spread over lines: `{` alone, or followed by one key per line."""
    start = lines[0].strip(_BLANK)
    if len(lines) < 2:
        return False
    if start == b"{":
        return True
    inner = lines[1].lstrip(_BLANK)
    return start.startswith(b"{") and start.endswith(b",") and lines[1] != inner and inner.startswith(b'"')


def _utf16(head: bytes) -> str:
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "UTF-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    even, odd = head[0:2048:2], head[1:2048:2]
    if len(odd) >= 8 and odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return "UTF-16LE"
    if len(even) >= 8 and even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "UTF-16BE"
    return ""


def _legacy(body: bytes, whole: bool) -> str:
    """The encoding of a file most of whose non-ASCII lines are no UTF-8; "" for UTF-8 with a few bad lines."""
    lines = body.split(b"\n")
    if not whole and len(lines) > 1:
        lines.pop()
    foreign = [line for line in lines if not line.isascii()]
    broken = [line for line in foreign if not _decodes(line, "utf-8", whole)]
    if len(broken) < 2 or len(broken) * 2 <= len(foreign):
        return ""
    return legacy_encoding(b"\n".join(broken))


def legacy_encoding(data: bytes) -> str:
    """The likeliest encoding of bytes that are no UTF-8."""
    if b"\xed" in data and _decodes_with_surrogates(data):
        return CESU
    for encoding in ("gb18030", "big5", "shift_jis", "euc_kr"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        wide = [c for c in text if c > "\x7f"]
        if wide and sum(
            "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u30ff" or "\uff00" <= c <= "\uffef" for c in wide
        ) > 0.8 * len(wide):
            return {"gb18030": "GB18030", "big5": "Big5", "shift_jis": "Shift JIS", "euc_kr": "EUC-KR"}[encoding]
    return "Latin-1 (ISO 8859-1) or Windows-1252"


def _decodes_with_surrogates(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _decodes(line: bytes, encoding: str, whole: bool) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError as problem:
        return not whole and problem.end >= len(line)  # a character cut by the end of the head
    return True
