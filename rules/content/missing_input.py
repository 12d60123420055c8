from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Pattern, Phrase, Rule, chat, place, quote


class MissingInput(Rule):
    """A prompt whose text got lost: the answer says that there is nothing to work on.

    "Summarise the following article." is all there is, and the answer asks for the article. The field with the input was not
    joined to the instruction, or was cut. The model learns to ask for what users do give.

    Reported are answers to the only question of a record that open with "you have not provided the text", or ask for it, where the
    question speaks of a text, a picture, data or code.

    Not reported: dialogues, in which an assistant may well ask back; answers that miss a number, a name or an address.
    """

    zh = """提示词要处理的内容丢失，回答说没有可处理的内容。

    提示词只有一句“请概括以下文章”，回答却在索要文章。往往是 input 字段没有拼接到指令后面，或者被截掉了。模型会学着向用户索要明明已经给出的内容。

    报告的是：单轮数据中，提问提到了文本、图片、数据或代码，而回答一开头就说“您没有提供文本”或索要这些内容。

    不报告：多轮对话，助手在其中反问是正常的；缺少的是号码、姓名或地址的回答。
    """
    message = Phrase(en="the answer says that its text is missing: “{said}”", zh="回答说缺少要处理的内容：“{said}”")
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
        ),
    ]
    bad = [
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

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.targets.holding(self.says):
            found = record.layout.rounds == 1 and self.says.regex.match(text)
            if found and _SPEAKS.search(record.question):
                yield self.finding(place(record, part, *found.span()), said=quote(text))


#: A question that speaks of something that should stand beside it.
_SPEAKS = re.compile(
    r"以下|下面|下列|给定|给出的|所给|提供的|上[述面文]|文中|附件|(?:这|那|该|此)(?:[几两一]?[段篇个句首张幅些则份])?(?:[a-z]{2,4}|[\u4e00-\u9fff]{0,2})?(?:文|字|句|话|段|章|图|诗|代码|数据|内容|表)|作者"
    r"|(?:两|三)[段篇句首张幅]|提供文档|\b(?:following|given|provided|attached|below|above|this|these|the) [^.?!]{0,40}?(?:texts?|sentences?|paragraphs?|passages?|articles?"
    r"|poems?|lyrics|songs?|stor(?:y|ies)|lists?|data|images?|pictures?|photos?|code|inputs?|documents?|essays?|statements?)\b",
    re.I,
)
