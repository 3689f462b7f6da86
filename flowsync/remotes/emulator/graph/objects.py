"""Nodes of the Graph API with the fields that are asked for; what is not set is left out.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone

from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_answers import preview_of
from flowsync.remotes.emulator.graph.fields import Field
from flowsync.remotes.emulator.graph.health import (
    health_of_account,
    health_of_flow,
    whole_health,
)
from flowsync.remotes.emulator.graph.links import Links
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.emulator.stored import StoredFlow

DEFAULT_OF_FLOW = ("id", "name", "status", "categories", "validation_errors")
FEWEST_FOR_METRICS = 250
PARTS = {
    "application": ("id", "name", "link"),
    "health_status": ("can_send_message", "entities"),
    "preview": ("preview_url", "expires_at"),
}
"""The fields that values of other fields have; the rest have none."""
_CHOOSE_THEMSELVES = {"assets", "whatsapp_business_account"}

Value = Callable[[Field], JsonValue]


class Objects:
    """Makes the nodes of flows and accounts; `clock` is in seconds of Unix time."""

    def __init__(self, platform: Platform, links: Links, clock: Callable[[], float]) -> None:
        self._platform, self._links, self._clock = platform, links, clock

    def flow(self, flow: StoredFlow, fields: Iterable[Field], host: str) -> dict[str, JsonValue]:
        """Give a flow; `host` is scheme and host, where its Flow JSON can be fetched.

        Raises `PlatformError` for a field that flows do not have.
        """
        flow_id = flow.id
        values: dict[str, Value] = {
            "id": lambda field: flow_id,
            "name": lambda field: flow.name,
            "status": lambda field: flow.status,
            "categories": lambda field: list(flow.categories),
            "validation_errors": lambda field: list(flow.findings),
            "json_version": lambda field: flow.content_text("version"),
            "data_api_version": lambda field: flow.content_text("data_api_version"),
            "endpoint_uri": lambda field: flow.endpoint_uri or None,
            "preview": lambda field: self._preview(flow, field),
            "updated_at": lambda field: _moment(flow.updated_at),
            "whatsapp_business_account": lambda field: self.account(flow.account, field.fields),
            "application": lambda field: _application(flow),
            "health_status": lambda field: self._health(flow, field),
            "assets": lambda field: {"data": self.assets(flow, host, field.fields)},
            "metric": _no_metric,
        }
        chosen = tuple(fields) or tuple(Field(name=name) for name in DEFAULT_OF_FLOW)
        return {"id": flow.id, **_chosen(chosen, values, "Flow")}

    def account(self, account: str, fields: Iterable[Field]) -> dict[str, JsonValue]:
        """Give an account."""
        values: dict[str, Value] = {
            "id": lambda field: account,
            "name": lambda field: f"Emulated account {account}",
            "currency": lambda field: "USD",
            "timezone_id": lambda field: "1",
            "message_template_namespace": lambda field: f"emulated_{account}",
            "health_status": lambda field: whole_health(
                health_of_account(account, self._platform.troubles)
            ),
        }
        names = ("id", "name", "currency", "timezone_id", "message_template_namespace")
        chosen = tuple(fields) or tuple(Field(name=name) for name in names)
        return {"id": account, **_chosen(chosen, values, "WhatsAppBusinessAccount")}

    def assets(self, flow: StoredFlow, host: str, fields: Iterable[Field] = ()) -> list[JsonValue]:
        """Give the assets of a flow: none as long as nothing was uploaded."""
        values: dict[str, JsonValue] = {
            "name": "flow.json",
            "asset_type": "FLOW_JSON",
            "download_url": self._links.to(flow.id, host),
        }
        asset = _part(values, tuple(fields), tuple(values), "FlowAsset")
        return [] if flow.flow_json is None else [asset]

    def _preview(self, flow: StoredFlow, field: Field) -> JsonValue:
        if field.modifiers.get("invalidate") == "true":
            self._platform.new_preview(flow.id)
            flow = self._platform.get_flow(flow.id)
        return preview_of(flow.id, self._clock(), flow.preview_number)

    def _health(self, flow: StoredFlow, field: Field) -> JsonValue:
        troubles = self._platform.troubles
        entities = health_of_account(flow.account, troubles)
        if number := field.modifiers.get("phone_number"):
            entities.append(
                {"entity_type": "PHONE_NUMBER", "id": number, "can_send_message": "AVAILABLE"}
            )
        return health_of_flow(flow, troubles, entities)


def _chosen(
    fields: Iterable[Field], values: Mapping[str, Value], kind: str
) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for field in fields:
        if field.name not in values:
            raise _no_field(field.name, kind)
        value = values[field.name](field)
        if field.name not in _CHOOSE_THEMSELVES:
            value = _part(value, field.fields, PARTS.get(field.name, ()), field.name)
        if value is not None:
            found[field.name] = value
    return found


def _part(
    value: JsonValue, fields: tuple[Field, ...], names: tuple[str, ...], kind: str
) -> JsonValue:
    """Give the fields of a field that are asked for, all without any."""
    for field in fields:
        if field.name not in names:
            raise _no_field(field.name, kind)
    if not fields or not isinstance(value, dict):
        return value
    return {field.name: value[field.name] for field in fields if field.name in value}


def _no_field(name: str, kind: str) -> PlatformError:
    return PlatformError(
        f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})", code=100
    )


def _application(flow: StoredFlow) -> JsonValue:
    if flow.application_id is None:
        return None
    return {"id": flow.application_id, "name": "Emulated app", "link": "https://app.example/"}


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S%z")


def _no_metric(field: Field) -> JsonValue:
    raise PlatformError(
        f"There are fewer than {FEWEST_FOR_METRICS} requests, which is too few for a metric.",
        code=139006,
        title="Metric is not available",
    )
