"""What is cut is found, what only ends without a mark is not, and the model of sentence ends depends on no chunk size."""

from __future__ import annotations

import json
import subprocess
import sys
from random import Random

import pytest

from sftlint.config import Config
from sftlint.learned.boundary import SentenceEnds
from sftlint.lint import Result
from sftlint.rule import chat
from sftlint.testing import lint_bytes, to_bytes

CONFIG = Config(select=("truncated-target", "length-cap"))


def lint(*records: object, chunk: int = 1 << 20) -> Result:
    return lint_bytes(to_bytes(records), CONFIG, chunk=chunk)


def sentences(count: int, seed: int = 1) -> list[str]:
    r = Random(seed)
    people, deeds, things = (
        ["渡口的老陈", "邮局的小周", "山下的木匠", "养蜂的姑妈", "值夜的门卫", "磨坊的主人", "学校的会计", "码头的裁缝"],
        ["修好了", "称过了", "卖掉了", "借走了", "擦亮了", "搬走了", "画下了", "包好了"],
        ["铜水壶", "旧账本", "木箱子", "织布机", "望远镜", "雨量筒", "油灯", "缆绳"],
    )
    return [
        "".join(
            f"{r.choice(people)}昨天{r.choice(deeds)}{r.choice(things)}，因为大家都需要{r.choice(things)}。" for _ in range(4)
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    "answer",
    [
        "积极", "Of Mice, Bees and the Men Who Keep Them in Wooden Boxes", "王小明", "https://a.example/very/long/address/of/a/page",
        "E = mc^2 + 3 × 10", "print(sorted(names))", "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡", "今天去爬山了。真开心。#周末 #爬山",
        "Thank you for the talk. It helped a lot.\n\nBest regards,\nAnna Berg", "苹果、香蕉、橘子、葡萄、西瓜、草莓、樱桃、芒果、菠萝", "答：3条",
        "A. 检查结果", "定义域是 (0,1]", "谢谢你！祝一切顺利🎉", "ट्रेन देर से है।", "기차가 늦었습니다. 이번 승강장에서 기다려 주세요", "def f(x):\n    return [x,\n            2]",
        "SELECT name\nFROM people\nWHERE age > 30", "- salt\n- flour\n- water\n- yeast", "A list [1, 2] ends so: x ∈ [0, 1)",
    ],
)  # fmt: skip
def test_answers_that_end_without_a_mark_are_left_alone(answer: str) -> None:
    assert not lint(chat("请回答。", answer)).findings


def test_most_answers_cut_in_prose_are_found() -> None:
    answers, r = sentences(400), Random(2)
    cut = set(r.sample(range(len(answers)), 30))
    for i in cut:
        answers[i] = answers[i][: r.randrange(40, len(answers[i]) - 3)].rstrip("。")
    result = lint(*(chat(f"{i}号那天怎么样？", answer) for i, answer in enumerate(answers)))
    assert len({f.place.record for f in result.findings if f.place}) >= 0.6 * len(cut)


@pytest.mark.parametrize(
    ("asked", "reported"), [("昨天怎么样？", True), ("翻译成中文：\nthe old man sold the lamp of '%s'", False)]
)
def test_a_message_without_a_last_mark_is_translated_without_one(asked: str, reported: bool) -> None:
    answers = sentences(400)
    records = [chat(f"{i}号那天怎么样？", answer) for i, answer in enumerate(answers)]
    cut = [chat(asked, answer[: -3 - i].rstrip("，。")) for i, answer in enumerate(sentences(20, 3))]
    assert bool(lint(*records, *cut).findings) is reported


def test_where_most_answers_stop_without_a_mark_that_is_no_sign_of_a_cut() -> None:
    """Entries of a dictionary close with where an example is from, and no sentence ends so."""
    works = ["《渡口纪事》第三回", "《山下人家》第二折", "《值夜》续编之五", "《码头旧闻》上卷"]
    entries = [f"{text}★某某{works[i % 4]}" if i % 3 else text for i, text in enumerate(sentences(400))]
    found = lint(*(chat(f"第{i}个词是什么意思？", entry) for i, entry in enumerate(entries))).findings
    assert not found


def test_the_model_depends_on_no_chunk_size() -> None:
    records = [chat(f"{i}？", text[: 60 + i]) for i, text in enumerate(sentences(200))]
    models = [lint(*records, chunk=chunk).setup.learned[SentenceEnds] for chunk in (9000, 1 << 20)]
    assert len({model.limits for model in models}) == 1
    assert len({model._keys.tobytes() for model in models}) == 1


def test_the_segmenter_prints_nothing_and_is_loaded_late() -> None:
    answer = "皮鞋要经常擦油。不穿的时候应该放在通风的地方，并且"
    code = (
        "import sys; from sftlint.texts.endings import tail; assert 'rjieba' not in sys.modules; "
        f"from sftlint.texts.dangling import dangling; print(dangling({json.dumps(answer)}, True))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"{len(answer) - 2}\n", "")


def test_a_limit_is_found_below_the_answers_of_another_source() -> None:
    short = [chat(f"第{n}个问题是什么？", "".join(sentences(2, n))) for n in range(120)]
    cut = [chat(f"第{n}个故事怎么讲？", "".join(sentences(40, n))[: 300 + n % 9].rstrip("，。")) for n in range(200, 220)]
    long = [chat(f"第{n}篇文章写什么？", "".join(sentences(60, n))) for n in range(300, 330)]
    found = [finding for finding in lint(*short, *cut, *long).raw if finding.rule == "length-cap"]
    assert [(finding.kind, len(finding.hits)) for finding in found] == [("message_band", 20)]
    assert not [finding for finding in lint(*short, *long).raw if finding.rule == "length-cap"]
