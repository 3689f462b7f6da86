"""Showing why no request goes out: a countdown on a terminal, one line a pause elsewhere.

It is told by `Pace` when a wait begins. On a terminal a thread of its own redraws a line each
second until requests go on, so that showing never delays the work; while apply shows its table,
the countdown is the line above it instead.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import assert_never

from flowsync.cli.console import Console
from flowsync.remotes.pace import Wait, WaitReason

_SHORTEST_S = 1.0  # a shorter wait needs no explanation
_TELL_AGAIN_S = 60.0  # a full hour frees one request after the other: one line for many waits
_REDRAW_S = 1.0
_LONGEST_END_S = 1.0  # a terminal that takes nothing must not keep the command


class Countdown:
    """Shows the waits of one account; `remaining` gives the seconds until requests go on."""

    def __init__(
        self,
        console: Console,
        remaining: Callable[[], float],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console, self._remaining, self._clock = console, remaining, clock
        self._redraws = console.is_live
        self._changing = threading.Lock()
        self._why = ""
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_in_table = False
        self._told_of_hour: float | None = None

    def tell(self, wait: Wait) -> None:
        """Begin to show a wait; called from any of the threads that do the work."""
        if wait.seconds < _SHORTEST_S or self._console.quiet:
            return
        with self._changing:
            self._why = _why(wait)
            if not self._redraws:
                self._tell_plainly(wait)
            elif not self._is_in_table and self._thread is None:
                self._ending.clear()
                self._thread = threading.Thread(
                    target=self._count_down, name="flowsync-countdown", daemon=True
                )
                self._thread.start()

    def text(self) -> str:
        """Give the countdown as it stands, empty while requests go out."""
        seconds = math.ceil(self._remaining())
        if seconds <= 0 or not self._why:
            return ""
        return f"waiting {seconds // 60}:{seconds % 60:02}: {self._why}"

    @contextmanager
    def in_table(self) -> Iterator[None]:
        """Leave showing to a table, which asks for `text`, for as long as it is shown."""
        with self._changing:
            self._is_in_table = True
        self.end()
        try:
            yield
        finally:
            self._is_in_table = False

    def end(self) -> None:
        """Stop showing; a later wait begins anew."""
        self._ending.set()
        thread = self._thread
        if thread is not None:
            thread.join(_LONGEST_END_S)

    def _tell_plainly(self, wait: Wait) -> None:
        if wait.reason is not WaitReason.PAUSED:  # then a short wait follows the other
            now = self._clock()
            if self._told_of_hour is not None and now < self._told_of_hour + _TELL_AGAIN_S:
                return
            self._told_of_hour = now
        self._console.progress(f"waiting {wait.seconds:.0f} s: {self._why}")

    def _count_down(self) -> None:
        """Redraw the line until requests go on."""
        while text := self._text_or_end():
            self._console.status(text)
            self._ending.wait(self._remaining() % _REDRAW_S or _REDRAW_S)
        self._console.status("")

    def _text_or_end(self) -> str:
        """Give what to show; without any, this thread is over and the next wait begins another."""
        with self._changing:
            text = "" if self._ending.is_set() else self.text()
            if not text:
                self._thread = None
            return text


def _why(wait: Wait) -> str:
    match wait.reason:
        case WaitReason.PAUSED | WaitReason.NEARLY_USED_UP:
            return f"{wait.reason.value}"
        case WaitReason.HOUR_IS_FULL:
            return f"{wait.reason.value} (requests_per_hour: {wait.limit} used up)"
        case _:
            assert_never(wait.reason)
