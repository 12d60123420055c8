"""`--help` in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sftlint.commands.shell import PLAIN
from sftlint.texts.facts import cells

#: What stands around the sentences of the command line, which is typer's.
_AROUND = {
    "Arguments": "参数",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示本帮助并退出。",
}
_EXTRA = [("env var: ", "环境变量："), ("default: ", "默认："), ("required", "必填"), ("; ", "；")]
#: Each sentence of the command line.
CHINESE = {
    "Lint fine-tuning data: which record is wrong, why that hurts training, and how to mend it.": (
        "检查微调数据：哪一条有问题、为什么会影响训练、怎样修改。"
    ),
    "Print the version.": "打印版本号。",
    "Lint files, folders, globs or standard input.": "检查文件、文件夹、通配符或标准输入。",
    "Files, folders, globs, or - for standard input.": "文件、文件夹或通配符；- 表示标准输入。",
    "Rules to run instead: names, categories or all, separated by commas.": "只运行这些规则：规则名、类别或 all，用逗号分隔。",
    "Rules to leave out.": "不运行的规则。",
    "Rules to run besides.": "另外运行的规则。",
    "Only rules of these scopes: record, file, dataset.": "只运行这些范围的规则：record、file、dataset。",
    "JSON Schema that every record must fit.": "每条数据都须符合的 JSON Schema。",
    "Platform whose limits count, as in pangu-n2.": "以哪个平台的限制为准，如 pangu-n2。",
    "Tokens that a record may have at most.": "每条数据的 token 数上限。",
    "tokenizer.json to count tokens with.": "用来计算 token 数的 tokenizer.json。",
    "Your own key for a standard one, as in target=答案.": "自定义字段与标准字段的对应，如 target=答案。",
    "Evaluation data.": "评测数据。",
    "Configuration file to use, instead of the nearest.": "使用该配置文件，而不是最近的那个。",
    "Read no configuration at all.": "不读取任何配置。",
    "Load the built-in rules only: no installed pack, no folder of rules.": "只加载内置规则，不加载规则包和规则文件夹。",
    "Globs of files that a folder's run passes over.": "检查文件夹时跳过的文件（通配符）。",
    "text, concise, markdown, html; json, json-lines, github, gitlab, sarif, junit, rdjson for programs.": (
        "text、concise、markdown、html；供程序读取：json、json-lines、github、gitlab、sarif、junit、rdjson。"
    ),
    "Write the report there.": "把报告写到该文件。",
    "A further report of the same run, as in sarif=sftlint.sarif.": "同一次运行的另一份报告，如 sarif=sftlint.sarif。",
    "Examples per rule in text output: a number or all.": "text 格式中每条规则的示例数：数字或 all。",
    "At most so many findings, in reading order (not in text, which has --examples).": (
        "最多报告多少处，按数据顺序（text 格式请用 --examples）。"
    ),
    "Print how often each rule hit, and no findings.": "只打印每条规则命中的次数。",
    "Processes; 0 is one per processor, 1 for small input.": "进程数；0 表示每个处理器一个，数据少时为一个。",
    "serial, processes or ray; by default processes for large input.": "serial、processes 或 ray；数据多时默认为 processes。",
    "Ray cluster to work on; RAY_ADDRESS or one on this machine by default.": "所用的 Ray 集群；默认为 RAY_ADDRESS 或本机。",
    "What reports call standard input.": "报告中标准输入的名称。",
    "Language of what is printed: en or zh.": "输出的语言：en 或 zh。",
    "Least severity that makes the exit code 1: error or warning.": "使退出码为 1 的最低级别：error 或 warning。",
    "Exit with 0 even when there are findings.": "即使发现问题，退出码也为 0。",
    "Show no progress bar.": "不显示进度条。",
    "auto, always or never.": "auto、always 或 never。",
    "Mend what can be mended safely, and report what is left.": "修改能安全修改的内容，并报告其余问题。",
    "With --fix, --diff or --fix-to: make the other fixes too.": "与 --fix、--diff、--fix-to 一起用：其他修改也一并进行。",
    "Show what --fix would change, and write nothing.": "只显示 --fix 会改什么，不写文件。",
    "Write a mended copy there and leave the data alone.": "把修改后的副本写到该文件夹，原数据不变。",
    "Keep the records that fixes drop there; without it --fix drops none.": (
        "把被删除的数据保存到该文件；不给出时 --fix 不删除任何数据。"
    ),
    "Known findings, which are not reported.": "已知问题的基线文件，其中的问题不再报告。",
    "Report known findings too.": "已知问题也报告。",
    "Report only what is new since a git revision.": "只报告某个 git 版本之后新增的问题。",
    "Quote nothing that stands in the records.": "不引用数据中的任何文本。",
    "Print findings only.": "只打印问题。",
    "Print the traceback of an internal error.": "出现内部错误时打印完整报错。",
    "Explain a rule: what it finds, why it matters, how it is mended.": "说明一条规则：查什么、为什么重要、怎样修改。",
    "Name of a rule.": "规则名。",
    "Every rule.": "全部规则。",
    "With --all: write pages there, in both languages, instead of printing.": "与 --all 一起用：不打印，而把中英文说明写到该文件夹。",
    "List the rules.": "列出规则。",
    "Print the configuration in force and the file it is from.": "打印生效的配置及其来源文件。",
    "Write an sftlint.toml to start from.": "写一份初始的 sftlint.toml。",
    "Write a rule and its fixture to start from.": ("写一条初始的规则及其测试数据，可通过 `sftlint test`。"),
    "Name of the rule, as in answer-too-short.": "规则名，如 answer-too-short。",
    "Folder of the category or pack it goes into.": "所属类别或规则包的文件夹。",
    "Run the examples, laws and fixtures of rule packs.": "运行规则包的示例、通用测试和测试数据。",
    "Folders of rules or names of modules; the built-in rules by default.": "规则文件夹或模块名；默认为内置规则。",
    "Folder of the fixtures; `fixtures` beside the pack, or in it, by default.": (
        "测试数据的文件夹；默认为规则包旁边或其中的 `fixtures`。"
    ),
    "Write what the fixtures give now as what is expected.": "把测试数据当前的结果写为期望结果。",
    "Only these rules: names, separated by commas.": "只测这些规则：规则名，用逗号分隔。",
    "Show what the data is like: formats, lengths, tasks, labels.": (
        "显示数据集的概况：格式、语言、长度、指令及其标签、多样性。"
    ),
    "Known findings, so that only new ones fail a run.": ("已知问题：基线中的不再报告，只有新增的才算失败。"),
    "Take in the warnings there are now.": "把现有的警告写入基线。",
    "Files, folders or globs.": "文件、文件夹或通配符。",
    "The file; by default the configuration's, or sftlint-baseline.json.": "基线文件；默认为配置中的，或 sftlint-baseline.json。",
    "Take in errors too.": "错误也写入。",
    "Replace the one that is there.": "替换已有的基线。",
    "Take in what is there now; what was accepted stays.": "用现有的问题替换原来的；已接受的保留。",
    "Remove the entries that fit nothing any more.": "删除已不对应任何问题的条目。",
    "Accept findings for good, with a reason.": "永久接受某些问题，并说明原因。",
    "Of findings, or how they begin.": "问题的指纹，或其开头部分。",
    "Why these findings are right; it is kept with them.": "接受的原因，会一并保存。",
    "The data; the working folder by default.": "数据；默认为当前文件夹。",
}


class Help(PLAIN):  # type: ignore[misc, valid-type]
    """What typer writes a help page with."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_AROUND.get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        for line in _wrapped(_said(text), self.width - self.current_indent):
            self.write(f"{'':>{self.current_indent}}{line}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        column = min(max((len(first) for first, _ in rows), default=0), col_max) + col_spacing
        for first, second in rows:
            lines = list(_wrapped(_said(second), self.width - column - self.current_indent))
            start = [first] if len(first) <= column - col_spacing else [first, ""]
            for left, right in zip([*start, *[""] * (len(lines) - 1)], [*[""] * (len(start) - 1), *lines], strict=True):
                self.write(f"{'':>{self.current_indent}}{left:<{column}}{right}".rstrip() + "\n")


def _said(text: str) -> str:
    """*text* in Chinese: a sentence, or how a long one begins, and what typer adds in brackets."""
    sentence, bracket, extra = " ".join(text.split()).partition(" [")
    begun = sentence.removesuffix("...")
    known = CHINESE.get(sentence) or _AROUND.get(sentence)
    if known is None and begun != sentence:
        known = next((chinese for english, chinese in CHINESE.items() if english.startswith(begun)), None)
    for english, chinese in _EXTRA:
        extra = extra.replace(english, chinese)
    return (known or sentence) + (f" [{extra}" if bracket else "")


def _wrapped(text: str, width: int) -> Iterator[str]:
    """*text* in lines of *width* cells, broken at blanks and beside Chinese characters, but before no mark."""
    line = ""
    for word in re.findall(r"\[?(?:[!-~]+|[^!-~])[，。；：、）]*", text):
        if line.strip() and cells(line + word.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += word if line else word.lstrip()
    if line.strip():
        yield line.rstrip()
