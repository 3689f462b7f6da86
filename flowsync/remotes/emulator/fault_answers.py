"""Faults of the gateway and of Meta: refusals, lies, and answers that leave something out."""

from __future__ import annotations

from werkzeug.wrappers import Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_answers import json_answer, meta_failure, success
from flowsync.remotes.emulator.gateway_call import Call
from flowsync.remotes.emulator.platform import PlatformError
from flowsync.remotes.operations import Operation

META_FAULTS = {
    "account-limit": PlatformError(
        "There have been too many calls to this account.", code=80008, title="Too many calls"
    ),
    "app-limit": PlatformError("Application request limit reached", code=4, title="Limit"),
    "throughput-limit": PlatformError("Rate limit hit", code=130429, title="Too much at a time"),
    "busy": PlatformError("Service temporarily unavailable", code=2, title="Busy", status=503),
    "untitled": PlatformError("An unknown error occurred", code=1, status=500),
    "bad-meta-token": PlatformError("Invalid OAuth access token.", code=190, status=401),
}
_REFUSED_FILE = PlatformError("The file is refused.", code=100, title="Invalid parameter")
_STORED_BUT_FAILED = PlatformError(
    "Saved, but not processed; upload again.",
    code=139001,
    subcode=4016012,
    title="Flow could not be processed",
)


def no_meta_token(call: Call, value: int) -> Response:
    """Answer that the gateway has no token for Meta, in one of two shapes."""
    message = "Failed to get a valid access token"
    if call.operation in {Operation.CREATE, Operation.GET, Operation.PUBLISH}:
        return json_answer(401, {"error": message})
    return json_answer(401, {"success": False, "message": message, "data": None})


def unauthenticated(call: Call, value: int) -> Response:
    """Refuse the credential."""
    return json_answer(401, {"error": "Invalid authentication token."})


def forbidden(call: Call, value: int) -> Response:
    """Refuse the operation."""
    return json_answer(403, {"error": "You do not have permission to access this resource."})


def without_data(call: Call, value: int) -> Response:
    """Answer success, and nothing else."""
    return success("Flows retrieved successfully", None)


def ignored(call: Call, value: int) -> Response:
    """Answer as if it had been done (G-10)."""
    data: dict[Operation, JsonValue] = {
        Operation.CREATE: {"id": "999999999999999"},
        Operation.UPDATE: {"id": call.flow_id, "success": True},
        Operation.UPLOAD: {"validations_errors": []},
        Operation.PUBLISH: {"success": True},
    }
    return success("OK", data.get(call.operation))


def refused_as_success(call: Call, value: int) -> Response:
    """Answer as to a file that Meta refuses (G-01)."""
    return meta_failure(Operation.UPLOAD, _REFUSED_FILE)


def unread_as_success(call: Call, value: int) -> Response:
    """Answer as to a file that does not parse (G-02)."""
    return success("File content is not valid JSON.", None)


def stored_but_failed(call: Call, response: Response, value: int) -> Response:
    """Answer that a file was saved and not processed."""
    return meta_failure(call.operation, _STORED_BUT_FAILED)
