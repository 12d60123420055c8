"""Results worth keeping from one run to the next: pattern databases, which take longer to compile than a small file to lint.

They lie in the user's cache folder, or in `SFTLINT_CACHE_DIR`; an empty value turns the cache off. Whatever fails here, a full disk,
a read-only home, a damaged file, only makes a run slower.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import xxhash

KEPT = 64  # files; older ones go
_SEAL = 16  # bytes of a hash before the data, which a damaged file fails


def get(name: str) -> bytes | None:
    """What was kept under *name*, or None."""
    folder = _folder()
    try:
        held = (folder / name).read_bytes() if folder else b""
    except OSError:
        return None
    data = held[_SEAL:]
    return data if data and held[:_SEAL] == xxhash.xxh3_128_digest(data) else None


def put(name: str, data: bytes) -> None:
    """Keep *data* under *name*, whole or not at all."""
    folder = _folder()
    if folder is None:
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(xxhash.xxh3_128_digest(data) + data)
            os.replace(path, folder / name)
        except OSError:
            os.unlink(path)
            raise
        held = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime)
        for file in held[:-KEPT]:
            file.unlink(missing_ok=True)


def _folder() -> Path | None:
    if (own := os.environ.get("SFTLINT_CACHE_DIR")) is not None:
        return Path(own) if own else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base, "sftlint") if base and os.path.isabs(base) else None
