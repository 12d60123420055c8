"""context/target: `{"context": ["question", "answer", ..., "question"], "target": "answer"}`.

`context` may be a plain string. A line may also be an array of `{"context", "target"}` turns, and a
record may have a `system` text.
"""

from __future__ import annotations

from typing import Any

from sftlint.formats.draft import OPEN, Draft, Reading
from sftlint.record import ASSISTANT, SYSTEM, USER, Layout, Layouts

NAME = "context/target"
REQUIRED = ("context", "target")
FIELDS = ("context", "target", "system")

_layouts = Layouts()


def detect(value: Any) -> bool:
    if type(value) is list:
        return bool(value) and type(value[0]) is dict and detect(value[0])
    return "context" in value and "target" in value


def read(value: Any) -> Reading:
    if type(value) is dict and len(value) == 2:  # the short way, for nearly every record
        context, target = value.get("context"), value.get("target")
        if type(context) is list and type(target) is str and len(context) & 1 and OPEN not in target:
            for text in context:
                if type(text) is not str:
                    break
            else:
                layout = _layouts[len(context)] or _dialogue(len(context))
                return [*context, target], layout, True
    return _read_any(value)


def _dialogue(turns: int) -> Layout:
    """The layout of a record with *turns* texts in its context, an odd number, and no system text."""
    layout = _layouts[turns] = Layout(
        pointers=(*(f"/context/{i}" for i in range(turns)), "/target"),
        turns=tuple(range(turns + 1)),
        roles=tuple((USER, ASSISTANT)[i & 1] for i in range(turns + 1)),
        trained=(False,) * turns + (True,),
        common=True,
    )
    return layout


def _read_any(value: Any) -> Reading:
    draft = Draft()
    if type(value) is list:  # an array of turns: every target is an answer to learn
        for i, turn in enumerate(value):
            if type(turn) is dict:
                _add(draft, turn, f"/{i}", trained=True)
            else:
                draft.sound = False
    else:
        _add(draft, value, "", trained=True)
    return draft.finish(_layouts)


def _add(draft: Draft, value: dict[str, Any], at: str, *, trained: bool) -> None:
    if value.get("system") is not None:
        draft.turn(SYSTEM, f"{at}/system", value["system"])
    context = value.get("context")
    if type(context) is list:
        for i, text in enumerate(context):
            draft.turn((USER, ASSISTANT)[i & 1], f"{at}/context/{i}", text)
        draft.sound &= len(context) & 1 == 1 or not context
    else:
        draft.turn(USER, f"{at}/context", context)
    draft.turn(ASSISTANT, f"{at}/target", value.get("target"), trained=trained)


def write(turns: list[tuple[str, str]]) -> dict[str, Any]:
    """A record of *turns*, (role, text) pairs that end with the answer."""
    record: dict[str, Any] = {}
    if turns and turns[0][0] == SYSTEM:
        record["system"] = turns[0][1]
        turns = turns[1:]
    return record | {"context": [text for _, text in turns[:-1]], "target": turns[-1][1]}
