"""The record formats. Each is one module: `detect` and `read` a value, `write` turns; its schema lies beside it."""

from __future__ import annotations

import difflib
import json
from functools import cache
from pathlib import Path
from typing import Any

from sftlint.formats import alpaca, context_target, messages, prompt_completion, query_response, sharegpt
from sftlint.formats.draft import Reading
from sftlint.record import Fault

#: In the order of detection.
FORMATS: dict[str, Any] = {
    module.NAME: module for module in (context_target, messages, sharegpt, alpaca, prompt_completion, query_response)
}
HOME: str = context_target.NAME

#: Keys that describe a record and hold none of its text.
META = frozenset(["id", "_id", "idx", "index", "uid", "uuid", "source", "src_id", "category", "categories", "type", "task", "tag", "tags", "topic", "domain", "lang", "language", "meta", "metadata", "score", "rank", "date", "time", "url", "title", "name", "version", "split", "dataset", "license", "author"])  # fmt: skip


def detect(value: Any) -> str | None:
    """The format of *value* (parsed JSON), None when no format has its keys."""
    if type(value) is dict or (type(value) is list and value):
        for name, module in FORMATS.items():
            if module.detect(value):
                return name
    return None


def read(value: Any, name: str) -> Reading:
    """*value* as a record of the format *name*. It tolerates every fault and says whether there is one."""
    reading: Reading = FORMATS[name].read(value)
    return reading


def guess(value: Any) -> str | None:
    """The format a record was meant to have: a required key is there, the missing one misspelt or left out."""
    if type(value) is not dict:
        return None
    for name, module in FORMATS.items():
        missing = [key for key in module.REQUIRED if key not in value]
        if len(missing) == len(module.REQUIRED) > 1 or (not missing and type(value[module.REQUIRED[0]]) is list):
            continue
        rest = [
            key for key, held in value.items() if key not in module.FIELDS and key not in META and type(held) in (str, list, dict)
        ]
        if all(closest(key, rest) or not rest for key in missing) and (len(missing) < len(module.REQUIRED) or rest):
            return name
    return None


def closest(key: str, keys: Any) -> str | None:
    """The one of *keys* that *key* is a misspelling of, None when none is near."""
    near = difflib.get_close_matches(key, [k for k in keys if isinstance(k, str)], n=1, cutoff=0.75)
    return near[0] if near else None


#: The keys that users may map keys of their own to.
STANDARD = sorted({field for module in FORMATS.values() for field in module.FIELDS})


@cache
def known_fields(name: str) -> frozenset[str]:
    """The keys that a record of the format *name* may have: its own, and those that describe a record."""
    return META.union(FORMATS[name].FIELDS)


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the format *name*."""
    path = Path(__file__).parent / (FORMATS[name].__name__.rpartition(".")[2] + ".json")
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


@cache
def _validator(name: str) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(schema(name))


def faults(value: Any, name: str) -> list[Fault]:
    """What the schema of the format *name* says against *value*, in reading order."""
    found = []
    for error in _validator(name).iter_errors(value):
        pointer = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in error.absolute_path)
        found.append(Fault(str(error.validator), pointer, error.validator_value, error.instance))
    return sorted(found, key=lambda fault: (fault.pointer, fault.keyword))
