"""What is learned of tasks: the platform guide's cases in variations, and the same templates in any order."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sftlint import chat
from sftlint.config import Config
from sftlint.grams import grams
from sftlint.mining import mine
from sftlint.profile import run_profile
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
