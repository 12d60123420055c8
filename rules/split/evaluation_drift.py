from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, NamedTuple

import numpy as np

from sftlint import Bad, Batch, Buckets, Finding, Good, Phrase, Record, Rule, Run, chat, keys_of, mixed, quote, words


class Counted(NamedTuple):
    """Words of some records: the vocabulary, the words of all records as numbers in it, and how many each record has."""

    vocabulary: list[str]
    words: list[int]
    sizes: list[int]


class EvaluationDrift(Rule):
    """Evaluation data that are unlike the training data.

    Good marks on them say little about the task that was trained, and bad marks as little about the training.

    The words of the last questions and their answers are compared: the Jensen-Shannon divergence of evaluation and training, against
    that of random parts of the training data of the same size. Dialogues are drawn whole. Reported is `ratio` times
    the random level, and six standard deviations above it. Of large sets 1,000 and 6,000 records are drawn by hash.
    Reported as well are labels, which are short answers that stand three times in the evaluation data, that no training record has.

    Not reported: fewer than `least` records on either side; labels in evaluation data whose answers are mostly free text.
    """

    zh = """评测数据与训练数据的分布不一致。

    在这样的评测集上，得分高不说明训练的任务学好了，得分低也不说明训练有问题。

    比较的是最后一个问题及其回答的用词：计算评测集与训练集的 JS 散度，再与训练集随机抽取的同样大小的部分相比，同一段对话整体抽取。
    达到随机水平的 `ratio` 倍、且高出六个标准差时报告。数据量大时，按哈希值各取 1,000 条和 6,000 条。
    评测数据中出现三次以上的简短答案视为标签，训练数据中一条也没有的标签同样报告。

    不报告：任一侧不足 `least` 条的数据；回答以开放式文本为主的评测数据中的标签。
    """
    message = Phrase(
        en="evaluation and training data differ {ratio:.1f} times as much as random splits do ({found:.3f} against {usual:.3f}); "
        "evaluation has more of: {words}",
        zh="评测数据与训练数据的差异是随机划分的 {ratio:.1f} 倍（{found:.3f}，随机为 {usual:.3f}）；评测数据中偏多的词：{words}",
    )
    message_labels = Phrase(
        en="{count} evaluation records have labels that the training data lack: {labels}",
        zh="{count} 条评测数据的标签在训练数据中没有出现过：{labels}",
    )
    suggestion = Phrase(en="split at random, by task and label", zh="按任务和标签分层，随机划分训练集与评测集")
    scope = "dataset"
    needs_evaluation = True

    _fruit = [chat(f"{name}是什么颜色的？答{how}", colour) for how in ("一个字", "案只写颜色", "时不要标点") for name, colour in (
        ("苹果", "红"), ("草莓", "红"), ("樱桃", "红"), ("香蕉", "黄"), ("柠檬", "黄"), ("芒果", "黄"))]  # fmt: skip
    _talk = [
        chat(f"Where is the {side} {place} of {town}?", f"The {place} of {town} is on {side} street.")
        for place in ("market", "station", "library") for town in ("Ashby", "Corfe", "Delph") for side in ("north", "south")
    ]  # fmt: skip
    good = [
        Good(*_fruit[::2], evaluation=_fruit[1::2], least=5),
        Good(*_talk[::2], evaluation=_talk[1::2], least=5),
        Good(*_fruit, evaluation=[chat("雪是什么颜色的？", "白")], least=5),
    ]
    bad = [
        Bad(*_fruit, evaluation=[*_fruit[:0], *(chat(f"{name}是什么颜色的？答一个字", colour) for name, colour in (
            ("李子", "红"), ("枣", "红"), ("梨", "黄"), ("黄瓜", "绿"), ("青椒", "绿"), ("韭菜", "绿")))], at=[None], least=50),
        Bad(*_talk, evaluation=[chat(f"Solve {n}x + {n} = {n * n}.", f"Subtract {n}, divide by {n}: x = {n - 1}.") for n in range(2, 20)],
            at=[None], least=5),
    ]  # fmt: skip

    least: Annotated[int, "records that evaluation and training must each have"] = 50
    ratio: Annotated[float, "times the divergence of random splits from which on it is reported"] = 1.3
    longest: Annotated[int, "characters that a label has at most"] = 30

    def summarise(self, batch: Batch) -> Buckets:
        keys = keys_of(batch)
        short = keys.lengths <= self.longest
        return Buckets(keys.ids, keys.firsts, np.where(short, keys.targets, np.uint64(0)))

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        train, evaluation = summary.by_split(run.files)
        files = [file.number for file in run.files if file.split == "evaluation"]
        file = files[0] if len(files) == 1 else None
        if len(train) and len(evaluation):
            yield from self._labels(train, evaluation, file, run)
        if min(len(train), len(evaluation)) >= self.least:
            yield from self._drift(train, evaluation, file, run)

    def _labels(self, train: Buckets, evaluation: Buckets, file: int | None, run: Run) -> Iterator[Finding]:
        trained, times = np.unique(train.more[0], return_counts=True)
        labels, which, tested = np.unique(evaluation.more[0], return_inverse=True, return_counts=True)
        known = np.isin(labels, trained[times >= TIMES]) & (labels != 0)
        missing = ~np.isin(labels, trained) & (labels != 0) & (tested >= TIMES)
        if (
            not missing.any()
            or tested[known].sum() < SOME * len(evaluation)
            or tested[known | missing].sum() < MOSTLY * len(evaluation)
        ):
            return
        ids = np.sort(evaluation.ids[missing[which]]).tolist()
        firsts = sorted(int(evaluation.ids[which == label].min()) for label in np.flatnonzero(missing))
        shown = ", ".join(quote(run.records[id].target.strip(), self.longest) for id in firsts[:SHOWN])
        yield self.finding(kind="message_labels", file=file, related=ids, related_total=len(ids), count=len(ids), labels=shown)

    def _drift(self, train: Buckets, evaluation: Buckets, file: int | None, run: Run) -> Iterator[Finding]:
        """Several times: a random part of the training data, and the evaluation data, each against the same other part."""
        train, evaluation = _drawn(train, 0).take(slice(TRAINED)), _drawn(evaluation, 0).take(slice(TESTED))
        count = self._count([*train.ids.tolist(), *evaluation.ids.tolist()], run)
        rows = {id: row for row, id in enumerate([*train.ids.tolist(), *evaluation.ids.tolist()])}

        def shares(records: Buckets) -> Any:
            return count.shares([rows[id] for id in records.ids.tolist()])

        size = min(len(evaluation), len(train) // 2)
        usual, found = np.zeros(DRAWS), np.zeros(DRAWS)
        for draw in range(DRAWS):
            mixed_up = _drawn(train, draw + 1)
            rest = shares(mixed_up.take(slice(size, None)))
            usual[draw] = _divergence(shares(mixed_up.take(slice(size))), rest)
            found[draw] = _divergence(shares(_drawn(evaluation, draw + 1).take(slice(size))), rest)
        level = max(usual.mean(), LEVEL)
        if found.mean() < self.ratio * level or found.mean() - level < DEVIATIONS * usual.std(ddof=1):
            return
        tested, trained = shares(evaluation), shares(train)
        more = np.argsort(-tested * np.log(tested / trained), kind="stable")[:SHOWN].tolist()
        shown = ", ".join(quote(count.vocabulary[i], self.longest) for i in more)
        yield self.finding(
            file=file, ratio=float(found.mean() / level), found=float(found.mean()), usual=float(level), words=shown
        )

    def _count(self, ids: list[int], run: Run) -> Counts:
        ordered = sorted(ids)
        lots = [ordered[i : i + LOT] for i in range(0, len(ordered), LOT)]
        numbers: dict[str, int] = {}
        said: dict[int, Any] = {}
        for lot, counted in zip(lots, run.map(self.count, lots), strict=True):
            known = np.array([numbers.setdefault(word, len(numbers)) for word in counted.vocabulary], np.int64)
            each = np.split(known[np.array(counted.words, np.int64)], np.cumsum(counted.sizes)[:-1])
            said.update(zip(lot, each, strict=True))
        times = np.bincount(np.concatenate([said[id] for id in ids]), minlength=len(numbers))
        vocabulary = list(numbers)
        common = sorted(range(len(vocabulary)), key=lambda i: (-times[i], vocabulary[i]))[:WORDS]
        place = np.full(len(vocabulary), -1)
        place[common] = np.arange(len(common))
        return Counts([vocabulary[i] for i in common], [held[held >= 0] for held in (place[said[id]] for id in ids)])

    def count(self, records: Mapping[int, Record], ids: list[int]) -> Counted:
        """The words of the last question and answer of each record."""
        vocabulary: dict[str, int] = {}
        numbers, sizes = [], []
        for id in ids:
            record = records[id]
            said = [*islice(words(record.question), LENGTH), *islice(words(record.target), LENGTH)]
            numbers += [vocabulary.setdefault(word, len(vocabulary)) for word in said]
            sizes.append(len(said))
        return Counted(list(vocabulary), numbers, sizes)


class Counts(NamedTuple):
    """The commonest words, and those of each record as numbers in them."""

    vocabulary: list[str]
    words: list[Any]

    def shares(self, rows: list[int]) -> Any:
        """The share that each word of the vocabulary has in the records *rows*; none is 0."""
        times = np.bincount(np.concatenate([self.words[row] for row in rows]), minlength=len(self.vocabulary)) + 0.5
        return times / times.sum()


def _drawn(records: Buckets, draw: int) -> Buckets:
    """*records* in a random order, another one for each number, in which those of one dialogue stand together."""
    salt = np.uint64((2 * draw + 1) * 0x9E3779B97F4A7C15 & (1 << 64) - 1)
    return records.take(np.lexsort((records.ids, mixed(records.keys ^ salt))))


def _divergence(one: Any, other: Any) -> float:
    """The Jensen-Shannon divergence of two distributions, in bits."""
    middle = (one + other) / 2
    return float((one * np.log2(one / middle) + other * np.log2(other / middle)).sum() / 2)


TRAINED, TESTED = 6_000, 1_000  # records whose words are counted
DRAWS = 8
DEVIATIONS = 6
LEVEL = 0.001  # bits, below which random parts do not differ at all: they are copies
WORDS = 2_000  # the commonest, which are compared
LENGTH = 200  # words of a question and of an answer
LOT = 250  # records for a worker
TIMES, SHOWN = 3, 5  # records that make a label; labels and words that are named
SOME, MOSTLY = 0.2, 0.5  # of the evaluation records, that have labels of the training data, and labels at all
