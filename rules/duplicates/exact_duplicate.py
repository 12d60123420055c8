from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from operator import attrgetter

import numpy as np
import xxhash

from sftlint import (
    Bad,
    Batch,
    Buckets,
    Finding,
    Fix,
    Good,
    Phrase,
    Record,
    Rule,
    Run,
    among,
    chat,
    drop,
    fold,
    formats,
    keys_of,
    paired,
)


class ExactDuplicate(Rule):
    """The same record again.

    A record that stands in the data k times weighs k times as much in training, and the model learns it by heart.
    Copying records to have more of them overfits.

    Compared are the texts of all turns without surrounding blanks. Records that differ only in width, case, spaces or the
    last punctuation mark are reported too, apart. Copies are looked for inside a split.

    Fix safety: dropping a copy is safe when the texts of all turns are the same but for surrounding blanks. It is
    unsafe when they are the same only after folding. A copy of a record of another file has no fix: which file keeps it
    is for people to say.
    """

    zh = """重复记录。

    同一条数据出现 k 次，训练时权重就是 k 倍，模型会把它背下来。用复制的方式扩充数据会导致过拟合。

    比较的是各轮文本（去掉首尾空白）。仅在全半角、大小写、空格或句末标点上不同的记录也会单独报告。只在同一数据划分内查重。

    修复安全性：各轮文本去掉首尾空白后完全相同时，删除副本是安全的；只有在归一化之后才相同的，属于不安全修复。跨文件的副本不自动删除，
    由人决定保留在哪个文件。
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
        keys = keys_of(batch)
        sound = batch.sound
        ids = np.fromiter(map(attrgetter("id"), sound), np.int64, len(sound))
        same, alike = np.zeros(len(ids), np.uint64), np.zeros(len(ids), np.uint64)
        answered = np.searchsorted(ids, keys.ids)
        same[answered] = paired(keys.prompts, keys.targets)
        # What is proposed as alike after folding: the letters of the last question, and those that the answer begins with.
        alike[answered] = paired(keys.questions, keys.beginnings)
        for record in batch.uncommon:  # not all of such a record is in its keys
            if record.sound and (record.format != formats.HOME or record.layout.asides or not record.layout.target):
                i = np.searchsorted(ids, record.id)
                whole = "\xff".join(map(str.strip, record.texts)) + _unsaid(record)
                same[i] = xxhash.xxh3_64_intdigest(whole.encode("utf-8", "surrogatepass"), record.layout.seed)
                alike[i] = alike[i] or same[i]
        return Buckets(ids, same, alike)

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        for split in filter(len, summary.by_split(run.files)):
            yield from self._copies(split, run)

    def _copies(self, records: Buckets, run: Run) -> Iterator[Finding]:
        groups = [group.ids.tolist() for group in records.groups()]
        times = len(groups[0]) if groups else 0
        if len(groups) >= 20 and times * len(groups) == len(records) and all(len(group) == times for group in groups):
            later = sorted(id for group in groups for id in group[1:])
            # As below, no record goes because of another file: what is copied file by file is for people to delete.
            drops = tuple(drop(id) for group in groups for earlier, id in pairwise(group) if earlier >> 40 == id >> 40)
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
        firsts = records.take(~among(records.ids, np.array(sorted(copies), np.int64)))
        alike = [group.ids.tolist() for group in Buckets(firsts.ids, firsts.more[0]).groups()]
        lots = [alike[i : i + LOT] for i in range(0, len(alike), LOT)]
        folded = (keys for lot in run.map(self.folded_keys, lots) for keys in lot)
        for group, keys in zip(alike, folded, strict=True):
            seen: dict[int, int] = {}
            for id, key in zip(group, keys, strict=True):
                first = seen.setdefault(key, id)
                if first != id:
                    fix = Fix.of(drop(id), safe=False) if first >> 40 == id >> 40 else None
                    yield self.finding(id, kind="message_folded", fix=fix, related=[first])

    def folded_keys(self, records: Mapping[int, Record], groups: list[list[int]]) -> list[list[int]]:
        """A hash of the folded texts of each record of each group."""
        return [[_folded_key(records[id]) for id in ids] for ids in groups]


LOT = 100  # groups for a worker


def _folded_key(record: Record) -> int:
    texts = "\x1f".join(map(fold, record.texts)) + _unsaid(record)
    return xxhash.xxh3_64_intdigest(texts.encode("utf-8", "surrogatepass"), record.layout.seed)


def _unsaid(record: Record) -> str:
    """What tells preference records apart beside their texts."""
    rejected = record.value.get("rejected") if isinstance(record.value, dict) else None
    return "" if rejected is None else repr(rejected)
