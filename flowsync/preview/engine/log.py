"""What happened while a flow ran, in the words of the platform's own actions tab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from flowsync.model import JsonValue
from flowsync.preview.engine.exchange import Answer, Request


class LogKind(Enum):
    """What happened; the value is the word for it."""

    INIT = "init"
    NAVIGATE = "navigate"
    DATA_EXCHANGE = "data_exchange"
    UPDATE_DATA = "update_data"
    OPEN_URL = "open_url"
    BACK = "back"
    CLOSE = "close"
    COMPLETE = "complete"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One thing that happened.

    `screen` is where; `message` a sentence. `data` is what was passed on: a payload, or the address
    of open_url. `request`, `answer` and `status` (as of HTTP; None where no answer came) are those
    of an exchange with the endpoint. `is_error` where something went wrong.
    """

    kind: LogKind
    screen: str
    message: str
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    request: Request | None = None
    answer: Answer | None = None
    status: int | None = None
    is_error: bool = False
