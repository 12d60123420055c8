from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Rule, chat, mojibake, place, quote, replace

_LOST = r"(?:锟斤拷)+|锟斤|斤拷|锟[\x{fffd}?]|\x{fffd}+|锘[縚縖挎]"
_MEMORY = "烫{3,}|屯{4,}|葺{4,}|铪{4,}"
_ASKED = r"\?{8,}"  # an encoding that lacks a character writes a question mark


class GarbledText(Rule):
    """Text that was read in the wrong encoding.

    The model learns the garbage and writes it to users. `鎴戜滑` and `Ã©` come of UTF-8 that was read as GBK or as Latin-1, `锟斤拷`
    and `�` of characters that were lost, as are rows of question marks, `烫烫烫` of memory that nobody had filled. `Ïðèâåò` is Russian read as Latin-1, `琌硂妓` Big5 read as GBK. The whole source was read so: export it again
    with the right encoding instead of patching what shows.

    Not reported: accented, rare and traditional characters as people write them; records about encodings.

    Fix safety: what the bytes spell in the right encoding replaces the garbage. That is a guess, so the fix is unsafe, and
    there is none where bytes were lost.
    """

    zh = """用错误的编码读取而产生的乱码。

    模型会学会这些乱码并输出给用户。“鎴戜滑”“Ã©”是把 UTF-8 当作 GBK 或 Latin-1 读取的结果，“锟斤拷”“�”和成串的问号说明字符已经丢失，
    “烫烫烫”则是未初始化的内存。“Ïðèâåò”是被当作 Latin-1 读取的俄文，“琌硂妓”是被当作 GBK 读取的 Big5。整个来源多半都是这样读取的：应当用正确的编码重新导出，而不是逐处修补。

    不报告：正常书写的带音符字母、生僻字和繁体字；讨论编码的数据。

    修复安全性：把乱码换成这些字节在正确编码下的文字。这属于推测，因此是不安全修复；字节已经丢失时不提供修复。
    """
    message = Phrase(en="{field} is garbled: {was} read as {codec}", zh="{field} 是乱码：{was} 被当作 {codec} 读取")
    message_lost = Phrase(en="{field} holds {what}, where characters were lost", zh="{field} 含有 {what}，原来的字符已经丢失")
    message_memory = Phrase(en="{field} holds {what}, memory that nobody filled", zh="{field} 含有 {what}，这是未初始化的内存")
    suggestion = Phrase(en="export the source again with the right encoding{reading}", zh="用正确的编码重新导出来源{reading}")

    good = [
        Good(
            chat("法语怎么说？", "Ça va, déjà vu, garçon, naïve, «\xa0Où\xa0?\xa0» — 50\xa0€ à Zürich…"),
            chat("Is it hot?", "30 °C, ±2 °C, ½ of it in the “shade”. Â is a letter of Vietnamese."),
        ),
        Good(
            chat("張騫是誰？", "漢代的使者，兩度出使西域。"),
            chat("宋濂、李宸、甯浩的名字怎么写？", "涓涓细流的涓，朱家浜的浜，鎏金的鎏。"),
        ),
        Good(
            chat("为什么会出现“锟斤拷”？", "U+FFFD 的字节被当作 GBK 读取了两次。"), chat("What does Ã© mean?", "Mojibake of é.")
        ),
        Good(chat("元素周期表里的铪和锘？", "铪是72号元素，锘是102号。"), chat("汤怎么样？", "烫烫烫！快放下。")),
    ]
    bad = [
        Bad(chat("Who was he?", "He didnâ€™t say."), fixed=[chat("Who was he?", "He didn’t say.")]),
        Bad(chat("翻译：naÃ¯ve", "天真的"), fixed=[chat("翻译：naïve", "天真的")]),
        Bad(chat("你是谁？", "鎴戞槸灏忓姪鎵嬨��"), chat("会什么？", "浣犲ソ锛屾垜浼氱敾鐢�"), at=[0, 1]),
        Bad(chat("周末做什么？", "鏄庡ぉ鎴戜滑鍘荤湅鐢靛奖"), fixed=[chat("周末做什么？", "明天我们去看电影")]),
        Bad(chat("What did she say?", "She said it鈥檚 fine."), fixed=[chat("What did she say?", "She said it’s fine.")]),
        Bad(
            chat("什么职业？", "他是一名��人。"),
            chat("地址？", "在锟斤拷锟斤拷路"),
            chat("结果？", "输出烫烫烫烫烫"),
            at=[0, 1, 2],
        ),
        Bad(chat("这座桥多长？", "全长约300米。??????????????。桥面铺着青石。")),
        Bad(chat("你好", "ÄãºÃ£¬Å®Ê¿"), fixed=[chat("你好", "你好，女士")]),
        Bad(
            chat("Что говорит сосед?", "Îí ãîâîðèò, ÷òî ïîåçä îïîçäàåò."),
            chat("Когда он придёт?", "оПХДЕР ГЮБРПЮ СРПНЛ, ОНЯКЕ ДНФДЪ."),
            at=[0, 1],
            fixed=[
                chat("Что говорит сосед?", "Он говорит, что поезд опоздает."),
                chat("Когда он придёт?", "Придет завтра утром, после дождя."),
            ],
        ),
        Bad(chat("他怎么说？", "扂蠅隴毞祥猁堤藷，狟婓暮")),
    ]

    latin = Pattern(mojibake.LATIN)
    # In bytes: a class of characters that begin like frequent ones is a slow thing to look for.
    gbk = Pattern(rf"[{mojibake.GBK}]|{mojibake.ACCENT}", scan=b"|".join([*map(str.encode, mojibake.GBK), mojibake.SEEN]))
    bytes_ = Pattern(r"[\xa1-\xfe]{4,}")
    big5 = Pattern(f"[{mojibake.BIG5}]", scan=b"|".join(map(str.encode, mojibake.BIG5)))
    cyrillic = Pattern("[а-яё][А-ЯЁ]{2}")
    lost = Pattern(_LOST.replace(r"\x{fffd}", "\ufffd"), scan=_LOST)
    memory = Pattern(_MEMORY)
    marks = Pattern(_ASKED)

    def check(self, batch: Batch) -> Iterator[Finding]:
        found: dict[tuple[int, int], list[mojibake.Reading]] = {}
        for pattern, read in (
            (self.gbk, mojibake.as_gbk),
            (self.bytes_, mojibake.as_cyrillic),
            (self.bytes_, mojibake.as_bytes),
            (self.cyrillic, mojibake.as_other_cyrillic),
            (self.latin, mojibake.as_latin),
            (self.big5, mojibake.as_big5),
        ):
            for record, part, text in batch.texts.holding(pattern):
                if (
                    (record.id, part) not in found
                    and (readings := list(read(text)))
                    and not _TOPIC.search("\n".join(record.texts))
                ):
                    found[record.id, part] = readings
                    whole = all("□" not in reading.text for reading in readings)
                    edits = [replace(place(record, part, r.start, r.stop), r.text) for r in readings if whole]
                    first = readings[0]
                    yield self.finding(
                        place(record, part, first.start, first.stop),
                        fix=Fix.of(*edits, safe=False) if edits else None,
                        was=first.was, codec=first.codec, reading=_reads(first.text),
                    )  # fmt: skip
        for pattern, kind in ((self.lost, "message_lost"), (self.memory, "message_memory")):
            for record, part, text in batch.texts.holding(pattern):
                hit = pattern.regex.search(text)
                if (record.id, part) in found or not hit or (hit[0][0] == "烫" and len(hit[0]) < 5 and _HOT.search(text)):
                    continue
                found[record.id, part] = []
                if not _TOPIC.search("\n".join(record.texts)):
                    what = "U+FFFD (�)" if hit[0][0] == "�" else f"“{hit[0][:6]}”"
                    yield self.finding(place(record, part, *hit.span()), kind=kind, what=what, reading="")

        for record, part, text in batch.answers.holding(self.marks):
            hit = self.marks.regex.search(text)
            topic = "??" in record.question or _TOPIC.search(record.question) or _CODE.search(text)
            if hit and (record.id, part) not in found and not topic:
                yield self.finding(place(record, part, *hit.span()), kind="message_lost", what=f"“{hit[0][:6]}”", reading="")


def _reads(text: str) -> Phrase:
    shown = quote(text)
    return Phrase(en=f"; it should read “{shown}”", zh=f"；应为“{shown}”").escaped()


_HOT = re.compile("烫+[！!，,。～~啊了的呀哦哎]|[好太很]烫")
_CODE = re.compile(r"```|[;{}]\s*$", re.M)
_TOPIC = re.compile(
    r"乱码|编码|字符集|解码|字节|锟斤拷.{0,9}(?:什么|意思|梗|由来|来历)|mojibake|garbled|encod|decod|charset|character set|unicode|utf-?8|\bGBK\b|latin-?1|替换字符|replacement char",
    re.I,
)
