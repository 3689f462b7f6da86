"""Which remote flow a definition means."""

from __future__ import annotations

import itertools

import pytest

from flowsync.model import DesiredState, FlowId, FlowKey, StepKind
from flowsync.plan.build import flows_to_read
from flowsync.plan.identity import match_flows, next_version_name
from flowsync.plan.values import Action, Reason
from tests.plan.cases import (
    ABSENT,
    DEPRECATED,
    DRAFT,
    PUBLISHED,
    UNKNOWN_STATUS,
    a_definition,
    a_flow,
    change_of,
    kinds,
    observed,
    plan_of,
)
from tests.support import flow_json


def test_a_flow_with_the_exact_name_is_adopted() -> None:
    change = change_of(a_definition(state=DRAFT), a_flow(id="77"), a_flow("Other", id="78"))
    assert (change.flow_id, change.action) == ("77", Action.NONE)


def test_an_earlier_name_is_renamed_and_keeps_its_id() -> None:
    definition = a_definition(state=DRAFT, renamed_from=("Older", "Old"))
    change = change_of(definition, a_flow("Old"))
    assert (change.action, kinds(change)) == (Action.UPDATE, "update")
    assert change.reasons == (Reason.RENAMED, Reason.FIELDS_DIFFER)
    assert change.steps[0].name == "Booking"
    (field,) = change.fields
    assert (field.name, field.old, field.new) == ("name", "Old", "Booking")


def test_the_exact_name_goes_before_an_earlier_one() -> None:
    plan = plan_of(
        [a_definition(state=DRAFT, renamed_from=("Old",))], [a_flow("Old"), a_flow(id="2")]
    )
    (change,) = plan.changes
    assert (change.flow_id, change.action) == ("2", Action.NONE)
    assert [flow.name for flow in plan.unmanaged] == ["Old"]


def test_earlier_names_count_in_the_order_they_are_written() -> None:
    definition = a_definition(state=DRAFT, renamed_from=("Newer", "Older"))
    change = change_of(definition, a_flow("Older", id="1"), a_flow("Newer", id="2"))
    assert change.flow_id == "2"


def test_an_earlier_name_in_letter_case_only_is_a_rename() -> None:
    definition = a_definition(state=DRAFT, renamed_from=("BOOKING",))
    assert kinds(change_of(definition, a_flow("BOOKING"))) == "update"


def test_a_name_that_differs_only_by_letter_case_is_a_conflict_that_offers_renamed_from() -> None:
    change = change_of(a_definition(), a_flow("BOOKING"))
    assert change.action is Action.CONFLICT
    assert '"BOOKING"' in (change.conflict or "")
    assert 'renamed_from: ["BOOKING"]' in (change.way_out or "")


def test_letter_case_is_compared_beyond_ascii() -> None:
    assert change_of(a_definition(name="Straße"), a_flow("STRASSE")).action is Action.CONFLICT


@pytest.mark.parametrize("names", [("Booking", "Booking"), ("Old", "Old")])
def test_two_remote_flows_with_one_name_are_a_conflict_that_names_both_ids(
    names: tuple[str, str],
) -> None:
    definition = a_definition(renamed_from=("Old",))
    flows = [a_flow(name, id=id) for name, id in zip(names, ("11", "12"), strict=True)]
    change = change_of(definition, *flows)
    assert change.action is Action.CONFLICT
    assert "2 flows named" in (change.conflict or "")
    assert change.way_out


def test_two_definitions_that_mean_one_flow_are_a_conflict_for_the_second() -> None:
    definitions = [
        a_definition("a", name="A", state=DRAFT, renamed_from=("Old",)),
        a_definition("b", name="B", state=DRAFT, renamed_from=("Old",)),
    ]
    first, second = plan_of(definitions, [a_flow("Old")]).changes
    assert (first.flow_id, first.action) == ("1", Action.UPDATE)
    assert second.action is Action.CONFLICT
    assert '"a"' in (second.conflict or "")
    assert second.way_out


def test_an_earlier_name_that_another_definition_has_is_a_conflict() -> None:
    definitions = [
        a_definition("a", name="A", state=DRAFT, renamed_from=("B",)),
        a_definition("b", name="B", state=DRAFT),
    ]
    first, second = plan_of(definitions, [a_flow("B")]).changes
    assert first.action is Action.CONFLICT
    assert "renamed_from" in (first.way_out or "")
    assert (second.action, second.flow_id) == (Action.NONE, "1")


