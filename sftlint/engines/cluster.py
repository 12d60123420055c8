"""The way to a Ray cluster: whether an address answers, what is shipped to its machines, and whether they fit."""

from __future__ import annotations

import logging
import os
import platform
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sftlint
from sftlint import registry
from sftlint.errors import Error
from sftlint.phrase import Phrase

PATIENCE = 1.5  # seconds that an address has to answer
START = 120.0  # seconds that a machine has to start its first worker
SHIPPED = "sftlint_shipped"  # the module that brings folders of rules to the workers


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


def imported() -> Any:
    """The module `ray`, told to send nothing home.

    Raises:
        Error: it is not installed.
    """
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


def connect(ray: Any, address: str, modules: list[str]) -> None:
    """Connect to the cluster at *address*, or start one; *modules* (see `ship`) reach its workers.

    Raises:
        Error: something is connected already, or the connection fails.
    """
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
        why = on_one_line(problem)
        raise Error(
            f"--engine ray: cannot connect to {address or 'a cluster of this machine'}: {why}",
            zh=f"--engine ray：无法连接{f' {address}' if address else '本机的集群'}：{why}",
        ) from None
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)  # Ray's handler prints a trace of its own


def check_nodes(ray: Any) -> None:
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
            why = on_one_line(problem)
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
            import sftlint.engines.cluster

            return sftlint.engines.cluster.versions()
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


def on_one_line(problem: BaseException) -> str:
    """A message on one line."""
    return " ".join(str(problem).split())[:300]
