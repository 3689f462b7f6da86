"""Faults of the connection and of HTTP: no answer, half an answer, or one that is none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import NoReturn

from werkzeug.wrappers import Response

from flowsync.remotes.broken import (
    AnswerHeld,
    ConnectionBroken,
    ConnectionRefused,
    ConnectionReset,
)
from flowsync.remotes.emulator.call import Call
from flowsync.remotes.emulator.framework import framework_error, wants_json

_CHUNK = b" " * 65536
_MIB = 1024 * 1024
_RETRY_AFTER_S = 1  # where it is named as a date


def refuse(call: Call, value: int) -> NoReturn:
    """Take no connection for `value` milliseconds."""
    raise ConnectionRefused(value / 1000)


def reset(call: Call, value: int) -> NoReturn:
    """Reset the connection."""
    raise ConnectionReset


def hold(call: Call, value: int) -> NoReturn:
    """Give no answer for `value` milliseconds."""
    raise AnswerHeld(value / 1000)


def reset_after(call: Call, response: Response, value: int) -> NoReturn:
    """Reset the connection in place of an answer."""
    raise ConnectionReset


def hold_after(call: Call, response: Response, value: int) -> NoReturn:
    """Give no answer for `value` milliseconds to what was done."""
    raise AnswerHeld(value / 1000)


def unavailable(call: Call, value: int | None) -> Response:
    """Answer HTTP 503, with the seconds to wait where there is a value."""
    return framework_error(
        503, "Service Unavailable", wants_json(call.request), _retry_after(value)
    )


def too_many(call: Call, value: int | None) -> Response:
    """Answer HTTP 429, with the seconds to wait where there is a value."""
    return framework_error(429, "Too Many Attempts.", wants_json(call.request), _retry_after(value))


def _retry_after(seconds: int | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(seconds)}


def too_many_by_clock(call: Call, seconds_off: int) -> Response:
    """Answer HTTP 429 with dates by a clock that is wrong, in Date as in Retry-After."""
    now = int(time.time()) + seconds_off
    headers = {
        "Date": formatdate(now, usegmt=True),
        "Retry-After": formatdate(now + _RETRY_AFTER_S, usegmt=True),
    }
    return framework_error(429, "Too Many Attempts.", wants_json(call.request), headers)


def web_page() -> Response:
    """Answer with a page for people."""
    return Response("<html><title>Welcome</title></html>", mimetype="text/html")


def as_text(call: Call, response: Response, value: int) -> Response:
    """Give the right answer with the wrong media type."""
    response.mimetype = "text/plain"
    return response


def truncated(call: Call, response: Response, value: int) -> Response:
    """Announce the whole answer and send half of it."""
    body = response.get_data()

    def half() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        raise ConnectionBroken

    cut = Response(half(), response.status_code, mimetype=response.mimetype)
    cut.headers["Content-Length"] = str(len(body))
    return cut


def oversized(call: Call, response: Response, mebibytes: int) -> Response:
    """Give the right answer behind so many blanks that it gets larger than a client takes."""
    body = response.get_data()

    def blanks() -> Iterator[bytes]:
        for _ in range(mebibytes * _MIB // len(_CHUNK)):
            yield _CHUNK
        yield body

    return Response(blanks(), response.status_code, mimetype=response.mimetype)
