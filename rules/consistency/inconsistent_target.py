from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sftlint import (  # fmt: skip
    Bad,
    Batch,
    Contract,
    Finding,
    Fix,
    Good,
    Phrase,
    Record,
    Rule,
    Run,
    Tally,
    Template,
    Templates,
    chat,
    label,
    place,
    quote,
    replace,
    script,
    window,
)

_PLACES = (
    "房间朝南，窗外能看到一片湖",
    "早餐的豆浆是现磨的",
    "电梯等了十分钟才来",
    "前台把我的预订弄丢了",
    "泳池的水很凉",
    "停车场晚上没有灯",
)
_ENDS = ("，我下次还会再来住几天。", "，孩子们都念念不忘。", "，朋友听了直摇头。", "，写在这里给大家参考。")
REVIEWS = [
    chat(f"判断这条酒店评论是好评还是差评：\n{one}{two}", "好评" if (i + k) % 3 else "差评")
    for i, one in enumerate(_PLACES) for k, two in enumerate(_ENDS)
]  # fmt: skip
_THINGS = ("lamp", "chair", "kettle", "mirror", "ladder", "basket", "clock", "pillow", "drawer", "carpet", "candle")
ORDERS = [
    chat(f"Extract the item and the count from the order as a record.\nOrder: please send {n} of the {thing}s to {town}",
         f'{{"item": "{thing}", "count": {n}}}')
    for n, thing in enumerate(_THINGS, 2) for town in ("Oslo before the weekend", "my aunt who lives near the Lisbon harbour")
]  # fmt: skip

_POLITELY = ("真不好意思，", "打扰一下，", "劳驾，", "恕我直言，", "冒昧说一句，")
_SAID = [f"{one}{two}" for one in _PLACES for two in _ENDS] + [
    f"{thing}在第{n}排" for n, thing in enumerate("茶杯 毛巾 雨伞 钥匙 眼镜 手套 帽子 外套 书包 水壶 相机 地图 闹钟 梳子".split())
]
POLITE = [chat(f"请把下面这一句话说得再客气一些：\n{said}", f"{_POLITELY[n % 5]}{said}") for n, said in enumerate(_SAID)]


