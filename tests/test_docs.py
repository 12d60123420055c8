"""The documentation says what the tool does: pages of rules, console examples, links, options, keys.

    pytest tests/test_docs.py --renew     write what the tool prints now into the documents

A ```console block holds commands behind `$ ` and what they print. The blocks of a document run one after the other in a folder
with a copy of examples/; a line `...` stands for paragraphs that are left out. Comments before a block:

    <!-- setup: COMMAND -->     runs first, and is not shown
    <!-- not run: WHY -->       the block is for reading
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from itertools import groupby
from pathlib import Path
from unittest import mock
from urllib.parse import unquote

import pytest
import typer.main

from sftlint import cli, config, pages, registry
from sftlint.phrase import Phrase
from tests.helpers import ROOT, jsonl, line, raw_command

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/zh/*.md"))
)
RULES = "docs/rules"
_BLOCK = re.compile(r"(?P<before>(?:<!-- (?:setup|not run): .*? -->\n)*)```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_CATEGORIES = re.compile(r"(?<=<!-- categories -->\n).*?(?=<!-- end -->)", re.DOTALL)
_HEAD = Phrase("| category | | rules |", "| 类别 | | 规则 |")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def chinese(document: str) -> bool:
    return "zh" in re.split(r"[./-]", document)


# --- what the tool prints ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document", [name for name in DOCUMENTS if re.search("console|categories", (ROOT / name).read_text("utf-8"))]
)
def test_examples_are_what_the_tool_prints(document: str, folder: Path, request: pytest.FixtureRequest) -> None:
    path = ROOT / document
    written = path.read_text("utf-8")
    now = _CATEGORIES.sub(lambda _: categories("zh" if chinese(document) else "en"), written)
    shell = Shell(folder, "zh" if chinese(document) else "en")
    now = _BLOCK.sub(lambda block: run_block(block, shell), now)
    if request.config.getoption("--renew"):
        path.write_text(now, "utf-8", newline="\n")
    else:
        assert written == now, f"{document} is out of date; pytest tests/test_docs.py --renew mends it, then read the diff"


_PLAIN = re.compile(r"sftlint (?:check|rules?|config|profile|baseline)\b[^|&;<>$`*?(){}\n#]*")


class Shell:
    """Runs commands in a folder that holds the examples, as a reader of the documents would."""

    def __init__(self, folder: Path, lang: str) -> None:
        self.folder = folder / "work"
        shutil.copytree(ROOT / "examples", self.folder / "examples")
        tools = folder / "bin"
        tools.mkdir()
        (tools / "sftlint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sftlint "$@"\n')
        (tools / "sftlint").chmod(0o755)
        author = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")}, **author,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1",
            "SFTLINT_LANG": lang, "LC_ALL": "C.UTF-8", "GIT_CONFIG_GLOBAL": os.devnull, "COLUMNS": "80",
        }  # fmt: skip

    def run(self, line: str) -> str:
        """What *line* prints, both streams in one, as on a terminal."""
        line = line.removeprefix(".venv/bin/").strip()
        command, _, then = line.partition(" | ")
        if _PLAIN.fullmatch(line):  # in this process, which saves starting one
            code, printed, _ = self._command(line, together=True)
        elif _PLAIN.fullmatch(command) and then:
            _, given, said_before = self._command(command)
            code, printed = self._bash(then, given)
            printed = said_before + printed
        else:
            code, printed = self._bash(line)
        said = printed.decode().replace(f"{self.folder}{os.sep}", "")
        assert "Traceback" not in said and code in (0, 1, 2), f"{line}\n{said}"
        return said

    def _command(self, line: str, *, together: bool = False) -> tuple[int, bytes, bytes]:
        with contextlib.chdir(self.folder), mock.patch.dict(os.environ, self.environment, clear=True):
            return raw_command(*shlex.split(line)[1:], together=together)

    def _bash(self, line: str, given: bytes = b"") -> tuple[int, bytes]:
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=self.environment, input=given, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=120, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout


def run_block(block: re.Match[str], shell: Shell) -> str:
    """The block with what its commands print now."""
    if "<!-- not run:" in block["before"]:
        return block[0]
    for command in re.findall(r"<!-- setup: (.*?) -->", block["before"]):
        shell.run(command)
    body = ""
    for shown in re.split(r"^(?=\$ )", block["body"], flags=re.MULTILINE):
        line, _, written = shown.partition("\n")
        body += f"{line}\n{abridged(written, shell.run(line[2:]))}" if line else ""
    return f"{block['before']}```console\n{body}```"


def abridged(written: str, printed: str) -> str:
    """*printed* with those paragraphs that *written* has too, where this leaves some out by a line `...`.

    The first and the last paragraph stay; in between a paragraph is known by its first word.
    """
    if "\n...\n" not in f"\n{written}":
        return printed
    shown = {paragraph.split()[0] for paragraph in written.split("\n\n") if paragraph.strip()}
    parts = printed.rstrip("\n").split("\n\n")
    kept = [i in (0, len(parts) - 1) or part.split()[0] in shown for i, part in enumerate(parts)]
    said = [part if keep else "..." for part, keep in zip(parts, kept, strict=True)]
    return "\n\n".join(part for part, before in zip(said, ["", *said], strict=False) if part != "..." or before != "...") + "\n"


def test_abridged() -> None:
    printed = "head 2\n\none\n\ntwo\n\nthree\n\nlast 3\n"
    assert abridged("head 1\n\ntwo\n\n...\n\nlast\n", printed) == "head 2\n\n...\n\ntwo\n\n...\n\nlast 3\n"
    assert abridged("head 1\n", printed) == printed


def categories(lang: str) -> str:
    """The table of the READMEs: what rules there are."""
    rows = [_HEAD.say(lang, {}), "|---|---|---|"]
    for category, group in groupby(registry.packs((), False).values(), lambda rule: rule.category):
        held = list(group)
        page = f"{RULES}/{'zh/' if lang == 'zh' else ''}{category}.md"
        names = ", ".join(f"`{rule.name}`" for rule in held)
        rows.append(f"| [{category}]({page}) | {pages.about(held[0], lang).rstrip('.。')} | {names} |")
    return "\n".join(rows) + "\n"


# --- pages of rules ---------------------------------------------------------------------------------------------------


def test_the_pages_of_rules_are_current(request: pytest.FixtureRequest) -> None:
    rules = registry.packs((), False)
    if request.config.getoption("--renew"):
        pages.write(rules, ROOT / RULES)
    there = {path.relative_to(ROOT / RULES).as_posix(): path.read_text("utf-8") for path in (ROOT / RULES).rglob("*.md")}
    made = pages.tree(rules)
    wrong = sorted(name for name in there.keys() | made.keys() if there.get(name) != made.get(name))
    assert not wrong, f"out of date: {wrong}; run: sftlint rule --all --write {RULES} --isolated --no-packs"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_category_says_what_it_is(lang: str) -> None:
    for name, rule in registry.packs((), False).items():
        assert pages.about(rule, lang), f"rules/{rule.category}/__init__.py needs a docstring and a line zh = ... ({name})"


def test_pages_that_nothing_writes_any_more_go(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text(pages.GENERATED)
    (tmp_path / "mine.md").write_text("# Mine")
    (tmp_path / "zh").mkdir()
    pages.write(dict(list(registry.packs((), False).items())[:2]), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"README.md", "characters.md", "mine.md", "zh"}


# --- rules that readers copy ------------------------------------------------------------------------------------------


def code(document: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", (ROOT / document).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def python(folder: Path, *args: str) -> str:
    """What `python *args` prints in the checkout *folder*."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    done = subprocess.run(
        [sys.executable, *args], cwd=folder, env=environment | {"PYTHONPATH": str(folder)}, capture_output=True, text=True, timeout=240,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_rule_in_contributing(folder: Path) -> None:
    """Somebody who follows *Add a rule in ten minutes* to the letter succeeds."""
    checkout = folder / "checkout"
    left_out = shutil.ignore_patterns(".git", ".peers", ".*_cache", ".hypothesis", ".venv", "dist", "build", "*.egg-info")
    shutil.copytree(ROOT, checkout, ignore=left_out)
    said = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    whole, refined, *_ = code("CONTRIBUTING.md")
    rule, fixture = (checkout / name for name in ("rules/content/closing_offer.py", "fixtures/content/closing-offer.jsonl"))

    assert python(checkout, "-m", "sftlint", "new", "closing-offer", "--in", "rules/content").strip() in said
    rule.write_text(whole, "utf-8")
    fixture.write_text(re.findall(r'^```\n({"context".*?)^```$', said, re.MULTILINE | re.DOTALL)[0], "utf-8")
    renew = ("-m", "sftlint", "test", "--only", "closing-offer", "--renew")
    assert python(checkout, *renew) == "1 passed, 0 failed\n"
    assert fixture.with_suffix(".txt").read_text("utf-8") in said
    examples = [
        record for known in registry.packs((), False).values() for example in (*known.good, *known.bad) for record in example
    ]
    (checkout / "all.jsonl").write_bytes(jsonl(*examples))
    alone = ("-m", "sftlint", "check", "all.jsonl", "--isolated", "--select=closing-offer", "--examples=all")
    assert "closing-offer" not in python(checkout, *alone), "the rule speaks of another rule's example; change the example"

    good, offer = refined.split("    offer = ")
    text = re.sub(r"    offer = Pattern\(.*?\n    \)\n", lambda _: f"    offer = {offer}", whole, flags=re.DOTALL)
    near_miss = next(part for part in good.splitlines() if "Good(" in part)
    text = text.replace("    ]\n    bad", f"{near_miss}\n    ]\n    bad").replace('severity = "info"', 'severity = "warning"')
    rule.write_text(text, "utf-8")
    assert python(checkout, *renew) == "1 passed, 0 failed\n"
    assert ".  " in python(
        checkout, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "-k", "closing-offer", "tests/test_rules.py"
    )


