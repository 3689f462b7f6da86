"""Ending a server: Ctrl-C and SIGTERM set an event, and requests in flight get their answer."""

from __future__ import annotations

import signal
import threading
from types import FrameType


def set_on_signals() -> threading.Event:
    """Give an event that Ctrl-C and SIGTERM set from now on."""
    stopping = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
    return stopping
