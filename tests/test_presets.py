"""Presets say where their limits are from, and the rules that need limits heed them, whoever gives them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sftlint import Preset, chat, preset
from sftlint.cli import app
from sftlint.config import Config
from sftlint.testing import lint_bytes, to_bytes


def run(*options: str, folder: Path | None = None) -> str:
    return CliRunner().invoke(app, [*options]).output


@pytest.mark.parametrize("name", preset.names())
def test_every_preset_names_its_source(name: str) -> None:
    held = Preset.of(name)
    assert held.title
    assert held.source
    assert held.ideographs_per_token > 0 < held.words_per_token
    assert held.advised_records == 0 or held.advised_records >= held.min_records
    assert all(extension.startswith(".") for extension in held.extensions)


def test_a_preset_takes_over_what_it_extends() -> None:
    assert Preset.of("pangu-n2-4k").max_tokens == 4096
    assert Preset.of("pangu-n2-4k").ideographs_per_token == 1.24
    assert Preset.of("pangu-n2-4k").min_records == Preset.of("pangu").min_records == 1000


def test_the_command_the_configuration_and_the_preset_set_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.jsonl").write_text(json.dumps(chat("Count.", "one two three four " * 1500)) + "\n", "utf-8")
    check = ("check", "train.jsonl", "--select", "over-length", "--output-format", "concise")
    assert "over-length" not in run(*check)
    assert "4096" in run(*check, "--preset", "pangu-n4-4k")
    assert "4096" not in run(*check, "--preset", "pangu-n4")
    Path("sftlint.toml").write_text('preset = "trl"\nmax-tokens = 50\n', "utf-8")
    assert "50" in run(*check)
    assert "more than the 60" in run(*check, "--max-tokens", "60")
    assert 'source = "github.com/huggingface/trl' in run("config")


def test_an_unknown_preset_is_refused_with_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", "--preset", "pango"])
    assert "did you mean 'pangu'?" in str(result.exception)
    Path("sftlint.toml").write_text('preset = "pango"\n', "utf-8")
    assert "did you mean 'pangu'?" in str(CliRunner().invoke(app, ["config"]).exception)


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        (Preset(max_file_size=10), "message"),
        (Preset(max_total_size=10), "message_total"),
        (Preset(max_records=1), "message_records"),
        (Preset(extensions=(".csv",)), "message_extension"),
    ],
)
def test_each_limit_of_files(held: Preset, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preset, "load", lambda name: held)
    result = lint_bytes(to_bytes([chat("一？", "1"), chat("二？", "2")]), Config(select=("file-limit",), preset="mine"))
    assert [finding.kind for finding in result.findings] == [kind]


def test_tokens_are_counted_where_a_tokenizer_is_given(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    words.save(str(tmp_path / "tokenizer.json"))
    for words_in_it, found in ((9, []), (10, ["message_exact"])):
        data = to_bytes([chat("Count", " ".join(["extraordinarily"] * words_in_it))])
        config = Config(select=("over-length",), max_tokens=10, tokenizer=str(tmp_path / "tokenizer.json"))
        assert [finding.kind for finding in lint_bytes(data, config).findings] == found


@pytest.mark.parametrize(
    ("held", "target", "options", "expected"),
    [
        ("pangu-cot", "四。", {}, ["error"]),
        ("pangu-cot", "<think>二加二。</think>四。", {}, []),
        ("pangu", "四。", {}, []),
        ("pangu-n2-4k", "<think>二加二。</think>四。", {}, ["warning"]),
        ("pangu-n2-4k", "<think>二加二。</think>四。", {"thoughts": "either"}, []),
        ("pangu-n2-4k", "<think>二加二。</think>四。", {"thoughts": "forbid"}, ["error"]),
        ("pangu-grpo", "<think>二加二。</think>四。", {}, ["warning"]),
        ("bailian", "<think>二加二。</think>四。", {}, []),
    ],
)
def test_a_preset_says_whether_answers_think(held: str, target: str, options: dict[str, str], expected: list[str]) -> None:
    config = Config(select=("broken-reasoning",), preset=held, rule={"broken-reasoning": options})
    found = lint_bytes(to_bytes([chat("二加二是多少？", target)]), config).findings
    assert [finding.severity or "error" for finding in found] == expected


def test_thoughts_in_a_field_of_their_own_count() -> None:
    record = {"context": ["二加二是多少？"], "thinking": ["二加二。"], "target": "四。"}
    assert not lint_bytes(to_bytes([record]), Config(select=("broken-reasoning",), preset="pangu-cot")).findings
