"""The emulated gateway over raw HTTP: each of its peculiarities (reference, section F.2)."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import urllib3
from werkzeug.test import Client, TestResponse

from flowsync.model import JsonValue
from flowsync.remotes.broken import ConnectionBroken
from flowsync.remotes.emulator.fault_kinds import KINDS
from flowsync.remotes.emulator.faults import FaultPlan
from flowsync.remotes.emulator.gateway_answers import preview_of
from flowsync.remotes.emulator.gateway_app import (
    DOCUMENTED_ACCOUNT,
    REFERENCE_ACCOUNT,
    GatewayApp,
    GatewayOptions,
    default_account,
)
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.store import Store
from flowsync.remotes.gateway.dialects import DIALECTS
from flowsync.remotes.operations import ON_FLOWS, Operation
from flowsync.validation.platform import upload_findings
from tests.support import flow_json

GOOD = json.dumps(flow_json()).encode()
SEND: dict[str, JsonValue] = {
    "to": "+491701234567",
    "header_text": "h",
    "body_text": "b",
    "footer_text": "f",
    "flow_cta": "c",
    "screen": "CONTACT",
}


class Api:
    """The application under test, called as a client without any cleverness would."""

    def __init__(self, dialect: str, **options: Any) -> None:
        self.dialect = dialect
        self.account = default_account(dialect)
        self.store = Store(":memory:")
        self.platform = Platform(self.store, upload_findings)
        self.faults = FaultPlan()
        self.sleeps: list[float] = []
        self.operations: list[Operation] = []
        given = {"dialect": dialect, "accounts": (self.account,), **options}
        self.app = GatewayApp(
            self.platform,
            GatewayOptions(**given),
            self.faults,
            on_request=self.operations.append,
            sleep=self.sleeps.append,
        )
        self.http = Client(self.app)

    def url(self, operation: Operation, flow_id: str = "1", account: str | None = None) -> str:
        route = DIALECTS[self.dialect][operation]
        query = f"?flowId={flow_id}" if route.flow_in_query else ""
        return route.fill(account or self.account, flow_id) + query

    def call(
        self,
        operation: Operation,
        flow_id: str = "1",
        *,
        accept: str | None = "application/json",
        account: str | None = None,
        headers: dict[str, str] | None = None,
        **body: Any,
    ) -> TestResponse:
        sent = dict(headers or {})
        if accept is not None:
            sent["Accept"] = accept
        return self.http.open(
            self.url(operation, flow_id, account),
            method=DIALECTS[self.dialect][operation].method,
            headers=sent,
            buffered=True,
            **body,
        )

    def upload(self, flow_id: str, content: bytes, name: str = "flow.json") -> TestResponse:
        # encoded here, because Werkzeug's client leaves large files open
        fields: dict[str, str | tuple[str, bytes]] = {
            "flow_id": flow_id,
            "file": (name, content),
        }
        body, content_type = urllib3.encode_multipart_formdata(fields)
        return self.call(Operation.UPLOAD, data=body, content_type=content_type)

    def draft(self, name: str = "Alpha", content: bytes | None = GOOD) -> str:
        flow_id = self.platform.create_flow(self.account, name=name, categories=["OTHER"])
        if content is not None:
            self.platform.upload(flow_id, content)
        return flow_id

    def live(self, name: str = "Alpha") -> str:
        flow_id = self.draft(name)
        self.platform.publish(flow_id)
        return flow_id


MakeApi = Callable[..., Api]


@pytest.fixture(params=["documented", "reference"])
def make_api(request: pytest.FixtureRequest) -> Iterator[MakeApi]:
    made: list[Api] = []

    def make(**options: Any) -> Api:
        made.append(Api(request.param, **options))
        return made[-1]

    yield make
    for api in made:
        api.store.close()


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    return make_api()


def body_of(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    return answer.get_json()


def succeeded(answer: TestResponse, message: str) -> Any:
    """Check the success envelope E1 and give its data."""
    body = body_of(answer)
    assert set(body) == {"success", "message", "data"}
    assert body["success"] is True
    assert body["message"] == message
    return body["data"]


def server_error(answer: TestResponse) -> None:
    assert body_of(answer, 500) == {"message": "Server Error"}


# --- addresses ---


def test_health_route_needs_no_credential(make_api: MakeApi) -> None:
    answer = make_api(token="secret").http.get("/up")
    assert (answer.status_code, answer.text) == (200, "OK")


@pytest.mark.parametrize("operation", ON_FLOWS)
def test_unknown_account_is_not_found(api: Api, operation: Operation) -> None:
    for account in ("100000000000009", "00000000-0000-4000-8000-000000000009"):
        answer = api.call(operation, account=account)
        assert body_of(answer, 404) == {"message": "Not Found"}
    assert api.operations == []


def test_reference_dialect_wants_the_uuid_of_a_channel() -> None:
    api = Api("reference", accounts=(DOCUMENTED_ACCOUNT, REFERENCE_ACCOUNT))
    assert body_of(api.call(Operation.LIST, account=DOCUMENTED_ACCOUNT), 404)
    assert body_of(api.call(Operation.LIST, account=REFERENCE_ACCOUNT))
    api.store.close()


@pytest.mark.parametrize(
    ("served", "asked"), [("documented", "reference"), ("reference", "documented")]
)
def test_paths_of_the_other_dialect_are_not_found(served: str, asked: str) -> None:
    api = Api(served)
    for operation, route in DIALECTS[asked].items():
        path = route.fill(api.account, "1")
        answer = api.http.open(path, method=route.method, headers={"Accept": "application/json"})
        assert answer.status_code == 404, operation
    api.store.close()


def test_delete_in_the_other_style_is_405_and_does_nothing(api: Api) -> None:
    flow_id = api.draft()
    list_path = api.url(Operation.LIST)
    other = f"{list_path}?flowId={flow_id}"
    allowed = "GET, HEAD, POST"
    if api.dialect == "documented":
        other, allowed = api.url(Operation.GET, flow_id), "GET, HEAD, POST"
    answer = api.http.delete(other, headers={"Accept": "application/json"})
    assert f"Supported: {allowed}" in body_of(answer, 405)["message"]
    assert api.platform.get_flow(flow_id).name == "Alpha"
    assert api.operations == []


def test_ids_send_and_upload_are_shadowed_for_post(api: Api) -> None:
    flows = api.url(Operation.LIST)
    headers = {"Accept": "application/json"}
    assert api.http.post(f"{flows}/send", headers=headers).status_code == 422
    assert api.http.post(f"{flows}/upload-flow-json", headers=headers).status_code == 400
    assert api.operations == [Operation.SEND, Operation.UPLOAD]


# --- what is accepted ---


@pytest.mark.parametrize("accept", [None, "*/*", "text/html", "text/html, application/json;q=0.9"])
def test_errors_are_html_unless_json_is_asked_for_first(api: Api, accept: str | None) -> None:
    for answer in (
        api.call(Operation.LIST, account="nobody", accept=accept),
        api.http.put(api.url(Operation.LIST), headers={"Accept": accept} if accept else {}),
        api.call(Operation.GET, api.draft(content=None), accept=accept),
    ):
        assert answer.status_code in {404, 405, 500}
        assert answer.mimetype == "text/html"
        assert answer.text.startswith("<html>")


def test_normal_answers_are_json_whatever_is_asked_for(api: Api) -> None:
    assert succeeded(api.call(Operation.LIST, accept="*/*"), "Flows retrieved successfully") == []


@pytest.mark.parametrize("accept", [None, "*/*", "text/html"])
def test_incomplete_send_without_asking_for_json_is_redirected(
    api: Api, accept: str | None
) -> None:
    answer = api.call(Operation.SEND, accept=accept, json={**SEND, "to": ""})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("scheme", ["Bearer", "AccessKey"])
def test_credential_is_taken_in_both_schemes(make_api: MakeApi, scheme: str) -> None:
    api = make_api(token="secret")
    headers = {"Authorization": f"{scheme} secret"}
    assert api.call(Operation.LIST, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("header", "error"),
    [
        (None, "Token not provided"),
        ("Bearer", "Token not provided"),
        ("Bearer ", "Token not provided"),
        ("Bearer wrong", "Invalid authentication token."),
        ("Basic secret", "Invalid authentication token."),
        ("bearer secret", "Invalid authentication token."),
    ],
)
def test_other_credentials_are_refused_for_every_operation(
    make_api: MakeApi, header: str | None, error: str
) -> None:
    api = make_api(token="secret")
    flow_id = api.draft()
    for operation in ON_FLOWS:
        headers = {} if header is None else {"Authorization": header}
        answer = api.call(operation, flow_id, headers=headers)
        assert body_of(answer, 401) == {"error": error}
    assert api.platform.get_flow(flow_id).status == "DRAFT"


def test_without_a_token_anybody_is_let_in(api: Api) -> None:
    assert api.call(Operation.LIST).status_code == 200


# --- list, get ---


def test_list_is_flat(api: Api) -> None:
    flow_id = api.draft(content=json.dumps({**flow_json(), "extra": 1}).encode())
    (flow,) = succeeded(api.call(Operation.LIST), "Flows retrieved successfully")
    assert set(flow) == {"id", "name", "status", "categories", "validation_errors"}
    assert (flow["id"], flow["name"], flow["status"]) == (flow_id, "Alpha", "DRAFT")
    (finding,) = flow["validation_errors"]
    assert finding["error"] == "INVALID_PROPERTY_KEY"
    assert "pointers" not in finding


def test_list_has_only_the_flows_of_its_account(make_api: MakeApi) -> None:
    api = make_api()
    api.draft()
    api.platform.create_flow("other", name="X", categories=["OTHER"])
    assert len(succeeded(api.call(Operation.LIST), "Flows retrieved successfully")) == 1


def test_get_has_the_keys_of_the_real_answer(api: Api) -> None:
    flow_id = api.draft(content=json.dumps({**flow_json(), "extra": 1}).encode())
    flow = succeeded(api.call(Operation.GET, flow_id), "Successful flow details")
    assert set(flow) == {
        "id",
        "name",
        "status",
        "categories",
        "validation_errors",
        "json_version",
        "data_api_version",
        "endpoint_uri",
        "preview",
        "application",
        "health_status",
        "json_contents",
        "assets",
    }
    assert flow["json_contents"] == {**flow_json(), "extra": 1}
    assert flow["json_version"] == "7.3"
    assert flow["data_api_version"] is flow["endpoint_uri"] is flow["application"] is None
    assert set(flow["preview"]) == {"preview_url", "expires_at"}
    assert set(flow["assets"][0]) == {"asset_type", "download_url", "name"}
    assert "pointers" not in flow["validation_errors"][0]


def test_a_preview_link_stays_the_same_until_it_expires_after_30_days_at_most() -> None:
    def expiry(link: Any) -> float:
        return datetime.strptime(link["expires_at"], "%Y-%m-%dT%H:%M:%S%z").timestamp()

    now = 1_800_000_000.0
    link: Any = preview_of("1170000000000001", now)
    assert now < expiry(link) <= now + 30 * 86_400
    assert preview_of("1170000000000001", expiry(link) - 1) == link
    following: Any = preview_of("1170000000000001", expiry(link))
    assert following["preview_url"] != link["preview_url"]
    assert expiry(following) == expiry(link) + 30 * 86_400


def test_findings_that_are_no_objects_are_shown_as_they_are() -> None:
    store = Store(":memory:")
    platform = Platform(store, lambda content: ["odd"])
    app = GatewayApp(platform, GatewayOptions())
    flow_id = platform.create_flow(DOCUMENTED_ACCOUNT, name="A", categories=["OTHER"])
    platform.upload(flow_id, GOOD)
    path = DIALECTS["documented"][Operation.GET].fill(DOCUMENTED_ACCOUNT, flow_id)
    assert Client(app).get(path).get_json()["data"]["validation_errors"] == ["odd"]
    store.close()


@pytest.mark.parametrize("content", [None, b"{}", b"[]", b'{"version": 7}'])
def test_get_of_a_flow_without_json_version_is_a_server_error(
    api: Api, content: bytes | None
) -> None:
    flow_id = api.draft(content=content)
    server_error(api.call(Operation.GET, flow_id))
    assert len(succeeded(api.call(Operation.LIST), "Flows retrieved successfully")) == 1


def test_get_of_an_unknown_flow_holds_metas_error(api: Api) -> None:
    body = body_of(api.call(Operation.GET, "1"), 400)
    assert (body["success"], body["message"]) == (False, "Unable to fetch flow details")
    error = body["data"]["error"]
    assert (error["code"], error["error_subcode"]) == (100, 33)
    assert error["type"] == "GraphMethodException"


def test_flow_json_comes_back_as_php_writes_it(api: Api) -> None:
    content = b'{"version": "7.3", "a": 1.0, "b": 1e3, "c": 9223372036854775808, "d": "a/\xc3\xa4"}'
    answer = api.call(Operation.GET, api.draft(content=content))
    assert body_of(answer)["data"]["json_contents"] == {
        "version": "7.3",
        "a": 1,
        "b": 1000,
        "c": 9223372036854775808.0,
        "d": "a/ä",
    }
    text = answer.text
    assert '"a":1,' in text
    assert "a\\/\\u00e4" in text


@pytest.mark.parametrize(
    ("status", "health"),
    [
        ("PUBLISHED", "AVAILABLE"),
        ("THROTTLED", "LIMITED"),
        ("BLOCKED", "BLOCKED"),
        ("DEPRECATED", "BLOCKED"),
    ],
)
def test_health_follows_the_status(api: Api, status: str, health: str) -> None:
    flow_id = api.live()
    api.platform.force_status(flow_id, status)
    found = body_of(api.call(Operation.GET, flow_id))["data"]["health_status"]
    (entity,) = found["entities"]
    assert found["can_send_message"] == entity["can_send_message"] == health
    assert bool(entity["errors"]) is (health != "AVAILABLE")


# --- create, update ---


def test_create_gives_the_id_below_data(api: Api) -> None:
    answer = api.call(Operation.CREATE, json={"name": "A", "categories": ["OTHER"]})
    data = succeeded(answer, "Flow created successfully")
    assert api.platform.get_flow(data["id"]).name == "A"


@pytest.mark.parametrize(
    "body",
    [
        {"json": {"name": "A", "categories": ["OTHER", "SURVEY"]}},
        {"json": {"name": "A", "categories": '["OTHER", "SURVEY"]'}},
        {"data": {"name": "A", "categories": '["OTHER","SURVEY"]'}},
        {"data": {"name": "A", "categories[]": ["OTHER", "SURVEY"]}},
        {"data": {"name": "A", "categories[0]": "OTHER", "categories[1]": "SURVEY"}},
        {
            "data": {"name": "A", "categories[]": ["OTHER", "SURVEY"]},
            "content_type": "multipart/form-data",
        },
    ],
    ids=lambda body: json.dumps(body),
)
def test_create_takes_json_form_and_multipart(api: Api, body: Any) -> None:
    data = succeeded(api.call(Operation.CREATE, **body), "Flow created successfully")
    assert set(api.platform.get_flow(data["id"]).categories) == {"OTHER", "SURVEY"}


def test_single_category_may_be_a_plain_text(api: Api) -> None:
    answer = api.call(Operation.CREATE, data={"name": "A", "categories": "OTHER"})
    data = succeeded(answer, "Flow created successfully")
    assert api.platform.get_flow(data["id"]).categories == ("OTHER",)


def test_texts_are_trimmed(api: Api) -> None:
    body = {"name": "  A\t", "categories": [" OTHER "], "endpoint_uri": " https://x.test/ "}
    data = succeeded(api.call(Operation.CREATE, json=body), "Flow created successfully")
    flow = api.platform.get_flow(data["id"])
    assert (flow.name, flow.categories, flow.endpoint_uri) == ("A", ("OTHER",), "https://x.test/")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "A"},
        {"name": " ", "categories": ["OTHER"]},
        {"name": "A", "categories": []},
        {"name": "A", "categories": 7},
        [],
        "text",
    ],
)
def test_create_without_what_it_needs_is_metas_error_with_its_title(
    api: Api, body: JsonValue
) -> None:
    found = body_of(api.call(Operation.CREATE, json=body), 400)
    assert (found["success"], found["message"]) == (False, "Invalid parameter")
    assert found["data"]["error"]["code"] == 100


def test_create_with_broken_json_is_one_without_fields(api: Api) -> None:
    answer = api.call(Operation.CREATE, data=b"{", content_type="application/json")
    assert body_of(answer, 400)["message"] == "Invalid parameter"


def test_create_with_a_taken_name_has_metas_title_as_message(api: Api) -> None:
    api.draft()
    body = body_of(api.call(Operation.CREATE, json={"name": "Alpha", "categories": ["OTHER"]}), 400)
    assert body["message"] == "Flow name is not unique"
    assert body["data"]["error"]["error_subcode"] == 4016019


def test_create_error_without_a_title_is_a_server_error(api: Api) -> None:
    body = {"name": "B", "categories": ["OTHER"], "clone_flow_id": "1"}
    server_error(api.call(Operation.CREATE, json=body))
    assert api.platform.list_flows(api.account) == ()


def test_create_can_clone(api: Api) -> None:
    source = api.draft()
    body = {"name": "B", "categories": ["OTHER"], "clone_flow_id": source}
    data = succeeded(api.call(Operation.CREATE, json=body), "Flow created successfully")
    assert api.platform.get_flow(data["id"]).flow_json == GOOD


def test_update_answers_a_constant(api: Api) -> None:
    flow_id = api.draft()
    answer = api.call(Operation.UPDATE, flow_id, json={"name": "B"})
    assert succeeded(answer, "Flow updated successfully") == {"id": flow_id, "success": True}
    assert api.platform.get_flow(flow_id).name == "B"


def test_update_drops_empty_values(api: Api) -> None:
    flow_id = api.draft()
    api.platform.update_flow(flow_id, endpoint_uri="https://x.test/")
    before = api.platform.get_flow(flow_id)
    body: JsonValue = {"name": " ", "categories": [], "endpoint_uri": None}
    succeeded(api.call(Operation.UPDATE, flow_id, json=body), "Flow updated successfully")
    assert api.platform.get_flow(flow_id) == before


def test_update_does_not_check_to_which_account_a_flow_belongs(make_api: MakeApi) -> None:
    api = make_api()
    flow_id = api.platform.create_flow("other", name="X", categories=["OTHER"])
    succeeded(api.call(Operation.UPDATE, flow_id, json={"name": "Y"}), "Flow updated successfully")
    assert api.platform.get_flow(flow_id).name == "Y"


def test_update_refused_by_meta_has_metas_message(api: Api) -> None:
    flow_id = api.live()
    api.platform.deprecate(flow_id)
    body = body_of(api.call(Operation.UPDATE, flow_id, json={"name": "B"}), 400)
    assert body["message"] == "The flow can't be updated: only drafts can be modified."
    assert body["data"]["error"]["code"] == 139001


# --- upload ---


def test_upload_gives_its_findings_under_the_misspelt_name(api: Api) -> None:
    flow_id = api.draft(content=None)
    assert succeeded(api.upload(flow_id, GOOD), "Uploaded Successfully") == {
        "validations_errors": []
    }
    bad = json.dumps({**flow_json(), "extra": 1}).encode()
    (finding,) = succeeded(api.upload(flow_id, bad), "Uploaded Successfully")["validations_errors"]
    assert finding["error"] == "INVALID_PROPERTY_KEY"
    assert api.platform.get_flow(flow_id).flow_json == bad


def test_upload_does_not_look_at_the_name_of_the_file(api: Api) -> None:
    succeeded(api.upload(api.draft(), GOOD, "photo.png"), "Uploaded Successfully")


def test_upload_refused_by_meta_looks_like_a_success(api: Api) -> None:
    data = succeeded(api.upload("1", GOOD), "Upload JSON File Failed")
    assert data["error"]["code"] == 100
    assert set(data) == {"error"}


def test_upload_of_malformed_json_looks_like_a_success(api: Api) -> None:
    flow_id = api.draft()
    assert succeeded(api.upload(flow_id, b"[1,]"), "File content is not valid JSON.") is None
    assert api.platform.get_flow(flow_id).flow_json == GOOD


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 11 + b"]" * 11,
        b'["' + b"x" * 1_048_573 + b'"]',
        b"\xef\xbb\xbf{}",
        b"text",
        b"",
        b"{'a': 1}",
    ],
    ids=["depth", "size", "byte order mark", "text", "empty", "single quotes"],
)
def test_upload_of_what_is_not_taken_for_json_is_refused(api: Api, content: bytes) -> None:
    flow_id = api.draft()
    body = body_of(api.upload(flow_id, content), 400)
    assert body == {
        "success": False,
        "message": "Validation Error(s)",
        "data": {"errors": {"file": ["The file field must be a file of type: json."]}},
    }
    assert api.platform.get_flow(flow_id).flow_json == GOOD


def test_limits_of_the_upload_can_be_switched(make_api: MakeApi) -> None:
    api = make_api(max_depth=3, max_bytes=10)
    flow_id = api.draft()
    assert api.upload(flow_id, b"[[[]]]").status_code == 200
    assert api.upload(flow_id, b"[[[[]]]]").status_code == 400
    assert api.upload(flow_id, b"[1, 2, 3, 4]").status_code == 400


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, {"flow_id", "file"}),
        ({"flow_id": " ", "file": (io.BytesIO(GOOD), "f")}, {"flow_id"}),
        ({"flow_id": "1"}, {"file"}),
        ({"flow_id": "1", "file": "text"}, {"file"}),
    ],
)
def test_upload_without_flow_or_file_is_refused(
    make_api: MakeApi, data: dict[str, Any], fields: set[str]
) -> None:
    copied = {
        key: (io.BytesIO(GOOD), "f") if isinstance(value, tuple) else value
        for key, value in data.items()
    }
    answer = make_api().call(Operation.UPLOAD, data=copied)
    assert set(body_of(answer, 400)["data"]["errors"]) == fields


# --- publish ---


def test_publish_succeeds(api: Api) -> None:
    flow_id = api.draft()
    message = "The flow message has been successfully published"
    assert succeeded(api.call(Operation.PUBLISH, flow_id), message) == {"success": True}
    assert api.platform.get_flow(flow_id).status == "PUBLISHED"


def test_publish_sets_an_endpoint_of_the_gateway_where_one_is_missing(api: Api) -> None:
    flow_id = api.draft(content=json.dumps(flow_json(endpoint=True)).encode())
    succeeded(
        api.call(Operation.PUBLISH, flow_id), "The flow message has been successfully published"
    )
    flow = api.platform.get_flow(flow_id)
    assert flow.status == "PUBLISHED"
    host = "gateway.emulated.example"
    assert flow.endpoint_uri == f"https://{host}/v1.0/flows/{flow_id}/webhook"


def test_injection_of_the_endpoint_can_be_switched_off(make_api: MakeApi) -> None:
    api = make_api(injects_endpoint=False)
    flow_id = api.draft(content=json.dumps(flow_json(endpoint=True)).encode())
    body = body_of(api.call(Operation.PUBLISH, flow_id), 400)
    assert body["message"] == "Failed to publish flow message"
    assert body["data"]["error"]["error_subcode"] == 4233024
    assert api.platform.get_flow(flow_id).endpoint_uri is None


def test_publish_refused_by_meta_holds_metas_error(api: Api) -> None:
    body = body_of(api.call(Operation.PUBLISH, api.live()), 400)
    assert body["message"] == "Failed to publish flow message"
    assert body["data"]["error"]["code"] == 139002


def test_publish_error_without_a_title_is_a_server_error(api: Api) -> None:
    server_error(api.call(Operation.PUBLISH, "1"))


# --- deprecate, delete, send ---


def test_deprecate_and_delete_succeed_without_data(api: Api) -> None:
    live, draft = api.live("A"), api.draft("B")
    assert succeeded(api.call(Operation.DEPRECATE, live), "Flow deprecated successfully") is None
    assert succeeded(api.call(Operation.DELETE, draft), "Flow deleted successfully") is None
    assert [flow.status for flow in api.platform.list_flows(api.account)] == ["DEPRECATED"]


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (Operation.DEPRECATE, "Only a published flow can be deprecated."),
        (Operation.DELETE, "Only a draft that was never published can be deleted."),
    ],
)
def test_refused_deprecate_and_delete_lose_metas_code(
    api: Api, operation: Operation, message: str
) -> None:
    flow_id = api.draft() if operation is Operation.DEPRECATE else api.live()
    body = body_of(api.call(operation, flow_id), 400)
    assert body == {"success": False, "message": message, "data": []}


def test_delete_without_an_id_deletes_nothing() -> None:
    api = Api("documented")
    api.draft()
    answer = api.http.delete(api.url(Operation.LIST), headers={"Accept": "application/json"})
    assert body_of(answer, 400)["data"] == []
    assert len(api.platform.list_flows(api.account)) == 1
    api.store.close()


def test_send_gives_the_id_of_the_message(api: Api) -> None:
    answer = api.call(Operation.SEND, json={**SEND, "flow_id": api.live()})
    data = succeeded(answer, "Flow message sent successfully")
    assert data == {"messages": [{"id": "wamid.emulated1"}]}


@pytest.mark.parametrize("field", [*SEND, "flow_id"])
@pytest.mark.parametrize("value", [None, "", " ", 7, []])
def test_send_requires_every_field_as_text(api: Api, field: str, value: JsonValue) -> None:
    body = {**SEND, "flow_id": api.live(), field: value}
    found = body_of(api.call(Operation.SEND, json=body), 422)
    assert set(found) == {"message", "errors"}
    assert set(found["errors"]) == {field}
    assert found["message"] == found["errors"][field][0]


def test_send_refused_by_meta_holds_metas_error(api: Api) -> None:
    body = body_of(api.call(Operation.SEND, json={**SEND, "flow_id": api.draft()}), 400)
    assert body["message"] == "Failed to send flow message"
    assert body["data"]["error"]["code"] == 131009


# --- faults ---

GET, CREATE, UPDATE, UPLOAD = (Operation.GET, Operation.CREATE, Operation.UPDATE, Operation.UPLOAD)
LIST, PUBLISH, DELETE = Operation.LIST, Operation.PUBLISH, Operation.DELETE
# fault → operation, HTTP status, whether the operation takes effect
FAULTS: dict[str, tuple[Operation, int | None, bool]] = {
    "slow": (UPDATE, 200, True),
    "refused": (UPDATE, None, False),
    "drop": (UPDATE, None, False),
    "drop-after": (UPDATE, None, True),
    "hang": (UPDATE, None, False),
    "hang-after": (UPDATE, None, True),
    "server-error": (UPDATE, 500, False),
    "server-error-after": (UPDATE, 500, True),
    "unavailable": (UPDATE, 503, False),
    "unavailable-bare": (UPDATE, 503, False),
    "rate-limit": (UPDATE, 429, False),
    "rate-limit-bare": (UPDATE, 429, False),
    "clock-ahead": (UPDATE, 429, False),
    "clock-behind": (UPDATE, 429, False),
    "html": (UPDATE, 200, False),
    "html-after": (UPDATE, 200, True),
    "plain-text": (UPDATE, 200, True),
    "truncated": (UPDATE, None, True),
    "oversized": (UPDATE, 200, True),
    "redirect": (UPDATE, 302, False),
    "ignored": (UPDATE, 200, False),
    "refused-as-success": (UPLOAD, 200, False),
    "unread-as-success": (UPLOAD, 200, False),
    "account-limit": (UPDATE, 400, False),
    "app-limit": (UPDATE, 400, False),
    "throughput-limit": (UPDATE, 400, False),
    "busy": (UPDATE, 503, False),
    "untitled": (UPDATE, 500, False),
    "bad-meta-token": (UPDATE, 401, False),
    "no-meta-token": (UPDATE, 401, False),
    "unauthenticated": (UPDATE, 401, False),
    "forbidden": (UPDATE, 403, False),
    "stored-but-failed": (UPLOAD, 200, True),
    "no-validations": (UPLOAD, 500, True),
    "asset-unavailable": (GET, 200, False),
    "no-json-version": (GET, 500, False),
    "normalised": (GET, 200, False),
    "no-data": (LIST, 200, False),
    "page-lost": (LIST, 200, False),
    "page-repeated": (LIST, 200, False),
    "page-reordered": (LIST, 200, False),
    "page-blank": (LIST, 200, False),
    "page-empty": (LIST, 200, False),
    "stale": (LIST, 200, False),
    "second-writer": (UPDATE, 200, True),
    "second-writer-after": (UPDATE, 200, True),
}


def call_with_effect(api: Api, operation: Operation, flow_id: str) -> TestResponse:
    if operation is UPLOAD:
        return api.upload(flow_id, json.dumps(flow_json("New")).encode())
    if operation is UPDATE:
        return api.call(UPDATE, flow_id, json={"name": "New"})
    return api.call(operation, flow_id)


@pytest.mark.parametrize("fault", KINDS)
def test_fault_does_what_its_text_says(api: Api, fault: str) -> None:
    operation, status, takes_effect = FAULTS[fault]
    flow_id = api.draft()
    before = api.platform.get_flow(flow_id)
    api.faults.add(f"{operation.value}:{fault}*1")
    if status is None:
        with pytest.raises(ConnectionBroken):
            call_with_effect(api, operation, flow_id).get_data()
    else:
        assert call_with_effect(api, operation, flow_id).status_code == status
    assert (api.platform.get_flow(flow_id) != before) is takes_effect
    assert call_with_effect(api, operation, flow_id).status_code == 200


def test_slow_answers_and_latency_add_up(make_api: MakeApi) -> None:
    api = make_api(latency=0.25)
    api.faults.add("list:slow=500*1")
    api.call(LIST)
    api.call(LIST)
    assert api.sleeps == [0.75, 0.25]


@pytest.mark.parametrize(("fault", "status"), [("unavailable", 503), ("rate-limit", 429)])
def test_throttling_faults_name_a_time(api: Api, fault: str, status: int) -> None:
    api.faults.add(f"list:{fault}=7*1")
    api.faults.add(f"get:{fault}*1")
    seven, one = api.call(LIST), api.call(GET)
    assert (seven.status_code, seven.headers["Retry-After"]) == (status, "7")
    assert (one.status_code, one.headers["Retry-After"]) == (status, "1")


@pytest.mark.parametrize(
    ("fault", "seconds_off"),
    [("clock-ahead=86400", 86400), ("clock-behind=30", -30), ("clock-ahead", 3600)],
)
def test_wrong_clock_is_wrong_in_both_headers(api: Api, fault: str, seconds_off: int) -> None:
    api.faults.add(f"list:{fault}")
    headers = api.call(LIST).headers
    sent, then = (
        parsedate_to_datetime(headers[name]).timestamp() for name in ("Date", "Retry-After")
    )
    assert then == sent + 1
    assert abs(sent - seconds_off - time.time()) < 10


@pytest.mark.parametrize("fault", ["unavailable-bare", "rate-limit-bare"])
def test_bare_throttling_faults_name_no_time(api: Api, fault: str) -> None:
    api.faults.add(f"list:{fault}")
    assert "Retry-After" not in api.call(LIST).headers


@pytest.mark.parametrize("operation", ON_FLOWS)
def test_missing_meta_token_comes_in_two_shapes(api: Api, operation: Operation) -> None:
    api.faults.add("any:no-meta-token")
    body = body_of(api.call(operation), 401)
    message = "Failed to get a valid access token"
    if operation in {CREATE, GET, PUBLISH}:
        assert body == {"error": message}
    else:
        assert body == {"success": False, "message": message, "data": None}


@pytest.mark.parametrize(
    ("operation", "data"),
    [
        (CREATE, {"id": "999999999999999"}),
        (UPDATE, {"id": "1", "success": True}),
        (UPLOAD, {"validations_errors": []}),
        (PUBLISH, {"success": True}),
        (DELETE, None),
        (Operation.DEPRECATE, None),
    ],
)
def test_ignored_operation_answers_as_if_it_were_done(
    api: Api, operation: Operation, data: JsonValue
) -> None:
    api.faults.add("any:ignored")
    assert succeeded(api.call(operation), "OK") == data


@pytest.mark.parametrize(
    ("operation", "status", "message"),
    [
        (LIST, 503, "Failed to retrieve flows"),
        (GET, 503, "Unable to fetch flow details"),
        (CREATE, 503, "Busy"),
        (UPDATE, 503, "Service temporarily unavailable"),
        (UPLOAD, 200, "Upload JSON File Failed"),
        (PUBLISH, 503, "Failed to publish flow message"),
        (Operation.SEND, 503, "Failed to send flow message"),
        (Operation.DEPRECATE, 503, "Service temporarily unavailable"),
        (DELETE, 503, "Service temporarily unavailable"),
    ],
)
def test_error_of_meta_comes_in_the_shape_of_its_operation(
    api: Api, operation: Operation, status: int, message: str
) -> None:
    api.faults.add("any:busy")
    body = body_of(api.call(operation), status)
    assert body["message"] == message
    assert body["success"] is (operation is UPLOAD)
    if operation is LIST:
        assert body["data"] is None
    elif operation in {DELETE, Operation.DEPRECATE}:
        assert body["data"] == []
    else:
        assert body["data"]["error"]["code"] == 2


@pytest.mark.parametrize("operation", [CREATE, PUBLISH])
@pytest.mark.parametrize("fault", ["untitled", "bad-meta-token"])
def test_error_of_meta_without_a_title_is_masked(
    api: Api, operation: Operation, fault: str
) -> None:
    api.faults.add(f"any:{fault}")
    server_error(api.call(operation))


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("account-limit", 80008),
        ("app-limit", 4),
        ("throughput-limit", 130429),
        ("busy", 2),
        ("untitled", 1),
        ("bad-meta-token", 190),
    ],
)
def test_fault_of_meta_has_its_code(api: Api, fault: str, code: int) -> None:
    api.faults.add(f"update:{fault}")
    assert api.call(UPDATE).get_json()["data"]["error"]["code"] == code


def test_stored_but_failed_looks_like_a_success_and_has_its_subcode(api: Api) -> None:
    flow_id = api.draft()
    api.faults.add("upload:stored-but-failed")
    data = succeeded(api.upload(flow_id, b'{"version": "7.0"}'), "Upload JSON File Failed")
    assert (data["error"]["code"], data["error"]["error_subcode"]) == (139001, 4016012)
    assert api.platform.get_flow(flow_id).flow_json == b'{"version": "7.0"}'


def test_unavailable_asset_is_named_without_its_content(api: Api) -> None:
    flow_id = api.draft()
    api.faults.add("get:asset-unavailable")
    data = succeeded(api.call(GET, flow_id), "Successful flow details")
    assert data["json_contents"] is None
    assert data["assets"]


def test_unavailable_asset_of_an_unknown_flow_is_an_unknown_flow(api: Api) -> None:
    api.faults.add("get:asset-unavailable")
    assert body_of(api.call(GET, "1"), 400)["data"]["error"]["code"] == 100


def test_faults_do_not_let_a_wrong_credential_in(make_api: MakeApi) -> None:
    api = make_api(token="secret")
    api.faults.add("any:ignored")
    assert body_of(api.call(UPDATE), 401) == {"error": "Token not provided"}


def test_page_in_place_of_an_answer_is_html(api: Api) -> None:
    api.faults.add("list:html")
    assert api.call(LIST).mimetype == "text/html"


def test_truncated_answer_announces_more_than_it_sends(api: Api) -> None:
    whole = api.call(LIST).get_data()
    api.faults.add("list:truncated")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": api.url(LIST),
        "SERVER_NAME": "x",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
        started.append((status, headers))

    chunks = iter(api.app(environ, start_response))
    sent = next(chunks)
    with pytest.raises(ConnectionBroken):
        next(chunks)
    ((status, headers),) = started
    assert (status, dict(headers)["Content-Length"]) == ("200 OK", str(len(whole)))
    assert sent == whole[: len(whole) // 2]


def test_application_works_without_anybody_listening() -> None:
    store = Store(":memory:")
    app = GatewayApp(Platform(store, upload_findings), GatewayOptions())
    path = DIALECTS["documented"][LIST].fill(DOCUMENTED_ACCOUNT, None)
    assert Client(app).get(path).get_json()["data"] == []
    store.close()
