from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Mend, Phrase, Place, Rule, Run, chat, legacy_encoding, mend_file


class InvalidEncoding(Rule):
    """Bytes that are not UTF-8.

    Every platform wants UTF-8. Other bytes stop the upload, or reach the model as garbled text.

    Fix safety: re-encoding trusts the guessed encoding, so it is unsafe: look at the text afterwards.
    """

    zh = """不是 UTF-8 的字节。

    所有平台都要求 UTF-8 编码。其他编码会导致上传失败，或者让模型学到乱码。

    修复安全性：重新编码依赖对原编码的猜测，因此属于不安全修复，转换后请检查文本。
    """
    message = Phrase(
        en="not UTF-8 from byte {byte} on; probably {encoding}", zh="从第 {byte} 个字节起不是 UTF-8，可能是 {encoding}"
    )
    message_damaged = Phrase(
        en="byte {byte} is not UTF-8, though the rest of the line is: a character was cut or damaged",
        zh="第 {byte} 个字节不是 UTF-8，而该行其余部分是：有字符被截断或损坏",
    )
    message_file = Phrase(en="the file is not UTF-8 but {encoding}", zh="文件编码不是 UTF-8，而是 {encoding}")
    suggestion = Phrase(en="export the file again as UTF-8", zh="重新导出为 UTF-8 编码")
    severity = "error"
    folds = False

    good = [Good(chat("Ça va très bien ?", "Ja, schön! 很好 👍"))]
    bad = [
        Bad('{"context": ["你好"], "target": "您好"}'.encode("gb18030"), chat("你好", "您好")),
        Bad(b'{"context": ["How was it?"], "target": "Great \xed\xa0\xbd\xed\xb8\x80"}', chat("Where?", "Left.")),
        Bad(
            *(b'{"context": ["Day %d?"], "target": "Sunny \xed\xa0\xbd\xed\xb8\x80"}' % n for n in (1, 2, 3)),
            at=(None,), fixed=[chat(f"Day {n}?", "Sunny 😀") for n in (1, 2, 3)],
        ),
        Bad('{"context": ["Où?"], "target": "à gauche"}'.encode("latin-1"), chat("Where?", "Left.")),
        Bad('{"context": ["去哪里？"], "target": "往左走'.encode()[:-1] + b'"}', chat("Where?", "Left.")),
        Bad(
            *(f'{{"context": ["第{n}个问题是什么？"], "target": "第{n}个回答。"}}'.encode("gb18030") for n in "一二三四"),
            at=(None,), fixed=[chat(f"第{n}个问题是什么？", f"第{n}个回答。") for n in "一二三四"],
        ),
        Bad('{"context": ["Where to?"], "target": "North."}\n'.encode("utf-16-le") * 3, at=(None,)),
    ]  # fmt: skip

    def check(self, batch: Batch) -> Iterator[Finding]:
        for line in batch.rejected:
            if line.reason == "encoding":
                at = len(line.raw[: line.value.at].decode("utf-8"))
                where, byte = Place(line.id, None, at, at + 1), line.value.at + 1
                encoding = legacy_encoding(line.raw)
                if encoding == LATIN and _damaged(line.raw):
                    yield self.finding(where, kind="message_damaged", byte=byte)
                else:
                    yield self.finding(where, byte=byte, encoding=_named(encoding))

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        for file in run.files:
            if file.facts.unreadable == "encoding":
                fix = Fix.of(mend_file(Mend.REENCODE), safe=False)
                yield self.finding(kind="message_file", file=file.number, fix=fix, encoding=_named(file.facts.encoding))


LATIN = "Latin-1 (ISO 8859-1) or Windows-1252"  # reads any bytes, so it is named where nothing else fits


def _damaged(raw: bytes) -> bool:
    """Whether *raw* holds more characters that are UTF-8, of those outside of ASCII, than bytes that are not."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(c > "\x7f" for c in text) > 2 * broken


def _named(encoding: str) -> Phrase:
    return Phrase(en=encoding, zh=_CHINESE.get(encoding, encoding))


_CHINESE = {
    LATIN: "Latin-1（ISO 8859-1）或 Windows-1252",
    "UTF-8 with surrogates (CESU-8)": "带代理对的 UTF-8（CESU-8）",
}
