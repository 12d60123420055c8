"""What is private is masked in whatever is printed, whichever rule quotes it, and linear in time on hostile text."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sftlint import PERSONAL, SECRETS, chat, hits
from sftlint.cli import app
from sftlint.texts.mask import mask, mask_parts

KEY = "sk-" + "Zt4mQ8vK2xR7pL1wN9bH5yC3fD6gJ0sAeTuW4qXk"
CARD = "32010619840312154X"


@pytest.mark.parametrize("output", ["text", "concise", "json", "json-lines"])
@pytest.mark.parametrize("private", [KEY, CARD, "zhang.wei@huaxin-tech.cn"])
def test_no_output_of_any_rule_holds_what_is_private(output: str, private: str, tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    records = [
        chat("你好", f"\x08{private}"),  # control-character points beside it
        chat(f"请复述：{private}", f"请复述：{private}"),  # echoed-prompt quotes it
        {"context": [f"谁？{private}"], "target": None},  # the record's beginning is shown
    ]
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    said = CliRunner().invoke(app, ["check", str(path), "--isolated", "--output-format", output, "--examples", "all"]).output
    assert "control-character" in said
    shown = private.partition("@")[0]  # of an address the host is shown
    for cut in range(4, len(shown) - 5):
        assert shown[cut : cut + 6] not in said


def test_a_quote_that_cuts_through_a_key_is_masked_too() -> None:
    text = f"key {KEY} and so on"
    for cut in range(5, len(text)):
        for piece in mask_parts(text, (0, cut, len(text))):
            assert KEY[5:12] not in piece
            assert KEY[-7:] not in piece
    assert mask("身份证 32010619840312…") == "身份证 **************…"


def test_what_is_not_private_stays_as_it_is() -> None:
    for text in ("14 records, 1,234,567 in all", "版本 10.12.33.41", "a@b", "0x1234567890abcdef", "π is 3.14159265358979"):
        assert mask(text) == text


@pytest.mark.parametrize(
    "unit", ["1", "a", "a@", "1.", "eyJ", "a.", "sk-", "4444 ", "secret_key=", "-----BEGIN PRIVATE KEY-----"]
)
def test_hostile_text_costs_linear_time(unit: str) -> None:
    def cost(size: int) -> float:
        start = time.process_time()
        list(hits((*SECRETS, *PERSONAL), unit * (size // len(unit))))
        return time.process_time() - start

    cost(1000)
    assert cost(400_000) < 12 * cost(100_000) + 0.5
