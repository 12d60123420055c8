"""What the record formats share: roles, and a record that is put together turn by turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sftlint.record import ASSISTANT, SYSTEM, TOOL, USER, Layout, Layouts

ROLES = {
    **dict.fromkeys(("system", "developer", "meta", "系统", "系统提示"), SYSTEM),
    **dict.fromkeys(("user", "human", "prompter", "问", "提问", "用户", "客户", "人类"), USER),
    **dict.fromkeys(("assistant", "gpt", "model", "bot", "chatbot", "chatgpt", "ai"), ASSISTANT),
    **dict.fromkeys(("答", "回答", "助手", "机器人", "模型"), ASSISTANT),
    **dict.fromkeys(("function_call", "tool_call", "tool_calls"), ASSISTANT),
    **dict.fromkeys(("tool", "function", "observation", "tool_response", "ipython", "工具"), TOOL),
}
OPEN, CLOSE = "<think>", "</think>"


Reading = tuple[list[str], Layout, bool]
"""A record's texts, what each of them is, and whether all of it has the right type and role."""


def known_role(name: Any) -> str | None:
    """system, user, assistant or tool for the name a format gives a speaker, None for an unknown one."""
    return ROLES.get(name) or ROLES.get(name.lower()) if isinstance(name, str) else None


class Draft:
    """Collects turns in reading order; `finish` makes a Reading of them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.pointers: list[str] = []
        self.turns: list[int] = []
        self.roles: list[str] = []
        self.trained: list[bool] = []
        self.starts: list[int] = []
        self.asides: list[int] = []
        self.sound = True

    def open(self, role: Any, *, trained: bool = False) -> None:
        """Begin a turn. A role nobody knows stays as it is written, and makes the record faulty."""
        known = known_role(role)
        self.sound &= known is not None
        self.roles.append(known or str(role))
        self.trained.append(trained and known == ASSISTANT)

    def add(self, pointer: str, text: Any) -> None:
        """Add a text to the open turn. What is no text makes the record faulty."""
        if type(text) is not str:
            self.sound = False
            return
        if self.trained[-1] and OPEN in text and (end := text.find(CLOSE)) > 0 and text.lstrip().startswith(OPEN):
            end += len(CLOSE)
            self.asides.append(len(self.texts))
            self._put(pointer, text[:end], 0)
            self._put(pointer, text[end:], end)
        else:
            self._put(pointer, text, 0)

    def aside(self, pointer: str, text: Any) -> None:
        """Add a text that belongs to the turn and is not said, if it is one."""
        if type(text) is str:
            self.asides.append(len(self.texts))
            self._put(pointer, text, 0)

    def turn(self, role: Any, pointer: str, text: Any, *, trained: bool = False) -> None:
        self.open(role, trained=trained)
        self.add(pointer, text)

    def pairs(self, pointer: str, pairs: Any, *, trained: bool = False) -> None:
        """Add `[[question, answer], ...]`, as alpaca and query/response keep their history. A pair may be an object
        with the texts under two keys."""
        if pairs is None:
            return
        if type(pairs) is not list:
            self.sound = False
            return
        for i, pair in enumerate(pairs):
            keys: list[Any] = [0, 1] if type(pair) is list else list(pair) if type(pair) is dict else []
            if len(keys) != 2 or len(pair) != 2:
                self.sound = False
                continue
            self.turn(USER, f"{pointer}/{i}/{keys[0]}", pair[keys[0]])
            self.turn(ASSISTANT, f"{pointer}/{i}/{keys[1]}", pair[keys[1]], trained=trained)

    def _put(self, pointer: str, text: str, start: int) -> None:
        self.texts.append(text)
        self.pointers.append(pointer)
        self.turns.append(len(self.roles) - 1)
        self.starts.append(start)

    def finish(self, layouts: Layouts) -> Reading:
        starts = tuple(self.starts) if any(self.starts) else None
        shape = (
            tuple(self.pointers), tuple(self.turns), tuple(self.roles), tuple(self.trained),
            starts, frozenset(self.asides),
        )  # fmt: skip
        layout = layouts[shape]
        if layout is None:
            layout = layouts[shape] = Layout(*shape)
        return self.texts, layout, self.sound


def weightless(message: Mapping[str, Any]) -> bool:
    """Whether a trainer is told to learn nothing from this message."""
    return any(
        message.get(key) in (0, False) and message.get(key) is not None for key in ("weight", "loss_weight", "loss", "train")
    )
