"""Reading again when a read failed for a passing reason, and pausing the account when throttled.

What is done about an error stands in `flowsync.retry_policy`. Only reads are repeated here. A
write is repeated by apply alone, after a read has shown that it did not happen.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from flowsync.errors import Mishap, RemoteError, RemoteThrottled
from flowsync.remotes.pace import Pace
from flowsync.retry_policy import (
    POLICY,
    RequestKind,
    Retry,
    Rule,
    Trouble,
    cause_of,
    is_within_bounds,
    trouble_of,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrier:
    """Sends requests by a policy; may be used from several threads.

    `on_retry` is told every repetition and every pause of the account, from the thread that sends
    the request. `clock`, `sleep` and `jitter` (0 to 1) can be replaced in tests.
    """

    pace: Pace
    policy: Mapping[Trouble, Rule] = field(default_factory=lambda: POLICY)
    on_retry: Callable[[Retry], None] = lambda retry: None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def read(
        self, attempt: Callable[[], T], *, request: str = "read", attempts: int | None = None
    ) -> T:
        """Give what `attempt` gives, repeating it while it fails for a passing reason.

        `request` names it for people; `attempts` takes the place of a larger number in the policy.
        """
        first_failure: float | None = None
        for number in itertools.count(1):
            try:
                return self._tried(attempt)
            except RemoteError as exc:
                now = self.clock()
                first_failure = now if first_failure is None else first_failure
                retry = self._decision(
                    exc, RequestKind.READ, request, number, now - first_failure, attempts
                )
                if not retry.is_repeated:
                    raise
            if not retry.pauses_account:
                self.sleep(retry.seconds)
        raise AssertionError("counting does not end")

    def write(self, attempt: Callable[[], T], *, request: str) -> T:
        """Give what `attempt` gives, once; throttling pauses the account all the same."""
        try:
            return self._tried(attempt)
        except RemoteError as exc:
            self._decision(exc, RequestKind.WRITE, request, 1, 0.0, 1)
            raise

    def _tried(self, attempt: Callable[[], T]) -> T:
        try:
            value = attempt()
        except RemoteError as exc:
            if exc.status is not None and not self._pauses(exc):
                self.pace.note_answer()
            raise
        self.pace.note_answer()
        return value

    def _pauses(self, error: RemoteError) -> bool:
        """Tell whether an answer stops the whole account, by its class or by naming a time."""
        rule = self.policy[trouble_of(error)]
        is_passing = rule.read_attempts > 1 or rule.write_attempts > 1
        return rule.pauses_account or (error.retry_after is not None and is_passing)

    def _decision(
        self,
        error: RemoteError,
        kind: RequestKind,
        request: str,
        attempt: int,
        elapsed: float,
        attempts: int | None,
    ) -> Retry:
        """Decide about a failed attempt, pause the account where it asks for that, and tell."""
        trouble = trouble_of(error)
        rule = self.policy[trouble]
        most = min(rule.attempts(kind), attempts or rule.attempts(kind))
        pauses = self._pauses(error)
        was_stopped = isinstance(error, RemoteThrottled) and error.mishap is Mishap.NEVER_SENT
        if pauses and not was_stopped:
            seconds = self._pause(error, rule, attempt)
        else:
            seconds = rule.delay(attempt, self.jitter())
        retry = Retry(
            request=request,
            attempt=attempt,
            attempts=most,
            trouble=trouble,
            cause=cause_of(error),
            message=str(error),
            seconds=seconds,
            pauses_account=pauses,
            is_repeated=attempt < most
            and not was_stopped
            and is_within_bounds(rule, kind, attempt, elapsed=elapsed, seconds=seconds),
        )
        if not was_stopped and (retry.is_repeated or pauses):
            self.on_retry(retry)
        return retry

    def _pause(self, error: RemoteError, rule: Rule, attempt: int) -> float:
        """Pause the account as the remote asks, or longer each time where it names no time."""

        def seconds_after(in_a_row: int) -> float:
            if error.retry_after is not None:
                return error.retry_after
            return rule.delay(max(in_a_row, attempt), self.jitter())

        return self.pace.throttle(seconds_after)
