"""A corpus to measure on: context/target records of our own making, the same for the same seed.

Half the records are Chinese and half English; two in five are dialogues. About 1 % have a defect and about 1 % are
copies. Sentences are put together from word lists, so that hardly two are alike and no record is near another unless it
was made to be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, TypeVar

import orjson

DEFECTS, COPIES = 0.01, 0.01  # shares of the records
SEED = 7


class Words:
    """Sentences of one language: templates whose slots (`{noun}`) are filled from word lists."""

    def __init__(self, lists: dict[str, list[str]], templates: list[str], space: str, share: float) -> None:
        self.space, self.share = space, share
        self.lists = lists
        self._parts = [self._split(template) for template in templates]

    def _split(self, template: str) -> list[str | list[str]]:
        pieces = re.split(r"\{(\w+)\}", template)
        return [self.lists[piece] if i % 2 else piece for i, piece in enumerate(pieces)]

    def sentence(self, r: Random) -> str:
        """One sentence, with its mark."""
        text = "".join([part if isinstance(part, str) else one(r, part) for part in one(r, self._parts)])
        if self.space:
            text = _ARTICLE.sub("an ", text)
        if "#" in text:
            text = re.sub("#+", lambda m: str(r.randrange(10 ** (len(m[0]) - 1), 10 ** len(m[0]))), text)
        return text[0].upper() + text[1:]

    def paragraph(self, r: Random, count: int) -> str:
        """A paragraph of *count* sentences."""
        return self.space.join([self.sentence(r) for _ in range(count)])

    def length(self, r: Random, usual: int) -> int:
        """A number of sentences: mostly near *usual*, sometimes several times as many; Chinese sentences are shorter."""
        usual_here = usual * self.share
        return max(1, min(round(r.lognormvariate(0, 0.55) * usual_here), round(usual_here * 5)))

    def word(self, r: Random, kind: str) -> str:
        return one(r, self.lists[kind])


T = TypeVar("T")
_ARTICLE = re.compile(r"\ba (?=[aeiou])")


def one(r: Random, items: Sequence[T]) -> T:
    return items[int(r.random() * len(items))]


def _list(text: str) -> list[str]:
    return [" ".join(item.split()) for item in text.split(",") if item.strip()]


ENGLISH = Words(
    {
        "person": _list(
            """the baker, a nurse, my neighbour, the gardener, an old sailor, the night porter, our teacher, a young surveyor, the ferryman,
            the archivist, a glass blower, the postmaster, a beekeeper, the tram driver, an apprentice, the librarian, a stonemason, the tailor,
            a bus inspector, the cook, her cousin, the mayor, a potter, the watchmaker, a botanist, the harbour pilot, a violin maker, the
            janitor, a map printer, the coach, an accountant, the translator, a mill owner, the vet, a bell founder, the cartographer, my aunt,
            the warden, a photographer, the clerk, an electrician, the conductor, a dressmaker, the forester, the umpire, a widow, the miller"""
        ),
        "noun": _list(
            """barometer, ledger, lantern, orchard, ferry timetable, copper kettle, seed catalogue, window frame, reservoir, loom, chess clock,
            spare wheel, water meter, folding chair, parish record, pear tree, weather map, iron gate, wooden crate, radio mast, fish market,
            stove, printing press, train ticket, pocket knife, canal lock, rope bridge, notebook, greenhouse, telescope, sewing machine,
            bicycle pump, stone wall, choir book, wine cellar, snow plough, tide table, clay oven, pay slip, cable car, harvest report,
            fire door, guest list, steel beam, tool shed, school garden, library card, oil lamp, signal box, drainage ditch, hay loft, tax form,
            pump house, glass jar, mountain hut, ink bottle, heat exchanger, museum label, spare key, rain gauge, ticket machine, soup recipe,
            herb bed, wind turbine, delivery van, floor plan, paint tin, road sign, cheese cellar, flour sack, tennis court, coal barge"""
        ),
        "adjective": _list(
            """narrow, patient, rusty, reliable, damp, quiet, generous, uneven, portable, bright, dusty, careful, hollow, cheap, sturdy, faded,
            northern, awkward, brittle, cautious, forgotten, gentle, heavy, honest, idle, loose, mild, modest, ordinary, polite, remote, rough,
            shallow, simple, slow, spacious, stubborn, sudden, tidy, unusual, useful, warm, weekly, wooden, worn, accurate, borrowed, crooked"""
        ),
        "verb": _list(
            """repaired, measured, sold, painted, borrowed, moved, replaced, described, inspected, counted, carried, photographed, cleaned,
            ordered, labelled, tested, hid, insured, weighed, polished, unpacked, registered, sketched, rebuilt, returned, delivered, closed,
            found, dismantled, exchanged, admired, lent, sharpened, wrapped, numbered, warmed, lifted, questioned, watered, varnished"""
        ),
        "place": _list(
            """near the old mill, behind the station, at the north gate, in the valley, on the second floor, beside the canal, in Lindmoor,
            outside the town hall, along the coast road, in the lower field, under the viaduct, at the edge of Garwick, in the back room,
            above the bakery, on the island, between two hedges, at the foot of the hill, in the covered market, across the river, in Penhurst,
            by the east pier, on the village green, in the cellar, at the crossing, on platform four, next to the school, in the dry dock,
            in the reading room, at the pass, on the terrace, near Ostervale, in the county archive, at the mouth of the tunnel"""
        ),
        "time": _list(
            """last Tuesday, before breakfast, in the spring of 19##, every other week, late in the evening, after the flood, during the fair,
            on the first of March, two winters ago, at half past six, on a foggy morning, between shifts, shortly before noon, in October,
            after ## years, when the bells rang, the day after, throughout the summer, at low tide, within ## minutes, over the weekend"""
        ),
        "reason": _list(
            """because the lease had run out, since nobody else had asked, although it rained, so that the children could see it, for a fee of ##
            crowns, without telling anyone, in spite of the noise, as the manual suggests, because a hinge had cracked, with the help of two
            friends, while the others waited, as a favour, before the price went up, because the old one leaked, to save a trip, so as not to
            wake the guests, for reasons of safety, as part of a wager, since the drawings were lost, though the light was poor"""
        ),
        "claim": _list(
            """it lasts longer that way, the first attempt rarely works, small differences add up, one should keep the receipt, cold water is
            enough, patience pays, the label tells most of it, nobody checks the back, it is cheaper by the dozen, two people are needed, the
            edges matter most, a second opinion helps, the old method is still the best, it must dry for a day, the numbers do not lie, the
            cause is easy to miss, a list prevents most mistakes, the weather decides, it is worth the detour, practice beats theory"""
        ),
        "link": _list(
            "However, Therefore, In practice, As a result, Even so, For example, In the end, By contrast, Above all, Meanwhile, As a rule"
        ),
        "topic": _list(
            """grafting fruit trees, reading a tide table, keeping bees, binding books, baking with rye, sharpening chisels, planning a night
            train journey, insulating an attic, choosing a tent, drying herbs, restoring a chair, learning to juggle, tuning a piano, saving
            water, cataloguing a library, training for a marathon, writing a complaint, teaching fractions, growing mushrooms, mending a net,
            comparing mortgages, brewing tea, caring for leather, navigating by stars, running a food bank, drawing maps, making cheese"""
        ),
    },
    [
        "{person} {verb} the {adjective} {noun} {place} {time}.",
        "{time}, {person} {verb} a {noun} {place}, {reason}.",
        "the {noun} {place} was {adjective}, and {person} {verb} it {time}.",
        "{link}, {claim}, as {person} said of the {adjective} {noun}.",
        "a {noun} that is {adjective} costs about ## crowns, while one {place} costs ###.",
        "if the {noun} is {adjective}, ask {person} {place}; {claim}.",
        "{person} and {person} {verb} the {noun} {reason}.",
        "most people think that {claim}, but {person} {verb} the {noun} {time} and found it {adjective}.",
        "of the ### visitors, ## asked for the {noun}, and {person} {verb} it {place}.",
        "{link}, the {adjective} {noun} {place} is older than the {noun} that {person} {verb}.",
        "there are two reasons for it: {claim}, and {claim}.",
        "keep the {noun} {place} at ## degrees, {reason}.",
        "{person} {verb} it {time}; the {noun} stayed {adjective}.",
        "what {person} calls a {adjective} {noun} is really a {noun} {place}.",
        "nobody {place} remembers who {verb} the {noun} {time}.",
        "{person} writes that {claim}, which {person} {place} doubts.",
        "the {noun} came with a {noun}, a {adjective} {noun} and a list of ## names.",
        "before {time} the {noun} stood {place}; {person} {verb} it {reason}.",
        "do not confuse a {adjective} {noun} with the one that {person} {verb} {time}.",
        "{person} needed ## minutes for the {noun} and {place} another ## for the {noun}.",
        "ask yourself first whether the {noun} is {adjective} or merely {adjective}.",
        "between 1### and 2###, the price of a {noun} rose by ## percent, {reason}.",
        "the trick with a {adjective} {noun} is that {claim}.",
        "{link}, {person} {verb} the {noun}, and {person} {verb} the {noun} {place}.",
        "it was {person} who {verb} the {noun}, not {person}.",
    ],
    " ",
    0.85,
)

