"""An account as a whole: copies to another, limits on calls, troubles, keys and messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT
from flowsync.remotes.emulator.graph.phones import phone_of
from flowsync.remotes.emulator.publishing import TROUBLES
from tests.remotes.emulator.graph.api import FLOWS, GOOD, INVALID, WITH_ENDPOINT, Api
from tests.remotes.graph.support import in_process
from tests.support import flow_json

OTHER = "200000000000002"
PHONE = phone_of(GRAPH_ACCOUNT)
KEY = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"


# --- migrate_flows ---


@pytest.fixture
def pair() -> Iterator[Api]:
    """Two accounts of one business."""
    with in_process(accounts=(GRAPH_ACCOUNT, OTHER)) as account:
        yield Api(account)


def migrate(api: Api, **parameters: Any) -> Any:
    return api.post(f"{OTHER}/migrate_flows", **{"source_waba_id": GRAPH_ACCOUNT, **parameters})


def test_flows_are_copied_with_their_content_and_live_where_they_were(pair: Api) -> None:
    live = pair.create("Live", flow_json=GOOD, publish=True)["id"]
    edited = pair.create("Edited", flow_json=GOOD, publish=True)["id"]
    pair.post(edited, categories=["SURVEY"])
    bad = pair.create("Bad", flow_json=INVALID)["id"]
    answer = migrate(pair)
    copies = {flow["source_id"]: flow["migrated_id"] for flow in answer["migrated_flows"]}
    assert set(copies) == {live, edited, bad}
    assert not set(copies) & set(copies.values())
    assert answer["failed_flows"] == []
    flows = {name: pair.platform.get_flow(copies[name]) for name in copies}
    assert [flow.status for flow in flows.values()] == ["PUBLISHED", "DRAFT", "DRAFT"]
    assert {flow.account for flow in flows.values()} == {OTHER}
    assert flows[bad].findings == pair.platform.get_flow(bad).findings
    assert pair.platform.live_versions(copies[live]) == (GOOD.encode(),)
    assert pair.platform.live_versions(copies[edited]) == ()
    assert len(pair.get(FLOWS)["data"]) == 3


def test_taken_and_unknown_names_are_listed_as_failed_and_the_rest_is_copied(pair: Api) -> None:
    for name in ("A", "B"):
        pair.create(name)
    pair.platform.create_flow(OTHER, name="A", categories=["OTHER"])
    answer = migrate(pair, source_flow_names=["A", "B", "C"])
    assert [flow["source_name"] for flow in answer["migrated_flows"]] == ["B"]
    failed = {flow["source_name"]: flow["error_code"] for flow in answer["failed_flows"]}
    assert failed["A"] == "4233041"
    assert set(failed) == {"A", "C"}


def test_name_that_is_asked_for_twice_is_copied_once(pair: Api) -> None:
    pair.create("A")
    answer = migrate(pair, source_flow_names=["A", "A"])
    assert len(answer["migrated_flows"]) == 1
    assert len(pair.get(f"{OTHER}/flows")["data"]) == 1


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        ({"source_waba_id": None}, (400, 100, None)),
        ({"source_waba_id": "777"}, (400, 100, 33)),
        ({"source_flow_names": [str(number) for number in range(101)]}, (400, 100, None)),
    ],
)
def test_copy_that_is_not_asked_for_as_meta_wants_is_refused(
    pair: Api, parameters: dict[str, Any], refusal: tuple[int, int, int | None]
) -> None:
    asked = {"source_waba_id": GRAPH_ACCOUNT, **parameters}
    answer = pair.ask("POST", f"{OTHER}/migrate_flows", json=asked)
    assert pair.refusal(answer) == refusal


# --- limits ---


def used(answer: Any) -> tuple[int, int]:
    """Give percentage and minutes, as both headers tell them."""
    of_app = json.loads(answer.headers["X-App-Usage"])
    [entry] = json.loads(answer.headers["X-Business-Use-Case-Usage"])[GRAPH_ACCOUNT]
    assert of_app["call_count"] == entry["call_count"]
    assert entry["type"] == "whatsapp_business_management"
    return entry["call_count"], entry["estimated_time_to_regain_access"]


def test_calls_beyond_the_limit_of_the_hour_are_refused_and_headers_say_until_when() -> None:
    with in_process(calls_per_hour=4) as account:
        api = Api(account)
        told = []
        for _ in range(4):
            told.append(used(api.ask("GET", FLOWS)))
            account.time.now += 600
        assert told == [(25, 0), (50, 0), (75, 0), (100, 60 - 30)]
        refused = api.ask("POST", FLOWS, json={"name": "A", "categories": ["OTHER"]})
        assert api.refusal(refused) == (400, 80008, None)
        assert used(refused) == (100, 20)
        assert api.platform.list_flows(GRAPH_ACCOUNT) == ()
        account.time.now += 20 * 60
        assert api.ask("GET", FLOWS).status_code == 200


def test_headers_are_missing_until_enough_calls_were_made_and_without_a_limit(api: Api) -> None:
    assert "X-App-Usage" not in api.ask("GET", FLOWS).headers
    with in_process(calls_per_hour=1000) as account:
        limited = Api(account)
        shown = ["X-App-Usage" in limited.ask("GET", FLOWS).headers for _ in range(12)]
        assert shown == [False] * 9 + [True] * 3


def test_each_account_has_its_own_limit_and_downloads_do_not_count() -> None:
    with in_process(calls_per_hour=3, accounts=(GRAPH_ACCOUNT, OTHER)) as account:
        api = Api(account)
        link = api.link(api.create(flow_json=GOOD)["id"])
        for _ in range(5):
            assert api.follow(link).status_code == 200
        assert api.ask("GET", FLOWS).status_code == 200
        assert api.refusal(api.ask("GET", FLOWS))[1] == 80008
        assert api.ask("GET", f"{OTHER}/flows").status_code == 200


# --- troubles ---


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_refuses_to_publish_and_shows_in_the_health_before(api: Api, name: str) -> None:
    flow_id = api.create(flow_json=WITH_ENDPOINT, endpoint_uri="https://x.test/e")["id"]
    good = api.get(flow_id, fields="health_status")["health_status"]
    assert good["can_send_message"] == "AVAILABLE"
    api.platform.troubles = (name,)
    health = api.get(flow_id, fields="health_status")["health_status"]
    assert health["can_send_message"] == "BLOCKED"
    entities = {entity["entity_type"]: entity for entity in health["entities"]}
    refusal = TROUBLES[name].refusal
    [error] = entities["FLOW"]["errors"]
    assert error["error_description"] == refusal.message
    assert error["possible_solution"] == TROUBLES[name].solution
    if TROUBLES[name].part != "FLOW":
        assert entities[TROUBLES[name].part]["can_send_message"] == "BLOCKED"
    answer = api.ask("POST", f"{flow_id}/publish")
    assert api.refusal(answer) == (400, refusal.code, refusal.subcode)
    assert api.get(flow_id)["status"] == "DRAFT"


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_of_endpoints_leaves_flows_without_one_alone(api: Api, name: str) -> None:
    api.platform.troubles = (name,)
    flow_id = api.create(flow_json=GOOD)["id"]
    answer = api.ask("POST", f"{flow_id}/publish")
    assert (answer.status_code == 200) is TROUBLES[name].is_about_endpoints


@pytest.mark.parametrize("name", TROUBLES)
def test_flow_that_is_live_stays_so_in_spite_of_a_trouble(api: Api, name: str) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    api.platform.troubles = (name,)
    flow = api.get(flow_id, fields="status,health_status")
    assert flow["status"] == "PUBLISHED"
    entity = flow["health_status"]["entities"][0]
    assert (entity["entity_type"], entity["can_send_message"]) == ("FLOW", "AVAILABLE")


# --- phone numbers and keys ---


def test_account_has_one_phone_number_and_without_it_none(api: Api) -> None:
    [number] = api.get(f"{GRAPH_ACCOUNT}/phone_numbers")["data"]
    assert number["id"] == PHONE
    assert api.get(PHONE)["id"] == PHONE
    api.platform.troubles = ("no-phone-number",)
    assert api.get(f"{GRAPH_ACCOUNT}/phone_numbers") == {"data": []}
    answer = api.ask("GET", f"{PHONE}/whatsapp_business_encryption")
    assert api.refusal(answer) == (400, 100, 33)


def test_key_that_is_set_is_the_one_that_is_read(api: Api) -> None:
    path = f"{PHONE}/whatsapp_business_encryption"
    assert api.post(path, business_public_key=KEY) == {"success": True}
    [entry] = api.get(path)["data"]
    assert entry["business_public_key"] == KEY
    assert entry["business_public_key_signature_status"] == "VALID"
    api.platform.troubles = ("no-public-key",)
    assert api.get(path) == {"data": []}


@pytest.mark.parametrize("key", [None, "", "no key"])
def test_what_is_no_key_is_refused(api: Api, key: str | None) -> None:
    path = f"{PHONE}/whatsapp_business_encryption"
    answer = api.ask("POST", path, json={"business_public_key": key})
    assert api.refusal(answer) == (400, 100, None)


# --- messages ---


def body(**parameters: Any) -> dict[str, Any]:
    """Give a message that opens a flow; what is None is left out of its parameters."""
    found = {"flow_message_version": "3", "flow_cta": "Open", **parameters}
    return {
        "messaging_product": "whatsapp",
        "to": "491701234567",
        "type": "interactive",
        "interactive": {
            "type": "flow",
            "body": {"text": "Hello"},
            "action": {
                "name": "flow",
                "parameters": {key: value for key, value in found.items() if value is not None},
            },
        },
    }


def test_message_names_a_flow_by_id_or_by_name(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    for parameters in ({"flow_id": flow_id}, {"flow_name": "Alpha"}):
        answer = api.post(f"{PHONE}/messages", **body(**parameters))
        assert answer["messages"][0]["id"].startswith("wamid.")
    assert [message[0] for message in api.account.messages()] == [flow_id] * 2


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, 131009),
        ({"flow_id": "ID", "flow_name": "Alpha"}, 131009),
        ({"flow_id": "424242"}, 100),
        ({"flow_name": "Nobody"}, 100),
        ({"flow_id": "ID", "flow_message_version": "7.2"}, 131009),
        ({"flow_id": "ID", "flow_cta": None}, 131009),
        ({"flow_id": "ID", "flow_cta": "x" * 31}, 131009),
    ],
)
def test_message_that_is_not_as_meta_wants_it_is_refused(
    api: Api, parameters: dict[str, Any], code: int
) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    found = {key: flow_id if value == "ID" else value for key, value in parameters.items()}
    answer = api.ask("POST", f"{PHONE}/messages", json=body(**found))
    assert api.refusal(answer)[:2] == (400, code)
    assert api.account.messages() == []


@pytest.mark.parametrize(
    ("status", "code"), [("DRAFT", 131009), ("DEPRECATED", 131009), ("BLOCKED", 132068)]
)
def test_flow_that_is_not_live_is_not_sent(api: Api, status: str, code: int) -> None:
    flow_id = api.create(flow_json=GOOD, publish=status != "DRAFT")["id"]
    api.platform.force_status(flow_id, status)
    answer = api.ask("POST", f"{PHONE}/messages", json=body(flow_id=flow_id))
    assert api.refusal(answer)[:2] == (400, code)


def test_throttled_flow_is_sent_ten_times_an_hour(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD, publish=True)["id"]
    api.platform.force_status(flow_id, "THROTTLED")
    for _ in range(10):
        assert api.ask("POST", f"{PHONE}/messages", json=body(flow_id=flow_id)).status_code == 200
    answer = api.ask("POST", f"{PHONE}/messages", json=body(flow_id=flow_id))
    assert api.refusal(answer)[:2] == (400, 132069)
    api.account.time.now += 3601
    assert api.ask("POST", f"{PHONE}/messages", json=body(flow_id=flow_id)).status_code == 200


def test_draft_of_a_flow_is_sent_in_draft_mode(api: Api) -> None:
    flow_id = api.create(flow_json=json.dumps(flow_json()))["id"]
    draft = body(flow_id=flow_id, mode="draft")
    assert api.ask("POST", f"{PHONE}/messages", json=draft).status_code == 200
    api.ask("POST", f"{flow_id}/publish")
    assert api.refusal(api.ask("POST", f"{PHONE}/messages", json=draft))[1] == 131009
