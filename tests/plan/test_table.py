"""The planning table: what is desired, what the remote has, and what is planned."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from flowsync.model import DesiredState, FlowId, Observed
from flowsync.plan.build import build_plan
from flowsync.plan.values import Action, Change, Reason
from tests.plan.cases import (
    ABSENT,
    DEPRECATED,
    DRAFT,
    LIVE_STATUSES,
    PUBLISHED,
    UNKNOWN_STATUS,
    a_definition,
    a_flow,
    a_request,
    change_of,
    kinds,
    observed,
)
from tests.support import flow_json

MISSING = None
NONE, CONFLICT = Action.NONE, Action.CONFLICT
LIVE = LIVE_STATUSES


@dataclass(frozen=True, kw_only=True)
class Row:
    """One cell of the table; what stands as None counts for both values."""

    desired: DesiredState
    status: str | None
    differs: bool | None = None
    replaces: bool | None = None
    action: Action
    steps: str = ""
    fallback: str = ""
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()


def row(
    desired: DesiredState, status: str | None, action: Action, steps: str = "", *reasons: Reason
) -> Row:
    return Row(desired=desired, status=status, action=action, steps=steps, reasons=reasons)


TABLE = [
    row(DRAFT, MISSING, Action.CREATE, "create upload", Reason.MISSING_ON_REMOTE),
    row(PUBLISHED, MISSING, Action.CREATE, "create upload publish", Reason.MISSING_ON_REMOTE),
    row(DEPRECATED, MISSING, NONE, "", Reason.ALREADY_GONE),
    row(ABSENT, MISSING, NONE, "", Reason.ALREADY_GONE),
    Row(
        desired=DRAFT,
        status="DRAFT",
        differs=True,
        action=Action.UPDATE,
        steps="upload",
        reasons=(Reason.CONTENT_DIFFERS,),
    ),
    Row(
        desired=DRAFT,
        status="DRAFT",
        differs=False,
        action=NONE,
        reasons=(Reason.UNCHANGED,),
    ),
    Row(
        desired=PUBLISHED,
        status="DRAFT",
        differs=True,
        action=Action.UPDATE,
        steps="upload publish",
        reasons=(Reason.CONTENT_DIFFERS, Reason.NOT_YET_PUBLISHED),
    ),
    Row(
        desired=PUBLISHED,
        status="DRAFT",
        differs=False,
        action=Action.PUBLISH,
        steps="publish",
        reasons=(Reason.NOT_YET_PUBLISHED,),
    ),
    row(DEPRECATED, "DRAFT", CONFLICT),
    Row(
        desired=ABSENT,
        status="DRAFT",
        action=Action.DELETE,
        steps="delete",
        reasons=(Reason.STATE_ABSENT,),
        warnings=("live version",),
    ),
    row(DRAFT, "DEPRECATED", CONFLICT),
    Row(desired=PUBLISHED, status="DEPRECATED", replaces=False, action=CONFLICT),
    Row(
        desired=PUBLISHED,
        status="DEPRECATED",
        replaces=True,
        action=Action.REPLACE,
        steps="create upload publish",
        reasons=(Reason.FROZEN,),
    ),
    row(DEPRECATED, "DEPRECATED", NONE, "", Reason.ALREADY_DEPRECATED),
    row(ABSENT, "DEPRECATED", NONE, "", Reason.STAYS_DEPRECATED),
    *(row(desired, UNKNOWN_STATUS, CONFLICT) for desired in DesiredState),
]
for _status in LIVE:
    _warned = () if _status == "PUBLISHED" else (_status,)
    TABLE += [
        Row(
            desired=DRAFT,
            status=_status,
            differs=True,
            replaces=False,
            action=Action.UPDATE,
            steps="upload",
            reasons=(Reason.CONTENT_DIFFERS,),
            warnings=(*_warned, "live version stays up"),
        ),
        Row(
            desired=DRAFT,
            status=_status,
            differs=True,
            replaces=True,
            action=Action.UPDATE,
            steps="upload",
            fallback="create upload",
            reasons=(Reason.CONTENT_DIFFERS,),
            warnings=(*_warned, "live version stays up"),
        ),
        Row(
            desired=DRAFT,
            status=_status,
            differs=False,
            action=NONE,
            reasons=(Reason.STAYS_PUBLISHED,),
            warnings=_warned,
        ),
        Row(
            desired=PUBLISHED,
            status=_status,
            differs=True,
            replaces=False,
            action=Action.UPDATE,
            steps="upload publish",
            reasons=(Reason.CONTENT_DIFFERS,),
            warnings=_warned,
        ),
        Row(
            desired=PUBLISHED,
            status=_status,
            differs=True,
            replaces=True,
            action=Action.UPDATE,
            steps="upload publish",
            fallback="create upload publish deprecate",
            reasons=(Reason.CONTENT_DIFFERS,),
            warnings=_warned,
        ),
        Row(
            desired=PUBLISHED,
            status=_status,
            differs=False,
            action=NONE,
            reasons=(Reason.UNCHANGED,),
            warnings=_warned,
        ),
        Row(
            desired=DEPRECATED,
            status=_status,
            action=Action.DEPRECATE,
            steps="deprecate",
            reasons=(Reason.STATE_DEPRECATED,),
            warnings=_warned,
        ),
        Row(desired=ABSENT, status=_status, action=CONFLICT, warnings=_warned),
    ]

STATUSES = (MISSING, "DRAFT", *LIVE, "DEPRECATED", UNKNOWN_STATUS)
SITUATIONS = [
    (desired, status, differs, replaces)
    for desired in DesiredState
    for status in STATUSES
    for differs in (False, True)
    for replaces in (False, True)
]


def planned(desired: DesiredState, status: str | None, differs: bool, replaces: bool) -> Change:
    definition = a_definition(state=desired, replace=replaces)
    content = flow_json("Your e-mail") if differs else flow_json()
    flows = [] if status is None else [a_flow(status=status, content=content)]
    return change_of(definition, *flows)


def rows_for(desired: DesiredState, status: str | None, differs: bool, replaces: bool) -> list[Row]:
    return [
        found
        for found in TABLE
        if (found.desired, found.status) == (desired, status)
        and found.differs in {None, differs}
        and found.replaces in {None, replaces}
    ]


@pytest.mark.parametrize(("desired", "status", "differs", "replaces"), SITUATIONS)
def test_each_cell_of_the_table_is_planned_as_it_stands(
    desired: DesiredState, status: str | None, differs: bool, replaces: bool
) -> None:
    (expected,) = rows_for(desired, status, differs, replaces)
    change = planned(desired, status, differs, replaces)
    assert change.action is expected.action
    assert kinds(change) == expected.steps
    assert " ".join(step.kind.value for step in change.fallback) == expected.fallback
    if expected.reasons:
        assert change.reasons == expected.reasons
    assert len(change.warnings) == len(expected.warnings)
    for words, warning in zip(expected.warnings, change.warnings, strict=True):
        assert words in warning


@pytest.mark.parametrize(("desired", "status", "differs", "replaces"), SITUATIONS)
def test_each_conflict_says_what_is_wrong_and_a_way_out(
    desired: DesiredState, status: str | None, differs: bool, replaces: bool
) -> None:
    change = planned(desired, status, differs, replaces)
    if change.action is Action.CONFLICT:
        assert change.conflict
        assert change.way_out
        assert change.way_out != "Nothing is left to do."
        assert (change.steps, change.fallback, change.reasons) == ((), (), ())
    else:
        assert change.conflict is None
        assert change.way_out is None
        assert change.reasons


@pytest.mark.parametrize(("desired", "status", "differs", "replaces"), SITUATIONS)
def test_a_change_says_which_flow_it_is_about_and_what_was_seen(
    desired: DesiredState, status: str | None, differs: bool, replaces: bool
) -> None:
    change = planned(desired, status, differs, replaces)
    assert change.key == "booking"
    assert change.label == "booking"
    assert change.name == "Booking"
    assert change.desired == desired.value
    assert change.status == status
    assert change.flow_id == (None if status is None else "1")
    assert [print_.id for print_ in change.seen] == ([] if status is None else ["1"])
    assert change.definition_digest == a_definition(state=desired, replace=replaces).digest


@pytest.mark.parametrize("status", LIVE)
def test_steps_of_an_edit_name_the_flow_and_steps_of_a_fallback_the_new_one(status: str) -> None:
    change = planned(PUBLISHED, status, differs=True, replaces=True)
    assert [step.flow_id for step in change.steps] == ["1", "1"]
    assert [step.flow_id for step in change.fallback] == [None, None, None, "1"]
    assert change.fallback[0].name == "Booking v2"
    assert change.fallback[0].clone_flow_id == FlowId("1")


def test_a_deprecated_flow_is_replaced_by_a_clone_with_the_next_name() -> None:
    change = planned(PUBLISHED, "DEPRECATED", differs=True, replaces=True)
    create = change.steps[0]
    assert (create.name, create.clone_flow_id) == ("Booking v2", FlowId("1"))
    assert create.categories == ("OTHER",)
    assert {step.flow_id for step in change.steps} == {None}


def test_create_lists_the_fields_of_the_new_flow() -> None:
    definition = a_definition(endpoint_uri="https://e.example/x", manages_endpoint=True)
    change = change_of(definition)
    assert {field.name: field.new for field in change.fields} == {
        "name": "Booking",
        "categories": ["OTHER"],
        "endpoint_uri": "https://e.example/x",
        "flow_json": "flows/booking.json",
    }
    create = change.steps[0]
    assert (create.name, create.endpoint_uri) == ("Booking", "https://e.example/x")
    assert create.clone_flow_id is None


def test_fields_that_differ_are_updated_and_only_they_are_sent() -> None:
    definition = a_definition(state=DRAFT, categories=("OTHER", "SURVEY"))
    change = change_of(definition, a_flow(categories=("OTHER",)))
    assert change.reasons == (Reason.FIELDS_DIFFER,)
    (step,) = change.steps
    assert step.categories == ("OTHER", "SURVEY")
    assert (step.name, step.endpoint_uri) == (None, None)
    (field,) = change.fields
    assert (field.name, field.old, field.new) == ("categories", ["OTHER"], ["OTHER", "SURVEY"])


def test_categories_are_compared_as_a_set() -> None:
    definition = a_definition(state=DRAFT, categories=("OTHER", "SURVEY"))
    change = change_of(definition, a_flow(categories=("SURVEY", "OTHER")))
    assert change.action is Action.NONE


def test_fields_are_updated_before_content_is_uploaded_and_both_before_publishing() -> None:
    definition = a_definition(categories=("SURVEY",))
    change = change_of(definition, a_flow(content=flow_json("Old label")))
    assert kinds(change) == "update upload publish"
    assert change.reasons == (
        Reason.FIELDS_DIFFER,
        Reason.CONTENT_DIFFERS,
        Reason.NOT_YET_PUBLISHED,
    )


def test_content_is_compared_by_value() -> None:
    definition = a_definition(state=DRAFT, content={"version": "7.3", "screens": [], "n": 1})
    change = change_of(definition, a_flow(content={"n": 1.0, "screens": [], "version": "7.3"}))
    assert change.action is Action.NONE


def test_a_definition_without_flow_json_leaves_the_content_alone() -> None:
    definition = a_definition(state=DEPRECATED, flow_json=None)
    assert kinds(change_of(definition, a_flow(status="PUBLISHED"))) == "deprecate"
    change = change_of(a_definition(state=DRAFT, flow_json=None), a_flow())
    assert change.action is Action.NONE


def test_a_definition_without_flow_json_lists_no_file_for_a_new_flow() -> None:
    change = change_of(a_definition(state=DRAFT, flow_json=None))
    assert [field.name for field in change.fields] == ["name", "categories"]


@pytest.mark.parametrize(
    ("state", "listed", "read", "steps"),
    [
        (PUBLISHED, "PUBLISHED", "DRAFT", "publish"),
        (PUBLISHED, "DRAFT", "PUBLISHED", ""),
        (ABSENT, "DRAFT", "PUBLISHED", ""),
        (PUBLISHED, "PUBLISHED", "DEPRECATED", ""),
    ],
)
def test_the_status_of_a_read_counts_more_than_that_of_an_earlier_listing(
    state: DesiredState, listed: str, read: str, steps: str
) -> None:
    before, now = observed([a_flow(status=listed)]), observed([a_flow(status=read)])
    both = Observed(listing=before.listing, details=now.details)
    (change,) = build_plan([a_definition(state=state)], both, a_request()).changes
    assert kinds(change) == steps
    assert change.status == read
