from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from operator import add

import xxhash

from sftlint import Bad, Batch, Buckets, Finding, Good, Phrase, Record, Rule, Run, Templates, alike, chat, demanded_options, quote

LOT = 100  # prompts for a worker
MOST = 4  # answers of one prompt that are compared
HEAD = 200  # characters of them
LONGEST = 30  # Chinese characters, or three times as many others


class ContentlessPrompt(Rule):
    """One prompt that leaves open what to answer, with many different answers.

    Nothing in the prompt decides between the answers, so the model learns to make something up. "Write a slogan for me" is
    answered about Beijing here and about Shanghai there.

    Grouped are short prompts that are the same but for words of politeness and the verb of asking: `请帮我写一份宣传文案`
    and `写宣传文案`. Five different answers are a warning; two are enough where the prompt names nothing but a kind of text;
    otherwise three or four are a note.

    Not reported: greetings and small talk; prompts with a system prompt or earlier turns; prompts that allow only a few
    answers; answers that agree.
    """

    zh = """同一个提示词缺少决定答案的信息，却对应许多不同的回答。

    提示词里没有任何依据，模型只能学会随意编造。同样是“请帮我写一份宣传文案”，有的回答写北京，有的写上海。

    除礼貌用语和请求动词外相同的短提示词归为一组，例如“请帮我写一份宣传文案”和“写宣传文案”。有五种不同回答时为警告；提示词中除了文体什么也没有时，两种就够了；否则三四种只作提示。

    不报告：问候和闲聊；带系统提示或有前文的提示词；只允许几种答案的提示词；内容一致的回答。
    """
    message = Phrase(
        en="{records} records share the prompt “{prompt}” and have {targets} different answers; nothing in it decides between them",
        zh="{records} 条数据的提示词都是“{prompt}”，却有 {targets} 种不同的回答，提示词中缺少决定答案的信息",
    )
    suggestion = Phrase(
        en="say in the prompt what decides the answer: for whom, about what, in which style, how long",
        zh="在提示词中写明对象、主题、风格、字数等决定答案的信息",
    )
    scope = "dataset"
    folds = False
    reads_evaluation = False
    learns = (Templates,)

    good = [
        Good(
            chat("请帮我写一份介绍苏州的宣传文案", "小桥流水，粉墙黛瓦，来苏州，慢慢走。"),
            chat("请帮我写一份介绍大连的宣传文案", "海风、啤酒与老电车，大连等你来吹风。"),
        ),
        Good(
            chat("Good evening!", "What can I do for you tonight?"),
            chat("Good evening!", "Hello there, nice to hear from you."),
            chat("Good evening!", "Evening! How was your day?"),
            ignore=("conflicting-targets",),
        ),
        Good(
            chat("水在标准大气压下多少度沸腾？", "水在标准大气压下 100 摄氏度沸腾。"),
            chat("请问水在标准大气压下多少度沸腾？", "在标准大气压下，水在 100 摄氏度沸腾。"),
            chat("水在标准大气压下多少度沸腾", "标准大气压下，水到 100 摄氏度就沸腾。"),
            ignore=("near-duplicate",),
        ),
    ]
    bad = [
        Bad(
            chat("请帮我写一份宣传文案", "苏州，一座泡在水里的城，小桥流水等你来。"),
            chat("帮我写份宣传文案吧", "大连的海风会记得每一个看日出的人。"),
        ),
        Bad(
            chat("Could you please write a short story?", "The lighthouse keeper woke before dawn and found the lamp gone."),
            chat("Write me a short story.", "Mina planted a button in the garden, and a coat grew."),
            chat("please write a short story", "Nobody on the night bus knew who had rung the bell."),
        ),
    ]

    def summarise(self, batch: Batch) -> Buckets | None:
        ids, keys, answers, plain = [], [], [], []
        digest = xxhash.xxh3_64_intdigest
        learned = batch.learned[Templates]
        for record, number in zip(batch.sound, learned.assign(batch).numbers, strict=True):
            texts, layout = record.texts, record.layout
            if len(texts) != 2 or len(texts[0]) > 3 * LONGEST or layout.rounds != 1 or not layout.target:
                continue
            prompt = texts[0]
            if (len(prompt) > LONGEST and not prompt.isascii()) or (number >= 0 and learned.templates[number].closed):
                continue
            key = content(prompt)
            if key and not _TALK.fullmatch(key):
                ids.append(record.id)
                keys.append(digest(key.encode("utf-8", "surrogatepass")))
                answers.append(digest("".join(texts[1][:100].split()).encode("utf-8", "surrogatepass")))
                plain.append(bool(_KIND.fullmatch(key)))
        return Buckets(ids, keys, answers, plain) if ids else None

    def finish(self, summary: Buckets, run: Run) -> Iterator[Finding]:
        groups = []
        for group in summary.groups():
            firsts = dict(zip(group.more[0].tolist()[::-1], group.ids.tolist()[::-1], strict=True))
            if len(firsts) >= (2 if group.more[1][0] else 3):
                groups.append((sorted(firsts.values()), len(firsts), group.ids.tolist(), bool(group.more[1][0])))
        groups.sort(key=lambda group: group[2][0])
        tasks = [(firsts[:MOST], plain) for firsts, _, _, plain in groups]
        lots = [tasks[i : i + LOT] for i in range(0, len(tasks), LOT)]
        shown = (prompt for prompts in run.map(self.differing, lots) for prompt in prompts)
        for (_, targets, ids, plain), prompt in zip(groups, shown, strict=True):
            if prompt:
                severity = None if plain or (targets >= 5 and not _PERSONAL.search(prompt)) else "info"
                yield self.finding(ids[0], severity=severity, related=ids[1:], related_total=len(ids) - 1, hits=ids,
                                   records=len(ids), targets=targets, prompt=quote(prompt))  # fmt: skip

    def differing(self, records: Mapping[int, Record], groups: Sequence[tuple[Sequence[int], bool]]) -> list[str]:
        """Of each group of ids the prompt that they share, if their answers are about different things; else "". Where it is
        *plain* that the prompt leaves it open, answers that are alike but for a name are different."""
        return [self._differing([records[id] for id in ids], plain) for ids, plain in groups]

    def _differing(self, held: list[Record], plain: bool) -> str:
        prompt = held[0].question
        if demanded_options(prompt):
            return ""
        answers = [record.target for record in held]
        pairs = list(combinations([_pairs(answer) for answer in answers], 2))
        similar = sum(alike(one, other) for one, other in pairs) / max(1, len(pairs))
        numbers = {found[0] if (found := _NUMBER.search(answer[::-1])) else "" for answer in answers}  # the last of each
        agree = len(numbers) == 1 and numbers != {""}
        return "" if similar >= (0.8 if plain else 0.4) or (agree and not plain) else prompt.strip()


