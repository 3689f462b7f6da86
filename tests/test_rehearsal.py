"""Plans are carried out on a copy of the account first, and planned again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowsync.model import FlowDefinition, JsonValue, RemoteFlow, StepKind
from tests.cli.serving import Served, embedded, flow_id, parsed, run, statuses
from tests.support import Repository, flow_json


def break_planner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the planner write metadata where it should upload, as a bug might."""
    from flowsync.plan import decide, edits
    from flowsync.plan.values import FieldChange, Step

    def without_upload(
        fields: tuple[FieldChange, ...], definition: FlowDefinition, remote: RemoteFlow
    ) -> tuple[Step, ...]:
        return tuple(
            Step(kind=StepKind.UPDATE, flow_id=step.flow_id, categories=definition.categories)
            for step in edits.edit_steps(fields, definition, remote)
        )

    monkeypatch.setattr(decide, "edit_steps", without_upload)


def test_a_plan_that_comes_to_rest_says_so(repository: Repository) -> None:
    repository.flow("a")
    ran = run(repository, "plan")
    assert ran.exit_code == 0
    assert "a copy of the account in memory; a second plan finds nothing left to do\n" in ran.stdout
    document = parsed(run(repository, "plan", "--format", "json"))
    assert document["rehearsal"] == {"converges": True, "problems": []}


def test_the_rehearsal_writes_nothing_anywhere(repository: Repository, served: Served) -> None:
    repository.config(staging=served.target())
    repository.flow("a")
    assert run(repository, "plan").exit_code == 0
    assert set(served.taken()) == {"list"}
    assert not Path(".flowsync/journal").exists()
    assert not Path(".flowsync/backups").exists()


def test_a_plan_that_does_not_come_to_rest_is_found_before_anything_is_written(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("a", content=flow_json("Mail"))
    break_planner(monkeypatch)
    planned = run(repository, "plan")
    assert planned.exit_code == 3
    assert "apply will refuse, because the plan does not converge" in planned.stdout
    applied = run(repository, "apply", "--yes")
    assert applied.exit_code == 6
    assert "a does not come to rest" in applied.stderr
    with embedded() as platform:
        assert platform.get_flow(flow_id("A")).content == flow_json()


def test_a_step_that_the_platform_refuses_is_named(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flowsync.plan import decide

    repository.flow("a", content=flow_json(endpoint=True), endpoint_uri="https://x.example")
    run(repository, "apply", "--yes", "--stop-before", "publish")
    repository.flow("a", content=flow_json(endpoint=True))
    with embedded() as platform:
        platform.update_flow(flow_id("A"), endpoint_uri="")
    monkeypatch.setattr(decide, "publish_problem", lambda *args: None)
    document = parsed(run(repository, "plan", "--format", "json"))
    (problem,) = document["rehearsal"]["problems"]
    assert (problem["label"], problem["step"]) == ("a", "publish")
    assert "endpoint_uri" in problem["message"]


def test_rehearsing_can_be_left_out(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.flow("a")
    with_it = parsed(run(repository, "plan", "--format", "json"))
    without = parsed(run(repository, "plan", "--no-rehearse", "--format", "json"))
    assert without["rehearsal"] is None
    assert with_it["digest"] == without["digest"]
    assert "not rehearsed" in run(repository, "plan", "--no-rehearse").stdout
    run(repository, "apply", "--yes")
    repository.flow("a", content=flow_json("Mail"))
    break_planner(monkeypatch)
    assert run(repository, "apply", "--yes", "--no-rehearse").exit_code == 0


def test_a_saved_plan_keeps_what_its_rehearsal_found(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("a", content=flow_json("Mail"))
    break_planner(monkeypatch)
    run(repository, "plan", "--out", "plan.json")
    monkeypatch.undo()
    monkeypatch.chdir(repository.root)
    ran = run(repository, "apply", "plan.json", "--yes")
    assert ran.exit_code == 6
    assert "does not come to rest" in ran.stderr


@pytest.mark.parametrize(
    "status", ["DRAFT", "PUBLISHED", "THROTTLED", "BLOCKED", "DEPRECATED", "NEW_STATUS"]
)
@pytest.mark.parametrize("state", ["draft", "published", "deprecated", "absent"])
def test_every_plan_for_every_status_comes_to_rest(
    repository: Repository, status: str, state: str
) -> None:
    with embedded() as platform:
        new = platform.create_flow("100000000000001", name="A", categories=["OTHER"])
        platform.upload(new, json.dumps(flow_json("Old")).encode())
        platform.force_status(new, status)
        platform.create_flow("100000000000001", name="unmanaged", categories=["OTHER"])
    repository.flow("a", state=state, replace=state == "published")
    document = parsed(run(repository, "plan", "--format", "json"))
    assert document["rehearsal"]["converges"], document["rehearsal"]


def test_flows_of_one_name_in_the_account_do_not_stop_a_rehearsal(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    with served.emulated.store.transaction() as db:
        db.execute("DROP INDEX flow_names")
    for _ in range(2):
        with served.emulated.store.transaction() as db:
            db.execute(
                "INSERT INTO flows (account, name, status, categories)"
                " VALUES (?, 'A', 'DRAFT', '[]')",
                (served.emulated.account,),
            )
    repository.flow("a")
    repository.flow("b")
    document = parsed(run(repository, "plan", "--format", "json"))
    assert document["rehearsal"]["converges"]
    assert document["summary"]["conflict"] == 1
    assert set(statuses(served.platform)) == {"A"}


def test_a_pruned_flow_is_rehearsed_too(repository: Repository) -> None:
    repository.flow("a")
    prune: JsonValue = {"match": "old-*", "draft": "delete", "published": "deprecate"}
    repository.config(local={"remote": "emulator", "prune": prune})
    with embedded() as platform:
        platform.create_flow("100000000000001", name="old-1", categories=["OTHER"])
    document = parsed(run(repository, "plan", "--format", "json"))
    assert document["summary"]["delete"] == 1
    assert document["rehearsal"]["converges"]


def test_flows_of_one_name_can_be_pruned(repository: Repository, served: Served) -> None:
    repository.config(staging=served.target(prune={"match": "Old", "draft": "delete"}))
    with served.emulated.store.transaction() as db:
        db.execute("DROP INDEX flow_names")
        for _ in range(2):
            db.execute(
                "INSERT INTO flows (account, name, status, categories)"
                " VALUES (?, 'Old', 'DRAFT', '[]')",
                (served.emulated.account,),
            )
    repository.flow("b")
    document = parsed(run(repository, "plan", "--format", "json"))
    assert document["summary"]["delete"] == 2
    assert document["rehearsal"]["converges"], document["rehearsal"]
    assert run(repository, "apply", "--yes").exit_code == 0
    assert set(statuses(served.platform)) == {"B"}
