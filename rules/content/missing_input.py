from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Pattern, Phrase, Record, Rule, chat, place, quote, unfilled


class MissingInput(Rule):
    """A prompt whose text got lost.

    The model learns to ask for what users do give, or to make it up. The field with the input was not joined to the instruction, or
    was cut, and "Summarise the following article:" is all there is.

    Reported are prompts that are an instruction alone, with nothing behind the colon or the label ("Text:"), whatever the answer is;
    and answers to the only question of a record that open with "you have not provided the text", or ask for it, where the question
    speaks of a text, a picture, data or code.

    Not reported: dialogues, in which the text may have come before and an assistant may well ask back; prompts with more than a line
    of system prompt, with pictures or files; prompts that are themselves to be translated; answers that miss a number, a name or an address.
    """

    zh = """提示词要处理的内容丢失。

    模型会学着向用户索要明明已经给出的内容，或者凭空编造。往往是 input 字段没有拼接到指令后面，或者被截掉了，提示词只剩一句“请概括以下文章：”。

    报告的是：整个提示词只有指令，冒号或“文章：”之类的标签后面没有内容，无论回答是什么；以及单轮数据中，提问提到了文本、图片、数据或代码，而回答一开头就说“您没有提供文本”或索要这些内容。

    不报告：多轮对话，内容可能在前文，助手在其中反问也是正常的；系统提示超过一行，或带有图片、文件的数据；本身就是翻译对象的提示词；缺少的是号码、姓名或地址的回答。
    """
    message = Phrase(en="the answer says that its text is missing: “{said}”", zh="回答说缺少要处理的内容：“{said}”")
    message_open = Phrase(en="nothing follows “{said}”", zh="“{said}”后面没有内容")
    suggestion = Phrase(en="put the text into the prompt, or drop the record", zh="在提示词中补上要处理的内容，或删除该记录")
    yields_to = ("swapped-speakers",)

    good = [
        Good(
            chat("我的包裹怎么还没到？", "抱歉，您没有提供订单号，请告诉我后四位。"),
            chat("替客服写一句索要照片的话。", "您好，请提供破损处的照片，我们马上为您处理。"),
        ),
        Good(
            chat("Is my parcel lost?", "Sorry, you have not given your order number. What is it?"),
            chat("Shorten this.", "I'm sorry, you didn't provide a text. What shall I shorten?", "It rained.", "Rain."),
            chat("Summarise this text: Tea is grown on hills.", "Tea grows on hills."),
            chat("Translate to French: Summarise the following text:", "Résumez le texte suivant"),
            chat("Bees dance to tell the way.", "They do.", "Shorten the following sentence:", "Bees dance the way."),
        ),
    ]
    bad = [
        Bad(
            chat("把下面的句子改成疑问句：", "他明天会来吗？"),
            chat("判断下面这条留言的语气。\n留言：", "不满。"),
            chat("Rewrite the following sentence in the past tense:", "She walked home."),
            chat("Sum up the passage below.\nPassage:\nSummary:", "Owls hunt at night."),
            at=(0, 1, 2, 3),
        ),
        Bad(chat("概括以下文章的大意。", "很抱歉，您没有提供文章的内容，请把文章发给我。")),
        Bad(chat("判断这句话的语气。", "您并没有给出需要判断的句子。"), chat("给下面这段代码加注释。", "请提供需要加注释的代码。"), at=(0, 1)),
        Bad(
            chat("Correct the following sentence.", "I'm sorry, but you haven't provided the sentence. Please paste it."),
            chat("Translate this paragraph into Norwegian.", "Please provide the paragraph you would like me to translate."),
            at=(0, 1),
        ),
    ]

    says = Pattern(
        r"\A\W{0,3}(?:(?:非常|很|十分)?(?:抱歉|对不起|不好意思)[，,。！ ]{0,2})?(?:但是?|不过)?(?:我?(?:无法|不能|没办法)[^。！？\n]{0,20}?[，,])?(?:由于|因为)?"
        r"(?:(?:您|你)(?:并|似乎|好像|还|目前)?(?:没有?|未)(?:能)?(?:[为给]我)?(?:给出|提供|附上|上传|输入|给我)|(?:您|你)需要(?:先)?提供|(?:麻烦|烦请)(?:您|你)(?:重新|再)?提供|请(?:您|你)?(?:先|再)?(?:给出|提供|发送|粘贴)(?!一下))"
        r"[^。！？\n]{0,24}?(?:文本|文字|文章|句子|段落|内容|图|照片|诗|陈述|数据|代码|材料|文档|评论|歌词|列表|短文|故事|题目|表格|足够的信息|任何信息)"
        r"|\A\W{0,3}(?:I(?:'m|’m| am)? (?:sorry|afraid|apologi[sz]e)[,.]? ?|[Ss]orry[,.]? )?(?:[Bb]ut )?(?:[Ii]t (?:seems|looks like|appears)(?: that)? )?"
        r"(?:[Yy]ou (?:haven(?:'|’)t|have not|didn(?:'|’)t|did not) (?:provided?|gi?ven?|included?|attach(?:ed)?|shared?)"
        r"|(?:[Pp]lease|[Cc]ould you(?: please)?|[Cc]an you(?: please)?) (?:provide|share|paste))"
        r"[^.!?\n]{0,24}?\b(?:texts?|sentences?|paragraphs?|passages?|articles?|poems?|lyrics|stor(?:y|ies)|lists?|data|images?|pictures?"
        r"|photos?|code|inputs?|documents?|essays?|statements?)\b",
        scan=r"(?:您|你).{0,2}(?:没|未|需要)|烦请?(?:您|你)|请(?:您|你)?(?:先|再)?(?:给出|提供|发送|粘贴)"
        r"|ou (?:haven|have not|didn|did not)|(?:lease|ould you|an you) (?:please )?(?:provide|share|paste)",
    )

    open = unfilled.OPEN_PROMPT

    def check(self, batch: Batch) -> Iterator[Finding]:
        seen = set()
        for record, part, text in batch.targets.holding(self.says):
            found = record.layout.rounds == 1 and self.says.regex.match(text)
            if found and _SPEAKS.search(record.question):
                seen.add(record.id)
                yield self.finding(place(record, part, *found.span()), said=quote(text))
        for record, _, asked in batch.prompts.holding(self.open):
            if not _COLONS.isdisjoint(asked[-4:]) and record.id not in seen and _alone(record) and unfilled.lacks_input(record.question):
                said = quote(record.question.strip())
                yield self.finding(place(record, record.layout.question[-1]), kind="message_open", said=said)


