"""The bodies of the protocol: a request as JSON, and the answer that JSON holds.

Source: https://developers.facebook.com/docs/whatsapp/flows/guides/implementingyourflowendpoint
"""

from __future__ import annotations

import json

from flowsync.json_numbers import load_json
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.preview.endpoint.failures import failed
from flowsync.preview.engine.exchange import PING, Answer, Endpoint, Request
from flowsync.render.style import short

_MAX_DEPTH = 100  # of an answer, as of a Flow JSON


def body_of(request: Request) -> bytes:
    """Give a request as the JSON that an endpoint reads once it is decrypted."""
    body: dict[str, JsonValue] = {"version": request.version, "action": request.action}
    if request.action != PING:
        body |= {"data": dict(request.data), "flow_token": request.flow_token}
    if request.screen is not None:
        body["screen"] = request.screen
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def answer_in(content: bytes, request: Request) -> Answer:
    """Give the answer that a body holds. Raises `ExchangeFailed` where it holds none."""
    try:
        value = load_json(content)
    except (ValueError, RecursionError) as exc:
        start = content[:200].decode("utf-8", "replace")
        raise failed(f"the endpoint's answer is not JSON: {short(start)}.") from exc
    if _is_too_deep(value):
        raise failed(f"the endpoint's answer is nested deeper than {_MAX_DEPTH} levels.")
    if not isinstance(value, dict):
        raise failed(f"the endpoint's answer must be a JSON object, not {short(value)}.")
    data = value.get("data", {})
    if not isinstance(data, dict):
        raise failed(f"`data` in the endpoint's answer must be an object, not {short(data)}.")
    if request.action == PING:
        if data.get("status") != "active":
            wanted = '{"data": {"status": "active"}}'
            raise failed(f"the answer to a ping must be {wanted}, not {short(value)}.")
        return Answer(screen="", data=data)
    screen = value.get("screen")
    if not isinstance(screen, str) or not screen:
        raise failed(
            f"the endpoint's answer names no screen: {short(value)}. Give it "
            '{"screen": …, "data": {…}}; a message alone goes with the screen that asked.'
        )
    return Answer(screen=screen, data=data)


def error_message_in(content: bytes) -> str:
    """Give the `error_msg` that comes with the status 427, empty where there is none."""
    try:
        return text_in(mapping_in(load_json(content)).get("error_msg")) or ""
    except (ValueError, RecursionError):
        return ""


def check_health(endpoint: Endpoint) -> None:
    """Ask an endpoint whether it is there, as the platform does before a flow is published.

    Raises `ExchangeFailed` where it does not answer as it should.
    """
    endpoint(Request(action=PING))


def _is_too_deep(value: JsonValue) -> bool:
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            item
            for outer in level
            if isinstance(outer, dict | list)
            for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return bool(level)
