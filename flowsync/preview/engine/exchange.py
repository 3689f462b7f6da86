"""What passes between a flow that is tried and its endpoint, wherever the answers come from.

Source: https://developers.facebook.com/docs/whatsapp/flows/guides/implementingyourflowendpoint
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flowsync.model import JsonValue

PROTOCOL_VERSION = "3.0"
SUCCESS_SCREEN = "SUCCESS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an endpoint is asked, decrypted.

    `action` is INIT, BACK, data_exchange or ping. `screen` is the one that asks, None on INIT and
    ping.
    """

    action: str
    screen: str | None = None
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    flow_token: str = ""
    version: str = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an endpoint answers: the next screen and its data.

    The screen `SUCCESS` with `extension_message_response` ends the flow; after a ping it is empty.
    """

    screen: str
    data: Mapping[str, JsonValue] = field(default_factory=dict)


class ExchangeFailed(Exception):
    """An endpoint gave no answer that a flow can go on with.

    `message` is a sentence for the log, `shown` what a person with a phone sees. `status` is that
    of HTTP where there was one; `is_timeout` tells that no answer came in time.
    """

    def __init__(
        self, message: str, *, shown: str, status: int | None = None, is_timeout: bool = False
    ) -> None:
        super().__init__(message)
        self.message, self.shown = message, shown
        self.status, self.is_timeout = status, is_timeout


Endpoint: TypeAlias = Callable[[Request], Answer]
