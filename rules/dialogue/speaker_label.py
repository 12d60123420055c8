from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Self

from sftlint import (
    Answers,
    Bad,
    Batch,
    Finding,
    Fix,
    Good,
    Learned,
    Pattern,
    Phrase,
    Record,
    Rule,
    Sample,
    Tally,
    chat,
    place,
    replace,
)

_SPEAKERS = "用户|人类|(?:小|AI|智能)?助[手理]|(?:在线|人工)?客服|AI|机器人|User|Human|(?:AI )?Assistant|Agent|Bot|Chatbot|ChatGPT|GPT(?:-?[34]o?)?|MOSS|Claude|Bard|Gemini|Qwen|Llama|DeepSeek|Kimi|文心一言|通义千问|豆包|ChatGLM|模型|Model"
_ANSWERS = (
    "输出|(?:模型)?回答 ?\\d?|(?:最终|正确|参考)?答案|答|(?:模型)?回复|解答|Output|(?:Final |Generated )?Answer|Ans|(?:Generated )?Response ?\\d?|Reply|Completion|Solution"
)
_LABEL = (
    rf"\s*(?:#{{1,4}}\s*|\*\*|【|\[|<)?(?P<label>(?i:{_SPEAKERS}|{_ANSWERS})|A(?! :|[\]】]))(?:(?:】|\]|>|\*\*)?\s*[:：]|】|\](?!\())"
)


class Openings(Learned):
    """How many answers each label opens."""

    size = 5_000

    def __init__(self, counts: dict[str, int], records: int) -> None:
        self.counts, self.records = counts, records

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for record, _, text in batch.targets:
            found = SpeakerLabel.label.regex.match(text[:40])
            tally.add(found["label"].casefold() if found else "", record.id)
        return tally

    @classmethod
    def learn(cls, summary: Tally | None, sample: Sample) -> Self:
        counts = {str(key): count for key, count, _ in summary or ()}
        return cls(counts, sum(counts.values()))

    def usual(self, label: str) -> bool:
        """Whether *label* opens half of the answers: then it is what the task wants."""
        return self.records >= 20 and self.counts.get(label.casefold(), 0) >= self.records / 2


class SpeakerLabel(Rule):
    """A turn that begins with its speaker's label.

    The model learns to open its answers with `助手：` or `Output:`. The label is left over from a transcript or a prompt template.

    Not reported: dialogues and scripts that were asked for, labels that the prompt itself uses, options (`A:`), `答：` in
    arithmetic, and a label that opens half of all answers, which is the form of the task. User turns are reported for names of
    speakers only, and not where the answer is a label of the set.

    Fix safety: the label may be part of the form that was asked for, so stripping it is unsafe.
    """

    zh = """以说话人标签开头的一轮。

    模型会学着以“助手：”“输出：”之类的标签开头。这类标签多是聊天记录或提示词模板的残留。

    不报告：要求编写的对话和剧本，提示词本身使用的标签，选项（`A:`），算术题中的“答：”，以及半数以上回答共有的标签（那是任务的格式）。
    用户轮次只检查说话人名称，以分类标签作答时也不检查。

    修复安全性：该标签可能是任务要求的格式，因此去除标签属于不安全修复。
    """
    message = Phrase(en="{field} begins with the label {label}", zh="{field} 以标签 {label} 开头")
    suggestion = Phrase(en="strip the label", zh="去掉该标签")
    yields_to = ("flattened-dialogue",)
    learns = (Openings, Answers)

    good = [
        Good(
            chat("写一段顾客和店员的对话。", "用户：有伞吗？\n助手：有的，在门口。"),
            chat("Write a short interview.", "Human: Why?\nAI: Why not?"),
        ),
        Good(chat("下面哪个是水果？\nA. 苹果 B. 椅子", "A：苹果"), chat("小明有3个苹果，吃了1个，还剩多少个？", "答：还剩2个。")),
        Good(
            chat("Translate to Chinese: User: good morning", "用户：早上好"), chat("以“答案：”开头作答，鲸是鱼吗？", "答案：不是")
        ),
        Good(chat("Are two nodes equal?", "A :class:`Node` equals another with the same key.")),
        Good(chat("What is the output of print(1)?", "Output: 1"), chat("What is AI short for?", "AI: artificial intelligence")),
        Good(chat("说说它的配置", "系统：十寸屏，八核。\n内存：16 GB"), chat("Question: who wrote it?", "Nobody knows.")),
    ]
    bad = [
        Bad(chat("推荐一本书", "助手：可以读《边城》。"), fixed=[chat("推荐一本书", "可以读《边城》。")]),
        Bad(chat("把三和五相加。\n输入：3, 5", "输出：8"), fixed=[chat("把三和五相加。\n输入：3, 5", "8")]),
        Bad(
            chat("How far is the moon?", "Assistant: About 384,000 km."),
            fixed=[chat("How far is the moon?", "About 384,000 km.")],
        ),
        Bad(chat("怎样去掉茶垢？", "【回答】用小苏打擦。"), fixed=[chat("怎样去掉茶垢？", "用小苏打擦。")]),
        Bad(chat("Name a prime.", "### Response:\n7"), fixed=[chat("Name a prime.", "7")]),
        Bad(chat("怎样除湿？", "最终答案：开窗通风。"), fixed=[chat("怎样除湿？", "开窗通风。")]),
        Bad(chat("How do I dry boots?", "Claude: Stuff them with paper."), fixed=[chat("How do I dry boots?", "Stuff them with paper.")]),
        Bad(chat("User: is it open?", "Until nine."), fixed=[chat("is it open?", "Until nine.")]),
        Bad(
            chat("谁写的《呐喊》？", "答：鲁迅。", "哪一年？", "1923年。"),
            fixed=[chat("谁写的《呐喊》？", "鲁迅。", "哪一年？", "1923年。")],
        ),
    ]

    label = Pattern(rf"\A{_LABEL}(?!//)(?:\*\*)?\s*", scan=rf"^{_LABEL}".replace("(?P<label>", "(?:").replace("(?! :)", ""))

    def check(self, batch: Batch) -> Iterator[Finding]:
        openings: Openings = batch.learned[Openings]
        labels: Answers = batch.learned[Answers]
        for record, part, text in batch.texts.holding(self.label):
            layout = record.layout
            found = self.label.regex.match(text)
            if not found or not record.sound or part in layout.asides or found.end() == len(text):
                continue
            role, name = layout.roles[layout.turns[part]], found["label"]
            speaker = _SPEAKER.fullmatch(name)
            if role == "assistant":
                question = _before(record, part)
                kept = openings.usual(name) or _wanted(name, question, bool(speaker))
            else:
                kept = role != "user" or not speaker or name.upper() == "AI" or labels.is_label(record.target)
            listed = _LISTED if speaker else _LETTER if name == "A" else _OTHER
            if not kept and not _OTHER.search(text, found.end()) and not listed.search(text, found.end()):
                fix = Fix.of(replace(place(record, part, *found.span()), ""), safe=False)
                yield self.finding(
                    place(record, part, *found.span()), fix=fix, key=name.casefold(), label=f"`{found[0].strip()}`"
                )


