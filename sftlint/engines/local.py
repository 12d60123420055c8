"""Where the work happens: this process, or this machine's processors."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from sftlint.errors import Error
from sftlint.memory import keep_memory

ENOUGH = 8 << 20  # bytes that are worth a process of their own
SHARES = 4  # things that items shared, kept in a worker: a run goes back to its latest Setups

T = TypeVar("T")
R = TypeVar("R")
Task = Callable[[Any, T], R]
"""A task takes what all its items share, and an item. It is a function of a module, since workers import it."""


class Engine(Protocol):
    """Two verbs are all a linter needs of its machines."""

    jobs: int
    """How many tasks run at a time."""

    def map(self, task: Task[T, R], items: Iterable[T], shared: Any) -> Iterator[R]:
        """What *task* makes of each item, in the order of the items. *shared* reaches each worker once."""

    def merge(self, kind: Any, parts: Sequence[Any]) -> Any:
        """One summary from many, by `kind.merge`."""

    def close(self) -> None:
        """Let the machines go. Nothing may be asked of the engine afterwards."""


class Serial:
    """Everything in this process."""

    jobs = 1

    def map(self, task: Task[T, R], items: Iterable[T], shared: Any) -> Iterator[R]:
        with no_collection():
            for item in items:
                yield task(shared, item)

    def merge(self, kind: Any, parts: Sequence[Any]) -> Any:
        return kind.merge(parts)

    def close(self) -> None:
        pass


class Processes(Serial):
    """One pool of processes for the whole run, fed a window of items so that memory stays bounded."""

    WINDOW = 3  # items per worker that are on their way

    def __init__(self, jobs: int, start_method: str | None = None) -> None:
        self.jobs = jobs
        self._pool = ProcessPoolExecutor(jobs, multiprocessing.get_context(start_method), _begin)
        self._folder = tempfile.TemporaryDirectory(prefix="sftlint-")
        self._shares = 0

    def map(self, task: Task[T, R], items: Iterable[T], shared: Any) -> Iterator[R]:
        self._shares += 1
        path = os.path.join(self._folder.name, f"{self._shares}.pickle")
        with open(path, "wb") as stream:
            pickle.dump(shared, stream)
        waiting: deque[tuple[T, Future[R]]] = deque()
        try:
            for item in items:
                waiting.append((item, self._pool.submit(_work, task, path, item)))
                if len(waiting) >= self.WINDOW * self.jobs:
                    yield self._landed(*waiting.popleft())
            while waiting:
                yield self._landed(*waiting.popleft())
        except BrokenProcessPool:
            raise died(items) from None

    def _landed(self, item: T, future: Future[R]) -> R:
        try:
            return future.result()
        except BrokenProcessPool:
            raise died(item) from None

    def close(self) -> None:
        # Waited for, the pool's thread ends before the interpreter tells it to, which is a race with noise on standard error.
        # Where a run breaks off nobody waits.
        self._pool.shutdown(wait=sys.exc_info()[0] is None, cancel_futures=True)
        self._folder.cleanup()


def died(item: Any) -> Error:
    """What is said of a worker that died over *item*."""
    from sftlint.source import WHOLE, Chunk, span

    if isinstance(item, tuple) and item and isinstance(item[0], Chunk):
        item = item[0]
    where = span(item) if isinstance(item, Chunk) else WHOLE
    return Error(
        f"a worker process died at {where.en}, perhaps for want of memory; try again with --jobs 1",
        zh=f"工作进程在处理{where.zh}时异常退出，可能是内存不足；请用 --jobs 1 重试",
    )


_shares: dict[str, Any] = {}  # what the latest calls of `map` share, by file


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    keep_memory()


def _work(task: Task[T, R], path: str, item: T) -> R:
    if path not in _shares:
        while len(_shares) >= SHARES:
            _shares.pop(next(iter(_shares)))
        with open(path, "rb") as stream:
            _shares[path] = pickle.load(stream)  # noqa: S301 - written by the parent process
    with no_collection():
        return task(_shares[path], item)


@contextmanager
def no_collection() -> Iterator[None]:
    """Without the cyclic collector: a batch makes a hundred thousand objects and no cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def for_size(size: int, jobs: int) -> Engine:
    """The engine for *size* bytes: small input stays in one process. *jobs* 0 means one per processor."""
    wanted = jobs or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))
    if not jobs:
        wanted = min(wanted, size // ENOUGH)
    return Processes(wanted) if wanted > 1 else Serial()
