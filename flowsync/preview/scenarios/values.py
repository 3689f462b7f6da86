"""Scenarios as values: what is done, what is expected, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flowsync.model import FlowKey, JsonValue
from flowsync.preview.engine import Start


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Put a value into an input; `text` is it as written, where YAML read something else in it."""

    target: str
    value: JsonValue
    text: JsonValue = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """Tap on something: a name, a label or text, or a type; `item` is the id of a list's item."""

    target: str
    item: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Go back with the phone's button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close the flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What must be so now; what is None or empty is not looked at.

    `payload` is the whole final payload, its flow token only where it is named. `sent` is a part of
    what the endpoint was sent last, `data` of what the screen was given, `values` of what its
    inputs hold. `errors` are messages by input; `can_continue` tells whether the Footer can be
    tapped.
    """

    screen: str | None = None
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    errors: Mapping[str, JsonValue] = field(default_factory=dict)
    notice: str | None = None
    can_continue: bool | None = None
    sent: Mapping[str, JsonValue] | None = None
    payload: Mapping[str, JsonValue] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step and where it stands in its file."""

    does: Fill | Tap | Back | Close | Expect
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One walk. `today` is the day on the phone, None for the day on which it is run."""

    name: str
    steps: tuple[Step, ...]
    path: str
    line: int
    column: int
    start: Start = field(default_factory=Start)
    today: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a scenario failed: the place of the step, and a sentence."""

    path: str
    line: int
    column: int
    message: str

    @property
    def text(self) -> str:
        """Give it as one line: `flows/a.scenarios.yaml:12:5: …`."""
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of a scenario; no `failure` where all of it was as expected."""

    scenario: Scenario
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchosen:
    """The options of an input that no scenario chooses, of `number` that it offers."""

    screen: str
    name: str
    options: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """What no scenario of a flow reaches: screens by id, branches in words, options."""

    screens: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    options: tuple[Unchosen, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.screens or self.branches or self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What came of a flow's scenarios; `path` is their file, None where there is none.

    With `must_reach` it is a failure where there is anything that none of them reaches.
    """

    key: FlowKey
    path: str | None
    ran: tuple[Ran, ...] = ()
    unreached: Unreached = field(default_factory=Unreached)
    must_reach: bool = False

    @property
    def is_passed(self) -> bool:
        """Tell whether all went as expected, and all is reached that must be."""
        return not self.failures and not (self.must_reach and self.unreached)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Give why those failed that did."""
        return tuple(one.failure for one in self.ran if one.failure is not None)
