"""What a flow and its endpoint say to each other, before encryption and whatever carries it.

Source: https://developers.facebook.com/docs/whatsapp/flows/guides/implementingyourflowendpoint
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flowsync.model import JsonValue

INIT, BACK, DATA_EXCHANGE, PING = "INIT", "BACK", "data_exchange", "ping"
SUCCESS = "SUCCESS"  # the screen that an answer names to end the flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a flow sends to its endpoint.

    `action` is INIT, BACK, data_exchange or ping. `screen` is the one that the person looks at,
    None on INIT and ping.
    """

    action: str
    screen: str | None = None
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    flow_token: str = ""
    version: str = "3.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the endpoint answers: the screen to show and its data.

    The screen SUCCESS ends the flow; its data then has `extension_message_response`.
    """

    screen: str
    data: Mapping[str, JsonValue] = field(default_factory=dict)


class ExchangeFailed(Exception):
    """An exchange without an answer that can be used; the message is a sentence for the log.

    `shown` is what a person sees on the phone. `status` is the HTTP status (421, 427, 432, 500),
    None where no answer came.
    """

    def __init__(
        self,
        message: str,
        *,
        shown: str = "Something went wrong. Try again later.",
        status: int | None = None,
        is_timeout: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.shown = shown
        self.status = status
        self.is_timeout = is_timeout


Endpoint: TypeAlias = Callable[[Request], Answer]  # raises `ExchangeFailed`
