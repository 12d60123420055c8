"""From paths to records: files and splits, preflight, chunks, records by id, the Sample."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sftlint import learn, source
from sftlint.commands.profile import run_profile
from sftlint.config import Config
from sftlint.errors import Error
from sftlint.learn import Sample
from sftlint.learned.scripts import Scripts
from sftlint.learned.templates import Templates
from sftlint.lint import lint
from sftlint.reader import Reader
from sftlint.reading.preflight import Facts
from sftlint.record import OFFSET, Record
from sftlint.source import SHIFT, File
from tests.helpers import EMPTY, TWICE, check, codes, command, files_of, jsonl, line, run, written
from tests.strategies import LINES, VALUES, files

OK = line("你好", "好") + b"\n"


def facts(data: bytes, name: str = "train.jsonl", **fields: str) -> Facts:
    with files_of({name: data}) as names:
        return source.collect(names, renames=tuple((own, standard) for standard, own in fields.items())).files[0].facts


# Preflight: what a file is, from its first bytes.


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", {"unreadable": "empty"}),
        (b" \n\r\n\t", {"unreadable": "empty"}),
        (b"\xef\xbb\xbf", {"unreadable": "empty", "bom": 3}),
        (OK, {"format": "context/target"}),
        (b"\xef\xbb\xbf" + OK, {"bom": 3, "format": "context/target"}),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n", {"unreadable": "lfs"}),
        (b"\x1f\x8b\x08\x00abc", {"unreadable": "compressed"}),
        (b"PK\x03\x04abc", {"unreadable": "compressed"}),
        (b"PAR1abc", {"unreadable": "compressed"}),
        (OK.decode().encode("utf-16"), {"unreadable": "encoding", "encoding": "UTF-16"}),
        (
            b'{"context": ["Hello"], "target": "yes"}'.decode().encode("utf-16-be") * 3,
            {"unreadable": "encoding", "encoding": "UTF-16BE"},
        ),
        (OK.decode().encode("utf-32"), {"unreadable": "encoding", "encoding": "UTF-32"}),
        ((OK * 3).decode().encode("gb18030"), {"unreadable": "encoding", "encoding": "GB18030"}),
        (OK * 4 + OK.decode().encode("gb18030"), {"unreadable": ""}),
        (json.dumps(json.loads(OK), indent=2).encode(), {"unreadable": "pretty"}),
        (b"{\n" + OK, {"unreadable": ""}),
        (b"[\n" + OK + b"]", {"array": True, "format": "context/target"}),
        (b'[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]\n', {"array": False, "format": "messages"}),
        (b'{"question": "?", "answer": "!"}\n', {"unreadable": "format", "keys": ("question", "answer")}),
        (b'{"context": ["a"], "targte": "b"}\n', {"unreadable": "", "format": "context/target"}),
        (b"no JSON\n", {"unreadable": "", "format": "context/target"}),
    ],
)
def test_preflight(data: bytes, expected: dict[str, Any]) -> None:
    assert expected.items() <= facts(data)._asdict().items()


def test_one_array_on_a_line_is_a_record_in_jsonl_and_a_file_of_records_in_json() -> None:
    data = jsonl([{"context": "你好", "target": "好"}, {"context": "Hi", "target": "Hello"}])
    assert not facts(data, "train.jsonl").array
    assert facts(data, "train.json").array


def test_a_file_of_unknown_format_becomes_readable_by_fields() -> None:
    data = jsonl({"问": "你好", "答": ""})
    assert facts(data).unreadable == "format"
    assert facts(data, context="问", target="答").format == "context/target"
    assert codes(data, fields={"context": "问", "target": "答"}) == [("empty-target", 1)]


def test_what_stands_behind_the_first_64_kib_is_read() -> None:
    assert codes(b"\n" * 70_000 + line("Hi", "") + b"\n", select=("empty-target",)) == [("empty-target", 70_001)]
    array = b"[" + b" " * 70_000 + line("Hi", "") + b"]"
    assert codes(array, name="a.json", select=("empty-target",)) == [("empty-target", 1)]


# Splits, ids, folders.


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("train.jsonl", "train"), ("data.jsonl", "train"), ("dev.jsonl", "evaluation"), ("my_test.jsonl", "evaluation"),
        ("val-2.jsonl", "evaluation"), ("valid.jsonl", "evaluation"), ("Validation.jsonl", "evaluation"),
        ("qa.test.jsonl", "evaluation"), ("data.val.jsonl", "evaluation"), ("latest.jsonl", "train"), ("contest.jsonl", "train"),
        ("device.jsonl", "train"), ("train_test_mix.jsonl", "train"), ("evaluation/train.jsonl", "train"),
        ("interval.jsonl", "train"), ("eval_zh.json", "evaluation"),
    ],
)  # fmt: skip
def test_a_file_is_of_the_split_that_its_name_says(name: str, split: str) -> None:
    assert source.split_of(name) == split


def test_the_configuration_and_the_option_override_the_name() -> None:
    globs = {"evaluation": ["gold/*"], "train": ["*dev*"]}
    assert source.split_of("gold/a.jsonl", globs) == "evaluation"
    assert source.split_of("dev.jsonl", globs) == "train"
    with files_of({"a.jsonl": OK, "held/b.jsonl": OK, "held/deep/c.jsonl": OK, "globbed-1.jsonl": OK}):
        collected = source.collect(["a.jsonl"], evaluation=["held", "globbed-*.jsonl"])
        assert {file.name: file.split for file in collected.files} == {
            "a.jsonl": "train", "held/b.jsonl": "evaluation", "held/deep/c.jsonl": "evaluation", "globbed-1.jsonl": "evaluation",
        }  # fmt: skip
        whole = source.collect(["."], evaluation=["held/b.jsonl"])
        assert {file.name for file in whole.files if file.split == "evaluation"} == {"held/b.jsonl"}


def test_duplicates_are_looked_for_inside_a_split() -> None:
    with files_of({"train.jsonl": OK, "dev.jsonl": OK, "more.jsonl": OK}):
        said = command("check", "--isolated", "--select=exact-duplicate", "--output-format=concise", "-q")
    assert [entry.split(":")[0] for entry in said.out.splitlines()] == ["train.jsonl"]


def test_a_folder_is_read_in_path_order_and_the_rest_is_passed_over() -> None:
    tree = {
        "data/b.jsonl": OK, "data/a/z.ndjson": OK, "data/array.json": b"[" + OK + b"]", "data/lines.json": OK * 2,
        "data/config.json": b'{"a": 1}', "data/notes.md": b"-", "data/.hidden.jsonl": OK, "data/.git/x.jsonl": OK,
        "data/node_modules/x.jsonl": OK, "data/UPPER.JSONL": OK,
    }  # fmt: skip
    with files_of(tree):
        collected = source.collect(["data"])
        assert [file.name for file in collected.files] == [
            "data/UPPER.JSONL",
            "data/a/z.ndjson",
            "data/array.json",
            "data/b.jsonl",
            "data/lines.json",
        ]
        assert [file.number for file in collected.files] == list(range(5))
        assert collected.skipped == ["data/config.json", "data/notes.md"]
        assert [file.name for file in source.collect(["data"], exclude=["*.json", "data/a/*"]).files] == [
            "data/UPPER.JSONL",
            "data/b.jsonl",
        ]
        assert [file.name for file in source.collect(["data/**/*.ndjson"]).files] == ["data/a/z.ndjson"]


def test_a_file_named_twice_is_read_once() -> None:
    with files_of({"data/a.jsonl": OK, "other.jsonl": OK}):
        os.symlink("data/a.jsonl", "link.jsonl")
        os.link("data/a.jsonl", "hard.jsonl")
        names = [
            file.name
            for file in source.collect(
                ["data/a.jsonl", "data", "./data/a.jsonl", "link.jsonl", "hard.jsonl", "other.jsonl"]
            ).files
        ]
    assert len(names) == 2 and "other.jsonl" in names


def test_a_named_file_is_read_whatever_it_is_called() -> None:
    with files_of({"notes.txt": line("Hi", "") + b"\n"}):
        said = command("check", "notes.txt", "--isolated", "--select=empty-target", "--output-format=concise", "-q")
    assert said.out.startswith("notes.txt:1:") and said.code == 1


def test_names_are_relative_with_forward_slashes_or_absolute_outside() -> None:
    with files_of({"here/a.jsonl": OK, "b.jsonl": OK}):
        folder = os.getcwd()
        os.chdir("here")
        names = [file.name for file in source.collect([f"{folder}/here/a.jsonl", f"{folder}/b.jsonl"]).files]
    assert names == [f"{folder}/b.jsonl", "a.jsonl"]


def test_standard_input_is_read_like_a_file() -> None:
    said = command(
        "check",
        "-",
        "--isolated",
        "--select=empty-target",
        "--output-format=json-lines",
        "--stdin-filename=a b.jsonl",
        stdin=line("Hi", ""),
    )
    assert (json.loads(said.out)["filename"], said.code) == ("a b.jsonl", 1)


@pytest.mark.parametrize("path", ["missing.jsonl", "no/*.jsonl", "*.txt"])
def test_a_path_to_nothing_is_an_error(path: str) -> None:
    with files_of({}), pytest.raises(Error, match="no such file"):
        source.collect([path])


def test_ids_are_addresses_in_reading_order() -> None:
    with files_of({"a.jsonl": OK + b"\n" + OK, "b.json": b"[" + OK + b"," + OK + b"]"}) as names:
        result = lint(source.collect(names), Config(select=("empty-file",)))
        ids = []
        for chunk in result.chunks:
            batch = result.setup.reader.batch(chunk, source.read(chunk))
            for record in batch.records:
                data = Path(chunk.file.path).read_bytes()
                assert data[record.id & OFFSET :].startswith(record.raw)
                assert record.id >> SHIFT == chunk.file.number
                assert result.setup.reader.record(chunk.file, record.id & OFFSET) == record
                ids.append(record.id)
    assert len(ids) == 4 and ids == sorted(ids)


# Chunks.


@given(
    st.binary(max_size=120) | st.lists(st.binary(max_size=9), max_size=12).map(b"\n".join),
    st.integers(1, 40),
    st.sampled_from((b"", b"\xef\xbb\xbf")),
)
def test_every_line_belongs_to_exactly_one_chunk(data: bytes, size: int, bom: bytes) -> None:
    with files_of({"a.jsonl": bom + data}) as (name,):
        file = File(0, name, name, len(bom + data), (0, 0), "train", Facts(bom=len(bom)))
        read = [source.read(chunk) for chunk in source.chunks(file, size)]
    raws = [raw for lines in read for raw in lines.raws]
    starts = [start for lines in read for start in lines.starts]
    expected = data.split(b"\n")
    assert raws == (expected if expected[-1] else expected[:-1])
    assert starts == [len(bom) + sum(len(raw) + 1 for raw in expected[:i]) for i in range(len(raws))]
    assert sum(lines.extent[0] for lines in read) == data.count(b"\n")


@given(
    st.lists(VALUES, max_size=8),
    st.sampled_from((None, 1, 3)),
    st.integers(1, 60),
    st.sampled_from((b"", b"\xef\xbb\xbf")),
    st.sampled_from(("", " ", "\n")),
)
def test_every_element_of_an_array_belongs_to_exactly_one_chunk(
    values: list[Any], indent: int | None, size: int, bom: bytes, around: str
) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=size % 2 == 0)
    data = bom + f"{around}{text}{around}".encode("utf-8", "surrogatepass")
    with files_of({"a.json": data}) as (name,):
        file = File(0, name, name, len(data), (0, 0), "train", Facts(bom=len(bom), array=True))
        read = [source.read(chunk) for chunk in source.chunks(file, size)]
    raws = [raw.decode("utf-8", "surrogatepass") for lines in read for raw in lines.raws]
    assert [json.dumps(json.loads(raw)) for raw in raws] == [json.dumps(value) for value in values]
    for lines in read:
        assert all(data[start : start + len(raw)] == raw for start, raw in zip(lines.starts, lines.raws, strict=True))


def test_a_string_longer_than_a_block_in_an_array() -> None:
    long = '],[{"' * 300_000
    array = json.dumps([{"context": [long], "target": ""}, {"context": ["Hi"], "target": ""}]).encode()
    assert [code for code, _ in codes(array, name="a.json", select=("empty-target",), chunk=1000)] == ["empty-target"] * 2


@given(files(LINES))
def test_records_read_again_by_id_are_the_same(data: dict[str, bytes]) -> None:
    with files_of(data) as names:
        result = lint(source.collect(names), Config(select=("empty-file",)), chunk=90)
        reader: Reader = result.setup.reader
        for chunk in result.chunks:
            for record in reader.batch(chunk, source.read(chunk)).records:
                again = reader.record(chunk.file, record.id & OFFSET)
                assert (type(again), again.id, again.raw) == (Record, record.id, record.raw)


# The Sample.


@given(
    st.lists(st.sampled_from([b"a", b"b", b"", b"ab", b"\xe4\xbd\xa0", b"c" * 30, *(b"%d" % n for n in range(40))]), max_size=60),
    st.integers(1, 30),
    st.integers(1, 50),
    st.randoms(),
)
def test_the_sample_depends_on_no_chunk_and_no_order(lines: list[bytes], keep: int, size: int, shuffle: random.Random) -> None:
    with pytest.MonkeyPatch.context() as patch, files_of({"a.jsonl": b"\n".join(lines)}) as (name,):
        patch.setattr(learn, "SAMPLE", keep)
        file = File(0, name, name, os.path.getsize(name), (0, 0), "train", Facts())
        whole, parts = ([Sample.of(chunk) for chunk in source.chunks(file, step)] for step in (1 << 20, size))
        shuffle.shuffle(parts)
        middle = len(parts) // 2
        merged = Sample.merge([Sample.merge(parts[middle:]), Sample.merge(parts[:middle])])
        one = Sample.merge(whole)
        enough = one.whole
    assert merged.hashes.tolist() == one.hashes.tolist() and merged.ids.tolist() == one.ids.tolist()
    distinct = {raw for raw in lines if raw}
    assert merged.lines == one.lines == sum(bool(raw) for raw in lines)
    assert len(one.ids) == min(len(distinct), keep)
    assert one.hashes.tolist() == sorted(set(one.hashes.tolist()))
    assert enough == (len(distinct) < keep)


@pytest.mark.parametrize(
    ("select", "keep", "count", "part"),
    [
        ("empty-target", 50, 10, 7),
        ("empty-target", 50, 7, 0),
        ("unexpected-language", 50, 10, 9),
        ("unexpected-language", 4, 10, 4),
    ],
)
def test_reports_say_from_how_many_records_was_learned(
    select: str, keep: int, count: int, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the things learned the one that takes most is told, and nothing where it takes all there is."""
    for thing, size in ((learn.Languages, 7), (Scripts, 9), (Templates, 8)):
        monkeypatch.setattr(thing, "size", size)
    monkeypatch.setattr(learn, "SAMPLE", keep)
    with files_of({"train.jsonl": jsonl(*(line(f"Question {n}", f"Answer {n}.") for n in range(count)))}) as names:
        result = run(names, Config(select=(select,)))
        profile = run_profile(names, Config(), "en")
        said = [written(result, form) for form in ("text", "html")]
    told = [f"learned from at most {part} of {count} records"] if part else []
    assert [re.findall(r"learned from at most .*? records", report) for report in said] == [told, told]
    assert f"(learned from {f'at most {min(8, keep)}' if count > min(8, keep) else count} of {count} lines)" in profile


