from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sftlint import Answers, Bad, Batch, Finding, Good, Pattern, Phrase, Record, Rule, alike, chat, place, words

_USER = "用户|客户|顾客|人类|提问者|求助者|咨询者|患者|病人|来访者|问|User|Human|Customer|Client|Patient|Q"
_BOT = "(?:小|AI|智能)?助手|AI|机器人|客服|医生|咨询师|答|(?:AI )?Assistant|Bot|Chatbot|ChatGPT|Agent|Doctor|A"
_BEFORE = r"[ \t]*(?:#{1,4}[ \t]*|\*\*|【|\[|<\|?)?"
_AFTER = r"(?:】|\]|\|?>|\*\*)?[ \t]*[:：]"


class FlattenedDialogue(Rule):
    """Turns of several speakers in one text.

    A dialogue pasted into one question hides its turns from the chat template: the model does not learn to answer each of them, nor
    to stop after its own. An answer that goes on with the user's next line teaches it to talk to itself.

    Reported are questions that begin with a speaker's label and alternate between user and assistant up to the user's last line,
    answers that begin with a label and alternate likewise, and answers in which a user's label opens a later line or follows a
    finished sentence.

    Not reported: dialogues, interviews and scripts that were asked for or are to be worked on (summarised, translated, rated);
    questions and answers as in a FAQ; lists with such labels; dialogues that are answered with a label of the set.
    """

    zh = """一段文本里挤进了多个说话人的对话。

    把整段对话贴进一个问题里，对话模板就看不到轮次：模型学不会逐轮作答，也学不会说完自己那句就停。回答里又接着写用户的下一句，则会教模型自问自答。

    报告的是：以说话人标签开头、用户与助手交替、以用户发言结束的提问；同样以标签开头、双方交替的回答；后面某一行以用户标签开头、或在句末之后出现用户标签的回答。

    不报告：要求编写或需要加工（总结、翻译、评分）的对话、采访和剧本；常见问答；带有此类标签的列表；以分类标签作答的对话。
    """
    message = Phrase(en="{field} holds {turns} turns of a dialogue", zh="{field} 中包含 {turns} 轮对话")
    message_runs = Phrase(en="{field} runs on into the next turn ({label})", zh="{field} 接着写出了下一轮的内容（{label}）")
    suggestion = Phrase(en="split it into turns, or cut it at the label", zh="拆成多轮，或在该标签处截断")

    good = [
        Good(
            chat("写一段顾客和客服的对话", "顾客：有货吗？\n客服：有的。\n顾客：多少钱？\n客服：十元。"),
            chat("用户：能退吗？\n客服：可以。\n用户：好的。\n请总结上面这段话。", "用户询问能否退货，客服表示可以。"),
        ),
        Good(
            chat("List the fields.", "The form has these lines:\nUser: your name\nHost: your machine"),
            chat("Q: What is 2+2?\nA:", "4"),
            chat("Q: How are a plum and a fig alike?\nA: Both are fruit.\n\nQ: How are a drum and a flute alike?", "Both make music."),
        ),
        Good(
            chat("系统里有哪些身份？", "共有三种。用户：可以提交申请；管理员：可以审批。"),
            chat("What does the log show?", "It shows two fields. User: the account. Host: the machine."),
        ),
        Good(
            chat("user: Ticket two is open.\nassistant: Since when?\nuser: Since noon.", "clear"),
            chat("user: Mine is the blue bag.\nassistant: Which size?\nuser: The large one.", "clear"),
            chat("user: Close my account.\nassistant: The savings account?\nuser: Yes, that one.", "clear"),
        ),
    ]
    bad = [
        Bad(chat("用户：有伞吗？\n助手：有的，在门口。\n用户：多少钱一把？", "十五元。")),
        Bad(chat("Human: Is it open?\nAssistant: Until nine.\nHuman: On Sundays too?\nAssistant:", "Yes, until five.")),
        Bad(chat("怎么退货？", "打开订单，点“退货”即可。\n用户：运费谁出？\n助手：由商家承担。")),
        Bad(
            chat("退货要多久？", "用户：退货要多久？\n助手：七天。\n用户：运费呢？\n助手：商家承担。"),
            chat("Where do you ship?", "User: Where do you ship?\nAssistant: To all of Norway.\nUser: And abroad?\nAssistant: Not yet."),
            chat("怎样联系客服？", "可以拨打热线。\n用户：几点上班？\n助手：早上九点。"),
            chat("Is the display broken?", "No, it is asleep.\nUser: How do I wake it?\nAssistant: Touch any key."),
            at=(0, 1, 2, 3),
        ),
        Bad(
            chat("考试前总是睡不着，怎么办？", "先把担心写下来，再做几次深呼吸。求助者：谢谢你，我今晚试试。"),
            chat("My cat hides all day.", "Give her a quiet corner. User: She has one. What else can I do?"),
            at=(0, 1),
        ),
        Bad(
            chat("Name a wood for boats.", "Larch.\n\n### Instruction:\nName a wood for floors.\n\n### Response:\nOak."),
            chat("说出一种豆子。", "芸豆。\n\n用户：再说一种。"),
            at=(0, 1),
        ),
        Bad(chat("怎样晒干桂花？", "摊开晾三天即可。\n\n### Instruction:\n写一句赞美秋天的话。\n\n### Response:\n秋高气爽。")),
        Bad(chat("Name a river.", "The Elbe.\n\nHuman: Name another one.\n\nAssistant: The Oder.")),
    ]

    learns = (Answers,)
    label = Pattern(
        rf"^{_BEFORE}(?:(?P<user>{_USER})|(?P<bot>{_BOT})){_AFTER}", scan=rf"^{_BEFORE}(?:{_USER}){_AFTER}", ignore_case=True
    )

    inline = Pattern(
        r"(?<=[。！？!?”…])[ \t]*(?:用户|求助者|来访者|提问者|咨询者|患者)[:：]|(?<=[.!?] )(?:User|Human):|(?<=\n\n)(?:User|Human|用户)[:：]"
        r"|^(?P<template>#{2,4}) ?(?:Instruction|Input|Response|Human|User|Assistant|指令|输入|回答|用户|助手)[ \t]?[:：]",
        scan=r"[。！？!?”…][ \t]*(?:用户|求助者|来访者|提问者|咨询者|患者)[:：]|[.!?] (?:User|Human):|^(?:User|Human|用户)[:：]"
        r"|^#{2,4} ?(?:Instruction|Input|Response|Human|User|Assistant|指令|输入|回答|用户|助手)[ \t]?[:：]",
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        told = set()
        labels: Answers = batch.learned[Answers]
        for record, part, text in batch.texts.holding(self.label):
            layout = record.layout
            if not record.sound or part in layout.asides:
                continue
            hits = list(self.label.regex.finditer(text))
            users = [hit for hit in hits if hit["user"]]
            role = layout.roles[layout.turns[part]]
            if role == "user" and len(hits) > 1 and _flat(text, hits) and not labels.is_label(record.target) and not _shots(text, hits):
                last = len(text.rstrip())
                yield self.finding(place(record, part), turns=sum(hit.end() < last for hit in hits))
            elif part in layout.answers and users and not _SCRIPT.search(_asked(record, part)):
                if _whole(text, hits):
                    told.add((part, record.id))
                    yield self.finding(place(record, part), turns=len(hits))
                elif _strong(text, hits, users[0]):
                    told.add((part, record.id))
                    where = place(record, part, users[0].start(), len(text))
                    yield self.finding(where, kind="message_runs", label=f"`{users[0][0].strip()}`")
        for record, part, text in batch.answers.holding(self.inline):
            found = self.inline.regex.search(text)
            asked = f"{record.texts[0]}\n{record.question}"  # a play is asked for at the beginning, or now
            if not found or _SCRIPT.search(asked):
                continue
            if found["template"]:
                meant = found["template"] in asked or "```" in text or _TEMPLATE.search(asked)
            else:
                meant = _FIELD.search(text) or (part, record.id) in told
            if not meant and text[: found.start()].strip():
                where = place(record, part, found.start(), len(text))
                yield self.finding(where, kind="message_runs", label=f"`{found[0].strip()}`")


def _shots(text: str, hits: list[re.Match[str]]) -> bool:
    """Whether the questions behind `Q:` are made after one pattern: then they are examples, and no dialogue."""
    if not hits[0][0].strip().startswith(("Q", "q", "问")):
        return False
    stops = [*(hit.start() for hit in hits[1:]), len(text)]
    asks = [frozenset(words(text[hit.end() : stop])) for hit, stop in zip(hits, stops, strict=True) if hit["user"]]
    return len(asks) > 1 and alike(asks[0], asks[-1]) >= PATTERN


PATTERN = 0.4  # of the words of the first and the last example are the same


def _flat(text: str, hits: list[re.Match[str]]) -> bool:
    """Whether a question is a dialogue from its first word to the user's last."""
    speakers = ["user" if hit["user"] else "bot" for hit in hits]
    if text[: hits[0].start()].strip() or any(a == b for a, b in pairwise(speakers)):
        return False
    last = hits[-1]
    if speakers[-1] == "bot":  # the label that the answer was to follow
        return len(hits) > 3 and not text[last.end() :].strip() and not _LETTER.search(last[0])
    return len(hits) > 2 and not _TASK.search(text, last.end()) and "\n\n" not in text[last.end() :].strip()


def _whole(text: str, hits: list[re.Match[str]]) -> bool:
    """Whether an answer is a dialogue from its first word: labels of user and assistant take turns."""
    if len(hits) < 3 or text[: hits[0].start()].strip() or any(map(_LETTER.search, (hit[0] for hit in hits))):
        return False
    return all((one["user"] is None) != (other["user"] is None) for one, other in pairwise(hits))


def _strong(text: str, hits: list[re.Match[str]], user: re.Match[str]) -> bool:
    """Whether an answer goes on with another turn: the user's line, and the assistant's behind it where both are usual words."""
    if not text[: user.start()].strip() or _LETTER.search(user[0]):
        return False
    later = any(hit["bot"] and hit.start() > user.start() for hit in hits)
    return later and len(hits) > 1 and hits[0] is user


def _asked(record: Record, part: int) -> str:
    layout = record.layout
    return "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < layout.turns[part])


_LETTER = re.compile(r"\b[QA]\b|问|答")  # of examples in a prompt, or of a FAQ
_TEMPLATE = re.compile(r"prompt|template|fine-?tun|alpaca|instruction|提示词|模板|微调|指令|markdown", re.I)
#: A label of something that is no speaker: such texts describe fields or roles.
_FIELD = re.compile(
    rf"(?:^|[。；;！？]\s*)(?!(?:{_USER}|{_BOT})[:：])[\u4e00-\u9fff]{{2,6}}[:：]|\b(?!(?:User|Human|Assistant|AI|Bot):)[A-Z][a-z]+:", re.M
)
_TASK = re.compile(
    r"总结|概括|摘要|分析|判断|翻译|提取|抽取|改写|续写|评价|分类|识别|上[面述文]|以上|根据|回答以下|summar|translat|classif|extract|above|rewrite|analy[sz]e|based on|conversation|dialog",
    re.I,
)
_SCRIPT = re.compile(
    r"对话|采访|访谈|剧本|脚本|台词|小品|相声|聊天|问答|FAQ|Q ?& ?A|翻译|问题和答案|案例|故事|情景|模拟|扮演|角色|话术|(?:作为|是|名|位|个)[^。，\n]{0,6}客服|面试|"
    r"\b(?:dialog(?:ue)?s?|conversations?|interviews?|scripts?|screenplays?|skits?|chat(?:s|bots?)?|translat\w+|questions?|quiz(?:zes)?|story|stories|"
    r"role-?play\w*|scenarios?|exchanges?|transcripts?|prompts?|examples?|play|act as|bots?|scenes?|characters?|continu\w+|messages?)\b",
    re.I,
)
