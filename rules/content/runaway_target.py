from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sftlint import PROGRAM, Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Record, Rule, chat, place, quote, replace

_ASKS = r"input|instruction|question|q|task|prompt|problem|example|passage|context|text|sentence|review|premise|title|问题?|题目|任务|指令|输入|示例|例子?|原文|文本|句子|评论|短文|提问|材料"
_GIVES = r"output|answer|a|response|completion|solution|label|result|sentiment|summary|translation|hypothesis|答案?|回答|解答|输出|回复|解析|结果|标签|类别|分类|情感|摘要|译文|翻译"
_BEFORE, _AFTER = r"^[ \t]*(?:#{1,4} ?|\*\*|【|\[)?", r" ?\d{0,2}(?:】|\]|\*\*)?[ \t]*[:：]"


class RunawayTarget(Rule):
    """An answer that goes on with examples of its own: further inputs and outputs, questions and answers.

    The model learns not to stop: after its answer it invents the next question. The generator was not stopped at the end of the
    first example.

    Reported are answers in which a finished text is followed by a label such as `Input:`, `Question:` or `题目：`, and that by one such as
    `Output:` or `答案：`; or by the label alone, where the prompt has the same labels. What may as well describe something is a note.

    Not reported: code and tests, and answers to prompts that ask for questions, examples, exercises or pairs.

    Fix safety: everything from the label on is cut. It may belong to the answer, so the fix is unsafe.
    """

    zh = """答完之后又自行编造新样例的回答：接着写出新的输入输出、新的问答。

    模型会学着停不下来，答完之后继续编下一个问题。生成时没有在第一个样例结束处停止。

    报告的是：正文结束后出现 `Input:`、`Question:`、“题目：”之类标签，其后又有 `Output:`、“答案：”之类标签的回答；提示词使用同样的标签时，只出现前一个标签也报告。也可能是在介绍某种事物的，只作提示。

    不报告：代码和测试用例，以及要求出题、举例或给出成对内容的提问的回答。

    修复安全性：从该标签起全部删去。这些内容也可能属于回答，因此属于不安全修复。
    """
    message = Phrase(en="{field} goes on with an example of its own: {what}", zh="{field} 答完后又编造了新的样例：{what}")
    suggestion = Phrase(en="cut it at the label", zh="在该标签处截断")
    yields_to = ("repetitive-target", "flattened-dialogue")

    good = [
        Good(
            chat("出两道关于光合作用的题。", "好的。\n\n问题：光合作用在哪里进行？\n答案：叶绿体。"),
            chat("Write a doubling function.", "def double(n):\n    return 2 * n\n\nInput: 4\nOutput: 8"),
            chat("What does the form ask?", "Two things.\n\nQuestion: your name\nTitle: Mr or Ms"),
        ),
        Good(chat("什么是问答形式？", "一问一答。\n问：几点了？\n答：九点。")),
    ]
    bad = [
        Bad(
            chat("Is this mail spam?\nYour parcel waits.", "Spam\n\nInput: Lunch at noon?\nOutput: Not spam"),
            chat("青蛙属于哪一类动物？", "两栖动物。\n\n题目：蝙蝠属于哪一类动物？\n答案：哺乳动物。"),
            chat("Q: Which gas do plants take in?\nA:", "Carbon dioxide.\n\nQ: Which gas do they give off?"),
            at=(0, 1, 2),
            fixed=[
                chat("Is this mail spam?\nYour parcel waits.", "Spam"),
                chat("青蛙属于哪一类动物？", "两栖动物。"),
                chat("Q: Which gas do plants take in?\nA:", "Carbon dioxide."),
            ],
        )
    ]

    asks = Pattern(rf"{_BEFORE}(?P<name>{_ASKS}){_AFTER}", ignore_case=True)
    gives = re.compile(rf"{_BEFORE}(?P<name>{_GIVES}){_AFTER}", re.I | re.M)

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.answers.holding(self.asks):
            found = _begins(record, part, text)
            if found and not PROGRAM.search(text):
                start = len(text[: found.start()].rstrip())
                what = f"“{quote(text[found.start() :].strip(), 30)}”"
                weak = not _sure(record, part, text, found)
                fix = None if weak else Fix.of(replace(place(record, part, start, len(text)), ""), safe=False)
                where = place(record, part, found.start(), len(text))
                yield self.finding(where, severity="info" if weak else None, fix=fix, what=what)


