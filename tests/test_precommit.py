"""The hooks, run by the real pre-commit in a stranger's repository, installed from a commit of this checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from tests.helpers import CLEAN, EMPTY, ROOT, TWICE, jsonl, line, tool

fcntl = pytest.importorskip("fcntl", reason="the environment that the tests share is locked as on Unix")
pytestmark = pytest.mark.skipif(not tool("pre-commit") or not tool("git"), reason="pre-commit or git is not installed")

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}


def run(*command: object, cwd: Path, home: Path | None = None) -> tuple[int, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "SFTLINT_", "GIT_", "PRE_COMMIT"))}
    clean |= {
        "PRE_COMMIT_HOME": str(home or cwd),
        "PIP_NO_COMPILE": "1",  # of a large dependency little is imported
        "PRE_COMMIT_COLOR": "never",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    done = subprocess.run([str(p) for p in command], cwd=cwd, env=clean, capture_output=True, timeout=240, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def commit(folder: Path) -> None:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main")
    for command in ((*git, "init", "-q"), (*git, "add", "-A"), (*git, "commit", "-q", "--allow-empty", "-m", "all")):
        code, said = run(*command, cwd=folder)
        assert code == 0, said


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The repository of the hooks and the folder of the environment, which all processes of a test run share."""
    base = tmp_path_factory.getbasetemp()
    base = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "pre-commit"
    base.mkdir(exist_ok=True)
    source, home = base / "sftlint", base / "home"
    with open(base / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / "said").exists():
            source.mkdir()
            for name in ("sftlint", "rules"):
                shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
            for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
                shutil.copy(ROOT / name, source)
            commit(source)
            first = base / "first"
            first.mkdir()
            configure(first, source, "sftlint")
            started = time.monotonic()
            code, said = run(tool("pre-commit"), "install-hooks", cwd=first, home=home)
            (base / "said").write_text(f"{said}\n{time.monotonic() - started:.0f} s" if code else "", "utf-8")
    if said := (base / "said").read_text("utf-8"):
        if any(mark in said for mark in ("No matching distribution", "Connection", "resolve", "Retrying")):
            pytest.skip("the network is missing, and with it what the hooks need")
        pytest.fail(said)
    return source, home


