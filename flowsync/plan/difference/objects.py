"""Reading lists of objects in Flow JSON without complaint, whatever shape they have."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from flowsync.model import JsonValue

JsonObject: TypeAlias = "dict[str, JsonValue]"
Pointer: TypeAlias = "tuple[str | int, ...]"

_LABELS = ("label", "text", "title", "description")


def objects(value: JsonValue) -> list[JsonObject] | None:
    """Give a list of objects as it is; None for anything else."""
    if not isinstance(value, list):
        return None
    found = [item for item in value if isinstance(item, dict)]
    return found if len(found) == len(value) else None


def by_id(value: JsonValue) -> dict[str, JsonObject] | None:
    """Give a list of objects by their ids; None unless all have one and none is repeated."""
    items = objects(value)
    if items is None:
        return None
    found: dict[str, JsonObject] = {}
    for item in items:
        item_id = item.get("id")
        if not isinstance(item_id, str) or item_id in found:
            return None
        found[item_id] = item
    return found


def without(value: JsonObject, *names: str) -> JsonObject:
    """Give an object without some of its members."""
    return {key: item for key, item in value.items() if key not in names}


def name_of(component: Mapping[str, JsonValue]) -> str | None:
    """Give the name of a component, where it has one."""
    name = component.get("name")
    return name if isinstance(name, str) else None


def type_of(component: Mapping[str, JsonValue]) -> str:
    """Give the type of a component as it is written."""
    return str(component.get("type", "component"))


def label_of(value: Mapping[str, JsonValue]) -> str:
    """Give what people call a screen, a component or an option: its label, text or title."""
    inner = value.get("main-content")
    for source in (value, inner if isinstance(inner, dict) else {}):
        for key in _LABELS:
            text = source.get(key)
            if isinstance(text, list):
                text = " ".join(line for line in text if isinstance(line, str))
            if isinstance(text, str) and text:
                return text
    return ""


def out_of_order(order: Sequence[int]) -> set[int]:
    """Give the fewest places of a sequence of different numbers that keep it from rising.

    Places that end rises of one length hold falling numbers, so each is found by bisection.
    """
    by_length: list[list[int]] = []  # for each length: the places at which such a rise ends
    falling: list[list[int]] = []  # the same places' numbers, negated
    before: list[int] = []
    for place, number in enumerate(order):
        length = bisect_left(by_length, number, key=lambda places: order[places[-1]])
        if length == len(by_length):
            by_length.append([])
            falling.append([])
        earlier = length - 1
        first = bisect_right(falling[earlier], -number) if length else 0
        before.append(by_length[earlier][first] if length else -1)
        by_length[length].append(place)
        falling[length].append(-number)
    kept: set[int] = set()
    place = by_length[-1][0] if by_length else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return set(range(len(order))) - kept
