"""Rules of one's own: folders, installed packs, and the commands `new` and `test`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.helpers import (
    CLEAN,
    EMPTY,
    ROOT,
    Outcome,
    check,
    command,
    concise,
    jsonl,
    line,
    mistake,
    one_line_error,
    process,
)

RULE = '''
from typing import Annotated

from sftlint import Bad, Good, Phrase, Rule, chat


class {name}(Rule):
    """An answer that is short.

    It teaches the model to be brief.
    """

    zh = """过短的回答。

    模型会学着敷衍。
    """
    message = Phrase(en="only {{count}} characters", zh="只有 {{count}} 个字符")
    suggestion = Phrase(en="write more", zh="多写一些")
    severity = "info"
    good = [Good(chat("你好吗？", "我很好，谢谢您的关心。"))]
    bad = [Bad(chat("How are you?", "ok"))]
    least: Annotated[int, "characters"] = 3
    share: Annotated[float, "a number"] = 0.5
    loud: Annotated[bool, "a switch"] = False
    words: Annotated[tuple[str, ...], "a list"] = ()
    mark: Annotated[str, "a text"] = ""

    def check(self, batch):
        for record in batch:
            if len(record.target) < self.least:
                yield self.finding(record, count=len(record.target))
'''


def test_a_folder_of_rules_in_the_configuration(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(jsonl(line("你好", "好"), line("Hi", "Hello")))
    (folder / "lint_rules").mkdir()
    (folder / "lint_rules/short_answer.py").write_text(RULE.format(name="ShortAnswer"), "utf-8")
    (folder / "sftlint.toml").write_text('select = ["short-answer"]\nrules = ["lint_rules"]\n')
    assert concise() == ["short-answer:1"]
    assert concise("a.jsonl", "--jobs=2") == ["short-answer:1"]
    assert "short-answer" in command("rules").out and "# short-answer" in command("rule", "short-answer").out
    for toml, expected in (
        ("least = 9", ["short-answer:1", "short-answer:2"]),
        ("least = 1", []),
        ("share = 1", ["short-answer:1"]),
        ('words = ["a"]', ["short-answer:1"]),
    ):
        (folder / "sftlint.toml").write_text(f'select = ["short-answer"]\nrules = ["lint_rules"]\n[rule.short-answer]\n{toml}\n')
        assert concise() == expected
    for toml, said in (
        ("words = 'a'", "a list of strings"),
        ("loud = 1", "true or false"),
        ("least = '3'", "a whole number"),
        ("mark = []", "a string"),
    ):
        (folder / "sftlint.toml").write_text(f'rules = ["lint_rules"]\n[rule.short-answer]\n{toml}\n')
        assert f"must be {said}" in mistake("check", "a.jsonl")


def test_several_folders_of_one_name(folder: Path) -> None:
    names = ("First", "Second", "Third")
    for name in names:
        (folder / name / "lint_rules").mkdir(parents=True)
        (folder / name / "lint_rules/rule.py").write_text(RULE.format(name=f"{name}Rule"), "utf-8")
    (folder / "sftlint.toml").write_text("rules = " + json.dumps([f"{name}/lint_rules" for name in names]) + "\n")
    assert all(f"{name.lower()}-rule" in command("rules").out for name in names)


def test_a_folder_may_be_called_like_a_module_of_the_standard_library(folder: Path) -> None:
    (folder / "calendar").mkdir()
    (folder / "calendar/rule.py").write_text(
        RULE.format(name="DatedRule") + "\nimport calendar\nassert calendar.isleap(2024)\n", "utf-8"
    )
    (folder / "sftlint.toml").write_text('rules = ["calendar"]\n')
    said = process("rules")
    assert said.code == 0 and "dated-rule" in said.out, said.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_that_name\n", "No module named 'nothing_of_that_name'"),
        ("def broken(:\n", "SyntaxError"),
        (RULE.format(name="EmptyTarget"), "two rules are called empty-target"),
    ],
)
def test_a_folder_whose_rules_cannot_be_loaded(folder: Path, text: str, said: str) -> None:
    (folder / "a.jsonl").write_bytes(CLEAN)
    (folder / "lint_rules").mkdir()
    (folder / "lint_rules/short_answer.py").write_text(text, "utf-8")
    (folder / "sftlint.toml").write_text('rules = ["lint_rules"]\n')
    assert said in mistake("check", "a.jsonl")
    assert check("a.jsonl", "--no-packs", "--select=empty-target").code == 0


def test_a_rule_that_fails_is_named_and_the_traceback_is_for_verbose(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(CLEAN)
    (folder / "lint_rules").mkdir()
    (folder / "lint_rules/r.py").write_text(RULE.format(name="FailingRule").replace("len(record.target) <", "1 / 0 <"), "utf-8")
    (folder / "sftlint.toml").write_text('rules = ["lint_rules"]\nselect = ["failing-rule"]\n')
    for jobs in ("1", "2"):
        said = check("a.jsonl", f"--jobs={jobs}")
        assert "rule failing-rule failed at a.jsonl, bytes 0 to " in one_line_error(said) and "ZeroDivisionError" in said.err
    assert "Traceback" in check("a.jsonl", "--verbose").err


def _install_pack(site: Path) -> None:
    """What `pip install` of a rule pack leaves in site-packages."""
    (site / "my_pack").mkdir(parents=True)
    (site / "my_pack/__init__.py").write_text('"""Rules of a third party."""\n')
    (site / "my_pack/short_answer.py").write_text(RULE.format(name="InstalledRule"), "utf-8")
    (site / "my_pack-1.0.dist-info").mkdir()
    (site / "my_pack-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: my-pack\nVersion: 1.0\n")
    (site / "my_pack-1.0.dist-info/entry_points.txt").write_text("[sftlint.rules]\nmine = my_pack\n")


def test_an_installed_pack_is_found_by_its_entry_point(folder: Path) -> None:
    _install_pack(folder / "site")
    (folder / "a.jsonl").write_bytes(jsonl(line("你好", "好")))
    path = f"{ROOT}:{folder / 'site'}"
    arguments = ("check", "a.jsonl", "--select=installed-rule", "--output-format=concise", "-q")
    for jobs in ("1", "2"):
        said = process(*arguments, f"--jobs={jobs}", PYTHONPATH=path)
        assert (said.out, said.err) == ("a.jsonl:1:1: info installed-rule only 1 characters\n", "")
    assert process("test", "my_pack", PYTHONPATH=path).out.splitlines()[0].startswith("installed-rule: has no fixture")
    assert "installed-rule: no such rule" in one_line_error(process(*arguments, "--no-packs", PYTHONPATH=path))
    (folder / "site/my_pack/short_answer.py").write_text("raise OSError('gone')\n")
    assert "gone" in one_line_error(process(*arguments, PYTHONPATH=path))


def test_the_folder_that_an_installed_pack_is_from_stands_in_its_place(folder: Path) -> None:
    _install_pack(folder / "site")
    shutil.copytree(folder / "site/my_pack", folder / "work/my_pack")
    (folder / "a.jsonl").write_bytes(jsonl(line("你好", "好")))
    (folder / "sftlint.toml").write_text('rules = ["work/my_pack"]\n')
    path = f"{ROOT}:{folder / 'site'}"
    said = process("check", "a.jsonl", "--select=installed-rule", "--output-format=concise", "-q", PYTHONPATH=path)
    assert (said.out, said.err) == ("a.jsonl:1:1: info installed-rule only 1 characters\n", "")
    assert process("test", "work/my_pack", PYTHONPATH=path).out.splitlines()[0].startswith("installed-rule: has no fixture")


def test_no_packs_reads_the_configuration_and_loads_no_code_named_in_it(folder: Path) -> None:
    """Options for a pack's rules, and selectors that name them, are let pass: the same file serves foreign pull requests."""
    _install_pack(folder / "site")
    (folder / "a.jsonl").write_bytes(EMPTY)
    (folder / "lint_rules").mkdir()
    (folder / "lint_rules/__init__.py").write_text("raise RuntimeError('loaded')\n")
    (folder / "sftlint.toml").write_text('select = ["empty-target", "blank-line"]\nrules = ["lint_rules"]\n')
    (folder / "site/my_pack/__init__.py").write_text("raise RuntimeError('loaded')\n")
    path = f"{ROOT}:{folder / 'site'}"
    assert "loaded" in one_line_error(process("check", "a.jsonl", PYTHONPATH=path))
    for args in (("check", "a.jsonl", "--output-format=concise", "-q"), ("rules",), ("rule", "empty-target")):
        said = process(*args, "--no-packs", PYTHONPATH=path)
        assert said.code == (1 if args[0] == "check" else 0) and said.err == ""
    (folder / "sftlint.toml").write_text(
        'select = ["empty-target", "our-rule"]\nrules = ["lint_rules"]\n[rule.our-rule]\nleast = 3\n'
    )
    said = process("check", "a.jsonl", "--no-packs", "--output-format=concise", "-q", PYTHONPATH=path)
    assert (said.code, said.out.split()[2]) == (1, "empty-target")


