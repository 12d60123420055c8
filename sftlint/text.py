"""Small facts about a text that several rules ask for."""

from __future__ import annotations

import unicodedata

#: Every character that leaves no mark: blanks, controls, joiners, fillers, variation selectors.
INVISIBLE = "".join(
    character
    for character in map(chr, [*range(0x3000), 0x3000, 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0])
    if character.isspace()
    or unicodedata.category(character) in ("Cc", "Cf")
    or character in "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    or "\ufe00" <= character <= "\ufe0f"
)
