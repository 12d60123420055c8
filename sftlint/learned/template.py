"""One instruction of a dataset: the prompts that share it, and how they are recognised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sftlint.learned.contracts import Contract
from sftlint.learned.grams import GAP, Grams, constants
from sftlint.texts.constraints import demanded_options
from sftlint.texts.traits import label

LEADS = 3  # prompts of a template of which each may show what is literally the same
VARIANT = 0.3  # of a core that a variant of its instruction holds at least


class Template(NamedTuple):
    """Prompts that share an instruction.

    core: sorted hashes of the grams they share.  pieces: what they share literally; a prompt that holds all is theirs.
    outline: the instruction with an ellipsis for what varies.  example: id of a sampled record.
    records, prompts: how many of the Sample, and how many different prompts among them.
    allowed: the answers that the instruction itself allows; none if it does not say.
    rival: number of a much larger template, most of whose answers are labels, of whose instruction this is a variant; or -1.
    apart: whether prompts that lack one of the pieces ask for something else ("Answer type: date"), as their answers show.
    """

    core: NDArray[np.uint64]
    pieces: tuple[str, ...]
    outline: str
    example: int
    records: int
    prompts: int
    contract: Contract
    allowed: tuple[str, ...] = ()
    rival: int = -1
    apart: bool = False

    def stands_in(self, text: str) -> bool:
        """Whether all of its pieces stand in *text*."""
        for piece in self.pieces:  # noqa: SIM110 - all() takes twice as long, and every prompt is asked
            if piece not in text:
                return False
        return True

    @property
    def opened(self) -> bool:
        """Whether its prompts begin alike."""
        return not self.outline.startswith("…")

    @property
    def closed(self) -> bool:
        """Whether its answers are a few labels, by the instruction or by custom."""
        return bool(self.allowed) or (self.contract.closed and not self.contract.folded)

    def accepts(self, text: str) -> bool:
        """Whether *text* is one of its labels."""
        bare = label(text)
        return bare in self.contract.labels or bare in {label(one) for one in self.allowed}


class Frame(NamedTuple):
    """How prompts begin (the line, up to the demand) that allow only a few answers, and how many of the Sample do."""

    lead: str
    allowed: tuple[str, ...]
    records: int


def rival(template: Template, others: list[Template]) -> int:
    """The closed template at least ten times as large of whose core *template* holds a part, or -1."""
    if template.contract.closed:
        return -1
    for number, other in enumerate(others):
        if other.records >= 10 * template.records and other.contract.closed and not template.allowed:
            shared = len(np.intersect1d(template.core, other.core, assume_unique=True))
            if shared >= VARIANT * len(other.core) and (not other.opened or other.outline[:4] == template.outline[:4]):
                return number
    return -1


def frames(windows: Sequence[str]) -> tuple[Frame, ...]:
    """How prompts that allow a few answers begin, where those that begin so and do not are fewer."""
    leads: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for text in windows:
        if (found := demanded_options(text)) and not text.startswith("…"):
            lead = text[text.rfind("\n", 0, found.start) + 1 : found.start]
            rest = _CLAUSE.sub("", lead)
            lead = lead[: len(lead) - len(rest)]
            if len(lead.strip()) >= (20 if lead.isascii() else 6) and GAP not in lead:
                leads[lead, found.allowed] += 1
    kept: list[Frame] = []
    for (lead, allowed), count in sorted(leads.items(), key=lambda item: (-item[1], item[0])):
        begun = sum(text.startswith(lead) or f"\n{lead}" in text for text in windows)
        if count >= 2 and begun - count <= max(1, count // 3) and len(kept) < 20:
            kept.append(Frame(lead, allowed, count))
    return tuple(kept)


_CLAUSE = re.compile(r".*[，,。.；;：:！!？?]\s*", re.S)


def heads(texts: Iterable[str], digits: bool = True) -> list[str]:
    """How *texts* begin, as prompts are looked up: whatever their numbers are, if *digits*."""
    return _looked_up([text[:12] if text[:6].isascii() else text[:6] for text in texts], digits)


def tails(texts: Iterable[str], digits: bool = True) -> list[str]:
    """How *texts* end, as prompts are looked up: whatever their numbers are, if *digits*."""
    return _looked_up([text[-12:] if text[-6:].isascii() else text[-6:] for text in texts], digits)


def _looked_up(names: list[str], digits: bool) -> list[str]:
    if not digits:
        return names
    folded = _DIGIT.sub("0", "\x1e".join(names)).split("\x1e")  # one call for all
    return folded if len(folded) == len(names) else [_DIGIT.sub("0", name) for name in names]


_DIGIT = re.compile("[0-9]")
_VARYING = re.compile(rf"{GAP}|\d+")


def pieces(texts: Sequence[str], found: Grams, core: NDArray[np.uint64]) -> tuple[str, ...]:
    """The literal texts that nearly all of *texts*, which have the grams *found*, hold, where these are most of the core; else none."""
    best: tuple[str, ...] = ()
    for fixed in constants(texts[:LEADS], found.of(range(min(len(texts), LEADS))), core):
        spans = [span for piece in _VARYING.split(fixed) if len(span := piece.strip()) >= 2]
        kept = tuple(span for span in spans if sum(span in other for other in texts) >= 0.9 * len(texts))
        if sum(map(len, kept)) > sum(map(len, best)) and sum(map(len, kept)) >= 0.95 * sum(map(len, spans)):
            best = kept
    return best
