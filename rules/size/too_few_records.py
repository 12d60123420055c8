from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Finding, Good, Phrase, Preset, Rule, Run, chat


class TooFewRecords(Rule):
    """Fewer training records than the platform wants.

    Training on few records overfits, and platforms refuse to begin. Copies do not help: the same record ten times is one record.

    Counted are records with an answer, in all training files together; platforms mean as many for each task.

    Not reported: anything, as long as no preset is given; a set without training files.
    """

    zh = """训练数据条数少于平台要求。

    数据过少容易过拟合，平台也可能不允许开始训练。复制没有用：同一条重复十次仍然是一条。

    统计全部训练文件中有回答的记录；平台的要求是针对每个任务（场景）的。

    不报告：未指定预设时不做检查；没有训练文件的数据。
    """
    message = Phrase(
        en="training records: {count}; {preset} wants at least {least} for each task ({manual})",
        zh="训练数据 {count} 条；{preset} 要求每个场景至少 {least} 条（{manual}）",
    )
    message_advised = Phrase(
        en="training records: {count}; {preset} advises {least} for each task ({manual})",
        zh="训练数据 {count} 条；{preset} 建议每个场景 {least} 条（{manual}）",
    )
    suggestion = Phrase(en="collect or generate more, and do not copy", zh="收集或生成更多数据，不要靠复制")
    scope = "dataset"
    needs = "preset"

    good = [
        Good(chat("没有预设时", "不做检查。")),
        Good(chat("One?", "1"), chat("Two?", "2"), chat("Three?", "3"), preset="fireworks"),
    ]
    bad = [
        Bad(chat("一？", "1"), chat("二？", "2"), at=(None,), preset="pangu"),
        Bad(*(chat(f"{n} + {n}?", str(2 * n)) for n in range(12)), at=(None,), preset="azure-openai"),
    ]

    preset: Annotated[str, "platform whose limits count"] = ""

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        held = Preset.of(self.preset)
        count = sum(counts.trained for file, counts in zip(run.files, run.counts, strict=True) if file.split == "train")
        if 0 < count < held.min_records:
            yield self.finding(count=count, preset=held.name, least=held.min_records, manual=held.manual)
        elif 0 < count < held.advised_records:
            yield self.finding(
                kind="message_advised",
                severity="info",
                count=count,
                preset=held.name,
                least=held.advised_records,
                manual=held.manual,
            )
