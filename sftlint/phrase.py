"""Sentences in both languages, numbers and quotes as they stand in them, and which language is wanted."""

from __future__ import annotations

import difflib
import os
import re
import string
import sys
from typing import Any, NamedTuple

from sftlint.errors import Error


class Phrase(NamedTuple):
    """The same words in English and Chinese, with named placeholders."""

    en: str
    zh: str

    def say(self, lang: str, data: dict[str, Any]) -> str:
        """The words in *lang*, filled with *data*; phrases among the data are said in that language too."""
        plain = {key: value for key, value in data.items() if not isinstance(value, Phrase)}
        words = {key: value.say(lang, plain) if isinstance(value, Phrase) else value for key, value in data.items()}
        template = self[lang == "zh"]
        for key, value in data.items():
            if lang == "zh" and isinstance(value, Phrase):
                template = _closed_up(template, "{" + key + "}", words[key])
        return template.format_map(words)

    def escaped(self) -> Phrase:
        """The same words, for a phrase that quotes a text: braces in it are no placeholders."""
        return Phrase(*(text.replace("{", "{{").replace("}", "}}") for text in self))

    @property
    def fields(self) -> tuple[frozenset[str], frozenset[str]]:
        """The placeholders of each language: English, Chinese."""
        return (_fields(self.en), _fields(self.zh))


def _closed_up(template: str, name: str, words: str) -> str:
    """*template* without the blanks that set a Latin word apart, where Chinese *words* take its place."""
    if _HAN.match(words[-1:]):
        template = re.sub(re.escape(name) + f" (?={_HAN.pattern})", lambda _: name, template)
    if _HAN.match(words[:1]):
        template = re.sub(f"(?<={_HAN.pattern}) {re.escape(name)}", lambda _: name, template)
    return template


_HAN = re.compile("[\u3000-\u9fff\uff00-\uffef]")


def counted(number: int, one: str, many: str) -> str:
    """`1 record`, `3,000 records`: for English."""
    return f"{number:,} {one if number == 1 else many}"


def _fields(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def quote(text: str, limit: int = 40) -> str:
    """*text* short enough for a message: one line, at most *limit* characters, cut in the middle."""
    head, tail = text[: 2 * limit], text[-limit:]
    if len(text) <= limit:
        return " ".join(text.split("\n"))
    return f"{' '.join(head.split())[: limit * 2 // 3]}…{' '.join(tail.split())[-(limit // 3) :]}"


def language(option: str, configured: str, *, human: bool) -> str:
    """en or zh: by option, environment, configuration, and for people by their locale."""
    wanted = option or configured
    if wanted and wanted not in ("en", "zh"):
        raise Error(
            f"--lang: {wanted} is no language here; there are en and zh", zh=f"--lang：不支持 {wanted}；可用的有 en 和 zh"
        )
    if not wanted and human and sys.stdout.isatty():
        locale = next((value for key in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(key))), "")
        wanted = "zh" if locale.startswith("zh") else "en"
    return wanted or "en"


def near(key: str, keys: Any) -> Phrase:
    """ "; did you mean ...?" where one of *keys* is close to *key*, else what keys there are."""
    close = difflib.get_close_matches(key, list(keys), 1)
    if close:
        return Phrase(f"; did you mean {close[0]!r}?", f"；是否想写 {close[0]!r}？")
    return Phrase(f"; there are: {', '.join(sorted(keys))}", f"；可用的有：{'、'.join(sorted(keys))}")