def test_the_rules_of_the_guide(folder: Path) -> None:
    """The rules in docs/writing-rules.md pass as they stand."""
    pack = folder / "lint_rules"
    (pack / "fixtures").mkdir(parents=True)
    for text in code("docs/writing-rules.md"):
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", re.findall(r"^class (\w+)", text, re.MULTILINE)[0]).lower()
        (pack / f"{name}.py").write_text(text, "utf-8")
        (pack / "fixtures" / f"{name.replace('_', '-')}.jsonl").write_bytes(jsonl(line("Where?", "At https://hr.corp.example/7")))
    script = "from sftlint.commands import pack_test; print(pack_test.run(['lint_rules'], None, renew=True))"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "2 passed, 0 failed\n0\n", done.stdout + done.stderr


# --- links, options, keys ---------------------------------------------------------------------------------------------


@cache
def anchors(path: Path) -> set[str]:
    """What GitHub calls the headings of a document."""
    found: dict[str, int] = {}
    made = set()
    for heading in re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S), re.M):
        slug = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        made.add(f"{slug}-{found[slug]}" if slug in found else slug)
        found[slug] = found.get(slug, 0) + 1
    return made


@pytest.mark.parametrize("document", [*DOCUMENTS, f"{RULES}/README.md", f"{RULES}/zh/README.md"])
def test_links_lead_somewhere(document: str) -> None:
    for link in _LINK.findall(_CODE.sub("", (ROOT / document).read_text("utf-8")).replace("``", "")):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (ROOT / document).parent / name if name else ROOT / document
        assert target.exists(), f"{document}: {link}"
        assert not anchor or anchor in anchors(target), f"{document}: {link}: no such heading"


