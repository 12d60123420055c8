"""The GitHub Action: audited, and run step by step with inputs and data that mean harm."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from sftlint import action
from sftlint.errors import Error
from tests import schemas
from tests.composite import EXPRESSION, Composite, Done
from tests.helpers import CLEAN, EMPTY, NOTED, ROOT, TWICE, check, files_of, jsonl, line, tool

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
UPLOAD = "github/codeql-action/upload-sarif"
#: Text that does something wherever a shell, a runner or the command takes it for its own.
HARM = (
    "$(touch pwned)", "`touch pwned`", "; touch pwned; #", '"; touch pwned; "', "'; touch pwned; '", "${{ github.token }}",
    "a\nexit-code=0\n::error::pwned", "--exit-zero", "-opwned", "&& touch pwned", "%0A::error::pwned",
)  # fmt: skip
unix = pytest.mark.skipif(not tool("bash") or sys.platform == "win32", reason="the action is for runners with bash")


@pytest.fixture(scope="session")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that runs this checkout, where the action would make one that it installs itself into."""
    home = tmp_path_factory.mktemp("action") / "sftlint-venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", home], check=True)
    paths = {str(ROOT): 0, sysconfig.get_path("purelib"): 0, sysconfig.get_path("platlib"): 0}
    (next(home.glob("lib/python*/site-packages")) / "lent.pth").write_text("\n".join(paths) + "\n")
    (home / "from").write_text(str(ROOT))
    return home


@pytest.fixture
def workspace(tmp_path: Path, venv: Path) -> Path:
    """The checkout of a repository, beside the folder of its runner."""
    (tmp_path / "temp").mkdir()
    (tmp_path / "temp/sftlint-venv").symlink_to(venv)
    (tmp_path / "repository").mkdir()
    return tmp_path / "repository"


def run(workspace: Path, refused: tuple[str, ...] = (), inputs: dict[str, str] | None = None, **more: str) -> Done:
    given = (inputs or {}) | {name.replace("_", "-"): value for name, value in more.items()}
    return Composite(ROOT, workspace, workspace.parent / "temp", refused).run(given)


def obeyed(log: str) -> list[str]:
    """What the runner would take for commands: a line that begins with `::`, or `##[` anywhere."""
    return [text for text in re.split(r"\r\n|[\r\n]", log) if text.lstrip().startswith("::") or "##[" in text]


def test_no_input_reaches_a_shell_and_every_action_is_pinned() -> None:
    for step in STEPS:
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", step["uses"])
        else:
            assert not EXPRESSION.search(step["run"]) and step["shell"] == "bash"
            assert step["run"].startswith("set -euo pipefail\n")
            assert all(" -I " in text for text in step["run"].splitlines() if "python" in text.lower() and " -m " in text)
    named = set(re.findall(r"inputs\.([\w-]+)", json.dumps(STEPS)))
    assert named == set(ACTION["inputs"]), "an input that nothing reads, or a step that reads what is none"
    assert "exit" in STEPS[-1]["run"] and "exit-code" in STEPS[-1]["if"]