def content(prompt: str) -> str:
    """What *prompt* says beside politeness, the verb of asking, articles and measure words."""
    bare = prompt.strip(_MARKS).lower()
    if bare.isascii():
        return "".join([word for word in bare.translate(_NO_MARKS).split() if word not in _FILLERS])
    if lead := _LEAD.match(bare):
        bare = bare[lead.end() :]
    if bare[-1:] in _LAST:
        bare = _TRAIL.sub("", bare)
    return "".join(bare.replace("的", "").split()).strip(_MARKS)


_MARKS = " \t\n.。!！?？,，~～"
_NO_MARKS = str.maketrans(dict.fromkeys('.,!?;:"', " "))
_FILLERS = frozenset(
    """please could can would you kindly i want need to me for write create generate make compose draft give tell provide produce a an the some us my""".split()
)
_LEAD = re.compile(
    r"(?:请问|请你?|您|麻烦你?|帮忙|帮我?|给我|为我|替我|我想要|我需要|我想|我要|需要|能不能|能否|可不可以|可以|能"
    r"|写作|创作|撰写|生成|编写|写出?|来|做|讲|说|给出|提供|设计|起草|推荐|一下|[\s,，]"
    r"|[一几两三]?(?:份|篇|个|首|段|封|则|条|句|些|点|本)(?!人|方|共))+"
)
_LAST = frozenset("吗吧呢下份篇个首段写作")
_TRAIL = re.compile(
    r"(?:[,，\s]*(?:请你?|麻烦你?)?(?:帮我|给我|为我)?(?:写|创作|生成|撰写)?(?:一下|一?[份篇个首段])?(?:可以|好)?[吗吧呢]?)$"
)
#: A kind of text, and nothing about it.
_KIND = re.compile(
    r"(?:宣传|推广|产品|活动|营销|广告|短|小|好|优美的?|简短的?|有趣的?|感人的?|原创的?)*的?"
    r"(?:文案|故事|诗歌?|文章|作文|邮件|电子邮件|信|广告|广告语|标语|口号|标题|简介|介绍|新闻稿?|报告|总结|计划|方案|演讲稿?|笑话|小说|散文|剧本|评论|歌词|对联|祝福语?)"
    r"|(?:short|good|nice|funny|creative|interesting|new|catchy|promotional|product|marketing|advertising)*"
    r"(?:story|poem|essay|email|letter|ad|advertisement|slogan|title|article|report|summary|plan|speech|joke|novel|review|song|headline|blogpost|blog|post|paragraph|copy|description|tagline|message|text|tweet|dialogue)(?:copy|text|post)?"
)
_TALK = re.compile(
    r"(?:你|您|大家)?(?:好|早|早上好|晚上好|下午好|晚安|再见|谢谢|在|是谁|叫什么名字|会什么)(?:啊|呀|了|的)?|嗨|哈喽|哈+|嗯+|好的?|是的?|对|不|没有|继续|笑话|"
    r"(?:(?:嗨|你好)[，,]?)?最近(?:如何|怎么样|怎样|好吗)|怎么(?:了|样)|(?:hi|hello|hey)?how(?:is|'?s)?(?:it|everything|life)?going?.*|(?:hi|hello|hey)?how(?:are|do|is).*|hi|hello|hey|good(?:morning|afternoon|evening|night)|bye|goodbye|thanks?|thankyou|yes|no|ok|okay|continue|goon|more|howareyou.*|what'?sup|joke|whoare.*"
)
#: Said to somebody: there are many good replies.
_PERSONAL = re.compile(
    r"(?i)(?<!could )(?<!can )(?<!would )\byou(?:r|rs|rself)?\b|\bmy\b|\bI\b(?! (?:need|want|would))|(?<![请])[你您](?!帮)|(?<![帮给为替])我(?![要想需])"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)*")


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(text[:HEAD].split())
    return frozenset(map(add, letters, letters[1:]))
