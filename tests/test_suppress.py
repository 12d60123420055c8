"""What is found and not reported: by path, within a budget, in a baseline, or older than a revision. It is always counted."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers import EMPTY, command, mistake

SAMPLE = Path(__file__).resolve().parents[1] / "examples" / "sample.jsonl"
NEW = b'{"context": ["How old is the bridge?"], "target": "TODO"}\n'


def run(*options: str) -> subprocess.CompletedProcess[str]:
    done = command(*options)
    return subprocess.CompletedProcess(options, done.code, done.out, done.err)


def codes(*options: str) -> list[str]:
    done = run("check", "--output-format", "json", *options)
    return sorted(entry["code"] for entry in json.loads(done.stdout))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copy(SAMPLE, "train.jsonl"))


def test_a_baseline_survives_a_shuffle_and_lets_new_findings_through(data: Path) -> None:
    made = run("baseline", "create", "--include-errors")
    assert made.returncode == 0, made.stderr
    known = ("--baseline", "sftlint-baseline.json")
    assert codes(*known) == []
    lines = data.read_bytes().splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    data.unlink()
    moved = Path("more.jsonl")
    moved.write_bytes(b"".join(lines))
    assert codes(*known) == []
    assert run("check", *known).returncode == 0
    moved.write_bytes(b"".join(lines) + NEW)
    assert codes(*known) == ["placeholder-text"]
    done = run("check", *known)
    assert done.returncode == 1 and "not reported: " in done.stdout.splitlines()[-1]


def test_a_first_run_and_a_new_baseline_say_what_comes_next(data: Path) -> None:
    hint = "`sftlint baseline create` lets only new warnings fail"
    assert hint in run("check").stdout.splitlines()[-1]
    assert hint not in run("check", "--fail-on", "error").stdout.splitlines()[-1], "warnings fail nothing there"
    for config, text, where in (
        (None, "", "to a new file sftlint.toml"),
        ("pyproject.toml", "[tool.sftlint]\n{}\n", "to pyproject.toml below [tool.sftlint]"),
        ("sftlint.toml", "{}\n[rule.blank-line]\nbudget = 1\n", "to sftlint.toml, above its tables"),
    ):
        if config:
            Path(config).write_text(text.format(""), "utf-8")
        said = run("baseline", "create", "--force").stdout.splitlines()[-1].removesuffix("\n")
        named, line = said.split(", or give --baseline sftlint-baseline.json: ")
        assert where in named and line == 'baseline = "sftlint-baseline.json"'
        if config:
            Path(config).write_text(text.format(line), "utf-8")
            assert "warning" not in {e["severity"] for e in json.loads(run("check", "--output-format", "json").stdout)}
            assert f"in force, as {config} names it" in run("baseline", "create", "--force").stdout
    assert "sftlint.toml" in run("baseline", "create", "--force", "--lang", "zh").stdout.splitlines()[-1]


def test_errors_are_taken_in_only_when_asked(data: Path) -> None:
    made = run("baseline", "create")
    assert "--include-errors" in made.stdout
    levels = {
        e["severity"] for e in json.loads(run("check", "--baseline", "sftlint-baseline.json", "--output-format", "json").stdout)
    }
    assert "error" in levels and "warning" not in levels
    assert run("baseline", "create").returncode == 2, "what is there is not replaced"


def test_stale_entries_are_named_and_pruned_only_for_files_that_were_read(data: Path) -> None:
    Path("other.jsonl").write_bytes(NEW)
    run("baseline", "create")
    known = ("--baseline", "sftlint-baseline.json")
    lines = data.read_bytes().splitlines(keepends=True)
    data.write_bytes(b"".join(line for line in lines if b"\\b" not in line and b"\x08" not in line))
    done = run("check", *known, "train.jsonl")
    assert "control-character" in done.stderr and "placeholder-text" not in done.stderr
    before = len(json.loads(Path("sftlint-baseline.json").read_text("utf-8"))["known"])
    assert "prune" in done.stderr
    run("baseline", "prune")
    assert len(json.loads(Path("sftlint-baseline.json").read_text("utf-8"))["known"]) == before - 1
    assert "prune" not in run("check", *known).stderr


@pytest.mark.parametrize(("read", "left"), [("p", 0), ("p/n.jsonl", 0), ("q", 1)])
def test_entries_of_a_file_that_is_gone_are_pruned_where_its_folder_is_read(data: Path, read: str, left: int) -> None:
    for name, records in (("p/m.jsonl", NEW), ("p/n.jsonl", A), ("q/m.jsonl", A)):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(records)
    run("baseline", "create", "p")
    Path("p/m.jsonl").unlink()
    run("baseline", "prune", read)
    assert len(json.loads(Path("sftlint-baseline.json").read_text("utf-8"))["known"]) == left


def test_accepting_takes_a_reason_which_update_keeps(data: Path) -> None:
    run("baseline", "create", "--include-errors")
    held = json.loads(Path("sftlint-baseline.json").read_text("utf-8"))["known"]
    mark = next(entry["fingerprint"] for entry in held if entry["rule"] == "placeholder-text")
    assert run("baseline", "accept", mark[:8]).returncode == 2
    assert run("baseline", "accept", mark[:8], "--reason", "asked for by the customer").returncode == 0
    run("baseline", "update", "--include-errors")
    held = json.loads(Path("sftlint-baseline.json").read_text("utf-8"))
    assert [(e["rule"], e["reason"]) for e in held["accepted"]] == [("placeholder-text", "asked for by the customer")]
    assert mark not in {e["fingerprint"] for e in held["known"]}
    before = data.read_bytes()
    run("check", "--baseline", "sftlint-baseline.json", "--fix", "--unsafe-fixes", "--removed", "gone.txt")
    assert data.read_bytes() == before, "what is known is not mended"


def test_rules_ignored_by_path(data: Path) -> None:
    Path("code").mkdir()
    shutil.copy(data, "code/a.jsonl")
    Path("sftlint.toml").write_text('[per-path]\n"code/**" = { ignore = ["characters", "exact-duplicate"] }\n', "utf-8")
    found = {(entry["filename"], entry["category"]) for entry in json.loads(run("check", "--output-format", "json").stdout)}
    assert ("train.jsonl", "characters") in found and ("code/a.jsonl", "characters") not in found
    assert ("code/a.jsonl", "format") in found
    Path("sftlint.toml").write_text('[per-path]\n"code/**" = { ignor = [] }\n', "utf-8")
    assert run("check").returncode == 2


@pytest.mark.parametrize(("budget", "code"), [("1", 0), ('"5%"', 0), ("0", 1), ('"0.1%"', 1)])
def test_a_rule_within_its_budget_fails_no_run(data: Path, budget: str, code: int) -> None:
    Path("sftlint.toml").write_text(f'select = ["placeholder-text"]\n[rule.placeholder-text]\nbudget = {budget}\n', "utf-8")
    done = run("check")
    assert done.returncode == code and "placeholder-text" in done.stdout


def committed() -> None:
    """The working folder as a git repository with one commit."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for step in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *step], check=True)


