"""The order in which accounts are worked on: first a few, then the others, never too many at once.

One bounded pool over all accounts; results are handed on as they come and not kept. The work
itself is an executor's.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flowsync.fleet.executor import WHY_STOPPED, Executor, not_started
from flowsync.fleet.values import AccountJob, AccountResult, FleetSummary

DEFAULT_AT_ONCE = 8
_LOOK_S = 0.2  # how often it is looked whether the run is to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """When no further account is started.

    `canary` accounts come first, and the others only if nothing is wrong with them; 0 for none.
    After `max_failures` failed accounts no other is begun, None for no limit.
    """

    canary: int = 0
    max_failures: int | None = None


def run_fleet(
    jobs: Sequence[AccountJob],
    executor: Executor,
    caution: Caution,
    *,
    stop: threading.Event,
    on_start: Callable[[AccountJob], None],
    on_result: Callable[[AccountResult], None],
) -> FleetSummary:
    """Work on all accounts and give what became of them.

    `on_result` is called for each account as its result comes, in this thread; also for those that
    were not started. `stop`, once set, starts no other and lets the executor end early.
    """
    summary = FleetSummary(total=len(jobs))
    waiting = deque(jobs)
    for number in [caution.canary, len(jobs)] if caution.canary else [len(jobs)]:
        phase = deque(waiting.popleft() for _ in range(min(number, len(waiting))))
        _run_phase(phase, executor, caution, summary, stop, on_start, on_result)
        waiting.extendleft(reversed(phase))
        if not waiting:
            break
        if not summary.why_stopped and summary.failures:
            summary.why_stopped = (
                f"{summary.failures} of the first {caution.canary} failed (--canary)"
            )
        if summary.why_stopped:
            break
    for job in waiting:
        result = not_started(job, summary.why_stopped)
        summary.add(result)
        on_result(result)
    return summary


def _run_phase(
    phase: deque[AccountJob],
    executor: Executor,
    caution: Caution,
    summary: FleetSummary,
    stop: threading.Event,
    on_start: Callable[[AccountJob], None],
    on_result: Callable[[AccountResult], None],
) -> None:
    """Work on some accounts; what stays in `phase` was not started."""
    at_work = 0
    while True:
        most = caution.max_failures
        if stop.is_set():
            if summary.why_stopped != WHY_STOPPED:
                executor.stop_early()
            summary.why_stopped = WHY_STOPPED
        elif most is not None and summary.failures >= most:
            summary.why_stopped = f"{summary.failures} accounts failed (--max-failures {most})"
        while phase and at_work < executor.slots and not summary.why_stopped:
            job = phase.popleft()
            on_start(job)
            executor.start(job)
            at_work += 1
        if at_work == 0:
            return
        for result in executor.finished(_LOOK_S):
            at_work -= 1
            summary.add(result)
            on_result(result)
