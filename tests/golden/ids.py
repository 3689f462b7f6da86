"""Ids of WhatsApp Flows, made by `flowsync ids`. Do not edit."""

# ruff: noqa: E501
# Target: staging
# Command: flowsync ids --target staging
# Without an id here: gone

from typing import Final, TypedDict


class Flow(TypedDict):
    """A flow as the target has it."""

    id: str
    name: str
    status: str


FLOW_BOOKING: Final = "1170000000000001"
FLOW_SUPPORT_FLOW_2: Final = "x_-9"
FLOW_2FA_LOGIN: Final = "7"

FLOWS: Final[dict[str, Flow]] = {
    "booking": {
        "id": FLOW_BOOKING,
        "name": "Booking",
        "status": "PUBLISHED",
    },
    "support/flow-2": {
        "id": FLOW_SUPPORT_FLOW_2,
        "name": "<b>| `rm` ``` \u001b[31mred\u001b]0;title\u0007 \u009b31m a\u202egnp.b \u2066x\u2069 first\nsecond\r::error::third ::error::boo a\u2028b\u2029c\u0085d a\u200bb\ufeffc\u00adc x\U000e0041y \ud800 \u0000 \U0001f600 */ ${x}",
        "status": "<b>| `rm` ``` \u001b[31mred\u001b]0;title\u0007 \u009b31m a\u202egnp.b \u2066x\u2069 first\nsecond\r::error::third ::error::boo a\u2028b\u2029c\u0085d a\u200bb\ufeffc\u00adc x\U000e0041y \ud800 \u0000",
    },
    "2fa.login": {
        "id": FLOW_2FA_LOGIN,
        "name": '"\\',
        "status": "DRAFT",
    },
}