def test_only_what_is_new_since_a_revision(data: Path) -> None:
    committed()
    assert codes("--since", "HEAD") == []
    lines = data.read_bytes().splitlines(keepends=True)
    data.write_bytes(lines[0] + NEW + b"".join(lines[:0:-1]))
    assert codes("--since", "HEAD") == ["placeholder-text"]
    done = run("check", "--since", "nowhere")
    assert done.returncode == 2 and "no such revision" in done.stderr


def test_a_renamed_file_is_not_new(data: Path) -> None:
    Path("in").mkdir()
    committed()
    subprocess.run(["git", "mv", "train.jsonl", "in/neu é.jsonl"], check=True)
    moved = Path("in/neu é.jsonl")
    assert codes("--since", "HEAD") == []
    moved.write_bytes(NEW + moved.read_bytes())
    assert codes("--since", "HEAD") == ["placeholder-text"]


A = b'{"context": ["When does the museum open?"], "target": "At nine."}'
B = b'{"context": ["Who built the bridge?"], "target": "Two brothers from Porto."}'


@pytest.mark.parametrize(("name", "layout"), [("a.jsonl", b"%b\n"), ("a.json", b"[%b]\n"), ("b.jsonl", b"\xef\xbb\xbf%b")])
def test_a_copy_of_an_old_record_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, layout: bytes) -> None:
    """Of so many equal records as there were none is new, and of one more the last."""
    monkeypatch.chdir(tmp_path)
    file, between = Path(name), b"," if name.endswith("json") else b"\n"
    file.write_bytes(layout % between.join([A, B, A]))
    committed()
    since = ("--since", "HEAD", "--select", "exact-duplicate")
    file.write_bytes(layout % between.join([B, A, A]))
    assert codes(*since) == []
    file.write_bytes(layout % between.join([A, A, B, A, B]))
    found = json.loads(run("check", "--output-format", "json", *since).stdout)
    at = {entry["location"]["column" if between == b"," else "row"] for entry in found}
    assert len(found) == 2 and at == ({4, 5} if between == b"\n" else {2 + len(A + A + B) + 3, 2 + len(A + A + B + A) + 4})


