"""The work on accounts on the workers of a dask cluster.

Source: https://distributed.dask.org/en/stable/client.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from flowsync.errors import FlowsyncError
from flowsync.fleet.executor import WHY_STOPPED, Executor, Work, failed, not_started
from flowsync.fleet.on_worker import do_in_slot, stop_run
from flowsync.fleet.values import AccountJob, AccountResult

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_S = 10
TELL_S = 5  # within which every worker answers that it has heard of the stop
_MOST_NAMED = 20


class Dask(Executor):
    """Works on the workers of a dask cluster, through futures.

    Each worker process works on `at_once` accounts at a time, or on as many as it has threads where
    these are fewer. `tell` shows a sentence to whoever waits.
    """

    def __init__(
        self, client: Client, work: Work, at_once: int, tell: Callable[[str], None]
    ) -> None:
        super().__init__(sum(min(threads, at_once) for threads in client.ncores().values()))
        self._client, self._tell = client, tell
        self._work = partial(do_in_slot, work, at_once)
        self._open: dict[str, tuple[AccountJob, Future]] = {}  # who takes one out gives its result

    def start(self, job: AccountJob) -> None:
        """Hand a job to the scheduler, which finds a worker."""
        future: Future = self._client.submit(self._work, job, pure=False)
        self._open[job.name] = job, future
        future.add_done_callback(partial(self._end, job))

    def _end(self, job: AccountJob, future: Future) -> None:
        if self._open.pop(job.name, None) is not None:
            self._ended.put(partial(_result_of, future, job))

    def stop_early(self) -> None:
        """Tell the workers to stop; what none of them has begun is taken back from the scheduler.

        Where a worker does not answer, nothing is taken back, because it may be at work on it.
        """
        begun = self._begun_after_stop()
        if begun is None:
            self._tell(
                "not every worker answered that it stops, so that these accounts may be worked on "
                f"to their end: {_named(self._open)}. Press Ctrl-C again to wait for none; "
                "`flowsync fleet list --failed` shows what is left to do"
            )
            return
        taken_back = []
        for name, (job, future) in list(self._open.items()):
            if name not in begun and self._open.pop(name, None) is not None:
                taken_back.append(future)
                self._ended.put(partial(not_started, job, WHY_STOPPED))
        self._client.cancel(taken_back)
        if self._open:
            self._tell(f"the workers finish the step in flight of {_named(self._open)}")

    def _begun_after_stop(self) -> set[str] | None:
        """Tell the workers to stop, and give the jobs they have begun; None where one is silent."""
        begun = set[str]()
        for run in {job.run for job, _ in list(self._open.values())}:
            try:
                # outside of tasks and threads, which may all be taken; the timeout is the client's
                answers = self._client.run(
                    stop_run, run, on_error="return", callback_timeout=TELL_S
                )
            except Exception:  # whatever the transport raises, the stop of the run must go on
                return None
            for answer in answers.values():
                if isinstance(answer, BaseException):
                    return None
                begun.update(answer)
        return begun


def _named(jobs: dict[str, tuple[AccountJob, Future]]) -> str:
    names = list(jobs)
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _result_of(future: Future, job: AccountJob) -> AccountResult:
    try:
        result: AccountResult = future.result()
    except Exception as exc:
        kind = type(exc).__name__
        return failed(
            job,
            f"the worker could not do it ({kind}: {exc}). Look at the worker's log; then run again "
            "with --only-failed.",
        )
    finally:
        future.release()
    return result


@contextmanager
def opened_dask(
    address: str, work: Work, at_once: int, tell: Callable[[str], None]
) -> Iterator[Executor]:
    """Give the workers of a scheduler at HOST:PORT. Raises `FlowsyncError` where there are none."""
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
        executor = Dask(client, work, at_once, tell)
        if not executor.slots:
            raise FlowsyncError(
                f"the dask scheduler at {address} has no workers. Start some with `dask worker "
                f"tcp://{address}` where flowsync and this repository are."
            )
        yield executor
