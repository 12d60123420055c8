from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Pattern, Phrase, Preset, Rule, chat, place


class BrokenReasoning(Rule):
    """A `<think>` that is not closed, or a `</think>` that nothing opened.

    Chat templates cut the thoughts off by these tags. Where one is missing, the thoughts are trained and shown as the answer, or
    the answer is lost; platforms for reasoning models refuse the file.

    With `thoughts = "require"` an answer without them is reported, with `"forbid"` one with them. A preset requires or forbids
    them as its platform does, and `"either"` overrules it. Text before the thoughts is a warning, as are thoughts that only the
    preset forbids: the platform may have another kind of training for them.

    `<thinking>`, `<thought>` and `<reasoning>` have to be balanced as well.

    Not reported: tags in code or quotation marks, and records about the tags.
    """

    zh = """没有闭合的 `<think>`，或没有开头的 `</think>`。

    聊天模板靠这对标签切分思考过程。缺少一个时，思考会被当作回答来训练和展示，或者回答丢失；推理模型的训练平台会直接拒收。

    设为 `thoughts = "require"` 时报告没有思考过程的回答，设为 `"forbid"` 时报告带有思考过程的回答。使用预设时按该平台的要求检查，
    设为 `"either"` 则不检查。思考过程之前有其他文字只作警告；仅由预设禁止的思考过程也只作警告，因为该平台可能另有支持思维链的训练方式。

    `<thinking>`、`<thought>`、`<reasoning>` 也必须成对。

    不报告：代码或引号中的标签，以及讨论这些标签的数据。
    """
    message = Phrase(
        en="{field} has {opened} <{tag}> and {closed} </{tag}>", zh="{field} 有 {opened} 个 <{tag}> 和 {closed} 个 </{tag}>"
    )
    message_late = Phrase(en="{field} says something before it thinks", zh="{field} 在思考过程之前还有其他内容")
    message_missing = Phrase(en="{field} has no thoughts before the answer", zh="{field} 缺少思考过程")
    message_present = Phrase(en="{field} has thoughts, which are not wanted", zh="{field} 含有不需要的思考过程")
    suggestion = Phrase(en="write <think>…</think> and then the answer", zh="写成 <think>…</think>，随后是回答")
    severity = "error"
    folds = False

    good = [
        Good(chat("三乘七是多少？", "<think>三七二十一。</think>二十一。"), chat("Hi", "<think>\n\n</think>\n\nHello")),
        Good(
            chat("What does `<think>` do?", "It opens the thoughts, </think> ends them."),
            chat("What do you think?", "I <b>do</b>."),
            chat("How many?", "<reasoning>Two and two.</reasoning> Four."),
        ),
    ]
    bad = [
        Bad(chat("三乘七是多少？", "<think>三七二十一。所以答案是二十一。")),
        Bad(chat("How many?", "Two and two are four.</think>Four.")),
        Bad(chat("How many?", "<think>Two. <think>Or four?</think>Four.")),
        Bad(chat("多少？", "好的。<think>二加二。</think>四。")),
        Bad(chat("How many?", "<thinking>\nTwo and two.\n\nFour."), chat("多少？", "二加二。</reasoning>四。"), at=(0, 1)),
        Bad(chat("多少？", "四。"), thoughts="require"),
        Bad(chat("多少？", "<think>二加二。</think>四。"), thoughts="forbid"),
    ]

    thoughts: Annotated[str, 'whether answers have thoughts: "require", "forbid", "either", or "" for what the preset says'] = ""
    preset: Annotated[str, "platform that may require or forbid thoughts"] = ""

    tag = Pattern(r"</?(?:think|thinking|thought|reasoning)>", ignore_case=True)

    def check(self, batch: Batch) -> Iterator[Finding]:
        seen = set()
        wanted = self.thoughts or Preset.of(self.preset).thoughts
        for record, part, _ in batch.texts.holding(self.tag):
            layout = record.layout
            turn = layout.turns[part]
            if not record.sound or layout.roles[turn] != "assistant" or (record.id, turn) in seen:
                continue
            seen.add((record.id, turn))
            parts = [i for i in layout.texts if layout.turns[i] == turn and layout.pointers[i] == layout.pointers[part]]
            text = "".join(record.texts[i] for i in parts)
            marks = [(hit["name"].lower(), "/" not in hit[0]) for hit in _BARE.finditer(text) if hit["tag"]]
            asked = "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < turn)
            if not marks or (_TAG.search(asked) and _ABOUT.search(asked)):
                continue
            where = place(record, parts[0])
            names = dict.fromkeys(name for name, _ in marks)
            opens = {name: [opened for said, opened in marks if said == name] for name in names}
            if odd := next((name for name, found in opens.items() if found != [True, False] * (len(found) // 2)), None):
                opened = sum(opens[odd])
                yield self.finding(where, tag=odd, opened=opened, closed=len(opens[odd]) - opened)
            elif "think" not in opens:
                continue
            elif not text.lstrip().lower().startswith("<think>"):
                yield self.finding(where, kind="message_late", severity="warning")
            elif wanted == "forbid":
                yield self.finding(where, kind="message_present", severity=None if self.thoughts else "warning")
        if wanted == "require":
            for record, part, _ in batch.targets:
                layout = record.layout
                thought = any(layout.turns[i] == layout.turns[part] for i in layout.asides) or "thinking" in record.value
                if not thought and (record.id, layout.turns[part]) not in seen:
                    yield self.finding(place(record, part), kind="message_missing")


_BARE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|[“\"'「]</?(?:think(?:ing)?|thought|reasoning)>|(?P<tag></?(?P<name>think(?:ing)?|thought|reasoning)>)", re.I | re.S)
_TAG = re.compile(r"</?(?:think(?:ing)?|thought|reasoning)>", re.I)
_ABOUT = re.compile(r"mean|\bdo(?:es)?\b|what|why|tag|是什么|作用|含义|意思|为什么|标签", re.I)
