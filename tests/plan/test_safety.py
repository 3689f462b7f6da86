"""What keeps apply from starting: protection, missing consent, gates."""

from __future__ import annotations

from typing import Any

import pytest

from flowsync.model import FlowDefinition, RemoteFlow, StepKind
from flowsync.plan.safety import possible_one_way
from flowsync.plan.values import Block, BlockKind, Plan
from flowsync.policy import Gates, Policy, PruneRule
from tests.plan.cases import (
    ABSENT,
    DEPRECATED,
    DRAFT,
    PUBLISHED,
    a_definition,
    a_flow,
    change_of,
    plan_of,
)
from tests.support import flow_json

OPEN = Gates(max_changed_percent=None)


def blocks_of(plan: Plan, kind: BlockKind) -> dict[str, Block]:
    return {block.subject: block for block in plan.blocks if block.kind is kind}


def removal(name: str) -> tuple[dict[str, Any], RemoteFlow]:
    """Give the fields of a definition and the flow that it would take away, in each way."""
    ways: dict[str, tuple[dict[str, Any], RemoteFlow]] = {
        "deprecate": ({"state": DEPRECATED}, a_flow(status="PUBLISHED")),
        "delete": ({"state": ABSENT}, a_flow()),
        "replace": ({"replace": True}, a_flow(status="DEPRECATED")),
        "replace at need": (
            {"replace": True},
            a_flow(status="PUBLISHED", content=flow_json("Old label")),
        ),
    }
    return ways[name]


REMOVALS = ("deprecate", "delete", "replace", "replace at need")


@pytest.mark.parametrize("how", REMOVALS)
def test_a_protected_definition_is_not_taken_away(how: str) -> None:
    fields, flow = removal(how)
    plan = plan_of([a_definition(protect=True, **fields)], [flow])
    (block,) = plan.blocks
    assert (block.kind, block.subject) == (BlockKind.PROTECTED, "booking")
    assert "its definition" in block.message
    assert block.way_out


@pytest.mark.parametrize("how", REMOVALS)
@pytest.mark.parametrize("pattern", ["booking", "book*", "*"])
def test_a_flow_that_the_target_protects_is_not_taken_away(how: str, pattern: str) -> None:
    fields, flow = removal(how)
    policy = Policy(protect=("other", pattern))
    (block,) = plan_of([a_definition(**fields)], [flow], policy=policy).blocks
    assert (block.kind, block.subject) == (BlockKind.PROTECTED, "booking")
    assert "`protect` list" in block.message


@pytest.mark.parametrize("how", REMOVALS)
def test_a_protection_of_other_flows_does_not_count(how: str) -> None:
    fields, flow = removal(how)
    policy = Policy(protect=("BOOKING", "bookings", "ook"))
    assert plan_of([a_definition(**fields)], [flow], policy=policy).blocks == ()


def test_protection_lets_a_flow_be_created_edited_and_published() -> None:
    definitions = [a_definition(protect=True), a_definition("new", protect=True)]
    plan = plan_of(definitions, [a_flow(content=flow_json("Old label"))], policy=Policy())
    assert len(plan.pending) == 2
    assert plan.blocks == ()


def test_pruned_flows_are_protected_by_name() -> None:
    rule = PruneRule(match="*", deletes_drafts=True)
    policy = Policy(protect=("Acme*",), prune=rule)
    plan = plan_of([], [a_flow("Acme one"), a_flow("Other", id="2")], policy=policy)
    assert list(blocks_of(plan, BlockKind.PROTECTED)) == ["Acme one"]


# --- consent ---


@pytest.mark.parametrize("kind", [StepKind.PUBLISH, StepKind.DEPRECATE, StepKind.DELETE])
def test_each_one_way_step_needs_consent_of_its_own(kind: StepKind) -> None:
    definitions = [
        a_definition("new", state=PUBLISHED),
        a_definition("new-too", state=PUBLISHED),
        a_definition("gone", state=ABSENT),
        a_definition("old", state=DEPRECATED),
    ]
    flows = [a_flow("Gone", id="1"), a_flow("Old", "PUBLISHED", id="2")]
    others = frozenset(StepKind) - {kind}
    plan = plan_of(definitions, flows, policy=Policy(allow=others))
    (block,) = plan.blocks
    assert (block.kind, block.subject) == (BlockKind.NEEDS_CONSENT, kind.value)
    assert block.count == (2 if kind is StepKind.PUBLISH else 1)
    assert f"--allow {kind.value}" in block.way_out


