"""Settings of the test run, and the fixtures that several files use."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # as a shell starts what runs in the background: what we start would ignore it
    signal.signal(signal.SIGINT, signal.default_int_handler)

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture)
settings.register_profile("same", deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW, max_examples=30)
settings.register_profile("explore", deadline=None, suppress_health_check=_SLOW, max_examples=600, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write what the tool prints now into tests/snapshots")


#: Files with tests that take long, which begin first so that none begins last.
_LONG = ("test_action", "test_precommit", "test_ray", "test_install", "test_docs", "test_packs")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _LONG.index(item.path.stem) if item.path.stem in _LONG else len(_LONG))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with no setting of the user's in reach."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SFTLINT_")] + ["NO_COLOR", "FORCE_COLOR", "CI"]:
        monkeypatch.delenv(name, raising=False)
    return tmp_path
