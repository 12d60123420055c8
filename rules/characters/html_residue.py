from __future__ import annotations

import html
import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Record, Rule, chat, place, quote, replace

_ENTITY = r"&(?:nbsp|amp|lt|gt|quot|apos|ldquo|rdquo|lsquo|rsquo|hellip|mdash|ndash|middot|copy|le|ge|times|deg|plusmn|euro|bull|#\d{2,5}|#[xX][0-9A-Fa-f]{2,5});"
_TAG = (
    r"</?(?:p|br|div|span|section|strong|em|font|center|li|ul|ol|td|tr|th|tbody|table|h[1-6]|blockquote|caption|figcaption|sup|sub|img|a|b|i|u)"
    r"(?:\s+[a-zA-Z-]+\s*=\s*(?:\"[^\"<>\n]{0,300}\"|'[^'<>\n]{0,300}'|[^\s\"'<>]{1,100})){0,8}\s*/?>"
)
#: What a browser does not show: it is left over wherever prose stands beside it.
_UNSEEN = r"<script\b[^>]{0,300}>[\s\S]{0,5000}?</script>|<style\b[^>]{0,300}>[\s\S]{0,5000}?</style>|<!--[\s\S]{0,2000}?-->"
_PROPERTY = r"(?:color|background|font|margin|padding|display|width|height|border|position|float|overflow|opacity|z-index|text-[a-z]{4,12}|line-height|cursor|list-style|visibility)"
_RULE = rf"(?:(?<!\S)[.#@]?[a-zA-Z][\w.#:, >-]{{0,80}})?(?<!\$)\{{\s{{0,20}}{_PROPERTY}[a-z-]{{0,20}}\s*:[^;{{}}\"]{{1,100}};[^{{}}\"]{{0,1000}}\}}"
_HANDLED = r"\bon(?:click|load|error|change|submit|focus|blur|mouse\w{2,5}|key(?:up|down|press))\s?=\s?(?:\"[^\"\n]{1,200}\"|'[^'\n]{1,200}')"
#: Rules of a style sheet, and what a page does when it is clicked, by themselves or inside a tag.
_STYLE = rf"{_RULE}|<[a-z]{{1,10}}\s(?:[^<>\n]{{0,200}}\s)?{_HANDLED}[^<>\n]{{0,200}}>|{_HANDLED}"
_CITED = r"<sup>\[\d{1,3}\]</sup>"


