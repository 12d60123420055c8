from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Pattern, Phrase, Rule, chat, place, quote


class Refusal(Rule):
    """An answer that refuses, or begs off as an AI.

    A few are wanted, where the request is harmful. Left over from another model they teach yours to refuse what it could do, and
    to say "as an AI" on every occasion.

    Not reported: what is quoted; apologies of people; answers to prompts that ask what an AI would say.
    """

    zh = """拒绝回答，或以“我是 AI”推脱的回答。

    对有害请求适当拒绝是需要的。但从其他模型带来的拒答会让模型拒绝本来能做的事，并时时把“作为一个 AI”挂在嘴边。

    不报告：引号中的内容；人与人之间的道歉；提示词要求以 AI 的口吻说话的回答。
    """
    message = Phrase(en="{field} refuses or begs off: {said}", zh="{field} 拒答或推脱：{said}")
    suggestion = Phrase(en="keep it where the request is harmful; else write the answer, or drop the record", zh="确属有害请求则保留，否则改写为正常回答或删除")
    severity = "info"
    yields_to = ("model-identity",)

    good = [
        Good(chat("帮我写一封道歉信", "王经理：很抱歉，昨天的会议我没能参加，特此说明原因。"), chat("它说了什么？", "它只回了一句“作为一个AI语言模型”，就没有下文了。")),
        Good(chat("What can AI do for farms?", "As AI becomes cheaper, farms use it to spot weeds."), chat("Can you come?", "I'm sorry, but I cannot come on Friday.")),
        Good(chat("How does an AI refuse? Act as one.", "As an AI model, I cannot help with that.")),
    ]
    bad = [
        Bad(chat("推荐一家餐馆", "作为一个人工智能语言模型，我没有味觉，但可以给您几条挑选餐馆的建议。")),
        Bad(chat("讲个内部消息", "抱歉，我无法提供这方面的信息。"), chat("今天几度？", "很抱歉，我不能访问实时天气数据。"), at=(0, 1)),
        Bad(
            chat("帮我订张票", "很遗憾，我没办法帮您订票。"),
            chat("What is the rate today?", "Unfortunately, I am not able to provide live rates."),
            at=(0, 1),
        ),
        Bad(chat("What do you like?", "As an AI language model, I have no preferences, but many like tea.")),
        Bad(chat("附近有什么好吃的？", "这个问题我暂时无法回答，换个话题吧。"), chat("查查今天的新闻", "我无法访问互联网。"), at=(0, 1)),
        Bad(chat("Who won today?", "I'm unable to browse the internet."), chat("Do you eat?", "As a language model, I do not."), at=(0, 1)),
        Bad(chat("Open this safe", "I'm sorry, but I can't assist with that."), chat("Do you eat?", "I am just an AI, so no."), at=(0, 1)),
    ]

    said = Pattern(
        r"(?<!“|「|\")(?:作为(?:一[个名款位种])?(?:大型)?(?:AI|人工智能|语言|智能|机器)(?:大?语言)?(?:大?模型|助[手理]|程序|机器人)"
        r"|我(?:只|仅仅)?是(?:一[个名款])?(?:大型)?(?:AI|人工智能|语言模型)(?:语言)?(?:模型|助[手理]|程序|机器人)?"
        r"|(?:抱歉|对不起|不好意思)[，,。！ ]{0,2}(?:但是?)?(?:我|作为)[^。！？\n]{0,12}?(?:无法|不能|没有办法|不可以)(?:直接)?(?:为您|为你|给您|给你)?(?:提供|协助|回答|帮助|满足|完成|生成|执行|访问|查看|处理|讨论|理解|确定|回复)"
        r"|(?:很遗憾|抱歉|对不起)[，,]我(?:没办法|没有办法|无法|不能|不便|暂时无法)|我不(?:适合|便|方便)(?:讨论|回答|评论|谈论)这|(?:这个|该|您的|你的)问题我(?:暂时|目前|现在)?(?:无法|不能|没法|还不会)回答|我还没有学习如何回答"
        r"|我(?:暂时)?(?:无法|不能)(?:浏览|访问|连接|接入)(?:互联网|网络|外部网站)|根据相关法律法规(?:和政策)?[，,][^。！？\n]{0,6}(?:无法|不能)|我的(?:知识|训练数据)(?:库)?(?:只)?(?:截止|截至|更新)(?:到|至|于)?"
        r"|作为(?:一[个名])?(?:AI|人工智能)，我"
        r"|\b[Mm]y (?:knowledge|training data) (?:cut-?off|was last updated|only goes)"
        r"|\bI(?:'m|’m| am) (?:unable to|not able to) (?:browse|access|search) the (?:internet|web)\b|\bI (?:cannot|can't|can’t) (?:browse|access) the (?:internet|web)\b"
        r"|^(?:I(?:'m|’m| am) not able|I(?:'m|’m| am) unable) to (?:provide|give|offer|answer|discuss)\b|^It (?:is|would be) not appropriate for me to"
        r"|\b[Aa]s an? (?:AI|artificial intelligence)\b(?! (?:researcher|engineer|company|expert|student))"
        r"|\b[Aa]s an? (?:large )?language model, I\b(?!'m| am| go by| was)"
        r"|\bI(?:'m|’m| am) (?:just |only |merely )?an? (?:AI|artificial intelligence|language model)\b(?! (?:researcher|engineer|expert|student|called|named|developed|trained|created|made|built))"
        r"|\bI(?:'m|’m| am)? ?(?:sorry|afraid|apologi[sz]e),? (?:but )?(?:that )?(?:as [^.,]{0,30}, )?I (?:can(?:'t|’t|not| not)|won't|am (?:not able|unable) to|do not have|don't have)"
        r" (?:help|assist|provide|fulfil|comply|answer|access|generate|create|complete|do that|discuss|understand|engage|browse|support)"
        r"|\b(?:I (?:can(?:'t|’t|not)|am unable to)|I(?:'m|’m) unable to) (?:assist|comply|fulfil|help with that|help you with that)"
        r"|\b(?:[Ss]orry|[Uu]nfortunately), (?:but )?I am (?:not able|unable) to (?:answer|provide|help|assist|access))",
        scan=r"很遗憾[，,]我|我不(?:适合|便|方便)|作为(?:一.)?(?:大型)?(?:AI|人工智能|语言|智能|机器)|是(?:一.)?(?:大型)?(?:AI|人工智能|语言模型)|抱歉|对不起|不好意思"
        r"|[Aa]s an? (?:AI|artificial)|(?:'m|’m| am) (?:\w+ )?an? (?:AI|artificial|language model)|(?:sorry|afraid|apologi[sz]e),? (?:but )?(?:that )?(?:as|I) "
        r"|I (?:can(?:'t|’t|not)|am unable to) (?:assist|comply|fulfil|help)|(?:'m|’m) unable to|(?:orry|nfortunately), (?:but )?I am "
        r"|问题我|没有学习如何|(?:无法|不能)(?:浏览|访问|连接|接入)|法律法规|我的(?:知识|训练数据)|language model, I|y (?:knowledge|training data) "
        r"|(?:browse|access|search) the (?:internet|web)|I(?:'m|’m| am) not able to|I am unable to|not appropriate for me",
    )
    topic = re.compile(r"(?i)扮演|假[装设如]|写一|翻译|拒绝|你是(?:不是)?(?:AI|人工智能|机器人)|\bAI\b|人工智能|pretend|role.?play|\bact as|translat|refus")

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.answers.holding(self.said):
            match = self.said.regex.search(text)
            if match and not self.topic.search(record.question):
                yield self.finding(place(record, part, *match.span()), said=quote(match[0]))
