"""The parts of a Flow JSON that rules look at, found in any JSON value without complaint.

What has a wrong shape is left out here; saying so is up to the checks of shapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation.components import COMPONENTS
from flowsync.validation.versions import Version
from flowsync.validation.wording import quoted

JsonObject = dict[str, JsonValue]


class Parent(Enum):
    """What a component stands in; the value is how messages speak of it."""

    LAYOUT = "directly in the layout"
    FORM = "in a Form"
    IF = "in an If"
    SWITCH = "in a Switch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component: an object in a list of components, with a known `type` or another.

    `branches` are the lists of components in it: one of a Form, up to two of an If, the cases of a
    Switch. `if_depth` counts the Ifs it stands in.
    """

    pointer: Pointer
    value: JsonObject
    type: str
    screen_id: str
    parent: Parent
    in_form: bool
    if_depth: int
    branches: tuple[tuple[Component, ...], ...] = ()

    @property
    def name(self) -> str | None:
        """Give the name, where it has one that is text."""
        name = self.value.get("name")
        return name if isinstance(name, str) else None

    @property
    def label(self) -> str:
        """Say which component this is."""
        kind = self.type if self.type in COMPONENTS else "component"
        named = f" {quoted(self.name)}" if self.name is not None else ""
        return f"{kind}{named} on screen {quoted(self.screen_id)}"

    def __str__(self) -> str:
        """Give the label."""
        return self.label

    def walk(self) -> Iterator[Component]:
        """Give this component and all in it, in reading order."""
        yield self
        for branch in self.branches:
            for child in branch:
                yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action of a component, or of an entry in its list.

    `is_collected` tells whether the platform looks at it after the shapes are right.
    """

    pointer: Pointer
    value: JsonObject
    key: str
    component: Component
    is_collected: bool = True
    is_of_entry: bool = False

    @property
    def name(self) -> str:
        """Give the action's name, empty where there is none."""
        name = self.value.get("name")
        return name if isinstance(name, str) else ""

    @property
    def payload(self) -> JsonObject:
        """Give the payload, empty where there is none."""
        payload = self.value.get("payload")
        return payload if isinstance(payload, dict) else {}

    @property
    def target(self) -> str | None:
        """Give the screen id that the action navigates to, where it is one."""
        following = self.value.get("next")
        if self.name != "navigate" or not isinstance(following, dict):
            return None
        target = following.get("name")
        is_id = isinstance(target, str) and not target.startswith(("${", "`"))
        return target if following.get("type") == "screen" and is_id else None  # type: ignore[return-value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A screen. `is_whole` is false where a part of it could not be read as what it should be."""

    pointer: Pointer
    value: JsonObject
    id: str
    has_id: bool
    children: tuple[Component, ...]
    components: tuple[Component, ...]
    actions: tuple[Action, ...]
    named: Mapping[str, Component] = field(default_factory=dict)
    is_whole: bool = True

    @property
    def is_terminal(self) -> bool:
        """Tell whether the flow can end here."""
        return self.value.get("terminal") is True

    @property
    def data(self) -> JsonObject | None:
        """Give the data model, None where there is none."""
        data = self.value.get("data")
        return data if isinstance(data, dict) else None

    def has(self, *types: str) -> bool:
        """Tell whether a component of one of these types is on the screen."""
        return any(component.type in types for component in self.components)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A whole flow. `is_whole` is false where an entry of `screens` is no screen with an id."""

    version: Version
    value: JsonObject
    screens: tuple[Screen, ...]
    by_id: Mapping[str, Screen]
    is_whole: bool

    @property
    def has_endpoint(self) -> bool:
        """Tell whether the flow talks to an endpoint."""
        return "data_api_version" in self.value


def read_flow(value: JsonObject, version: Version) -> Flow:
    """Give the outline of a Flow JSON."""
    entries = value.get("screens")
    entries = entries if isinstance(entries, list) else []
    screens = tuple(
        _screen(("screens", index), entry)
        for index, entry in enumerate(entries)
        if isinstance(entry, dict)
    )
    by_id: dict[str, Screen] = {}
    for screen in screens:
        if screen.has_id:
            by_id.setdefault(screen.id, screen)
    is_whole = len(screens) == len(entries) > 0 and all(screen.has_id for screen in screens)
    return Flow(version=version, value=value, screens=screens, by_id=by_id, is_whole=is_whole)


def _screen(pointer: Pointer, value: JsonObject) -> Screen:
    given_id = value.get("id")
    has_id = isinstance(given_id, str)
    shown_id = given_id if isinstance(given_id, str) else f"number {pointer[-1]}"
    layout = value.get("layout")
    reader = _Reader(shown_id)
    children: tuple[Component, ...] = ()
    if isinstance(layout, dict):
        at = (*pointer, "layout", "children")
        children = reader.components(at, layout.get("children"), Parent.LAYOUT, False, 0)
    else:
        reader.is_whole = False
    components = tuple(part for child in children for part in child.walk())
    named: dict[str, Component] = {}
    for component in components:
        if component.name is not None and component.type != "Form":
            named.setdefault(component.name, component)
    return Screen(
        pointer=pointer,
        value=value,
        id=shown_id,
        has_id=has_id,
        children=children,
        components=components,
        actions=tuple(action for part in components for action in actions_of(part)),
        named=named,
        is_whole=reader.is_whole,
    )


class _Reader:
    """Reads the components of one screen."""

    def __init__(self, screen_id: str) -> None:
        self.screen_id = screen_id
        self.is_whole = True

    def components(
        self, at: Pointer, value: JsonValue, parent: Parent, in_form: bool, if_depth: int
    ) -> tuple[Component, ...]:
        if not isinstance(value, list):
            self.is_whole = False
            return ()
        return tuple(
            self._component((*at, index), entry, parent, in_form, if_depth)
            for index, entry in enumerate(value)
            if self._is_object(entry)
        )

    def _is_object(self, entry: JsonValue) -> bool:
        self.is_whole = self.is_whole and isinstance(entry, dict)
        return isinstance(entry, dict)

    def _component(
        self, at: Pointer, value: JsonValue, parent: Parent, in_form: bool, if_depth: int
    ) -> Component:
        assert isinstance(value, dict)
        kind = value.get("type")
        kind = kind if isinstance(kind, str) else ""
        if kind not in COMPONENTS:
            self.is_whole = False
        branches: list[tuple[Component, ...]] = []
        if kind == "Form":
            inside = self.components(
                (*at, "children"), value.get("children"), Parent.FORM, True, if_depth
            )
            branches.append(inside)
        elif kind == "If":
            branches.extend(
                self.components((*at, key), value[key], Parent.IF, in_form, if_depth + 1)
                for key in ("then", "else")
                if key in value
            )
        elif kind == "Switch":
            cases = value.get("cases")
            if isinstance(cases, dict):
                branches.extend(
                    self.components((*at, "cases", key), case, Parent.SWITCH, in_form, if_depth)
                    for key, case in cases.items()
                )
            else:
                self.is_whole = False
        return Component(
            pointer=at,
            value=value,
            type=kind,
            screen_id=self.screen_id,
            parent=parent,
            in_form=in_form,
            if_depth=if_depth,
            branches=tuple(branches),
        )


_ACTION_KEYS = ("on-click-action", "on-select-action", "on-unselect-action")
_ENTRY_LISTS = ("data-source", "list-items")


def actions_of(component: Component) -> Iterator[Action]:
    """Give the actions of a component and of the entries in its list."""
    if component.type not in COMPONENTS:
        return
    properties = COMPONENTS[component.type].properties
    for key in _ACTION_KEYS:
        value = component.value.get(key)
        if key in properties and isinstance(value, dict):
            at = (*component.pointer, key)
            yield Action(pointer=at, value=value, key=key, component=component)
    for list_key in _ENTRY_LISTS:
        entries = component.value.get(list_key)
        if list_key not in properties or not isinstance(entries, list):
            continue
        for index, entry in enumerate(entries):
            for key in _ACTION_KEYS:
                value = entry.get(key) if isinstance(entry, dict) else None
                if isinstance(value, dict):
                    yield Action(
                        pointer=(*component.pointer, list_key, index, key),
                        value=value,
                        key=key,
                        component=component,
                        is_collected=component.type != "NavigationList",
                        is_of_entry=True,
                    )
