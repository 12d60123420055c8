from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from sftlint import (  # fmt: skip
    CODE_ASKED,
    FORM_DEMANDS,
    JSON_DEMAND,
    LANGUAGE_DEMAND,
    LENGTH_DEMAND,
    OPTION_DEMAND,
    OPTION_LIST,
    Bad,
    Batch,
    Finding,
    Good,
    Judge,
    Options,
    Phrase,
    Record,
    Rule,
    chat,
    demanded_length,
    demanded_options,
    ignored,
    is_json,
    label,
    listed_options,
    place,
    quote,
    script,
    window,
)


class BrokenConstraint(Rule):
    """An answer that breaks what its own prompt demands.

    A model trained on answers that ignore what their prompt demands learns to ignore it. The prompt says which answers it
    allows, how long one may be, or that it must be JSON or in a language.

    Read are the beginning and the end of the prompt, where instructions stand, and of several demands the last one; and a line
    that lists the options, wherever it stands, where the answer is as short as an option. A length is broken when the answer
    is half as long again as the prompt allows, or half as short: people are lenient here. From a fifth on it is a
    note. Beyond doubt, and a warning, are another number of sentences than was asked for, fewer items in a numbered list or one that is to have an item per line, a hashtag or
    an emoji that is not wanted, a word that must or must not be there, a given beginning or end, one word, capitals, a table, and a
    translation that is in Chinese still, or says the English sentence again.

    Not reported: a demand in the middle of a long text; other case, marks or brackets around an allowed answer; an allowed
    letter with its text ("B. Oslo").
    """

    zh = """回答违反了提示词中的明确要求。

    用无视要求的回答训练，模型就会学着无视要求。提示词写明了允许的回答、长度，或要求使用 JSON、某种语言。

    只看提示词的开头和结尾，指令一般在那里；有多个要求时以最后一个为准。另外，提示词中任何位置列出的选项，在回答与选项一样简短时也会核对。长度超出一半以上，或不足一半，才算违反：人们对长度的要求比较宽松；超出五分之一以上仅作提示。句子数与要求不同、编号列表或要求每行一项的列表项数不足、用了不要的话题标签或表情、缺少必须的词或出现禁用的词、没有按要求开头或结尾、没有只用一个词、没有全部大写、没有使用表格、译文仍是中文或只是重复英文原句，这些确定无疑，属于警告。

    不报告：长文本中间出现的要求；允许的回答仅在大小写、标点或括号上不同；选项字母后附有选项内容（“B. 奥斯陆”）。
    """
    message = Phrase(
        en="the prompt allows only {allowed}; the answer is “{answer}”", zh="提示词要求只回答 {allowed}，而回答是“{answer}”"
    )
    message_length = Phrase(
        en="the prompt says “{said}”; the answer has {count} {unit}", zh="提示词要求“{said}”，而回答有 {count} {unit}"
    )
    message_lacks = Phrase(en="the prompt says “{said}”; the answer lacks {lacks}", zh="提示词要求“{said}”，而回答中没有 {lacks}")
    message_form = Phrase(en="the prompt says “{said}”, which the answer ignores", zh="提示词要求“{said}”，而回答没有照做")
    message_json = Phrase(en="the prompt demands JSON; the answer has none", zh="提示词要求用 JSON 回答，而回答中没有 JSON")
    message_language = Phrase(
        en="the prompt demands an answer in {language}; this one is not", zh="提示词要求用{language}回答，而回答不是{language}"
    )
    suggestion = Phrase(en="answer as the prompt demands, or change the prompt", zh="按提示词的要求改写回答，或修改提示词")
    yields_to = ("empty-target", "placeholder-text", "echoed-prompt")

    good = [
        Good(
            chat("这句话是褒义还是贬义？只回答褒义或贬义。\n他做事一向让人放心。", "褒义。"),
            chat("Is it a fruit? Answer only yes or no.\nCucumber", "Yes"),
            chat("请选择A、B、C中的一个作为答案。\n水的化学式是？A. H2O B. CO2 C. NaCl", "A. H2O"),
            chat("用不超过20个字介绍竹笛。", "竹笛是用竹子做的吹奏乐器，声音清亮，常用来独奏和伴奏。"),
        ),
        Good(
            chat("这条通知属于哪一类？周三有人来讲航海史。\n类别：放假，讲座，招聘，活动\n答案：", "讲座、活动"),
            chat("Which desk takes this letter? I want to buy a boat.\nOptions: cards, loans, savings", "Loans, as a boat is paid off over years."),
            chat("Half of seven?\nOptions: (A) 3, (B) 3.5, (C) 4", "B"),
        ),
        Good(
            chat("Name a river in at most ten words.", "The Danube."),
            chat("Write a function that returns only true or false.", "def check(n): return n > 3"),
            chat("Describe rain. Respond in English.", "Water that falls from clouds."),
            chat("How do I return only JSON from a view?", "Set the content type and dump a dict."),
            chat("Translate into French: Radio Nova, Café Müller", "Radio Nova, Café Müller"),
        ),
    ]
    bad = [
        Bad(chat("这句话是褒义还是贬义？只回答褒义或贬义。\n他做事一向让人放心。", "这句话在夸人。")),
        Bad(chat("Is it a fruit? Answer only yes or no.\nCucumber", "Botanically it is, although cooks disagree.")),
        Bad(
            chat("这条通知属于哪一类？图书馆周五闭馆盘点。\n类别：放假，讲座，招聘，活动\n答案：", "盘点"),
            chat("Which desk takes this letter? My card was swallowed.\nOptions: cards, loans, savings", "machines"),
            at=(0, 1),
        ),
        Bad(
            chat(
                "用不超过20个字介绍竹笛。",
                "竹笛是中国流传最广的吹奏乐器之一，用天然的竹子做成，有吹孔、膜孔和六个音孔，声音清亮圆润，既能独奏也能伴奏，从北方的梆子到南方的丝竹都少不了它。",
            )
        ),
        Bad(
            chat(
                "潮汐是怎么来的？请用一句话回答。",
                "海水受到月亮的吸引。太阳也有作用，只是小一些。地球自转让涨落每天出现两次。浅滩上尤其明显。",
            )
        ),
        Bad(
            chat(
                "Tell me about the heron. Limit your answer to 12 words.",
                "The heron is a tall grey bird that stands in shallow water for hours, waits for a fish to swim by, and then strikes with its beak.",
            )
        ),
        Bad(chat("列出五种春天开的花。", "1. 迎春\n2. 海棠\n3. 杏花")),
        Bad(chat("Write three sentences about harbours.", "Harbours shelter ships. They are busy.")),
        Bad(chat("写一条宣传灯塔的短文案，不要使用话题标签。", "登塔看海，一眼百年。#灯塔"), chat("请用以下词语写一句话：海风、渔网", "渔网晒在岸边。"), at=(0, 1)),
        Bad(chat("提取人名，以JSON格式输出。\n小林和阿芳去了码头。", "文中提到了小林和阿芳两个人。")),
        Bad(
            chat("Return only JSON with the keys name and job: Ida is a baker.", "name: Ida, job: baker"),
            chat("Do owls hunt by day? Reply with yes or no only.", "Owls hunt at night, with a few exceptions."),
            chat("Name four rivers, one per line.", "Elbe\nDrava"),
            chat("给我四个表示快的字，一行一个", "疾\n速"),
            chat("Translate to Italian: My sister sells the old boat.", "My sister is selling the boat."),
            chat("仅用“对”或“错”回答：蝙蝠是鸟。", "蝙蝠属于哺乳动物。"),
            at=(0, 1, 2, 3, 4, 5),
        ),
        Bad(chat("雨是怎么形成的？请用英文回答。", "水汽上升遇冷，凝结成小水滴，落下来就是雨。")),
    ]

    options, listed, lengths, json, language = OPTION_DEMAND, OPTION_LIST, LENGTH_DEMAND, JSON_DEMAND, LANGUAGE_DEMAND
    forms = FORM_DEMANDS

    def check(self, batch: Batch) -> Iterator[Finding]:
        done = set()
        for pattern, judge in (
            (self.options, self._options),
            (self.listed, self._listed),
            (self.lengths, self._length),
            (self.json, self._json),
            (self.language, self._language),
            *((pattern, partial(self._form, judge)) for judge, pattern in self.forms.items()),
        ):
            for record, _, _ in batch.prompts.holding(pattern):
                wanted = record.layout.target and record.id not in done and record.target.strip()
                if wanted and (finding := judge(record, window(record))):
                    done.add(record.id)  # one is enough
                    yield finding

    def _options(self, record: Record, prompt: str) -> Finding | None:
        found = demanded_options(prompt)
        return self._unless_one_of(found, record) if found else None

    def _listed(self, record: Record, prompt: str) -> Finding | None:
        found, answer = listed_options(record.question), record.target.strip()
        # A longer answer explains itself, and says which option it means in words of its own.
        if found is None or len(answer) > max(map(len, found.allowed)) + 4 or _ANOTHER.search(record.question):
            return None
        return self._unless_one_of(found, record, limit=80)

    def _unless_one_of(self, options: Options, record: Record, limit: int | None = None) -> Finding | None:
        """What to say of an answer that is none of *options*; these are named in at most *limit* characters, or in full."""
        answer = record.target.strip()
        if options.fits(answer) or _with_letter(answer, options.allowed):
            return None
        allowed = " / ".join(map(quote, options.allowed))
        named = allowed if limit is None else quote(allowed, limit)
        return self.finding(place(record, record.layout.target[0]), allowed=named, answer=quote(answer))

    def _length(self, record: Record, prompt: str) -> Finding | None:
        found = demanded_length(prompt)
        if found is None or not found.missed(record.target):
            return None
        where, count = place(record, record.layout.target[0]), found.count(record.target)
        unit = _UNITS[found.unit]
        unit = Phrase(unit.en.removesuffix("s"), unit.zh) if count == 1 else unit
        severity = None if found.broken(record.target) else "info"
        return self.finding(where, kind="message_length", severity=severity, said=found.said, count=count, unit=unit)

    def _json(self, record: Record, prompt: str) -> Finding | None:
        answer = record.target
        if "{" in answer or "[" in answer or is_json(answer):
            return None
        spoken = prompt.lower()
        start, stop = spoken.find("json") - 40, spoken.rfind("json") + 40  # where the expression needs to look
        if stop < 40 or not (said := self.json.regex.search(prompt, max(0, start), stop)):
            return None
        if _HOW.search(prompt, 0, said.start()) or CODE_ASKED.search(prompt):
            return None
        return self.finding(place(record, record.layout.target[0]), kind="message_json")

    def _language(self, record: Record, prompt: str) -> Finding | None:
        said, used = list(self.language.regex.finditer(prompt)), script(answer := record.target.strip()[:400])
        if not said or len(answer) < (_LEAST_HAN if used == "zh" and not _LATIN.search(answer) else 15) or _TRANSLATE.search(prompt):
            return None
        chinese = (said[-1]["zh"] or said[-1]["en"]) in ("中文", "汉语", "Chinese")
        if used != ("latin" if chinese else "zh"):
            return None
        name = Phrase("Chinese", "中文") if chinese else Phrase("English", "英文")
        return self.finding(place(record, record.layout.target[0]), kind="message_language", language=name)

    def _form(self, judge: Judge, record: Record, prompt: str) -> Finding | None:
        # A short prompt is instruction throughout; examples show how other prompts are answered.
        prompt = record.question if len(record.question) <= SHORT else prompt
        if len(prompt) > LONG_EXAMPLE and _EXAMPLE.search(prompt):
            return None
        found = ignored(judge, prompt, record.target.strip())
        if found is None:
            return None
        where, said = place(record, record.layout.target[0]), quote(found.said, 60)
        severity = None if found.sure else "info"
        if found.unit:
            unit = _UNITS[found.unit]
            unit = Phrase(unit.en.removesuffix("s"), unit.zh) if found.number == 1 else unit
            return self.finding(where, kind="message_length", severity=severity, said=said, count=found.number, unit=unit)
        if found.lacks:
            return self.finding(where, kind="message_lacks", severity=severity, said=said, lacks=quote(found.lacks))
        return self.finding(where, kind="message_form", severity=severity, said=said)


