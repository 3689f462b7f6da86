"""What rests on the absence of flows: listings in doubt, pruning, selections."""

from __future__ import annotations

from typing import Any

import pytest

from flowsync.model import DesiredState, FlowKey, StepKind
from flowsync.plan.values import Action, Plan, Reason
from flowsync.policy import Policy, PruneRule
from tests.plan.cases import (
    ABSENT,
    DEPRECATED,
    DRAFT,
    LIVE_STATUSES,
    PUBLISHED,
    UNKNOWN_STATUS,
    a_definition,
    a_flow,
    all_kinds,
    change_of,
    kinds,
    plan_of,
)
from tests.support import flow_json

DOUBTS = ("a page was missing",)
PRUNE_ALL = PruneRule(match="*", deletes_drafts=True, deprecates_published=True)
OLD = flow_json("Old label")


# --- a listing in doubt ---


@pytest.mark.parametrize(
    ("fields", "flows"),
    [
        ({"state": DRAFT}, []),
        ({"state": PUBLISHED}, []),
        ({"state": ABSENT}, [a_flow()]),
        ({"state": DEPRECATED}, [a_flow(status="PUBLISHED")]),
        ({"replace": True}, [a_flow(status="DEPRECATED")]),
        (
            {"replace": True},
            [a_flow(status="PUBLISHED"), a_flow("Booking v2", "PUBLISHED", id="2")],
        ),
    ],
    ids=["create draft", "create", "delete", "deprecate", "replace", "deprecate predecessor"],
)
def test_what_rests_on_absence_is_withheld_in_doubt(fields: dict[str, Any], flows: Any) -> None:
    definition = a_definition(**fields)
    assert change_of(definition, *flows).steps
    change = change_of(definition, *flows, doubts=DOUBTS)
    assert change.action is Action.CONFLICT
    assert "withheld" in (change.conflict or "")
    assert change.way_out


@pytest.mark.parametrize(
    ("fields", "flow", "steps"),
    [
        ({"state": DRAFT}, a_flow(content=OLD), "upload"),
        ({"state": DRAFT, "categories": ("SURVEY",)}, a_flow(), "update"),
        ({}, a_flow(content=OLD), "upload publish"),
        ({}, a_flow(), "publish"),
        ({}, a_flow(status="PUBLISHED", content=OLD), "upload publish"),
    ],
)
def test_updates_are_planned_in_doubt(fields: dict[str, Any], flow: Any, steps: str) -> None:
    change = change_of(a_definition(**fields), flow, doubts=DOUBTS)
    assert kinds(change) == steps


@pytest.mark.parametrize("state", [DRAFT, PUBLISHED])
def test_in_doubt_an_edit_has_no_replacement_to_fall_back_on(state: DesiredState) -> None:
    definition = a_definition(state=state, replace=True)
    flow = a_flow(status="PUBLISHED", content=OLD)
    assert change_of(definition, flow).fallback
    assert change_of(definition, flow, doubts=DOUBTS).fallback == ()


@pytest.mark.parametrize("state", [DEPRECATED, ABSENT])
def test_a_flow_that_is_to_be_gone_and_is_not_listed_needs_nothing_in_doubt(
    state: DesiredState,
) -> None:
    change = change_of(a_definition(state=state), doubts=DOUBTS)
    assert (change.action, change.reasons) == (Action.NONE, (Reason.ALREADY_GONE,))


def test_nothing_is_pruned_in_doubt() -> None:
    plan = plan_of([], [a_flow()], doubts=DOUBTS, policy=Policy(prune=PRUNE_ALL))
    assert plan.changes == ()
    assert len(plan.unmanaged) == 1


def test_a_plan_passes_the_doubts_on() -> None:
    assert plan_of([], [], doubts=DOUBTS).listing_doubts == DOUBTS
    assert plan_of([], []).listing_doubts == ()


# --- pruning ---


def pruned(plan: Plan) -> dict[str, str]:
    return {change.name: kinds(change) for change in plan.changes if change.key is None}


def test_unmanaged_flows_are_listed_and_left_alone_without_a_rule() -> None:
    flows = [a_flow(name, id=name) for name in ("b", "a", "C")]
    plan = plan_of([], flows)
    assert plan.changes == ()
    assert [flow.name for flow in plan.unmanaged] == ["C", "a", "b"]


def test_a_rule_prunes_what_it_names_and_leaves_the_rest() -> None:
    flows = [
        a_flow("acme-draft", id="1"),
        *(a_flow(f"acme-{s}", s, id=f"l{i}") for i, s in enumerate(LIVE_STATUSES)),
        a_flow("acme-dead", "DEPRECATED", id="3"),
        a_flow("acme-odd", UNKNOWN_STATUS, id="4"),
        a_flow("Acme-draft", id="5"),
        a_flow("other", id="6"),
    ]
    rule = PruneRule(match="acme-*", deletes_drafts=True, deprecates_published=True)
    plan = plan_of([], flows, policy=Policy(prune=rule))
    assert pruned(plan) == {
        "acme-draft": "delete",
        **{f"acme-{status}": "deprecate" for status in LIVE_STATUSES},
    }
    left = {flow.name for flow in plan.unmanaged}
    assert left == {"acme-dead", "acme-odd", "Acme-draft", "other"}


