"""The codes that the platform gives beside a fault because it tries every form of a component.

Where a component does not fit, the platform also tells of each of its values that does not fit the
other form that such a value may have, although it fits its own. An author gains nothing from that,
so these codes appear only in the emulator's answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation.component_properties import CHIP
from flowsync.validation.components import COMPONENTS
from flowsync.validation.outline import Component, Flow
from flowsync.validation.versions import V6_2, V6_3, Version

TYPE, VALUE, CHOICE, KEY = (
    "INVALID_PROPERTY_TYPE",
    "INVALID_PROPERTY_VALUE",
    "INVALID_ENUM_VALUE",
    "INVALID_PROPERTY_KEY",
)
# Values that may be a list or an object, and otherwise a text.
_TEXT_INSTEAD = {"RichText": ("text",), "ImageCarousel": ("images",), "CalendarPicker": ("label",)}
_WITH_ADDRESS = ("EmbeddedLink", "OptIn")
_NO_CHIP = frozenset({"description", "metadata", "image", "alt-text", "color"})


def other_codes(flow: Flow, faults: Iterable[Pointer]) -> Iterator[tuple[str, Pointer]]:
    """Give the further codes of a flow whose shapes have faults at these places."""
    places = tuple(faults)
    for screen in flow.screens:
        for component in screen.components:
            if any(_is_own(component, place) for place in places):
                yield from _of_component(component, flow.version)
                yield from _of_options(component, places, flow.version)


def _is_own(component: Component, place: Pointer) -> bool:
    """Tell whether a place is in a component, and not in another one inside it."""
    start = len(component.pointer)
    if place[:start] != component.pointer:
        return False
    following = place[start : start + 1]
    is_nested = following in {("children",), ("then",), ("else",), ("cases",)}
    return not is_nested or len(place) == start + 1


def _of_component(component: Component, version: Version) -> Iterator[tuple[str, Pointer]]:
    value, at = component.value, component.pointer
    for key in _TEXT_INSTEAD.get(component.type, ()):
        if isinstance(value.get(key), list | dict):
            yield TYPE, (*at, key)
    click, select = value.get("on-click-action"), value.get("on-select-action")
    name: JsonValue = click.get("name") if isinstance(click, dict) else None
    has_address = name == "open_url" and component.type in _WITH_ADDRESS and version >= V6_2
    if has_address or (name is not None and component.type not in COMPONENTS):
        yield CHOICE, (*at, "on-click-action", "name")
    is_chips = component.type == "ChipsSelector"
    if isinstance(select, dict) and "name" in select and not is_chips:
        yield VALUE, (*at, "on-select-action", "name")


def _of_options(
    component: Component, places: tuple[Pointer, ...], version: Version
) -> Iterator[tuple[str, Pointer]]:
    options = component.value.get("data-source")
    if version < V6_3 or not isinstance(options, list):
        return
    for index, option in enumerate(options):
        at: Pointer = (*component.pointer, "data-source", index)
        if isinstance(option, dict) and any(place[: len(at)] == at for place in places):
            yield from ((KEY, (*at, key)) for key in option if key in _NO_CHIP - CHIP.keys())
