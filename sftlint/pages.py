"""Documentation made from rules: a page each, a table of all, the configuration in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sftlint.config import Config
from sftlint.mask import mask
from sftlint.phrase import Phrase
from sftlint.preset import Preset, load
from sftlint.reporters.text import pad
from sftlint.rule import Rule, options, page
from sftlint.safe import printable

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
    messages = [getattr(rule, name)[chinese] for name in dir(rule) if name == "message" or name.startswith("message_")]
    lines += _section("message", lang, *(f"- {message}" for message in messages), join="\n")
    lines += _section("mend", lang, rule.suggestion[chinese][0].upper() + rule.suggestion[chinese][1:])
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


def _facts(rule: type[Rule], chinese: bool) -> str:
    fix = any(bad.fixed is not None for bad in rule.bad)
    if chinese:
        return f"类别：{rule.category} · 级别：{_SEVERITY[rule.severity]} · 范围：{_SCOPE[rule.scope]} · {'可修复' if fix else '无自动修复'}"
    return f"Category: {rule.category} · Severity: {rule.severity} · Scope: {rule.scope} · {'Fixable' if fix else 'No fix'}"


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
        fix = ("修复" if chinese else "fix") if any(bad.fixed is not None for bad in rule.bad) else ""
        lines.append(f"  {name:<{width}}  {pad(severity, 7)}  {pad(fix, 4)}  {page(rule, lang)[0].rstrip('.。')}")
    return "\n".join(lines) + "\n"


def configuration(config: Config) -> str:
    """The configuration in force, as TOML, and where it is from."""
    lines = [f"# {config.source or 'defaults: no sftlint.toml, and no [tool.sftlint] in a pyproject.toml'}"]
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
