from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Phrase, Place, Rule, Run, chat, diagnose


class InvalidJson(Rule):
    """A line that is not JSON.

    The trainer stops at it, or drops it without a word. Platforms report it as "read example failed".

    Not reported: lone surrogates and endless numbers, which are JSON, and blank lines.
    """

    zh = """不是合法 JSON 的行。

    训练会在此处报错，或者不加提示地丢弃该行。平台通常报“read example failed”。

    不报告：孤立代理字符和超长数字（它们是合法 JSON），以及空行。
    """
    message = Phrase(en="not JSON at column {column}: {cause}", zh="第 {column} 列起不是合法 JSON：{cause}")
    message_pretty = Phrase(
        en="records are spread over several lines; in JSON Lines every record is one line",
        zh="一条记录占了多行；JSON Lines 要求每条记录占一行",
    )
    suggestion = Phrase(en="{mend}", zh="{mend}")
    severity = "error"
    folds = False

    good = [
        Good(chat('他说："好的"', '引号要写成 \\" 才对。'), chat("Path?", "C:\\new\\table")),
        Good('{"context": ["\\ud83d\\ude00 ok?"], "target": "\\u597d"}'),
    ]
    bad = [
        Bad('{"context": ["判断这句话的情感\\n内容: 很好吃], "target": "积极"}', chat("一", "二")),
        Bad('{"context": ["Which colour?"], "target": "blue",}', chat("One", "Two")),
        Bad("{'context': ['你好'], 'target': '您好'}", chat("One", "Two")),
        Bad('{"context": ["a"], "target": "b"}{"context": ["c"], "target": "d"}', chat("One", "Two")),
        Bad("<<<<<<< HEAD", chat("One", "Two"), "=======", ">>>>>>> theirs", at=(0, 2, 3)),
        Bad('{"context": ["How far?"], "target": NaN}', '{"context": ["多远？"], "target": "三公', chat("One", "Two"), at=(0, 1)),
        Bad(
            '{"context": ["说"好"的是谁？"], "target": "他"}',
            '{"context": ["Say it"], "target": "it" "twice"}',
            chat("a", "b"),
            at=(0, 1),
        ),
        Bad('{"context": ["Where is Oslo?", "target": "In Norway."}', '// the end', '{"context": ["几点？"]，"target": "九点"}',
            chat("One", "Two"), at=(0, 1, 2)),
        Bad('{"context": "几点了？"], "target": "九点"}', '{"context": ["What now?"], target": "Tea."}', '{"context": ["a"], "target": "b"',
            '"context": ["Which way?"], "target": "Left."}', '{"context": ["多少？"],, "target": "三"}', '{"context": ["谁？"], "target": 张三"}',
            chat("One", "Two"), at=(0, 1, 2, 3, 4, 5)),
        Bad("[" * 2000, chat("Which key?", "The brass one."), at=(0,)),
        Bad('{\n  "context": ["你好"],\n  "target": "您好"\n}', at=(None,)),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for line in batch.rejected:
            if line.reason == "json":
                text = line.raw.decode("utf-8")
                at, cause, mend = diagnose(text.rstrip("\r"), line.value)
                start = min(at, max(len(text) - 1, 0))
                yield self.finding(Place(line.id, None, start, start + 1), cause=cause, mend=mend)

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        for file in run.files:
            if file.facts.unreadable == "pretty":
                mend = Phrase(en="write each record on one line, as `jq -c .` does", zh="把每条记录写成一行，例如用 jq -c .")
                yield self.finding(kind="message_pretty", file=file.number, mend=mend)
