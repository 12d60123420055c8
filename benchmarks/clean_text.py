"""Clean records of our own, in Chinese or English, to plant defects into.

Most come from the corpus of the speed benchmark. The rest are near misses: answers that end without a mark, or are short,
or speak of code, and have nothing wrong with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import orjson
from corpus import CHINESE, ENGLISH, KINDS, Words, extract, one, sentiment

Turns = list[str]
Kind = tuple[Callable[[Random, Words, bool], Turns], int]
WORDS = {"en": ENGLISH, "zh": CHINESE}


def records(lang: str, count: int, seed: int, kinds: Sequence[Kind] = ()) -> list[dict[str, Any]]:
    """*count* clean records in *lang* ("en" or "zh"), no two of them alike; the same for the same seed."""
    r, words, zh = Random(seed), WORDS[lang], lang == "zh"
    draw = [make for make, weight in kinds or (*KINDS, *NEAR_MISSES) for _ in range(weight)]
    made: list[dict[str, Any]] = []
    seen = set()
    while len(made) < count:
        turns = one(r, draw)(r, words, zh)
        if turns[0] not in seen:
            seen.add(turns[0])
            made.append({"context": turns[:-1], "target": turns[-1]})
    return made


def _title(r: Random, w: Words, zh: bool) -> Turns:
    text = w.paragraph(r, w.length(r, 3))
    noun, other = w.word(r, "noun"), w.word(r, "noun")
    return [("给下面的文字起个标题：\n" if zh else "Give this text a title.\n\n") + text,
            f"{noun}与{other}" if zh else f"Of the {noun.title()} and the {other.title()}"]  # fmt: skip


def _verse(r: Random, w: Words, zh: bool) -> Turns:
    noun = w.word(r, "noun")
    lines = [
        (w.word(r, "place") + "的" + w.word(r, "noun")) if zh else f"the {w.word(r, 'noun')} {w.word(r, 'place')}"
        for _ in range(6)
    ]
    return [f"写几行关于{noun}的诗。" if zh else f"Write a few lines of verse about a {noun}.", "\n".join(lines)]


def _letter(r: Random, w: Words, zh: bool) -> Turns:
    topic, noun = w.word(r, "topic"), w.word(r, "noun")
    body = w.paragraph(r, w.length(r, 3))
    asked = f"就{topic}写一封短信，提到{noun}。" if zh else f"Write a short letter about {topic} that mentions the {noun}."
    return [asked, body + ("\n\n此致\n敬礼" if zh else "\n\nYours sincerely,\n" + w.word(r, "person").title())]


def _nouns(r: Random, w: Words, zh: bool) -> Turns:
    found = r.sample(w.lists["noun"], r.randint(3, 7))
    text = w.paragraph(r, w.length(r, 2))
    asked = "列出与下文相关的物品，用顿号隔开。\n" if zh else "List things that go with the text, one on each line.\n"
    return [asked + text, "、".join(found) if zh else "\n".join(f"- {noun}" for noun in found)]


def _number(r: Random, w: Words, zh: bool) -> Turns:
    a, b, noun, place = r.randrange(20, 999), r.randrange(2, 90), w.word(r, "noun"), w.word(r, "place")
    if zh:
        return [f"{place}有{a}个{noun}，又运来{b}个，一共多少个？只回答数字。", str(a + b)]
    return [
        f"There are {a} of the {noun} kind {place}, and {b} more arrive. How many are there? Reply with a number.",
        str(a + b),
    ]


NEAR_MISSES: tuple[tuple[Callable[[Random, Words, bool], Turns], int], ...] = (
    (_title, 3), (_verse, 3), (_letter, 3), (_nouns, 3), (_number, 5),
)  # fmt: skip


# --- sets of a few tasks, each with an instruction and a form of answer of its own ---------------------------------------------


def _topic(r: Random, w: Words, zh: bool) -> Turns:
    text = w.paragraph(r, w.length(r, 2))
    labels = ("建筑", "交通", "饮食", "天气") if zh else ("building", "transport", "food", "weather")
    asked = (
        "给下面的短文归类，类别只有建筑、交通、饮食、天气。"
        if zh
        else "File the note below under building, transport, food or weather."
    )
    return [f"{asked}\n{text}", one(r, labels)]


def _checked(r: Random, w: Words, zh: bool) -> Turns:
    text, noun = w.paragraph(r, w.length(r, 2)), w.word(r, "noun")
    asked = f"下文是否提到{noun}？只回答是或否。" if zh else f"Does the text mention a {noun}? Answer only yes or no."
    return [f"{asked}\n{text}", one(r, ("是", "否") if zh else ("yes", "no"))]


def _brief(r: Random, w: Words, zh: bool) -> Turns:
    text = w.paragraph(r, w.length(r, 6))
    asked = "用不超过60字概括下文。" if zh else "Sum up the text in no more than 40 words."
    return [f"{asked}\n{text}", w.sentence(r)]


def tasks(lang: str, count: int, seed: int) -> list[dict[str, Any]]:
    """*count* records of six tasks: labels with and without a list of them, yes or no, JSON, numbers, a limit of words."""
    return records(lang, count, seed, ((sentiment, 1), (_topic, 1), (_checked, 1), (extract, 1), (_number, 1), (_brief, 1)))


def thoughts(lang: str, count: int, seed: int) -> list[dict[str, Any]]:
    """Records whose answers open with thoughts."""
    r, words = Random(f"thoughts {seed}"), WORDS[lang]
    made = records(lang, count, seed)
    for record in made:
        record["target"] = f"<think>\n{words.paragraph(r, 3)}\n</think>\n\n{record['target']}"
    return made


def messages(lang: str, count: int, seed: int) -> list[dict[str, Any]]:
    """Records as lists of messages with roles; in every other one a tool is called."""
    r, words, zh = Random(f"messages {seed}"), WORDS[lang], lang == "zh"
    made = []
    for i, record in enumerate(records(lang, count, seed)):
        turns = [*record["context"], record["target"]]
        said: list[dict[str, Any]] = [{"role": ("user", "assistant")[k % 2], "content": text} for k, text in enumerate(turns)]
        if i % 2:
            noun, price = words.word(r, "noun"), r.randrange(5, 900)
            call = {
                "id": f"call_{i}",
                "type": "function",
                "function": {"name": "price_of", "arguments": orjson.dumps({"item": noun}).decode()},
            }
            said += [
                {"role": "user", "content": f"{noun}多少钱？" if zh else f"And what does a {noun} cost?"},
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": call["id"], "content": str(price)},
                {"role": "assistant", "content": f"{noun}现在卖{price}元。" if zh else f"A {noun} is sold for {price} crowns."},
            ]
        made.append({"messages": said})
    return made


SETS: dict[str, Callable[[str, int, int], list[dict[str, Any]]]] = {
    "mixed": records, "tasks": tasks, "thoughts": thoughts, "messages": messages,
}  # fmt: skip
