"""What do the rules find, and how often are they wrong?

    python benchmarks/detection.py                      into clean records of our own
    python benchmarks/detection.py --data FILE...       into your own context/target records
    python benchmarks/detection.py --labelled FOLDER    against clean.jsonl, defective.jsonl, defective.labels.jsonl
    python benchmarks/detection.py --cuts FILE...       answers cut in sets from one source each

Each kind of defect is planted into 3 % of the records, one kind at a time, and all rules run. *recall* is the share
of spoilt records that the rule reports; *precision* the share of the spoilt ones among those it reports, less those it
reports before anything is planted; *alarms* counts these, per thousand records. A line stands for one kind of
defect, and a rule that is not installed is shown as such.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import clean_text
import orjson
from planting import NOT_MEASURED, PLANS, Plan, cut, prose

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # this checkout is measured, installed or not

from sftlint import registry, source
from sftlint.config import Config
from sftlint.lint import lint

RECORDS, SEED = 1000, 11
LIMIT = 32_768  # tokens of the model, for over-length
OFFSET = (1 << 40) - 1
FILE = -1  # instead of a row: said of the file as a whole
Hits = dict[str, set[int]]
"""For each rule the numbers of the lines that it reports."""


def report(
    lines: Sequence[bytes], evaluation: Sequence[bytes] = (), counted: str = "all", select: tuple[str, ...] = ("all",)
) -> Hits:
    """Lint *lines* with the rules of *select*. *counted* "warning" leaves out notes."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, held in (("train.jsonl", lines), ("eval.jsonl", evaluation)):
            if held:
                paths.append(str(Path(folder, name)))
                Path(paths[-1]).write_bytes(b"\n".join(held) + b"\n")
        result = lint(source.collect(paths), Config(packs=False, max_tokens=LIMIT, select=select))
        number = next(file.number for file in result.collected.files if file.name.endswith("train.jsonl"))
    starts, at = {}, 0
    for row, line in enumerate(lines):
        starts[at] = row
        at += len(line) + 1
    hits: Hits = defaultdict(set)
    files = set()
    for finding in result.raw:
        if counted == "warning" and (finding.severity or result.setup.severity(result.setup.by_name[finding.rule])) == "info":
            continue
        ids = {*finding.hits, *finding.related} | ({finding.place.record} if finding.place else set())
        hits[finding.rule] |= {starts[id & OFFSET] for id in ids if id >> 40 == number and id & OFFSET in starts}
        if not ids:
            files.add(finding.rule)
    for rule in files:
        hits[rule].add(FILE)
    return hits


def plant(plan: Plan, records: Sequence[dict[str, Any]], zh: bool, seed: int) -> tuple[list[bytes], list[set[int]], list[bytes]]:
    """The lines with the defect in them; for each spoilt record the rows of which one must be reported; evaluation lines."""
    r = Random(f"{plan.rule} {plan.what} {seed}")
    held = copy.deepcopy(list(records))
    if plan.whole:
        spoilt = [{row} for row in plan.spoil(held, r, zh)]
        return [orjson.dumps(record) for record in held], spoilt, []
    order = r.sample(range(len(held)), len(held))
    wanted, spoilt, more, evaluation = round(plan.share * len(held)), [], [], []
    lines = [orjson.dumps(record) for record in held]
    for row in order:
        if len(spoilt) == wanted:
            break
        made = plan.spoil(held[row], r, zh)
        if made is False:
            continue
        rows = {row}
        lines[row] = made if isinstance(made, bytes) else orjson.dumps(held[row])
        if isinstance(made, list):
            rows |= set(range(len(lines) + len(more), len(lines) + len(more) + len(made)))
            more += map(orjson.dumps, made)
        if plan.evaluation:
            evaluation.append(orjson.dumps(records[row]))  # as it was before
        spoilt.append(rows)
    return lines + more, spoilt, evaluation


Sets = dict[str, dict[str, list[dict[str, Any]]]]
"""Clean records of each base (see planting.Plan) and language."""


