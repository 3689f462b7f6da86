"""The rules of the Graph API, row by row (reference, section F.1)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from flowsync.remotes.emulator.refusals import NO_ENDPOINT_TITLE
from tests.remotes.emulator.graph.api import FLOWS, GOOD, INVALID, WITH_ENDPOINT, Api
from tests.support import flow_json

DEFAULT_FIELDS = {"id", "name", "status", "categories", "validation_errors"}


def publish(api: Api, flow_id: str) -> TestResponse:
    return api.ask("POST", f"{flow_id}/publish")


# --- the credential ---


@pytest.mark.parametrize("token", [None, "wrong"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", FLOWS), ("POST", FLOWS), ("GET", "1"), ("DELETE", "1")]
)
def test_request_without_the_right_token_is_refused_without_a_title(
    api: Api, method: str, path: str, token: str | None
) -> None:
    answer = api.ask(method, path, token=token)
    assert api.refusal(answer) == (401, 190, None)
    error = answer.get_json()["error"]
    assert error["type"] == "OAuthException"
    assert "error_user_title" not in error


def test_token_may_come_as_a_parameter(api: Api) -> None:
    query = {"access_token": "test-token-not-secret"}
    assert api.ask("GET", FLOWS, token=None, query_string=query).status_code == 200


def test_any_version_of_the_api_is_answered_and_none_too(api: Api) -> None:
    for path in (f"/v25.0/{FLOWS}", f"/{FLOWS}"):
        headers = {"Authorization": "Bearer test-token-not-secret"}
        assert api.follow(path, **headers).status_code == 200


def test_unknown_path_is_refused(api: Api) -> None:
    assert api.refusal(api.ask("GET", f"{FLOWS}/more/and/more")) == (400, 2500, None)


# --- create ---


@pytest.mark.parametrize(
    "parameters",
    [
        {"categories": ["OTHER"]},
        {"name": "", "categories": ["OTHER"]},
        {"name": "Alpha"},
        {"name": "Alpha", "categories": []},
        {"name": "Alpha", "categories": ["TRAVEL"]},
        {"name": "Alpha", "categories": [1]},
        {"name": "Alpha", "categories": {"a": 1}},
        {"name": "Alpha", "categories": ["OTHER"], "publish": True},
        {"name": "Alpha", "categories": ["OTHER"], "flow_json": GOOD, "publish": "perhaps"},
        {"name": "Alpha", "categories": ["OTHER"], "flow_json": GOOD, "clone_flow_id": "1"},
        {"name": "Alpha", "categories": ["OTHER"], "flow_json": "x" * 10_485_761},
    ],
)
def test_create_with_a_missing_or_wrong_parameter_makes_nothing(
    api: Api, parameters: dict[str, Any]
) -> None:
    assert api.refusal(api.ask("POST", FLOWS, json=parameters)) == (400, 100, None)
    assert api.get(FLOWS)["data"] == []


@pytest.mark.parametrize(
    "request_parts",
    [
        {"json": {"name": "A", "categories": ["OTHER", "SURVEY"]}},
        {"data": {"name": "A", "categories": '["OTHER", "SURVEY"]'}},
        {"data": {"name": "A", "categories[0]": "OTHER", "categories[1]": "SURVEY"}},
        {"data": {"name": "A", "categories[]": ["OTHER", "SURVEY"]}},
        {"query_string": {"name": "A", "categories": "OTHER,SURVEY"}},
        {"query_string": {"name": "other"}, "json": {"name": "A", "categories": "OTHER,SURVEY"}},
    ],
    ids=["json", "form", "indexed", "brackets", "query", "body before query"],
)
def test_parameters_come_as_query_form_or_json(api: Api, request_parts: dict[str, Any]) -> None:
    answer = api.ask("POST", FLOWS, **request_parts)
    assert answer.status_code == 200
    flow = api.platform.get_flow(answer.get_json()["id"])
    assert (flow.name, flow.categories) == ("A", ("OTHER", "SURVEY"))


@pytest.mark.parametrize("status", ["DRAFT", "PUBLISHED", "DEPRECATED", "BLOCKED", "THROTTLED"])
@pytest.mark.parametrize("is_rename", [False, True])
def test_name_of_any_flow_of_the_account_is_taken(api: Api, status: str, is_rename: bool) -> None:
    api.platform.force_status(api.create("Taken")["id"], status)
    other = api.create("Other")["id"]
    path, parameters = (other, {}) if is_rename else (FLOWS, {"categories": ["OTHER"]})
    answer = api.ask("POST", path, json={"name": "Taken", **parameters})
    assert api.refusal(answer) == (400, 100, 4016019)
    assert answer.get_json()["error"]["error_user_title"]


def test_clone_copies_the_content_and_takes_name_and_categories_as_given(api: Api) -> None:
    source = api.create("Source", flow_json=GOOD, publish=True)["id"]
    clone = api.create("Clone", categories=["SURVEY"], clone_flow_id=source)["id"]
    flow = api.platform.get_flow(clone)
    assert (flow.name, flow.categories, flow.status) == ("Clone", ("SURVEY",), "DRAFT")
    assert flow.content == flow_json()


def test_clone_of_an_unknown_flow_is_refused(api: Api) -> None:
    answer = api.ask(
        "POST", FLOWS, json={"name": "A", "categories": ["OTHER"], "clone_flow_id": "9"}
    )
    assert api.refusal(answer)[:2] == (400, 100)
    assert api.get(FLOWS)["data"] == []


def test_create_with_content_and_publish_is_live_at_once(api: Api) -> None:
    answer = api.create(flow_json=GOOD, publish=True)
    assert (answer["success"], answer["validation_errors"]) == (True, [])
    assert api.get(answer["id"])["status"] == "PUBLISHED"


@pytest.mark.parametrize("publish", [False, True])
def test_create_with_invalid_content_makes_a_draft_with_its_errors(api: Api, publish: bool) -> None:
    answer = api.create(flow_json=INVALID, publish=publish)
    assert not answer["success"]
    assert [error["error"] for error in answer["validation_errors"]] == ["INVALID_PROPERTY_KEY"]
    flow = api.get(answer["id"])
    assert (flow["status"], flow["validation_errors"]) == ("DRAFT", answer["validation_errors"])


def test_create_whose_publish_is_refused_gives_the_id_and_says_why(api: Api) -> None:
    answer = api.create(flow_json=WITH_ENDPOINT, publish=True)
    assert (answer["error"]["code"], answer["error"]["error_subcode"]) == (139002, 4233024)
    assert api.get(answer["id"])["status"] == "DRAFT"


# --- get ---


def test_fresh_flow_has_neither_version_nor_assets(api: Api) -> None:
    flow_id = api.create()["id"]
    assert "json_version" not in api.get(flow_id, fields="id,json_version,endpoint_uri")
    assert api.get(f"{flow_id}/assets") == {"data": []}


def test_get_gives_the_default_fields_unless_others_are_asked_for(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD)["id"]
    assert set(api.get(flow_id)) == DEFAULT_FIELDS
    assert set(api.get(flow_id, fields="json_version")) == {"id", "json_version"}
    assert set(api.get(FLOWS)["data"][0]) == DEFAULT_FIELDS


@pytest.mark.parametrize(
    ("method", "edge"),
    [
        ("GET", ""),
        ("POST", ""),
        ("DELETE", ""),
        ("GET", "/assets"),
        ("POST", "/publish"),
        ("POST", "/deprecate"),
        ("GET", "/flows"),
    ],
)
def test_unknown_id_is_refused_without_a_title(api: Api, method: str, edge: str) -> None:
    answer = api.ask(method, f"424242{edge}")
    assert api.refusal(answer) == (400, 100, 33)
    error = answer.get_json()["error"]
    assert error["type"] == "GraphMethodException"
    assert "error_user_title" not in error


def test_flow_of_an_account_that_the_token_may_not_see_is_unknown(api: Api) -> None:
    flow_id = api.platform.create_flow("somebody-else", name="A", categories=["OTHER"])
    assert api.refusal(api.ask("GET", flow_id)) == (400, 100, 33)
    assert api.refusal(api.ask("DELETE", flow_id)) == (400, 100, 33)


# --- update ---


def test_update_keeps_what_is_left_out(api: Api) -> None:
    flow_id = api.create(endpoint_uri="https://x.test/e")["id"]
    assert api.post(flow_id, name="Beta") == {"success": True}
    flow = api.get(flow_id, fields="name,categories,endpoint_uri")
    assert flow == {
        "id": flow_id,
        "name": "Beta",
        "categories": ["OTHER"],
        "endpoint_uri": "https://x.test/e",
    }


def test_update_with_empty_categories_is_refused(api: Api) -> None:
    flow_id = api.create()["id"]
    assert api.refusal(api.ask("POST", flow_id, json={"categories": []})) == (400, 100, None)
    assert api.get(flow_id)["categories"] == ["OTHER"]


def test_empty_endpoint_is_none(api: Api) -> None:
    flow_id = api.create(endpoint_uri="https://x.test/e")["id"]
    api.post(flow_id, endpoint_uri="")
    assert "endpoint_uri" not in api.get(flow_id, fields="endpoint_uri")


@pytest.mark.parametrize("parameters", [{"name": "Beta"}, {"name": "Alpha"}, {}])
def test_update_of_a_published_flow_makes_it_a_draft_even_if_it_changes_nothing(
    api: Api, parameters: dict[str, str]
) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    api.post(flow_id, **parameters)
    assert api.get(flow_id)["status"] == "DRAFT"
    assert api.platform.live_versions(flow_id) == (GOOD.encode(),)


def test_time_of_the_last_change_is_told(api: Api) -> None:
    flow_id = api.create()["id"]
    [told] = {api.get(flow_id, fields="updated_at")["updated_at"] for _ in range(2)}
    assert told.endswith("+0000")


# --- upload ---


@pytest.mark.parametrize("form", [{"name": "other.json"}, {"asset_type": "IMAGE"}])
def test_upload_of_another_name_or_type_is_refused(api: Api, form: dict[str, str]) -> None:
    flow_id = api.create()["id"]
    assert api.refusal(api.upload(flow_id, **form)) == (400, 100, None)
    assert api.get(f"{flow_id}/assets") == {"data": []}


def test_upload_without_a_file_is_refused(api: Api) -> None:
    flow_id = api.create()["id"]
    parts = {"name": "flow.json", "asset_type": "FLOW_JSON"}
    assert api.refusal(api.ask("POST", f"{flow_id}/assets", data=parts)) == (400, 100, None)


def test_upload_of_more_than_ten_megabytes_is_refused(api: Api) -> None:
    flow_id = api.create()["id"]
    assert api.refusal(api.upload(flow_id, "x" * 10_485_761)) == (400, 100, None)


@pytest.mark.parametrize("content", ["no json", "{", b"\xff\xfe"])
def test_upload_of_what_is_no_json_is_kept_with_an_error(api: Api, content: str | bytes) -> None:
    flow_id = api.create()["id"]
    answer = api.upload(flow_id, content)
    assert answer.status_code == 200
    [error] = answer.get_json()["validation_errors"]
    assert error["error"] == "INVALID_FLOW_JSON"
    assert api.refusal(publish(api, flow_id)) == (400, 139002, None)


def test_validation_errors_have_positions_and_pointers(api: Api) -> None:
    flow_id = api.create()["id"]
    [error] = api.upload(flow_id, INVALID).get_json()["validation_errors"]
    assert set(error) >= {
        *("error", "error_type", "message", "pointers"),
        *("line_start", "line_end", "column_start", "column_end"),
    }
    assert api.get(flow_id)["validation_errors"] == [error]


def test_upload_to_a_published_flow_makes_it_a_draft_and_keeps_the_live_version(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    api.upload(flow_id, json.dumps(flow_json("Other")))
    assert api.get(flow_id)["status"] == "DRAFT"
    assert api.platform.live_versions(flow_id) == (GOOD.encode(),)


# --- frozen flows ---


@pytest.mark.parametrize("is_legacy", [False, True], ids=["deprecated", "legacy"])
@pytest.mark.parametrize("is_upload", [False, True], ids=["update", "upload"])
def test_deprecated_and_old_published_flows_refuse_edits(
    api: Api, is_legacy: bool, is_upload: bool
) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    if is_legacy:
        api.platform.make_legacy(flow_id)
    else:
        api.platform.deprecate(flow_id)
    answer = api.upload(flow_id) if is_upload else api.ask("POST", flow_id, json={"name": "Beta"})
    assert api.refusal(answer) == (400, 139001, 4016010)


# --- publish ---


@pytest.mark.parametrize("status", ["PUBLISHED", "DEPRECATED", "BLOCKED", "THROTTLED"])
def test_what_is_no_draft_is_not_published(api: Api, status: str) -> None:
    flow_id = api.create(flow_json=GOOD)["id"]
    api.platform.force_status(flow_id, status)
    assert api.refusal(publish(api, flow_id)) == (400, 139002, None)


@pytest.mark.parametrize("content", [None, INVALID])
def test_flow_without_content_or_with_errors_is_not_published(
    api: Api, content: str | None
) -> None:
    flow_id = api.create(**({} if content is None else {"flow_json": content}))["id"]
    assert api.refusal(publish(api, flow_id)) == (400, 139002, None)


def test_flow_that_uses_an_endpoint_but_has_none_is_not_published(api: Api) -> None:
    flow_id = api.create(flow_json=WITH_ENDPOINT)["id"]
    answer = publish(api, flow_id)
    assert api.refusal(answer) == (400, 139002, 4233024)
    assert answer.get_json()["error"]["error_user_title"] == NO_ENDPOINT_TITLE
    api.post(flow_id, endpoint_uri="https://x.test/e")
    assert publish(api, flow_id).get_json() == {"success": True}


def test_last_five_published_versions_are_kept(api: Api) -> None:
    flow_id = api.create()["id"]
    contents = [json.dumps(flow_json(f"Version {number}")) for number in range(7)]
    for content in contents:
        api.upload(flow_id, content)
        assert publish(api, flow_id).status_code == 200
    assert api.platform.live_versions(flow_id) == tuple(text.encode() for text in contents[2:])


# --- deprecate and delete ---


@pytest.mark.parametrize(
    ("status", "is_done"),
    [
        ("DRAFT", False),
        ("PUBLISHED", True),
        ("THROTTLED", True),
        ("BLOCKED", True),
        ("DEPRECATED", False),
    ],
)
def test_live_flows_alone_are_deprecated(api: Api, status: str, is_done: bool) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    api.platform.force_status(flow_id, status)
    answer = api.ask("POST", f"{flow_id}/deprecate")
    if is_done:
        assert answer.get_json() == {"success": True}
        assert api.get(flow_id)["status"] == "DEPRECATED"
    else:
        assert api.refusal(answer) == (400, 139003, None)
        assert api.get(flow_id)["status"] == status


@pytest.mark.parametrize("status", ["PUBLISHED", "THROTTLED", "BLOCKED", "DEPRECATED", "DRAFT"])
def test_flow_that_was_ever_published_is_not_deleted(api: Api, status: str) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    api.platform.force_status(flow_id, status)
    assert api.refusal(api.ask("DELETE", flow_id)) == (400, 139004, None)


def test_draft_is_deleted_and_its_name_is_free_again(api: Api) -> None:
    flow_id = api.create()["id"]
    assert api.ask("DELETE", flow_id).get_json() == {"success": True}
    assert api.refusal(api.ask("GET", flow_id)) == (400, 100, 33)
    assert "id" in api.create()


# --- what monitoring does ---


@pytest.mark.parametrize(("status", "can_send"), [("THROTTLED", "LIMITED"), ("BLOCKED", "BLOCKED")])
def test_throttled_or_blocked_flow_shows_it_in_status_and_health(
    api: Api, status: str, can_send: str
) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    assert api.get(flow_id, fields="health_status")["health_status"]["can_send_message"] == (
        "AVAILABLE"
    )
    api.platform.force_status(flow_id, status)
    flow = api.get(flow_id, fields="status,health_status")
    assert flow["status"] == status
    assert flow["health_status"]["can_send_message"] == can_send
    entity = flow["health_status"]["entities"][0]
    assert (entity["entity_type"], entity["can_send_message"]) == ("FLOW", can_send)
    assert set(entity["errors"][0]) == {"error_code", "error_description", "possible_solution"}
