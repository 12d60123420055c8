"""Why a line is not JSON: where it stops being JSON, the likely cause, and what to do.

A parser says where it gave up and what it wanted there, which is seldom what went wrong: where the quote of a text is missing, it
gives up behind the next key. The causes stand below in the order in which they are tried, the surest first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from sftlint.phrase import Phrase, quote
from sftlint.reading.parse import Refusal


class Diagnosis(NamedTuple):
    """at: code points from 0 in the line.  cause: what is wrong there.  mend: what to do."""

    at: int
    cause: Phrase
    mend: Phrase


class _Line(NamedTuple):
    """A line that is not JSON: where and why the parser gave up, and the text on both sides of that place."""

    text: str
    at: int
    said: str
    before: str  # without blanks at its end
    rest: str

    @property
    def first(self) -> bool:
        """Whether not even the first character is JSON."""
        return self.at <= len(self.text) - len(self.text.lstrip())


def diagnose(line: str, refusal: Refusal) -> Diagnosis:
    """What is wrong with *line*, at which the parser gave up with *refusal*."""
    at = min(refusal.at, len(line))
    broken = _Line(line, at, refusal.detail, line[:at].rstrip(), line[at:])
    for cause in _CAUSES:
        if found := cause(broken):
            return found
    mend = Phrase(en="mend the syntax there", zh="修正该处语法")
    return Diagnosis(at, _about("unexpected `{}`", "多余的 `{}`", _short(broken.rest)), mend)


def _about(en: str, zh: str, *said: str) -> Phrase:
    """A phrase with what stands in the line in its braces."""
    return Phrase(en=en.format(*said), zh=zh.format(*said)).escaped()


def _short(text: str) -> str:
    return quote(text.strip(), 12)


# What the line is


def _conflict(line: _Line) -> Diagnosis | None:
    if not re.match(r"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( |$)", line.text):
        return None
    return Diagnosis(
        0, Phrase(en="a merge conflict marker", zh="合并冲突标记"), Phrase(en="resolve the conflict", zh="解决合并冲突")
    )


def _mark(line: _Line) -> Diagnosis | None:
    if not line.text.startswith("\ufeff"):
        return None
    cause = Phrase(
        en="a byte order mark inside the file, where files were joined", zh="文件中间有字节顺序标记（BOM），通常是拼接文件所致"
    )
    return Diagnosis(0, cause, Phrase(en="delete it", zh="删除该标记"))


def _deep(line: _Line) -> Diagnosis | None:
    if line.said != "nested too deeply":
        return None
    return Diagnosis(
        line.at, Phrase(en="brackets nested too deeply", zh="括号嵌套过深"), Phrase(en="flatten the record", zh="减少嵌套层数")
    )


def _constant(line: _Line) -> Diagnosis | None:
    if line.said not in ("NaN", "Infinity", "-Infinity"):
        return None
    found = max((m.start() for m in re.finditer(rf"[:\[,]\s*({re.escape(line.said)})\b", line.text)), default=-1)
    at = max(line.text.find(line.said, max(found, 0)), 0)
    return Diagnosis(
        at, _about("{} is not JSON", "JSON 中没有 {}", line.said), Phrase(en="write null, or a number", zh="改为 null 或具体数字")
    )


def _single_quotes(line: _Line) -> Diagnosis | None:
    if not re.match(r"\s*[{\[]\s*'", line.text):
        return None
    cause = Phrase(en="single quotes, as Python prints them", zh="使用了单引号（Python 的打印格式）")
    mend = Phrase(en="export it with json.dumps, or use double quotes", zh="用 json.dumps 导出，或改用双引号")
    return Diagnosis(line.text.find("'"), cause, mend)


def _comment(line: _Line) -> Diagnosis | None:
    if not (re.match(r"\s*(?://|/\*|#)", line.text if line.first else line.rest)):
        return None
    return Diagnosis(
        line.at,
        Phrase(en="a comment", zh="包含注释"),
        Phrase(en="remove it, JSON has no comments", zh="删除注释，JSON 不支持注释"),
    )


def _full_width(line: _Line) -> Diagnosis | None:
    wide = re.match(r"\s*([，：](?=\s*[\"“{\[\-\dtfn])|[“”„＂｛｝［］])", line.rest)
    if not wide or line.said == "Extra data":
        return None
    right = _NARROW[wide[1]]
    cause = _about("a full-width {} where JSON has {}", "使用了全角标点 {}，JSON 中应为 {}", wide[1], right)
    return Diagnosis(line.at + wide.start(1), cause, _about("write it as {}", "改为半角的 {}", right))


_NARROW = {"，": ",", "：": ":", "“": '"', "”": '"', "„": '"', "＂": '"', "｛": "{", "｝": "}", "［": "[", "］": "]"}


def _plain(line: _Line) -> Diagnosis | None:
    if not line.first or re.match(r'\s*(?:[{\["\d\-]|(?:true|false|null)\b)', line.text):
        return None
    said = quote(line.text.strip())
    if re.search(r'"\s*\]?\s*\}\s*$', line.text[-40:]):
        cause = _about("the rest of a record that a line break cut: {}", "被换行截断的记录的后半部分：{}", said)
        return Diagnosis(line.at, cause, Phrase(en="write the line break inside the text as \\n", zh="文本中的换行写成 \\n"))
    return Diagnosis(
        line.at,
        _about("plain text: {}", "普通文本：{}", said),
        Phrase(en="write the record as a JSON object", zh="把记录写成 JSON 对象"),
    )


# What stands behind a record


def _behind(line: _Line) -> Diagnosis | None:
    if line.said != "Extra data":
        return None
    rest = line.rest.strip()
    if line.text[: line.at].endswith("\r"):
        cause = Phrase(en="lines that end in a carriage return alone", zh="行尾只有回车符（CR），没有换行符")
        return Diagnosis(line.at, cause, Phrase(en="end each line with a line feed", zh="每行以换行符（LF）结尾"))
    if rest.startswith(":") and re.match(r'\s*"[^"\\]{0,40}"\s*$', line.before):
        return Diagnosis(
            0,
            Phrase(en="the record does not begin with {{", zh="记录开头缺少 {{"),
            Phrase(en="put {{ at its beginning", zh="在开头补上 {{"),
        )
    if re.match(r",?\s*[{\[]", rest):
        mend = Phrase(en="put each record on a line of its own", zh="每条记录单独占一行")
        return Diagnosis(line.at, Phrase(en="two records on one line", zh="一行中有两条记录"), mend)
    if rest == ",":
        cause = Phrase(en="a comma behind the record, as in an array", zh="记录末尾多了逗号（数组的写法）")
        return Diagnosis(line.at, cause, Phrase(en="remove the comma", zh="删除该逗号"))
    if re.fullmatch(r"[\]}]+,?", rest):
        cause = _about("{} closes nothing", "{} 没有对应的左括号", rest[0])
        return Diagnosis(
            line.at,
            cause,
            Phrase(en="remove it, or put its opening bracket where it belongs", zh="删除它，或在应有的位置补上左括号"),
        )
    if re.match(r',\s*"[^"\\]{1,40}"\s*:', rest):
        cause = _about("{} closes the record too early", "{} 过早结束了记录", line.before[-1:])
        return Diagnosis(max(len(line.before) - 1, 0), cause, Phrase(en="remove it", zh="删除该括号"))
    return Diagnosis(
        line.at, Phrase(en="text behind the record", zh="记录之后还有多余内容"), Phrase(en="remove it", zh="删除多余内容")
    )


# Commas


def _comma(line: _Line) -> Diagnosis | None:
    before = line.before
    if (comma := re.match(r"\s*+,?\s*+[\]}]", line.rest)) and (before.endswith(",") or "," in comma[0]):
        at = len(before) - 1 if before.endswith(",") else line.at + line.rest.index(",")
        return Diagnosis(at, Phrase(en="a trailing comma", zh="末尾多了逗号"), Phrase(en="remove the comma", zh="删除该逗号"))
    if before.endswith(":") and re.match(r"\s*[,}\]]", line.rest):
        return Diagnosis(
            line.at,
            Phrase(en="a key without a value", zh="键没有对应的值"),
            Phrase(en="write its value there", zh="在该处写上它的值"),
        )
    if before[-1:] not in (",", "[", "{") or not re.match(r"\s*,", line.rest):
        return None
    return Diagnosis(line.at, Phrase(en="a comma too many", zh="多了一个逗号"), Phrase(en="remove the comma", zh="删除该逗号"))


# Quotes


def _open_text(line: _Line) -> Diagnosis | None:
    """A text was left open: the parser closed it at the next key's quote, so that it holds `], ` or `, "key": `."""
    closing = line.text.rfind('"', 0, line.at)
    if closing < 0 or not re.match(r'\s*+[\w-]++"\s*:', line.text[closing + 1 :]):
        return None
    tail = max(closing - 40, 0)  # enough for brackets, a comma and blanks
    quotes = (at for at in range(closing - 1, tail - 1, -1) if line.text[at] == '"')
    opening = next((at + 1 for at in quotes if not _escaped(line.text, at)), 0)
    tail = max(opening, tail)
    held = re.search(r"[\]}]*\s*,\s*$", line.text[tail:closing])
    if not held or not held[0].strip():
        return None
    at = tail + held.start()
    return _quote_before(line.text, at, Phrase(en="close the text with a quote there", zh="在该处补上双引号"))


