"""Where the work happens on many machines: Ray.

The same tasks as everywhere. Items travel in lots, so that a task is worth its way; what `judge` summarises stays where it
was made (a second return value, which the driver never fetches), is merged there, and comes to the driver once.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sftlint import registry
from sftlint.engines.cluster import SHIPPED, check_answers, check_nodes, connect, imported, on_one_line, ship
from sftlint.engines.local import SHARES, Serial, Task, died, no_collection
from sftlint.errors import Error
from sftlint.lint import judge
from sftlint.rule import Rule
from sftlint.setup import Setup

LOT = 16  # items of a task, at most: 16 MB of chunks, some tenths of a second
WINDOW = 3  # tasks per processor that are on their way
FAN = 16  # summaries that one task merges
RETRIES = 3  # of a task whose worker or machine dies

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
        self._ray = imported()
        self._folder = tempfile.TemporaryDirectory(prefix="sftlint-")
        try:
            modules = ship(Path(self._folder.name), folders, installed)
            connect(self._ray, address, modules)
            check_nodes(self._ray)
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
            why = on_one_line(problem)
            raise Error(f"the cluster cannot set up workers: {why}", zh=f"集群无法准备工作进程：{why}") from None
        except failures.RayError:
            raise died(item) from None

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
                self._setups = [*self._setups, (thing, known)][-SHARES:]
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
    with no_collection():
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
        while len(_setups) >= SHARES:
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
