from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from operator import add, attrgetter

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint import Bad, Batch, Buckets, Finding, Fix, Good, Phrase, Record, Rule, Run, chat, drop, fold


class ExactDuplicate(Rule):
    """The same record again.

    A record that stands in the data k times weighs k times as much in training, and the model learns it by heart.
    Copying records to have more of them overfits.

    Compared are the texts of all turns without surrounding blanks. Records that differ only in width, case, spaces or the
    last punctuation mark are reported too, apart. Copies are looked for inside a split.

    Fix safety: dropping a copy is safe when the texts of all turns are the same but for surrounding blanks. It is
    unsafe when they are the same only after folding.
    """

    zh = """重复记录。

    同一条数据出现 k 次，训练时权重就是 k 倍，模型会把它背下来。用复制的方式扩充数据会导致过拟合。

    比较的是各轮文本（去掉首尾空白）。仅在全半角、大小写、空格或句末标点上不同的记录也会单独报告。只在同一数据划分内查重。

    修复安全性：各轮文本去掉首尾空白后完全相同时，删除副本是安全的；只有在归一化之后才相同的，属于不安全修复。
    """
    message = Phrase(en="the same record as row {first}, {copies} in all", zh="与第 {first} 行重复，共 {copies} 条")
    message_folded = Phrase(
        en="the same record as row {first} but for width, case, spaces or the last mark",
        zh="与第 {first} 行仅在全半角、大小写、空格或句末标点上不同",
    )
    message_whole = Phrase(
        en="the whole set of {records} records stands in the data {times} times",
        zh="整个数据集（{records} 条）被重复了 {times} 遍",
    )
    suggestion = Phrase(en="keep one", zh="只保留一条")
    scope = "dataset"
    folds = False

    good = [
        Good(chat("3-2等于几？", "1"), chat("32等于几？", "1"), chat("x>5 还是 x<5？", "x>5"), chat("x<5 还是 x>5？", "x>5")),
        Good(
            chat("Which language?", "C"), chat("Which language?", "C++"), chat("Feeling?", "Good 😀"), chat("Feeling?", "Good 😢")
        ),
    ]
    bad = [
        Bad(
            chat("你好", "您好！"),
            chat("再见", "慢走。"),
            chat(" 你好", "您好！\n"),
            at=[2],
            fixed=[chat("你好", "您好！"), chat("再见", "慢走。")],
        ),
        Bad(chat("Is it open?", "Yes, until nine."), chat("is it  open?", "Yes, until nine"), at=[1]),
    ]

    def summarise(self, batch: Batch) -> Buckets:
        records = batch.records
        digest, encoded = xxhash.xxh3_64_intdigest, batch.texts.encoded
        ids = np.fromiter(map(attrgetter("id"), records), np.int64, len(records))
        seeds = [record.layout.seed for record in records]
        counts = list(map(len, map(attrgetter("texts"), records)))
        stops = list(accumulate(counts))
        same = _combined(map(digest, map(bytes.strip, encoded)), counts, seeds)
        # What is proposed as alike after folding: the letters of the last question, and those that the answer begins with.
        padded = [b"", b"", *encoded]  # a faulty record may have no texts
        asked, given = [padded[stop] for stop in stops], [padded[stop + 1][:START] for stop in stops]
        for i, record in zip(np.searchsorted(ids, [record.id for record in batch.uncommon]), batch.uncommon, strict=True):
            layout, texts = record.layout, encoded[stops[i] - counts[i] : stops[i]]
            asked[i] = b"".join([texts[j] for j in layout.question])
            given[i] = b"".join([texts[j] for j in layout.target])[:START]
            if record.lenient or record.format != HOME:  # not all of it is in its texts, or not as it stands
                whole = "\xff".join(map(str.strip, record.texts)) + _unsaid(record)
                same[i] = digest(whole.encode("utf-8", "surrogatepass"), layout.seed)
        begins = [letters[: START // 4] for letters in _letters(given)]  # blanks decide which letters are the last of a cut
        alike = np.fromiter(map(digest, map(add, _letters(asked), begins), seeds), np.uint64, len(records))
        sound = np.ones(len(ids), bool)
        sound[np.searchsorted(ids, [record.id for record in batch.faulty])] = False
        return Buckets(ids[sound], same[sound], alike[sound])

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        evaluation = np.isin(summary.ids >> 40, [file.number for file in run.files if file.split == "evaluation"])
        for split in (~evaluation, evaluation):
            part = summary.take(split)
            if len(part):
                yield from self._copies(part, run)

    def _copies(self, records: Buckets, run: Run) -> Iterator[Finding]:
        groups = [group.ids.tolist() for group in records.groups()]
        times = len(groups[0]) if groups else 0
        if len(groups) >= 20 and times * len(groups) == len(records) and all(len(group) == times for group in groups):
            later = sorted(id for group in groups for id in group[1:])
            drops = tuple(drop(id) for id in later) if len(run.files) == 1 else ()
            fix = Fix.of(*drops, safe=True) if drops else None
            yield self.finding(kind="message_whole", fix=fix, hits=later, records=len(groups), times=times)
            return
        for group in groups:
            for earlier, id in pairwise(group):
                # No fix drops a record because of another file.
                fix = Fix.of(drop(id), safe=True) if earlier >> 40 == id >> 40 else None
                yield self.finding(id, fix=fix, related=[group[0]], related_total=len(group) - 1, copies=len(group))
        yield from self._folded(records, {id for group in groups for id in group[1:]}, run)

    def _folded(self, records: Buckets, copies: set[int], run: Run) -> Iterator[Finding]:
        """Records that only their folded texts show to be the same, of those whose letters agree."""
        firsts = records.take(~np.isin(records.ids, sorted(copies)))
        alike = [group.ids.tolist() for group in Buckets(firsts.ids, firsts.more[0]).groups()]
        for group, keys in zip(alike, run.map(self.folded_keys, alike), strict=True):
            seen: dict[int, int] = {}
            for id, key in zip(group, keys, strict=True):
                first = seen.setdefault(key, id)
                if first != id:
                    fix = Fix.of(drop(id), safe=False) if first >> 40 == id >> 40 else None
                    yield self.finding(id, kind="message_folded", fix=fix, related=[first])

    def folded_keys(self, records: Mapping[int, Record], ids: list[int]) -> list[int]:
        """A hash of the folded texts of each record."""
        keys = []
        for id in ids:
            record = records[id]
            texts = "\x1f".join(map(fold, record.texts)) + _unsaid(record)
            keys.append(xxhash.xxh3_64_intdigest(texts.encode("utf-8", "surrogatepass"), record.layout.seed))
        return keys


HOME = "context/target"
START = 96  # bytes of an answer


def _unsaid(record: Record) -> str:
    """What tells preference records apart beside their texts."""
    rejected = record.value.get("rejected") if isinstance(record.value, dict) else None
    return "" if rejected is None else repr(rejected)


#: The ASCII letter or digit that a wide form is, by the second and third byte of its UTF-8; else 0.
_NARROW = np.zeros((256, 256), np.uint8)
for _letter in filter(str.isalnum, map(chr, range(0x21, 0x7F))):
    _wide = chr(ord(_letter) + 0xFEE0).encode()
    _NARROW[_wide[1], _wide[2]] = ord(_letter)
_LOWER = bytes(c + 32 if 65 <= c <= 90 else c for c in range(256))
#: Blanks, marks, and what follows the first byte of a character in UTF-8: neither width nor case changes the rest.
_NO_LETTERS = bytes(c for c in range(254) if (c < 0x80 and not chr(c).isalnum()) or 0x80 <= c < 0xC3 or c in (0xE2, 0xE3, 0xEF))


def _letters(texts: Sequence[bytes]) -> list[bytes]:
    """What folding leaves alone in each text (UTF-8): small ASCII letters, digits, first bytes of other letters."""
    joined = b"\xff".join(texts)
    data = np.frombuffer(joined, np.uint8)
    leads = np.flatnonzero(data[:-2] == 0xEF)  # of wide forms, and of marks
    narrow = _NARROW[data[leads + 1], data[leads + 2]]
    if narrow.any():
        written = data.copy()
        written[leads] = narrow
        joined = written.tobytes()
    return joined.translate(_LOWER, _NO_LETTERS).split(b"\xff")


def _combined(hashes: Iterable[int], counts: list[int], seeds: list[int]) -> NDArray[np.uint64]:
    """One hash for each record from those of its texts, *counts* of them, and its seed: the order of the texts counts."""
    held = np.array(counts, np.int64)
    each = np.fromiter(hashes, np.uint64, int(held.sum()))
    first = np.cumsum(held) - held
    turn = (np.arange(len(each)) - np.repeat(first, held)).astype(np.uint64)
    each = (each ^ (each >> np.uint64(29))) * (turn * _ODD + _ODD)  # odd numbers, another one for each turn
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(each ^ (each >> np.uint64(32)), dtype=np.uint64)])
    total: NDArray[np.uint64] = (sums[first + held] - sums[first] + np.array(seeds, np.uint64)) * _ODD
    return total


_ODD = np.uint64(0x9E3779B97F4A7C15)
