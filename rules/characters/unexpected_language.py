from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sftlint import (
    FOREIGN,
    PROGRAM,
    Bad,
    Batch,
    Column,
    Counted,
    Finding,
    Good,
    Pattern,
    Phrase,
    Record,
    Rule,
    Tally,
    chat,
    foreign_sentences,
    languages,
    place,
    quote,
)

#: Letters of scripts that a Chinese or English answer seldom holds, with what they are called.
_SCRIPTS = {
    "cyrillic": ("[\u0400-\u04ff]", "Cyrillic", "西里尔文"),
    "kana": ("[\u3041-\u3096\u30a1-\u30fa]", "Japanese", "日文"),
    "hangul": ("[\uac00-\ud7a3]", "Korean", "韩文"),
    "arabic": ("[\u0620-\u064a\u0671-\u06d3]", "Arabic", "阿拉伯文"),
    "hebrew": ("[\u05d0-\u05ea]", "Hebrew", "希伯来文"),
    "thai": ("[\u0e01-\u0e3a\u0e40-\u0e4e]", "Thai", "泰文"),
    "devanagari": ("[\u0904-\u0939\u093e-\u094d]", "Devanagari", "天城文"),
}
_RUN = "|".join(rf"(?P<{name}>{letters}+(?:[ ,،、。・ー-]{{0,2}}{letters}+)*)" for name, (letters, _, _) in _SCRIPTS.items())
_CHINESE = "[\u4e00-\u9fff]"
_TONGUES = {
    "French": "法语", "German": "德语", "Spanish": "西班牙语", "Portuguese": "葡萄牙语", "Italian": "意大利语",
    "Dutch": "荷兰语", "Polish": "波兰语", "Turkish": "土耳其语", "Indonesian": "印尼语", "Vietnamese": "越南语",
}  # fmt: skip


class Scripts(Counted):
    """In how many sampled answers each script stands, and how many there are."""

    size = 5_000

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for record, part, text in batch.texts.holding(UnexpectedLanguage.run):
            if part in record.layout.target:
                for name in {str(hit.lastgroup) for hit in UnexpectedLanguage.run.regex.finditer(text)}:
                    tally.add(name, record.id)
        for record, part, text in batch.texts.holding(UnexpectedLanguage.small):
            if part in record.layout.target and any(foreign_sentences(text)):
                tally.add("latin", record.id)
        tally.add("", 0, len(batch.sound))
        asked, given = batch.questions, batch.targets
        wide = [index for index in np.flatnonzero(_chinese(asked)).tolist() if languages.is_chinese(asked.strings[index])]
        counts = {"asked": len(asked.lengths), "Chinese": len(wide), "English": int(_english(asked).sum())}
        if len(asked.lengths) == len(given.lengths):  # nearly always
            counts["crossed"] = int((_english(given) & (given.lengths >= LATIN))[wide].sum())
        for name, count in counts.items():
            if count:
                tally.add(name, 0, count)
        return tally

    @property
    def crossed(self) -> bool:
        """Whether a tenth of the questions in Chinese, or more, and at least ten have answers in Latin letters."""
        return self.counts.get("crossed", 0) >= max(10, self.counts.get("Chinese", 0) / 10)

    def of(self, language: str) -> bool:
        """Whether nearly all questions, and of at least a hundred, are in *language*, "Chinese" or "English"."""
        asked, other = self.counts.get("asked", 0), "English" if language == "Chinese" else "Chinese"
        return asked >= FEW and 10 * self.counts.get(language, 0) >= 9 * asked and 100 * self.counts.get(other, 0) <= asked

    def usual(self, script: str, *, sentence: bool) -> bool:
        """Whether at least ten answers and one in a hundred hold *script*: then it is what the set is about.

        Whole sentences that no prompt asks for are no names: those must stand in one answer of ten.
        """
        return self.counts.get(script, 0) >= max(10, (0.1 if sentence else 0.01) * self.counts.get("", 0))


