"""How the emulated gateway reads a request: any kind of body, trimmed, empty values dropped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from werkzeug.wrappers import Request

from flowsync.model import JsonValue
from flowsync.remotes.operations import Operation

_SEND_FIELDS = (
    "to",
    "flow_id",
    "header_text",
    "body_text",
    "footer_text",
    "flow_cta",
    "screen",
)


def input_fields(request: Request) -> Mapping[str, JsonValue]:
    """Give the fields of a JSON, form or multipart body; texts trimmed, empty ones dropped."""
    found: dict[str, JsonValue] = {}
    if request.mimetype == "application/json":
        body = request.get_json(silent=True)
        found.update(body if isinstance(body, dict) else {})
    for key, values in request.form.lists():
        name = re.sub(r"\[\d*\]$", "", key)
        if name != key:  # PHP collects `categories[0]=…&categories[1]=…` into one list
            earlier = found.get(name)
            found[name] = [*(earlier if isinstance(earlier, list) else []), *values]
        else:
            found[name] = values[-1]
    trimmed = {key: _trimmed(value) for key, value in found.items()}
    return {key: value for key, value in trimmed.items() if value not in (None, "", [])}


def _trimmed(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_trimmed(item) for item in value]
    return value.strip() if isinstance(value, str) else value


def text_field(fields: Mapping[str, JsonValue], name: str) -> str | None:
    """Give a field as text, None where it is missing."""
    value = fields.get(name)
    return None if value is None else str(value)


def list_field(fields: Mapping[str, JsonValue], name: str) -> list[str] | None:
    """Give a field as a list of texts, also from a text that holds a JSON list."""
    value = fields.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return [str(value)]
    return [str(item) for item in value] if isinstance(value, list) else None


def missing_fields(request: Request) -> list[str]:
    """Give the fields that send requires and the request lacks."""
    fields = input_fields(request)
    return [name for name in _SEND_FIELDS if not isinstance(fields.get(name), str)]


def flow_concerned(operation: Operation, request: Request, in_path: str) -> str:
    """Give the id of the flow that a request concerns, wherever it stands in it."""
    if operation is Operation.UPLOAD:
        return request.form.get("flow_id", "").strip()
    if operation is Operation.DELETE:
        return in_path or request.args.get("flowId", "")
    if operation is Operation.SEND:
        return text_field(input_fields(request), "flow_id") or ""
    return in_path