@pytest.mark.parametrize("state", [DEPRECATED, ABSENT])
def test_a_definition_that_is_settled_stays_so_when_its_earlier_name_is_used_anew(
    state: DesiredState,
) -> None:
    definitions = [
        a_definition("a", name="A", state=state, renamed_from=("B",)),
        a_definition("b", name="B", state=DRAFT),
    ]
    before = plan_of(definitions, []).changes[0]
    after = plan_of(definitions, [a_flow("B")]).changes[0]
    assert before.action is after.action


@pytest.mark.parametrize("other", ["Old", "BOOKING"])
def test_once_a_flow_is_deleted_no_other_one_is_meant_in_its_place(other: str) -> None:
    definition = a_definition(state=ABSENT, renamed_from=("Old",))
    left = a_flow(other, id="2")
    change = change_of(definition, a_flow("Booking", id="1"), left)
    gone = {step.flow_id for step in change.steps}
    assert "1" in gone
    after = change_of(definition, *([] if "2" in gone else [left]))
    assert after.action is Action.NONE


def test_a_frozen_flow_with_an_earlier_name_is_replaced_once() -> None:
    definition = a_definition(renamed_from=("Old",), replace=True)
    frozen = a_flow("Old", "DEPRECATED")
    change = change_of(definition, frozen)
    assert change.action is Action.REPLACE
    name = change.steps[0].name or ""
    after = change_of(definition, frozen, a_flow(name, "PUBLISHED", id="2"))
    assert (after.flow_id, after.action) == ("2", Action.NONE)


def test_a_replaced_flow_with_an_earlier_name_is_not_left_published() -> None:
    definition = a_definition(renamed_from=("Old",), replace=True)
    legacy = a_flow("Old", "PUBLISHED", content=flow_json("Old label"))
    change = change_of(definition, legacy)
    assert change.fallback[-1].flow_id == "1"
    successor = a_flow(change.fallback[0].name or "", "PUBLISHED", id="2")
    after = change_of(definition, legacy, successor)  # interrupted before the last step
    assert [(step.kind, step.flow_id) for step in after.steps] == [(StepKind.DEPRECATE, "1")]


# --- successors ---


def test_the_highest_version_that_is_not_deprecated_is_meant() -> None:
    flows = [
        a_flow("Booking", "DEPRECATED", id="1"),
        a_flow("Booking v2", "DEPRECATED", id="2"),
        a_flow("Booking v9", "PUBLISHED", id="9"),
        a_flow("Booking v10", "PUBLISHED", id="10"),
        a_flow("Booking v11", "DEPRECATED", id="11"),
    ]
    for order in itertools.islice(itertools.permutations(flows), 0, None, 17):
        (match,) = match_flows([a_definition(replace=True)], observed(order).listing).values()
        assert match.flow is not None
        assert (match.flow.id, match.reason) == ("10", Reason.SUCCESSOR)
        assert match.accepted_name == "Booking v10"
        assert [flow.id for flow in match.predecessors] == ["1", "2", "9"]


def test_a_name_that_is_handed_on_in_one_go_leads_nobody_to_the_wrong_flow() -> None:
    plan = plan_of(
        [
            a_definition("x", name="B", renamed_from=("A",), content=flow_json("X")),
            a_definition("y", name="C", renamed_from=("B",), content=flow_json("Y")),
        ],
        [
            a_flow("A", id="1", content=flow_json("X")),
            a_flow("B", id="2", content=flow_json("Y")),
        ],
    )
    assert not plan.pending
    assert [change.action for change in plan.changes] == [Action.CONFLICT] * 2
    assert plan.changes[0].way_out == 'Rename "y" first and apply that, then rename this one.'


def test_a_successor_keeps_its_own_name() -> None:
    change = change_of(
        a_definition(state=PUBLISHED, replace=True),
        a_flow("Booking", "DEPRECATED"),
        a_flow("Booking v2", "PUBLISHED", id="2", content=flow_json("Old label")),
    )
    assert (change.flow_id, change.name, kinds(change)) == ("2", "Booking v2", "upload publish")
    assert change.reasons == (Reason.SUCCESSOR, Reason.CONTENT_DIFFERS)


def test_a_successor_is_followed_after_replace_was_taken_back() -> None:
    change = change_of(
        a_definition(replace=False),
        a_flow("Booking", "DEPRECATED"),
        a_flow("Booking v2", "PUBLISHED", id="2"),
    )
    assert (change.flow_id, change.action) == ("2", Action.NONE)


