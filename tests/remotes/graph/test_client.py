"""What the Graph API's client sends: paths, parameters, messages, and what it asks health for."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from flowsync.errors import Mishap, RemoteRejected, WriteRefused
from flowsync.model import FlowId, JsonValue
from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT
from flowsync.remotes.emulator.graph.phones import phone_of
from flowsync.remotes.emulator.publishing import TROUBLES
from flowsync.remotes.interface import FlowUpdate, NewFlow
from tests.remotes.accounts import EmulatedAccount
from tests.remotes.graph.support import Meta, watched
from tests.remotes.test_contract import message
from tests.support import flow_json

FLOW = FlowId("1001")


def sent(meta: Meta) -> Any:
    """Give the JSON body of the only request."""
    [call] = meta.mock.calls
    return json.loads(call.request.body or b"null")


# --- addresses ---


def test_every_request_names_the_version_of_the_target(account: EmulatedAccount) -> None:
    remote, adapter = watched(account, api_version="v99.1")
    flow_id = remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
    remote.list_flows()
    remote.upload_flow_json(flow_id, json.dumps(flow_json()))
    remote.get_flow(flow_id)
    remote.account_health(with_keys=True)
    paths = [request.path for request in adapter.sent if "/assets/" not in request.path]
    assert len(paths) == 7
    assert all(path.startswith("/v99.1/") for path in paths)


def test_default_version_is_the_dated_one(meta: Meta) -> None:
    meta.mock.add("GET", f"https://graph.facebook.com/v24.0/{GRAPH_ACCOUNT}/flows", json={})
    assert not meta.remote().list_flows().is_whole


def test_one_get_is_enough_for_all_that_is_known_of_a_flow(account: EmulatedAccount) -> None:
    flow_id = account.drafted(content=flow_json(endpoint=True))
    remote, adapter = watched(account)
    flow = remote.get_flow(FlowId(flow_id))
    details, _ = adapter.sent
    [fields] = parse_qs(urlsplit(details.path).query)["fields"]
    assert fields == (
        "id,name,status,categories,validation_errors,json_version,data_api_version,endpoint_uri,"
        "health_status,whatsapp_business_account{id},assets{name,asset_type,download_url}"
    )
    assert flow.health == (
        "FLOW is BLOCKED: endpoint_uri: the flow uses an endpoint, but has none.",
    )


# --- writes ---


def test_update_sends_what_changes_and_nothing_else(meta: Meta) -> None:
    meta.answers("POST", FLOW, {"success": True})
    meta.remote().update_flow(FLOW, FlowUpdate(categories=("SURVEY",)))
    assert sent(meta) == {"categories": ["SURVEY"]}


def test_endpoint_is_cleared_with_an_empty_text(meta: Meta) -> None:
    meta.answers("POST", FLOW, {"success": True})
    meta.remote().update_flow(FLOW, FlowUpdate(clears_endpoint=True))
    assert sent(meta) == {"endpoint_uri": ""}


def test_create_sends_flow_json_as_a_text_and_publishes_only_where_asked(meta: Meta) -> None:
    for _ in range(2):
        meta.answers("POST", f"{GRAPH_ACCOUNT}/flows", {"id": "1001"})
    flow = NewFlow(name="Alpha", categories=("OTHER",), flow_json='{"version": "7.3"}')
    remote = meta.remote()
    remote.create_flow(flow)
    assert sent(meta) == {
        "name": "Alpha",
        "categories": ["OTHER"],
        "flow_json": '{"version": "7.3"}',
    }
    meta.mock.calls.reset()
    remote.create_flow(NewFlow(name="B", categories=("OTHER",), flow_json="{}", publishes=True))
    assert sent(meta)["publish"] is True


def test_upload_is_a_file_of_the_name_and_type_that_meta_wants(account: EmulatedAccount) -> None:
    flow_id = FlowId(account.emptied())
    remote, adapter = watched(account)
    remote.upload_flow_json(flow_id, json.dumps(flow_json()))
    [upload] = adapter.sent
    assert upload.path == f"/v24.0/{flow_id}/assets"
    for part in (b'name="asset_type"\r\n\r\nFLOW_JSON', b'name="name"\r\n\r\nflow.json'):
        assert part in upload.body
    assert b'filename="flow.json"\r\nContent-Type: application/json' in upload.body


# --- messages ---


def test_message_names_flow_screen_and_mode_in_metas_form(meta: Meta) -> None:
    meta.answers("POST", "5550/messages", {"messages": [{"id": "wamid.1"}]})
    assert meta.remote(phone_number="5550").send_flow(message(FLOW)) == "wamid.1"
    assert sent(meta) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+491701234567",
        "type": "interactive",
        "interactive": {
            "type": "flow",
            "header": {"type": "text", "text": "Hello"},
            "body": {"text": "Body"},
            "footer": {"text": "Footer"},
            "action": {
                "name": "flow",
                "parameters": {
                    "flow_message_version": "3",
                    "flow_id": "1001",
                    "flow_cta": "Open",
                    "flow_action": "navigate",
                    "flow_action_payload": {"screen": "CONTACT"},
                    "mode": "published",
                },
            },
        },
    }


def test_draft_is_opened_by_a_message_in_draft_mode_alone(account: EmulatedAccount) -> None:
    flow_id = account.drafted()
    remote, adapter = watched(account)
    with pytest.raises(RemoteRejected, match="code 131009"):
        remote.send_flow(message(flow_id))
    remote.send_flow(message(flow_id, is_draft=True))
    assert [sent.json["interactive"]["action"]["parameters"]["mode"] for sent in adapter.sent] == [
        "published",
        "draft",
    ]
    assert account.messages() == [(flow_id, "+491701234567", "CONTACT")]


def test_edited_flow_is_still_sent_in_its_published_version(account: EmulatedAccount) -> None:
    flow_id = account.published()
    account.platform.update_flow(flow_id, name="Beta")
    assert account.client().send_flow(message(flow_id)).startswith("wamid.")


def test_target_without_a_phone_number_cannot_send_and_says_what_to_write(
    account: EmulatedAccount,
) -> None:
    remote, adapter = watched(account, phone_number=None)
    with pytest.raises(RemoteRejected, match="Write its id as `phone_number`") as caught:
        remote.send_flow(message(account.published()))
    assert caught.value.mishap is Mishap.GATEWAY_LIMIT
    assert adapter.sent == []


def test_answer_to_a_message_without_an_id_gives_none(meta: Meta) -> None:
    meta.answers("POST", "5550/messages", {"messaging_product": "whatsapp"})
    assert meta.remote(phone_number="5550").send_flow(message(FLOW)) == ""


# --- preview ---


def test_preview_link_is_the_same_until_it_ends(account: EmulatedAccount) -> None:
    flow_id = FlowId(account.drafted())
    remote, adapter = watched(account)
    first, second = remote.preview_link(flow_id), remote.preview_link(flow_id)
    assert first is not None
    assert second is not None
    assert first.url == second.url
    assert first.expires_at is not None
    assert first.expires_at.timestamp() > account.time.now
    assert "preview.invalidate%28false%29" in adapter.sent[0].path


@pytest.mark.parametrize("preview", [None, {}, {"preview_url": "http://x.test"}])
def test_flow_without_a_usable_preview_link_has_none(meta: Meta, preview: JsonValue) -> None:
    body: dict[str, JsonValue] = {"id": FLOW}
    meta.answers("GET", FLOW, body if preview is None else {**body, "preview": preview})
    assert meta.remote().preview_link(FLOW) is None


# --- health of the account ---


def test_account_in_order_has_a_number_and_a_signed_key(account: EmulatedAccount) -> None:
    health = account.client().account_health(with_keys=True)
    assert health is not None
    assert (health.phone_numbers, health.has_signed_key) == (1, True)
    assert {entity.kind for entity in health.entities} == {"WABA", "BUSINESS", "APP"}
    assert all(entity.is_available for entity in health.entities)


def test_keys_are_asked_for_only_where_endpoints_need_them(account: EmulatedAccount) -> None:
    remote, adapter = watched(account)
    remote.account_health(with_keys=False)
    assert len(adapter.sent) == 2
    remote.account_health(with_keys=True)
    assert [sent.path.partition("?")[0] for sent in adapter.sent[2:]] == [
        f"/v24.0/{GRAPH_ACCOUNT}",
        f"/v24.0/{GRAPH_ACCOUNT}/phone_numbers",
        f"/v24.0/{phone_of(GRAPH_ACCOUNT)}/whatsapp_business_encryption",
    ]


@pytest.mark.parametrize(
    ("trouble", "part"), [("no-phone-number", "WABA"), ("integrity", "BUSINESS"), ("no-app", "APP")]
)
def test_trouble_of_the_account_shows_in_the_part_that_it_belongs_to(
    account: EmulatedAccount, trouble: str, part: str
) -> None:
    account.platform.troubles = (trouble,)
    health = account.client().account_health(with_keys=True)
    assert health is not None
    [blocked] = [entity for entity in health.entities if not entity.is_available]
    assert blocked.kind == part
    assert blocked.errors[0].message == TROUBLES[trouble].meaning
    assert blocked.errors[0].solution == TROUBLES[trouble].solution
    assert health.phone_numbers == (0 if trouble == "no-phone-number" else 1)


@pytest.mark.parametrize(
    ("keys", "is_signed"),
    [
        ([], False),
        ([{"business_public_key_signature_status": "VALID"}], False),
        (
            [{"business_public_key": "k", "business_public_key_signature_status": "MISMATCH"}],
            False,
        ),
        ([{"business_public_key": "k", "business_public_key_signature_status": "VALID"}], True),
        ([{"business_public_key": "k"}], True),
    ],
)
def test_key_counts_when_it_is_there_and_its_signature_fits(
    meta: Meta, keys: JsonValue, is_signed: bool
) -> None:
    meta.answers("GET", GRAPH_ACCOUNT, {"id": GRAPH_ACCOUNT})
    meta.answers("GET", f"{GRAPH_ACCOUNT}/phone_numbers", {"data": [{"id": "5550"}]})
    meta.answers("GET", "5550/whatsapp_business_encryption", {"data": keys})
    assert meta.remote().account_health(with_keys=True).has_signed_key is is_signed


def test_health_is_a_read_that_a_read_only_client_may_send(account: EmulatedAccount) -> None:
    remote = account.client(read_only=True)
    assert remote.account_health(with_keys=True) is not None
    with pytest.raises(WriteRefused):
        remote.publish_flow(FlowId(account.drafted()))


# --- paths below a prefix ---


def test_base_url_may_have_a_path(meta: Meta) -> None:
    """A proxy in front of Meta, and reads are still told from writes."""
    meta.mock.add("GET", f"https://proxy.test/meta/v24.0/{GRAPH_ACCOUNT}/flows", json={"data": []})
    remote = meta.remote("https://proxy.test/meta", read_only=True)
    assert remote.list_flows().is_whole
    with pytest.raises(WriteRefused):
        remote.publish_flow(FLOW)
