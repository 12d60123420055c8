from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from sftlint import (
    LEAST_CONTENT,
    SHORT_PROMPT,
    Bad,
    Batch,
    Boilerplate,
    Buckets,
    Finding,
    Fix,
    Good,
    Phrase,
    Probes,
    Record,
    Rule,
    Run,
    Shingles,
    among,
    chat,
    drop,
    fold,
    jaccard,
    keys_of,
    said,
    same_matter,
    without_courtesy,
)  # fmt: skip


class Facts(NamedTuple):
    """What a record is compared by: hashes of its folded prompt, answer and opening. 0 is too little to tell anything."""

    prompt: int
    matter: int
    """The prompt without greetings and thanks around the last question."""
    target: int
    opening: int
    asks: int
    """Bytes of the prompt."""
    rounds: int


class LeakedEvaluation(Rule):
    """An evaluation record in the training data.

    The model is then measured by what it has seen, and the result says nothing about what it can do.

    Reported is the training record: an error where its prompt is an evaluation record's, with the same answer or another,
    in spite of width, case, spaces or the last mark; a warning where both go on from the same first two questions,
    so that one dialogue was split; where only greetings and thanks tell the prompts apart; where an evaluation question of 72 bytes
    (24 Chinese characters) or more stands word for word in a longer prompt, or the other way round; and where prompt (without boilerplate) and answer are near copies: their Jaccard
    similarity is `threshold` (`threshold_short` in prompts of less than 40 words or Chinese characters) and `threshold_target`; seven
    tenths of the former where the answers are the same and have 40 words or more.

    Not reported: with another answer, greetings and other prompts of less than 24 bytes (8 Chinese characters), and where the
    evaluation data are dialogues, first questions of less than 120 bytes; dialogues whose first two questions have less than 36;
    near copies whose numbers or short answers differ.

    Evaluation data are what `--eval` or `evaluation` names, and files with a name such as `dev.jsonl` or `test.jsonl`.

    Fix safety: the record is dropped from the training data only. It is content, so the fix is unsafe.
    """

    zh = """训练数据中混入了评测数据。

    这样评测的只是模型见过的内容，结果无法说明模型的真实能力。

    报告的是训练记录：提示词与某条评测记录相同（忽略全半角、大小写、空格或句末标点），无论回答是否相同，都是错误；
    与某条评测记录的前两个问题相同，说明同一段对话被拆到了两边，属于警告；仅差问候或致谢的提示词，72 字节（24 个汉字）以上的评测问题原样出现在更长的
    提示词中（或反之），以及提示词（去掉套话）与回答均近似的，也属于警告：Jaccard 相似度分别达到 `threshold`（不足 40 个词或汉字的提示词为 `threshold_short`）和 `threshold_target`；
    回答相同且在 40 个词或汉字以上时，提示词达到其七成即可。

    不报告：回答不同、且不足 24 字节（8 个汉字）的提示词，如问候语；评测数据以多轮对话为主时，回答不同、且不足 120 字节的首个问题；
    前两个问题合计不足 36 字节的对话；数字或简短回答不同的近似记录。

    评测数据是 `--eval` 或 `evaluation` 指定的文件，以及名为 `dev.jsonl`、`test.jsonl` 等的文件。

    修复安全性：只从训练数据中删除该条。删除会丢失内容，因此属于不安全修复。
    """
    message = Phrase(en="the same record as evaluation row {first}", zh="与评测数据第 {first} 行相同")
    message_prompt = Phrase(
        en="the same prompt as evaluation row {first}, with another answer", zh="与评测数据第 {first} 行的提示词相同，回答不同"
    )
    message_dialogue = Phrase(
        en="the same dialogue as evaluation row {first}, at another turn", zh="与评测数据第 {first} 行出自同一段对话，轮次不同"
    )
    message_held = Phrase(
        en="the same question as evaluation row {first}, with other words around it",
        zh="与评测数据第 {first} 行问的是同一个问题，只是前后文字不同",
    )
    message_near = Phrase(
        en="almost the same as evaluation row {first}: {prompt:.0%} of the prompt, {target:.0%} of the answer",
        zh="与评测数据第 {first} 行近似：提示词相似度 {prompt:.0%}，回答 {target:.0%}",
    )
    suggestion = Phrase(
        en="drop it from the training data, and split by dialogue and source", zh="从训练数据中删除，并按对话和来源划分数据"
    )
    severity = "error"
    scope = "dataset"
    needs_evaluation = True
    folds = False
    learns = (Boilerplate,)

    _call = ("你好，我家的宽带从昨晚开始就连不上了。", "请问光猫的灯是什么颜色？", "有一个红灯一直在闪。", "请先重启光猫。")
    good = [
        Good(chat("你好", "您好！"), chat("How many legs has an ant?", "Six."), evaluation=[chat("你好", "请讲。"), chat("How many legs has a spider?", "Eight.")]),
        Good(chat("Hi", "Hello!", "Who?", "Me."), evaluation=[chat("Hi", "Hello!", "Who?", "Me.", "Why?", "Because.")]),
        Good(chat("Which of the planets that can be seen without a telescope looks white to the eye?", "Venus"),
            evaluation=[chat("Which of the planets that can be seen without a telescope looks red to the eye?", "Mars")]),
        Good(chat("你好，请问几点开门？谢谢", "九点。"), evaluation=[chat("请问几点开门？", "看季节。")]),
        Good(chat("3-2等于几？", "1"), evaluation=[chat("32等于几？", "三十二")]),
    ]  # fmt: skip
    bad = [
        Bad(chat("How many legs has an ant?", "Six."), chat("Is glass a liquid?", "No."), evaluation=[chat("how many legs has an ant", "six")],
            fixed=[chat("Is glass a liquid?", "No.")]),
        Bad(chat("请用一句话介绍故宫的历史。", "故宫建成于一四二〇年。"), evaluation=[chat("请用一句话介绍故宫的历史。", "它是明清两代的皇宫。")]),
        Bad(chat("你好，请问一下，仙人掌多久浇一次水？谢谢！", "冬天一个月一次。"), evaluation=[chat("仙人掌多久浇一次水？", "看盆土的干湿。")]),
        Bad(chat("请问早上空腹喝一杯温盐水，对肠胃到底有没有好处？", "没有特别的好处，血压高的人还应该避免，喝白开水就可以了。"),
            evaluation=[chat("请问早晨空腹喝一杯温盐水，对肠胃到底有没有好处？", "没有特别的好处，血压高的人更应该避免，喝白开水就可以。")]),
        Bad(chat("Answer in one word.\nWhich of the planets that can be seen without a telescope looks red to the eye?", "Mars"),
            evaluation=[chat("Which of the planets that can be seen without a telescope looks red to the eye?", "It is the planet Mars.")]),
        Bad(chat(*_call), evaluation=[chat(*_call, "还是不行。", "那我给您安排师傅上门。")]),
    ]  # fmt: skip

    threshold: Annotated[float, "similarity of two prompts from which on they are near copies, 0 to 1", (0, 1)] = 0.7
    threshold_short: Annotated[float, "the same for prompts of fewer than 40 words or Chinese characters, 0 to 1", (0, 1)] = 0.6
    threshold_target: Annotated[float, "similarity that their answers must have besides, 0 to 1", (0, 1)] = 0.6

    def summarise(self, batch: Batch) -> Buckets:
        keys = keys_of(batch)
        return Buckets(keys.ids, keys.matters, keys.openings)

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        train, evaluation = summary.by_split(run.files)
        if not len(train) or not len(evaluation):
            return
        talk = (evaluation.more[0] != 0).mean() >= 0.5
        suspects, sources = train.take(_shared(train, evaluation)), evaluation.take(_shared(evaluation, train))
        prompts: dict[int, int] = {}
        records: dict[tuple[int, int], int] = {}
        matters: dict[int, int] = {}
        openings: dict[int, int] = {}
        for id, facts in self._read(sources, run):
            prompts.setdefault(facts.prompt, id)
            matters.setdefault(facts.matter, id)
            records.setdefault((facts.prompt, facts.target), id)
            openings.setdefault(facts.opening, id)
        found = set()
        for id, facts in self._read(suspects, run):
            found.add(id)
            fix = Fix.of(drop(id), safe=False)
            if (source := records.get((facts.prompt, facts.target))) is not None:
                yield self.finding(id, fix=fix, related=[source])
            elif facts.asks >= (least := OPENER if talk and facts.rounds == 1 else BRIEF) and (source := prompts.get(facts.prompt)) is not None:
                yield self.finding(id, kind="message_prompt", fix=fix, related=[source])
            elif facts.matter and facts.asks >= least and (source := matters.get(facts.matter)) is not None:
                yield self.finding(id, kind="message_held", severity="warning", fix=fix, related=[source])
            elif facts.opening and (source := openings.get(facts.opening)) is not None:
                yield self.finding(id, kind="message_dialogue", severity="warning", related=[source])
            else:
                found.remove(id)
        near: dict[int, Met] = {}
        rest = sorted(set(train.ids.tolist()) - found)
        for met in self._near(rest, np.sort(evaluation.ids).tolist(), run):
            if near.setdefault(met.id, met).held and not met.held:
                near[met.id] = met  # a near copy says more
        for id, met in near.items():
            fix = Fix.of(drop(id), safe=False)
            kind = "message_held" if met.held else "message_near"
            yield self.finding(id, kind=kind, severity="warning", fix=fix, related=[met.source], prompt=met.prompt, target=met.target)

    def _near(self, held: list[int], ids: list[int], run: Run) -> Iterator[Met]:
        """Of the training records *held* those that are near copies of the evaluation records *ids*, or hold their questions."""
        boilerplate = run.learned[Boilerplate]
        lots = [Search(ids[i : i + LOT], boilerplate) for i in range(0, len(ids), LOT)]
        probes = Probes.merge(list(run.map(self.probes, lots)))
        searches = [Search(held[i : i + MANY], boilerplate, ids, probes) for i in range(0, len(held), MANY)]
        for found in run.map(self.search, searches):
            yield from found

    def probes(self, records: Mapping[int, Record], lot: Search) -> Probes:
        """What evaluation records are looked for by."""
        asked = Shingles.of([said(records[id])[0] for id in lot.ids])
        return Probes.of(*_content(asked, lot.boilerplate))

    def search(self, records: Mapping[int, Record], lot: Search) -> list[Met]:
        """The training records of a lot that are near copies of evaluation records or hold their questions, likeliest first for each."""
        assert lot.probes is not None
        held = [said(records[id]) for id in lot.ids]
        met = lot.probes.meet(*_content(Shingles.of([asked for asked, _ in held]), lot.boilerplate))
        if not len(met):
            return []
        later, earlier = np.unique(met[:, 0], return_inverse=True), np.unique(met[:, 1], return_inverse=True)
        sides = [held[i] for i in later[0].tolist()] + [said(records[lot.sources[i]]) for i in earlier[0].tolist()]
        pairs = np.stack((later[1], earlier[1] + len(later[0])), axis=1)
        asked, given = (Shingles.of([side[i] for side in sides]) for i in (0, 1))
        common = lot.boilerplate.marks(asked.heads, asked.bounds)
        sizes = np.array([np.count_nonzero(~common[start:stop]) for start, stop in pairwise(asked.bounds.tolist())])[pairs]
        prompts, targets = np.minimum(jaccard(asked, pairs, common), jaccard(asked, pairs)), jaccard(given, pairs)
        short = sizes.max(axis=1) < SHORT_PROMPT
        least = np.where(short, self.threshold_short, self.threshold)
        least = np.where((np.diff(given.bounds)[pairs].min(axis=1) >= SHORT_PROMPT) & (targets == 1), least * SAME_ANSWER, least)
        telling = sizes.min(axis=1) >= LEAST_CONTENT
        near = telling & (prompts >= least) & (targets >= self.threshold_target)
        found = []
        for i in np.flatnonzero(telling).tolist():
            one, other = (sides[k] for k in pairs[i].tolist())
            copy = near[i] and same_matter(one, other, float(prompts[i]), bool(short[i]))
            if copy or (sizes[i].min() >= CONTENT and _held(one[0][-1], other[0][-1])):
                likeness = float(prompts[i]), float(targets[i])
                found.append(Met(lot.ids[met[i, 0]], lot.sources[met[i, 1]], *likeness, held=not copy))
        return found

    def _read(self, records: Buckets, run: Run) -> Iterator[tuple[int, Facts]]:
        ids = np.sort(records.ids).tolist()
        lots = [ids[i : i + LOT] for i in range(0, len(ids), LOT)]
        for lot, facts in zip(lots, run.map(self.facts, lots), strict=True):
            yield from zip(lot, facts, strict=True)

    def facts(self, records: Mapping[int, Record], ids: list[int]) -> list[Facts]:
        """What each record is compared by, read again."""
        return [_facts(records[id]) for id in ids]


