"""Two texts held side by side."""

from __future__ import annotations

import re
from collections import Counter

from sftlint.texts.facts import alike, words
from sftlint.texts.folding import fold

Sides = tuple[list[str], list[str]]
"""Of a record the texts before the answer, and those of the answer."""
LEAST_CONTENT = 3  # shingles beside the boilerplate that a prompt must have to be compared
SHORT_PROMPT = 40  # shingles, which is words and Chinese characters, below which a prompt is short
LABEL = 8  # words below which an answer says nothing by itself
LIKE_SHORT = 0.85  # of two short prompts with one short answer
LIKE_LAST = 0.7  # of the words of the last sentences of two prompts with one short answer
DIGITS = re.compile(r"\d+")
#: What a problem, or the answer to it, turns on: digits, numerals, and the letter of a choice.
NUMBER = re.compile(
    r"\d+|\b[a-h]\b|[二三四五六七八九十百千万两]|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
SENTENCE = re.compile(r"[^。！？!?\n]+")
QUESTION = re.compile(r"(?:[^。！？!?\n.]|\.(?!\s))+[?？]")  # options may stand behind it
NEGATION = re.compile(r"\b(?:not|no|never|cannot|without)\b|n['’]t\b|[不没未无]")
#: A name of code, of a make or of a substance: what stands between backticks; a word with an underscore or a dot inside it, with a
#: capital after a small letter, a digit after a letter, or two hyphens; a call. No address is one.
NAME = re.compile(
    r"`[^`\n]{1,60}`|(?<![\w/.:-])(?!www\.|https?:)[A-Za-z]\w{0,60}(?:(?<=[a-z0-9])[A-Z]|_[A-Za-z0-9]|\.[A-Za-z_]|(?<=[A-Za-z])-?\d|-\w+-\w|\(\))[\w.+-]*"
)
#: What a short prompt puts between quotation marks: the thing that is asked about.
QUOTED = re.compile(r"[\"“「『《]([^\"“”「」『』《》\n]{1,60})[\"”」』》]")


#: A package, file, option or version: a word with a mark or a digit in it.
LABELLED = re.compile(r"(?<![\w/.-])(?:--?|[./]*)[A-Za-z][A-Za-z+]*[\d_./+-][\w./+-]*\w")


_SLOT = re.compile(r"%[sdiufxX]|\{\d*\}")  # of a message that a program fills in


def differing(one: str, other: str) -> tuple[str, str]:
    """Two texts without what they begin and end with alike, but for whole words."""
    start = _agree(one, other)
    while start and (one[start - 1].isdigit() or (one[start - 1].isascii() and one[start - 1].isalnum())):
        start -= 1
    one, other = one[start:], other[start:]
    end = _agree(one[::-1], other[::-1])
    while end and (one[-end].isdigit() or (one[-end].isascii() and one[-end].isalnum())):
        end -= 1
    return one[: len(one) - end], other[: len(other) - end]


def other_thing(later: Sides, earlier: Sides) -> bool:
    """Whether the records may be about two things, as the entries of a manual are: either prompt names what the other does not,
    and the answers are not the same. A name is one of code, of a make or of a substance, or a word that the answer says as well. Of a
    translation it is known only that both sides say something else, in two scripts."""
    asked, given = (["\n".join(side[i]) for side in (later, earlier)] for i in (0, 1))
    if fold(given[0]) == fold(given[1]):
        return False
    for name in (NAME, LABELLED):
        new, old = (frozenset(name.findall(prompt)) for prompt in asked)
        if new - old and old - new:
            return True
    new, old = (frozenset(prompt.split()) for prompt in asked)
    if any(map(_SLOT.search, new ^ old)) or _longer_name(new - old, old - new):
        return True
    held = [[frozenset(words(text)) for text in side] for side in (asked, given)]
    latin = [{word.isascii() for word in one ^ other} for one, other in held]
    if latin in ([{True}, {False}], [{False}, {True}]):
        return True
    new, old = ((held[0][i] - held[0][1 - i]) & (held[1][i] - held[1][1 - i]) for i in (0, 1))
    return all(any(len(word) > 1 or not word.isascii() for word in each) for each in (new, old))  # no variable of a sum


def _longer_name(new: frozenset[str], old: frozenset[str]) -> bool:
    """Whether all that differs is one word, which is a name on one side and begins it on the other: `tk` and `tk-dev`."""
    if len(new) != 1 or len(old) != 1:
        return False
    short, long = sorted((word.strip("?!.,:;") for word in (*new, *old)), key=len)
    return long.startswith(short) and bool(LABELLED.fullmatch(long))


def _agree(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def same_matter(later: Sides, earlier: Sides, likeness: float, short: bool) -> bool:
    """Whether records so much alike are neither a dialogue and its continuation, nor two problems made after one pattern,
    nor two questions that happen to have one short answer."""
    few, many = sorted((later[0], earlier[0]), key=len)
    if len(few) < len(many) and list(map(fold, few)) == list(map(fold, many[: len(few)])):
        return False
    prompts, targets = (("\n".join(later[i]), "\n".join(earlier[i])) for i in (0, 1))
    changes = [tuple(map(str.lower, differing(*pair))) for pair in (prompts, targets)]
    same_numbers = [Counter(NUMBER.findall(new)) == Counter(NUMBER.findall(old)) for new, old in changes]
    same_digits = Counter(DIGITS.findall(changes[0][0])) == Counter(DIGITS.findall(changes[0][1]))
    if not any(same_numbers) or (short and not same_digits):
        return False
    if min(map(len, targets)) > 10 * LABEL or min(len(words(target)) for target in targets) >= LABEL:
        return True
    items = [frozenset(words(" ".join(QUOTED.findall(prompt)))) for prompt in prompts]
    if all(items) and items[0].isdisjoint(items[1]):
        return False  # one label for two things that have nothing in common
    if len(NEGATION.findall(changes[0][0])) != len(NEGATION.findall(changes[0][1])):
        return False  # one says the contrary of the other
    lasts = (side[0][-1] if side[0] else "" for side in (later, earlier))
    asks = [frozenset(words((QUESTION.findall(text) or SENTENCE.findall(text) or [""])[-1])) for text in lasts]
    same_target = fold(targets[0]) == fold(targets[1])
    return same_target and same_numbers[0] and likeness >= (LIKE_SHORT if short else 0) and alike(*asks) >= LIKE_LAST
