"""Texts that are as they should be: no rule warns of them. And texts made to be slow: no rule takes more than linear time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from sftlint.config import Config
from tests.helpers import jsonl, line, run

CLEAN = {
    "English": ("What is a mill race?", "The channel that leads water to the wheel; it’s often lined with stone — and it “sings”."),
    "French": ("Qu'est-ce qu'un bief ?", "« Un canal étroit », dit-elle\u202f; l’eau y coule jusqu’à la roue, où elle chante… Ça va\u202f?"),
    "German": ("Was ist ein Mühlgraben?", "Ein schmaler Kanal, der das Wasser zum Mühlrad führt; „Mühlbach“ heißt er auch. Größe: 3 m²."),
    "Spanish": ("¿Qué es una acequia?", "¡Un canal! El niño preguntó: «¿Y el agüita adónde va?»"),
    "Portuguese": ("O que é uma levada?", "É um canal de água; não é um rio. A ação começou às 8 horas, na região da Mãe."),
    "Italian": ("Che cos'è una roggia?", "È un canale; perché l'acqua scorre così, nessuno lo sa più."),
    "Polish": ("Co to jest młynówka?", "To kanał, który prowadzi wodę na koło młyńskie. Żółw śpi, źrebię pije."),
    "Czech": ("Co je to náhon?", "Úzký kanál, který vede vodu k mlýnskému kolu. Příliš žluťoučký kůň."),
    "Turkish": ("Su arkı nedir?", "Suyu değirmene götüren dar kanaldır; İzmir’de çoktur, ığdır ağacı da."),
    "Hungarian": ("Mi a malomárok?", "Szűk csatorna, amely a vizet a malomkerékhez vezeti. Őszi tűz, hűvös fű."),
    "Finnish": ("Mikä on myllypuro?", "Se on kapea uoma, joka vie veden myllyn rattaalle. SELKÄ EDELLÄ, ÄITI!"),
    "Icelandic": ("Hvað er myllulækur?", "Það er þröngur skurður sem leiðir vatn að hjólinu. Ævi, ýsa, ö."),
    "Vietnamese": ("Mương nước là gì?", "Là con kênh hẹp dẫn nước đến bánh xe; ở đây người ta gọi là “mương”."),
    "Romanian": ("Ce este un iaz?", "Este un canal îngust; apa curge până la roată, așa spune bătrânul țăran."),
    "Russian": ("Что такое мельничный канал?", "Это узкий канал, по которому вода идёт к колесу. ВОДА — СИЛА!"),
    "Ukrainian": ("Що таке млинівка?", "Це вузький канал, яким вода йде до колеса. ВІКІ, їжак, ґанок, єдність."),
    "Greek": ("Τι είναι το μυλαύλακο;", "Είναι ένα στενό κανάλι που φέρνει το νερό στη φτερωτή."),
    "Arabic": ("ما هي الساقية؟", "قناة ضيقة تحمل الماء إلى العجلة، وهي قديمة جدًا."),
    "Hebrew": ("מה זו תעלת טחנה?", "תעלה צרה שמובילה את המים אל הגלגל."),
    "Persian": ("جوی آسیاب چیست؟", "جویی باریک است که آب را به چرخ می\u200cرساند و می\u200cخواند."),
    "Hindi": ("नहर क्या है?", "यह एक सँकरी धारा है जो पानी को पहिये तक ले जाती है। क्\u200dष भी।"),
    "Bengali": ("খাল কী?", "এটি একটি সরু ধারা যা জল চাকায় নিয়ে যায়।"),
    "Tamil": ("வாய்க்கால் என்றால் என்ன?", "தண்ணீரைச் சக்கரத்திற்குக் கொண்டு செல்லும் குறுகிய கால்வாய்."),
    "Thai": ("ลำเหมืองคืออะไร", "คือคลองแคบที่นำน้ำไปยังกังหันของโรงสี"),
    "Tibetan": ("ཆུ་ཡུར་ཞེས་པ་ཅི་ཡིན།", "ཆུ་ལམ་ཆུང་ཆུང་ཞིག་རེད།"),
    "Japanese": ("水路とは何ですか。", "水車へ水を引く細い流れです。カエルが鳴き、「ゲロゲロ」と響きます。"),
    "Korean": ("물레방아 도랑이 무엇인가요?", "물을 바퀴로 끌어오는 좁은 물길입니다. 꽃잎이 떠다녀요."),
    "Chinese": ("什么是水渠？", "引水的窄沟，沿山而下，到磨坊前推动水轮；村里人叫它“圳”。"),
    "traditional Chinese": ("什麼是水圳？", "引水的窄溝，沿山而下，推動水車；臺灣鄉間稱為「圳」，灌溉萬畝稻田。"),
    "classical Chinese": ("何謂渠？", "渠者，水所居也。鑿山引流，溉田萬頃，民賴其利焉；騫瀹濂涓，皆古之名也。"),
    "Cantonese": ("佢哋喺邊度？", "佢哋喺水圳嗰邊，唔知做緊乜嘢，啱啱先嚟咗，冇帶嘢食，你快啲俾個電話佢啦。"),
    "rare characters": ("“龘靐齉齾”怎么读？", "读作 dá、bìng、nàng、yà；“犇猋骉鱻”则是叠字，“𠮷”与“吉”同，“㙓”罕用。"),
    "elements": ("列出几种少见的元素。", "铪、锘、铹、𬬻、𬭊、𬭳、𬭛、𫓧、鎶、镆、鉝、鿬和鿫，都以金字旁、石字旁为多；氕氘氚是氢的同位素。"),
    "drugs": ("他在吃什么药？", "阿托伐他汀钙片、盐酸伐地那非、苯磺酸氨氯地平、替格瑞洛、吡嗪酰胺、头孢哌酮钠舒巴坦钠、瑞舒伐他汀。"),
    "IPA": ("How is “mill” said?", "In English /mɪl/, in German [ˈmyːlə], with [ɬ] in Welsh, tone ˥˩ and clicks ǃ ǂ."),
    "mathematics": ("Wie groß?", "∀ε>0 ∃δ: |x−a|<δ ⇒ |f(x)−L|<ε; ∫₀^∞ e^{−x²}dx = √π⁄2 ≈ 0.886, ±½ °C, α≤β, Σ ∏ ∂ ∇ ∈ ∉ ⊂ ℝ."),
    "kaomoji": ("来几个颜文字", "(╯°□°）╯︵ ┻━┻、¯\\_(ツ)_/¯、(´･ω･`)、ヽ(✿ﾟ▽ﾟ)ノ、( ͡° ͜ʖ ͡°)、`¬´、Ôôô"),
    "emoji": ("一家三口和彩虹旗？", "👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 🇨🇳 🇫🇷 👍🏽 1\ufe0f\u20e3 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f ☎ ✈"),
    "boxes": ("Draw a tree of folders.", "src\n├── rules\n│   ├── one.py\n│   └── two.py\n└── tests\n┌──┬──┐\n│a │b │\n└──┴──┘"),
    "signs": ("有哪些符号？", "①②③ ㎡ ㎏ ℃ № ™ ® © § ¶ † ‡ • ‰ € £ ¥ ← ↑ → ★☆ ♠♥ ♪♫ ■□ ※ 〇 々 〆 ㈱"),
    "full width": ("全角写法？", "ＡＢＣ１２３，“引号”和‘引号’——破折号……省略号、顿号；《书名》〈篇名〉「引」『号』。"),
    "brands": ("Which brands?", "NESTLÉ® and Häagen-Dazs™, Škoda, L’Oréal, Citroën’s DS, ŠKODA’s fleet, AHÅ™."),
    "German list": ("Welche Buchstaben sind besonders?", "Ä, Ö, Ü, ä, ö, ü und ß; zusammen: ÄÖÜäöüß. In Norwegen ÆØÅæøå."),
    "code": ("写一个求和函数", "```python\ndef total(values):\n    return sum(values)  # <b>not</b> a tag &amp; no entity\n```"),
    "song": ("写一首童谣", "拉大锯，扯大锯，姥姥门口唱大戏。\n拉大锯，扯大锯，姥姥门口唱大戏。\n拉大锯，扯大锯，姥姥门口唱大戏。"),
    "laughter": ("讲个笑话", "哈哈哈哈哈哈哈哈哈哈哈哈，从前有只鸭子，嘎嘎嘎嘎嘎嘎嘎嘎，走进了店里。"),
    "one-liner": ("Which command wrote the greeting?", "perl -e 'print \"<hello \\\"you\\\">\";' > out"),
    "attack": ("What did the visitor type into the field?", "<img src=x onerror=alert(7) />"),
    "comparison": ("怎么写不等式？", "若 a<b，b<c，则 a<c；AT&T、R&D 中的 & 读作 and；x<=y && y>=z。"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEAN)
def test_clean_texts(name: str, folder: Path) -> None:
    """No rule warns of a text that is written as its language and kind are."""
    Path("train.jsonl").write_bytes(jsonl(line(*CLEAN[name])))
    assert [(f.rule, f.place) for f in run(["train.jsonl"], Config()).findings if f.severity != "info"] == []


def test_clean_texts_together(folder: Path) -> None:
    Path("train.jsonl").write_bytes(jsonl(*(line(*turns) for turns in CLEAN.values())))
    assert [(f.rule, f.place) for f in run(["train.jsonl"], Config()).findings if f.severity != "info"] == []


HOSTILE = {
    "one letter": "a",
    "one ideograph": "烫",
    "brackets": "[",
    "tags": "<",
    "blanks": " ",
    "line feeds": "\n",
    "half a mojibake": "Ã",
    "mojibake": "Ã©",
    "mojibake of Chinese": "鎴",
    "almost mojibake": "é’ ",
    "bytes of GBK": "ÄÅ",
    "lost": "\ufffd",
    "entities": "&amp",
    "entities on one line": "&lt;",
    "line breaks": "<br/>",
    "open tags": "<p a=",
    "tokens of a model": "[CLS]",
    "ends of a sequence": "</s>",
    "signed tokens": "eyJhbGciOiJIUzI1NiJ9.",
    "digits": "9",
    "colour codes": "\x1b[0m",
    "thoughts": "<think>",
    "speakers": "用户：\n",
    "two speakers": "用户：好\n助手：好\n",
    "foreign": "привет 好",
    "words of two scripts": "аb",
    "sentences": "今天天气不错。",
    "many sentences": "the mill turns and ",
    "quotes": '"',
    "ticks": "`",
    "bars": "|",
    "labels": "版权所有\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_cost_linear_time(name: str, folder: Path) -> None:
    """Four times the text may cost eight times the time."""
    took = []
    for size in (25_000, 100_000):
        text = (HOSTILE[name] * size)[:size]
        Path("train.jsonl").write_bytes(json.dumps({"context": [text[: size // 2]], "target": text}).encode() + b"\n")
        start = time.process_time()
        run(["train.jsonl"], Config())
        took.append(time.process_time() - start)
    assert took[1] < 8 * took[0] + 1.0, took
