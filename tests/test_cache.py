"""What is kept from one run to the next makes runs quicker, and can never make one fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from sftlint import cache, pattern
from sftlint.batch import Batch
from sftlint.pattern import Pattern, Scanners


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("SFTLINT_CACHE_DIR", str(tmp_path / "cache"))
    pattern._database.cache_clear()
    return tmp_path / "cache"


def hits(*texts: str) -> list[int]:
    from sftlint.formats import read
    from sftlint.record import Record

    word = Pattern("lante?rn")
    values = [{"context": [text], "target": "."} for text in texts]
    records = [Record(i, b"", value, "context/target", *read(value, "context/target")) for i, value in enumerate(values)]
    batch = Batch(records, [], [], Scanners([word]))
    pattern._database.cache_clear()
    return [record.id for record, _ in batch.holding(word)]


def test_kept_and_read_again(own: Path) -> None:
    assert cache.get("a") is None
    cache.put("a", b"data")
    assert cache.get("a") == b"data"
    assert [path.name for path in own.iterdir()] == ["a"]


def test_the_oldest_go(own: Path) -> None:
    for number in range(cache.KEPT + 10):
        cache.put(f"{number}", b"data")
    assert len(list(own.iterdir())) == cache.KEPT


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 9000])
def test_a_damaged_file_is_no_trouble(own: Path, damage: bytes) -> None:
    assert hits("an oil lantern", "a lamp") == [0]
    (kept,) = own.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert hits("a lamp", "an oil lantern") == [1]
    assert kept.read_bytes() == whole


def test_what_is_no_database_is_compiled_again() -> None:
    assert hits("lantern") == [0]
    (kept,) = map(Path, Path(cache._folder() or "").iterdir())
    cache.put(kept.name, b"whole, but no database")
    assert hits("lantern") == [0]


@pytest.mark.parametrize("where", ["", "/dev/null/cache"])
def test_without_a_folder(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setenv("SFTLINT_CACHE_DIR", where)
    cache.put("a", b"data")
    assert cache.get("a") is None
    assert hits("lantern") == [0]
