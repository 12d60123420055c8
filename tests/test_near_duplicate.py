"""near-duplicate: signatures held against datasketch, recall against brute force, and no false pair where an instruction is shared."""

from __future__ import annotations

import json
import random
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from datasketch import MinHash  # type: ignore[import-untyped]

from sftlint.config import Config
from sftlint.matching.minhash import estimate, jaccard, minhash
from sftlint.matching.shingles import Shingles, heads_of
from sftlint.matching.sketches import _SLICE, MOST, Sketches, _Likeliest, banding
from sftlint.testing import lint_bytes

from .helpers import jsonl

HAN = [chr(code) for code in range(0x6000, 0x6400)]
SYLLABLES = ["ba", "do", "ke", "li", "mo", "nu", "pra", "que", "ri", "sta", "ten", "ul", "vo", "wex", "yan", "zi"]
INSTRUCTION = {
    "zh": "你是一名经验丰富的文字编辑，请仔细阅读下面给出的材料，先用自己的话概括它的主要内容，再指出其中最值得注意的一个细节，最后说明"
    "读者可以从中得到什么启发。回答时不要逐字照抄原文，不要加入材料里没有的信息，不要使用列表，语气保持平实自然，总字数控制在两百字"
    "以内，并确保没有错别字和语病。材料如下：\n",
    "en": "You are an experienced editor. Read the following material with care, sum up in words of your own what it is mainly about, "
    "name the one detail that deserves most attention, and say in the end what a reader can learn from it.\nMaterial:\n",
}


def tokens(lang: str, r: random.Random, count: int) -> list[str]:
    if lang == "zh":
        return [r.choice(HAN) for _ in range(count)]
    return ["".join(r.choice(SYLLABLES) for _ in range(r.randint(1, 3))) for _ in range(count)]


def text(lang: str, words: list[str]) -> str:
    return ("" if lang == "zh" else " ").join(words)


def edited(lang: str, r: random.Random, words: list[str], edits: int) -> list[str]:
    words = list(words)
    for _ in range(edits):
        at = r.randrange(len(words))
        words[at : at + r.randint(0, 1)] = tokens(lang, r, r.randint(0, 1)) or words[at : at + 1]
    return words


def found(records: list[Any], **options: Any) -> dict[int, list[int]]:
    """Numbers of the records reported, each with those it is related to."""
    data = jsonl(*records)
    starts, at = {}, 0
    for number, line in enumerate(data.splitlines(keepends=True)):
        starts[at] = number
        at += len(line)
    config = Config(select=("near-duplicate",), packs=False, rule={"near-duplicate": options} if options else {})
    return {starts[f.place.record]: [starts[id] for id in f.related] for f in lint_bytes(data, config).findings if f.place}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("bits", [5, 6])
def test_estimates_are_as_good_as_datasketch(lang: str, bits: int) -> None:
    """Bias is that of datasketch, and so is the error, but for one permutation's somewhat larger one in short texts."""
    r = random.Random(11)
    texts = []
    for _ in range(60):
        words = tokens(lang, r, r.randint(60, 300))
        texts += [text(lang, words), text(lang, edited(lang, r, words, r.randint(0, 60)))]
    shingles = Shingles.of([[each] for each in texts])
    pairs = np.arange(len(texts)).reshape(-1, 2)
    true = jaccard(shingles, pairs)
    heads, bounds = heads_of([each.encode() for each in texts])
    ours = estimate(minhash(heads, bounds, bits), pairs[:, 0], pairs[:, 1])
    references = []
    for start, stop in pairwise(bounds.tolist()):
        reference = MinHash(1 << bits)
        reference.update_batch([head.tobytes() for head in heads[start:stop]])
        references.append(reference)
    theirs = np.array([references[a].jaccard(references[b]) for a, b in pairs.tolist()])
    error, expected = np.sqrt(np.mean((ours - true) ** 2)), np.sqrt(np.mean((theirs - true) ** 2))
    assert abs(np.mean(ours - true)) < 0.03 and abs(np.mean(ours - theirs)) < 0.04
    assert error < 1.5 * expected + 0.01