CHINESE = Words(
    {
        "person": _list(
            """面包师, 护士小周, 邻居, 园丁, 老船长, 值夜班的门卫, 班主任, 测量员, 摆渡人, 档案员, 吹玻璃的师傅, 邮政所长, 养蜂人, 电车司机, 学徒,
            图书管理员, 石匠, 裁缝, 检票员, 厨师长, 表姐, 镇长, 陶艺师, 钟表匠, 植物学家, 引航员, 制琴师, 保洁阿姨, 印刷工, 教练, 会计, 翻译,
            磨坊主, 兽医, 铸钟匠, 绘图员, 姑妈, 管理员, 摄影师, 办事员, 电工, 乐队指挥, 护林员, 裁判, 木匠老陈, 船厂工程师, 茶农, 药剂师"""
        ),
        "noun": _list(
            """气压计, 账本, 马灯, 果园, 轮渡时刻表, 铜水壶, 种子目录, 窗框, 水库, 织布机, 棋钟, 备胎, 水表, 折叠椅, 族谱, 梨树, 天气图, 铁门,
            木箱, 天线塔, 鱼市, 炉子, 印刷机, 火车票, 小刀, 船闸, 索桥, 笔记本, 温室, 望远镜, 缝纫机, 打气筒, 石墙, 歌谱, 酒窖, 扫雪车, 潮汐表,
            陶窑, 工资条, 缆车, 收成报告, 防火门, 来宾名单, 钢梁, 工具房, 校园菜地, 借书证, 油灯, 信号楼, 排水沟, 草料棚, 报税单, 泵房, 玻璃罐,
            山间小屋, 墨水瓶, 换热器, 展品标签, 备用钥匙, 雨量筒, 售票机, 汤谱, 药草圃, 风力发电机, 送货车, 平面图, 油漆桶, 路牌, 奶酪, 面粉袋"""
        ),
        "adjective": _list(
            """狭窄, 耐心, 生锈, 可靠, 潮湿, 安静, 宽敞, 不平整, 轻便, 明亮, 积满灰尘, 仔细, 空心, 便宜, 结实, 褪色, 偏北, 笨重, 易碎, 谨慎,
            被遗忘, 温和, 沉重, 诚实, 闲置, 松动, 朴素, 普通, 偏远, 粗糙, 浅, 简单, 缓慢, 倔强, 突然, 整洁, 少见, 实用, 暖和, 破旧, 精确"""
        ),
        "verb": _list(
            """修好了, 量了量, 卖掉了, 重新刷了, 借走了, 搬走了, 换下了, 描述了, 检查了, 清点了, 扛走了, 拍下了, 擦干净了, 订购了, 登记了, 测试了,
            藏起了, 称了称, 打磨了, 拆开了, 画下了, 重建了, 归还了, 送来了, 关上了, 找到了, 拆除了, 调换了, 借出了, 磨快了, 包好了, 抬起了"""
        ),
        "place": _list(
            """老磨坊旁边, 车站后面, 北门口, 山谷里, 二楼, 运河边, 林沼镇, 市政厅外, 海滨路上, 下游的田里, 高架桥下, 嘉威克村口, 后屋里, 面包店楼上,
            岛上, 两道篱笆之间, 山脚下, 室内集市里, 河对岸, 彭家坝, 东码头, 村口的草地上, 地窖里, 岔路口, 四号站台, 学校隔壁, 干船坞里, 阅览室,
            垭口, 露台上, 县档案馆, 隧道出口, 青石巷, 柳湾"""
        ),
        "time": _list(
            """上周二, 早饭前, 19##年春天, 每隔一周, 深夜, 洪水退去以后, 庙会期间, 三月初一, 两年前的冬天, 六点半, 一个大雾的早晨, 换班的时候,
            快到中午时, 十月里, ##年之后, 钟声响起时, 第二天, 整个夏天, 退潮时, ##分钟之内, 周末"""
        ),
        "reason": _list(
            """因为租约到期了, 因为没有别人来问, 虽然下着雨, 好让孩子们看见, 收了##元工钱, 谁也没有告诉, 尽管周围很吵, 照着说明书的建议,
            因为合页裂了, 在两个朋友的帮助下, 其他人在一旁等着, 算是帮忙, 赶在涨价之前, 因为旧的漏水, 省得再跑一趟, 免得吵醒客人, 出于安全考虑,
            算是打赌输了, 因为图纸丢了, 尽管光线不好"""
        ),
        "claim": _list(
            """这样更耐用, 第一次很少成功, 细微的差别会累积起来, 最好留着收据, 冷水就够了, 有耐心总有回报, 标签上写得很清楚, 没有人检查背面,
            成打买更便宜, 至少需要两个人, 边角最要紧, 多问一个人有好处, 老办法仍然最好, 必须晾一整天, 数字不会骗人, 原因很容易被忽略,
            列个清单能避免大多数错误, 要看天气, 值得绕一段路, 熟能生巧"""
        ),
        "link": _list("不过, 因此, 在实践中, 结果, 即便如此, 例如, 最后, 相比之下, 最重要的是, 与此同时, 一般来说"),
        "topic": _list(
            """果树嫁接, 看潮汐表, 养蜂, 装订图书, 做黑麦面包, 磨凿子, 安排夜车行程, 给阁楼做保温, 挑选帐篷, 晾晒草药, 翻新旧椅子, 学抛球, 给钢琴调音,
            家庭节水, 整理书目, 备战马拉松, 写投诉信, 讲解分数, 种蘑菇, 修补渔网, 比较房贷, 泡茶, 保养皮具, 观星辨向, 经营食物银行, 绘制地图, 做奶酪"""
        ),
    },
    [
        "{time}，{person}在{place}{verb}那个{adjective}的{noun}。",
        "{person}{verb}{noun}，{reason}。",
        "{place}的{noun}很{adjective}，{person}{time}{verb}它。",
        "{link}，{claim}，{person}谈到那个{adjective}的{noun}时这样说。",
        "一个{adjective}的{noun}大约要##元，{place}的要###元。",
        "如果{noun}比较{adjective}，可以去{place}找{person}，{claim}。",
        "{person}和{person}一起{verb}{noun}，{reason}。",
        "大多数人以为{claim}，但{person}{time}{verb}{noun}，发现它其实很{adjective}。",
        "###位来客中有##位问起{noun}，{person}在{place}{verb}它。",
        "{link}，{place}那个{adjective}的{noun}，比{person}{verb}的{noun}还要早。",
        "原因有两个：一是{claim}，二是{claim}。",
        "把{noun}放在{place}，温度保持在##度，{reason}。",
        "{person}{time}{verb}它，{noun}还是那么{adjective}。",
        "{person}所说的{adjective}的{noun}，其实就是{place}的{noun}。",
        "{place}没有人记得{time}是谁{verb}{noun}。",
        "{person}写道，{claim}，{place}的{person}却不这么看。",
        "随{noun}一起送到的还有{noun}、一个{adjective}的{noun}，以及一份##人的名单。",
        "{noun}原来放在{place}，{person}{reason}，{time}{verb}它。",
        "不要把{adjective}的{noun}和{person}{time}{verb}的那一个混为一谈。",
        "{person}在{noun}上花了##分钟，又在{place}花了##分钟。",
        "先问问自己，{noun}到底是{adjective}，还是只是{adjective}。",
        "从1###年到2###年，{noun}的价格涨了百分之##，{reason}。",
        "用{adjective}的{noun}，窍门在于{claim}。",
        "{link}，{person}{verb}{noun}，{person}则在{place}{verb}{noun}。",
        "{verb}{noun}的是{person}，不是{person}。",
    ],
    "",
    1.4,
)


