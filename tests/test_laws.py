"""What holds for every input: the same findings however the work is cut up, no other exception than sftlint's own, no
sampling of what is judged, and no text from data that moves a terminal.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sftlint import engines, learn, source
from sftlint.config import Config
from sftlint.lint import lint
from sftlint.reader import Reader
from sftlint.record import Record, Rejected
from sftlint.testing import Shuffled
from tests.helpers import ALL_FORMATS, CORE, codes, command, files_of, jsonl, line, put, run, streamed, written
from tests.strategies import LINES, TEXTS, files, records

CONFIG = Config()  # every rule
#: Controls but the line feed, line separators, bidirectional controls and marks, lone surrogates.
FORBIDDEN = {
    *map(chr, (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000))),
    *"\u061c\u200e\u200f\u2028\u2029\ufeff",
} - {"\n"}  # fmt: skip
MANY = settings.default.max_examples if settings.default else 30


@pytest.fixture(scope="module", params=[("fork", 2), ("fork", 3), ("spawn", 2)], ids=lambda p: f"{p[0]}-{p[1]}")
def pool(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Processes]:
    """A pool of processes, and a working folder that is theirs too."""
    method, jobs = request.param
    with contextlib.chdir(tmp_path_factory.mktemp("pool")):
        made = engines.Processes(jobs, method)
        yield made
        made.close()


def report(data: Mapping[str, bytes], engine: engines.Serial, chunk: int) -> str:
    with files_of(data) as names:
        return streamed(names, CONFIG, engine, chunk)


# 1. The same findings however the work is cut up.


@given(files(), st.integers(20, 300))
def test_any_chunk_size_and_order_of_merging_gives_the_same_bytes(data: dict[str, bytes], chunk: int) -> None:
    whole = report(data, engines.Serial(), 1 << 26)
    small = sum(map(len, data.values())) < 400  # a chunk for each byte takes its time
    for size in (1, chunk, 1 << 16) if small else (chunk, 1 << 16):
        assert report(data, Shuffled(), size) == whole


@given(files(), st.integers(100, 400))
def test_what_is_streamed_is_what_is_found(data: dict[str, bytes], chunk: int) -> None:
    with files_of(data) as names:
        at_once = written(run(names, CONFIG)).splitlines()
        assert sorted(streamed(names, CONFIG, chunk=chunk).splitlines()) == sorted(at_once)
        assert json.loads(written(run(names, CONFIG), "json")) == [json.loads(entry) for entry in at_once]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork beside the threads of pytest-xdist
@settings(max_examples=max(MANY // 10, 3))
@given(files(), st.integers(100, 400))
def test_any_engine_gives_the_same_bytes(pool: engines.Processes, data: dict[str, bytes], chunk: int) -> None:
    names = put(data)
    assert streamed(names, CONFIG, pool, chunk) == streamed(names, CONFIG, engines.Serial(), 1 << 26)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_pool_of_one_and_an_error_in_a_worker() -> None:
    """One process gives what this one gives, and a rule that fails there is an Error here."""
    data = {"train.jsonl": jsonl(line("你好", ""), line("Hi", "Hello"), line("Hi", "Hello"))}
    with files_of(data) as names, contextlib.closing(engines.Processes(1)) as pool:
        assert streamed(names, CONFIG, pool, 40) == report(data, engines.Serial(), 40)
        with pytest.raises(ZeroDivisionError):
            list(pool.map(_fail, names, None))


def _fail(shared: None, name: str) -> float:
    return 1 / 0


def test_the_command_says_the_same_with_any_number_of_jobs() -> None:
    data = {
        f"part-{i}.jsonl": jsonl(*(line(f"第 {i} 问 {n % 7}", "" if n % 9 == 0 else "答") for n in range(40))) for i in range(3)
    }
    with files_of(data):
        said = [
            command(
                "check",
                ".",
                "--isolated",
                "--select",
                ",".join(CORE),
                "--output-format",
                "json-lines",
                f"--jobs={jobs}",
                SFTLINT_CHUNK_SIZE=size,
            )
            for jobs, size in ((1, "0"), (2, "333"), (3, "64"))
        ]
    assert said[0].code == 1 and said[0].out.count("empty-target") == 15
    assert said[1] == said[0] and said[2] == said[0]


# 2. No input makes another exception than sftlint's own, and none is passed over in silence.


@settings(max_examples=MANY * 2)
@given(
    st.binary(max_size=400) | st.lists(LINES, max_size=6).map(b"\n".join), st.sampled_from(("train.jsonl", "a.json", "x.ndjson"))
)
@example(b" " * 5000 + b'[{"context": ["Hi"], "target": "Hello"}]', "a.json")
@example(b'{"context": ["a"], "target": "b", "meta": ' + b"[" * 1000 + b"]" * 1000 + b"}\n", "train.jsonl")
@example(b'{"context": ["a"], "target": "b", "n": ' + b"1" * 5000 + b"}\n", "train.jsonl")
def test_any_bytes_give_findings_in_every_format(data: bytes, name: str) -> None:
    """Not even an Error: that would be a rule that failed."""
    with files_of({name: data}) as names:
        result = run(names, CONFIG, chunk=64)
        for form in ALL_FORMATS[len(data) % 3 :: 3]:  # every format and language in its turn
            assert not set(written(result, form, lang=("en", "zh")[len(data) % 2])) & FORBIDDEN


@settings(max_examples=MANY * 2)
@given(st.lists(LINES | records().map(lambda value: jsonl(value)[:-1]), max_size=6))
@example([b'{"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}', b'{"foo": 1}'])
@example([b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}', b'{"messages": 5}'])
def test_no_line_without_a_sound_record_is_passed_over(lines: list[bytes]) -> None:
    """A line that is not read as a sound record has a finding, or its file has one."""
    with files_of({"train.jsonl": b"\n".join(lines)}) as names:
        collected = source.collect(names)
        result = lint(collected, CONFIG)
        if collected.files[0].facts.unreadable:
            assert result.findings
            return
        hit = {id for finding in result.findings for id in (finding.hits or ([finding.place.record] if finding.place else ()))}
        reader: Reader = result.setup.reader
        for chunk in source.chunks(collected.files[0], 1 << 20):
            batch = reader.batch(chunk, source.read(chunk))
            held: list[Record | Rejected] = [*batch.rejected, *batch.faulty]
            for one in held:
                assert one.id in hit, one


# 3. Judging is never sampled.


@settings(max_examples=max(MANY // 3, 5))
@given(st.sets(st.integers(0, 79), min_size=1, max_size=30), st.integers(1, 8))
def test_every_record_is_judged_however_small_the_sample(bad: set[int], size: int) -> None:
    lines = [line(f"问题 {i}", "" if i in bad else f"Answer {i}.") for i in range(80)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learn, "SAMPLE", size)
        with files_of({"train.jsonl": jsonl(*lines)}) as names:
            result = run(names, CONFIG, chunk=300)
            assert f"learned from at most {size} of 80 records; every record is judged" in written(result, "text")
        assert len(result.sample.ids) == size and not result.sample.whole
        assert sum(f.rule == "empty-target" for f in result.findings) == len(bad)


def test_what_follows_a_broken_element_of_an_array_is_judged() -> None:
    """A surplus brace ends the array; the 5,000 records behind it are read all the same, to the last."""
    data = (
        b"["
        + line("Hi", "Hello")
        + b"},\n"
        + b",\n".join(line(f"问 {i}", f"答 {i}") for i in range(5000))
        + b",\n"
        + line("last", "")
        + b"]"
    )
    found = codes(data, name="a.json")
    assert ("invalid-json", 1) in found and ("empty-target", 5002) in found


@pytest.mark.parametrize("space", ["", "\t "])
@pytest.mark.parametrize("change", [(b"]", b""), (b"}", b""), (b"}", b"}}"), (b"[", b"[["), (b'"]', b"]"), (b"{", b"{{")])
def test_only_the_broken_elements_of_an_array_are_lost(change: tuple[bytes, bytes], space: str) -> None:
    """Brackets and quotes that do not close, or close too much: in the first element, in two neighbours, in the last."""
    records = [line(f"问 {i}", "" if i in (1, 7, 12) else f"答 {i}, [x] {{") for i in range(14)]
    expected = [("empty-target", 2), ("empty-target", 8), ("empty-target", 13)]
    for n in (0, 4, 5, 10, 13):
        records[n] = records[n].replace(*change, 1)
        expected.append(("invalid-json", n + 1))
    data = b"[" + b",\n".join(space.encode() + record for record in records) + b"\n]\n"
    for chunk in (1, 100, 1 << 20):
        found = codes(data, name="a.json", chunk=chunk, select=("invalid-json", "empty-target"))
        assert sorted(found) == sorted(expected), chunk


# 4. Text from data cannot move the terminal, nor begin a line of its own.

NASTY = st.text(
    st.sampled_from(
        "\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\x9d\u061c\u200e\u202e\u2066\u2028\ufeff\ud800\udfff" + "[2J]0;:=ab好%{}⟦⟧"
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def nasty_lines(draw: st.DrawFn) -> bytes:
    """A record with nasty texts in every place a message may quote."""
    text = draw(NASTY)
    value = draw(st.sampled_from((
        {"context": [text], "target": ""}, {"context": [text, text], "target": text}, {"context": [text], "targte": text},
        {text: 1, "context": "a", "target": "b"}, {"context": ["a"], "target": {text: text}},
        {"context": [text], "target": text, "meta": {text: 1}},
        {"messages": [{"role": text, "content": text}]}, {"foo" + text: text}, text, {text: 1, "other": 2},
    )))  # fmt: skip
    raw = json.dumps(value, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    return raw.replace(b"\n", b"") + draw(st.sampled_from((b"", b"", b"\x1b[2J", b"\x9b", "\u202e".encode(), b"\r", b'"')))


@settings(max_examples=MANY)
@given(st.lists(nasty_lines(), min_size=1, max_size=5))
def test_text_from_data_is_escaped_in_every_format(lines: list[bytes]) -> None:
    with files_of({"train.jsonl": jsonl(*lines)}) as names:
        result = run(names, CONFIG)
        for form in ALL_FORMATS:
            assert not set(written(result, form)) & FORBIDDEN
        said = written(result, "concise", quiet=True).splitlines()
        assert len(said) == len(result.findings)
        assert all(re.match(r"train\.jsonl[:\d]*: |dataset: ", entry) for entry in said)
        coloured = re.sub(r"\x1b\[[0-9;]+m", "", written(result, "text", color=True))
        assert coloured == written(result, "text")


def test_names_of_files_are_escaped_too() -> None:
    names = ("\x1b[2Ja.jsonl", "b\u202e.jsonl", "c\nd.jsonl")
    with files_of({name: jsonl(line("你好", "")) for name in names} | {"\x1b[5mnotes.md": b"-"}):
        for form in ALL_FORMATS:
            said = command(
                "check",
                ".",
                "--isolated",
                "--select=empty-target",
                "--output-format=" + ("text" if form == "statistics" else form),
            )
            assert said.code == 1 and not set(said.out + said.err) & FORBIDDEN
        said = command("check", ".", "--isolated", "--select=empty-target", "--output-format=concise", "-q")
        assert len(said.out.splitlines()) == 3
        assert not set(command("check", "no\x1b[2Jfile\r").err) & FORBIDDEN


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_finding_quotes_at_most_80_characters(texts: list[str]) -> None:
    with files_of({"train.jsonl": jsonl(*(line("问" * 200, text * 30) for text in texts))}) as names:
        result = run(names, CONFIG)
    assert all(len(f.place.text) <= 80 for f in result.findings if f.place)
