from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Place, Rule, chat, place, replace

# A letter of a script that needs joiners, or marks line breaks by them: any but those of Europe and East Asia.
_NEEDY = r"[[\p{L}\p{M}\u1100-\u11ff]--[\p{Latin}\p{Greek}\p{Cyrillic}\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\uac00-\ud7a3\p{Common}\p{Inherited}]]"
_EMOJI = r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]"
_WRONG = (
    r"[\u00ad\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffc]",  # soft hyphens, marks and annotations, anywhere
    rf"(?!(?<={_EMOJI})\u200d\p{{Extended_Pictographic}})(?<!{_NEEDY})[\u200b-\u200d\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f](?!{_NEEDY})\ufe0f?",
    r"(?<![\p{Emoji}\p{S}\p{M}\p{Han}\u200d])[\ufe00-\ufe0f]+|(?<=\p{Han})[\ufe03-\ufe0f]+",  # variation selectors of nothing
    r"(?<!\p{Han})[\U000e0100-\U000e01ef]",
    r"(?<!\U0001f3f4[\U000e0020-\U000e007f]*)[\U000e0000-\U000e007f]",  # tags, but for those that name a flag
)


class InvisibleCharacter(Rule):
    """A character that cannot be seen.

    It splits words for the tokenizer where a reader sees none, and the model learns to emit it. It comes from web pages
    and editors: zero-width spaces, soft hyphens, byte order marks, joiners and selectors of an emoji that was stripped.

    Not reported: joiners beside letters of scripts that need them (Persian, Hindi, Thai, Khmer, ...) and inside emoji;
    variation selectors after emoji, symbols and ideographs; emoji flags; texts about such characters. A text that holds
    nothing visible is left to the rules on empty texts.

    Fix safety: deleting what nobody can see changes no meaning, so the fix is safe.
    """

    zh = """看不见的字符。

    它会在读者看不到的地方切断词语，影响分词，模型也会学着输出它。常见来源是网页和编辑器：零宽空格、软连字符、字节顺序标记，
    以及表情被删后残留的连接符和变体选择符。

    不报告：文字本身需要的连接符（波斯文、印地文、泰文、高棉文等）和表情内部的连接符；表情、符号、汉字之后的变体选择符；旗帜表情；
    讨论这类字符的文本。没有任何可见内容的文本由“空文本”类规则报告。

    修复安全性：删除看不见的字符不会改变含义，因此修复是安全的。
    """
    message = Phrase(en="{field} contains the invisible character {name}", zh="{field} 含有不可见字符 {name}")
    suggestion = Phrase(en="delete it", zh="删除该字符")
    yields_to = ("garbled-text",)

    good = [
        Good(
            chat(
                "家庭的表情怎么打？",
                "👨\u200d👩\u200d👧 或者 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 和 ❤\ufe0f，还有 1\ufe0f\u20e3 🏳\ufe0f\u200d🌈",
            )
        ),
        Good(chat("How do you say 'I want' in Persian?", "می\u200cخواهم, and in Hindi क्\u200dष.")),
        Good(chat("用泰语怎么说？", "สวัสดี\u200bครับ"), chat("“葛”的异体字怎么写？", "葛\U000e0100，部首是草字头。")),
        Good(chat("零宽空格“\u200b”是什么？", "一种不可见字符。"), chat("What is in a\u200bb?", "A zero-width space.")),
    ]
    bad = [
        Bad(chat("怎么选鞋？", "先量\u200b\u200b脚长，再看\u200b鞋型。"), fixed=[chat("怎么选鞋？", "先量脚长，再看鞋型。")]),
        Bad(chat("Is the res\u00adtau\u00adrant open?", "Yes."), fixed=[chat("Is the restaurant open?", "Yes.")]),
        Bad(chat("\ufeff翻译成英文：早", "Good morning."), fixed=[chat("翻译成英文：早", "Good morning.")]),
        Bad(
            chat("Any news?", "Not yet\u2060, sorry 🧚\u200d\ufe0f."), at=[0, 0], fixed=[chat("Any news?", "Not yet, sorry 🧚.")]
        ),
        Bad(chat("你来吗？", "来。\ufe0f等我"), fixed=[chat("你来吗？", "来。等我")]),
        Bad(chat("写一句祝福。", "祝你\ufe0f平安\ufffc！"), at=[0, 0], fixed=[chat("写一句祝福。", "祝你平安！")]),
    ]

    allow: Annotated[str, "characters that are never reported"] = ""

    invisible = Pattern(
        f"(?V1)(?:{'|'.join(_WRONG)})+",
        # A variation selector is proposed only where what stands before it can be no emoji.
        scan=r"[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffc\U000e0000-\U000e01ef]"
        r'|(?:^|[\x00-"$-)+-/:-\xa8\xaa-\xad\xaf-\u2012\u3000-\u302f\u303e-\u3296\u3298\u329a-\ua000\uff00-\uffef])[\ufe00-\ufe0f]',
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        blank = {(record.id, part) for record, part in batch.texts.blank()}
        for record, part, text in batch.texts.holding(self.invisible):
            found: dict[str, list[Place]] = {}
            for match in self.invisible.regex.finditer(text):
                if not set(match[0]) <= set(self.allow):
                    found.setdefault(match[0][0], []).append(place(record, part, *match.span()))
            if not found or (record.id, part) in blank or _TOPIC.search("\n".join(record.texts)):
                continue
            for character, places in found.items():
                code = f"U+{ord(character):04X}"
                fix = Fix.of(*(replace(there, "") for there in places), safe=True)
                name = f"{code} {unicodedata.name(character, '')}".strip()
                yield self.finding(places[0], fix=fix, key=code, name=name)


_TOPIC = re.compile(
    r"零宽|(?:不可见|隐形|隐藏)字符|软连字符|zero.?width|soft.?hyphen|invisible char|unicode|byte.?order|\bBOM\b", re.I
)