# --- what a record is about: each function makes the turns of one -----------------------------------------------------

Turns = list[str]


def _explain(r: Random, w: Words, zh: bool) -> Turns:
    topic, person = w.word(r, "topic"), w.word(r, "person")
    asked = one(r, _EXPLAIN[zh]).format(topic=topic, person=person)
    paragraphs = [w.paragraph(r, w.length(r, 4)) for _ in range(r.choice((1, 2, 2, 3, 4)))]
    return [asked + (w.space + w.sentence(r) if r.random() < 0.6 else ""), "\n\n".join(paragraphs)]


_EXPLAIN = (
    [
        "What should {person} know about {topic}?", "Explain {topic} to {person}.", "How would {person} begin with {topic}?",
        "Why do people fail at {topic}?", "Write a short text on {topic} in the voice of {person}.", "Is {topic} worth the effort?",
        "Compare two ways of {topic}.", "I am new to {topic} and know only {person}. What now?", "Give {person} advice on {topic}.",
    ],
    [
        "关于{topic}，{person}需要知道什么？", "请向{person}解释{topic}。", "{person}要怎样开始{topic}？", "为什么很多人做不好{topic}？",
        "以{person}的口吻写一段关于{topic}的短文。", "{topic}值得花时间吗？", "比较{topic}的两种做法。", "我刚接触{topic}，只认识{person}，接下来该怎么办？",
        "给{person}一些{topic}方面的建议。",
    ],
)  # fmt: skip