class HtmlResidue(Rule):
    """Tags, entities or styles of a web page in a text.

    The page was copied without taking its markup off, and the model learns to write it. `&nbsp;`, `&#39;`, `<br>`,
    `<p>`, `.note { color: red; }` and `onclick="go()"` are shown to users as they stand.

    In questions it is reported only where markup encloses the whole text.

    Not reported: code, unless all its brackets and quotes are entities; quoted tags, texts about web pages or in a markup
    language, answers to prompts that hold markup themselves, line breaks inside a Markdown table, `<sub>` and `<sup>` in
    formulas.

    Fix safety: entities become the characters they stand for, and tags fall away, line breaks stay. Markup may be what was
    asked for, so the fix is unsafe.
    """

    zh = """文本中残留的网页标签、实体或样式。

    复制网页时没有去掉标记，模型会学着写出这些标记。`&nbsp;`、`&#39;`、`<br>`、`<p>`、`.note { color: red; }`、`onclick="go()"` 会原样展示给用户。

    提问中只有当标记包住整段文本时才报告。

    不报告：代码（除非其中的尖括号和引号全都变成了实体），引号中的标签，谈论网页或使用标记语言的文本，提示词本身含有标记时的回答，Markdown 表格内的换行，公式中的 `<sub>` 和 `<sup>`。

    修复安全性：实体换成它代表的字符，标签去掉，换行保留。标记也可能正是所要求的，因此属于不安全修复。
    """
    message = Phrase(en="{field} contains the HTML {what}", zh="{field} 残留 HTML {what}")
    suggestion = Phrase(en="export the plain text", zh="导出纯文本")
    yields_to = ("garbled-text",)

    good = [
        Good(chat("用 HTML 写一个段落", "<p>你好</p>"), chat("How do I break a line?", "Write `<br>` where the line ends.")),
        Good(
            chat("Show a list in JSX", "```\n<ul>\n  <li>one</li>\n</ul>\n```"),
            chat("AT&T and R&D?", "Names with a sign; a<b and b>c."),
        ),
        Good(chat("水的化学式？", "H<sub>2</sub>O"), chat("列表比较", "| 项 | 说明 |\n|---|---|\n| 甲 | 一<br>二 |")),
        Good(
            chat("怎样让标题居中？", "在主题设置里加上这一条，保存之后刷新即可：\nh1 { text-align: center; color: #333; }"),
            chat(
                "What does the visitor see?",
                'In the style sheet stands `p { color: red; }`, and the selector onclick="go()" is an attribute.',
            ),
        ),
        Good(chat("翻译：<b>hello</b>&nbsp;world", "<b>你好</b>&nbsp;世界"), chat("Clean it: a&amp;b", "a&b")),
    ]
    bad = [
        Bad(chat("门票多少钱？", "成人票&nbsp;80&nbsp;元，学生半价。"), fixed=[chat("门票多少钱？", "成人票 80 元，学生半价。")]),
        Bad(chat("Who wrote it?", "It&#39;s by Ann &amp; Ben."), fixed=[chat("Who wrote it?", "It's by Ann & Ben.")]),
        Bad(
            chat("介绍一下这座塔。", "<p>塔高五十米。</p><p>建于<strong>唐代</strong>。</p>"),
            fixed=[chat("介绍一下这座塔。", "塔高五十米。\n建于唐代。")],
        ),
        Bad(
            chat("用 HTML 写一个链接", "&lt;a href=&quot;map.html&quot;&gt;地图&lt;/a&gt;"),
            fixed=[chat("用 HTML 写一个链接", '<a href="map.html">地图</a>')],
        ),
        Bad(
            chat("这条河有多长？", "约三百公里。<!-- 正文结束 --><script>count(7)</script>"),
            fixed=[chat("这条河有多长？", "约三百公里。")],
        ),
        Bad(
            chat(
                "这座灯塔建于哪一年？",
                "灯塔建于一九一二年。\n.photo-box { width: 300px; float: left; }\n塔高三十米，至今仍在使用。",
            ),
            chat(
                "When does the ferry leave?",
                'It leaves at nine and at noon. onclick="showTimes(3)" On Sundays there is one more at six.',
            ),
            at=(0, 1),
            fixed=[
                chat("这座灯塔建于哪一年？", "灯塔建于一九一二年。\n\n塔高三十米，至今仍在使用。"),
                chat("When does the ferry leave?", "It leaves at nine and at noon.  On Sundays there is one more at six."),
            ],
        ),
        Bad(
            chat("<p>孩子总是半夜醒来，怎么办？</p>", "睡前两小时不要再吃东西。"),
            fixed=[chat("孩子总是半夜醒来，怎么办？", "睡前两小时不要再吃东西。")],
        ),
        Bad(
            chat("给这幅画配一句说明。", "<caption>雪后的渡口，一只小船泊在岸边。</caption>"),
            fixed=[chat("给这幅画配一句说明。", "雪后的渡口，一只小船泊在岸边。")],
        ),
        Bad(
            chat("How do I get there?", "Take bus 4.<br/>Get off at the mill."),
            fixed=[chat("How do I get there?", "Take bus 4.\nGet off at the mill.")],
        ),
    ]

    entity = Pattern(_ENTITY)
    tag = Pattern(
        _TAG,
        scan=r"<(?:/(?:p|div|span|section|strong|em|font|center|li|td|tr|table|h[1-6]|(?:fig)?caption|a|b|i|u)>|br\s*/?>|(?:p|div|span|font|img|a|td|table)\s+[a-z-]+\s*=)"
        r"|</(?:P|DIV|FONT|SPAN|TD|TR|B)>|<BR\s*/?>|<!--|</(?:script|style)>|<sup>\[",
    )

    style = Pattern(_STYLE, scan=rf"\{{\s*{_PROPERTY}[a-z-]*\s*:|{_HANDLED}")

    def check(self, batch: Batch) -> Iterator[Finding]:
        seen: set[tuple[int, int]] = set()
        for pattern in (self.style, self.entity, self.tag):
            for record, part, text in batch.texts.holding(pattern):
                layout = record.layout
                if (record.id, part) in seen or part in layout.asides or not record.sound:
                    continue
                seen.add((record.id, part))
                residue = _residue
                if layout.roles[layout.turns[part]] != "assistant":
                    if not _pasted(record, text):
                        continue
                else:
                    asked = "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < layout.turns[part])
                    shown = _UNSEEN_PART.sub("", text)
                    if pattern is self.style:
                        shown = _STYLES.sub("", shown)
                        if _ABOUT.search(asked) or _ABOUT.search(shown) or len(_LETTER.findall(shown)) < 8:
                            seen.discard((record.id, part))  # its tags are another matter
                            continue
                    if _REFERENCE.search(asked) or not shown.strip():
                        continue  # nothing but a program
                    if _PROGRAM.search(shown) or _TOPIC.search(asked) or "<" in asked:
                        if _ESCAPES.search(asked):
                            continue
                        residue = _escaped
                hits = list(residue(text))
                if not hits:
                    continue
                last = len(text.rstrip())
                edits = [replace(place(record, part, *hit.span()), _plain(text, hit, last)) for hit in hits]
                yield self.finding(
                    place(record, part, *hits[0].span()), fix=Fix.of(*edits, safe=False), what=f"`{quote(hits[0][0], 30)}`"
                )


