"""Flow JSON and endpoints: what may be written over, published, and what is warned of."""

from __future__ import annotations

from typing import Any

import pytest

from flowsync.model import (
    Content,
    ContentState,
    FlowDefinition,
    FlowJson,
    JsonValue,
    RemoteFinding,
    RemoteFlow,
    canonical_digest,
)
from flowsync.plan.build import build_plan
from flowsync.plan.values import Action, Change, Reason
from tests.plan.cases import (
    DRAFT,
    LIVE_STATUSES,
    NO_CONTENT,
    PUBLISHED,
    UNKNOWN_CONTENT,
    a_definition,
    a_flow,
    a_request,
    change_of,
    kinds,
    observed,
    plan_of,
)
from tests.support import flow_json

URI = "https://flows.example.com/booking"
OTHER_URI = "https://flows.example.com/other"
FINDINGS = (
    RemoteFinding(code="INVALID_PROPERTY", message="No such property.", line=3, column=5),
    RemoteFinding(code="MISSING", message="Something is missing."),
)
OLD = flow_json("Old label")


@pytest.mark.parametrize("status", ["DRAFT", *LIVE_STATUSES])
@pytest.mark.parametrize("state", [DRAFT, PUBLISHED])
def test_unknown_content_is_never_written_over(status: str, state: Any) -> None:
    definition = a_definition(state=state, categories=("SURVEY",), replace=True)
    change = change_of(definition, a_flow(status=status, unread=UNKNOWN_CONTENT))
    assert change.action is Action.CONFLICT
    assert "its file could not be fetched" in (change.conflict or "")
    assert change.way_out
    assert change.seen[0].content == "unknown"


def test_a_flow_that_is_listed_but_was_not_read_is_a_conflict() -> None:
    seen = observed([a_flow()])
    unread = type(seen)(listing=seen.listing, details={})
    (change,) = build_plan([a_definition()], unread, a_request()).changes
    assert change.action is Action.CONFLICT
    assert "could not be read" in (change.conflict or "")
    assert change.way_out
    assert change.seen[0].content == "unread"


def test_a_flow_without_content_gets_it_before_its_fields_are_updated() -> None:
    note = "the remote cannot show this flow, as with drafts that have no Flow JSON"
    flow = a_flow(unread=Content(state=ContentState.NONE, note=note), categories=("SURVEY",))
    change = change_of(a_definition(), flow)
    assert kinds(change) == "upload update publish"
    assert Reason.CONTENT_MISSING in change.reasons
    assert Reason.CONTENT_DIFFERS not in change.reasons
    assert change.warnings == (f"{note}.",)
    assert change.seen[0].content == "none"


def test_a_flow_without_content_is_uploaded_to() -> None:
    change = change_of(a_definition(state=DRAFT), a_flow(unread=NO_CONTENT))
    assert (change.action, kinds(change), change.warnings) == (Action.UPDATE, "upload", ())
    (field,) = change.fields
    assert (field.name, field.new, field.differences) == ("flow_json", "flows/booking.json", ())


def test_a_content_that_is_null_is_content() -> None:
    null = Content(state=ContentState.READ, value=None)
    change = change_of(a_definition(state=DRAFT), a_flow(unread=null))
    assert change.reasons == (Reason.CONTENT_DIFFERS,)


def test_differences_say_what_an_upload_changes() -> None:
    change = change_of(a_definition(state=DRAFT), a_flow(content=OLD))
    (field,) = change.fields
    (difference,) = field.differences
    assert (difference.old, difference.new) == ("Old label", "E-mail")


def test_a_fingerprint_holds_the_digest_of_what_was_read() -> None:
    flow = a_flow(content=OLD, endpoint_uri=URI, categories=("SURVEY", "OTHER"))
    (seen,) = change_of(a_definition(), flow).seen
    assert seen.content == canonical_digest(OLD)
    assert (seen.endpoint_uri, seen.categories) == (URI, ("OTHER", "SURVEY"))


# --- endpoints ---


def managing(uri: str | None, **fields: Any) -> FlowDefinition:
    return a_definition(endpoint_uri=uri, manages_endpoint=True, **{"state": DRAFT, **fields})


def test_an_endpoint_is_set_and_changed() -> None:
    for before in (None, OTHER_URI):
        change = change_of(managing(URI), a_flow(endpoint_uri=before))
        assert kinds(change) == "update"
        assert change.steps[0].endpoint_uri == URI
        assert change.reasons == (Reason.FIELDS_DIFFER,)
        (field,) = change.fields
        assert (field.name, field.old, field.new) == ("endpoint_uri", before, URI)


