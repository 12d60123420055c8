"""Documentation made from rules: a page each, a table of all, the configuration in force."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from sftlint.config import Config
from sftlint.phrase import Phrase
from sftlint.preset import Preset, load
from sftlint.rule import Rule, options, page
from sftlint.texts.facts import pad
from sftlint.texts.mask import mask
from sftlint.texts.safe import printable

SHOWN = 3  # examples of each kind on a page

_HEADINGS = {
    "found": Phrase("What it finds", "检查什么"),
    "why": Phrase("Why it matters", "为什么重要"),
    "message": Phrase("What it says", "提示信息"),
    "mend": Phrase("How to mend it", "如何修改"),
    "options": Phrase("Options", "选项"),
    "bad": Phrase("Reported", "会报告的例子"),
    "good": Phrase("Not reported", "不会报告的例子"),
    "safety": Phrase("Fix safety", "修复安全性"),
    "exceptions": Phrase("What is left alone", "例外"),
}
_LABELS = {"Fix safety:": "safety", "修复安全性：": "safety", "Not reported:": "exceptions", "不报告：": "exceptions"}
_SEVERITY = {"error": "错误", "warning": "警告", "info": "提示"}
_FIXABLE = {
    "": Phrase("No fix", "无自动修复"),
    "fix": Phrase("Fixable", "可修复"),
    "unsafe fix": Phrase("Unsafe fix", "不安全修复"),
}
_SCOPE = {"record": "单条记录", "file": "文件", "dataset": "整个数据集"}


def markdown(rule: type[Rule], lang: str = "en") -> str:
    """The page of a rule in Markdown: every section, both kinds of example, all options."""
    chinese = lang == "zh"
    paragraphs = page(rule, lang)
    lines = [f"# {rule.name}", "", _facts(rule, chinese), ""]
    lines += _section("found", lang, paragraphs[0])
    extra: dict[str, list[str]] = {"why": [paragraphs[1]]}
    for paragraph in paragraphs[2:]:
        label = next((label for label in _LABELS if paragraph.startswith(label)), "")
        extra.setdefault(_LABELS.get(label, "found_more"), []).append(paragraph[len(label) :].strip() if label else paragraph)
    for more in extra.pop("found_more", []):
        lines += [more, ""]
    lines += _section("why", lang, *extra.pop("why"))
    messages = [
        _SPEC.sub("}", getattr(rule, name)[chinese]) for name in dir(rule) if name == "message" or name.startswith("message_")
    ]
    lines += _section("message", lang, *(f"- {message}" for message in messages), join="\n")
    lines += _section("mend", lang, _mend(rule.suggestion, lang))
    for key in ("exceptions", "safety"):
        if key in extra:
            text = " ".join(extra[key])
            lines += _section(key, lang, text[0].upper() + text[1:])
    lines += _section("bad", lang, _code(rule.bad))
    lines += _section("good", lang, _code(rule.good))
    if known := options(rule):
        rows = [f"- `{o.name.replace('_', '-')}` = `{_toml(o.default)}`: {o.description}" for o in known]
        lines += _section("options", lang, *rows, join="\n")
    return "\n".join(lines).rstrip() + "\n"


def _mend(suggestion: Phrase, lang: str) -> str:
    """*suggestion* without a finding that would fill it: words that are put behind others are left out."""
    behind = _BEHIND.search(suggestion.en)
    said = suggestion[lang == "zh"].removesuffix(behind[0] if behind else "")
    said = _DEPENDS[lang == "zh"] if _ALONE.fullmatch(said) else _SPEC.sub("}", said)
    return said[0].upper() + said[1:]


_SPEC = re.compile(r":[^{}]*\}")  # how a number is written, in a placeholder
_BEHIND, _ALONE = re.compile(r"(?<=[a-z])\{\w+\}\Z"), re.compile(r"\{\w+\}")
_DEPENDS = Phrase("It depends on what is wrong; the report says it for each finding.", "视具体问题而定，报告会逐条说明。")


def _facts(rule: type[Rule], chinese: bool) -> str:
    fix = _FIXABLE[mends(rule)][chinese]
    if chinese:
        return f"类别：{rule.category} · 级别：{_SEVERITY[rule.severity]} · 范围：{_SCOPE[rule.scope]} · {fix}"
    return f"Category: {rule.category} · Severity: {rule.severity} · Scope: {rule.scope} · {fix}"


def mends(rule: type[Rule]) -> str:
    """What the examples of *rule* show: "fix" if some of its fixes is safe, "unsafe fix" if none is, "" if nothing is mended."""
    if all(bad.fixed is None for bad in rule.bad):
        return ""
    given = {ast.unparse(word.value) for word in _words_of(sys.modules[rule.__module__]) if word.arg == "safe"}
    return "unsafe fix" if given == {"False"} else "fix"


@cache
def _words_of(module: ModuleType) -> list[ast.keyword]:
    """The keyword arguments of every call in *module*; none where its source is not at hand."""
    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError):
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.keyword)]


def _section(key: str, lang: str, *paragraphs: str, join: str = "\n\n") -> list[str]:
    return [f"## {_HEADINGS[key].say(lang, {})}", "", join.join(paragraphs), ""]


def _code(examples: Any) -> str:
    blocks = []
    for example in list(examples)[:SHOWN]:
        lines = [_line(record) for record in list(example)[:SHOWN]]
        if len(example) > SHOWN:
            lines.append("...")
        blocks.append("```\n" + "\n".join(lines) + "\n```")
    return "\n\n".join(blocks)


def _line(record: Any) -> str:
    if isinstance(record, bytes):
        record = record.decode("utf-8", "backslashreplace")
    text = record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
    text = mask(text)  # pages get published, and scanners take made-up keys for lost ones
    text = printable(text if len(text) <= 200 else text[:197] + "...")
    return text.replace("`", "ˋ") if "```" in text else text


def _toml(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


GENERATED = "<!-- Written by `sftlint rule --all --write`; change the rules instead. -->"
_INDEX = Phrase("Rules", "规则")
_OTHER = {"en": "[中文]({})", "zh": "[English]({})"}
_COLUMNS = Phrase("| rule | severity | fix | what it finds |", "| 规则 | 级别 | 修复 | 检查什么 |")
_FIX = {"": Phrase("", ""), "fix": Phrase("fix", "可修复"), "unsafe fix": Phrase("unsafe fix", "不安全修复")}
_INTRO = Phrase(
    "`sftlint rule NAME` prints the page of a rule in the terminal, and `sftlint rules` the list.\n\n"
    "*error*: platforms or loaders refuse it, or it breaks training. *warning*: a known defect of quality. *info*: worth a look; "
    "never fails a run.",
    "在终端里，`sftlint rule 规则名` 显示某条规则的说明，`sftlint rules` 列出全部规则。\n\n"
    "错误：平台或加载程序会拒收，或者会破坏训练。警告：已知的质量缺陷。提示：值得看一眼，不会导致检查不通过。",
)


_WROTE = Phrase("wrote {pages} pages on {rules} into {folder}", "已在 {folder} 中写入 {count} 条规则的 {pages} 页说明")


def write(rules: Mapping[str, type[Rule]], folder: Path, lang: str = "en") -> str:
    """Write the pages of *rules* into *folder* and remove those of categories that are gone; what to tell the user."""
    made = tree(rules)
    for old in [*folder.glob("*.md"), *folder.glob("zh/*.md")]:
        if old.relative_to(folder).as_posix() not in made and old.read_text("utf-8").startswith(GENERATED):
            old.unlink()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    about = "1 rule" if len(rules) == 1 else f"{len(rules)} rules"
    return _WROTE.say(lang, {"pages": len(made), "count": len(rules), "rules": about, "folder": folder.as_posix()})


def tree(rules: Mapping[str, type[Rule]]) -> dict[str, str]:
    """The pages of *rules* by file name: one for each category and an index, in English, and the same below `zh/` in Chinese."""
    made = {}
    for lang, folder, other in (("en", "", "zh/"), ("zh", "zh/", "../")):
        index = ["", f"{_INTRO.say(lang, {})}"]
        for category, group in groupby(rules.values(), attrgetter("category")):
            held = list(group)
            said = about(held[0], lang)
            index += [
                "",
                f"## [{category}]({category}.md)",
                "",
                *([said, ""] if said else []),
                *_rows(held, lang, f"{category}.md"),
            ]
            body = [f"{said}\n"] if said else []
            body += [*_rows(held, lang, ""), "", "\n".join(_within(markdown(rule, lang)) for rule in held).rstrip()]
            made[f"{folder}{category}.md"] = _file(category, f"{other}{category}.md", lang, ["", *body])
        made[f"{folder}README.md"] = _file(_INDEX.say(lang, {}), f"{other}README.md", lang, index)
    return made


def _file(title: str, other: str, lang: str, lines: Iterable[str]) -> str:
    return "\n".join([GENERATED, "", f"# {title}", "", _OTHER[lang].format(other), *lines]) + "\n"


def about(rule: type[Rule], lang: str) -> str:
    """What the category of *rule* says of itself: the docstring of its package, or its `zh`."""
    package = sys.modules.get(rule.__module__.rpartition(".")[0])
    said = getattr(package, "zh" if lang == "zh" else "__doc__", None)
    return said.strip() if isinstance(said, str) else ""


def _rows(rules: Iterable[type[Rule]], lang: str, file: str) -> list[str]:
    """A table of *rules* that links each to its part of *file*."""
    chinese = lang == "zh"
    rows = [_COLUMNS.say(lang, {}), "|---|---|---|---|"]
    for rule in rules:
        severity = _SEVERITY[rule.severity] if chinese else rule.severity
        fix = _FIX[mends(rule)].say(lang, {})
        summary = _harmless(page(rule, lang)[0].rstrip(".。")).replace("|", "\\|")
        rows.append(f"| [`{rule.name}`]({file}#{rule.name}) | {severity} | {fix} | {summary} |")
    return rows


def _within(text: str) -> str:
    """The page of a rule as a part of a longer one: a smaller title, labels for headings, and no HTML outside of code."""
    lines = []
    code = False
    for line in text.splitlines():
        code ^= line.startswith("```")
        if not code and line.startswith("## "):
            line = f"**{line[3:]}**"
        elif not code:
            line = _harmless("#" + line if line.startswith("# ") else line)
        lines.append(line)
    return "\n".join(lines) + "\n"


def _harmless(text: str) -> str:
    """*text* with no `<` outside of code, which GitHub would take for HTML and leave out."""
    return re.sub(r"(`+)[^`].*?\1|<", lambda match: "&lt;" if match[0] == "<" else match[0], text)


def table(rules: Mapping[str, type[Rule]], lang: str = "en") -> str:
    """All rules, a line each: name, severity, whether it mends, summary."""
    chinese = lang == "zh"
    width = max(map(len, rules), default=0)
    lines: list[str] = []
    category = ""
    for name, rule in rules.items():
        if rule.category != category:
            lines += ([""] if lines else []) + [rule.category]
            category = rule.category
        severity = _SEVERITY[rule.severity] if chinese else rule.severity
        fix = _FIX[mends(rule)].say(lang, {})
        lines.append(f"  {name:<{width}}  {pad(severity, 7)}  {pad(fix, 10)}  {page(rule, lang)[0].rstrip('.。')}")
    return "\n".join(lines) + "\n"


def configuration(config: Config, lang: str = "en") -> str:
    """The configuration in force, as TOML, and where it is from."""
    lines = [f"# {config.source or _DEFAULTS.say(lang, {})}"]
    tables = []
    for field in fields(Config):
        value = getattr(config, field.name)
        key = field.name.replace("_", "-")
        if field.name in ("packs", "root", "source", "scope"):
            continue
        if isinstance(value, Mapping):
            tables += _table(key, value)
        else:
            lines.append(f"{key} = {_toml(value)}")
            if key == "preset" and value:
                lines += _limits(load(value))
    return "\n".join(lines + tables) + "\n"


_DEFAULTS = Phrase(
    "defaults: no sftlint.toml, and no [tool.sftlint] in a pyproject.toml",
    "默认值：没有 sftlint.toml，pyproject.toml 中也没有 [tool.sftlint]",
)


def _limits(preset: Preset) -> list[str]:
    """What a preset holds, as comments."""
    held = {field.name: getattr(preset, field.name) for field in fields(preset)}
    return [f"#   {name.replace('_', '-')} = {_toml(value)}" for name, value in held.items() if value and name != "name"]


def _table(key: str, value: Mapping[str, Any]) -> list[str]:
    plain = {k: v for k, v in value.items() if not isinstance(v, Mapping)}
    lines = ["", f"[{key}]", *(f"{_key(k)} = {_toml(v)}" for k, v in plain.items())] if plain else []
    for name, held in value.items():
        if isinstance(held, Mapping):
            lines += _table(f"{key}.{_key(name)}", held)
    return lines


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else _toml(name)