LOT = 500  # records for a worker
BRIEF = 24  # bytes of a prompt that says little
OPENER = 120  # bytes of a first question in a dialogue: many begin alike
TELLING = 36  # bytes of two questions that show that two dialogues are one


MANY = 2000  # training records for a worker
CONTENT = 12  # shingles beside boilerplate that a question must have to be looked for in another
SAME_ANSWER = 0.7  # of the threshold that prompts with one long answer must reach: it was written for one of them
WHOLE = 72  # bytes of a question that tells by itself where it is from
MOSTLY = 0.5  # of an evaluation question that a training question must be to count as the same with something left out


class Met(NamedTuple):
    """A training record and the evaluation record it is like: how much on both sides, or whether only the one's question holds the other's."""

    id: int
    source: int
    prompt: float
    target: float
    held: bool


def _held(asked: str, evaluated: str) -> bool:
    """Whether the evaluation question stands in the training question as sentences of their own, or that is most of it."""
    one, other = ("\n".join(filter(None, map(fold, text.split("\n")))) for text in (asked, evaluated))
    few, many = sorted((one, other), key=len)
    size = len(few.encode("utf-8", "replace"))
    if size < WHOLE or few not in many or (few == one and len(few) < MOSTLY * len(other)):
        return False
    before, _, after = many.partition(few)
    return before.rstrip(" ")[-1:] in ENDS and after.lstrip(" ")[:1] in ENDS


