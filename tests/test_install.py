"""Installed from a wheel, editable, and from a git checkout, `sftlint check` runs in any folder and finds its rules.

All is built from a copy of the checkout. The virtual environments are clean; the dependencies are lent to them by a path
file, so that nothing is downloaded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import ROOT, jsonl, line

_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".peers", "__pycache__", ".*_cache", ".hypothesis", ".venv", "dist", "build", "*.egg-info"
)


def run(*command: object, cwd: Path | None = None) -> str:
    """The output of a command that is nothing of this checkout's."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PIP_", "SFTLINT_", "GIT_"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this checkout, committed to a git repository of their own."""
    copy = tmp_path_factory.mktemp("source") / "sftlint"
    shutil.copytree(ROOT, copy, ignore=_LEFT_OUT)
    git = (
        "git",
        "-C",
        copy,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.c",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "init.defaultBranch=main",
    )
    run(*git, "init", "-q")
    run(*git, "add", "-A")
    run(*git, "commit", "-q", "-m", "all")
    return copy


@pytest.fixture(scope="module")
def dist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, checkout)
    return folder


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    def make(*what: object) -> Path:
        """A clean virtual environment with *what* installed."""
        home = tmp_path_factory.mktemp("venv")
        run(sys.executable, "-m", "venv", "--without-pip", home)
        site = next(home.glob("lib/python*/site-packages"))
        (site / "lent.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}) + "\n")
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "--python", home / "bin/python")
        run(*pip, "install", "--no-index", "--no-deps", "--no-build-isolation", *what)
        return home

    return make


def works(home: Path, folder: Path) -> Path:
    """Use the installed command in *folder*; where its package lies."""
    (folder / "data").mkdir()
    (folder / "data/train.jsonl").write_bytes(jsonl(line("你好", ""), line("Hi", "Hello"), line("Hi", "Hello"), "no JSON"))
    found = run(home / "bin/sftlint", "check", "data", "--output-format=concise", "--jobs=2", cwd=folder)
    for code in ("empty-target", "exact-duplicate", "invalid-json"):
        assert code in found
    listed = run(home / "bin/python", "-m", "sftlint", "rules", cwd=folder)
    assert all(rule.stem.replace("_", "-") in listed for rule in ROOT.glob("rules/*/*.py") if rule.stem != "__init__")
    return Path(run(home / "bin/python", "-c", "import sftlint; print(sftlint.__file__)", cwd=folder).strip())


def test_the_wheel_holds_rules_schemas_and_types(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for file in (
        *ROOT.glob("rules/*/*.py"),
        *ROOT.glob("sftlint/**/*.py"),
        *ROOT.glob("sftlint/**/*.json"),
        *ROOT.glob("sftlint/presets/*"),
    ):
        inside = file.relative_to(ROOT).as_posix()
        if "__pycache__" not in inside and not file.is_dir():
            assert (f"sftlint/{inside}" if inside.startswith("rules/") else inside) in names
    assert "sftlint/py.typed" in names and any(name.endswith("entry_points.txt") for name in names)
    assert not any(name.startswith(("tests/", "fixtures/", "rules/", "benchmarks/")) or name.endswith(".pyc") for name in names)


def test_from_the_wheel(dist: Path, venv: Callable[..., Path], tmp_path: Path) -> None:
    home = venv(*dist.glob("*.whl"))
    assert works(home, tmp_path).is_relative_to(home)


def test_editable(checkout: Path, venv: Callable[..., Path], tmp_path: Path) -> None:
    assert works(venv("-e", checkout), tmp_path) == checkout / "sftlint/__init__.py"


def test_from_git(checkout: Path, venv: Callable[..., Path], tmp_path: Path) -> None:
    home = venv(f"git+file://{checkout}")
    assert works(home, tmp_path).is_relative_to(home)
