from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Phrase, Place, Rule, Run, Tally, chat, closest, escape, known_fields


class UnknownField(Rule):
    """A key that the format does not know.

    Some platforms refuse extra keys. A key that few records have, or that is spelt nearly like a known one, is usually
    a mistake, and what it holds is not trained.

    Not reported: keys that describe a record, such as `id`, `source` and `category`; keys of records that lack a
    required one.
    """

    zh = """格式中没有的字段。

    有的平台会拒绝多余的字段。只有少数记录才有的字段，或拼写与已知字段相近的字段，多半是笔误，其内容不会参与训练。

    不报告：描述记录的字段，例如 `id`、`source` 和 `category`；以及缺少必需字段的记录中的字段。
    """
    message = Phrase(
        en="unknown key {key}, records that have it: {count} ({share})", zh="未知字段 {key}，出现在 {count} 条记录中（{share}）"
    )
    message_near = Phrase(
        en="unknown key {key}, perhaps {near}; records that have it: {count}",
        zh="未知字段 {key}，可能是 {near}，出现在 {count} 条记录中",
    )
    suggestion = Phrase(en="rename or remove it, or map it with [fields]", zh="改名或删除，或用 [fields] 映射")
    scope = "file"

    good = [Good({"id": 1, "source": "手册", **chat("你好", "您好")}, {"id": 2, "source": "web", **chat("Hi", "Hello")})]
    bad = [
        Bad({"sytem": "你是客服", **chat("你好", "您好")}, chat("Hi", "Hello")),
        Bad({"note": "checked", **chat("Hi", "Hello")}, {"note": "checked", **chat("你好", "您好")}),
    ]

    rare: Annotated[float, "share of a file's records under which a key is a warning, 0 to 1", (0, 1)] = 0.05
    least: Annotated[int, "records a file needs for that"] = 40

    def summarise(self, batch: Batch) -> Tally:
        tally = Tally()
        for record in batch.uncommon:
            value = record.value
            if record.sound and isinstance(value, dict):
                for key in value.keys() - known_fields(record.format):
                    near = closest(key, known_fields(record.format) - value.keys())
                    tally.add((record.id >> 40, key, near or ""), record.id)
        return tally

    def finish(self, summary: Tally, run: Run) -> Iterator[Finding]:
        for (file, key, near), count, ids in summary:
            total = run.counts[file].sound
            place, related = Place(ids[0], "/" + escape(key)), ids[1:]
            if near:
                yield self.finding(
                    place, kind="message_near", related=related, related_total=count - 1, key=key, near=near, count=count
                )
            else:
                rare = count < self.rare * total and total >= self.least
                share = f"{100 * count / max(total, 1):.3g}"
                yield self.finding(
                    place,
                    severity=None if rare else "info",
                    related=related,
                    related_total=count - 1,
                    key=key,
                    count=count,
                    share=Phrase(en=f"{share} %", zh=f"{share}%"),
                )
