"""Which near copies may be entries about two things."""

from __future__ import annotations

import pytest

from sftlint.matching.compare import other_thing

LIBRARY = "This library draws charts of rainfall for weather stations, in colour and in black and white."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Describe the package raindraw-dev", f"Raindraw header files. {LIBRARY}"), ("Describe the package raindraw-doc", f"Raindraw manual. {LIBRARY}")),
        (("What does the option --keep-tabs do?", "It keeps tabs as they are."), ("What does the option --keep-blanks do?", "It keeps blanks as they are.")),
        (("What is the package rain for?", f"Rain charts: the program. {LIBRARY}"), ("What is the package rain-dev for?", f"Rain charts: headers. {LIBRARY}")),
        (("Translate: no rain allowed in %s", "Kein Regen in %s"), ("Translate: no rain allowed in gardens", "Kein Regen in Gärten")),
        (("What is in /etc/rain/hosts?", "The hosts that send their rain."), ("What is in /etc/rain/ports?", "The ports that rain comes in by.")),
    ],
)  # fmt: skip
def test_another_package_option_or_file_is_another_thing(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert other_thing(([one[0]], [one[1]]), ([other[0]], [other[1]]))


def test_other_words_about_one_thing_are_a_copy() -> None:
    one = (["How do I prune an old apple tree?"], ["Take away the dead wood first, then what crosses."])
    other = (["How should I prune an old apple tree?"], ["Take away all dead wood first, then whatever crosses."])
    assert not other_thing(one, other)
