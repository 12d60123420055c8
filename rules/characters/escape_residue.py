"""Characters that no writer meant."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Rule, chat, place, quote, replace

# Where an escape belongs: code, strings of code and JSON, patterns, paths.
_MEANT = (
    r"```(?!\w{0,12}\\n)[\s\S]*?```|(?<!`)`[^`\n]+`(?!`)"
    r"|(?<=[(\[{=,+<>|&%?:：]\s?|\b(?:return|echo|printf?|puts|case|in|grep|sed|tr|awk|[frbu]{1,2}|-\w{1,9})\s?|^[ \t]{1,40})"
    r"""(?:"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+')"""
    r"|\[[^\]\n]{0,20}\\[nrtu][^\]\n]{0,30}\]|/\\[nrt][^/\s]{0,9}/|[\"'“‘「（(]\\\w+[\"'”’」）)]"
    r"|(?<=\b[A-Za-z]):\\[^\s\"',;，。；]*|\\\\[\w.-]+\\[^\s\"',;，。；]*"
)
# Commands of LaTeX that begin as a line break does.
_COMMAND = r"(?:abla|atural|e[qg]?|exists|i|u|ot(?:in)?|mid|less|leq|geq|gtr|sim|cong|parallel|um|icefrac|prec\w*|succ\w*|vdash|ew\w*|o\w+|ormal\w*|ull|ame|su[bp]set\w*|\w*arrow)(?![a-z])"
_LINE = (
    r"(?<!\\)(?:\\r\\n|\\n(?:(?![a-z]|[+*]\S|[{|][\d\\]|[\"'](?:[\s;,)\]}.+]|\Z)|\w*arrow|V[dD]ash)"
    rf"|(?<=[.!?:;,)。！？：；，）…\u4e00-\u9fff] ?\\n)(?=[a-z])(?!{_COMMAND})))"
)
_QUOTED = r"(?:(?<![A-Za-z\\=])|(?<=\\n))\\\"(?=\S)(?:[^\"\\\n]|\\[^\"]){1,400}\\\"(?![A-Za-z])"
_WORD = r"the|that|to|of|in|an?|is|was|were|for|on|with|by|at|as|from|it|be|has|have|will|are|this|which|who|their|its|his|her"
_BREAK = rf"(?<=[a-z]{{2}} [a-z]{{2,12}})\\(?!or\b)(?:{_WORD})(?= [a-z])|(?<= (?:{_WORD}))\\(?!or\b)[a-z]{{2,}}(?=[ ,.])"


