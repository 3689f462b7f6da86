"""What runs on a dask worker: a bounded number of jobs at a time, and the word to stop them.

State is that of the worker's process, which may serve several runs after and beside each other.
"""

from __future__ import annotations

import threading
from collections import deque

from flowsync.fleet.executor import WHY_STOPPED, Work, not_started
from flowsync.fleet.values import AccountJob, AccountResult

_MOST_KNOWN = 10_000  # of the last jobs begun; a run waits for far fewer at a time

_changing = threading.Lock()
_slots: dict[int, threading.BoundedSemaphore] = {}
_stops: set[tuple[str, threading.Event]] = set()  # of jobs at work, with their run
_begun: deque[tuple[str, str]] = deque(maxlen=_MOST_KNOWN)
_stopped: set[str] = set()


def do_in_slot(work: Work, at_once: int, job: AccountJob) -> AccountResult:
    """Do a job unless its run was stopped, no more than `at_once` at a time.

    They are counted for all runs of this process that have the same `at_once`.
    """
    with _changing:
        slot = _slots.setdefault(at_once, threading.BoundedSemaphore(at_once))
    with slot:
        stop = threading.Event()
        with _changing:
            if job.run in _stopped:
                return not_started(job, WHY_STOPPED)
            _stops.add((job.run, stop))
            _begun.append((job.run, job.name))
        try:
            return work(job, stop)
        finally:
            with _changing:
                _stops.discard((job.run, stop))


def stop_run(run: str) -> list[str]:
    """Begin no other job of a run, and end those at work after the step in flight.

    Gives the names of the jobs that were begun here, also of those that have ended.
    """
    with _changing:
        _stopped.add(run)
        for of, stop in _stops:
            if of == run:
                stop.set()
        return [name for of, name in _begun if of == run]