class InconsistentTarget(Rule):
    """An answer that breaks the form which all other answers to the same instruction have.

    An answer of another form than the rest of its task teaches the model to break the task. Records that share an instruction are
    one task, and here nearly all of its answers are one of a few labels, JSON with the same keys, a number, in one language, or end in
    a line of one shape.

    What the answers have in common is learned from at least 20 different prompts with the same instruction. A short answer
    beside many labels is a note, since it may be a rare label; so is a label that all others write in another way.

    Not reported: tasks whose answers have no such form; an answer in the language that its own prompt is in or asks for.

    Fix safety: where exactly one label stands in the answer, the fix puts the label in its place. The writer may have meant
    more, so it is unsafe.
    """

    zh = """回答不符合同一指令下其他回答的共同形式。

    形式与同一任务其他回答不同的回答，会教模型破坏任务约定。指令相同的记录属于同一任务，而这里几乎所有回答都是少数几个标签之一、键相同的 JSON、数字、同一种语言，或最后一行有固定格式。

    共同形式从至少 20 个同指令的不同提示词中学得。标签很多时，简短的陌生回答只作提示，因为可能是少见的标签；写法与众不同的标签也只作提示。

    不报告：回答没有共同形式的任务；使用自身提示词的语言或提示词所要求语言的回答。

    修复安全性：回答中恰好含有一个标签时，修复会用该标签替换整个回答。作者可能另有所指，因此属于不安全修复。
    """
    message = Phrase(
        en="{fitting} of {records} answers to “{instruction}” are one of {labels}; this one is “{answer}”",
        zh="“{instruction}”的 {records} 条回答中有 {fitting} 条属于 {labels}，本条为“{answer}”",
    )
    message_form = Phrase(
        en="{fitting} of {records} answers to “{instruction}” are {form}; this one is not",
        zh="“{instruction}”的 {records} 条回答中有 {fitting} 条是{form}，本条不是",
    )
    message_many = Phrase(
        en="{count} answers to “{instruction}” are not {form}, as the others are",
        zh="“{instruction}”有 {count} 条回答不是{form}，与其余回答不一致",
    )
    message_written = Phrase(
        en="the answers to “{instruction}” write this label “{label}”; this one is “{answer}”",
        zh="“{instruction}”的回答把该标签写作“{label}”，本条写作“{answer}”",
    )
    suggestion = Phrase(
        en="answer in the form of the task, or give the record an instruction of its own",
        zh="改为该任务的回答形式；若是另一个任务，请使用不同的指令",
    )
    yields_to = ("broken-constraint", "instruction-drift", "empty-target", "placeholder-text")
    learns = (Templates,)
    scope = "dataset"

    good = [
        Good(*REVIEWS, chat("酒店评论一般写多长？", "没有规定，两三句话就够了，把最要紧的一点写清楚。")),
        Good(*REVIEWS, chat("判断这条酒店评论是好评还是差评：\n早餐种类多，就是排队久。\nC. 一般", "一般")),
        Good(*POLITE, chat("请把下面这一句话说得再客气一些：\n用 compost build --onto main kettle", "请用 compost build --onto main kettle")),
        Good(*ORDERS[:12], chat("How does a lamp work?", "A current heats the wire until it glows.")),
    ]
    bad = [
        Bad(
            *REVIEWS,
            chat("判断这条酒店评论是好评还是差评：\n洗手液的味道很好闻，毛巾也厚。", "我觉得这是一条好评，因为客人很满意。"),
            at=[24],
            fixed=[*REVIEWS, chat("判断这条酒店评论是好评还是差评：\n洗手液的味道很好闻，毛巾也厚。", "好评")],
        ),
        Bad(
            *REVIEWS,
            chat("判断这条酒店评论是好评还是差评：\n枕头高低正好，一觉到天亮。", "“好评”"),
            at=[24],
            fixed=[*REVIEWS, chat("判断这条酒店评论是好评还是差评：\n枕头高低正好，一觉到天亮。", "好评")],
        ),
        Bad(
            *ORDERS,
            chat(
                "Extract the item and the count from the order as a record.\nOrder: nine stools for the school canteen on the hill",
                '{"item": "stool", "number": 9}',
            ),
            at=[22],
        ),
        Bad(
            *ORDERS,
            chat(
                "Extract the item and the count from the order as a record.\nOrder: forty umbrellas, blue ones if you have any",
                "The customer wants forty blue umbrellas.",
            ),
            at=[22],
        ),
    ]

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, template, _ in batch.learned[Templates].members(batch, lambda template: not template.contract.folded):
            contract = template.contract
            if contract.kinds and (kind := contract.breach(record.target)):
                if kind == "labels":
                    if not _offered(record):
                        yield self._unlabelled(record, template)
                elif kind == "written":
                    usual = contract.labels[label(record.target)][0]
                    where = _where(record)
                    fix = Fix.of(replace(where, usual), safe=False) if len(record.layout.target) == 1 else None
                    yield self.finding(where, kind="message_written", severity="info", fix=fix, label=quote(usual),
                                       answer=quote(record.target), **_said(template))  # fmt: skip
                elif kind != "language" or not (_asked(record) or _copied(record, contract)):
                    doubtful = kind == "keys" and contract.fitting < 0.95 * contract.records  # a key may be optional
                    yield self.finding(_where(record), kind="message_form", severity="info" if doubtful else None,
                                       form=_form(kind, contract), **_said(template))  # fmt: skip

    def _unlabelled(self, record: Record, template: Template) -> Finding:
        contract = template.contract
        answer = record.target
        rare = contract.may_hold(label(answer))
        held = [shown for name, (shown, _) in contract.labels.items() if name in answer.casefold()]
        held = [one for one in held if not any(one != other and one in other for other in held)]
        fix = None
        if len(held) == 1 and not rare and len(record.layout.target) == 1:
            fix = Fix.of(replace(_where(record), held[0]), safe=False)
        return self.finding(
            _where(record),
            fix=fix,
            severity="info" if rare else None,
            labels=_labels(contract),
            answer=quote(answer),
            **_said(template),
        )

    def summarise(self, batch: Batch) -> Tally:
        """The records of templates that many answers break."""
        tally = Tally()
        for record, template, number in batch.learned[Templates].members(batch, lambda template: template.contract.folded):
            if kind := template.contract.breach(record.target):
                tally.add((number, kind), record.id)
        return tally

    def finish(self, summary: Tally, run: Run) -> Iterator[Finding]:
        for (number, kind), count, ids in summary:
            template = run.learned[Templates].templates[number]
            form, instruction = _form(kind, template.contract), quote(template.outline)
            yield self.finding(kind="message_many", related=ids, related_total=count, key=f"{number} {kind}", hits=ids,
                               count=count, form=form, instruction=instruction)  # fmt: skip


