"""Runs jobs and composite actions as GitHub's runner does: bash, files for outputs, conditions.

Actions of others (`actions/*`) are noted, not run; what `checkout` would do is the test's business.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax,
https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import eq
from pathlib import Path
from typing import Any

import yaml

from tests.ci.expressions import Functions, evaluated, filled, is_true

ROOT = Path(__file__).parent.parent.parent
_KEPT = ("COVERAGE", "COV_CORE", "LANG", "XDG_STATE_HOME")
_STATUS = re.compile(r"\b(always|success|failure|cancelled)\(\)")


class _Outputs(dict[str, str]):
    """Outputs of a step; one that was not written is empty, as on GitHub."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return ""


@dataclass
class StepRun:
    """How a step went: `outcome` is success, failure or skipped."""

    name: str
    outcome: str = "skipped"
    conclusion: str = "skipped"
    outputs: dict[str, str] = field(default_factory=_Outputs)
    log: str = ""
    uses: str = ""
    given: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    inner: list[StepRun] = field(default_factory=list)

    def every(self) -> list[StepRun]:
        """Give this step and those inside of it."""
        return [self, *(each for step in self.inner for each in step.every())]


class Runner:
    """A runner with a work tree, an event, and what GitHub would set; `summary` is the job's."""

    def __init__(
        self,
        workspace: Path,
        scratch: Path,
        *,
        event_name: str,
        event: Mapping[str, Any],
        api_url: str,
        token: str,
        commit: str,
        ref_name: str,
        repository: str = "acme/flows",
        secrets: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
        inputs: Mapping[str, str] | None = None,
        action_inputs: Mapping[str, str] | None = None,
        flowsync: str = f'"{sys.executable}" -m flowsync',
        checkout: Callable[[Mapping[str, str]], None] = lambda given: None,
    ) -> None:
        self.workspace, self.scratch = workspace, scratch
        self.summary, self.steps = "", list[StepRun]()
        self._checkout = checkout
        self._given_besides = dict(action_inputs or {})
        (scratch / "event.json").write_text(json.dumps(event), "utf-8")
        binaries = scratch / "bin"
        binaries.mkdir()
        for name, words in {"flowsync": flowsync, "python3": f'"{sys.executable}"'}.items():
            (binaries / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            (binaries / name).chmod(0o755)
        self._contexts: dict[str, Any] = {
            "github": {
                "event": event,
                "event_name": event_name,
                "repository": repository,
                "token": token,
                "sha": commit,
                "ref_name": ref_name,
            },
            "secrets": _Outputs(secrets or {}),
            "vars": _Outputs(variables or {}),
            "inputs": _Outputs(inputs or {}),
        }
        self._env = {
            **{name: value for name, value in os.environ.items() if name.startswith(_KEPT)},
            "PATH": f"{binaries}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(scratch),
            "PYTHONPATH": str(ROOT),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": api_url,
            "GITHUB_EVENT_NAME": event_name,
            "GITHUB_EVENT_PATH": str(scratch / "event.json"),
            "GITHUB_REF_NAME": ref_name,
            "GITHUB_REPOSITORY": repository,
            "GITHUB_RUN_ID": "77",
            "GITHUB_SERVER_URL": "https://github.test",
            "GITHUB_SHA": commit,
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(scratch),
        }

    @property
    def log(self) -> str:
        """Give all that the steps printed."""
        return "".join(step.log for top in self.steps for step in top.every())

    def step(self, name: str) -> StepRun:
        """Give the one step of this name, at any depth."""
        found = [step for top in self.steps for step in top.every() if step.name == name]
        assert len(found) == 1, (name, [step.name for top in self.steps for step in top.every()])
        return found[0]

    def runs_job(self, workflow: Path, job: str) -> str:
        """Run a job of a workflow and give success, failure or skipped."""
        document = yaml.safe_load(workflow.read_text("utf-8"))
        found = document["jobs"][job]
        assert found.keys() <= {
            "name", "if", "runs-on", "timeout-minutes", "environment", "permissions", "steps",
        }  # fmt: skip
        condition = found.get("if", "true")
        if not is_true(evaluated(str(condition), self._contexts, {})):
            return "skipped"
        return self._all(found["steps"], self._contexts, self._env, self.steps, None)

    def run_action(self, given: Mapping[str, str], env: Mapping[str, str] | None = None) -> StepRun:
        """Run the action of this repository with inputs, as a step of a job would."""
        step = {"id": "tested", "uses": "./.github/actions/flowsync", "with": dict(given)}
        if env:
            step["env"] = dict(env)
        self._all([step], self._contexts, self._env, self.steps, None)
        return self.steps[-1]

    def _all(
        self,
        steps: list[dict[str, Any]],
        contexts: dict[str, Any],
        env: dict[str, str],
        runs: list[StepRun],
        action: Path | None,
    ) -> str:
        by_id: dict[str, Any] = {
            step["id"]: {"outputs": _Outputs(), "outcome": "", "conclusion": ""}
            for step in steps
            if "id" in step
        }
        contexts = {**contexts, "steps": by_id, "env": env}
        status = "success"
        for step in steps:
            assert step.keys() <= {
                "id", "name", "if", "uses", "with", "run", "shell", "env",
                "working-directory", "continue-on-error",
            }  # fmt: skip
            run = StepRun(step.get("name") or step.get("uses") or step["run"])
            runs.append(run)
            functions: Functions = {
                "always": lambda: True,
                "success": partial(eq, status, "success"),
            }
            condition = str(step.get("if", "success()"))
            holds = is_true(evaluated(condition, contexts, functions))
            if not _STATUS.search(condition):
                holds = holds and status == "success"
            if not holds:
                continue
            run.env = {
                name: filled(str(value), contexts, functions)
                for name, value in step.get("env", {}).items()
            }
            if "uses" in step:
                self._use(step, run, contexts, {**env, **run.env})
            else:
                self._bash(step, run, contexts, {**env, **run.env}, action)
            run.conclusion = "success" if step.get("continue-on-error") else run.outcome
            if "id" in step:
                by_id[step["id"]].update(
                    outputs=_Outputs(run.outputs), outcome=run.outcome, conclusion=run.conclusion
                )
            status = "failure" if run.conclusion == "failure" else status
        if action is not None:
            self._steps_of_action = contexts["steps"]
        return status

    def _use(
        self, step: dict[str, Any], run: StepRun, contexts: dict[str, Any], env: dict[str, str]
    ) -> None:
        run.uses = step["uses"]
        run.given = {
            name: filled(_text(value), contexts, {}) for name, value in step.get("with", {}).items()
        }
        run.outcome = "success"
        if re.fullmatch(r"actions/checkout@[0-9a-f]{40}", run.uses):
            self._checkout(run.given)
        if not run.uses.startswith("./"):
            return
        folder = self.workspace / run.uses
        document = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
        assert document["runs"]["using"] == "composite"
        declared = document["inputs"]
        given = {**self._given_besides, **run.given}
        assert given.keys() <= declared.keys(), f"no such input: {given.keys() - declared.keys()}"
        inputs = {
            name: given.get(name, filled(_text(about.get("default", "")), contexts, {}))
            for name, about in declared.items()
        }
        inner: dict[str, Any] = {"github": contexts["github"], "inputs": inputs}  # no secrets
        steps = document["runs"]["steps"]
        assert all("shell" in each for each in steps if "run" in each)
        action_env = {**env, "GITHUB_ACTION_PATH": str(folder)}
        run.outcome = self._all(steps, inner, action_env, run.inner, folder)
        inner["steps"] = self._steps_of_action
        run.outputs = _Outputs(
            {name: filled(about["value"], inner, {}) for name, about in document["outputs"].items()}
        )

    def _bash(
        self,
        step: dict[str, Any],
        run: StepRun,
        contexts: dict[str, Any],
        env: dict[str, str],
        action: Path | None,
    ) -> None:
        script = filled(step["run"], contexts, {})
        assert script == step["run"], "an expression inside a script"
        number = len(list(self.scratch.glob("step*.sh")))
        file = self.scratch / f"step{number}.sh"
        file.write_text(script, "utf-8")
        files = {
            f"GITHUB_{name}": self.scratch / f"{name.lower()}{number}"
            for name in ("OUTPUT", "STEP_SUMMARY", "ENV", "PATH")
        }
        for each in files.values():
            each.touch()
        strict = ["--noprofile", "--norc", "-eo", "pipefail"] if "shell" in step else ["-e"]
        assert step.get("shell", "bash") == "bash"
        ended = subprocess.run(
            ["bash", *strict, str(file)],
            cwd=self.workspace / filled(step.get("working-directory", "."), contexts, {}),
            env={**env, **{name: str(each) for name, each in files.items()}},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        run.log = ended.stdout
        run.outcome = "success" if ended.returncode == 0 else "failure"
        run.outputs = _Outputs(parsed_outputs(files["GITHUB_OUTPUT"].read_text("utf-8")))
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        assert files["GITHUB_ENV"].read_text() == files["GITHUB_PATH"].read_text() == ""


def parsed_outputs(text: str) -> dict[str, str]:
    """Give the outputs in a file that GITHUB_OUTPUT names, as the runner reads it."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        if heredoc := re.fullmatch(r"([\w-]+)<<(.+)", line):
            value: list[str] = []
            for inner in lines:
                if inner == heredoc[2]:
                    break
                value.append(inner)
            else:
                raise AssertionError(f"{heredoc[1]} does not end")
            found[heredoc[1]] = "\n".join(value)
        else:
            name, equals, rest = line.partition("=")
            assert re.fullmatch(r"[\w-]+=", name + equals), f"no output: {line!r}"
            found[name] = rest
    return found


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
