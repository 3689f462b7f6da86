"""What Meta's error codes mean for flowsync, and what a person can do about them.

One table serves the gateway, which passes Meta's errors on, and the Graph API. Source:
https://developers.facebook.com/docs/graph-api/guides/error-handling and
https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes; subcodes as observed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flowsync.errors import FROZEN, UNKNOWN_FLOW
from flowsync.retry_policy import ENDPOINT_SILENT, STORED_BUT_FAILED


class ErrorClass(Enum):
    """What kind of failure a code stands for, which decides what is done about it."""

    PASSING = "passing"
    THROTTLED = "throttled"
    DENIED = "denied"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMeaning:
    """The class of an error code, and the next step for the person, as a sentence."""

    kind: ErrorClass
    next_step: str


def _refused(next_step: str) -> CodeMeaning:
    return CodeMeaning(kind=ErrorClass.REFUSED, next_step=next_step)


NAME_TAKEN = (100, 4016019)

_PASSING = CodeMeaning(kind=ErrorClass.PASSING, next_step="Run the command again later.")
_THROTTLED = CodeMeaning(
    kind=ErrorClass.THROTTLED,
    next_step="Wait some minutes, or lower `limits.requests_per_hour` and `limits.parallelism`.",
)
_DENIED = CodeMeaning(
    kind=ErrorClass.DENIED,
    next_step="Check the token of the system user at Meta, its rights, and its access to the "
    "account.",
)

MEANINGS: dict[tuple[int, int | None], CodeMeaning] = {
    **{(code, None): _PASSING for code in (1, 2, 131000, 131016)},
    **{(code, None): _THROTTLED for code in (4, 17, 32, 613, 80007, 80008, 130429)},
    **{(code, None): _DENIED for code in (0, 190, 102, 3, 10, *range(200, 300))},
    (2500, None): _refused(
        "There is no such address: check base_url, and whether `remote` is gateway or graph."
    ),
    (2635, None): _refused("Meta has ended this version: set a newer `api_version`."),
    (368, None): _refused("The account is restricted by Meta's policy; see WhatsApp Manager."),
    (131031, None): _refused("The account is locked by Meta; see WhatsApp Manager."),
    (139000, None): _refused(
        "Meta's integrity check blocks this account; a person must clear that in WhatsApp Manager."
    ),
    NAME_TAKEN: _refused("Another flow of the account has this name; choose another `name`."),
    UNKNOWN_FLOW: _refused("The flow is gone, or this credential may not see it; plan again."),
    FROZEN: _refused(
        "This flow cannot be edited any more. With `replace: true` in its definition, flowsync "
        "replaces it by a new one and deprecates it."
    ),
    STORED_BUT_FAILED: CodeMeaning(
        kind=ErrorClass.PASSING, next_step="Run `flowsync apply` again to upload the file again."
    ),
    (139001, None): _refused("The platform does not let this flow be changed; plan again."),
    (139002, 4233024): _refused("Declare `endpoint_uri`, or remove `data_api_version`."),
    (139002, 4233012): _refused("Upload a signed public key for the phone number first."),
    ENDPOINT_SILENT: CodeMeaning(
        kind=ErrorClass.PASSING, next_step="Deploy the endpoint first; it did not answer."
    ),
    (139002, None): _refused("Mend what the message says, then run `flowsync apply` again."),
    (139003, None): _refused("Only a published flow can be deprecated; plan again."),
    (139004, None): _refused("Only a draft can be deleted; use `state: deprecated` instead."),
    (131009, None): _refused("Publish the flow first."),
    (132068, None): _refused("The flow is blocked by Meta; mend its endpoint first."),
    (132069, None): _refused("The flow is throttled by Meta to ten messages an hour."),
}
"""What is known of errors by code and subcode; None stands for every other subcode."""


def meaning_of(code: int, subcode: int | None, *, is_transient: bool) -> CodeMeaning:
    """Give what an error means, by code and subcode, then by code alone."""
    found = MEANINGS.get((code, subcode)) or MEANINGS.get((code, None))
    if found is not None:
        return found
    return _PASSING if is_transient else _refused("See what the message says.")
