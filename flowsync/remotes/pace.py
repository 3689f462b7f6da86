"""How fast an account may be called: a pause after throttling, and a limit on requests per hour.

One `Pace` is shared by all requests to an account, so that throttling stops them all.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

HOUR_S = 3600.0


class Pace:
    """Makes callers wait for their turn; may be used from several threads.

    `requests_per_hour` counts the requests of this process in a rolling hour, None means no limit.
    `on_wait` is told the seconds of each wait, so that a person can be shown why nothing happens.
    """

    def __init__(
        self,
        requests_per_hour: int | None = None,
        *,
        on_wait: Callable[[float], None] = lambda seconds: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limit = requests_per_hour
        self._on_wait, self._clock, self._sleep = on_wait, clock, sleep
        self._lock = threading.Lock()
        self._paused_until = 0.0
        self._sent: deque[float] = deque()

    def pause(self, seconds: float) -> None:
        """Let no request out for a time, counted from now."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def wait_for_turn(self) -> None:
        """Return when the next request may go out."""
        while True:
            with self._lock:
                seconds = self._seconds_to_wait()
                if seconds <= 0:
                    self._sent.append(self._clock())
                    return
            self._on_wait(seconds)
            self._sleep(seconds)

    def _seconds_to_wait(self) -> float:
        now = self._clock()
        while self._sent and self._sent[0] <= now - HOUR_S:
            self._sent.popleft()
        full_until = 0.0
        if self._limit is not None and len(self._sent) >= self._limit:
            full_until = self._sent[len(self._sent) - self._limit] + HOUR_S
        return max(self._paused_until, full_until) - now
