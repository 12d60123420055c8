from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import (  # fmt: skip
    Answers,
    Bad,
    Batch,
    Counted,
    Finding,
    Fix,
    Good,
    Pattern,
    Phrase,
    Record,
    Rule,
    Tally,
    chat,
    drop,
    place,
    quote,
    standins,
)

_FIELDS = (
    "(?:user|first|last|full|company|product|file|city)?[ _]?name|company|city|date|email|address|phone|text|content|input|output|question|answer|"
    "query|context|article|title|product|topic|keywords?|prompt|instruction|author|姓名|名字|公司|城市|日期|时间|内容|文本|正文|问题|答案|产品|标题|主题|关键词|变量|用户名|地址|电话"
)
_KEYS = "url|price|link|order_?id|[a-z]+_(?:name|id|date|number|text|url|time|price|title)"
_SLOTS = "(?:First|Last|Full) Name\\b|此处|在此|插入|填写|填入|请填|您的|你的|收件人|公司|姓名|日期|地址|电话|联系|Insert|Your|Recipient|Company|Employer"
_NAMED = "大学|公司|先生|女士|省|市|医院|银行|学校|专业"
#: What anonymisers, scripts and mail filters of web servers put in the place of a value.
_TAG = (
    r"<(?:NAME|PERSON|LOCATION|CITY|ADDRESS|ORG|ORGANIZATION|EMAIL|PHONE|DATE|USER|USERNAME)(?:_\d+)?>|\bNAME_\d{1,2}\b|\[(?:NAME|PERSON|PHONE|EMAIL|ADDRESS)(?:_\d+)?\]"
    r"|\[email.protected\]|\[object Object\]|#(?:NAME|PHONE|EMAIL|ADDRESS|DATE)#|%(?:NAME|USER|EMAIL|DATE)%|\{%-? ?(?:if|for|endif|endfor|block|include)\b|\{\{[#/](?:if|each)\b"
)
_MISSING = "(?:<|&lt;) ?(?:no[ _]?(?:in|out)put|无(?:输入|输出)) ?(?:>|&gt;)"


class Structured(Counted):
    """How many sampled answers are JSON with something in it, or look so: among those an empty one may be right."""

    size = 1_000

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for record, _, text in batch.targets:
            if text[:1] in ("[", "{") and len(text) > EMPTY:
                tally.add("structured", record.id)
        return tally