def _steps(r: Random, w: Words, zh: bool) -> Turns:
    topic, noun = w.word(r, "topic"), w.word(r, "noun")
    asked = f"{topic}有哪些步骤？手边只有一个{noun}。" if zh else f"Which steps does {topic} take, if all I have is a {noun}?"
    mark = one(r, ("{}. ", "- ", "{}) ", "* "))
    return [asked, "\n".join(mark.format(i + 1) + w.paragraph(r, w.length(r, 2)) for i in range(r.randint(3, 8)))]


def sentiment(r: Random, w: Words, zh: bool) -> Turns:
    text = w.paragraph(r, w.length(r, 4))
    if zh:
        return [f"判断下面这段文字的情感，只回答积极或消极。\n{text}", one(r, ("积极", "消极"))]
    return [f"Is the following text positive or negative? Answer with one word.\n{text}", one(r, ("positive", "negative"))]


def _summary(r: Random, w: Words, zh: bool) -> Turns:
    text = "\n".join(w.paragraph(r, w.length(r, 5)) for _ in range(r.randint(2, 4)))
    return [
        ("用一句话概括下文：\n" if zh else "Sum up the text below in a sentence or two.\n\n") + text,
        w.paragraph(r, r.randint(1, 2)),
    ]


def extract(r: Random, w: Words, zh: bool) -> Turns:
    found = {"person": w.word(r, "person"), "object": w.word(r, "noun"), "price": r.randrange(5, 900)}
    text = w.paragraph(r, w.length(r, 3))
    asked = (
        "从下文中抽取人物、物品和价格，用 JSON 回答。"
        if zh
        else "Extract person, object and price from the text; answer in JSON."
    )
    said = (
        f"{found['person']}花{found['price']}元买了{found['object']}。"
        if zh
        else f"{found['person']} paid {found['price']} crowns for the {found['object']}."
    )
    return [f"{asked}\n{text}{w.space}{said}", orjson.dumps(found, option=orjson.OPT_INDENT_2 * (r.random() < 0.5)).decode()]


