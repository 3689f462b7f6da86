"""Listings shared between flows that are applied at the same time.

A listing proves something only if it was begun after the write in question; one that was begun
later serves everybody who waits. Where those in flight were begun too early for a flow, another is
begun beside them, once a part of the time has passed that a listing takes: so few are made, and
none is waited for long. None is begun beside another while the account may not be called.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from flowsync.model import Listing
from flowsync.remotes.interface import Remote

MOST_IN_FLIGHT = 4


@dataclass(slots=True, eq=False)
class _Flight:
    """A listing on its way: the how many-th it is, and when it was begun in seconds.

    Before it is begun, both are 0.
    """

    number: int = 0
    begun: float = 0.0
    answer: Future[Listing] = field(default_factory=Future)


class Listings:
    """Gives listings that are fresh enough; may be asked by several threads.

    At most `MOST_IN_FLIGHT` are fetched at a time. `clock` gives seconds.
    """

    def __init__(self, remote: Remote, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._remote, self._clock = remote, clock
        self._changed = threading.Condition()
        self._begun = 0
        self._next = _Flight()
        self._in_flight: list[_Flight] = []
        self._latest: _Flight | None = None
        self._usual_s: float | None = None

    def now(self) -> int:
        """Give the moment for `since`: listings begun so far do not count."""
        with self._changed:
            return self._begun

    def since(self, moment: int) -> Listing:
        """Give a listing begun after a moment, fetching one if there is none.

        One that failed is an answer only for those who waited for it. Raises `FlowsyncError`.
        """
        with self._changed:
            flight = self._begun_after(moment) or self._next
            while flight is self._next and (pause := self._pause()) != 0:
                self._changed.wait(pause)
            is_begun_here = flight is self._next
            if is_begun_here:
                self._begin_next()
        if is_begun_here:
            self._fetch(flight)
        return flight.answer.result()

    def _begun_after(self, moment: int) -> _Flight | None:
        """Give the first listing that will do, of those that are there or on their way."""
        latest = [] if self._latest is None else [self._latest]
        for flight in (*latest, *self._in_flight):
            if flight.number > moment:
                return flight
        return None

    def _pause(self) -> float | None:
        """Give the seconds until the next listing may be begun; None until one in flight ends."""
        if not self._in_flight:
            return 0.0
        is_full = len(self._in_flight) >= MOST_IN_FLIGHT
        if is_full or self._usual_s is None or self._remote.seconds_to_wait() > 0:
            return None
        then = self._in_flight[-1].begun + self._usual_s / MOST_IN_FLIGHT
        return max(0.0, then - self._clock())

    def _begin_next(self) -> None:
        flight, self._next = self._next, _Flight()
        self._begun += 1
        flight.number, flight.begun = self._begun, self._clock()
        self._in_flight.append(flight)

    def _fetch(self, flight: _Flight) -> None:
        """Fetch a listing for all who wait for it, or give them what went wrong."""
        try:
            listing = self._remote.list_flows()
        except BaseException as exc:  # whatever it is, nobody may wait for ever
            self._end(flight)
            flight.answer.set_exception(exc)
            return
        flight.answer.set_result(listing)
        self._end(flight, is_good=True)

    def _end(self, flight: _Flight, *, is_good: bool = False) -> None:
        with self._changed:
            self._in_flight.remove(flight)
            if is_good:
                self._usual_s = self._clock() - flight.begun
                if self._latest is None or self._latest.number < flight.number:
                    self._latest = flight
            self._changed.notify_all()
