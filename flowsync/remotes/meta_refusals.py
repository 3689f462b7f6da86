"""Refusals of Meta: its error object turned into an error of ours, with the next step.

Source: https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

from flowsync.errors import (
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.model import JsonValue
from flowsync.remotes.http import Answer
from flowsync.remotes.meta_codes import ErrorClass, meaning_of

_LONGEST_QUOTE = 300


def meta_refusal(
    what: str, answer: Answer, error: dict[str, JsonValue], *, denied: str = ""
) -> RemoteError:
    """Give the error that an error object of Meta stands for; `what` names the request.

    `denied` is a sentence for when the credential is refused, about whose it is.
    """
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    meaning = meaning_of(code or -1, subcode, is_transient=error.get("is_transient") is True)
    if code == 0:
        meaning = meaning_of(0, subcode, is_transient=False)
    named = "an unnumbered error" if code is None else f"code {code}"
    if subcode is not None:
        named += f"/{subcode}"
    title, text = error.get("error_user_title"), error.get("message")
    detail = error.get("error_user_msg")
    said = [f'"{cut(title)}"'] if isinstance(title, str) else []
    texts = [part for part in (text, detail) if isinstance(part, str)]
    said += [cut(part) for part in dict.fromkeys(texts)]
    trace = error.get("fbtrace_id")
    traced = f" (fbtrace_id {cut(trace)})" if isinstance(trace, str) else ""
    whose = ""
    kind = ErrorClass.THROTTLED if answer.status == 429 else meaning.kind
    if kind is ErrorClass.DENIED:
        whose = f" {denied}" if denied else ""
    words = " ".join(said).rstrip(".") or "it gives no reason"
    sentence = (
        f"{what}: Meta says {named}, HTTP {answer.status}: {words}{traced}."
        f"{whose} {meaning.next_step}"
    )
    kinds: dict[ErrorClass, type[RemoteError]] = {
        ErrorClass.PASSING: RemoteUnavailable,
        ErrorClass.THROTTLED: RemoteThrottled,
        ErrorClass.DENIED: RemoteDenied,
        ErrorClass.REFUSED: RemoteRejected,
    }
    return kinds[kind](
        sentence,
        status=answer.status,
        code=code,
        subcode=subcode,
        outcome_unknown=kind is ErrorClass.PASSING,
        retry_after=answer.retry_after,
    )


def cut(text: str) -> str:
    """Give a foreign text no longer than a sentence can hold."""
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


def _number(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
