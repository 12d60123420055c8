from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sftlint import Bad, Batch, Finding, Good, Phrase, Place, Rejected, Rule, Run, chat, quote


class InvalidJson(Rule):
    """A line that is not JSON.

    The trainer stops at it, or drops it without a word. Platforms report it as "read example failed".

    Not reported: lone surrogates and endless numbers, which are JSON, and blank lines.
    """

    zh = """不是合法 JSON 的行。

    训练会在此处报错，或者不加提示地丢弃该行。平台通常报“read example failed”。

    不报告：孤立代理字符和超长数字（它们是合法 JSON），以及空行。
    """
    message = Phrase(en="not JSON at column {column}: {cause}", zh="第 {column} 列起不是合法 JSON：{cause}")
    message_pretty = Phrase(
        en="records are spread over several lines; in JSON Lines every record is one line",
        zh="一条记录占了多行；JSON Lines 要求每条记录占一行",
    )
    suggestion = Phrase(en="{mend}", zh="{mend}")
    severity = "error"
    folds = False

    good = [
        Good(chat('他说："好的"', '引号要写成 \\" 才对。'), chat("Path?", "C:\\new\\table")),
        Good('{"context": ["\\ud83d\\ude00 ok?"], "target": "\\u597d"}'),
    ]
    bad = [
        Bad('{"context": ["判断这句话的情感\\n内容: 很好吃], "target": "积极"}', chat("一", "二")),
        Bad('{"context": ["Which colour?"], "target": "blue",}', chat("One", "Two")),
        Bad("{'context': ['你好'], 'target': '您好'}", chat("One", "Two")),
        Bad('{"context": ["a"], "target": "b"}{"context": ["c"], "target": "d"}', chat("One", "Two")),
        Bad("<<<<<<< HEAD", chat("One", "Two"), "=======", ">>>>>>> theirs", at=(0, 2, 3)),
        Bad('{"context": ["How far?"], "target": NaN}', '{"context": ["多远？"], "target": "三公', chat("One", "Two"), at=(0, 1)),
        Bad(
            '{"context": ["说"好"的是谁？"], "target": "他"}',
            '{"context": ["Say it"], "target": "it" "twice"}',
            chat("a", "b"),
            at=(0, 1),
        ),
        Bad(
            '{"context": ["Where is Oslo?", "target": "In Norway."}',
            "// the end",
            '{"context": ["几点？"]，"target": "九点"}',
            chat("One", "Two"),
            at=(0, 1, 2),
        ),
        Bad("[" * 2000, chat("Which key?", "The brass one."), at=(0,)),
        Bad('{\n  "context": ["你好"],\n  "target": "您好"\n}', at=(None,)),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for line in batch.rejected:
            if line.reason == "json":
                at, cause, mend = diagnose(line.raw.decode("utf-8").rstrip("\r"), line)
                start = min(at, max(len(line.raw.decode("utf-8")) - 1, 0))
                yield self.finding(Place(line.id, None, start, start + 1), cause=cause, mend=mend)

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        for file in run.files:
            if file.facts.unreadable == "pretty":
                mend = Phrase(en="write each record on one line, as `jq -c .` does", zh="把每条记录写成一行，例如用 jq -c .")
                yield self.finding(kind="message_pretty", file=file.number, mend=mend)


def diagnose(line: str, rejected: Rejected) -> tuple[int, Phrase, Phrase]:
    """Where *line* stops being JSON (code points from 0), the likely cause, and what to do."""
    at, said = rejected.value.at, rejected.value.detail
    before, rest = line[:at].rstrip(), line[at:]
    if re.match(r"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( |$)", line):
        return 0, Phrase(en="a merge conflict marker", zh="合并冲突标记"), Phrase(en="resolve the conflict", zh="解决合并冲突")
    if said == "nested too deeply":
        return at, Phrase(en="brackets nested too deeply", zh="括号嵌套过深"), Phrase(en="flatten the record", zh="减少嵌套层数")
    if said in ("NaN", "Infinity", "-Infinity"):
        mend = Phrase(en="write null, or a number", zh="改为 null 或具体数字")
        return max(line.find(said), 0), Phrase(en=f"{said} is not JSON", zh=f"JSON 中没有 {said}"), mend
    if re.match(r"\s*[{\[]\s*'", line):
        return line.find("'"), Phrase(en="single quotes", zh="使用了单引号"), Phrase(en="use double quotes", zh="改用双引号")
    if re.match(r"\s*(?://|/\*|#[^{\[]*$)", line) and at <= len(line) - len(line.lstrip()):
        return at, *_COMMENT
    if (wide := re.match(r"\s*([，：](?=\s*[\"“{\[\-\dtfn])|[“”„＂｛｝［］])", rest)) and said != "Extra data":
        cause = Phrase(
            en=f"a full-width {wide[1]} where JSON has {_WIDE[wide[1]]}",
            zh=f"使用了全角标点 {wide[1]}，JSON 中应为 {_WIDE[wide[1]]}",
        )
        mend = Phrase(en=f"write it as {_WIDE[wide[1]]}", zh=f"改为半角的 {_WIDE[wide[1]]}")
        return at + wide.start(1), cause.escaped(), mend.escaped()
    if not re.match(r'\s*(?:[{\["\d\-]|(?:true|false|null)\b)', line) and at <= len(line) - len(line.lstrip()):
        mend = Phrase(en="write the record as a JSON object", zh="把记录写成 JSON 对象")
        return at, Phrase(en=f"plain text: {quote(line.strip())}", zh=f"普通文本：{quote(line.strip())}").escaped(), mend
    if said == "Extra data" and line[:at].endswith("\r"):
        cause = Phrase(en="lines that end in a carriage return alone", zh="行尾只有回车符（CR），没有换行符")
        return at, cause, Phrase(en="end each line with a line feed", zh="每行以换行符（LF）结尾")
    if (comma := re.match(r"\s*+,?\s*+[\]}]", rest)) and (before.endswith(",") or "," in comma[0]):
        comma_at = len(before) - 1 if before.endswith(",") else at + rest.index(",")
        return comma_at, Phrase(en="a trailing comma", zh="末尾多了逗号"), Phrase(en="remove the comma", zh="删除该逗号")
    if (found := _missing_quote(line, at)) is not None:
        what = quote(line[found : found + 12].strip(), 12)
        cause = Phrase(en=f"a quote is missing before `{what}`", zh=f"`{what}` 之前缺少双引号").escaped()
        return found, cause, Phrase(en="close the text with a quote there", zh="在该处补上双引号")
    if (found := _open_list(line, at, said)) is not None:
        comma, key = found
        of = f" of {key}" if key else ""
        cause = Phrase(en=f"the list{of} is never closed", zh=f"{key} 的列表没有结束" if key else "列表没有结束").escaped()
        return comma, cause, Phrase(en="put ] before the comma", zh="在逗号前补上 ]")
    for matches, cause, mend in _CAUSES:
        if matches(before, rest, said):
            return min(at, len(line)), cause, mend
    what = quote(rest.strip(), 12)
    mend = Phrase(en="mend the syntax there", zh="修正该处语法")
    return at, Phrase(en=f"unexpected `{what}`", zh=f"多余的 `{what}`").escaped(), mend


def _missing_quote(line: str, at: int) -> int | None:
    """Where a text was left open: the parser closed it at the next key's quote, so that it holds `], ` or `, "key": `."""
    closing = line.rfind('"', 0, at)
    if closing < 0 or not re.match(r'\s*+[\w-]++"\s*:', line[closing + 1 :]):
        return None
    tail = max(closing - 40, 0)  # enough for brackets, a comma and blanks
    quotes = (at for at in range(closing - 1, tail - 1, -1) if line[at] == '"')
    opening = next((at + 1 for at in quotes if not _escaped(line, at)), 0)
    tail = max(opening, tail)
    held = re.search(r"[\]}]*\s*,\s*$", line[tail:closing])
    return tail + held.start() if held and held[0].strip() else None


def _open_list(line: str, at: int, said: str) -> tuple[int, str] | None:
    """Where the comma stands behind which a key follows inside of a list, and the key of that list."""
    if not said.startswith("Expecting ',' delimiter") or line[at : at + 1] != ":":
        return None
    depths: list[tuple[str, int]] = []
    last = opened = -1
    for token in _TOKEN.finditer(line, 0, at):
        mark = token[0]
        if mark in "[{":
            depths.append((mark, token.start()))
        elif mark in "]}":
            del depths[-1:]
        elif mark == ",":
            last = token.start()
        else:
            opened = token.start()
    if not depths or depths[-1][0] != "[" or last < depths[-1][1] or not re.fullmatch(r",\s*", line[last:opened]):
        return None
    named = re.search(r'"([\w-]{1,40})"\s*:\s*$', line[max(depths[-1][1] - 60, 0) : depths[-1][1]])
    return last, named[1] if named else ""


_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]', re.S)
_WIDE = {"，": ",", "：": ":", "“": '"', "”": '"', "„": '"', "＂": '"', "｛": "{", "｝": "}", "［": "[", "］": "]"}
_COMMENT = Phrase(en="a comment", zh="包含注释"), Phrase(en="remove it, JSON has no comments", zh="删除注释，JSON 不支持注释")