def test_new_writes_a_rule_that_passes_test_and_finds(folder: Path) -> None:
    said = command("new", "answer-too-loud", "--in", "checks")
    assert said.code == 0 and "sftlint test checks" in said.out
    assert {p.name for p in (folder / "checks").rglob("*.*")} >= {
        "answer_too_loud.py",
        "answer-too-loud.jsonl",
        "answer-too-loud.txt",
    }
    assert command("test", "checks") == Outcome(0, "1 passed, 0 failed\n", "")
    (folder / "sftlint.toml").write_text('rules = ["checks"]\nselect = ["answer-too-loud"]\n')
    (folder / "a.jsonl").write_bytes(jsonl(line("你好", "您好"), line("How was it?", "IT WAS VERY GOOD")))
    assert concise() == ["answer-too-loud:2"]
    before = (folder / "checks/answer_too_loud.py").read_bytes()
    assert "exists already" in mistake("new", "answer-too-loud", "--in", "checks")
    assert "control-character: is a built-in rule; choose another name" in mistake("new", "control-character", "--in", "other")
    assert not Path("other").exists()
    assert (folder / "checks/answer_too_loud.py").read_bytes() == before


def test_test_says_what_is_wrong_with_a_rule(folder: Path) -> None:
    command("new", "answer-too-loud", "--in", "checks")
    rule, expected = folder / "checks/answer_too_loud.py", folder / "checks/fixtures/answer-too-loud.txt"
    expected.write_text("something else\n")
    said = command("test", "checks")
    assert said.code == 1 and "says other things of its fixture" in said.out and said.out.endswith("0 passed, 1 failed\n")
    assert command("test", "checks", "--renew").code == 0 and command("test", "checks").code == 0
    # Of another length, or what Python compiled in the same second would still be taken for it.
    rule.write_text(rule.read_text("utf-8").replace("IT IS RAINING AGAIN", "it rains again"), "utf-8")
    said = process("test", "checks")  # this process has the rule in its memory as it was
    assert said.code == 1 and "bad example 0" in said.out and "Traceback" not in said.err
    rule.write_text("raise RuntimeError('broken')\n")
    said = process("test", "checks")
    assert said.code == 2 and "RuntimeError: broken" in said.err and len(said.err.splitlines()) == 1


