"""Prompts that are an instruction alone, where the text it speaks of should follow: `Summarise the following article:` and nothing."""

from __future__ import annotations

import re

from sftlint.pattern import Pattern

LONGEST = 200
"""Characters of a prompt that may be one: what has more holds its text somewhere."""

_POINT = r"(?:(?<![\d元岁度分米天年人%％点级])以下(?!划线)|下面|下列|给定|给出的|所给|提供的|上[述文]|上面的)"
_DO = (
    "请|将|把|从|对|为|给|根据|基于|按照?|用|利用|总结|概括|归纳|概述|翻译|改|重写|修|纠正|更正|校对|润色|分析|判断|判定|辨|分类|归类|识别|提取|抽取|找出|解|回答|阅读|续写|缩写"
    "|扩写|简化|精简|计算|求|补|完成|填|排|比较|评|检|优化|转|编辑|描述|标注|提炼|列出|生成|写|选|赏析|点评|统计|打印"
)
_TEXT_EN = (
    "texts?|sentences?|paragraphs?|passages?|articles?|poems?|statements?|phrases?|snippets?|e-?mails?|tweets?|reviews?|conversations?|dialogues?|documents?|excerpts?"
    "|equations?|expressions?|code|essay|story|lyrics|notes|letter|post|comment"
)
_DO_EN = (
    "translate|summari[sz]e|re-?write|rephrase|paraphrase|classify|categori[sz]e|identify|correct|proofread|edit|fix|shorten|expand|simplify|analy[sz]e|explain|evaluate|determine|detect"
    "|extract|find|convert|transform|change|complete|continue|finish|read|answer|compare|re-?arrange|reorder|sort|reword|improve|revise|polish|debug|solve|calculate|parse|label|judge|predict"
    "|interpret|restate|condense|outline|check|tell me|decide|rate"
)
_MORE_EN = "what|which|who|where|when|why|how|turn|tag|count|is|are|does|do|use|using|create|generate|write|provide|give|make|describe|list|choose|select|add|combine|arrange|fill|suggest|based on|name|review"
_INPUT = (
    "Texts?|Sentences?|Paragraph|Passage|Article|Review|Tweet|Code|Statement|E-?mail|Document|Input|Poem|Story|Dialogue|Conversation|Comment|Excerpt|News"
    "|文章|文本|原文|段落|句子|评论|留言|材料|短文|新闻|输入|代码|对话|语句|正文|诗句|评价"
)
_LABELS = rf"(?:\s*\n\W{{0,3}}(?:{_INPUT})\W{{0,3}}?[:：]\W{{0,3}}(?:\n\W{{0,3}}[^\n:：]{{1,16}}[:：]\W{{0,3}})*)"
_FILL = '[^。？！：:\\n“”"《（(]'
_FILL_EN = '[^.?!:\\n"“(]'

#: What stands in every prompt that may be one.
OPEN_PROMPT = Pattern(
    r"以下|下面|下列|给定|给出的|所给|提供的|上[述文]|上面的"
    rf"|\b(?:following|given|provided|below)\b|\b(?:this|these) (?:[a-z]+ )?(?:{_TEXT_EN})\b[^.?!:\n]{{0,60}}:|^(?:{_INPUT})[:：] ?$",
    scan=r"以下|下面|下列|给定|给出的|所给|提供的|上[述文]|上面的| (?:following|given|provided|below)[ .:]"
    rf"| (?:this|these) (?:[a-z]+ )?(?:{_TEXT_EN})\b|^(?:{_INPUT})[:：] ?$",
    ignore_case=True,
    prompts=True,
)
_COLON = re.compile(
    rf"\A\W{{0,2}}(?:[^。？！：:\n]{{1,40}}[。！？]\s*)?(?={_FILL}*(?:{_DO})){_FILL}{{0,40}}?{_POINT}{_FILL}{{1,50}}[：:]\s*{_LABELS}?\Z"
    rf"|\A\W{{0,2}}(?:[^.?!:\n]{{1,80}}[.?!]\s+)?(?:please |can you |could you |kindly |now )*(?:{_DO_EN}|{_MORE_EN})\b{_FILL_EN}{{0,100}}?"
    rf"\b(?:following\b|(?:{_TEXT_EN}) below\b|(?:this|these|the|a) (?:given|provided|supplied) |(?:this|these) (?:[a-z-]+ )?(?:{_TEXT_EN})\b){_FILL_EN}{{0,80}}:\s*{_LABELS}?\Z",
    re.I,
)
_LABELLED = re.compile(rf"\A(?P<lead>[^：:\n]{{2,160}}[：:]?(?:\n[^：:\n]{{2,80}})?){_LABELS}\Z", re.I)
_ACTS = re.compile(
    rf"{_POINT}|\bthis (?:{_TEXT_EN})\b|这(?:一?[段句篇首则条]|个句子|些?文字)|根据|阅读|tag|{_DO_EN}|总结|概括|翻译|判断|分类|提取|抽取|分析|回答|改写|识别|润色",
    re.I,
)
_MAKES = re.compile(r"\b(?:write|generate|create|compose|make up|invent)\b|(?<![改续缩扩重])写|生成|创作|编", re.I)
#: What is to work on any text, so that none is given; and what points at the answer.
_PROGRAM = re.compile(
    r"函数|程序|脚本|算法|系统|模型|\b(?:functions?|programs?|scripts?|algorithms?|methods?|html|css|python|regex|query|app)\b",
    re.I,
)
_ADVICE = re.compile(r"如何|怎么|在(?:下面|以下)|步骤|\b(?:how to|steps)\b", re.I)
_SHOWN = re.compile(r"以下|下面|下列|following|below", re.I)
_QUOTES = re.compile('[“”"「」《》‘’`<>]')


def lacks_input(prompt: str) -> bool:
    """Whether all of *prompt* is an instruction that speaks of a text beside it, as behind its colon."""
    if len(prompt) > LONGEST or _QUOTES.search(prompt):
        return False
    if (_PROGRAM.search(prompt) and not _SHOWN.search(prompt)) or _ADVICE.search(prompt):
        return False
    if _COLON.match(prompt):
        return True
    labelled = _LABELLED.match(prompt)
    return bool(
        labelled and (_SHOWN.search(labelled["lead"]) or (_ACTS.search(labelled["lead"]) and not _MAKES.search(labelled["lead"])))
    )
