from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Fault, Finding, Good, Phrase, Place, Record, Rejected, Rule, chat, closest, faults


class MissingField(Rule):
    """A record without a required key.

    Without it there is no question, or no answer to learn; platforms refuse the record or the file.

    Not reported: optional keys, such as `system` and alpaca's `input`.
    """

    zh = """缺少必需字段的记录。

    缺少该字段就没有问题，或没有可学习的回答，平台会拒绝该条甚至整个文件。

    不报告：可选字段，例如 `system` 和 alpaca 的 `input`。
    """
    message = Phrase(en="{at} has no {key}", zh="{at} 缺少 {key}")
    message_near = Phrase(en="{at} has no {key}, but {near}", zh="{at} 缺少 {key}，但有 {near}")
    suggestion = Phrase(en="{mend}", zh="{mend}")
    severity = "error"
    folds = False

    good = [Good(chat("这里需要 system 吗？", "可以没有。")), Good({"instruction": "Add 2 and 3", "output": "5"})]
    bad = [
        Bad({"context": ["今天几号？"], "targte": "十五号"}),
        Bad(chat("Hi", "Hello"), {"context": ["Who is there?"]}, at=(1,)),
        Bad(chat("Hi", "Hello"), chat("Are you open?", "Until nine."), {"target": "The library is closed."}, at=(2,)),
        Bad(chat("你好", "您好"), {}, {"id": 5}, at=(1, 2)),
        Bad({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant"}]}),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record in batch.faulty:
            seen = set()
            for fault in faults(record.value, record.format):
                if fault.keyword == "required" and isinstance(fault.found, dict):
                    for key in fault.expected:
                        if key not in fault.found and key not in seen:
                            seen.add(key)
                            yield self._missing(record, fault, key)
        for line in batch.rejected:
            if line.reason == "shape" and isinstance(line.value, dict):
                for fault in [f for f in faults(line.value, line.format) if f.keyword == "required"][:1]:
                    yield self._missing(line, fault, next(key for key in fault.expected if key not in line.value))

    def _missing(self, record: Record | Rejected, fault: Fault, key: str) -> Finding:
        near = closest(key, fault.found)
        mend = (
            Phrase(en=f"rename it to {key}", zh=f"改名为 {key}").escaped()
            if near
            else Phrase(en="add it, or drop the record", zh="补上该字段，或删除该条")
        )
        at = fault.pointer or Phrase(en="the record", zh="该记录")
        place = Place(record.id, fault.pointer or None)
        if near:
            return self.finding(place, kind="message_near", key=key, at=at, near=near, mend=mend)
        return self.finding(place, key=key, at=at, mend=mend)
