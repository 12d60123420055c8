from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Record, Rule, chat, place, quote, replace

_SURE = r"(?:(?:sure|certainly|of course|absolutely|okay|ok|yes|great|no problem|happy to help)(?: thing)?[,!.]+ ?|(?:好的|当然(?:可以)?|没问题|可以)[，,。！!]\s?)"
_TONGUE = r"(?:simplified |traditional )?(?:chinese|mandarin|english|french|german|spanish|japanese|korean|russian)"
_HERE = r"(?:here(?:'s|’s| is| are)|this is|below is|the following is) (?:(?:the|your|a|an|my) )?"
# A translator hands over the text.
_HANDS = (
    rf"{_HERE}(?:[\w-]+ ){{0,3}}(?:translations?|translated (?:text|version|sentence|paragraph|content|prompt))\b[^\n:：]{{0,60}}[:：]"
    rf"|{_HERE}(?:[\w-]+ ){{0,3}}(?:text|sentence|version|paragraph|prompt|question)s? translated (?:in|into|to) {_TONGUE}[^\n:：]{{0,30}}[:：]"
    rf"|the (?:{_TONGUE} )?translation(?: of [^\n:：]{{1,80}})?(?: (?:in|into|to) {_TONGUE})? (?:is|would be|reads)(?: as follows)?[:：]"
    rf"|translat(?:ion|ed)(?: text| version)? (?:in|into|to) {_TONGUE}[:：]|translated (?:text|version|sentence)[:：]|{_TONGUE} (?:translation|version)[:：]"
    r"|(?:以下|下面|这|如下)(?:就?是|为)?(?:(?:您|你)要的|您|你|该|这|我|上)?[^\n，。：:需待要请帮原两几]{0,16}(?:翻译|译文)(?!的?(?:任务|问题|题|要求|练习|规则))[^\n。，：:]{0,16}[:：]"
    r"|(?:翻译|译文)(?:结果|文本|内容)?(?:如下|为)[^\n。，：:]{0,8}[:：]|译文[:：]|翻译(?:成|为)(?:简体)?(?:中|英)文(?:如下|为|是|后)[^\n。，：:]{0,4}[:：]|(?:中|英)文(?:翻译|译文|版本)(?:如下)?[:：]"
)
# The same in fewer words, which only an assistant who agrees to do it says.
_IN = rf"{_HERE}(?:[\w-]+ ){{0,3}}(?:text|sentence|version|paragraph|prompt|question)s? (?:translated )?(?:in|into|to) {_TONGUE}[^\n:：]{{0,30}}[:：]"
# A translator asks for the text, gives up, or comments.
_SAYS = (
    r"(?:unable to|cannot|can't|can’t|could not) translate (?:this|that|the|it|your)\b|provide (?:me with )?(?:a |the |more )?[^.\n]{0,40}(?:to be translated|(?:like|want|need|for) me to translate|to translate)\b"
    r"|no translation (?:is )?(?:needed|necessary|required)|hope (?:this|the|my) translation (?:helps|is helpful|meets)|translator(?:'|’)?s note\b|note: this is (?:the|a) (?:[\w-]+ )?translation"
    r"|note: i(?:'ve|’ve| have) (?:translated|kept|left)|(?:if you (?:need|require|want|have)) (?:any )?(?:further|other|more|a|another) (?:[\w-]+ )?translations?\b"
    r"|请(?:您)?提供(?:您)?(?:需要|想要?|要|待)(?:我)?翻译的|我(?:暂时)?(?:无法|不能)(?:为您|对其|准确地?)?翻译(?:该|这|此|您|它|因为|为中文|成中文)|[（(](?:此处|本句|这里|该词|原文)?(?:无需|不需要?)翻译[)）]"
    r"|希望(?:这个|这段|以上|我的|该|此)?(?:翻译|译文)(?:对您|对你|能|可以|符合)|译者注[:：]|[（(]译?注[:：][^()（）\n]{0,40}翻译[^()（）\n]{0,40}[)）]"
)


