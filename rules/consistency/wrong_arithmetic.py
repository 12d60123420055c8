from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from sftlint import (
    EQUALS,
    Bad,
    Batch,
    Finding,
    Good,
    Pattern,
    Phrase,
    Record,
    Rule,
    answered_otherwise,
    asked_result,
    chat,
    place,
    quote,
    sums,
)


class WrongArithmetic(Rule):
    """A sum that does not come to what the answer says.

    A model trained on wrong steps learns that steps need not hold. `70 + 40 = 100` stands in a worked solution, or "43*1=" is
    answered with 44.

    Reported are sums of numbers that stand by themselves, notes of a calculator (`<<3*4=13>>`) among them; and answers to a
    question that asks for nothing but a value: a sum, a percentage, the median, mean, sum or largest of a list, a list put in order.

    Not reported: results that are rounded or given in another unit; what may be read in two ways, as `6 / 1/2`; variables, units,
    ranges, remainders; records that speak of other number systems, of mistakes or of riddles.
    """

    zh = """算式的结果与回答中写的不符。

    用错误的步骤训练，模型会学到步骤不必成立。解题过程中写着 `70 + 40 = 100`，或者把“43*1=”答成 44。

    报告的是：独立的数字算式，包括计算器标注（`<<3*4=13>>`）；以及只求一个值的问题的答案：算式、百分数，一列数的中位数、平均数、总和或最大值，数字排序。

    不报告：四舍五入或换算过单位的结果；可能有两种读法的算式，如 `6 / 1/2`；变量、单位、区间、余数；涉及其他进制、找错或谜题的数据。
    """
    message = Phrase(en="“{said}” does not hold: it comes to {value}", zh="“{said}”不成立，应为 {value}")
    message_asked = Phrase(en="the answer gives {said} where {value} is right", zh="回答给出的是 {said}，正确结果是 {value}")
    suggestion = Phrase(en="work it out again, or drop the record", zh="重新计算，或删除该记录")
    yields_to = ("echoed-prompt",)

    good = [
        Good(
            chat("三天一共走了多少公里？", "第一天12公里，第二天8公里，第三天10公里，12+8+10=30公里，平均 30÷3=10 公里。"),
            chat("二进制里一加一等于几？", "在二进制中，1 + 1 = 10。"),
            chat("7/3=", "7/3=2.33"),
        ),
        Good(
            chat("How many halves are in six?", "There are 6 / 1/2 = 12 halves, and 3 x 1 1/2 = 4.5."),
            chat("How long is it in cents?", "It costs 3 * 25 = 75 cents, which is 75 / 100 = $.75."),
            chat("Which call?", "In C, where whole numbers divide:\n\n```\n(1 + 2) * (3 / 4) = 0\n```"),
            chat("What does it print?\n>>> Wheel([0, 4, 3, 2]).min()", "2"),
            chat("What is the median of 3, 9 and 4?", "Sorted they are 3, 4, 9, so the median is 4."),
        ),
    ]
    bad = [
        Bad(chat("每筐18个梨，6筐有几个？", "6筐共有 18×6=106 个梨。"), chat("43*1=", "44"), at=(0, 1)),
        Bad(chat("How many beads are left?", "She had 52 and gave 8 away, so 52 - 8 = 46 beads are left.")),
        Bad(chat("How many eggs fit?", "There are 7*12=<<7*12=94>>94 eggs.")),
        Bad(
            chat("Find the median of these numbers: 8, 3, 6, 1, 9", "8"),
            chat("将以下数字按从小到大排序：7、2、9、4", "2、4、9、7"),
            at=(0, 1),
        ),
    ]

    written = Pattern(EQUALS)
    asked = Pattern(
        r"\d\s*[)）]?\s*[-+*/×÷x−＋－＊／]\s*[(（]?\s*\d|\d\s*[,，、;\s]\s*(?:and )?-?\d|\d ?(?:%|percent) of|\d的(?:百分之)?[\d平立阶算]|(?:root|square|cube|factorial) of \d",
        scan=r"\d\)?\s?[-+*/×÷x−＋－＊／]\s?\(?\d[^\n]{0,30}\n?$|\d[,，、;\n ] ?(?:and )?-?\d[^\n]{0,4}[,，、;\n ] ?(?:and )?-?\d|\d ?(?:%|percent) of|\d的[百\d平立阶算]|(?:root|square|cube|factorial) of \d|\d(?:、|和)\d",
        prompts=True,
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        done = set()
        for record, part, _ in batch.prompts.holding(self.asked):
            layout = record.layout
            if part in layout.question and layout.target and record.id not in done and len(record.question) <= 300:
                results = asked_result(record.question)
                said = results and not _ELSE.search(record.question) and answered_otherwise(record.target, results)
                if results and said:
                    done.add(record.id)
                    yield self.finding(
                        place(record, layout.target[0]), kind="message_asked", said=quote(said), value=", ".join(map(_shown, results))
                    )
        for record, part, text in batch.answers.holding(self.written):
            if record.id in done:
                continue
            for found in sums(text):
                if found.wrong and not _whole(text, found.start, found.said) and not _explained(record, part, text[max(0, found.start - NEAR) : found.stop + NEAR], found.said):
                    where = place(record, part, found.start, found.stop)
                    yield self.finding(where, said=quote(found.said), value=_shown(found.value))
                    break  # what follows builds on it


def _explained(record: Record, part: int, near: str, said: str) -> bool:
    """Whether the prompt, or the text *near* the sum, speaks of other ways of counting or of mistakes, or the prompt has it itself."""
    layout = record.layout
    asked = "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < layout.turns[part])
    bare = "".join(said.split())
    return bool(_ELSE.search(asked) or _ELSE.search(near)) or bare in "".join(asked.split())


def _whole(text: str, start: int, said: str) -> bool:
    """Whether it stands in a code block and divides: there whole numbers divide without a rest."""
    return "/" in said and text.count("```", 0, start) % 2 == 1


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6g}"


NEAR = 200  # characters before and behind a sum that tell how it is meant
_ELSE = re.compile(
    r"二进制|八进制|十六进制|进制|取模|取余|余数|同余|时钟|错误|有误|找错|改错|不正确|不成立|谬|谜|脑筋|找规律|笑话|幽默|骗|悖论|布尔|异或"
    r"|\b(?:binary|octal|hex\w*|modul\w+|mod|base[ -]?\d+|clock|xor|boolean|mistakes?|errors?|incorrect|wrong|false|not equal|riddle|puzzle|fallacy|joke|pun|paradox|trick|remainder|suppose|1984)\b|≠|!=|≡",
    re.I,
)
