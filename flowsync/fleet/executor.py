"""What an executor is: it works on jobs somewhere, and gives results as they come."""

from __future__ import annotations

import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress

from flowsync.errors import ExitCode
from flowsync.fleet.values import AccountJob, AccountResult, Ending

Work = Callable[[AccountJob, threading.Event], AccountResult]
"""Works on an account until the event is set: then it ends after the step in flight.

A function at the top of its module, so that it can be sent.
"""

WHY_STOPPED = "the run was stopped"


class Executor(ABC):
    """Works on jobs, several at a time; `slots` is how many may be begun before one has ended."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._ended: queue.SimpleQueue[Callable[[], AccountResult]] = queue.SimpleQueue()

    @abstractmethod
    def start(self, job: AccountJob) -> None:
        """Begin a job."""

    @abstractmethod
    def stop_early(self) -> None:
        """Let jobs at work end after the step in flight; what is not at work yet ends unstarted."""

    def finished(self, timeout: float) -> list[AccountResult]:
        """Give what has ended since the last call, after waiting up to `timeout` seconds."""
        found: list[AccountResult] = []
        with suppress(queue.Empty):
            found.append(self._ended.get(timeout=timeout)())
            while True:
                found.append(self._ended.get_nowait()())
        return found


def failed(job: AccountJob, message: str) -> AccountResult:
    """Give the result of a job that nobody could do."""
    return _result(job, Ending.FAILED, ExitCode.FAILED, message)


def not_started(job: AccountJob, why: str) -> AccountResult:
    """Give the result of a job that the run did not come to."""
    return _result(job, Ending.NOT_STARTED, ExitCode.INCOMPLETE, f"not started: {why}.")


def _result(job: AccountJob, ending: Ending, code: ExitCode, message: str) -> AccountResult:
    return AccountResult(
        name=job.name, account=job.account, ending=ending, exit_code=code, message=message
    )
