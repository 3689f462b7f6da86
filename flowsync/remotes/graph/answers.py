"""The answers of the Graph API turned into objects or into errors.

Texts are for display only; decisions follow HTTP status and Meta's codes.
"""

from __future__ import annotations

from flowsync.errors import Mishap, RemoteError, RemoteRejected, RemoteThrottled, RemoteUnavailable
from flowsync.model import JsonValue
from flowsync.remotes.http import Answer
from flowsync.remotes.meta_flows import findings_list
from flowsync.remotes.meta_refusals import meta_refusal


def object_of(answer: Answer, what: str) -> dict[str, JsonValue]:
    """Give the object that a successful answer holds; `what` names the request.

    An object with an id is a success, also where it brings an error: a flow that was created and
    could not be published. Raises the `RemoteError` that any other answer stands for.
    """
    body = answer.value if isinstance(answer.value, dict) else None
    error = None if body is None else body.get("error")
    is_success = 200 <= answer.status < 300
    if isinstance(error, dict) and not (is_success and body is not None and "id" in body):
        raise meta_refusal(what, answer, error)
    if is_success and body is not None:
        return body
    raise _failure(what, answer)


def done_in(body: dict[str, JsonValue], what: str) -> dict[str, JsonValue]:
    """Give the object of an answer to a write back. Raises where it says that nothing was done.

    A created flow and a stored file are done, also where they are not valid.
    """
    is_there = "id" in body or findings_list(body) is not None
    if body.get("success") is False and not is_there:
        raise RemoteUnavailable(
            f"{what}: Meta says that it was not done, without a reason. Run the command again.",
            outcome_unknown=True,
            mishap=Mishap.UNREADABLE,
        )
    return body


def _failure(what: str, answer: Answer) -> RemoteError:
    """Give the error for an answer that is neither an object nor an error object of Meta."""
    status = answer.status
    if 200 <= status < 300:
        return RemoteUnavailable(
            f"{what}: the answer (HTTP {status}, {answer.media_type or 'without a type'}) is no "
            "JSON that can be read. Check that base_url leads to the Graph API.",
            status=status,
            outcome_unknown=True,
            mishap=Mishap.UNREADABLE,
        )
    if status == 429 or (status == 503 and answer.retry_after is not None):
        return RemoteThrottled(
            f"{what}: HTTP {status}. Meta asks for fewer requests: wait some minutes, or lower "
            "`limits.requests_per_hour` and `limits.parallelism` of the target.",
            status=status,
            retry_after=answer.retry_after,
        )
    if status >= 500:
        return RemoteUnavailable(
            f"{what}: HTTP {status} without a reason. Run the command again later.",
            status=status,
            outcome_unknown=True,
        )
    if 300 <= status < 400:
        return RemoteUnavailable(
            f"{what}: the answer is a redirect (HTTP {status}), which is not followed. Check "
            "base_url and api_version.",
            status=status,
            outcome_unknown=True,
            mishap=Mishap.UNREADABLE,
        )
    return RemoteRejected(
        f"{what}: HTTP {status} without an error of Meta. Check base_url and api_version.",
        status=status,
    )
