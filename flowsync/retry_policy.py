"""What is done about a request that failed: one table from the class of error to a rule.

Reads are repeated by `remotes.retry`. A write is repeated by apply alone, after a read has shown
that it did not happen. docs/retries.md is made from the table here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from flowsync.errors import (
    Mishap,
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
)

LONGEST_PAUSE_S = 300.0  # a longer one is not waited for: the command ends and says so
GET_ATTEMPTS = 3  # of one flow, fewer than of a listing: HTTP 500 may be all there is (G-06)
STORED_BUT_FAILED = (139001, 4016012)
ENDPOINT_SILENT = (139002, 4233014)


class Trouble(Enum):
    """The class of an error, which alone decides whether the request is repeated."""

    NEVER_SENT = "no connection"
    NO_ANSWER = "no answer"
    UNREADABLE = "an answer that cannot be used"
    SERVER_ERROR = "a server error"
    PASSING = "a passing error of the platform"
    STORED_BUT_FAILED = "stored, but processing failed"
    ENDPOINT_SILENT = "the flow's endpoint is silent"
    WITHOUT_EFFECT = "success without effect"
    THROTTLED = "throttled"
    DENIED = "denied"
    REFUSED = "refused"
    GATEWAY_LIMIT = "a limit of the gateway"


class RequestKind(Enum):
    """Whether a request only reads; a write may have taken effect although it failed."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is done about one class of error; times are in seconds.

    `sign` says how the class is recognised. `read_attempts` and `write_attempts` count the first
    one. The delay after attempt n is `first_delay` · `growth`ⁿ⁻¹, at most `longest_delay`, of which
    up to the share `jitter` is taken off at random. With `pauses_account` the delay holds for all
    requests to the account. `longest_total` bounds the time from the first failure of a request to
    the beginning of its last attempt.
    """

    sign: str
    read_attempts: int
    write_attempts: int
    first_delay: float = 0.5
    growth: float = 2.0
    longest_delay: float = 10.0
    jitter: float = 0.5
    pauses_account: bool = False
    longest_total: float = 300.0

    def attempts(self, kind: RequestKind) -> int:
        """Give how often such a request is sent at most."""
        match kind:
            case RequestKind.READ:
                return self.read_attempts
            case RequestKind.WRITE:
                return self.write_attempts
            case _:
                assert_never(kind)

    def delay(self, attempt: int, draw: float) -> float:
        """Give the seconds after an attempt, counted from 1; `draw` from 0 to 1 is the chance."""
        full: float = min(self.first_delay * self.growth ** (attempt - 1), self.longest_delay)
        return full * (1 - self.jitter * (1 - draw))


POLICY: Mapping[Trouble, Rule] = {
    Trouble.NEVER_SENT: Rule(
        sign="no connection, an unknown host or a failed TLS handshake: nothing was sent",
        read_attempts=4,
        write_attempts=3,
    ),
    Trouble.NO_ANSWER: Rule(
        sign="a time-out, or a connection that broke before the whole answer came",
        read_attempts=4,
        write_attempts=3,
    ),
    Trouble.UNREADABLE: Rule(
        sign="HTML, broken JSON, a redirect, an answer too large, or one that lacks what it is for",
        read_attempts=4,
        write_attempts=3,
    ),
    Trouble.SERVER_ERROR: Rule(
        sign="HTTP 5xx without an error of Meta",
        read_attempts=4,
        write_attempts=3,
    ),
    Trouble.PASSING: Rule(
        sign="Meta's codes 1, 2, 131000, 131016, or another with `is_transient`",
        read_attempts=4,
        write_attempts=3,
    ),
    Trouble.STORED_BUT_FAILED: Rule(
        sign="Meta's 139001/4016012: the file is stored, and asked for again",
        read_attempts=1,
        write_attempts=3,
        first_delay=2.0,
    ),
    Trouble.ENDPOINT_SILENT: Rule(
        sign="Meta's 139002/4233014: the endpoint did not pass its health check",
        read_attempts=1,
        write_attempts=2,
        first_delay=5.0,
    ),
    Trouble.WITHOUT_EFFECT: Rule(
        sign="a success of which a read shows that it did nothing",
        read_attempts=1,
        write_attempts=3,
        first_delay=1.0,
    ),
    Trouble.THROTTLED: Rule(
        sign="HTTP 429, HTTP 503 with Retry-After, Meta's codes 4, 17, 32, 613, 80007, 80008, "
        "130429",
        read_attempts=4,
        write_attempts=3,
        first_delay=60.0,
        longest_delay=600.0,  # beyond the longest pause, so that growing comes to an end
        jitter=0.0,  # one pause for all requests: there is no crowd to scatter
        pauses_account=True,
        longest_total=900.0,
    ),
    Trouble.DENIED: Rule(
        sign="HTTP 401 or 403, Meta's codes 0, 3, 10, 102, 190, 200 to 299",
        read_attempts=1,
        write_attempts=1,
    ),
    Trouble.REFUSED: Rule(
        sign="any other error: the same request would be refused again",
        read_attempts=1,
        write_attempts=1,
    ),
    Trouble.GATEWAY_LIMIT: Rule(
        sign="what the gateway cannot do or does not take, sent or not",
        read_attempts=1,
        write_attempts=1,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A request failed and is repeated, or the account is paused for it, or both.

    `request` names it, as `get of flow 117`; `attempt` is the one that failed, of `attempts` at
    most. `cause` is a short phrase and `message` the whole sentence, both for display. `seconds`
    is how long is waited; with `pauses_account` no request of the account goes out before. Where
    not `is_repeated`, the failure went on to the caller: apply may still repeat a write.
    """

    request: str
    attempt: int
    attempts: int
    trouble: Trouble
    cause: str
    message: str
    seconds: float
    pauses_account: bool
    is_repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """A request may be repeated after `seconds`; 0 where the client pauses the account itself."""

    trouble: Trouble
    seconds: float


