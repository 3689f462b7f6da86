"""The emulated gateway's answers as faults need them."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.wrappers import Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator.call import Call
from flowsync.remotes.emulator.gateway_answers import (
    meta_failure,
    success,
    success_with_details,
    success_with_listing,
)
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.emulator.stored import StoredFlow
from flowsync.remotes.operations import Operation


class GatewayForm:
    """The gateway's form of an answer."""

    def listing(self, call: Call, flows: Iterable[StoredFlow]) -> Response:
        """Answer a list."""
        return success_with_listing(flows)

    def details(self, call: Call, flow: StoredFlow) -> Response:
        """Answer a get."""
        return success_with_details(flow)

    def refusal(self, call: Call, error: PlatformError) -> Response:
        """Answer in the shape that this operation has for refusals."""
        return meta_failure(call.operation, error)

    def pretence(self, call: Call) -> Response:
        """Answer as if it had been done (G-10)."""
        data: dict[Operation, JsonValue] = {
            Operation.CREATE: {"id": "999999999999999"},
            Operation.UPDATE: {"id": call.flow_id, "success": True},
            Operation.UPLOAD: {"validations_errors": []},
            Operation.PUBLISH: {"success": True},
        }
        return success("OK", data.get(call.operation))

    def created_id(self, response: Response) -> str:
        """Give the id in the answer to a create."""
        body = response.get_json(silent=True)
        data = body.get("data") if isinstance(body, dict) else None
        found = data.get("id") if isinstance(data, dict) else None
        return found if isinstance(found, str) else ""
