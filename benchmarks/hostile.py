"""Sets that say one thing over and over, on which what is quadratic shows.

    python benchmarks/hostile.py near 250000 near.jsonl
    /usr/bin/time -v sftlint check near.jsonl -j1 --isolated

Kinds: `same` (one record), `prompt` (one prompt, each answer another), `answer` (one answer), `template` (two instructions, each
content another), `near` (one word differs), `history` (dialogues of 16 rounds, each a record from every round on).
The same arguments make the same bytes.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from itertools import islice

HAN = (
    "今天明年春夏秋冬山水花鸟鱼虫东西南北上下左右前后大小多少高低远近快慢新旧冷热甜苦酸辣红黄蓝绿黑白金木火土风雨雷电云雪霜露"
    "房屋门窗桌椅书笔纸墨茶饭菜汤酒水果肉蛋米面油盐糖醋父母兄弟姐妹朋友同学老师医生工人农民商人画家作家歌手演员司机厨师警察律"
    "师记者编辑经理店员客人邻居"
)
ENGLISH = (
    "river stone garden letter winter summer market bridge window candle forest mountain harbor village teacher "
    "doctor painter driver kitchen library station museum island valley meadow orchard lantern blanket basket bottle "
    "pencil ribbon mirror ladder hammer engine wagon saddle feather pebble thunder shadow silver golden quiet gentle "
    "narrow bright heavy simple honest curious patient careful sudden distant ancient modern hidden open broken empty "
    "gather carry follow measure answer promise borrow deliver repair polish travel listen wander whisper "
)
SORRY = (
    "非常抱歉给您带来不便，请您提供订单编号和联系方式，我们会在二十四小时之内安排专人与您联系，核实情况以后尽快为您办理退款或者换货，"
    "感谢您的理解与支持，祝您生活愉快。"
)
WORDS = ENGLISH.split()
Turns = Iterator[tuple[str, ...]]


def chinese(r: random.Random) -> str:
    return "，".join("".join(r.choice(HAN) for _ in range(r.randint(8, 14))) for _ in range(2)) + "。"


def english(r: random.Random) -> str:
    return (" ".join(r.choice(WORDS) for _ in range(r.randint(7, 12))) + ".").capitalize()


def same(r: random.Random) -> Turns:
    while True:
        yield "请用一句话介绍苏州园林的特点。", "苏州园林以小见大，讲究借景与曲折，一步一景。"


def prompt(r: random.Random) -> Turns:
    while True:
        yield "请写一段关于春天的短文，要求语言优美，字数在一百字左右，并且描写三种植物。", chinese(r) + chinese(r)


def answer(r: random.Random) -> Turns:
    while True:
        yield chinese(r) + chinese(r), SORRY


def template(r: random.Random) -> Turns:
    while True:
        content = english(r)
        label = r.choice(("positive", "negative"))
        yield "Classify the sentiment of the following review as positive or negative.\n" + content, label
        yield "请判断这句话的情感：" + chinese(r), r.choice(("积极", "消极", "中性"))


def near(r: random.Random) -> Turns:
    words = [r.choice(WORDS) for _ in range(30)]
    said = " ".join(english(r) for _ in range(3))
    while True:
        changed = list(words)
        new = "".join(r.choice("bcdfgklmnprst") + r.choice("aeiou") for _ in range(4))
        changed[r.randrange(30)] = new
        yield f"Please explain the following note to me: {' '.join(changed)}.", said


def history(r: random.Random) -> Turns:
    while True:
        turns: tuple[str, ...] = ()
        for number in range(16):
            speak = chinese if number % 2 else english
            turns = (*turns, speak(r), speak(r))
            yield turns


KINDS: dict[str, Callable[[random.Random], Turns]] = {
    made.__name__: made for made in (same, prompt, answer, template, near, history)
}


def main() -> None:
    if len(sys.argv) != 4 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    kind, count, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with open(path, "w", encoding="utf-8") as out:
        for turns in islice(KINDS[kind](random.Random(7)), count):
            out.write(json.dumps({"context": turns[:-1], "target": turns[-1]}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
