"""sharegpt: `{"conversations": [{"from": "human", "value": "..."}, {"from": "gpt", "value": "..."}]}`.

The key may be `conversation`, its elements messages, or `{"human", "assistant"}` and
`{"system", "input", "output"}` pairs.
"""

from __future__ import annotations

from typing import Any

from sftlint.formats.draft import Draft, Reading
from sftlint.formats.messages import add_chosen, add_messages
from sftlint.record import ASSISTANT, SYSTEM, USER, Layouts

NAME = "sharegpt"
REQUIRED = ("conversations",)
FIELDS = ("conversations", "conversation", "system", "tools", "chosen", "rejected", "label")

_PAIRS = (("human", "assistant"), ("input", "output"), ("user", "assistant"), ("prompt", "response"))
_layouts = Layouts()


def detect(value: Any) -> bool:
    return type(value) is dict and type(_turns(value)[1]) is list


def _turns(value: dict[str, Any]) -> tuple[str, Any]:
    key = "conversations" if "conversations" in value else "conversation"
    return key, value.get(key)


def read(value: Any) -> Reading:
    draft = Draft()
    key, turns = _turns(value)
    if value.get("system") is not None:
        draft.turn(SYSTEM, "/system", value["system"])
    first = turns[0] if type(turns) is list and turns and type(turns[0]) is dict else {}
    pair = next((pair for pair in _PAIRS if pair[1] in first), None)
    if pair:
        for i, turn in enumerate(turns):
            _add_pair(draft, f"/{key}/{i}", turn, *pair)
    elif "role" in first:
        add_messages(draft, f"/{key}", turns)
    else:
        add_messages(draft, f"/{key}", turns, "from", "value")
    add_chosen(draft, value)
    return draft.finish(_layouts)


def _add_pair(draft: Draft, at: str, turn: Any, question: str, answer: str) -> None:
    if type(turn) is not dict:
        draft.sound = False
        return
    if turn.get("system") is not None:
        draft.turn(SYSTEM, f"{at}/system", turn["system"])
    draft.turn(USER, f"{at}/{question}", turn.get(question))
    draft.turn(ASSISTANT, f"{at}/{answer}", turn.get(answer), trained=True)


def write(turns: list[tuple[str, str]]) -> dict[str, Any]:
    """A record of *turns*, (role, text) pairs."""
    names = {USER: "human", ASSISTANT: "gpt", "tool": "observation"}
    return {"conversations": [{"from": names.get(role, role), "value": text} for role, text in turns]}
