"""The emulated gateway's answers: their shapes E1 to E8, and what get and list say of a flow."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable
from datetime import datetime, timezone

from werkzeug.wrappers import Response

from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.remotes.emulator import magic
from flowsync.remotes.emulator.framework import ServerError, json_answer
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.emulator.stored import StoredFlow
from flowsync.remotes.operations import Operation

_PREVIEW_LIFE_S = 30 * 24 * 3600


def success(message: str, data: JsonValue) -> Response:
    """Give the success answer, E1."""
    return json_answer(200, {"success": True, "message": message, "data": data})


def failure(error: PlatformError, message: str, data: JsonValue) -> Response:
    """Give the answer to a refusal by Meta, E1."""
    return json_answer(error.status, {"success": False, "message": message, "data": data})


def meta_failure(operation: Operation, error: PlatformError) -> Response:
    """Answer a refusal by Meta in the shape that the gateway gives it for this operation."""
    if operation is Operation.UPLOAD:  # G-01: the failure looks like a success
        return success("Upload JSON File Failed", error.as_json())
    if operation is Operation.CREATE:
        if error.title is None:
            raise ServerError  # G-13
        return failure(error, error.title, error.as_json())
    if operation is Operation.PUBLISH and error.title is None:
        raise ServerError  # G-15 (b)
    if operation in {Operation.DEPRECATE, Operation.DELETE}:
        return failure(error, error.message, [])  # G-16
    if operation is Operation.LIST:
        return failure(error, "Failed to retrieve flows", None)  # G-18
    messages = {
        Operation.GET: "Unable to fetch flow details",
        Operation.PUBLISH: "Failed to publish flow message",
        Operation.SEND: "Failed to send flow message",
    }
    return failure(error, messages.get(operation, error.message), error.as_json())


def success_with_listing(flows: Iterable[StoredFlow]) -> Response:
    """Give the answer to list."""
    entries: list[JsonValue] = [
        {
            "id": flow.id,
            "name": flow.name,
            "status": flow.status,
            "categories": list(flow.categories),
            "validation_errors": [without_pointers(entry) for entry in flow.findings],
        }
        for flow in flows
    ]
    return success("Flows retrieved successfully", entries)


def success_with_details(flow: StoredFlow) -> Response:
    """Give the answer to get; raises `ServerError` for a flow without a version (G-06)."""
    content = None if flow.flow_json is None else magic.parsed_as_php_writes(flow.flow_json)
    if text_in(mapping_in(content).get("version")) is None:
        raise ServerError
    return success("Successful flow details", flow_details(flow, content))


def flow_details(flow: StoredFlow, content: JsonValue) -> JsonValue:
    """Give what get answers about a flow with this parsed Flow JSON."""
    assets: JsonValue = [
        {
            "asset_type": "FLOW_JSON",
            "name": "flow.json",
            "download_url": f"https://assets.emulated.example/{flow.id}?signature=emulated-secret",
        }
    ]
    return {
        "id": flow.id,
        "name": flow.name,
        "status": flow.status,
        "categories": list(flow.categories),
        "validation_errors": [without_pointers(entry) for entry in flow.findings],
        "json_version": text_in(mapping_in(content).get("version")),
        "data_api_version": text_in(mapping_in(content).get("data_api_version")),
        "endpoint_uri": flow.endpoint_uri,
        "preview": preview_of(flow.id, time.time()),
        "application": None,
        "health_status": _health(flow),
        "json_contents": content,
        "assets": assets,
    }


def preview_of(flow_id: str, now: float, generation: int = 0) -> JsonValue:
    """Give the preview link of a flow at a moment (seconds of Unix time), which leads nowhere.

    As on the platform it works for 30 days at most, and is the same until it expires, or until
    `generation`, which counts how often it was made invalid, is another.

    Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
    """
    begin = zlib.crc32(flow_id.encode()) % _PREVIEW_LIFE_S  # links do not all expire at once
    number = int(now - begin) // _PREVIEW_LIFE_S
    expires = datetime.fromtimestamp(begin + (number + 1) * _PREVIEW_LIFE_S, timezone.utc)
    address = (
        f"https://preview.emulated.example/{flow_id}?token=emulated-secret-{number + generation}"
    )
    return {"preview_url": address, "expires_at": expires.strftime("%Y-%m-%dT%H:%M:%S%z")}


def _health(flow: StoredFlow) -> JsonValue:
    can_send = {"THROTTLED": "LIMITED", "BLOCKED": "BLOCKED", "DEPRECATED": "BLOCKED"}
    value = can_send.get(flow.status, "BLOCKED" if flow.findings else "AVAILABLE")
    errors: list[JsonValue] = []
    if value != "AVAILABLE":
        text = f"The flow is {flow.status.lower()} or has validation errors."
        errors.append({"error": text, "error_type": "", "message": text, "line_start": None})
    entity: JsonValue = {
        "entity_type": "FLOW",
        "id": flow.id,
        "can_send_message": value,
        "errors": errors,
    }
    return {"can_send_message": value, "entities": [entity]}


def without_pointers(entry: JsonValue) -> JsonValue:
    """Give a validation error as get and list answer it."""
    if not isinstance(entry, dict):
        return entry
    return {key: value for key, value in entry.items() if key != "pointers"}
