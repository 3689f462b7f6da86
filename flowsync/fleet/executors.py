"""Where the work on accounts runs: threads of this process, or workers of a dask cluster.

An executor is chosen by the address that --executor names. Where its work runs is all that differs:
the same jobs give the same results.

Source: https://distributed.dask.org/en/stable/client.html
"""

from __future__ import annotations

import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from flowsync.errors import ExitCode, FlowsyncError, UsageFailure
from flowsync.fleet.values import AccountJob, AccountResult, Ending

if TYPE_CHECKING:
    from distributed import Client, Future

Work = Callable[[AccountJob], AccountResult]
"""Works on an account; a function at the top of its module, so that it can be sent."""

CONNECT_S = 10
_DASK = "dask"
_THREADS = "threads"


class Executor(ABC):
    """Works on jobs, several at a time; `slots` is how many may be begun before one has ended."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._ended: queue.SimpleQueue[Callable[[], AccountResult]] = queue.SimpleQueue()

    @abstractmethod
    def start(self, job: AccountJob) -> None:
        """Begin a job."""

    def finished(self, timeout: float) -> list[AccountResult]:
        """Give what has ended since the last call, after waiting up to `timeout` seconds."""
        found: list[AccountResult] = []
        with suppress(queue.Empty):
            found.append(self._ended.get(timeout=timeout)())
            while True:
                found.append(self._ended.get_nowait()())
        return found


class Threads(Executor):
    """Works in threads of this process."""

    def __init__(self, work: Work, at_once: int) -> None:
        super().__init__(at_once)
        self._work = work
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="account")

    def start(self, job: AccountJob) -> None:
        """Begin a job in a thread that is free."""
        self._pool.submit(self._do, job)

    def _do(self, job: AccountJob) -> None:
        try:
            result = self._work(job)
        except BaseException as exc:  # whatever it is, the run must not wait for this one for ever
            kind = type(exc).__name__
            result = _failed(job, f"flowsync has a bug ({kind}: {exc}). Please report it.")
        self._ended.put(lambda: result)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()


class Dask(Executor):
    """Works on the workers of a dask cluster, through futures.

    Each worker process works on `at_once` accounts at a time, or on as many as it has threads where
    these are fewer.
    """

    def __init__(self, client: Client, work: Work, at_once: int) -> None:
        super().__init__(sum(min(threads, at_once) for threads in client.ncores().values()))
        self._client, self._work = client, partial(in_slot, work, at_once)

    def start(self, job: AccountJob) -> None:
        """Hand a job to the scheduler, which finds a worker."""
        future: Future = self._client.submit(self._work, job, pure=False)
        future.add_done_callback(lambda done: self._ended.put(partial(_result_of, done, job)))


def _result_of(future: Future, job: AccountJob) -> AccountResult:
    try:
        result: AccountResult = future.result()
    except Exception as exc:
        kind = type(exc).__name__
        return _failed(
            job,
            f"the worker could not do it ({kind}: {exc}). Look at the worker's log; then run again "
            "with --only-failed.",
        )
    finally:
        future.release()
    return result


_taken: dict[int, threading.BoundedSemaphore] = {}
_taking = threading.Lock()


def in_slot(work: Work, at_once: int, job: AccountJob) -> AccountResult:
    """Do a job, with no more than `at_once` others in this process; runs on a worker."""
    with _taking:
        slot = _taken.setdefault(at_once, threading.BoundedSemaphore(at_once))
    with slot:
        return work(job)


def _failed(job: AccountJob, message: str) -> AccountResult:
    return AccountResult(
        name=job.name,
        account=job.account,
        ending=Ending.FAILED,
        exit_code=ExitCode.FAILED,
        message=message,
    )


@contextmanager
def _threads(address: str, work: Work, at_once: int) -> Iterator[Executor]:
    executor = Threads(work, at_once)
    try:
        yield executor
    finally:
        executor.close()


@contextmanager
def _dask(address: str, work: Work, at_once: int) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError as exc:
        raise FlowsyncError(
            "--executor dask://… needs the package distributed, which is not installed. Install it "
            'with `pip install "flowsync[fleet]"`.'
        ) from exc
    try:
        client = Client(f"tcp://{address}", timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as exc:
        raise FlowsyncError(
            f"no dask scheduler answers at {address}. Start one with `dask scheduler`, or correct "
            "the address."
        ) from exc
    with client:
        executor = Dask(client, work, at_once)
        if not executor.slots:
            raise FlowsyncError(
                f"the dask scheduler at {address} has no workers. Start some with `dask worker "
                f"tcp://{address}` where flowsync and this repository are."
            )
        yield executor


EXECUTORS = {_THREADS: _threads, _DASK: _dask}
"""Each kind of executor by the scheme of its address."""


def is_elsewhere(address: str | None) -> bool:
    """Tell whether an executor's work may run on another machine."""
    return address is not None and address != _THREADS


@contextmanager
def opened_executor(address: str | None, work: Work, at_once: int) -> Iterator[Executor]:
    """Give the executor of an address such as `dask://host:8786`; threads of this process for None.

    Raises `UsageFailure` for what is no address, `FlowsyncError` where nothing answers there.
    """
    kind, separator, where = (address or _THREADS).partition("://")
    if kind not in EXECUTORS or (kind == _DASK) != bool(separator and where):
        raise UsageFailure(
            f'"{address}" is no executor. Write it as dask://HOST:PORT, or leave the option out.'
        )
    with EXECUTORS[kind](where, work, at_once) as executor:
        yield executor
