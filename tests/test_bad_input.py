"""Whatever stands in a file, or becomes of it: findings or one clear line, exit code 0, 1 or 2, no traceback, no hang."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from sftlint import cli, diagnostic, lint, settle, source
from sftlint.config import Config
from tests.helpers import (
    CORE,
    EMPTY,
    Outcome,
    codes,
    command,
    environment,
    files_of,
    found,
    jsonl,
    line,
    mistake,
    process,
)

OK = line("你好", "您好") + b"\n"
DIALOGUE = json.loads(line("你好", "好", "Hi"))
SELECT = "--select=" + ",".join(CORE)
GB18030 = line("再见", "慢走").decode().encode("gb18030")
LATIN_1 = "".join(f'{{"context": ["Où est le n° {n} ?"], "target": "à côté"}}\n' for n in range(9)).encode("latin-1")
ENDLESS = b'{"context": ["a"], "target": "b", "n": ' + b"7" * 5000 + b"}\n"
ARRAY = b'[{"context": ["a"], "target": ""},\n{"context": ["b"], "target": "c"}]\n'
PRETTY = json.dumps([DIALOGUE, DIALOGUE], indent=2).encode()
Codes = list[tuple[str, int | None]]


def check(*paths: str, stdin: bytes = b"") -> Outcome:
    return command("check", *(paths or (".",)), "--isolated", SELECT, "--output-format=json-lines", "--jobs=1", stdin=stdin)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [("empty-file", None)]),
        (b"\n\r\n  \n", [("empty-file", None)]),
        (b"\xef\xbb\xbf", [("byte-order-mark", None), ("empty-file", None)]),
        (b"[]", [("empty-file", None)]),
        (b"\x00", [("invalid-json", 1)]),
        (b"\x00" * 100_000, [("invalid-json", 1)]),
        (b"\x93NUMPY\x01\x00\xff\xfe" + bytes(range(256)) * 9, [("unknown-format", None)]),
        (OK + b"\x00\x00\n" + OK.replace("您".encode(), b"\x00"), [("invalid-json", 2), ("invalid-json", 3)]),
        (b"\xef\xbb\xbf" + OK, [("byte-order-mark", None)]),
        (OK + b"\xef\xbb\xbf" + line("Hi", "Hello"), [("invalid-json", 2)]),
        (OK.replace(b"\n", b"\r\n") + line("Hi", "") + b"\r\n\r\n", [("empty-target", 2), ("blank-line", 3)]),
        (b"\r".join([line("你好", "您好"), line("Hi", "Hello")]), [("invalid-json", 1)]),
        (OK.decode().encode("utf-16"), [("invalid-encoding", None)]),
        (jsonl(DIALOGUE).decode().encode("utf-16-le"), [("invalid-encoding", None)]),
        ((OK * 3).decode().encode("gb18030"), [("invalid-encoding", None)]),
        (OK + line("Hi", "") + b"\n" + GB18030, [("empty-target", 2), ("invalid-encoding", 3)]),
        (LATIN_1, [("invalid-encoding", None)]),
        (OK + b'{"context": ["caf\xe9?"], "target": "oui"}\n', [("invalid-encoding", 2)]),
        (jsonl({"context": ["心情？"], "target": "x"}).replace(b'"x"', b'"\\ud83d"'), [("lone-surrogate", 1)]),
        (OK + b'{"context": ["a"], "target": "b", "n": NaN}\n', [("invalid-json", 2)]),
        (ENDLESS + line("Hi", ""), [("unknown-field", 1), ("empty-target", 2)]),
        (b'{"context": ["a"], "target": "b", "target": ""}\n', [("duplicate-key", 1), ("empty-target", 1)]),
        (ARRAY, [("empty-target", 1), ("array-file", None)]),
        (PRETTY, [("even-context", 3), ("even-context", 10), ("array-file", None), ("no-valid-record", None)]),
        (json.dumps(DIALOGUE, indent=2).encode(), [("invalid-json", None)]),
        (OK.strip() + line("Hi", "Hello") + b"\n" + line("Hi", "") + b"\n", [("invalid-json", 1), ("empty-target", 2)]),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 12\n", [("lfs-pointer", None)]),
        (
            OK + b"<<<<<<< HEAD\n" + line("a", "b") + b"\n=======\n" + line("a", "") + b"\n>>>>>>> theirs\n",
            [("invalid-json", 2), ("invalid-json", 4), ("empty-target", 5), ("invalid-json", 6)],
        ),
        (OK + line("Where?", "North")[:-4], [("invalid-json", 2)]),
        (b"{\n" + OK + line("Hi", "") + b"\n", [("invalid-json", 1), ("empty-target", 3)]),
        (b"[[\n" + line("Hi", ""), [("invalid-json", 1), ("empty-target", 2)]),
        (b"[[\n" + OK + line("Hi", "") + b"\n", [("invalid-json", 1), ("empty-target", 3)]),
        (b"\x1f\x8b\x08\x00\x00", [("unknown-format", None)]),
        (b'{"a": 1}\n', [("unknown-format", None)]),
        (b"id,text\n1,hello\n", [("invalid-json", 1), ("invalid-json", 2), ("no-valid-record", None)]),
    ],
)  # fmt: skip
def test_bad_files(data: bytes, expected: Codes, folder: Path) -> None:
    name = "train.json" if data[:1] == b"[" else "train.jsonl"
    Path(name).write_bytes(data)
    said = check(name)
    findings = [json.loads(entry) for entry in said.out.splitlines()]
    assert (said.code, said.err) == (1, "")
    assert sorted(((f["code"], f["location"] and f["location"]["row"]) for f in findings), key=str) == sorted(expected, key=str)


# What a hurried reader would choke on.


def test_a_line_of_50_mb() -> None:
    """One that is a record with an empty target, one that is no JSON, and a good one behind them."""
    long = b'{"context": ["' + "长话".encode() * 9_000_000 + b'"], "target": '
    assert codes(long + b'""}\n' + long + b"\n" + line("Hi", "") + b"\n") == [
        ("empty-target", 1),
        ("invalid-json", 2),
        ("empty-target", 3),
    ]


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"messages":[', b'[{"context":'])
def test_100_000_nested_brackets(opening: bytes) -> None:
    closing = b"".join({91: b"]", 123: b"}"}.get(c, b"") for c in reversed(opening))
    data = OK + opening * 100_000 + b"1" + closing * 100_000 + b"\n" + opening * 100_000 + b"\n" + line("Hi", "")
    assert codes(data, select=("format", "empty-target")) == [("invalid-json", 2), ("invalid-json", 3), ("empty-target", 4)]


@pytest.mark.parametrize("depth", [100, 254, 255, 500, 900, 960, 990, 1010, 1023, 1024, 1500, 3000])
def test_any_depth_is_read_or_refused(depth: int) -> None:
    """Also where it is deeper than one of the parsers, encoders and recursions in the rules can go."""
    deep = b"[" * depth + b"]" * depth
    data = OK + b'{"context": ["a"], "target": "", "meta": ' + deep + b"}\n" + deep + b"\n" + line("Hi", "") + b"\n"
    found = codes(data, schema='{"type": "object"}')
    assert ("empty-target", 4) in found and {2, 3} <= {row for _, row in found}
    assert ("empty-target", 2) in found or ("invalid-json", 2) in found


def test_100_000_turns() -> None:
    context = {"context": ["好"] * 100_001, "target": ""}
    messages = {"messages": [{"role": ("user", "assistant")[n % 2], "content": "好"} for n in range(100_000)]}
    assert codes(jsonl(context)) == [("empty-target", 1)]
    assert codes(jsonl(messages)) == []


def unhurried(data: bytes, select: str) -> list[dict[str, Any]]:
    """The findings on *data*, by a process that is ended after a minute: what grows with the square of its input takes longer."""
    Path("a.jsonl").write_bytes(data)
    said = process("check", "a.jsonl", "--isolated", "--jobs=1", f"--select={select}", "--output-format=json-lines", timeout=60)
    assert (said.code, said.err) == (1, "")
    return [json.loads(entry) for entry in said.out.splitlines()]


def test_10_000_findings_in_one_record(folder: Path) -> None:
    places = [f["location"]["column"] for f in unhurried(jsonl(line(*["a\x08b"] * 10_001, "x")), "control-character")]
    assert len(places) == 10_001 and places == sorted(set(places))


def test_long_runs_in_what_is_no_json(folder: Path) -> None:
    """Blanks, backslashes, quotes and brackets in a row, where the likely cause is looked for."""
    shapes = ('{"a": "%s"b": 2}', '{"a": ["%s', "%s", '{"a": 1}%sx', '{"a": "x", %s"b": 2}')
    fillers = (" ", "\\\\", "\\", '\\"', "]", "],", "\t ,", "{", "'", '"', "\u3000")
    lines = [shape % (filler * 200_000) for shape in shapes for filler in fillers]
    expected = [row for row, text in enumerate(lines, 2) if text.strip(" ") and not _is_json(text)]
    findings = unhurried(jsonl(DIALOGUE, *lines, DIALOGUE), "invalid-json")
    assert [f["location"]["row"] for f in findings] == expected and len(expected) > 50


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def test_numbers_without_end_and_a_schema(folder: Path) -> None:
    (folder / "schema.json").write_text('{"properties": {"n": {"type": "string"}}}')
    (folder / "a.jsonl").write_bytes(ENDLESS)
    said = command(
        "check", "a.jsonl", "--isolated", "--select=schema-violation", "--schema=schema.json", "--output-format=concise"
    )
    assert (said.code, said.err) == (1, "") and said.out.startswith("a.jsonl:1:40: error schema-violation /n ")


# What a path may be.


def test_a_missing_path_is_exit_code_2(folder: Path) -> None:
    assert mistake("check", "no/such.jsonl") == "sftlint: no/such.jsonl: no such file or folder; check the path"
    assert "nothing-*.jsonl" in mistake("check", "nothing-*.jsonl")


def test_a_folder_without_data_is_a_note(folder: Path) -> None:
    (folder / "notes.md").write_text("-")
    (folder / "empty.jsonl").mkdir()
    for paths in ((), ("empty.jsonl",)):
        said = command("check", *paths, "--isolated", SELECT)
        assert said.code == 0 and said.out.startswith("PASS")
        assert "no .jsonl, .ndjson or .json files with records in " + (paths[0] if paths else ".") in said.err.splitlines()[-1]


def test_what_is_no_regular_file_is_refused(folder: Path) -> None:
    os.mkfifo("pipe.jsonl")
    assert "pipe.jsonl: not a regular file" in mistake("check", "pipe.jsonl")


def test_a_dangling_link_is_refused(folder: Path) -> None:
    os.symlink("gone", "link.jsonl")
    assert "link.jsonl" in mistake("check", "link.jsonl")
    assert "link.jsonl" in mistake("check", ".")


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_an_unreadable_file_or_folder_is_refused(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(OK)
    (folder / "inner").mkdir()
    for path, said in (("a.jsonl", "a.jsonl: cannot be read"), ("inner", "inner: cannot be read")):
        (folder / path).chmod(0)
        assert said in mistake("check", path)
        (folder / path).chmod(0o700)


def test_an_error_of_the_disk_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `chmod` does for users and not for root: reading fails."""
    Path("a.jsonl").write_bytes(OK)

    def refuse(chunk: source.Chunk) -> source.Lines:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(source, "read", refuse)
    assert "a.jsonl: cannot be read (Input/output error)" in mistake("check", "a.jsonl")