ENDS = {"", *"\n。！？：；.!?:;\"'“”「」"}  # what stands beside a sentence


class Search(NamedTuple):
    """Records for a worker to look at, and among what."""

    ids: list[int]
    boilerplate: Boilerplate
    sources: list[int] = []
    probes: Probes | None = None


def _content(asked: Shingles, boilerplate: Boilerplate) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The shingles of prompts without their boilerplate, and the bounds of each prompt's."""
    kept = ~boilerplate.marks(asked.heads, asked.bounds)
    return asked.heads[kept], np.append(0, np.cumsum(kept))[asked.bounds]


def _shared(records: Buckets, others: Buckets) -> NDArray[np.bool_]:
    """Which of *records* may have the last question or the opening of one of the *others*."""
    openings = others.more[0]
    return among(records.keys, np.sort(others.keys)) | among(records.more[0], np.sort(openings[openings != 0]))


def _facts(record: Record) -> Facts:
    layout = record.layout
    turns = [(layout.roles[layout.turns[i]], fold(record.texts[i])) for i in layout.texts if i not in layout.asides and i not in layout.target]
    asked = [text for role, text in turns if role == "user"]
    rounds = [i for i, (role, _) in enumerate(turns) if role == "user"]
    start, stop = (rounds[0], rounds[1] + 1) if len(rounds) > 1 else (0, 0)
    telling = len("".join(asked[:2]).encode("utf-8", "replace")) >= TELLING
    last = max(rounds, default=len(turns))
    bared = [(role, without_courtesy(text) if i == last else text) for i, (role, text) in enumerate(turns)]
    much = len("".join(text for _, text in bared).encode("utf-8", "replace")) >= BRIEF
    return Facts(
        _hash(*(f"{role}\n{text}" for role, text in turns)), _hash(*(f"{role}\n{text}" for role, text in bared)) if much else 0,
        _hash(fold(record.target)),
        _hash(*(text for _, text in turns[start:stop])) if stop and telling else 0,
        len("".join(text for _, text in turns).encode("utf-8", "replace")), len(rounds),
    )  # fmt: skip


def _hash(*texts: str) -> int:
    return xxhash.xxh3_64_intdigest("\x1f".join(texts).encode("utf-8", "surrogatepass"))
