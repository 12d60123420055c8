"""What changes from one file to another, as a unified diff of lines."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import xxhash

from sftlint.reading import files
from sftlint.texts.safe import printable


class _Step(NamedTuple):
    """A line that stays, goes or comes: its sign, its bytes, and where it is in the old and the new file (0-based)."""

    sign: str
    line: bytes
    old: int
    new: int


def unified(old: str, new: str, name: str) -> Iterator[str]:
    """The lines of a unified diff between the files at *old* and *new*, without context: a record is a line."""
    changes = [step for step in _steps(old, new) if step.sign != " "]
    if not changes:
        return
    yield f"--- {printable(name)}"
    yield f"+++ {printable(name)}"
    at = {"-": 0, "+": 0}
    # Changes belong together while no line that stays stands between them.
    blocks = groupby(enumerate(changes), key=lambda pair: (pair[1].old + pair[1].new) - pair[0])
    for _, block in blocks:
        steps = [step for _, step in block]
        gone = [step for step in steps if step.sign == "-"]
        come = [step for step in steps if step.sign == "+"]
        first = steps[0]
        at["-"], at["+"] = first.old, first.new
        yield f"@@ -{at['-'] + bool(gone)},{len(gone)} +{at['+'] + bool(come)},{len(come)} @@"
        for step in (*gone, *come):
            ended = step.line.removesuffix(b"\n")
            yield step.sign + printable(ended.decode("utf-8", "backslashreplace"))
            if ended == step.line:
                yield "\\ No newline at end of file"


def _steps(old: str, new: str) -> Iterator[_Step]:
    """Line by line: a line of the new file that comes later in the old one shows that those between were dropped."""
    places: dict[int, list[int]] = {}
    with files.open(old) as stream:
        for number, line in enumerate(stream):
            places.setdefault(xxhash.xxh3_64_intdigest(line), []).append(number)
    with files.open(old) as before, files.open(new) as after:
        i = j = 0
        olds, news = iter(before), iter(after)
        a, b = next(olds, None), next(news, None)
        while a is not None or b is not None:
            if a == b and a is not None:
                yield _Step(" ", a, i, j)
                a, b, i, j = next(olds, None), next(news, None), i + 1, j + 1
                continue
            later = None
            if b is not None:
                held = places.get(xxhash.xxh3_64_intdigest(b), [])
                k = bisect_left(held, i)
                later = held[k] if k < len(held) else None
            if a is not None and (b is None or later is not None):
                yield _Step("-", a, i, j)
                a, i = next(olds, None), i + 1
            elif a is not None and b is not None:
                yield _Step("-", a, i, j)
                yield _Step("+", b, i + 1, j)
                a, b, i, j = next(olds, None), next(news, None), i + 1, j + 1
            elif b is not None:
                yield _Step("+", b, i, j)
                b, j = next(news, None), j + 1