def test_a_living_flow_is_not_left_for_a_successor_without_replace() -> None:
    plan = plan_of(
        [a_definition(replace=False)],
        [a_flow("Booking", "PUBLISHED"), a_flow("Booking v2", "PUBLISHED", id="2")],
    )
    (change,) = plan.changes
    assert (change.flow_id, change.action) == ("1", Action.NONE)
    assert [flow.id for flow in plan.unmanaged] == ["2"]


def test_when_all_versions_are_deprecated_the_last_one_is_replaced_by_the_next() -> None:
    change = change_of(
        a_definition(replace=True),
        a_flow("Booking", "DEPRECATED"),
        a_flow("Booking v2", "DEPRECATED", id="2"),
    )
    assert change.action is Action.REPLACE
    assert (change.steps[0].name, change.steps[0].clone_flow_id) == ("Booking v3", "2")


def test_an_interrupted_replacement_goes_on_where_it_stopped() -> None:
    definition = a_definition(replace=True)
    predecessor = a_flow("Booking", "PUBLISHED")
    created = a_flow("Booking v2", "DRAFT", id="2", content=flow_json("Old label"))
    change = change_of(definition, predecessor, created)
    assert kinds(change) == "upload publish deprecate"
    assert change.steps[-1].flow_id == "1"
    assert Reason.PREDECESSOR_LEFT in change.reasons

    published = a_flow("Booking v2", "PUBLISHED", id="2")
    change = change_of(definition, predecessor, published)
    assert (change.action, kinds(change)) == (Action.DEPRECATE, "deprecate")
    assert change.steps[0].flow_id == "1"
    assert change.reasons == (Reason.SUCCESSOR, Reason.PREDECESSOR_LEFT)
    assert [print_.id for print_ in change.seen] == ["2", "1"]


def test_a_predecessor_is_left_alone_while_its_successor_is_to_stay_a_draft() -> None:
    change = change_of(
        a_definition(state=DRAFT, replace=True),
        a_flow("Booking", "PUBLISHED"),
        a_flow("Booking v2", "DRAFT", id="2"),
    )
    assert (change.flow_id, change.action, kinds(change)) == ("2", Action.NONE, "")


def test_a_fallback_deprecates_all_that_the_new_flow_replaces() -> None:
    change = change_of(
        a_definition(replace=True),
        a_flow("Booking", "PUBLISHED"),
        a_flow("Booking v2", "PUBLISHED", id="2", content=flow_json("Old label")),
    )
    assert kinds(change) == "upload publish deprecate"
    assert [step.flow_id for step in change.fallback] == [None, None, None, "2", "1"]
    assert change.fallback[0].name == "Booking v3"


@pytest.mark.parametrize(
    "name", ["Booking v1", "Booking v0", "Booking v02", "Booking v", "Booking V2", "Booking v2 "]
)
def test_names_that_only_look_like_versions_are_not_followed(name: str) -> None:
    change = change_of(a_definition(replace=True), a_flow("Booking"), a_flow(name, id="2"))
    assert change.flow_id == "1"


def test_signs_in_a_name_are_taken_literally() -> None:
    definition = a_definition(name="B.+", replace=True)
    change = change_of(definition, a_flow("B.+"), a_flow("Bxx v2", id="2"))
    assert change.flow_id == "1"


def test_a_version_name_that_another_definition_has_is_not_followed() -> None:
    definitions = [
        a_definition("booking", replace=True),
        a_definition("booking-2", name="Booking v2"),
    ]
    first, second = plan_of(
        definitions, [a_flow("Booking", "PUBLISHED"), a_flow("Booking v2", "PUBLISHED", id="2")]
    ).changes
    assert (first.flow_id, first.action) == ("1", Action.NONE)
    assert (second.flow_id, second.action) == ("2", Action.NONE)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("Booking", "Booking v2"), ("Booking v2", "Booking v3"), ("Booking v9", "Booking v10")],
)
def test_the_next_version_counts_on_from_the_accepted_name(accepted: str, expected: str) -> None:
    assert next_version_name("Booking", accepted) == expected


def test_a_new_version_never_takes_a_name_that_another_definition_has() -> None:
    definitions = [
        a_definition("booking", replace=True),
        a_definition("booking-2", name="Booking v2"),
    ]
    plan = plan_of(definitions, [a_flow("Booking", "DEPRECATED")])
    created = [step.name for change in plan.changes for step in change.steps if step.name]
    assert len(created) == len(set(created))