def test_every_option_is_documented() -> None:
    said = (ROOT / "docs/configuration.md").read_text("utf-8")
    check = typer.main.get_command(cli.app).commands["check"]  # type: ignore[attr-defined]
    options = [name for option in check.params if not option.hidden for name in option.opts if name.startswith("--")]
    assert len(options) > 30
    for name in options:
        assert name == "--help" or re.search(rf"^\| `{name}\b", said, re.MULTILINE), f"docs/configuration.md lacks {name}"


def test_every_key_is_documented() -> None:
    said = (ROOT / "docs/configuration.md").read_text("utf-8")
    for key in config._KEYS:
        assert re.search(rf"^\| `\[?{key}\b", said, re.MULTILINE), f"docs/configuration.md lacks the key {key}"


def test_every_module_is_in_the_map() -> None:
    """Those of the package and its folders first, then what is in the folders, but not in those of which each holds one kind."""
    said = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    top = {path.stem for path in ROOT.glob("sftlint/*.py")} | {
        f"{path.parent.name}/" for path in ROOT.glob("sftlint/*/__init__.py")
    }
    inside = {
        f"{path.parent.name}/{path.stem}"
        for path in ROOT.glob("sftlint/*/*.py")
        if path.stem != "__init__" and path.parent.name not in {"formats", "reporters", "rules"}
    }
    listed = re.findall(
        r"^\| `([\w/]+)` \|", said.partition("| module | what it does |")[2].partition("\nData flows")[0], re.MULTILINE
    )
    assert listed == [*sorted(top | {"presets/"}, key=lambda name: name.strip("/")), *sorted(inside)]


def test_both_readmes_link_to_every_guide() -> None:
    """Each in its language, where there is a translation."""
    guides = {path.name for path in ROOT.glob("docs/*.md")}
    translated = {path.name for path in ROOT.glob("docs/zh/*.md")}
    assert translated <= guides
    for readme, expected in (
        ("README.md", {f"docs/{name}" for name in guides}),
        ("README.zh-CN.md", {f"docs/zh/{name}" if name in translated else f"docs/{name}" for name in guides}),
    ):
        links = {link.partition("#")[0] for link in _LINK.findall((ROOT / readme).read_text("utf-8"))}
        assert expected <= links, readme


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("docs/zh/*.md")))
def test_a_translated_guide_has_the_parts_and_examples_of_the_english_one(name: str) -> None:
    def parts(text: str) -> list[str]:
        return re.findall(r"^(#+ |```\w+$|\$ (?!.*reason)[^\n]+|<!-- setup.*|[a-z-]+ = .*$|\|(?=---))", text, re.MULTILINE)

    english, chinese = ((ROOT / "docs" / folder / name).read_text("utf-8") for folder in ("", "zh"))
    assert parts(chinese) == parts(english)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_of_rules_show_no_raw_placeholders(lang: str) -> None:
    """Where a suggestion is filled by the finding, the page says so; numbers stand by their names."""
    for rule in registry.packs((), False).values():
        said = pages.markdown(rule, lang).partition("\n```")[0]
        assert not re.search(r"\{\w+:[^}]*\}|^\{\w+\}$", said, re.MULTILINE), rule.name
