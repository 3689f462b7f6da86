"""An endpoint that gives once more the answers that a run was given, so that it can be repeated."""

from __future__ import annotations

from collections.abc import Sequence

from flowsync.preview.engine import Answer, Endpoint, ExchangeFailed, LogEntry, Request
from flowsync.preview.engine.playing import NO_ENDPOINT


def answers_again(log: Sequence[LogEntry]) -> Endpoint | None:
    """Give an endpoint for a run with the same steps; None where the first run had none either.

    Each answer is given once, to a request with the same action from the same screen.
    """
    if any(entry.message == NO_ENDPOINT for entry in log):
        return None
    left = [entry for entry in log if entry.request is not None]

    def ask(request: Request) -> Answer:
        for index, entry in enumerate(left):
            asked = entry.request
            if asked is not None and (asked.action, asked.screen) == (
                request.action,
                request.screen,
            ):
                del left[index]
                if entry.answer is None:
                    raise ExchangeFailed(entry.message, status=entry.status)
                return entry.answer
        raise ExchangeFailed("the endpoint was not asked for this before.")

    return ask
