from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Phrase, Rule, Run, Tally, chat


class ShallowDialogues(Rule):
    """Dialogues that end after two or three rounds, in a set that is made of dialogues.

    A model that has only seen short dialogues loses the thread in long ones: it forgets what was said at the beginning.

    Not reported: sets in which fewer than half of the records, or fewer than `least`, have more than one round; sets in which one
    dialogue in ten goes beyond three rounds.
    """

    zh = """以对话为主的数据集中，对话只有两三轮。

    只见过短对话的模型，在长对话中容易忘记前面说过的内容。

    不报告：多轮对话不足一半或不足 `least` 条的数据；有十分之一以上的对话超过三轮的数据。
    """
    message = Phrase(
        en="nine of ten of the {count} dialogues have at most {rounds} rounds", zh="{count} 段多轮对话中，九成不超过 {rounds} 轮"
    )
    suggestion = Phrase(
        en="add longer dialogues, if the model is to hold them", zh="如果模型需要支持长对话，请补充轮数更多的对话"
    )
    severity = "info"
    scope = "dataset"
    reads_evaluation = False

    good = [
        Good(*(chat(f"第{n}问：{'甲乙丙丁戊'[n]}？", f"答{n}。") for n in range(5)), least=3),
        Good(
            *(
                chat(*(f"{'甲乙丙丁'[n]}{i}号在哪？" if i % 2 == 0 else f"在{'东南西北'[n]}边第{i}间。" for i in range(8)))
                for n in range(4)
            ),
            least=3,
        ),
    ]
    bad = [
        Bad(
            *(chat(f"{place}怎么走？", f"往{place}直走。", "多远？", f"离{place}五百米。") for place in ("东门", "车站", "学校")),
            at=[None],
            least=3,
        )
    ]

    least: Annotated[int, "dialogues from which on the set is judged"] = 100

    def summarise(self, batch: Batch) -> Tally:
        tally = Tally()
        for layout, count in Counter(record.layout for record in batch.sound).items():
            tally.add(min(layout.rounds, 4), 0, count)
        return tally

    def finish(self, summary: Tally, run: Run) -> Iterator[Finding]:
        rounds = {key: count for key, count, _ in summary}
        dialogues = sum(count for key, count in rounds.items() if key > 1)
        if dialogues >= self.least and 2 * dialogues >= sum(rounds.values()) and 10 * rounds.get(4, 0) < dialogues:
            deep = 2 if 10 * (dialogues - rounds.get(2, 0)) < dialogues else 3
            yield self.finding(count=dialogues, rounds=deep)