def _escaped(line: str, at: int) -> bool:
    """Whether an odd number of backslashes stands before the character *at*."""
    before = line[max(at - 1000, 0) : at]  # no text has more in a row that means something
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


_CAUSES: tuple[tuple[Callable[[str, str, str], bool], Phrase, Phrase], ...] = (
    (
        lambda before, rest, said: re.match(r"\s*(//|/\*|#)", rest) is not None,
        *_COMMENT,
    ),
    (
        lambda before, rest, said: said == "Extra data" and rest.lstrip()[:1] in ("{", "["),
        Phrase(en="two records on one line", zh="一行中有两条记录"),
        Phrase(en="put each record on a line of its own", zh="每条记录单独占一行"),
    ),
    (
        lambda before, rest, said: said == "Extra data",
        Phrase(en="text behind the record", zh="记录之后还有多余内容"),
        Phrase(en="remove it", zh="删除多余内容"),
    ),
    (
        lambda before, rest, said: said.startswith("Invalid control character"),
        Phrase(en="a raw control character, such as a tab, inside a text", zh="文本中有未转义的控制字符（如制表符）"),
        Phrase(en="escape it, a tab as \\t", zh="对其转义，制表符写成 \\t"),
    ),
    (
        lambda before, rest, said: "escape" in said,
        Phrase(en="an invalid escape after a backslash", zh="反斜杠后的转义无效"),
        Phrase(en="write the backslash twice", zh="反斜杠写成两个"),
    ),
    (
        lambda before, rest, said: said.startswith("Unterminated string") or not rest.strip(),
        Phrase(en="the line ends in the middle of a record", zh="该行在记录中途结束"),
        Phrase(en="export the file again, or complete the record", zh="重新导出文件，或补全该条"),
    ),
    (
        lambda before, rest, said: re.match(r"\s*(None|True|False|undefined)\b", rest) is not None,
        Phrase(
            en="a Python or JavaScript word where JSON has null, true or false",
            zh="使用了 Python/JavaScript 的写法，JSON 只有 null、true、false",
        ),
        Phrase(en="write null, true or false", zh="改为 null、true 或 false"),
    ),
    (
        lambda before, rest, said: before[-1:] in ('"', "]", "}") and rest.lstrip()[:1] in ('"', "[", "{"),
        Phrase(en="a comma or colon is missing", zh="缺少逗号或冒号"),
        Phrase(en="add it", zh="补上"),
    ),
    (
        lambda before, rest, said: before.endswith('"') and said.startswith("Expecting ',' delimiter"),
        Phrase(en="a quote inside a text is not escaped", zh="文本内的双引号没有转义"),
        Phrase(en='write the quote inside the text as \\"', zh='文本内的双引号写成 \\"'),
    ),
)
