from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Finding, Good, Phrase, Rule, Run, quote


class UnknownFormat(Rule):
    """Records in no format that sftlint reads.

    No record of the file was judged, so nothing is known about it. Trainers are as lost as sftlint is.
    """

    zh = """无法识别的记录格式。

    该文件没有任何记录被检查，因此无从判断其质量。训练程序同样读不懂。
    """
    message = Phrase(en="unknown format with the keys {keys}", zh="无法识别的格式，键为 {keys}")
    message_inside = Phrase(en="the records are a list under {key}", zh="记录是 {key} 之下的一个列表")
    message_text = Phrase(en="text and no JSON, as CSV is", zh="是文本（如 CSV）而不是 JSON")
    message_packed = Phrase(en="a compressed or binary file", zh="压缩文件或二进制文件")
    suggestion = Phrase(en="{mend}", zh="{mend}")
    severity = "error"
    scope = "file"

    good = [
        Good({"问": "你好", "答": "您好"}, fields={"context": "问", "target": "答"}),
        Good({"prompt": "Hi", "completion": "Hello"}),
    ]
    bad = [
        Bad({"question": "一加一？", "answer": "二"}, {"question": "二加二？", "answer": "四"}, at=(None,)),
        Bad({"dialog_id": 7, "utterances": ["hi", "hello"]}, at=(None,)),
        Bad(b"\x1f\x8b\x08\x00 not really", at=(None,)),
        Bad(b'{"data": [{"context": ["Hi"], "target": "Hello"}]}', at=(None,)),
        Bad("问题,答案\n一加一？,二\n二加二？,四".encode(), at=(None,)),
    ]

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        for file in run.files:
            if file.facts.inside:
                key = quote(file.facts.inside, 24)
                mend = Phrase(en=f"write the list under {key} to a file of its own", zh=f"把 {key} 之下的列表另存为一个文件").escaped()
                yield self.finding(kind="message_inside", file=file.number, key=key, mend=mend)
            elif file.facts.unreadable == "format":
                keys = ", ".join(quote(key, 24) for key in file.facts.keys[:8])
                yield self.finding(file=file.number, keys=keys, mend=_mend(file.facts.keys))
            elif file.facts.unreadable == "text":
                mend = Phrase(en="convert it to JSON Lines: an object on each line", zh="转换为 JSON Lines：每行一个对象")
                yield self.finding(kind="message_text", file=file.number, mend=mend)
            elif file.facts.unreadable == "compressed":
                mend = Phrase(en="unpack it, or convert it to JSON Lines", zh="先解压，或转换为 JSON Lines")
                yield self.finding(kind="message_packed", file=file.number, mend=mend)


_QUESTIONS = "question query prompt instruction input 问题 问 提问 q ask user source src text".split()
_ANSWERS = "answer response output completion reply 回答 答案 答 回复 a assistant label tgt summary".split()

#: Texts that an instruction is about.
_PASSAGES = ("context", "passage", "document", "article")


def _mend(keys: tuple[str, ...]) -> Phrase:
    """The lines of configuration that would make the file readable, where its keys tell."""
    small = {key.lower(): key for key in keys}
    asked = next((small[key] for key in _QUESTIONS if key in small), None)
    answered = next((small[key] for key in _ANSWERS if key in small), None)
    if asked and answered:
        given = next((small[key] for key in _PASSAGES if key in small), None)
        if asked.lower() == "instruction":  # as alpaca has it, where a text to work on may stand beside it
            fields = ({"input": given} if given else {}) | {"output": answered}
        else:
            fields = {"context": asked, "target": answered}
        line = "fields = { " + ", ".join(f'{standard} = "{own}"' for standard, own in fields.items()) + " }"
        options = " ".join(f"--field {standard}={own}" for standard, own in fields.items())
        return Phrase(
            en=f"put {line} into sftlint.toml, or use {options}", zh=f"在 sftlint.toml 中写 {line}，或使用 {options}"
        ).escaped()
    return Phrase(
        en='convert it to context/target, or name its keys with fields = {{ context = "...", target = "..." }} in sftlint.toml',
        zh='转换为 context/target 格式，或在 sftlint.toml 中用 fields = {{ context = "…", target = "…" }} 指明字段',
    )