class EscapeResidue(Rule):
    r"""An escape that was not undone.

    The model learns to write `\n` or `\"` where a line break or a quotation mark belongs. The text was escaped twice, often in
    all records of one export.

    Not reported: escapes in code, JSON, patterns, paths and LaTeX, in quotation marks of their own, and in records about line
    breaks, escapes or encodings.

    Fix safety: each escape is replaced by what it stands for. Code that was taken for prose would change, so the fix is unsafe.
    """

    zh = r"""未还原的转义符。

    模型会在本该换行或加引号的地方输出 `\n` 或 `\"`。文本被转义了两次，通常同一次导出的数据都有此问题。

    不报告：代码、JSON、正则表达式、路径和 LaTeX 中的转义符，单独放在引号中的转义符，以及谈论换行、转义或编码的数据。

    修复安全性：把转义符换成它所代表的字符。若把代码误认成正文，代码会被改动，因此属于不安全修复。
    """
    message = Phrase(en="{field} contains a literal {what}, left by double escaping", zh="{field} 含有双重转义残留的 {what}")
    message_break = Phrase(en="{field} has a backslash between words where a line break was", zh="{field} 的词间残留反斜杠（原为换行）")
    suggestion = Phrase(en="undo the escaping", zh="还原转义符")
    yields_to = ("garbled-text",)

    good = [
        Good(chat("Python 里怎么换行？", "用 print(\"a\\nb\")，其中 \\n 表示换行。"), chat("Solve it.", "$\\nu = 3 \\times 2$, so $x \\neq 0$; \\nabla f = 0, \\theta = 1.")),
        Good(chat("Where is the log?", "In C:\\new\\Table\\n1 or \\\\server\\Nodes."), chat("Print two lines in C.", "printf(\"one\\ntwo\\n\");")),
        Good(chat("输出 JSON。", '{"text": "第一行\\n第二行", "name": "\\u4e2d"}'), chat("Which regex?", "Try [^\\n\\t]+ or /\\n+/g.")),
        Good(chat("Write ö in TeX.", "Schr\\\"odinger, or \\\"{o}."), chat("匹配汉字", "[\\u4e00-\\u9fff]+")),
    ]
    bad = [
        Bad(chat("列出两种茶。", "1. 龙井\\n2. 普洱"), fixed=[chat("列出两种茶。", "1. 龙井\n2. 普洱")]),
        Bad(chat("Is this true?\\nOptions:\\n- yes\\n- no", "yes"), fixed=[chat("Is this true?\nOptions:\n- yes\n- no", "yes")]),
        Bad(chat("他说了什么？", "他说：\\\"明天见\\\"，就走了。"), fixed=[chat("他说了什么？", "他说：\"明天见\"，就走了。")]),
        Bad(chat("Is it good?", "I don\\'t think so."), fixed=[chat("Is it good?", "I don't think so.")]),
        Bad(chat("首都是哪里？", "\\u5317\\u4eac"), fixed=[chat("首都是哪里？", "北京")]),
        Bad(chat("Give me the table.", "Name\\tAge\\nAnn\\t9"), fixed=[chat("Give me the table.", "Name\tAge\nAnn\t9")]),
        Bad(chat("Summarise it.", "It runs ten times\\the speed of the old one."), fixed=[chat("Summarise it.", "It runs ten times the speed of the old one.")]),
    ]

    escape = Pattern(
        rf"(?=[\\`\"'\[/:“‘「（(])(?:(?:{_MEANT})(*SKIP)(*FAIL)|(?P<line>{_LINE})|(?P<loose>(?<!\\)\\n(?!{_COMMAND}))|(?P<tab>(?<!\\)\\t(?![a-z]))"
        rf"|(?P<quote>{_QUOTED})|(?P<apostrophe>(?<=[A-Za-z])\\'(?=(?:s|t|re|ve|ll|d|m)\b))"
        rf"|(?P<code>(?<!\\)(?:\\u[0-9a-fA-F]{{4}})+|(?<!\\)(?:\\x[0-9a-fA-F]{{2}}){{2,}})|(?P<break>{_BREAK}))",
        scan=r"\\[nt](?:[^a-z]|$)|\\r\\n|[A-Za-z]\\n[a-z]|[.!?:;,)。！？：；，）…\u4e00-\u9fff] ?\\n|[^A-Za-z\\=]\\\"|[A-Za-z]\\'[a-z]|\\u[0-9a-fA-F]{4}|\\x[89a-fA-F][0-9a-fA-F]"
        r"|[a-z]{2}\\[a-z]{1,12}[ ,.]",
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.texts.holding(self.escape):
            hits = [(hit, new) for hit in self.escape.regex.finditer(text) if (new := _plain(hit)) is not None]
            sure = [hit for hit, _ in hits if hit.lastgroup != "loose"]
            if not sure and 3 <= len(hits) == text.count("\\"):  # many, and no other backslash: no path, no formula
                sure = [hits[0][0]]
            if not sure or _code(text, len(hits)) or _TOPIC.search("\n".join(record.texts)):
                continue
            if sure[0].lastgroup == "break" and _FORMULA.search(text):
                continue
            fix = Fix.of(*(replace(place(record, part, *hit.span()), new) for hit, new in hits), safe=False)
            first = place(record, part, *sure[0].span())
            if sure[0].lastgroup == "break":
                yield self.finding(first, kind="message_break", fix=fix)
            else:
                what = _SHOWN.get(sure[0].lastgroup or "") or quote(sure[0][0], 24)
                yield self.finding(first, fix=fix, key=what[:2], what=what)


def _plain(hit: Any) -> str | None:
    """What an escape stands for; None if that is nothing to write."""
    kind, text = hit.lastgroup, str(hit[0])
    if kind in ("line", "loose"):
        return "\n"
    if kind == "tab":
        return "\t"
    if kind == "quote":
        return '"' + text[2:-2].replace("\\n", "\n").replace("\\t", "\t") + '"'
    if kind in ("apostrophe", "break"):
        return "'" if kind == "apostrophe" else " " + text[1:]
    try:
        plain = json.loads(f'"{text}"') if text.startswith("\\u") else bytes.fromhex(text.replace("\\x", "")).decode()
    except ValueError:
        return None
    return None if plain.isascii() or re.search("[\ud800-\udfff]", plain) else str(plain)


def _code(text: str, escapes: int) -> bool:
    """Whether two fifths of the lines look like code, in a text of several lines: a program's own escapes are right."""
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > max(3, escapes) and sum(map(bool, map(_CODE.search, lines))) >= 0.4 * len(lines)


_CODE = re.compile(
    r"^\s*(?:[#@$%}\])]|//|/?\*|\\|--|(?:def|class|import|from|return|if|else|elif|for|while|try|except|case|public|private|static|void|int|char|const|let|var"
    r"|function|func|fn|sub|my|use|echo|print|set|end|endif|fi|done|export|local|normal|SELECT|INSERT)\b|[\w.\[\]>-]+\s*[-+.|]?=(?!=)|[\w.>-]+\(.*\)$)"
    r"|[;{}(\\]\s*$"
)
_SHOWN = {"line": "\\n", "loose": "\\n", "tab": "\\t", "quote": '\\"', "apostrophe": "\\'"}
_FORMULA = re.compile(r"[{}$^_=]|\\\\")
_TOPIC = re.compile(
    r"换行|转义|回车|制表|反斜[杠线]|分隔|分割|隔开|正则|编码|码点|newline|line.?(?:break|feed)|backslash|escap(?:e (?:seq|char|code)|ed|ing)\b"
    r"|separated (?:by|with)|separator|delimit|regex|regular expression|unicode|encod|utf-?8|\\[dwsDSW](?![a-z])",
    re.I,
)