def test_standard_input_may_be_empty_or_broken(folder: Path) -> None:
    assert [json.loads(check("-", stdin=data).out.splitlines()[0])["code"] for data in (b"", b"{", b"\xff\xfe")] == [
        "empty-file",
        "invalid-json",
        "invalid-encoding",
    ]


# A file that changes while it is read.


@pytest.mark.parametrize("moment", ["while it is judged", "before it is reported"])
@pytest.mark.parametrize("change", ["grows", "shrinks", "vanishes", "is replaced"])
def test_a_file_that_changes_during_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch, change: str, moment: str) -> None:
    data = Path("a.jsonl")
    data.write_bytes(jsonl(*(line(f"问 {n}", "") for n in range(50))))

    def meddle() -> Any:
        if change == "grows":
            data.write_bytes(data.read_bytes() + OK)
        elif change == "shrinks":
            data.write_bytes(OK)
        elif change == "vanishes":
            data.unlink(missing_ok=True)
        elif (folder / "other").exists():
            os.replace(folder / "other", data)

    (folder / "other").write_bytes(OK * 99)
    if moment == "while it is judged":
        judge = lint.judge
        monkeypatch.setattr(lint, "judge", lambda setup, chunk: meddle() or judge(setup, chunk))
    else:
        monkeypatch.setattr(lint, "settle", lambda *args: meddle() or settle.settle(*args))
    said = check("a.jsonl")
    assert said.code == 2 and said.err.startswith("sftlint: a.jsonl: ") and len(said.err.splitlines()) == 1, said.err


