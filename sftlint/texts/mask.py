"""How personal data and secrets are hidden in whatever is printed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from sftlint.texts.private import PERSONAL, PERSONAL_SIGN, SECRET_SIGN, SECRETS, Hit, hits


def mask(text: str) -> str:
    """*text*, short as quotes are, with personal data and secrets hidden, and what a cut has left of a long number."""
    masked = "".join(_masked(text)) if _ANY.search(text) else text
    return _CUT.sub(lambda m: "*" * len(m[0]), masked) if "…" in text else masked


def mask_parts(text: str, cuts: Sequence[int]) -> list[str]:
    """The pieces of *text* between neighbouring *cuts* (ascending), masked by what stands around them."""
    if "PRIVATE KEY-----" in text:
        low, high = 0, len(text)
    else:
        low = _edge(text, cuts[0] - _AROUND, -1)
        high = _edge(text, cuts[-1] + _AROUND, 1)
    around = text[low:high]
    if not _ANY.search(around):
        return [text[a:b] for a, b in itertools.pairwise(cuts)]
    found = list(_private(around))
    pieces = []
    for a, b in itertools.pairwise(cuts):
        inside = [h for h in found if h.start + low < b and a < h.stop + low]
        characters = list(text[a:b])
        for hit in inside:
            start, stop = hit.start + low, hit.stop + low
            shown = hit.shown if len(hit.shown) == stop - start else hit.shown[:4] + "*" * (stop - start)
            for at in range(max(start, a), min(stop, b)):
                characters[at - a] = shown[at - start]
        pieces.append("".join(characters))
    return pieces


def _edge(text: str, at: int, step: int) -> int:
    """*at*, or where the key or number ends that goes on there, 4,000 characters away at most."""
    at = min(max(at, 0), len(text))
    last = min(max(at + 4000 * step, 0), len(text))
    while at != last and text[at - 1 if step < 0 else at] in _TOKEN:
        at += step
    return at


def _private(text: str) -> Iterator[Hit]:
    kinds = (*(SECRETS if SECRET_SIGN.regex.search(text) else ()), *(PERSONAL if PERSONAL_SIGN.regex.search(text) else ()))
    return hits(kinds, text, anywhere=True)


def _masked(text: str) -> Iterator[str]:
    start = 0
    for hit in sorted(_private(text), key=lambda hit: hit.start):
        yield text[start : hit.start]
        yield hit.shown
        start = hit.stop
    yield text[start:]


_AROUND = 40  # characters that are looked at beside a quote, and the token that goes on there
_TOKEN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.+/=-")
#: Cheaper than the signs below, and found wherever these are.
_ANY = re.compile(
    r"[0-9]{7}|[0-9]{3,4} [0-9]{3}|[Pp]ass|PASS|[Pp]wd|PWD|密码|口令|车牌|wxid_|[0-9]{3}[-. ][0-9]{2}|[0-9]\.[0-9]{1,3}\.[0-9]|@|eyJ|PRIVATE KEY|[A-Za-z0-9_/+-]{20}|xox|glpat|k_live"
)
#: What is left of a number or key that a quote cuts through.
_CUT = re.compile(
    r"(?<=…)[0-9]{4,}|[0-9]{5,}[-0-9]*(?=…)|(?<=…)[A-Za-z0-9_+/-]{20,}|(?<![A-Za-z0-9])(?:sk-|gh[pousr]_|AKIA|eyJ)[\w-]+(?=…)"
)
