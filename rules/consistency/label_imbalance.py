from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Phrase, Rule, Run, Tally, Templates, chat, quote

_SHOPS = ("书店", "花店", "面馆", "药房", "裁缝铺", "修车行", "水果摊", "茶楼")
_SAID = (
    "老板给我讲了半天他年轻时的事。",
    "门口那棵树终于开花了，远远就能看见。",
    "排队的人一直排到街角，我等到天黑。",
    "找零的时候多给了我十块，我又送了回去。",
)
TALK = [f"下面这句话有没有提到天气？请回答有或没有。\n我昨天去了{shop}，{said}" for shop in _SHOPS for said in _SAID]


class LabelImbalance(Rule):
    """A task in which some labels are far rarer than others.

    A model trained on it gives the frequent label when in doubt, and hardly learns the rare one.

    Told once per instruction, where its most frequent label stands for at least `ratio` records to one of the rarest.

    Not reported: what the share is in reality is not known here, so this is only a note.
    """

    zh = """某个任务中各标签的数量相差悬殊。

    用这样的数据训练，模型拿不准时总会给出常见标签，几乎学不会少见的标签。

    每个指令只报告一次：最常见标签的数量达到最少见标签的 `ratio` 倍时报告。

    不报告：真实场景中的比例在此无从得知，因此只作提示。
    """
    message = Phrase(
        en="“{instruction}”: {most} records of “{frequent}”, only {least} of “{rare}”",
        zh="“{instruction}”：“{frequent}”有 {most} 条，“{rare}”只有 {least} 条",
    )
    suggestion = Phrase(en="add records of the rare label", zh="补充少见标签的数据")
    severity = "info"
    scope = "dataset"
    learns = (Templates,)
    reads_evaluation = False

    ratio: Annotated[float, "how many times the rarest label the most frequent one stands for"] = 10.0

    good = [Good(*[chat(text, "有" if i % 4 == 0 else "没有") for i, text in enumerate(TALK)], ratio=4.0)]
    bad = [
        Bad(*[chat(text, "有" if i < 3 else "没有") for i, text in enumerate(TALK)], at=[None], ratio=9.0),
    ]

    def summarise(self, batch: Batch) -> Tally:
        return batch.learned[Templates].labels(batch)

    def finish(self, summary: Tally, run: Run) -> Iterator[Finding]:
        counts: dict[int, list[tuple[int, str, list[int]]]] = {}
        for (number, name), count, ids in summary:
            counts.setdefault(number, []).append((count, name, ids))
        for number, labels in counts.items():
            template = run.learned[Templates].templates[number]
            (least, rare, ids), (most, frequent, _) = min(labels), max(labels)
            if len(labels) > 1 and most >= self.ratio * least:
                shown = template.contract.labels
                yield self.finding(key=str(number), related=ids, related_total=least, hits=ids, most=most, least=least,
                                   frequent=quote(shown[frequent][0]), rare=quote(shown[rare][0]),
                                   instruction=quote(template.outline))  # fmt: skip