def configure(folder: Path, source: Path, *ids: str, **more: object) -> None:
    """Make *folder* a repository that uses the hooks *ids*."""
    rev = run("git", "rev-parse", "HEAD", cwd=source)[1].strip()
    config = {"repos": [{"repo": str(source), "rev": rev, "hooks": [{"id": id, **more} for id in ids]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    commit(folder)


def pre_commit(folder: Path, home: Path) -> tuple[int, str]:
    """What the hooks say to what was changed in *folder*."""
    run("git", "add", "-A", cwd=folder)
    return run(tool("pre-commit"), "run", "--verbose", cwd=folder, home=home)


def test_the_manifest_is_one_that_pre_commit_takes(tmp_path: Path) -> None:
    code, said = run(tool("pre-commit"), "validate-manifest", ROOT / ".pre-commit-hooks.yaml", cwd=tmp_path)
    assert code == 0, said
    assert set(HOOKS) == {"sftlint", "sftlint-fix", "sftlint-all"}
    for hook in HOOKS.values():
        assert (hook["types"], hook["require_serial"], hook["language"]) == (["file"], True, "python")


def test_a_clean_change_passes(hooks: tuple[Path, Path], tmp_path: Path) -> None:
    source, home = hooks
    configure(tmp_path, source, "sftlint", "sftlint-fix", "sftlint-all")
    (tmp_path / "训练 data.jsonl").write_bytes(CLEAN)
    (tmp_path / "notes.txt").write_text("none of the hooks' business")
    code, said = pre_commit(tmp_path, home)
    assert code == 0 and said.count("Passed") == 3, said


def test_a_change_without_data_runs_no_hook(hooks: tuple[Path, Path], tmp_path: Path) -> None:
    source, home = hooks
    configure(tmp_path, source, "sftlint", "sftlint-fix", "sftlint-all")
    (tmp_path / "notes.txt").write_text("none of the hooks' business")
    code, said = pre_commit(tmp_path, home)
    assert code == 0 and said.count("Skipped") == 3, said


def test_a_defect_fails_the_hook_and_only_changed_files_are_read(hooks: tuple[Path, Path], tmp_path: Path) -> None:
    source, home = hooks
    (tmp_path / "old.jsonl").write_bytes(EMPTY)
    configure(tmp_path, source, "sftlint")
    (tmp_path / "new.jsonl").write_bytes(EMPTY + b"no JSON\n")
    (tmp_path / "nul.jsonl").write_bytes(CLEAN + b"\x00\n")
    (tmp_path / "utf16.jsonl").write_bytes(CLEAN.decode().encode("utf-16"))
    (tmp_path / "-oa.ndjson").write_bytes(EMPTY)
    code, said = pre_commit(tmp_path, home)
    assert code == 1 and "Failed" in said, said
    assert "exit code: 1" in said and "empty-target" in said and "invalid-json" in said
    assert all(name in said for name in ("new.jsonl", "nul.jsonl", "utf16.jsonl", "-oa.ndjson"))
    assert "old.jsonl" not in said and not (tmp_path / "a.ndjson").exists()


def test_the_hook_leaves_duplicates_to_the_one_that_reads_the_dataset(hooks: tuple[Path, Path], tmp_path: Path) -> None:
    source, home = hooks
    (tmp_path / "old.jsonl").write_bytes(TWICE[: len(TWICE) // 2])
    configure(tmp_path, source, "sftlint", "sftlint-all")
    (tmp_path / "new.jsonl").write_bytes(TWICE[: len(TWICE) // 2])
    code, said = pre_commit(tmp_path, home)
    changed, whole = said.split("sftlint (whole dataset)")
    assert code == 1 and "Passed" in changed and "exact-duplicate" not in changed, said
    assert "Failed" in whole and "exact-duplicate" in whole and "old.jsonl" in whole


def test_the_whole_dataset_may_be_a_folder(hooks: tuple[Path, Path], tmp_path: Path) -> None:
    source, home = hooks
    configure(tmp_path, source, "sftlint-all", args=["--fail-on", "error", "data"])
    (tmp_path / "data").mkdir()
    (tmp_path / "data/train.jsonl").write_bytes(TWICE)
    (tmp_path / "scratch.jsonl").write_bytes(EMPTY)
    code, said = pre_commit(tmp_path, home)
    assert code == 0 and "exact-duplicate" in said and "empty-target" not in said, said


def test_the_configuration_is_read_and_a_change_of_it_is_one_of_the_dataset(hooks: tuple[Path, Path], tmp_path: Path) -> None:
    source, home = hooks
    (tmp_path / "a.jsonl").write_bytes(EMPTY)
    configure(tmp_path, source, "sftlint", "sftlint-all")
    (tmp_path / "sftlint.toml").write_text('ignore = ["exact-duplicate"]\n')
    code, said = pre_commit(tmp_path, home)
    assert code == 1 and said.count("Skipped") == 1 and "empty-target" in said, said
    (tmp_path / "sftlint.toml").write_text('ignore = ["empty-target"]\n')
    code, said = pre_commit(tmp_path, home)
    assert code == 0, said


def test_the_mending_hook_mends_and_passes_when_nothing_is_left(hooks: tuple[Path, Path], tmp_path: Path) -> None:
    source, home = hooks
    configure(tmp_path, source, "sftlint-fix")
    path = tmp_path / "a.jsonl"
    kept = jsonl(line("你好", "您好"))
    path.write_bytes(b"\xef\xbb\xbf" + kept + jsonl(line("Hi", "Hello")))
    code, said = pre_commit(tmp_path, home)
    assert code == 1 and "files were modified by this hook" in said, said
    assert path.read_bytes() == kept + jsonl(line("Hi", "Hello"))
    code, said = pre_commit(tmp_path, home)
    assert code == 0 and "Passed" in said, said
    path.write_bytes(EMPTY)
    code, said = pre_commit(tmp_path, home)
    assert code == 1 and "files were modified" not in said and path.read_bytes() == EMPTY, said
