"""Small facts about a text that several rules ask for."""

from __future__ import annotations

import re

_INVISIBLE = re.compile("[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\x00-\x1f\x7f-\x9f]*")


def is_blank(text: str) -> bool:
    """Whether *text* holds nothing that can be seen."""
    return not text or (text[0] <= " " or text[0] > "~") and _INVISIBLE.fullmatch(text) is not None
