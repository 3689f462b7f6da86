"""A plan as JSON, read back, and its digest."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsync.assets import schema_text
from flowsync.errors import StalePlan
from flowsync.model import (
    DesiredState,
    FlowDefinition,
    FlowId,
    FlowKey,
    RemoteFlow,
    StepKind,
    canonical_json,
)
from flowsync.plan.document import plan_digest, plan_from_json, plan_to_json
from flowsync.plan.values import (
    Action,
    Block,
    BlockKind,
    Plan,
    Reason,
    Rehearsal,
    RehearsalProblem,
)
from flowsync.policy import Gates, Policy, PruneRule
from tests.plan.cases import (
    ABSENT,
    DEPRECATED,
    DRAFT,
    NO_CONTENT,
    UNKNOWN_CONTENT,
    UNKNOWN_STATUS,
    a_definition,
    a_flow,
    plan_of,
)
from tests.support import flow_json

SOME = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SCHEMA = json.loads(schema_text("plan"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
OLD = flow_json("Old label")


def every_action() -> tuple[list[FlowDefinition], list[RemoteFlow], Policy]:
    """Give definitions, flows and a policy whose plan has each action and each kind of block."""
    definitions = [
        a_definition("create", endpoint_uri="https://e.example", manages_endpoint=True),
        a_definition(
            "update",
            categories=("SURVEY",),
            replace=True,
            content={**flow_json(), "routing_model": {"CONTACT": []}},
        ),
        a_definition("publish"),
        a_definition("deprecate", state=DEPRECATED),
        a_definition("delete", state=ABSENT, protect=True),
        a_definition("replace", replace=True),
        a_definition("none", state=DRAFT),
        a_definition("conflict", state=DRAFT),
    ]
    flows = [
        a_flow("Update", "PUBLISHED", id="2", content=OLD),
        a_flow("Publish", "DRAFT", id="3"),
        a_flow("Deprecate", "THROTTLED", id="4"),
        a_flow("Delete", "DRAFT", id="5"),
        a_flow("Replace", "DEPRECATED", id="6"),
        a_flow("None", "DRAFT", id="7"),
        a_flow("Conflict", "DEPRECATED", id="8"),
        a_flow("Unmanaged", "PUBLISHED", id="9"),
        a_flow("acme-old", "DRAFT", id="10"),
    ]
    policy = Policy(
        allow=frozenset({StepKind.PUBLISH}),
        gates=Gates(max_delete=1),
        prune=PruneRule(match="acme-*", deletes_drafts=True),
    )
    return definitions, flows, policy


def full_plan() -> Plan:
    definitions, flows, policy = every_action()
    return plan_of(definitions, flows, policy=policy)


def with_preflight(plan: Plan) -> Plan:
    block = Block(
        kind=BlockKind.PREFLIGHT, subject=plan.account, message="No number.", way_out="Get one."
    )
    return replace(plan, blocks=(*plan.blocks, block))


PLANS: dict[str, Callable[[], Plan]] = {
    "every action": full_plan,
    "rehearsed": lambda: replace(full_plan(), rehearsal=Rehearsal()),
    "rehearsed in vain": lambda: replace(
        full_plan(),
        rehearsal=Rehearsal(
            problems=(
                RehearsalProblem(label="create", step=StepKind.PUBLISH, message="It fails."),
                RehearsalProblem(label="update", step=None, message="It never rests."),
            )
        ),
    ),
    "of an account in trouble": lambda: with_preflight(full_plan()),
    "for a remote that creates with content": lambda: plan_of(
        [a_definition()], [], creates_with_content=True
    ),
    "nothing": lambda: plan_of([], []),
    "in doubt": lambda: plan_of([a_definition()], [], doubts=("a page was missing",)),
    "partial": lambda: plan_of([a_definition()], [], selected=frozenset({FlowKey("booking")})),
}


def read_again(plan: Plan) -> Plan:
    return plan_from_json(json.loads(json.dumps(plan_to_json(plan))))


def test_the_example_plan_has_every_action_and_every_kind_of_block() -> None:
    plan = with_preflight(full_plan())
    assert {change.action for change in plan.changes} == set(Action)
    assert {block.kind for block in plan.blocks} == set(BlockKind)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_fits_its_schema(name: str) -> None:
    VALIDATOR.validate(plan_to_json(PLANS[name]()))


@pytest.mark.parametrize("name", PLANS)
def test_a_saved_plan_reads_back_equal(name: str) -> None:
    plan = PLANS[name]()
    assert read_again(plan) == plan


def test_a_plan_says_in_numbers_what_it_holds() -> None:
    document = plan_to_json(full_plan())
    assert document["has_changes"] is True
    assert document["summary"] == {
        **{action.value: 1 for action in Action},
        "delete": 2,
    }
    assert plan_to_json(plan_of([], []))["has_changes"] is False


def every_place(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the path of each value inside a document that is not a list or an object."""
    if isinstance(value, dict):
        return [place for key, item in value.items() for place in every_place(item, (*path, key))]
    if isinstance(value, list):
        return [place for i, item in enumerate(value) for place in every_place(item, (*path, i))]
    return [path]