@pytest.mark.skipif(not tool("zizmor"), reason="zizmor is not installed")
def test_zizmor_finds_nothing() -> None:
    done = subprocess.run(
        [tool("zizmor"), "--offline", "--no-progress", "--persona=pedantic", "action.yml", ".pre-commit-hooks.yaml"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not tool("check-jsonschema"), reason="check-jsonschema is not installed")
def test_it_fits_the_schema_of_actions() -> None:
    done = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", "action.yml"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _workflows() -> list[str]:
    """The GitHub workflows that the documentation shows."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs/ci.md").read_text("utf-8"), re.M | re.S)
    return [block for block in blocks if "runs-on:" in block]


def test_the_workflows_of_the_documentation_name_inputs_and_outputs_that_exist() -> None:
    steps = [step for text in _workflows() for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
    ours = [step for step in steps if "sftlint" in step.get("uses", "")]
    assert len(ours) >= 3
    for step in ours:
        assert set(step.get("with", {})) <= set(ACTION["inputs"])
    named = set(re.findall(r"steps\.sftlint\.outputs\.([\w-]+)", json.dumps(steps)))
    assert named and named <= set(ACTION["outputs"])
    documented = set(re.findall(r"^\| `([\w-]+)` \|", (ROOT / "docs/ci.md").read_text("utf-8"), re.M))
    assert documented >= {*ACTION["inputs"], *ACTION["outputs"]}


@pytest.mark.skipif(not tool("zizmor") or not tool("check-jsonschema"), reason="zizmor or check-jsonschema is not installed")
def test_the_workflows_of_the_documentation_pass_the_audits(tmp_path: Path) -> None:
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    for number, text in enumerate(_workflows()):
        (folder / f"{number}.yml").write_text(text, "utf-8")
    names = [f".github/workflows/{path.name}" for path in sorted(folder.iterdir())]
    for command in (
        [tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *names],
        [tool("zizmor"), "--offline", "--no-progress", "--persona=pedantic", *names],
    ):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@unix
def test_clean_data_passes(workspace: Path) -> None:
    (workspace / "训练 a.jsonl").write_bytes(CLEAN)
    done = run(workspace)
    assert (done.code, obeyed(done.log)[:1]) == (0, ["::group::sftlint: how often each rule hit"]), done.log
    assert done.outcomes["Pass or fail"] == "skipped" and not done.used
    report = Path(done.outputs.pop("report"))
    assert report.is_relative_to(workspace.parent / "temp") and "PASS" in report.read_text("utf-8")
    counts = {"findings": "0", "errors": "0", "warnings": "0", "notes": "0"}
    assert done.outputs == {"exit-code": "0", "sarif-file": "", **counts}
    assert done.summary.startswith("## ✅ sftlint")


@unix
def test_findings_are_counted_annotated_uploaded_and_fail_last(workspace: Path) -> None:
    (workspace / "data").mkdir()
    (workspace / "data/a b.jsonl").write_bytes(EMPTY + TWICE + NOTED)
    done = run(workspace, paths="data/a b.jsonl\r\n\n", sarif="true", category="a b")
    assert done.code == 1 and list(done.outcomes.items())[-1] == ("Pass or fail", "failure"), done.log
    assert done.outputs["exit-code"] == "1" and done.outputs["errors"] == "1"
    assert int(done.outputs["findings"]) == sum(int(done.outputs[name]) for name in ("errors", "warnings", "notes"))
    assert "::error title=sftlint (empty-target),file=data/a b.jsonl,line=1," in done.log and done.summary.startswith(
        "## ❌ sftlint"
    )
    assert [(name.split("@")[0], given) for name, given in done.used] == [
        (UPLOAD, {"sarif_file": done.outputs["sarif-file"], "category": "a b"})
    ]
    sarif = json.loads(Path(done.outputs["sarif-file"]).read_text("utf-8"))
    jsonschema.validate(sarif, schemas.SARIF, jsonschema.Draft202012Validator)
    assert sarif["runs"][0]["properties"]["findings"] == int(done.outputs["findings"])
    assert all(
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "data/a%20b.jsonl"
        for result in sarif["runs"][0]["results"]
    )


@unix
def test_a_refused_upload_is_a_notice(workspace: Path) -> None:
    (workspace / "a.jsonl").write_bytes(CLEAN)
    done = run(workspace, (UPLOAD,), sarif="true", summary="false")
    assert done.code == 0 and done.outcomes["upload"] == "failure" and done.summary == ""
    assert obeyed(done.log)[-1].startswith("::notice title=sftlint::code scanning took no findings")


@unix
def test_files_with_names_that_mean_harm_are_files(workspace: Path) -> None:
    names = [text.replace("\n", " ").replace("/", "") + ".jsonl" for text in HARM] + ["-", "--no-packs", "-h", "a;b 'c\".jsonl"]
    for name in names:
        (workspace / name).write_bytes(EMPTY)
    done = run(workspace, paths="\n".join(names), args="--select empty-target")
    assert done.code == 1 and done.outputs["errors"] == str(len(names)), done.log
    assert sorted(path.name for path in workspace.iterdir()) == sorted(names)
    assert all(re.match(r"::(error|notice|group|endgroup)\b.*(sftlint|::$)", text) for text in obeyed(done.log))


@unix
@pytest.mark.parametrize("name", sorted(set(ACTION["inputs"]) - {"python", "category"}))
def test_inputs_that_mean_harm_do_none(workspace: Path, name: str) -> None:
    (workspace / "a.jsonl").write_bytes(EMPTY)
    done = run(workspace, inputs={name: "\n".join(HARM)})
    assert done.code == 2 and done.outputs["exit-code"] == "2" and done.outputs["report"] == "", done.log
    assert [path.name for path in workspace.iterdir()] == ["a.jsonl"] and not done.used
    assert len(obeyed(done.log)) == 1 and done.log.splitlines()[-1].startswith("::error title=sftlint::"), done.log


@unix
def test_a_python_that_is_none_is_named(workspace: Path) -> None:
    (workspace.parent / "temp/sftlint-venv").unlink()
    done = run(workspace, python="$(touch pwned)")
    assert done.code == 2 and "::error title=sftlint::the input python names no Python 3.11" in done.log
    assert not list(workspace.iterdir())


@unix
def test_data_that_means_harm_does_none(workspace: Path) -> None:
    texts = [
        *HARM,
        "\r::error::pwned",
        "\u2028::error::pwned",
        "##[error]pwned",
        "::stop-commands::x",
        "</details><script>alert(1)",
    ]
    lines = jsonl(*(line(f"{text} {number}", text + "\x00") for number, text in enumerate(texts)))
    (workspace / "a.jsonl").write_bytes(lines + b"\n::error::pwned\n\x1b]0;pwned\x07\n##[error]pwned\n")
    done = run(workspace, sarif="true")
    assert done.code == 1, done.log
    allowed = r"::(?:(?:error|warning|notice) title=sftlint.*|group::sftlint.*|endgroup::)"
    assert [text for text in obeyed(done.log) if not re.fullmatch(allowed, text)] == []
    assert not any(mark in done.log + done.summary for mark in ("\x1b", "\x00", "\u2028", "<script"))
    assert [path.name for path in workspace.iterdir()] == ["a.jsonl"]


_HARMFUL_MODULE = "open('pwned', 'w').close()\n"
_RULE = """
from sftlint import Finding, Phrase, Rule
open('loaded', 'w').close()
"""


@unix
def test_no_code_of_the_repository_is_run_unless_that_is_wanted(workspace: Path) -> None:
    for name in ("pip.py", "venv.py", "json.py", "numpy.py", "orjson.py", "sitecustomize.py", "usercustomize.py", "sftlint.py"):
        (workspace / name).write_text(_HARMFUL_MODULE)
    (workspace / "lint_rules").mkdir()
    (workspace / "lint_rules/own.py").write_text(_RULE)
    (workspace / "sftlint.toml").write_text('rules = ["lint_rules"]\nignore = ["empty-target"]\n')
    (workspace / "a.jsonl").write_bytes(EMPTY)
    done = run(workspace, args="--engine processes --jobs 2")
    assert done.code == 0, done.log  # the configuration was read
    assert not (workspace / "pwned").exists() and not (workspace / "loaded").exists()
    done = run(workspace, allow_packs="true")
    assert (workspace / "loaded").exists() and not (workspace / "pwned").exists(), done.log


@unix
def test_configuration_baseline_and_severity_are_as_wanted(workspace: Path) -> None:
    (workspace / "a.jsonl").write_bytes(TWICE)
    assert run(workspace, fail_on="error").outputs["exit-code"] == "0"
    done = run(workspace, fail_on="never", args="--extend-select 'all' --field \"target=a b\"")
    assert (done.code, done.outputs["exit-code"]) == (0, "0") and int(done.outputs["findings"]), done.log
    (workspace / "own.toml").write_text('ignore = ["all"]\n')
    done = run(workspace, config="own.toml", baseline="no.json")
    assert done.code == 2 and "no.json" in obeyed(done.log)[-1], done.log


@unix
def test_it_installs_itself(tmp_path: Path) -> None:
    """The whole of it once, with the environment that it makes, from a copy of what it needs of this checkout."""
    source, workspace = tmp_path / "action", tmp_path / "repository"
    (tmp_path / "temp").mkdir()
    workspace.mkdir()
    source.mkdir()
    for name in ("sftlint", "rules"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "action.yml"):
        shutil.copy(ROOT / name, source)
    for name in ("pip.py", "venv.py", "hatchling.py", "sftlint.py"):
        (workspace / name).write_text(_HARMFUL_MODULE)
    (workspace / "a.jsonl").write_bytes(EMPTY)
    done = Composite(source, workspace, tmp_path / "temp").run({"python": sys.executable})
    if "install" in done.outcomes and done.outcomes["install"] == "failure":
        if any(mark in done.log for mark in ("No matching distribution", "Retrying", "Connection")):
            pytest.skip("the network is missing, and with it what sftlint needs")
        pytest.fail(done.log)
    assert (done.code, done.outputs["errors"]) == (1, "1"), done.log
    assert not (workspace / "pwned").exists()
    again = Composite(source, workspace, tmp_path / "temp").run({"python": "no-python"})  # the environment is kept
    assert again.code == 1 and again.outputs["report"] != done.outputs["report"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("INPUT_PATHS", "\n\r\n", "paths: names nothing"),
        ("INPUT_FAIL_ON", "info", "fail-on: 'info' is none of"),
        ("INPUT_SARIF", "yes", "sarif: 'yes' is neither true nor false"),
        ("INPUT_SUMMARY", "1", "summary: '1' is neither"),
        ("INPUT_ALLOW_PACKS", "True", "allow-packs: 'True' is neither"),
        ("INPUT_ARGS", "--select 'a", "args: No closing quotation"),
    ],
)
def test_an_input_that_cannot_be_is_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(Error, match=re.escape(said)):
        action.arguments({name: value}, tmp_path)


def test_paths_stand_behind_the_options(tmp_path: Path) -> None:
    wanted = action.arguments({"INPUT_PATHS": "-\n--exit-zero\na b\n", "INPUT_ARGS": "--preset 'pangu-n2'"}, tmp_path)
    assert wanted[wanted.index("--") :] == ["--", "./-", "--exit-zero", "a b"]
    assert "--no-packs" in wanted and wanted[wanted.index("--") - 2 : wanted.index("--")] == ["--preset", "pangu-n2"]


def test_what_a_failed_run_says_is_no_command() -> None:
    assert action.harmless("  ::error::x") == "|   ::error::x"
    assert not obeyed("\n".join(map(action.harmless, ["::a::\r", "\x1b[1m", "x ##[error]y", "\u2028::x::y"])))


def test_one_run_makes_several_reports() -> None:
    with files_of({"a.jsonl": EMPTY}):
        said = check("a.jsonl", "--output-format=json-lines", "--also=json=a.json", "--also=statistics=counts.txt")
        assert json.loads(said.out) == json.loads(Path("a.json").read_text("utf-8"))[0]
        assert Path("counts.txt").read_text("utf-8").split() == ["1", "error", "empty-target"]
        for wrong in ("sarif", "nothing=a.txt", "json=a.jsonl", "json=no/such/folder"):
            said = check("a.jsonl", f"--also={wrong}")
            assert said.code == 2 and "--also: " in said.err
        assert check("a.jsonl", "--diff", "--also=json=b.json").code == 2
