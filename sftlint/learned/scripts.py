"""Scripts that a Chinese or English answer seldom holds, and which of them, and which languages, are usual in a set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sftlint.batch import Batch, Column
from sftlint.learn import Counted
from sftlint.pattern import Pattern
from sftlint.summary import Tally
from sftlint.texts import languages
from sftlint.texts.tongues import ACCENT, FOREIGN, foreign_sentences

#: Letters of scripts that a Chinese or English answer seldom holds, with what they are called.
SCRIPTS = {
    "cyrillic": ("[\u0400-\u04ff]", "Cyrillic", "西里尔文"),
    "kana": ("[\u3041-\u3096\u30a1-\u30fa]", "Japanese", "日文"),
    "hangul": ("[\uac00-\ud7a3]", "Korean", "韩文"),
    "arabic": ("[\u0620-\u064a\u0671-\u06d3]", "Arabic", "阿拉伯文"),
    "hebrew": ("[\u05d0-\u05ea]", "Hebrew", "希伯来文"),
    "thai": ("[\u0e01-\u0e3a\u0e40-\u0e4e]", "Thai", "泰文"),
    "devanagari": ("[\u0904-\u0939\u093e-\u094d]", "Devanagari", "天城文"),
}
_RUN = "|".join(rf"(?P<{name}>{letters}+(?:[ ,،、。・ー-]{{0,2}}{letters}+)*)" for name, (letters, _, _) in SCRIPTS.items())
#: Runs of letters of one of these scripts, and what stands in nearly every sentence of another language in Latin letters.
RUN = Pattern(_RUN, scan="|".join(letters for letters, _, _ in SCRIPTS.values()))
SMALL = Pattern(FOREIGN)
ACCENTS = Pattern("[À-žẠ-ỹ]", scan=ACCENT)
LATIN = 60  # characters of an answer in Latin letters
FEW = 100  # questions from which on it is known what language a set is in


class Scripts(Counted):
    """In how many sampled answers each script stands, and how many there are."""

    size = 5_000
    patterns = (RUN, SMALL)

    @classmethod
    def summarise(cls, batch: Batch) -> Tally:
        tally = Tally()
        for record, part, text in batch.texts.holding(RUN):
            if part in record.layout.target:
                for name in {str(hit.lastgroup) for hit in RUN.regex.finditer(text)}:
                    tally.add(name, record.id)
        for record, part, text in batch.texts.holding(SMALL):
            if part in record.layout.target and any(foreign_sentences(text)):
                tally.add("latin", record.id)
        tally.add("", 0, len(batch.sound))
        asked, given = batch.questions, batch.targets
        wide = [index for index in np.flatnonzero(maybe_chinese(asked)).tolist() if languages.is_chinese(asked.strings[index])]
        counts = {"asked": len(asked.lengths), "Chinese": len(wide), "English": int(maybe_english(asked).sum())}
        if len(asked.lengths) == len(given.lengths):  # nearly always
            counts["crossed"] = int((maybe_english(given) & (given.lengths >= LATIN))[wide].sum())
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


def maybe_chinese(asked: Column) -> NDArray[np.bool_]:
    """Which questions may be Chinese: by the bytes of their characters."""
    return np.asarray(asked.sizes > 1.2 * asked.lengths)


def maybe_english(asked: Column) -> NDArray[np.bool_]:
    return np.asarray(asked.sizes <= 1.04 * asked.lengths)
