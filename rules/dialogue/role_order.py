from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sftlint import Bad, Batch, Finding, Fix, Good, Phrase, Place, Record, Rule, Turn, replace


class RoleOrder(Rule):
    """Turns in an order that trainers refuse.

    Chat templates demand user, assistant, user, assistant: trainers stop at such a record, or drop it without a word.

    An error: two turns of one role in a row, or an assistant who speaks first. A warning: a last turn that is not the
    assistant's, a system text behind other turns, a second system text.

    Not reported: calls and tool results, which may follow each other; context/target, where the place gives the role;
    a last question whose answers stand under `chosen`.

    Fix safety: two plain user or two plain assistant turns in a row are joined with a line break, which loses nothing.
    """

    zh = """角色顺序不符合训练要求。

    对话模板要求用户与助手交替发言，遇到这样的记录，训练会中断，或者不加提示地丢弃该条。

    报错误：同一角色连续两轮，或助手先发言。报警告：最后一轮不是助手，system 不在开头，或有多个 system。

    不报告：可以相连的工具调用和工具结果；由位置决定角色的 context/target；答案写在 `chosen` 中的最后一问。

    修复安全性：连续两轮普通的用户或助手文本以换行符合并，不丢失任何内容，属于安全修复。
    """
    message = Phrase(en="two {role} turns in a row", zh="连续两轮都是 {role}")
    message_first = Phrase(en="the assistant speaks before the user", zh="助手先于用户发言")
    message_last = Phrase(en="the last turn is {role}, not the assistant", zh="最后一轮是 {role}，不是助手")
    message_system = Phrase(en="a system text behind other turns", zh="system 不在对话开头")
    message_systems = Phrase(en="a second system text", zh="有多个 system")
    suggestion = Phrase(en="{mend}", zh="{mend}")
    severity = "error"
    folds = False

    good = [
        Good(
            {
                "messages": [
                    {"role": "system", "content": "你是客服。"},
                    {"role": "user", "content": "退货要几天？"},
                    {"role": "assistant", "content": "三天。"},
                ]
            }
        ),
        Good(
            {
                "conversations": [
                    {"from": "human", "value": "What is the weather in Oslo and Rome?"},
                    {"from": "function_call", "value": '{"name": "weather", "arguments": {"city": "Oslo"}}'},
                    {"from": "function_call", "value": '{"name": "weather", "arguments": {"city": "Rome"}}'},
                    {"from": "observation", "value": '{"celsius": 4}'},
                    {"from": "observation", "value": '{"celsius": 19}'},
                    {"from": "gpt", "value": "Oslo has 4 degrees, Rome 19."},
                ]
            }
        ),
        Good(
            {
                "conversations": [{"from": "human", "value": "选哪个？"}],
                "chosen": {"from": "gpt", "value": "左边。"},
                "rejected": {"from": "gpt", "value": "不"},
            }
        ),
        Good({"context": ["Agent 9 speaking, how can I help?"], "target": "My line is dead."}),
    ]
    bad = [
        Bad(
            {
                "messages": [
                    {"role": "user", "content": "你好"},
                    {"role": "user", "content": "在吗？"},
                    {"role": "assistant", "content": "在的。"},
                ]
            },
            fixed=[{"messages": [{"role": "user", "content": "你好\n在吗？"}, {"role": "assistant", "content": "在的。"}]}],
        ),
        Bad(
            [
                {"role": "user", "content": "Name a river"},
                {"role": "assistant", "content": "The Rhine."},
                {"role": "assistant", "content": "Or the Po."},
            ],
            fixed=[[{"role": "user", "content": "Name a river"}, {"role": "assistant", "content": "The Rhine.\nOr the Po."}]],
        ),
        Bad(
            {
                "conversations": [
                    {"from": "gpt", "value": "欢迎光临！"},
                    {"from": "human", "value": "有伞吗？"},
                    {"from": "gpt", "value": "有。"},
                ]
            }
        ),
        Bad(
            {
                "messages": [
                    {"role": "user", "content": "Thanks"},
                    {"role": "assistant", "content": "Welcome."},
                    {"role": "user", "content": "Bye"},
                ]
            }
        ),
        Bad(
            {
                "messages": [
                    {"role": "user", "content": "一加一？"},
                    {"role": "system", "content": "只答数字。"},
                    {"role": "assistant", "content": "2"},
                ]
            }
        ),
        Bad(
            {
                "system": "Be brief.",
                "messages": [
                    {"role": "system", "content": "Be kind."},
                    {"role": "user", "content": "Hi"},
                    {"role": "assistant", "content": "Hello"},
                ],
            }
        ),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        odd = {layout for layout in {record.layout for record in batch.uncommon} if _odd(layout.roles)}
        for record in batch.uncommon if odd else ():
            if record.layout in odd:
                yield from self._judge(record)

    def _judge(self, record: Record) -> Iterator[Finding]:
        turns = record.turns
        named = [_MESSAGE.match(turn.pointer) for turn in turns]
        if not any(named) or any(turn.role not in _ROLES for turn in turns):
            return  # the places give the roles, or unknown-role speaks
        plain = [
            turn.role if found and turn.role in ("user", "assistant") and _plain(_value(record.value, found[1])) else ""
            for turn, found in zip(turns, named, strict=True)
        ]
        fix = _joined(record, turns, plain)
        for i in range(1, len(turns)):
            if plain[i] and plain[i] == plain[i - 1]:
                mend = Phrase(en="join them, or add the turn between them", zh="合并为一轮，或补上中间缺少的一轮")
                yield self.finding(_place(record, turns[i]), fix=fix, role=turns[i].role, mend=mend)
        spoken = [turn for turn in turns if turn.role != "system"]
        if spoken and spoken[0].role == "assistant":
            mend = Phrase(
                en="put the user's turn before it, or make it part of the system text", zh="在其前补上用户的一轮，或移入 system"
            )
            yield self.finding(_place(record, spoken[0]), kind="message_first", mend=mend)
        if spoken and turns[-1].role != "assistant" and not (isinstance(record.value, dict) and _ANSWERED & record.value.keys()):
            mend = Phrase(en="add the answer, or remove the turn", zh="补上回答，或删除这一轮")
            yield self.finding(_place(record, turns[-1]), kind="message_last", severity="warning", role=turns[-1].role, mend=mend)
        late = next((i for i, turn in enumerate(turns) if i and turn.role == "system"), None)
        if late is not None:
            kind = "message_systems" if turns[0].role == "system" else "message_system"
            mend = Phrase(en="keep one system text, at the beginning", zh="只保留一个 system，并放在开头")
            yield self.finding(_place(record, turns[late]), kind=kind, severity="warning", mend=mend)


_ROLES = frozenset(("system", "user", "assistant", "tool"))
_MESSAGE = re.compile(r"((?:/[a-z]+)?/\d+)/(?:content|value)\b")
_CALLS = ("function_call", "tool_call", "tool_calls")
#: Keys that hold the answers, or what they are measured by, instead of a last turn.
_ANSWERED = frozenset(("chosen", "rejected", "rejected_response", "solution", "answer", "ground_truth", "reward_model"))


def _odd(roles: tuple[str, ...]) -> bool:
    """Whether turns in these roles could be in a wrong order."""
    spoken = [role for role in roles if role != "system"]
    repeated = any(one == other and one != "tool" for one, other in pairwise(roles))
    return bool(roles) and (repeated or spoken[:1] == ["assistant"] or roles[-1] != "assistant" or "system" in roles[1:])


def _value(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def _plain(message: dict[str, Any]) -> bool:
    """Whether it is no call: a call may follow the words that announce it."""
    return not any(map(message.get, _CALLS)) and message.get("role") not in _CALLS and message.get("from") not in _CALLS


def _place(record: Record, turn: Turn) -> Place:
    return Place(record.id, turn.pointer or None)


def _joined(record: Record, turns: list[Turn], plain: list[str]) -> Fix | None:
    """The messages with neighbours of one role joined, where they hold nothing but a role and a text."""
    home = re.match(r"((?:/[a-z]+)?)/\d+/(content|value)$", turns[-1].pointer)
    messages = _value(record.value, home[1]) if home else ()
    first = len(turns) - len(messages)
    if not home or not record.sound or record.lenient or first < 0 or turns[first].pointer != f"{home[1]}/0/{home[2]}":
        return None
    joined: list[Any] = []
    for i, message in enumerate(messages, first):
        alike = i > first and plain[i] and plain[i] == plain[i - 1]
        before = joined[-1] if alike else {}
        if alike and len(before) == len(message) == 2 and isinstance(before[home[2]], str) and isinstance(message[home[2]], str):
            joined[-1] = {**before, home[2]: f"{before[home[2]]}\n{message[home[2]]}"}
        else:
            joined.append(message)
    return Fix.of(replace(Place(record.id, home[1] or None), joined), safe=True) if len(joined) < len(messages) else None
