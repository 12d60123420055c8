"""What a Chinese user sees: errors, remarks and summaries, in Chinese and in no mixture."""

from __future__ import annotations

import ast
import io
import json
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from sftlint import cli
from sftlint.commands import chinese_help, shell, usage
from sftlint.errors import Error
from sftlint.texts.facts import cells
from tests.helpers import EMPTY, ROOT, check, command, jsonl, line, mistake, one_line_error

#: Errors that only authors of rules, of presets and of workflows meet: in English alone.
AUTHORS = {"action.py", "diagnostic.py", "pattern.py", "preset.py", "cluster.py", "rule.py"}


def errors() -> Iterator[tuple[Path, ast.Call]]:
    """Every call that makes an Error."""
    for path in sorted([*(ROOT / "sftlint").rglob("*.py"), *(ROOT / "rules").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Error":
                yield path, node


def names(text: ast.expr) -> set[str]:
    """What a text is filled with."""
    return {node.id for node in ast.walk(text) if isinstance(node, ast.Name)} - {"en", "zh"}


def test_every_error_says_the_same_in_both_languages() -> None:
    english = []
    for path, call in errors():
        chinese = next((word.value for word in call.keywords if word.arg == "zh"), None)
        if chinese is None:
            english.append(path.name)
        else:
            assert names(call.args[0]) == names(chinese), f"{path.name}:{call.lineno}"
            assert re.search("[\u4e00-\u9fff]|：", ast.unparse(chinese)), f"{path.name}:{call.lineno}"
    assert set(english) == AUTHORS, english


def test_an_error_keeps_both_languages_on_its_way_from_a_worker() -> None:
    made = pickle.loads(pickle.dumps(Error("no", zh="没有").at("a.jsonl")))
    assert (str(made), made.say("en"), made.say("zh")) == ("a.jsonl: no", "a.jsonl: no", "a.jsonl：没有")
    assert Error("no").at("a.jsonl").say("zh") == "a.jsonl：no"


def test_the_language_of_errors(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    english, chinese = (
        "sftlint: no.jsonl: no such file or folder; check the path",
        "sftlint: no.jsonl：没有该文件或文件夹；请检查路径",
    )
    assert one_line_error(check("no.jsonl")) == english
    for options in (("no.jsonl", "--lang", "zh"), ("--lang=zh", "no.jsonl"), ("--lang", "en", "no.jsonl", "--lang", "zh")):
        assert one_line_error(check(*options)) == chinese
    assert one_line_error(check("no.jsonl", SFTLINT_LANG="zh")) == chinese
    assert one_line_error(check("no.jsonl", "--lang=en", SFTLINT_LANG="zh")) == english
    (folder / "sftlint.toml").write_text('lang = "zh"\n')
    assert one_line_error(check("no.jsonl")) == chinese
    assert one_line_error(check("no.jsonl", "--isolated")) == english
    assert one_line_error(check("no.jsonl", SFTLINT_LANG="en")) == english
    (folder / "other.toml").write_text('lang = "en"\n')
    assert one_line_error(check("no.jsonl", "--config=other.toml")) == english


def test_a_configuration_in_chinese_is_criticised_in_chinese(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY)
    (folder / "sftlint.toml").write_text('lang = "zh"\nselct = []\n')
    assert one_line_error(check("a.jsonl")) == "sftlint: sftlint.toml：未知的键 'selct'；是否想写 'select'？"
    (folder / "sftlint.toml").unlink()
    (folder / "pyproject.toml").write_text('[tool.sftlint]\nlang = "zh"\n[tool.sftlint.rule.empty-taget]\n')
    assert one_line_error(check("a.jsonl")) == "sftlint: pyproject.toml：empty-taget：没有该规则或类别；是否想写 empty-target？"
    for broken in ("lang = 3\nx = 1", "lang = [", "tool = 3"):
        (folder / "sftlint.toml").write_text(broken)
        assert " " in one_line_error(check("a.jsonl")).removeprefix("sftlint: ")


def test_the_locale_of_a_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "no such file" in check("no.jsonl").err

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "argv", ["sftlint", "check", "no.jsonl"])
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert shell.spoken() == "zh"
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert shell.spoken() == "en"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--bogus",), "没有选项 --bogus"),
        (("chek",), "没有命令 chek；是否想写 check？"),
        (("check", "--selct=x"), "没有选项 --selct；是否想写 "),
        (("check", "--jobs=x"), "--jobs（SFTLINT_JOBS）的值应为整数"),
        (("check", "--max-findings=-1"), "--max-findings 的值不能小于 0"),
        (("check", "--select"), "选项 --select 缺少值"),
        (("rule", "a", "b"), "多余的参数：b"),
        (("new",), "缺少参数 RULE"),
    ],
)
def test_usage_errors(folder: Path, args: tuple[str, ...], said: str) -> None:
    done = command(*args, SFTLINT_LANG="zh")
    assert (done.code, done.out) == (2, "")
    lines = done.err.splitlines()
    assert lines[-1].startswith(f"错误：{said}") and "Error" not in done.err and "Usage" not in done.err