def _code(r: Random, w: Words, zh: bool) -> Turns:
    name = one(r, _NAMES) + "_" + one(r, _NAMES)
    a, b, c = (r.randrange(2, 99) for _ in range(3))
    body = one(r, _BODIES).format(name=name, a=a, b=b, c=c, x=one(r, _NAMES), y=one(r, _NAMES))
    asked = (
        f"用 Python 写一个函数 {name}，并说明它的用法。" if zh else f"Write a Python function `{name}` and say how to call it."
    )
    before, after = w.paragraph(r, w.length(r, 2)), w.paragraph(r, w.length(r, 3))
    return [asked + w.space + w.sentence(r), f"{before}\n\n```python\n{body}\n```\n\n{after}"]


_NAMES = _list(
    "count, merge, parse, rows, total, index, shift, pairs, window, limit, prefix, items, graph, queue, depth, price, table, cache, route, score"
)
_BODIES = (
    "def {name}({x}, {y}={a}):\n    total = 0\n    for i, item in enumerate({x}):\n        if item % {b} < {y}:\n            total += item * {c}\n    return total",
    "def {name}({x}):\n    # first pass\n    seen = {{}}\n    for key, value in {x}.items():\n        seen.setdefault(value, []).append(key)\n    return [k for k, v in seen.items() if len(v) > {a}]",
    "class {name}:\n    def __init__(self, {x}={a}):\n        self.{x} = {x}\n\n    def {y}(self):\n        return self.{x} ** 2 - {b} * self.{x} + {c}",
    'import re\n\ndef {name}({x}):\n    """Split at every {a}th mark."""\n    parts = re.split(r"[;,]\\s*", {x})\n    return {{p: len(p) for p in parts if len(p) < {b}}}',
)


