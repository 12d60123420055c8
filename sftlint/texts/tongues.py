"""Which language a sentence, or a whole text, in Latin letters is in, told by its small words."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: The small words of languages that models fall into. None of them is a frequent word of English.
_SMALL = {
    "French": "le la les un une des du de est sont et ou où que qui dans pour sur avec pas ne ce cette ces il elle ils vous nous je au aux plus par mais "
    "votre vos leur peut être ont fait si se à en l d c qu n s j",
    "German": "der die das den dem des ein eine einen einem einer und oder ist sind nicht mit für auf von zu zum zur im am an bei auch man sich es sie wir "
    "ich werden wird kann können sollte wenn als wie aber nur noch sehr ihre ihr durch über",
    "Spanish": "el la los las un una unos de del y o es son que en por para con no se su sus lo le al como más pero este esta esto puede pueden hay ser "
    "muy si también cuando desde antes",
    "Portuguese": "o os um uma de do da dos das e é são que em no na nos nas por para com não se seu sua ao à às mais mas este esta isso pode ser "
    "muito como também quando você antes",
    "Italian": "il lo la gli le un una di del della dei delle e è sono che in nel nella per con non si su al alla più ma questo questa può essere anche come "
    "quando prima dal dalla ai ha",
    "Dutch": "de het een en of is zijn niet met voor op van te om bij ook men zich ze wij ik worden wordt kan kunnen als maar nog zeer uw door over dat die naar",
    "Polish": "i w na z do nie się jest są że to jak dla od po przez lub oraz ale może można być który która które jego tym tej o ze za przed",
    "Turkish": "ve bir bu için ile de da çok daha olarak gibi değil ama her ne en kadar sonra önce veya olan var mı mi ise bunu",
    "Indonesian": "yang dan di untuk dengan dari tidak ini itu pada adalah dalam akan anda ke bisa atau juga dapat kepada sebelum sudah lebih jika agar saya "
    "mereka oleh karena seperti bahwa",
    "Vietnamese": "là và của có không được các một cho trong với những này đó khi để người nhưng thì bạn cũng hoặc trước sau từ ra vào lại rất nếu đã",
}
#: Words with which whole answers begin, or that stand in short ones.
_MORE = {
    "French": "bien sûr voici quelques notre tout tous cela comme merci bonjour ainsi donc aussi très peuvent parce car quand vers entre ses son sa dire puis pourquoi faire",
    "German": "hier gerne natürlich einige dein deine dich dir du mein meine sei dann gut viel sollten mehr weil damit beim diese dieser sicher",
    "Spanish": "claro aquí tienes puedes tu tus te algunos algunas supuesto poco mi sobre hacer todo cada gracias hola cerca",
    "Portuguese": "claro aqui bom boa meus minha fazer bem ou aos pelo pela foi tem",
    "Italian": "certo ecco alcuni alcune tuo tua puoi meglio bene tra fra mio molto tutto dopo",
    "Dutch": "je jouw hier enkele graag natuurlijk kunt goed meer dan meteen uit helpt",
    "Polish": "oczywiście oto kilka twoje możesz najlepiej bardzo",
    "Turkish": "tabii işte bazı",
    "Indonesian": "tentu saja berikut beberapa langkah setiap hari para",
    "Vietnamese": "nên thể hãy ít vào đi",
}
#: Small words that stand in names and titles as well, and prove no sentence.
_IN_NAMES = frozenset(
    "de la le les des du del della dei degli di da do dos das y e et und i el los las il lo gli van von der den het en a o au aux al d l c n s j die das w na z".split()
)
_WORDS = {name: frozenset(words.split()) for name, words in _SMALL.items()}
_ALL = {name: small.union(_MORE[name].split()) for name, small in _WORDS.items()}
_ENGLISH = frozenset(
    "the of and is are to you it with that for this be or have can your was by from but not will they he she we his her has its their at which"
    " there then than when where what how our my i if so been were had".split()
)
_SENTENCE = re.compile(r"[^.!?;:。！？；：，、\n\u2e80-\u9fff\uff00-\uffef]+")
_WORD = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[\\_=<>{}\[\]@#$%|^~`/+*]")  # of programs, formulas and addresses
LEAST = 7  # words of a sentence
FOREIGN = (
    r" (?:de|la|é|les|des|une|est|que|qui|dans|und|der|das|ist|nicht|mit|für|el|los|las|del|una|para|por|não|uma|che|il|di|della|het|een|się|jest|nie"
    r"|bir|için|daha|ve|yang|untuk|dari|tidak|kepada|pada|là|của|không|một"
    r"|votre|avec|sind|sie|ein|eine|einige|puedes|muy|alcuni|sono|zijn|voor|niet|dapat|dengan|adalah|berikut) "
)
"""One of these stands in nearly every sentence: what a Pattern may look for."""
ACCENT = rb"[\xc3-\xc5][\x80-\xbf]|\xe1[\xba\xbb]"
"""Bytes in UTF-8 of letters that English has not: of Latin with accents."""
_OTHER = re.compile(r"[\u0370-\u1dff\u2e80-\ud7ff\uff00-\uffef]")
_END = tuple('.!?…"”)»')
_BOTH = frozenset(
    "do no me on in as an a i mi con come per plus men door over pour son best den".split()
)  # words of English as well
WHOLE = 6  # words of a text that is no name
FEW = 4  # different small words of English that other languages have as well


def foreign_text(text: str) -> str:
    """The English name of the language of *text* where all of it is in another one in Latin letters than English, else ""."""
    text = text.strip()
    if not text.endswith(_END) or _OTHER.search(text) or len(words := _WORD.findall(text[:600].lower())) < WHOLE:
        return ""
    if len(_ENGLISH.intersection(words)) > FEW:
        return ""
    counts = {name: sum(word in small for word in words) for name, small in _ALL.items()}
    best = max(counts, key=counts.__getitem__)
    kinds = _ALL[best].intersection(words)
    english = sum(word in _ENGLISH and word not in _ALL[best] for word in words)
    enough = len(kinds) >= (3 if text.isascii() else 2) and len(kinds - _IN_NAMES) >= 2
    return best if enough and 5 * counts[best] >= len(words) and counts[best] >= 4 * english else ""


def speaks(text: str, language: str) -> bool:
    """Whether *text* has a small word of *language*, as `foreign_text` names it, that is none of English."""
    return not (_ALL[language] - _ENGLISH - _BOTH).isdisjoint(_WORD.findall(text.lower()))


def foreign_sentences(text: str) -> Iterator[tuple[int, int, str]]:
    """Sentences of *text* in another language in Latin letters than English: from where to where, and its English name."""
    for hit in _SENTENCE.finditer(text):
        words = _WORD.findall(hit[0].lower())
        if len(words) < LEAST or hit[0].count(" ") < LEAST - 1 or _SIGN.search(hit[0]):
            continue
        english = sum(word in _ENGLISH for word in words)
        best, count = "", 0
        for name, small in _WORDS.items():
            found = sum(word in small for word in words)
            if found > count:
                best, count = name, found
        kinds = _WORDS[best].intersection(words) if best else ()
        if (
            len(kinds) >= 3
            and sum(len(kind) > 1 for kind in kinds) >= 2
            and 10 * count >= 3 * len(words)
            and count >= 4 * english
        ):
            start = hit.start() + len(hit[0]) - len(hit[0].lstrip())
            yield start, hit.start() + len(hit[0].rstrip()), best