def _quote_before(line: str, at: int, mend: Phrase) -> Diagnosis:
    return Diagnosis(at, _about("a quote is missing before `{}`", "`{}` 之前缺少双引号", _short(line[at : at + 12])), mend)


def _escaped(line: str, at: int) -> bool:
    """Whether an odd number of backslashes stands before the character *at*."""
    before = line[max(at - 1000, 0) : at]  # no text has more in a row that means something
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _key(line: _Line) -> Diagnosis | None:
    """`target: `, `target": ` and `"target: ` where `"target": ` belongs."""
    if line.said.startswith("Expecting property name"):
        found = re.match(r"\s*+['‘’]?([\w-]{1,40})[\"'’]?\s*:", line.rest)
        at = line.at
    else:
        found = re.search(r'"([\w-]{1,40})\s*:\s*[\[{]{0,2}\s*"\s*$', line.text[max(line.at - 60, 0) : line.at])
        at = max(line.at - 60, 0) + found.start() if found and line.said.startswith("Expecting ':'") else -1
    if not found or at < 0:
        return None
    return Diagnosis(
        at,
        _about("the key {} is not in quotes", "键 {} 没有用双引号括起来", found[1]),
        _about('write it as "{}"', '写成 "{}"', found[1]),
    )


def _unopened(line: _Line) -> Diagnosis | None:
    """A text without its first quote, in place of which the parser found the text, or a number that the text begins with."""
    mend = Phrase(en="put it there", zh="在该处补上双引号")
    if line.said == "Expecting value" and line.before[-1:] in (":", "[", ",") and re.match(r"\s*[^\s\]}\[{\"',:]", line.rest):
        return _quote_before(line.text, line.at + len(line.rest) - len(line.rest.lstrip()), mend)
    number = re.search(r"[:\[,]\s*(-?\d[\d.eE+-]*)$", line.before[-40:])
    if number and line.said.startswith("Expecting ','") and re.match(r"\"\s*[,\]}]|[^\s\"'{\[\]}:,][^\"]*\"", line.rest):
        return _quote_before(line.text, len(line.before) - len(number[1]), mend)
    return None


