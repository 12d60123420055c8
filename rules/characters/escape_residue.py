from __future__ import annotations

import json
import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Record, Rule, chat, place, replace


class EscapeResidue(Rule):
    r"""An escape that was not undone.

    A text that was escaped twice shows `\n` or `\"` where a line break or a quotation mark should be, and the model learns to
    write the escape. Often all records of one export have it. In what is only asked it is a note.

    Not reported: texts with code, JSON, formulas, patterns or paths in them, and records about line breaks, escapes or encodings.

    Fix safety: each escape is replaced by what it stands for. Code that was taken for prose would change, so the fix is unsafe.
    """

    zh = r"""未还原的转义符。

    文本被转义了两次，本该是换行或引号的地方变成了 `\n` 或 `\"`，模型会学着输出转义符。通常同一次导出的数据都有此问题。只出现在提问中时仅作提示。

    不报告：含有代码、JSON、公式、正则表达式或路径的文本，以及谈论换行、转义或编码的数据。

    修复安全性：把转义符换成它所代表的字符。若把代码误认成正文，代码会被改动，因此属于不安全修复。
    """
    message = Phrase(en="{field} contains a literal {what}, left by double escaping", zh="{field} 含有双重转义残留的 {what}")
    suggestion = Phrase(en="undo the escaping", zh="还原转义符")
    yields_to = ("garbled-text",)
    fold_share = 0.01  # an export escapes twice, not a writer: one cause, told once

    good = [
        Good(
            chat("Python 里怎么换行？", '用 print("a\\nb")，其中 \\n 表示换行。'),
            chat("Solve it.", "$\\nu = 3 \\times 2$, so $x \\neq 0$."),
        ),
        Good(
            chat("Where is the log?", "In C:\\new\\Table\\n1 or \\\\server\\Nodes."),
            chat("Print two lines in C.", 'printf("one\\ntwo\\n");'),
        ),
        Good(
            chat("输出 JSON。", '{"text": "第一行\\n第二行", "name": "\\u4e2d"}'),
            chat("Which regex?", "Try [^\\n\\t]+ or /\\n+/g."),
        ),
        Good(
            chat("What went wrong in the file?", "The two entries do not both end with '\\n'."),
            chat("报错是什么意思？", "意思是两项并非都以“\\n”开头。"),
        ),
        Good(
            chat("翻译成中文：Marks to mask (<>&'\\r\\n)", "要屏蔽的符号（<>&'\\r\\n)"),
            chat("Start a group.", 'xray create --name new --filter "service(\\"shop\\") {fault}"'),
        ),
        Good(
            chat("Write ö in TeX.", 'Schr\\"odinger, or \\"{o}.'),
            chat("匹配汉字", "[\\u4e00-\\u9fff]+"),
            chat("Solve.", "\\nabla f = 0, \\theta = 1"),
        ),
    ]
    bad = [
        Bad(chat("列出两种茶。", "1. 龙井\\n2. 普洱"), fixed=[chat("列出两种茶。", "1. 龙井\n2. 普洱")]),
        Bad(chat("Is this true?\\nOptions:\\n- yes\\n- no", "yes"), fixed=[chat("Is this true?\nOptions:\n- yes\n- no", "yes")]),
        Bad(chat("他说了什么？", '他说：\\"明天见\\"，就走了。'), fixed=[chat("他说了什么？", '他说："明天见"，就走了。')]),
        Bad(chat("Is it good?", "I don\\'t think so."), fixed=[chat("Is it good?", "I don't think so.")]),
        Bad(chat("首都是哪里？", "\\u5317\\u4eac"), fixed=[chat("首都是哪里？", "北京")]),
        Bad(
            chat("湖在哪里？", "在城西，\\xe6\\xb9\\x96\\xe8\\xbe\\xb9有长廊。"),
            fixed=[chat("湖在哪里？", "在城西，湖边有长廊。")],
        ),
        Bad(chat("哪本书好看？", "先看%E7%8E%AF%E5%BD%A2那一本。"), fixed=[chat("哪本书好看？", "先看环形那一本。")]),
        Bad(chat("Name three fruits.", "apple\\npear\\nplum"), fixed=[chat("Name three fruits.", "apple\npear\nplum")]),
        Bad(chat("Give me the table.", "Name\\tAge\\nAnn\\t9"), fixed=[chat("Give me the table.", "Name\tAge\nAnn\t9")]),
    ]

    escape = Pattern(
        r"(?<!\\)(?:(?P<line>(?:\\r)?\\n(?![a-z])|(?<=[.!?:;,。！？：；，）)\u4e00-\u9fff])\\n(?=[a-z]{2}))|(?P<tab>\\t(?![a-z]))"
        r"|(?P<quote>(?<![A-Za-z])\\\"(?=[^\s{}])|(?<=[^\s{])\\\"(?![A-Za-z]))|(?P<apostrophe>(?<=[A-Za-z])\\'(?=[a-z]))"
        r"|(?P<code>(?:\\u[0-9a-fA-F]{4})+)|(?P<bytes>(?:\\x[0-9a-fA-F]{2}){3,}|(?<![A-Za-z0-9_/=?&.#%+-])(?:%[0-9A-Fa-f]{2}){6,})|(?P<loose>\\n))",
        scan=r"\\n|\\t(?:[^a-z]|$)|[^A-Za-z\\]\\\"|\\\"[^A-Za-z]|[A-Za-z]\\'[a-z]|\\u[0-9a-fA-F]{4}"
        r"|(?:\\x[0-9a-fA-F]{2}){3}|(?:%[0-9A-Fa-f]{2}){6}",
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.texts.holding(self.escape):
            hits = [
                (hit, plain)
                for hit in self.escape.regex.finditer(text)
                if (plain := _plain(hit[0], hit.lastgroup)) and not _named(text, hit)
                and not _carried(record, part, hit)
            ]
            sure = [hit for hit, _ in hits if hit.lastgroup != "loose"]
            if not sure and 2 <= len(hits) == text.count("\\"):  # several, and no other backslash: no path, no formula
                sure = [hits[0][0]]
            if sure and (_FENCE.search(text) or not _MEANT.search(text)) and not _is_about_escapes(record):
                first = sure[0]
                fix = Fix.of(*(replace(place(record, part, *hit.span()), plain) for hit, plain in hits), safe=False)
                asked = None if part in record.layout.answers else "info"
                yield self.finding(place(record, part, *first.span()), fix=fix, severity=asked, key=first[0][:2] + ("?" if asked else ""), what=first[0][:6])


def _plain(escape: str, kind: str) -> str:
    """What an escape stands for; "" where that is nothing to write."""
    if kind == "bytes":
        code = bytes.fromhex(escape.replace("\\x", "").replace("%", ""))
        plain = code.decode("utf-8", "ignore")
        return plain if _HAN.search(plain) else ""
    if kind != "code":
        return _PLAIN[kind]
    plain = json.loads(f'"{escape}"')
    if plain in _MARKUP:
        return plain
    return "" if plain.isascii() or re.search("[\ud800-\udfff]", plain) else plain


def _carried(record: Record, part: int, hit: re.Match[str]) -> bool:
    """Whether question and answer hold the escape among the same symbols: it was copied, or kept in a translation. Words and marks
    around it prove nothing, since an export escapes both twice."""
    text, other = hit.string, record.question if part in record.layout.answers else record.target
    around = text[max(hit.start() - 1, 0) : hit.end() + 1]
    return len(around) == len(hit[0]) + 2 and bool(_SYMBOL.match(around[0]) and _SYMBOL.match(around[-1])) and around in other


_SYMBOL = re.compile(r"[^\w\s.!?,;:。！？，；：、]")


def _named(text: str, hit: re.Match[str]) -> bool:
    """Whether the escape is what the text speaks of: alone between quotation marks, or called a character."""
    around = text[max(hit.start() - 1, 0) : hit.start()] + text[hit.end() : hit.end() + 1]
    return around in _QUOTES or _CALLED.match(text, hit.end()) is not None


_QUOTES = ("''", '""', "“”", "‘’", "「」", "『』", "``")
_CALLED = re.compile(r" ?(?:characters?\b|chars?\b|字符|字元|符号)")


def _is_about_escapes(record: Record) -> bool:
    return any(map(_TOPIC.search, record.texts))


_HAN = re.compile("[\u4e00-\u9fff]{2}")
_MARKUP = frozenset("<>&'")  # what writers of JSON for web pages escape
_PLAIN = {"line": "\n", "loose": "\n", "tab": "\t", "quote": '"', "apostrophe": "'"}
_FENCE = re.compile(r"```\w{0,12}\\n")  # code whose line breaks were escaped, the first one too
#: Where escapes belong: code, JSON and its like, formulas, patterns, paths.
_MEANT = re.compile(
    r"`|\b[A-Za-z_]\w*\s*=\s*[\"'\[{]|[\"']\s*:\s*[\"'\[{]|\w\([\"'].*[\"'].*\)|[;{}]\s*(?:$|\n)|^\s*(?:#include|import|def|class|echo)\b"
    r"|\\\"\s*[:}\]]|[{\[]\s*\\\"|\$.*\\|\\(?![nrtux]|[\"'])[A-Za-z(\[{]|\\n(?:abla|eq|u|e|ot|eg|i)\b|\\t(?:heta|imes|ext|an|o)\b|\\r(?:ho|ight)\b"
    r"|^\s*(?P<q>['\"])[^'\"\n]*\\n(?P=q)[,;)]*$|\s--[a-z][\w-]+[ =]"  # strings of a program, options of a command
    r"|\b(?:perl|python3?|ruby|node|php|awk|sed|bash|sh|curl|grep) (?:-\w+ )*[\"']|\b[A-Za-z]:\\|\\\\|[\[^]\\|\\[nrtu]\w*[\]+*]|/\\",
    re.M,
)
_TOPIC = re.compile(
    r"换行|转义|回车|制表|反斜|分隔|分割|隔开|正则|编码|码点|newline|line.?(?:break|feed)|backslash|escap(?:e (?:seq|char|code)|ed|ing)\b"
    r"|separat|delimit|regex|regular expression|unicode|encod|utf-?8",
    re.I,
)
