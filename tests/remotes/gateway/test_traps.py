"""Each trap of the gateway, by its number in the reference: what it does to us, and that we live.

The emulator springs most of them; `responses` gives the answers that it cannot give.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from flowsync.apply.outcome import Result
from flowsync.errors import (
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteUnavailable,
)
from flowsync.model import ContentState, DesiredState, FlowId, JsonValue, StepKind
from flowsync.observing import observe
from flowsync.plan.values import Action
from flowsync.remotes.interface import FlowMessage, FlowUpdate, NewFlow
from flowsync.remotes.meta_flows import read_preview_link
from flowsync.remotes.operations import Operation
from tests.remotes.support import (
    FLOW,
    apply_of,
    definition,
    drafted,
    listed_remote,
    plan_and_apply,
    plan_of,
    published,
    remote_over,
    url_of,
    watched,
)
from tests.support import EmulatedGateway, Repository, flow_json

FROZEN: dict[str, JsonValue] = {
    "error": {"code": 139001, "error_subcode": 4016010, "message": "Can't be updated"}
}
DETAILS: dict[str, JsonValue] = {
    "id": FLOW,
    "name": "Alpha",
    "status": "DRAFT",
    "json_version": "7.3",
    "assets": None,
}


def ok(data: JsonValue, message: str = "") -> dict[str, Any]:
    return {"success": True, "message": message, "data": data}


def nested(depth: int) -> JsonValue:
    value: JsonValue = 1
    for _ in range(depth):
        value = [value]
    return value


def steps(change: Any) -> list[StepKind]:
    return [step.kind for step in change.steps]


# --- G-01, G-02: a refused upload looks like a success ---


def test_g01_refused_upload_that_looks_like_success_is_an_error(gateway: EmulatedGateway) -> None:
    flow_id = published(gateway)
    gateway.platform.make_legacy(flow_id)
    remote = gateway.client()
    remote.list_flows()
    with pytest.raises(RemoteRejected) as caught:
        remote.upload_flow_json(FlowId(flow_id), json.dumps(flow_json("New")))
    assert (caught.value.status, caught.value.code, caught.value.subcode) == (200, 139001, 4016010)


@responses.activate
@pytest.mark.parametrize("data", [None, {}, [], "", {"validations_errors": None}, {"id": FLOW}])
def test_g01_upload_without_list_of_findings_is_no_success(data: JsonValue) -> None:
    remote = listed_remote(responses.mock)
    answer = ok(data, "Upload JSON File Failed")
    responses.post(url_of(Operation.UPLOAD), json=answer)
    with pytest.raises(RemoteUnavailable) as caught:
        remote.upload_flow_json(FlowId(FLOW), "{}")
    assert caught.value.outcome_unknown


@responses.activate
def test_g01_error_beside_a_list_of_findings_is_an_error() -> None:
    remote = listed_remote(responses.mock)
    responses.post(url_of(Operation.UPLOAD), json=ok({"validations_errors": [], **FROZEN}))
    with pytest.raises(RemoteRejected, match="139001/4016010"):
        remote.upload_flow_json(FlowId(FLOW), "{}")


@pytest.mark.parametrize("text", ['{"a": [1,]}', '{"a": 1} {"b": 2}', '{"a": "\x01"}', '{"a": 01}'])
def test_g02_malformed_json_that_looks_like_success_is_an_error(
    documented: EmulatedGateway, text: str
) -> None:
    flow_id = drafted(documented)
    before = documented.platform.get_flow(flow_id).flow_json
    remote = documented.client()
    remote.list_flows()
    with pytest.raises(RemoteUnavailable, match="list of validation errors"):
        remote.upload_flow_json(FlowId(flow_id), text)
    assert documented.platform.get_flow(flow_id).flow_json == before


@pytest.mark.parametrize(
    "content",
    [
        b'{"version": "7.3", "screens": [],}',
        b'{"version": "7.3", "screens": []} // end',
        b'{"version": "7.3", "screens": [], "x": "\x01"}',
        b'{"version": "7.3", "screens": [], "x": 01}',
        b'{"version": "7.3", "screens": [], "x": "\xff"}',
        b'{"version": "7.3", "screens": [], "x": "\\ud800"}',
        b'{"version": "7.3", "screens": []} {}',
        b"{'version': '7.3'}",
        b'{"version": NaN}',
    ],
)
def test_g02_malformed_json_never_reaches_the_remote(
    repository: Repository, content: bytes
) -> None:
    file = repository.flow("alpha").with_suffix(".json")
    file.write_bytes(content)
    result = repository.run("apply", "--yes")
    assert result.exit_code == 3
    assert "flows/alpha.json" in result.stderr
    assert not Path(".flowsync").exists()


# --- G-03: valid JSON refused for its depth or size ---


def test_g03_file_refused_for_its_depth_is_explained_as_a_limit_of_the_gateway(
    gateway: EmulatedGateway,
) -> None:
    flow_id = drafted(gateway)
    remote = gateway.client()
    remote.list_flows()
    with pytest.raises(RemoteRejected) as caught:
        remote.upload_flow_json(FlowId(flow_id), json.dumps(nested(11)))
    assert caught.value.status == 400
    assert "nested deeper than 10 levels or larger than 1,048,576 bytes" in str(caught.value)
    assert "file of type: json" in str(caught.value)


def test_g03_depth_is_warned_of_in_the_plan_and_tried_all_the_same(
    documented: EmulatedGateway,
) -> None:
    remote = documented.client()
    (deep,) = plan_of(remote, definition(content={"a": nested(10)})).changes
    (flat,) = plan_of(remote, definition(content={"a": nested(9)})).changes
    assert any("11 levels deep" in warning for warning in deep.warnings)
    assert steps(deep) == [StepKind.CREATE, StepKind.UPLOAD, StepKind.PUBLISH]
    assert flat.warnings == ()


def test_g03_depth_of_an_edit_is_warned_of_in_the_plan(documented: EmulatedGateway) -> None:
    drafted(documented)
    (change,) = plan_of(documented.client(), definition(content={"a": nested(10)})).changes
    assert any("11 levels deep" in warning for warning in change.warnings)
    assert StepKind.UPLOAD in steps(change)


def test_g03_size_is_warned_of_in_the_plan(documented: EmulatedGateway) -> None:
    remote = documented.client()
    (large,) = plan_of(remote, definition(content={"a": "x" * 1_048_569})).changes
    (fits,) = plan_of(remote, definition(content={"a": "x" * 1_048_567})).changes
    assert any("1,048,578 bytes" in warning for warning in large.warnings)
    assert fits.warnings == ()


def test_g03_byte_order_mark_of_a_file_does_not_reach_the_gateway(repository: Repository) -> None:
    file = repository.flow("alpha").with_suffix(".json")
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    result = repository.run("apply", "--yes")
    assert "file of type: json" not in result.output
    assert result.exit_code in {0, 3}


# --- G-04, G-05: what an upload's answer does not say ---


def test_g04_uploaded_but_invalid_is_not_published(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    remote = gateway.client()
    bad: Any = flow_json()
    bad["screens"][0]["titel"] = "x"
    outcome = plan_and_apply(remote, tmp_path, definition(content=bad))
    (flow,) = outcome.flows
    assert flow.result is Result.FAILED
    assert "INVALID_PROPERTY_KEY" in flow.message
    assert flow.findings[0].code == "INVALID_PROPERTY_KEY"
    assert gateway.counts["upload"] == 1
    assert gateway.counts["publish"] == 0


def test_g04_findings_that_only_a_read_shows_keep_from_publishing(
    documented: EmulatedGateway, tmp_path: Path
) -> None:
    bad: Any = flow_json()
    bad["screens"][0]["titel"] = "x"
    documented.faults.add("upload:server-error-after*1")
    (flow,) = plan_and_apply(documented.client(), tmp_path, definition(content=bad)).flows
    assert flow.result is Result.FAILED
    assert documented.counts["publish"] == 0


def test_g05_upload_that_worked_although_500_is_not_repeated(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    gateway.faults.add("upload:no-validations*1")
    (flow,) = plan_and_apply(gateway.client(), tmp_path, definition()).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts["upload"] == 1


# --- G-06, G-07: what get cannot show ---


def test_g06_listed_draft_that_get_fails_for_is_one_without_content(
    gateway: EmulatedGateway,
) -> None:
    flow_id = FlowId(
        gateway.platform.create_flow(gateway.account, name="Alpha", categories=["OTHER"])
    )
    remote = gateway.client()
    remote.list_flows()
    flow = remote.get_flow(flow_id)
    assert flow.content.state is ContentState.NONE
    assert "G-06" in flow.content.note
    assert (flow.name, flow.status, flow.categories) == ("Alpha", "DRAFT", ("OTHER",))


def test_g06_empty_draft_gets_its_content_by_id(gateway: EmulatedGateway, tmp_path: Path) -> None:
    flow_id = gateway.platform.create_flow(gateway.account, name="Alpha", categories=["OTHER"])
    (flow,) = plan_and_apply(gateway.client(), tmp_path, definition()).flows
    assert flow.result is Result.APPLIED
    assert flow.flow_id == flow_id
    assert gateway.platform.get_flow(flow_id).status == "PUBLISHED"


def test_g06_unlisted_or_published_flow_that_get_fails_for_is_unreadable(
    documented: EmulatedGateway,
) -> None:
    flow_id = FlowId(published(documented))
    documented.faults.add("get:server-error")
    remote = documented.client()
    with pytest.raises(RemoteUnavailable):
        remote.get_flow(flow_id)
    remote.list_flows()
    with pytest.raises(RemoteUnavailable):
        remote.get_flow(flow_id)


def test_g06_failing_get_is_no_sign_of_an_empty_draft_when_others_fail_too(
    documented: EmulatedGateway,
) -> None:
    published(documented, "Beta")
    published(documented, "Gamma")
    drafted(documented, "Alpha")
    documented.faults.add("get:server-error*8")  # two reads, four attempts each
    definitions = [definition(name.lower(), name=name) for name in ("Alpha", "Beta", "Gamma")]
    plan = plan_of(documented.client(), *definitions)
    assert [change.action for change in plan.changes[:2]] == [Action.CONFLICT, Action.CONFLICT]


def test_g07_content_that_is_named_but_missing_is_read_again(gateway: EmulatedGateway) -> None:
    flow_id = FlowId(drafted(gateway))
    gateway.faults.add("get:asset-unavailable*1")
    flow = gateway.client().get_flow(flow_id)
    assert flow.content.state is ContentState.READ
    assert gateway.counts["get"] == 2


def test_g07_unknown_content_is_never_written_over(gateway: EmulatedGateway) -> None:
    flow_id = FlowId(drafted(gateway))
    gateway.faults.add("get:asset-unavailable")
    remote = gateway.client()
    assert remote.get_flow(flow_id).content.state is ContentState.UNKNOWN
    (change,) = plan_of(remote, definition(content=flow_json("New"))).changes
    assert change.action is Action.CONFLICT
    assert change.steps == ()


@responses.activate
@pytest.mark.parametrize("assets", [None, []])
def test_g07_flow_without_assets_has_no_content(assets: JsonValue) -> None:
    answer = ok({**DETAILS, "assets": assets, "json_contents": None})
    responses.get(url_of(Operation.GET), json=answer)
    flow = remote_over(None).get_flow(FlowId(FLOW))
    assert flow.content.state is ContentState.NONE
    assert len(responses.calls) == 1


# --- G-08, G-09: another spelling of the same ---


def test_g08_numbers_written_anew_by_the_gateway_are_no_difference(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    content: Any = flow_json("Straße / Nr.")
    numbers = {
        "a": 1.0,
        "b": 1e3,
        "c": 2**63 + 1,
        "d": -(2**64) - 1,
        "e": 0.5,
        "f": True,
        "g": {},
        "h": [],
        "i": "a/ä",
    }
    content["screens"][0]["data"] = {"n": {"type": "object", "__example__": numbers}}
    wanted = definition(content=content, state=DesiredState.DRAFT)
    remote = gateway.client()
    (flow,) = plan_and_apply(remote, tmp_path, wanted).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts["upload"] == 1
    assert plan_of(remote, wanted).pending == ()


@pytest.mark.parametrize(("there", "here"), [(1, True), (0, False), ({}, []), (1, "1"), (1, 2)])
def test_g08_values_of_another_kind_are_a_difference(
    documented: EmulatedGateway, there: JsonValue, here: JsonValue
) -> None:
    drafted(documented, content={"version": "7.3", "x": there})
    (change,) = plan_of(
        documented.client(), definition(content={"version": "7.3", "x": here})
    ).changes
    assert StepKind.UPLOAD in steps(change)


@responses.activate
@pytest.mark.parametrize("name", ["json_contents", "json_content"])
def test_g09_flow_json_is_found_under_either_name(name: str) -> None:
    responses.get(url_of(Operation.GET), json=ok({**DETAILS, name: {"version": "7.3"}}))
    flow = remote_over(None).get_flow(FlowId(FLOW))
    assert flow.content.state is ContentState.READ
    assert flow.content.value == {"version": "7.3"}


@responses.activate
@pytest.mark.parametrize("name", ["validations_errors", "validation_errors"])
def test_g09_findings_are_found_under_either_name(name: str) -> None:
    remote = listed_remote(responses.mock)
    entry: JsonValue = {"error": "BAD", "message": "no", "line_start": 3, "column_start": 4}
    responses.post(url_of(Operation.UPLOAD), json=ok({name: [entry]}))
    responses.get(url_of(Operation.GET), json=ok({**DETAILS, name: [entry]}))
    (uploaded,) = remote.upload_flow_json(FlowId(FLOW), "{}")
    (read,) = remote.get_flow(FlowId(FLOW)).findings
    assert uploaded == read
    assert (read.code, read.message, read.line, read.column) == ("BAD", "no", 3, 4)


# --- G-10 … G-12: what an update does not do ---


def test_g10_update_that_was_answered_but_not_done_is_done_again(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    flow_id = published(gateway)
    gateway.faults.add("update:ignored*1")
    wanted = definition(categories=("SURVEY",))
    (flow,) = plan_and_apply(gateway.client(), tmp_path, wanted).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts["update"] == 2
    assert gateway.platform.get_flow(flow_id).categories == ("SURVEY",)


@pytest.mark.parametrize("operation", ["update", "upload", "publish"])
def test_g10_write_that_is_never_done_is_a_failure(
    documented: EmulatedGateway, tmp_path: Path, operation: str
) -> None:
    published(documented)
    documented.faults.add(f"{operation}:ignored")
    wanted = definition(
        categories=("SURVEY",), endpoint_uri="https://x.test/", content=flow_json("New")
    )
    (flow,) = plan_and_apply(documented.client(), tmp_path, wanted).flows
    assert flow.result is Result.FAILED
    assert "a read shows that nothing happened" in flow.message


def test_g10_endpoint_that_was_not_updated_is_noticed(
    documented: EmulatedGateway, tmp_path: Path
) -> None:
    published(documented)
    documented.faults.add("update:ignored*1")
    (flow,) = plan_and_apply(
        documented.client(), tmp_path, definition(endpoint_uri="https://x.test/")
    ).flows
    assert flow.result is Result.APPLIED
    assert documented.counts["update"] == 2


def test_g11_removal_of_an_endpoint_is_a_conflict_and_not_tried(gateway: EmulatedGateway) -> None:
    flow_id = drafted(gateway)
    gateway.platform.update_flow(flow_id, endpoint_uri="https://x.test/")
    remote = gateway.client()
    (change,) = plan_of(remote, definition(manages_endpoint=True)).changes
    assert change.action is Action.CONFLICT
    assert "cannot remove it" in (change.conflict or "")
    (unmanaged,) = plan_of(remote, definition()).changes
    assert steps(unmanaged) == [StepKind.PUBLISH]


def test_g11_definition_without_categories_is_refused(repository: Repository) -> None:
    repository.flow("alpha", categories=[])
    assert repository.run("apply", "--yes").exit_code == 3


@pytest.mark.parametrize("name", [" Alpha", "Alpha ", "Alpha\t", "\u00a0", " "])
def test_g12_name_that_the_gateway_would_trim_is_refused(repository: Repository, name: str) -> None:
    repository.flow("alpha", name=name)
    result = repository.run("apply", "--yes")
    assert result.exit_code == 3
    assert not Path(".flowsync").exists()


@pytest.mark.parametrize("suffix", ["\u00a0", "\u3000", " "])
def test_g12_name_that_a_variable_ends_with_white_space_is_refused(
    repository: Repository, suffix: str
) -> None:
    repository.flow("alpha", name="Alpha${env:SUFFIX}")
    assert repository.run("apply", "--yes", env={"SUFFIX": suffix}).exit_code == 3
    assert not Path(".flowsync").exists()
    assert repository.run("apply", "--yes", env={"SUFFIX": " 2"}).exit_code == 0


@pytest.mark.parametrize(
    "fields", [{"endpoint_uri": " https://x.test/ "}, {"categories": ["OTHER "]}]
)
def test_g12_other_text_that_the_gateway_would_trim_is_refused(
    repository: Repository, fields: dict[str, Any]
) -> None:
    repository.flow("alpha", **fields)
    assert repository.run("apply", "--yes").exit_code == 3
    assert not Path(".flowsync").exists()


# --- G-13, G-14: creating ---


def test_g13_masked_failure_of_a_create_is_an_unknown_outcome(gateway: EmulatedGateway) -> None:
    gateway.faults.add("create:untitled*1")
    with pytest.raises(RemoteUnavailable) as caught:
        gateway.client().create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
    assert caught.value.status == 500
    assert caught.value.outcome_unknown


def test_g13_masked_failure_of_a_create_is_reconciled_by_name_and_then_tried_again(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    gateway.faults.add("create:untitled*1")
    (flow,) = plan_and_apply(gateway.client(), tmp_path, definition()).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts["create"] == 2
    first, second = (index for index, op in enumerate(gateway.operations) if op is Operation.CREATE)
    assert Operation.LIST in gateway.operations[first:second]


@pytest.mark.parametrize("fault", ["server-error-after", "drop-after"])
def test_g13_flow_of_a_create_whose_answer_was_lost_is_adopted(
    gateway: EmulatedGateway, tmp_path: Path, fault: str
) -> None:
    gateway.faults.add(f"create:{fault}*1")
    (flow,) = plan_and_apply(gateway.client(), tmp_path, definition()).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts["create"] == 1
    assert len(gateway.platform.list_flows(gateway.account)) == 1


def test_g14_draft_left_by_a_cut_run_is_adopted_instead_of_a_second_create(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    gateway.faults.add("upload:server-error*3")
    (cut,) = plan_and_apply(gateway.client(), tmp_path, definition()).flows
    assert cut.result is not Result.APPLIED
    (flow,) = plan_and_apply(gateway.client(), tmp_path, definition()).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts["create"] == 1


# --- G-15, G-16: publish, deprecate, delete ---


@pytest.mark.parametrize("exists", [False, True])
def test_g15_flow_with_endpoint_but_without_its_address_is_not_published(
    gateway: EmulatedGateway, exists: bool
) -> None:
    if exists:
        drafted(gateway)
    (change,) = plan_of(gateway.client(), definition(content=flow_json(endpoint=True))).changes
    assert change.action is Action.CONFLICT
    assert "endpoint_uri" in (change.conflict or "")
    assert change.steps == ()


def test_g15_replacement_of_a_deprecated_flow_needs_the_address_too(
    documented: EmulatedGateway,
) -> None:
    flow_id = published(documented)
    documented.platform.deprecate(flow_id)
    wanted = definition(content=flow_json(endpoint=True), replace=True)
    (change,) = plan_of(documented.client(), wanted).changes
    assert change.action is Action.CONFLICT


def test_g15_endpoint_set_by_publishing_is_reported(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    flow_id = drafted(gateway)

    def meddle(request: requests.PreparedRequest) -> None:
        if request.path_url.endswith("/publish"):
            gateway.platform.update_flow(flow_id, endpoint_uri="https://injected.test/webhook")

    remote, _ = watched(gateway, meddle)
    (flow,) = plan_and_apply(remote, tmp_path, definition()).flows
    assert flow.result is Result.APPLIED
    assert any("https://injected.test/webhook" in warning for warning in flow.warnings)


@pytest.mark.parametrize(
    ("fault", "publishes"),
    [("untitled", 2), ("server-error-after", 1), ("drop-after", 1), ("ignored", 2)],
)
def test_g15_status_is_read_after_publishing_whatever_was_answered(
    gateway: EmulatedGateway, tmp_path: Path, fault: str, publishes: int
) -> None:
    gateway.faults.add(f"publish:{fault}*1")
    (flow,) = plan_and_apply(gateway.client(), tmp_path, definition()).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts["publish"] == publishes


def test_g16_deprecation_that_somebody_else_did_first_counts_as_done(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    flow_id = published(gateway)

    def meddle(request: requests.PreparedRequest) -> None:
        if request.path_url.endswith("/deprecate"):
            gateway.platform.deprecate(flow_id)

    remote, _ = watched(gateway, meddle)
    wanted = definition(state=DesiredState.DEPRECATED)
    (flow,) = plan_and_apply(remote, tmp_path, wanted).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts["deprecate"] == 1


def test_g16_deletion_that_somebody_else_did_first_counts_as_done(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    flow_id = drafted(gateway)

    def meddle(request: requests.PreparedRequest) -> None:
        if request.method == "DELETE":
            gateway.platform.delete(flow_id)

    remote, _ = watched(gateway, meddle)
    (flow,) = plan_and_apply(remote, tmp_path, definition(state=DesiredState.ABSENT)).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts["delete"] == 1


def test_g16_refusal_without_a_code_is_still_a_refusal(gateway: EmulatedGateway) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client()
    remote.list_flows()
    with pytest.raises(RemoteRejected) as caught:
        remote.deprecate_flow(flow_id)
    assert (caught.value.status, caught.value.code) == (400, None)
    assert "Only a published flow can be deprecated" in str(caught.value)


def test_g16_deprecated_flow_needs_no_second_deprecation(gateway: EmulatedGateway) -> None:
    gateway.platform.deprecate(published(gateway))
    (change,) = plan_of(gateway.client(), definition(state=DesiredState.DEPRECATED)).changes
    assert change.action is Action.NONE


# --- G-17 … G-20: addresses and shapes ---


@responses.activate
@pytest.mark.parametrize("dialect", ["documented", "reference"])
def test_g17_405_on_delete_tries_the_other_style_once(dialect: str) -> None:
    remote = listed_remote(responses.mock, dialect)
    list_url, get_url = url_of(Operation.LIST, dialect), url_of(Operation.GET, dialect)
    by_query, by_path = f"{list_url}?flowId={FLOW}", get_url
    refused, taken = (by_query, by_path) if dialect == "documented" else (by_path, by_query)
    responses.delete(refused, status=405, json={"message": "not supported"})
    responses.delete(taken, json=ok(None))
    remote.delete_flow(FlowId(FLOW))
    assert [call.request.url for call in responses.calls] == [refused, taken]


@responses.activate
def test_g17_405_in_both_styles_is_refused_after_two_requests() -> None:
    remote = listed_remote(responses.mock)
    responses.delete(url_of(Operation.LIST), status=405, json={"message": "not supported"})
    responses.delete(url_of(Operation.GET), status=405, json={"message": "not supported"})
    with pytest.raises(RemoteRejected) as caught:
        remote.delete_flow(FlowId(FLOW))
    assert caught.value.status == 405
    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize("status", [400, 404, 500])
def test_g17_other_failure_of_delete_is_not_tried_in_another_style(status: int) -> None:
    remote = listed_remote(responses.mock)
    responses.delete(url_of(Operation.LIST), status=status, json={"message": "no"})
    with pytest.raises(RemoteError):
        remote.delete_flow(FlowId(FLOW))
    assert len(responses.calls) == 1


def test_g18_listing_that_always_fails_is_reported_as_a_trouble_of_the_channel(
    gateway: EmulatedGateway,
) -> None:
    gateway.faults.add("list:server-error")
    with pytest.raises(RemoteUnavailable) as caught:
        gateway.client().list_flows()
    assert "use the other channel's id as `account`" in str(caught.value)
    assert caught.value.status == 500


@pytest.mark.parametrize("fault", ["account-limit", "app-limit", "throughput-limit"])
def test_g18_refused_listing_which_may_be_throttled_is_read_again(
    gateway: EmulatedGateway, fault: str
) -> None:
    gateway.faults.add(f"list:{fault}*3")
    assert gateway.client().list_flows().is_whole
    gateway.faults.add(f"list:{fault}")
    with pytest.raises(RemoteUnavailable, match="does not pass on why Meta refuses"):
        gateway.client().list_flows()


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"success": False, "message": "Failed to retrieve flows", "data": []},
        {"success": False, "message": "Failed to retrieve flows", "data": None},
        {"success": "true", "data": []},
        {},
        {"data": None},
    ],
)
def test_g18_empty_listing_without_success_is_not_believed(answer: JsonValue) -> None:
    responses.get(url_of(Operation.LIST), json=answer)
    with pytest.raises(RemoteError):
        remote_over(None).list_flows()


@responses.activate
@pytest.mark.parametrize(
    ("data", "is_whole"),
    [
        ([], True),
        (None, False),
        ({}, False),
        ([{"id": FLOW}], False),
        ([7], False),
        ([{"id": "a/b", "name": "A", "status": "DRAFT"}], False),
        ([{"id": "1", "name": "A", "status": "DRAFT"}] * 2, False),
        ({"data": [], "paging": {"next": "https://x.test"}}, False),
        ({"data": [], "paging": {"cursors": {}}}, True),
    ],
)
def test_g18_only_a_list_of_good_entries_is_a_whole_listing(
    data: JsonValue, is_whole: bool
) -> None:
    responses.get(url_of(Operation.LIST), json=ok(data))
    assert remote_over(None).list_flows().is_whole is is_whole


def test_g18_nothing_is_created_when_the_listing_may_not_be_whole(
    gateway: EmulatedGateway,
) -> None:
    gateway.faults.add("list:no-data")
    (change,) = plan_of(gateway.client(), definition()).changes
    assert change.action is Action.CONFLICT
    assert change.steps == ()


@pytest.mark.parametrize("operation", ["list", "get", "create", "update", "publish"])
def test_g19_200_that_is_not_json_is_no_success(gateway: EmulatedGateway, operation: str) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client()
    remote.list_flows()
    gateway.faults.add(f"{operation}:html")
    calls: dict[str, Callable[[], object]] = {
        "list": remote.list_flows,
        "get": lambda: remote.get_flow(flow_id),
        "create": lambda: remote.create_flow(NewFlow(name="B", categories=("OTHER",))),
        "update": lambda: remote.update_flow(flow_id, FlowUpdate(name="B")),
        "publish": lambda: remote.publish_flow(flow_id),
    }
    with pytest.raises(RemoteUnavailable, match="text/html") as caught:
        calls[operation]()
    assert caught.value.outcome_unknown


def test_g19_redirect_is_not_followed(gateway: EmulatedGateway) -> None:
    flow_id = FlowId(drafted(gateway))
    remote, adapter = watched(gateway)
    remote.list_flows()
    gateway.faults.add("update:redirect")
    with pytest.raises(RemoteUnavailable, match="redirect") as caught:
        remote.update_flow(flow_id, FlowUpdate(name="B"))
    assert caught.value.outcome_unknown
    assert len(adapter.sent) == 2


@responses.activate
def test_g20_text_of_a_message_decides_nothing() -> None:
    remote = listed_remote(responses.mock)
    success = ok({"validations_errors": []}, "Upload JSON File Failed")
    responses.post(url_of(Operation.UPLOAD), json=success)
    assert remote.upload_flow_json(FlowId(FLOW), "{}") == ()


@responses.activate
@pytest.mark.parametrize("title", [None, "Flow can't be updated", "Fluxo não pode ser alterado"])
def test_g20_code_decides_whatever_the_texts_say(title: str | None) -> None:
    remote = listed_remote(responses.mock)
    error = {"code": 139001, "error_subcode": 4016010, "error_user_title": title, "message": title}
    answer = {"success": False, "message": "OK", "data": {"error": error}}
    responses.post(url_of(Operation.UPDATE), status=400, json=answer)
    with pytest.raises(RemoteRejected) as caught:
        remote.update_flow(FlowId(FLOW), FlowUpdate(name="B"))
    assert (caught.value.code, caught.value.subcode) == (139001, 4016010)


# --- G-21 … G-24: whose fault it is ---


@pytest.mark.parametrize("operation", ["list", "get", "publish"])
def test_g21_401_that_concerns_metas_token_does_not_blame_our_credential(
    gateway: EmulatedGateway, operation: str
) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client()
    remote.list_flows()
    gateway.faults.add(f"{operation}:no-meta-token")
    calls: dict[str, Callable[[], object]] = {
        "list": remote.list_flows,
        "get": lambda: remote.get_flow(flow_id),
        "publish": lambda: remote.publish_flow(flow_id),
    }
    with pytest.raises(RemoteError) as caught:
        calls[operation]()
    assert not isinstance(caught.value, RemoteDenied)
    assert caught.value.status == 401
    assert "your credential is not the cause" in str(caught.value)
    assert "FLOWSYNC_TOKEN" not in str(caught.value)


def test_g21_code_190_is_metas_refusal_of_the_gateways_token(gateway: EmulatedGateway) -> None:
    flow_id = FlowId(drafted(gateway))
    gateway.faults.add("get:bad-meta-token")
    with pytest.raises(RemoteDenied) as caught:
        gateway.client().get_flow(flow_id)
    assert (caught.value.status, caught.value.code) == (401, 190)
    assert "your credential is not the cause" in str(caught.value)
    assert "FLOWSYNC_TOKEN" not in str(caught.value)


def test_g21_only_the_gateways_own_401_asks_for_another_credential(
    gateway: EmulatedGateway,
) -> None:
    with pytest.raises(RemoteDenied) as caught:
        gateway.client(token="wrong-token").list_flows()
    assert (caught.value.status, caught.value.code) == (401, None)
    assert "FLOWSYNC_TOKEN" in str(caught.value)
    assert "not the cause" not in str(caught.value)


@pytest.mark.parametrize("operation", ["update", "upload", "publish"])
def test_g22_500_is_an_unknown_outcome_that_a_read_settles(
    gateway: EmulatedGateway, tmp_path: Path, operation: str
) -> None:
    published(gateway)
    gateway.faults.add(f"{operation}:server-error-after*1")
    wanted = definition(categories=("SURVEY",), content=flow_json("New"))
    (flow,) = plan_and_apply(gateway.client(), tmp_path, wanted).flows
    assert flow.result is Result.APPLIED
    assert gateway.counts[operation] == 1


def test_g22_500_that_did_nothing_is_written_again_after_a_read(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    published(gateway)
    gateway.faults.add("update:server-error*1")
    wanted = definition(categories=("SURVEY",))
    (flow,) = plan_and_apply(gateway.client(), tmp_path, wanted).flows
    assert flow.result is Result.APPLIED
    first, second = (index for index, op in enumerate(gateway.operations) if op is Operation.UPDATE)
    assert Operation.GET in gateway.operations[first:second]


def test_g22_500_says_that_the_outcome_is_unknown(gateway: EmulatedGateway) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client()
    remote.list_flows()
    gateway.faults.add("update:server-error")
    with pytest.raises(RemoteUnavailable) as caught:
        remote.update_flow(flow_id, FlowUpdate(name="B"))
    assert caught.value.outcome_unknown
    assert gateway.counts["update"] == 1  # a write is never repeated by itself


def test_g23_500_on_everything_names_the_gateways_token_and_stops_early(
    gateway: EmulatedGateway,
) -> None:
    published(gateway)
    gateway.faults.add("any:server-error")
    with pytest.raises(RemoteUnavailable) as caught:
        plan_of(gateway.client(), definition(), definition("beta", name="Beta"))
    assert "lost its token for Meta" in str(caught.value)
    assert set(gateway.counts) == {"list"}
    assert gateway.counts["list"] <= 4


def test_g23_listing_that_fails_otherwise_is_not_blamed_on_a_token(
    documented: EmulatedGateway,
) -> None:
    documented.faults.add("list:drop")
    with pytest.raises(RemoteUnavailable) as caught:
        documented.client().list_flows()
    assert "token" not in str(caught.value)


@pytest.mark.parametrize("fault", ["bad-meta-token", "no-meta-token", "forbidden"])
def test_g24_right_denied_for_one_operation_says_nothing_of_others(
    gateway: EmulatedGateway, fault: str
) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client()
    remote.list_flows()
    gateway.faults.add(f"update:{fault}")
    with pytest.raises(RemoteError):
        remote.update_flow(flow_id, FlowUpdate(name="B"))
    assert remote.get_flow(flow_id).name == "Alpha"
    remote.publish_flow(flow_id)
    assert gateway.platform.get_flow(flow_id).status == "PUBLISHED"


# --- G-25 … G-28: what the gateway does not guard ---


@pytest.mark.parametrize("what", ["name", "categories", "endpoint", "content", "status"])
def test_g25_flow_changed_since_the_plan_is_not_written_over(
    gateway: EmulatedGateway, tmp_path: Path, what: str
) -> None:
    flow_id = published(gateway)
    remote = gateway.client()
    wanted = definition(content=flow_json("New"))
    plan = plan_of(remote, wanted)
    match what:
        case "name":
            gateway.platform.update_flow(flow_id, name="Else")
        case "categories":
            gateway.platform.update_flow(flow_id, categories=["SURVEY"])
        case "endpoint":
            gateway.platform.update_flow(flow_id, endpoint_uri="https://else.test/")
        case "content":
            gateway.platform.upload(flow_id, json.dumps(flow_json("Else")).encode())
        case _:
            gateway.platform.force_status(flow_id, "BLOCKED")
    gateway.operations.clear()
    (flow,) = apply_of(plan, remote, tmp_path, [wanted]).flows
    assert flow.result is Result.CHANGED_SINCE_PLAN
    assert set(gateway.counts) == {"get"}


def test_g25_name_taken_since_the_plan_is_not_created_again(
    gateway: EmulatedGateway, tmp_path: Path
) -> None:
    remote = gateway.client()
    plan = plan_of(remote, definition())
    drafted(gateway)
    (flow,) = apply_of(plan, remote, tmp_path, [definition()]).flows
    assert flow.result is Result.CHANGED_SINCE_PLAN
    assert gateway.counts["create"] == 0


def test_g26_only_flows_that_a_definition_concerns_are_read_once_each(
    gateway: EmulatedGateway,
) -> None:
    for name in ("Alpha", "Beta", "Gamma", "Delta"):
        published(gateway, name)
    gateway.platform.deprecate(gateway.platform.list_flows(gateway.account)[1].id)
    plan_of(
        gateway.client(),
        definition(),
        definition("beta", name="Beta", state=DesiredState.DEPRECATED),
        definition("new", name="New"),
    )
    assert gateway.counts == {"list": 1, "get": 1}


def test_g26_proof_of_a_step_is_the_next_steps_first_read(
    documented: EmulatedGateway, tmp_path: Path
) -> None:
    published(documented)
    remote = documented.client()
    wanted = definition(categories=("SURVEY",), content=flow_json("New"))
    plan = plan_of(remote, wanted)
    documented.operations.clear()
    apply_of(plan, remote, tmp_path, [wanted])
    assert documented.counts == {"get": 4, "update": 1, "upload": 1, "publish": 1}


def test_g26_flows_are_read_by_no_more_threads_than_asked_for(gateway: EmulatedGateway) -> None:
    for number in range(6):
        drafted(gateway, f"Flow {number}")
    threads: set[str] = set()

    def note(request: requests.PreparedRequest) -> None:
        threads.add(threading.current_thread().name)

    remote, _ = watched(gateway, note)
    definitions = [definition(f"f{number}", name=f"Flow {number}") for number in range(6)]
    observe(remote, definitions, selected=None, parallelism=2)
    assert len({name for name in threads if name.startswith("flowsync-read")}) <= 2


def test_g27_flow_that_was_not_listed_in_this_run_is_never_written_to(
    gateway: EmulatedGateway,
) -> None:
    flow_id = FlowId(gateway.platform.create_flow("other", name="X", categories=["OTHER"]))
    remote = gateway.client()
    message = FlowMessage(
        to="+491701234567",
        flow_id=flow_id,
        header_text="h",
        body_text="b",
        footer_text="f",
        flow_cta="c",
        screen="S",
    )
    writes: list[Callable[[], object]] = [
        lambda: remote.update_flow(flow_id, FlowUpdate(name="B")),
        lambda: remote.upload_flow_json(flow_id, "{}"),
        lambda: remote.publish_flow(flow_id),
        lambda: remote.deprecate_flow(flow_id),
        lambda: remote.delete_flow(flow_id),
        lambda: remote.send_flow(message),
    ]
    for is_listed in (False, True):  # a listing without the flow changes nothing
        if is_listed:
            remote.list_flows()
        for write in writes:
            with pytest.raises(RemoteRejected, match="has not listed"):
                write()
    assert gateway.counts == {"list": 1}


def test_g28_signed_addresses_are_not_in_what_is_read(gateway: EmulatedGateway) -> None:
    flow = gateway.client().get_flow(FlowId(published(gateway)))
    assert "emulated-secret" not in repr(flow)
    assert "preview.emulated.example" not in repr(flow)
    assert "assets.emulated.example" not in repr(flow)


@pytest.mark.parametrize("dialect", ["documented", "reference"])
def test_g28_a_preview_link_is_read_only_by_whoever_asks_and_not_in_its_repr(dialect: str) -> None:
    gateway = EmulatedGateway(dialect)
    flow_id = FlowId(published(gateway))
    link = gateway.client(read_only=True).preview_link(flow_id)
    assert link is not None
    assert link.url.startswith(f"https://preview.emulated.example/{flow_id}?token=emulated-secret")
    assert link.expires_at is not None
    assert "emulated-secret" not in repr(link)
    gateway.store.close()


@pytest.mark.parametrize(
    ("preview", "url", "expires"),
    [
        (None, None, None),
        ([], None, None),
        ({"preview_url": "javascript:alert(1)"}, None, None),
        ({"preview_url": "http://plain.example/"}, None, None),
        ({"preview_url": "https://x.example/\x1b[2J"}, None, None),
        ({"preview_url": "https://x.example/ a"}, None, None),
        ({"preview_url": "https://x.example/1"}, "https://x.example/1", None),
        ({"preview_url": "https://x.example/1", "expires_at": "soon"}, "https://x.example/1", None),
        (
            {"preview_url": "https://x.example/1", "expires_at": "2024-05-21T13:18:09+0200"},
            "https://x.example/1",
            datetime(2024, 5, 21, 11, 18, 9, tzinfo=timezone.utc),
        ),
    ],
)
def test_g28_only_an_https_address_is_taken_for_a_preview_link(
    preview: JsonValue, url: str | None, expires: datetime | None
) -> None:
    link = read_preview_link({"id": "1", "preview": preview}, FlowId("1"))
    assert (link.url if link else None) == url
    assert (link.expires_at if link else None) == expires


@pytest.mark.parametrize("label", ["embedded", "emulator-token", "a"])
def test_g28_hiding_secrets_does_not_change_what_is_compared(
    repository: Repository, label: str
) -> None:
    repository.flow("alpha", content=flow_json(label))
    assert repository.run("apply", "--yes").exit_code == 0
    assert repository.run("plan", "--detailed-exitcode").exit_code == 0


def test_g28_signed_addresses_are_not_shown_or_written_down(repository: Repository) -> None:
    repository.flow("alpha")
    outputs = [
        repository.run(*words).output
        for words in (
            ("apply", "--yes"),
            ("show", "alpha"),
            ("show", "alpha", "--format", "json"),
            ("plan", "--format", "json"),
        )
    ]
    files = [file for file in Path(".flowsync").rglob("*") if file.suffix in {".json", ".jsonl"}]
    assert files
    texts = [*outputs, *(file.read_text("utf-8") for file in files)]
    assert not any("emulated-secret" in text for text in texts)
