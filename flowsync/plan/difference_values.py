"""What differs inside Flow JSON, and what other systems notice of it, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from flowsync.model import JsonValue


class Subject(Enum):
    """What a difference inside Flow JSON is about."""

    FLOW = "flow"
    SCREEN = "screen"
    COMPONENT = "component"
    OPTION = "option"
    TEXT = "text"
    ACTION = "action"
    ROUTE = "route"
    DATA = "data"
    SETTING = "setting"


class DifferenceKind(Enum):
    """What happened to the subject of a difference."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference inside Flow JSON; flowsync.plan.difference says how both sides are matched.

    `screen` is the id of the screen it is on, the new one where that was renamed, and None for the
    flow as a whole; `screen_title` is what people see above that screen. `component` names the
    component and what it stands in, such as `Form form › TextInput email`, and is empty where the
    screen is meant. `what` is the property, empty where the whole thing is meant, `item` the id of
    the option concerned. `label` is what people call it: the title of a screen or an option, the
    label or text of a component. `pointer` leads to the place in the new Flow JSON; for what was
    removed, to what it stood in.
    """

    subject: Subject
    kind: DifferenceKind
    screen: str | None = None
    screen_title: str = ""
    component: str = ""
    what: str = ""
    item: str | None = None
    label: str = ""
    old: JsonValue = field(default=None, hash=False)
    new: JsonValue = field(default=None, hash=False)
    pointer: tuple[str | int, ...] = ()

    @property
    def where(self) -> str:
        """Name the place in one line: `screen CONTACT › Form form › TextInput email`."""
        if self.screen is None:
            return "flow"
        screen = f"screen {self.screen}"
        return f"{screen} › {self.component}" if self.component else screen


class ContractPart(Enum):
    """What other systems rely on in a flow."""

    ANSWERS = "answers"
    ENDPOINT = "endpoint"
    DATA = "data"
    SCREENS = "screens"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChange:
    """Something that other systems notice; `is_breaking` where they may have to change for it.

    `subject` is the key, field or screen concerned, empty where the part as a whole is meant.
    `message` says what changes, without a full stop.
    """

    part: ContractPart
    is_breaking: bool
    subject: str
    message: str
