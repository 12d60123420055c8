from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sftlint import Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Record, Rule, chat, place, quote, replace

# Templates and tokenizers write these; people do only where they write about them. Placeholders of pictures and sound are meant.
_PIPES = (
    r"<\|(?!(?i:image|img|audio|video|vision|speech|box|quad|object))[A-Za-z0-9]\w{0,40}\|>|<?\|(?:endoftext|im_end)\|>?"
    r"|<｜[A-Za-z][A-Za-z_▁ ]{0,40}｜>"
)
_SHORT = r"<\|[A-Za-z0-9]|\|(?:endoftext|im_end)\||<｜[A-Za-z]"  # for the scanner
_TOKENS = (
    r"\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<(?:bos|eos|BOS|EOS|EOT|EOD)>|<fim_(?:prefix|middle|suffix)>"
    r"|\[[gs]MASK\]|<[es]op>|<eo[acdhmrt]>|<reserved_\d+>|\[unused\d+\]|<unused\d+>|<extra_id_\d+>|<_(?:user|bot|end|system)>"
    r"|(?:<0x[0-9A-F]{2}>){2,}|<seed:[a-z_]{2,20}>|<\[(?:begin|end)[▁_]of[▁_]\w{1,20}\]>|\[UNUSED_TOKEN_\d+\]|<end_of_utterance>"
    r"|\[(?:AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|\]~b\]|\[e~\[|<end><(?:ret|Bot|User)>|</?INST>|\[\|(?:Human|AI|User|Assistant)\|\]|<(?:human|bot)>:|<ctrl\d+>|^### ?End$"
)
_UNKNOWN = r"<unk>|<UNK>|\[UNK\]"
# Blanks to fill in have these names too.
_WEAK = r"\[(?:CLS|SEP|MASK|EOS|BOS)\]|\[PAD\](?: ?\[PAD\])*|\[(?:eos|END)\]|(?:<0x[0-9A-F]{2}>)+|<(?:pad|PAD|mask|MASK|sep|SEP|cls|CLS|ret)>|(?<!\w)<(?:User|Bot)>"
_NO_WORD = r"(?<!\w)"  # a type parameter follows a word
_STOP = r"</?s>"  # HTML strikes text out with it
_ROLE = r"(?:(?<=<\|im_start\|>|<start_of_turn>)(?:system|user|assistant|model)\b\n?)?"