@pytest.mark.parametrize("remote_uri", [None, ""])
def test_no_endpoint_is_no_endpoint_however_the_remote_says_it(remote_uri: str | None) -> None:
    assert change_of(managing(None), a_flow(endpoint_uri=remote_uri)).action is Action.NONE


def test_an_unmanaged_endpoint_is_left_alone() -> None:
    flow = a_flow(endpoint_uri=URI)
    assert change_of(a_definition(state=DRAFT), flow).action is Action.NONE
    change = change_of(a_definition(state=DRAFT), a_flow(endpoint_uri=URI, content=OLD))
    assert kinds(change) == "upload"


def test_g11_an_endpoint_that_cannot_be_removed_is_a_conflict() -> None:
    change = change_of(managing(None), a_flow(endpoint_uri=URI), can_clear_endpoint=False)
    assert change.action is Action.CONFLICT
    assert URI in (change.conflict or "")
    assert "G-11" in (change.conflict or "")
    assert change.way_out


def test_an_endpoint_is_removed_where_the_remote_can() -> None:
    change = change_of(managing(None), a_flow(endpoint_uri=URI), can_clear_endpoint=True)
    assert kinds(change) == "update"
    (field,) = change.fields
    assert (field.name, field.old, field.new) == ("endpoint_uri", URI, None)


def test_a_step_that_removes_an_endpoint_differs_from_one_that_does_not_send_it() -> None:
    removing = change_of(
        managing(None, categories=("SURVEY",)), a_flow(endpoint_uri=URI), can_clear_endpoint=True
    )
    keeping = change_of(
        a_definition(state=DRAFT, categories=("SURVEY",)),
        a_flow(endpoint_uri=URI),
        can_clear_endpoint=True,
    )
    assert removing.steps[0].clears_endpoint
    assert not keeping.steps[0].clears_endpoint


WITH_ENDPOINT = flow_json(endpoint=True)


def test_g15_a_flow_with_an_endpoint_is_not_published_without_its_address() -> None:
    situations: list[tuple[dict[str, Any], list[RemoteFlow]]] = [
        ({}, []),
        ({}, [a_flow(content=WITH_ENDPOINT)]),
        ({}, [a_flow(status="PUBLISHED", content=OLD)]),
        ({"replace": True}, [a_flow(status="DEPRECATED", content=WITH_ENDPOINT)]),
        (
            {"endpoint_uri": None, "manages_endpoint": True},
            [a_flow(content=WITH_ENDPOINT)],
        ),
    ]
    for fields, flows in situations:
        change = change_of(a_definition(content=WITH_ENDPOINT, **fields), *flows)
        assert change.action is Action.CONFLICT
        assert "endpoint" in (change.conflict or "")
        assert "endpoint_uri" in (change.way_out or "")


def test_g15_an_address_in_the_definition_or_on_the_remote_is_enough() -> None:
    managed = managing(URI, content=WITH_ENDPOINT, state=PUBLISHED)
    assert kinds(change_of(managed)) == "create upload publish"
    assert kinds(change_of(managed, a_flow())) == "update upload publish"
    unmanaged = a_definition(content=WITH_ENDPOINT)
    assert kinds(change_of(unmanaged, a_flow(endpoint_uri=URI))) == "upload publish"


def test_g15_a_draft_with_an_endpoint_needs_no_address_yet() -> None:
    definition = a_definition(content=WITH_ENDPOINT, state=DRAFT)
    assert kinds(change_of(definition)) == "create upload"
    assert kinds(change_of(definition, a_flow())) == "upload"


def test_a_published_flow_in_step_needs_no_address_to_stay_so() -> None:
    flow = a_flow(status="PUBLISHED", content=WITH_ENDPOINT)
    assert change_of(a_definition(content=WITH_ENDPOINT), flow).action is Action.NONE


# --- what the remote finds wrong ---


def test_g04_content_with_errors_is_not_published() -> None:
    change = change_of(a_definition(), a_flow(findings=FINDINGS))
    assert change.action is Action.CONFLICT
    assert "2 error(s)" in (change.conflict or "")
    assert "INVALID_PROPERTY: No such property." in (change.conflict or "")
    assert change.way_out


def test_g04_errors_of_other_content_do_not_matter() -> None:
    change = change_of(a_definition(), a_flow(content=OLD, findings=FINDINGS))
    assert (kinds(change), change.warnings) == ("upload publish", ())


def test_errors_of_a_draft_that_stays_one_are_a_warning() -> None:
    change = change_of(a_definition(state=DRAFT), a_flow(findings=FINDINGS))
    assert change.action is Action.NONE
    (warning,) = change.warnings
    assert "2 error(s)" in warning


