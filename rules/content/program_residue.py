from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from sftlint import PROGRAM, Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Record, Rule, chat, drop, place, quote, replace

_TIME = r"(?:\d\d?:)?\d\d:\d\d[,.]\d{3}"
_TIMING = rf"{_TIME} ?--> ?{_TIME}"
_LEVEL = r"(?:INFO|DEBUG|WARN(?:ING)?|ERROR|TRACE|CRITICAL|NOTICE)"
_STAMP = r"\[?\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(?:[,.]\d{1,6})?Z?\]?"
_HEAD = rf"{_STAMP}[ \t:|-]{{0,4}}\[?{_LEVEL}\]?\b|{_LEVEL}:[a-z_.]{{2,30}}:|{_LEVEL} \d\d-\d\d \d\d:\d\d:\d\d \S{{3,60}}\]"
#: What Python prints for bytes, a message, a list of strings: the opening is looked for, and all of it is read.
_PRINTED = r"b['\"]|\[?\{['\"](?:role|content)['\"]: ?['\"]|\[['\"]"


class ProgramResidue(Rule):
    """What a program wrote around a text: the timings of subtitles, the head of a log line, Python's print of a value.

    The model learns to answer with timings, log levels or `['...', '...']`. The text was read from a file of another kind, or a
    value was written with `str()` instead of its text.

    Reported are answers with timings (`00:00:01,200 --> 00:00:03,800`), answers that begin with the head of a log line, and answers
    that are as a whole Python's print of bytes, of a message (`{'role': ..., 'content': ...}`) or of a list of sentences.

    Not reported: code, and answers to prompts that speak of subtitles, logs, programs or data, want a list, or hold the same form.

    Fix safety: timings and heads are cut, and values are written as text. The form may have been wanted, so the fix is unsafe.
    """

    zh = """程序在正文之外写入的内容：字幕的时间轴，日志的行首，Python 打印出来的值。

    模型会学着在回答里写时间轴、日志级别或 `['……', '……']`。这样的文本取自别种文件，或者写出时对整个值用了 `str()`，而没有取出其中的文字。

    报告的是：含有时间轴（`00:00:01,200 --> 00:00:03,800`）的回答，以日志行首开头的回答，以及整个就是 Python 打印的字节串、消息（`{'role': ..., 'content': ...}`）或句子列表的回答。

    不报告：代码，以及提示词谈到字幕、日志、程序或数据，要求给出列表，或本身就用这种形式的回答。

    修复安全性：删去时间轴和行首，把值还原成文字。这种形式也可能正是所要求的，因此属于不安全修复。
    """
    message = Phrase(en="{field} holds what a program writes around a text: {what}", zh="{field} 含有程序写在正文之外的内容：{what}")
    suggestion = Phrase(en="export the plain text", zh="导出纯文本")
    yields_to = ("escape-residue",)

    good = [
        Good(
            chat("把这段话做成 SRT 字幕：先铺地布。", "1\n00:00:01,000 --> 00:00:03,000\n先铺地布。"),
            chat("What does a line in the log look like?", "2024-03-02 09:14:55 INFO The pump was started."),
            chat("WebVTT 的时间怎么写？", "写成 00:01.000 --> 00:04.000，放在文字上面。"),
        ),
        Good(
            chat("Name three rivers as a Python list.", "['the Elbe', 'the Oder', 'the Rhine']"),
            chat("从“小林住在苏州”中提取地名和人名。", "['小林', '苏州']"),
            chat("What does `'tea'.encode()` return?", "b'tea'"),
            chat("What is the next item?\n['a b', 'c d']", "['e f', 'g h']"),
        ),
        Good(
            chat("给出一条聊天消息的例子，用 JSON。", '{"role": "assistant", "content": "好的。"}'),
            chat("说一个笑话。", "['程序员说']，然后大家都笑了。"),
        ),
    ]
    bad = [
        Bad(
            chat("怎样煮面？", "1\n00:00:01,200 --> 00:00:03,800\n先烧一锅水\n\n2\n00:00:04,000 --> 00:00:07,100\n水开了再下面"),
            fixed=[chat("怎样煮面？", "先烧一锅水\n\n水开了再下面")],
        ),
        Bad(
            chat("The bulb is out, what now?", "[2024-03-02 09:14:55,120] INFO generate.py:88 - Turn the power off first."),
            fixed=[chat("The bulb is out, what now?", "Turn the power off first.")],
        ),
        Bad(chat("怎样安排周末？", "['周六：打扫屋子', '周日：去爬山']"), fixed=[chat("怎样安排周末？", "周六：打扫屋子\n周日：去爬山")]),
        Bad(
            chat("这款水壶有什么特点？", "{'role': 'assistant', 'content': '容量两升，可以保温。'}"),
            fixed=[chat("这款水壶有什么特点？", "容量两升，可以保温。")],
        ),
        Bad(chat("How do they greet in Rome?", "b'Buongiorno a tutti'"), fixed=[chat("How do they greet in Rome?", "Buongiorno a tutti")]),
    ]

    timing = Pattern(rf"^(?:\d{{1,4}}[ \t]*\n)?[ \t]*{_TIMING}[^\n]*(?:\n|\Z)", scan=_TIMING)
    head = Pattern(rf"\A\s*(?:{_HEAD})(?:[ \t]+\[?[\w./]+:\d+\]?)?[ \t:|-]*", scan=rf"^\s*(?:{_HEAD})")
    printed = Pattern(rf"\A\s*(?:{_PRINTED})", scan=rf"^\s*(?:{_PRINTED})")

    def check(self, batch: Batch) -> Iterator[Finding]:
        for pattern, topic in ((self.timing, _TIMED), (self.head, _LOGGED)):
            for record, part, text in batch.answers.holding(pattern):
                spans = [hit.span() for hit in pattern.regex.finditer(text)]
                if spans and not PROGRAM.search(text) and not topic.search(_asked(record, part)):
                    left = "".join(text[stop:start] for (_, stop), (start, _) in zip([(0, 0), *spans], [*spans, (len(text), 0)], strict=True))
                    cut = Fix.of(*(replace(place(record, part, *span), "") for span in spans), safe=False)
                    fix = cut if left.strip() else Fix.of(drop(record), safe=False)
                    where = place(record, part, *spans[0])
                    yield self.finding(where, fix=fix, what=f"“{quote(where.text.strip(), 40)}”")
        for record, part, text in batch.targets.holding(self.printed):
            if (plain := _plain(text.strip())) and not _VALUES.search(_asked(record, part)):
                where = place(record, part, 0, len(text))
                yield self.finding(where, fix=Fix.of(replace(where, plain), safe=False), what=f"“{quote(text.strip(), 40)}”")


