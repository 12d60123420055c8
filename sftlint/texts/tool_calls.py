"""Calls of tools as trainers write them: beside the text of a message, as OpenAI does, or as its text, as ShareGPT does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple


class Call(NamedTuple):
    """A call: where it stands, its id and function ("" for none), and whether its arguments are an object."""

    pointer: str
    id: str
    name: str
    fits: bool


def calls_of(pointer: str, role: Any, message: dict[str, Any]) -> Iterator[Call]:
    """The calls of a message, in the ways of OpenAI and of ShareGPT."""
    calls = message.get("tool_calls")
    for i, call in enumerate(calls if type(calls) is list else ()):
        function = call.get("function") if type(call) is dict else None
        if type(function) is dict:
            id = call.get("id")
            yield Call(
                f"{pointer}/tool_calls/{i}", id if type(id) is str else "", _name(function), _is_object(function.get("arguments"))
            )
    if type(function := message.get("function_call")) is dict:
        yield Call(f"{pointer}/function_call", "", _name(function), _is_object(function.get("arguments")))
    if role in ("function_call", "tool_call") and not calls:
        key = "content" if "content" in message else "value"
        if type(text := message.get(key)) is str:
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                yield Call(f"{pointer}/{key}", "", "?", False)
                return
            for function in value if type(value) is list else [value]:
                known = type(function) is dict
                arguments = function.get("arguments", function.get("parameters", {})) if known else None
                yield Call(f"{pointer}/{key}", "", _name(function) if known else "?", known and _is_object(arguments))


def _name(function: dict[str, Any]) -> str:
    name = function.get("name")
    return name if type(name) is str else ""


def _is_object(arguments: Any) -> bool:
    if type(arguments) is str:
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError):
            return False
    return type(arguments) is dict


def declared_in(tools: Any) -> set[str] | None:
    """The names of the declared functions; None where they cannot be told."""
    if type(tools) is str:
        try:
            tools = json.loads(tools)
        except (ValueError, RecursionError):
            return None
    if type(tools) is not list or not tools or not all(type(tool) is dict for tool in tools):
        return None
    names = [_name(tool.get("function") if type(tool.get("function")) is dict else tool) for tool in tools]
    return set(names) if all(names) else None
