from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from sftlint import Bad, Batch, Buckets, Finding, Good, Phrase, Rule, Run, chat, distinct, endings

BANDS = (0.85, 0.75)  # of the highest length of a band is the lowest
LEAST_CAP = 100  # characters that no limit is below
CARELESS = 0.25  # share of all answers without an end from which on a band of them says nothing


class LengthCap(Rule):
    """The longest answers stop without ending: they were generated under a limit.

    A limit on the number of tokens cuts off just the most thorough answers, and the model learns that long answers have no end.

    In each file, Chinese answers and others apart, the share of answers that end without a mark is compared: among the longest
    twentieth, and among those of usual length; and among those of about one length, and all others. The finding stands for the
    long answers without an end.

    Not reported: files with fewer than `least` answers; code, labels and lists, where answers of any length end without a mark.
    """

    zh = """最长的一批回答没有结尾：生成时受到了长度限制。

    token 数上限截断的恰恰是最详尽的回答，模型会学到“长回答没有结尾”。

    在每个文件内，中文回答与其他回答分开，比较最长的二十分之一与普通长度的回答、以及长度相近的一批与其余回答中没有句末标点的比例。结论对应的是没有结尾的长回答。

    不报告：回答少于 `least` 条的文件；代码、标签和列表等长短回答都不带句末标点的数据。
    """
    message = Phrase(
        en="{share} % of the {longest} longest answers stop without ending (of the others {usual} %): "
        "{count} answers were probably cut at about {tokens} tokens",
        zh="最长的 {longest} 条回答中有 {share}% 没有结尾（其余仅 {usual}%）：约 {count} 条回答疑似在 {tokens} 个 token 左右被统一截断",
    )
    message_band = Phrase(
        en="{share} % of the {longest} answers of about {tokens} tokens stop without ending (of the others {usual} %): "
        "{count} answers were probably cut there",
        zh="长度在 {tokens} 个 token 左右的 {longest} 条回答中有 {share}% 没有结尾（其余仅 {usual}%）：约 {count} 条回答疑似在此处被统一截断",
    )
    suggestion = Phrase(
        en="generate them again with a higher token limit, or drop them",
        zh="调大生成长度上限后重新生成，或删除这些回答",
    )
    scope = "dataset"

    good = [
        Good(*(chat(f"Who was number {n}?", "Nobody of note") for n in range(4)), chat("Who was last?", "The mayor"), least=5),
    ]
    bad = [
        Bad(
            *(chat(f"{town}在哪里？", f"{town}在{where}。") for town, where in zip("甲乙丙丁戊己庚辛壬癸子丑", "东西南北中左右前后上下里", strict=True)),
            chat("怎么去山顶？", "从东门进去，沿着石阶往上走，经过两座凉亭和一口老井，再穿过一片松林"),
            chat("湖边有什么？", "湖边有一条步道，两旁种着柳树，春天有人放风筝，夏天可以租船，秋天看芦花"),
            chat("集市卖什么？", "集市上有新摘的蔬菜、手工竹篮、刚出炉的烧饼，也有人摆摊修鞋，旁边是卖花的老人"),
            at=[None],
            least=15,
        )
    ]  # fmt: skip

    least: Annotated[int, "answers of a file, of one language, from which on they are judged"] = 100

    def summarise(self, batch: Batch) -> Buckets | None:
        texts = batch.targets.strings
        if not texts:
            return None
        ended = endings.ENDED
        open_ = [0 if (last := text[-1:]) in ended or last == "." else _open(text) for text in texts]
        wide = batch.targets.sizes > 1.5 * batch.targets.lengths  # mostly in Chinese
        ids = np.array([record.id for record in batch.sound for _ in record.layout.target])
        # File, script, length and end of each answer in 64 bits: this is kept for every record.
        return Buckets(ids, ((ids >> 40) << 42 | wide.astype(np.int64) << 41 | batch.targets.lengths << 2 | open_).astype(np.uint64))

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        groups = (summary.keys >> np.uint64(41)).astype(np.int64)
        for group in distinct(groups).tolist():
            part = summary.take(groups == group)
            keys = part.keys.astype(np.int64)
            sizes, without, prose = keys >> 2 & (1 << 39) - 1, (keys & 1).astype(bool), (keys & 2).astype(bool)
            if len(part) < self.least:
                continue
            order = np.lexsort((without, sizes))
            sizes, without, prose, ids = sizes[order], without[order], prose[order], part.ids[order]
            long = _long(without, max(self.least // 5, len(part) // 20))
            band = _band(sizes, without, prose, max(8, self.least // 10))
            if not long and not band:
                continue
            kind, (share, usual, longest) = ("message", long) if long else ("message_band", band[2])  # type: ignore[index]
            low, cap = band[:2] if band else (0.75 * float(np.quantile(sizes, 0.995)), float(np.quantile(sizes, 0.995)))
            cut = np.sort(ids[without & (sizes >= low) & (long is not None or sizes <= cap)]).tolist()
            tokens = round(cap / (1.5 if group & 1 else 4.3), -1)
            yield self.finding(
                kind=kind, file=group >> 1, key="zh" if group & 1 else "", hits=cut, related=cut[:10], related_total=len(cut), count=len(cut),
                longest=longest, share=round(100 * share), usual=round(100 * usual), tokens=int(tokens),
            )  # fmt: skip



def _open(text: str) -> int:
    """0: it has an end.  1: it has none.  3: it has none, and is running text, not a list, a name or code."""
    if not endings.is_open(text):
        return 0
    bare = text.rstrip()
    running = len(text) >= LEAST_CAP / 2 and (not bare[-1].isalpha() or endings.tail(bare) is not None)
    return 3 if running else 1


Shares = tuple[float, float, int]
"""The shares without an end among the long answers and the usual ones, and how many the long ones are."""


def _long(without: NDArray[np.bool_], longest: int) -> Shares | None:
    """The shares among the *longest* and the usual answers, where these differ; *without*: which have no end, by length (n,)."""
    count = len(without)
    top, usual = without[count - longest :], without[int(0.3 * count) : max(int(0.85 * count), 1)]
    share, base = float(top.mean()), (float(usual.sum()) + 1) / (len(usual) + 2)
    error = math.sqrt(base * (1 - base) / longest)
    if share < 0.3 or share - base < 0.25 or share - base < 4 * error:
        return None
    return share, float(usual.mean()), longest


def _band(
    sizes: NDArray[np.int64], without: NDArray[np.bool_], prose: NDArray[np.bool_], least: int
) -> tuple[float, float, Shares] | None:
    """The lowest and highest length of the answers that a limit cut, and the shares within and without these bounds.

    One number of tokens is about one number of characters, so the answers of one source stop within a narrow band,
    whatever longer answers of another source there are.  sizes, without: length of each answer, sorted, and whether it has no end;
    prose: which of these are running text, most of a band must be.
    """
    ends, told = np.append(0, np.cumsum(without)), np.append(0, np.cumsum(prose))
    highest = np.unique(sizes[(sizes > np.quantile(sizes, 0.7)) & (sizes >= LEAST_CAP)])
    best: tuple[float, float, Shares] | None = None
    most = 6.0
    for width in BANDS if len(highest) else ():
        low, high = np.searchsorted(sizes, width * highest), np.searchsorted(sizes, highest, "right")
        cut, count = ends[high] - ends[low], high - low
        usual = (ends[-1] - cut + 1) / (len(sizes) - count + 2)
        fits = (told[high] - told[low] >= 0.6 * cut) & (cut >= least) & (cut >= 0.4 * count) & (cut >= (usual + 0.3) * count) & (usual <= CARELESS)
        beyond = fits * (cut - usual * count) / np.sqrt(usual * (1 - usual) * count)
        at = int(np.argmax(beyond))
        if beyond[at] > most:
            most = float(beyond[at])
            best = width * float(highest[at]), float(highest[at]), (float(cut[at] / count[at]), float(usual[at]), int(count[at]))
    return best
