"""On a cluster of two machines the findings are the same, byte for byte, whatever dies on the way."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from sftlint import engines, registry, source
from sftlint.config import Config
from sftlint.engines import cluster as ray_cluster
from sftlint.engines import ray as ray_engine
from sftlint.engines.ray import Held, Ray
from sftlint.errors import Error
from sftlint.lint import lint
from sftlint.summary import Crowds
from tests.helpers import Outcome, check, jsonl, line, mistake, one_line_error, process, put, streamed, written

with contextlib.suppress(ImportError):
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    import ray.cluster_utils

needs_ray = pytest.mark.skipif("ray" not in sys.modules, reason="Ray is not installed")
pytestmark = [pytest.mark.xdist_group("ray"), pytest.mark.filterwarnings("ignore")]  # Ray's own warnings

#: A pack as a user has it: a rule that kills its worker unless a file exists, and a summary that can be cut.
PACK = '''
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from sftlint import Batch, Crowds, Finding, Phrase, Rule, Run


class Dies(Rule):
    """A rule that dies once.

    It is for a test.
    """

    message = Phrase(en="{here} answers are as long as this", zh="{here} answers are as long as this")
    suggestion = Phrase(en="write another", zh="write another")
    scope = "dataset"
    unless: Annotated[str, "a file"] = ""
    pause: Annotated[float, "seconds for each batch"] = 0.0

    def summarise(self, batch: Batch) -> Crowds:
        time.sleep(self.pause)
        if self.unless and not Path(self.unless).exists() and any("kill" in text for text in batch.texts.strings):
            Path(self.unless).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Crowds([r.id for r in batch.records], [len(r.texts[-1]) for r in batch.records])

    def finish(self, summary: Crowds, run: Run) -> Iterator[Finding]:
        for group in summary.groups():
            yield self.finding(int(group.ids[0]), here=len(group))


def imported_from(shared, item):
    import sftlint

    return sftlint.__file__, __file__
'''
DATA = {
    "train-1.jsonl": jsonl(*(line(f"第 {n % 50} 问", f"第 {n % 70} 答" * (n % 9)) for n in range(900)), b"{bad", b"", line("kill", "me")),
    "train-2.json": b"[" + b",\n".join(line(f"Question {n % 90}?", f"Answer\x07 {n}.") for n in range(300)) + b"]",
    "sub/dev.jsonl": jsonl(*(line(f"第 {n} 问", f"第 {n} 答") for n in range(30)), line("a", "b", "c")),
    "empty.jsonl": b"",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The working folder of all: with data and a pack, and without this checkout in reach."""
    folder = tmp_path_factory.mktemp("ray")
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        patch.delenv("PYTHONPATH", raising=False)
        patch.delenv("RAY_ADDRESS", raising=False)
        put({**DATA, "packs/killing/dies.py": PACK.encode()})
        yield folder


@pytest.fixture(scope="module")
def cluster(home: Path) -> Iterator[Any]:
    small: dict[str, Any] = {"object_store_memory": 80 << 20, "num_cpus": 1}
    quick = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500, "health_check_failure_threshold": 3}
    head = {**small, "include_dashboard": False, "_system_config": quick}
    made: Any = ray.cluster_utils.Cluster(initialize_head=True, head_node_args=head)
    made.add_node(**small)
    yield made
    made.shutdown()
    gc.collect()  # its sockets, before another module's tests are blamed for them


@pytest.fixture(scope="module")
def config(home: Path) -> Config:
    return Config(root=str(home), rules=("packs/killing",), rule={"dies": {"unless": str(home / "died")}})


@pytest.fixture(scope="module")
def engine(cluster: Any, config: Config) -> Iterator[Ray]:
    made = Ray(cluster.address, folders=config.folders)
    yield made
    made.close()


