"""What the answers to one template have in common: one of a few labels, JSON, a number, a language, a last line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any, NamedTuple

from sftlint.texts.traits import Traits, is_json, is_number, keys_of_json, label, script, shape

LEAST = 20  # answers, to different prompts, that a contract is learned from
_REFUSED = re.compile(r"抱歉|无法|不能|\bsorry|\bcannot|\bcan't|unable to", re.I)
#: Of the shape of a last line: a mark at its beginning, or a colon.
_MARK = re.compile(r"^[^\sa0中。.!！?？，,、；;]|[:：]")


class Contract(NamedTuple):
    """What the answers to a template keep to.

    kinds: of "labels", "json", "keys", "number", "language", "last-line" those that hold, most telling first.
    labels: label as compared to label as written and how many sampled answers give it, most frequent first.
    records, fitting: sampled answers, and those that keep to all of it.
    written: the labels that nearly all answers write alike.
    keys: of "keys" the keys, with what their values are ("" for anything).
    open: whether there are probably further labels, since several short answers are none of those known.
    mixed: "labels" or "json" where a good part of the answers, but not nearly all, are of that kind.
    length, spread: median of the natural logarithm of the answers' lengths, and how far they lie around it.
    """

    kinds: tuple[str, ...] = ()
    labels: dict[str, tuple[str, int]] = {}
    records: int = 0
    fitting: int = 0
    open: bool = False
    mixed: str = ""
    language: str = ""
    shape: str = ""
    length: float = 0.0
    spread: float = 0.0
    written: frozenset[str] = frozenset()
    keys: tuple[tuple[str, str], ...] = ()

    def breach(self, text: str) -> str:
        """Which kind *text* breaks; "" for none."""
        for kind in self.kinds:
            if kind == "labels":
                bare = label(text)
                if bare not in self.labels:
                    return "labels"
                return "written" if bare in self.written and text.strip() != self.labels[bare][0] else ""
            if kind == "json" and not is_json(text):
                return kind
            if kind == "keys" and not self._has(keys_of_json(text.strip()) or ()):
                return kind
            if kind == "number" and not is_number(text):
                return kind
            if kind == "language":
                if self._plainly(text):
                    continue
                used = script(text.strip()[:200])
                if used not in ("", "mixed", self.language) and len(text.strip()) >= 8:
                    return kind
            if kind == "last-line" and shape(text.strip()) != self.shape:
                return kind
        return ""

    def kept(self, answer: Traits) -> bool:
        """Whether an answer with these traits keeps to it, however labels are written."""
        if self.kinds[:1] == ("labels",):
            return answer.label in self.labels
        if self.kinds[:1] == ("json",):
            return answer.keys is not None and (not self.keys or self._has(answer.keys))
        if self.kinds[:1] == ("number",):
            return answer.number
        foreign = "language" in self.kinds and answer.language not in ("", "mixed", self.language) and answer.length >= 8
        return not foreign and ("last-line" not in self.kinds or answer.shape == self.shape)

    def _has(self, keys: tuple[tuple[str, str], ...]) -> bool:
        """Whether these are the keys, and their values of the usual kinds."""
        return len(keys) == len(self.keys) and all(
            key == own and (not usual or not kind or kind == usual)
            for (key, kind), (own, usual) in zip(keys, self.keys, strict=True)
        )

    def _plainly(self, text: str) -> bool:
        """Whether a glance shows that *text* is in the language."""
        if self.language == "latin":
            return text[:200].isascii()
        return self.language == "zh" and all("\u4e00" <= character <= "\u9fff" for character in text[:4])

    def may_hold(self, name: str) -> bool:
        """Whether *name*, as compared, may be a label that is not known yet."""
        return self.open and bool(name) and len(name) <= 1.5 * max(map(len, self.labels)) and not self.odd(name)

    def odd(self, name: str) -> bool:
        """Whether *name* can be none of the labels that are not known yet."""
        return _odd(name, list(self.labels))

    @property
    def folded(self) -> bool:
        """Whether so many break it that they are better told together: over one in twenty, and 20."""
        return self.records - self.fitting >= max(20, self.records // 20)

    @property
    def firm(self) -> bool:
        """Whether the answers are labels, JSON or numbers."""
        return self.kinds[:1] in (("labels",), ("json",), ("number",))

    @property
    def closed(self) -> bool:
        return self.kinds[:1] == ("labels",)


def infer(answers: Sequence[Traits], prompts: int) -> Contract:
    """The contract that *answers* to *prompts* different prompts of one template keep to."""
    import math

    count = len(answers)
    logs = [math.log(1 + answer.length) for answer in answers]
    middle = median(logs) if logs else 0.0
    spread = max(1.4826 * median(abs(length - middle) for length in logs), 0.18) if logs else 0.0
    plain = Contract(records=count, fitting=count, length=middle, spread=spread)
    if count < LEAST or prompts < LEAST:
        return plain
    labels, written = _labels(answers)
    firm = _plausible(labels, count)
    dropped, labels = len(labels) - len(firm), firm
    covered = sum(number for _, number in labels.values())
    numbers = sum(answer.number for answer in answers)
    counted = numbers >= 0.9 * count and (len(labels) > 5 or covered < numbers)  # else numbers are labels, such as 0 and 1
    if labels and covered >= 0.9 * count and len(labels) <= min(60, count // 5) and not counted:
        longest = max(map(len, labels))
        strange = [answer.label for answer in answers if answer.label not in labels and 0 < len(answer.label) <= 1.5 * longest]
        rare = dropped and any(name and not _odd(name, list(labels)) for name in strange)
        further = len(labels) > 4 or bool(rare) or (len(set(strange)) >= 3 and len(strange) >= 0.04 * count)
        return plain._replace(kinds=("labels",), labels=labels, fitting=covered, open=further, written=written & labels.keys())
    if mixed := "" if counted else _mixed(answers, labels, covered):
        return plain._replace(mixed=mixed, labels=labels if mixed == "labels" else {}, fitting=0)
    kinds: list[str] = []
    found: dict[str, Any] = {}
    if sum(answer.json for answer in answers) >= 0.9 * count:
        keys = _common([answer.keys for answer in answers if answer.keys is not None])
        made = plain._replace(kinds=("json", "keys") if keys else ("json",), keys=keys)
        return made._replace(fitting=sum(map(made.kept, answers)))
    if numbers >= 0.95 * count:
        return plain._replace(kinds=("number",), fitting=numbers)
    used = Counter(answer.language for answer in answers if answer.language)
    if used and used.total() >= LEAST:
        language, number = min(used.items(), key=lambda pair: (-pair[1], pair[0]))
        if language != "mixed" and number >= 0.95 * used.total():
            kinds.append("language")
            found["language"] = language
    shapes = Counter(answer.shape for answer in answers)
    common, number = min(shapes.items(), key=lambda pair: (-pair[1], pair[0]))
    if number >= 0.97 * count and _MARK.search(common):
        kinds.append("last-line")
        found["shape"] = common
    made = plain._replace(kinds=tuple(kinds), **found)
    return made._replace(fitting=sum(map(made.kept, answers)))


def _common(found: list[tuple[tuple[str, str], ...]]) -> tuple[tuple[str, str], ...]:
    """The keys that nearly all JSON answers have, with the usual kind of each; () if they differ."""
    names, number = min(Counter(tuple(key for key, _ in keys) for keys in found).items(), key=lambda pair: (-pair[1], pair[0]))
    if number < 0.9 * len(found):
        return ()
    alike = [keys for keys in found if tuple(key for key, _ in keys) == names]
    common = []
    for at, name in enumerate(names):
        kinds = Counter(keys[at][1] for keys in alike if keys[at][1])
        kind, most = min(kinds.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))
        common.append((name, kind if most >= 0.94 * kinds.total() else ""))
    return tuple(common)


def _plausible(labels: dict[str, tuple[str, int]], count: int) -> dict[str, tuple[str, int]]:
    """*labels* without the rare ones that the frequent ones show to be wrong, or at least doubtful.

    A few answers of one wording are not yet a label: one that holds a label and more, is in another script, is much
    longer, or is seen ten times less often than each of two to four others.
    """
    covered, core = 0, []
    total = sum(number for _, number in labels.values())
    for name, (_, number) in labels.items():
        if covered < 0.8 * total:
            core.append(name)
        covered += number
    least = min((labels[name][1] for name in core), default=0)
    few = 2 <= sum(number > 0.03 * count or 10 * number > least for _, number in labels.values()) <= 4
    doubtful = {
        name for name, (_, number) in labels.items()
        if name not in core and ((number <= 0.03 * count and _odd(name, core)) or (few and number <= 0.03 * count and 10 * number <= least))
    }  # fmt: skip
    if sum(labels[name][1] for name in doubtful) > 0.05 * count:
        return labels
    return {name: said for name, said in labels.items() if name not in doubtful}


def _odd(name: str, core: Sequence[str]) -> bool:
    """Whether *name* is of another kind than the labels *core*: one of them and more, another script, much longer, a refusal."""
    longest = max(map(len, core), default=0)
    scripts = {script(one) for one in core} - {""}
    return bool(
        any(_holds(name, one) for one in core if one != name)
        or len(name) > 2 * longest + 4
        or (len(scripts) == 1 and script(name) not in ("", "mixed", *scripts) and len(name) >= 3 - (script(name) == "zh"))
        or _REFUSED.search(name)
    )


def _holds(name: str, label: str) -> bool:
    """Whether *name* is *label* and more: it stands there as a word, or in a longer phrase of a script without spaces."""
    if re.search(rf"(?<!\w){re.escape(label)}(?!\w)", name):
        return True
    return len(label) > 1 and not label.isascii() and label in name and len(name) >= len(label) + 5


def _labels(answers: Sequence[Traits]) -> tuple[dict[str, tuple[str, int]], frozenset[str]]:
    """The short answers that many give, most frequent first; and those of them that nearly all write alike."""
    counts = Counter(answer.label for answer in answers if answer.label)
    shown: dict[str, Counter[str]] = {}
    for answer in answers:
        if answer.label:
            shown.setdefault(answer.label, Counter())[answer.shown] += 1
    least = max(3, -(-len(answers) // 100))
    ordered = sorted(((number, name) for name, number in counts.items() if number >= least), key=lambda pair: (-pair[0], pair[1]))
    most = {name: min(shown[name].items(), key=lambda p: (-p[1], p[0])) for _, name in ordered}
    alike = frozenset(name for number, name in ordered if number >= LEAST // 2 and most[name][1] >= 0.9 * number)
    return {name: (most[name][0], number) for number, name in ordered}, alike


def _mixed(answers: Sequence[Traits], labels: dict[str, tuple[str, int]], covered: int) -> str:
    """The style that a good part of *answers* has, and the others clearly have not."""
    count = len(answers)
    json = sum(answer.json for answer in answers)
    if 0.2 * count <= json < 0.9 * count:
        return "json"
    if labels and len(labels) <= 10 and 0.2 * count <= covered < 0.9 * count:
        others = [answer.length for answer in answers if answer.label not in labels]
        longest = max(len(shown) for shown, _ in labels.values())
        if median(others) >= max(12, 3 * longest) and sum(length > 2 * longest for length in others) >= 0.9 * len(others):
            return "labels"
    return ""
