from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any

from sftlint import Bad, Batch, Error, Finding, Good, Phrase, Preset, Record, Rule, chat


class OverLength(Rule):
    """A record with more tokens than the model takes.

    The platform refuses it, or cuts off its end without a word: the model then learns answers that do not stop.

    Tokens are estimated, by the ratios of the preset (1.5 Chinese characters or 0.75 English words a token without one). Up to 15 %
    on either side of the limit the finding is a note. With `tokenizer` they are counted, and every excess is a warning.

    Not reported: anything, as long as neither `--max-tokens` nor a preset sets a limit.
    """

    zh = """token 数超过模型上限的记录。

    平台会拒收，或不加提示地截断结尾，模型因此学到说不完的回答。

    token 数为估算值，按预设中的比例计算（未指定时每个 token 约为 1.5 个汉字或 0.75 个英文词）。在上限 ±15% 以内仅作提示。指定 `tokenizer` 后为精确计数，超过即警告。

    不报告：没有用 `--max-tokens` 或预设给出上限时，不做检查。
    """
    message = Phrase(
        en="about {tokens} tokens, more than the {limit} that the model takes", zh="约 {tokens} 个 token，超过上限 {limit}"
    )
    message_near = Phrase(
        en="about {tokens} tokens, maybe more than the {limit} that the model takes",
        zh="约 {tokens} 个 token，可能超过上限 {limit}",
    )
    message_exact = Phrase(
        en="{tokens} tokens, more than the {limit} that the model takes", zh="{tokens} 个 token，超过上限 {limit}"
    )
    suggestion = Phrase(en="shorten or split it, or train with a longer limit", zh="缩短或拆分该条，或使用更长的上限训练")
    folds = False
    needs = "max_tokens"

    good = [
        Good(chat("请概括全文", "这是一段长度适中的回答，讲清楚了来龙去脉。" * 20), ignore=("repetitive-target",)),
        Good(chat("Count to ten.", "one two three four five six seven eight nine ten"), max_tokens=20),
    ]
    bad = [
        Bad(chat("介绍一下西湖", "西湖在杭州城西，三面环山，湖中有苏堤与白堤两道长堤。"), chat("你好", "您好"), max_tokens=15),
        Bad(chat("List ten things.", "pen, ink, cup, lamp, chair, clock, shelf, vase, plate and spoon"), max_tokens=18),
    ]

    max_tokens: Annotated[int, "tokens of a record, question and answer together; 0 is the preset's limit"] = 0
    preset: Annotated[str, "platform whose limit and ratios count"] = ""
    tokenizer: Annotated[str, "tokenizer.json to count with; needs the package `tokenizers`"] = ""
    tolerance: Annotated[float, "share of the limit by which an estimate may be wrong, 0 to 1", (0, 1)] = 0.15

    def check(self, batch: Batch) -> Iterator[Finding]:
        held = Preset.of(self.preset)
        limit = self.max_tokens or held.max_tokens
        least = limit if self.tokenizer else limit * (1 - self.tolerance)
        for record in batch.records if limit else ():
            if len(record.raw) < least:  # a token has a byte at least
                continue
            tokens = self._counted(record) if self.tokenizer else estimate(record, held)
            if self.tokenizer and tokens > limit:
                yield self.finding(record, kind="message_exact", tokens=tokens, limit=limit)
            elif not self.tokenizer and tokens > limit * (1 + self.tolerance):
                yield self.finding(record, tokens=_round(tokens), limit=limit)
            elif not self.tokenizer and tokens > least:
                yield self.finding(record, kind="message_near", severity="info", tokens=_round(tokens), limit=limit)

    def _counted(self, record: Record) -> int:
        return sum(len(self._tokenizer.encode(text, add_special_tokens=False).ids) for text in record.texts)

    @cached_property
    def _tokenizer(self) -> Any:
        try:
            import tokenizers

            return tokenizers.Tokenizer.from_file(self.tokenizer)
        except ImportError:
            raise Error(
                "tokenizer: the package is missing; pip install 'sftlint[tokenizers]'",
                zh="tokenizer：缺少所需的包；请运行：pip install 'sftlint[tokenizers]'",
            ) from None
        except Exception as problem:  # tokenizers raises nothing more specific
            raise Error(
                f"tokenizer {self.tokenizer}: {problem}; give a tokenizer.json",
                zh=f"tokenizer {self.tokenizer}：{problem}；请给出 tokenizer.json",
            ) from None


def estimate(record: Record, ratios: Preset) -> int:
    """Tokens of all texts, about. Marks that stand where prose has them are in the ratios already; those of code, and digits, are not."""
    text = "\n".join(record.texts)
    wide, words, letters = len(_WIDE.findall(text)), len(_WORD.findall(text)), len(_LETTER.findall(text))
    rest = len(_MARK.findall(text)) - 0.2 * (wide + words)
    return round(wide / ratios.ideographs_per_token + max(words / ratios.words_per_token, letters / 6) + max(rest, 0) / 2)


def _round(tokens: int) -> int:
    """Two digits that count: an estimate knows no more."""
    unit = 10 ** max(len(str(tokens)) - 2, 0)
    return round(tokens / unit) * unit


_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD, _LETTER = (
    re.compile(r"[^\W\d_\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]+"),
    re.compile(r"[^\W\d_\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]"),
)
_MARK = re.compile(r"[^\w\s]|[\d_]")
