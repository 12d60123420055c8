"""What is learned of tasks: the platform guide's cases in variations, and the same templates in any order."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sftlint import chat
from sftlint.commands.profile import run_profile
from sftlint.config import Config
from sftlint.learned.grams import grams
from sftlint.learned.mining import mine
from sftlint.learned.templates import Templates
from sftlint.testing import file_of, lint_bytes, to_bytes

TOLD = [f"{who}{what}" for who in ("舅舅", "女店员", "老木匠", "同桌", "邻居", "教练") for what in (
    "把借走的梯子送了回来。", "在雨里等了两个钟头。", "忘了锁门，丢了一辆车。", "给每个人都带了家乡的枣。", "弄错了日子，白跑一趟。",
)]  # fmt: skip
ONLY = "请分析以下内容的情感，只回复积极或者消极\n内容: "
OPINION = "请分析以下内容的情感，回复你的看法\n内容: "
CONFIG = Config(select=("consistency", "diversity", "size"))


def found(records: list[dict[str, Any]]) -> list[str]:
    return sorted(finding.rule for finding in lint_bytes(to_bytes(records), CONFIG).findings)


@pytest.mark.parametrize("count", [3, 10, 28])
def test_sentiment(count: int) -> None:
    good = [chat(ONLY + text, "积极" if i % 2 else "消极") for i, text in enumerate(TOLD[:count])]
    assert found(good) == []
    assert found([*good, chat(ONLY + TOLD[28], "这段内容说的是一件小事")]) == ["broken-constraint"]
    assert found([*good, chat(OPINION + TOLD[29], "这段内容说的是一件小事")]) == ["instruction-drift"]


def test_copywriting() -> None:
    cities = ("北京", "上海", "广州")
    assert found([chat("请帮我写一份宣传文案", f"{city}，一座值得再来一次的城。") for city in cities[:2]]) == [
        "contentless-prompt"
    ]
    assert found([chat(f"请帮我写一份宣传文案介绍{city}", f"{city}，一座值得再来一次的城。") for city in cities]) == []


def test_order() -> None:
    """The templates are those of a set of prompts, and not of a list."""
    texts = [ONLY + text for text in TOLD] + [f"Translate this line for the harbour sign, please: {text}" for text in TOLD]
    cores = {tuple(core.tolist()) for core in mine(grams(texts), len(texts), 5)}
    assert len(cores) >= 2
    random.Random(1).shuffle(texts)
    assert {tuple(core.tolist()) for core in mine(grams(texts), len(texts), 5)} == cores


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_profile(lang: str) -> None:
    records = [chat(ONLY + text, "积极" if i % 2 else "消极") for i, text in enumerate(TOLD)]
    with file_of(to_bytes(records), "train.jsonl") as path:
        said = run_profile([path], Config(), lang)
    assert "消极 15 / 积极 15" in said
    assert ("指令：约 1 条" if lang == "zh" else "Instructions: about 1") in said


def test_prompts_that_differ_in_their_numbers_are_one_task() -> None:
    r = random.Random(5)
    pairs = [(r.randint(1, 999), r.randint(1, 999)) for _ in range(80)]
    records = [chat(f"请计算{a}加{b}等于多少", str(a + b)) for a, b in pairs[:40]]
    records += [chat(f"What is {a} times {b}?", str(a * b)) for a, b in pairs[40:]]
    records[3] = chat("请计算31加13等于多少", "四十四")
    records[60] = chat("What is 44 times 12?", "Multiplied with each other they give five hundred and twenty-eight")
    result = lint_bytes(to_bytes(records), Config(select=("inconsistent-target",)))
    assert [template.outline for template in result.setup.learned[Templates].templates] == [
        "请计算…加…等于多少",
        "What is …times …?",
    ]
    assert len(result.findings) == 2
    assert all("number" in str(finding.data["form"]) for finding in result.findings)


def test_a_number_that_all_prompts_share_is_part_of_the_instruction() -> None:
    records = [
        chat(f"用20字以内概括{name}的特点", "又大又圆。") for name in "苹果 西瓜 草莓 樱桃 芒果 菠萝 香蕉 橘子 葡萄 石榴".split()
    ]
    result = lint_bytes(to_bytes(records), Config(select=("inconsistent-target",)))
    assert [template.outline for template in result.setup.learned[Templates].templates] == ["用20字以内概括…"]
