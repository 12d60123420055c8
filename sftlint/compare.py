"""Two texts held side by side."""

from __future__ import annotations


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


def _agree(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low
