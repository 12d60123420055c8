from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sftlint import (
    LEAST_CONTENT,
    PROGRAM,
    SHORT_PROMPT,
    Bad,
    Batch,
    Boilerplate,
    Finding,
    Fix,
    Good,
    Packed,
    Phrase,
    Record,
    Rule,
    Run,
    Shingles,
    Sides,
    Sketches,
    among,
    banding,
    candidates,
    chat,
    differing,
    drop,
    fold,
    jaccard,
    other_thing,
    quote,
    said,
    same_matter,
    sketched,
)


class Likeness(NamedTuple):
    """How much alike two records are: their prompts without boilerplate, their targets, and what differs."""

    prompt: float
    target: float
    change: str | Phrase
    reworded: bool = False
    """Whether one text has one answer under two wordings of an instruction."""
    other: bool = False
    """Whether they may be about two things."""


COPY = Likeness(1.0, 1.0, "")


class NearDuplicate(Rule):
    """A record that says almost the same as an earlier one.

    Near copies weigh as much as copies: the model learns by heart what stands there again and again in slightly other words.

    Compared are the prompts without their boilerplate, which are the shingles that many prompts of the data share, and the
    targets. Both similarities are measured (Jaccard): `threshold` or more of a prompt (`threshold_short`, where it has fewer
    than 40 words or Chinese characters), and `threshold_target` of the target: seven tenths of that where one prompt has two answers
    of 40 words or more, since it was answered twice in the same words. The first of several stays. One text with one
    answer under two wordings of the instruction may be meant so, and is a note; so are records that may be
    entries of one manual: question and answer name another thing (`setTimeout`, `setInterval`).

    Not reported: records that have only an instruction in common; a dialogue and its continuation; short answers that are
    not the same, and the same short answer to questions that are not nearly the same; problems whose numbers differ
    in question and answer; copies, of which `exact-duplicate` speaks.

    Fix safety: the near copy may say something that the first does not, so dropping it is unsafe.
    """

    zh = """与前面某条几乎相同的记录。

    近似重复与完全重复一样会增加权重：模型会把反复出现、只改了几个字的内容背下来。

    比较的是去掉套话（许多提示词共有的片段）之后的提示词，以及回答。两个相似度（Jaccard）都是实际计算的：提示词达到
    `threshold`（不足 40 个词或汉字时为 `threshold_short`），回答达到 `threshold_target`；提示词完全相同、两个回答都在 40 个词或汉字以上时，
    达到其七成即可。多条相似时保留第一条。正文和回答相同、只是指令换了说法的，可能是有意为之，只作提示；问题和回答同时换了所指对象的
    （如 `setTimeout` 与 `setInterval`），可能是同一手册的不同条目，同样只作提示。

    不报告：只有指令相同的记录；同一对话及其后续轮次；答案简短且不同，或答案简短而问题差别较大；问题和答案中的数字都不同的题目；
    完全重复的记录（由 `exact-duplicate` 报告）。

    修复安全性：近似副本可能含有第一条没有的内容，因此删除它属于不安全修复。
    """
    message = Phrase(
        en="almost the same as row {first}: {prompt:.0%} of the prompt, {target:.0%} of the answer; {change}",
        zh="与第 {first} 行近似重复：提示词相似度 {prompt:.0%}，回答 {target:.0%}；{change}",
    )
    message_reworded = Phrase(
        en="the same text with the same answer as in row {first}, under another wording of the instruction; {change}",
        zh="正文和回答与第 {first} 行相同，只是指令换了说法；{change}",
    )
    suggestion = Phrase(en="keep one, or rewrite it until it differs", zh="只保留一条，或改写以拉开差异")
    scope = "dataset"
    folds = False
    yields_to = ("exact-duplicate",)
    learns = (Boilerplate,)

    _tea = "先用开水烫一遍茶壶，放入三克茶叶，倒入八十五度的热水，闷两分钟后出汤，之后每一泡延长半分钟。"
    _bike = "Shift to the smallest cog, loosen the quick release, lift the frame and pull the wheel down and out."
    _open = "Opens the text file at the given path for reading, goes through all of its lines one by one, closes it again,"
    _kind = (
        "Going by its name alone, is the thing called “{}” most likely a river, a mountain, a village, a ship, a book, a film, a "
        "song, a play, a painting, a company, a school, an animal or a plant? Name the one kind that fits the name best."
    )
    good = [
        Good(chat(_kind.format("Grey Heron Lines"), "ship"), chat(_kind.format("Aurora"), "ship")),
        Good(chat("怎么泡一壶好喝的绿茶，水温多少合适？", _tea), chat("怎么泡一壶好喝的红茶，要不要先洗茶？", "红茶用沸水冲泡，无需洗茶。")),
        Good(chat("3 apples and 4 pears, how many pieces of fruit?", "7"), chat("5 apples and 4 pears, how many pieces of fruit?", "9")),
        Good(
            chat("How do I take the rear wheel off my bike?", _bike),
            chat("How do I take the rear wheel off my bike?", _bike, "And how does it go back in?", "The same way, cog first."),
        ),
    ]
    bad = [
        Bad(
            chat("请问怎么泡一壶好喝的绿茶，水温多少度合适？", _tea),
            chat("请问怎么泡一壶好喝的绿茶，水温多少合适？", _tea),
            at=[1],
            fixed=[chat("请问怎么泡一壶好喝的绿茶，水温多少度合适？", _tea)],
        ),
        Bad(
            chat("How do I take the rear wheel off my road bike at home?", _bike),
            chat("How do I take the rear wheel off my road bike?", _bike.replace("lift", "raise")),
            at=[1],
        ),
        Bad(
            chat("What does the function `readLines` of the module for files and folders do?", f"{_open} and returns them."),
            chat("What does the function `countLines` of the module for files and folders do?", f"{_open} and counts them."),
            at=[1],
        ),
        Bad(
            chat(f"把下面的做法改写成清单。\n{_tea}\n喝完把壶倒扣晾干。", "一、烫壶；二、投茶；三、冲泡；四、晾壶。"),
            chat(f"请把下面的做法整理成清单。\n{_tea}\n喝完把壶倒扣晾干。", "一、烫壶；二、投茶；三、冲泡；四、晾壶。"),
            at=[1],
        ),
    ]

    threshold: Annotated[float, "similarity of two prompts from which on they are near duplicates, 0 to 1", (0, 1)] = 0.7
    threshold_short: Annotated[float, "the same for prompts of fewer than 40 words or Chinese characters, 0 to 1", (0, 1)] = 0.6
    threshold_target: Annotated[float, "similarity that their answers must have besides, 0 to 1", (0, 1)] = 0.6

    def summarise(self, batch: Batch) -> Sketches | None:
        return sketched(batch)

    def finish(self, summary: Sketches, run: Run) -> Iterator[Finding]:
        for part in filter(len, summary.by_split(run.files)):
            yield from self._alike(part.distinct(), run)

    def _alike(self, held: Sketches, run: Run) -> Iterator[Finding]:
        low = min(self.threshold, self.threshold_short)
        bands = banding(low, usual=NearDuplicate.threshold_short)
        later, earlier, copies = array("q"), array("q"), array("q")
        likenesses: Packed[Likeness] = Packed()
        # Each record with the earlier one that is likest it by estimate; where it is unlike that, with the next.
        for pairs in candidates(held, bands, low, self.threshold_target).rounds():
            known = among(held.ids[pairs.later], np.sort(np.array([*later, *copies], np.int64)))
            ids = np.stack((held.ids[pairs.later[~known]], held.ids[pairs.earlier[~known]]), axis=1)
            starts = range(0, len(ids), LOT)  # of a lot after the other there are lists, never of all
            measured = run.map(self.confirm, (Lot(ids[i : i + LOT].tolist(), run.learned[Boilerplate]) for i in starts))
            for start, lot in zip(starts, measured, strict=True):
                for (new, old), likeness in zip(ids[start : start + LOT].tolist(), lot, strict=True):
                    if likeness == COPY:
                        copies.append(new)
                    elif likeness:
                        later.append(new)
                        earlier.append(old)
                        likenesses.append(likeness)
        roots, sizes = _clusters(np.array(later, np.int64), np.array(earlier, np.int64))
        for id, other, root, size, likeness in zip(later, earlier, roots, sizes, likenesses, strict=True):
            fix = Fix.of(drop(id), safe=False) if other >> 40 == id >> 40 else None  # never because of another file
            related = list(dict.fromkeys((other, root)))
            kind = "message_reworded" if likeness.reworded else "message"
            severity = "info" if likeness.reworded or likeness.other else None
            yield self.finding(
                id, kind=kind, severity=severity, fix=fix, related=related, related_total=size,
                prompt=likeness.prompt, target=likeness.target, change=likeness.change,
            )  # fmt: skip

    def confirm(self, records: Mapping[int, Record], lot: Lot) -> list[Likeness | None]:
        """How much alike each pair is, both records read again: COPY for the same, None for records that are not alike."""
        held = {id: said(records[id]) for id in sorted({id for pair in lot.pairs for id in pair})}
        number = {id: i for i, id in enumerate(held)}
        pairs = np.array([[number[id] for id in pair] for pair in lot.pairs])
        asked, given = (Shingles.of([side[i] for side in held.values()]) for i in (0, 1))
        common = lot.boilerplate.marks(asked.heads, asked.bounds)
        sizes = np.array([np.count_nonzero(~common[start:stop]) for start, stop in pairwise(asked.bounds.tolist())])[pairs]
        prompts, targets = jaccard(asked, pairs, common), jaccard(given, pairs)
        short = sizes.max(axis=1) < SHORT_PROMPT
        threshold = np.where(short, self.threshold_short, self.threshold)
        # The prompts as they stand must be alike too: one text under two instructions is no copy.
        whole = jaccard(asked, pairs)
        long = np.diff(given.bounds)[pairs].min(axis=1) >= SHORT_PROMPT
        least = np.where(long & (whole == 1), self.threshold_target * SAME_PROMPT, self.threshold_target)
        enough = (prompts >= threshold) & (whole >= threshold) & (targets >= least)
        enough &= sizes.min(axis=1) >= LEAST_CONTENT
        likenesses: list[Likeness | None] = [None] * len(pairs)
        for i in np.flatnonzero(enough).tolist():
            later, earlier = (held[id] for id in lot.pairs[i])
            if prompts[i] == targets[i] == 1 and list(map(fold, later[0] + later[1])) == list(map(fold, earlier[0] + earlier[1])):
                likenesses[i] = COPY
            elif targets[i] < self.threshold_target and PROGRAM.search(later[1][-1]):
                continue  # two programs for one task are two answers, however alike
            elif same_matter(later, earlier, prompts[i], short[i]):
                doubts = _reworded(later, earlier), other_thing(later, earlier)
                likenesses[i] = Likeness(float(prompts[i]), float(targets[i]), _change(later, earlier), *doubts)
        return likenesses


