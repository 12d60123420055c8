"""Files to start from: a configuration, a rule with its fixture."""

from __future__ import annotations

import re
from pathlib import Path

from sftlint import registry
from sftlint.errors import Error
from sftlint.phrase import Phrase

_CONFIG = Phrase(
    """# What sftlint checks, and how. `sftlint config` prints what is in force, `sftlint rules` what there is.

select = ["all"]                # names, categories or "all"
ignore = []
# evaluation = ["data/eval.jsonl"]
# rules = ["lint_rules"]        # folders with rules of your own
# lang = "zh"

# [fields]                      # your own keys for the standard ones
# context = "问题"
# target = "答案"

# [rule.exact-duplicate]
# severity = "info"
""",
    """# 检查什么、怎么检查。`sftlint config` 显示当前生效的配置，`sftlint rules` 列出全部规则。

select = ["all"]                # 规则名、类别或 "all"
ignore = []
# evaluation = ["data/eval.jsonl"]
# rules = ["lint_rules"]        # 存放自有规则的文件夹
# lang = "zh"

# [fields]                      # 标准键对应的自有键
# context = "问题"
# target = "答案"

# [rule.exact-duplicate]
# severity = "info"
""",
)
_MADE = Phrase("wrote {path}; now run: sftlint check", "已生成 {path}；接下来运行：sftlint check")
_MADE_RULE = Phrase("wrote {path} and {fixture}; now run: {test}{use}", "已生成 {path} 和 {fixture}；接下来运行：{test}{use}")
_USE = Phrase('; use it with rules = ["{folder}"] in sftlint.toml', '；要启用它，请在 sftlint.toml 中写 rules = ["{folder}"]')

_RULE = '''from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Good, Phrase, Rule, chat, place


class {camel}(Rule):
    """An answer that shouts.

    The model learns to answer in capitals. Say here in two or three sentences why the defect hurts training.

    Not reported: answers shorter than `least`, such as abbreviations.
    """

    zh = """全部大写的回答。

    模型会学着用大写回答。请在这里用两三句话说明该缺陷为什么影响训练。

    不报告：短于 `least` 的回答，例如缩写。
    """
    message = Phrase(en="{{field}} is {{count}} capital letters", zh="{{field}} 由 {{count}} 个大写字母组成")
    suggestion = Phrase(en="write it in ordinary case", zh="改为正常大小写")
    severity = "info"  # a warning needs a measured precision of 90 %

    good = [Good(chat("Who runs the Mars rovers?", "NASA"), chat("谁管理火星车？", "NASA 负责。"))]
    bad = [Bad(chat("How is the weather?", "IT IS RAINING AGAIN"))]

    least: Annotated[int, "characters from which on an answer is judged"] = 10

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.answers:
            if len(text) >= self.least and text.isupper() and text.isascii():
                yield self.finding(place(record, part), count=sum(map(str.isupper, text)))
'''

_FIXTURE = """{"context": ["Which agency runs the rovers?"], "target": "NASA"}
{"context": ["How was the match?"], "target": "WE WON BY TWO GOALS"}
{"context": ["比赛怎么样？"], "target": "我们赢了两个球。"}
{"context": ["Read me the sign."], "target": "It says NO PARKING."}
"""


def init(folder: Path, lang: str = "en") -> str:
    """Write sftlint.toml into *folder*; what to tell the user."""
    path = folder / "sftlint.toml"
    if path.exists():
        raise Error(f"{path.name}: exists already; edit it, or remove it first", zh=f"{path.name}：已存在；请直接编辑，或先删除")
    path.write_text(_CONFIG[lang == "zh"], "utf-8", newline="\n")
    return _MADE.say(lang, {"path": path.name})


def new_rule(name: str, folder: Path, lang: str = "en") -> str:
    """Write a rule called *name* into *folder*, and its fixture; what to tell the user."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*", name):
        raise Error(
            f"{name}: a rule's name is lower-case words joined by hyphens, each beginning with a letter, as in answer-too-short",
            zh=f"{name}：规则名由小写单词用连字符相连，每个单词以字母开头，例如 answer-too-short",
        )
    path = folder / f"{name.replace('-', '_')}.py"
    built_in = folder.resolve().parent.name == "rules" and (folder / "__init__.py").exists()
    fixtures = folder.resolve().parents[1] / "fixtures" / folder.name if built_in else folder / "fixtures"
    fixture = fixtures / f"{name}.jsonl"
    for existing in (path, fixture):
        if existing.exists():
            raise Error(f"{existing}: exists already; choose another name", zh=f"{existing}：已存在；请换一个名称")
    if name in registry.packs(installed=False):
        raise Error(f"{name}: is a built-in rule; choose another name", zh=f"{name}：是内置规则的名称；请换一个名称")
    fixtures.mkdir(parents=True, exist_ok=True)
    camel = "".join(word.capitalize() for word in name.split("-"))
    path.write_text(_RULE.format(camel=camel), "utf-8", newline="\n")
    fixture.write_text(_FIXTURE, "utf-8", newline="\n")
    _write_expected(folder, built_in, name)
    test = "sftlint test" if built_in else f"sftlint test {folder.as_posix()}"
    use = "" if built_in else _USE.say(lang, {"folder": folder.as_posix()})
    shown = fixture.relative_to(Path.cwd()).as_posix() if fixture.is_relative_to(Path.cwd()) else fixture.as_posix()
    return _MADE_RULE.say(lang, {"path": path.as_posix(), "fixture": shown, "test": test, "use": use})


def _write_expected(folder: Path, built_in: bool, name: str) -> None:
    import contextlib
    import io

    from sftlint.commands import pack_test

    with contextlib.redirect_stdout(io.StringIO()):
        pack_test.run([] if built_in else [str(folder)], None, renew=True, only=(name,))
