"""The words of the component table: kinds of values, properties, component types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from flowsync.validation.versions import V5_1, Version


class Kind(Enum):
    """What values a property takes. «Dynamic» kinds also take a binding or an expression."""

    TEXT = auto()  # dynamic; not blank from 6.0
    FILLED_TEXT = auto()  # dynamic; never blank
    NAME = auto()  # filled, and not dynamic from 6.0
    LITERAL_TEXT = auto()  # from 6.0 not blank
    LITERAL_BASE64 = auto()  # content not checked
    ANY_TEXT = auto()
    BOUND_TEXT = auto()  # any text or a binding, from 6.3 no expression
    BOOLEAN = auto()  # dynamic
    BOUND_BOOLEAN = auto()  # a boolean or a binding, but no expression
    NUMBER = auto()  # dynamic
    INTEGER = auto()  # dynamic
    CHOICE = auto()  # dynamic
    LITERAL_BOOLEAN = auto()
    LITERAL_INTEGER = auto()
    LITERAL_CHOICE = auto()
    DATE = auto()  # dynamic; the form is checked by `dates`
    REGEX = auto()
    COLOUR = auto()
    LIST = auto()  # dynamic; of `items`
    LITERAL_LIST = auto()
    OBJECT = auto()  # with `properties`
    FREE_OBJECT = auto()  # dynamic; any keys
    MESSAGES = auto()  # dynamic; an object of texts, from 6.0 of anything
    TEXT_OR_LIST = auto()  # dynamic text, or an array of filled texts
    RICH_TEXT = auto()  # dynamic text, or an array of texts
    RANGE = auto()  # `items`, or an object with start-date and end-date of it (CalendarPicker)
    MEDIA_ERROR = auto()  # dynamic text, or an object of texts (media pickers)
    CLICK = auto()  # a click action; `choices` are the action names
    SELECT = auto()  # a selection action
    COMPONENTS = auto()
    CASES = auto()
    CONDITION = auto()
    SWITCH_VALUE = auto()


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a component or of an entry in one of its lists.

    `outside_form` marks what a component may not have inside a Form. `limit` is the number of
    characters that clients show, which the platform does not enforce. `shown` are how many entries
    of a list clients show. `minimum` and `maximum` concern the number, or the length of a list.
    """

    kind: Kind
    required: bool = False
    since: Version = V5_1
    outside_form: bool = False
    non_empty: bool = False
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    limit: int | None = None
    shown: tuple[int, int] | None = None
    items: Property | None = None
    properties: Mapping[str, Property] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentType:
    """A component type: its properties, and since when it may stand in each place."""

    properties: Mapping[str, Property]
    in_layout: Version | None = V5_1
    in_form: Version | None = V5_1
    in_if: Version | None = V5_1
    in_switch: Version | None = V5_1
