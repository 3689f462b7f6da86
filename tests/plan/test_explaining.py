"""The story of a decision is the plan's own: its row, its comparisons, its change."""

from __future__ import annotations

from typing import Any

import pytest

from flowsync.model import DesiredState, FlowDefinition, FlowKey, RemoteFlow, StepKind
from flowsync.plan.build import build_plan
from flowsync.plan.document import plan_to_json
from flowsync.plan.explaining import explain
from flowsync.plan.story import MatchedBy, Result, Story
from flowsync.plan.table import Column, cell_of
from flowsync.plan.values import Action
from flowsync.policy import Gates, Policy
from flowsync.render.story_json import story_to_json
from flowsync.render.story_text import render_story
from flowsync.validation.schema import fits
from tests.plan.cases import (
    ABSENT,
    DEPRECATED,
    DRAFT,
    PUBLISHED,
    UNKNOWN_CONTENT,
    a_definition,
    a_flow,
    a_request,
    observed,
)
from tests.plan.test_table import SITUATIONS
from tests.render.golden import ALL_NASTY, PLAIN, check_golden, check_harmless
from tests.support import flow_json

COLUMNS: dict[str | None, Column] = {
    None: Column.MISSING,
    "DRAFT": Column.DRAFT,
    "PUBLISHED": Column.LIVE,
    "THROTTLED": Column.LIVE,
    "BLOCKED": Column.LIVE,
    "DEPRECATED": Column.DEPRECATED,
}


def story_of(
    definition: FlowDefinition,
    *flows: RemoteFlow,
    others: tuple[FlowDefinition, ...] = (),
    doubts: tuple[str, ...] = (),
    **fields: Any,
) -> Story:
    """Give the story of one definition, after checking that it is the one of the plan."""
    definitions, seen, request = (definition, *others), observed(flows, doubts), a_request(**fields)
    plan = build_plan(definitions, seen, request)
    story = explain(definition.key, plan, definitions, seen, request, overridden=["state"])
    (change,) = (one for one in plan.changes if one.key == definition.key)
    assert story.change is change
    compared = {one.name for one in story.compared if one.result is Result.DIFFERS} - {"state"}
    if change.action is not Action.CONFLICT and not change.is_of_new_flow:
        assert compared == {field.name for field in change.fields}
    document = story_to_json(story, plan)
    assert fits(document, "why") is None
    changes = plan_to_json(plan)["changes"]
    assert isinstance(changes, list)
    assert document["change"] in changes
    check_harmless(render_story(story, PLAIN))
    return story


def results(story: Story) -> dict[str, Result]:
    return {one.name: one.result for one in story.compared}


def holding(story: Story) -> list[str]:
    return [ruling.rule for ruling in story.rulings if ruling.holds]


@pytest.mark.parametrize(("desired", "status", "differs", "replaces"), SITUATIONS)
def test_the_story_names_the_cell_that_decided(
    desired: DesiredState, status: str | None, differs: bool, replaces: bool
) -> None:
    content = flow_json("Your e-mail") if differs else flow_json()
    flows = [] if status is None else [a_flow(status=status, content=content)]
    story = story_of(a_definition(state=desired, replace=replaces), *flows)
    column = COLUMNS.get(status, Column.OTHER)
    assert (story.row.desired, story.row.observed) == (desired.value, column.value)
    cell = cell_of(desired, column)
    assert story.row.words == cell.words
    assert story.change.action in cell.actions
    for kind in (StepKind.DELETE, StepKind.CREATE, StepKind.DEPRECATE):
        if story.change.steps and story.change.steps[0].kind is kind:
            assert kind.value in cell.words or story.change.action is Action.REPLACE


def test_every_cell_is_met_by_a_situation_or_a_name_that_is_unclear() -> None:
    met = {(desired, COLUMNS.get(status, Column.OTHER)) for desired, status, _, _ in SITUATIONS}
    assert met == {(desired, column) for desired in DesiredState for column in Column} - {
        (desired, Column.UNCLEAR) for desired in DesiredState
    }


