from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

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
        if not records:
            return
        expected = np.fromiter(map(len, map(attrgetter("texts"), records)), np.int64, len(records)) + 2
        if batch.uncommon:
            ids = list(map(attrgetter("id"), records))
            for record in batch.uncommon:
                expected[bisect_left(ids, record.id)] = strings_in(record.value)
        if _agree(list(map(attrgetter("raw"), records)), 2 * expected):
            return
        for record, strings in zip(records, expected.tolist(), strict=True):
            if record.raw.count(b'"') - record.raw.count(b'\\"') != 2 * strings:
                yield from self._look(record)

    def _look(self, record: Record) -> Iterator[Finding]:
        for pointer, key in duplicate_keys(record.raw):
            at = pointer or Phrase(en="the record", zh="该记录")
            yield self.finding(Place(record.id, f"{pointer}/{escape(key)}"), key=key, at=at)


def _agree(lines: list[bytes], expected: NDArray[np.int64]) -> bool:
    """Whether each line has as many double quotes as *expected*, those behind a backslash not counted."""
    data = np.frombuffer(b"\n".join([*lines, b""]), np.uint8)
    quotes = data == ord('"')
    quotes[1:] &= data[:-1] != ord("\\")
    ends = np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)) + 1)
    # Sums in bytes are by far the quickest, and right modulo 256; the sum of all is exact.
    sums = np.add.reduceat(quotes.view(np.uint8), np.append(0, ends[:-1]), dtype=np.uint8)
    return bool((sums == expected.astype(np.uint8)).all()) and np.count_nonzero(quotes) == expected.sum()
