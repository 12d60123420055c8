"""The contract a rule fulfils, and nothing else.

In a rule class an annotated attribute is an option; a plain attribute is a fact about the rule.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self, dataclass_transform

from sftlint.errors import Error
from sftlint.pattern import Pattern
from sftlint.phrase import Phrase
from sftlint.record import Record, Rejected

if TYPE_CHECKING:
    from sftlint.batch import Batch, Place
    from sftlint.run import Run

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")


class Edit(NamedTuple):
    """A change of the file that a finding is in. `new` replaces what is at `place`: characters of a text by text,
    a whole value by a value; or it is a Mend."""

    place: Place
    new: Any


class Mend(Enum):
    """What an Edit does when it replaces no value. DROP removes the record with its line; the others mend a whole file."""

    DROP = "drop record"
    REENCODE = "re-encode as UTF-8"
    UNBOM = "remove the byte order mark"
    UNARRAY = "write as JSON Lines"


class Fix(NamedTuple):
    """Edits that mend a finding. Safe: no unique content is lost and no meaning changes."""

    edits: Sequence[Edit]
    safe: bool
    message: Phrase | None = None

    @classmethod
    def of(cls, *edits: Edit, safe: bool) -> Fix:
        return cls(edits, safe)

    @property
    def drops(self) -> bool:
        """Whether it removes records and does nothing else."""
        return all(edit.new is Mend.DROP for edit in self.edits)


class Drops(Sequence[Edit]):
    """Edits that remove the records *ids*, each made when it is asked for: there may be a million."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, index: Any) -> Any:
        return Drops(self._ids[index]) if isinstance(index, slice) else drop(self._ids[index])


def replace(place: Place, new: Any) -> Edit:
    """Put *new* where *place* is."""
    return Edit(place, new)


def drop(record: Record | Rejected | int) -> Edit:
    """Remove the record (or its id's), or what stands in its place, and its line."""
    from sftlint.batch import Place

    return Edit(Place(record if isinstance(record, int) else record.id), Mend.DROP)


def mend_file(what: Mend) -> Edit:
    """Mend the whole file of a finding: Mend.REENCODE, Mend.UNBOM or Mend.UNARRAY."""
    from sftlint.batch import Place

    return Edit(Place(-1), what)


class Finding(NamedTuple):
    """One defect: data, not prose. `place` None is the whole dataset (or `file`, when that is a number)."""

    rule: str
    place: Place | None
    data: dict[str, Any]
    kind: str = "message"
    """Name of the rule's Phrase that says it."""
    severity: Severity | None = None
    """Weaker than the rule's own, if given."""
    fix: Fix | None = None
    related: tuple[int, ...] = ()
    """Ids of other records that belong to it; at most 20."""
    related_total: int = 0
    key: str = ""
    """Tells apart several findings of the rule in one place. Part of the fingerprint."""
    file: int | None = None
    """Number of the file, for a finding about a file."""
    hits: tuple[int, ...] = ()
    """Ids of the records it stands for, where it stands for several; else `place`."""


class Good(tuple[Any, ...]):
    """Records that no rule may report: dicts, or raw lines as str or bytes."""

    options: dict[str, Any]
    name: str

    def __new__(cls, *records: Any, name: str = "train.jsonl", **options: Any) -> Self:
        self = super().__new__(cls, records)
        self.options, self.name = options, name
        return self


class Bad(Good):
    """Records that this rule reports and no other rule does.

    at: indices of the records reported, None for a finding on the file or the dataset.
    fixed: the records after the fixes, which lint clean.
    """

    at: tuple[int | None, ...]
    fixed: Sequence[Any] | None

    def __new__(
        cls, *records: Any, at: Sequence[int | None] = (0,), fixed: Sequence[Any] | None = None,
        name: str = "train.jsonl", **options: Any,
    ) -> Self:  # fmt: skip
        self = super().__new__(cls, *records, name=name, **options)
        self.at, self.fixed = tuple(at), fixed
        return self