def test_jaccard_is_that_of_sets() -> None:
    r = random.Random(5)
    texts = [text("zh", tokens("zh", r, r.randint(0, 12))) for _ in range(40)]
    shingles = Shingles.of([[each] for each in texts])
    sets = [set(shingles.hashes[a:b].tolist()) for a, b in pairwise(shingles.bounds.tolist())]
    pairs = list(combinations(range(len(texts)), 2))
    expected = [len(sets[a] & sets[b]) / len(sets[a] | sets[b]) if sets[a] | sets[b] else 1.0 for a, b in pairs]
    assert jaccard(shingles, np.array(pairs)).tolist() == pytest.approx(expected)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_recall_against_brute_force(lang: str) -> None:
    """Of all records that measuring every pair would report, 99 % are reported, and no other."""
    r = random.Random(3)
    records, sides = [], []
    for _ in range(150):
        asked, given = tokens(lang, r, r.randint(8, 60)), tokens(lang, r, r.randint(12, 120))
        for _ in range(4):
            prompt, answer = edited(lang, r, asked, r.randint(0, 6)), edited(lang, r, given, r.randint(0, 8))
            sides.append((text(lang, prompt), text(lang, answer)))
            records.append({"context": [sides[-1][0]], "target": sides[-1][1]})
    asked_of, given_of = (Shingles.of([[side[i]] for side in sides]) for i in (0, 1))
    pairs = np.array(list(combinations(range(len(sides)), 2)))
    prompts, answers = jaccard(asked_of, pairs), jaccard(given_of, pairs)
    short = np.diff(asked_of.bounds)[pairs].max(axis=1) < 40
    same = np.array([sides[a] == sides[b] for a, b in pairs.tolist()])
    long = (prompts == 1) & (np.diff(given_of.bounds)[pairs].min(axis=1) >= 40)  # two answers to one prompt
    near = (prompts >= np.where(short, 0.6, 0.7)) & (answers >= np.where(long, 0.42, 0.6)) & ~same
    expected = {later for _, later in pairs[near].tolist()}
    copies = {later for _, later in pairs[same].tolist()}
    reported = set(found(records))
    assert len(expected) > 150
    assert reported <= expected
    assert len(expected - reported - copies) <= 0.01 * len(expected)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_shared_instruction_makes_no_pair(lang: str) -> None:
    """500 contents under one long instruction, 40 of them again with edits: the edits are found, and nothing else."""
    r = random.Random(8)
    contents = [tokens(lang, r, r.randint(15, 60)) for _ in range(500)]
    answers = [text(lang, tokens(lang, r, r.randint(20, 60))) for _ in contents]
    sources = r.sample(range(500), 40)
    copies = [edited(lang, r, contents[i], r.randint(1, 4)) for i in sources]
    records = [
        {"context": [INSTRUCTION[lang] + text(lang, content)], "target": answer}
        for content, answer in [*zip(contents, answers, strict=True), *zip(copies, (answers[i] for i in sources), strict=True)]
    ]
    shingles = Shingles.of([[text(lang, words)] for words in [*contents, *copies]])
    alike = jaccard(shingles, np.array([(500 + k, i) for k, i in enumerate(sources)]))
    length = np.diff(shingles.bounds)
    least = [0.6 if max(length[500 + k], length[i]) < 40 else 0.7 for k, i in enumerate(sources)]
    reported = found(records)
    assert all(number >= 500 and related[0] == sources[number - 500] for number, related in reported.items())
    due = {500 + k for k in range(40) if alike[k] >= least[k] and copies[k] != contents[sources[k]]}
    # Three shingles of each content begin in the instruction, and whether they count decides next to the threshold.
    assert len(due) >= 25
    assert {number for number in due - set(reported) if alike[number - 500] >= least[number - 500] + 0.02} == set()


def test_what_is_no_near_duplicate() -> None:
    """Histories that grow, labels and numbers that matter, and copies."""
    turns = ["周末想去爬山，有什么推荐？", "可以去香山，红叶正好，早上人少。", "要带什么东西？", "带水、面包和一件外套。"]
    dialogue = [{"context": turns[:1], "target": turns[1]}, {"context": turns[:3], "target": turns[3]}]
    review = (
        "这家店的牛肉面汤头浓郁，面条筋道，分量也足，只是周末排队的人实在太多，要等上大半个小时。这条评论是积极的还是消极的？"
    )
    labels = [{"context": [review], "target": "积极"}, {"context": [review.replace("实在", "")], "target": "消极"}]
    sums = [
        {
            "context": [f"小明有{n}个苹果，妈妈又买来了一些，一共有十二个，请问妈妈买了多少个苹果？"],
            "target": f"用总数减去原来的数量，妈妈买了{12 - n}个苹果。",
        }
        for n in (3, 5)
    ]
    again = [{"context": ["怎样挑选一个熟透的西瓜才不会失手？"], "target": "看纹路，听声音，再看瓜蒂是否弯曲发干。"}] * 2
    for records in (dialogue, labels, sums, again):
        assert found(records) == {}


