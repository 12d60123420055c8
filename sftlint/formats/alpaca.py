"""alpaca: `{"instruction": "...", "input": "...", "output": "..."}`, with optional `system` and `history`."""

from __future__ import annotations

from typing import Any

from sftlint.formats.draft import Draft, Reading
from sftlint.record import ASSISTANT, SYSTEM, USER, Layouts

NAME = "alpaca"
REQUIRED = ("instruction", "output")
FIELDS = ("instruction", "input", "output", "system", "history", "chosen", "rejected")

_layouts = Layouts()


def detect(value: Any) -> bool:
    return type(value) is dict and "instruction" in value and "output" in value


def read(value: Any) -> Reading:
    draft = Draft()
    if value.get("system") is not None:
        draft.turn(SYSTEM, "/system", value["system"])
    draft.pairs("/history", value.get("history"), trained=True)
    draft.turn(USER, "/instruction", value.get("instruction"))
    if value.get("input") not in (None, ""):
        draft.add("/input", value["input"])
    draft.turn(ASSISTANT, "/output", value.get("output"), trained=True)
    return draft.finish(_layouts)


def write(turns: list[tuple[str, str]]) -> dict[str, Any]:
    """A record of *turns*, (role, text) pairs that end with a question and its answer."""
    record: dict[str, Any] = {"instruction": turns[-2][1], "input": "", "output": turns[-1][1]}
    past = [text for role, text in turns[:-2] if role != SYSTEM]
    if turns[0][0] == SYSTEM:
        record["system"] = turns[0][1]
    if past:
        record["history"] = [past[i : i + 2] for i in range(0, len(past), 2)]
    return record
