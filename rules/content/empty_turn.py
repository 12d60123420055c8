from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Phrase, Record, Rule, chat, drop, place


class EmptyTurn(Rule):
    """An earlier turn or a system text that is blank.

    The platform refuses the record, or the model learns to go on from nothing. Mostly a turn got lost in an export.

    Not reported: the last question and the answers, which have rules of their own; a tool that returns nothing; the key
    `system` left empty in a format where it is optional.

    Fix safety: dropping the record loses its other turns, so the fix is unsafe.
    """

    zh = """历史轮次或 system 为空。

    平台会拒绝该条，或者模型会学着凭空接话。多半是导出时丢了一轮。

    不报告：最后一问和回答（另有规则检查）；没有返回内容的工具；在可选格式中留空的 `system` 字段。

    修复安全性：删除该条会丢失其余各轮，因此属于不安全修复。
    """
    message = Phrase(en="{field} is {what}", zh="{field} {what}")
    message_several = Phrase(en="{count} turns are blank, {field} is the first", zh="有 {count} 轮为空，第一处是 {field}")
    suggestion = Phrase(en="restore the text, remove the turn, or drop the record", zh="补回内容、删除该轮，或删除该条")
    severity = "error"
    folds = False

    good = [
        Good(chat("……", "您怎么不说话？", "没什么。", "有事随时告诉我。"), chat("Go on", ".", "And then?", "The end.")),
        Good({"instruction": "Name a metal", "input": "", "output": "Iron", "system": "", "history": []}),
        Good(
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {"type": "text", "text": ""},
                            {"type": "image_url", "image_url": {"url": "https://a.example/1.png"}},
                        ],
                    },
                    {"role": "assistant", "content": "一只橘猫。"},
                    {"role": "user", "content": "多大了？"},
                    {"role": "assistant", "content": "两岁左右。"},
                ]
            }
        ),
    ]
    bad = [
        Bad(chat("我想改签机票", "", "还在吗？", "在的，请说航班号。"), fixed=[]),
        Bad(chat("Where does it hurt?", "\u200b\n", "Hello?", "My knee."), fixed=[]),
        Bad(chat("你打开左边的门。", "", "里面有一只箱子。", "", "打开箱子", "箱子里有一把钥匙。"), fixed=[]),
        Bad(chat("今天有雨吗？", "没有。", system="")),
        Bad(
            {
                "messages": [
                    {"role": "system", "content": " "},
                    {"role": "user", "content": "Hi"},
                    {"role": "assistant", "content": "Hello"},
                ]
            }
        ),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        blank = {(record.id, part): record for record, part in batch.texts.blank() if record.sound}
        empty: dict[int, list[tuple[Record, int]]] = {}
        for (id, part), record in blank.items():
            layout = record.layout
            turn = layout.turns[part]
            if layout.trained[turn] or layout.roles[turn] == "tool" or part in layout.question or _optional(record, part):
                continue
            said = [i for i in layout.texts if layout.turns[i] == turn]
            if part == said[0] and all((id, i) in blank for i in said):
                empty.setdefault(id, []).append((record, part))
        for (record, part), *more in empty.values():
            what = Phrase(en="blank", zh="只有空白字符") if record.texts[part] else Phrase(en="empty", zh="为空")
            kind, fix = "message_several" if more else "message", Fix.of(drop(record), safe=False)
            yield self.finding(place(record, part), kind=kind, fix=fix, what=what, count=len(more) + 1)


def _optional(record: Record, part: int) -> bool:
    """Whether it is a key `system` that may be left empty: only context/target demands a text."""
    return record.format != "context/target" and not record.texts[part] and record.layout.pointers[part].endswith("/system")
