"""What of a data field's JSON Schema is kept from jsonschema, and the names it refers to.

Source: https://json-schema.org/draft-07/json-schema-validation
"""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.model import JsonValue
from flowsync.validation.formats import FORMATS

# What leaves this process, or what jsonschema does with Python's patterns.
_UNSAFE = frozenset({"$schema", "$id", "$ref", "patternProperties"})
_VALUES = frozenset({"enum", "const", "default", "examples", "__example__"})
_BY_NAME = frozenset({"properties", "definitions", "dependencies"})


def harmless(schema: JsonValue) -> JsonValue:
    """Give a schema without the keywords that are not followed here."""
    if isinstance(schema, list):
        return [harmless(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = _UNSAFE | ({"additionalProperties"} if "patternProperties" in schema else set())
    return {key: _keyword(key, value) for key, value in schema.items() if key not in left_out}


def _keyword(key: str, value: JsonValue) -> JsonValue:
    if key in _VALUES:
        return value
    if key in _BY_NAME and isinstance(value, dict):
        return {name: harmless(inner) for name, inner in value.items()}
    return harmless(value)


def unknown_names(schema: JsonValue) -> Iterator[tuple[str, str]]:
    """Give the keyword and the name of each format and schema referred to that is not known."""
    for keyword, name in _names_in(schema):
        if not (name in FORMATS if keyword == "format" else _leads_somewhere(name, schema)):
            yield keyword, name


def _names_in(schema: JsonValue) -> Iterator[tuple[str, str]]:
    if isinstance(schema, dict):
        for keyword in ("format", "$ref"):
            name = schema.get(keyword)
            if isinstance(name, str):
                yield keyword, name
        for key, inner in schema.items():
            if key not in _VALUES:
                yield from _names_in(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _names_in(inner)


def _leads_somewhere(reference: str, schema: JsonValue) -> bool:
    """Tell whether a reference leads to a place in the schema itself."""
    start, *parts = reference.split("/")
    found = schema
    for part in parts if start == "#" else ():
        if not isinstance(found, dict) or part not in found:
            return False
        found = found[part]
    return start == "#"