def _pasted(record: Record, text: str) -> bool:
    """Whether a question was pasted from a page: markup holds all of it, and neither it nor the answer speaks of markup."""
    answers = "\n".join(record.texts[i] for i in record.layout.answers)
    whole = _WRAPPED.fullmatch(text.strip())
    return bool(whole) and "<" not in answers and not (_TOPIC.search(text) or _TOPIC.search(answers) or _PROGRAM.search(text))


def _plain(text: str, hit: re.Match[str], last: int) -> str:
    """What a reader of the page would see instead. From *last* on nothing visible follows."""
    if hit[0][0] == "&":
        return html.unescape(hit[0]).replace("\xa0", " ")
    breaks = _BREAK.fullmatch(hit[0]) and hit.end() < last and text[hit.end() : hit.end() + 1] != "\n"
    return "\n" if breaks else ""


def _residue(text: str) -> Iterator[re.Match[str]]:
    """The tags and entities of *text*, but for those that it speaks of, or needs: in quotes, in code, in a table."""
    line = ticks = seen = 0  # where the line begins; how many backticks there are in it up to where it was looked at
    for hit in _EITHER.finditer(text):
        at = hit.start()
        if begin := text.rfind("\n", seen, at) + 1:
            line = seen = begin
            ticks = 0
        ticks += text.count("`", seen, at)
        seen = at
        before, after = text[max(at - 1, 0) : at], text[hit.end() : hit.end() + 1]
        quoted = _QUOTED.match(before) or (before == after and before in ("`", '"', "'"))
        kept = quoted or (_SMALL.match(hit[0]) and not _CITATION.match(hit[0]))
        if not kept and ticks % 2 == 0 and text.find("|", line, min(line + 200, at)) < 0:
            yield hit


def _escaped(text: str) -> Iterator[re.Match[str]]:
    """The entities of a program in which all brackets and quotes are entities: it was cut out of a page."""
    marks = list(_MARK.finditer(text))
    if len(marks) >= 4 and not _RAW.search(text):
        yield from marks


_MARK = re.compile("&(?:lt|gt|quot|amp|#0?39);")
_RAW = re.compile(r"<[a-zA-Z/!]|(?:replace|escape|encode|html)\w*\(", re.I)
_ESCAPES = re.compile(r"实体|转义|编码|escap|entit|encod|sanitiz|xss|特殊字符|special character", re.I)
_EITHER = re.compile(f"{_ENTITY}|{_UNSEEN}|{_CITED}|{_STYLE}|(?i:{_TAG})")
_STYLES = re.compile(_STYLE)
_LETTER = re.compile(r"[^\W\d_]")
#: What explains rules of a style sheet.
_ABOUT = re.compile(
    r"css|html|javascript|jquery|样式|选择器|属性|事件|网页|前端|浏览器|按钮|字体|居中|布局|标题|颜色|style ?sheet|selector|handler|attribute|browser|"
    r"\b(?:buttons?|fonts?|headings?|align\w*|layout|colou?rs?|div)\b",
    re.I,
)
_UNSEEN_PART = re.compile(_UNSEEN)
_CITATION = re.compile(_CITED)
_WRAPPED = re.compile(r"(?:&nbsp;){2}.*|(?:(?i:<(?:p|div)\b[^<>]*>)).*</(?i:p|div)>", re.S)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6]|blockquote)>", re.I)
_QUOTED = re.compile("[`“‘「『《(（]")
_SMALL = re.compile(r"</?(?:su[bp]|u|b|i|img|a)\b(?!\s+\w+=)")
_REFERENCE = re.compile(r"&#?\w{2,8};")
_TOPIC = re.compile(
    r"html|[A-Za-z>] ?标签|(?:段落|换行|标题|链接|图片|表格|列表|结束|闭合)标签|标签(?:语言|名|元素|属性)|网页|前端|页面|代码|程序|爬虫|富文本|标记|实体|转义|markup|web ?(?:page|site)|\btags?\b|entit|escape|xml|css|react|vue|javascript|\bcode\b|program|script|"
    r"markdown|email template|邮件模板|jsp|php|svg|latex|正则|regex",
    re.I,
)
_PROGRAM = re.compile(
    r"```|javascript:|\balert\(|\bon(?:click|error|load)\s*=|<!DOCTYPE|<html|<head|<body|<script|<style|<\?xml|<\?php|^\s*(?:import|from|def|function|const|let|var|public|#include) ",
    re.I | re.M,
)