def test_steps_that_can_be_taken_back_need_no_consent() -> None:
    plan = plan_of(
        [a_definition("a", name="A", state=DRAFT), a_definition("b", name="B", state=DRAFT)],
        [a_flow("A", content=flow_json("Old label"), categories=("SURVEY",))],
        policy=Policy(allow=frozenset()),
    )
    assert len(plan.pending) == 2
    assert plan.blocks == ()


def test_steps_of_a_fallback_need_consent_too() -> None:
    definition = a_definition(replace=True)
    flow = a_flow(status="PUBLISHED", content=flow_json("Old label"))
    policy = Policy(allow=frozenset({StepKind.PUBLISH}))
    plan = plan_of([definition], [flow], policy=policy)
    assert set(blocks_of(plan, BlockKind.NEEDS_CONSENT)) == {"deprecate"}


def test_each_kind_of_one_way_step_is_named_once_in_the_order_of_the_steps() -> None:
    flow = a_flow(status="PUBLISHED", content=flow_json("Old label"))
    change = change_of(a_definition(replace=True), flow)
    assert possible_one_way(change) == (StepKind.PUBLISH, StepKind.DEPRECATE)


# --- gates ---


def many(number: int, **fields: Any) -> list[FlowDefinition]:
    return [a_definition(f"flow-{i:02}", **fields) for i in range(number)]


def their_flows(definitions: list[FlowDefinition], status: str = "DRAFT") -> list[RemoteFlow]:
    return [a_flow(item.name, status, id=str(i)) for i, item in enumerate(definitions, 1)]


@pytest.mark.parametrize(
    ("gate", "fields", "status"),
    [
        ("max_publish", {"state": PUBLISHED}, "DRAFT"),
        ("max_deprecate", {"state": DEPRECATED}, "PUBLISHED"),
        ("max_delete", {"state": ABSENT}, "DRAFT"),
    ],
)
def test_a_gate_lets_as_many_flows_pass_as_it_says_and_no_more(
    gate: str, fields: dict[str, Any], status: str
) -> None:
    definitions = many(3, **fields)
    flows = their_flows(definitions, status)

    def blocks(limit: int | None) -> dict[str, Block]:
        gates = Gates(**{"max_changed_percent": None, gate: limit})
        return blocks_of(plan_of(definitions, flows, policy=Policy(gates=gates)), BlockKind.GATE)

    assert blocks(None) == {}
    assert blocks(3) == {}
    (block,) = blocks(2).values()
    assert (block.subject, block.count) == (gate, 3)
    assert "3 flows" in block.message
    assert f"--accept-gate {gate}=3" in block.way_out
    assert set(blocks(0)) == {gate}


def test_a_gate_of_zero_stops_a_single_flow() -> None:
    policy = Policy(gates=Gates(max_publish=0))
    (block,) = plan_of([a_definition()], [], policy=policy).blocks
    assert "1 flow," in block.message


def test_all_gates_are_shown_together() -> None:
    definitions = [
        a_definition("a", name="A"),
        a_definition("b", name="B", state=DEPRECATED),
        a_definition("c", name="C", state=ABSENT),
    ]
    flows = [a_flow("B", "PUBLISHED", id="2"), a_flow("C", id="3")]
    gates = Gates(max_publish=0, max_deprecate=0, max_delete=0)
    plan = plan_of(definitions, flows, policy=Policy(gates=gates, allow=frozenset()))
    assert set(blocks_of(plan, BlockKind.GATE)) == {"max_publish", "max_deprecate", "max_delete"}
    assert set(blocks_of(plan, BlockKind.NEEDS_CONSENT)) == {"publish", "deprecate", "delete"}


