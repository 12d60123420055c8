"""What reports look like: snapshots of every format over `data/`, the length of the text report, and the JSON contract.

`python -m pytest tests/test_reporters.py --renew` writes what the tool prints now; read the difference before it is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sftlint import registry, source
from sftlint.config import Config
from sftlint.lint import lint
from sftlint.rule import Rule
from sftlint.testing import EVALUATION, config_for, file_of, to_bytes
from sftlint.texts.safe import visible
from tests.helpers import CORE, DATA, check, command, files_of, jsonl, line, run, written

SNAPSHOTS = Path(__file__).parent / "snapshots"
ARGUMENTS = ("check", ".", "--isolated", "--select=" + ",".join(CORE), "--jobs=1")


REPORTS = {
    "text": (),
    "text-zh": ("--lang=zh",),
    "text-all": ("--examples=all",),
    "text-none": ("--examples=0",),
    "text-quiet": ("--quiet",),
    "text-color": ("--color=always", "--examples=1"),
    "concise": ("--output-format=concise",),
    "concise-zh": ("--output-format=concise", "--lang=zh"),
    "json": ("--output-format=json",),
    "json-lines": ("--output-format=json-lines",),
    "json-lines-zh": ("--output-format=json-lines", "--lang=zh"),
    "statistics": ("--statistics",),
}


@pytest.mark.parametrize("name", REPORTS)
def test_snapshots(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.chdir(DATA)
    said = command(*ARGUMENTS, *REPORTS[name])
    assert (said.code, said.err) == (1, "")
    text = re.sub(r"\d+ (rules that are off|条未启用的规则)", r"N \1", said.out)  # every new rule is one more
    snapshot = SNAPSHOTS / f"{name}.txt"
    if request.config.getoption("--renew"):
        snapshot.write_text(text, "utf-8", newline="\n")
    assert text == snapshot.read_bytes().decode()


def test_every_snapshot_has_a_test() -> None:
    assert {path.stem for path in SNAPSHOTS.iterdir()} == set(REPORTS)


def test_a_clean_file_passes_in_both_languages(folder: Path) -> None:
    Path("a.jsonl").write_bytes(jsonl(line("你们几点开门？", "早上九点。"), line("When do you open?", "At nine in the morning.")))
    said = check("a.jsonl", "--isolated", "--select=empty-target")
    assert (
        said.code == 0 and said.out.splitlines()[1] == "PASS  0 errors, 0 warnings, 0 notes" and len(said.out.splitlines()) == 3
    )
    assert "通过  0 个错误，0 个警告，0 个提示" in check("a.jsonl", "--isolated", "--select=empty-target", "--lang=zh").out


# The text report: short, whatever the count.


def _everything() -> dict[str, bytes]:
    """The bad examples of every rule that needs no options, many times over: a file for each rule."""
    files = {}
    for rule in registry.packs().values():
        examples = [to_bytes(bad) for bad in rule.bad if not bad.options and bad.name.endswith(".jsonl")]
        if examples:
            files[f"{rule.name}.jsonl"] = b"".join(examples) * 8
    return files


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_text_report_is_never_over_120_lines(lang: str, folder: Path) -> None:
    with files_of(_everything() | {f"many/{n}.jsonl": jsonl(line("你好", "")) for n in range(200)}) as names:
        result = run(names, Config())
        lines = written(result, "text", lang=lang).splitlines()
        every = written(result, "text", lang=lang, examples=None).splitlines()
    assert len(result.setup.rules) > 20 and len({f.rule for f in result.findings}) > 15
    assert len(lines) <= 120 < len(every)
    head = lines[: lines.index("")]
    assert len(head) <= 24, "the overview comes first"
    verdict = next(entry for entry in head if entry.startswith(("FAIL  ", "未通过  ")))
    assert lines[-1].startswith(verdict), "the last line repeats the verdict"
    assert max(map(len, lines)) <= 400


def test_every_error_rule_has_three_examples_and_every_warning_rule_one(folder: Path) -> None:
    lines = (
        [line(f"问题 {n}", "") for n in range(9)]
        + [line(f"问\x07题 {n}", f"回答 {n}。") for n in range(9)]
        + [line(f"长 {n}", f"答 {n}。") for n in range(50)]
    )
    Path("a.jsonl").write_bytes(jsonl(*lines))
    select = ("--isolated", "--select=empty-target,control-character")
    for options, errors, warnings in (
        ((), 3, 1),
        (("--examples=2",), 2, 2),
        (("--examples=all",), 9, 9),
        (("--examples=0",), 0, 0),
    ):
        said = check("a.jsonl", *select, *options).out.splitlines()
        assert sum("is empty" in entry and "a.jsonl:" in entry for entry in said) == errors
        assert sum("U+0007" in entry and "a.jsonl:" in entry for entry in said) == warnings


def test_the_place_is_marked_in_its_text_and_cut_on_both_sides(folder: Path) -> None:
    Path("a.jsonl").write_bytes(jsonl(line("问", "前" * 90 + "\x07" + "后" * 90), line("Hi", "Yes")))
    said = check("a.jsonl", "--isolated", "--select=control-character").out
    assert f"…{'前' * 28}⟦<U+0007>⟧{'后' * 28}…" in said


def test_what_is_marked_can_be_seen_and_told_apart(folder: Path) -> None:
    """What leaves no mark is named; a line break is no backslash and n."""
    texts = ["a\u200bb", "a\\nb", "a\u200d\u200db", "a\U000e0041b"]
    Path("a.jsonl").write_bytes(jsonl(*(line(f"Hi {n}", text) for n, text in enumerate(texts))))
    said = check("a.jsonl", "--isolated", "--select=invisible-character,escape-residue", "--examples=9").out
    assert "a⟦<U+200B>⟧b" in said
    assert visible("\u200c\u200d\xa0\u3000\U000e0041\x07 \t") == ("<U+200C><U+200D><U+00A0><U+3000><U+E0041><U+0007> <U+0009>")
    assert visible("a\nb") != visible("a\\nb") == "a\\nb" and visible("↵") != visible("\n")


def test_notes_have_examples_when_they_are_asked_for(folder: Path) -> None:
    Path("a.jsonl").write_bytes(jsonl(line("Hi", "")))
    Path("sftlint.toml").write_text('[rule.empty-target]\nseverity = "info"\n')
    select = ("a.jsonl", "--select=empty-target")
    assert "  a.jsonl:1:" not in check(*select).out
    assert all("  a.jsonl:1:" in check(*select, f"--examples={n}").out for n in ("1", "3", "all"))


def test_examples_with_remedies_of_their_own_each_say_theirs(folder: Path) -> None:
    Path("a.jsonl").write_bytes(jsonl('{"context": ["a"], "target": "b",}', "no JSON", line("Hi", "Hello")))
    for lang, mends in (
        ("en", ("Mend: remove the comma.", "Mend: write the record as")),
        ("zh", ("修改：删除该逗号。", "修改：把记录")),
    ):
        said = check("a.jsonl", "--isolated", "--select=invalid-json", f"--lang={lang}").out
        assert all(said.count(mend) == 1 for mend in mends)


def test_a_blank_line_is_no_record_in_any_share(folder: Path) -> None:
    Path("a.jsonl").write_bytes(jsonl(line("Hi", ""), b"", line("Ho", "Hello"), b"", b""))
    said = check("a.jsonl", "--isolated", "--select=empty-target,blank-line").out
    assert "2 records" in said and "in 1 record (50.0 %)" in said and "150" not in said


def test_what_was_not_checked_is_said(folder: Path) -> None:
    Path("a.jsonl").write_bytes(jsonl(line("Hi", "Yes")))
    Path("b.jsonl").write_bytes(b"\x1f\x8b\x08")
    last = check(".", "--isolated", "--select=format").out.splitlines()[-1]
    assert (
        "not checked: " in last
        and "1 unreadable file" in last
        and "schema-violation (not set up)" in last
        and "rules that are off" in last
    )


# The JSON contract.

POSITION = {
    "type": ["object", "null"],
    "properties": {"row": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
    "required": ["row", "column"],
    "additionalProperties": False,
}
FINDING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "pattern": "^[a-z]+(-[a-z0-9]+)*$"},
        "category": {"type": "string", "pattern": "^[a-z_]+$"},
        "severity": {"enum": ["error", "warning", "info"]},
        "message": {"type": "string", "minLength": 3},
        "suggestion": {"type": "string", "minLength": 3},
        "filename": {"type": ["string", "null"], "minLength": 1},
        "location": POSITION,
        "end_location": POSITION,
        "pointer": {"type": ["string", "null"], "pattern": "^(/.*)?$"},
        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{16}(:[0-9]+)?$"},
        "related": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "properties": {"filename": {"type": "string"}, "row": {"type": "integer", "minimum": 1}},
                "required": ["filename", "row"],
                "additionalProperties": False,
            },
        },
        "related_total": {"type": "integer", "minimum": 0},
        "fix": {
            "type": ["object", "null"],
            "properties": {
                "applicability": {"enum": ["safe", "unsafe"]},
                "message": {"type": "string", "minLength": 3},
                "edits": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"content": {"type": "string"}, "location": POSITION, "end_location": POSITION},
                        "required": ["content", "location", "end_location"],
                        "additionalProperties": False,
                    },
                },
            },
            "required": ["applicability", "message", "edits"],
            "additionalProperties": False,
        },
        "url": {"type": ["string", "null"]},
    },
    "additionalProperties": False,
}
FINDING["required"] = list(FINDING["properties"])


def _reports() -> Iterator[tuple[type[Rule], list[dict[str, Any]]]]:
    """The findings of each rule on its own bad examples."""
    for rule in registry.packs().values():
        for bad in rule.bad:
            held_out = to_bytes(bad.options.get("evaluation", ()))
            with file_of(to_bytes(bad), bad.name, held_out) as path:
                collected = source.collect([path], evaluation=[EVALUATION] if held_out else ())
                said = written(lint(collected, config_for(rule, bad, Config(select=(rule.name,)))), "json")
            yield rule, json.loads(said)


def test_every_finding_of_every_rule_keeps_the_contract() -> None:
    validator = jsonschema.Draft202012Validator(FINDING)
    rules = set()
    for rule, findings in _reports():
        for finding in findings:
            assert list(finding) == FINDING["required"], "keys and their order"
            assert [error.message for error in validator.iter_errors(finding)] == [], finding
            assert (finding["code"], finding["category"]) == (rule.name, rule.category)
            assert (finding["location"] is None) == (finding["end_location"] is None)
            assert finding["filename"] or not finding["location"], "a finding on the dataset has no file and no place"
            assert finding["related_total"] >= len(finding["related"])
            if finding["location"]:
                start, stop = finding["location"], finding["end_location"]
                assert (start["row"], start["column"]) <= (stop["row"], stop["column"])
            rules.add(finding["code"])
    assert rules == set(registry.packs()), "every rule reports something"


def test_a_fingerprint_depends_on_no_path_row_language_and_option() -> None:
    """It tells the record and the defect; the n-th equal one is numbered."""

    def fingerprints(files: dict[str, bytes], **more: Any) -> list[str]:
        with files_of(files) as names:
            result = run(names, Config(select=more.pop("select", ("empty-target", "exact-duplicate")), rule=more.pop("rule", {})))
            return [json.loads(entry)["fingerprint"] for entry in written(result, "json-lines", **more).splitlines()]

    bad, good = line("你好", ""), line("Hi", "Hello")
    one = fingerprints({"a.jsonl": bad})
    assert len(one) == 1 and fingerprints({"b/c.jsonl": good + b"\n\n" + bad}) == one == fingerprints(
        {"a.json": b"[" + good + b",\n" + bad + b"]"}
    )
    assert fingerprints({"a.jsonl": bad}, lang="zh", select=("empty-target",), rule={"empty-target": {"severity": "info"}}) == one
    spelt = b'{"target":"",  "context":["\\u4f60\\u597d"]}'
    assert fingerprints({"a.jsonl": spelt}) == one, "key order, spacing and escapes are no difference"
    assert fingerprints({"a.jsonl": line("你好？", "")}) != one
    three = fingerprints({"a.jsonl": jsonl(bad, bad, bad)}, select=("empty-target",))
    assert three == [one[0], f"{one[0]}:2", f"{one[0]}:3"]


def test_edits_in_json_turn_the_file_into_the_fixed_one() -> None:
    """Places and contents of the edits are all that an editor needs."""
    data = jsonl(line("你\x08好 😀", "a"), line("Hi", "x\x07y\x1b[1mz"), line("Hi", "Yes"), line("Hi", "Yes"))
    with files_of({"a.jsonl": data}) as names:
        findings = json.loads(written(run(names, Config(select=("control-character", "exact-duplicate"))), "json"))
    rows = data.decode().split("\n")

    def offset(position: dict[str, int]) -> int:
        return sum(len(row) + 1 for row in rows[: position["row"] - 1]) + position["column"] - 1

    edits = sorted((offset(e["location"]), offset(e["end_location"]), e["content"]) for f in findings for e in f["fix"]["edits"])
    text = data.decode()
    for start, stop, content in reversed(edits):
        text = text[:start] + content + text[stop:]
    assert text.encode() == jsonl(line("你好 😀", "a"), line("Hi", "xyz"), line("Hi", "Yes"))
