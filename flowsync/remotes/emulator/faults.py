"""Faults on demand: what the emulator does wrong, for which operation and call, and how often.

A fault is written `OPERATION[@N]:KIND[=VALUE][*COUNT]`, for example `create:drop-after*1` (the
first create takes effect, then the connection breaks), `any:slow=200` (every answer 200 ms later)
or `get@3:html*2` (the third and the fourth get).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from flowsync.errors import UsageFailure
from flowsync.remotes.emulator.fault_kinds import KINDS, OPERATIONS

_SPEC = re.compile(
    r"(?P<op>[a-z]+)(@(?P<call>[0-9]{1,9}))?:(?P<kind>[a-z-]+)"
    r"(=(?P<value>[0-9]{1,9}))?(\*(?P<count>[0-9]{1,9}))?"
)


class FaultSource(Protocol):
    """Whatever says which faults a call meets; may be asked by several threads at once."""

    def take(self, operation: str) -> dict[str, int | None]:
        """Give the kinds of fault that this call meets, with their values, and count the call."""
        ...


@dataclass(slots=True)
class Fault:
    """One fault; `remaining` counts down with each use, None means for ever.

    `skip` counts down with each call that is let through before the first use.
    """

    operation: str
    kind: str
    value: int | None = None
    remaining: int | None = None
    skip: int = 0


def parse_fault(spec: str) -> Fault:
    """Read a fault as it is written. Raises `UsageFailure`."""
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise UsageFailure(
            f'the fault "{spec}" is not of the form OPERATION[@N]:KIND[=VALUE][*COUNT], '
            "for example create:drop-after*1."
        )
    operation, kind, call = match["op"], match["kind"], match["call"]
    if operation not in (*OPERATIONS, "any"):
        raise UsageFailure(
            f'the fault "{spec}" names an unknown operation "{operation}". '
            f"Use one of {', '.join(OPERATIONS)}, any."
        )
    if kind not in KINDS:
        raise UsageFailure(
            f'the fault "{spec}" names an unknown kind "{kind}". Use one of {", ".join(KINDS)}.'
        )
    if call is not None and int(call) == 0:
        raise UsageFailure(f'the fault "{spec}" names call 0. Calls are counted from 1.')
    if match["value"] and "VALUE" not in KINDS[kind].meaning:
        raise UsageFailure(
            f'the fault "{spec}" has a VALUE, and {kind} takes none. How often it happens is '
            f"written as {operation}:{kind}*{match['value']}."
        )
    once = None if call is None else 1
    return Fault(
        operation,
        kind,
        int(match["value"]) if match["value"] else None,
        int(match["count"]) if match["count"] else once,
        0 if call is None else int(call) - 1,
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
                if fault.operation not in {operation, "any"} or fault.remaining == 0:
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                found[fault.kind] = fault.value
                if fault.remaining is not None:
                    fault.remaining -= 1
        return found


class FaultsTogether:
    """Faults of several sources at once, for example some by plan and others by chance."""

    def __init__(self, *sources: FaultSource) -> None:
        self._sources = sources

    def take(self, operation: str) -> dict[str, int | None]:
        """Give the faults of all sources; of the same kind, that of the first source."""
        found: dict[str, int | None] = {}
        for source in self._sources:
            found = {**source.take(operation), **found}
        return found