def test_fallback_steps_count_at_gates() -> None:
    definitions = many(2, replace=True, content=flow_json("New label"))
    plan = plan_of(
        definitions,
        their_flows(definitions, "PUBLISHED"),
        policy=Policy(gates=Gates(max_deprecate=1)),
    )
    assert blocks_of(plan, BlockKind.GATE)["max_deprecate"].count == 2


def removals(existing: int, removed: int, how: str = "delete") -> tuple[Any, Any]:
    fields, flow = removal(how)
    gone = many(removed, **fields)
    kept = [a_definition(f"kept-{i:02}", state=DRAFT) for i in range(existing - removed)]
    flows = [
        a_flow(item.name, flow.status, id=f"g{i}", content=flow.content.value)
        for i, item in enumerate(gone)
    ]
    return [*gone, *kept], [*flows, *(a_flow(d.name, id=f"k{i}") for i, d in enumerate(kept))]


@pytest.mark.parametrize("how", REMOVALS)
@pytest.mark.parametrize(
    ("existing", "removed", "is_blocked"),
    [(9, 9, False), (10, 3, False), (10, 4, True), (20, 6, False), (20, 7, True), (11, 0, False)],
)
def test_the_share_of_flows_taken_away_counts_from_ten_flows_up(
    how: str, existing: int, removed: int, is_blocked: bool
) -> None:
    definitions, flows = removals(existing, removed, how)
    plan = plan_of(definitions, flows)
    assert (set(blocks_of(plan, BlockKind.GATE)) == {"max_changed_percent"}) is is_blocked


def test_new_flows_do_not_dilute_the_share() -> None:
    definitions, flows = removals(10, 4)
    new = [a_definition(f"new-{i:02}") for i in range(20)]
    (block,) = blocks_of(plan_of([*definitions, *new], flows), BlockKind.GATE).values()
    assert block.count == pytest.approx(40)
    assert "4 flows of 10 (40 %)" in block.message
    assert "--accept-gate max_changed_percent=40." in block.way_out


def test_the_share_that_a_gate_asks_to_accept_is_enough_to_accept_it() -> None:
    definitions, flows = removals(11, 4)  # 36.3636… percent
    (block,) = blocks_of(plan_of(definitions, flows), BlockKind.GATE).values()
    offered = float(block.way_out.rstrip(".").rpartition("=")[2])
    assert offered >= block.count - 1e-9


def test_the_gate_of_the_share_can_be_set_and_switched_off() -> None:
    definitions, flows = removals(10, 4)
    for limit, number in ((None, 0), (40.0, 0), (39.9, 1)):
        policy = Policy(gates=Gates(max_changed_percent=limit))
        assert len(plan_of(definitions, flows, policy=policy).blocks) == number


def test_pruned_flows_count_at_gates() -> None:
    rule = PruneRule(match="*", deletes_drafts=True)
    flows = [a_flow(f"Old {i}", id=str(i)) for i in range(12)]
    policy = Policy(prune=rule, gates=Gates(max_delete=11))
    blocks = blocks_of(plan_of([], flows, policy=policy), BlockKind.GATE)
    assert set(blocks) == {"max_delete", "max_changed_percent"}


@pytest.mark.parametrize("how", REMOVALS)
def test_blocks_never_change_what_is_planned(how: str) -> None:
    definitions, flows = removals(12, 6, how)
    free = Policy(gates=OPEN)
    strict = Policy(
        protect=("*",),
        allow=frozenset(),
        gates=Gates(max_publish=0, max_deprecate=0, max_delete=0, max_changed_percent=0),
    )
    shown, refused = (plan_of(definitions, flows, policy=policy) for policy in (free, strict))
    assert shown.blocks == ()
    of_policy = set(BlockKind) - {BlockKind.PREFLIGHT}
    assert {block.kind for block in refused.blocks} == of_policy
    assert refused.changes == shown.changes


def test_a_conflict_needs_no_consent() -> None:
    policy = Policy(allow=frozenset(), gates=Gates(max_deprecate=0, max_delete=0))
    plan = plan_of([a_definition(state=ABSENT)], [a_flow(status="PUBLISHED")], policy=policy)
    assert plan.conflicts
    assert plan.blocks == ()
