from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from sftlint import (
    PROGRAM,
    Bad,
    Batch,
    Finding,
    Good,
    Phrase,
    Record,
    Rule,
    chat,
    foreign_sentences,
    foreign_text,
    languages,
    place,
    quote,
    scripts,
    speaks,
)

_CHINESE = "[\u4e00-\u9fff]"
_TONGUES = {
    "French": "法语", "German": "德语", "Spanish": "西班牙语", "Portuguese": "葡萄牙语", "Italian": "意大利语",
    "Dutch": "荷兰语", "Polish": "波兰语", "Turkish": "土耳其语", "Indonesian": "印尼语", "Vietnamese": "越南语",
}  # fmt: skip


class UnexpectedLanguage(Rule):
    """An answer, or a passage of it, in a language that nobody asked for.

    The model learns to fall into other languages in the middle of an answer, which is among the first things users report. Such
    passages come from multilingual generators.

    Reported are passages of eight letters or more, or at least two, in a script that neither the prompt nor the set uses;
    Chinese passages in English answers to English questions; sentences in Latin letters in Chinese answers; whole answers in
    Chinese to English questions or in Latin letters to Chinese ones; and, told by their small words, whole answers and sentences in
    French, German, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Indonesian or Vietnamese in answers to questions in English or Chinese.
    One shorter passage, which may be a name, is a note, and so are Chinese passages and sentences told by small words. And records in English
    where hardly one question in a hundred is, and the other way round: they were left untranslated.

    Not reported: records that speak of languages, countries or translation, songs, films and names in quotation marks; code; scripts
    that one answer in a hundred uses, or one in ten in whole sentences.
    """

    zh = """回答整体或其中一段使用了没有要求的语言。

    模型会学着在回答中突然切换语言，这是用户最常反映的问题之一。这类内容多来自多语言生成模型。

    报告的是：提示词和整个数据集都不用的文字，达到八个字母或出现两处以上；英文问答中夹杂的中文；中文回答中夹杂的整句拉丁字母文字；用中文回答英文问题，或全部用拉丁字母回答中文问题；以及回答中英文问题时整篇使用或夹杂的法语、德语、西班牙语、葡萄牙语、意大利语、荷兰语、波兰语、土耳其语、印尼语或越南语（根据虚词判断）。只有一处较短的（可能是名称）、夹杂的中文和根据虚词判断的个别句子仅作提示。此外还报告：英文提问不到百分之一时的英文数据，中文亦然：多为漏译。

    不报告：谈论语言、国家或翻译的数据，歌曲、影片和引号中的名称，代码，以及百分之一（整句则为十分之一）以上回答使用的文字。
    """
    message = Phrase(en="{field} falls into {language}: {what}", zh="{field} 夹杂{language}：{what}")
    message_whole = Phrase(en="{field} answers a Chinese question in another language", zh="{field} 用其他语言回答中文问题")
    message_tongue = Phrase(en="{field} is in {language}, for which nobody asked", zh="{field} 用的是{language}，而没有人要求")
    message_record = Phrase(
        en="the record is in {language}, while nearly all others are in {other}", zh="这条数据是{language}，而其余数据几乎都是{other}"
    )
    message_chinese = Phrase(en="{field} answers an English question in Chinese", zh="{field} 用中文回答英文问题")
    severity = "warning"
    suggestion = Phrase(en="answer in the language of the question", zh="改用提问所用的语言回答")
    yields_to = ("garbled-text", "mixed-script-word")
    learns = (scripts.Scripts,)

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
        Good(
            chat("Name two novels by Márquez.", "El amor en los tiempos del cólera, El coronel no tiene quien le escriba"),
            chat("Quanto costa il biglietto?", "Il biglietto costa sei euro, ma per i bambini è gratis."),
            chat("用法语问候老师", "Bonjour madame, comment allez-vous ce matin ?"),
        ),
        Good(chat("Что это такое?", "Это старая мельница у реки, построенная сто лет назад.")),
    ]
    bad = [
        Bad(
            chat("How do I dry herbs?", "Claro, aquí tienes algunos consejos para secar las hierbas en casa."),
            chat("Suggest a walk for a rainy day.", "Bien sûr, voici une promenade sous les arcades de la vieille ville."),
            chat("怎么给自行车链条上油？", "Natürlich, hier sind einige Schritte, mit denen die Kette wieder leise läuft."),
            at=(0, 1, 2),
        ),
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

    small, accents, run = scripts.SMALL, scripts.ACCENTS, scripts.RUN

    def check(self, batch: Batch) -> Iterator[Finding]:
        known: scripts.Scripts = batch.learned[scripts.Scripts]
        for record, part, text in batch.answers.holding(self.run):
            asked = _asked(record, part)
            hits: dict[str, list[re.Match[str]]] = {}
            for hit in self.run.regex.finditer(text):
                before, after = text[max(hit.start() - 1, 0) : hit.start()], text[hit.end() : hit.end() + 1]
                if sum(map(str.isalpha, hit[0])) > 1 and before not in languages.OPEN and not (before == "(" or after == ")"):
                    hits.setdefault(str(hit.lastgroup), []).append(hit)
            for script, found in hits.items():
                letters, en, zh = scripts.SCRIPTS[script]
                count = sum(sum(map(str.isalpha, hit[0])) for hit in found)
                longest = max(found, key=lambda hit: len(hit[0]))
                topic = languages.LANGUAGE if len(longest[0]) >= languages.SENTENCE else languages.TOPIC
                strong = len(longest[0]) >= 8 and (" " in longest[0] or script in ("kana", "thai"))
                if script in ("cyrillic", "arabic", "hebrew", "thai", "devanagari"):  # stuck to a word of the answer's own
                    beside = text[max(longest.start() - 1, 0) : longest.start()], text[longest.end() : longest.end() + 1]
                    strong = strong or (count >= 3 and any(map(_OWN_LETTER.match, beside)))
                if (
                    known.usual(script, sentence=count >= LONG)
                    or re.search(letters, asked)
                    or topic.search(asked)
                    or languages.KAOMOJI.search(text)
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
        if not known.usual("latin", sentence=True):
            yield from self._tongues(batch, seen)
        if known.of("Chinese") or known.of("English"):
            yield from self._untranslated(batch, known.of("Chinese"), seen)

    def _untranslated(self, batch: Batch, chinese: bool, seen: set[int]) -> Iterator[Finding]:
        """The records in English where the others are in Chinese, or the other way round."""
        asked = batch.questions
        for index in np.flatnonzero(scripts.maybe_english(asked) if chinese else scripts.maybe_chinese(asked)).tolist():
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
        """Whole answers, and sentences, in other languages in Latin letters than English."""
        for record, part, text in (*batch.targets.holding(self.small), *batch.targets.holding(self.accents)):
            if record.id in seen:
                continue
            whole = foreign_text(text)
            found = next((hit for hit in foreign_sentences(text) if languages.own(text, *hit[:2])), None)
            if not (whole or found) or PROGRAM.search(text):
                continue
            asked = _prompt(record)
            if languages.LANGUAGE.search(asked) or languages.ABROAD.search(asked) or any(foreign_sentences(asked)):
                continue
            known = languages.is_chinese(record.question) or languages.asks_in_english(record.question)
            if known and whole and not speaks(asked, whole):
                seen.add(record.id)
                yield self.finding(place(record, part), kind="message_tongue", language=Phrase(whole, _TONGUES[whole]))
            elif found and (languages.HAN.search(asked) or languages.ENGLISH.search(asked)):
                seen.add(record.id)
                start, stop, language = found
                tongue = Phrase(language, _TONGUES[language])
                where = place(record, part, start, stop)
                yield self.finding(where, severity="info", language=tongue, what=quote(text[start:stop]))

    def _latin_or_chinese(self, batch: Batch) -> Iterator[Finding]:
        crossed = batch.learned[scripts.Scripts].crossed
        for record in self._strange(batch):
            layout, text = record.layout, record.texts[record.layout.target[-1]]
            if not text.isascii() and record.question.isascii():
                passage = _PASSAGE.search(text)
                if passage and len(languages.LETTERS.findall(text)) > 30 and _alone(record, text, passage):
                    where = place(record, layout.target[-1], *passage.span())
                    yield self.finding(where, severity="info", language=Phrase("Chinese", "中文"), what=quote(passage[0]))
                elif languages.in_chinese(text, _prompt(record)):
                    yield self.finding(place(record, layout.target[-1]), kind="message_chinese")
            elif len(text) >= scripts.LATIN and languages.is_chinese(record.question):
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
        latin = (given.lengths >= scripts.LATIN) & (given.sizes <= 2.7 * given.lengths) & (asked.sizes > 1.2 * asked.lengths)
        mixed = (given.sizes >= given.lengths + 8) & (asked.sizes == asked.lengths)
        yield from (given.owner(index)[0] for index in np.flatnonzero(latin | mixed).tolist())


def _asked(record: Record, part: int) -> str:
    layout = record.layout
    return "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < layout.turns[part])


def _prompt(record: Record) -> str:
    return "\n".join(record.texts[i] for i in record.layout.texts if i not in record.layout.target)


def _alone(record: Record, text: str, passage: re.Match[str]) -> bool:
    """Whether nobody asked for the Chinese *passage*: neither the prompt, nor quotation marks around it."""
    asked, topic = _prompt(record), languages.LANGUAGE if len(passage[0]) >= languages.SENTENCE else languages.TOPIC
    return text[max(passage.start() - 1, 0) : passage.start()] not in languages.OPEN and not (languages.HAN.search(asked) or topic.search(asked))


_OWN_LETTER = re.compile(r"[A-Za-z\u4e00-\u9fff]")
LONG = 10  # letters of a sentence of Japanese, Korean or Russian
_SMALL = (" the ", " to ", " of ", " and ", " is ", " die ", " les ", " que ")  # one of these stands in any sentence
_PASSAGE = re.compile(f"{_CHINESE}{{4,}}(?:[，、：]?{_CHINESE}+)*(?:(?<=.{{8}})|[。！？])")
