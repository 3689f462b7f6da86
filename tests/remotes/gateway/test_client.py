"""The gateway client's contract: what it sends for each operation, and what it makes of answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import responses

from flowsync.errors import (
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
    WriteRefused,
)
from flowsync.model import ContentState, FlowId, JsonValue
from flowsync.remotes.gateway.client import GatewayRemote
from flowsync.remotes.gateway.dialects import DIALECTS, other_delete_route
from flowsync.remotes.in_process import WsgiAdapter
from flowsync.remotes.interface import FlowMessage, FlowUpdate, NewFlow
from flowsync.remotes.operations import ON_FLOWS, Operation
from tests.remotes.support import (
    FLOW,
    FakeTime,
    WatchingAdapter,
    drafted,
    http_client,
    listed_remote,
    published,
    remote_over,
    url_of,
    watched,
)
from tests.support import TOKEN, EmulatedGateway, flow_json


def message_to(flow_id: str) -> FlowMessage:
    return FlowMessage(
        to="+491701234567",
        flow_id=FlowId(flow_id),
        header_text="Hello",
        body_text="Body",
        footer_text="Footer",
        flow_cta="Open",
        screen="CONTACT",
    )


def path_of(gateway: EmulatedGateway, operation: Operation, flow_id: str = "") -> str:
    prefix = "/v1.0" if gateway.dialect == "reference" else "/api/whatsapp"
    flows = f"{prefix}/{gateway.account}/flows"
    deprecate = f"/whatsapp/{gateway.account}/flows/{flow_id}/deprecate"
    paths = {
        Operation.LIST: flows,
        Operation.CREATE: flows,
        Operation.SEND: f"{flows}/send",
        Operation.UPLOAD: f"{flows}/upload-flow-json",
        Operation.GET: f"{flows}/{flow_id}",
        Operation.UPDATE: f"{flows}/{flow_id}",
        Operation.PUBLISH: f"{flows}/{flow_id}/publish",
        Operation.DEPRECATE: f"{flows}/{flow_id}/deprecate",
        Operation.DELETE: f"{flows}/{flow_id}",
    }
    if gateway.dialect == "documented":
        paths[Operation.DEPRECATE] = deprecate
        paths[Operation.DELETE] = f"{flows}?flowId={flow_id}"
    return paths[operation]


def sent_once(
    gateway: EmulatedGateway, operation: Operation, adapter: WatchingAdapter, flow_id: str = ""
) -> Any:
    """Check method and path of the only request since the listing, and give it."""
    (sent,) = adapter.sent
    methods = {Operation.LIST: "GET", Operation.GET: "GET", Operation.DELETE: "DELETE"}
    assert sent.method == methods.get(operation, "POST")
    assert sent.path == path_of(gateway, operation, flow_id)
    assert gateway.operations[-1] is operation
    return sent


def listed(gateway: EmulatedGateway) -> tuple[GatewayRemote, WatchingAdapter]:
    remote, adapter = watched(gateway)
    remote.list_flows()
    adapter.sent.clear()
    return remote, adapter


# --- the nine operations ---


def test_list_gives_all_flows(gateway: EmulatedGateway) -> None:
    first, second = drafted(gateway, "A"), published(gateway, "B")
    remote, adapter = watched(gateway)
    listing = remote.list_flows()
    sent_once(gateway, Operation.LIST, adapter)
    assert listing.is_whole
    assert [(flow.id, flow.name, flow.status) for flow in listing.flows] == [
        (first, "A", "DRAFT"),
        (second, "B", "PUBLISHED"),
    ]
    assert listing.flows[0].categories == ("OTHER",)


def test_list_of_an_empty_account_is_empty_and_whole(gateway: EmulatedGateway) -> None:
    listing = gateway.client().list_flows()
    assert listing.flows == ()
    assert listing.is_whole


def test_get_gives_a_flow_with_its_content(gateway: EmulatedGateway) -> None:
    flow_id = drafted(gateway, content=flow_json(endpoint=True))
    gateway.platform.update_flow(flow_id, endpoint_uri="https://x.test/e")
    remote, adapter = watched(gateway)
    flow = remote.get_flow(FlowId(flow_id))
    sent_once(gateway, Operation.GET, adapter, flow_id)
    assert (flow.id, flow.name, flow.status) == (flow_id, "Alpha", "DRAFT")
    assert flow.content.state is ContentState.READ
    assert flow.content.value == flow_json(endpoint=True)
    assert flow.endpoint_uri == "https://x.test/e"
    assert (flow.json_version, flow.data_api_version) == ("7.3", "3.0")
    assert flow.findings == ()
    assert flow.health == ()


def test_get_gives_findings_and_health(gateway: EmulatedGateway) -> None:
    bad: Any = flow_json()
    bad["screens"][0]["titel"] = "x"
    flow = gateway.client().get_flow(FlowId(drafted(gateway, content=bad)))
    assert flow.findings[0].code == "INVALID_PROPERTY_KEY"
    assert flow.findings[0].line == 1
    assert flow.findings[0].column > 1
    assert flow.health == ("FLOW is BLOCKED: The flow is draft or has validation errors.",)


def test_create_makes_a_draft(gateway: EmulatedGateway) -> None:
    source = drafted(gateway, "Source")
    remote, adapter = watched(gateway)
    new = NewFlow(
        name="New",
        categories=("OTHER", "SURVEY"),
        endpoint_uri="https://x.test/",
        clone_flow_id=FlowId(source),
    )
    flow_id = remote.create_flow(new)
    sent = sent_once(gateway, Operation.CREATE, adapter)
    assert sent.json == {
        "name": "New",
        "categories": ["OTHER", "SURVEY"],
        "endpoint_uri": "https://x.test/",
        "clone_flow_id": source,
    }
    flow = gateway.platform.get_flow(flow_id)
    assert (flow.name, flow.status, flow.endpoint_uri) == ("New", "DRAFT", "https://x.test/")
    assert flow.content == flow_json()


def test_create_leaves_out_what_is_not_given(gateway: EmulatedGateway) -> None:
    remote, adapter = watched(gateway)
    remote.create_flow(NewFlow(name="New", categories=("OTHER",)))
    assert sent_once(gateway, Operation.CREATE, adapter).json == {
        "name": "New",
        "categories": ["OTHER"],
    }


@pytest.mark.parametrize(
    ("update", "body"),
    [
        (FlowUpdate(name="B"), {"name": "B"}),
        (FlowUpdate(categories=("SURVEY",)), {"categories": ["SURVEY"]}),
        (FlowUpdate(endpoint_uri="https://x.test/"), {"endpoint_uri": "https://x.test/"}),
    ],
)
def test_update_sends_only_what_is_given(
    gateway: EmulatedGateway, update: FlowUpdate, body: JsonValue
) -> None:
    flow_id = drafted(gateway)
    remote, adapter = listed(gateway)
    remote.update_flow(FlowId(flow_id), update)
    assert sent_once(gateway, Operation.UPDATE, adapter, flow_id).json == body
    flow = gateway.platform.get_flow(flow_id)
    assert flow.name == (update.name or "Alpha")
    assert flow.categories == (update.categories or ("OTHER",))
    assert flow.endpoint_uri == update.endpoint_uri


def test_update_that_clears_the_endpoint_is_refused_before_it_is_sent(
    gateway: EmulatedGateway,
) -> None:
    flow_id = drafted(gateway)
    remote, adapter = listed(gateway)
    with pytest.raises(RemoteRejected, match="G-11"):
        remote.update_flow(FlowId(flow_id), FlowUpdate(name="B", clears_endpoint=True))
    assert adapter.sent == []


def test_upload_sends_the_text_byte_for_byte_as_a_json_file(gateway: EmulatedGateway) -> None:
    flow_id = drafted(gateway)
    remote, adapter = listed(gateway)
    text = json.dumps(flow_json("Straße\n"), indent=2, ensure_ascii=False)
    assert remote.upload_flow_json(FlowId(flow_id), text) == ()
    sent = sent_once(gateway, Operation.UPLOAD, adapter)
    assert gateway.platform.get_flow(flow_id).flow_json == text.encode()
    assert sent.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="flow_id"' in sent.body
    assert b'name="file"; filename="flow.json"\r\nContent-Type: application/json' in sent.body


def test_upload_gives_what_the_platform_finds(gateway: EmulatedGateway) -> None:
    flow_id = drafted(gateway)
    remote, _ = listed(gateway)
    text = json.dumps({**flow_json(), "extra": 1}, indent=1)
    (finding,) = remote.upload_flow_json(FlowId(flow_id), text)
    assert finding.code == "INVALID_PROPERTY_KEY"
    assert finding.line == text[: text.index('"extra"')].count("\n") + 1


def test_publish_makes_the_draft_live(gateway: EmulatedGateway) -> None:
    flow_id = drafted(gateway)
    remote, adapter = listed(gateway)
    remote.publish_flow(FlowId(flow_id))
    sent_once(gateway, Operation.PUBLISH, adapter, flow_id)
    assert gateway.platform.get_flow(flow_id).status == "PUBLISHED"


def test_deprecate_retires_a_published_flow(gateway: EmulatedGateway) -> None:
    flow_id = published(gateway)
    remote, adapter = listed(gateway)
    remote.deprecate_flow(FlowId(flow_id))
    sent_once(gateway, Operation.DEPRECATE, adapter, flow_id)
    assert gateway.platform.get_flow(flow_id).status == "DEPRECATED"


def test_delete_removes_a_draft(gateway: EmulatedGateway) -> None:
    flow_id = drafted(gateway)
    remote, adapter = listed(gateway)
    remote.delete_flow(FlowId(flow_id))
    sent_once(gateway, Operation.DELETE, adapter, flow_id)
    assert gateway.platform.list_flows(gateway.account) == ()


def test_send_gives_the_id_of_the_message(gateway: EmulatedGateway) -> None:
    flow_id = published(gateway)
    remote, adapter = listed(gateway)
    assert remote.send_flow(message_to(flow_id)) == "wamid.emulated1"
    assert sent_once(gateway, Operation.SEND, adapter).json == {
        "to": "+491701234567",
        "flow_id": flow_id,
        "header_text": "Hello",
        "body_text": "Body",
        "footer_text": "Footer",
        "flow_cta": "Open",
        "screen": "CONTACT",
    }


def call_everything(gateway: EmulatedGateway, remote: GatewayRemote) -> None:
    remote.list_flows()
    flow_id = remote.create_flow(NewFlow(name="New", categories=("OTHER",)))
    spare = remote.create_flow(NewFlow(name="Spare", categories=("OTHER",)))
    remote.list_flows()
    remote.upload_flow_json(flow_id, json.dumps(flow_json()))
    remote.update_flow(flow_id, FlowUpdate(categories=("SURVEY",)))
    remote.get_flow(flow_id)
    remote.publish_flow(flow_id)
    remote.send_flow(message_to(flow_id))
    remote.deprecate_flow(flow_id)
    remote.delete_flow(spare)
    assert set(gateway.operations) == set(ON_FLOWS)


@pytest.mark.parametrize("scheme", ["Bearer", "AccessKey"])
def test_every_request_asks_for_json_and_carries_credential_and_timeout(
    gateway: EmulatedGateway, scheme: str
) -> None:
    adapter = WatchingAdapter(WsgiAdapter(gateway.app))
    credential = f"{scheme} {TOKEN}"
    remote = remote_over(adapter, gateway.dialect, credential=credential, read_timeout=7)
    call_everything(gateway, remote)
    assert len(adapter.sent) == 11
    for sent in adapter.sent:
        assert sent.headers["Accept"] == "application/json"
        assert sent.headers["Authorization"] == credential
        assert sent.headers["User-Agent"].startswith("flowsync/")
        assert sent.timeout == (7, 7)
        assert TOKEN not in sent.path


def test_connecting_has_a_shorter_timeout_than_a_patient_read(gateway: EmulatedGateway) -> None:
    adapter = WatchingAdapter(WsgiAdapter(gateway.app))
    remote_over(adapter, gateway.dialect, read_timeout=120).list_flows()
    assert adapter.sent[0].timeout == (10, 120)


def test_reading_client_refuses_every_write(gateway: EmulatedGateway) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client(read_only=True)
    remote.list_flows()
    remote.get_flow(flow_id)
    writes: list[Callable[[], object]] = [
        lambda: remote.create_flow(NewFlow(name="B", categories=("OTHER",))),
        lambda: remote.update_flow(flow_id, FlowUpdate(name="B")),
        lambda: remote.upload_flow_json(flow_id, "{}"),
        lambda: remote.publish_flow(flow_id),
        lambda: remote.deprecate_flow(flow_id),
        lambda: remote.delete_flow(flow_id),
        lambda: remote.send_flow(message_to(flow_id)),
    ]
    for write in writes:
        with pytest.raises(WriteRefused, match="only reads"):
            write()
    assert gateway.counts == {"list": 1, "get": 1}


# --- odd answers ---


@responses.activate
@pytest.mark.parametrize(
    "data", [None, [], {}, {"id": 7}, {"id": ""}, {"id": "a/b"}, {"id": "1\n"}]
)
def test_create_without_a_usable_id_is_an_unknown_outcome(data: JsonValue) -> None:
    responses.post(url_of(Operation.CREATE), json={"success": True, "message": "", "data": data})
    with pytest.raises(RemoteUnavailable, match="names no flow id") as caught:
        remote_over(None).create_flow(NewFlow(name="B", categories=("OTHER",)))
    assert caught.value.outcome_unknown


@responses.activate
@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"id": "2002", "name": "A", "status": "DRAFT"},
        {"id": FLOW, "status": "DRAFT"},
        {"id": FLOW, "name": "A", "status": 7},
    ],
)
def test_get_that_is_not_about_the_flow_is_not_believed(data: JsonValue) -> None:
    responses.get(url_of(Operation.GET), json={"success": True, "data": data})
    with pytest.raises(RemoteUnavailable):
        remote_over(None).get_flow(FlowId(FLOW))


@responses.activate
def test_odd_parts_of_a_flow_are_left_out() -> None:
    data = {
        "id": FLOW,
        "name": "A",
        "status": "SOMETHING_NEW",
        "categories": ["OTHER", 7, None],
        "endpoint_uri": 7,
        "validation_errors": ["x", {"message": "m", "line_start": True}, {"error": "E"}],
        "health_status": {
            "entities": [
                7,
                {"entity_type": "FLOW", "can_send_message": "AVAILABLE"},
                {"entity_type": "APP"},
                {"entity_type": "WABA", "can_send_message": "LIMITED", "errors": "x"},
                {"entity_type": "BUSINESS", "can_send_message": "BLOCKED", "errors": [1, {}]},
                {
                    "entity_type": "FLOW",
                    "can_send_message": "LIMITED",
                    "errors": [{"message": "a", "possible_solution": "b"}, {"message": "c"}],
                },
            ]
        },
    }
    responses.get(url_of(Operation.GET), json={"success": True, "data": data})
    flow = remote_over(None).get_flow(FlowId(FLOW))
    assert flow.status == "SOMETHING_NEW"
    assert flow.categories == ("OTHER",)
    assert flow.endpoint_uri is None
    assert [(found.code, found.message, found.line) for found in flow.findings] == [
        ("UNKNOWN", "m", 0),
        ("E", "", 0),
    ]
    assert flow.health == ("WABA is LIMITED", "BUSINESS is BLOCKED", "FLOW is LIMITED: a")
    assert [entity.kind for entity in flow.entities] == ["FLOW", "WABA", "BUSINESS", "FLOW"]
    assert [(one.message, one.solution) for one in flow.entities[-1].errors] == [
        ("a", "b"),
        ("c", ""),
    ]


@responses.activate
@pytest.mark.parametrize(
    "data", [None, {}, {"messages": []}, {"messages": [7]}, {"messages": [{"id": 7}]}]
)
def test_send_without_a_message_id_gives_an_empty_text(data: JsonValue) -> None:
    remote = listed_remote(responses.mock)
    responses.post(url_of(Operation.SEND), json={"success": True, "data": data})
    assert remote.send_flow(message_to(FLOW)) == ""


@pytest.mark.parametrize("flow_id", ["", "a/b", "../x", "1?x", "1#x", "%2e", "1 2", "x" * 129, "ä"])
def test_text_that_is_no_flow_id_is_not_sent(documented: EmulatedGateway, flow_id: str) -> None:
    remote, adapter = watched(documented)
    with pytest.raises(RemoteRejected, match="is not the id of a flow"):
        remote.get_flow(FlowId(flow_id))
    with pytest.raises(RemoteRejected, match="is not the id of a flow"):
        remote.delete_flow(FlowId(flow_id))
    assert adapter.sent == []


def test_upload_refused_for_good_is_not_explained_as_a_limit_of_the_gateway(
    documented: EmulatedGateway,
) -> None:
    flow_id = FlowId(drafted(documented))
    remote = documented.client()
    remote.list_flows()
    documented.faults.add("upload:forbidden")
    with pytest.raises(RemoteError) as caught:
        remote.upload_flow_json(flow_id, "{}")
    assert "nested" not in str(caught.value)


@responses.activate
@pytest.mark.parametrize("status", [404, 413])
def test_upload_refused_with_another_status_is_not_explained_as_depth(status: int) -> None:
    remote = listed_remote(responses.mock)
    responses.post(url_of(Operation.UPLOAD), status=status, json={"message": "no"})
    with pytest.raises(RemoteRejected) as caught:
        remote.upload_flow_json(FlowId(FLOW), "{}")
    assert caught.value.status == status
    assert "nested" not in str(caught.value)


# --- retries and pauses ---


@pytest.mark.parametrize("fault", ["server-error", "drop", "html", "busy", "unavailable"])
def test_read_is_repeated_after_a_passing_failure(gateway: EmulatedGateway, fault: str) -> None:
    flow_id = FlowId(drafted(gateway))
    gateway.faults.add(f"get:{fault}*2")
    assert gateway.client().get_flow(flow_id).name == "Alpha"
    assert gateway.counts["get"] == 3
    assert len(gateway.sleeps) == 2


@pytest.mark.parametrize("fault", ["server-error", "drop", "drop-after", "rate-limit", "html"])
def test_write_is_never_repeated_by_the_client(gateway: EmulatedGateway, fault: str) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client()
    remote.list_flows()
    gateway.faults.add(f"update:{fault}")
    with pytest.raises(RemoteError):
        remote.update_flow(flow_id, FlowUpdate(name="B"))
    assert gateway.counts["update"] == 1


def test_refused_read_is_not_repeated(gateway: EmulatedGateway) -> None:
    with pytest.raises(RemoteRejected) as caught:
        gateway.client().get_flow(FlowId("1"))
    assert (caught.value.code, caught.value.subcode) == (100, 33)
    assert gateway.counts["get"] == 1


def test_throttled_write_pauses_the_whole_account(gateway: EmulatedGateway) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client()
    remote.list_flows()
    gateway.faults.add("update:rate-limit=30*1")
    with pytest.raises(RemoteThrottled) as caught:
        remote.update_flow(flow_id, FlowUpdate(name="B"))
    assert caught.value.retry_after == 30
    assert gateway.sleeps == []
    remote.get_flow(flow_id)
    assert gateway.sleeps == [30]


@pytest.mark.parametrize("fault", ["account-limit", "app-limit"])
def test_throttled_write_without_a_time_pauses_the_account_for_a_minute(
    gateway: EmulatedGateway, fault: str
) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client()
    remote.list_flows()
    gateway.faults.add(f"update:{fault}*1")
    with pytest.raises(RemoteThrottled):
        remote.update_flow(flow_id, FlowUpdate(name="B"))
    remote.get_flow(flow_id)
    assert gateway.sleeps == [60]


@pytest.mark.parametrize(("fault", "unknown"), [("drop", True), ("drop-after", True)])
def test_broken_connection_names_the_operation_and_leaves_the_outcome_unknown(
    gateway: EmulatedGateway, fault: str, unknown: bool
) -> None:
    flow_id = FlowId(drafted(gateway))
    remote = gateway.client()
    remote.list_flows()
    gateway.faults.add(f"publish:{fault}")
    with pytest.raises(RemoteUnavailable) as caught:
        remote.publish_flow(flow_id)
    assert str(caught.value).startswith(f"publish of flow {flow_id}: ")
    assert caught.value.outcome_unknown is unknown


# --- dialects ---


@pytest.mark.parametrize("dialect", DIALECTS)
def test_account_and_flow_are_escaped_in_every_path(dialect: str) -> None:
    tricky = "a/../b?c#d %2f{account}"
    for route in DIALECTS[dialect].values():
        path = route.fill(tricky, tricky)
        assert "?" not in path
        assert "#" not in path
        assert path.count("/") == route.path.count("/")
        assert quote(tricky, safe="") in path


@pytest.mark.parametrize("dialect", DIALECTS)
def test_other_style_of_the_other_style_is_the_first(dialect: str) -> None:
    route = DIALECTS[dialect][Operation.DELETE]
    other = other_delete_route(route)
    assert other.flow_in_query is not route.flow_in_query
    assert other_delete_route(other) == route


def test_base_url_may_hold_a_path(documented: EmulatedGateway) -> None:
    adapter = WatchingAdapter(WsgiAdapter(documented.app))
    http = http_client(adapter, base_url="https://gateway.test/proxy/", prefix="/proxy")
    remote = GatewayRemote(
        http, dialect="documented", account=documented.account, retrier=FakeTime().retrier()
    )
    with pytest.raises(RemoteRejected):
        remote.list_flows()
    assert adapter.sent[0].path == f"/proxy/api/whatsapp/{documented.account}/flows"