def test_the_report_reads_no_more_than_the_run_did(folder: Path) -> None:
    """A finding is located in the chunk it was found in, in lots, and not in the whole file for each."""
    Path("a.jsonl").write_bytes(jsonl(*(line(f"问 {n}", "") for n in range(3000))))
    result = lint.lint(source.collect(["a.jsonl"]), Config(select=("empty-target",)), chunk=4096)
    places = [d.location for d in diagnostic.diagnostics(result, result.findings)]
    assert [place and place[0] for place in places] == list(range(1, 3001))


# The samples of the platform's guide, in words of our own.


def test_an_agent_who_speaks_first_is_right() -> None:
    value = {
        "context": [
            "您好，0718 号客服为您服务，请问有什么可以帮您？",
            "我的路由器一直闪红灯，上不了网。",
            "好的，请问您重启过路由器吗？",
        ],
        "target": "重启过了，还是一样。",
    }
    english = {
        "context": ["Agent 0718 speaking, how may I help?", "The router blinks red and I am offline.", "Did you restart it?"],
        "target": "I did, it is still the same.",
    }
    assert codes(jsonl(value, english), select=(*CORE, "dialogue", "content")) == []


def test_the_quote_that_closes_the_context_is_named() -> None:
    bad = [
        '{ "context": ["判断下面评论的情感，只回答积极或消极\\n评论: 菜很新鲜], "target": "积极"}',
        '{"context": ["Say only good or bad.\\nReview: cold soup], "target": "bad"}',
    ]
    findings = found(jsonl(*bad, line("判断下面评论的情感", "积极")), select=("invalid-json",))
    assert [f["location"] for f in findings] == [
        {"row": 1, "column": bad[0].index("], ") + 1},
        {"row": 2, "column": bad[1].index("], ") + 1},
    ]
    assert all("a quote is missing before `]" in f["message"] and "quote" in f["suggestion"] for f in findings)
    with_chinese = command(
        "check", "-", "--isolated", "--select=invalid-json", "--output-format=concise", "--lang=zh", stdin=jsonl(*bad)
    )
    assert with_chinese.out.count("缺少双引号") == 2


