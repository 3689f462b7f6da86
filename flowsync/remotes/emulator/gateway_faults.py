"""Faults that only the gateway knows: its lies, its lost answers, and its own credentials."""

from __future__ import annotations

import json
from collections.abc import Callable

from werkzeug.wrappers import Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator.call import Call
from flowsync.remotes.emulator.fault_effects import (
    AFTER,
    BEFORE,
    INSTEAD,
    Effects,
    server_error,
    server_error_after,
)
from flowsync.remotes.emulator.fault_views import in_other_words
from flowsync.remotes.emulator.framework import json_answer
from flowsync.remotes.emulator.gateway_answers import meta_failure, success
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.operations import Operation

_REFUSED_FILE = PlatformError("The file is refused.", code=100, title="Invalid parameter")


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


def refused_as_success(call: Call, value: int) -> Response:
    """Answer as to a file that Meta refuses (G-01)."""
    return meta_failure(Operation.UPLOAD, _REFUSED_FILE)


def unread_as_success(call: Call, value: int) -> Response:
    """Answer as to a file that does not parse (G-02)."""
    return success("File content is not valid JSON.", None)


def without_content(call: Call, response: Response, value: int) -> Response:
    """Name the asset, and leave its content out (G-07)."""
    return _with_content(response, lambda content: None)


def normalised(call: Call, response: Response, value: int) -> Response:
    """Give the content in other words."""
    return _with_content(response, in_other_words)


def _with_content(response: Response, change: Callable[[JsonValue], JsonValue]) -> Response:
    if response.status_code != 200:
        return response
    body = json.loads(response.get_data())
    body["data"]["json_contents"] = change(body["data"]["json_contents"])
    return json_answer(200, body)


EFFECTS = Effects(
    before=BEFORE,
    instead={
        "no-json-version": server_error,
        "no-meta-token": no_meta_token,
        "unauthenticated": unauthenticated,
        "forbidden": forbidden,
        "no-data": without_data,
        "refused-as-success": refused_as_success,
        "unread-as-success": unread_as_success,
        **INSTEAD,
    },
    after={
        "asset-unavailable": without_content,
        "normalised": normalised,
        "no-validations": server_error_after,
        **AFTER,
    },
)