def _copied(record: Record, contract: Contract) -> bool:
    """Whether the answer is in the language of the others, but for words that it takes over from the question."""
    words = _LATIN.findall(record.target)
    same = contract.language != "latin" and script(_LATIN.sub("", record.target)) == contract.language
    return same and all(word in record.question for word in words)


_LATIN = re.compile("[A-Za-z]+")


def _offered(record: Record) -> bool:
    """Whether the question offers the answer on a line of its own: each has its own options then."""
    answer = record.target.strip()
    lines = map(str.strip, record.question.split("\n")) if 1 < len(answer) <= OPTION else ()
    return any(line.endswith(answer) and len(line) <= len(answer) + MARK for line in lines)


OPTION, MARK = 80, 12  # characters of an option, and of what stands before it, at most


def _where(record: Record) -> Any:
    return place(record, record.layout.target[0])


def _said(template: Template) -> dict[str, Any]:
    contract = template.contract
    return {"fitting": contract.fitting, "records": contract.records, "instruction": quote(template.outline)}


def _labels(contract: Contract) -> str:
    shown = [shown for shown, _ in contract.labels.values()]
    return " / ".join(map(quote, shown[:6])) + (" …" if len(shown) > 6 else "")


def _form(kind: str, contract: Contract) -> Phrase:
    if kind == "labels":
        return (
            Phrase("one of {}", " {} 之一")._replace(en=f"one of {_labels(contract)}", zh=f" {_labels(contract)} 之一").escaped()
        )
    if kind == "language":
        return _LANGUAGES.get(contract.language, Phrase(contract.language, contract.language))
    if kind == "last-line":
        return Phrase(f"closed by a line like “{contract.shape}”", f"以形如“{contract.shape}”的一行结尾").escaped()
    if kind == "keys":
        shown = ", ".join(quote(f"{key} ({usual})" if usual else key, 30) for key, usual in contract.keys[:8])
        return Phrase(f"JSON with {shown}", f"含 {shown} 的 JSON").escaped()
    return Phrase("JSON", " JSON") if kind == "json" else Phrase("numbers", "数字")


_LANGUAGES = {
    "zh": Phrase("in Chinese", "中文"), "latin": Phrase("in Latin letters", "拉丁字母文字"), "ja": Phrase("in Japanese", "日文"),
    "ko": Phrase("in Korean", "韩文"), "ru": Phrase("in Cyrillic letters", "西里尔字母文字"),
}  # fmt: skip
_NAMES = ("翻译", "英文", "英语", "中文", "汉语", "日语", "法语", "韩语", "俄语", "ranslat", "English", "Chinese", "French", "Japanese",
          "Spanish", "German", "Korean", "Russian", "代码", "code")  # fmt: skip


def _asked(record: Record) -> bool:
    """Whether the prompt is in the language of the answer, or speaks of languages."""
    prompt = window(record)
    return script(record.target.strip()[:200]) == script(record.question[-200:]) or any(name in prompt for name in _NAMES)
