"""The work on accounts in threads of this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from flowsync.fleet.executor import Executor, Work, failed
from flowsync.fleet.values import AccountJob


class Threads(Executor):
    """Works in threads of this process; `stop` is what ends the work early."""

    def __init__(self, work: Work, at_once: int, stop: threading.Event) -> None:
        super().__init__(at_once)
        self._work, self._stop = work, stop
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="account")

    def start(self, job: AccountJob) -> None:
        """Begin a job in a thread that is free."""
        self._pool.submit(self._do, job)

    def stop_early(self) -> None:
        """Let jobs at work end after the step in flight; each has a thread, so none waits."""
        self._stop.set()

    def _do(self, job: AccountJob) -> None:
        try:
            result = self._work(job, self._stop)
        except BaseException as exc:  # whatever it is, the run must not wait for this one for ever
            kind = type(exc).__name__
            result = failed(job, f"flowsync has a bug ({kind}: {exc}). Please report it.")
        self._ended.put(lambda: result)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()


@contextmanager
def opened_threads(work: Work, at_once: int, stop: threading.Event) -> Iterator[Executor]:
    """Give threads that end with the block."""
    executor = Threads(work, at_once, stop)
    try:
        yield executor
    finally:
        executor.close()