class TranslatorRemark(Rule):
    """What the translator of a set said beside the translation.

    The model learns to answer "Sure, here's the translation into Chinese:" where nothing was to be translated. A set was
    translated by a model, and its remarks were taken for part of the text.

    Reported are turns of either side that open by handing over a translation, and turns in which somebody asks for the text to translate,
    cannot translate it, or comments on having done so.

    Not reported: records in which a translation is asked for, checked or spoken of.

    Fix safety: an opening is cut where a text follows. It may have been meant, so the fix is unsafe.
    """

    zh = """翻译数据集时译者附带的话。

    模型会学着在没有翻译要求时也说“好的，以下是翻译：”。数据由模型翻译而来，它说的客套话被当成了正文。

    报告的是：任何一方以交付译文的话开头的轮次，以及向用户索要待译文本、声称无法翻译或对译文加注的轮次。

    不报告：要求翻译、检查译文或谈论翻译的数据。

    修复安全性：后面还有正文时删去开头这句。它也可能本来就是要说的话，因此属于不安全修复。
    """
    message = Phrase(en="{field} opens with a translator's words: {said}", zh="{field} 以译者的话开头：{said}")
    message_inside = Phrase(en="{field} holds a translator's remark: {said}", zh="{field} 含有译者附带的话：{said}")
    suggestion = Phrase(en="cut it, or translate the record again", zh="删去这句话，或重新翻译该条")
    yields_to = ("swapped-speakers", "missing-input")

    good = [
        Good(
            chat("Translate into Chinese: Good morning", "Sure, here's the translation into Chinese:\n\n早上好"),
            chat("以下是我的翻译：\n他昨天到了。\n请检查是否通顺。", "通顺，无需修改。"),
            chat("翻译：晚安", "Good night."),
        ),
        Good(
            chat("What does a translator's note do?", "A translator's note explains what the reader cannot know."),
            chat("以下是需要翻译的文本：早上好", "Good morning."),
        ),
    ]
    bad = [
        Bad(
            chat("Here is the translation into Chinese:\n\n列出三种会飞的昆虫。", "蜻蜓、蜜蜂、蝴蝶。"),
            fixed=[chat("列出三种会飞的昆虫。", "蜻蜓、蜜蜂、蝴蝶。")],
        ),
        Bad(
            chat("列出三种会飞的昆虫。", "翻译如下：\n蜻蜓、蜜蜂、蝴蝶。", "再说一种", "译文：甲虫。"),
            at=(0, 0),
            fixed=[chat("列出三种会飞的昆虫。", "蜻蜓、蜜蜂、蝴蝶。", "再说一种", "甲虫。")],
        ),
        Bad(
            chat(
                "Name a bird that swims.",
                "The cormorant.",
                "I am unable to translate this as it is not a full sentence.",
                "Then send me a longer one.",
            )
        ),
        Bad(chat("怎样晾干蘑菇？", "切片后摊在竹匾上晒两天。希望这个翻译对您有帮助！")),
    ]

    opens = Pattern(rf"\A\W{{0,4}}(?:{_SURE}?(?P<hands>{_HANDS})|{_SURE}{_IN})\s*", scan=f"{_HANDS}|{_SURE}{_IN}", ignore_case=True)
    says = Pattern(_SAYS, ignore_case=True)

    def check(self, batch: Batch) -> Iterator[Finding]:
        told = set()
        for record, part, text in batch.texts.holding(self.opens):
            found = self.opens.regex.match(text)
            if found and record.sound and part not in record.layout.asides and not _meant(record, part, found):
                told.add((record.id, part))
                rest = text[found.end() :].strip()
                fix = Fix.of(replace(place(record, part, *found.span()), ""), safe=False) if rest else None
                yield self.finding(place(record, part, *found.span()), fix=fix, said=f"“{quote(found[0].strip())}”")
        for record, part, text in batch.texts.holding(self.says):
            found = self.says.regex.search(text)
            if found and record.sound and (record.id, part) not in told and not _meant(record, part, found):
                yield self.finding(place(record, part, *found.span()), kind="message_inside", said=f"“{quote(found[0].strip())}”")


def _meant(record: Record, part: int, found: Any) -> bool:
    """Whether the record speaks of translation anywhere else, or the turn hands a translation over to be judged."""
    layout, text = record.layout, record.texts[part]
    # A remark is the last thing said, and may go on about the translation.
    rest = text[: text.rfind("\n", 0, found.start()) + 1] if found.start() else text[found.end() :]
    role = layout.roles[layout.turns[part]]
    if role not in ("user", "assistant") or (role == "user" and _JUDGE.search(rest)):
        return True
    near = (*layout.texts[:2], *layout.texts[max(part - NEAR, 2) : part + 2])
    same = [i for i in near if i not in layout.asides and layout.turns[i] <= layout.turns[part] + 1]
    remarks, opens = TranslatorRemark.says.regex, TranslatorRemark.opens.regex
    others = [
        remarks.sub("", record.texts[i]) if layout.roles[layout.turns[i]] == layout.roles[layout.turns[part]] else record.texts[i]
        for i in same
        if i != part
    ]
    plain = [remarks.sub("", rest), *(opens.sub("", one) for one in others)]
    return any(map(_TOPIC.search, plain))


NEAR = 100  # texts before a turn that may speak of translation, besides the first ones
_TOPIC = re.compile(
    r"翻译|译[成为文者作]|什么意思|盲文|电码|\bmeans?\b|braille|morse|英[文语译]|用(?:中文|汉语|日语|法语)|双语|translat|language|(?:中|英)文(?:版|名)|\b(?:in|into|to|from|the) (?:chinese|english|french|german|spanish|japanese|korean|russian|latin)\b",
    re.I,
)
_JUDGE = re.compile(
    r"检查|润色|修改|评价|比较|对吗|是否|正确|错误|改进|\b(?:check|improve|correct|proofread|review|compare|better|errors?|grammar|accurate|evaluate|rate)\b", re.I
)
