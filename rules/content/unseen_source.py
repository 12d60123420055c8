from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Pattern, Phrase, Record, Rule, chat, place, quote

_ZH_SOURCE = r"(?:教程|文章|论文|文献|文档|短文|课文|段落|篇章|文本|材料|资料|报告|报道|研究|实验|视频|故事|小说|诗歌?|图表|表格|案例|博客|对话|访谈|采访|帖子|演讲|指南|手册|影片|电影|纪录片|节目|新闻|评论|信息)"
#: With a word that points at it: *this* article.
_ZH_POINTED = rf"(?:(?:该|此|这[篇份首段部本]|这个|上述|以上|上面的?|给定的?|所给的?|提供的){_ZH_SOURCE})"
_ZH_SAYS = "(?:提[到及]|介绍|指出|认为|讨论|描述|探讨|总结|说明|表明|发现|显示)"
_NO_TEXT = "件化物档字科学明本献案艺具"  # 该文件, 上文化, ... are other words
_EN_SOURCE = r"(?:passage|article|paragraph|excerpt|text|document|tutorial|transcript|context|blog post|essay|source material)"
_EN_OWN = rf"(?:{_EN_SOURCE}|story|poem|report|study|author|narrator|table|chart|graph|video|conversation|dialogue|speaker|review|letter|email)"
_EN_GIVEN = "(?:given |provided |above |following )?"
_EN_SAYS = "(?:states?|says?|mentions?|describes?|suggests?|implies|explains?|notes?|discusses)"
HEAD = 300  # characters of an answer in which it says what it goes by


