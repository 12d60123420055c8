"""Text from data, made harmless for a terminal, a log or a page."""

from __future__ import annotations

import re

from sftlint.texts.facts import INVISIBLE

#: C0 and C1 controls, bidirectional controls, what ends or hides a line, surrogates and noncharacters; and the bracket of
#: `##[error]`, which the runners of GitHub and Azure take for a command anywhere in a line.
_HARMFUL = re.compile(
    "(?<=##)\\[|(?<=##vso)\\[|[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ue000-\uf8ff\ud800-\udfff\U000e0000-\U0010ffff]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\x1b", "[": "\\["}


def printable(text: str) -> str:
    """*text* on one line, with every character that could move the terminal written as an escape."""
    return _HARMFUL.sub(lambda m: _SHORT.get(m[0]) or (f"\\x{ord(m[0]):02x}" if m[0] < "\x80" else f"\\u{ord(m[0]):04x}"), text)


def visible(text: str) -> str:
    """*text* on one line, with what leaves no mark named: `<U+200B>`, a line break as `↵`. A backslash is a backslash."""
    return _UNSEEN.sub(lambda m: "↵" if m[0] == "\n" else f"<U+{ord(m[0]):04X}>", text)


_UNSEEN = re.compile(f"{_HARMFUL.pattern}|[{re.escape(INVISIBLE.replace(' ', ''))}↵]")
