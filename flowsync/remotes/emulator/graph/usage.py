"""Rate limits of the Graph API: calls of the rolling hour, told in headers, refused beyond.

Source: https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

from __future__ import annotations

import json
import math
import threading
from collections import deque
from collections.abc import Callable, Mapping

from flowsync.remotes.emulator.refusals import PlatformError

HOUR_S = 3600.0
_TOLD_FROM_PERCENT = 1  # the headers are missing until enough calls were made


class Usage:
    """Counts the calls of each account; `per_hour` None means without a limit.

    `clock` is in seconds.
    """

    def __init__(self, per_hour: int | None, clock: Callable[[], float]) -> None:
        self._per_hour, self._clock = per_hour, clock
        self._lock = threading.Lock()
        self._calls: dict[str, deque[float]] = {}

    def count(self, account: str) -> PlatformError | None:
        """Count a call, and refuse it where the account has used up its hour."""
        if self._per_hour is None:
            return None
        with self._lock:
            calls = self._recent(account)
            if len(calls) >= self._per_hour:
                return PlatformError(
                    "(#80008) There have been too many calls to this WhatsApp Business account.",
                    code=80008,
                )
            calls.append(self._clock())
        return None

    def headers(self, account: str) -> Mapping[str, str]:
        """Give the headers that tell how much of the hour is used up."""
        if self._per_hour is None:
            return {}
        with self._lock:
            calls = self._recent(account)
            percent = 100 * len(calls) // self._per_hour
            waits = 0.0
            if len(calls) >= self._per_hour:
                waits = calls[len(calls) - self._per_hour] + HOUR_S - self._clock()
        if percent < _TOLD_FROM_PERCENT:
            return {}
        used = {"call_count": percent, "total_cputime": 0, "total_time": 0}
        regain = {"estimated_time_to_regain_access": math.ceil(waits / 60)}
        of_account = {"type": "whatsapp_business_management", **used, **regain}
        return {
            "X-App-Usage": json.dumps(used),
            "X-Business-Use-Case-Usage": json.dumps({account: [of_account]}),
        }

    def _recent(self, account: str) -> deque[float]:
        calls = self._calls.setdefault(account, deque())
        while calls and calls[0] <= self._clock() - HOUR_S:
            calls.popleft()
        return calls