def _inner_quote(line: _Line) -> Diagnosis | None:
    if not (line.before.endswith('"') and line.said.startswith("Expecting ',' delimiter")):
        return None
    cause = Phrase(en="a quote inside a text is not escaped", zh="文本内的双引号没有转义")
    mend = Phrase(en='write the quote inside the text as \\"', zh='文本内的双引号写成 \\"')
    return Diagnosis(line.at, cause, mend)


# Brackets


def _open_list(line: _Line) -> Diagnosis | None:
    """A key inside of a list, which was never closed."""
    if not line.said.startswith("Expecting ',' delimiter") or line.rest[:1] != ":":
        return None
    depths, last, opened = _brackets(line)
    if not depths or depths[-1][0] != "[" or last < depths[-1][1] or not re.fullmatch(r",\s*", line.text[last:opened]):
        return None
    return _never_closed(line, depths[-1][1], last, Phrase(en="put ] before the comma", zh="在逗号前补上 ]"))


def _never_closed(line: _Line, opened: int, at: int, mend: Phrase) -> Diagnosis:
    named = re.search(r'"([\w-]{1,40})"\s*:\s*$', line.text[max(opened - 60, 0) : opened])
    key = named[1] if named else ""
    cause = (
        _about("the list of {} is never closed", "{} 的列表没有结束", key)
        if key
        else Phrase(en="the list is never closed", zh="列表没有结束")
    )
    return Diagnosis(at, cause, mend)


def _other_bracket(line: _Line) -> Diagnosis | None:
    """A bracket that closes what was opened by another one, or by none."""
    closing = re.match(r"\s*(?:\](?=\s*(?:,\s*\"[^\"\\]{1,40}\"\s*:|\}\s*$))|\}(?=\s*(?:$|,)))", line.rest)
    if not closing or not line.said.startswith("Expecting"):
        return None
    depths, _, opened = _brackets(line)
    if not depths:
        return None
    if closing[0].strip() == "}":
        if depths[-1][0] == "{":
            return None
        return _never_closed(line, depths[-1][1], line.at, Phrase(en="put ] before the }}", zh="在 }} 前补上 ]"))
    cause = Phrase(en="] closes a list that was never opened", zh="] 结束了一个没有开始的列表")
    return Diagnosis(max(opened, 0), cause, Phrase(en="put [ before its first text", zh="在列表的第一段文本前补上 ["))