def test_fixes_are_counted_and_made_of_what_is_new_only(data: Path) -> None:
    committed()
    old = data.read_bytes()
    data.write_bytes(old + b'{"context": ["\xe4\xbd\xa0\xe5\xa5\xbd"], "target": "a\\u0008 b"}\n')
    only = ("--since", "HEAD", "--select", "control-character,exact-duplicate,invisible-character")
    said = run("check", *only).stdout.splitlines()[-1]
    assert "; 1 can be mended safely; " in said
    known = ("--baseline", "sftlint-baseline.json", *only[2:])
    run("baseline", "create", "--include-errors")
    assert "mended" not in run("check", *known).stdout.splitlines()[-1], "what is known is not counted"
    run("check", *only, "--fix", "--removed", "gone.txt")
    assert data.read_bytes() == old + b'{"context": ["\xe4\xbd\xa0\xe5\xa5\xbd"], "target": "a b"}\n'
    assert not Path("gone.txt").exists()


def known_errors() -> int:
    held = json.loads(Path("sftlint-baseline.json").read_text("utf-8"))["known"]
    return sum(entry["rule"] == "even-context" for entry in held)


def test_update_keeps_the_errors_that_were_taken_in_before(data: Path) -> None:
    run("baseline", "create", "--include-errors")
    before = known_errors()
    data.write_bytes(data.read_bytes() + b'{"context": ["a", "b"], "target": "New."}\n')
    said = run("baseline", "update").stdout
    assert before and known_errors() == before and "\n1 error is not taken in: mend it, " in said
    run("baseline", "update", "--include-errors")
    assert known_errors() == before + 1


def test_accepting_by_how_several_fingerprints_begin_is_refused(data: Path) -> None:
    run("baseline", "create", "--include-errors")
    before = Path("sftlint-baseline.json").read_bytes()
    marks = [entry["fingerprint"] for entry in json.loads(before)["known"]]
    start = next(mark[0] for mark in marks if sum(other[0] == mark[0] for other in marks) > 1)
    done = run("baseline", "accept", start, "--reason", "x")
    assert done.returncode == 2 and "findings begin so: " in done.stderr and Path("sftlint-baseline.json").read_bytes() == before


def test_reasons_are_not_dropped(data: Path) -> None:
    run("baseline", "create")
    mark = json.loads(Path("sftlint-baseline.json").read_text("utf-8"))["known"][0]["fingerprint"]
    run("baseline", "accept", mark, "--reason", "x")
    done = run("baseline", "create", "--force")
    assert (
        done.returncode == 2 and "holds 1 accepted finding with its reason; `sftlint baseline update` keeps them" in done.stderr
    )


def test_what_cannot_be_done_is_refused_before_anything_is_linted(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("baseline", "create")
    monkeypatch.setattr("sftlint.commands.baseline.judged", None)
    for options in (("create",), ("accept", "abc"), ("prune", "--baseline", "none.json")):
        done = run("baseline", *options)
        assert done.returncode == 2 and "internal error" not in done.stderr


def test_a_wrong_revision_is_refused_even_where_nothing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("clean.jsonl").write_bytes(A + b"\n")
    done = run("check", "--since", "HEAD")
    assert done.stderr == "sftlint: --since: clean.jsonl: is in no git repository; name files of a checkout\n"
    assert done.returncode == 2
    committed()
    done = run("check", "--since", "nosuch")
    assert done.returncode == 2
    assert done.stderr == "sftlint: --since: nosuch: no such revision here; check its name and the depth of the clone\n"
    assert run("check", "--since", "HEAD").returncode == 0


def test_a_pass_for_its_budget_says_so(data: Path) -> None:
    Path("sftlint.toml").write_text('select = ["invalid-json"]\n[rule.invalid-json]\nbudget = "50%"\n', "utf-8")
    for lang, said in (
        ("en", "0 notes (within the budget: 1 error of invalid-json)"),
        ("zh", "（未超出限额：invalid-json 的 1 个错误）"),
    ):
        done = run("check", "--lang", lang)
        assert done.returncode == 0 and said in done.stdout.splitlines()[-1]
    Path("sftlint.toml").write_text('select = ["invalid-json"]\n[rule.invalid-json]\nbudget = 0\n', "utf-8")
    assert "budget" not in run("check").stdout


def test_a_baseline_never_replaces_the_data_nor_another_file(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    (folder / "o.json").write_text('{"x": 1}')
    assert "is no baseline" in mistake("baseline", "create", "a.jsonl", "--baseline", "o.json", "--force")
    assert "is no baseline" in mistake("baseline", "create", "a.jsonl", "--baseline", "a.jsonl", "--force")
    (folder / "f.jsonl").write_bytes(b'{"fingerprints": "0"}\n')
    assert "data of this run" in mistake("baseline", "create", "f.jsonl", "--baseline", "f.jsonl", "--force")
    assert (folder / "a.jsonl").read_bytes() == EMPTY and (folder / "o.json").read_text() == '{"x": 1}'
