"""What runs on a dask worker: a bounded number of jobs at a time, and the word to stop them.

State is that of the worker's process, which may serve several runs after and beside each other.
"""

from __future__ import annotations

import threading
from collections import deque

from flowsync.fleet.executor import STOPPED, Work, not_started
from flowsync.fleet.values import AccountJob, AccountResult

_MOST_KNOWN = 10_000  # of the last jobs begun; a run waits for far fewer at a time

_changing = threading.Lock()
_slots: dict[int, threading.BoundedSemaphore] = {}
_stops: dict[tuple[str, str], threading.Event] = {}  # of jobs at work, by run and name
_begun: deque[tuple[str, str]] = deque(maxlen=_MOST_KNOWN)
_stopped: set[str] = set()


def do_in_slot(work: Work, at_once: int, job: AccountJob) -> AccountResult:
    """Do a job, with no more than `at_once` others in this process, unless its run was stopped."""
    with _changing:
        slot = _slots.setdefault(at_once, threading.BoundedSemaphore(at_once))
    with slot:
        stop, key = threading.Event(), (job.run, job.name)
        with _changing:
            if job.run in _stopped:
                return not_started(job, STOPPED)
            _stops[key] = stop
            _begun.append(key)
        try:
            return work(job, stop)
        finally:
            with _changing:
                del _stops[key]


def stop_run(run: str) -> list[str]:
    """Begin no other job of a run, and end those at work after the step in flight.

    Gives the names of the jobs that were begun here, also of those that have ended.
    """
    with _changing:
        _stopped.add(run)
        for (of, _), stop in _stops.items():
            if of == run:
                stop.set()
        return [name for of, name in _begun if of == run]
