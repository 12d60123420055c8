"""messages: `{"messages": [{"role": "user", "content": "..."}, ...]}`, or the bare list.

Content may be typed parts (`[{"type": "text", "text": "..."}]`) and null beside tool calls.
`weight: 0` marks an answer that is not trained.
"""

from __future__ import annotations

from typing import Any

from sftlint.formats.draft import Draft, Reading, weightless
from sftlint.record import SYSTEM, Layouts

NAME = "messages"
REQUIRED = ("messages",)
FIELDS = ("messages", "system", "tools", "tool_choice", "parallel_tool_calls", "functions", "chosen", "rejected", "label")

_layouts = Layouts()


def detect(value: Any) -> bool:
    messages = value if type(value) is list else value.get("messages")
    if type(messages) is not list:
        return False
    return (not messages and value is not messages) or any(type(m) is dict and "role" in m for m in messages[:2])


def read(value: Any) -> Reading:
    draft = Draft()
    if type(value) is list:
        add_messages(draft, "", value)
    else:
        if value.get("system") is not None:
            draft.turn(SYSTEM, "/system", value["system"])
        add_messages(draft, "/messages", value.get("messages"))
        add_chosen(draft, value)
    return draft.finish(_layouts)


def add_messages(draft: Draft, at: str, messages: Any, role: str = "role", content: str = "content") -> None:
    """Add a list of messages whose speaker and text stand under the keys *role* and *content*."""
    if type(messages) is not list:
        draft.sound = False
        return
    for i, message in enumerate(messages):
        if type(message) is not dict:
            draft.sound = False
            continue
        _add_message(draft, f"{at}/{i}", message, role, content)


def add_chosen(draft: Draft, value: dict[str, Any]) -> None:
    """Of a preference pair, the chosen answer is what the record teaches."""
    chosen = value.get("chosen")
    if type(chosen) is str:
        draft.turn("assistant", "/chosen", chosen, trained=True)
    elif type(chosen) is dict:
        role, content = ("from", "value") if "from" in chosen else ("role", "content")
        _add_message(draft, "/chosen", chosen, role, content)


def _add_message(draft: Draft, at: str, message: dict[str, Any], role: str, content: str) -> None:
    draft.open(message.get(role), trained=not weightless(message))
    body, calling = message.get(content), bool(message.get("tool_calls") or message.get("function_call"))
    if type(body) is str:
        draft.add(f"{at}/{content}", body)
    elif type(body) is list:
        if not body and not calling:
            draft.add(f"{at}/{content}", "")  # no part is no text, of which the rules on empty texts tell
        for i, part in enumerate(body):
            if type(part) is not dict:
                draft.add(f"{at}/{content}/{i}", part)
            elif key := next((k for k in ("text", "value", "content") if k in part), None):
                if part.get("type", "text") == "text":
                    draft.add(f"{at}/{content}/{i}/{key}", part[key])
            elif part.get("type") == "text":
                draft.add(f"{at}/{content}/{i}", "")
            else:
                _add_picture(draft, f"{at}/{content}/{i}", part)
    elif body is not None or not calling:
        draft.sound = False
    draft.aside(f"{at}/reasoning_content", message.get("reasoning_content"))
    if type(calls := message.get("tool_calls")) is list:
        for i, call in enumerate(calls):
            if type(call) is dict:
                _add_call(draft, f"{at}/tool_calls/{i}/function", call.get("function"))
    _add_call(draft, f"{at}/function_call", message.get("function_call"))


def _add_call(draft: Draft, at: str, call: Any) -> None:
    if type(call) is dict:
        draft.aside(f"{at}/name", call.get("name"))
        draft.aside(f"{at}/arguments", call.get("arguments"))


def _add_picture(draft: Draft, at: str, part: dict[str, Any]) -> None:
    for key, held in part.items():
        if key != "type":
            draft.aside(f"{at}/{key}", held)
            if type(held) is dict:
                draft.aside(f"{at}/{key}/url", held.get("url"))


def write(turns: list[tuple[str, str]]) -> dict[str, Any]:
    """A record of *turns*, (role, text) pairs."""
    return {"messages": [{"role": role, "content": text} for role, text in turns]}