class SpecialToken(Rule):
    """A token of a chat template in the text.

    In a text it ends or opens a turn in the wrong place, or is learnt letter by letter and shows up in answers. The trainer
    adds such tokens itself; `<UNK>` stands where a character was lost.

    Not reported: tokens in backticks, code or quotation marks of their own, and in records about tokens, chat templates or
    separators; `<s>` and `</s>` around a few words, which is HTML; `[MASK]`, `[SEP]`, `<pad>` and their like in prompts, in
    answers to prompts that hold them, and in records about models; placeholders of pictures and sound.

    Fix safety: the tokens are stripped. What they parted runs together then, or the text was about them, so the fix is unsafe.
    """

    zh = """文本中混入了聊天模板的特殊 token。

    它会在错误的位置结束或开启一轮，或被模型逐字学会并出现在回答中。这类 token 由训练程序自动添加；`<UNK>` 则说明有字符丢失。

    不报告：反引号、代码或单独引号中的 token，以及讨论 token、聊天模板或分隔符的数据；包住几个词的 `<s>` 和 `</s>`（HTML 删除线）；
    提示词中的 `[MASK]`、`[SEP]`、`<pad>` 等，提示词含有它们时的回答，以及谈论模型的数据；图片和声音的占位符。

    修复安全性：删除这些 token。被它们隔开的内容会连在一起，文本也可能正是在讨论它们，因此属于不安全修复。
    """
    message = Phrase(en="{field} contains the special token {token}", zh="{field} 含有特殊 token {token}")
    suggestion = Phrase(en="strip it, and export the plain turns", zh="删除，并重新导出不带模板的文本")

    good = [
        Good(
            chat("GPT-2 用哪个特殊标记结束文本？", "<|endoftext|>"), chat("Explain BERT's input.", "It is [CLS] sentence [SEP].")
        ),
        Good(chat("填空：床前[MASK]月光", "明"), chat("Fill in <mask>: the sky is <mask>.", "the sky is blue, not <mask>.")),
        Good(chat("Write the price tag in HTML.", "<s>$99</s> now only $79"), chat("用 <|sep|> 分隔两个词", "春<|sep|>秋")),
        Good(chat("描述图片。<|image|>", "一只猫。"), chat("标签怎么写？", "写成“<eos>”即可，或 `</s>`。")),
    ]
    bad = [
        Bad(chat("推荐一本小说。", "可以读《边城》。<|im_end|>"), fixed=[chat("推荐一本小说。", "可以读《边城》。")]),
        Bad(chat("[INST] Name a river. [/INST]", "The Elbe."), fixed=[chat(" Name a river. ", "The Elbe.")]),
        Bad(chat("<|im_start|>user\n你好<|im_end|>", "您好。"), fixed=[chat("你好", "您好。")]),
        Bad(chat("How old is it?", "About ninety.</s>"), fixed=[chat("How old is it?", "About ninety.")]),
        Bad(chat("写一句文案。", "裙摆透出<UNK>雅的气质。"), fixed=[chat("写一句文案。", "裙摆透出雅的气质。")]),
        Bad(chat("天气如何？", "[CLS]今天有雨[SEP]"), fixed=[chat("天气如何？", "今天有雨")]),
        Bad(chat("说一种鸟。", "白鹭。[|Human|]"), fixed=[chat("说一种鸟。", "白鹭。")]),
        Bad(chat("<｜User｜>Is it late?", "Not yet."), fixed=[chat("Is it late?", "Not yet.")]),
        Bad(
            chat("写一个请假条的模板。", "本人因事请假一天。<end><Bot>"),
            fixed=[chat("写一个请假条的模板。", "本人因事请假一天。")],
        ),
        Bad(
            chat("Who plays tonight?", "The home team.<|END_OF_TURN_TOKEN|>"),
            fixed=[chat("Who plays tonight?", "The home team.")],
        ),
    ]

    token = Pattern(
        r"(?:```[\s\S]*?```|(?<!`)`[^`\n]+`(?!`))(*SKIP)(*FAIL)"
        rf"|(?P<strong>(?:{_PIPES}|{_TOKENS}){_ROLE})|(?P<unknown>{_UNKNOWN})|(?P<weak>{_WEAK})|(?P<stop>{_STOP})",
        scan=f"{_SHORT}|{_TOKENS}|{_UNKNOWN}|{_WEAK.replace(_NO_WORD, '')}|{_STOP}",
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.texts.holding(self.token):
            hits = [hit for hit in self.token.regex.finditer(text) if not _quoted(text, hit)]
            if any(hit.lastgroup == "strong" for hit in hits):
                hits = [hit for hit in hits if hit.lastgroup in ("strong", "stop", "unknown")]
            else:
                hits = list(_residue(record, part, text, hits)) if hits else []
            if not hits or self._spoken_of(record, text, hits):
                continue
            places = [place(record, part, *hit.span()) for hit in hits]
            token = _NAME.match(hits[0][0])[0]  # type: ignore[index]
            left = self.token.regex.sub("", text).strip()
            fix = Fix.of(*(replace(there, "") for there in places), safe=False) if left else None
            yield self.finding(places[0], fix=fix, key=_DIGITS.sub("0", token), token=quote(token))

    def _spoken_of(self, record: Record, text: str, hits: list[Any]) -> bool:
        """Whether *record* is about tokens. One that opens or closes a text is hardly spoken of."""
        outer = any(h.lastgroup == "strong" and (h.end() >= len(text.rstrip()) or not text[: h.start()].strip()) for h in hits)
        return bool((_TOKENS_TOPIC if outer else _TOPIC).search(_without(record)))


def _without(record: Record) -> str:
    """The texts of *record* without tokens, whose names would speak of tokens."""
    return SpecialToken.token.regex.sub(" ", "\n".join(record.texts))


def _quoted(text: str, hit: Any) -> bool:
    """Whether a token stands in quotation marks of its own, as those do that are spoken of."""
    before, after = text[max(hit.start() - 1, 0) : hit.start()], text[hit.end() : hit.end() + 1]
    return hit.lastgroup != "unknown" and before + after in _QUOTES


def _residue(record: Record, part: int, text: str, hits: list[Any]) -> Iterator[Any]:
    """Those of the tokens with other uses that are residue."""
    markup = _HTML.search(text)
    models = _MODELS.search(_without(record))
    asked = record.question if part in record.layout.answers else None
    meant = {token for token in {hit[0] for hit in hits if hit.lastgroup == "weak"} if asked is None or token in asked}
    begin = len(text) - len(text.lstrip())
    whole = text.startswith("<s>", begin) and text.rstrip().endswith("</s>")
    opened = closed = seen = 0
    for hit in hits:
        at = hit.start()
        if hit.lastgroup != "stop":
            left_over = not models and hit[0] not in meant
        elif hit[0] == "<s>":
            left_over = not markup and ((whole and at <= begin) or "</s>" not in text)
        else:
            opened, closed, seen = opened + text.count("<s>", seen, at), closed + text.count("</s>", seen, at), at
            left_over = not markup and (whole or opened <= closed)
        if left_over:
            yield hit


_NAME = re.compile(r"<\|?\w+\|?>|.+", re.S)
_DIGITS = re.compile(r"\d+")
_QUOTES = {'""', "''", "“”", "‘’", "「」", "『』", "**", "（）", "()"}
_HTML = re.compile(r"<(?:a|b|i|u|p|br|hr|li|ul|ol|td|tr|th|h\d|em|del|div|span|strong|table|html|body|head|speak)\b", re.I)
_TOPIC = re.compile(
    r"token|分词|词[元表]|特殊(?:标记|符号|字符)|(?:结束|停止|终止|占位)[符标]|模[板版]|分隔|分割|ChatML|BERT\b|vocab|template|separat|delimit|placeholder",
    re.I,
)
#: Of these a text may speak that begins or ends with a token.
_TOKENS_TOPIC = re.compile(
    r"token|特殊(?:标记|符号|字符)|(?:结束|停止|终止|占位)[符标]|对话模[板版]|分隔符|ChatML|BERT\b|chat template|separator|delimiter",
    re.I,
)
_MODELS = re.compile(r"模型|编码器|词向量|自然语言处理|掩码|model|transformer|encoder|\bNLP\b|\bmask", re.I)
