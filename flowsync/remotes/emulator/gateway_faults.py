"""Each kind of fault with its effect, before a call is carried out, instead, or after it.

Where a call meets several faults, their effects come in the order of these tables. Slowness is no
part of them: it comes before everything else, also before the credential is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from werkzeug.wrappers import Response

from flowsync.remotes.emulator import fault_answers as answers
from flowsync.remotes.emulator import fault_connections as connections
from flowsync.remotes.emulator import fault_views as views
from flowsync.remotes.emulator import second_writer
from flowsync.remotes.emulator.fault_kinds import KINDS
from flowsync.remotes.emulator.gateway_answers import ServerError, meta_failure
from flowsync.remotes.emulator.gateway_call import Call
from flowsync.remotes.emulator.platform import PlatformError


def _server_error(call: Call, value: int) -> NoReturn:
    raise ServerError


def _server_error_after(call: Call, response: Response, value: int) -> NoReturn:
    raise ServerError


def _refused_by_meta(error: PlatformError) -> Callable[[Call, int], Response]:
    return lambda call, value: meta_failure(call.operation, error)


# Each takes the call, the answer where there is one already, and the fault's number. What comes
# instead of an answer may give None, which leaves the call as it is.
BEFORE: dict[str, Callable[[Call, int], None]] = {
    "second-writer": second_writer.write_first,
}
INSTEAD: dict[str, Callable[[Call, int], Response | None]] = {
    "refused": connections.refuse,
    "drop": connections.reset,
    "hang": connections.hold,
    "server-error": _server_error,
    "no-json-version": _server_error,
    "unavailable": connections.unavailable,
    "unavailable-bare": lambda call, value: connections.unavailable(call, None),
    "rate-limit": connections.too_many,
    "rate-limit-bare": lambda call, value: connections.too_many(call, None),
    "clock-ahead": connections.too_many_by_clock,
    "clock-behind": lambda call, value: connections.too_many_by_clock(call, -value),
    "html": lambda call, value: connections.web_page(),
    "redirect": lambda call, value: Response(status=302, headers={"Location": "/login"}),
    "no-meta-token": answers.no_meta_token,
    "unauthenticated": answers.unauthenticated,
    "forbidden": answers.forbidden,
    "no-data": answers.without_data,
    "ignored": answers.ignored,
    "refused-as-success": answers.refused_as_success,
    "unread-as-success": answers.unread_as_success,
    **{kind: _refused_by_meta(error) for kind, error in answers.META_FAULTS.items()},
    "stale": views.stale,
}
AFTER: dict[str, Callable[[Call, Response, int], Response]] = {
    "second-writer-after": second_writer.write_after,
    "asset-unavailable": views.without_content,
    "normalised": views.normalised,
    "page-lost": views.in_list(views.page_lost),
    "page-repeated": views.in_list(views.page_repeated),
    "page-reordered": views.in_list(views.page_reordered),
    "page-blank": views.in_list(views.page_blank),
    "page-empty": views.in_list(views.page_empty),
    "stored-but-failed": answers.stored_but_failed,
    "drop-after": connections.reset_after,
    "hang-after": connections.hold_after,
    "server-error-after": _server_error_after,
    "no-validations": _server_error_after,
    "html-after": lambda call, response, value: connections.web_page(),
    "plain-text": connections.as_text,
    "truncated": connections.truncated,
    "oversized": connections.oversized,
}


def with_faults(
    call: Call, faults: Mapping[str, int | None], carry_out: Callable[[], Response]
) -> Response:
    """Answer a call, with the effects of the faults that it meets."""
    values = {
        kind: KINDS[kind].default if value is None else value
        for kind, value in faults.items()
        if KINDS[kind].concerns_operation(call.operation.value)
    }
    for kind, before in BEFORE.items():
        if kind in values:
            before(call, values[kind])
    for kind, instead in INSTEAD.items():
        answer = instead(call, values[kind]) if kind in values else None
        if answer is not None:
            return answer
    response = call.latest_write.around(call, carry_out)
    for kind, after in AFTER.items():
        if kind in values:
            response = after(call, response, values[kind])
    return response
