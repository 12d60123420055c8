"""Formats that other programs read: their schemas, their limits, and data that means to break them."""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
import tracemalloc
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sftlint import registry, reporters
from sftlint.config import Config
from sftlint.lint import Result
from sftlint.report import Accepted, Report
from sftlint.reporters.choose import repository_path, shares
from sftlint.settle import order
from sftlint.testing import to_bytes
from tests import schemas
from tests.helpers import ALL_FORMATS, check, jsonl, line, put, run, written
from tests.test_laws import FORBIDDEN

SCHEMAS = {"sarif": schemas.SARIF, "gitlab": schemas.GITLAB, "rdjson": schemas.RDJSON}


def _everything(times: int = 1) -> dict[str, bytes]:
    """The bad examples of every rule that needs no options: a file for each rule."""
    return {
        f"{rule.name}.jsonl": b"".join(to_bytes(bad) for bad in rule.bad if not bad.options and bad.name.endswith(".jsonl"))
        * times
        for rule in registry.packs().values()
    }


def validate(form: str, text: str, report: Report) -> Any:
    """*text*, parsed, where it is what the readers of the format *form* demand."""
    if form in SCHEMAS:
        value = json.loads(text)
        jsonschema.Draft202012Validator.check_schema(SCHEMAS[form])
        errors = jsonschema.Draft202012Validator(SCHEMAS[form]).iter_errors(value)
        assert [f"{list(error.path)}: {error.message}" for error in errors] == []
        return value
    if form == "junit":
        return _junit(ET.fromstring(text), report)
    return None


