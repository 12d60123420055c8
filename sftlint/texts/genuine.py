"""Whether what looks like personal data or a secret is real: by check digits, and by how random it is."""

from __future__ import annotations

import base64
import binascii
import datetime
import ipaddress
import re
from collections import Counter
from itertools import pairwise
from math import log2
from typing import Any


def is_id_card(match: Any) -> bool:
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


def is_card(match: Any) -> bool:
    """The check digit of ISO/IEC 7812 (Luhn). Cards for testing repeat a few digits."""
    digits = [int(digit) for digit in match[0] if digit.isdigit()]
    total = sum(sum(divmod(digit * 2, 10)) if at % 2 else digit for at, digit in enumerate(reversed(digits)))
    return total % 10 == 0 and len(set(digits)) > 3


def is_iban(match: Any) -> bool:
    """The check digits of ISO 13616 (ISO 7064, MOD 97-10)."""
    text = match[0].replace(" ", "")
    length = IBANS[text[:2]]
    return len(text) == length and int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


IBANS = {"DE": 22, "GB": 22, "FR": 27, "ES": 24, "IT": 27, "NL": 18, "CH": 21, "AT": 20, "BE": 16, "PL": 28, "PT": 25, "SE": 24}


def is_phone(match: Any) -> bool:
    """No number that people make up: runs, one digit over and over, a placeholder."""
    digits = "".join(c for c in match[0] if c.isdigit())[-11:]
    tail = digits[3:]
    return not (MADE_UP.search(digits) or len(set(tail)) <= 2 or digits in ("13800138000", "13000000000"))


MADE_UP = re.compile(r"(\d)\1{4}|12345|23456|34567|45678|56789|98765|87654|76543")


def is_phone_us(match: Any) -> bool:
    digits = "".join(c for c in match[0] if c.isdigit())[-10:]
    free = digits[:3] in ("400", "800", "833", "844", "855", "866", "877", "888")  # of a business
    return not free and "555" not in (digits[:3], digits[3:6]) and not MADE_UP.search(digits) and len(set(digits)) > 3


def is_phone_abroad(match: Any) -> bool:
    """As many digits as a number with its country has, and none of those that are kept free for films and books."""
    digits = "".join(c for c in match[0] if c.isdigit())
    return 9 <= len(digits) <= 15 and not MADE_UP.search(digits) and len(set(digits)) > 4 and not digits.startswith("447700900")


def is_email(match: Any) -> bool:
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


def is_address(match: Any) -> bool:
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


def is_random(match: Any) -> bool:
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


def is_password(match: Any) -> bool:
    """Whether the password of a URL was drawn: no word, and digits among its letters."""
    text = match["value"]
    mixed = re.search(r"\d", text) and re.search(r"[A-Za-z]", text)
    return not (_SAID.search(text) or _RUN.search(text.lower()) or _WORDS.search(text)) and bool(
        _bits(text) > 2.6 and (mixed or _changes(text) > len(text) // 4)
    )


def is_assigned_password(match: Any) -> bool:
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
    return sum(a != b for a, b in pairwise(kinds))


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
