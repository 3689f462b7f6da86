"""Showing apply at work: a line per flow that redraws itself, or plain lines in CI."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flowsync.apply.context import Progress
from flowsync.cli.console import Console
from flowsync.cli.countdown import Countdown
from flowsync.render.style import clean

_REDRAWS_PER_SECOND = 8


@contextmanager
def apply_progress(console: Console, countdown: Countdown) -> Iterator[Callable[[Progress], None]]:
    """Give the function that apply tells its progress to, from several threads.

    Above a table that redraws itself stands the countdown of a pause.
    """
    if console.is_live:
        with countdown.in_table(), _live_lines(countdown.text) as tell:
            yield tell
        return
    lock = threading.Lock()

    def tell_plainly(progress: Progress) -> None:
        if progress.ended is not None:
            return  # the next line says it
        with lock:
            console.progress(f"{progress.label}: {progress.text}")

    yield tell_plainly


@contextmanager
def _live_lines(waiting: Callable[[], str] = str) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console as RichConsole
    from rich.console import Group
    from rich.live import Live
    from rich.table import Table
    from rich.text import Text

    flows: dict[str, tuple[str, bool, float, float]] = {}  # text, has ended, began, changed
    lock = threading.Lock()

    def table() -> Group:
        grid = Table.grid(padding=(0, 2))
        now = time.monotonic()
        why = waiting()  # above, so that more flows than fit do not hide it
        with lock:
            for label, (text, has_ended, began, changed) in sorted(flows.items()):
                style = "" if not has_ended else "green" if text == "done" else "red"
                seconds = (changed if has_ended else now) - began
                grid.add_row(Text(clean(label)), Text(clean(text), style), f"{seconds:.1f} s")
        above = [Text(why, "yellow", no_wrap=True, overflow="ellipsis")] if why else []
        return Group(*above, grid)

    def tell(progress: Progress) -> None:
        if progress.ended is not None:
            return
        with lock:
            now = time.monotonic()
            began = flows[progress.label][2] if progress.label in flows else now
            flows[progress.label] = (progress.text, progress.step is None, began, now)

    with Live(
        get_renderable=table,
        console=RichConsole(stderr=True),
        refresh_per_second=_REDRAWS_PER_SECOND,
        transient=True,
    ):
        yield tell