_SPEAKER = re.compile(_SPEAKERS, re.I)
_OTHER = re.compile(
    rf"^\s*(?:\*\*)?(?:{_SPEAKERS}|问|问题|答|客户|顾客|Question|Customer|[A-Z]|[A-Z][a-z]+)(?:\*\*)?\s*[:：]", re.M
)
_LISTED = re.compile(r"^[\u4e00-\u9fff]{1,4}[:：]", re.M)
_LETTER = re.compile(r"[BＢ]\s*[.．:：、)）]")
_SCRIPT = re.compile(
    r"对话|采访|访谈|剧本|脚本|台词|小品|相声|聊天记录|翻译|dialog|conversation|interview|script|screenplay|skit|translat", re.I
)
_OPTIONS = re.compile(r"(?:^|[\s(（,，;；])[BＢ]\s*[.．:：、)）]", re.M)
_SUM = re.compile(r"(?s)(?=.*[\d一二两三四五六七八九十半]).*(?:多少|几[个只元本天人次米]|计算|求|=|等于|方程)")
_DIGIT = re.compile(r"\d")
#: Words that a question uses without asking for a label, so that their mere presence in it excuses an answer's label.
_PLAIN = frozenset(("ai", "gpt", "chatgpt", "bot", "机器人", "回复", "reply", "response", "输出", "output", "claude", "bard", "gemini", "qwen", "llama", "deepseek", "kimi",
    "文心一言", "通义千问", "豆包", "chatglm", "模型", "model", "gpt-4", "gpt4", "gpt-3", "gpt4o", "gpt-4o", "moss", "solution", "completion"))


def _before(record: Record, part: int) -> str:
    """The system text and the turn before the text *part*."""
    layout = record.layout
    turn = layout.turns[part]
    return "\n".join(
        record.texts[i] for i in layout.texts if layout.turns[i] == turn - 1 or layout.roles[layout.turns[i]] == "system"
    )


def _wanted(name: str, question: str, speaker: bool) -> bool:
    """Whether *question* makes the label *name* right for its answer."""
    if re.search(rf"{re.escape(name)}\W{{0,3}}[:：]", question, re.I) or (
        name.casefold() in _PLAIN and name.casefold() in question.casefold()
    ):
        return True
    if name == "A":
        return bool(_OPTIONS.search(question))
    return bool(_SCRIPT.search(question) if speaker else (name in ("答", "解答") and _SUM.match(question)) or (name.casefold() == "solution" and _DIGIT.search(question)))
