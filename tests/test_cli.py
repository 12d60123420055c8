"""The command: its commands, options, streams and exit codes, selection, language, and what starting it costs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import sftlint
from sftlint import source
from tests.helpers import (
    CLEAN,
    EMPTY,
    NOTED,
    SELECT,
    TWICE,
    Outcome,
    check,
    command,
    concise,
    environment,
    jsonl,
    line,
    mistake,
    process,
)

# Exit codes and streams.


@pytest.mark.parametrize(
    ("data", "options", "code"),
    [
        (CLEAN, (), 0), (EMPTY, (), 1), (TWICE, (), 1), (NOTED, (), 0),
        (TWICE, ("--fail-on=error",), 0), (EMPTY, ("--fail-on=error",), 1), (TWICE, ("--fail-on=warning",), 1),
        (EMPTY, ("--exit-zero",), 0), (EMPTY, ("--ignore=empty-target",), 0), (EMPTY, ("--max-findings=0",), 1),
    ],
)  # fmt: skip
def test_exit_codes(folder: Path, data: bytes, options: tuple[str, ...], code: int) -> None:
    (folder / "a.jsonl").write_bytes(data)
    for form in ("text", "concise", "json", "json-lines"):
        said = check("a.jsonl", SELECT, *options, f"--output-format={form}")
        assert (said.code, said.err) == (code, "")
    said = check("a.jsonl", SELECT, *options)
    assert said.out.startswith("a.jsonl  context/target, 2 records")
    assert said.out.splitlines()[1].startswith("FAIL  " if code or "--exit-zero" in options else "PASS  ")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("check", "none.jsonl"), "none.jsonl: no such file or folder"),
        (("check", ".", "--select=exact-duplicat"), "did you mean exact-duplicate?"),
        (("check", ".", "--select=formt"), "did you mean format?"),
        (("check", ".", "--ignore=zzz"), "`sftlint rules` lists them"),
        (("check", ".", "--extend-select=empty-taget"), "did you mean empty-target?"),
        (("check", ".", "--output-format=jsonline"), "did you mean 'json-lines'?"),
        (("check", ".", "--output-format=xml"), "there are: "),
        (("check", ".", "--fail-on=info"), "--fail-on"),
        (("check", ".", "--color=blue"), "there are: always, auto, never"),
        (("check", ".", "--lang=fr"), "there are en and zh"),
        (("check", ".", "--examples=few"), "neither a number nor all"),
        (("check", ".", "--scope=file,recrod"), "did you mean 'record'?"),
        (("check", ".", "--field=target"), "KEY=YOURS"),
        (("check", ".", "--field=targte=答"), "did you mean 'target'?"),
        (("check", ".", "--schema=no.json"), "--schema: no.json: no such file"),
        (("check", ".", "--config=no.toml"), "--config: no.toml: no such file"),
        (("check", ".", "--eval=no.jsonl"), "no.jsonl: no such file"),
        (("check", ".", "--output-file=no/such/folder.txt"), "cannot be written"),
        (("rule", "exact-dup"), "did you mean exact-duplicate?"),
        (("rule",), "name a rule"),
        (("new", "Bad Name"), "lower-case words joined by hyphens"),
        (("new", "top-10-answers"), "a rule's name"),
        (("test", "no-such-pack"), "neither a folder nor a module"),
    ],
)  # fmt: skip
def test_mistakes_are_one_line_and_exit_code_2(folder: Path, args: tuple[str, ...], said: str) -> None:
    (folder / "a.jsonl").write_bytes(CLEAN)
    assert said in mistake(*args)


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (("train.jsonl", "--eval", "train.jsonl"), "given as training data and with --eval"),
        (("train.jsonl", "--eval", "./link.jsonl"), "given as training data and with --eval"),
        (("hard.jsonl", "--eval", "train.jsonl"), "given as training data and with --eval"),
        (("train.jsonl", "--eval", "*.jsonl"), "given as training data and with --eval"),
        (("train.jsonl", "--eval", "."), "given as training data and with --eval"),
        ((".", "--eval", "."), "nothing is left to train on"),
        (("train.jsonl", "--eval", "void"), "--eval: void: holds no .jsonl"),
        (("-", "--eval", "-"), "standard input"),
    ],
)  # fmt: skip
def test_training_data_are_not_their_own_evaluation(folder: Path, paths: tuple[str, ...], said: str) -> None:
    (folder / "train.jsonl").write_bytes(CLEAN)
    (folder / "link.jsonl").symlink_to("train.jsonl")
    (folder / "hard.jsonl").hardlink_to("train.jsonl")
    (folder / "void").mkdir()
    assert said in mistake("check", *paths)


def test_a_file_under_several_names_is_read_once(folder: Path) -> None:
    (folder / "train.jsonl").write_bytes(CLEAN)
    (folder / "link.jsonl").symlink_to("train.jsonl")
    (folder / "hard.jsonl").hardlink_to("train.jsonl")
    assert check("train.jsonl", "./train.jsonl", "link.jsonl", "hard.jsonl", ".", "--select=duplicates").code == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty-file"), (b"\n\n", "empty-file"), (b"plain text\n", "invalid-json"), (b'{"a": 1}\n', "unknown-format")],
)
def test_evaluation_data_that_hold_nothing_are_findings(folder: Path, data: bytes, code: str) -> None:
    (folder / "train.jsonl").write_bytes(CLEAN)
    (folder / "held.jsonl").write_bytes(data)
    said = check("train.jsonl", "--eval", "held.jsonl", "--output-format=concise")
    assert said.code == 1 and code in said.out


def test_evaluation_data_of_another_format_are_compared_with(folder: Path) -> None:
    (folder / "train.jsonl").write_text('{"context": ["What is the tallest tree?"], "target": "A redwood."}\n')
    turns = [{"role": "user", "content": "What is the tallest tree?"}, {"role": "assistant", "content": "A redwood."}]
    (folder / "held.jsonl").write_text(json.dumps({"messages": turns}) + "\n")
    (folder / "data").mkdir()
    (folder / "data" / "test.jsonl").write_text(json.dumps({"messages": turns}) + "\n")
    (folder / "sftlint.toml").write_text('evaluation = ["held.jsonl"]\n')
    leaked = "--select=leaked-evaluation"
    assert "leaked-evaluation" in check("train.jsonl", leaked, "--isolated", "--eval", "held.jsonl").out
    assert "leaked-evaluation" in check("train.jsonl", leaked).out
    assert "leaked-evaluation" in check("train.jsonl", "data", leaked, "--isolated").out
    assert check("train.jsonl", leaked, "--isolated").code == 0


@pytest.mark.parametrize(
    "args",
    [
        ("--bogus",),
        ("nonsense",),
        ("check", "--nope"),
        ("check", "--jobs=x"),
        ("check", "--jobs=-1"),
        ("check", "--max-findings=-1"),
    ],
)
def test_usage_errors_show_the_usage_and_exit_code_2(folder: Path, args: tuple[str, ...]) -> None:
    said = command(*args)
    assert (said.code, said.out) == (2, "") and "Usage: " in said.err and "Error: " in said.err and "Traceback" not in said.err


def test_no_command_shows_the_help() -> None:
    assert "Commands:" in command().err and command().code == 2


def test_an_internal_error_is_one_line_and_a_traceback_only_on_demand(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sftlint import source

    def fail(*args: object, **more: object) -> None:
        raise KeyError("something")

    monkeypatch.setattr(source, "collect", fail)
    quiet, verbose = check("."), check(".", "--verbose")
    assert quiet.code == verbose.code == 2 and quiet.out == verbose.out == ""
    assert len(quiet.err.splitlines()) == 1 and quiet.err.startswith("sftlint: internal error: KeyError")
    assert "Traceback" in verbose.err


def test_findings_go_to_stdout_and_notes_to_stderr(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    (folder / "notes.md").write_text("-")
    said = check(".", SELECT, "--output-format=concise")
    assert said.out.splitlines() == [
        "a.jsonl:1:31: error empty-target /target is empty",
        "FAIL  1 error, 0 warnings in 1 record (50.0 %), 0 notes",
    ]
    assert said.err == "sftlint: passed over 1 file that holds no records: notes.md\n"
    quiet = check(".", SELECT, "--output-format=concise", "--quiet")
    assert (quiet.out.splitlines(), quiet.err) == (said.out.splitlines()[:1], "")


def test_machine_formats_hold_nothing_but_findings(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    (folder / "notes.md").write_text("-")
    assert [f["code"] for f in json.loads(check(".", SELECT, "--output-format=json").out)] == ["empty-target"]
    assert json.loads(check(".", SELECT, "--output-format=json-lines").out)["code"] == "empty-target"
    (folder / "a.jsonl").write_bytes(CLEAN)
    assert json.loads(check(".", SELECT, "--output-format=json").out) == []
    assert check(".", SELECT, "--output-format=json-lines").out == ""


@pytest.mark.parametrize("form", ["text", "concise", "json", "json-lines"])
def test_output_file_takes_what_stdout_would(folder: Path, form: str) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    plain = check("a.jsonl", SELECT, f"--output-format={form}")
    moved = check("a.jsonl", SELECT, f"--output-format={form}", "-o", "report.txt")
    assert (moved.code, moved.out, (folder / "report.txt").read_bytes().decode()) == (1, "", plain.out)


def test_a_run_that_fails_leaves_the_report_of_the_run_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    (folder / "report.txt").write_text("as it was")
    (folder / "report.txt").chmod(0o640)
    (folder / "link.txt").symlink_to("report.txt")
    with monkeypatch.context() as patch:
        patch.setattr(source, "unchanged", lambda file: False)
        for form in ("text", "json-lines"):
            mistake("check", "a.jsonl", SELECT, f"--output-format={form}", "-o", "report.txt")
    assert (folder / "report.txt").read_text() == "as it was"
    assert check("a.jsonl", SELECT, "-o", "link.txt").code == 1
    assert (folder / "report.txt").read_text().startswith("a.jsonl") and (folder / "link.txt").is_symlink()
    assert (folder / "report.txt").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["a.jsonl", "link.txt", "report.txt"]
    assert check("a.jsonl", SELECT, "-o", "/dev/null").code == 1


def test_an_output_file_never_replaces_the_data(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    assert "a.jsonl" in mistake("check", ".", SELECT, "--output-file", "./a.jsonl")
    assert (folder / "a.jsonl").read_bytes() == EMPTY


def test_an_output_file_never_replaces_what_the_run_is_set_up_by(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    (folder / "s.json").write_text("{}")
    (folder / "sftlint.toml").write_text('lang = "en"\n')
    assert "set up by" in mistake("check", ".", "-o", "sftlint.toml")
    assert "set up by" in mistake("check", "a.jsonl", "--schema", "s.json", "--also", "html=s.json")
    assert "named twice" in mistake("check", "a.jsonl", "-o", "x", "--also", "html=./x")
    assert "no file" in mistake("check", "a.jsonl", "-o", "-")
    assert (folder / "s.json").read_text() == "{}"
    assert sorted(path.name for path in folder.iterdir()) == ["a.jsonl", "s.json", "sftlint.toml"]


def test_statistics_counts_rules_and_prints_no_findings(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY + TWICE + TWICE)
    said = check("a.jsonl", SELECT, "--statistics")
    assert said.code == 1
    assert [entry.split()[:3] for entry in said.out.splitlines()] == [
        ["1", "error", "empty-target"],
        ["3", "warning", "exact-duplicate"],
    ]


def test_max_findings_limits_what_is_printed_and_not_the_verdict(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(jsonl(*(line(f"问 {n}", "") for n in range(30)), line("你好", "您好"), line("你好", "您好")))
    for form, lines in (("concise", 5 + 1), ("json-lines", 5)):
        said = check("a.jsonl", SELECT, "--max-findings=5", f"--output-format={form}")
        assert len(said.out.splitlines()) == lines and said.code == 1
    assert "30 errors, 1 warning" in check("a.jsonl", SELECT, "--max-findings=5", "--output-format=concise").out
    assert len(json.loads(check("a.jsonl", SELECT, "--max-findings=31", "--output-format=json").out)) == 31
    assert len(json.loads(check("a.jsonl", SELECT, "--max-findings=99", "--output-format=json").out)) == 31


@pytest.mark.parametrize(
    ("options", "variables", "painted"),
    [
        ((), {}, False),
        (("--color=always",), {}, True),
        ((), {"FORCE_COLOR": "1"}, True),
        (("--color=never",), {"FORCE_COLOR": "1"}, False),
        (("--color=always",), {"NO_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        (("--color=always", "--output-format=json"), {}, False),
    ],
)
def test_color(folder: Path, options: tuple[str, ...], variables: dict[str, Any], painted: bool) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    assert ("\x1b[" in check("a.jsonl", SELECT, *options, **variables).out) == painted


# Selection.


def test_selection_by_name_category_and_all(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(jsonl(line("a\x08", ""), line("你好", "好", "Hi")) + b"\n")
    assert concise("a.jsonl", "--select=empty-target") == ["empty-target:1"]
    assert concise("a.jsonl", "--select=format") == ["blank-line:3"]
    assert sorted(concise("a.jsonl", "--select=format,empty-target,even-context")) == [
        "blank-line:3",
        "empty-target:1",
        "even-context:2",
    ]
    assert sorted(concise("a.jsonl", "--select=format,empty-target", "--ignore=format")) == ["empty-target:1"]
    assert sorted(concise("a.jsonl", "--select=empty-target", "--extend-select=blank-line")) == ["blank-line:3", "empty-target:1"]
    everything = concise("a.jsonl", "--select=all")
    assert {"empty-target:1", "even-context:2", "blank-line:3", "control-character:1"} <= set(everything)
    assert concise("a.jsonl") == concise("a.jsonl", "--select=ALL") == everything


def test_scope_leaves_the_other_rules_out(folder: Path) -> None:
    (folder / "a.json").write_bytes(b"[" + line("你好", "") + b"," + line("Hi", "Yes") + b"," + line("Hi", "Yes") + b"]")
    rules = "--select=empty-target,exact-duplicate,array-file"
    for scope, expected in (("record", ["empty-target"]), ("file", ["array-file"]), ("dataset", ["exact-duplicate"])):
        said = check("a.json", rules, f"--scope={scope}", "--output-format=json")
        assert [f["code"] for f in json.loads(said.out)] == expected
    both = json.loads(check("a.json", rules, "--scope=record,file", "--output-format=json").out)
    assert sorted(f["code"] for f in both) == ["array-file", "empty-target"]


# Language.


def test_language_by_option_environment_and_configuration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    english, chinese = "FAIL  1 error", "未通过  1 个错误"
    assert english in check("a.jsonl", SELECT).out, "no terminal: English"
    assert chinese in check("a.jsonl", SELECT, "--lang=zh").out
    assert chinese in check("a.jsonl", SELECT, SFTLINT_LANG="zh").out
    assert english in check("a.jsonl", SELECT, "--lang=en", SFTLINT_LANG="zh").out
    (folder / "sftlint.toml").write_text('lang = "zh"\n')
    assert chinese in check("a.jsonl", SELECT).out
    assert english in check("a.jsonl", SELECT, SFTLINT_LANG="en").out


def test_names_keys_and_fingerprints_are_the_same_in_both_languages(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY + TWICE)
    english, chinese = (
        json.loads(check("a.jsonl", SELECT, "--output-format=json", f"--lang={lang}").out) for lang in ("en", "zh")
    )
    assert len(english) == 2 and english != chinese
    for one, other in zip(english, chinese, strict=True):
        assert one["message"] != other["message"]
        assert {k: v for k, v in one.items() if k not in ("message", "suggestion", "fix")} == {
            k: v for k, v in other.items() if k not in ("message", "suggestion", "fix")
        }


# The other commands.


def test_version_in_three_ways() -> None:
    expected = Outcome(0, f"sftlint {sftlint.__version__}\n", "")
    assert command("--version") == command("-V") == command("version") == expected


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rule_explains_in_both_languages(folder: Path, lang: str) -> None:
    said = command("rule", "exact-duplicate", f"--lang={lang}")
    headings = [entry[3:] for entry in said.out.splitlines() if entry.startswith("## ")]
    assert said.code == 0 and said.out.startswith("# exact-duplicate\n")
    assert {"en": "Why it matters", "zh": "为什么重要"}[lang] in headings and len(headings) >= 6
    pages = command("rule", "--all", f"--lang={lang}").out
    assert pages.count("\n# ") + 1 >= 19 and said.out in pages


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rules_lists_every_rule_once(folder: Path, lang: str) -> None:
    said = command("rules", f"--lang={lang}").out.splitlines()
    names = [entry.split()[0] for entry in said if entry.startswith("  ")]
    assert len(names) == len(set(names)) and {"invalid-json", "exact-duplicate", "even-context"} <= set(names)
    categories = [entry for entry in said if entry and not entry.startswith(" ")]
    assert categories == sorted(categories) and {"format", "dialogue", "duplicates"} <= set(categories)


def test_config_prints_what_is_in_force(folder: Path) -> None:
    said = command("config").out
    assert said.startswith("# defaults") and tomllib.loads(said)["select"] == ["all"]
    (folder / "sftlint.toml").write_text(
        'select = ["format"]\nrules = ["mine"]\n[rule.unknown-field]\nrare = 0.1\n[fields]\ntarget = "答案"\n', "utf-8"
    )
    (folder / "mine").mkdir()
    printed = command("config")
    assert (printed.code, printed.err) == (0, "") and "sftlint.toml" in printed.out.splitlines()[0]
    loaded = tomllib.loads(printed.out)
    assert (
        loaded["select"] == ["format"]
        and loaded["rule"] == {"unknown-field": {"rare": 0.1}}
        and loaded["fields"] == {"target": "答案"}
    )
    assert loaded["rules"] == ["mine"]
    assert tomllib.loads(command("config", "--isolated").out)["select"] == ["all"]


def test_init_writes_a_configuration_that_works_and_never_overwrites(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(CLEAN)
    assert command("init").code == 0 and tomllib.loads((folder / "sftlint.toml").read_text("utf-8"))["select"] == ["all"]
    assert check("a.jsonl").code == 0
    commented = re.findall(r"^# (\[.+|[a-z-]+ = .+)", (folder / "sftlint.toml").read_text("utf-8"), re.M)
    assert len(tomllib.loads("\n".join(commented))) >= 5, "what is commented out is valid as well"
    (folder / "sftlint.toml").write_text("# mine\n")
    assert "exists already" in mistake("init")
    assert (folder / "sftlint.toml").read_text() == "# mine\n"


# What starting it costs.

HEAVY = {
    "numpy",
    "rich",
    "jsonschema",
    "regex",
    "datasketch",
    "rjieba",
    "hyperscan",
    "orjson",
    "xxhash",
    "ray",
    "tomllib",
    "multiprocessing",
}


@pytest.mark.parametrize("args", [("--version",), ("--help",), ("check", "--help"), ("version",), ("nonsense",)])
def test_little_is_imported_to_say_little(folder: Path, args: tuple[str, ...]) -> None:
    said = process(*args, python=("-X", "importtime"))
    imported = {entry.split("|")[-1].strip().split(".")[0] for entry in said.err.splitlines() if entry.startswith("import time:")}
    assert "sftlint" in imported and "typer" in imported
    assert imported & HEAVY == set()


def test_a_worker_does_not_import_the_command_line(folder: Path) -> None:
    """A spawned worker imports the task's module, and with it what linting needs; not typer."""
    (folder / "task.py").write_text(
        "import sys\nimport sftlint.lint\n\n\ndef loaded(shared, item):\n    return 'typer' in sys.modules\n"
    )
    (folder / "main.py").write_text(
        "import task\n"
        "from sftlint import engines\n\n"
        "if __name__ == '__main__':\n"
        "    pool = engines.Processes(1, 'spawn')\n"
        "    print(next(pool.map(task.loaded, [0], None)))\n"
        "    pool.close()\n"
    )
    done = subprocess.run([sys.executable, "main.py"], capture_output=True, env=environment(), timeout=60, check=True)
    assert done.stdout == b"False\n"


def test_options_that_say_nothing_or_contradict_each_other(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    for options, said in (
        (("--select", ""), "sftlint: --select: names no rule; "),
        (("--select", " ,"), "sftlint: --select: names no rule; "),
        (("--select", "zzz"), "sftlint: --select: zzz: no such rule"),
        (("--ignore", "zzz"), "sftlint: --ignore: zzz: no such rule"),
        (("--fix", "--diff"), "sftlint: --diff: writes nothing, and --fix does; "),
    ):
        assert mistake("check", "a.jsonl", *options).startswith(said)