_LEAST_HAN, _LATIN = 8, re.compile("[A-Za-z]")  # an answer of fewer characters may be a name
SHORT, LONG_EXAMPLE = 300, 200  # characters of a prompt
_EXAMPLE = re.compile(r"例子|示例|例如|输入[:：]|定义[:：]|\bexample|\binput:", re.I)
_UNITS = {"character": Phrase("characters", "字"), "word": Phrase("words", "个词"), "sentence": Phrase("sentences", "句"), "item": Phrase("items", "项")}
_HOW = re.compile(r"\b(?:how|why|what)\b[^.?!\n]*\Z|(?:如何|怎[样么]|为什么)[^。？！\n]*\Z", re.I)
_TRANSLATE = re.compile(r"翻译|translat", re.I)
_ANOTHER = re.compile(r"另一|再[给加写想]|新的|补充|增加|添加|\banother\b|\bnew\b|\badd\b|\bmore\b|\bsuggest|\binvent", re.I)
_LEAD = re.compile(r"(?i)(?:我?选择?|答案(?:是|为|：|:)|the answer is|answer:)\s*")


def _with_letter(answer: str, allowed: tuple[str, ...]) -> bool:
    """Whether *answer* is an allowed letter or number with its text, or several allowed answers, or one that is announced."""
    bare = _LEAD.sub("", answer, count=1).strip(' “"(（')
    names = sorted(allowed, key=len, reverse=True)
    if all(len(name) <= 2 and name.isascii() for name in names):
        return any(bare.startswith(name) and not bare[len(name) : len(name) + 1].isalnum() for name in names)
    known = {label(name) for name in names}
    return label(bare) in known or all(label(part) in known for part in re.split(r"[、,，/\s]+", bare.strip(" .。")))
