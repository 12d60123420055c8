"""Where the work happens on many machines: Ray.

The same tasks as everywhere. Items travel in lots, so that a task is worth its way; what `judge` summarises stays where it
was made (a second return value, which the driver never fetches), is merged there, and comes to the driver once.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import pickle
import platform
import shutil
import signal
import socket
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

import sftlint
from sftlint import registry
from sftlint.engines import Serial, Task, _died, _no_collection
from sftlint.errors import Error
from sftlint.lint import judge
from sftlint.phrase import Phrase
from sftlint.rule import Rule
from sftlint.run import Setup

LOT = 16  # items of a task, at most: 16 MB of chunks, some tenths of a second
WINDOW = 3  # tasks per processor that are on their way
FAN = 16  # summaries that one task merges
RETRIES = 3  # of a task whose worker or machine dies
PATIENCE = 1.5  # seconds that an address has to answer
START = 120.0  # seconds that a machine has to start its first worker
SHIPPED = "sftlint_shipped"  # the module that brings folders of rules to the workers

T = TypeVar("T")
R = TypeVar("R")


class Ray(Serial):
    """Every processor of a Ray cluster.

    address: `host:port`, `ray://host:port`, `auto`, or empty for RAY_ADDRESS, a cluster that runs on this machine, or a new
    one.  jobs: tasks at a time, 0 for as many as keep all processors busy.  folders, installed: the rule packs, as
    `registry.packs` has them; workers get a copy.

    Raises:
        Error: Ray is not installed, the address does not answer, or a machine has another Python or lacks a library.
    """

    def __init__(self, address: str = "", jobs: int = 0, folders: Sequence[str] = (), installed: bool = True) -> None:
        address = address or os.environ.get("RAY_ADDRESS", "")
        if address not in ("", "auto", "local"):
            check_answers(address)
        self._ray = _import()
        self._folder = tempfile.TemporaryDirectory(prefix="sftlint-")
        try:
            modules = ship(Path(self._folder.name), folders, installed)
            _connect(self._ray, address, jobs, modules)
            _check_nodes(self._ray)
            total = int(self._ray.cluster_resources().get("CPU", 1))
        except BaseException:
            self.close()
            raise
        self.jobs = jobs or max(total, 1)
        self._window = jobs or WINDOW * self.jobs
        self._setups: list[tuple[Setup, Any]] = []
        task = self._ray.remote(max_retries=RETRIES)
        self._work, self._merged, self._cut = task(_work), task(_merged), task(_cut)

    def map(self, task: Task[T, R], items: Iterable[T], shared: Any) -> Iterator[R]:
        share = self._share(shared)
        kept = summarising(shared) if task is judge else ()
        work = self._work.options(num_returns=1 + len(kept), max_retries=RETRIES, scheduling_strategy="SPREAD")
        waiting: deque[tuple[list[T], list[Any]]] = deque()
        for lot in _lots(items, self.jobs):
            refs = work.remote(task, share, lot, kept)
            waiting.append((lot, refs if kept else [refs]))
            if len(waiting) >= self._window:
                yield from self._landed(*waiting.popleft(), kept)
        while waiting:
            yield from self._landed(*waiting.popleft(), kept)

    def _landed(self, lot: list[T], refs: list[Any], kept: Sequence[str]) -> list[Any]:
        results, kinds, node = self._fetch(refs[0], lot[0])
        for name, ref in zip(kept, refs[1:], strict=True):
            if name in kinds:
                results[0].summaries[name] = Held(ref, kinds[name], node)
        return list(results)

    def merge(self, kind: Any, parts: Sequence[Any]) -> Any:
        """One summary from many. Those on the nodes are merged there first, a few at a time.

        A summary may be so large that the driver should not hold it whole. If its class can cut it into parts that have
        nothing to do with each other, `shards(count) -> list[Self]`, as records cut by their key, then each shard is
        merged by itself, and what `needed() -> Self` leaves out of a whole shard never leaves the nodes.
        """
        if kind is not Held:
            return kind.merge(parts)
        kind = parts[0].kind
        refs = [part.ref for part in sorted(parts, key=lambda part: part.node)]  # those of one machine together
        if hasattr(kind, "shards"):
            count = min(self.jobs, FAN)
            cut = self._cut.options(num_returns=count)
            rows = [cut.remote(count, *few) if count > 1 else [cut.remote(count, *few)] for few in _few(refs, FAN)]
            refs = [self._merged.remote(True, *column) for column in zip(*rows, strict=True)]
            return kind.merge([self._fetch(ref) for ref in refs])
        while len(refs) > 1:
            refs = [self._merged.remote(False, *few) for few in _few(refs, FAN)]
        return self._fetch(refs[0])

    def _fetch(self, ref: Any, item: Any = None) -> Any:
        failures = self._ray.exceptions
        try:
            return _unpacked(self._ray.get(ref))
        except failures.RayTaskError as problem:
            raise problem.cause from None
        except failures.RuntimeEnvSetupError as problem:
            why = _line(problem)
            raise Error(f"the cluster cannot set up workers: {why}", zh=f"集群无法准备工作进程：{why}") from None
        except failures.RayError:
            raise _died(item) from None

    def _share(self, shared: Any) -> Share:
        """*shared* as a task's argument. What is large in it, a Setup, is put into the cluster once and for all maps."""
        out = io.BytesIO()
        refs: dict[int, Any] = {}

        def put(thing: Any) -> int | None:
            if type(thing) is not Setup:
                return None
            known = next((ref for setup, ref in self._setups if setup is thing), None)
            if known is None:
                known = self._ray.put(_packed(thing))
                self._setups = [*self._setups[-3:], (thing, known)]
            refs[len(refs)] = known
            return len(refs) - 1

        pickler = pickle.Pickler(out, 5)
        pickler.persistent_id = put  # type: ignore[method-assign]
        pickler.dump(shared)
        return Share(out.getvalue(), refs, os.getcwd())

    def close(self) -> None:
        self._ray.shutdown()
        self._folder.cleanup()


