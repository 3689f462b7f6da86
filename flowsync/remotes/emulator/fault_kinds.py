"""The kinds of fault as data: what each does, to which operations, and with which number.

What «is done» of a request is done on the emulated account. A kind that does not concern an
operation leaves it alone. How a kind has its effect stands in `fault_effects`.
"""

from __future__ import annotations

from dataclasses import dataclass

OPERATIONS = (
    "list",
    "get",
    "create",
    "update",
    "upload",
    "publish",
    "deprecate",
    "delete",
    "send",
    "download",
)
_ALL = frozenset(OPERATIONS)
_LIST, _GET, _UPLOAD = frozenset({"list"}), frozenset({"get"}), frozenset({"upload"})
_CONTENT = frozenset({"get", "download"})


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault: its meaning as a line of text, and what it concerns.

    `default` is VALUE where none is written. `is_passing` says that after it the account can be
    brought to any state by asking again, without another credential and without long waiting.
    `is_of_gateway` where only the gateway does it, not the Graph API.
    """

    meaning: str
    default: int = 0
    concerns: frozenset[str] = _ALL
    is_passing: bool = True
    is_of_gateway: bool = False

    def concerns_operation(self, operation: str) -> bool:
        """Tell whether the kind changes anything about an operation."""
        return operation in self.concerns


KINDS: dict[str, FaultKind] = {
    "slow": FaultKind("answers VALUE (default 0) milliseconds later"),
    "refused": FaultKind(
        "takes no connection for VALUE (default 300) milliseconds; nothing is done", 300
    ),
    "drop": FaultKind("resets the connection; nothing is done"),
    "drop-after": FaultKind("does what is asked, then resets the connection"),
    "hang": FaultKind(
        "no answer for VALUE (default 120000) milliseconds; nothing is done",
        120_000,
        is_passing=False,
    ),
    "hang-after": FaultKind(
        "does what is asked, then no answer for VALUE (default 120000) milliseconds",
        120_000,
        is_passing=False,
    ),
    "server-error": FaultKind("HTTP 500; nothing is done"),
    "server-error-after": FaultKind("does what is asked, then HTTP 500 (G-05, G-22)"),
    "unavailable": FaultKind(
        "HTTP 503 with Retry-After VALUE (default 1) seconds; nothing is done", 1
    ),
    "unavailable-bare": FaultKind("HTTP 503 without Retry-After; nothing is done"),
    "rate-limit": FaultKind(
        "HTTP 429 with Retry-After VALUE (default 1) seconds; nothing is done", 1
    ),
    "rate-limit-bare": FaultKind("HTTP 429 without Retry-After; nothing is done"),
    "clock-ahead": FaultKind(
        "HTTP 429 with a date to retry after, by a clock VALUE (default 3600) seconds ahead", 3600
    ),
    "clock-behind": FaultKind(
        "HTTP 429 with a date to retry after, by a clock VALUE (default 3600) seconds behind", 3600
    ),
    "html": FaultKind("HTTP 200 with an HTML page (G-19); nothing is done"),
    "html-after": FaultKind("does what is asked, then HTTP 200 with an HTML page (G-19)"),
    "plain-text": FaultKind("does what is asked, then answers it as text/plain (G-19)"),
    "truncated": FaultKind("does what is asked, then sends half of the answer it announces"),
    "oversized": FaultKind("does what is asked, then answers with VALUE (default 65) MiB", 65),
    "redirect": FaultKind("HTTP 302 to another page; nothing is done"),
    "ignored": FaultKind("answers success; nothing is done (G-10)"),
    "refused-as-success": FaultKind(
        "upload: Meta's refusal in the form of a success (G-01); nothing is done",
        0,
        _UPLOAD,
        is_of_gateway=True,
    ),
    "unread-as-success": FaultKind(
        "upload: «not valid JSON» in the form of a success (G-02); nothing is done",
        0,
        _UPLOAD,
        is_of_gateway=True,
    ),
    "account-limit": FaultKind("Meta's code 80008, the account calls too often; nothing is done"),
    "app-limit": FaultKind("Meta's code 4, the app calls too often; nothing is done"),
    "throughput-limit": FaultKind("Meta's code 130429, too much at a time; nothing is done"),
    "busy": FaultKind("Meta's code 2, HTTP 503; nothing is done"),
    "untitled": FaultKind("Meta's code 1 without a title (G-13); nothing is done"),
    "bad-meta-token": FaultKind(
        "Meta's code 190: it refuses the token, behind a gateway that of the gateway (G-21)",
        is_passing=False,
    ),
    "no-meta-token": FaultKind(
        "HTTP 401, the gateway has no Meta token (E2, E3)", is_passing=False, is_of_gateway=True
    ),
    "unauthenticated": FaultKind("HTTP 401, the credential is refused (E7)", is_passing=False),
    "forbidden": FaultKind("HTTP 403, the operation is refused (E7)", is_passing=False),
    "stored-but-failed": FaultKind(
        "upload: the file is stored, then Meta's 139001/4016012", 0, _UPLOAD
    ),
    "no-validations": FaultKind(
        "upload: the file is stored, then HTTP 500 (G-05)", 0, _UPLOAD, is_of_gateway=True
    ),
    "asset-unavailable": FaultKind(
        "get: assets are named, json_contents is null (G-07); download: HTTP 403", 0, _CONTENT
    ),
    "no-json-version": FaultKind(
        "get: HTTP 500 as for a flow without json_version (G-06)", 0, _GET, is_of_gateway=True
    ),
    "normalised": FaultKind(
        "get, download: content of the same value in other words: keys, numbers (G-08)", 0, _CONTENT
    ),
    "no-data": FaultKind("list: success without data", 0, _LIST, is_of_gateway=True),
    "page-lost": FaultKind("list: the last VALUE (default 1) flows are missing", 1, _LIST),
    "page-repeated": FaultKind("list: the last VALUE (default 1) flows come twice", 1, _LIST),
    "page-reordered": FaultKind("list: the flows come in the opposite order", 0, _LIST),
    "page-blank": FaultKind("list: the last VALUE (default 1) flows are empty entries", 1, _LIST),
    "page-empty": FaultKind("list: success with an empty list", 0, _LIST),
    "stale": FaultKind(
        "list, get: as before the latest write of the last VALUE (default 1000) milliseconds",
        1000,
        _LIST | _GET,
    ),
    "second-writer": FaultKind(
        "first somebody else uploads to the flow, or takes the name of one to create",
        0,
        _ALL - _LIST,
        is_passing=False,
    ),
    "second-writer-after": FaultKind(
        "does what is asked, then somebody else uploads to the flow",
        0,
        _ALL - _LIST,
        is_passing=False,
    ),
}
