"""Telling and counting what is repeated: a line on stderr for each with --verbose."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flowsync.cli.console import Console
from flowsync.cli.events import Events
from flowsync.retry_policy import Retry


class Repetitions:
    """Is told every repetition and every pause; `count` is of those repeated.

    May be told from several threads.
    """

    def __init__(self, console: Console, events: Events | None = None) -> None:
        self._console, self._events = console, events
        self._pass_on: Callable[[Retry], None] = lambda retry: None
        self._counting = threading.Lock()
        self.count = 0

    def tell(self, retry: Retry) -> None:
        """Count and show what is done about a request that failed."""
        if retry.is_repeated:
            with self._counting:
                self.count += 1
        if self._console.verbose:
            self._console.progress(retry_line(retry))
        if self._events is not None:
            self._events.tell_retry(retry)
        self._pass_on(retry)

    @contextmanager
    def passed_on(self, pass_on: Callable[[Retry], None]) -> Iterator[None]:
        """Tell somebody else too, while the block runs."""
        self._pass_on = pass_on
        try:
            yield
        finally:
            self._pass_on = lambda retry: None


def retry_line(retry: Retry) -> str:
    """Give a line for people about a request that failed, and what is done about it."""
    said = f"{retry.request}: {retry.cause}"
    seconds = f"{retry.seconds:.1f} s" if retry.seconds < 10 else f"{retry.seconds:.0f} s"
    if retry.is_repeated:
        return f"{said}; again in {seconds} ({retry.attempt + 1} of {retry.attempts})"
    return f"{said}; the account is paused for {seconds}"
