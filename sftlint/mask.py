"""Personal data and secrets: how they look, whether they are real, and how they are hidden in whatever is printed.

What only looks like one is told apart by check digits, by the words around it, and by how random it is.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import ipaddress
import itertools
import re
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import log2
from typing import Any, NamedTuple

from sftlint.pattern import Pattern
from sftlint.phrase import Phrase


class Kind(NamedTuple):
    """A kind of personal data or secret. *genuine* tells a match of the pattern from what only looks like one."""

    name: Phrase
    pattern: Pattern
    genuine: Callable[[Any], bool]
    seen: tuple[int, int]
    """How many characters stay to be seen at the beginning and at the end."""
    context: re.Pattern[str] | None = None
    """What stands near it, where the form alone proves too little."""
    weak: bool = False
    """Whether it is often public or made up."""


class Hit(NamedTuple):
    """A span of a text, what it holds, and how it may be shown."""

    start: int
    stop: int
    kind: Kind
    shown: str


def hits(kinds: Sequence[Kind], text: str, *, asked: str = "", anywhere: bool = False) -> Iterator[Hit]:
    """What *text* holds of *kinds*, in their order; no two overlap.

    asked: the question that *text* answers, which may say what a number is.  anywhere: whatever stands around it.
    """
    taken: list[tuple[int, int]] = []  # in order
    for kind in kinds:
        for match in kind.pattern.regex.finditer(text):
            start, stop = match.span("value") if "value" in match.re.groupindex and match["value"] else match.span()
            if not kind.genuine(match):
                continue
            at = bisect(taken, (start, stop))
            if (at and start < taken[at - 1][1]) or (at < len(taken) and taken[at][0] < stop):
                continue
            near = kind.context.search if kind.context and not anywhere else None
            if not near or near(text, max(start - 40, 0), stop + 20) or near(asked[-100:]):
                taken.insert(at, (start, stop))
                yield Hit(start, stop, kind, hidden(text[start:stop], kind))


def hidden(text: str, kind: Kind) -> str:
    """*text* with all but its beginning and end replaced by asterisks."""
    head, tail = kind.seen
    if not head and not tail:
        return re.sub(r"\S", "*", text)  # a password: of its other characters nothing is shown either
    if (at := text.find("@")) > 0:
        tail = len(text) - at
    if len(text) > head + tail + 40:
        return f"{text[:head]}********{text[len(text) - tail :]}"
    return text[:head] + re.sub(r"[0-9A-Za-z_+/=-]", "*", text[head : len(text) - tail]) + text[len(text) - tail :]


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


# Whether it is real


def _id_card(match: Any) -> bool:
    """The check digit of GB 11643 (ISO 7064, MOD 11-2), a province, and a date that there was."""
    text = match[0].upper()
    try:
        datetime.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) << (17 - at) for at, digit in enumerate(text[:17]))
    return text[:2] in _PROVINCES and "10X98765432"[total % 11] == text[17]


_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)


def _card(match: Any) -> bool:
    """The check digit of ISO/IEC 7812 (Luhn). Cards for testing repeat a few digits."""
    digits = [int(digit) for digit in match[0] if digit.isdigit()]
    total = sum(sum(divmod(digit * 2, 10)) if at % 2 else digit for at, digit in enumerate(reversed(digits)))
    return total % 10 == 0 and len(set(digits)) > 3


def _iban(match: Any) -> bool:
    """The check digits of ISO 13616 (ISO 7064, MOD 97-10)."""
    text = match[0].replace(" ", "")
    length = _IBANS[text[:2]]
    return len(text) == length and int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


_IBANS = {"DE": 22, "GB": 22, "FR": 27, "ES": 24, "IT": 27, "NL": 18, "CH": 21, "AT": 20, "BE": 16, "PL": 28, "PT": 25, "SE": 24}


def _phone(match: Any) -> bool:
    """No number that people make up: runs, one digit over and over, a placeholder."""
    digits = "".join(c for c in match[0] if c.isdigit())[-11:]
    tail = digits[3:]
    return not (_MADE_UP.search(digits) or len(set(tail)) <= 2 or digits in ("13800138000", "13000000000"))


_MADE_UP = re.compile(r"(\d)\1{4}|12345|23456|34567|45678|56789|98765|87654|76543")


def _phone_us(match: Any) -> bool:
    digits = "".join(c for c in match[0] if c.isdigit())[-10:]
    free = digits[:3] in ("400", "800", "833", "844", "855", "866", "877", "888")  # of a business
    return not free and "555" not in (digits[:3], digits[3:6]) and not _MADE_UP.search(digits) and len(set(digits)) > 3


def _phone_abroad(match: Any) -> bool:
    """As many digits as a number with its country has, and none of those that are kept free for films and books."""
    digits = "".join(c for c in match[0] if c.isdigit())
    return 9 <= len(digits) <= 15 and not _MADE_UP.search(digits) and len(set(digits)) > 4 and not digits.startswith("447700900")


def _email(match: Any) -> bool:
    """No address that stands for any address."""
    local, _, domain = match[0].lower().partition("@")
    names = domain.split(".")
    return (
        not _SAMPLE_DOMAIN.search(domain)
        and not _SAMPLE_NAME.fullmatch(local)
        and names[-1] not in _FILES
        and len(names[-2]) > 1
        and len(local) > 1
    )


_SAMPLE_DOMAIN = re.compile(
    r"example|sample|test|domain|(?:^|\.)(?:email|e-?mail|mail|company|website|site|server|abc|xyz|xxx|yyy|foo|bar|acme|your\w*|my\w*|some\w*|"
    r"business|organi[sz]ation|university|school|host|localhost|provider|hotel|restaurant|store|shop)\.[a-z.]+$|^(?!1(?:63|26|39|89)\.)\d+\.|^users\.noreply"
)
_SAMPLE_NAME = re.compile(
    r"(?:your|my|some|the|any)?[-_.]?(?:e?mail|name|user(?:name)?|info|support|help|service|sales|contact|admin(?:istrator)?|hr|jobs|careers?|"
    r"office|press|media|hello|noreply|no-reply|webmaster|postmaster|john|jane|jack|mary|bob|alice|mike|tom|(?:john|jane|jack)[-_.]?(?:doe|smith)|"
    r"abc|xxx+|xyz|test|foo|bar|someone|somebody|account|customer(?:service|support|care)?|first[-_.]?last|first[-_.]?name[-_.]?last[-_.]?name|git)\d*"
)
_FILES = frozenset(
    ["png", "jpg", "jpeg", "gif", "svg", "js", "ts", "py", "css", "html", "json", "xml", "txt", "md", "java", "class", "git"]
)


def _address(match: Any) -> bool:
    """A public address, and none of those that everybody knows."""
    try:
        address = ipaddress.IPv4Address(match[0])
    except ValueError:
        return False
    octets = address.packed
    return address.is_global and not _WELL_KNOWN.fullmatch(match[0]) and octets[0] > 9 and len(set(octets)) > 2


_WELL_KNOWN = re.compile(
    r"8\.8\.[48]\.[48]|1\.[01]\.[01]\.1|114\.114\.11\d\.11\d|123\.45\.67\.\d+|1\.2\.3\.4|223\.[56]\.[56]\.[56]|9\.9\.9\.9|172\.217\..*"
)


def _random(match: Any) -> bool:
    """Whether it was drawn, and not typed: enough entropy, digits and letters, no runs of the alphabet, no words that say so."""
    text = match[0]
    if match.lastgroup == "key":
        return _bits("".join(_BODY.findall(text))) > 4.5
    if match.lastgroup == "jwt":
        return _payload(text.split(".")[1])
    secret = match["value"] if match.lastgroup == "value" else _PREFIX.sub("", text)
    if (
        _SAID.search(text)
        or _RUN.search(secret.lower())
        or not (any(map(str.isdigit, secret)) or _changes(secret) > len(secret) // 4)
    ):
        return False
    if match.lastgroup == "value":  # no prefix tells it: it must look drawn from all letters and digits
        if _HEX.fullmatch(secret):
            return _bits(secret) > 3.2
        return _bits(secret) > 4 and any(map(str.isupper, secret)) and any(map(str.islower, secret))
    return _bits(secret) > (2.8 if len(secret) < 24 else 3.2)


def _password(match: Any) -> bool:
    """Whether the password of a URL was drawn: no word, and digits among its letters."""
    text = match["value"]
    mixed = re.search(r"\d", text) and re.search(r"[A-Za-z]", text)
    return not (_SAID.search(text) or _RUN.search(text.lower()) or _WORDS.search(text)) and bool(
        _bits(text) > 2.6 and (mixed or _changes(text) > len(text) // 4)
    )


def _assigned(match: Any) -> bool:
    """Whether a password that is assigned to a name was drawn: nobody types one that changes between kinds of characters so often."""
    text = match["value"]
    plain = text.translate(_SPELT)
    return (
        not any(look.search(said) for said in (text, plain) for look in (_SAID, _WORDS))
        and not _RUN.search(text.lower())
        and any(map(str.isdigit, text))
        and _changes(text) > len(text) // 3
        and _bits(text) > 3
    )


_SPELT = str.maketrans("013457@$!", "oieasyasi")  # as in p@55w0rd


def _changes(text: str) -> int:
    """How often *text* changes between capitals, small letters, digits and other characters."""
    kinds = ["A" if c.isupper() else "a" if c.islower() else "0" if c.isdigit() else "-" for c in text]
    return sum(a != b for a, b in itertools.pairwise(kinds))


_WORDS = re.compile(r"(?i)pass|secret|token|admin|root|user|pwd|mysql|postgres|redis|demo|guest|hello|welcome|\bkey\b|\d\.\d")
_HEX = re.compile(r"[0-9a-f]{32,64}")


def _bits(text: str) -> float:
    """Shannon entropy, bits per character."""
    return -sum(n / len(text) * log2(n / len(text)) for n in Counter(text).values()) if text else 0.0


def _payload(part: str) -> bool:
    """Whether the payload of a JSON Web Token is another than that of every tutorial."""
    try:
        return not _TUTORIAL.search(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return False


_TUTORIAL = re.compile(rb"1234567890|[Jj]ohn ?[Dd]oe|example|user_?id\W+1\b")
_BODY = re.compile(r"(?:^|\\n)[ \t]*([A-Za-z0-9+/]{40,76}=*)", re.M)
_PREFIX = re.compile(r"^[A-Za-z]{2,6}(?:[-_][a-z]+)*[-_](?:api\d\d-)?|^(?:AKIA|ASIA|LTAI|AKID|AKLT|AIza)")
_SAID = re.compile(
    r"(?i)x{4}|your|example|sample|dummy|fake|placeholder|redacted|test_?key|secret_?key_?here|\*{3}|0000|1111|change_?me|foobar"
)
_RUN = re.compile(r"abcde|bcdef|defgh|ghijk|12345|23456|34567|45678|qwert|asdfg|zyxwv|98765|(.)\1{3}")


# How it looks. The scanner knows no lookaround, so each has a form without.

_NO_WORD, _NO_MORE = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_ID = r"[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx]"
_CARD = r"(?:62|4[0-9]|5[1-5]|3[47]|60|81|9[0-9]|2[2-7])[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{3,4}(?:[ -]?[0-9]{1,3})?"
_IBAN = rf"(?:{'|'.join(_IBANS)})[0-9]{{2}} ?[A-Z0-9]{{4}} ?[A-Z0-9]{{4}}[A-Z0-9 ]{{0,24}}[A-Z0-9]"
_PHONE = r"1[3-9][0-9](?:[ -][0-9]{4}[ -]|[0-9]{4})[0-9]{4}"
_PHONE_US = r"(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[-.])[2-9][0-9]{2}[-.][0-9]{4}"
_PHONE_ABROAD = r"\+(?:[2-79][0-9]{1,2}|8[0-57-9][0-9]?)[ -]\(?[0-9]{1,4}\)?(?:[ -]?[0-9]{2,6}){2,4}"
_EMAIL = r"[A-Za-z0-9_][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}"
_SECRET = {
    "name": r"sk-(?:proj-|svcacct-|ant-[a-z]{3}[0-9]{2}-|or-v1-)?[A-Za-z0-9_-]{30,200}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|LTAI[0-9A-Za-z]{16,26}|AKID[0-9A-Za-z]{28,36}|AKLT[0-9A-Za-z+/=_-]{20,60}"
    r"|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,}|glpat-[A-Za-z0-9_-]{20,}|AIza[A-Za-z0-9_-]{35}|hf_[A-Za-z0-9]{30,}"
    r"|xox[abprs]-[A-Za-z0-9-]{20,}|[srp]k_live_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{36}|pypi-AgEI[A-Za-z0-9_-]{40,}"
    r"|SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}|xai-[A-Za-z0-9]{60,}|gsk_[A-Za-z0-9]{40,}|dckr_pat_[A-Za-z0-9_-]{24,}|do[opr]_v1_[0-9a-f]{64}|ya29\.[A-Za-z0-9_-]{50,}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"
    r"|[0-9]{8,10}:AA[A-Za-z0-9_-]{33}|SK[0-9a-f]{32}|[0-9a-f]{32}\.[A-Za-z0-9]{16}",
    "jwt": r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}",
    "key": r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=:,\s\\]|-(?!----)){64,16000}+(?:-----END [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----)?",
}
_NAMED = r"(?:[Ss]ecret_?(?:[Aa]ccess_?)?[Kk]ey|SECRET(?:_ACCESS)?_KEY|[Aa]ccess_?[Kk]ey_?[Ss]ecret|[Cc]lient_?[Ss]ecret|CLIENT_SECRET|[Aa]pi_?[Kk]ey|API_KEY)"
_ASSIGNED = _NAMED + r"""["']?\s{0,2}[:=：]\s{0,2}["']?"""
#: Names that stand before nothing but a secret, and where the secret ends.
_TELLING = (
    r"[Aa]pp_?[Ss]ecret[\"']?\s{0,2}[:=：]\s{0,2}[\"']?|(?<![A-Za-z])SK\s?[:=：]\s{0,2}|AccountKey=|[Bb]earer\s|access_token="
    r"|hooks\.slack\.com/services/"
)
_LOGIN = r"[a-z][a-z0-9+]{1,20}://[A-Za-z0-9_.%-]{0,40}:(?P<value>[^\s:/@<>{}$*]{8,60})@(?!localhost|127\.|host\b|[\w.-]*example)[A-Za-z0-9]"

_UNLOCKS = r"(?:[Pp]assword|PASSWORD|[Pp]asswd|PASSWD|[Pp]wd|PWD|密码|口令)[\"']?\s{0,2}[:=：]\s{0,2}[\"']?"
_TYPED = r"[A-Za-z0-9!@#%^&+?._~-]{10,40}"

#: What the scanner looks for: every text that holds a secret, or personal data, holds a match of these.
SECRET_SIGN = Pattern(
    r"sk-[A-Za-z0-9_-]{30}|(?:AKIA|ASIA)[0-9A-Z]{16}|(?:LTAI|AKID|AKLT)[0-9A-Za-z]{16}|gh[pousr]_[A-Za-z0-9]{30}|github_pat_|glpat-"
    r"|AIza[A-Za-z0-9_-]{35}|hf_[A-Za-z0-9]{30}|xox[abprs]-|[srp]k_live_|npm_[A-Za-z0-9]{36}|pypi-AgEI|\.eyJ|PRIVATE KEY|"
    + _ASSIGNED + "[A-Za-z0-9/+_=-]{24}"
    r"|SG\.[A-Za-z0-9_-]{22}|xai-[A-Za-z0-9]{60}|gsk_[A-Za-z0-9]{40}|dckr_pat_|do[opr]_v1_[0-9a-f]{64}|ya29\.[A-Za-z0-9_-]{50}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|[0-9]:AA[A-Za-z0-9_-]{33}"
    r"|SK[0-9a-f]{32}|[0-9a-f]{32}\.[A-Za-z0-9]{16}|[Ss]ecret[\"']?\s{0,2}[:=：]\s{0,2}[\"']?[0-9a-f]{32}|SK\s?[:=：]\s{0,2}[A-Za-z0-9]{30}"
    r"|AccountKey=|earer\s[A-Za-z0-9_.-]{30}|access_token=[0-9a-f]{32}|hooks\.slack\.com/services/"
    r"|://[A-Za-z0-9_.%-]{0,40}:[^\s:/@<>{}$*]{8,60}@[A-Za-z0-9]|"
    + _UNLOCKS + _TYPED
)  # fmt: skip
PERSONAL_SIGN = Pattern(
    r"[0-9]{7}|[0-9]{4}[ -][0-9]{4}|[0-9]{3}[-.][0-9]{4}|[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}|\+[2-9][0-9]{1,2}[ -]\(?[0-9]|[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
    r"|[A-Za-z0-9_]@[A-Za-z0-9]|车牌|wxid_"
)

#: Of two that overlap, the earlier kind is meant.
SECRETS = (
    Kind(
        Phrase("a secret key", "密钥"),
        Pattern(rf"{_NO_WORD}(?:(?P<name>{_SECRET['name']}){_NO_MORE}|(?P<jwt>{_SECRET['jwt']}))|(?P<key>{_SECRET['key']})"),
        _random,
        (4, 0),
    ),
    Kind(
        Phrase("a secret key", "密钥"),
        Pattern(rf"(?:{_ASSIGNED}|{_TELLING})(?P<value>[A-Za-z0-9/+_=-]{{24,100}}){_NO_MORE}"),
        _random,
        (4, 0),
    ),
    Kind(
        Phrase("a password", "密码"),
        Pattern(_LOGIN),
        _password,
        (0, 0),
    ),
    Kind(
        Phrase("a password", "密码"),
        Pattern(rf"{_UNLOCKS}(?P<value>{_TYPED})(?![A-Za-z0-9!@#%^&+?_~(\[-])"),
        _assigned,
        (0, 0),
    ),
)
PERSONAL = (
    Kind(
        Phrase("an identity card number", "身份证号"),
        Pattern(rf"(?<![0-9A-Za-z.]){_ID}{_NO_MORE}"),
        _id_card, (3, 2),
    ),
    Kind(
        Phrase("an IBAN", "国际银行账号"),
        Pattern(rf"{_NO_WORD}{_IBAN}{_NO_MORE}"),
        _iban, (4, 2),
    ),
    Kind(
        Phrase("a bank card number", "银行卡号"),
        Pattern(rf"(?<![0-9A-Za-z.]){_CARD}{_NO_MORE}(?!\.[0-9])"),
        _card, (4, 4),
        re.compile(r"(?i)卡号|银行卡|信用卡|储蓄卡|借记卡|[账帐][号户]|开户|转[账到]|汇款|打款|银行|\bcards?\b|\baccount|\bvisa\b|master ?card|union ?pay|\bamex\b|american express|\bdebit|\bcredit"),
    ),
    Kind(
        Phrase("a social security number", "社会安全号码"),
        Pattern(r"(?<![0-9A-Za-z-])(?!000|666|9)[0-9]{3}(?:-(?!00)[0-9]{2}-| (?!00)[0-9]{2} )(?!0000)[0-9]{4}(?![0-9A-Za-z-])"),
        lambda match: match[0].replace(" ", "-") not in ("123-45-6789", "078-05-1120", "111-11-1111", "987-65-4321"), (0, 4),
        re.compile(r"SSN|(?i:social security)|社会安全|社保"),
    ),
    Kind(
        Phrase("a passport number", "护照号"),
        Pattern(r"(?:护照|[Pp]assport)[^0-9A-Z\n]{0,20}?(?P<value>[A-Z]{1,2}[0-9]{7,8})(?![0-9A-Za-z])"),
        lambda match: not _MADE_UP.search(match["value"]), (1, 2),
    ),
    Kind(
        Phrase("a number plate", "车牌号"),
        Pattern(
            r"车牌(?:号码?)?[^0-9A-Z\n]{0,6}?(?P<value>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
            r"[A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳])(?![0-9A-Za-z])"
        ),
        lambda match: not _MADE_UP.search(match["value"]), (2, 2), weak=True,
    ),
    Kind(
        Phrase("an account of a messenger", "微信或 QQ 账号"),
        Pattern(r"(?P<value>(?<![A-Za-z0-9])wxid_[a-z0-9]{8,24}|(?<=QQ)[1-9][0-9]{6,10}|(?<=QQ号)[1-9][0-9]{6,10}|(?<=QQ[:：])[1-9][0-9]{6,10}|(?<=QQ )[1-9][0-9]{6,10})(?![0-9A-Za-z@.])"),
        lambda match: not _MADE_UP.search(match["value"]), (2, 2), weak=True,
    ),
    Kind(
        Phrase("a phone number", "手机号"),
        Pattern(rf"(?<![0-9A-Za-z._/=+-])(?:\+?86[- ]?)?{_PHONE}(?![0-9A-Za-z_/=-]|\.[0-9])"),
        _phone, (3, 4), weak=True,
    ),
    Kind(
        Phrase("a phone number", "电话号码"),
        Pattern(rf"(?<![0-9A-Za-z._/=-])(?:\+?1[-. ]?)?{_PHONE_US}(?![0-9A-Za-z_-]|\.[0-9])"),
        _phone_us, (0, 4), weak=True,
    ),
    Kind(
        Phrase("a phone number", "电话号码"),
        Pattern(rf"(?<![0-9A-Za-z._/=+-]){_PHONE_ABROAD}(?![0-9A-Za-z_-]|\.[0-9])"),
        _phone_abroad, (3, 4), weak=True,
    ),
    Kind(
        Phrase("an e-mail address", "邮箱地址"),
        Pattern(rf"(?<![A-Za-z0-9._%+/:-]){_EMAIL}(?![A-Za-z0-9])"),
        _email, (1, 0), weak=True,
    ),
    Kind(
        Phrase("an IP address", "公网 IP 地址"),
        Pattern(r"(?<![0-9A-Za-z._/-])(?<!版本|版本号|[Vv]ersion |[Vv]ersion: )(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z_-]|\.[0-9])"),
        _address, (4, 0), weak=True,
    ),
)  # fmt: skip