def test_usage_errors_of_other_versions_of_typer() -> None:
    for english, chinese in (
        ("No such option '--selct'. Did you mean '--select'?", "没有选项 --selct；是否想写 --select？"),
        ("No such option: --selct Did you mean --select?", "没有选项 --selct；是否想写 --select？"),
        ("Invalid value for '--jobs' / '-j': 'x' is not a valid integer.", "--jobs 的值应为整数"),
        ("Invalid value for '--jobs' / '-j': -1 is not in the range x>=0.", "--jobs 的值不能小于 0"),
        ("Something else.", ""),
    ):
        assert usage.chinese(english) == chinese


#: What is no English when it stands in a Chinese line: names of rules, files, options, commands, formats and Unicode.
_NAME = re.compile(r"`[^`]*`|\S*[-./_=<\[\d]\S*|\b(?:sftlint|context|JSON|token|ignore|BACKSPACE)\b")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("check", ".", "--statistics"), "已跳过不含记录的文件 1 个：notes.md"),
        (("check", "."), "未通过  1 个错误"),
        (("check", "no-data"), "no-data 中没有含记录的"),
        (("check", "a.jsonl", "--fix", "--statistics"), "已修复 1 处：control-character 1"),
        (("check", "a.jsonl", "--diff"), "可修复 2 处：control-character 1、exact-duplicate 1"),
        (("check", "a.jsonl", "--fix-to=out", "--statistics"), "已删除 1 条记录，保存在 out/removed.jsonl.txt"),
        (("baseline", "create"), "sftlint-baseline.json：已知问题 2 处"),
        (("baseline", "create", "a.jsonl"), "1 个错误未写入基线"),
        (("init",), "已生成 sftlint.toml；接下来运行：sftlint check"),
        (
            ("new", "my-rule"),
            "已生成 lint_rules/my_rule.py 和 lint_rules/fixtures/my-rule.jsonl；接下来运行：sftlint test lint_rules",
        ),
        (("config",), "# 默认值：没有 sftlint.toml，pyproject.toml 中也没有 [tool.sftlint]"),
        (("profile", "a.jsonl"), "语言        英文 50.0%，中文 50.0%"),
        (("rule", "--all", "--write=pages"), "已在 pages 中写入 "),
    ],
)
def test_remarks_and_summaries(folder: Path, args: tuple[str, ...], said: str) -> None:
    (folder / "no-data").mkdir()
    (folder / "notes.md").write_text("-")
    (folder / "a.jsonl").write_bytes(jsonl(line("你好", ""), line("你是谁", "小\x08李"), *[line("Hi", "You are the one")] * 2))
    done = command(*args, SFTLINT_LANG="zh")
    assert done.code in (0, 1) and said in done.out + done.err
    for entry in done.err.splitlines():
        assert not re.search(r"[A-Za-z]{2,}", _NAME.sub("", entry.removeprefix("sftlint: "))), entry


def test_the_summary_of_a_pack(folder: Path) -> None:
    assert command("new", "my-rule", SFTLINT_LANG="zh").code == 0
    assert command("test", "lint_rules", SFTLINT_LANG="zh").out == "通过 1 条，失败 0 条\n"
    (folder / "lint_rules/fixtures/my-rule.txt").unlink()
    done = command("test", "lint_rules", "--lang=zh")
    assert done.out == "my-rule: 没有 my-rule.txt；可用 `sftlint test --renew` 生成\n通过 0 条，失败 1 条\n"


def test_the_configuration_speaks_for_every_command(folder: Path) -> None:
    (folder / "sftlint.toml").write_text('lang = "zh"\nselect = ["empty-target"]\n')
    (folder / "a.jsonl").write_bytes(EMPTY)
    assert "已知问题" in command("baseline", "create").out
    assert "已生成" in command("new", "my-rule").out
    assert "通过" in command("test", "lint_rules").out
    assert "格式" in command("profile", "a.jsonl").out
    assert "known finding" in command("baseline", "update", "--lang=en").out


