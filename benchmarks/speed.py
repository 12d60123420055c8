"""How many times as long as parsing alone does linting take?

    python benchmarks/speed.py                    100,000 records of our own making
    python benchmarks/speed.py --data FILE...     your own
    python benchmarks/speed.py --size 1GB         memory and time of a large file
    python benchmarks/speed.py --per-rule         what each rule costs
    python benchmarks/speed.py --ignore near-duplicate diversity     without some rules or categories

The limit is `for line in open(path, "rb"): orjson.loads(line)`. Both are measured in fresh processes, in turns (A B A B),
in CPU seconds, without start-up; what is printed are medians. Wall-clock time of two processes against one, and the
highest memory of any process, are measured besides.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import corpus
import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # this checkout is measured, installed or not

RECORDS, ROUNDS, JOBS = 100_000, 5, 2
WIDTH = 32  # of a table's first column
UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}


# --- one measurement, in a process of its own -------------------------------------------------------------------------


def parse_only(paths: Sequence[str]) -> int:
    """The limit: read every line as JSON, and do nothing with it."""
    for path in paths:
        with open(path, "rb") as stream:
            for line in stream:
                try:  # noqa: SIM105 - suppress() would make the limit slower
                    orjson.loads(line)
                except ValueError:
                    pass  # the corpus has some lines that are no JSON
    return 0


def linted(paths: Sequence[str], jobs: int, ignored: Sequence[str]) -> int:
    """Everything that `sftlint check` does, from the paths to the report."""
    from sftlint import engines, reporters, source
    from sftlint.config import Config
    from sftlint.lint import lint
    from sftlint.report import Report

    collected = source.collect(paths)
    engine = engines.for_size(sum(file.size for file in collected.files), jobs)
    result = lint(collected, Config(packs=False, ignore=tuple(ignored)), engine)
    reporters.writer("text")(Report(result), io.StringIO())
    workers = [peak(child.pid) for child in multiprocessing.active_children()]
    engine.close()
    for child in multiprocessing.active_children():
        child.join()
    _workers.extend(workers)
    return sum(counts.records + counts.rejected for counts in result.counts)


_workers: list[int] = []
_ignored: list[str] = []
_costs: dict[str, float] = {}
SHARED = "(columns, scan for all patterns)"


def time_rules() -> None:
    """Make every rule note the CPU seconds it takes, and apart from them what the first rule that asks pays for all."""
    from sftlint import registry
    from sftlint.rule import Rule

    def timed(name: str, method: Callable[..., Any], patterns: Sequence[Any]) -> Callable[..., Any]:
        def call(self: Any, given: Any, *more: Any) -> Any:
            begun = time.process_time()
            if not more:  # a batch
                _ = given.sound, given.texts.encoded, [next(iter(given.texts.holding(p)), None) for p in patterns]
            ready = time.process_time()
            found = method(self, given, *more)
            if isinstance(found, Iterator):
                found = list(found)
            done = time.process_time()
            _costs[SHARED] = _costs.get(SHARED, 0.0) + ready - begun
            _costs[name] = _costs.get(name, 0.0) + done - ready
            return found

        return call

    for rule in registry.packs((), False).values():
        for name in ("check", "summarise", "finish"):
            if getattr(rule, name) is not getattr(Rule, name):
                setattr(rule, name, timed(rule.name, getattr(rule, name), list(rule.patterns())))


def peak(pid: int | str | None = "self") -> int:
    """The most memory the process ever held, in bytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError):  # not Linux, or ended
        return resource.getrusage(resource.RUSAGE_SELF if pid == "self" else resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def one(order: dict[str, Any]) -> dict[str, Any]:
    """Do what *order* says, and measure it."""
    import sftlint.commands.check  # noqa: F401 - start-up is not measured

    paths = order["paths"]
    work: Callable[[], int]
    if order["what"] == "limit":
        work = lambda: parse_only(paths)  # noqa: E731
    else:
        if order["timed"]:
            time_rules()
        work = lambda: linted(paths, order["jobs"], order["ignored"])  # noqa: E731
    wall, cpu = time.perf_counter(), time.process_time()
    records = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "records": records, "wall": wall, "cpu": cpu + children.ru_utime + children.ru_stime,
        "peak": peak(), "workers": max(_workers, default=0), "costs": _costs,
    }  # fmt: skip