def _begins(record: Record, part: int, text: str) -> Any:
    """The label at which the answer *part* begins anew, after what may be all of it."""
    found = RunawayTarget.asks.regex.search(text)
    before = text[: found.start()].strip() if found else ""
    asked = _asked(record, part)
    if not found or not before or before[-1] in ":：" or RunawayTarget.gives.search(before, 1) or _WANTED.search(asked):
        return None  # labels are the form of the answer
    apart = text[: found.start()].rstrip(" ").endswith("\n\n")
    if RunawayTarget.gives.search(text, found.end()):
        said = _content(text, found)
        return found if (apart or _DONE.search(before)) and (len(said) < 2 or said not in asked) else None
    return found if apart and found["name"].lower() in _PLAIN and _used(found, asked) else None


def _sure(record: Record, part: int, text: str, found: Any) -> bool:
    """Whether what follows is another example, and no description with such labels."""
    name, before = found["name"].lower(), text[: found.start()].strip()
    if _used(found, _asked(record, part)) or name in ("instruction", "题目", "指令", "提问"):
        return True
    if name in ("question", "q", "问题", "问"):
        return _content(text, found)[-1:] in "?？"
    again = sum(hit["name"].lower() == name for hit in RunawayTarget.asks.regex.finditer(text))
    return again > 1 or (len(before) <= LABEL and not _DONE.search(before))


def _content(text: str, found: Any) -> str:
    """The line behind a label."""
    return text[found.end() :].lstrip().split("\n", 1)[0].strip()


def _used(found: Any, asked: str) -> bool:
    """Whether the prompt has the same label."""
    return bool(re.search(rf"^[^\w\n]{{0,4}}{re.escape(found['name'])} ?\d{{0,2}}[^\w\n]{{0,3}}[:：]", asked, re.I | re.M))


def _asked(record: Record, part: int) -> str:
    """The system text and the turns of the user before the answer *part*."""
    layout = record.layout
    near = sorted({*layout.texts[:2], *layout.texts[max(part - NEAR, 0) : part]})
    return "\n".join(record.texts[i] for i in near if i < part and layout.roles[layout.turns[i]] != "assistant")


NEAR = 40  # texts before an answer that may ask for examples, besides the first ones
LABEL = 24  # characters of an answer that is a label
_DONE = re.compile(r"[。.!！?？”\"]\s*\Z")
_PLAIN = frozenset(("input", "question", "q", "instruction", "问题", "题目", "输入", "指令", "问"))
_WANTED = re.compile(
    r"出题|题目|试题|练习|习题|问答|[出编写拟][^。\n]{0,20}题|(?:提出|生成|设计|创建|编写|写|列出|想出|给出|提供)[^。\n]{0,24}(?:问题|样例|示例|例子|任务|提示|指令|输入)|举[^。\n]{0,6}例|例子|示例|样例|测试|代码|程序|函数|算法|格式|模板|采访|面试|对话|脚本|谜语|"
    r"\b(?:questions?(?: and answers?)? (?:about|on|for|from|that)|quiz\w*|exercises?|examples?|test cases?|faq|pairs?|riddles?|flash ?cards?|interview|dialog\w*|"
    r"(?:write|generate|create|compose|design|make|list|suggest|come up with|give|provide|ask|rewrite|construct|formulate)\b[^.\n]{0,60}\b(?:questions?|inputs?|tasks?|prompts?|problems?|instructions?|sentences?|titles?)"
    r"|code|program\w*|function|algorithm|script|python|java|template|format)\b",
    re.I,
)
