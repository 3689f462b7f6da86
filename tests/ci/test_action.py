"""The composite action, run step by step as GitHub's runner would, against the emulator."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from flowsync.assets import ci_files
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from tests.ci.conftest import MERGE, MakeRunner, pull_request
from tests.ci.runner import ROOT
from tests.ci.stand_in import GitHubStandIn
from tests.cli.serving import Served, run
from tests.git_repository import commit, git
from tests.support import TOKEN, Repository, flow_json

NO_CHANGES = "Nothing to do"


def edit(repository: Repository, label: str) -> None:
    file = repository.root / "flows" / "contact.json"
    text = re.sub(r'("label": ")[^"]*(")', rf"\g<1>{label}\g<2>", file.read_text("utf-8"), count=1)
    file.write_text(text, "utf-8")


def merged(github: GitHubStandIn, **fields: Any) -> None:
    github.repository.pulls[7].update(merged_at="now", merge_commit_sha=MERGE, **fields)


# --- plan on a pull request ---


def test_the_comment_is_made_once_and_then_updated_also_when_nothing_changes_any_more(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner
) -> None:
    job = runner(pull_request())
    first = job.run_action({"command": "plan"})
    assert first.outcome == "success"
    [body] = github.bodies(7)
    assert "1 to create" in body
    assert first.outputs["digest"] in body
    declared = yaml.safe_load((ROOT / ".github/actions/flowsync/action.yml").read_text("utf-8"))
    assert set(first.outputs) == set(declared["outputs"])
    assert (first.outputs["has-changes"], first.outputs["exit-code"]) == ("true", "2")
    plan = json.loads(Path(first.outputs["plan-file"]).read_text("utf-8"))
    assert plan["digest"] == first.outputs["digest"]
    assert first.outputs["summary"].strip() == job.summary.strip()

    run(wired, "apply", "--yes")
    edit(wired, "Your address")
    job = runner(pull_request())
    job.run_action({"command": "plan"})
    [body] = github.bodies(7)
    assert "1 to update" in body
    assert re.search(r"^::notice file=flows/contact\.json,line=", job.log, re.MULTILINE)

    run(wired, "apply", "--yes")
    last = runner(pull_request()).run_action({"command": "plan"})
    assert last.outputs["has-changes"] == "false"
    [body] = github.bodies(7)
    assert NO_CHANGES in body
    assert [request.split()[0] for request in github.writes] == ["POST", "PATCH", "PATCH"]


def test_files_that_are_wrong_fail_the_job_after_the_comment_says_so(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner
) -> None:
    (wired.root / "flows" / "contact.yaml").write_text("name: [", "utf-8")
    job = runner(pull_request())
    step = job.run_action({"command": "plan"})
    assert step.outcome == "failure"
    assert step.outputs["exit-code"] == "3"
    assert step.outputs["plan-file"] == step.outputs["has-changes"] == step.outputs["digest"] == ""
    [body] = github.bodies(7)
    assert "the files are wrong" in body
    assert "the files are wrong" in job.summary


def test_a_finding_is_annotated_at_its_path_in_the_repository(
    wired: Repository, runner: MakeRunner
) -> None:
    run(wired, "init", "second")
    (wired.root / "second/flows/contact.yaml").write_text("name: [", "utf-8")
    job = runner(pull_request())
    step = job.run_action({"command": "validate", "working-directory": "./second/"})
    assert step.outcome == "failure"
    assert re.search(r"^::error file=second/flows/contact\.yaml,line=1", job.log, re.MULTILINE)


@pytest.mark.parametrize(
    ("folder", "shown"),
    [
        ("a, b/50%: c", "a%2C b/50%25%3A c"),
        ("%2C file=x,line=9", "%252C file=x%2Cline=9"),
        ("a&b\\c", "a&b\\c"),
    ],
)
def test_signs_in_the_working_directory_are_escaped_as_github_asks(
    wired: Repository, runner: MakeRunner, folder: str, shown: str
) -> None:
    run(wired, "init", folder)
    (wired.root / folder / "flows/contact.yaml").write_text("name: [", "utf-8")
    job = runner(pull_request())
    job.run_action({"command": "validate", "working-directory": folder})
    assert f"\n::error file={shown}/flows/contact.yaml,line=1," in f"\n{job.log}"


def test_only_the_file_of_an_annotation_is_given_the_working_directory(
    wired: Repository, runner: MakeRunner
) -> None:
    run(wired, "init", "second")
    folder = wired.root / "second"
    (folder / "flows/contact file=x.yaml").write_text("name: [", "utf-8")
    job = runner(pull_request())
    job.run_action({"command": "validate", "working-directory": "second"})
    assert "::error file=second/flows/contact file=x.yaml,line=1," in job.log
    (folder / "flowsync.yaml").write_text("version: 1\ndefault_target: ' file=a'\n", "utf-8")
    job = runner(pull_request())
    job.run_action({"command": "plan", "working-directory": "second"})
    assert "file=second/a" not in job.log


def test_words_of_args_are_handed_on_one_a_line_and_read_by_no_shell(
    wired: Repository, runner: MakeRunner
) -> None:
    words = "cont*\n\n--stop-before\npublish\r\n$(touch owned);`touch owned`"
    job = runner(pull_request())
    assert job.run_action({"args": words}).outputs["exit-code"] == "64"
    assert "no flow matches" in job.log or "$(touch owned);`touch owned`" in job.log
    assert not list(wired.root.rglob("owned"))
    step = runner(pull_request()).run_action({"args": words.rpartition("\n")[0]})
    assert json.loads(Path(step.outputs["plan-file"]).read_text())["is_partial"] is True


def test_an_unknown_command_fails_before_anything_is_planned(runner: MakeRunner) -> None:
    job = runner(pull_request())
    step = job.run_action({"command": "aply"})
    assert step.outcome == "failure"
    assert "none of validate, plan, apply and drift" in job.log
    assert step.outputs["exit-code"] == ""


def test_neither_token_is_in_any_output(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner, served: Served
) -> None:
    wired.config(staging=served.target())
    wired.flow("booking")
    token = github.token(contents="read", pull_requests="write")
    job = runner(pull_request(), token=token)
    step = job.run_action({"target": "staging", "read-token": TOKEN})
    assert step.outputs["exit-code"] == "2", job.log
    for text in (job.log, job.summary, *github.bodies(7), str(step.outputs)):
        assert token not in text
        assert TOKEN not in text
    for inner in step.inner:
        has_github = token in inner.env.values()
        has_remote = TOKEN in inner.env.values()
        assert not (has_github and has_remote), inner.name
    assert [inner.name for inner in step.inner if TOKEN in inner.env.values()] == ["Plan"]


# --- apply on a merge ---


def test_a_merge_applies_the_plan_that_the_pull_request_showed_and_says_how_it_ended(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner
) -> None:
    runner(pull_request()).run_action({"command": "plan"})
    merged(github)
    job = runner()
    step = job.run_action({"command": "apply"})
    assert step.outcome == "success", job.log
    assert step.outputs["exit-code"] == "0"
    assert json.loads(step.outputs["ids"])["contact"].isdigit()
    plan, applied = github.bodies(7)
    assert "1 to create" in plan
    assert "Apply complete: 1 applied" in applied
    assert "Apply complete: 1 applied" in job.summary

    again = runner().run_action({"command": "apply"})  # a run that is started once more
    assert again.outcome == "success"
    assert again.outputs["has-changes"] == "false"
    assert len(github.bodies(7)) == 2


def test_a_plan_that_moved_since_the_review_is_not_applied_until_its_digest_is_given(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner
) -> None:
    runner(pull_request()).run_action({"command": "plan"})
    edit(wired, "Something else")
    merged(github)
    job = runner()
    refused = job.run_action({"command": "apply"})
    assert refused.outcome == "failure"
    assert refused.outputs["exit-code"] == "6"
    assert "no longer what was reviewed" in job.summary
    assert "no longer what was reviewed" in github.bodies(7)[1]
    assert NO_CHANGES not in run(wired, "plan").stdout

    given = {"command": "apply", "digest": refused.outputs["digest"]}
    assert runner().run_action(given).outcome == "success"
    assert NO_CHANGES in run(wired, "plan").stdout


def test_without_require_review_a_merge_is_applied_as_it_is(
    github: GitHubStandIn, runner: MakeRunner
) -> None:
    given = {"command": "apply", "require-review": "false", "comment": "false"}
    assert runner().run_action(given).outcome == "success"
    assert github.requests == []


def test_words_of_apply_args_reach_apply_and_not_plan(runner: MakeRunner) -> None:
    job = runner()
    given = {"command": "apply", "require-review": "false", "apply-args": "--alow=delete"}
    assert job.run_action(given).outputs["exit-code"] == "64"
    assert "--allow" in job.log


# --- where changes come from ---


def test_the_base_of_a_pull_request_tells_where_changes_come_from(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner, served: Served
) -> None:
    wired.config(staging=served.target())
    for key in ("here", "there", "both"):
        wired.flow(key)
    assert run(wired, "apply", "--target", "staging", "--yes").exit_code == 0
    commit("main-before")
    (wired.root / ".flowsync/applied/staging.json").unlink()  # nothing is kept in CI
    for key in ("here", "both"):
        wired.flow(key, content=flow_json("Edited here"))
    flows = {flow.name: flow.id for flow in served.platform.list_flows(DOCUMENTED_ACCOUNT)}
    for name in ("There", "Both"):
        served.platform.upload(flows[name], json.dumps(flow_json("In the console")).encode())
    event = pull_request(base=git("rev-parse", "main-before"))
    job = runner(event)
    step = job.run_action({"target": "staging", "read-token": TOKEN})
    assert step.outputs["exit-code"] == "3", job.log
    [body] = github.bodies(7)
    assert "| `both` | conflict | it was changed on both sides since" in body
    assert re.search(r"`here` \| \*\*update\*\* \|.* the repository \|", body)
    assert re.search(r"`there` \| \*\*update\*\* \|.* \*\*the remote\*\* \|", body)
    settled = runner(event).run_action(
        {"target": "staging", "read-token": TOKEN, "args": "--prefer=repository"}
    )
    assert settled.outputs["exit-code"] == "2"


def test_a_checkout_without_the_base_is_told_how_to_get_it(
    wired: Repository, runner: MakeRunner
) -> None:
    job = runner(pull_request(base="d" * 40))
    assert job.run_action({}).outcome == "success"
    assert f"lacks the commit {'d' * 40}. Check out with `fetch-depth: 0`" in job.log


def test_a_base_that_was_asked_for_must_be_there(wired: Repository, runner: MakeRunner) -> None:
    commit("one")
    job = runner(pull_request())
    assert job.run_action({"base": "v9"}).outputs["exit-code"] == "64"
    assert 'git knows no commit "v9"' in job.log
    assert runner(pull_request()).run_action({"base": "none"}).outcome == "success"


# --- drift ---


def test_drift_opens_one_issue_and_closes_it_when_it_is_gone(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner
) -> None:
    step = runner().run_action({"command": "drift"})
    assert step.outcome == "success"
    assert step.outputs["has-changes"] == "true"
    issue = github.repository.issues[8]
    assert "1 to create" in issue["body"]
    assert issue["title"] == "WhatsApp Flows differ from the repository: default target"

    run(wired, "apply", "--yes")
    assert runner().run_action({"command": "drift"}).outcome == "success"
    assert issue["state"] == "closed"


def test_a_remote_that_cannot_be_read_fails_the_job_and_leaves_the_issue_alone(
    wired: Repository, github: GitHubStandIn, runner: MakeRunner
) -> None:
    wired.config(local={"remote": "emulator", "faults": ["list:status-500"]})
    step = runner().run_action({"command": "drift", "args": "--no-rehearse"})
    assert step.outcome == "failure"
    assert step.outputs["exit-code"] not in {"", "0", "2"}
    assert github.requests == []


# --- the file itself ---


def test_the_copy_that_init_writes_differs_in_the_version_alone() -> None:
    written = dict(ci_files("github"))[".github/actions/flowsync/action.yml"]
    ours = (ROOT / ".github/actions/flowsync/action.yml").read_text("utf-8")
    [(old, new)] = [
        (old, new)
        for old, new in zip(ours.splitlines(), written.splitlines(), strict=True)
        if old != new
    ]
    assert old == '    default: "" # set by `flowsync init --ci github`'
    assert re.fullmatch(r'    default: "\d+\.\d+\.\d+"', new)