def chat(*turns: str, system: str | None = None) -> dict[str, Any]:
    """A context/target record written as its turns: the last one is the target."""
    record = {"context": list(turns[:-1]), "target": turns[-1]}
    return record if system is None else {"system": system, **record}


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True, kw_only=True)
class Rule:
    """A defect that the rule's file describes, shows, finds and mends.

    A subclass overrides `check(batch)`, or `summarise(batch)` with `finish(summary, run)`, or `finish` alone
    (for what the files themselves tell, with a summary of None), or all three.
    """

    zh: ClassVar[str] = ""
    message: ClassVar[Phrase]
    suggestion: ClassVar[Phrase]
    severity: ClassVar[Severity] = "warning"
    scope: ClassVar[Literal["record", "file", "dataset"]] = "record"
    yields_to: ClassVar[tuple[str, ...]] = ()
    folds: ClassVar[bool] = True
    """Whether hits on over `fold_share` of a file's records, and 20 of them, become one finding."""
    fold_share: ClassVar[float] = 0.2
    """The share of a file's records, broken ones too, above which hits become one finding. Less for what has one cause in the
    whole file."""
    reads_evaluation: ClassVar[bool] = True
    """Whether it sees the evaluation split."""
    of_blank_lines: ClassVar[bool] = False
    """Whether it speaks of blank lines, which are no records."""
    needs_evaluation: ClassVar[bool] = False
    """Whether it compares with evaluation data, and has nothing to do where there are none."""
    learns: ClassVar[tuple[type, ...]] = ()
    """The learned things it reads in `batch.learned` or `run.learned`."""
    needs: ClassVar[str] = ""
    """Name of the option without which it has nothing to do."""
    good: ClassVar[Sequence[Good]] = ()
    bad: ClassVar[Sequence[Bad]] = ()

    name: ClassVar[str]
    category: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if inspect.get_annotations(cls):  # else it takes the options of its base, and no time
            dataclass(frozen=True, kw_only=True)(cls)
        cls.name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()
        if cls.severity not in SEVERITIES:
            raise Error(f"severity of {cls.name} is {cls.severity!r}; write one of {', '.join(SEVERITIES)}")
        if "category" not in vars(cls):
            cls.category = cls.__module__.rpartition(".")[0].rpartition(".")[2]

    def check(self, batch: Batch) -> Iterable[Finding]:
        """Findings that one batch is enough for."""
        return ()

    def summarise(self, batch: Batch) -> Any:
        """What this batch leaves for `finish`: a Summary, or None."""
        return None

    def finish(self, summary: Any, run: Run) -> Iterable[Finding]:
        """Findings that need the whole dataset. *summary* is the merged one; None for a rule without `summarise`.

        It is not called for a rule with `summarise` when nothing could be summarised."""
        return ()

    def finding(
        self,
        where: Place | Record | Rejected | int | None = None,
        *,
        kind: str = "message",
        severity: Severity | None = None,
        fix: Fix | None = None,
        related: Sequence[int] = (),
        related_total: int | None = None,
        key: str = "",
        file: int | None = None,
        hits: Sequence[int] = (),
        **data: Any,
    ) -> Finding:
        """A finding at a place, a record or a record's id; of *file* as a whole; or of the dataset.

        *data* fills the placeholders of the message that *kind* names: str, numbers or Phrases.
        """
        from sftlint.batch import Place

        place = where
        if isinstance(where, (Record, Rejected)):
            place = Place(where.id)
        elif isinstance(where, int):
            place = Place(where)
        if severity is not None and severity not in SEVERITIES:
            raise Error(f"rule {self.name}: finding(severity={severity!r}); write one of {', '.join(SEVERITIES)}")
        total = len(related) if related_total is None else related_total
        return Finding(
            self.name, typing.cast("Place | None", place), data, kind, severity, fix,
            tuple(related[:20]), total, key, file, tuple(hits),
        )  # fmt: skip

    @classmethod
    def patterns(cls) -> tuple[Pattern, ...]:
        """The patterns among the rule's attributes, which the batch's scanner looks for."""
        held: Any = cls
        return _patterns(held)


@cache
def _patterns(rule: Any) -> tuple[Pattern, ...]:
    found: list[Any] = []
    for base in reversed(rule.__mro__):
        for value in vars(base).values():
            found += value.values() if isinstance(value, Mapping) else value if isinstance(value, (tuple, list)) else [value]
    return tuple(item for item in found if isinstance(item, Pattern))


class Option(NamedTuple):
    """An option of a rule, read off its annotated attribute."""

    name: str
    type: Any
    default: Any
    description: str
    bounds: tuple[float, float] | None = None
    """The least and the most that the configuration may set it to."""


def options(rule: type[Rule]) -> tuple[Option, ...]:
    """The options of *rule*: its annotated attributes."""
    held: Any = rule
    return _options(held)


@cache
def _options(rule: Any) -> tuple[Option, ...]:
    if not fields(rule):
        return ()  # as most; what follows takes time
    hints = typing.get_type_hints(rule, include_extras=True)
    found = []
    for field in fields(rule):
        hint = hints[field.name]
        kind, *notes = typing.get_args(hint) if typing.get_origin(hint) is typing.Annotated else (hint,)
        bounds = next((note for note in notes[1:] if isinstance(note, tuple)), None)
        found.append(Option(field.name, kind, field.default, str(notes[0]) if notes else "", bounds))
    return tuple(found)


def page(rule: type[Rule], lang: str = "en") -> list[str]:
    """The paragraphs of the rule's documentation: summary, why it matters, then what else there is to say."""
    text = rule.zh if lang == "zh" else rule.__doc__ or ""
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(text).strip())
    return [_CHINESE_BREAK.sub("", paragraph).replace("\n", " ") for paragraph in paragraphs if paragraph]


_CHINESE_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n|\n(?=[\u3000-\u9fff\uff00-\uffef])")