def table(sets: Sets, installed: Sequence[str], seed: int, only: Sequence[str] = ()) -> list[str]:
    """The Markdown table of recall, precision and alarms, per plan and language."""
    langs = list(sets["mixed"])
    rows = [
        "| rule | defect | " + " | ".join(f"{lang}: planted | recall | precision | alarms/1000" for lang in langs) + " |",
        "| --- | --- |" + " ---: |" * (4 * len(langs)),
    ]
    before = {
        (base, lang): report([orjson.dumps(record) for record in held])
        for base, by_lang in sets.items()
        for lang, held in by_lang.items()
    }
    for plan in sorted(PLANS, key=lambda plan: plan.rule):
        if plan.rule not in installed or plan.base not in sets or (only and plan.rule not in only):
            continue
        cells = []
        for lang in langs:
            held, earlier = sets[plan.base][lang], before[plan.base, lang]
            lines, spoilt, evaluation = plant(plan, held, lang == "zh", seed)
            if not spoilt:
                cells.append("0 | | |")
                continue
            hits = report(lines, evaluation)
            accepted = set().union(*(hits.get(rule, set()) for rule in (plan.rule, *plan.also)))
            found = sum(bool(rows_ & accepted) or FILE in accepted for rows_ in spoilt)
            if plan.once and found:
                found = len(spoilt)
            own = hits.get(plan.rule, set()) - earlier.get(plan.rule, set()) - {FILE}
            every = set().union(*spoilt)
            precision = f"{len(own & every) / len(own):.2f}" if own else "-"
            alarms = 1000 * len(earlier.get(plan.rule, set()) - {FILE}) / len(held)
            cells.append(f"{len(spoilt)} | {found / len(spoilt):.2f} | {precision} | {alarms:.1f}")
        rows.append(f"| {plan.rule} | {plan.what} | " + " | ".join(cells) + " |")
    rows += ["", "Not measured:", ""]
    rows += [f"- {why}: {', '.join(sorted(set(rules) & set(installed)))}." for why, rules in NOT_MEASURED.items()]
    missing = set(installed) - {plan.rule for plan in PLANS} - {rule for rules in NOT_MEASURED.values() for rule in rules}
    if missing:
        rows += [f"- no plan yet: {', '.join(sorted(missing))}."]
    for (base, lang), hits in before.items():
        others = Counter({rule: len(found) for rule, found in hits.items() if found})
        said = ", ".join(f"{rule} {count}" for rule, count in others.most_common()) or "nothing"
        rows += ["", f"Before planting ({base}, {lang}, {len(sets[base][lang])} records): {said}."]
    return rows


def read(paths: Sequence[str], limit: int, least: int = 50) -> dict[str, list[dict[str, Any]]]:
    """Up to *limit* context/target records of each language with *least* or more."""
    sets: dict[str, list[dict[str, Any]]] = {"en": [], "zh": []}
    for path in paths:
        for line in Path(path).read_bytes().splitlines():
            try:
                value = orjson.loads(line)
                context, target = value["context"], value["target"]
            except (ValueError, TypeError, KeyError):
                continue
            context = [context] if isinstance(context, str) else context
            texts = [*context, target] if isinstance(context, list) else [None]
            if all(isinstance(text, str) and text.strip() for text in texts) and len(texts) > 1:
                zh = 3 * sum("\u4e00" <= c <= "\u9fff" for c in target) >= len(target)
                sets["zh" if zh else "en"].append({"context": context, "target": target})
    r = Random(SEED)
    return {lang: r.sample(held, min(limit, len(held))) for lang, held in sets.items() if len(held) >= least}


def labelled(folder: Path) -> list[str]:
    """Which of the records labelled as defective are reported, by kind; and the warnings on those labelled as clean."""
    clean = (folder / "clean.jsonl").read_bytes().splitlines()
    bad = (folder / "defective.jsonl").read_bytes().splitlines()
    labels = [json.loads(line) for line in (folder / "defective.labels.jsonl").read_text().splitlines()]
    # Defective records are judged among clean ones, as they would be.
    hits, alone = report(bad + clean, counted="warning"), report(clean, counted="warning")
    kinds: dict[str, list[list[str]]] = defaultdict(list)
    for label in labels:
        kinds[label["kind"]].append(sorted(rule for rule, rows in hits.items() if label["line"] - 1 in rows))
    found = sum(any(rules) for held in kinds.values() for rules in [held] if any(rules))
    rows = ["| kind | records | reported | by |", "| --- | ---: | ---: | --- |"]
    for kind, held in sorted(kinds.items()):
        by = Counter(rule for rules in held for rule in rules)
        rows.append(f"| {kind} | {len(held)} | {sum(map(bool, held))} | {', '.join(by)} |")
    told = sum(count for rule, count in warnings(clean).items())
    total = sum(map(bool, (rules for held in kinds.values() for rules in held)))
    rows += ["", f"{total} of {len(labels)} defective records have a warning or error ({found} of {len(kinds)} kinds)."]
    warned = set().union(*alone.values()) - {FILE} if alone else set()
    rows += ["", f"{told} warnings are told of {len(clean)} clean records, {1000 * told / len(clean):.1f} of a thousand."]
    rows += ["", f"{1000 * len(warned) / len(clean):.1f} of a thousand clean records have one: "]
    rows[-1] += (
        ", ".join(f"{rule} {len(held)}" for rule, held in sorted(alone.items(), key=lambda item: -len(item[1])) if held) + "."
    )
    return rows


