"""What typer says of a command line that it cannot read, in Chinese as well."""

from __future__ import annotations

import re
import sys
from typing import Any

from sftlint.texts.safe import printable

_INVALID = r"Invalid value for '?([^' ]+)(?:' / '[^']+)*'?:"
#: Where a value came from, if not from the option.
_VARIABLE = r"'?([^' ]+?)'?(?: / '[^']+')* \(env var: '?(\w+)'?\)"
#: Typer's sentences, and ours. Its versions differ in how they name what is near.
_SAID = [
    (r"No such option:? '?(.+?)'?(?:\.? \(Possible options: (.+)\)|\.? Did you mean (.+)\?|\.?)", "没有选项 {0}"),
    (r"No such command '(.+?)'\.?(?: \(Possible commands: (.+)\)| Did you mean (?:one of: )?(.+)\?)?", "没有命令 {0}"),
    (r"Option '?(.+?)'? requires (?:an argument|\d+ arguments)\.?", "选项 {0} 缺少值"),
    (r"Option '?(.+?)'? does not take a value\.?", "选项 {0} 不带值"),
    (r"Missing argument '(.+?)'\..*", "缺少参数 {0}"),
    (r"Missing option '(.+?)'\..*", "缺少选项 {0}"),
    (r"Missing command\.", "缺少命令"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "多余的参数：{0}"),
    (rf"{_INVALID} .*(?:greater than or equal to (\S+)|in the range x>=(\d+)\.?)", "{0} 的值不能小于 {1}"),
    (rf"{_INVALID} .*valid integer.*", "{0} 的值应为整数"),
    (rf"{_INVALID} (.+)", "{0} 的值无效：{1}"),
]


def tell(problem: Any, lang: str) -> None:
    """Print the usage of the command and what is wrong, on standard error. *problem* is typer's or click's UsageError."""
    said = chinese(problem.format_message()) if lang == "zh" else ""
    if not said:
        problem.show()
        return
    context = problem.ctx
    if context is not None:
        print(re.sub(r"\AUsage: *", "用法：", context.get_usage()), file=sys.stderr)
        print(f"帮助：{context.command_path} {context.help_option_names[0]}\n", file=sys.stderr)
    print(printable(f"错误：{said}"), file=sys.stderr)


def chinese(english: str) -> str:
    """What *english* says in Chinese; "" where it is none of the known sentences."""
    english = re.sub(_VARIABLE, r"\1（\2）", english)
    for pattern, said in _SAID:
        if found := re.fullmatch(pattern, english, re.S):
            words = [word.strip("'") for word in found.groups() if word]
            near = f"；是否想写 {words[1].replace(', ', '、')}？" if "No such" in pattern and len(words) > 1 else ""
            return said.format(*words).replace("） ", "）") + near
    return ""
