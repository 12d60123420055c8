"""What sftlint wrote itself: reports and baselines lie beside the data, and nobody trains on them."""

from __future__ import annotations

import re

from sftlint.reading import files

BASELINE = "sftlint-baseline.json"  # lies beside the data and is none
_HEAD = 1 << 16  # bytes: a message may be long
# How each of them begins, whatever blanks a formatter has put between the tokens.
_STRING = r'"(?:[^"\\]|\\.)*"'
_OWN = re.compile(
    rf"""\s*(?:
    \[?\s*{{\s*"code"\s*:\s*{_STRING}\s*,\s*"category"\s*:\s*{_STRING}\s*,\s*"severity"\s*:\s*"(?:error|warning|info)"\s*,\s*"message"
    |\[\s*{{\s*"description"\s*:\s*{_STRING}\s*,\s*"check_name"\s*:\s*{_STRING}\s*,\s*"fingerprint"
    |{{\s*"\$schema"\s*:\s*"[^"\s]*/sarif[^"\s]*"
    |{{\s*"source"\s*:\s*{{\s*"name"\s*:\s*"sftlint"\s*}}
    |{{\s*"fingerprints"\s*:\s*"[0-9]+"\s*,\s*"accepted"\s*:\s*\[
    )""".encode(),
    re.X,
)


def is_own(path: str) -> bool:
    """Whether the file at *path* is a report of sftlint (json, json-lines, gitlab, sarif, rdjson) or a baseline."""
    try:
        with files.open(path) as stream:
            return bool(_OWN.match(stream.read(_HEAD)))
    except OSError:
        return False  # who reads the file says what is wrong with it
