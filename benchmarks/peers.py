"""How many times as long as sftlint do others take, on the same records?

    python benchmarks/peers.py                      20,000 records, three rounds, a Markdown table
    python benchmarks/peers.py --records 2000       quicker
    python benchmarks/peers.py --only rensa dingo   some of them

Each tool runs as its documentation shows, in an environment of its own below benchmarks/.peers, which is made at the first
run (about 2 GB from PyPI). All of a round is measured in turn, each in a fresh process, in CPU seconds of the process and
its children, without start-up and imports; what is printed are medians of the rounds' ratios. A near-duplicate finder gets
each record as one text; dingo judges the answers.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
RECORDS, ROUNDS, TIMEOUT = 20_000, 3, 3600
PERMUTATIONS, THRESHOLD, GRAM = 128, 0.7, 5
Work = Callable[[], str]


def parsing(data: Data) -> Work:
    import orjson

    def work() -> str:
        with open(data.records, "rb") as stream:
            for line in stream:
                orjson.loads(line)
        return ""

    return work


def linting(select: str, data: Data) -> Work:
    sys.path.insert(0, str(HERE.parent))  # this checkout, installed or not
    from sftlint import reporters, source
    from sftlint.config import Config
    from sftlint.lint import lint
    from sftlint.report import Report

    def work() -> str:
        result = lint(source.collect([data.records]), Config(packs=False, select=(select,)))
        reporters.writer("text")(Report(result), io.StringIO())
        return f"{len(result.findings):,} findings of {len(result.setup.rules)} rules"

    return work


def datasketch_loop(data: Data) -> Work:
    from datasketch import MinHash, MinHashLSH

    def work() -> str:
        index, found = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS), 0
        for number, text in enumerate(data.each("text")):
            signature = MinHash(num_perm=PERMUTATIONS)
            signature.update_batch([gram.encode() for gram in grams(text)])
            found += bool(index.query(signature))
            index.insert(str(number), signature)
        return f"{found:,} near-duplicates"

    return work


def rensa(data: Data) -> Work:
    from rensa import RMinHash, RMinHashLSH

    def work() -> str:
        matrix = RMinHash.digest_matrix_from_token_sets(list(map(grams, data.each("text"))), PERMUTATIONS, 42)
        index = RMinHashLSH(THRESHOLD, PERMUTATIONS, 16)
        return f"{sum(index.query_duplicate_flags_matrix_one_shot(matrix)):,} near-duplicates"

    return work


def datatrove(data: Data) -> Work:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import minhash
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers.jsonl import JsonlWriter
    from datatrove.utils.logging import logger

    logger.remove()

    def work() -> str:
        with tempfile.TemporaryDirectory() as folder:
            config = minhash.MinhashConfig()
            signatures, buckets, clusters, kept = (f"{folder}/{name}" for name in ("signatures", "buckets", "clusters", "kept"))
            reader = JsonlReader(os.path.dirname(data.texts), glob_pattern=os.path.basename(data.texts))
            stages: list[tuple[int, list[Any]]] = [
                (1, [reader, minhash.MinhashDedupSignature(signatures, config=config)]),
                (config.num_buckets, [minhash.MinhashDedupBuckets(signatures, buckets, config=config)]),
                (1, [minhash.MinhashDedupCluster(buckets, clusters, config=config)]),
                (1, [reader, minhash.MinhashDedupFilter(clusters), JsonlWriter(kept, compression=None)]),
            ]
            for tasks, pipeline in stages:
                LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=f"{folder}/{len(os.listdir(folder))}").run()
            left = sum(file.read_bytes().count(b"\n") for file in Path(kept).iterdir())
        return f"{data.count - left:,} near-duplicates"

    return work


def data_juicer(data: Data) -> Work:
    from data_juicer.core.data import NestedDataset
    from data_juicer.ops.deduplicator.document_minhash_deduplicator import DocumentMinhashDeduplicator
    from datasets import disable_caching

    disable_caching()

    def work() -> str:
        op = DocumentMinhashDeduplicator("character", GRAM, num_permutations=PERMUTATIONS, jaccard_threshold=THRESHOLD)
        dataset = NestedDataset.from_list([{"text": text} for text in data.each("text")])
        kept, _ = op.process(dataset.map(op.compute_hash))
        return f"{data.count - len(kept):,} near-duplicates"

    return work


def dingo(data: Data) -> Work:
    from dingo.config import InputArgs
    from dingo.exec import Executor
    from dingo.model import Model

    Model.load_model()
    rules = [{"name": rule.__name__} for rule in Model.rule_groups["sft"]]
    how = {"dataset": {"source": "local", "format": "jsonl"}, "executor": {"max_workers": 1, "batch_size": 100}}
    what = [{"fields": {"content": "target"}, "evals": rules}]

    def work() -> str:
        with tempfile.TemporaryDirectory() as folder:
            given = InputArgs(input_path=data.texts, output_path=folder, evaluator=what, **how)
            summary = Executor.exec_map["local"](given).execute()
        return f"{summary.num_bad:,} bad records by {len(rules)} rules"

    return work


def grams(text: str) -> set[str]:
    return {text[at : at + GRAM] for at in range(max(len(text) - GRAM + 1, 1))}


class Contestant(NamedTuple):
    """What is measured, and what pip installs for it into an environment of its own."""

    label: str
    prepare: Callable[[Data], Work]
    install: tuple[str, ...] = ()


CONTESTANTS = {
    "parsing": Contestant("parsing alone (orjson)", parsing),
    "near": Contestant("**sftlint**, `near-duplicate`", partial(linting, "near-duplicate")),
    "all": Contestant("**sftlint**, all rules", partial(linting, "all")),
    "datasketch": Contestant("datasketch, MinHash and LSH in a loop", datasketch_loop, ("datasketch",)),
    "rensa": Contestant("rensa, RMinHash and LSH, by the matrix", rensa, ("rensa",)),
    "datatrove": Contestant("datatrove, minhash pipeline", datatrove, ("datatrove[processing]", "orjson", "spacy")),
    "data-juicer": Contestant("data-juicer, document minhash", data_juicer, ("py-data-juicer", "aiohttp")),
    "dingo": Contestant("dingo, rules of its group sft", dingo, ("dingo-python",)),
}


class Data(NamedTuple):
    """The same records twice: as sftlint reads them, and as one text each with its answer."""

    records: str
    texts: str
    count: int

    def each(self, key: str) -> Iterable[str]:
        with open(self.texts, "rb") as stream:
            for line in stream:
                yield json.loads(line)[key]


def made(count: int, folder: str) -> Data:
    """*count* records of the corpus that are JSON and have turns and an answer, written to *folder*."""
    import corpus

    data, held = Data(f"{folder}/records.jsonl", f"{folder}/texts.jsonl", count), 0
    with open(data.records, "wb") as records, open(data.texts, "wb") as texts:
        lines = corpus.lines()
        while held < count:
            line = next(lines)
            with contextlib.suppress(ValueError, KeyError, TypeError):
                value = json.loads(line)
                text = {"id": str(held), "text": "\n".join([*value["context"], value["target"]]), "target": value["target"]}
                texts.write(json.dumps(text, ensure_ascii=False).encode() + b"\n")
                records.write(line + b"\n")
                held += 1
    return data


def one(name: str, data: Data) -> None:
    """Measure a contestant in this process; print what came of it."""
    work, install = CONTESTANTS[name].prepare(data), CONTESTANTS[name].install
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        before = spent()
        found = work()
        cpu = spent() - before
    print(json.dumps({"cpu": cpu, "found": found, "version": version(install[0].split("[")[0]) if install else ""}))


def spent() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return time.process_time() + sum(os.times()[2:4])


def python_of(name: str) -> str:
    """The Python that has the contestant, made if there is none. CalledProcessError if pip cannot install it."""
    if not (install := CONTESTANTS[name].install):
        return sys.executable
    recipe = repr((install, sys.version))
    home = HERE / ".peers" / f"{name}-{hashlib.sha256(recipe.encode()).hexdigest()[:6]}"
    if not (home / "ready").exists():
        print(f"installing {' '.join(install)}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True, capture_output=True)
        pip = [home / "bin/python", "-m", "pip", "install", "--quiet", *install]
        subprocess.run(pip, check=True, capture_output=True, timeout=TIMEOUT)
        (home / "ready").touch()
    return str(home / "bin/python")


def measure(name: str, data: Data) -> dict[str, Any] | str:
    """What `one` prints, or why it does not."""
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    try:
        command = [python_of(name), __file__, "--one", name, "--data", json.dumps(data)]
        done = subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT, env=clean)
        measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except subprocess.CalledProcessError as problem:
        said = problem.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {problem.returncode}"]
        return f"does not {'install' if 'pip' in problem.cmd else 'run'}: {said[-1][:90]}"
    except subprocess.TimeoutExpired:
        return f"takes more than {TIMEOUT:,} s"
    return measured


def table(rounds: list[dict[str, Any]], names: list[str], count: int) -> Iterable[str]:
    """The lines of the table. Ratios are medians of those of each round."""

    def ratio(name: str, other: str) -> str:
        if any(isinstance(turn[other], str) for turn in rounds):
            return ""
        return f"{median(turn[name]['cpu'] / turn[other]['cpu'] for turn in rounds):,.1f}"

    yield f"| {count:,} records | version | CPU | records/s | / parsing | / `near-duplicate` | / all rules | found |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for name in names:
        label, turns = CONTESTANTS[name].label, [turn[name] for turn in rounds]
        if failed := [turn for turn in turns if isinstance(turn, str)]:
            yield f"| {label} | | | | | | | {failed[0]} |"
            continue
        cpu, last = median(turn["cpu"] for turn in turns), turns[-1]
        ratios = " | ".join(ratio(name, other) for other in ("parsing", "near", "all"))
        yield f"| {label} | {last['version']} | {cpu:.2f} s | {count / cpu:,.0f} | {ratios} | {last['found']} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=RECORDS, help="records (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="measurements of each (default %(default)s)")
    parser.add_argument("--only", nargs="+", choices=list(CONTESTANTS), default=[], help="measure these beside sftlint")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        sys.exit(one(given.one, Data(*json.loads(given.data))))  # type: ignore[func-returns-value]
    names = [name for name, one in CONTESTANTS.items() if not given.only or not one.install or name in given.only]
    rounds: list[dict[str, Any]] = [{} for _ in range(given.rounds)]
    with tempfile.TemporaryDirectory(prefix="sftlint-peers-") as folder:
        data = made(given.records, folder)
        for turn, measured in enumerate(rounds, 1):
            for name in names:
                measured[name] = measure(name, data)
                print(f"round {turn}: {name}: {measured[name]}", file=sys.stderr, flush=True)
    print("\n".join(table(rounds, names, given.records)))
    command = f"python benchmarks/peers.py --records {given.records} --rounds {given.rounds}"
    print(f"\n`{command}`, Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