def trouble_of(error: RemoteError) -> Trouble:
    """Give the class of an error, by its type, codes, mishap and status, in this order."""
    if isinstance(error, RemoteThrottled):
        return Trouble.THROTTLED
    if isinstance(error, RemoteDenied):
        return Trouble.DENIED
    if isinstance(error, RemoteRejected):
        return Trouble.GATEWAY_LIMIT if error.mishap is Mishap.GATEWAY_LIMIT else Trouble.REFUSED
    if (error.code, error.subcode) == STORED_BUT_FAILED:
        return Trouble.STORED_BUT_FAILED
    if (error.code, error.subcode) == ENDPOINT_SILENT:
        return Trouble.ENDPOINT_SILENT
    if error.code is not None:
        return Trouble.PASSING
    if error.mishap is not None:
        return _OF_MISHAP[error.mishap]
    if error.status is None:
        return Trouble.NO_ANSWER
    return Trouble.SERVER_ERROR if error.status >= 500 else Trouble.PASSING


_OF_MISHAP = {
    Mishap.NEVER_SENT: Trouble.NEVER_SENT,
    Mishap.NO_ANSWER: Trouble.NO_ANSWER,
    Mishap.UNREADABLE: Trouble.UNREADABLE,
    Mishap.GATEWAY_LIMIT: Trouble.GATEWAY_LIMIT,
}


def cause_of(error: RemoteError) -> str:
    """Give in a few words why a request failed: a code of Meta, an HTTP status, or the class."""
    if error.code is not None:
        named = f"code {error.code}"
        return named if error.subcode is None else f"{named}/{error.subcode}"
    if error.status is not None and error.mishap is None:
        return f"HTTP {error.status}"
    return trouble_of(error).value


def write_rule(error: RemoteError | None) -> Rule:
    """Give the rule for a write that failed; None stands for a success without effect."""
    return POLICY[Trouble.WITHOUT_EFFECT if error is None else trouble_of(error)]


def write_repetition(
    error: RemoteError | None,
    attempt: int,
    *,
    elapsed: float = 0.0,
    draw: Callable[[], float] = random.random,
) -> Repetition | None:
    """Tell whether a write of which a read shows that it did not happen is sent again, and when.

    `error` is None where the remote answered success; `attempt` is the one that failed, counted
    from 1; `elapsed` the seconds since the first failure. Gives None when it is not sent again.
    """
    trouble = Trouble.WITHOUT_EFFECT if error is None else trouble_of(error)
    rule = POLICY[trouble]
    named = None if error is None else error.retry_after
    seconds = rule.delay(attempt, draw()) if named is None else named
    if not is_within_bounds(rule, RequestKind.WRITE, attempt, elapsed=elapsed, seconds=seconds):
        return None
    is_paused = rule.pauses_account or named is not None
    return Repetition(trouble=trouble, seconds=0.0 if is_paused else seconds)


def is_within_bounds(
    rule: Rule, kind: RequestKind, attempt: int, *, elapsed: float, seconds: float
) -> bool:
    """Tell whether one more attempt after a delay keeps to all bounds of a rule."""
    return (
        attempt < rule.attempts(kind)
        and seconds <= LONGEST_PAUSE_S
        and elapsed + seconds <= rule.longest_total
    )