@needs_ray
def test_the_same_bytes_on_every_engine_though_a_worker_is_killed(engine: Ray, config: Config, home: Path) -> None:
    names = list(DATA)
    assert not (home / "died").exists()
    there = streamed(names, config, engine, 2000)
    assert (home / "died").exists(), "no worker was killed"
    whole = streamed(names, config, engines.Serial(), 1 << 26)
    assert whole.count('"dies"') > 5 and whole.count('"exact-duplicate"') > 5
    assert there.splitlines() == whole.splitlines()
    with contextlib.closing(engines.Processes(2)) as pool:
        assert streamed(names, config, pool, 2000) == whole
    assert streamed(names, config, engine) == whole


@needs_ray
def test_what_the_workers_import_is_a_copy(engine: Ray, config: Config, home: Path) -> None:
    """With the folder of rules out of reach, as on another machine."""
    dies = registry.packs(config.folders, config.packs)["dies"]
    task = sys.modules[dies.__module__].imported_from
    for paths in engine.map(task, range(6), None):
        assert all("py_modules_files" in path for path in paths), paths
    (home / "packs").rename(home / "away")
    try:
        assert '"dies"' in streamed(["sub/dev.jsonl"], config, engine)
    finally:
        (home / "away").rename(home / "packs")


@needs_ray
def test_of_a_summary_that_can_be_cut_only_what_is_needed_comes_back(engine: Ray) -> None:
    parts = [Crowds(range(n * 40, n * 40 + 40), [(n * 40 + i) * 7919 % 1000 for i in range(40)]) for n in range(40)]
    held = [Held(engine._ray.put(ray_engine._packed(part)), Crowds, "") for part in parts]
    merged, whole = engine.merge(Held, held), Crowds.merge(parts)
    assert len(whole) == 1600 and len(merged) == len(whole.crowded()) < 1600
    assert merged.crowded().ids.tolist() == whole.crowded().ids.tolist()
    merged.keys[0] = 0  # as everywhere, a rule may write to its summary


