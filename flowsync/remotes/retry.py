"""Reading again when a read failed for a passing reason.

Only reads are repeated here. A write is repeated by apply alone, after a read has shown that it
did not happen.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flowsync.errors import RemoteThrottled, RemoteUnavailable
from flowsync.remotes.pace import Pace

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how patiently a read is repeated; times are in seconds.

    The delay before attempt n+1 is drawn between half and the whole of `first_delay` · 2ⁿ⁻¹, at
    most `longest_delay`. When the remote throttles without naming a time, `throttle_delay` doubles
    with each attempt; a named time beyond `longest_pause` is not waited for.
    """

    attempts: int = 4
    first_delay: float = 0.5
    longest_delay: float = 10.0
    throttle_delay: float = 60.0
    longest_pause: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrier:
    """Repeats reads by a policy; `sleep` and `jitter` (0 to 1) can be replaced in tests."""

    policy: RetryPolicy
    pace: Pace
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def read(self, attempt: Callable[[], T], *, attempts: int | None = None) -> T:
        """Give what `attempt` gives, repeating it while it fails for a passing reason."""
        limit = attempts or self.policy.attempts
        for number in range(1, limit + 1):
            try:
                return attempt()
            except RemoteThrottled as exc:  # noqa: PERF203 - a retry loop is about exceptions
                if number == limit or not self.pause_for(exc, number):
                    raise
            except RemoteUnavailable as exc:
                if number == limit:
                    raise
                if exc.retry_after is not None:
                    if exc.retry_after > self.policy.longest_pause:
                        raise
                    self.pace.pause(exc.retry_after)
                else:
                    self.sleep(self.delay(number))
        raise AssertionError("the last attempt returns or raises")

    def delay(self, number: int) -> float:
        """Give the seconds to wait after attempt `number`, counted from 1."""
        full: float = min(self.policy.first_delay * 2.0 ** (number - 1), self.policy.longest_delay)
        return full * (0.5 + self.jitter() / 2)

    def pause_for(self, throttled: RemoteThrottled, number: int) -> bool:
        """Pause the whole account as the remote asks; False if that would take too long."""
        seconds = throttled.retry_after
        if seconds is None:
            seconds = self.policy.throttle_delay * 2 ** (number - 1)
        if seconds > self.policy.longest_pause:
            return False
        self.pace.pause(seconds)
        return True