class PlaceholderText(Rule):
    """A stand-in where a text belongs.

    The model learns to write the stand-in. Mostly a template was not filled, or an annotator left a gap.

    A warning: `N/A`, `待补充`, `TODO`, `as above`, `[]` or `#REF!` as the whole answer, `此处省略`, `（略）`, lorem ipsum, `xxx`, `{{name}}` and `{name}`, the traceback of a failed request, slots such as
    `#CX`, `<NAME_1>`, `[email protected]`, `%s` and `<noinput>`. A note: slots of letters (`[Your Name]`, `XX公司`) and `None` where the question may be answered so.

    Not reported: code, labels, and stand-ins that the question itself holds or asks for; `[]` and `{}` where the question is about
    data or code, or the set has answers in JSON. User turns are looked through for
    unfilled templates and `<noinput>` only.

    Fix safety: dropping the record loses its question, so the fix is unsafe.
    """

    zh = """占位内容，没有填写真正的文本。

    模型会学着输出占位符。多半是模板没有填充，或标注时留了空。

    报警告：整个回答只是“N/A”“待补充”“TODO”“同上”“[]”“#REF!”之类，“此处省略”“（略）”、lorem ipsum、“xxx”、`{{name}}` 和 `{name}`、请求失败的报错信息、`#CX`、`<NAME_1>`、`[email protected]`、`%s` 之类的槽位、`<noinput>`。
    只作提示：书信中的空位（`[您的姓名]`、“XX公司”），以及按问题可能就该回答的“无”。

    不报告：代码、标签，以及问题本身含有或要求的占位符；问题涉及数据或代码、或数据集中有 JSON 回答时的 `[]` 和 `{}`。用户轮次只检查未填充的模板和 `<noinput>`。

    修复安全性：删除该条会丢失其中的问题，因此属于不安全修复。
    """
    message = Phrase(en="{field} holds the placeholder {what}", zh="{field} 含有占位内容 {what}")
    message_whole = Phrase(en="{field} is only the placeholder {what}", zh="{field} 只有占位内容 {what}")
    suggestion = Phrase(en="fill in the text, or drop the record", zh="补上真正的内容，或删除该条")
    learns = (Answers, Structured)

    good = [
        Good(chat("What is paging?", "A {virtual memory} technique: a {page} is fetched when an {instruction} or {input} asks for it.")),
        Good(
            chat("写一个问候函数", "```python\n# TODO: 处理空名字\ndef hi(name):\n    return f'你好，{name}'\n```"),
            chat("Which sizes?", "XL, XXL and XXXL."),
            chat("May I write to a window?", "No:\n>>> window(3)[0] = 1\nTraceback (most recent call last):\n...\nValueError: read-only"),
        ),
        Good(*(chat(f"抽取第{i}份病历中的过敏史：患者{i}岁", "无") for i in range(4)), chat("病历五的过敏史", "青霉素")),
        Good(
            chat("这句话省略了什么？", "此处省略了主语“我”。"),
            chat("What does lorem ipsum mean?", "Lorem ipsum dolor is filler text."),
        ),
        Good(
            chat("Translate: Hello, {name}!", "你好，{name}！"),
            chat("如果没有则回复“无”：附件名", "无"),
            chat("Reply N/A if unknown: his age?", "N/A"),
        ),
        Good(
            chat("这个方案怎么样？", "总体可行，细节有待完善。"),
            chat("发一条带话题的微博", "出发！#AI #CX"),
            chat("公式？", "$x_{{n}}$"),
            chat("Extract the names: it rained.", "[]"),
            chat("VLOOKUP 找不到时单元格显示什么？", "#N/A"),
            chat("把“见上”译成英文", "see above"),
            chat("程式檢查什麼？", "檢查省略號的寫法（空格加省略號）。"),
        ),
    ]
    bad = [
        Bad(
            chat("介绍一下这款耳机。", "待补充"),
            chat("How old is the bridge?", "N/A"),
            chat("Describe a rose", "TODO"),
            chat("怎样种好韭菜？", "暂无回答"),
            chat("How do bats find their way?", "They call and listen.\nrequests.exceptions.ReadTimeout: read timed out."),
            at=(0, 1, 2, 3, 4),
            fixed=[],
        ),
        Bad(
            chat("Why do geese fly in a V?", "[]"),
            chat("怎样保存干香菇？", "#REF!"),
            chat("How is soap made?", "<answer>"),
            chat("竹席怎么清洗？", "同上文"),
            chat("Which bird is that?", "A heron, by its neck. ${user.name}"),
            at=(0, 1, 2, 3, 4),
            fixed=[],
        ),
        Bad(
            chat("写一篇游记。", "第一天我们到了海边。（此处省略三百字）"),
            chat("背诵全文", "开头如下……（略）"),
            chat("写一首短诗", "......"),
            at=(0, 1, 2),
            fixed=[],
        ),
        Bad(
            chat("Write a caption.", "Lorem ipsum dolor sit amet."),
            chat("你是谁？", "我是{{name}}，由{{author}}开发。"),
            at=(0, 1),
            fixed=[],
        ),
        Bad(
            chat("Who wrote the letter?", "It was <NAME_1>, who lives by the harbour."),
            chat("怎么联系房东？", "他的邮箱是[email protected]，晚上才看。"),
            chat("包裹到哪里了？", "您的订单{order_id}已经离开仓库，共有%d件。"),
            at=(0, 1, 2),
            fixed=[],
        ),
        Bad(chat("叫到车了吗？", "车型是#CX，车牌是#CP。"), chat("你会什么？", "我会做很多事，比如xxx。"), at=(0, 1), fixed=[]),
        Bad(
            chat("请判断以下评论的情感：{content}", "积极"),
            chat("List five trees.\n<noinput>", "Oak, ash, elm, fir, yew."),
            chat("列举五种树。\n&lt;无输入&gt;", "橡树、白蜡、榆树、冷杉、红豆杉。"),
            at=(0, 1, 2),
            fixed=[],
        ),
        Bad(
            chat("写一封求职信", "尊敬的[公司名称]：\n您好！\n此致\n[您的姓名]"),
            chat("Write a letter", "Dear Ann,\n…\n[Your Name]"),
            at=(0, 1),
        ),
    ]

    gap = Pattern(
        r"[(\[](?:content |text |details |rest )?omitted[^)\]\n]{0,20}[)\]]|[（(【\[][^（(【\[)）】\]\n]{0,6}省略(?![号號])[^)）】\]\n]{0,30}[)）】\]]|此处省略[\d一二三四五六七八九十百千万]+字|"
        r"[（(【\[]\s*(?:内容|答案|正文|此处)?(?:略|待补充|待填写|待完善|待定|占位符?)\s*[)）】\]]|(?i:lorem ipsum dolor)|\bTODO\b\s*[:：]|\bFIXME\b|"
        rf"(?<=[\u4e00-\u9fff：:，,“])[xX]{{3,}}(?![A-Za-z0-9_-]|{_NAMED})|(?<=\s)x{{3,}}(?=\s+\w|[,.，。])|^(?:TODO|TBD|待补充)$|(?<=[。！？.!?]\s?)[xX]{{4,}}\s*\Z",
        scan=r"omitted|省略|[（(【\[]\s*(?:内容|答案|正文|此处)?(?:略|待|占位)|(?i:lorem ipsum dolor)|\bTODO\b|\bFIXME\b|[xX]{3,}|^(?:TBD|待补充)$",
    )
    #: What the program that asked for the answers has written in their place.
    crash = Pattern(
        r"\brequests\.exceptions\.\w+|\bHTTPS?ConnectionPool\(|\bopenai\.(?:error\.)?\w+Error\b|\bTraceback \(most recent call last\)"
    )
    slot = Pattern(
        rf"(?<=[\u4e00-\u9fff：:])\s?#[A-Z]{{2}}(?![A-Za-z0-9#])(?!\s*#)|{_TAG}|(?<=[\u4e00-\u9fff：:])\s?%(?:s|d|\.\df)(?=[\u4e00-\u9fff，。！]|$)"
        r"|(?<=[\u4e00-\u9fff])\{\d\}(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff][：:是为])\s?(?:None|null|NaN|undefined)(?=[\u4e00-\u9fff，。！]|$)",
        scan=rf"#[A-Z]{{2}}|{_TAG}|%(?:s|d|\.\df)|\{{\d\}}|None|null|NaN|undefined",
    )
    template = Pattern(
        rf"(?<![\\^_$A-Za-z0-9{{}}])\{{\{{\s*[\p{{L}}_][\w .]{{1,30}}\}}\}}|(?<![\\^_$A-Za-z0-9{{'\"])\{{(?i:{_FIELDS})\}}(?!\}})|{_MISSING}"
        rf"|(?<![\\^_$A-Za-z0-9{{'\"/.=`-])\{{(?-i:{_KEYS})\}}(?![}}/])"
        rf"|(?<![A-Za-z0-9_\\`'\"(])\$\{{(?:user\.[a-z_]{{2,20}}|(?i:{_FIELDS}))\}}",
        scan=rf"\{{\{{|\$\{{|\{{(?:{_FIELDS}|{_KEYS})\}}|{_MISSING}",
        ignore_case=True,
    )
    letter = Pattern(
        rf"[\[【［](?:{_SLOTS})[^\]】］\n]{{0,30}}[\]】］](?!\()|(?<![A-Za-z0-9])[xX×某]{{2,}}(?:{_NAMED})",
        scan=rf"[\[【［](?:{_SLOTS})|(?:XX|××|某某)(?:{_NAMED})",
        ignore_case=True,
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        labels: Answers = batch.learned[Answers]
        seen = set()
        structured = batch.learned[Structured].counts.get("structured", 0) >= FEW
        for record, part, text in _short(batch):
            if standins.is_stand_in(text) and not labels.is_label(text) and not (structured and standins.is_empty_value(text)):
                if standins.is_wanted(text, "\n".join(record.texts[i] for i in record.layout.instructions)):
                    continue
                seen.add((record.id, part))
                yield self._found(record, part, (0, len(text)), "whole", info=standins.may_be_right(text, record.question))
        for name, pattern in (
            ("template", self.template),
            ("gap", self.gap),
            ("crash", self.crash),
            ("slot", self.slot),
            ("letter", self.letter),
        ):
            for record, part, text in batch.texts.holding(pattern):
                role = record.layout.roles[record.layout.turns[part]]
                found = pattern.regex.search(text)
                if not found or not record.sound or (record.id, part) in seen or part in record.layout.asides:
                    continue
                if role != "assistant" and (pattern is not self.template or role != "user"):
                    continue
                others = _others(record, part, role)
                if (pattern is self.slot and found[0].strip()[0] == "%" and "%" in others) or (
                    pattern is self.template and _MARKUP.search(text)
                ):
                    continue
                if pattern is self.slot and found[0].strip()[0] in "{Nu" and _VALUES.search(others + text):
                    continue
                if found[0] == "[object Object]" and standins.is_wanted(found[0], others):
                    continue
                if found[0][:2] == "${" and _VALUES.search(others + text):
                    continue
                if pattern is self.crash and _FAILURE.search(others):
                    continue
                if found[0].strip() in others or _TOPIC.search(others) or (found[0][0] not in "<&" and _CODE.search(_outside(text, found.start()))):
                    continue
                seen.add((record.id, part))
                yield self._found(record, part, found.span(), name, info=pattern is self.letter or _in_letter(text, found[0]))

    def _found(self, record: Record, part: int, span: tuple[int, int], key: str, *, info: bool) -> Finding:
        what = quote(record.texts[part][slice(*span)].strip(), 30)
        kind = "message_whole" if key == "whole" else "message"
        fix = None if info else Fix.of(drop(record), safe=False)
        return self.finding(
            place(record, part, *span), kind=kind, severity="info" if info else None, fix=fix, key=key, what=f"`{what}`"
        )


EMPTY = 4  # characters of JSON that may hold nothing
FEW = 5  # answers of a thousand from which on a set is known to have some in JSON


def _short(batch: Batch) -> Iterator[tuple[Record, int, str]]:
    """The targets of a few words, which are too many for a scanner where they are labels."""
    for record in batch.sound:
        if (parts := record.layout.target) and len(text := record.texts[parts[-1]]) <= standins.LONGEST:
            yield record, parts[-1], text


#: What braces are for elsewhere: parts of addresses, links of a dictionary ({file sharing}), wiki text.
_MARKUP = re.compile(r"\}/|/\{[a-z]|\{[A-Za-z]+[ -][A-Za-z -]+\}|\[\[[^\]\n]+\]\]")
#: What has values, and sets.
_VALUES = re.compile(r"代码|函数|变量|参数|返回|字段|类型|集合|编程|程序|NAME_\d.*=|code|python|java|set\b|sql|json", re.I)
_FAILURE = re.compile(r"traceback|exception|error|报错|异常|错误|python|代码|\bcode\b|脚本|script|日志|\blog", re.I)
_TOPIC = re.compile(
    r"lorem|placeholder|占位|模板|template|jinja|vue|handlebars|mustache|省略|hashtag|话题|标签|微博|小红书|朋友圈|推文|帖", re.I
)
_CODE = re.compile(
    r"```|[;{]\s*$|^\s*(?:def |class |import |#include|function |const |let |var |<\w+[ >]|return\b|//)|\w\(['\"f]|^\s*>>> ", re.M
)


def _others(record: Record, part: int, role: str) -> str:
    """What may excuse a stand-in: what was asked before an answer, or the answer to a question that holds one."""
    layout = record.layout
    if role == "user":
        return record.target
    return "\n".join(record.texts[i] for i in layout.texts if i < part and layout.roles[layout.turns[i]] != "assistant")


def _outside(text: str, start: int) -> str:
    """*text* without its fenced code, where *start* lies behind all of it."""
    last = text.rfind("```", 0, start)
    return text[last + 3 :] if last >= 0 and text.count("```") % 2 == 0 and "```" not in text[start:] and not text.count("```", 0, start) % 2 else text


def _in_letter(text: str, what: str) -> bool:
    """Whether *what* is a gap of a letter, which its reader is to fill."""
    return not what.strip("xX") and re.search(r"尊敬的|此致|敬上|\bDear\b|[Ss]incerely|甲方", text) is not None
