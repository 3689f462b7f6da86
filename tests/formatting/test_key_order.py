from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest

from flowsync.assets import schema_text
from flowsync.formatting.key_order import DEFINITION_KEYS, ORDERS, Role, in_order
from flowsync.validation.components import COMPONENTS
from flowsync.validation.kinds import Kind, Property

LATE = {Kind.CLICK, Kind.SELECT, Kind.COMPONENTS, Kind.CASES}


def named(role: Role) -> set[str]:
    return {*ORDERS[role].first, *ORDERS[role].last}


def entries(properties: Mapping[str, Property]) -> Iterator[Mapping[str, Property]]:
    """Give the properties of everything that stands in a list or an object of a component."""
    for prop in properties.values():
        inner = prop.properties or (prop.items.properties if prop.items else {})
        if inner:
            yield inner
            yield from entries(inner)


@pytest.mark.parametrize("kind", COMPONENTS)
def test_every_property_of_every_component_has_its_place(kind: str) -> None:
    assert COMPONENTS[kind].properties.keys() <= named(Role.COMPONENT)


@pytest.mark.parametrize("kind", COMPONENTS)
def test_every_property_inside_a_component_has_its_place(kind: str) -> None:
    for inner in entries(COMPONENTS[kind].properties):
        assert inner.keys() <= named(Role.ENTRY)


@pytest.mark.parametrize("kind", COMPONENTS)
def test_components_begin_with_type_and_name_and_end_with_what_is_in_them_and_actions(
    kind: str,
) -> None:
    properties = COMPONENTS[kind].properties
    keys = in_order([*sorted(properties, reverse=True), "type"], Role.COMPONENT)
    first = ["type", "name"] if "name" in properties else ["type"]
    assert keys[: len(first)] == first
    late = [key for key in keys if key in properties and properties[key].kind in LATE]
    assert keys[len(keys) - len(late) :] == late


def test_unknown_keys_stand_in_the_middle_in_the_authors_order() -> None:
    assert in_order(["layout", "zz", "id", "aa"], Role.SCREEN) == ["id", "zz", "aa", "layout"]


def test_every_field_of_a_definition_has_its_place() -> None:
    assert json.loads(schema_text("flow"))["properties"].keys() <= set(DEFINITION_KEYS)
