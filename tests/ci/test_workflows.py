"""The workflows that `flowsync init --ci github` writes: run whole, and what they never hold."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from flowsync.assets import ci_files
from tests.ci.conftest import FORK, MERGE, MakeRunner, pull_request
from tests.ci.stand_in import GitHubStandIn
from tests.cli.serving import Served, run
from tests.support import TOKEN, Repository

FOLDER = Path(".github/workflows")
PLAN, APPLY, DRIFT = (FOLDER / f"flowsync-{name}.yml" for name in ("plan", "apply", "drift"))
WRITTEN = dict(ci_files("github"))
ACTION = ".github/actions/flowsync/action.yml"
WORKFLOWS = sorted(WRITTEN.keys() - {ACTION})
SECRETS = {"FLOWSYNC_TOKEN": "write-token-not-secret", "FLOWSYNC_READ_TOKEN": TOKEN}
STAGING = {"FLOWSYNC_TARGET": "staging"}


def document(name: str) -> dict[str, Any]:
    # `on` is a boolean in YAML 1.1, and GitHub reads it as a word
    found: dict[str, Any] = yaml.safe_load(WRITTEN[name].replace("\non:", "\n'on':"))
    return found


def steps_of(name: str) -> list[dict[str, Any]]:
    read = document(name)
    if name == ACTION:
        steps: list[dict[str, Any]] = read["runs"]["steps"]
        return steps
    return [step for job in read["jobs"].values() for step in job["steps"]]


def test_a_pull_request_is_planned_with_the_token_that_reads(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner, served: Served
) -> None:
    wired.config(staging=served.target(), local={"remote": "emulator"})
    job = runner(pull_request(), secrets=SECRETS, variables=STAGING)
    assert job.runs_job(PLAN, "plan") == "success", job.log
    assert job.runs_job(PLAN, "without-secrets") == "skipped"
    assert "1 to create" in github.bodies(7)[0]
    kept = job.step("Keep the plan")
    assert Path(kept.given["path"]).is_file()
    assert kept.uses.startswith("actions/upload-artifact@")
    used = {value for top in job.steps for step in top.every() for value in step.env.values()}
    assert SECRETS["FLOWSYNC_READ_TOKEN"] in used
    assert SECRETS["FLOWSYNC_TOKEN"] not in used


def test_what_a_bot_proposes_is_taken_for_foreign(runner: MakeRunner) -> None:
    job = runner(pull_request(user="dependabot[bot]"), secrets=SECRETS)
    assert job.runs_job(PLAN, "plan") == "skipped"


def test_a_pull_request_from_a_fork_is_planned_against_the_emulator_without_secrets(
    wired: Repository,
    github: GitHubStandIn,
    runner: MakeRunner,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    base = tmp_path_factory.mktemp("base") / "flows"
    shutil.copytree(wired.root, base)
    wired.flow("added")

    def checkout(given: Mapping[str, str]) -> None:
        if "path" in given:
            assert given["ref"] == "c" * 40
            shutil.copytree(base, wired.root / given["path"])

    job = runner(
        pull_request(head_repository=FORK),
        token=github.token(contents="read"),
        secrets=SECRETS,
        variables=STAGING,
        checkout=checkout,
    )
    assert job.runs_job(PLAN, "plan") == "skipped"
    assert job.runs_job(PLAN, "without-secrets") == "success", job.log
    assert "Validate" in [step.name for step in job.steps]
    assert "1 to create" in job.summary
    assert "`added`" in job.summary
    assert "`contact`" not in job.summary  # the base branch has it
    assert github.requests == []
    for top in job.steps:
        for step in top.every():
            assert not set(SECRETS.values()) & set(step.env.values())
    assert not (wired.root / ".flowsync-base").exists()


def test_a_merge_is_applied_with_the_token_that_writes_and_drift_is_gone_then(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner, served: Served
) -> None:
    wired.config(staging=served.target(token="${env:FLOWSYNC_TOKEN}"))
    secrets = {**SECRETS, "FLOWSYNC_TOKEN": TOKEN}
    assert runner(pull_request(), secrets=secrets).runs_job(PLAN, "plan") == "success"
    github.repository.pulls[7].update(merged_at="now", merge_commit_sha=MERGE)

    job = runner(secrets=secrets)
    assert job.runs_job(APPLY, "apply") == "success", job.log
    assert "1 applied" in github.bodies(7)[1]
    assert served.taken()["create"] == 1
    job = runner(secrets=secrets)
    assert job.runs_job(DRIFT, "drift") == "success"
    assert github.repository.issues == {}


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_every_action_is_pinned_by_commit_or_stands_in_the_repository(name: str) -> None:
    uses = [step["uses"] for step in steps_of(name) if "uses" in step]
    assert uses
    for action in uses:
        pinned = re.fullmatch(
            r"actions/(checkout|setup-python|upload-artifact)@[0-9a-f]{40}", action
        )
        assert pinned or action == "./.github/actions/flowsync"
    for line in WRITTEN[name].splitlines():
        if re.search(r"uses: actions/", line):
            assert re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_no_script_holds_an_expression(name: str) -> None:
    for step in steps_of(name):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_no_right_that_is_not_named_in_a_job(name: str) -> None:
    read = document(name)
    assert read["permissions"] == {}
    assert read["concurrency"]["group"]
    for job in read["jobs"].values():
        allowed = {"contents": "read", "pull-requests": "write", "issues": "write"}
        assert job["permissions"].items() <= allowed.items()
        assert "timeout-minutes" in job
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_pull_requests_from_forks_run_without_secrets_and_with_no_right_to_write() -> None:
    read = document(str(PLAN))
    assert set(read["on"]) == {"pull_request"}
    job = read["jobs"]["without-secrets"]
    assert job["permissions"] == {"contents": "read"}
    assert "environment" not in job
    assert "secrets." not in str(job)
    assert all("pull_request_target" not in text for text in WRITTEN.values())


def test_apply_waits_for_its_environment_and_for_the_apply_before_it() -> None:
    read = document(str(APPLY))
    assert read["on"]["push"] == {"branches": ["main"]}
    assert read["concurrency"]["cancel-in-progress"] is False
    [job] = read["jobs"].values()
    assert job["environment"] == "production"
    [step] = [step for step in job["steps"] if "with" in step and "command" in step["with"]]
    assert step["with"]["command"] == "apply"
    assert "require-review" not in step["with"]


def test_gitlab_plans_merge_requests_and_applies_the_very_plan_by_hand(
    repository: Repository,
) -> None:
    assert run(repository, "init", "--ci", "gitlab").exit_code == 0
    text = Path(".gitlab-ci.flowsync.yml").read_text("utf-8")
    assert "@VERSION@" not in text
    read = yaml.safe_load(text)
    plan, apply = read["flowsync-plan"], read["flowsync-apply"]
    assert apply["needs"] == ["flowsync-plan"]
    assert apply["rules"][0]["when"] == "manual"
    assert plan["allow_failure"] == {"exit_codes": [2]}
    codes = (0, 2, 0)
    for command, code in zip([*plan["script"], *apply["script"]], codes, strict=True):
        name, *words = command.split()
        assert name == "flowsync"
        assert run(repository, *words).exit_code == code
    for file in (*plan["artifacts"]["paths"], *apply["artifacts"]["paths"]):
        assert Path(file).is_file()
