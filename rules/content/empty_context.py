from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Phrase, Place, Record, Rule, chat, drop, place

_ASKED = {"messages": [{"role": "user", "content": "Is it far?"}, {"role": "assistant", "content": "No."}]}


class EmptyContext(Rule):
    """A record that asks nothing.

    Its context is empty, or the last question blank. The platform refuses it, or the model learns to answer out of the blue.

    Not reported: a question that is a picture, and alpaca's `instruction` left empty where `input` holds the question.

    Fix safety: dropping the record loses its answer, so the fix is unsafe.
    """

    zh = """没有提问的记录。

    context 为空，或最后一问是空白。平台会拒绝该条，或者模型会学着凭空作答。

    不报告：以图片提问的记录，以及把问题写在 `input`、`instruction` 留空的 alpaca 记录。

    修复安全性：删除该条会丢失其回答，因此属于不安全修复。
    """
    message = Phrase(en="{field} is {what}", zh="{field} {what}")
    message_none = Phrase(en="{field} holds no question", zh="{field} 中没有提问")
    suggestion = Phrase(en="add the question, or drop the record", zh="补上问题，或删除该条")
    severity = "error"
    folds = False

    good = [
        Good(chat("？", "您想问什么？"), chat(".", "Did you mean to ask something?"), chat("🙂", "😀")),
        Good(
            {"instruction": "", "input": "水的沸点是多少？", "output": "一百摄氏度。"},
            {"instruction": "Tell a joke", "input": "", "output": "No."},
        ),
        Good(
            {
                "messages": [
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a.example/2.png"}}]},
                    {"role": "assistant", "content": "A red bicycle."},
                ]
            }
        ),
    ]
    bad = [
        Bad({"context": [], "target": "欢迎使用。"}, fixed=[]),
        Bad({"context": "", "target": "Welcome aboard."}, fixed=[]),
        Bad(chat("外面冷吗？", "很冷。", "\u3000\n", "记得戴手套。"), fixed=[]),
        Bad({"instruction": "", "input": "", "output": "Here is the summary you wanted."}),
        Bad({"messages": []}, {"messages": [{"role": "system", "content": "Be kind."}]}, _ASKED, at=(0, 1)),
        Bad({"system": "你是导游。", "conversations": []}),
        Bad(
            {"messages": [], "chosen": {"role": "assistant", "content": "好"}, "rejected": {"role": "assistant", "content": "不"}}
        ),
        Bad([{"context": "在吗？", "target": "在。"}, {"context": [], "target": "再见。"}]),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        blank = {(record.id, part): record for record, part in batch.texts.blank() if record.sound}
        for (_, part), record in blank.items():
            question = record.layout.question
            if question[:1] == (part,) and all((record.id, i) in blank for i in _turn(record, part)):
                what = Phrase(en="blank", zh="只有空白字符") if record.texts[part] else Phrase(en="empty", zh="为空")
                yield self.finding(place(record, part), fix=Fix.of(drop(record), safe=False), what=what)
        bare = {
            layout: at
            for layout in {record.layout for record in batch.uncommon if record.sound}
            if (at := _bare(layout.pointers, layout.turns, layout.roles))
        }
        for record in batch.uncommon if bare else ():
            for pointer in bare.get(record.layout, ()) if record.sound else ():
                there, fix = Place(record.id, pointer or _list(record.value)), Fix.of(drop(record), safe=False)
                yield self.finding(
                    there, kind="message" if pointer else "message_none", fix=fix, what=Phrase(en="empty", zh="为空")
                )


def _turn(record: Record, part: int) -> list[int]:
    """The texts of the turn that the text *part* belongs to, pictures included."""
    return [i for i in record.layout.texts if record.layout.turns[i] == record.layout.turns[part]]


def _list(value: object) -> str | None:
    """The list of the messages of a record, None for the record itself."""
    keys = value if isinstance(value, dict) else ()
    return next((f"/{key}" for key in ("messages", "conversations", "conversation") if key in keys), None)


def _bare(pointers: tuple[str, ...], turns: tuple[int, ...], roles: tuple[str, ...]) -> tuple[str, ...]:
    """The contexts without any turn; the whole record where nobody says anything before the chosen answer."""
    chosen = {turn for pointer, turn in zip(pointers, turns, strict=True) if pointer.startswith("/chosen")}
    if all(role == "system" or turn in chosen for turn, role in enumerate(roles)):
        return ("",)
    targets = dict(zip(reversed(pointers), reversed(turns), strict=True))
    return tuple(
        pointer.removesuffix("target") + "context"
        for pointer, turn in sorted(targets.items())
        if pointer.endswith("/target") and (turn == 0 or roles[turn - 1] != "user")
    )