@needs_ray
def test_errors_come_back(engine: Ray, config: Config, home: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        list(engine.map(divmod, [1, 0], 1))
    with mock.patch.object(ray_engine, "RETRIES", 0), pytest.raises(Error, match="a worker process died"):
        list(engine.map(os.kill, [signal.SIGKILL], 0))
    gone = source.collect(["sub/dev.jsonl"])
    (home / "sub/dev.jsonl").rename(home / "moved")
    try:
        with pytest.raises(Error, match=r"sub/dev\.jsonl: "):
            lint(gone, Config(), engine)
    finally:
        (home / "moved").rename(home / "sub/dev.jsonl")


@needs_ray
@pytest.mark.parametrize("what", ["Python", "sftlint"])
def test_other_versions_are_refused(engine: Ray, what: str) -> None:
    with (
        mock.patch.object(ray_cluster, "versions", lambda: {**_versions(), what: "9.9"}),
        pytest.raises(Error, match=rf"^node \S+ of the cluster has {what} \S+, and this machine 9\.9; use the same on both$"),
    ):
        ray_cluster.check_nodes(engine._ray)


_versions = ray_cluster.versions


@needs_ray
def test_the_command(cluster: Any, home: Path) -> None:
    """Nothing but the report is printed."""
    given = (*DATA, "--isolated", "--output-format=json-lines", "--no-progress")
    said = process("check", *given, "--engine=ray", f"--ray-address={cluster.address}")
    assert said == check(*given, "--engine=serial")
    assert said.code == 1 and len(said.out.splitlines()) > 20 and said.err == ""


@needs_ray
def test_a_lost_machine_changes_nothing(engine: Ray, cluster: Any, config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """What it had summarised is summarised again, and nothing is printed."""
    config = replace(config, select=("exact-duplicate", "dies"), rule={"dies": {"pause": 0.4}})  # so that both have work
    put({"large.jsonl": jsonl(*(line(f"{n}", f"{n % 29_000}") for n in range(30_000)), line("0", "0"))})
    collected, lost = source.collect(["large.jsonl"]), cluster.list_all_nodes()[1]
    held: list[Any] = []

    def merge(self: Ray, kind: Any, parts: list[Any]) -> Any:
        held.extend(part.node for part in parts)
        if lost in cluster.list_all_nodes():
            cluster.remove_node(lost, allow_graceful=False)
        return ray_merge(self, kind, parts)

    ray_merge = Ray.merge
    with mock.patch.object(Ray, "merge", merge):
        result = lint(collected, config, engine, chunk=250_000)
    assert lost.node_id in held, "nothing was lost"
    assert written(result) == written(lint(collected, replace(config, rule={})))
    assert capsys.readouterr() == ("", "")


# For the rest, no cluster is needed.


def test_installed_packs_are_shipped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are found as everywhere, by their entry points, and so are sftlint and its rules."""
    put({
        "site/loud/__init__.py": b"", "site/loud/rules.py": b"", "site/alone.py": b"",
        "site/loud-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: loud\nVersion: 1.0\n",
        "site/loud-1.0.dist-info/entry_points.txt": b"[sftlint.rules]\nloud = loud.rules\nalone = alone\n",
    })  # fmt: skip
    monkeypatch.syspath_prepend(str(folder / "site"))
    (folder / "stage").mkdir()
    shipped = ray_cluster.ship(folder / "stage", (), installed=True)
    look = """
import sys
sys.path[:0] = sys.argv[1:]
from importlib.metadata import entry_points
print(*sorted({f"{e.name}={e.load().__file__}" for e in entry_points(group="sftlint.rules")}), sep="\\n")
import sftlint.rules.format.invalid_json
print(sftlint.rules.format.invalid_json.__file__)
"""
    done = subprocess.run(
        [sys.executable, "-c", look, *(os.path.dirname(path) for path in shipped)], check=True, capture_output=True, text=True
    )
    packs = [f"alone={folder}/site/alone.py", f"loud={folder}/site/loud/rules.py"]
    assert done.stdout.splitlines() == [*packs, f"{folder}/stage/sftlint/rules/format/invalid_json.py"]
    assert ray_cluster.ship(folder / "stage", (), installed=False)[2:] == []


# Addresses.


def refused(address: str) -> Outcome:
    """What the command says in a process of its own, which is ended after some seconds."""
    Path("a.jsonl").write_bytes(jsonl(line("你好", "您好")))
    return process("check", "a.jsonl", "--isolated", "--engine=ray", f"--ray-address={address}", timeout=20)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("says", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0\0\0\4\0\0\0\0\0", None])
def test_an_address_where_no_cluster_answers(says: bytes | None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        if says is None:
            server.close()
        else:
            threading.Thread(target=_answer, args=(server, says), daemon=True).start()
        assert f"no Ray cluster answers at {address} (" in one_line_error(refused(address))


def _answer(server: socket.socket, says: bytes) -> None:
    """Say it, and then nothing more."""
    caller, _ = server.accept()
    caller.sendall(says)
    caller.recv(1 << 16)
    threading.Event().wait(60)


@pytest.mark.usefixtures("folder")
def test_what_is_no_address() -> None:
    Path("a.jsonl").write_bytes(jsonl(line("你好", "您好")))
    for address in ("cluster", "host:", "host:port", ":6379", "host:0", "host:99999", "ray://host"):
        assert "is no address, as in" in mistake("check", "a.jsonl", "--engine=ray", f"--ray-address={address}")
    assert "--engine: no 'rai'; did you mean 'ray'?" in mistake("check", "a.jsonl", "--engine=rai")
    assert "goes with --engine ray" in mistake("check", "a.jsonl", "--ray-address=host:1")
    with mock.patch.dict(sys.modules, {"ray": None}):
        assert "pip install 'sftlint[ray]'" in mistake("check", "a.jsonl", "--engine=ray")
