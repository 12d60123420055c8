from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Phrase, Place, Record, Rule, closest, quote


class UnknownRole(Rule):
    """A role that no trainer knows.

    The trainer refuses the record, or leaves the turn out. Nobody can tell a question from an answer then.

    Known are system, user and assistant, the names that formats give them (human, gpt, model, bot, developer, 问, 答, ...),
    and the roles of tools (tool, function, observation, function_call, ...). A name of
    the assistant that does not go with `user`, such as gpt or Assistant, is a warning: a loader is told one pair of names.
    """

    zh = """训练程序不认识的角色名。

    训练程序会拒绝该条，或者漏掉这一轮，问与答也无从区分。

    认识的角色有 system、user、assistant，各种格式对它们的称呼（human、gpt、model、bot、developer、问、答等），以及工具类角色（tool、function、observation、
    function_call 等）。与 `user` 同用、却不叫 `assistant` 的称呼（如 gpt、Assistant）属于警告：加载程序只认一对称呼。
    """
    message = Phrase(en="unknown role `{name}`", zh="未知角色 `{name}`")
    message_mixed = Phrase(en="the role `{name}` stands beside `user`, where it is `assistant`", zh="角色 `{name}` 与 `user` 混用，应为 `assistant`")
    suggestion = Phrase(en="{mend}", zh="{mend}")
    severity = "error"
    folds = False

    good = [
        Good({"conversations": [{"from": "问", "value": "今天星期几？"}, {"from": "答", "value": "星期三。"}]}),
        Good(
            {
                "messages": [
                    {"role": "developer", "content": "Use the tool."},
                    {"role": "User", "content": "What is 12 times 12?"},
                    {
                        "role": "assistant",
                        "content": None,
                        "tool_calls": [{"id": "a", "function": {"name": "times", "arguments": '{"a": 12, "b": 12}'}}],
                    },
                    {"role": "tool", "tool_call_id": "a", "content": "144"},
                    {"role": "assistant", "content": "144."},
                ]
            }
        ),
    ]
    bad = [
        Bad({"messages": [{"role": "user", "content": "早上好"}, {"role": "asistant", "content": "早上好！"}]}),
        Bad(
            {"messages": [{"role": "client", "content": "我最近总失眠。"}, {"role": "counselor", "content": "多久了？"}]},
            at=(0, 0),
        ),
        Bad({"conversations": [{"from": "narrator", "value": "It rains."}, {"from": "gpt", "value": "Take a coat."}]}),
        Bad(
            [
                {"role": "user", "content": "Any news?"},
                {"role": "assistant2", "content": "None."},
                {"role": "assistant2", "content": "Sorry."},
            ]
        ),
        Bad(
            {"messages": [{"role": "user", "content": "早上好"}, {"role": "gpt", "content": "早上好！"}]},
            {"conversations": [{"from": "user", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]},
            {"messages": [{"role": "user", "content": "Any news?"}, {"role": "Assistant", "content": "All is quiet."}]},
            at=(0, 1, 2),
            ignore=("mixed-formats",),
        ),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record in batch.faulty:
            seen = set(_KNOWN)
            for turn in record.turns:
                if turn.role not in seen:
                    seen.add(turn.role)
                    found = _MESSAGE.match(turn.pointer)
                    place = Place(record.id, found[1] + ("/from" if found[2] == "value" else "/role") if found else None)
                    yield self.finding(place, key=turn.role[:80], name=quote(turn.role, 24), mend=_mend(turn.role))
        for record in batch.uncommon:
            if record.sound and b'"user"' in record.raw and any(sign in record.raw for sign in _SIGNS):
                yield from self._mixed(record)

    def _mixed(self, record: Record) -> Iterator[Finding]:
        """The first role that is of another format than the user's."""
        value = record.value
        at = next((key for key in ("messages", "conversations", "conversation") if type(value) is dict and key in value), "")
        messages = value if type(value) is list else value.get(at) if at else None
        key = "from" if at.startswith("conversation") else "role"
        roles = [message.get(key) for message in messages or () if type(message) is dict]
        if "user" in roles and (found := next((i for i, role in enumerate(roles) if role in _OTHERS), None)) is not None:
            where = Place(record.id, f"{'/' + at if at else ''}/{found}/{key}")
            mend = Phrase(en="rename it to assistant", zh="改名为 assistant")
            yield self.finding(where, kind="message_mixed", severity="warning", key=roles[found], name=roles[found], mend=mend)


#: Names of the assistant that do not go with `user`.
_OTHERS = ("gpt", "GPT", "chatgpt", "Assistant", "ASSISTANT")
_SIGNS = [f'"{name}"'.encode() for name in _OTHERS]
_KNOWN = frozenset(("system", "user", "assistant", "tool", "None"))  # None is a role left out, which missing-field reports
_MESSAGE = re.compile(r"((?:/[a-z]+)?/\d+)/(content|value)\b")
_NAMES = ("system", "user", "assistant", "tool", "human", "gpt", "function", "function_call", "observation", "developer")
_ALIASES = dict.fromkeys(
    ("client", "customer", "patient", "seeker", "visitor", "来访者", "求助者", "患者", "客人"), "user"
) | dict.fromkeys(
    ("agent", "counselor", "counsellor", "doctor", "supporter", "claude", "客服", "医生", "咨询师", "专家"), "assistant"
)


def _mend(name: str) -> Phrase:
    known = _ALIASES.get(name.strip().lower()) or closest(name.strip().lower(), _NAMES)
    if known:
        return Phrase(en=f"rename it to {known}", zh=f"改名为 {known}")
    return Phrase(en="use system, user, assistant or tool", zh="改用 system、user、assistant 或 tool")
