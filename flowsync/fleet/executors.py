"""Where the work on accounts runs, by the address that --executor names.

The same jobs give the same results everywhere.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from flowsync.errors import UsageFailure
from flowsync.fleet.dask_cluster import opened_dask
from flowsync.fleet.executor import Executor, Work
from flowsync.fleet.threads import opened_threads

_THREADS = "threads"
_DASK = "dask"
_LAST_PORT = 65_535
_HOST_AND_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|(?P<name>[^\s/:@\[\]]+)):(?P<port>[0-9]{1,5})")


def is_elsewhere(address: str | None) -> bool:
    """Tell whether an executor's work may run on another machine."""
    return address is not None and address != _THREADS


def opened_executor(
    address: str | None,
    work: Work,
    at_once: int,
    *,
    stop: threading.Event,
    tell: Callable[[str], None],
) -> AbstractContextManager[Executor]:
    """Give the executor of an address such as `dask://host:8786`; threads of this process for None.

    `stop` is set when the work in this process is to end early. `tell` shows a sentence to whoever
    waits. Raises `UsageFailure` for what is no address, `FlowsyncError` where nothing answers.
    """
    if address is None or address == _THREADS:
        return opened_threads(work, at_once, stop)
    kind, _, where = address.partition("://")
    if kind != _DASK or not _is_host_and_port(where):
        raise UsageFailure(
            f'"{address}" is no executor. Write it as dask://HOST:PORT, or leave the option out.'
        )
    return opened_dask(where, work, at_once, tell)


def _is_host_and_port(text: str) -> bool:
    """Tell whether a text is an address of a scheduler; dask would fail late on what is none."""
    found = _HOST_AND_PORT.fullmatch(text)
    if found is None or not 1 <= int(found["port"]) <= _LAST_PORT:
        return False
    try:
        (found["name"] or "").encode("idna")
    except UnicodeError:  # as with a label that is too long for any host
        return False
    return True