def _maths(r: Random, w: Words, zh: bool) -> Turns:
    a, b, c = r.randrange(12, 480), r.randrange(3, 60), r.randrange(2, 19)
    person, noun = w.word(r, "person"), w.word(r, "noun")
    if zh:
        asked = f"{person}每天清点{a}个{noun}，其中{b}个要退回。{c}天后一共留下多少个？"
        steps = f"每天留下 {a} - {b} = {a - b} 个。\n{c} 天一共 {a - b} × {c} = {(a - b) * c} 个。\n\n所以答案是 $\\boxed{{{(a - b) * c}}}$。"
    else:
        asked = f"Every day {person} counts {a} of the {noun} kind and returns {b}. How many are left after {c} days?"
        steps = f"Each day {a} - {b} = {a - b} are kept.\nIn {c} days that makes {a - b} * {c} = {(a - b) * c}.\n\nThe answer is $\\boxed{{{(a - b) * c}}}$."
    return [asked + w.space + w.paragraph(r, w.length(r, 2)), w.paragraph(r, w.length(r, 2)) + "\n" + steps]


def _table(r: Random, w: Words, zh: bool) -> Turns:
    heads = ("物品", "地点", "数量") if zh else ("Item", "Place", "Count")
    rows = [f"| {w.word(r, 'noun')} | {w.word(r, 'place')} | {r.randrange(1, 500)} |" for _ in range(r.randint(3, 9))]
    asked = w.paragraph(r, w.length(r, 4)) + ("\n请整理成表格。" if zh else "\nPut this into a table.")
    return [asked, "\n".join([f"| {' | '.join(heads)} |", "| --- | --- | ---: |", *rows]) + "\n\n" + w.sentence(r)]


def _talk(r: Random, w: Words, zh: bool) -> Turns:
    """A dialogue of two to six questions and answers."""
    turns = []
    for _ in range(r.choice((2, 2, 3, 3, 4, 6))):
        turns += [
            one(r, _ASKED[zh]).format(
                topic=w.word(r, "topic"), noun=w.word(r, "noun"), person=w.word(r, "person"), place=w.word(r, "place")
            )
        ]
        if r.random() < 0.5:
            turns[-1] += w.space + w.sentence(r)
        turns += [w.paragraph(r, w.length(r, 3))]
    return turns


_ASKED = (
    [
        "Where can I find the {noun}?", "And what does {person} say?", "Could you say more about {topic}?", "How long does {topic} take {place}?",
        "What if the {noun} breaks?", "Who looks after the {noun} {place}?", "Is there another {noun} {place}?", "Why not ask {person}?",
        "I have read that {person} prefers {topic}. Is that so?", "What would you do {place}?", "Which {noun} do you mean?",
    ],
    [
        "{noun}在哪里能找到？", "那{person}怎么说？", "能再讲讲{topic}吗？", "在{place}做{topic}要多久？", "如果{noun}坏了怎么办？",
        "{place}的{noun}由谁管？", "{place}还有别的{noun}吗？", "为什么不去问{person}？", "听说{person}更喜欢{topic}，是真的吗？",
        "换成你，在{place}会怎么做？", "你说的是哪一个{noun}？",
    ],
)  # fmt: skip

