from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sftlint import Bad, Batch, Finding, Good, Phrase, Place, Record, Rule, chat, duplicate_keys, escape, strings_in


class DuplicateKey(Rule):
    """A key that an object holds twice.

    Parsers keep one of the two values, most the last, and never say which. pyarrow, and so `datasets`, refuses the
    whole file.
    """

    zh = """同一对象中重复出现的键。

    解析器只保留其中一个值（多数保留最后一个），并且不会提示。pyarrow 以及 `datasets` 会拒绝整个文件。
    """
    message = Phrase(en="{at} has the key {key} twice", zh="{at} 中的键 {key} 出现了两次")
    suggestion = Phrase(en="keep the right one", zh="保留正确的一个")
    severity = "error"
    folds = False

    good = [Good(chat('JSON 里 {"a": 1, "a": 2} 合法吗？', '键 "a" 重复了："a": 1 和 "a": 2。'), chat("a", 'target": "x'))]
    bad = [
        Bad('{"context": ["哪个算数？"], "target": "第一个", "target": "第二个"}', chat("Hi", "Hello")),
        Bad('{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "a", "content": "b"}]}'),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        # Every key and every text has two quotes, so that a record with more of them is worth a closer look.
        records = batch.records
        expected = np.fromiter((len(record.texts) for record in records), np.int64, len(records)) + 2
        for i in np.searchsorted([record.id for record in records], [record.id for record in batch.uncommon]).tolist():
            expected[i] = strings_in(records[i].value)
        for i in np.flatnonzero(_quotes([record.raw for record in records]) != 2 * expected).tolist():
            yield from self._look(records[i], int(expected[i]))

    def _look(self, record: Record, strings: int) -> Iterator[Finding]:
        raw = record.raw
        if b'\\\\"' not in raw and raw.count(b'"') - raw.count(b'\\"') == 2 * strings:
            return
        for pointer, key in duplicate_keys(raw):
            at = pointer or Phrase(en="the record", zh="该记录")
            yield self.finding(Place(record.id, f"{pointer}/{escape(key)}"), key=key, at=at)


def _quotes(lines: list[bytes]) -> NDArray[np.int64]:
    """How many double quotes each line has."""
    at = np.flatnonzero(np.frombuffer(b"\n".join(lines), np.uint8) == ord('"'))
    ends = np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)) + 1)
    return np.diff(np.searchsorted(at, ends), prepend=0)
