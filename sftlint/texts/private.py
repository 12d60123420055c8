"""Personal data and secrets: how they look, and how a text is searched for them.

What only looks like one is told apart by the words around it, and by what `genuine` knows of it.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sftlint.pattern import Pattern
from sftlint.phrase import Phrase
from sftlint.texts.genuine import (
    IBANS,
    MADE_UP,
    is_address,
    is_assigned_password,
    is_card,
    is_email,
    is_iban,
    is_id_card,
    is_password,
    is_phone,
    is_phone_abroad,
    is_phone_us,
    is_random,
)


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


# How it looks. The scanner knows no lookaround, so each has a form without.

_NO_WORD, _NO_MORE = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_ID = r"[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx]"
_CARD = r"(?:62|4[0-9]|5[1-5]|3[47]|60|81|9[0-9]|2[2-7])[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{3,4}(?:[ -]?[0-9]{1,3})?"
_IBAN = rf"(?:{'|'.join(IBANS)})[0-9]{{2}} ?[A-Z0-9]{{4}} ?[A-Z0-9]{{4}}[A-Z0-9 ]{{0,24}}[A-Z0-9]"
_PHONE = r"1[3-9][0-9](?:[ -][0-9]{4}[ -]|[0-9]{4})[0-9]{4}"
_PHONE_US = r"(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[-.])[2-9][0-9]{2}[-.][0-9]{4}"
_PHONE_ABROAD = r"\+(?:[2-79][0-9]{1,2}|8[0-57-9][0-9]?)[ -]\(?[0-9]{1,4}\)?(?:[ -]?[0-9]{2,6}){2,4}"
#: A plate has at most two letters behind the one of its city; those of electric cars have a D or F and one character more.
_PLATE = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Y][·•・ ]?"
    r"(?:(?=(?:[0-9]*[A-Z]){0,2}[0-9]*(?![0-9A-Z]))[A-HJ-NP-Z0-9]{5}|[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF])"
)
#: A street or an estate with the number of a house, and of a room in it.
_HOME = (
    r"(?<=[\u4e00-\u9fff]{2})(?:(?:路|街|巷|弄|大道|胡同)[0-9]{1,4}(?:号|弄)|(?:小区|苑|花园|新村|家园|公寓|里)(?=[0-9]))"
    r"[\u4e00-\u9fff0-9-]{0,14}?[0-9]{3,4}室"
)
_OFFICE = re.compile("大厦|广场|中心|写字楼|酒店|宾馆|医院|大学|学院|学校|公司|法院|商[场务]|办公|园区|科技|产业")
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
    r"|[A-Za-z0-9_]@[A-Za-z0-9]|车牌|wxid_|[0-9]室"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Y][·•・ ]?[A-HJ-NP-Z0-9]{5}"
)

#: Of two that overlap, the earlier kind is meant.
SECRETS = (
    Kind(
        Phrase("a secret key", "密钥"),
        Pattern(rf"{_NO_WORD}(?:(?P<name>{_SECRET['name']}){_NO_MORE}|(?P<jwt>{_SECRET['jwt']}))|(?P<key>{_SECRET['key']})"),
        is_random,
        (4, 0),
    ),
    Kind(
        Phrase("a secret key", "密钥"),
        Pattern(rf"(?:{_ASSIGNED}|{_TELLING})(?P<value>[A-Za-z0-9/+_=-]{{24,100}}){_NO_MORE}"),
        is_random,
        (4, 0),
    ),
    Kind(
        Phrase("a password", "密码"),
        Pattern(_LOGIN),
        is_password,
        (0, 0),
    ),
    Kind(
        Phrase("a password", "密码"),
        Pattern(rf"{_UNLOCKS}(?P<value>{_TYPED})(?![A-Za-z0-9!@#%^&+?_~(\[-])"),
        is_assigned_password,
        (0, 0),
    ),
)
PERSONAL = (
    Kind(
        Phrase("an identity card number", "身份证号"),
        Pattern(rf"(?<![0-9A-Za-z.]){_ID}{_NO_MORE}"),
        is_id_card, (3, 2),
    ),
    Kind(
        Phrase("an IBAN", "国际银行账号"),
        Pattern(rf"{_NO_WORD}{_IBAN}{_NO_MORE}"),
        is_iban, (4, 2),
    ),
    Kind(
        Phrase("a bank card number", "银行卡号"),
        Pattern(rf"(?<![0-9A-Za-z.]){_CARD}{_NO_MORE}(?!\.[0-9])"),
        is_card, (4, 4),
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
        lambda match: not MADE_UP.search(match["value"]), (1, 2),
    ),
    Kind(
        Phrase("a number plate", "车牌号"),
        Pattern(
            r"车牌(?:号码?)?[^0-9A-Z\n]{0,6}?(?P<value>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
            r"[A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳])(?![0-9A-Za-z])"
        ),
        lambda match: not MADE_UP.search(match["value"]), (2, 2), weak=True,
    ),
    Kind(
        Phrase("a number plate", "车牌号"),
        Pattern(rf"(?<![0-9A-Za-z]){_PLATE}(?![0-9A-Za-z])"),
        lambda match: not MADE_UP.search(match[0]), (2, 2),
        re.compile(r"[轿货客卡跑]车|汽车|车[主辆速牌子祸位库门]|[开的辆]车|司机|驾|违章|违停|闯红灯|追尾|肇事|停车|停在|[轿越]野?车|面包车|剐蹭|(?i:\b(?:car|vehicle|plate|driver|parked)\b)"),
        weak=True,
    ),
    Kind(
        Phrase("a home address", "住址"),
        Pattern(_HOME),
        lambda match: not _OFFICE.search(match[0]), (1, 1), weak=True,
    ),
    Kind(
        Phrase("an account of a messenger", "微信或 QQ 账号"),
        Pattern(r"(?:QQ号?[:： ]?|(?<![A-Za-z0-9])(?=wxid_))(?P<value>wxid_[a-z0-9]{8,24}|[1-9][0-9]{6,10})(?![0-9A-Za-z@.])"),
        lambda match: not MADE_UP.search(match["value"]), (2, 2), weak=True,
    ),
    Kind(
        Phrase("a phone number", "手机号"),
        Pattern(rf"(?<![0-9A-Za-z._/=+-])(?:\+?86[- ]?)?{_PHONE}(?![0-9A-Za-z_/=-]|\.[0-9])"),
        is_phone, (3, 4), weak=True,
    ),
    Kind(
        Phrase("a phone number", "电话号码"),
        Pattern(rf"(?=[+1-9(])(?<![0-9A-Za-z._/=-])(?:\+?1[-. ]?)?{_PHONE_US}(?![0-9A-Za-z_-]|\.[0-9])"),
        is_phone_us, (0, 4), weak=True,
    ),
    Kind(
        Phrase("a phone number", "电话号码"),
        Pattern(rf"(?<![0-9A-Za-z._/=+-]){_PHONE_ABROAD}(?![0-9A-Za-z_-]|\.[0-9])"),
        is_phone_abroad, (3, 4), weak=True,
    ),
    Kind(
        Phrase("an e-mail address", "邮箱地址"),
        Pattern(rf"(?<![A-Za-z0-9._%+/:-]){_EMAIL}(?![A-Za-z0-9])"),
        is_email, (1, 0), weak=True,
    ),
    Kind(
        Phrase("an IP address", "公网 IP 地址"),
        Pattern(r"(?<![0-9A-Za-z._/-])(?<!版本|版本号|[Vv]ersion |[Vv]ersion: )(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z_-]|\.[0-9])"),
        is_address, (4, 0), weak=True,
    ),
)  # fmt: skip
