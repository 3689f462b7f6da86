"""One call of the emulated API as a fault sees it, and what was there before the latest write.

A fault may need more than the request: the platform to write to as somebody else, or the memory of
a flow to answer as if the latest write had not been noticed yet. How the API words its answers is
its `ApiForm`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from werkzeug.wrappers import Request, Response

from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.emulator.stored import StoredFlow
from flowsync.remotes.operations import ON_FLOWS, Operation

_WRITES = frozenset(ON_FLOWS) - {Operation.LIST, Operation.GET, Operation.SEND}


class ApiForm(Protocol):
    """How an API answers: the same facts in the form of the gateway or of the Graph API."""

    def listing(self, call: Call, flows: Iterable[StoredFlow]) -> Response:
        """Answer a list."""
        ...

    def details(self, call: Call, flow: StoredFlow) -> Response:
        """Answer a get."""
        ...

    def refusal(self, call: Call, error: PlatformError) -> Response:
        """Answer that the platform refuses the call."""
        ...

    def pretence(self, call: Call) -> Response:
        """Answer as if the call had been carried out."""
        ...

    def created_id(self, response: Response) -> str:
        """Give the id in the answer to a create, empty where there is none."""
        ...


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
        flow_id = call.flow_id or call.form.created_id(response)
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
    """One call: `flow_id` is the flow that it concerns, empty for list and create.

    `name` is the name that it asks for, if any.
    """

    operation: Operation
    request: Request
    account: str
    flow_id: str
    name: str | None
    platform: Platform
    latest_write: LatestWrite
    form: ApiForm
