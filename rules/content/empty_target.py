from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Phrase, Rule, chat, drop, place


class EmptyTarget(Rule):
    """An answer without text.

    The model learns to say nothing, or the platform refuses the record. Blanks and invisible characters are no text.

    Not reported: a message without content that calls a tool. Thoughts alone are no answer.

    Fix safety: dropping the record loses its question, so the fix is unsafe.
    """

    zh = """回答为空。

    模型会学着什么都不说，或者平台直接拒绝该条数据。空白和不可见字符不算文本。

    不报告：只调用工具、没有文本的消息。只有思考过程的不算回答。

    修复安全性：删除该条会丢失其中的问题，因此属于不安全修复。
    """
    message = Phrase(en="{field} is {what}", zh="{field} {what}")
    suggestion = Phrase(en="write the answer, or drop the record", zh="补写回答，或删除该条")
    severity = "error"
    folds = False

    good = [
        Good(chat("一加一等于几？", "2"), chat("Reply with a single dot.", "."), chat("回复一个表情", "👍🏻")),
        Good(
            {
                "messages": [
                    {"role": "user", "content": "Is it raining in Lima?"},
                    {
                        "role": "assistant",
                        "content": "",
                        "tool_calls": [{"function": {"name": "weather", "arguments": '{"city": "Lima"}'}}],
                    },
                    {"role": "tool", "content": ""},
                    {"role": "assistant", "content": "The weather service says nothing."},
                ]
            }
        ),
    ]
    bad = [
        Bad(chat("介绍一下杭州。", ""), fixed=[]),
        Bad(
            chat("Describe the harbour.", " \n\u200b"),
            chat("Describe the lake.", "It is deep."),
            fixed=[chat("Describe the lake.", "It is deep.")],
        ),
        Bad(chat("三乘七是多少？", "<think>三七二十一。</think>\n")),
        Bad({"messages": [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "\u3000"}]}),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        blank = {(record.id, part): record for record, part in batch.answers.blank()}
        for (_, part), record in blank.items():
            layout = record.layout
            said = [
                i
                for i in layout.texts
                if layout.turns[i] == layout.turns[part] and not _thought(layout.pointers[i], layout.pointers[part])
            ]
            if all((record.id, i) in blank for i in said) and part == min([part, *said]):
                what = Phrase(en="blank", zh="只有空白字符") if record.texts[part] else Phrase(en="empty", zh="为空")
                if layout.starts and layout.starts[part]:
                    what = Phrase(en="empty behind the thoughts", zh="在思考过程之后没有回答")
                yield self.finding(place(record, part), fix=Fix.of(drop(record), safe=False), what=what)


def _thought(pointer: str, answer: str) -> bool:
    """Whether the text at *pointer* is a thought, or the very *answer*: no part of the turn that could speak for it."""
    return pointer == answer or pointer.endswith("/reasoning_content")
