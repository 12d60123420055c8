from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Finding, Good, Phrase, Rule, Run, chat


class NoValidRecord(Rule):
    """No record that can be trained on.

    The platform answers "Train valid number is 0", the trainer "Cannot find valid samples". The other findings say what
    is wrong with each record.

    Not reported: a file that could not be read at all, which has its own finding.
    """

    zh = """没有一条可用于训练的记录。

    平台会提示“Train valid number is 0”，训练程序会提示“Cannot find valid samples”。每条记录的问题见其他提示。

    不报告：完全无法读取的文件，另有专门提示。
    """
    message = Phrase(en="none of {count} records can be trained on", zh="{count} 条记录全部无法用于训练")
    suggestion = Phrase(en="mend the records first", zh="先修正各条记录")
    severity = "error"
    scope = "dataset"

    good = [Good(chat("剩一条行吗？", "行。"))]
    bad = [
        Bad(*({"messages": [{"role": "user", "content": text}]} for text in ("Hi", "你好")), at=(None,), ignore=("role-order",)),
        Bad("no JSON", "还不是 JSON", at=(None,), ignore=("invalid-json",)),
    ]

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        lines = sum(counts.records + counts.rejected for counts in run.counts)
        usable = sum(counts.trained for counts in run.counts)
        if not usable and lines > 1 and not any(file.facts.unreadable for file in run.files):
            yield self.finding(count=lines)
