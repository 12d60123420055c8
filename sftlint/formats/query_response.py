"""query/response: `{"query": "...", "response": "...", "history": [["question", "answer"], ...]}`."""

from __future__ import annotations

from typing import Any

from sftlint.formats.draft import Draft, Reading
from sftlint.record import ASSISTANT, SYSTEM, USER, Layouts

NAME = "query/response"
REQUIRED = ("query", "response")
FIELDS = ("query", "response", "history", "system", "rejected_response")

_layouts = Layouts()


def detect(value: Any) -> bool:
    return type(value) is dict and "query" in value and "response" in value


def read(value: Any) -> Reading:
    draft = Draft()
    if value.get("system") is not None:
        draft.turn(SYSTEM, "/system", value["system"])
    draft.pairs("/history", value.get("history"), trained=True)
    draft.turn(USER, "/query", value.get("query"))
    draft.turn(ASSISTANT, "/response", value.get("response"), trained=True)
    return draft.finish(_layouts)


def write(turns: list[tuple[str, str]]) -> dict[str, Any]:
    """A record of *turns*, (role, text) pairs that end with a question and its answer."""
    past = [text for role, text in turns[:-2] if role != SYSTEM]
    record: dict[str, Any] = {"query": turns[-2][1], "response": turns[-1][1]}
    if turns[0][0] == SYSTEM:
        record["system"] = turns[0][1]
    return record | {"history": [past[i : i + 2] for i in range(0, len(past), 2)]}
