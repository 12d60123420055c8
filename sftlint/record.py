"""One training example, in whatever format it was written."""

from __future__ import annotations

from typing import Any, NamedTuple

import xxhash

SYSTEM, USER, ASSISTANT, TOOL = "system", "user", "assistant", "tool"


class Text(NamedTuple):
    """A string of the record: its JSON Pointer, its characters, and where in that string they begin."""

    pointer: str
    text: str
    start: int = 0


class Turn(NamedTuple):
    """What one speaker says at a time."""

    role: str
    parts: tuple[Text, ...]
    trained: bool = False

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts)

    @property
    def pointer(self) -> str:
        return self.parts[0].pointer if self.parts else ""


class Layout:
    """What each text of a record is. Records of one shape share one layout, so a record costs little.

    pointers: JSON Pointer of each text.  turns: number of the turn each text belongs to.
    roles: of each turn.  trained: whether a turn is an answer the model learns to give.
    starts: offset of each text in its string, for texts that are cut out of a longer one.
    asides: texts that are no part of what is said: thoughts, tool calls, addresses of pictures.
    """

    def __init__(
        self,
        pointers: tuple[str, ...],
        turns: tuple[int, ...],
        roles: tuple[str, ...],
        trained: tuple[bool, ...],
        starts: tuple[int, ...] | None = None,
        asides: frozenset[int] = frozenset(),
        common: bool = False,
    ) -> None:
        self.pointers, self.turns, self.roles, self.trained = pointers, turns, roles, trained
        self.starts = starts
        self.asides = asides
        spoken = [i for i in range(len(pointers)) if i not in asides]
        asked = [t for t, role in enumerate(roles) if role == USER]
        answered = [t for t, learnt in enumerate(trained) if learnt]
        #: Indices of texts: all, the last question, every trained answer, the last answer, the last two turns, and what
        #: instructs: the last question and the system prompt.
        self.texts = tuple(range(len(pointers)))
        self.question = tuple(i for i in spoken if asked and turns[i] == asked[-1])
        self.answers = tuple(i for i in spoken if trained[turns[i]])
        self.target = tuple(i for i in spoken if answered and turns[i] == answered[-1])
        self.exchange = self.question + self.target
        self.instructions = tuple(i for i in spoken if roles[turns[i]] == SYSTEM or i in self.question)
        self.rounds = len(asked)
        #: Whether it is a sound context/target record with a list of turns, as nearly all are.
        self.common = common
        #: Tells shapes apart in a hash, whatever the format: the roles of the texts, in order.
        self.seed = xxhash.xxh3_64_intdigest("\n".join(roles[t] for t in turns).encode("utf-8", "replace"))


class Record(NamedTuple):
    """One training example: a conversation, and the answers to be learnt."""

    id: int
    """`file << 40 | byte offset`."""
    raw: bytes
    """The record as it stands in the file."""
    value: Any
    """Its JSON, the user's own keys under their standard names."""
    format: str
    texts: list[str]
    layout: Layout
    sound: bool
    """False where something has the wrong type, role or place: only format, dialogue and character rules see it."""
    lenient: bool = False
    """True where orjson refused the line and the standard library read it: lone surrogates, endless numbers."""

    def text(self, index: int) -> Text:
        layout = self.layout
        return Text(layout.pointers[index], self.texts[index], layout.starts[index] if layout.starts else 0)

    @property
    def turns(self) -> list[Turn]:
        layout = self.layout
        parts: list[list[Text]] = [[] for _ in layout.roles]
        for index, turn in enumerate(layout.turns):
            parts[turn].append(self.text(index))
        return [Turn(*turn) for turn in zip(layout.roles, map(tuple, parts), layout.trained, strict=True)]

    @property
    def question(self) -> str:
        """The last thing the user says."""
        return self._joined(self.layout.question)

    @property
    def target(self) -> str:
        """The last answer, without the thoughts before it."""
        return self._joined(self.layout.target)

    def _joined(self, parts: tuple[int, ...]) -> str:
        texts = self.texts
        return texts[parts[0]] if len(parts) == 1 else "\n".join([texts[i] for i in parts])


OFFSET = (1 << 40) - 1


class Rejected(NamedTuple):
    """A line that holds no record. `reason` is "blank", "json", "encoding" or "shape"."""

    id: int
    raw: bytes
    reason: str
    value: Any = None
    format: str = ""


class Fault(NamedTuple):
    """What JSON Schema says is wrong with a record."""

    keyword: str
    """The keyword of the schema that fails: "required", "type", "enum", ..."""
    pointer: str
    """The value that fails, as a JSON Pointer."""
    expected: Any
    found: Any


class Layouts:
    """The layouts of one format, made once per shape."""

    def __init__(self) -> None:
        self._made: dict[Any, Layout] = {}

    def __getitem__(self, shape: Any) -> Layout | None:
        return self._made.get(shape)

    def __setitem__(self, shape: Any, layout: Layout) -> None:
        if len(self._made) < 4096:  # a set of endless shapes must not fill the memory
            self._made[shape] = layout