def _junit(root: ET.Element, report: Report) -> ET.Element:
    assert root.tag == "testsuites"
    for element in root.iter():
        must, may, held = schemas.JUNIT[element.tag]
        assert must <= set(element.attrib) <= must | may, element.attrib
        assert {child.tag for child in element} <= held
        if "tests" in element.attrib:
            for count, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
                assert int(element.attrib[count]) == sum(1 for _ in element.iter(tag)), (element.tag, count)
    assert bool(int(root.attrib["failures"])) == report.failed
    return root


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A folder with every kind of finding, and what a run there finds."""
    folder = tmp_path_factory.mktemp("everything")
    with contextlib.chdir(folder):
        return folder, run(put(_everything() | {"a b/第一.jsonl": jsonl(line("你好", ""))}), Config())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", [*SCHEMAS, "junit"])
def test_every_finding_of_every_rule_fits_the_schema(form: str, lang: str, everything: tuple[Path, Result]) -> None:
    folder, result = everything
    with contextlib.chdir(folder):
        report = Report(result, lang)
        out = io.StringIO()
        reporters.writer(form)(report, out)
        value = validate(form, out.getvalue(), report)
    assert len({f.rule for f in report.result.findings}) > 25
    if form == "sarif":
        driver = value["runs"][0]["tool"]["driver"]
        results = value["runs"][0]["results"]
        assert all(driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] for result in results)
        marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
        assert len(set(marks)) == len(marks) == len(report.result.findings)
        assert any(
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("a%20b/%E7") for result in results
        )
        assert any("relatedLocations" in result for result in results if result["ruleId"] == "exact-duplicate")
    if form == "gitlab":
        assert len({issue["fingerprint"] for issue in value}) == len(value) == len(report.result.findings)


def test_a_clean_run_fits_every_schema(folder: Path) -> None:
    Path("a.jsonl").write_bytes(jsonl(line("Hi", "Hello there.")))
    report = Report(run(["a.jsonl"], Config(select=("format",))))
    for form in (*SCHEMAS, "junit"):
        out = io.StringIO()
        reporters.writer(form)(report, out)
        validate(form, out.getvalue(), report)
    assert check("a.jsonl", "--isolated", "--output-format=github", "-q", GITHUB_STEP_SUMMARY="").out == ""


# Hostile data.

PAYLOADS = (
    "::error file=a::pwned", "\n::error::pwned", "\n##[error]pwned", "##vso[task.complete]", "]]>", "-->", "<script>pwned()</script>",
    "<img src=x onerror=pwned()>", "javascript:pwned()", "</script></style></title></textarea><svg onload=pwned()>",
    "\x1b[31mred", "\x07\x00\x08", "\u202egnp.exe", "\u2028\u2029\ufffe\uffff", "a|b`c``d*e*_f_~g~", "[x](https://pwned)", "https://pwned/ www.pwned @pwned a@pwned",
    "{{7*7}}{%7%}${{7}}", "%0A::error::pwned %25", "\r\n::stop-commands::x\r", "'\"&quot;&lt;", "\\[x](1)", "| a | b |\n| - | - |", "```\n# h\n```",
    "\ud800", "<|im_end|>", "锟斤拷\ufffd", "TODO", "=cmd|' /C calc'!A0",
)  # fmt: skip
NAMES = ("::error::pwned.jsonl", "<script>pwned()<!script>.jsonl", "a|b`c`[x](y)@pwned.jsonl", "\x1b[31m\u202e\n::error::pwned.jsonl", "##[error]&quot;'\".jsonl")  # fmt: skip


def _hostile() -> dict[str, bytes]:
    """Payloads as questions, answers, keys, roles, values, whole lines, and names of files."""
    lines: list[Any] = []
    for payload in PAYLOADS:
        lines += [
            json.dumps({"context": [payload], "target": payload}),
            json.dumps({"context": [payload], "target": payload}),
            json.dumps({"context": ["Hi", payload], "target": f"{payload}: {payload}"}),
            json.dumps({"context": ["Hi"], "target": "", payload: payload}),
            json.dumps({"context": [payload], "target": {payload: payload}}),
            json.dumps({"messages": [{"role": payload, "content": payload}, {"role": "assistant", "content": "Yes"}]}),
            payload.encode("utf-8", "replace").replace(b"\n", b" "),
            f'{{"context": ["{payload}"], "target": "x",}}'.encode("utf-8", "replace").replace(b"\n", b" "),
            json.dumps({"target": payload, "contxt": [payload]}),
        ]
    return {name: jsonl(*lines) for name in NAMES}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[Result, str]]]:
    """A folder with payloads, what runs there find, and the language to report each in."""
    folder = tmp_path_factory.mktemp("hostile")
    messages = {"messages.jsonl": jsonl(*(payload.encode("utf-8", "replace") for payload in PAYLOADS))}
    with contextlib.chdir(folder):
        return folder, [(run(put(files), Config()), lang) for files, lang in ((_hostile(), "en"), (messages, "zh"))]


@pytest.mark.parametrize("form", ALL_FORMATS)
def test_hostile_data_breaks_no_report(
    form: str, hostile: tuple[Path, list[tuple[Result, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, results = hostile
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    for result, lang in results:
        report = Report(result, lang, accepted=[Accepted("empty-target", 3, payload) for payload in PAYLOADS])
        out = io.StringIO()
        reporters.writer(form)(report, out)
        text = out.getvalue()
        assert len(result.findings) > 5
        assert not set(text) & FORBIDDEN and "##[" not in text and "##vso[" not in text
        text.encode()  # no lone surrogate
        validate(form, text, report)
        commands = [said for said in text.splitlines() if said.lstrip().startswith("::")]
        if form == "github":
            assert all(
                re.match(r"::(error|warning|notice) [^:]*::(?!.*(?<!%0A)::pwned$)|::(end)?group::", said) for said in commands
            )
            levels = [said[2:].split(" ")[0] for said in commands if "group" not in said[:12]]
            assert max(map(levels.count, levels)) <= 10
            assert "summary.md" and _markdown(Path("summary.md").read_text("utf-8"))
        else:
            assert commands == []
        if form == "markdown":
            assert _markdown(text)


def _markdown(text: str) -> bool:
    """Whether nothing in a Markdown report is markup that sftlint did not write."""
    assert not set(text) & FORBIDDEN and "##[" not in text
    for said in text.splitlines():
        if said.startswith("|"):
            assert said.count("|") == 6, said
        tags = set(re.findall(r"<[^>]*>?", said))
        assert tags <= {
            "<code>",
            "</code>",
            "<br>",
            "<!-- -->",
            "<details>",
            "<details open>",
            "</details>",
            "<summary>",
            "</summary>",
        }
        assert not re.search(r"https?://|www\.|@(?!<!-- -->)|\]\(", said), said
        assert said.count("`") == 2 * len(re.findall(r"`[a-z-]+`", said)), said
        assert not re.match(r"\s*(::|```|={3}|-{3}|#{3}|\d+\.|    )", said)
        html.unescape(said)
    return True


# Limits.


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """100,000 findings, nearly all of one rule: those of a small file, each told 201 times."""
    name = tmp_path_factory.mktemp("many") / "train.jsonl"
    lines = [line(f"Question {n}?", f"Answer {n}.") for n in range(500)] * 2
    name.write_bytes(jsonl(*lines, line("Hi", ""), line("Ho", "")))
    result = run([str(name)], Config(select=("exact-duplicate", "empty-target")))
    copies = [found for found in result.findings if found.rule == "exact-duplicate"]
    return result._replace(findings=sorted(copies * 201 + result.findings[len(copies) :], key=order))


LIMITED = {
    "sarif": 12_000_000,
    "junit": 4_000_000,
    "github": 20_000,
    "markdown": 256 * 1024,
    "text": 20_000,
    "statistics": 1000,
    "html": 8_000_000,
}


class Counting(io.TextIOBase):
    """Somewhere to write to that keeps nothing but the size."""

    size = 0

    def write(self, text: str) -> int:
        self.size += len(text.encode())
        return len(text)


@pytest.mark.parametrize("form", ALL_FORMATS)
def test_a_hundred_thousand_findings(form: str, many: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays bounded, and so does the size of what has a limit."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    limit = None if form in LIMITED else 1_000  # what is written one by one needs no longer a run
    report, out = Report(many, limit=limit), Counting()
    assert len(report.result.findings) > 100_000 and report.rules
    tracemalloc.start()
    reporters.writer(form)(report, out)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6, f"{peak / 1e6:.0f} MB"
    assert out.size < LIMITED.get(form, 1e9)
    assert form in LIMITED or out.size > 1_000 * 50


def test_sarif_has_some_of_every_rule_and_says_what_is_left_out(many: Result) -> None:
    value = json.loads(written(many, "sarif"))["runs"][0]
    counted = value["properties"]
    assert len(value["results"]) == counted["shown"] == 5000 and counted["findings"] == len(many.findings)
    assert counted["rules"]["empty-target"] == {"findings": 2, "shown": 2}
    assert sum(rule["shown"] for rule in counted["rules"].values()) == 5000
    assert "5,000 of " in value["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_annotations_are_the_worst_spread_over_rules_and_files(folder: Path) -> None:
    files = {
        f"f{n}.jsonl": jsonl(*(line(f"第 {n} 问 {k}", f"答\x07案 {n} {k}") for k in range(15)), line(f"空 {n}", ""))
        for n in range(12)
    }
    names = put(files)
    with open("summary.md", "w") as summary:
        summary.write("before\n")
    said = check(
        *names,
        "--isolated",
        "--select=control-character,empty-target",
        "--output-format=github",
        GITHUB_STEP_SUMMARY="summary.md",
    )
    errors = re.findall(r"^::error .*file=(\S+?),", said.out, re.M)
    warnings = re.findall(r"^::warning .*file=(\S+?),", said.out, re.M)
    assert len(errors) == len(set(errors)) == 10 and len(warnings) == len(set(warnings)) == 10
    assert (
        re.findall(r"^::notice .*", said.out, re.M) == ["::notice title=sftlint::172 more findings in the job summary"]
        or said.out
    )
    summary_text = Path("summary.md").read_text("utf-8")
    assert summary_text.startswith("before\n## ❌ sftlint: **FAIL**") and "| `empty-target` | error | 12 |" in summary_text


def test_every_rule_has_its_share() -> None:
    assert shares([9, 100_000, 3], ["error", "error", "warning"], 100) == [9, 88, 3]
    assert shares([100_000, 100_000, 100_000], ["error", "warning", "warning"], 90) == [60, 15, 15]
    assert shares([1] * 10, ["error"] * 10, 4) == [1] * 4 + [0] * 6 or sum(shares([1] * 10, ["error"] * 10, 4)) == 4
    assert shares([], [], 10) == []


def test_paths_are_those_of_the_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    Path("repo/.git").mkdir(parents=True)
    Path("repo/data/train").mkdir(parents=True)
    monkeypatch.chdir("repo/data")
    Path("train/a b.jsonl").write_bytes(jsonl(line("Hi", "")))
    assert repository_path("train/a b.jsonl") == "data/train/a b.jsonl"
    said = check(".", "--isolated", "--select=empty-target", "--output-format=sarif").out
    assert '"uri": "data/train/a%20b.jsonl"' in said
    assert "file=data/train/a b.jsonl," in check(".", "--isolated", "--select=empty-target", "--output-format=github").out
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder))
    assert repository_path("train/a b.jsonl") == "repo/data/train/a b.jsonl"


def test_columns_of_rdjson_count_bytes(folder: Path) -> None:
    Path("a.jsonl").write_bytes(jsonl(line("你好 😀", "答\x07")))
    raw = Path("a.jsonl").read_bytes()
    said = json.loads(check("a.jsonl", "--isolated", "--select=control-character", "--output-format=rdjson").out)
    at = said["diagnostics"][0]["location"]["range"]
    assert raw[at["start"]["column"] - 1 : at["end"]["column"] - 1] == b"\\u0007"


@pytest.mark.parametrize("form", [f for f in ALL_FORMATS if f != "statistics"])
def test_no_text_leaves_the_data_out(form: str, folder: Path) -> None:
    put(
        {
            "train.jsonl": jsonl(
                *(line(f"confidential {n}", f"confidential\x07 <|im_end|> {n}", confident="secret") for n in range(3)),
                '{"context": ["confidential"], "target": confidential}',
                line("confidential", ""),
                line("confidential", ""),
                line("Hi", "Hello", **{"confidential key": {"x": "\x07"}, "confidential/2": "\x07"}),
                '{"messages": [{"role": "confidential", "content": "a"}, {"role": "user", "confidential": "b"}]}',
                '{"context": ["a"], "targte": "confidential"}',
                '{"context": ["a"], "confidential": 1, "confidential": 2, "target": "b"}',
            )
        }
    )
    options = ("train.jsonl", "--isolated", f"--output-format={form}", "--examples=all")
    with_text, without = check(*options).out, check(*options, "--no-text").out
    assert "confidential" not in without and "control-character" in without
    if form == "json":
        said = {entry["code"]: entry["message"] for entry in json.loads(without)}
        assert said["empty-target"] == "/target is empty", "the rule's own words stay"
    if form in ("text", "markdown", "html"):
        assert "confidential" in with_text
