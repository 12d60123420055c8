"""Configuration: which file is in force, what it may say, and how mistakes in it are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pytest

from sftlint.config import rule_options
from sftlint.errors import Error
from sftlint.rule import Rule, options
from tests.helpers import (
    CLEAN,
    EMPTY,
    TWICE,
    check,
    concise,
    jsonl,
    line,
    mistake,
    one_line_error,
)


def test_the_nearest_file_wins_and_nothing_is_merged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = folder / "project" / "data"
    inner.mkdir(parents=True)
    (inner / "a.jsonl").write_bytes(EMPTY + TWICE)
    (folder / "sftlint.toml").write_text('select = ["exact-duplicate"]\nlang = "zh"\n')
    monkeypatch.chdir(inner)
    assert concise() == ["exact-duplicate:4"]
    (folder / "project" / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert "通过" in check("a.jsonl").out, "a pyproject.toml without our table is passed over"
    (folder / "project" / "pyproject.toml").write_text('[tool.sftlint]\nselect = ["empty-target"]\n')
    assert concise() == ["empty-target:1"]
    (inner / "sftlint.toml").write_text("")
    (inner / "pyproject.toml").write_text('[tool.sftlint]\nselect = ["zzz"]\n')
    assert {"empty-target:1", "exact-duplicate:4"} <= set(concise()), "sftlint.toml stands before pyproject.toml"
    assert concise("a.jsonl", "--config", str(folder / "project" / "pyproject.toml")) == ["empty-target:1"]
    monkeypatch.setenv("SFTLINT_CONFIG", str(folder / "project" / "pyproject.toml"))
    assert concise() == ["empty-target:1"]
    assert {"empty-target:1", "exact-duplicate:4"} <= set(concise("a.jsonl", "--isolated"))


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('selct = ["all"]', "unknown key 'selct'; did you mean 'select'?"),
        ("zzz = 1", "unknown key 'zzz'; there are: "),
        ('select = "all"', "select must be a list of strings, not 'all'"),
        ("select = [1]", "select must be a list of strings"),
        ("lang = 1", "lang must be a string"),
        ('lang = "de"', "lang must be en or zh"),
        ('fail-on = "never"', "fail-on must be"),
        ('select = ["empty-taget"]', "did you mean empty-target?"),
        ("rule = 3", "rule must be a table"),
        ("[rule]\nx = 1", "rule must hold tables"),
        ('[rule.empty-taget]\nseverity = "info"', "did you mean empty-target?"),
        ('[rule.empty-target]\nseverity = "fatal"', "severity must be error, warning or info"),
        ("[rule.empty-target]\nthreshold = 1", "unknown option 'threshold'"),
        ("[rule.control-character]\nalow = 'x'", "did you mean 'allow'?"),
        ("[rule.control-character]\nallow = 1", "rule.control-character.allow must be a string, not 1"),
        ("[rule.unknown-field]\nleast = 1.5", "rule.unknown-field.least must be a whole number, not 1.5"),
        ("[rule.unknown-field]\nleast = true", "must be a whole number, not True"),
        ("max-tokens = -1", "max-tokens must be a whole number of 0 or more, not -1"),
        ("max-tokens = 1.5", "max-tokens must be a whole number of 0 or more, not 1.5"),
        ('[rule.unknown-field]\nrare = "x"', "rule.unknown-field.rare must be a number, not 'x'"),
        ("[fields]\ntarget = 1", "must map standard keys to your own"),
        ('[fields]\ntargte = "答"', "did you mean 'target'?"),
        ("[splits]\nvalidation = ['*']", "unknown split 'validation'"),
        ("[splits]\ntrain = '*'", "splits.train must be a list of globs"),
        ('rules = ["no_such_folder"]', "no such folder"),
        ('evaluation = ["gone.jsonl"]', "gone.jsonl: no such file"),
        ("select = [", "not valid TOML"),
        ('schema = "gone.json"', "gone.json: cannot be read (No such file or directory); check the path"),
        ('schema = "sftlint.toml"', "sftlint.toml: no JSON (line 1, column 1); give a file with a JSON Schema"),
        ("[tool.sftlint]\nselect = []", "sftlint.toml: [tool.sftlint] is for pyproject.toml; leave out the prefix tool.sftlint"),
        ('select = ["zzz"]', "sftlint: sftlint.toml: zzz: no such rule"),
        ("[rule.zzz]", "sftlint: sftlint.toml: zzz: no such rule"),
        ("[rule.empty-target]\nzzz = 1", "sftlint: sftlint.toml: rule.empty-target: unknown option"),
        ("[per-path]\n'*' = {ignore = ['zzz']}", "sftlint: sftlint.toml: zzz: no such rule"),
        ("[rule.near-duplicate]\nthreshold = 7.0", "rule.near-duplicate.threshold must be from 0 to 1, not 7.0"),
        ("[rule.unknown-field]\nrare = -1", "rule.unknown-field.rare must be from 0 to 1, not -1"),
        ('baseline = "gone.json"', "sftlint: sftlint.toml: baseline: "),
    ],
)  # fmt: skip
def test_mistakes_in_the_configuration(folder: Path, toml: str, said: str) -> None:
    (folder / "a.jsonl").write_bytes(CLEAN)
    (folder / "sftlint.toml").write_text(toml + "\n", "utf-8")
    assert said in mistake("check", "a.jsonl")
    assert check("a.jsonl", "--isolated", "--select=empty-target").code == 0


@pytest.mark.parametrize("value", [-1, 0, 2, 3, 5, 6, float("nan")])
def test_bounds_of_an_option_and_not_its_words_decide(value: float) -> None:
    class Bounded(Rule):
        inside: Annotated[float, "from two to five", (2, 5)] = 3
        free: Annotated[float, "a share, 0 to 1"] = 0

    known = {option.name: option for option in options(Bounded)}
    assert rule_options("bounded", {"free": float(value)}, known).keys() == {"free"}
    if 2 <= value <= 5:
        assert rule_options("bounded", {"inside": value}, known) == {"inside": value}
    else:
        with pytest.raises(Error, match=r"rule\.bounded\.inside must be from 2 to 5, not ") as caught:
            rule_options("bounded", {"inside": value}, known)
        assert "须在 2 到 5 之间" in str(caught.value.zh)


def test_a_broken_configuration_names_its_file(folder: Path) -> None:
    (folder / "pyproject.toml").write_bytes(b"\xff\xfe[tool]")
    assert "pyproject.toml: not valid TOML" in one_line_error(check("."))
    assert "pyproject.toml：不是有效的 TOML：编码不是 UTF-8" in one_line_error(check(".", "--lang=zh"))


def test_options_and_severity_of_a_rule(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(jsonl(line("a\x08b", "c\x07d"), line("你好", "")))
    (folder / "sftlint.toml").write_text(
        'select = ["control-character", "empty-target"]\n[rule.control-character]\nallow = "\\b"\n'
        '[rule.empty-target]\nseverity = "info"\n'
    )
    said = check("a.jsonl", "--output-format=concise")
    assert [entry.split()[1:3] for entry in said.out.splitlines()[:2]] == [
        ["warning", "control-character"],
        ["info", "empty-target"],
    ]
    (folder / "sftlint.toml").write_text(
        'select = ["control-character"]\nfail-on = "error"\n[rule.control-character]\nseverity = "error"\n'
    )
    assert check("a.jsonl", "--output-format=concise").out.count(": error control-character") == 2
    (folder / "sftlint.toml").write_text('select = ["empty-target"]\n[rule.empty-target]\nseverity = "info"\n')
    assert check("a.jsonl").code == 0, "info never fails a run"


def test_fields_exclude_splits_evaluation_and_schema_in_the_configuration(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data/a.jsonl").write_bytes(jsonl({"问": "你好", "答": ""}))
    (folder / "data/gold.jsonl").write_bytes(jsonl({"问": "你好", "答": "好"}))
    (folder / "data/old.jsonl").write_bytes(jsonl({"问": "你好", "答": "好"}))
    (folder / "schema.json").write_text('{"required": ["id"]}')
    (folder / "sftlint.toml").write_text(
        'select = ["empty-target", "exact-duplicate", "schema-violation", "unknown-format"]\nexclude = ["*old*"]\n'
        'evaluation = ["data/gold.jsonl"]\nschema = "schema.json"\n[fields]\ncontext = "问"\ntarget = "答"\n',
        "utf-8",
    )
    said = json.loads(check("data", "--output-format=json").out)
    assert sorted((f["code"], f["filename"]) for f in said) == [
        ("empty-target", "data/a.jsonl"), ("schema-violation", "data/a.jsonl"), ("schema-violation", "data/gold.jsonl"),
    ]  # fmt: skip
    text = check("data").out.splitlines()
    assert text[0].startswith("data/a.jsonl") and text[0].endswith("[train]") and text[1].endswith("[evaluation]")
    (folder / "sftlint.toml").write_text(
        'select = ["exact-duplicate"]\n[splits]\nevaluation = ["data/o*"]\n[fields]\ncontext = "问"\ntarget = "答"\n', "utf-8"
    )
    assert check("data").code == 0


def test_field_schema_and_eval_as_options(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(jsonl({"问": "你好", "答": "", "id": 1}, {"问": "Hi", "答": "Hello", "id": "2"}))
    (folder / "b.jsonl").write_bytes(jsonl({"问": "Hi", "答": "Hello", "id": 3}))
    (folder / "s.json").write_text('{"properties": {"id": {"type": "integer"}}}')
    fields = ("--field", "context=问", "--field", "target=答", "--select=empty-target,schema-violation,exact-duplicate")
    assert sorted(concise("a.jsonl", *fields, "--schema=s.json")) == ["empty-target:1", "schema-violation:2"]
    assert sorted(concise("a.jsonl", "b.jsonl", *fields)) == ["empty-target:1", "exact-duplicate:1"]
    assert concise("a.jsonl", *fields, "--eval=b.jsonl") == ["empty-target:1"]
    (folder / "c.jsonl").write_bytes(jsonl({"ask": "你好", "context": "", "reply": "您好", "lang": "zh"}))
    assert concise("c.jsonl", "--field", "context=ask", "--field", "target=reply", "--select=empty-context,duplicate-key") == []
    (folder / "s.json").write_text('{"type": 5}')
    assert "not a JSON Schema" in mistake("check", "a.jsonl", *fields, "--schema=s.json")


def test_a_byte_order_mark_in_the_configuration_is_passed_over(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    (folder / "sftlint.toml").write_bytes(b'\xef\xbb\xbfselect = ["empty-context"]\n')
    assert concise() == []
