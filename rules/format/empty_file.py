from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Finding, Good, Phrase, Rule, Run, chat


class EmptyFile(Rule):
    """A file without records.

    An export that failed leaves an empty file behind, and training goes on without the data.
    """

    zh = """没有任何记录的文件。

    导出失败会留下空文件，训练则会在缺少这部分数据的情况下继续。
    """
    message = Phrase(en="the file is empty", zh="文件为空")
    suggestion = Phrase(en="export it again, or remove it", zh="重新导出，或删除该文件")
    severity = "error"
    scope = "file"

    good = [Good(chat("空的吗？", "不空。"))]
    bad = [Bad(at=(None,)), Bad("", at=(None,)), Bad("[]", at=(None,), name="train.json")]

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        for file in run.files:
            counts = run.counts[file.number]
            if file.facts.unreadable == "empty" or (
                file.facts.array and not file.facts.unreadable and not counts.records + counts.rejected
            ):
                yield self.finding(file=file.number)