def run(what: str, paths: Sequence[str], jobs: int = 1, *, timed: bool = False) -> dict[str, Any]:
    """One measurement in a fresh process."""
    order = {"what": what, "paths": list(paths), "jobs": jobs, "timed": timed, "ignored": _ignored}
    done = subprocess.run([sys.executable, __file__, "--one", json.dumps(order)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"measuring {what} failed:\n{done.stderr}")
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


# --- the tables -------------------------------------------------------------------------------------------------------


def compare(paths: Sequence[str], rounds: int, jobs: int) -> dict[str, Any]:
    """Limit, one process, limit again and several processes in turns; the medians."""
    turns = (("before", "limit", 1), ("lint", "lint", 1), ("after", "limit", 1), ("jobs", "lint", jobs))
    runs: dict[str, list[dict[str, Any]]] = {kind: [] for kind, _, _ in turns}
    load = os.getloadavg()[0]
    for turn in range(rounds + 1):
        for kind, what, count in turns:
            measured = run(what, paths, count)
            if turn:  # the first turn warms up the file cache and the processor
                runs[kind].append(measured)
            progress(f"turn {turn} of {rounds}: {what} with {count} {measured['cpu']:.2f} s CPU, {measured['wall']:.2f} s")
    around = zip(runs["before"], runs["lint"], runs["after"], strict=True)
    ratios = [2 * lint["cpu"] / (before["cpu"] + after["cpu"]) for before, lint, after in around]
    faster = [one["wall"] / several["wall"] for one, several in zip(runs["lint"], runs["jobs"], strict=True)]
    runs["limit"] = runs["before"] + runs["after"]
    medians = {kind: {key: median(m[key] for m in held) for key in held[0] if key != "costs"} for kind, held in runs.items()}
    return medians | {"ratio": median(ratios), "ratios": (min(ratios), max(ratios)), "faster": median(faster), "load": load}


def show(paths: Sequence[str], measured: dict[str, Any], jobs: int, rules: int) -> None:
    limit, lint, several = measured["limit"], measured["lint"], measured["jobs"]
    low, high = measured["ratios"]
    records, size = lint["records"], sum(map(os.path.getsize, paths))
    rows = {
        "records": f"{records:,.0f}, {size / 1e6:.1f} MB",
        "rules": f"{rules}",
        "parsing alone": f"{limit['cpu']:.2f} s CPU ({records / limit['cpu']:,.0f} records/s)",
        "linting": f"{lint['cpu']:.2f} s CPU ({records / lint['cpu']:,.0f} records/s)",
        "linting / parsing": f"{measured['ratio']:.1f} ({low:.1f} to {high:.1f})",
        "wall clock, 1 process": f"{lint['wall']:.2f} s",
        f"wall clock, {jobs} processes": f"{several['wall']:.2f} s ({measured['faster']:.2f} times as fast)",
        "peak memory, parsing alone": f"{limit['peak'] / 1e6:.0f} MB",
        "peak memory, 1 process": f"{lint['peak'] / 1e6:.0f} MB",
        f"peak memory, {jobs} processes": f"{several['peak'] / 1e6:.0f} MB, and {several['workers'] / 1e6:.0f} MB each worker",
        "machine": f"{os.cpu_count()} processors, load {measured['load']:.1f} before; Python {platform.python_version()}",
    }
    print(f"| {'':<{WIDTH}} | |\n| --- | --- |")
    for name, value in rows.items():
        print(f"| {name:<{WIDTH}} | {value} |")


def per_rule(paths: Sequence[str], rounds: int) -> None:
    """What each rule costs by itself, and what all share: the columns and the scan for all patterns."""
    limit: float = median(run("limit", paths)["cpu"] for _ in range(rounds))
    runs = [run("lint", paths, timed=True) for _ in range(rounds)]
    costs = {name: median(r["costs"].get(name, 0.0) for r in runs) / limit for name in runs[0]["costs"]}
    rest = median(r["cpu"] for r in runs) / limit - sum(costs.values())
    print(f"| {'cost, in multiples of parsing':<{WIDTH}} | |\n| --- | ---: |")
    for name, cost in (("(reading, learning, report)", rest), *sorted(costs.items(), key=lambda pair: -pair[1])):
        print(f"| {name:<{WIDTH}} | {cost:5.2f} |")


def large(path: str, jobs: int) -> None:
    """Memory and time of one large file."""
    size = os.path.getsize(path)
    print(f"| {size / 1e9:.2f} GB | CPU | wall clock | peak memory | of a worker |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, what, count in (("parsing alone", "limit", 1), ("1 process", "lint", 1), (f"{jobs} processes", "lint", jobs)):
        m = run(what, [path], count)
        print(
            f"| {name} | {m['cpu']:.1f} s | {m['wall']:.1f} s | {m['peak'] / 1e6:.0f} MB | {m['workers'] / 1e6:.0f} MB |",
            flush=True,
        )


def rule_names() -> list[str]:
    from sftlint import registry

    return [rule.name for rule in registry.select(registry.packs((), False), ("all",), _ignored)]


def made(records: int = 0, size: int = 0) -> str:
    """The corpus as a file, made once."""
    version = hashlib.sha256(b"".join(islice(corpus.lines(), 500))).hexdigest()[:8]
    folder = Path(tempfile.gettempdir(), "sftlint-benchmark")
    folder.mkdir(exist_ok=True)
    path = folder / f"{records or size}{'' if records else 'B'}-{version}.jsonl"
    if not path.exists():
        progress(f"making {path}")
        part = f"{path}.part"
        corpus.write(part, records, size)
        os.replace(part, path)
    return str(path)


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def bytes_of(text: str) -> int:
    """1GB, 300MB or a number of bytes."""
    unit = text[-2:].upper()
    return int(float(text[:-2]) * UNITS[unit]) if unit in UNITS else int(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=RECORDS, help="records of the corpus (default %(default)s)")
    parser.add_argument("--data", nargs="+", metavar="PATH", help="files to measure on instead of the corpus")
    parser.add_argument("--size", type=bytes_of, help="check memory and time of one file of this size, as in 1GB")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="measurements of each kind (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=JOBS, help="processes to compare with one (default %(default)s)")
    parser.add_argument("--per-rule", action="store_true", help="what each rule costs, in multiples of parsing")
    parser.add_argument("--ignore", nargs="+", default=[], metavar="NAME", help="rules and categories to leave out")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    _ignored.extend(given.ignore)
    if given.one:
        print(json.dumps(one(json.loads(given.one))))
    elif given.size:
        large(made(size=given.size), given.jobs)
    else:
        paths = given.data or [made(records=given.records)]
        if given.per_rule:
            per_rule(paths, given.rounds)
        else:
            show(paths, compare(paths, given.rounds, given.jobs), given.jobs, len(rule_names()))


if __name__ == "__main__":
    main()
