"""What the platform checks before a flow goes live, and what keeps a whole account from it.

A trouble of the account shows in two places, as on the platform: publishing is refused, and the
health of a draft says so before.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flowsync.model import FlowStatus
from flowsync.remotes.emulator.refusals import NO_ENDPOINT_TITLE, PlatformError
from flowsync.remotes.emulator.stored import StoredFlow


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong with an account: how publishing is refused, and what health says.

    `part` is the entity of the health status that the trouble belongs to. With
    `is_about_endpoints` flows without an endpoint do not mind.
    """

    meaning: str
    refusal: PlatformError
    part: str
    solution: str
    is_about_endpoints: bool = False

    def concerns(self, flow: StoredFlow) -> bool:
        """Tell whether a flow cannot be published because of it."""
        return not self.is_about_endpoints or uses_endpoint(flow)


def _refusal(message: str, code: int = 139002, subcode: int | None = None) -> PlatformError:
    return PlatformError(message, code=code, subcode=subcode, title="Flow can't be published")


TROUBLES: dict[str, Trouble] = {
    "no-phone-number": Trouble(
        meaning="no phone number is registered with the account",
        refusal=_refusal("No phone number is registered with the account."),
        part="WABA",
        solution="Register a phone number.",
    ),
    "no-app": Trouble(
        meaning="no app is connected to the account",
        refusal=_refusal("app_check: no Meta app is connected to the flow."),
        part="FLOW",
        solution="Connect an app.",
    ),
    "no-public-key": Trouble(
        meaning="no phone number has a signed public key, which endpoints need",
        refusal=_refusal("public_key: no phone number has a signed public key.", subcode=4233012),
        part="FLOW",
        solution="Upload a public key and have it signed.",
        is_about_endpoints=True,
    ),
    "endpoint-down": Trouble(
        meaning="the endpoints of the account's flows do not answer",
        refusal=_refusal("endpoint_availability: no answer to the check.", subcode=4233014),
        part="FLOW",
        solution="Deploy the endpoint.",
        is_about_endpoints=True,
    ),
    "integrity": Trouble(
        meaning="Meta's integrity check blocks the account",
        refusal=PlatformError(
            "The business does not meet the integrity requirements.",
            code=139000,
            subcode=4233020,
            title="Flow publishing failed",
        ),
        part="BUSINESS",
        solution="Verify the business.",
    ),
}
"""What can keep an account from publishing, by the name it is switched on with."""


def uses_endpoint(flow: StoredFlow) -> bool:
    """Tell whether a flow talks to an endpoint."""
    return flow.content_text("data_api_version") is not None


def refusals_to_publish(flow: StoredFlow, troubles: Iterable[str]) -> Iterator[PlatformError]:
    """Give everything that keeps a draft from going live, the first being what publish answers."""
    if flow.flow_json is None:
        yield _refusal("The flow has no Flow JSON.")
    if flow.findings:
        yield _refusal("The Flow JSON has validation errors.")
    if uses_endpoint(flow) and not flow.endpoint_uri:
        yield PlatformError(
            "endpoint_uri: the flow uses an endpoint, but has none.",
            code=139002,
            subcode=4233024,
            title=NO_ENDPOINT_TITLE,
        )
    for name in troubles:
        if TROUBLES[name].concerns(flow):
            yield TROUBLES[name].refusal


def check_publishable(flow: StoredFlow, troubles: Iterable[str]) -> None:
    """Refuse to publish what is no draft, or what cannot go live."""
    if flow.status != FlowStatus.DRAFT.value:
        raise _refusal("The flow is not a draft.")
    for refusal in refusals_to_publish(flow, troubles):
        raise refusal