def pack(**rules: str) -> None:
    """Rules in `lint_rules`, each with a fixture."""
    Path("lint_rules/fixtures").mkdir(parents=True)
    for name, text in rules.items():
        Path(f"lint_rules/{name}.py").write_text(text, "utf-8")
        fixture = Path(f"lint_rules/fixtures/{name.replace('_', '-')}.jsonl")
        fixture.write_bytes(jsonl(line("How are you?", "\u200b\\"), line("Where is it?", "Behind the station.")))


def test_one_rule_is_tested_alone(folder: Path) -> None:
    pack(short_answer=RULE.format(name="ShortAnswer"), deaf_rule=RULE.format(name="DeafRule").replace("< self.least", "< 0"))
    only = ("test", "lint_rules", "--only")
    assert process(*only, "short-answer", "--renew").out == "1 passed, 0 failed\n"
    assert process(*only, "short-answer").out == "1 passed, 0 failed\n"
    assert "1 passed, 1 failed" in process(*only, "short-answer,deaf-rule").out
    assert not Path("lint_rules/fixtures/deaf-rule.txt").exists(), "not asked for"
    assert "did you mean 'deaf-rule'" in one_line_error(process(*only, "deff-rule"))


def test_what_leaves_no_mark_is_named_in_what_a_fixture_expects(folder: Path) -> None:
    text = RULE.format(name="TinyAnswer").replace("Rule, chat", "Rule, chat, place")
    pack(tiny_answer=text.replace("self.finding(record", "self.finding(place(record, 1)"))
    process("test", "lint_rules", "--renew")
    assert "⟦<U+200B>\\⟧" in Path("lint_rules/fixtures/tiny-answer.txt").read_text("utf-8")
