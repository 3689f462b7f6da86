"""Answers that are written down beside a definition, as values: which requests, what answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from flowsync.model import JsonValue


class Fault(Enum):
    """What may go wrong between a flow and its endpoint, on purpose."""

    TIMEOUT = "timeout"
    CANNOT_DECRYPT = "421"
    TOKEN_EXPIRED = "427"
    BAD_SIGNATURE = "432"
    SERVER_ERROR = "500"
    WRONG_SCREEN = "wrong-screen"
    MISSING_FIELD = "missing-field"
    ERROR_MESSAGE = "error-message"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The requests that a fixture is for; None and fields that are not named fit anything."""

    action: str | None = None
    screen: str | None = None
    data: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAnswer:
    """An answer as written, where `${data.name}` and the like stand for parts of the request."""

    screen: str
    data: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """One exchange that is written down.

    It has an `answer`, a `fault`, or both where the fault spoils an answer. `message` goes with the
    fault. `delay` is in seconds. After `times` uses it fits no more; None means without end. `line`
    is where it stands in its file.
    """

    when: When
    answer: WrittenAnswer | None = None
    fault: Fault | None = None
    message: str = ""
    delay: float = 0.0
    times: int | None = None
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixtures:
    """All exchanges of a file, `path` as shown to people; the first that fits a request counts."""

    path: str
    exchanges: tuple[Fixture, ...] = ()
