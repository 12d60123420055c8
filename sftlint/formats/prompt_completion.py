"""prompt/completion: `{"prompt": "...", "completion": "..."}`; both may be lists of messages.

`{"prompt", "response"}` is read too, and a line that is an array of such turns.
"""

from __future__ import annotations

from typing import Any

from sftlint.formats.draft import Draft, Reading
from sftlint.formats.messages import add_messages
from sftlint.record import ASSISTANT, SYSTEM, USER, Layouts

NAME = "prompt/completion"
REQUIRED = ("prompt", "completion")
FIELDS = ("prompt", "completion", "response", "system")

_layouts = Layouts()


def detect(value: Any) -> bool:
    if type(value) is list:
        return bool(value) and type(value[0]) is dict and detect(value[0])
    return "prompt" in value and ("completion" in value or "response" in value)


def read(value: Any) -> Reading:
    draft = Draft()
    turns = value if type(value) is list else [value]
    for i, turn in enumerate(turns):
        if type(turn) is dict:
            _add(draft, turn, f"/{i}" if turns is value else "")
        else:
            draft.sound = False
    return draft.finish(_layouts)


def _add(draft: Draft, value: dict[str, Any], at: str) -> None:
    if value.get("system") is not None:
        draft.turn(SYSTEM, f"{at}/system", value["system"])
    prompt = value.get("prompt")
    if type(prompt) is list and prompt:
        add_messages(draft, f"{at}/prompt", prompt)
    else:
        draft.turn(USER, f"{at}/prompt", "" if prompt == [] else prompt)
    key = "response" if "response" in value and "completion" not in value else "completion"
    answer = value.get(key)
    if type(answer) is list and answer and type(answer[0]) is dict:
        add_messages(draft, f"{at}/{key}", answer)
    elif type(answer) is list and answer and type(answer[0]) is list and len(answer[0]) == 1:
        draft.turn(ASSISTANT, f"{at}/{key}/0/0", answer[0][0], trained=True)  # ranked answers, the best first
    else:
        draft.turn(ASSISTANT, f"{at}/{key}", "" if answer == [] else answer, trained=True)


def write(turns: list[tuple[str, str]]) -> dict[str, Any]:
    """A record of *turns*, (role, text) pairs: a question and its answer."""
    return {"prompt": turns[-2][1], "completion": turns[-1][1]}
