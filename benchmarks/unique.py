"""Does `sftlint check --fix` lose a record that is unique?

    python benchmarks/unique.py FILE_OR_FOLDER...          mend a copy, compare what the records said before and after
    python benchmarks/unique.py --plant FILE_OR_FOLDER...  drop one unique record from the mended copy: must be caught

What a record says are the stripped texts of its turns. Characters that leave no mark are no content, and a typographic
space is a space, so they are left out of the comparison. Nothing here uses sftlint's own reading of records.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path


def said(text: str) -> str:
    """*text* without what leaves no mark, blanks made one."""
    seen = "".join(c if unicodedata.category(c)[0] != "C" or c in "\n\t" else "" for c in text)
    return " ".join("".join(c for c in seen if c not in "\u034f\ufe0e\ufe0f\u200d").split())


def records(path: Path) -> Iterator[bytes]:
    """A digest of what each context/target record of *path* says."""
    for line in path.read_bytes().split(b"\n"):
        try:
            value = json.loads(line)
            context = value["context"]
            texts = [*([context] if isinstance(context, str) else context), value["target"]]
            yield hashlib.sha256("\x1f".join(map(said, texts)).encode("utf-8", "surrogatepass")).digest()
        except (ValueError, TypeError, KeyError, AttributeError):
            continue


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--plant", action="store_true", help="lose one record on purpose")
    options = parser.parse_args()
    lost = 0
    print("| file | records | unique | after --fix | lost |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        files = [f for path in options.paths for f in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
        copies = [Path(shutil.copyfile(file, Path(folder, file.name))) for file in files]
        before = [Counter(records(file)) for file in copies]
        command = [
            sys.executable,
            "-m",
            "sftlint",
            "check",
            "--isolated",
            "-q",
            "--exit-zero",
            "--fix",
            "--output-format",
            "json",
        ]
        command += ["--removed", str(Path(folder, "removed.txt")), "--output-file", str(Path(folder, "report.txt"))]
        subprocess.run([*command, *map(str, copies)], check=True)
        if options.plant:
            lines = copies[0].read_bytes().splitlines(keepends=True)
            once = next(i for i, line in enumerate(lines) if lines.count(line) == 1 and b'"target"' in line)
            copies[0].write_bytes(b"".join(lines[:once] + lines[once + 1 :]))
        for file, old in zip(copies, before, strict=True):
            new = Counter(records(file))
            gone = len(set(old) - set(new))
            lost += gone
            print(f"| {file.name} | {old.total():,} | {len(old):,} | {new.total():,} | {gone} |")
    print(f"\n{lost} unique records lost")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
