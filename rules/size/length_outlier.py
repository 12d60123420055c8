from __future__ import annotations

from collections.abc import Iterator
from math import exp, log

from sftlint import Bad, Batch, Contract, Finding, Good, Phrase, Rule, Templates, chat, place

_SOUPS = ("南瓜", "番茄", "萝卜")
_DETAIL = (
    ("适合在秋天的晚上喝吗", "很适合，热乎乎的一碗下去手脚都暖了，配两片面包就是一顿饭。"),
    ("隔夜以后还能不能再喝", "放冰箱冷藏可以，第二天要煮开再喝，味道会比头一天更浓一些。"),
    ("怎样做才会更香更浓稠", "先把料用小火炒到微微发黄，再加热水慢慢煮，出锅前放一点盐就好。"),
    ("要不要先把皮削干净呢", "嫩的可以不削，洗净切块直接下锅；老的皮硬，还是削掉口感更好。"),
    ("给一岁的孩子可以吃么", "可以少量尝一点，打成细腻的糊，不放盐，观察两天有没有不舒服。"),
    ("煮多久才算真正熟透了", "看筷子能不能轻松扎透，一般水开后再煮二十分钟就差不多了。"),
    ("配什么主食吃最为合适", "配刚出锅的馒头或者烤得焦一点的面包都行，粥就显得太稀了。"),
    ("冬天做会不会凉得太快", "用砂锅就好，关火后还能保温半个钟头，碗也可以先用热水烫一烫。"),
)
SOUPS = [
    chat(f"请用一句话回答厨房里的问题：{soup}汤{asked}？", f"{soup}汤{answer}") for soup in _SOUPS for asked, answer in _DETAIL
]


class LengthOutlier(Rule):
    """An answer many times longer or shorter than all others to the same instruction.

    The model learns when to stop from such an answer too; often two records ran together, it was cut, or a note took its place.

    The length is compared with the median of the task: at least five times as long or as short, and beyond six robust
    standard deviations of the logarithm.

    Not reported: tasks with fewer than 20 records, and those whose answers are labels, JSON or numbers.
    """

    zh = """比同一指令下其他回答长得多或短得多的回答。

    模型也会从这样的回答里学习何时停下；常见原因是两条记录粘在了一起、回答被截断，或用一句说明代替了回答。

    与该任务回答长度的中位数比较：相差五倍以上，并且对数长度超出六个稳健标准差。

    不报告：不足 20 条的任务，以及回答是标签、JSON 或数字的任务。
    """
    message = Phrase(
        en="the answer has {length} characters; those to this instruction usually have about {usual}",
        zh="回答有 {length} 个字符，同一指令的回答通常约 {usual} 个",
    )
    suggestion = Phrase(en="check that the answer is whole, and only one", zh="检查回答是否完整，是否混入了别的内容")
    severity = "info"
    yields_to = ("empty-target", "placeholder-text", "inconsistent-target", "broken-constraint", "instruction-drift")
    learns = (Templates,)

    good = [Good(*SOUPS, ignore=("near-duplicate",))]
    bad = [Bad(*SOUPS, chat("请用一句话回答厨房里的问题：豆腐汤为什么会发酸？", "坏了。"), at=[24], ignore=("near-duplicate",))]

    def check(self, batch: Batch) -> Iterator[Finding]:
        learned = batch.learned[Templates]
        bands = [_band(template.contract) for template in learned.templates]
        for record, _, number in learned.members(batch, lambda template: _band(template.contract) != ANY):
            length = len(record.target.strip())
            if length and not bands[number][0] <= length <= bands[number][1]:
                usual = round(exp(learned.templates[number].contract.length)) - 1
                yield self.finding(place(record, record.layout.target[0]), length=length, usual=usual)


ANY = 0.0, float("inf")


def _band(contract: Contract) -> tuple[float, float]:
    """The lengths that are usual, in characters."""
    if contract.records < 20 or contract.firm or contract.mixed:
        return ANY
    far = max(6 * contract.spread, log(5))
    return (exp(contract.length - far) - 1, exp(contract.length + far) - 1)
