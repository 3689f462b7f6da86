"""Each kind of fault with its effect, before a call is carried out, instead, or after it.

Where a call meets several faults, their effects come in the order of these tables, those that only
one API knows behind the others. Slowness is no part of them: it comes before everything else, also
before the credential is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from werkzeug.wrappers import Response

from flowsync.remotes.emulator import fault_connections as connections
from flowsync.remotes.emulator import fault_views as views
from flowsync.remotes.emulator import second_writer
from flowsync.remotes.emulator.call import Call
from flowsync.remotes.emulator.fault_kinds import KINDS
from flowsync.remotes.emulator.framework import ServerError
from flowsync.remotes.emulator.refusals import PlatformError

Before = Callable[[Call, int], None]
Instead = Callable[[Call, int], "Response | None"]
After = Callable[[Call, Response, int], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """The effects of faults on one API.

    Each takes the call, the answer where there is one already, and the fault's number. What comes
    instead of an answer may give None, which leaves the call as it is.
    """

    before: Mapping[str, Before]
    instead: Mapping[str, Instead]
    after: Mapping[str, After]


def server_error(call: Call, value: int) -> NoReturn:
    """Fail without having done anything."""
    raise ServerError


def server_error_after(call: Call, response: Response, value: int) -> NoReturn:
    """Fail after the call was carried out."""
    raise ServerError


def refused(error: PlatformError) -> Instead:
    """Give the effect that the platform refuses a call."""
    return lambda call, value: call.form.refusal(call, error)


META_FAULTS = {
    "account-limit": PlatformError(
        "There have been too many calls to this account.", code=80008, title="Too many calls"
    ),
    "app-limit": PlatformError("Application request limit reached", code=4, title="Limit"),
    "throughput-limit": PlatformError("Rate limit hit", code=130429, title="Too much at a time"),
    "busy": PlatformError("Service temporarily unavailable", code=2, title="Busy", status=503),
    "untitled": PlatformError("An unknown error occurred", code=1, status=500),
    "bad-meta-token": PlatformError("Invalid OAuth access token.", code=190, status=401),
}
STORED_BUT_FAILED = PlatformError(
    "Saved, but not processed; upload again.",
    code=139001,
    subcode=4016012,
    title="Flow could not be processed",
)

BEFORE: dict[str, Before] = {"second-writer": second_writer.write_first}
INSTEAD: dict[str, Instead] = {
    "refused": connections.refuse,
    "drop": connections.reset,
    "hang": connections.hold,
    "server-error": server_error,
    "unavailable": connections.unavailable,
    "unavailable-bare": lambda call, value: connections.unavailable(call, None),
    "rate-limit": connections.too_many,
    "rate-limit-bare": lambda call, value: connections.too_many(call, None),
    "clock-ahead": connections.too_many_by_clock,
    "clock-behind": lambda call, value: connections.too_many_by_clock(call, -value),
    "html": lambda call, value: connections.web_page(),
    "redirect": lambda call, value: Response(status=302, headers={"Location": "/login"}),
    "ignored": lambda call, value: call.form.pretence(call),
    **{kind: refused(error) for kind, error in META_FAULTS.items()},
    "stale": views.stale,
}
AFTER: dict[str, After] = {
    "second-writer-after": second_writer.write_after,
    "page-lost": views.in_list(views.page_lost),
    "page-repeated": views.in_list(views.page_repeated),
    "page-reordered": views.in_list(views.page_reordered),
    "page-blank": views.in_list(views.page_blank),
    "page-empty": views.in_list(views.page_empty),
    "stored-but-failed": lambda call, response, value: call.form.refusal(call, STORED_BUT_FAILED),
    "drop-after": connections.reset_after,
    "hang-after": connections.hold_after,
    "server-error-after": server_error_after,
    "html-after": lambda call, response, value: connections.web_page(),
    "plain-text": connections.as_text,
    "truncated": connections.truncated,
    "oversized": connections.oversized,
}


def with_faults(
    call: Call,
    faults: Mapping[str, int | None],
    effects: Effects,
    carry_out: Callable[[], Response],
) -> Response:
    """Answer a call, with the effects of the faults that it meets."""
    values = {
        kind: KINDS[kind].default if value is None else value
        for kind, value in faults.items()
        if KINDS[kind].concerns_operation(call.operation.value)
    }
    for kind, before in effects.before.items():
        if kind in values:
            before(call, values[kind])
    for kind, instead in effects.instead.items():
        answer = instead(call, values[kind]) if kind in values else None
        if answer is not None:
            return answer
    response = call.latest_write.around(call, carry_out)
    for kind, after in effects.after.items():
        if kind in values:
            response = after(call, response, values[kind])
    return response
