"""Telling and counting what is repeated: a line on stderr for each with --verbose."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flowsync.cli.console import Console
from flowsync.retry_policy import Retry


class Repetitions:
    """Is told every repetition and every pause, and passes them on; `count` is of those repeated.

    May be told from several threads.
    """

    def __init__(self, console: Console, pass_on: Callable[[Retry], None]) -> None:
        self._console, self._pass_on = console, pass_on
        self._counting = threading.Lock()
        self.count = 0

    def tell(self, retry: Retry) -> None:
        """Count and show what is done about a request that failed."""
        if retry.is_repeated:
            with self._counting:
                self.count += 1
        if self._console.verbose:
            self._console.progress(retry_line(retry))
        self._pass_on(retry)


def retry_line(retry: Retry) -> str:
    """Give a line for people about a request that failed, and what is done about it."""
    said = f"{retry.request}: {retry.cause}"
    seconds = f"{retry.seconds:.1f} s" if retry.seconds < 10 else f"{retry.seconds:.0f} s"
    if retry.is_repeated:
        return f"{said}; again in {seconds} ({retry.attempt + 1} of {retry.attempts})"
    return f"{said}; the account is paused for {seconds}"
