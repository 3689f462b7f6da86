"""The answers of the emulated Graph API as faults need them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from werkzeug.wrappers import Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator.call import Call
from flowsync.remotes.emulator.framework import json_answer
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.emulator.stored import StoredFlow
from flowsync.remotes.operations import Operation


def refused(error: PlatformError) -> Response:
    """Answer with an error object."""
    return json_answer(error.status, error.as_json())


def denied(message: str) -> PlatformError:
    """Give the refusal of a credential, which has no title for people."""
    return PlatformError(message, code=190, status=401)


class GraphForm:
    """The Graph API's form of an answer; `listing` and `details` know pages and fields."""

    def __init__(
        self,
        listing: Callable[[Call, Iterable[StoredFlow]], Response],
        details: Callable[[Call, StoredFlow], Response],
    ) -> None:
        self._listing, self._details = listing, details

    def listing(self, call: Call, flows: Iterable[StoredFlow]) -> Response:
        """Answer a list with the page that is asked for."""
        return self._listing(call, flows)

    def details(self, call: Call, flow: StoredFlow) -> Response:
        """Answer a get with the fields that are asked for."""
        return self._details(call, flow)

    def refusal(self, call: Call, error: PlatformError) -> Response:
        """Answer with an error object."""
        return refused(error)

    def pretence(self, call: Call) -> Response:
        """Answer as if it had been done."""
        answers: dict[Operation, JsonValue] = {
            Operation.LIST: {"data": []},
            Operation.GET: {"id": call.flow_id},
            Operation.CREATE: {"id": "999999999999999", "success": True},
            Operation.UPLOAD: {"success": True, "validation_errors": []},
            Operation.SEND: {"messages": [{"id": "wamid.none"}]},
        }
        return json_answer(200, answers.get(call.operation, {"success": True}))

    def created_id(self, response: Response) -> str:
        """Give the id in the answer to a create."""
        body = response.get_json(silent=True)
        found = body.get("id") if isinstance(body, dict) else None
        return found if isinstance(found, str) else ""
