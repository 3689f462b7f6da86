"""The answers of the gateway: eight shapes (E1 to E8) turned into data or into errors.

E1 `{success, message, data}` · E2 `{error}` and E3, the gateway has no Meta token · E4
`{message}`, framework errors · E5 and E6, failed validation of the request · E7, the gateway's
own credential check · E8, anything that is not JSON.

Texts are for display only; decisions follow HTTP status, Meta's codes and the shape (G-20).
"""

from __future__ import annotations

from math import ceil

from flowsync.errors import (
    Mishap,
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.model import FlowId, JsonValue
from flowsync.remotes.http import Answer
from flowsync.remotes.meta_refusals import cut, meta_refusal
from flowsync.remotes.operations import Operation, request_name

_NO_META_TOKEN = "Failed to get a valid access token"
_NOT_YOURS = "Meta refuses the gateway's own token; your credential is not the cause."


def data_of(answer: Answer, operation: Operation, flow_id: FlowId | None = None) -> JsonValue:
    """Give the `data` of a successful answer in the shape E1, or all of it where it has pages.

    Raises the `RemoteError` that the answer stands for. A 5xx, or a 2xx that is no E1, leaves the
    outcome unknown (G-19, G-22).
    """
    body = answer.value if isinstance(answer.value, dict) else {}
    what = request_name(operation, flow_id)
    meta = _meta_error(body)
    if meta is not None:
        raise meta_refusal(what, answer, meta, denied=_NOT_YOURS)
    if 200 <= answer.status < 300:
        if not answer.is_json or not isinstance(answer.value, dict):
            raise RemoteUnavailable(
                f"{what}: the answer (HTTP {answer.status}, "
                f"{answer.media_type or 'without a type'}) is no JSON that can be read. Check that "
                "base_url and dialect lead to the gateway, not to a web page.",
                status=answer.status,
                outcome_unknown=True,
                mishap=Mishap.UNREADABLE,
            )
        if body.get("success") is True or ("success" not in body and "id" in body):
            return body if "paging" in body else body.get("data", body)
        if "success" not in body and "message" in body and "error" not in body:
            return body.get("data")
        raise RemoteUnavailable(
            _sentence(
                f"{what}: the answer (HTTP {answer.status}) does not say that it succeeded"
                f"{_quoted(body)}"
            )
            + " Check that base_url and dialect lead to the gateway.",
            status=answer.status,
            outcome_unknown=True,
            mishap=Mishap.UNREADABLE,
        )
    if operation is Operation.LIST and answer.status == 400 and body.get("success") is False:
        said = _sentence(f"{what}: HTTP 400{_quoted(body)}")
        raise RemoteUnavailable(  # G-18: Meta's code, which may be about throttling, is lost
            f"{said} The gateway does not pass on why Meta refuses; it may be that the account is "
            "called too often. Wait some minutes, then run the command again.",
            status=400,
        )
    raise _failure(what, answer, body)


def _failure(what: str, answer: Answer, body: dict[str, JsonValue]) -> RemoteError:
    """Give the error for an answer that is neither a success nor an error object of Meta."""
    status = answer.status
    said = _sentence(f"{what}: HTTP {status}{_quoted(body)}")
    if status == 429 or (status == 503 and answer.retry_after is not None):
        wait = "a little" if answer.retry_after is None else f"{ceil(answer.retry_after)} s"
        return RemoteThrottled(
            f"{said} The gateway asks for fewer requests. Wait {wait}, or lower "
            "`limits.requests_per_hour` and `limits.parallelism` of the target.",
            status=status,
            retry_after=answer.retry_after,
        )
    if status >= 500:
        return RemoteUnavailable(
            f"{said} Run the command again later; if it stays so, ask whoever runs the gateway.",
            status=status,
            outcome_unknown=True,
        )
    if status == 401 and _NO_META_TOKEN in (body.get("error"), body.get("message")):
        return RemoteRejected(
            f"{said} The gateway itself has no token for Meta; your credential is not the cause. "
            "Ask whoever runs the gateway to connect this account again.",
            status=status,
        )
    if status == 401:
        return RemoteDenied(
            f"{said} The gateway refuses the credential. Check the target's token "
            "(FLOWSYNC_TOKEN, or FLOWSYNC_READ_TOKEN where it is set) and its auth_scheme.",
            status=status,
        )
    if status == 403:
        return RemoteDenied(
            f"{said} The credential has no right to this operation. Give its role the right, "
            "or use another token.",
            status=status,
        )
    if 300 <= status < 400:
        return RemoteUnavailable(
            f"{what}: the gateway answers with a redirect (HTTP {status}), which is not followed. "
            "Check base_url and dialect.",
            status=status,
            outcome_unknown=True,
            mishap=Mishap.UNREADABLE,
        )
    if status in {404, 405}:
        return RemoteRejected(
            f"{said} There is no such address or account. Check base_url, dialect and account.",
            status=status,
        )
    return RemoteRejected(
        f"{said}{_field_errors(body)} Correct what is named here, then run the command again.",
        status=status,
    )


def _meta_error(body: dict[str, JsonValue]) -> dict[str, JsonValue] | None:
    """Give Meta's error object from `data.error` or `error`; HTTP status may be 200 (G-01)."""
    data = body.get("data")
    for holder in (data, body):
        error = holder.get("error") if isinstance(holder, dict) else None
        if isinstance(error, dict):
            return error
    return None


def _field_errors(body: dict[str, JsonValue]) -> str:
    """Give the sentences of E5 and E6 about single fields."""
    data = body.get("data")
    holder = data if isinstance(data, dict) else body
    errors = holder.get("errors")
    if not isinstance(errors, dict):
        return ""
    said = [
        f"{name}: {cut(text).rstrip('.')}."
        for name, texts in errors.items()
        for text in (texts if isinstance(texts, list) else [texts])
        if isinstance(text, str)
    ]
    return f" {' '.join(said)}" if said else ""


def _quoted(body: dict[str, JsonValue]) -> str:
    for key in ("message", "error"):
        text = body.get(key)
        if isinstance(text, str) and text:
            return f', "{cut(text)}"'
    return ""


def _sentence(text: str) -> str:
    """End a text with a full stop, unless the words quoted at its end have one."""
    return text if text.endswith(('."', '!"', '?"')) else f"{text}."