class UnseenSource(Rule):
    """A question or an answer that appeals to a text which the record does not hold.

    The model learns to speak of sources that nobody sees, and to make up what they say. "According to the passage, ..." was
    written with a passage in view: it stood in a prompt of which only the question was kept, or in a hidden prompt with
    background knowledge.

    Reported are answers that go by the knowledge, the passage or the context given, and opening questions in one sentence
    on "this article" or "the following text", where the prompt is short and holds nothing of the kind.

    Not reported: prompts with anything that may be the source; requests to write an article, in which "this article" is itself;
    "the information you gave"; knowledge in general; answers that ask for the text, which are `missing-input`.
    """

    zh = """问题或回答引用了数据中并不存在的材料。

    模型会学着谈论谁也看不到的来源，并编造其中的内容。“根据文中所述……”是对着一段材料写的：材料原本在提示词里，后来只留下了问题；或者在隐藏的背景知识提示词里。

    报告的是：回答以给出的知识、文章或上下文为依据，或者开头一问只有一句话，问的是“该文章”“以下文本”，而提示词很短，其中没有任何材料。

    不报告：提示词中有可能是材料的内容；要求写文章的请求，其中的“本文”指它自己；“您提供的信息”；泛指的知识；索要原文的回答，这由 `missing-input` 报告。
    """
    message = Phrase(en="the answer appeals to a source that the prompt does not hold: “{said}”", zh="回答引用了提示词中没有的材料：“{said}”")
    message_asked = Phrase(en="the question speaks of a text that is not there: “{said}”", zh="问题提到了不存在的材料：“{said}”")
    suggestion = Phrase(
        en="put the source into the prompt, or reword so that none is needed", zh="在提示词中补上材料，或改写成不依赖材料的说法"
    )
    yields_to = ("missing-input", "echoed-prompt")

    good = [
        Good(
            chat("根据知识产权法，商标能用多久？", "根据知识产权方面的规定，注册商标有效期为十年，可以续展。"),
            chat("写一段论文引言，主题是潮汐发电。", "本文讨论潮汐发电的成本。在本文中，我们比较三处海湾。"),
            chat("文章：老周每天五点起来磨豆腐。\n老周几点起床？", "根据文章，老周五点起床。"),
        ),
        Good(
            chat("Passage: The mill closed in 1931.\nWhen did the mill close?", "According to the passage, it closed in 1931."),
            chat("Summarise the story of Icarus.", "He flew too near the sun, and the wax of his wings melted."),
            chat("Write a function that reverses the given list.", "def back(items): return items[::-1]"),
        ),
    ]
    bad = [
        Bad(chat("孩子咳嗽两周了，需要做哪些检查？", "根据知识，可以做胸片和肺功能检查，必要时做支气管镜。")),
        Bad(chat("什么是越冬芽？", "越冬芽是植物过冬的芽。在本文中，它取自三年生的果树。")),
        Bad(chat("该教程用了哪种木材？", "该教程用的是桦木胶合板。"), chat("作者为什么反对修这座桥？", "他担心桥会挡住渔船。"), at=(0, 1)),
        Bad(
            chat("When was the lighthouse built?", "According to the passage, the lighthouse was built in 1884."),
            chat("What does the author say about ferries?", "That they are slow but never late."),
            chat("Classify the following paragraph by its tone.", "Sarcastic"),
            at=(0, 1, 2),
        ),
    ]

    answered = Pattern(
        r"(?:(?:根据|按照|依据|基于)(?:所述|所给|给定|上述|以上|病例|该|此|所?提供)?的?知识(?:点|库|图谱|介绍|描述)?(?:中的?|里的?|所述|可知|显示|[，,])"
        r"|(?:该|此|上述)知识[点库]|知识库[中里]|(?:根据|按照)[^，。]{0,6}术后信息)"
        rf"|(?<zh>(?:[在从据如]|根据|正如)(?:(?:本|该|此|上|原|下)文(?![{_NO_TEXT}])|文中|上下文|文章|短文|课文|文献(?=[中里])|{_ZH_POINTED})"
        r"(?:[中里]|所[述示]|来看|，|的(?:描述|内容|介绍|说明|信息|研究|结果|结论))"
        rf"|(?:(?<=[。！？\n])|^)(?:本文|文中|该文|上文|文章中?|原文中?|作者|本研究|该研究)(?:将|还|也|主要|没有|并?未|的研究|{_ZH_SAYS}))"
        rf"|(?<en>\b(?:[Aa]ccording to|[Bb]ased (?:up)?on|[Aa]s (?:mentioned|stated|described|noted|explained|shown) in) (?:the|this) {_EN_GIVEN}{_EN_OWN}(?: (?:above|provided|given))?(?=[,.;]|$)"
        rf"|\b(?:[Ii]n|From) the {_EN_GIVEN}(?:passage|article|paragraph|excerpt|text|document)(?: (?:above|provided|given))?(?=[,.;]|$)"
        r"|\b(?:[Aa]ccording to|[Bb]ased (?:up)?on) the (?:(?:provided|given) (?:information|data|material|details)|(?:information|context) (?:provided|given))(?=[,.;])"
        rf"|\b[Tt]h(?:e|is) {_EN_GIVEN}(?:{_EN_SOURCE}|author)(?: (?:above|provided|given))? (?:does not|doesn't|do not|{_EN_SAYS})\b"
        rf"|\bthe {_EN_SOURCE} above\b)",
        scan=r"知识(?:点|库|图谱|介绍|描述|中|里|所述|可知|显示|[，,])|术后信息|(?:[本该此上原下]文|文[中章献]|短文|课文)(?:[中里所来的，将还也主没并未]|提|介绍|指出|认为|讨论|描述|探讨|总结|说明|表明|发现|显示)"
        rf"|(?:作者|{_ZH_SOURCE})(?:[中里所来，将还也]|主要|没有|并?未|的(?:描述|内容|介绍|说明|信息|研究|结果|结论)|{_ZH_SAYS})"
        r"|(?:ccording to|ased (?:up)?on|(?:entioned|tated|escribed|oted|xplained|hown) in) th"  # rarer than what begins with "in the"
        rf"|(?:{_EN_SOURCE}|author)(?: (?:above|provided|given))?(?:[,.;\n]| (?:does|do|stat|say|ment|desc|sugg|impl|expl|not|disc|above))",
    )
    asked = Pattern(
        rf"\A(?:请问|请)?(?:(?:根据|在|从|按照|结合|阅读)?(?:(?:本|该|此|原|上)文(?![{_NO_TEXT}])|文中(?!子)|文章中?(?!学)|{_ZH_POINTED})|根据(?:材料|短文|课文|文章)"
        r"|(?:解释|说明|总结|分析|概括)?(?:一下)?作者(?:为什么|如何|怎[样么]|认为|提[到出及]|想|通过|在文中|对|的(?:观点|意图|态度|主要|写作)))"
        rf"|(?:以下|下面|下列|下文|上述|上面|给定|所给|提供的)(?:的|这|那|[两三几一])?(?:[篇段个首句张幅份则条组])?的?[^，。？！的]{{0,4}}?(?:{_ZH_SOURCE}|句子|文字|新闻|评论|邮件|推文|歌词|陈述|语句|单词|代码|内容|信息|列表|数据)"
        rf"|\A\W?(?:According to|Based on|In|From|Given|Using|Read) (?:the|this) (?:following |attached )?{_EN_GIVEN}{_EN_OWN}(?: (?:above|below|provided|given))?(?:,| and\b| what| who| how| why| when| where| which)"
        r"|\b(?:does|do|did|is|was|has|would|could) the (?:author|narrator|passage|article|speaker|writer|tutorial|text|excerpt|poet) (?:say|mean|think|suggest|mention|describe|argue|claim|use|believe|imply|state|want|refer|conclude|recommend|feel|give|make|compare|provide|explain|discuss|cover|include|regret)"
        r"|\b(?:of|in|from) the (?:passage|excerpt|article)[.?!]\Z|\A(?:What|Why|Where|When|Who|Which|How many)\b[^.,]* (?:(?:of|in|from) (?:the|this) (?:passage|article|paragraph|excerpt|story|poem|tutorial|study|essay|video)\?$|(?:this (?:paper|tutorial|article|video|study)|the (?:story|poem)) (?:use|cover|take|discuss|mention|propose|recommend|begin|end|show))"
        rf"|\b(?:the (?:following|above|attached|given|provided)|below|above) (?:[a-z]+ ){{0,2}}?(?:{_EN_SOURCE}s?|stor(?:y|ies)|poems?|tables?|sentences?|conversations?|dialogues?|statements?|reviews?|emails?|tweets?|phrases?|lyrics|headlines?|quotes?|code|questions?|words?|lists?|images?|pictures?)"
        r"(?=[.?!,]|$| (?:and|to|into|in|from|by|as|for|with|so|that|using|on|of|according|about|is|are|do|does|has|have|which|who|or|based|without))"
        rf"|\b(?:{_EN_SOURCE}|information|data|code|table|sentence|story)s? (?:above|below)\b"
        rf"|\A(?:(?:Can|Could) you )?(?:[Pp]lease )?(?:[Rr]ate|[Ee]dit|[Pp]roofread|[Ss]ummari[sz]e|[Tt]ranslate|[Pp]araphrase|[Rr]ewrite|[Cc]orrect|[Cc]lassify|[Rr]eview|[Ff]ix|[Ss]horten|[Dd]ebug|[Cc]ritique) (?:this|these) (?:{_EN_SOURCE}s?|sentences?|stor(?:y|ies)|poems?|reviews?|code|essay|emails?|tweets?|pictures?|images?)[.?!]?\Z"
        r"|\A(?:请|帮我)?(?:描述|总结|翻译|评价|分析|修改|概括|润色|校对|改写)(?:一下)?这[张幅段篇首个句](?:图片?|照片|话|文字|文章|诗歌?|代码|句子?|作文|邮件)[的。！]?\Z",
        scan=rf"[本该此原上]文|文[中章]|作者|根据(?:材料|短文|课文)|(?:以下|下面|下列|下文|上述|上面|给定|所给|提供的)|[该此篇段份首述上的个部本]{_ZH_SOURCE}"
        rf"|(?:描述|总结|翻译|评价|分析|修改|概括|润色|校对|改写)(?:一下)?这|(?:the|this|these) (?:[a-z]+ )?(?:{_EN_OWN}|writer|poet|paper|code|sentence|picture|image|tweet)|he (?:following|above|attached|given|provided) |(?:below|above)\b",
        prompts=True,
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        done = set()
        for record, part, text in batch.prompts.holding(self.asked):
            layout = record.layout
            if part == 0 and record.id not in done and layout.target and layout.roles[0] == "user" and len(layout.question) == 1 and len(text) <= 200:
                hit = self.asked.regex.search(text)
                if hit and _alone(text) and not layout.asides and not _HOW.match(text) and not (_GIVEN.search(hit[0]) and _OWN.search(text)):
                    done.add(record.id)
                    # An answer that asks for the text is the business of `missing-input`, wherever that knows it.
                    where = place(record, layout.target[0]) if _ASKS.search(record.target[:120]) else place(record, part, *hit.span())
                    yield self.finding(where, kind="message_asked", said=quote(hit[0]))
        for record, part, text in batch.targets.holding(self.answered):
            if record.id in done or len(asked := _before(record, part)) > 400:
                continue
            for hit in self.answered.regex.finditer(text, 0, HEAD):
                if _unheld(hit, asked):
                    yield self.finding(place(record, part, *hit.span()), said=quote(hit[0]))
                    break


def _before(record: Record, part: int) -> str:
    layout = record.layout
    return "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < layout.turns[part])


def _alone(text: str) -> bool:
    """Whether *text* is one sentence without anything that may be what it speaks of."""
    bare = text.strip()
    if not bare.isascii() and len(bare) > 60:
        return False
    return not (_MATERIAL.search(bare) or _STOP.search(bare[:-1]))


def _unheld(hit: re.Match[str], asked: str) -> bool:
    """Whether nothing in the prompt can be the source that the answer appeals to."""
    if hit["zh"]:
        return len(asked) <= 100 and not (_ZH_HELD.search(asked) or _MATERIAL.search(asked))
    if hit["en"]:
        return len(asked) <= 250 and not (_EN_HELD.search(asked) or _MATERIAL.search(asked))
    return len(asked) <= 200 and "知识" not in asked


_MATERIAL = re.compile(r"[\n:：\"“”「『《`‘<\[{]|\\n|https?:|(?<!\w)'|\|")
_STOP = re.compile(r"[。！？；]|[.!?;] ")
_ASKS = re.compile(
    r"抱歉|对不起|不好意思|(?:没有?|未)(?:为我|给我|能|有)?(?:提供|给出|看到|附)|请(?:您|你)?(?:先|再)?(?:提供|给出|发)|无法|sorry|provide|share|don't (?:see|have)|do not (?:see|have)|cannot|can't|unable|paste|clarif|\bno \w+ (?:was|is|has|provided|given)|forgot|you did",
    re.I,
)
_HOW = re.compile(r"(?:how (?:do|can|should|to)|should|can) ?(?:I|you|we)?\b|如何|怎么|怎样", re.I)
#: A request for a program, or for something that is written here.
_GIVEN = re.compile("给定|given|所给|数据|data")
_OWN = re.compile(
    r"函数|程序|系统|算法|脚本|模型|接口|正则|\b(?:algorithm|function|program|script|method|system|app|model|code|class|formula|query|regex|pseudo\w*|create|design|generate|build|develop)\b",
    re.I,
)
_ZH_HELD = re.compile(r"文|写|篇|书|研究|教程|报告|报道|资料|材料|信息|描述|故事|小说|诗|实验|视频|表格|图|案例|对话|生成|撰|创作|编|拟|作者|论|指南|手册|演讲|采访|帖|翻译|总结|摘要|概括")
_EN_HELD = re.compile(
    r"\b(?:passages?|articles?|paragraph|excerpt|texts?|documents?|tutorial|transcript|context|blog|essay|stor(?:y|ies)|poem|report|stud(?:y|ies)|author|writ\w+|narrat\w+|table|chart|graph|video|conversation|dialogue|speaker|review"
    r"|letter|email|book|novel|play|film|movie|information|data|details|given|provided?|summar\w+|research|paper|survey|quote|song|speech|generate|compose|create|draft|imagine|pretend|role\w*)\b",
    re.I,
)