def test_errors_of_a_published_flow_in_step_are_a_warning() -> None:
    change = change_of(a_definition(), a_flow(status="PUBLISHED", findings=FINDINGS))
    assert change.action is Action.NONE
    assert len(change.warnings) == 1


# --- limits of the remote (G-03) ---


def nested(levels: int) -> JsonValue:
    value: JsonValue = "leaf"
    for level in range(levels):
        value = {"child": value} if level % 2 else [value, 1]
    return value


def warned(content: JsonValue, text: str = "x", **limits: int) -> tuple[str, ...]:
    flow = FlowJson(path="flows/booking.json", text=text, value=content)
    definition = a_definition(state=DRAFT, flow_json=flow)
    created, edited = change_of(definition, **limits), change_of(definition, a_flow(), **limits)
    replaced = change_of(
        a_definition(flow_json=flow, replace=True), a_flow(status="DEPRECATED"), **limits
    )
    assert created.warnings == edited.warnings == replaced.warnings
    return created.warnings


def test_g03_nesting_beyond_the_limit_is_a_warning() -> None:
    assert warned(nested(10), max_content_depth=10) == ()
    (warning,) = warned(nested(11), max_content_depth=10)
    assert "flows/booking.json is nested 11 levels deep" in warning
    assert warned(nested(40)) == ()


@pytest.mark.parametrize("value", [{}, []])
def test_g03_an_empty_object_or_list_is_a_level(value: JsonValue) -> None:
    assert warned(value, max_content_depth=1) == ()
    assert len(warned([value], max_content_depth=1)) == 1


def test_g03_size_beyond_the_limit_is_a_warning_counted_in_bytes() -> None:
    assert warned("", text="é" * 5, max_content_bytes=10) == ()
    (warning,) = warned("", text="é" * 600, max_content_bytes=1199)
    assert "1,200 bytes" in warning
    assert "1,199" in warning
    assert len(warned("", text="\ud800", max_content_bytes=2)) == 1


def test_g03_limits_do_not_concern_flows_whose_content_stays() -> None:
    change = change_of(a_definition(state=DRAFT), a_flow(), max_content_depth=1)
    assert change.warnings == ()


# --- other warnings ---


@pytest.mark.parametrize("status", ["THROTTLED", "BLOCKED"])
def test_a_flow_that_meta_holds_back_is_planned_with_a_warning(status: str) -> None:
    for content in (None, OLD):
        change = change_of(a_definition(), a_flow(status=status, content=content))
        assert status in change.warnings[0]
    assert change_of(a_definition(), a_flow(status="PUBLISHED")).warnings == ()


@pytest.mark.parametrize("status", LIVE_STATUSES)
def test_a_draft_over_a_published_flow_is_warned_of(status: str) -> None:
    change = change_of(a_definition(state=DRAFT), a_flow(status=status, content=OLD))
    assert "live version stays up" in change.warnings[-1]


def test_a_draft_over_a_draft_is_not_warned_of() -> None:
    assert change_of(a_definition(state=DRAFT), a_flow(content=OLD)).warnings == ()


# --- clone_from ---


def new_with(clone_from: str, *flows: RemoteFlow) -> Change:
    definitions = [
        a_definition("new", clone_from=clone_from),
        a_definition("source", state=DRAFT),
    ]
    return plan_of(definitions, flows).changes[0]


def test_a_new_flow_is_cloned_from_the_flow_of_a_key() -> None:
    assert new_with("source", a_flow("Source", id="77")).steps[0].clone_flow_id == "77"


def test_a_new_flow_is_cloned_from_an_unmanaged_flow_of_the_account() -> None:
    assert new_with("88", a_flow("Elsewhere", id="88")).steps[0].clone_flow_id == "88"


@pytest.mark.parametrize(
    ("clone_from", "words"), [("source", "apply that flow first"), ("99", "neither a key")]
)
def test_a_source_that_is_not_there_is_a_conflict(clone_from: str, words: str) -> None:
    change = new_with(clone_from)
    assert change.action is Action.CONFLICT
    assert words in (change.conflict or "")
    assert "clone_from" in (change.way_out or "")


def test_the_source_does_not_matter_once_the_flow_exists() -> None:
    change = new_with("99", a_flow("New", id="5"))
    assert (change.flow_id, kinds(change)) == ("5", "publish")


def test_a_flow_is_not_cloned_from_itself() -> None:
    change = change_of(a_definition(clone_from="booking"))
    assert change.action is Action.CONFLICT
    assert change.way_out