def warnings(lines: Sequence[bytes]) -> Counter[str]:
    """How many warnings and errors the user is told of *lines*, by rule."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "train.jsonl")
        path.write_bytes(b"\n".join(lines) + b"\n")
        result = lint(source.collect([str(path)]), Config(packs=False))
    rules = result.setup
    return Counter(f.rule for f in result.findings if (f.severity or rules.severity(rules.by_name[f.rule])) != "info")


def cuts(paths: Sequence[str]) -> list[str]:
    """How many cut answers truncated-target finds in each file, by itself, and together with length-cap under a limit in tokens."""
    rows = [
        "| set | one in ten of all cut: cut | recall | precision | of 300 records: cut | recall | precision | 3 % of 1,000 cut: cut | recall | precision |"
        " a limit at 90 %: cut | recall | precision |",
        "| --- |" + " ---: |" * 12,
    ]
    both = ("truncated-target", "length-cap")
    totals = [[0, 0, 0] for _ in range(4)]
    for path in paths:
        records = [record for held in read([path], 10**9, least=0).values() for record in held]
        cells = []
        for number, (limit, share) in enumerate(((0, 0.1), (300, 0.1), (1000, 0.03), (0, 0.0))):
            spoilt_, found_, wrong = 0, 0, 0
            for seed in (1, 2):
                r = Random(f"{Path(path).name} {limit} {share} {seed}")
                rules = both[: 1 if share else 2]
                held = copy.deepcopy(r.sample(records, limit) if limit and len(records) > limit else records)
                before = report([orjson.dumps(record) for record in held], counted="warning", select=rules)
                if share:
                    suitable = [i for i, record in enumerate(held) if prose(record)]
                    spoilt = []
                    for i in r.sample(suitable, len(suitable)):
                        if len(spoilt) < round(share * len(held)) and (left := cut(held[i]["target"], r, r.random() < 0.5)):
                            held[i]["target"] = left
                            spoilt.append(i)
                else:
                    spoilt = next(plan.spoil for plan in PLANS if plan.rule == "length-cap")(held, r, True, 0.9)
                after = report([orjson.dumps(record) for record in held], counted="warning", select=rules)
                told = set().union(*(after.get(rule, set()) for rule in rules)) - {FILE}
                known = set().union(*(before.get(rule, set()) for rule in rules))
                spoilt_, found_ = spoilt_ + len(spoilt), found_ + len(told & set(spoilt))
                wrong += len(told - known - set(spoilt))
            cells.append(_shares(spoilt_, found_, wrong))
            totals[number] = [a + b for a, b in zip(totals[number], (spoilt_, found_, wrong), strict=True)]
        rows.append(f"| {Path(path).stem} | " + " | ".join(cells) + " |")
    rows.append("| all | " + " | ".join(_shares(*total) for total in totals) + " |")
    return rows


def _shares(spoilt: int, found: int, wrong: int) -> str:
    return f"{spoilt} | {found / max(spoilt, 1):.2f} | {found / max(found + wrong, 1):.2f}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", nargs="+", help="context/target files to plant into")
    options.add_argument("--cuts", nargs="+", help="context/target files, each from one source, to cut answers in")
    options.add_argument("--labelled", type=Path, help="a folder with clean.jsonl, defective.jsonl and defective.labels.jsonl")
    options.add_argument("--records", type=int, default=RECORDS, help="records of each language")
    options.add_argument("--only", nargs="+", default=(), help="rules whose plans are measured")
    options.add_argument("--seed", type=int, default=SEED)
    given = options.parse_args()
    if given.cuts:
        print("\n".join(cuts(given.cuts)))
        return
    if given.labelled:
        print("\n".join(labelled(given.labelled)))
        return
    if given.data:
        sets = {"mixed": read(given.data, given.records)}
    else:
        sets = {
            base: {lang: make(lang, given.records, given.seed) for lang in ("en", "zh")} for base, make in clean_text.SETS.items()
        }
    print("\n".join(table(sets, sorted(registry.packs((), False)), given.seed, given.only)))


if __name__ == "__main__":
    main()
