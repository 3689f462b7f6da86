"""The `fields` parameter: names, modifiers, fields of fields, and what cannot be read."""

from __future__ import annotations

import pytest

from flowsync.remotes.emulator.graph.fields import Field, parse_fields
from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT
from flowsync.remotes.emulator.graph.phones import phone_of
from tests.remotes.emulator.graph.api import FLOWS, GOOD, Api

ALL = (
    "id,name,status,categories,validation_errors,json_version,data_api_version,endpoint_uri,"
    "preview,updated_at,whatsapp_business_account,application,health_status,assets"
)


def test_names_modifiers_and_inner_fields_are_read() -> None:
    found = parse_fields("id, preview.invalidate(false) ,assets{name,x{y}},m.a(1).b()")
    assert found == (
        Field(name="id"),
        Field(name="preview", modifiers={"invalidate": "false"}),
        Field(
            name="assets",
            fields=(Field(name="name"), Field(name="x", fields=(Field(name="y"),))),
        ),
        Field(name="m", modifiers={"a": "1", "b": ""}),
    )


@pytest.mark.parametrize(
    "fields",
    [
        *(",", "id,", ",id", "id,,name", "id name", "assets{", "assets{}", "assets{name"),
        *("assets}", "preview.", "preview.invalidate", "preview.invalidate(", "preview.(true)"),
        *("a{" * 11 + "b" + "}" * 11, "id;name", "a{b}}", "x(1)"),
    ],
)
def test_fields_that_cannot_be_read_are_refused(api: Api, fields: str) -> None:
    flow_id = api.create()["id"]
    answer = api.ask("GET", flow_id, query_string={"fields": fields})
    assert api.refusal(answer) == (400, 2500, None)


@pytest.mark.parametrize("path", ["flow", "list", "account"])
def test_field_that_a_node_does_not_have_is_refused_by_name(api: Api, path: str) -> None:
    flow_id = api.create()["id"]
    node = {"flow": flow_id, "list": FLOWS, "account": GRAPH_ACCOUNT}[path]
    answer = api.ask("GET", node, query_string={"fields": "id,colour"})
    assert api.refusal(answer) == (400, 100, None)
    assert "nonexisting field (colour)" in answer.get_json()["error"]["message"]


def test_every_field_of_a_flow_can_be_asked_for(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD, endpoint_uri="https://x.test/e")["id"]
    api.post(flow_id, application_id="77")
    flow = api.get(flow_id, fields=ALL)
    assert set(flow) == set(ALL.split(",")) - {"data_api_version"}
    assert (flow["json_version"], flow["endpoint_uri"]) == ("7.3", "https://x.test/e")
    assert flow["application"]["id"] == "77"
    assert flow["whatsapp_business_account"]["id"] == GRAPH_ACCOUNT
    assert api.get(FLOWS, fields=ALL)["data"][0].keys() == flow.keys()


def test_inner_fields_choose_among_those_of_the_inner_node(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD)["id"]
    flow = api.get(flow_id, fields="whatsapp_business_account{name},assets{name,asset_type}")
    assert set(flow["whatsapp_business_account"]) == {"id", "name"}
    assert flow["assets"]["data"] == [{"name": "flow.json", "asset_type": "FLOW_JSON"}]
    assert api.get(f"{flow_id}/assets", fields="name")["data"] == [{"name": "flow.json"}]
    health = api.get(flow_id, fields="health_status{can_send_message}")["health_status"]
    assert health == {"can_send_message": "AVAILABLE"}
    assert set(api.get(flow_id, fields="preview{expires_at}")["preview"]) == {"expires_at"}


@pytest.mark.parametrize(
    "fields", ["whatsapp_business_account{colour}", "assets{colour}", "name{first}", "preview{x}"]
)
def test_inner_field_that_is_not_there_is_refused(api: Api, fields: str) -> None:
    flow_id = api.create(flow_json=GOOD)["id"]
    answer = api.ask("GET", flow_id, query_string={"fields": fields})
    assert api.refusal(answer)[:2] == (400, 100)


def test_preview_link_stays_until_it_is_made_invalid(api: Api) -> None:
    flow_id = api.create()["id"]

    def url(modifier: str) -> str:
        return str(api.get(flow_id, fields=f"preview{modifier}")["preview"]["preview_url"])

    first = url("")
    assert url(".invalidate(false)") == first
    renewed = url(".invalidate(true)")
    assert renewed != first
    assert url("") == renewed


def test_health_can_be_asked_for_with_a_phone_number(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD)["id"]
    phone = phone_of(GRAPH_ACCOUNT)
    fields = f"health_status.phone_number({phone})"
    entities = api.get(flow_id, fields=fields)["health_status"]["entities"]
    assert entities[-1] == {
        "entity_type": "PHONE_NUMBER",
        "id": phone,
        "can_send_message": "AVAILABLE",
    }


def test_metric_of_a_flow_with_few_requests_is_refused(api: Api) -> None:
    flow_id = api.create()["id"]
    fields = "metric.name(ENDPOINT_REQUEST_COUNT).granularity(DAY).since(2026-01-01)"
    answer = api.ask("GET", flow_id, query_string={"fields": fields})
    assert api.refusal(answer) == (400, 139006, None)
