"""The ways in which an exchange fails: the sentence for the log, and what a phone shows.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes
"""

from __future__ import annotations

from flowsync.preview.engine.exchange import ExchangeFailed

TIME_LIMIT_S = 10.0  # of a phone, from request to whole answer
CANNOT_DECRYPT = 421
TOKEN_EXPIRED = 427
BAD_SIGNATURE = 432
SERVER_ERROR = 500

_SHOWN_EXPIRED = "This form can no longer be used."
_MEANINGS = {
    CANNOT_DECRYPT: "the endpoint could not decrypt the request",
    TOKEN_EXPIRED: "the endpoint no longer takes the flow token",
    BAD_SIGNATURE: "the endpoint found that the signature does not match",
}
_FIXES = {
    CANNOT_DECRYPT: "Give the endpoint the private key that belongs to the public key used here.",
    BAD_SIGNATURE: "Both sides need the same app secret, and the signature is over the raw body.",
}


def failed(message: str, *, status: int | None = None) -> ExchangeFailed:
    """Give a failure that a phone shows as a general error."""
    return ExchangeFailed(message, status=status)


def timed_out(note: str = "") -> ExchangeFailed:
    """Give the failure of an answer that does not come in time."""
    message = f"no answer came within {TIME_LIMIT_S:g} seconds, after which a phone gives up"
    return ExchangeFailed(f"{message}{_noted(note)}.", is_timeout=True)


def refused(status: int, note: str = "") -> ExchangeFailed:
    """Give the failure of an HTTP status other than 200; `note` is what came with it.

    With 427 a phone shows that note, and lets nothing more be sent.
    """
    if status in _MEANINGS:
        message = f"{_MEANINGS[status]} (HTTP {status}){_noted(note)}."
    elif 300 <= status < 400:
        message = f"the endpoint redirects (HTTP {status}), which is not followed{_noted(note)}."
    else:
        message = f"the endpoint answers with HTTP {status} instead of 200{_noted(note)}."
    if status in _FIXES:
        message = f"{message} {_FIXES[status]}"
    if status == TOKEN_EXPIRED:
        return ExchangeFailed(message, shown=note or _SHOWN_EXPIRED, status=status)
    return ExchangeFailed(message, status=status)


def _noted(note: str) -> str:
    return f": {note.rstrip('.')}" if note else ""
