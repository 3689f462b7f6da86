"""What a screen is given when nothing else is: examples, empty values, or texts at their limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum
from functools import partial

from flowsync.expressions.bindings import reference
from flowsync.expressions.parser import parse_expression
from flowsync.expressions.tree import Concatenation, Lookup, Reference
from flowsync.expressions.values import evaluate, text_of
from flowsync.model import JsonValue, mapping_in
from flowsync.validation.components import COMPONENTS
from flowsync.validation.data_models import EXAMPLE
from flowsync.validation.kinds import Property
from flowsync.validation.limits import LARGE_LABEL
from flowsync.validation.outline import Screen

_FILLER = "Lorem ipsum dolor sit amet "


class DataSet(Enum):
    """Which values stand in for data; the value is the word for it."""

    EXAMPLES = "examples"
    EMPTY = "empty"
    LONGEST = "longest"


def data_for(screen: Screen, data_set: DataSet) -> dict[str, JsonValue]:
    """Give data for a screen by its data model, one value for each field.

    A field without an example is empty.
    """
    is_longest = data_set is DataSet.LONGEST
    limits = list(_limits(screen)) if is_longest else []
    found: dict[str, JsonValue] = {}
    for name, field in (screen.data or {}).items():
        schema = mapping_in(field)
        if not isinstance(field, dict):
            continue
        value = schema[EXAMPLE] if EXAMPLE in schema else _empty(schema)
        if data_set is DataSet.EMPTY:
            value = _empty(schema)
        for path, prop in limits:
            if path[0] == name:
                value = _lengthened_at(value, path[1:], prop)
        found[name] = value
    return _joined_longest(screen, found) if is_longest else found


def _empty(schema: Mapping[str, JsonValue]) -> JsonValue:
    kind = schema.get("type")
    if kind == "object":
        inner = mapping_in(schema.get("properties"))
        return {name: _empty(mapping_in(one)) for name, one in inner.items()}
    if kind == "array":
        return []
    if kind in ("number", "integer"):
        return 0
    return False if kind == "boolean" else ""


def _limits(screen: Screen) -> Iterator[tuple[tuple[str, ...], Property]]:
    """Give paths into the data with the properties that are bound to them, which have limits."""
    for component in screen.components:
        if component.type not in COMPONENTS:
            continue
        for key, prop in COMPONENTS[component.type].properties.items():
            value = component.value.get(key)
            found = reference(value) if isinstance(value, str) else None
            if found is None or found.screen is not None or found.source != "data":
                continue
            if found.path:
                is_large = key == "label" and component.value.get("label-variant") == "large"
                yield found.path, replace(prop, limit=LARGE_LABEL) if is_large else prop


def _joined_longest(screen: Screen, data: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Lengthen texts that an expression joins, so that together they are as long as is shown."""
    for component in screen.components:
        known = COMPONENTS.get(component.type)
        for key, value in component.value.items():
            prop = known.properties.get(key) if known is not None else None
            if prop is not None and prop.limit is not None and isinstance(value, str):
                data = _filled_up(value, prop.limit, data)
    return data


def _filled_up(text: str, limit: int, data: dict[str, JsonValue]) -> dict[str, JsonValue]:
    tree = parse_expression(text) if text[:1] == text[-1:] == "`" else None
    if not isinstance(tree, Concatenation):
        return data
    paths = dict.fromkeys(
        part.reference.path
        for part in tree.parts
        if isinstance(part, Lookup) and _is_text_of(part.reference, data)
    )
    for index, path in enumerate(paths):
        shown = text_of(evaluate(tree, partial(_within, data)))
        own = str(_within(data, Reference(None, "data", path)))
        more = max(0, limit - len(shown)) // (len(paths) - index)
        if more:
            longer = _longest(own, len(own) + more)
            data = mapping_in(_replaced(data, path, longer))
    return data


def _is_text_of(found: Reference, data: Mapping[str, JsonValue]) -> bool:
    is_own = found.screen is None and found.source == "data"
    return is_own and bool(found.path) and isinstance(_within(data, found), str)


def _within(data: Mapping[str, JsonValue], found: Reference) -> JsonValue:
    value: JsonValue = dict(data)
    for part in found.path if found.screen is None and found.source == "data" else ("",):
        value = mapping_in(value).get(part)
    return value


def _replaced(value: JsonValue, path: tuple[str, ...], text: str) -> JsonValue:
    if not path:
        return text
    fields = mapping_in(value)
    return {**fields, path[0]: _replaced(fields.get(path[0]), path[1:], text)}


def _lengthened_at(value: JsonValue, path: tuple[str, ...], prop: Property) -> JsonValue:
    if not path:
        return _lengthened(value, prop)
    if not isinstance(value, dict) or path[0] not in value:
        return value
    return {**value, path[0]: _lengthened_at(value[path[0]], path[1:], prop)}


def _lengthened(value: JsonValue, prop: Property) -> JsonValue:
    if isinstance(value, str):
        return _longest(value, prop.limit) if prop.limit is not None else value
    if isinstance(value, list):
        items = prop.items or prop
        return [_lengthened(entry, items) for entry in value]
    if isinstance(value, dict):
        return {
            key: _lengthened(one, prop.properties[key]) if key in prop.properties else one
            for key, one in value.items()
        }
    return value


def _longest(text: str, limit: int) -> str:
    """Give a text of exactly `limit` characters that begins as the given one."""
    start = f"{text} " if text else ""
    filler = _FILLER * (limit // len(_FILLER) + 1)
    return f"{start}{filler}"[:limit].ljust(limit, ".")[: limit - 1] + "."