class UnexpectedLanguage(Rule):
    """An answer, or a passage of it, in a language that nobody asked for.

    The model learns to fall into other languages in the middle of an answer, which is among the first things users report. Such
    passages come from multilingual generators.

    Reported are passages of eight letters or more, or at least two, in a script that neither the prompt nor the set uses;
    Chinese passages in English answers to English questions; sentences in Latin letters in Chinese answers; whole answers in
    Chinese to English questions or in Latin letters to Chinese ones; and, told by their small words, sentences in French, German,
    Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Indonesian or Vietnamese in answers to questions in English or Chinese.
    One shorter passage, which may be a name, is a note, and so are Chinese passages and those small words. And records in English
    where hardly one question in a hundred is, and the other way round: they were left untranslated.

    Not reported: records that speak of languages, countries or translation, songs, films and names in quotation marks; code; scripts
    that one answer in a hundred uses, or one in ten in whole sentences.
    """

    zh = """回答整体或其中一段使用了没有要求的语言。

    模型会学着在回答中突然切换语言，这是用户最常反映的问题之一。这类内容多来自多语言生成模型。

    报告的是：提示词和整个数据集都不用的文字，达到八个字母或出现两处以上；英文问答中夹杂的中文；中文回答中夹杂的整句拉丁字母文字；用中文回答英文问题，或全部用拉丁字母回答中文问题；以及回答中英文问题时夹杂的法语、德语、西班牙语、葡萄牙语、意大利语、荷兰语、波兰语、土耳其语、印尼语或越南语句子（根据虚词判断）。只有一处较短的（可能是名称）、夹杂的中文和根据虚词判断的句子仅作提示。此外还报告：英文提问不到百分之一时的英文数据，中文亦然：多为漏译。

    不报告：谈论语言、国家或翻译的数据，歌曲、影片和引号中的名称，代码，以及百分之一（整句则为十分之一）以上回答使用的文字。
    """
    message = Phrase(en="{field} falls into {language}: {what}", zh="{field} 夹杂{language}：{what}")
    message_whole = Phrase(en="{field} answers a Chinese question in another language", zh="{field} 用其他语言回答中文问题")
    message_record = Phrase(
        en="the record is in {language}, while nearly all others are in {other}", zh="这条数据是{language}，而其余数据几乎都是{other}"
    )
    message_chinese = Phrase(en="{field} answers an English question in Chinese", zh="{field} 用中文回答英文问题")
    severity = "warning"
    suggestion = Phrase(en="answer in the language of the question", zh="改用提问所用的语言回答")
    yields_to = ("garbled-text", "mixed-script-word")
    learns = (Scripts,)

    good = [
        Good(chat("把“谢谢”翻译成日语", "ありがとうございます"), chat("日本乐队推荐", "可以听サカナクション。")),
        Good(
            chat("How do you say hello in Russian?", "Здравствуйте, or привет."),
            chat("Who sang it?", "“Калинка” is a folk song."),
        ),
        Good(
            chat("用英语写一句问候", "Good morning, I hope that you are well and that the sun shines."),
            chat("写一个颜文字", "(´• ω •`)ﾉ ヾ(≧▽≦*)o"),
        ),
        Good(chat("写一个排序函数", "def sort_list(items):\n    return sorted(items, key=lambda item: item.name, reverse=True)")),
        Good(
            chat("How did the French text begin?", "Il faut demander à la voisine avant de fermer la porte du jardin."),
            chat("Was steht dort?", "Dort steht, dass man das Tor zum Garten mit dem Schlüssel schließen soll."),
            chat("What did the sign say?", 'It said: "Hay que preguntar a la vecina antes de cerrar la puerta." We did.'),
        ),
        Good(chat("Что это такое?", "Это старая мельница у реки, построенная сто лет назад.")),
    ]
    bad = [
        Bad(chat("怎样养好一盆茉莉？", "茉莉喜光，要勤浇水，также важно удобрять 每两周一次。")),
        Bad(chat("How do bees find flowers?", "They see colours and 匂いを感じることができます very well.")),
        Bad(
            chat(
                "How do I store onions?",
                "Keep them in a dry place with air around them, 放在塑料袋里很快就会发霉。 A net will do.",
            )
        ),
        Bad(
            chat(
                "怎么去除茶渍？", "You can soak the cup in warm water with baking soda for about half an hour and then rinse it."
            )
        ),
        Bad(
            chat(
                "桌面有水印怎么办？",
                "先用软布擦干，再薄薄地涂一层蜂蜡。The wax fills the pores of the wood and it keeps the water out. 第二天再抛光。",
            ),
            chat("How do I keep the soil moist for a week?", "浇透之后在土面铺一层树皮，再把花盆移到阴凉的地方就可以了。"),
            at=(0, 1),
        ),
        Bad(
            chat(
                "When should I prune the hedge?",
                "Late winter is best. Il vaut mieux demander à la voisine avant de couper les branches de son côté. Wear gloves.",
            ),
            chat(
                "怎么给门上油？",
                "先把合页擦干净。Trước khi đóng cửa lại thì bạn nên nhỏ một giọt dầu vào bản lề. 然后来回开关几次。",
            ),
            at=(0, 1),
        ),
    ]

    small = Pattern(FOREIGN)
    run = Pattern(_RUN, scan="|".join(letters for letters, _, _ in _SCRIPTS.values()))

    def check(self, batch: Batch) -> Iterator[Finding]:
        scripts: Scripts = batch.learned[Scripts]
        for record, part, text in batch.answers.holding(self.run):
            asked = _asked(record, part)
            hits: dict[str, list[re.Match[str]]] = {}
            for hit in self.run.regex.finditer(text):
                before, after = text[max(hit.start() - 1, 0) : hit.start()], text[hit.end() : hit.end() + 1]
                if sum(map(str.isalpha, hit[0])) > 1 and before not in languages.OPEN and not (before == "(" or after == ")"):
                    hits.setdefault(str(hit.lastgroup), []).append(hit)
            for script, found in hits.items():
                letters, en, zh = _SCRIPTS[script]
                count = sum(sum(map(str.isalpha, hit[0])) for hit in found)
                longest = max(found, key=lambda hit: len(hit[0]))
                topic = languages.LANGUAGE if len(longest[0]) >= languages.SENTENCE else _TOPIC
                strong = len(longest[0]) >= 8 and (" " in longest[0] or script in ("kana", "thai"))
                if script in ("cyrillic", "arabic", "hebrew", "thai", "devanagari"):  # stuck to a word of the answer's own
                    beside = text[max(longest.start() - 1, 0) : longest.start()], text[longest.end() : longest.end() + 1]
                    strong = strong or (count >= 3 and any(map(_OWN_LETTER.match, beside)))
                if (
                    scripts.usual(script, sentence=count >= LONG)
                    or re.search(letters, asked)
                    or topic.search(asked)
                    or _KAOMOJI.search(text)
                ):
                    continue
                if 2 * count > sum(map(str.isalpha, text)) and not re.search(f"{_CHINESE}|[a-z]{{3}}", asked):
                    continue  # nothing tells the language that was asked for
                yield self.finding(
                    place(record, part, *longest.span()), severity=None if strong else "info",
                    language=Phrase(en, zh), what=quote(longest[0]),
                )  # fmt: skip
        seen = set()
        for finding in self._latin_or_chinese(batch):
            seen.add(finding.place.record if finding.place else 0)
            yield finding
        if not scripts.usual("latin", sentence=True):
            yield from self._tongues(batch, seen)
        if scripts.of("Chinese") or scripts.of("English"):
            yield from self._untranslated(batch, scripts.of("Chinese"), seen)

    def _untranslated(self, batch: Batch, chinese: bool, seen: set[int]) -> Iterator[Finding]:
        """The records in English where the others are in Chinese, or the other way round."""
        asked = batch.questions
        for index in np.flatnonzero(_english(asked) if chinese else _chinese(asked)).tolist():
            record = asked.owner(index)[0]
            prompt = _prompt(record)
            if record.id in seen or languages.LANGUAGE.search(prompt) or PROGRAM.search(prompt) or PROGRAM.search(record.target):
                continue
            whole = prompt + "\n" + record.target
            if chinese:
                strange = not languages.HAN.search(whole) and len(languages.WORD.findall(prompt)) >= 3 and len(languages.ENGLISH.findall(whole)) >= 3
            else:
                strange = len(languages.HAN.findall(prompt)) >= 6 and 2 * len(languages.HAN.findall(whole)) > len("".join(whole.split()))
            if strange:
                seen.add(record.id)
                english, other = Phrase("English", "英文"), Phrase("Chinese", "中文")
                yield self.finding(record, kind="message_record", language=english if chinese else other, other=other if chinese else english)

    def _tongues(self, batch: Batch, seen: set[int]) -> Iterator[Finding]:
        """Sentences in other languages in Latin letters than English."""
        for record, part, text in batch.targets.holding(self.small):
            if record.id in seen or not (found := [hit for hit in foreign_sentences(text) if languages.own(text, *hit[:2])]):
                continue
            asked = _prompt(record)
            if not (languages.HAN.search(asked) or languages.ENGLISH.search(asked)) or languages.LANGUAGE.search(asked) or _ABROAD.search(asked):
                continue
            if not (PROGRAM.search(text) or any(foreign_sentences(asked))):
                seen.add(record.id)
                start, stop, language = found[0]
                tongue = Phrase(language, _TONGUES[language])
                where = place(record, part, start, stop)
                yield self.finding(where, severity="info", language=tongue, what=quote(text[start:stop]))

    def _latin_or_chinese(self, batch: Batch) -> Iterator[Finding]:
        crossed = batch.learned[Scripts].crossed
        for record in self._strange(batch):
            layout, text = record.layout, record.texts[record.layout.target[-1]]
            if not text.isascii() and record.question.isascii():
                passage = _PASSAGE.search(text)
                if passage and len(languages.LETTERS.findall(text)) > 30 and _alone(record, text, passage):
                    where = place(record, layout.target[-1], *passage.span())
                    yield self.finding(where, severity="info", language=Phrase("Chinese", "中文"), what=quote(passage[0]))
                elif languages.in_chinese(text, _prompt(record)):
                    yield self.finding(place(record, layout.target[-1]), kind="message_chinese")
            elif len(text) >= LATIN and languages.is_chinese(record.question):
                if not languages.HAN.search(text):
                    if not crossed and languages.in_latin_letters(text, _prompt(record), "\n".join(record.texts[i] for i in layout.instructions)):
                        yield self.finding(place(record, layout.target[-1]), kind="message_whole")
                elif any(word in text for word in _SMALL) and (sentence := languages.latin_sentence(text, _prompt(record))):
                    where = place(record, layout.target[-1], *sentence.span())
                    yield self.finding(where, language=Phrase("another language", "其他语言"), what=quote(sentence[0]))

    def _strange(self, batch: Batch) -> Iterator[Record]:
        """The records whose question and answer may be in different languages, by how many bytes their characters have."""
        asked, given = batch.questions, batch.targets
        if not len(asked.indices) == len(given.indices) == len(batch.sound):  # hardly ever: not one question and one answer each
            yield from (record for record in batch.sound if record.layout.question and record.layout.target)
            return
        latin = (given.lengths >= LATIN) & (given.sizes <= 2.7 * given.lengths) & (asked.sizes > 1.2 * asked.lengths)
        mixed = (given.sizes >= given.lengths + 8) & (asked.sizes == asked.lengths)
        yield from (given.owner(index)[0] for index in np.flatnonzero(latin | mixed).tolist())


