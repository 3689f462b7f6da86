"""One call of the emulated gateway as a fault sees it, and what was there before the latest write.

A fault may need more than the request: the platform to write to as somebody else, or the memory of
a flow to answer as if the latest write had not been noticed yet.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.wrappers import Request, Response

from flowsync.remotes.emulator.gateway_input import input_fields, text_field
from flowsync.remotes.emulator.platform import Platform, PlatformError, StoredFlow
from flowsync.remotes.operations import Operation

_WRITES = frozenset(Operation) - {Operation.LIST, Operation.GET, Operation.SEND}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastState:
    """A flow as it was before a write at `time`; `flow` is None where there was none."""

    flow_id: str
    flow: StoredFlow | None
    time: float


class LatestWrite:
    """Remembers, for one write, what it changed; `clock` is in seconds."""

    def __init__(self, platform: Platform, clock: Callable[[], float] = time.monotonic) -> None:
        self._platform, self._clock = platform, clock
        self._lock = threading.Lock()
        self._past: PastState | None = None

    def within(self, seconds: float) -> PastState | None:
        """Give what the latest write changed, if it is not longer ago."""
        with self._lock:
            past = self._past
        return past if past is not None and self._clock() - past.time <= seconds else None

    def around(self, call: Call, carry_out: Callable[[], Response]) -> Response:
        """Carry out a call and remember what it changes."""
        if call.operation not in _WRITES:
            return carry_out()
        before = self._flow(call.flow_id)
        response = carry_out()
        flow_id = call.flow_id or created_id(response)
        if self._flow(flow_id) != before:
            with self._lock:
                self._past = PastState(flow_id=flow_id, flow=before, time=self._clock())
        return response

    def _flow(self, flow_id: str) -> StoredFlow | None:
        try:
            return self._platform.get_flow(flow_id)
        except PlatformError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: `flow_id` is the flow that it concerns, empty for list and create."""

    operation: Operation
    request: Request
    account: str
    flow_id: str
    platform: Platform
    latest_write: LatestWrite

    @property
    def name(self) -> str | None:
        """Give the name that the request asks for."""
        return text_field(input_fields(self.request), "name")


def flow_concerned(operation: Operation, request: Request, in_path: str) -> str:
    """Give the id of the flow that a request concerns, wherever it stands in it."""
    if operation is Operation.UPLOAD:
        return request.form.get("flow_id", "").strip()
    if operation is Operation.DELETE:
        return in_path or request.args.get("flowId", "")
    if operation is Operation.SEND:
        return text_field(input_fields(request), "flow_id") or ""
    return in_path


def created_id(response: Response) -> str:
    """Give the id in the answer to a create, empty where there is none."""
    body = response.get_json(silent=True)
    data = body.get("data") if isinstance(body, dict) else None
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""