def test_a_plan_that_was_edited_anywhere_is_refused() -> None:
    document = plan_to_json(full_plan())
    places = list(every_place(document, ()))
    assert len(places) > 300
    for path in places:
        edited: Any = copy.deepcopy(document)
        inner = edited
        for part in path[:-1]:
            inner = inner[part]
        inner[path[-1]] = "edited" if inner[path[-1]] != "edited" else None
        with pytest.raises(StalePlan, match="changed after it was written"):
            plan_from_json(edited)


def test_a_plan_whose_content_digest_was_made_anew_must_still_fit_its_steps() -> None:
    document: Any = plan_to_json(full_plan())
    next(change for change in document["changes"] if change["steps"])["steps"] = []
    content = {name: value for name, value in document.items() if name != "content_digest"}
    text = canonical_json(content).encode()
    document["content_digest"] = f"sha256:{hashlib.sha256(text).hexdigest()}"
    with pytest.raises(StalePlan):
        plan_from_json(document)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("target", "production"),
        ("account", "1"),
        ("is_partial", True),
        ("has_changes", False),
        ("digest", "sha256:" + "0" * 64),
        ("blocks", []),
        ("listing_doubts", ["x"]),
        ("summary", {}),
    ],
)
def test_a_plan_with_an_edited_head_is_refused(name: str, value: Any) -> None:
    document = plan_to_json(full_plan())
    with pytest.raises(StalePlan, match="Run `flowsync plan --out FILE` again"):
        plan_from_json({**document, name: value})


def test_a_plan_with_a_step_taken_out_is_refused() -> None:
    document: Any = plan_to_json(full_plan())
    next(change for change in document["changes"] if change["steps"])["steps"].pop()
    with pytest.raises(StalePlan):
        plan_from_json(document)


# --- the digest ---


def digest_of(*definitions: FlowDefinition, flows: Any = (), **fields: Any) -> str:
    return plan_digest(plan_of(definitions, flows, **fields))


def test_a_digest_says_its_kind() -> None:
    digest = plan_digest(full_plan())
    assert digest.startswith("sha256:")
    assert len(digest) == len("sha256:") + 64


def test_the_digest_does_not_depend_on_the_order_of_anything() -> None:
    definitions, flows, policy = every_action()
    shuffled = plan_of(definitions[::-1], flows[::-1], policy=policy)
    assert plan_digest(shuffled) == plan_digest(full_plan())


def test_the_digest_does_not_depend_on_unmanaged_flows() -> None:
    alone = digest_of(a_definition())
    assert digest_of(a_definition(), flows=[a_flow("Elsewhere")]) == alone


def test_the_digest_does_not_depend_on_version_path_or_words() -> None:
    plan = full_plan()
    other = replace(
        plan,
        flowsync_version="99",
        changes=tuple(replace(change, warnings=(), fields=()) for change in plan.changes),
    )
    assert plan_digest(other) == plan_digest(plan)
    moved = replace(a_definition(), path="elsewhere/booking.yaml")
    assert digest_of(moved) == digest_of(a_definition())


def test_the_digest_depends_on_everything_that_matters() -> None:
    flow = a_flow(status="PUBLISHED", content=OLD)
    base = digest_of(a_definition(), flows=[flow])
    others = [
        digest_of(a_definition(), flows=[flow], target="production"),
        digest_of(a_definition(), flows=[flow], account="1"),
        digest_of(a_definition(), flows=[flow], remote="graph"),
        digest_of(a_definition(), flows=[flow], doubts=("a page was missing",)),
        digest_of(a_definition(), flows=[flow], selected=frozenset({FlowKey("booking")})),
        digest_of(a_definition(), flows=[flow], stop_before_publish=True),
        digest_of(a_definition(), a_definition("new"), flows=[flow]),
        digest_of(a_definition(state=DRAFT), flows=[flow]),
        digest_of(a_definition(replace=True), flows=[flow]),
        digest_of(a_definition(content=flow_json("New")), flows=[flow]),
        digest_of(a_definition(categories=("SURVEY",)), flows=[flow]),
        digest_of(a_definition(), flows=[replace(flow, id=FlowId("2"))]),
        digest_of(a_definition(), flows=[replace(flow, status="BLOCKED")]),
        digest_of(a_definition(), flows=[replace(flow, endpoint_uri="https://e.example")]),
        digest_of(a_definition(), flows=[replace(flow, categories=("SURVEY",))]),
        digest_of(a_definition(), flows=[a_flow(status="PUBLISHED", content=flow_json("Older"))]),
        digest_of(a_definition(), flows=[a_flow(status="PUBLISHED", unread=UNKNOWN_CONTENT)]),
        digest_of(a_definition(), flows=[]),
        digest_of(a_definition(), flows=[flow], policy=Policy(allow=frozenset())),
    ]
    assert base not in others
    assert len(set(others)) == len(others)