class Share(NamedTuple):
    """What all items of a map share: a pickle, what it names by number, and the driver's working folder."""

    pickled: bytes
    refs: dict[int, Any]
    folder: str


class Held(NamedTuple):
    """A summary on the node that made it."""

    ref: Any
    kind: Any
    node: str


def summarising(setup: Setup) -> tuple[str, ...]:
    """The names of the rules that summarise."""
    return tuple(rule.name for rule in setup.rules if type(rule).summarise is not Rule.summarise)


def _lots(items: Iterable[T], jobs: int) -> Iterator[list[T]]:
    """*items* in lots, small at first so that all have work when there are few."""
    rest, done = iter(items), 0
    while lot := list(islice(rest, max(1, min(LOT, done // (2 * jobs))))):
        done += len(lot)
        yield lot


def _few(refs: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (refs[at : at + size] for at in range(0, len(refs), size))


# --- in the workers ---------------------------------------------------------------------------------------------------


def _packed(value: Any) -> NDArray[np.uint8]:
    """A pickle of our own: what is read from Ray's shared memory would be arrays that cannot be written to."""
    return np.frombuffer(pickle.dumps(value, 5), np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> Any:
    return pickle.loads(packed.data)  # noqa: S301 - pickled by this run


def _work(task: Task[T, R], share: Share, lot: list[T], kept: Sequence[str]) -> Any:
    """What *task* makes of a lot, and apart from it a summary of each rule of *kept*."""
    import ray

    _arrive(share.folder)
    unpickler = pickle.Unpickler(io.BytesIO(share.pickled))  # noqa: S301 - pickled by this run
    unpickler.persistent_load = lambda number: _setup(share.refs[number])  # type: ignore[method-assign]
    shared = unpickler.load()
    with _no_collection():
        results: list[Any] = [task(shared, item) for item in lot]
        summaries = []
        for name in kept:
            parts = [part for result in results if (part := result.summaries.pop(name, None)) is not None]
            summaries.append(type(parts[0]).merge(parts) if parts else None)
    kinds = {name: type(summary) for name, summary in zip(kept, summaries, strict=True) if summary is not None}
    packed = _packed((results, kinds, ray.get_runtime_context().get_node_id()))
    return (packed, *map(_packed, summaries)) if kept else packed


_setups: dict[str, Setup] = {}  # the latest, with their rules made and their patterns compiled


def _setup(ref: Any) -> Setup:
    import ray

    if ref.hex() not in _setups:
        while len(_setups) > 3:
            _setups.pop(next(iter(_setups)))
        _setups[ref.hex()] = _unpacked(ray.get(ref))
    return _setups[ref.hex()]


def _merged(last: bool, *parts: NDArray[np.uint8]) -> Any:
    _arrive()
    summaries = [_unpacked(part) for part in parts]
    summary = type(summaries[0]).merge(summaries)
    return _packed(summary.needed() if last else summary)


def _cut(count: int, *parts: NDArray[np.uint8]) -> Any:
    """The summaries merged and cut into *count* shards."""
    _arrive()
    summaries = [_unpacked(part) for part in parts]
    packed = [_packed(shard) for shard in type(summaries[0]).merge(summaries).shards(count)]
    return packed if count > 1 else packed[0]


def _arrive(folder: str = "") -> None:
    """Stand where the driver stands, as far as this machine has the folder, and find the folders of rules."""
    if folder:
        with contextlib.suppress(OSError):
            os.chdir(folder)
    if not registry.moved and find_spec(SHIPPED):
        import sftlint_shipped

        home = Path(sftlint_shipped.__file__).parent
        for given, (resolved, name) in sftlint_shipped.FOLDERS.items():
            registry.moved[given] = (Path(resolved), home / name)
            registry.load_folder(given)  # what a task is given may be of a class that stands there


# --- the way there ----------------------------------------------------------------------------------------------------


def check_answers(address: str, patience: float = PATIENCE) -> None:
    """Refuse an address where nothing answers as Ray does, in *patience* seconds. Ray itself takes minutes to say so.

    Raises:
        Error: it is no address, nobody listens there, or something else than Ray.
    """
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536 or not host:
        raise Error(
            f"--ray-address: {address!r} is no address, as in 10.0.0.1:6379 or ray://10.0.0.1:10001",
            zh=f"--ray-address：{address!r} 不是地址，例如 10.0.0.1:6379 或 ray://10.0.0.1:10001",
        )
    said: list[str] = []
    call = threading.Thread(target=lambda: said.append(_greet(host.strip("[]"), int(port), patience)), daemon=True)
    call.start()
    call.join(patience)  # the name of a machine may take longer to look up than any timeout of a socket
    problem = said[0] if said else "no answer"
    if problem:
        why = Phrase(problem, _ANSWERS.get(problem, problem))
        raise Error(
            f"--ray-address: no Ray cluster answers at {address} ({why.en}); check the address and `ray status` there",
            zh=f"--ray-address：{address} 没有 Ray 集群应答（{why.zh}）；请检查地址，并在该机器上运行 `ray status`",
        )


_ANSWERS = {"no answer": "无应答", "something else listens there": "监听该端口的是其他程序"}


def _greet(host: str, port: int, patience: float) -> str:
    """Why what listens there is no gRPC server; empty if it is one.

    It is asked by HTTP/2 (RFC 9113) for a method that does not exist. gRPC answers that with the status 200, and says in
    other headers that there is no such method; a web server or a proxy answers with another status, or not at all.
    """
    try:
        with socket.create_connection((host, port), patience) as there, there.makefile("rb") as answer:
            if os.environ.get("RAY_USE_TLS", "0") not in ("", "0"):
                return ""  # it would want to see a certificate first
            there.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(4) + _frame(1, 5, 1, _QUESTION))
            for frame in range(8):  # settings come first, and other things may before the headers
                head = answer.read(9)
                kind = head[3:4]
                if not kind or (kind != b"\4" and not frame):
                    break
                held = answer.read(int.from_bytes(head[:3]))
                if kind == b"\1":
                    return "" if held.lstrip(bytes(range(0x20, 0x40)))[:1] == b"\x88" else "something else listens there"
    except OSError as problem:
        return problem.strerror or "no answer"
    return "something else listens there"


def _frame(kind: int, flags: int = 0, stream: int = 0, held: bytes = b"") -> bytes:
    return len(held).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + held


def _named(name: bytes, value: bytes) -> bytes:
    return name + bytes([len(value)]) + value


#: Headers, packed as RFC 7541 has it: POST, http, path, host, content type, and that trailers are welcome.
_QUESTION = b"\x83\x86" + b"".join(
    [
        _named(b"\x04", b"/sftlint/hello"), _named(b"\x01", b"ray"), _named(b"\x0f\x10", b"application/grpc"),
        _named(b"\x00\x02te", b"trailers"),
    ]
)  # fmt: skip


def _import() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # asks, and sends
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # warns
    try:
        import ray
    except ImportError:
        raise Error(
            "--engine ray: Ray is not installed; run: pip install 'sftlint[ray]'",
            zh="--engine ray：没有安装 Ray；请运行：pip install 'sftlint[ray]'",
        ) from None
    return ray


def _connect(ray: Any, address: str, jobs: int, modules: list[str]) -> None:
    if ray.is_initialized():
        raise Error("Ray is connected already; call ray.shutdown() before sftlint connects")
    wanted: dict[str, Any] = {"address": address or None, "runtime_env": {"py_modules": modules}, "log_to_driver": False}
    if not address.startswith("ray://"):
        wanted |= {"include_dashboard": False, "configure_logging": True, "logging_level": logging.CRITICAL}
    # What goes wrong in the cluster is printed to standard output, in the middle of a report, whatever log_to_driver says.
    import_module("ray._private.worker").print_to_stdstream = lambda *_, **__: None  # type: ignore[attr-defined]
    logging.getLogger("ray").setLevel(logging.CRITICAL)
    before = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(**wanted)
    except (ConnectionError, RuntimeError, ValueError, ImportError, OSError, ray.exceptions.RayError) as problem:
        why = _line(problem)
        raise Error(
            f"--engine ray: cannot connect to {address or 'a cluster of this machine'}: {why}",
            zh=f"--engine ray：无法连接{f' {address}' if address else '本机的集群'}：{why}",
        ) from None
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)  # Ray's handler prints a trace of its own


def _check_nodes(ray: Any) -> None:
    """Refuse machines that would find something else than this one.

    Raises:
        Error: a machine has another Python or sftlint, lacks a library, or starts no worker.
    """
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    look, own = _looker(), versions()
    nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    asked = [
        ray.remote(num_cpus=0)(look).options(scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False))
        for node in nodes
    ]
    refs = [one.remote() for one in asked]
    ready, _ = ray.wait(refs, num_returns=len(refs), timeout=START) if refs else ([], [])
    for node, ref in zip(nodes, refs, strict=True):
        name = node["NodeManagerAddress"]
        if ref not in ready:
            raise Error(
                f"node {name} of the cluster started no worker in {START:.0f} seconds; see `ray status` there",
                zh=f"集群节点 {name} 在 {START:.0f} 秒内没有启动工作进程；请在该节点运行 `ray status` 查看",
            )
        try:
            there = ray.get(ref)
        except ray.exceptions.RayError as problem:
            why = _line(problem)
            raise Error(
                f"node {name} of the cluster cannot start a worker: {why}", zh=f"集群节点 {name} 无法启动工作进程：{why}"
            ) from None
        for what, here in own.items():
            if there.get(what) not in (here, None):
                raise Error(
                    f"node {name} of the cluster has {what} {there[what]}, and this machine {here}; use the same on both",
                    zh=f"集群节点 {name} 的 {what} 是 {there[what]}，本机是 {here}；请使用相同的版本",
                )
        if "missing" in there:
            raise Error(
                f"node {name} of the cluster: {there['missing']}; install sftlint[ray] on every node",
                zh=f"集群节点 {name}：{there['missing']}；请在每个节点安装 sftlint[ray]",
            )


def versions() -> dict[str, str]:
    """What must be the same on all machines."""
    return {"Python": ".".join(platform.python_version_tuple()[:2]), "sftlint": sftlint.__version__}


def _looker() -> Callable[[], dict[str, str]]:
    """A task that tells the versions of its machine. It travels as code, for sftlint may not be importable there."""

    def look() -> dict[str, str]:
        import platform

        found = {"Python": ".".join(platform.python_version_tuple()[:2])}
        try:
            import sftlint.ray_engine

            return sftlint.ray_engine.versions()
        except ImportError as problem:
            return found | {"missing": str(problem)}

    return look


def ship(stage: Path, folders: Sequence[str], installed: bool) -> list[str]:
    """Folders for `py_modules`, copied to *stage*: sftlint with its rules, folders of rules, installed packs."""
    _copy(Path(sftlint.__file__).parent, stage / "sftlint")
    _copy(import_module(registry.BUILT_IN).__path__[0], stage / "sftlint/rules")
    for number, folder in enumerate(folders):
        _copy(Path(folder).resolve(), stage / SHIPPED / str(number))
    (stage / SHIPPED).mkdir(exist_ok=True)
    places = {folder: (str(Path(folder).resolve()), str(number)) for number, folder in enumerate(folders)}
    (stage / SHIPPED / "__init__.py").write_text(f"FOLDERS = {places!r}\n", "utf-8")
    modules = [stage / "sftlint", stage / SHIPPED]
    packs = sorted(entry_points(group=registry.GROUP), key=lambda entry: entry.name) if installed else []
    for top in sorted({entry.module.split(".")[0] for entry in packs} - {"sftlint"}):
        if (spec := find_spec(top)) and spec.origin:
            home = Path(spec.origin)
            modules.append(home.parent if home.name == "__init__.py" else home)
    if packs:  # a distribution that names them all, since entry points are how packs are found
        named = stage / f"{SHIPPED}-0.dist-info"
        named.mkdir()
        (named / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {SHIPPED}\nVersion: 0\n", "utf-8")
        lines = "".join(f"{entry.name} = {entry.value}\n" for entry in packs)
        (named / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{lines}", "utf-8")
        modules.append(named)
    return list(map(str, modules))


def _copy(source: Path | str, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"), dirs_exist_ok=True)


def _line(problem: BaseException) -> str:
    """A message on one line."""
    return " ".join(str(problem).split())[:300]