def _asked(record: Record, part: int) -> str:
    """The system text and the turns of the user before the answer *part*."""
    layout = record.layout
    near = sorted({*layout.texts[:2], *layout.texts[max(part - NEAR, 0) : part]})
    return "\n".join(record.texts[i] for i in near if i < part and layout.roles[layout.turns[i]] != "assistant")


def _plain(text: str) -> str:
    """The words in a value as Python prints it; "" where that is no message, no bytes, and no list of sentences."""
    if len(text) > LONG or text[-1] not in "'\"]}":
        return ""
    try:
        value = ast.literal_eval(text)
        if isinstance(value, bytes):
            return value.decode()
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        value = value[0]
    if isinstance(value, dict) and set(value) == {"role", "content"}:
        return value["content"] if isinstance(value["content"], str) else ""
    if isinstance(value, list) and all(isinstance(item, str) and _SENTENCE.search(item) for item in value):
        return "\n".join(value)
    return ""


NEAR = 40  # texts before an answer that may ask for the form, besides the first ones
LONG = 20_000  # characters of an answer that is read as a value
_SENTENCE = re.compile(r"[\u4e00-\u9fff]{2}[：，:,][\u4e00-\u9fff]{2}|[\u4e00-\u9fff]{6}|[a-z]+[,:]? [a-z]+ [a-z]+", re.I)
_TIMED = re.compile(r"字幕|时间[轴码戳]|歌词|转写|听写|\bsrt\b|vtt|ffmpeg|subtitle|caption|timestamp|timecode|transcri|lyrics|-->", re.I)
_LOGGED = re.compile(rf"日志|报错|\blog(?:s|ged|ging|ger)?\b|traceback|console|terminal|输出|{_STAMP}|代码|程序|code|program|script", re.I)
#: Of programs, lists and data.
_VALUES = re.compile(
    r"[\[{`]|>>>|列表|数组|清单|列出|列举|代码|程序|函数|字节|编码|字典|格式|输出|返回|提取|抽取|识别|分词|分句|拆分|排序|关键词|实体|标签|分类|消息|"
    r"\b(?:python|json|lists?|arrays?|code|program|function|script|bytes?|encod\w+|dict\w*|format|output|return\w*|print\w*|extract\w*|split|sort|tokeni[sz]\w*|"
    r"entit(?:y|ies)|labels?|classif\w+|messages?|api|string|data|value|identify|find|tags?|keywords?)\b",
    re.I,
)
