"""In which order keys stand, as data: what names a thing comes first, what it does comes last.

Objects whose keys the author chose (payloads, data, routes, cases, examples) keep their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

# --- definitions ---

DEFINITION_KEYS = (
    "name",
    "categories",
    "flow_json",
    "endpoint_uri",
    "state",
    "clone_from",
    "renamed_from",
    "protect",
    "replace",
    "ignore",
    "targets",
)


# --- Flow JSON ---


class Role(Enum):
    """What an object in a Flow JSON is; the role of an array is that of each of its entries."""

    AUTHOR = auto()  # keys in the author's order, all the way down
    FLOW = auto()
    SCREEN = auto()
    LAYOUT = auto()
    FIELDS = auto()  # data and properties: name → field
    FIELD = auto()
    COMPONENT = auto()
    CASES = auto()  # of a Switch: case → components
    ENTRY = auto()  # an option, a link, an image, or a part of one
    RANGE = auto()  # of a CalendarPicker
    ACTION = auto()
    NEXT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The keys that come first and last in a role, and the roles of what they hold.

    All other keys stand between the two in the author's order; `others` is the role they hold.
    """

    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    members: Mapping[str, Role] = field(default_factory=dict)
    others: Role = Role.AUTHOR


_ACTIONS = ("on-click-action", "on-select-action", "on-unselect-action")
_ACTION_ROLES = dict.fromkeys(_ACTIONS, Role.ACTION)
_COMPONENT = Order(
    first=(
        # what it is, and what people read
        *("type", "name", "condition", "value"),
        *("label", "label-variant", "title", "text", "description"),
        *("input-type", "pattern", "helper-text"),
        *("left-caption", "center-caption", "right-caption"),
        # how it looks
        *("font-weight", "strikethrough", "markdown"),
        *("src", "alt-text", "width", "height", "scale-type", "aspect-ratio", "media-size"),
        # what it takes
        *("min-chars", "max-chars", "max-length", "min-selected-items", "max-selected-items"),
        *("mode", "min-date", "max-date", "unavailable-dates", "include-days"),
        *("min-days", "max-days"),
        *("photo-source", "min-uploaded-photos", "max-uploaded-photos"),
        *("min-uploaded-documents", "max-uploaded-documents"),
        *("max-file-size-kb", "allowed-mime-types"),
        # its state
        *("required", "enabled", "visible"),
        *("init-value", "error-message", "init-values", "error-messages"),
    ),
    last=(
        *("images", "data-source", "list-items", "children", "then", "else", "cases"),
        *_ACTIONS,
    ),
    members={
        **dict.fromkeys(("children", "then", "else"), Role.COMPONENT),
        **dict.fromkeys(("images", "data-source", "list-items"), Role.ENTRY),
        **dict.fromkeys(
            ("label", "helper-text", "required", "init-value", "error-message"), Role.RANGE
        ),
        "cases": Role.CASES,
        **_ACTION_ROLES,
    },
)
_ENTRY = Order(
    first=(
        *("id", "main-content", "title", "description", "metadata"),
        *("start", "end", "badge", "tags", "enabled"),
        *("src", "image", "alt-text", "color"),
    ),
    last=_ACTIONS,
    members={**dict.fromkeys(("main-content", "start", "end"), Role.ENTRY), **_ACTION_ROLES},
)

ORDERS: Mapping[Role, Order] = {
    Role.AUTHOR: Order(),
    Role.FLOW: Order(
        first=(
            *("$schema", "version", "data_api_version", "data_channel_uri"),
            *("routing_model", "screens"),
        ),
        members={"screens": Role.SCREEN},
    ),
    Role.SCREEN: Order(
        first=("id", "title", "terminal", "success", "refresh_on_back", "data", "sensitive"),
        last=("layout",),
        members={"data": Role.FIELDS, "layout": Role.LAYOUT},
    ),
    Role.LAYOUT: Order(first=("type",), last=("children",), members={"children": Role.COMPONENT}),
    Role.FIELDS: Order(others=Role.FIELD),
    Role.FIELD: Order(
        first=("type", "description", "items", "properties", "required"),
        last=("__example__",),
        members={"items": Role.FIELD, "properties": Role.FIELDS},
    ),
    Role.COMPONENT: _COMPONENT,
    Role.CASES: Order(others=Role.COMPONENT),
    Role.ENTRY: _ENTRY,
    Role.RANGE: Order(first=("start-date", "end-date")),
    Role.ACTION: Order(first=("name", "next", "payload", "url"), members={"next": Role.NEXT}),
    Role.NEXT: Order(first=("type", "name")),
}
_PLACES: Mapping[Role, Mapping[str, int]] = {
    role: {
        **{key: index - len(order.first) for index, key in enumerate(order.first)},
        **{key: index + 1 for index, key in enumerate(order.last)},
    }
    for role, order in ORDERS.items()
}


def in_order(keys: Iterable[str], role: Role) -> list[str]:
    """Give the keys of an object in their canonical order."""
    places = _PLACES[role]
    return sorted(keys, key=lambda key: places.get(key, 0))


def role_of_member(key: str, role: Role) -> Role:
    """Give the role of what an object holds under a key."""
    order = ORDERS[role]
    return order.members.get(key, order.others)


def definition_order(keys: Iterable[str]) -> list[str]:
    """Give the fields of a definition, or of one of its targets, in their canonical order."""
    places = {key: index for index, key in enumerate(DEFINITION_KEYS)}
    return sorted(keys, key=lambda key: places.get(key, len(places)))