def _chinese(asked: Column) -> NDArray[np.bool_]:
    """Which questions may be Chinese: by the bytes of their characters."""
    return np.asarray(asked.sizes > 1.2 * asked.lengths)


def _english(asked: Column) -> NDArray[np.bool_]:
    return np.asarray(asked.sizes <= 1.04 * asked.lengths)


def _asked(record: Record, part: int) -> str:
    layout = record.layout
    return "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < layout.turns[part])


def _prompt(record: Record) -> str:
    return "\n".join(record.texts[i] for i in record.layout.texts if i not in record.layout.target)


def _alone(record: Record, text: str, passage: re.Match[str]) -> bool:
    """Whether nobody asked for the Chinese *passage*: neither the prompt, nor quotation marks around it."""
    asked, topic = _prompt(record), languages.LANGUAGE if len(passage[0]) >= languages.SENTENCE else _TOPIC
    return text[max(passage.start() - 1, 0) : passage.start()] not in languages.OPEN and not (languages.HAN.search(asked) or topic.search(asked))


LATIN = 60  # characters of an answer in Latin letters
FEW = 100  # questions from which on it is known what language a set is in
_OWN_LETTER = re.compile(r"[A-Za-z\u4e00-\u9fff]")
LONG = 10  # letters of a sentence of Japanese, Korean or Russian
_KAOMOJI = re.compile(r"[(（][^\w\s]*[^\w\s\u4e00-\u9fff][ωᴗДдωﾟ・▽∀ლ][^\w\s]*")
_TOPIC = re.compile(
    r"翻译|译[成为作]|英[文语]|外[文语]|日[文语本]|韩[文语国]|俄|法语|德语|阿拉伯|希伯来|希腊|印度|泰[文语国]|语言|单词|词汇|词源|拼写|双语|一词|例句|造句|HTML|标签|字段|网站|品牌|口号|标题|歌词|名字|起名|母语|方言|口语|作文|邮件|歌|影|动漫|动画|字符|"
    r"乱码|字母|关键词|雅思|托福|句子|代码|编程|函数|SQL|正则|命令|论文|title|摘要|诗|语法|听力|阅读|考试|"
    r"translat|language|japan|korea|russia|arab|hebrew|israel|thai|hindi|india|sanskrit|ukrain|bulgaria|serbia|persia|iran|greek|word|script|alphabet|letter|"
    r"anime|song|film|movie|name|quote|kaomoji|emoticon|emoji|颜文字|表情|multilingual|spell|unicode",
    re.I,
)
#: What explains a sentence in another language in Latin letters.
_ABROAD = re.compile(
    r"法[国语文]|德[国语文]|西班牙|葡萄牙|意大利|荷兰|波兰|土耳其|印尼|印度尼西亚|越南|巴西|墨西哥|拉丁|巴黎|外国|国外|单词|词汇|发音|歌[词曲名手单]|[首支写听唱]歌|诗|名言|谚语|格言|"
    r"\b(?:french|german|spanish|portugu|ital|dutch|poland|(?-i:Polish)|turk|indones|vietnam|latin|franc|spain|brazil|mexic|paris\b|berlin|europ|foreign|"
    r"bilingual|phrase|words?\b|proverb|motto|quote|song|poem|opera|anthem|pronounc|spell)",
    re.I,
)
_SMALL = (" the ", " to ", " of ", " and ", " is ", " die ", " les ", " que ")  # one of these stands in any sentence
_PASSAGE = re.compile(f"{_CHINESE}{{4,}}(?:[，、：]?{_CHINESE}+)*(?:(?<=.{{8}})|[。！？])")