KINDS: tuple[tuple[Callable[[Random, Words, bool], Turns], int], ...] = (
    (_explain, 24), (_steps, 8), (sentiment, 6), (_summary, 6), (extract, 4), (_code, 5), (_maths, 4), (_table, 3), (_talk, 40),
)  # fmt: skip
_DRAW = [kind for kind, weight in KINDS for _ in range(weight)]


# --- defects: each function spoils a record, or gives the bytes of a line ---------------------------------------------


def _insert(text: str, r: Random, what: str) -> str:
    at = r.randrange(len(text) + 1)
    return text[:at] + what + text[at:]


def _in_target(what: str) -> Callable[[dict[str, Any], Random], Any]:
    return lambda record, r: record.update(target=_insert(record["target"], r, what))


def _unquoted(record: dict[str, Any], r: Random) -> bytes:
    return orjson.dumps(record).replace(b'"], "target"', b'], "target"').replace(b'"],"target"', b'],"target"')


SPOIL: tuple[Callable[[dict[str, Any], Random], Any], ...] = (
    _in_target("\x08"),
    _in_target("\u200b"),
    _in_target("锟斤拷"),
    _in_target("<|im_end|>"),
    _in_target("&nbsp;<br/>"),
    lambda record, r: record.update(target=record["target"].replace(" ", "\\n").replace("，", "\\n")),
    lambda record, r: record.update(target=""),
    lambda record, r: record.update(target="TODO"),
    lambda record, r: record.update(target=record["context"][-1]),
    lambda record, r: record.update(target=("用户：" if "的" in record["target"] else "User: ") + record["target"]),
    lambda record, r: record.update(target=record["target"][: len(record["target"]) * 2 // 3].rstrip("。.\n") + "，"),
    lambda record, r: record.update(target=record["target"] + record["target"][-40:] * 8),
    lambda record, r: record.update(context=[*record["context"], record["target"]]),
    lambda record, r: record.update(target=f"https://example.com/{r.randrange(10**6)}"),
    lambda record, r: record.update(target=record["target"] + f" 13{r.randrange(10**8, 10**9)}"),
    lambda record, r: record.update(target=r.randrange(99)),
    lambda record, r: record.update(targte=record.pop("target")),
    _unquoted,
)


def record(r: Random) -> dict[str, Any]:
    """One sound record."""
    chinese = r.random() < 0.5
    turns = one(r, _DRAW)(r, CHINESE if chinese else ENGLISH, chinese)
    return {"context": turns[:-1], "target": turns[-1]}


def lines(seed: int = SEED) -> Iterator[bytes]:
    """Endless lines of the corpus, without their line ends."""
    r = Random(seed)
    earlier: list[dict[str, Any]] = []
    while True:
        chance = r.random()
        if chance < COPIES and earlier:
            made = _copy(one(r, earlier), r)
            yield orjson.dumps(made)
            continue
        made = record(r)
        if r.random() < 0.02:
            if len(earlier) < 2000:
                earlier.append(made)
            else:
                earlier[r.randrange(2000)] = made
        if chance > 1 - DEFECTS:
            spoilt = {"context": list(made["context"]), "target": made["target"]}
            line = one(r, SPOIL)(spoilt, r)
            yield line if isinstance(line, bytes) else orjson.dumps(spoilt)
        else:
            yield orjson.dumps(made)


def _copy(earlier: dict[str, Any], r: Random) -> dict[str, Any]:
    """The same record, or every other time one that is nearly the same."""
    if r.random() < 0.5:
        return earlier
    target = earlier["target"]
    words = target.split(" ") if " " in target else re.split("(?<=，)", target)
    for _ in range(max(len(words) // 40, 1)):
        words[r.randrange(len(words))] = one(r, ("perhaps", "也许，", "indeed", "的确，"))
    return {"context": earlier["context"], "target": (" " if " " in target else "").join(words)}


def write(path: str, records: int = 0, size: int = 0, seed: int = SEED) -> int:
    """Write *records* lines, or *size* bytes, to *path*; how many lines there are."""
    count = written = 0
    with open(path, "wb") as stream:
        for line in lines(seed):
            stream.write(line + b"\n")
            count, written = count + 1, written + len(line) + 1
            if count == records or (size and written >= size):
                return count
    return count
