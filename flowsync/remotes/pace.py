"""How fast an account may be called: a pause after throttling, and a limit on requests per hour.

One `Pace` is shared by all requests to an account, so that throttling stops them all.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from flowsync.errors import Mishap, RemoteThrottled
from flowsync.retry_policy import LONGEST_PAUSE_S

HOUR_S = 3600.0
SLOW_FROM_PERCENT = 80.0
_FIRST_GAP_S = 0.25  # between two requests from there on, doubled with every further step
_STEP_PERCENT = 4.0


class WaitReason(Enum):
    """Why no request goes out."""

    PAUSED = "the remote asks for fewer requests"
    HOUR_IS_FULL = "the account is called too often"
    NEARLY_USED_UP = "the account has nearly used up its calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """No request goes out for some seconds; `limit` is that on requests per hour, if any."""

    reason: WaitReason
    seconds: float
    limit: int | None


class Pace:
    """Makes callers wait for their turn; may be used from several threads.

    `requests_per_hour` counts the requests of this process in a rolling hour, None means no limit.
    `on_wait` is told each wait once, however many threads wait, so that a person can be shown why
    nothing happens; it must not take long.
    """

    def __init__(
        self,
        requests_per_hour: int | None = None,
        *,
        on_wait: Callable[[Wait], None] = lambda wait: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limit = requests_per_hour
        self._on_wait, self._clock, self._sleep = on_wait, clock, sleep
        self._lock = threading.Lock()
        self._paused_until = 0.0
        self._throttled_until = 0.0  # the part of the pause that has a longest time
        self._told_until = 0.0
        self._throttled_in_a_row = 0
        self._waiting = 0
        self._gap = 0.0
        self._sent: deque[float] = deque()

    def pause(self, seconds: float) -> None:
        """Let no request out for a time, counted from now."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def throttle(self, seconds_after: Callable[[int], float]) -> float:
        """Pause after a throttled answer and give the seconds.

        `seconds_after` gives them for how many times the account was throttled in a row; answers
        that come during one pause count as one. A pause beyond `LONGEST_PAUSE_S` is not waited
        for: until it is over, every request fails without being sent.
        """
        with self._lock:
            now = self._clock()
            if self._throttled_in_a_row == 0 or now >= self._paused_until:
                self._throttled_in_a_row += 1
            seconds = seconds_after(self._throttled_in_a_row)
            self._throttled_until = max(self._throttled_until, now + seconds)
            self._paused_until = max(self._paused_until, self._throttled_until)
            return seconds

    def note_usage(self, percent: float) -> None:
        """Note how much of its calls the account has used up; from 80 % on, requests go slower."""
        over = percent - SLOW_FROM_PERCENT
        gap = 0.0 if over < 0 else _FIRST_GAP_S * 2 ** (min(over, 20.0) / _STEP_PERCENT)
        with self._lock:
            self._gap = gap

    def note_answer(self) -> None:
        """Note that the account answers again, so that the next throttling begins anew."""
        with self._lock:
            self._throttled_in_a_row = 0

    def wait_for_turn(self) -> None:
        """Return when the next request may go out.

        Raises `RemoteThrottled` instead of waiting out a pause that is too long to wait for.
        """
        with self._lock:
            self._waiting += 1
        try:
            while (wait := self._take_turn()) is not None:
                seconds, news = wait
                if news is not None:
                    self._on_wait(news)
                self._sleep(seconds)
        finally:
            with self._lock:
                self._waiting -= 1

    def _take_turn(self) -> tuple[float, Wait | None] | None:
        """Count a request if it may go out; else give the seconds, and the wait if it is new."""
        with self._lock:
            now = self._clock()
            if self._throttled_until - now > LONGEST_PAUSE_S:
                raise _throttled_too_long(self._throttled_until - now)
            until, reason = self._turn(now)
            if until <= now:
                self._sent.append(now)
                return None
            seconds, is_new = until - now, until > self._told_until
            self._told_until = max(self._told_until, until)
            wait = Wait(reason=reason, seconds=seconds, limit=self._limit)
            return seconds, wait if is_new else None

    def seconds_to_wait(self) -> float:
        """Give how long a request that asks for its turn now would wait."""
        with self._lock:
            now = self._clock()
            return max(0.0, self._turn(now)[0] - now)

    def remaining(self) -> float:
        """Give the seconds until a request goes out, 0 where none waits for its turn."""
        with self._lock:
            now = self._clock()
            return max(0.0, self._turn(now)[0] - now) if self._waiting else 0.0

    def _turn(self, now: float) -> tuple[float, WaitReason]:
        """Give the moment of the next request, and what it waits for."""
        while self._sent and self._sent[0] <= now - HOUR_S:
            self._sent.popleft()
        full_until = 0.0
        if self._limit is not None and len(self._sent) >= self._limit:
            full_until = self._sent[len(self._sent) - self._limit] + HOUR_S
        gap_until = self._sent[-1] + self._gap if self._sent and self._gap else 0.0
        if gap_until > max(full_until, self._paused_until):
            return gap_until, WaitReason.NEARLY_USED_UP
        if full_until > self._paused_until:
            return full_until, WaitReason.HOUR_IS_FULL
        return self._paused_until, WaitReason.PAUSED


def _throttled_too_long(seconds: float) -> RemoteThrottled:
    return RemoteThrottled(
        f"the remote has throttled the account for another {seconds:.0f} seconds, longer than "
        f"flowsync waits ({LONGEST_PAUSE_S:.0f}), so nothing was sent. Run the command again then.",
        retry_after=seconds,
        mishap=Mishap.NEVER_SENT,
    )