def _brackets(line: _Line) -> tuple[list[tuple[str, int]], int, int]:
    """Brackets that are open where the parser gave up, with their places; the last comma, and the last text, before that."""
    depths: list[tuple[str, int]] = []
    last = opened = -1
    for token in _TOKEN.finditer(line.text, 0, line.at):
        mark = token[0]
        if mark in "[{":
            depths.append((mark, token.start()))
        elif mark in "]}":
            del depths[-1:]
        elif mark == ",":
            last = token.start()
        else:
            opened = token.start()
    return depths, last, opened


_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]', re.S)


def _cut(line: _Line) -> Diagnosis | None:
    again = Phrase(en="export the file again, or complete the record", zh="重新导出文件，或补全该条")
    if line.said.startswith("Unterminated string"):
        mend = Phrase(
            en="write a line break inside a text as \\n; if the record was cut, export the file again",
            zh="文本中的换行写成 \\n；若记录被截断，请重新导出文件",
        )
        return Diagnosis(line.at, Phrase(en="the line ends in the middle of a text", zh="该行在文本中途结束"), mend)
    if line.rest.strip():
        return None
    depths, _, _ = _brackets(line)
    if not depths or line.before[-1:] in (",", ":", "[", "{") or len(depths) > 8:
        return Diagnosis(line.at, Phrase(en="the line ends in the middle of a record", zh="该行在记录中途结束"), again)
    closing = "".join("]" if mark == "[" else "}" for mark, _ in reversed(depths))
    mend = _about(
        "put {} there, or export the file again if more is missing", "在行尾补上 {}；若还缺其他内容，请重新导出文件", closing
    )
    return Diagnosis(line.at, _about("the line ends without its closing {}", "行尾缺少 {}", closing), mend)


# What is written otherwise in Python


def _python(line: _Line) -> Diagnosis | None:
    if re.match(r"\s*(None|True|False|undefined|nan|inf)\b", line.rest):
        cause = Phrase(
            en="a Python or JavaScript word where JSON has null, true or false",
            zh="使用了 Python/JavaScript 的写法，JSON 只有 null、true、false",
        )
        return Diagnosis(line.at, cause, Phrase(en="write null, true or false", zh="改为 null、true 或 false"))
    if re.match(r"\s*\(\s*[\"'\d)]", line.rest) and line.said == "Expecting value":
        return Diagnosis(
            line.at, Phrase(en="a Python tuple", zh="使用了 Python 的元组"), Phrase(en="write a list in [ ]", zh="改为 [ ] 列表")
        )
    if re.match(r"\s*'", line.rest):
        return Diagnosis(line.at, Phrase(en="single quotes", zh="使用了单引号"), Phrase(en="use double quotes", zh="改用双引号"))
    return None


def _control(line: _Line) -> Diagnosis | None:
    if not line.said.startswith("Invalid control character"):
        return None
    cause = Phrase(en="a raw control character, such as a tab, inside a text", zh="文本中有未转义的控制字符（如制表符）")
    return Diagnosis(line.at, cause, Phrase(en="escape it, a tab as \\t", zh="对其转义，制表符写成 \\t"))


def _escape(line: _Line) -> Diagnosis | None:
    if "escape" not in line.said:
        return None
    cause = Phrase(en="an invalid escape after a backslash", zh="反斜杠后的转义无效")
    return Diagnosis(line.at, cause, Phrase(en="write the backslash twice", zh="反斜杠写成两个"))


def _missing(line: _Line) -> Diagnosis | None:
    if line.said.startswith("Expecting ':'"):
        if re.match(r"\s*[,\]}]", line.rest):
            cause = Phrase(en="a text that is neither a key nor in a list", zh="这段文本既不是键，也不在列表中")
            mend = Phrase(
                en="put [ before the first text of the list, or write its key", zh="在列表的第一段文本前补上 [，或写上它的键"
            )
            return Diagnosis(max(line.text.rfind('"', 0, max(len(line.before) - 1, 0)), 0), cause, mend)
        return Diagnosis(line.at, Phrase(en="a colon is missing", zh="缺少冒号"), Phrase(en="put : there", zh="在该处补上 :"))
    if (
        line.said.startswith("Expecting ','")
        and re.search(r'["\]}\de]$', line.before)
        and line.rest.lstrip()[:1] in ('"', "[", "{")
    ):
        return Diagnosis(line.at, Phrase(en="a comma is missing", zh="缺少逗号"), Phrase(en="put , there", zh="在该处补上 ,"))
    return None


_CAUSES: tuple[Callable[[_Line], Diagnosis | None], ...] = (
    _conflict,
    _mark,
    _deep,
    _constant,
    _single_quotes,
    _comment,
    _full_width,
    _plain,
    _behind,
    _comma,
    _open_text,
    _open_list,
    _other_bracket,
    _control,
    _escape,
    _python,
    _key,
    _cut,
    _unopened,
    _missing,
    _inner_quote,
)
