"""The answers of faults that replace an operation, or that Meta gives in its stead."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.wrappers import Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_answers import (
    ServerError,
    framework_error,
    json_answer,
    success,
)
from flowsync.remotes.emulator.platform import PlatformError
from flowsync.remotes.gateway.dialects import Operation

META_FAULTS = {
    "account-limit": PlatformError(
        "There have been too many calls to this account.", code=80008, title="Too many calls"
    ),
    "app-limit": PlatformError("Application request limit reached", code=4, title="Limit"),
    "busy": PlatformError("Service temporarily unavailable", code=2, title="Busy", status=503),
    "untitled": PlatformError("An unknown error occurred", code=1, status=500),
    "bad-meta-token": PlatformError("Invalid OAuth access token.", code=190, status=401),
}


def answer_instead(
    operation: Operation, faults: Mapping[str, int | None], flow_id: str, wants_json: bool
) -> Response | None:
    """Give the answer of a fault that replaces the operation, if one is in force."""
    retry_after = {"Retry-After": str(faults.get("unavailable") or faults.get("rate-limit") or 1)}
    if faults.keys() & {"server-error", "no-json-version"}:
        raise ServerError
    if "unavailable" in faults:
        return framework_error(503, "Service Unavailable", wants_json, retry_after)
    if "rate-limit" in faults:
        return framework_error(429, "Too Many Attempts.", wants_json, retry_after)
    if "html" in faults:
        return Response("<html><title>Welcome</title></html>", mimetype="text/html")
    if "redirect" in faults:
        return Response(status=302, headers={"Location": "/login"})
    if "no-meta-token" in faults:
        message = "Failed to get a valid access token"
        if operation in {Operation.CREATE, Operation.GET, Operation.PUBLISH}:
            return json_answer(401, {"error": message})
        return json_answer(401, {"success": False, "message": message, "data": None})
    if "unauthenticated" in faults:
        return json_answer(401, {"error": "Invalid authentication token."})
    if "forbidden" in faults:
        return json_answer(403, {"error": "You do not have permission to access this resource."})
    if "no-data" in faults:
        return success("Flows retrieved successfully", None)
    if "ignored" in faults:
        data: dict[Operation, JsonValue] = {
            Operation.CREATE: {"id": "999999999999999"},
            Operation.UPDATE: {"id": flow_id, "success": True},
            Operation.UPLOAD: {"validations_errors": []},
            Operation.PUBLISH: {"success": True},
        }
        return success("OK", data.get(operation))
    return None
