"""Text for the HTML report, made harmless and readable. Only that report imports this."""

from __future__ import annotations

from markupsafe import Markup, escape

from sftlint.diagnostic import Diagnostic
from sftlint.texts.safe import printable

HEIGHT = 6  # lines of text on either side of a place


def data(text: str) -> Markup:
    """Text from data: what could do harm is written as an escape, and a line break is one on the page but none in the file."""
    lines = [escape(printable(line.replace("\t", "    "))) for line in text.split("\n")]
    return Markup("&#10;").join(lines)


def excerpt(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """The text around the place, at most HEIGHT lines of it on either side."""
    before, inside, after = diagnostic.window
    last, first = before.split("\n"), after.split("\n")
    if not inside and not after:
        return "\n".join(last[: 2 * HEIGHT]) + "…" * (len(last) > 2 * HEIGHT), "", ""
    head = "…" * (len(last) > HEIGHT) + "\n".join(last[-HEIGHT:])
    return head, inside, "\n".join(first[:HEIGHT]) + "…" * (len(first) > HEIGHT)


def prose(text: str, end: str = "") -> Markup:
    """Words of a rule as a sentence; what stands between backticks is code."""
    text = printable(text)
    text = text[:1].upper() + text[1:] + (end if end and text[-1:] not in ".。!?！？…" else "")
    parts = text.split("`")
    marked = [
        Markup("<code>{}</code>").format(part) if i % 2 and i < len(parts) - 1 else escape(part) for i, part in enumerate(parts)
    ]
    return Markup("").join(marked)