def test_clusters_keep_the_first() -> None:
    r = random.Random(2)
    words, answer = tokens("zh", r, 50), text("zh", tokens("zh", r, 50))
    records = [{"context": [text("zh", words[:i] + words[i + 1 :])], "target": answer} for i in (10, 20, 30, 40)]
    reported = found(records)
    assert set(reported) == {1, 2, 3} and all(related[-1] == 0 for related in reported.values())


def test_thresholds() -> None:
    """Another threshold has bands of datasketch's choice."""
    assert banding(0.6, usual=0.6) == (32, 3)
    assert banding(0.9, usual=0.6)[1] > 3
    r = random.Random(4)
    words, answer = tokens("en", r, 60), text("en", tokens("en", r, 40))
    records = [{"context": [text("en", each)], "target": answer} for each in (words, edited("en", r, words, 5))]
    assert set(found(records)) == {1}
    assert found(records, threshold=0.99, threshold_short=0.99) == {}


def test_one_template_and_one_record_many_times_stay_linear() -> None:
    """Copies but for blanks meet the first of them only, whatever their number."""
    record = {"context": ["请说明怎样在冬天给阳台上的多肉植物浇水才不会冻伤根系"], "target": "中午气温高时少量浇水，夜里不要浇。"}
    lines = [json.dumps(record, ensure_ascii=False) + " " * i for i in range(2000)]
    assert found(lines) == {}


@pytest.mark.parametrize("rows", [40, _SLICE])
def test_weeding_pairs_out_on_the_way_leaves_the_likeliest_of_all(rows: int) -> None:
    """However the pairs come, and with slices that end inside a row's pairs; equally likely ones stand in reading order."""
    r = np.random.default_rng(rows)
    later, earlier = r.integers(1, rows, 20 * rows), r.integers(0, rows, 20 * rows)
    pairs = np.unique((later << 32 | earlier % later).astype(np.uint64))
    likely = r.integers(0, 6, len(pairs)) / 4
    order = np.lexsort((pairs, -likely, pairs >> np.uint64(32)))
    firsts = np.searchsorted(pairs >> np.uint64(32), pairs >> np.uint64(32))
    expected = pairs[order[np.arange(len(pairs)) - firsts < MOST]]
    held = _Likeliest(rows)
    shuffled = r.permutation(len(pairs))
    for part in np.array_split(shuffled, 30):
        again = np.concatenate((pairs[part], pairs[shuffled[: len(part)]]))  # found in several bands
        new = np.unique(held.other(again))
        held.add(new, likely[np.searchsorted(pairs, new)])
        held.merge()
    found = held.pairs()
    assert (found.later << 32 | found.earlier).astype(np.uint64).tolist() == expected.tolist()


def test_sketches_are_thinned_in_place() -> None:
    def made() -> Sketches:
        keys = np.array([5, 7, 5, 9, 7, 5], np.uint64)
        prompts = np.arange(6 * 64, dtype=np.uint8).reshape(64, 6)
        return Sketches(np.array([1, 2, 3, 4, 1 << 40, 2 << 40]), keys, prompts, prompts[:32].copy())

    thinned, expected = made().distinct(), made().take([0, 1, 3])
    assert all((getattr(thinned, name) == getattr(expected, name)).all() for name in Sketches._COLUMNS)
    assert thinned.distinct() is thinned
    files = [type("File", (), {"split": split}) for split in ("train", "evaluation", "train")]
    train, evaluation = made().by_split(files)
    assert train.ids.tolist() == [1, 2, 3, 4, 2 << 40] and evaluation.ids.tolist() == [1 << 40]
    assert (train.prompts == made().prompts[:, [0, 1, 2, 3, 5]]).all()