LOT = 250  # pairs for a worker
SAME_PROMPT = 0.7  # of the threshold that two long answers to one prompt must reach


class Lot(NamedTuple):
    """What a worker compares: pairs of a later and an earlier record."""

    pairs: list[list[int]]
    boilerplate: Boilerplate


def _clusters(later: NDArray[np.int64], earlier: NDArray[np.int64]) -> tuple[array[int], array[int]]:
    """For each record *later*, which is like one *earlier*: the first record of all that it is like through others, and
    how many records lead to that one."""
    order = np.argsort(later)
    at = np.minimum(np.searchsorted(later, earlier, sorter=order), max(len(later) - 1, 0))
    above = np.where(later[order[at]] == earlier, order[at], np.arange(len(later)))  # the row of the earlier one, or its own
    while (next_ := above[above]).tobytes() != above.tobytes():
        above = next_
    roots, of, counts = np.unique(earlier[above], return_inverse=True, return_counts=True)
    return array("q", roots[of].tobytes()), array("q", counts[of].astype(np.int64).tobytes())


def _reworded(later: Sides, earlier: Sides) -> bool:
    """Whether the answers are the same, and of the prompts all but what stands in the first or the last line."""
    if later[1] != earlier[1] or later[0][:-1] != earlier[0][:-1]:
        return False
    new, old = ([line for line in map(str.strip, side[0][-1].split("\n")) if line] for side in (later, earlier))
    shared = set(new).intersection(old)
    if sum(map(len, shared)) < TEXT * min(sum(map(len, new)), sum(map(len, old))):
        return False
    middles = new[1:-1] + old[1:-1]
    return shared.issuperset(middles) and not any(shared.issuperset(lines[:1] + lines[-1:]) for lines in (new, old))


TEXT = 0.5  # of a prompt are lines of the text that an instruction is about


def _change(later: Sides, earlier: Sides) -> str | Phrase:
    """What the later record says where the earlier one says something else, at the first such text."""
    texts = zip(later[0] + later[1], earlier[0] + earlier[1], strict=False)
    new, old = differing(*next((pair for pair in texts if pair[0] != pair[1]), ("", "")))
    new, old = quote(new.strip(), QUOTE), quote(old.strip(), QUOTE)
    if not old:
        return Phrase(f"“{new}” is new", f"多出“{new}”").escaped()
    return f"“{old}” → “{new}”" if new else Phrase(f"“{old}” is left out", f"少了“{old}”").escaped()


QUOTE = 36  # characters of each side of a change
