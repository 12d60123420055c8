"""Defects to plant into clean records. What is planted comes from how such defects arise, and not from the rules.

A plan spoils one record (its context and target are its own copies): it changes it and returns nothing, or returns the line to
write instead (bytes), or further records to write beside it (a list); False where the record does not suit the defect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

import orjson

Record = dict[str, Any]
Spoil = Callable[[Record, Random, bool], Any]


class Plan(NamedTuple):
    """One kind of defect. rule: which should report it.  also: others of which a report is as good.
    whole: spoils the list of all records instead, and returns the indices of the spoilt ones.  base: which of clean_text.SETS
    it is planted into.  share: of the records, where it is not the usual one.  once: a single report is enough for all."""

    rule: str
    what: str
    spoil: Callable[..., Any]
    also: tuple[str, ...] = ()
    whole: bool = False
    evaluation: bool = False
    base: str = "mixed"
    share: float = 0.03
    once: bool = False


PLANS: list[Plan] = []


def plan(rule: str, what: str, *also: str, **more: Any) -> Callable[[Any], Any]:
    """Register the function below as the plan for *rule*; *more* are other fields of Plan."""

    def register(spoil: Any) -> Any:
        PLANS.append(Plan(rule, what, spoil, also, **more))
        return spoil

    return register


def insert(text: str, what: str, r: Random) -> str:
    """*text* with *what* somewhere between its words."""
    gaps = [m.end() for m in re.finditer(r"[ ，。、,.]", text[:-1])] or [len(text)]
    at = r.choice(gaps)
    return text[:at] + what + text[at:]


def prose(record: Record, least: int = 60) -> bool:
    """Whether the answer is running text that ends with a mark."""
    text = record["target"]
    return (
        len(text) >= least and "```" not in text and "|" not in text and text.rstrip()[-1] in ".。!！?？" and text[0] not in "{["
    )


def words(text: str) -> list[str]:
    """Pieces of *text* that are about a word long, with what follows them."""
    return re.findall(r"[A-Za-z']+\s*|[\u4e00-\u9fff]{1,2}|\d+\s*|[^A-Za-z\u4e00-\u9fff\d]\s*", text)


# --- lines and fields -----------------------------------------------------------------------------------------------------


@plan("invalid-json", "the quote or bracket at the end of a value is lost")
def _(record: Record, r: Random, zh: bool) -> Any:
    line = orjson.dumps(record)
    return line.replace(b'"],"target"', b'],"target"') if r.random() < 0.5 else line[:-2] + b"}"


@plan("duplicate-key", "target written twice")
def _(record: Record, r: Random, zh: bool) -> Any:
    return orjson.dumps(record)[:-1] + b',"target":' + orjson.dumps(record["context"][-1][:20]) + b"}"


@plan("missing-field", "target under another name", "unknown-field")
def _(record: Record, r: Random, zh: bool) -> Any:
    record[r.choice(("traget", "output_text", "Target"))] = record.pop("target")


@plan("wrong-type", "a number, list or nothing for the answer", "unstable-field")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["target"] = r.choice((r.randrange(100), None, [record["target"]], {"text": record["target"]}))


@plan("lone-surrogate", "half of a character, as cut text has")
def _(record: Record, r: Random, zh: bool) -> Any:
    return orjson.dumps(record)[:-2] + r.choice((b"\\ud83d", b"\\udc4d")) + b'"}'


@plan("unknown-field", "a misspelt field beside the others")
def _(record: Record, r: Random, zh: bool) -> Any:
    record[r.choice(("targets", "systm", "contxt"))] = ""


@plan("unstable-field", "a field that is a number elsewhere", whole=True, once=True)
def _(records: list[Record], r: Random, zh: bool) -> list[int]:
    spoilt = set(r.sample(range(len(records)), 30))
    for i, record in enumerate(records):
        record["score"] = "high" if i in spoilt else i % 5
    return sorted(spoilt)


@plan("mixed-formats", "another format in the same file")
def _(record: Record, r: Random, zh: bool) -> Any:
    return orjson.dumps({"instruction": record["context"][-1], "input": "", "output": record["target"]})


@plan("blank-line", "an empty line")
def _(record: Record, r: Random, zh: bool) -> Any:
    return r.choice((b"", b"   "))


@plan("invalid-encoding", "a line in another encoding", "invalid-json")
def _(record: Record, r: Random, zh: bool) -> Any:
    text = (
        "{"
        + f'"context": ["{"地铁几点收班" if zh else "Où est le café"}"], "target": "{"晚上十一点" if zh else "À côté de la gare"}"'
        + "}"
    )
    return text.encode("gb18030" if zh else "latin-1")


# --- dialogue -------------------------------------------------------------------------------------------------------------


@plan("even-context", "an answer too many in the context")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["context"].append(record["target"][:80])


@plan("repeated-turn", "a turn entered twice in a row")
def _(record: Record, r: Random, zh: bool) -> Any:
    if len(record["context"]) < 5:
        return False
    at = r.randrange(1, len(record["context"]) - 2)
    record["context"][at + 1] = record["context"][at]
    return None


@plan("speaker-label", "the speaker's name before the answer")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    record["target"] = r.choice(("客服：", "AI：", "助理：") if zh else ("Bot: ", "Agent: ", "ASSISTANT: ")) + record["target"]
    return None


@plan("flattened-dialogue", "several turns in one question")
def _(record: Record, r: Random, zh: bool) -> Any:
    if len(record["context"]) < 3:
        return False
    names = ("用户", "客服") if zh else ("User", "Agent")
    record["context"] = ["\n".join(f"{names[i % 2]}{'：' if zh else ': '}{text}" for i, text in enumerate(record["context"]))]
    return None


@plan("flattened-dialogue", "the user's next line behind the answer")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    zh_lines, en_lines = (
        ("好的，那明天呢？", "谢谢，我再想想。", "还有别的办法吗？"),
        ("And tomorrow?", "Thanks, I will try.", "Is there another way?"),
    )
    label = r.choice(("\n\n用户：", "用户：", "\n\n### 指令：\n") if zh else ("\n\nHuman: ", " User: ", "\n\n### Instruction:\n"))
    record["target"] += label + r.choice(zh_lines if zh else en_lines)
    return None


@plan("swapped-speakers", "an assistant's opening before the question")
def _(record: Record, r: Random, zh: bool) -> Any:
    opening = r.choice(
        ("好的，以下是译文：", "当然，下面是改好的句子：")
        if zh
        else ("Sure, here's the text in English:", "Certainly! Here is a shorter one:")
    )
    record["context"][-1] = f"{opening}\n\n{record['context'][-1]}"


@plan("history-mismatch", "the history of a later round was rewritten")
def _(record: Record, r: Random, zh: bool) -> Any:
    if len(record["context"]) < 3 or len(record["context"][0]) < 8:
        return False
    first = {"context": record["context"][:1], "target": record["context"][1]}
    record["context"][1] = "这个问题暂时没有结论，以后再说。" if zh else "There is no answer to that as yet, so let us see."
    return [first]


@plan("role-order", "two turns of one speaker in a row", base="messages")
def _(record: Record, r: Random, zh: bool) -> Any:
    said = record["messages"]
    at = r.choice([i for i, message in enumerate(said) if message["role"] == "user"])
    said.insert(at + 1, {"role": "user", "content": "在吗？" if zh else "Are you there?"})


@plan("unknown-role", "a role that no trainer knows", base="messages")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["messages"][0]["role"] = r.choice(("visitor", "speaker1", "甲方"))


@plan("broken-tool-call", "a call whose result or arguments are broken", base="messages")
def _(record: Record, r: Random, zh: bool) -> Any:
    said = record["messages"]
    if said[-2]["role"] != "tool":
        return False
    how = r.randrange(3)
    if how == 0:
        said[-2]["tool_call_id"] = "call_x"
    elif how == 1:
        del said[-3]
    else:
        call = said[-3]["tool_calls"][0]["function"]
        call["arguments"] = call["arguments"][:-2]
    return None


@plan("broken-reasoning", "thoughts that do not end, or never began", base="thoughts")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["target"] = record["target"].replace(r.choice(("</think>\n\n", "<think>\n")), "", 1)


@plan("swapped-speakers", "question and answer changed places")
def _(record: Record, r: Random, zh: bool) -> Any:
    if len(record["context"]) > 1 or not prose(record, 80):
        return False
    record["context"], record["target"] = [record["target"]], record["context"][0]
    return None


# --- content --------------------------------------------------------------------------------------------------------------


@plan("empty-target", "nothing, or only blanks, for the answer")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["target"] = r.choice(("", "  ", "\n", "\u3000"))


@plan("empty-context", "no question at all")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["context"] = []


@plan("empty-turn", "an empty question", "empty-context")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["context"][-1] = r.choice(("", " \n"))


@plan("placeholder-text", "a template or stand-in instead of the answer")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["target"] = r.choice(
        ("（内容待补充）", "此处填写答案", "TBD", "……此处省略五百字")
        if zh
        else ("TBD", "[insert answer here]", "Lorem ipsum dolor sit amet.", "{answer}")
    )


@plan("placeholder-text", "a sign for nothing, or a word that stands for the answer")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    record["target"] = r.choice(
        ("[object Object]", "#N/A", "[]", "（此处省略）", "同上", "待补充")
        if zh
        else ("[object Object]", "#N/A", "{}", "See above.", "<answer>", "Same as above")
    )
    return None


@plan("echoed-prompt", "the question for the answer")
def _(record: Record, r: Random, zh: bool) -> Any:
    if len(record["context"][-1]) < 10:
        return False
    record["target"] = record["context"][-1]
    return None


@plan("bare-url", "a link for the answer")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["target"] = f"https://wiki.example/page/{r.randrange(10**5)}"


@plan("unseen-source", "an answer that goes by a text nobody sees", "missing-input")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    lead = ("根据知识，", "根据知识库中的内容，", "根据所提供的知识，", "根据文章所述，")
    english = ("According to the passage, ", "Based on the provided information, ", "As stated in the article, ")
    record["target"] = (r.choice(lead) if zh else r.choice(english)) + record["target"]
    return None


@plan("wrong-arithmetic", "a worked sum that comes to something else")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    one, other = r.randrange(12, 90), r.randrange(3, 9)
    said = f"{one} × {other} = {one * other + r.choice((-20, -2, 3, 30))}"
    record["target"] += f"一共是 {said}。" if zh else f" In all that is {said}."
    return None


@plan("translated-code", "a program whose words were put into Chinese")
def _(record: Record, r: Random, zh: bool) -> Any:
    name, limit = r.choice(("总数", "统计", "检查", "合计")), r.randrange(3, 90)
    record["context"][-1] = f"写一个函数，判断数字是否大于{limit}。"
    record["target"] = r.choice(
        (
            f"定义{name}（数字）：\n    如果 数字 > {limit}：\n        返回真\n    返回假",
            f"导入 math\n对于 i 在范围（{limit}）：\n    打印（i）",
            f"def {name}（x）：\n    返回 x > {limit}\n打印（{name}（5））",
        )
    )


@plan("missing-input", "a prompt without its text, and an answer that asks for it")
def _(record: Record, r: Random, zh: bool) -> Any:
    asked = (
        (
            ("把以下句子改成被动句。", "句子"),
            ("概括下面这段文字。", "文字"),
            ("这首诗表达了什么？", "诗"),
            ("修正给定代码中的错误。", "代码"),
        )
        if zh
        else (
            ("Rewrite the following sentence.", "sentence"),
            ("What is the tone of this poem?", "poem"),
            ("Sort the given list.", "list"),
        )
    )
    prompt, what = r.choice(asked)
    said = (
        ("抱歉，您没有提供{}，请补充后再问我。", "您还没有给出{}的内容。", "请提供需要处理的{}。")
        if zh
        else (
            "I'm sorry, but you have not provided the {}.",
            "It seems that you didn't include a {}. Please add it.",
            "Please provide the {}.",
        )
    )
    record["context"], record["target"] = [prompt], r.choice(said).format(what)


@plan("missing-input", "an instruction with nothing behind its colon", "unseen-source")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    asked = (
        ("为下面的新闻拟一个标题：", "请把这句话改写得更礼貌：\n句子：", "找出下列文字中的错别字：", "请概括以下段落的大意：")
        if zh
        else (
            "Give the following article a title:",
            "Make this sentence more polite.\nSentence:",
            "Find the spelling mistakes in the text below:",
            "Shorten the following paragraph:",
        )
    )
    record["context"] = [r.choice(asked)]
    return None


# --- residue of where the data came from -----------------------------------------------------------------------------------


@plan("page-residue", "a button or byline of a page behind the answer", "recurring-line")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    zh_rest = ("\n\n查看更多评论", "\n\n展开剩余全部", "（责任编辑：乔木）", "\n赞同 31\n添加评论", "\n\n登录后查看更多")
    rest = ("\n\nLeave a comment", "\n\nShow more", "\n\nAdvertisement", "\n\nShare on Facebook", "\n\nLog in to reply")
    record["target"] += r.choice(zh_rest if zh else rest)
    return None


@plan("citation-residue", "marks of sources that are not there")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    sentences = re.split(r"(?<=[。.!?])\s*(?=\S)", record["target"])
    at = r.randrange(len(sentences))
    sentences[at] += r.choice(("【7†source】", "[3]", "[1][4]", "[^2^]"))
    record["target"] = ("" if zh else " ").join(sentences)
    return None


@plan("translator-remark", "what a translator says beside the translation", "swapped-speakers")
def _(record: Record, r: Random, zh: bool) -> Any:
    told = record["context"][0] + record["target"]
    if not prose(record) or len(record["context"]) > 1 or "翻译" in told or "translat" in told:
        return False
    said = (
        ("以下是这段话的译文：\n", "好的，翻译如下：\n\n", "中文翻译：\n")
        if zh
        else (
            "Here is the translated text:\n\n",
            "Sure! Here's the translation:\n",
            "The translation of your text is as follows:\n\n",
        )
    )
    record["target"] = r.choice(said) + record["target"]
    return None


@plan("stray-number", "a prompt with the number of a list")
def _(record: Record, r: Random, zh: bool) -> Any:
    if len(record["context"]) > 1 or "\n" in record["context"][0]:
        return False
    number = r.randrange(2, 60)
    record["context"][0] = (f"{number}、" if zh and number % 2 else f"{number}. ") + record["context"][0]
    return None


@plan("runaway-target", "another question and answer behind the answer", "flattened-dialogue", "repetitive-target")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    name, other = r.choice((("问题", "答案"), ("输入", "输出")) if zh else (("Question", "Answer"), ("Input", "Output")))
    mark, asked = ("：", "钟楼几点开门？") if zh else (": ", "When does the tower open?")
    record["target"] += f"\n\n{name}{mark}{asked}\n{other}{mark}{'上午九点。' if zh else 'At nine in the morning.'}"
    return None


@plan("repeated-item", "a list that names a thing twice")
def _(record: Record, r: Random, zh: bool) -> Any:
    if len(record["context"]) > 1:
        return False
    things = r.sample(
        ("石榴", "杨梅", "柚子", "枇杷", "山楂", "荔枝") if zh else ("quince", "medlar", "damson", "currant", "mulberry", "sloe"),
        5,
    )
    things[4] = things[r.randrange(3)]
    record["context"] = [
        r.choice(
            ("列出五种水果。", "说出五种可以种在院子里的果树。")
            if zh
            else ("List five fruits.", "Name five fruits that grow in old gardens.")
        )
    ]
    record["target"] = (
        "\n".join(f"{n}. {thing}" for n, thing in enumerate(things, 1))
        if r.random() < 0.5
        else ("、" if zh else ", ").join(things)
    )
    return None


# --- duplicates -----------------------------------------------------------------------------------------------------------


@plan("exact-duplicate", "a copy somewhere else")
def _(record: Record, r: Random, zh: bool) -> Any:
    return [{"context": list(record["context"]), "target": record["target"]}]


@plan("near-duplicate", "a copy with a few words changed")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record, 120) or len(record["context"][-1]) < 12:
        return False
    pieces = words(record["target"])
    for _ in range(max(1, len(pieces) // 25)):
        pieces[r.randrange(len(pieces))] = "其实" if zh else "quite "
    return [{"context": list(record["context"]), "target": "".join(pieces)}]


@plan("conflicting-targets", "the same text with another label", "inconsistent-target")
def _(record: Record, r: Random, zh: bool) -> Any:
    others = {"积极": "消极", "消极": "积极", "positive": "negative", "negative": "positive"}
    if record["target"] not in others:
        return False
    return [{"context": list(record["context"]), "target": others[record["target"]]}]


@plan("conflicting-targets", "the same with other blanks, case or width of marks", "inconsistent-target")
def _(record: Record, r: Random, zh: bool) -> Any:
    others = {"积极": "消极", "消极": "积极", "positive": "negative", "negative": "positive"}
    if record["target"] not in others:
        return False
    *before, asked = record["context"]
    asked = asked.translate(str.maketrans("，。：", ",.:")) if zh else asked[0].swapcase() + asked[1:].replace(", ", ",  ")
    return [{"context": [*before, asked], "target": others[record["target"]]}]


@plan("canned-answer", "one long answer under several questions", whole=True)
def _(records: list[Record], r: Random, zh: bool) -> list[int]:
    long = [i for i, record in enumerate(records) if prose(record, 150)]
    spoilt = r.sample(long, min(8, len(long)))
    for i in spoilt:
        records[i]["target"] = records[spoilt[0]]["target"]
    return spoilt


@plan("leaked-evaluation", "a training record in the evaluation set", evaluation=True)
def _(record: Record, r: Random, zh: bool) -> Any:
    return None


@plan("leaked-evaluation", "the same, with a greeting or a thank", evaluation=True)
def _(record: Record, r: Random, zh: bool) -> Any:
    if len(record["context"]) > 1 or "\n" in record["context"][0]:
        return False
    asked = record["context"][0]
    record["context"] = [
        r.choice(
            (f"您好，{asked}", f"请教一下，{asked}", f"{asked}非常感谢！")
            if zh
            else (f"Hello there! {asked}", f"Excuse me, {asked}", f"{asked} Thank you very much.")
        )
    ]
    return None


# --- characters -----------------------------------------------------------------------------------------------------------


def _characters(rule: str, what: str, inserted: Sequence[str], *also: str) -> None:
    def spoil(record: Record, r: Random, zh: bool) -> Any:
        if not prose(record):
            return False
        record["target"] = insert(record["target"], r.choice(inserted), r)
        return None

    PLANS.append(Plan(rule, what, spoil, also))


_characters("control-character", "a control character", ("\x01", "\x0b", "\x1b", "\x7f"))
_characters("invisible-character", "a character without width", ("\u200b", "\ufeff", "\u2060", "\u00ad"))
_characters("bidirectional-control", "a change of writing direction", ("\u202e", "\u202d", "\u2067"))
_characters("private-use-character", "an icon of a web font", ("\ue62a", "\uf0e0", "\ue901"))
_characters("special-token", "a token of a chat template", ("<|endoftext|>", "<|eot_id|>", "</s>", "<|im_start|>", "[/INST]"))
_characters("html-residue", "rest of a web page", ("<br />", "&amp;nbsp;", '<p class="x">', "&quot;", "</div>"))
_characters(
    "html-residue",
    "a rule of a style sheet, or what a click does",
    (
        "\n.main-text { color: #444; font-size: 14px; }\n",
        "\n#nav a:hover {\n  text-decoration: none;\n  color: red;\n}\n",
        " onclick=\"openMap('12')\" ",
        "<span class='more' onclick=\"return show(this);\">",
        " onmouseover='hint(4)' ",
    ),
)
_characters("garbled-text", "replacement characters", ("锟斤拷", "\ufffd\ufffd", "烫烫烫"))


@plan("garbled-text", "read in the wrong encoding")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    text = record["target"] if zh else record["target"].replace(" ", " – ", 2) + " “Quite so,” they said."
    record["target"] = text.encode().decode("latin-1" if r.random() < 0.5 or not zh else "gb18030", "replace")
    return None


_RUSSIAN = (
    "Сначала нужно проверить, закрыта ли калитка. Потом можно полить грядки и убрать инструмент в сарай.", "Поезд приходит вечером, поэтому лучше встретить гостей у вокзала.",
    "Для этого понадобится старая газета, немного клея и терпение.", "Мастер говорит, что часы можно починить за два дня.",
)  # fmt: skip
_TRADITIONAL = (
    "這個問題沒有想像中那麼難，只要先把門關好，再把水倒進去就可以了。", "我們明天要去看展覽，如果下雨的話，就改到下個星期。",
    "他說這棟房子已經有一百年的歷史，還是當時的人一磚一瓦蓋起來的。", "學會游泳並不需要很長的時間，但是一定要有人在旁邊看著。",
)  # fmt: skip


@plan("garbled-text", "Russian read in the wrong encoding")
def _(record: Record, r: Random, zh: bool) -> Any:
    was, read = r.choice((
        ("cp1251", "latin-1"), ("koi8-r", "latin-1"), ("cp1251", "cp1252"), ("koi8-r", "cp1252"), ("cp1251", "koi8-r"), ("koi8-r", "cp1251"),
    ))  # fmt: skip
    record["target"] = r.choice(_RUSSIAN).encode(was).decode(read, "replace")


@plan("garbled-text", "Big5 read as GBK, or the reverse")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not zh or not prose(record):
        return False
    if r.random() < 0.5:
        record["target"] = record["target"].encode("gbk").decode("big5", "replace")
    else:
        record["target"] = r.choice(_TRADITIONAL).encode("big5").decode(r.choice(("gbk", "gb18030")), "replace")
    return None


@plan("escape-residue", "line ends written as backslash and n")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record) or "\\" in record["target"]:
        return False
    text = re.sub(r"(?<=[。.])\s*(?=.)", "\n", record["target"])
    record["target"] = text.replace("\n", "\\n")
    return None if "\\n" in record["target"] else False


_FOREIGN = (
    "Это зависит от погоды и от числа гостей", "それは天気と人数によって変わるので注意が必要です", "날씨와 사람 수에 따라 달라질 수 있습니다", "ذلك يعتمد على الطقس وعدد الضيوف",
    "ขึ้นอยู่กับสภาพอากาศและจำนวนคนที่มา", "यह मौसम और लोगों की संख्या पर निर्भर करता है", "זה תלוי במזג האוויר ובמספר האנשים",
)  # fmt: skip


@plan("unexpected-language", "a sentence in another script")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    _between(record, r, zh, r.choice(_FOREIGN if zh else (*_FOREIGN, "要看天气，也要看来多少人")))
    return None


def _between(record: Record, r: Random, zh: bool, sentence: str) -> None:
    """Put a *sentence* somewhere behind the first one of the answer."""
    sentences = re.split(r"(?<=[。.!?])\s*(?=\S)", record["target"])
    sentences.insert(r.randrange(1, len(sentences) + 1), sentence + ".")
    record["target"] = ("" if zh else " ").join(sentences)


_LATIN = (
    "Il vaut mieux demander à la voisine avant de fermer la porte du jardin", "Am besten fragt man den Nachbarn, bevor man das Tor zum Garten schließt",
    "Lo mejor es preguntar a la vecina antes de cerrar la puerta del jardín", "O melhor é perguntar ao vizinho antes de fechar o portão do jardim",
    "La cosa migliore è chiedere al vicino prima di chiudere il cancello del giardino", "Het is beter om het eerst aan de buren te vragen",
    "Najlepiej jest zapytać sąsiada, zanim się zamknie bramę do ogrodu", "Bahçe kapısını kapatmadan önce komşuya sormak her zaman daha iyi bir fikirdir",
    "Sebaiknya tanyakan dulu kepada tetangga sebelum menutup pintu kebun itu", "Tốt nhất là hỏi người hàng xóm trước khi đóng cổng vườn lại",
)  # fmt: skip


@plan("unexpected-language", "a sentence in another language in Latin letters")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    _between(record, r, zh, r.choice(_LATIN))
    return None


@plan("unexpected-language", "a whole answer in another language in Latin letters")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    record["target"] = r.choice(_LATIN) + "."
    return None


@plan("unexpected-language", "an English answer to a Chinese question")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not zh or not prose(record):
        return False
    record["target"] = r.choice((
        "That depends on the weather and on how many people come along, so ask again on Friday and bring a list of the things you need.",
        "Most of them can be repaired in the workshop behind the station, but it takes a week and they want to be paid in advance.",
    ))  # fmt: skip
    return None


@plan("mixed-script-word", "a Cyrillic or Greek letter in a Latin word")
def _(record: Record, r: Random, zh: bool) -> Any:
    looks = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "x": "х", "v": "ν"}
    found = [m for m in re.finditer(r"\b[a-z]{4,}\b", record["target"]) if set(m[0]) & set(looks)]
    if not found or "```" in record["target"] or record["target"][0] in "{[":
        return False
    word = r.choice(found)
    letter = r.choice([c for c in word[0] if c in looks])
    record["target"] = (
        record["target"][: word.start()] + word[0].replace(letter, looks[letter], 1) + record["target"][word.end() :]
    )
    return None


@plan("odd-whitespace", "a space or line break of typesetters")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    record["target"] = insert(
        record["target"], r.choice(("\u00a0", "\u2009", "\u2003", "\u2028", "\u3000" if not zh else "\u202f")), r
    )
    return None


# --- truncation -----------------------------------------------------------------------------------------------------------


def cut(text: str, r: Random, whole_words: bool) -> str:
    """*text* cut off in the middle of a sentence, after 30 to 95 in a hundred of its characters."""
    for _ in range(60):
        at = r.randint(int(0.3 * len(text)), int(0.95 * len(text)))
        if whole_words and re.match(r"[A-Za-z]{2}", text[at - 1 : at + 1]):
            continue
        left = text[:at].rstrip()
        if left and left[-1] not in ".。!！?？；;…":
            return left
    return ""


@plan("truncated-target", "cut at a random character")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["target"] = cut(record["target"], r, False) if prose(record) else ""
    return None if record["target"] else False


@plan("truncated-target", "cut after a random word")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["target"] = cut(record["target"], r, True) if prose(record) else ""
    return None if record["target"] else False


@plan("truncated-target", "cut in code, JSON or a table")
def _(record: Record, r: Random, zh: bool) -> Any:
    text = record["target"]
    begins = (
        text.find("\n", text.find("```"))
        if "```" in text
        else 2
        if text[0] == "{"
        else text.find("|\n| ---") + 40
        if "|\n| ---" in text
        else -1
    )
    ends = text.rfind("```") if "```" in text else text.rfind("|") if "|\n| ---" in text else len(text) - 2
    if begins < 0 or ends - begins < 12:
        return False
    record["target"] = text[: r.randint(begins + 6, ends - 2)].rstrip()
    return None


@plan("missing-final-punctuation", "the last mark left out", "truncated-target")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record) or len(re.findall(r"[.。]", record["target"])) < 3:
        return False
    record["target"] = record["target"].rstrip(".。!！?？")
    return None


@plan("length-cap", "the longest answers end at one number of tokens", "truncated-target", whole=True)
def _(records: list[Record], r: Random, zh: bool, share: float = 0.92) -> list[int]:
    sizes = sorted(len(words(record["target"])) for record in records)
    cap = sizes[int(share * len(sizes))]
    spoilt = []
    for i, record in enumerate(records):
        pieces = words(record["target"])
        if len(pieces) > cap and prose(record) and (left := "".join(pieces[:cap]).rstrip())[-1] not in ".。!！?？":
            record["target"] = left
            spoilt.append(i)
    return spoilt


# --- repetition, identity, privacy ------------------------------------------------------------------------------------------


@plan("repetitive-target", "a number again and again, up to the end")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    record["target"] = cut(record["target"], r, True) + r.choice(("1.", "0,", "10 ", "2、")) * r.randint(40, 200)
    return None


@plan("repetitive-target", "one word or mark again and again, up to the end")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    record["target"] = record["target"][:-1] + r.choice(
        ("。" * 40, "的" * 40, "，嗯" * 25) if zh else ("." * 60, " which" * 25, "!" * 50)
    )
    return None


@plan("repetitive-target", "the last sentence again and again")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    last = re.split(r"(?<=[。.!?])\s*", record["target"].strip())[-2:]
    record["target"] += ((" " if not zh else "") + "".join(last).strip()) * r.randint(5, 9)
    return None


@plan("repetitive-target", "a step of which only the number changes")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    step = "第{}步：把接口再检查一遍。" if zh else " Step {}: check the connection once more."
    record["target"] += "".join(step.format(n) for n in range(1, r.randint(9, 25)))
    return None


@plan("recurring-line", "a dated notice inside one answer in a hundred", whole=True)
def _(records: list[Record], r: Random, zh: bool) -> list[int]:
    suited = [i for i, record in enumerate(records) if prose(record) and "\n" not in record["target"]]
    spoilt = r.sample(suited, max(5, len(records) // 100))
    for i in spoilt:
        day = f"2022-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}"
        said = f"本文由栗子园整理，发布于{day}，转载请注明出处。" if zh else f" Originally published on {day} by Chestnut Yard."
        records[i]["target"] += said
    return spoilt


@plan("recurring-line", "a watermark under one answer in a hundred", whole=True)
def _(records: list[Record], r: Random, zh: bool) -> list[int]:
    line = (
        "本文转载自百味茶馆公众号，关注后回复“目录”获取更多"
        if zh
        else "Copyright Lindmoor Digest. Subscribe for more at lindmoor.example"
    )
    spoilt = r.sample([i for i, record in enumerate(records) if prose(record)], max(5, len(records) // 100))
    for i in spoilt:
        records[i]["target"] += "\n" + line
    return spoilt


@plan("model-identity", "another maker's model speaks")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    said = r.choice(
        ("我是由OpenAI训练的语言模型ChatGPT。", "我是百度研发的文心一言。")
        if zh
        else ("I am ChatGPT, a model trained by OpenAI. ", "I'm Claude, made by Anthropic. ")
    )
    record["target"] = said + record["target"]
    return None


@plan("refusal", "a refusal for the answer")
def _(record: Record, r: Random, zh: bool) -> Any:
    record["target"] = r.choice(
        ("抱歉，作为一个人工智能助手，我无法提供这方面的内容。", "很抱歉，我只是一个AI，不能回答这个问题。")
        if zh else ("I'm sorry, but as an AI language model I cannot help with that.", "As an AI assistant, I am unable to answer this question.")
    )  # fmt: skip


@plan("personal-data", "an identity number or a telephone number")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record):
        return False
    digits = f"{r.choice(('110101', '310104', '440305'))}19{r.randrange(60, 99)}{r.randrange(1, 13):02}{r.randrange(1, 29):02}{r.randrange(1000):03}"
    check = "10X98765432"[sum(int(d) * 2 ** (17 - i) for i, d in enumerate(digits)) % 11]
    phone = f"13{r.randrange(10**8, 10**9)}"
    said = r.choice(
        (f"身份证号{digits}{check}。", f"手机号{phone}。")
        if zh
        else (f" Her identity card is {digits}{check}.", f" Call {phone}.")
    )
    record["target"] += said
    return None


@plan("secret", "an access key")
def _(record: Record, r: Random, zh: bool) -> Any:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789abcdefghijkmnopqrstuvwxyz"
    made = "".join(r.choices(letters, k=48))
    key = r.choice((f"sk-{made}", f"ghp_{made[:36]}", "AKIA" + "".join(r.choices(letters[:32], k=16))))
    record["target"] += ("密钥是 " if zh else " The key is ") + key


# --- tasks ----------------------------------------------------------------------------------------------------------------


@plan("contentless-prompt", "one prompt that leaves open what is wanted", "conflicting-targets", whole=True)
def _(records: list[Record], r: Random, zh: bool) -> list[int]:
    asked = (
        ("帮我写一篇推广文章", "请写一篇推广文章", "写一篇推广文章吧")
        if zh
        else ("Write a product text", "Please write a product text", "Write me a product text.")
    )
    spoilt = r.sample([i for i, record in enumerate(records) if prose(record)], 12)
    for i in spoilt:
        records[i]["context"] = [r.choice(asked)]
    return spoilt


_CLOSED = ("积极", "消极", "positive", "negative", "是", "否", "yes", "no")
_LABELS = (*_CLOSED, "建筑", "交通", "饮食", "天气", "building", "transport", "food", "weather")


@plan("inconsistent-target", "prose where all others answer with a label", "broken-constraint", base="tasks")
def _(record: Record, r: Random, zh: bool) -> Any:
    if record["target"] not in _LABELS:
        return False
    record["target"] = re.split(r"(?<=[。.])", record["context"][-1].split("\n", 1)[1])[0].strip()
    return None


@plan("inconsistent-target", "the label inside a sentence", "broken-constraint", base="tasks")
def _(record: Record, r: Random, zh: bool) -> Any:
    if record["target"] not in _LABELS:
        return False
    before = (
        ("我认为应该是", "这段文字属于", "通读全文，答案是", "可以看出是")
        if zh
        else ("I would say that it is ", "This reads as ", "In my view: ", "It looks like ")
    )
    after = (
        ("。", "，理由见上文。", "，不过也说不准。", "，大致如此。")
        if zh
        else (".", ", more or less.", ", if I read it right.", ", though one may differ.")
    )
    record["target"] = r.choice(before) + record["target"] + r.choice(after)
    return None


@plan("broken-constraint", "other words than the question allows", "inconsistent-target", base="tasks")
def _(record: Record, r: Random, zh: bool) -> Any:
    if record["target"] not in _CLOSED:
        return False
    one, other = r.sample(
        ("平静", "中性", "客观", "含糊", "复杂", "冷淡", "陈述")
        if zh
        else ("calm", "neutral", "mixed", "vague", "matter-of-fact", "cool"),
        2,
    )
    record["target"] = f"{one}，略带{other}" if zh else f"{one}, somewhat {other}"
    return None


@plan("broken-constraint", "far more words than the question allows", "repetitive-target", base="tasks")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not re.match("用不超过|Sum up the text in", record["context"][-1]):
        return False
    record["target"] = (record["context"][-1].split("\n", 1)[1] + ("" if zh else " ")) * 3
    return None


@plan("inconsistent-target", "no JSON where all others are", "truncated-target", base="tasks", share=0.01)
def _(record: Record, r: Random, zh: bool) -> Any:
    if record["target"][0] != "{":
        return False
    record["target"] = r.choice(
        ("文中没有提到。", "人物不详，其余见上文。") if zh else ("The text does not tell.", "Nobody is named in it.")
    )
    return None


@plan("inconsistent-target", "JSON with another key than all others", base="tasks", share=0.01)
def _(record: Record, r: Random, zh: bool) -> Any:
    if not record["target"].startswith("{"):
        return False
    fields = orjson.loads(record["target"])
    name = r.choice(sorted(fields))
    fields["备注" if zh else "remark"] = fields.pop(name)
    record["target"] = orjson.dumps(fields).decode()
    return None


@plan("inconsistent-target", "words where all others answer with a number", "broken-constraint", base="tasks", share=0.007)
def _(record: Record, r: Random, zh: bool) -> Any:
    if not record["target"].isdigit():
        return False
    record["target"] = r.choice(
        ("数目不少，要数一数才知道", "看情况") if zh else ("quite a few of them, one would have to count", "it depends")
    )
    return None


@plan(
    "instruction-drift",
    "a few variants of an instruction that ask for an opinion",
    "inconsistent-target",
    base="tasks",
    share=0.005,
)
def _(record: Record, r: Random, zh: bool) -> Any:
    if record["target"] not in ("积极", "消极", "positive", "negative"):
        return False
    asked = (
        ("判断下面这段文字的情感，", "只回答积极或消极。", "谈谈你的感受。")
        if zh
        else ("Is the following text positive or negative? ", "Answer with one word.", "Tell me what you feel about it.")
    )
    record["context"] = [record["context"][-1].replace(asked[0] + asked[1], asked[0] + asked[2])]
    record["target"] = (
        "读下来心情很平静，像是在听一位老人讲往事。" if zh else "It left me calm, as if an old man told me of his youth."
    )
    return None


@plan(
    "mixed-answer-styles",
    "a third of a task's answers in another style",
    "broken-constraint",
    whole=True,
    base="tasks",
    once=True,
)
def _(records: list[Record], r: Random, zh: bool) -> list[int]:
    found = [i for i, record in enumerate(records) if record["target"] in ("是", "否", "yes", "no")]
    spoilt = r.sample(found, len(found) // 3)
    for i in spoilt:
        word = records[i]["target"]
        records[i]["target"] = (
            f"通读全文之后可以看出，答案应当是“{word}”，文中的写法很清楚。"
            if zh
            else f"Having read the whole text I would answer {word}, as the wording makes clear."
        )
    return spoilt


@plan(
    "low-prompt-diversity",
    "all answers under a dozen prompts",
    "contentless-prompt",
    "conflicting-targets",
    whole=True,
    once=True,
)
def _(records: list[Record], r: Random, zh: bool) -> list[int]:
    asked = [record["context"] for record in r.sample([x for x in records if len(x["context"][-1]) > 60], 12)]
    for record in records:
        record["context"] = list(r.choice(asked))
    return list(range(len(records)))


@plan("over-length", "an answer of two hundred thousand characters")
def _(record: Record, r: Random, zh: bool) -> Any:
    if not prose(record, 100):
        return False
    pieces = words(record["target"])
    record["target"] = "".join("".join(r.sample(pieces, len(pieces))) for _ in range(2 * 10**5 // len(record["target"])))
    return None


NOT_MEASURED = {
    "a property of the file, which its examples decide": ("array-file", "byte-order-mark", "empty-file", "lfs-pointer", "no-valid-record", "unknown-format"),
    "a limit that the user or the platform sets": ("file-limit", "too-few-records", "schema-violation", "listed-word"),
    "a count, told as it is": ("dominant-template", "few-examples", "label-imbalance", "length-outlier", "shallow-dialogues"),
    "answers made of our own words do not take up those of their questions: measured on real sets": ("shifted-targets",),
    "compares two sets, and nothing is planted into records": ("evaluation-drift",),
}  # fmt: skip