def test_evaluation_records_never_reach_the_sample() -> None:
    with files_of({"train.jsonl": OK * 2, "dev.jsonl": jsonl(line("Hi", "Hello"))}) as names:
        result = lint(source.collect(names), Config(select=("empty-file",)))
    assert len(result.sample.ids) == 1 and result.sample.lines == 2


def test_reports_of_sftlint_beside_the_data_are_no_data() -> None:
    """In a folder or a glob; who names one explicitly has it linted."""
    with files_of({"a.jsonl": EMPTY + TWICE}):
        made = ["gl.json", "r.json", "rd.json", "s.json", "findings.jsonl", "b.json"]
        for form, name in zip(("gitlab", "json", "rdjson", "sarif", "json-lines"), made, strict=False):
            check("a.jsonl", "--output-format", form, "-o", name, "-q")
        command("baseline", "create", "a.jsonl", "--baseline", "b.json")
        Path("pretty.json").write_text(json.dumps(json.loads(Path("r.json").read_text("utf-8")), indent=2), "utf-8")
        held = sorted([*made, "pretty.json"])
        for path in (".", "*.json*"):
            collected = source.collect([path])
            assert [file.name for file in collected.files] == ["a.jsonl"]
            assert (collected.skipped, list(collected.reports)) == ([], held)
        said = check(".").err
        assert said == f"sftlint: passed over 7 reports of sftlint itself: {', '.join(held[:5])} and 2 more\n"
        assert check(".", "--lang", "zh").err == f"sftlint: 已跳过 sftlint 自己的报告 7 个：{'、'.join(held[:5])} 等 7 个\n"
        assert "missing-field" in check("findings.jsonl").out


def test_a_folder_without_data_is_no_clean_pass() -> None:
    with files_of({"notes.md": b"#"}):
        for lang, said in (("en", "PASS  nothing was read"), ("zh", "通过  没有读取任何记录")):
            done = check(".", "--lang", lang)
            assert (done.code, len(done.out.splitlines()), done.out.startswith(said)) == (0, 1, True)
        assert "不含记录的文件 1 个：notes.md" in check(".", "--lang", "zh").err