@pytest.mark.parametrize("status", ["DEPRECATED", "DRAFT"])
def test_a_new_version_never_takes_a_name_that_the_account_has(status: str) -> None:
    definitions = [
        a_definition("booking", replace=True),
        a_definition("booking-2", name="Booking v2", state=DRAFT),
    ]
    flows = [a_flow("Booking", "DEPRECATED"), a_flow("Booking v2", status, id="2")]
    change = plan_of(definitions, flows).changes[0]
    assert "Booking v2" not in {step.name for step in change.steps}


def test_a_fallback_never_takes_the_name_of_a_deprecated_version() -> None:
    change = change_of(
        a_definition(replace=True),
        a_flow("Booking", "PUBLISHED", content=flow_json("Old label")),
        a_flow("Booking v2", "DEPRECATED", id="2"),
    )
    assert change.flow_id == "1"
    assert change.fallback
    assert change.fallback[0].name != "Booking v2"


def test_two_versions_with_one_name_are_a_conflict() -> None:
    change = change_of(
        a_definition(replace=True),
        a_flow("Booking", "DEPRECATED"),
        a_flow("Booking v2", "PUBLISHED", id="2"),
        a_flow("Booking v2", "PUBLISHED", id="3"),
    )
    assert change.action is Action.CONFLICT
    assert change.steps == ()


@pytest.mark.parametrize("state", [DRAFT, ABSENT, DEPRECATED])
def test_a_flow_that_only_looks_like_a_successor_is_not_touched_without_replace(
    state: DesiredState,
) -> None:
    plan = plan_of([a_definition(state=state)], [a_flow("Booking v2", "DRAFT", id="2")])
    assert plan.changes[0].flow_id is None
    assert [flow.id for flow in plan.unmanaged] == ["2"]


@pytest.mark.parametrize("state", [DEPRECATED, ABSENT])
@pytest.mark.parametrize("status", ["DRAFT", "PUBLISHED"])
def test_what_is_deprecated_as_asked_does_not_lead_to_the_next_by_its_name(
    state: DesiredState, status: str
) -> None:
    """Somebody may have made a flow of their own and called it as people call a second version."""
    plan = plan_of(
        [a_definition(state=state)],
        [a_flow("Booking", "DEPRECATED"), a_flow("Booking v2", status, id="2")],
    )
    assert not plan.pending
    assert [flow.id for flow in plan.unmanaged] == ["2"]


def test_deprecating_a_definition_deprecates_predecessors_that_are_still_published() -> None:
    change = change_of(
        a_definition(state=DEPRECATED, replace=True),
        a_flow("Booking", "PUBLISHED"),
        a_flow("Booking v2", "PUBLISHED", id="2"),
    )
    assert {step.flow_id for step in change.steps} == {"1", "2"}


# --- which flows are read ---


def test_only_flows_whose_details_matter_are_read() -> None:
    definitions = [
        a_definition("a", name="A", state=DRAFT),
        a_definition("b", name="B", state=PUBLISHED),
        a_definition("c", name="C", state=DEPRECATED),
        a_definition("d", name="D", state=ABSENT),
        a_definition("e", name="E", state=PUBLISHED),
        a_definition("f", name="F", state=PUBLISHED),
        a_definition("g", name="G", state=DRAFT),
    ]
    flows = [
        a_flow("A", "DRAFT", id="1"),
        a_flow("B", "BLOCKED", id="2"),
        a_flow("C", "PUBLISHED", id="3"),
        a_flow("D", "DRAFT", id="4"),
        a_flow("E", "DEPRECATED", id="5"),
        a_flow("F", UNKNOWN_STATUS, id="6"),
        a_flow("Unmanaged", "DRAFT", id="7"),
    ]
    listing = observed(flows).listing
    assert flows_to_read(definitions, listing, None) == ("1", "2", "4")
    assert flows_to_read(definitions, listing, frozenset({FlowKey("b")})) == (FlowId("2"),)


def test_a_flow_that_two_definitions_mean_is_read_once() -> None:
    definitions = [
        a_definition("a", name="A", renamed_from=("Old",)),
        a_definition("b", name="B", renamed_from=("Old",)),
    ]
    assert flows_to_read(definitions, observed([a_flow("Old")]).listing, None) == ("1",)
