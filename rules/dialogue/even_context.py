from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Phrase, Place, Rule, chat


class EvenContext(Rule):
    """A context with an even number of turns.

    Such a context ends in an answer, so that the model learns to answer an answer, and questions and answers change places.
    A turn is missing, or the answer that belongs into the target stands in the context.

    Not reported: an agent who speaks first, as in a call centre, as long as the number is odd.
    """

    zh = """context 的轮数为偶数。

    这样的 context 以回答结尾，问与答因此错位，模型会学着对回答作答。原因通常是缺了一轮，或者把本该放在 target 的回答写进了 context。

    不报告：由客服先开口的对话，只要轮数为奇数。
    """
    message = Phrase(
        en="context has {count} turns; it must be odd: question, answer, ..., question",
        zh="context 共 {count} 轮，应为奇数：问、答、…、问",
    )
    suggestion = Phrase(
        en="add the missing turn, or move the answer from the context to the target",
        zh="补上缺少的一轮，或把 context 中的回答移到 target",
    )
    severity = "error"
    folds = False

    good = [
        Good(chat("你好", "您好，请问有什么可以帮您？", "我想查一下快递", "请提供单号。")),
        Good(chat("Agent 12 speaking, how can I help?", "My line is dead.", "Did you try another cable?", "I did, no luck.")),
    ]
    bad = [
        Bad({"context": ["附近有加油站吗？", "前方五百米有一家。"], "target": "不客气。"}),
        Bad({"context": ["Book a table", "For how many?", "Four", "Which day?"], "target": "Friday it is."}),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record in batch.faulty:
            for pointer, context in _contexts(record.value):
                if context and len(context) % 2 == 0 and all(isinstance(text, str) for text in context):
                    yield self.finding(Place(record.id, pointer), count=len(context))


def _contexts(value: object) -> Iterator[tuple[str, list[object]]]:
    """The lists under `context` in a record, or in each turn of an array of turns."""
    for at, turn in enumerate(value) if isinstance(value, list) else [(None, value)]:
        if isinstance(turn, dict) and isinstance(turn.get("context"), list):
            yield "/context" if at is None else f"/{at}/context", turn["context"]
