"""`sftlint test`: the examples, laws and fixtures of rule packs."""

from __future__ import annotations

import difflib
import importlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from sftlint import registry, source, testing
from sftlint.config import Config
from sftlint.diagnostic import Diagnostic, diagnostics
from sftlint.engines import Serial
from sftlint.errors import Error
from sftlint.lint import lint
from sftlint.phrase import Phrase, near
from sftlint.rule import Rule
from sftlint.texts.safe import printable, visible

_CHUNKS = (1 << 20, 300)  # bytes


def run(packs: list[str], fixtures: Path | None, renew: bool, only: tuple[str, ...] = (), lang: str = "en") -> int:
    """Test each pack, or the rules *only*, and say what is wrong; the exit code."""
    loaded = [_loaded(name) for name in packs or [registry.BUILT_IN]]
    known = {rule.name for _, _, rules in loaded for rule in rules}
    for missing in sorted(set(only) - known):
        nearest = difflib.get_close_matches(missing, sorted(known), 3, 0.0)
        hint = near(missing, known)
        if not difflib.get_close_matches(missing, known):
            hint = Phrase(f"; nearest: {', '.join(nearest)}", f"；最接近的：{'、'.join(nearest)}")
        raise Error(
            f"--only: {missing}: no such rule in {' '.join(packs) or 'the built-in pack'}{hint.en}",
            zh=f"--only：{missing}：{' '.join(packs) or '内置规则'}中没有该规则{hint.zh}",
        )
    failures = checked = 0
    for pack, base, rules in loaded:
        home = fixtures or _fixtures(pack)
        for rule in rules:
            if only and rule.name not in only:
                continue
            checked += 1
            try:
                wrong = list(testing.problems(rule, base))
                wrong += [said.say(lang, {}) for said in _fixture(rule, home, base, renew)]
            except Error as mistake:  # the rule's author's
                wrong = [mistake.say(lang)]
            failures += bool(wrong)
            for problem in wrong:
                print(printable(f"{rule.name}: {problem}"))
    print(_RESULT.say(lang, {"passed": checked - failures, "failed": failures}))
    return 1 if failures else 0


_RESULT = Phrase("{passed} passed, {failed} failed", "通过 {passed} 条，失败 {failed} 条")


def _loaded(name: str) -> tuple[ModuleType, Config, list[type[Rule]]]:
    """The pack that *name* (a folder or a module) names, the configuration in which it runs, and its rules."""
    folders = (str(Path(name).resolve()),) if Path(name).is_dir() else ()  # absolute: examples run in folders of their own
    pack = registry.load_folder(folders[0]) if folders else _module(name)
    rules = list(registry.rules_of(pack))
    if not rules:
        raise Error(
            f"{name}: no rules in it; a rule is a class that derives from sftlint.Rule",
            zh=f"{name}：其中没有规则；规则是派生自 sftlint.Rule 的类",
        )
    return pack, Config(rules=folders), rules


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise Error(
            f"{name}: neither a folder nor a module that can be imported ({problem})",
            zh=f"{name}：既不是文件夹，也不是可导入的模块（{problem}）",
        ) from None


def _fixtures(pack: ModuleType) -> Path | None:
    """The folder `fixtures` in the pack, or beside it."""
    for folder in map(Path, pack.__path__):
        for home in (folder / "fixtures", folder.parent / "fixtures"):
            if home.is_dir():
                return home
    return None


def _fixture(rule: type[Rule], home: Path | None, base: Config, renew: bool) -> Iterator[Phrase]:
    """Compare what the rule says of its fixture with what it is expected to say."""
    if home is None:
        yield Phrase("has no fixture", "没有测试数据")
        return
    found = next((path for path in sorted(home.rglob(f"{rule.name}.json*")) if path.suffix in (".jsonl", ".json")), None)
    if found is None:
        yield Phrase(f"has no fixture {rule.name}.jsonl in {home}", f"{home} 中没有测试数据 {rule.name}.jsonl").escaped()
        return
    expected = found.with_suffix(".txt")
    said = [_said(rule, found, base, chunk) for chunk in _CHUNKS]
    if said[0] != said[1]:
        yield Phrase("says other things of its fixture in other chunks", "分块不同，对测试数据的结论也不同")
    elif renew:
        if not expected.exists() or expected.read_text("utf-8") != said[0]:
            expected.write_text(said[0], "utf-8", newline="\n")
    elif not expected.exists():
        yield Phrase(
            f"has no {expected.name}; `sftlint test --renew` writes it", f"没有 {expected.name}；可用 `sftlint test --renew` 生成"
        )
    elif expected.read_text("utf-8") != said[0]:
        yield Phrase(
            f"says other things of its fixture than {expected.name} holds; look at them, then `sftlint test --renew`",
            f"对测试数据的结论与 {expected.name} 不符；请核对，然后运行 `sftlint test --renew`",
        )


def _said(rule: type[Rule], fixture: Path, base: Config, chunk: int) -> str:
    """What the rule alone says of its fixture, in both languages."""
    config = replace(base, select=(rule.name,), rule=_options(fixture))
    evaluation = fixture.with_suffix(".eval.jsonl")
    before = os.getcwd()
    os.chdir(fixture.parent)
    try:
        splits = {"train": [fixture.name]} if evaluation.exists() else None  # whatever the name of the rule
        collected = source.collect([fixture.name], evaluation=[evaluation.name] if splits else (), splits=splits)
        result = lint(collected, config, Serial(), chunk=chunk)
        english = list(diagnostics(result, result.findings, "en"))
        chinese = list(diagnostics(result, result.findings, "zh"))
    finally:
        os.chdir(before)
    lines = [f"{_line(en)}\n    {printable(zh.message)}\n    {_marked(en)}" for en, zh in zip(english, chinese, strict=True)]
    return "\n".join([*lines, f"{len(lines)} findings"]) + "\n"


def _options(fixture: Path) -> dict[str, dict[str, object]]:
    """The options in `<rule>.toml` beside the fixture, if there are any."""
    import tomllib

    path = fixture.with_suffix(".toml")
    return {fixture.stem: tomllib.loads(path.read_text("utf-8"))} if path.exists() else {}


def _line(diagnostic: Diagnostic) -> str:
    place = f":{diagnostic.location[0]}:{diagnostic.location[1]}" if diagnostic.location else ""
    fix = f" [{'safe' if diagnostic.fix.safe else 'unsafe'} fix]" if diagnostic.fix else ""
    related = f" (with {', '.join(str(row) for _, row in diagnostic.related)})" if diagnostic.related else ""
    return printable(f"{diagnostic.filename or 'dataset'}{place}: {diagnostic.severity}{fix} {diagnostic.message}{related}")


def _marked(diagnostic: Diagnostic) -> str:
    before, inside, after = diagnostic.window
    return f"{printable(before)}⟦{visible(inside)}⟧{printable(after)}" if diagnostic.location else "-"
