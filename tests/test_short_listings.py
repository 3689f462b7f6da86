"""Absence is never concluded from a listing that lost, repeated or mixed up something.

The account is in step at first. Then the repository asks for what absence would decide about, and
the listing is short: nothing is created, deleted or deprecated, and the plan says why.
"""

from __future__ import annotations

from itertools import cycle, product
from pathlib import Path

import pytest

from flowsync.model import JsonValue
from flowsync.remotes.emulator.refusals import unknown_flow
from flowsync.remotes.emulator.stored import StoredFlow
from tests.cli.serving import Served, parsed, run, statuses
from tests.sizes import IS_FULL
from tests.support import Repository, flow_json

PRUNE: JsonValue = {"match": "Old-*", "draft": "delete", "published": "deprecate"}
IN_STEP = {"A": "PUBLISHED", "B": "PUBLISHED", "C": "PUBLISHED", "D": "DRAFT", "Old-1": "DRAFT"}


@pytest.fixture
def asked(repository: Repository, served: Served) -> Repository:
    """A repository that asks for what is there, for a deprecation, a deletion and a pruning."""
    repository.config(staging=served.target())
    for key in "abc":
        repository.flow(key)
    repository.flow("d", state="draft")
    repository.flow("old-1", state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.config(staging=served.target(prune=PRUNE))
    for name in ("old-1.yaml", "old-1.json"):
        (repository.root / "flows" / name).unlink()
    repository.flow("c", state="deprecated")
    repository.flow("d", state="absent")
    served.taken()
    return repository


def removals(repository: Repository, *args: str) -> dict[str, int]:
    """Plan, and give how many creations, deletions and deprecations are planned."""
    ran = run(repository, "plan", "--format", "json", *args)
    if not ran.stdout:
        return {"refused": 1}
    summary = parsed(ran)["summary"]
    return {name: summary[name] for name in ("create", "delete", "deprecate")}


def test_a_whole_listing_lets_all_of_it_happen(asked: Repository) -> None:
    assert removals(asked) == {"create": 0, "delete": 2, "deprecate": 1}


FAULTS = [
    "list@1:page-lost",
    "list@2:page-lost",
    "list@1:page-lost=3",
    "list:page-repeated",
    "list@1:page-repeated=5",
    "list:page-blank",
    "list@2:page-blank=5",
    "list@1:page-empty",
    "list@2:page-empty",
    "list:no-data",
    "list@2:no-data",
]
# Each kind of fault meets an account that was seen before, and a fresh clone.
ALTERNATING = zip(FAULTS, cycle([True, False]), strict=False)
REMEMBERING = list(product(FAULTS, [True, False]) if IS_FULL else ALTERNATING)


@pytest.mark.parametrize(("fault", "remembers"), REMEMBERING)
def test_nothing_is_created_or_removed_on_the_word_of_a_short_listing(
    asked: Repository, served: Served, fault: str, remembers: bool
) -> None:
    if not remembers:
        for file in Path(".flowsync/seen").iterdir():
            file.unlink()
    served.emulated.faults.add(fault)
    found = removals(asked)
    assert found in ({"create": 0, "delete": 0, "deprecate": 0}, {"refused": 1})
    served.emulated.faults.clear()
    served.emulated.faults.add(fault)
    ran = run(asked, "apply", "--yes")
    assert ran.exit_code in {5, 6}
    assert not {"create", "delete", "deprecate"} & set(served.taken())
    assert statuses(served.platform) == IN_STEP


@pytest.mark.parametrize("fault", ["list:page-lost", "list:page-lost=5", "list:page-empty"])
def test_a_listing_that_stays_short_is_caught_by_what_was_seen_before(
    asked: Repository, served: Served, fault: str
) -> None:
    served.emulated.faults.add(fault)
    assert removals(asked) in ({"create": 0, "delete": 0, "deprecate": 0}, {"refused": 1})
    ran = run(asked, "apply", "--yes")
    assert ran.exit_code in {5, 6}
    assert "lists no flows" in ran.output or "is not listed but can still be read" in ran.output
    assert statuses(served.platform) == IN_STEP


def test_the_order_of_a_listing_decides_nothing(asked: Repository, served: Served) -> None:
    served.emulated.faults.add("list:page-reordered")
    assert removals(asked) == {"create": 0, "delete": 2, "deprecate": 1}


def test_a_flow_that_is_really_gone_is_asked_for_once_and_then_forgotten(
    asked: Repository, served: Served
) -> None:
    (gone,) = (
        flow.id
        for flow in served.platform.list_flows(served.emulated.account)
        if flow.name == "Old-1"
    )
    served.platform.delete(gone)
    assert removals(asked) == {"create": 0, "delete": 1, "deprecate": 1}
    assert served.taken()["get"] == 4  # three that the plan needs, and the one that is gone
    assert removals(asked) == {"create": 0, "delete": 1, "deprecate": 1}
    assert served.taken()["get"] == 3


def test_a_flow_that_cannot_be_asked_for_is_not_believed_to_be_gone(
    asked: Repository, served: Served
) -> None:
    served.emulated.faults.add("list:page-lost=1")
    served.emulated.faults.add("get@4:server-error*9")
    ran = run(asked, "plan")
    assert ran.exit_code == 5
    assert "is not listed but cannot be asked for" in ran.stdout
    assert "--allow-empty-remote" in ran.stdout
    removed = removals(asked, "--allow-empty-remote")
    assert removed["create"] + removed["delete"] + removed["deprecate"] > 0


def test_that_flows_are_gone_can_be_said(asked: Repository, served: Served) -> None:
    for flow in served.platform.list_flows(served.emulated.account):
        with served.emulated.store.transaction() as db:
            db.execute("DELETE FROM live_versions")
            db.execute("DELETE FROM flows WHERE id = ?", (flow.id,))
    assert run(asked, "plan").exit_code == 6
    found = removals(asked, "--allow-empty-remote")
    assert found == {"create": 2, "delete": 0, "deprecate": 0}


def test_one_flow_that_is_listed_and_not_to_be_had_stops_only_itself(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    for key in "abc":
        repository.flow(key, content=flow_json("Old"))
    assert run(repository, "apply", "--yes").exit_code == 0
    for key in "abc":
        repository.flow(key)
    hidden = served.platform.list_flows(served.emulated.account)[1].id
    get_flow = served.platform.get_flow

    def hide(flow_id: str) -> StoredFlow:
        if flow_id == hidden:
            raise unknown_flow(flow_id)
        return get_flow(flow_id)

    served.platform.get_flow = hide  # type: ignore[method-assign]
    ran = run(repository, "plan")
    assert ran.exit_code == 3
    assert "the flow is listed, but could not be read" in ran.stdout
    assert "2 to update, 1 conflict" in ran.stdout
