"""What the work on an account is made of and gives back, and what becomes of a fleet.

All of these are small and can be sent to another process; none holds a credential or Flow JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from flowsync.errors import ExitCode

MOST_FAILURES = 20  # of the flows of one account that are told of
MOST_KEPT = 100  # failed accounts that a summary repeats


class Ending(Enum):
    """How the work on an account ended. `not started` where the run stopped before its turn."""

    UNCHANGED = "unchanged"
    PENDING = "pending"
    APPLIED = "applied"
    FILES_WRONG = "files wrong"
    CONFLICT = "conflict"
    INCOMPLETE = "incomplete"
    UNREADABLE = "not readable"
    REFUSED = "refused"
    FAILED = "failed"
    STOPPED = "stopped"
    NOT_STARTED = "not started"

    @property
    def is_fine(self) -> bool:
        """Tell whether nothing is wrong with the account."""
        return self in {Ending.UNCHANGED, Ending.PENDING, Ending.APPLIED}


_ENDINGS = {
    ExitCode.FILES_INVALID: Ending.CONFLICT,
    ExitCode.INCOMPLETE: Ending.INCOMPLETE,
    ExitCode.REMOTE_UNREADABLE: Ending.UNREADABLE,
    ExitCode.REFUSED_FOR_SAFETY: Ending.REFUSED,
    ExitCode.INTERRUPTED: Ending.STOPPED,
    ExitCode.TERMINATED: Ending.STOPPED,
    ExitCode.HUNG_UP: Ending.STOPPED,
}


def ending_of(exit_code: int) -> Ending:
    """Give how work ended that a single-account command would end with this exit code."""
    return _ENDINGS.get(ExitCode(exit_code), Ending.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountJob:
    """The work on one account: which command, and its options, as plain values.

    `config` is the path of flowsync.yaml, `name` the account's within `target`. `run` is the same
    for all jobs of a run, so that what they share is read once. `files` is the digest of the files
    that a worker elsewhere must have, empty where it is this process.
    """

    command: str
    run: str = ""
    config: str = ""
    target: str = ""
    name: str = ""
    account: str = ""
    keys: tuple[str, ...] = ()
    changed_since: str | None = None
    states: tuple[str, ...] = ()
    base: str | None = None
    prefer: str | None = None
    only_drift: bool = False
    allow_empty_remote: bool = False
    stop_before: str | None = None
    no_rehearse: bool = False
    no_preflight: bool = False
    allow: frozenset[str] = frozenset()
    accepted_gates: Mapping[str, float] = field(default_factory=dict)
    rolls_back: bool = False
    lock_timeout: float = 0
    files: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFailure:
    """What went wrong with one flow of an account, as a sentence."""

    flow: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountResult:
    """What became of one account.

    `counts` says how many flows each action is planned for, or ended in each way. `message` is a
    sentence where something is to be said, `failures` say it of single flows. `digest` is the
    plan's, `journal` the name of the apply's record. `traceback` is that of a bug. `seconds` is how
    long the work took.
    """

    name: str
    account: str
    ending: Ending
    exit_code: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    message: str = ""
    failures: tuple[FlowFailure, ...] = ()
    digest: str = ""
    journal: str = ""
    traceback: str = field(default="", repr=False)
    seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class FleetSummary:
    """What became of all accounts so far; it keeps numbers, and the failed accounts up to a number.

    `why_stopped` is a sentence where accounts were not started. `stopped_by` is the exit code of
    the signal that ended the run, None where none did.
    """

    total: int
    counts: dict[Ending, int] = field(default_factory=lambda: dict.fromkeys(Ending, 0))
    flows: dict[str, int] = field(default_factory=dict)
    failed: list[AccountResult] = field(default_factory=list)
    why_stopped: str = ""
    stopped_by: ExitCode | None = None
    _codes: set[int] = field(default_factory=set)

    def add(self, result: AccountResult) -> None:
        """Count a result."""
        self.counts[result.ending] += 1
        for name, number in result.counts.items():
            self.flows[name] = self.flows.get(name, 0) + number
        if result.ending.is_fine:
            return
        if result.ending is not Ending.NOT_STARTED:
            self._codes.add(result.exit_code)
            if len(self.failed) < MOST_KEPT:
                self.failed.append(result)

    @property
    def failures(self) -> int:
        """Give how many accounts failed; those not started are not among them."""
        return sum(
            number
            for ending, number in self.counts.items()
            if not ending.is_fine and ending is not Ending.NOT_STARTED
        )

    @property
    def is_fine(self) -> bool:
        """Tell whether every account was worked on and nothing went wrong."""
        return all(ending.is_fine or not number for ending, number in self.counts.items())

    def exit_code(self, *, detailed: bool) -> ExitCode:
        """Give the exit code of the run.

        Where every account failed in the same way, it is that of the failure; where some did, 4.
        """
        if self.stopped_by is not None:
            return self.stopped_by
        if self.is_fine:
            has_changes = detailed and self.counts[Ending.PENDING] > 0
            return ExitCode.CHANGES_PENDING if has_changes else ExitCode.DONE
        if self.failures == self.total and len(self._codes) == 1:
            return ExitCode(next(iter(self._codes)))
        return ExitCode.INCOMPLETE