# --- same input, same plan ---

states = st.sampled_from(list(DesiredState))
statuses = st.sampled_from(
    ["DRAFT", "PUBLISHED", "THROTTLED", "BLOCKED", "DEPRECATED", UNKNOWN_STATUS]
)
remote_names = st.sampled_from(["A", "a", "B", "Old", "OLD", "A v2", "A v3", "C", "Á"])
some_definitions = st.lists(
    st.builds(
        a_definition,
        st.sampled_from(["one", "two", "three", "four"]),
        name=st.sampled_from(["A", "B", "C", "B v2"]),
        state=states,
        categories=st.lists(st.sampled_from(["OTHER", "SURVEY"]), min_size=1, unique=True).map(
            tuple
        ),
        renamed_from=st.lists(st.sampled_from(["Old", "B"]), max_size=2).map(tuple),
        clone_from=st.sampled_from([None, "one", "77"]),
        replace=st.booleans(),
        protect=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda definition: definition.key,
)
some_flows = st.lists(
    st.tuples(remote_names, statuses, st.sampled_from([None, OLD, NO_CONTENT, UNKNOWN_CONTENT])),
    max_size=6,
).map(
    lambda rows: [
        a_flow(name, status, id=str(i), content=what)
        if what is None or isinstance(what, dict)
        else a_flow(name, status, id=str(i), unread=what)
        for i, (name, status, what) in enumerate(rows, 70)
    ]
)


def text_of(plan: Plan) -> str:
    return json.dumps(plan_to_json(plan), indent=2)


@SOME
@given(definitions=some_definitions, flows=some_flows, data=st.data())
def test_shuffled_input_gives_the_same_plan_byte_for_byte(
    definitions: list[FlowDefinition], flows: list[RemoteFlow], data: st.DataObject
) -> None:
    policy = Policy(prune=PruneRule(match="*", deletes_drafts=True, deprecates_published=True))
    plan = plan_of(definitions, flows, policy=policy)
    again = plan_of(
        data.draw(st.permutations(definitions)),
        data.draw(st.permutations(flows)),
        policy=policy,
    )
    assert text_of(again) == text_of(plan)


@SOME
@given(definitions=some_definitions, flows=some_flows)
def test_any_plan_fits_the_schema_and_reads_back_equal(
    definitions: list[FlowDefinition], flows: list[RemoteFlow]
) -> None:
    policy = Policy(
        protect=("t*",),
        allow=frozenset(),
        gates=Gates(max_publish=0),
        prune=PruneRule(match="C*", deletes_drafts=True),
    )
    plan = plan_of(definitions, flows, policy=policy)
    VALIDATOR.validate(plan_to_json(plan))
    assert read_again(plan) == plan


def test_two_flows_with_one_name_give_one_plan_in_any_order() -> None:
    flows = [a_flow("A", id="1"), a_flow("A", id="2")]
    definition = a_definition("a", name="A")
    assert text_of(plan_of([definition], flows)) == text_of(plan_of([definition], flows[::-1]))


def test_two_flows_that_differ_by_letter_case_give_one_plan_in_any_order() -> None:
    flows = [a_flow("Booking", id="1"), a_flow("BOOKING", id="2")]
    definition = a_definition(name="booking")
    assert text_of(plan_of([definition], flows)) == text_of(plan_of([definition], flows[::-1]))


# --- the schema ---


def enum_at(*path: str) -> set[str]:
    found: Any = SCHEMA["$defs"]
    for part in path:
        found = found[part]
    return set(found["enum"])


def test_the_schema_has_every_word_that_a_plan_can_hold() -> None:
    assert enum_at("action") == {action.value for action in Action}
    assert enum_at("step", "properties", "kind") == {kind.value for kind in StepKind}
    assert enum_at("block", "properties", "kind") == {kind.value for kind in BlockKind}
    reasons = enum_at("change", "properties", "reasons", "items")
    assert reasons == {reason.name for reason in Reason}


def test_the_schema_refuses_what_a_plan_never_holds() -> None:
    document: Any = plan_to_json(full_plan())
    next(change for change in document["changes"] if change["steps"])["steps"][0]["kind"] = "x"
    assert not VALIDATOR.is_valid(document)