@pytest.mark.parametrize(
    ("deletes", "deprecates", "expected"),
    [
        (False, False, {}),
        (True, False, {"draft": "delete"}),
        (False, True, {"live": "deprecate"}),
        (True, True, {"draft": "delete", "live": "deprecate"}),
    ],
)
def test_a_rule_says_for_drafts_and_published_flows_apart(
    deletes: bool, deprecates: bool, expected: dict[str, str]
) -> None:
    rule = PruneRule(match="*", deletes_drafts=deletes, deprecates_published=deprecates)
    flows = [a_flow("draft", id="1"), a_flow("live", "PUBLISHED", id="2")]
    plan = plan_of([], flows, policy=Policy(prune=rule))
    assert pruned(plan) == expected


def test_a_pruned_flow_says_why_and_what_was_seen() -> None:
    flow = a_flow("old", "PUBLISHED", categories=("SURVEY", "OTHER"))
    (change,) = plan_of([], [flow], policy=Policy(prune=PRUNE_ALL)).changes
    assert (change.key, change.label, change.reasons) == (None, "old", (Reason.PRUNED,))
    assert change.action is Action.DEPRECATE
    (seen,) = change.seen
    assert (seen.id, seen.status, seen.content) == ("1", "PUBLISHED", "unread")
    assert seen.categories == ("OTHER", "SURVEY")


@pytest.mark.parametrize("state", list(DesiredState))
@pytest.mark.parametrize("name", ["Booking", "BOOKING", "Old", "OLD"])
@pytest.mark.parametrize("status", ["DRAFT", "PUBLISHED"])
def test_flows_that_a_definition_speaks_of_are_never_pruned(
    state: DesiredState, name: str, status: str
) -> None:
    definition = a_definition(state=state, renamed_from=("Old",))
    flows = [a_flow("Booking", id="1"), a_flow(name, status, id="2")]
    plan = plan_of([definition], flows, policy=Policy(prune=PRUNE_ALL))
    assert pruned(plan) == {}


def test_predecessors_of_a_replaced_flow_are_never_pruned() -> None:
    flows = [
        a_flow("Booking", "PUBLISHED", id="1"),
        a_flow("Booking v2", "DRAFT", id="2"),
        a_flow("Booking v3", "DRAFT", id="3"),
    ]
    definition = a_definition(state=DRAFT, replace=True)
    plan = plan_of([definition], flows, policy=Policy(prune=PRUNE_ALL))
    assert pruned(plan) == {}
    assert plan.unmanaged == ()


def test_a_selection_never_prunes() -> None:
    policy = Policy(prune=PRUNE_ALL)
    for selected in (frozenset({FlowKey("booking")}), frozenset[FlowKey]()):
        plan = plan_of([a_definition()], [a_flow("x")], policy=policy, selected=selected)
        assert pruned(plan) == {}
        assert plan.is_partial
        assert [flow.name for flow in plan.unmanaged] == ["x"]


# --- selections ---


def test_a_selection_plans_chosen_flows_only_and_knows_the_others() -> None:
    definitions = [a_definition("a", name="A"), a_definition("b", name="B")]
    plan = plan_of(definitions, [a_flow("B")], selected=frozenset({FlowKey("a")}))
    assert [change.key for change in plan.changes] == ["a"]
    assert plan.unmanaged == ()
    assert plan.is_partial
    assert not plan_of(definitions, []).is_partial


def test_changes_stand_in_order_of_key_and_pruned_flows_after_them() -> None:
    definitions = [a_definition(key) for key in ("z", "a", "m")]
    flows = [a_flow("y", id="1"), a_flow("b", id="2")]
    plan = plan_of(definitions, flows, policy=Policy(prune=PRUNE_ALL))
    assert [change.label for change in plan.changes] == ["a", "m", "z", "b", "y"]


# --- stop before publish ---


def test_publishing_and_what_follows_it_can_be_left_out() -> None:
    definitions = [
        a_definition("a", name="A"),
        a_definition("b", name="B"),
        a_definition("c", name="C", replace=True),
        a_definition("d", name="D", replace=True),
        a_definition("e", name="E", state=DRAFT),
    ]
    flows = [
        a_flow("B", id="2"),
        a_flow("C", "PUBLISHED", id="3", content=OLD),
        a_flow("D", "DEPRECATED", id="4"),
    ]
    plan = plan_of(definitions, flows, stop_before_publish=True)
    found = {change.key: (change.action, kinds(change)) for change in plan.changes}
    assert found == {
        "a": (Action.CREATE, "create upload"),
        "b": (Action.NONE, ""),
        "c": (Action.UPDATE, "upload"),
        "d": (Action.REPLACE, "create upload"),
        "e": (Action.CREATE, "create upload"),
    }
    warned = {change.key for change in plan.changes if change.warnings}
    assert warned == {"a", "b", "c", "d"}
    assert [step.kind for step in plan.changes[2].fallback] == [StepKind.CREATE, StepKind.UPLOAD]
    assert plan.blocks == ()


def test_no_one_way_step_is_left_before_publish() -> None:
    definitions = [
        a_definition("a", name="A", state=DEPRECATED),
        a_definition("b", name="B", state=ABSENT),
        a_definition("c", name="C", replace=True),
    ]
    flows = [
        a_flow("A", "PUBLISHED", id="1"),
        a_flow("B", "DRAFT", id="2"),
        a_flow("C", "PUBLISHED", id="3"),
        a_flow("C v2", "PUBLISHED", id="4"),
        a_flow("Old", "PUBLISHED", id="5"),
    ]
    policy = Policy(prune=PRUNE_ALL)
    plan = plan_of(definitions, flows, stop_before_publish=True, policy=policy)
    assert all_kinds(plan) <= {StepKind.CREATE, StepKind.UPDATE, StepKind.UPLOAD}