def test_one_of_a_kind_in_english(folder: Path) -> None:
    """What is counted is singular where there is one of it."""
    (folder / "a.json").write_bytes(b"[" + line("你", "好") + b"]")
    said = [check("a.json", f"--output-format={form}", "--preset=pangu").out for form in ("text", "markdown", "html", "concise")]
    said.append(command("profile", "a.json").out)
    assert "array of 1 record\n" in said[0] and "about 1 token\n" in said[0]
    for page in said:
        text = re.sub(r"<(?:style|script).*?</(?:style|script)>|<[^>]*>", "", page, flags=re.S)
        assert not re.findall(r"\b1 (?! |has |is )[a-z ]*[a-z]s\b", text.replace("1 of 1", ""))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("check", "a.jsonl", "--fix", "--removed=a.jsonl"), "--removed: a.jsonl: is data of this run"),
        (("check", "a.jsonl", "--fix", "--removed=sub"), "--removed: sub: is a folder"),
        (("check", ".", "--fix", "--removed=gone.jsonl"), "a later run on . would take it for data"),
        (("check", "a.jsonl", "--fix-to=."), "is data of this run; choose another folder"),
        (("check", ".", "--fix-to=out"), "a later run on . would take the copy for data"),
        (("check", "a.jsonl", "--fix-to=sub"), "--fix-to: sub/a.jsonl: is there already"),
        (("check", "a.jsonl", "--fix-to=a.jsonl"), "--fix-to: a.jsonl: is no folder"),
        (("check", "a.jsonl", "--removed=gone.txt"), "--removed: goes with --fix, --diff or --fix-to"),
        (("check", "a.jsonl", "--diff", "--also=html=r.html"), "--diff: shows changes and makes no report"),
        (("check", "-", "a.jsonl", "--fix"), "-: standard input is mended by itself"),
        (("check", "a.jsonl", "--also=html"), "--also: 'html' names no file"),
        (("check", "a.jsonl", "--also=htm=r.html"), "--also: no 'htm'; did you mean 'html'?"),
        (("check", "a.jsonl", "--output-file=sub"), "--output-file: sub: cannot be written"),
        (("check", "a.jsonl", "--baseline=gone.json"), "--baseline: gone.json: cannot be read"),
        (("check", "a.jsonl", "--baseline=a.jsonl"), "a.jsonl: is no baseline"),
        (("check", "a.jsonl", "--since=HEAD"), "--since: a.jsonl: is in no git repository"),
        (("check", "a.jsonl", "--preset=pangoo"), "preset: no 'pangoo'; did you mean 'pangu'?"),
        (("check", "a.jsonl", "--tokenizer=no.json"), "--tokenizer: no.json: no such file"),
        (("check", "file://no/such"), "file://no/such: "),
        (("baseline", "prune"), "sftlint-baseline.json: cannot be read"),
        (("baseline", "accept", "ab"), "baseline accept: --reason says why"),
        (("rule", "empty-taget"), "empty-taget: no such rule or category; did you mean empty-target?"),
        (("rule", "empty-target", "--write=x"), "rule: --write writes the pages of every rule"),
        (("profile", "void.jsonl"), "void.jsonl: no records that can be read"),
        (("profile", "no.jsonl"), "no.jsonl: no such file or folder"),
        (("test", "sub"), "sub: no rules in it"),
        (("test", "--only=zzz"), "--only: zzz: no such rule in the built-in pack; nearest: "),
        (("test", "--only=empty-taget"), "--only: empty-taget: no such rule in the built-in pack; did you mean 'empty-target'?"),
        (("new", "bad-rule", "--in=.rules"), "bad_rule.py: exists already; choose another name"),
    ],
)
def test_mistakes_of_other_commands(folder: Path, args: tuple[str, ...], said: str) -> None:
    (folder / "sub").mkdir()
    (folder / ".rules").mkdir()
    for name, data in (("a.jsonl", EMPTY), ("sub/a.jsonl", EMPTY), ("void.jsonl", b""), (".rules/bad_rule.py", b"")):
        (folder / name).write_bytes(data)
    assert said in mistake(*args, stdin=EMPTY)


def test_mistakes_with_a_baseline(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(EMPTY + EMPTY)
    assert command("baseline", "create").code == 0
    assert "is there already; use `sftlint baseline update`" in mistake("baseline", "create")
    assert "zz: no finding has this fingerprint" in mistake("baseline", "accept", "zz", "--reason=x")
    assert "findings begin so: " in mistake("baseline", "accept", "", "--reason=x")
    entry = json.loads((folder / "sftlint-baseline.json").read_text("utf-8"))["known"][0]
    assert command("baseline", "accept", entry["fingerprint"], "--reason=x").code == 0
    assert "holds 1 accepted finding with its reason" in mistake("baseline", "create", "--force")
    (folder / "sftlint-baseline.json").write_text('{"fingerprints": "0"}')
    assert "has fingerprints of another version" in mistake("baseline", "update")


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(cli.app)))


def test_every_sentence_of_the_help_has_its_chinese_and_no_other() -> None:
    said = {part.help for one in COMMANDS.values() for part in (one, *one.params) if getattr(part, "help", None)}
    assert set(chinese_help.CHINESE) == said


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_is_chinese_where_chinese_is_spoken(path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFTLINT_LANG", "zh")
    said = command(*path, "--help")
    assert said.code == 0 and said.out.startswith("用法：") and "选项：\n" in said.out
    assert not re.search(r"\b(?:the|and|is|or)\b (?!ray)|Options|Commands|default:|env var", said.out)
    assert all(cells(line) <= 80 for line in said.out.splitlines())
    assert set(re.findall(r"--[\w-]+", said.out)) >= {
        name for part in COMMANDS[path].params for name in part.opts if name[:2] == "--"
    } - {"--chunk-size"}
    monkeypatch.setenv("SFTLINT_LANG", "en")
    assert command(*path, "--help").out.startswith("Usage: ")
