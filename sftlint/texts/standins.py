"""Answers that are nothing but a stand-in for one: `N/A`, `待补充`, `[]`, `#REF!`, `<answer>`; and the questions that such an answer
may be right for."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 40
"""Characters of an answer that may be one."""

_SAID = (
    "无|暂无(?:回答|答案|内容|数据)?|略|同上|测试(?:一下|数据|文本)?|test(?:ing)?|no answer|to be added|\\.{3,6}|…{1,4}|[?？]{3,7}|(?:Error:? ?|HTTP ?)\\d{3}(?: [A-Za-z]+){0,4}|"
    "待定|待补充|待填写|待完善|占位符?|N/?A|N\\.A\\.|null|none|nan|undefined|TODO|TBD|TBC|FIXME|placeholder|no_?(?:in|out)put|(?-i:x{3,})|(?-i:X{4,})|"
    "lorem ipsum|(?:your )?(?:answer|text) here|\\[?insert (?:answer|text)(?: here)?|"
    "(?:此处|以下|下文|后文|内容|答案|正文|过程)?省略|(?:答案|内容|解析|过程|正文|以下|下文)略|(?:详?见|参见|如|同)(?:上|下|上文|下文|上面|前文|附件|附图|原文|链接)(?:所述|所示|内容)?|未完待续|敬请期待|"
    "(?:same )?as above|see (?:above|below|attached|attachment)|ditto|(?:answer|text|content|response|output) omitted|coming soon|no (?:response|content)|"
    "(?:your |the )?(?:answer|response)(?: goes)? here|"
    "请?在?(?:此处|这里|此)(?:填写|填入|输入|写入|写上|填)(?:您的|你的)?(?:答案|内容|回答|文字|正文|结果|文本)?|(?:\\.{3,6}|…{1,2})?此处省略[\\d一二三四五六七八九十百千万]{1,5}个?字"
)
_MARKED = re.compile(rf"\s*[<(（\[【\"'“]?(?:{_SAID})[>)）\]】\"'”]?[.。!！]?\s*", re.I)
#: A slot of a template: its marks make the difference.
_SLOT = re.compile(
    r"\s*(?:<(?:your |the )?(?:answer|response|reply)>|\[(?:your |the )?(?:answer|response|reply|output|text|content)\]"
    r"|[<【\[［](?:您的|你的|请?填写|请?输入|此处)?(?:答案|回答|回复|正文|内容|输出)(?:内容)?[>】\]］])\s*",
    re.I,
)
_EMPTY = re.compile(r"\s*(?:\[\s?\]|\{\s?\}|\[object Object\]|\"\"|'')\s*")
_CELL = re.compile(r"\s*#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)\s*", re.I)

_NONE = re.compile(r"无|\bnone\b", re.I)
_VALUE = re.compile(r"\b(?:null|nan|undefined)\b", re.I)
#: Questions that `None` may answer, those that `null` may, and those that `[]` may.
_SEEKING = re.compile(
    r"哪|什么|何|谁|几|是否|有没有|多少|抽取|提取|找出|列出|识别|code|print|return|python|which|what|any\b|extract|find|list|identify|how many",
    re.I,
)
_CODING = re.compile(
    r"代码|函数|表达式|返回|类型|字段|查询|浮点|code|print|return|python|javascript|java|sql|json|function|type|float", re.I
)
_DATA = re.compile(
    rf"{_CODING.pattern}|列表|数组|字典|集合|[交并差解]集|输出|格式|抽取|提取|实体|识别|标注|检测|为空|空值|键值|正则|解析|对象|\bJS\b|工具|调用|接口"
    r"|\b(?:arrays?|dict|empty|extract|entit|output|evaluate|intersection|sets?\b|objects?\b|pars(?:e|ing)|regex|quer(?:y|ies)|filter|literal|yaml|identify|detect|find all"
    r"|tools?\b|api\b|schema|spans?\b|tags?\b|labels?\b)",
    re.I,
)
_SHEET = re.compile(
    r"excel|表格|单元格|公式|sheet|cells?\b|formula|lookup|spreadsheet|error|错误|csv|column|字段|缺失|missing", re.I
)
_MARKUP = re.compile(r"标签|元素|占位|模板|html|xml|\btags?\b|element|template|placeholder|token", re.I)
_TRANSLATED = re.compile(r"翻译|译[成为]|\btranslat", re.I)
_MARKS = " \n\t<>()（）[]【】\"'“”.。!！"


def is_stand_in(text: str) -> bool:
    """Whether *text* is nothing but a stand-in. Lists and objects with nothing in them are."""
    return len(text) <= LONGEST and _stands_in(text)


@lru_cache(1 << 16)
def _stands_in(text: str) -> bool:
    return any(form.fullmatch(text) for form in (_MARKED, _SLOT, _EMPTY, _CELL))


def is_empty_value(text: str) -> bool:
    """Whether *text* is a list, an object or a string with nothing in it, as programs write it."""
    return _EMPTY.fullmatch(text) is not None


def is_wanted(text: str, asked: str) -> bool:
    """Whether the stand-in *text* stands in what was *asked*, or belongs to what is spoken of there: cells, data, markup."""
    bare = text.strip(_MARKS).casefold()
    if (bare and bare in asked.casefold()) or _TRANSLATED.search(asked):
        return True
    if _EMPTY.fullmatch(text):
        return _DATA.search(asked) is not None
    if _CELL.fullmatch(text):
        return _SHEET.search(asked) is not None
    return bool(_SLOT.fullmatch(text) and _MARKUP.search(asked))


def may_be_right(text: str, question: str) -> bool:
    """Whether the stand-in *text* may answer *question*: `None` where something is looked for, `null` where a program is spoken of."""
    doubtful = _CODING if _VALUE.search(text) else _SEEKING if _NONE.search(text) else None
    return bool(doubtful and doubtful.search(question))
