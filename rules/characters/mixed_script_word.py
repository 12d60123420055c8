from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from sftlint import PROGRAM, Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Rule, chat, languages, place, quote, replace

_ALIKE = "АВЕКМНОРСТХасеорхуіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"  # Cyrillic and Greek
_LATIN = "ABEKMHOPCTXaceopxyijsABEZHIKMNOPTYXo"


class MixedScriptWord(Rule):
    """A word of Latin letters with a Cyrillic, Greek or Chinese letter in it.

    A look-alike is right to the eye and another word to the tokenizer: the model neither reads nor writes it as the real one. Such
    letters come from scanned pages, keyboards left in another layout, and texts made to slip past filters. A Chinese character that
    hangs on a word of an English answer slipped out of a model of several languages; that is a warning.

    Not reported: letters that nobody would mix up (`µm`, `α-helix`, `Δx`), words about such letters, names with them; Chinese in
    quotation marks, in code, or where the prompt has any or speaks of languages or China.

    Fix safety: each look-alike becomes the Latin one that it looks like, and whoever wrote of the letter itself loses it, so the
    fix is unsafe.
    """

    zh = """拉丁字母单词中混入了西里尔或希腊字母。

    看上去没有问题，对分词来说却是另一个词：模型既读不准也写不对。多来自扫描识别、没有切换的键盘布局，或为绕过过滤而写的文本。

    不报告：不会混淆的字母（`µm`、`α-helix`、`Δx`），讨论这些字母的文本和含有它们的名称。

    修复安全性：换成外形相同的拉丁字母。如果原文就是在讨论该字母，它会丢失，因此属于不安全修复。
    """
    message = Phrase(
        en="{field} contains {word}, where {letter} only looks Latin", zh="{field} 含有 {word}，其中 {letter} 只是形似拉丁字母"
    )
    message_chinese = Phrase(en="{field} contains {word}, an English word with a Chinese character", zh="{field} 的英文单词 {word} 上粘着汉字")
    suggestion = Phrase(en="write it in one script", zh="改为同一种文字的字母")
    severity = "warning"
    yields_to = ("garbled-text",)

    good = [
        Good(chat("How long?", "About 5 µm, with Δx = αt and a β-blocker; “кот” is a cat."), chat("单位？", "Ωm，μs，πr²。")),
        Good(
            chat("What is tofu called?", "It is called “tofu豆腐” on the sign, or dòufu豆腐 (豆腐), and there are many ways to cook it in China."),
            chat("OK还是KO？", "写作OK的多，KO的少。"),
            ignore=("unexpected-language",),
        ),
        Good(chat("Is the а in pаypal Cyrillic?", "Yes, pаypal has the Cyrillic letter.")),
    ]
    bad = [
        Bad(chat("Name a fruit.", "An аpple."), fixed=[chat("Name a fruit.", "An apple.")]),
        Bad(chat("Where can I eat nearby?", "The nearest place is Lantern是 Corner, two streets from the station and open all night.")),
        Bad(chat("怎么登录？", "打开 gооgle 登录即可。"), fixed=[chat("怎么登录？", "打开 google 登录即可。")]),
    ]

    word = Pattern(
        rf"(?<![\p{{L}}\p{{N}}])[A-Za-z{_ALIKE}]{{3,40}}(?![\p{{L}}\p{{N}}])", scan=f"[A-Za-z][{_ALIKE}]|[{_ALIKE}][a-z]"
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        answers = batch.answers
        more = answers.sizes - answers.lengths  # bytes than characters: two for each Chinese one
        for index in np.flatnonzero((more >= 2) & (more <= WIDE) & (answers.lengths >= LEAST)).tolist():
            (record, part), text = answers.owner(index), answers.strings[index]
            if not 0 < len(languages.HAN.findall(text)) <= MOST or len(languages.LETTERS.findall(text)) < LEAST:
                continue
            asked = "\n".join(record.texts[i] for i in record.layout.texts if record.layout.turns[i] < record.layout.turns[part])
            if languages.HAN.search(asked):
                continue
            hit = _CHINESE.regex.search(text)
            if hit and not (languages.LANGUAGE.search(asked) or languages.CHINA.search(asked) or _SPELT.search(text) or PROGRAM.search(text) or "`" in text):
                yield self.finding(place(record, part, *hit.span()), kind="message_chinese", word=quote(hit[0]))
        for record, part, text in batch.texts.holding(self.word):
            for hit in self.word.regex.finditer(text):
                if hit[0].isascii() or not _LETTER.search(hit[0]) or sum(map(str.isascii, hit[0])) * 2 < len(hit[0]):
                    continue
                if _TOPIC.search("\n".join(record.texts)):
                    break
                where = place(record, part, *hit.span())
                letter = next(c for c in hit[0] if not c.isascii())
                fix = Fix.of(replace(where, hit[0].translate(_LATIN_OF)), safe=False)
                yield self.finding(where, severity="info", fix=fix, word=quote(hit[0]), letter=f"{letter} (U+{ord(letter):04X})")
                break


#: A word with Chinese characters stuck to it, or the reverse. Not scanned for: only a few texts are asked.
_CHINESE = Pattern(
    r"(?<![\p{L}\p{N}_\"“'‘(（\[`])[A-Za-z]{2,30}[\u4e00-\u9fff]{1,3}(?=[a-z]|[ ,.;]|$)|(?<=[a-z,] )[\u4e00-\u9fff]{1,3}[a-z]{3,30}\b"
)
_SPELT = re.compile(r"mandarin|pinyin|hanzi|kanji|\bcharacters?\b", re.I)
MOST, LEAST = 6, 40  # Chinese characters of an English answer, and letters of it
WIDE = 40  # bytes that these and curly quotes take beyond one each
_LETTER = re.compile("[a-z]{2}|[A-Z]{2}")
_LATIN_OF = str.maketrans(_ALIKE, _LATIN)
_TOPIC = re.compile(r"cyrillic|homoglyph|greek letter|look-?alike|punycode|phish|西里尔|希腊字母|同形|形近|钓鱼", re.I)
