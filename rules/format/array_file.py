from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Finding, Fix, Good, Mend, Phrase, Rule, Run, chat, mend_file


class ArrayFile(Rule):
    """A JSON array where JSON Lines is customary.

    Most platforms read one record per line and refuse an array. Its elements are linted all the same.

    Fix safety: rewriting the file as lines changes its layout for whatever else reads it, so it is unsafe.
    """

    zh = """整个文件是一个 JSON 数组。

    多数平台按行读取，每行一条记录，会拒绝数组文件。数组中的每个元素仍会被检查。

    修复安全性：改写成逐行格式会影响其他读取该文件的程序，因此属于不安全修复。
    """
    message = Phrase(en="the file is one JSON array of {records}", zh="文件是一个含 {records}的 JSON 数组")
    suggestion = Phrase(en="write one record per line", zh="改为每行一条记录")
    scope = "file"

    good = [Good('[{"context": "谁写了《静夜思》？", "target": "李白"}, {"context": "他是哪朝人？", "target": "唐朝"}]')]
    bad = [
        Bad("[", '{"context": ["你好"], "target": "您好"},', '{"context": ["Bye"], "target": "See you"}', "]", at=(None,),
            fixed=[chat("你好", "您好"), chat("Bye", "See you")], name="train.json"),
    ]  # fmt: skip

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        for file in run.files:
            counts = run.counts[file.number]
            if file.facts.array and counts.records + counts.rejected:
                fix = Fix.of(mend_file(Mend.UNARRAY), safe=False)
                count = counts.records + counts.rejected
                records = Phrase(en="1 record" if count == 1 else f"{count} records", zh=f"{count} 条记录")
                yield self.finding(file=file.number, fix=fix, records=records)