def _alone(record: Record) -> bool:
    """Whether the question is all there is before an answer: no earlier turn, no system prompt that may hold a text, no picture."""
    layout, answer = record.layout, record.target.rstrip()
    before = sum(len(record.texts[i]) for i in layout.instructions if i not in layout.question)
    return (
        layout.rounds == 1
        and bool(layout.question and answer)
        and answer[-1] not in _COLONS
        and before <= SYSTEM
        and not _ATTACHED.search(record.raw)
    )


_COLONS = frozenset(":：")
SYSTEM = 100  # characters of a system prompt that holds no text to work on
_ATTACHED = re.compile(rb'"(?:images?|image_url|audios?|videos?|files?|attachments?)"\s*:\s*(?!null|\[\]|"")')
#: A question that speaks of something that should stand beside it.
_SPEAKS = re.compile(
    r"以下|下面|下列|给定|给出的|所给|提供的|上[述面文]|文中|附件|(?:这|那|该|此)(?:[几两一]?[段篇个句首张幅些则份])?(?:[a-z]{2,4}|[\u4e00-\u9fff]{0,2})?(?:文|字|句|话|段|章|图|诗|代码|数据|内容|表)|作者"
    r"|(?:两|三)[段篇句首张幅]|提供文档|\b(?:following|given|provided|attached|below|above|this|these|the) [^.?!]{0,40}?(?:texts?|sentences?|paragraphs?|passages?|articles?"
    r"|poems?|lyrics|songs?|stor(?:y|ies)|lists?|data|images?|pictures?|photos?|code|inputs?|documents?|essays?|statements?)\b",
    re.I,
)
