"""`flowsync rollback`: the definitions of an earlier revision come back through a plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.serving import Served, embedded, flow_id, parsed, run, statuses
from tests.git_repository import commit, git
from tests.support import Repository, flow_json


@pytest.fixture
def edited(repository: Repository) -> Repository:
    """A repository whose one flow was published at v1, then edited and published at v2."""
    repository.flow("booking")
    commit("v1")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("booking", content=flow_json("Mail"))
    commit("v2")
    assert run(repository, "apply", "--yes").exit_code == 0
    return repository


def content(name: str = "Booking") -> object:
    with embedded() as platform:
        return platform.get_flow(flow_id(name)).content


def test_a_flow_goes_back_through_a_plan_and_no_file_changes(edited: Repository) -> None:
    ran = run(edited, "rollback", "--to", "v1", "--yes")
    assert ran.exit_code == 0
    assert 'label "Mail" → "E-mail"' in ran.stdout
    assert "steps: upload → publish (one-way)" in ran.stdout
    assert content() == flow_json()
    assert git("status", "--short") == ""
    assert "what was published since cannot be taken back" in ran.stderr
    assert "the next apply brings it back" in ran.stderr
    assert "`git checkout v1 -- flows`" in ran.stderr
    assert "1 to update" in run(edited, "plan").stdout


def test_a_second_time_there_is_nothing_to_do(edited: Repository) -> None:
    assert run(edited, "rollback", "--to", "v1", "--yes").exit_code == 0
    ran = run(edited, "rollback", "--to", "v1")
    assert ran.exit_code == 0
    assert "Nothing to do: 1 flow in step" in ran.stdout
    assert "next apply" not in ran.stderr


def test_without_a_yes_or_with_dry_run_nothing_is_changed(edited: Repository) -> None:
    assert run(edited, "rollback", "--to", "v1").exit_code == 6
    dry = run(edited, "rollback", "--to", "v1", "--dry-run")
    assert dry.exit_code == 0
    assert "1 to update" in dry.stdout
    assert content() == flow_json("Mail")


def test_a_dry_run_sends_only_reads_and_its_reports_are_of_the_plan(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    repository.flow("a")
    commit("v1")
    repository.flow("a", content=flow_json("Mail"))
    assert run(repository, "apply", "--yes").exit_code == 0
    served.taken()
    ran = run(repository, "rollback", "--to", "v1", "--dry-run", "--report", "json=r.json")
    assert ran.exit_code == 0
    assert set(served.taken()) <= {"list", "get"}
    document = json.loads(Path("r.json").read_text("utf-8"))
    assert document["changes"][0]["action"] == "update"


def test_target_variables_and_policy_are_those_of_today(repository: Repository) -> None:
    repository.flow("a", content=flow_json("${var:label}"))
    repository.config(local={"remote": "emulator", "vars": {"label": "Then"}})
    commit("v1")
    repository.flow("a", content=flow_json("Other"))
    repository.config(local={"remote": "emulator", "vars": {"label": "Now"}, "allow": []})
    ran = run(repository, "rollback", "--to", "v1", "--yes")
    assert ran.exit_code == 6
    assert "--allow publish" in ran.stderr
    assert run(repository, "rollback", "--to", "v1", "--yes", "--allow=publish").exit_code == 0
    assert content("A") == flow_json("Now")


def test_a_flow_that_was_renamed_since_gets_its_name_back(edited: Repository) -> None:
    edited.flow("booking", name="Other", renamed_from=["Booking"])
    assert run(edited, "apply", "--yes").exit_code == 0
    before = flow_id("Other")
    edited.flow("booking", name="Other")
    assert run(edited, "rollback", "--to", "v1", "--yes").exit_code == 0
    assert flow_id("Booking") == before


def test_a_flow_that_was_renamed_under_another_key_is_not_made_twice(edited: Repository) -> None:
    Path("flows/booking.yaml").unlink()
    edited.flow("moved", name="Other", renamed_from=["Booking"])
    assert run(edited, "apply", "--yes").exit_code == 0
    before = flow_id("Other")
    assert run(edited, "rollback", "--to", "v1", "--yes").exit_code == 0
    assert flow_id("Booking") == before
    with embedded() as platform:
        assert len(statuses(platform)) == 1


def test_flows_without_a_definition_then_are_named_and_never_pruned(edited: Repository) -> None:
    edited.flow("later", state="draft")
    assert run(edited, "apply", "--yes").exit_code == 0
    edited.config(local={"remote": "emulator", "prune": {"match": "*", "draft": "delete"}})
    ran = run(edited, "rollback", "--to", "v1", "--yes")
    assert ran.exit_code == 0
    assert "and left alone: later" in ran.stderr
    with embedded() as platform:
        assert statuses(platform) == {"Booking": "PUBLISHED", "Later": "DRAFT"}
    ran = run(edited, "rollback", "later", "--to", "v1")
    assert ran.exit_code == 64
    assert "there was no definition of later" in ran.stderr


def test_keys_choose_what_goes_back(edited: Repository) -> None:
    edited.flow("other", content=flow_json("Then"))
    commit("v3")
    edited.flow("other", content=flow_json("Now"))
    assert run(edited, "apply", "--yes").exit_code == 0
    assert run(edited, "rollback", "oth*", "--to", "v3", "--yes").exit_code == 0
    assert content("Other") == flow_json("Then")
    assert content() == flow_json("Mail")


def test_a_deleted_draft_comes_back_with_another_id_and_that_is_said(
    repository: Repository,
) -> None:
    repository.flow("a", state="draft")
    commit("v1")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a", state="absent")
    assert run(repository, "apply", "--yes", "--allow", "delete").exit_code == 0
    ran = run(repository, "rollback", "--to", "v1", "--yes")
    assert ran.exit_code == 0
    assert "a: the flow is not on the remote any more; it comes back with another id" in ran.stderr
    assert content("A") == flow_json()


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ("draft", "published", "it was a draft then; a publish cannot be taken back"),
        ("published", "deprecated", "it is deprecated, which cannot be taken back"),
    ],
)
def test_what_cannot_be_undone_is_said_and_not_tried(
    repository: Repository, then: str, now: str, said: str
) -> None:
    repository.flow("a", state=then)
    commit("v1")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a", state=now)
    assert run(repository, "apply", "--yes", "--allow", "deprecate").exit_code == 0
    ran = run(repository, "rollback", "--to", "v1", "--yes")
    assert said in ran.stderr
    with embedded() as platform:
        assert statuses(platform) == {"A": now.upper()}


def test_definitions_of_then_that_are_wrong_stop_it_and_it_is_said_whose_they_are(
    repository: Repository,
) -> None:
    repository.flow("a", state="liv")
    commit("v1")
    repository.flow("a")
    ran = run(repository, "rollback", "--to", "v1")
    assert ran.exit_code == 3
    assert "these are the definitions as of v1 (" in ran.stderr
    assert "flows/a.yaml:5:8:" in ran.stderr


def test_flow_json_that_was_missing_then_is_not_taken_from_today(repository: Repository) -> None:
    repository.flow("a").with_suffix(".json").rename("a.json")
    commit("v1")
    Path("a.json").rename("flows/a.json")
    ran = run(repository, "rollback", "--to", "v1")
    assert ran.exit_code == 3
    assert 'flow_json "a.json" does not exist' in ran.stderr


def test_a_definition_that_cannot_be_read_now_keeps_its_flow_from_going_back(
    edited: Repository,
) -> None:
    edited.flow("other")
    commit("v3")
    Path("flows/booking.yaml").write_text("name: [", "utf-8")
    ran = run(edited, "rollback", "--to", "v1", "--yes")
    assert ran.exit_code == 6
    assert "the definition of booking cannot be read now" in ran.stderr
    assert run(edited, "rollback", "other", "--to", "v3", "--yes").exit_code == 0


def test_a_revision_without_definitions_is_wrong_usage(repository: Repository) -> None:
    commit("v0")
    repository.flow("a")
    ran = run(repository, "rollback", "--to", "v0")
    assert ran.exit_code == 64
    assert "there were no definitions in flows at v0" in ran.stderr


def test_the_outcome_is_shown_in_the_formats_of_apply(edited: Repository) -> None:
    ran = run(edited, "rollback", "--to", "v1", "--yes", "--format", "jsonl")
    assert ran.exit_code == 0
    last = json.loads(ran.stdout.splitlines()[-1])
    assert (last["event"], last["command"], last["exit_code"]) == ("summary", "rollback", 0)
    ran = run(edited, "rollback", "--to", "v1", "--yes", "--format", "json")
    assert parsed(ran)["flows"][0]["result"] == "unchanged"
