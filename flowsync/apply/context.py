"""What the flows of one run share, and how a flow ends early."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flowsync.apply.backups import Backups
from flowsync.apply.journal import Record
from flowsync.apply.listings import Listings
from flowsync.apply.outcome import Result, StepOutcome, StepResult
from flowsync.errors import FROZEN, RemoteError
from flowsync.model import StepKind
from flowsync.remotes.interface import Remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Something happened to a flow, for display: `step` is None when the flow has ended.

    `ended` is how the step ended, None when it begins; `result` how the flow did.
    """

    label: str
    step: StepKind | None
    text: str
    ended: StepOutcome | None = None
    result: Result | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What all flows of a run share; `wait` sleeps and raises `Interrupted` when asked to stop.

    `settle` sleeps whatever is asked, for the moment that a step in flight needs to be proved;
    `clock` gives seconds.
    `backups` keeps what is about to be written over, None where nothing can be lost. With
    `rolls_back` the earlier Flow JSON of a flow that could not be published is uploaded again.
    """

    remote: Remote
    listings: Listings
    journal: Record
    stop: threading.Event
    wait: Callable[[float], None]
    settle: Callable[[float], None]
    clock: Callable[[], float]
    tell: Callable[[Progress], None]
    backups: Backups | None = None
    rolls_back: bool = False
    write_numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))


class Stopped(Exception):
    """Ends a flow early with a result and a sentence; `step` is how the step at hand ended."""

    def __init__(self, result: Result, message: str, *, step: StepResult) -> None:
        super().__init__(message)
        self.result, self.message, self.step = result, message, step


class Refused(Exception):
    """The remote refuses a write for good; `is_frozen` when the flow refuses edits for ever."""

    def __init__(self, error: RemoteError) -> None:
        super().__init__(str(error))
        self.is_frozen = (error.code, error.subcode) == FROZEN


def moved(what: str) -> Stopped:
    """Give the end of a flow that is no longer what the plan saw."""
    return Stopped(
        Result.CHANGED_SINCE_PLAN,
        f"the flow was changed since the plan: {what}. Nothing was written to it since; run "
        "`flowsync plan` again.",
        step=StepResult.NOT_STARTED,
    )
