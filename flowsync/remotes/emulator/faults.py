"""Faults on demand: what the emulator does wrong, for which operation, and how often.

A fault is written `OPERATION:KIND[=VALUE][*COUNT]`, for example `create:drop-after*1` (the first
create takes effect, then the connection breaks) or `any:slow=200` (every answer 200 ms later).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from flowsync.errors import UsageFailure

OPERATIONS = (
    "list",
    "get",
    "create",
    "update",
    "upload",
    "publish",
    "deprecate",
    "delete",
    "send",
)

KINDS = {
    "slow": "answers VALUE milliseconds later",
    "drop": "breaks the connection; nothing is done",
    "drop-after": "does what is asked, then breaks the connection",
    "server-error": "HTTP 500; nothing is done",
    "server-error-after": "does what is asked, then HTTP 500 (G-05, G-22)",
    "unavailable": "HTTP 503 with Retry-After VALUE (default 1) seconds; nothing is done",
    "rate-limit": "HTTP 429 with Retry-After VALUE (default 1) seconds; nothing is done",
    "html": "HTTP 200 with an HTML page (G-19); nothing is done",
    "redirect": "HTTP 302 to another page; nothing is done",
    "ignored": "answers success; nothing is done (G-10)",
    "account-limit": "Meta's code 80008, the account calls too often; nothing is done",
    "app-limit": "Meta's code 4, the app calls too often; nothing is done",
    "busy": "Meta's code 2, HTTP 503; nothing is done",
    "untitled": "Meta's code 1 without a title (G-13); nothing is done",
    "bad-meta-token": "Meta's code 190: it refuses the gateway's token (G-21)",
    "no-meta-token": "HTTP 401, the gateway has no Meta token (E2, E3)",
    "unauthenticated": "HTTP 401, the gateway refuses the credential (E7)",
    "forbidden": "HTTP 403, the gateway refuses the operation (E7)",
    "stored-but-failed": "upload: the file is stored, then Meta's 139001/4016012",
    "no-validations": "upload: the file is stored, then HTTP 500 (G-05)",
    "asset-unavailable": "get: assets are named, json_contents is null (G-07)",
    "no-json-version": "get: HTTP 500 as for a flow without json_version (G-06)",
    "no-data": "list: success without data",
}

_SPEC = re.compile(r"(?P<op>[a-z]+):(?P<kind>[a-z-]+)(=(?P<value>\d+))?(\*(?P<count>\d+))?")


@dataclass(slots=True)
class Fault:
    """One fault; `remaining` counts down with each use, None means for ever."""

    operation: str
    kind: str
    value: int | None = None
    remaining: int | None = None


def parse_fault(spec: str) -> Fault:
    """Read a fault as it is written on the command line. Raises `UsageFailure`."""
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise UsageFailure(
            f'the fault "{spec}" is not of the form OPERATION:KIND[=VALUE][*COUNT], '
            "for example create:drop-after*1."
        )
    operation, kind = match["op"], match["kind"]
    if operation not in (*OPERATIONS, "any"):
        raise UsageFailure(
            f'the fault "{spec}" names an unknown operation "{operation}". '
            f"Use one of {', '.join(OPERATIONS)}, any."
        )
    if kind not in KINDS:
        raise UsageFailure(
            f'the fault "{spec}" names an unknown kind "{kind}". Use one of {", ".join(KINDS)}.'
        )
    return Fault(
        operation,
        kind,
        int(match["value"]) if match["value"] else None,
        int(match["count"]) if match["count"] else None,
    )


class FaultPlan:
    """The faults in force; may be asked by several threads at once."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults = list(faults)
        self._lock = threading.Lock()

    def add(self, spec: str) -> None:
        """Put one more fault in force."""
        with self._lock:
            self._faults.append(parse_fault(spec))

    def clear(self) -> None:
        """Take all faults out of force."""
        with self._lock:
            self._faults.clear()

    def take(self, operation: str) -> dict[str, int | None]:
        """Give the kinds of fault that concern this call, with their values, and count them."""
        found: dict[str, int | None] = {}
        with self._lock:
            for fault in self._faults:
                if fault.operation in {operation, "any"} and fault.remaining != 0:
                    found[fault.kind] = fault.value
                    if fault.remaining is not None:
                        fault.remaining -= 1
        return found
