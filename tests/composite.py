"""Runs a composite GitHub Action as far as this one needs it: `run` steps in bash, `uses` steps only recorded.

It knows the expressions of action.yml and no others: an expression that it does not know is an error, and so is one inside `run`,
where the text of an input would become a command. See "Metadata syntax for GitHub Actions" in GitHub's documentation.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_REFERENCE = re.compile(r"inputs\.[\w-]+|github\.action_path|steps\.[\w-]+\.(?:outcome|outputs\.[\w-]+)")
_CONDITION = re.compile(rf"\$\{{\{{ ({_REFERENCE.pattern}) (==|!=) '([^']*)' \}}\}}")
_OUTPUT = re.compile(r"([\w-]+)=(.*)")


@dataclass
class Done:
    """What became of a run."""

    code: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    """Step to success, failure or skipped, in the order of the steps."""
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """(action, inputs) of each `uses` step that was reached."""


class Composite:
    """The action in *folder*, run in *workspace* with *temp* as the runner's folder. Steps that use a *refused* action fail."""

    def __init__(self, folder: Path, workspace: Path, temp: Path, refused: tuple[str, ...] = ()) -> None:
        self.action: dict[str, Any] = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
        self.folder, self.workspace, self.temp, self.refused = folder, workspace, temp, refused
        self.inputs: dict[str, str] = {}
        self.set: dict[str, dict[str, str]] = {}
        self.done = Done()

    def run(self, inputs: Mapping[str, str]) -> Done:
        known = self.action["inputs"]
        assert set(inputs) <= set(known), "the action has no such input"
        self.inputs = {name: inputs.get(name, str(entry.get("default", ""))) for name, entry in known.items()}
        for step in self.action["runs"]["steps"]:
            self._step(step)
        self.done.outputs = {name: self.filled(entry["value"]) for name, entry in self.action["outputs"].items()}
        return self.done

    def _step(self, step: dict[str, Any]) -> None:
        name = step.get("id", step["name"])
        if self.done.code or not self._wanted(step.get("if")):
            self.done.outcomes[name] = "skipped"
            return
        given = {key: self.filled(str(value)) for key, value in (step.get("env") or step.get("with") or {}).items()}
        if "uses" in step:
            self.done.used.append((step["uses"], given))
            code = int(step["uses"].split("@")[0] in self.refused)
        else:
            code = self._bash(name, step, given)
        self.done.outcomes[name] = "failure" if code else "success"
        if not step.get("continue-on-error"):
            self.done.code = code

    def _bash(self, name: str, step: dict[str, Any], given: dict[str, str]) -> int:
        assert step["shell"] == "bash" and "${{" not in step["run"]
        number = len(self.done.outcomes)
        files = {key: self.temp / f"{key}-{number}" for key in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_bytes(b"")
        script = self.temp / f"step-{number}.sh"
        script.write_text(step["run"], "utf-8")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "SFTLINT_", "GITHUB_"))}
        environment |= {key: str(path) for key, path in files.items()} | given
        environment |= {"GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_ACTION_PATH": str(self.folder)}
        environment |= {"GITHUB_WORKSPACE": str(self.workspace), "RUNNER_TEMP": str(self.temp)}
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        done = subprocess.run(
            command, cwd=self.workspace, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=240, check=False,
        )  # fmt: skip
        self.done.log += done.stdout.decode("utf-8")
        self.done.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        for line in files["GITHUB_OUTPUT"].read_text("utf-8").splitlines():
            found = _OUTPUT.fullmatch(line)
            assert found, f"no output: {line!r}"
            self.set.setdefault(name, {})[found[1]] = found[2]
        return done.returncode

    def filled(self, text: str) -> str:
        """*text* with the values of its expressions."""
        return EXPRESSION.sub(lambda found: self._value(found[1]), text)

    def _value(self, reference: str) -> str:
        assert _REFERENCE.fullmatch(reference), f"an expression that the runner does not know: {reference}"
        kind, *names = reference.split(".")
        if kind == "github":
            return str(self.folder)
        if kind == "inputs":
            return self.inputs[names[0]]
        return self.done.outcomes.get(names[0], "") if names[1] == "outcome" else self.set.get(names[0], {}).get(names[2], "")

    def _wanted(self, condition: str | None) -> bool:
        if condition is None:
            return True
        found = _CONDITION.fullmatch(condition)
        assert found, f"a condition that the runner does not know: {condition}"
        return (self._value(found[1]) == found[3]) == (found[2] == "==")