def test_it_is_told_how_the_flow_was_found() -> None:
    assert story_of(a_definition(), a_flow()).seen.matched_by is MatchedBy.NAME
    renamed = story_of(a_definition(renamed_from=("Old",)), a_flow("Old"))
    assert renamed.seen.matched_by is MatchedBy.EARLIER_NAME
    first, second = a_flow(status="DEPRECATED"), a_flow("Booking v2", "PUBLISHED", id="2")
    later = story_of(a_definition(replace=True), first, second)
    assert later.seen.matched_by is MatchedBy.SUCCESSION
    assert later.seen.predecessors == ("1",)
    assert story_of(a_definition()).seen.matched_by is MatchedBy.NOTHING
    unclear = story_of(a_definition(), a_flow("BOOKING"))
    assert unclear.row.observed == Column.UNCLEAR.value
    assert holding(unclear) == ["identity"]


def test_fields_are_equal_different_not_managed_or_unknown() -> None:
    definition = a_definition(categories=("SURVEY",))
    assert results(story_of(definition, a_flow(content=flow_json("x")))) == {
        "state": Result.DIFFERS,
        "name": Result.EQUAL,
        "categories": Result.DIFFERS,
        "endpoint_uri": Result.NOT_MANAGED,
        "flow_json": Result.DIFFERS,
    }
    unknown = story_of(definition, a_flow(status="PUBLISHED", unread=UNKNOWN_CONTENT))
    assert results(unknown)["flow_json"] is Result.UNKNOWN
    assert results(unknown)["state"] is Result.EQUAL
    assert holding(unknown) == ["conflict"]
    gone = story_of(a_definition(state=ABSENT), a_flow())
    assert set(results(gone).values()) == {Result.DIFFERS, Result.NOT_COMPARED}
    without = story_of(a_definition(state=DRAFT, flow_json=None), a_flow())
    assert results(without)["flow_json"] is Result.NOT_MANAGED
    asked = a_definition(endpoint_uri="https://e.example", manages_endpoint=True)
    assert results(story_of(asked, a_flow()))["endpoint_uri"] is Result.DIFFERS


def test_what_keeps_apply_from_the_change_is_told() -> None:
    live = a_flow(status="PUBLISHED")
    policy = Policy(protect=("booking",), allow=frozenset(), gates=Gates(max_deprecate=0))
    kept = story_of(a_definition(state=DEPRECATED), live, policy=policy)
    assert holding(kept) == ["protect", "consent to deprecate", "gate max_deprecate"]
    assert holding(story_of(a_definition(state=DEPRECATED), live)) == []
    untouched = story_of(a_definition(protect=True), live)
    assert [ruling.rule for ruling in untouched.rulings] == ["listing", "protect"]
    doubted = story_of(a_definition(), doubts=("a page is missing",))
    assert holding(doubted) == ["listing", "conflict"]
    other = a_definition("other", state=DEPRECATED)
    flows = (live, a_flow("Other", "PUBLISHED", id="2"))
    aside = story_of(a_definition(), *flows, others=(other,), policy=policy)
    assert holding(aside) == []
    assert holding(story_of(other, *flows, others=(a_definition(),), policy=policy))[-1:] == [
        "gate max_deprecate"
    ]


def test_a_story_is_told_in_order_and_any_name_is_harmless() -> None:
    definition = a_definition(
        name=ALL_NASTY,
        renamed_from=("Old",),
        endpoint_uri="https://e.example/\x1b",
        manages_endpoint=True,
    )
    flow = a_flow("Old", "PUBLISHED", content=flow_json("x"), categories=(ALL_NASTY,))
    story = story_of(definition, flow, policy=Policy(allow=frozenset(), protect=("booking",)))
    check_golden("story.txt", render_story(story, PLAIN))


def test_the_key_is_the_one_that_was_asked_for() -> None:
    story = story_of(a_definition("a"), others=(a_definition("b", state=PUBLISHED),))
    assert (story.key, story.change.key, story.desired.overridden) == ("a", "a", ("state",))
    assert story.key == FlowKey("a")
