"""JSON values and changed flows, as hypothesis draws them."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.validation.components import COMPONENTS
from flowsync.validation.rules import RULES
from tests.validation.cases import read_cases

WORDS = [
    "\ud800", "", " ", "${data.name}", "${form.", "${screen.}", "${screen.A.data.b}", "`x`", "ASK",
    *COMPONENTS, "version", "screens", "data", "routing_model", "type", "children", "then", "cases",
    "name", "payload", "next", "on-click-action", "on-select-action", "data-source", "list-items",
    "init-values", "items", "properties", "required", "enum", "label", "mode", "range",
]  # fmt: skip
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(WORDS),
)
keys = st.one_of(st.sampled_from(WORDS), st.text(max_size=3))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=20,
)

KEYWORDS = [
    "type", "format", "pattern", "enum", "const", "items", "contains", "uniqueItems", "required",
    "properties", "patternProperties", "additionalProperties", "propertyNames", "dependencies",
    "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum",
    "multipleOf", "not", "if", "then", "allOf", "oneOf", "definitions", "$ref", "$id", "$schema",
    "default", "examples", "__example__",
]  # fmt: skip
NAMES = ["string", "object", "array", "number", "#", "#/items", "a", "(", "(a+)+$", "date", "uri"]
field_schemas = st.recursive(
    st.one_of(st.sampled_from(NAMES), st.booleans(), st.integers(-1, 3), scalars),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*KEYWORDS, "a", "aa"]), inner, max_size=4),
    ),
    max_leaves=12,
)


def places(value: JsonValue) -> list[tuple[list[JsonValue] | dict[str, JsonValue], str | int]]:
    found: list[tuple[list[JsonValue] | dict[str, JsonValue], str | int]] = []
    entries = list(value.items()) if isinstance(value, dict) else []
    if isinstance(value, dict):
        found.extend((value, key) for key, _ in entries)
        inner: list[JsonValue] = [entry for _, entry in entries]
    elif isinstance(value, list):
        found.extend((value, index) for index in range(len(value)))
        inner = list(value)
    else:
        inner = []
    for entry in inner:
        found.extend(places(entry))
    return found


CASE_FLOWS = [
    case.flow for rule in RULES for case in read_cases(rule) if isinstance(case.flow, dict)
]


@st.composite
def mutated_flows(draw: st.DrawFn) -> JsonValue:
    """Give a flow of the case files with a few values replaced, dropped or moved."""
    flow: JsonValue = copy.deepcopy(draw(st.sampled_from(CASE_FLOWS)))
    for _ in range(draw(st.integers(1, 4))):
        found = places(flow)
        if not found:
            return flow
        parent: Any
        other: Any
        parent, key = found[draw(st.integers(0, len(found) - 1))]
        match draw(st.sampled_from(["replace", "drop", "copy", "rename"])):
            case "replace":
                parent[key] = draw(values)
            case "drop":
                del parent[key]
            case "copy":
                other, other_key = found[draw(st.integers(0, len(found) - 1))]
                parent[key] = copy.deepcopy(other[other_key])
            case _ if isinstance(parent, dict):
                parent[draw(st.sampled_from(WORDS))] = parent.pop(key)
    return flow
