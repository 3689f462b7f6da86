"""How a connection ends without a whole answer: what an application raises in place of one.

The emulator raises these. What carries its answers turns them into the real thing: `in_process`
into what requests raises, `emulator.server` into what happens to a socket.
"""

from __future__ import annotations


class ConnectionBroken(Exception):
    """The connection is closed; what was sent of the answer arrives."""


class ConnectionReset(ConnectionBroken):
    """The connection is reset."""


class ConnectionRefused(ConnectionBroken):
    """No connection is taken for `seconds`; all that are open are reset."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no connection is taken for {seconds:g} seconds")
        self.seconds = seconds


class AnswerHeld(ConnectionBroken):
    """No answer comes for `seconds`, then the connection is closed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer comes for {seconds:g} seconds")
        self.seconds = seconds
