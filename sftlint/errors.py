"""The one exception that users see."""

from __future__ import annotations


class Error(Exception):
    """What went wrong, where, and what to do, in one line. Ends the run with exit code 2.

    zh: the same in Chinese. An error that only authors of rules meet may have none, and is told in English then.
    """

    def __init__(self, text: str, *, zh: str = "") -> None:
        super().__init__(text)
        self.zh = zh or text

    def at(self, place: str) -> Error:
        """The same, with the *place* in front: an option, or a file."""
        return Error(f"{place}: {self}", zh=f"{place}：{self.zh}")

    def say(self, lang: str) -> str:
        """The line in *lang*."""
        return self.zh if lang == "zh" else str(self)
