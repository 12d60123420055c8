"""The JSON objects that the formats json and json-lines print."""

from __future__ import annotations

import json
from typing import Any

from sftlint.diagnostic import Diagnostic


def as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """The object that the formats json and json-lines print."""
    fix = None
    if diagnostic.fix is not None:
        message = diagnostic.fix.message
        fix = {
            "applicability": "safe" if diagnostic.fix.safe else "unsafe",
            "message": message.en if message else diagnostic.suggestion,
            "edits": [{"content": text, "location": _row(a), "end_location": _row(b)} for a, b, text in diagnostic.fixes],
        }
    return {
        "code": diagnostic.code, "category": diagnostic.category, "severity": diagnostic.severity,
        "message": diagnostic.message, "suggestion": diagnostic.suggestion, "filename": diagnostic.filename,
        "location": _row(diagnostic.location), "end_location": _row(diagnostic.end_location),
        "pointer": diagnostic.pointer, "fingerprint": diagnostic.fingerprint,
        "related": [{"filename": name, "row": row} for name, row in diagnostic.related],
        "related_total": diagnostic.related_total, "fix": fix, "url": None,
    }  # fmt: skip


def _row(position: tuple[int, int] | None) -> dict[str, int] | None:
    return None if position is None else {"row": position[0], "column": position[1]}


def dumps(value: Any, indent: int | None = None) -> str:
    """JSON in which no character can move a terminal or make a runner obey: controls, bidirectional marks, surrogates and
    the bracket of `##[error]` are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent).replace("##[", "##\\u005b").replace("##vso[", "##vso\\u005b")
    for character in () if text.isprintable() else set(text):  # all at once, since texts are long and such characters few
        if not character.isprintable() and character != "\n":
            text = text.replace(character, json.dumps(character)[1:-1])
    return text