def test_labels_that_break_the_form_are_valid_json() -> None:
    """The guide's sentiment records with their quotes are sound; that a target is no label is for other rules to say."""
    asked = "判断下面评论的情感，只回答积极或消极\n评论: {}"
    data = jsonl(
        line(asked.format("菜很新鲜"), "积极"),
        line(asked.format("汤是冷的"), "消极"),
        line(asked.format("还行"), "这家店在江边，风景不错。"),
    )
    assert codes(data) == []


def _refuse(*_: Any, **__: Any) -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS), "x")


def test_a_disk_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear line for each way to write: on a disk that is read-only even removing what is not there fails."""
    with files_of({"a.jsonl": jsonl(line("Hi", "a\x08b"))}):
        command("baseline", "create")
        opened = open

        def read_only(path: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
            here = os.path.dirname(os.path.abspath(path)) == os.getcwd()
            return _refuse() if here and not mode.startswith("r") else opened(path, mode, *more, **options)

        monkeypatch.setattr("builtins.open", read_only)
        for name in ("unlink", "mkdir", "write_text", "write_bytes"):
            monkeypatch.setattr(Path, name, _refuse)
        monkeypatch.setattr("sftlint.writing.output._Written", _refuse)
        for options, said in (
            (("check", "--fix", "-q"), "a.jsonl: cannot be written beside (Read-only file system)"),
            (("check", "-o", "r.txt"), "--output-file: r.txt: cannot be written (Read-only file system)"),
            (("baseline", "create", "--force"), "sftlint-baseline.json: cannot be written (Read-only file system)"),
            (("init",), "x: Read-only file system"),
        ):
            done = command(*options)
            assert (done.code, len(done.err.splitlines())) == (2, 1) and said in done.err, done


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk() -> None:
    with files_of({"a.jsonl": EMPTY}):
        for options in (("check", "a.jsonl"), ("rules",)):
            err = io.StringIO()
            with (
                open("/dev/full", "w", encoding="utf-8") as full,
                mock.patch.object(sys, "argv", ["sftlint", *options]),
                contextlib.redirect_stdout(full),
                contextlib.redirect_stderr(err),
                pytest.raises(SystemExit) as end,
            ):
                cli.main()
            assert end.value.code == 2
            assert err.getvalue().startswith("sftlint: standard output: No space left on device; ")
        said = mistake("check", "a.jsonl", "-o", "/dev/full", "-q", "--output-format", "sarif")
        assert said.startswith("sftlint: --output-file: /dev/full: cannot be written (No space left on device)")


def test_the_report_s_file_is_blamed_for_its_own_faults_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with files_of({"a.jsonl": EMPTY}):
        monkeypatch.setattr("sftlint.commands.check._check_unchanged", _refuse)
        said = mistake("check", "a.jsonl", "-o", "r.txt")
        assert "--output-file" not in said and said.startswith("sftlint: x: Read-only file system")
        assert os.listdir() == ["a.jsonl"]


@pytest.mark.parametrize(
    ("command_line", "code"),
    [
        ("check a.jsonl >&-", 1), ("check a.jsonl 2>&-", 1), ("check a.jsonl >&- 2>&-", 1), ("check a.jsonl -o r.txt >&-", 1),
        ("version >&-", 0), ("check - <&-", 2), ("check nope 2>&-", 2), ("check nope 2>/dev/full", 2),
    ],
)  # fmt: skip
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_streams_that_are_closed_or_full(command_line: str, code: int) -> None:
    with files_of({"a.jsonl": EMPTY}):
        shell = (
            f"{sys.executable} -m sftlint {command_line} -q"
            if "check" in command_line
            else f"{sys.executable} -m sftlint {command_line}"
        )
        done = subprocess.run(["sh", "-c", shell], capture_output=True, env=environment(), check=False, timeout=120)
        assert done.returncode == code and b"Traceback" not in done.stderr, done
        assert Path("a.jsonl").read_bytes() == EMPTY


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_folder_with_what_is_no_file() -> None:
    """A pipe that nobody writes to."""
    with files_of({"d/a.jsonl": EMPTY}):
        os.mkfifo("d/pipe.jsonl")
        done = process("check", "d", "--output-format=concise", timeout=60)
        assert done.code == 1 and "d/a.jsonl:1" in done.out
        assert "d/pipe.jsonl" in done.err


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"$ref": "http://example.com/x.json"}, "cannot be applied (Unresolvable: http://example.com/x.json)"),
        ({"$ref": "#"}, "cannot be applied (endless $ref)"),
    ],
)
def test_a_schema_that_cannot_be_applied(schema: Any, said: str) -> None:
    with files_of({"a.jsonl": EMPTY, "s.json": json.dumps(schema).encode()}):
        assert said in mistake("check", "a.jsonl", "--schema", "s.json")
