"""Data fields that use more of JSON Schema than authors usually do: checked by jsonschema.

Source: https://json-schema.org/draft-07/json-schema-validation
"""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation.outline import JsonObject
from flowsync.validation.regexes import is_regex
from flowsync.validation.report import Report
from flowsync.validation.values import is_integer, is_number

MAX_MISFITS = 5  # said of one field
KEYWORD_CODES = {
    "type": "INVALID_PROPERTY_TYPE",
    "required": "MISSING_REQUIRED_PROPERTY",
    "additionalProperties": "INVALID_PROPERTY_KEY",
    "const": "INVALID_PROPERTY_VALUE",
    "enum": "INVALID_ENUM_VALUE",
    "oneOf": "ONE_OF_SCHEMA_VALIDATION_FAILED",
    "pattern": "PATTERN_MISMATCH",
    "propertyNames": "PATTERN_MISMATCH",
    "format": "INVALID_PROPERTY_VALUE_FORMAT",
    "minItems": "MIN_ITEMS_REQUIRED",
    "maxItems": "MAX_ITEMS_REQUIRED",
    "minLength": "MIN_CHARS_REQUIRED",
    "minimum": "MINIMUM_VALUE_REQUIRED",
    "maximum": "MAXIMUM_VALUE_REQUIRED",
    "dependencies": "INVALID_DEPENDENCIES",
    "not": "NOT_KEYWORD_SCHEMA_VALIDATION_FAILED",
    "unknown format": "INVALID_SCREEN_DATA",
    "unknown $ref": "INVALID_SCREEN_DATA",
}
OTHER_CODE = "INVALID_SCHEMA"
_COUNTS = frozenset({"minLength", "maxLength", "minItems", "maxItems"})
_NUMBERS = frozenset({"minimum", "maximum"})
# fmt: off
_OTHER = frozenset(
    {
        "$id", "$ref", "$schema", "additionalItems", "allOf", "anyOf", "contains", "definitions",
        "dependencies", "else", "exclusiveMaximum", "exclusiveMinimum", "format", "if",
        "maxProperties", "minProperties", "multipleOf", "not", "oneOf", "pattern",
        "patternProperties", "propertyNames", "readOnly", "then", "uniqueItems", "writeOnly",
    }
)
# fmt: on


def has_other_keywords(schema: JsonValue) -> bool:
    """Tell whether a schema, or one in it, has more than the keywords that `examples` compares."""
    if not isinstance(schema, dict):
        return False
    for key, value in schema.items():
        if key in _COUNTS and not (is_integer(value) and value >= 0):  # type: ignore[operator]
            return True
        if key in _OTHER or (key in _NUMBERS and not is_number(value)):
            return True
        if key == "additionalProperties" and not isinstance(value, bool):
            return True
        if key == "required" and not _are_unique_texts(value):
            return True
    properties = schema.get("properties")
    inner = [*properties.values()] if isinstance(properties, dict) else []
    return any(has_other_keywords(one) for one in [*inner, schema.get("items")])


def _are_unique_texts(value: JsonValue) -> bool:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        return False
    return len({str(entry) for entry in value}) == len(value)


def check_in_full(
    schema: JsonObject, value: JsonValue, at: Pointer, subject: object, report: Report
) -> None:
    """Report what is wrong with a schema, or else with its example, by all of draft 7."""
    from flowsync.validation.schema import find_misfits

    field: Pointer = at[:-1]
    for here, pattern in _patterns(schema, field):
        if not is_regex(pattern):
            report.add(
                "FS231",
                here,
                f"pattern in {subject} is no regular expression.",
                "Correct it, or remove it.",
                code="INVALID_PROPERTY_VALUE_FORMAT",
            )
            return
    for misfit in find_misfits(schema, value)[:MAX_MISFITS]:
        if misfit.path:
            report.add(
                "FS231",
                (*field, *misfit.path),
                f"a keyword in {subject} has an impossible value: {misfit.reason[:120]}.",
                "Correct it as JSON Schema asks, or remove it.",
                code=KEYWORD_CODES.get(misfit.keyword, OTHER_CODE),
            )
        else:
            report.add(
                "FS230",
                at,
                f"the example of {subject} does not fit: {misfit.reason[:120]}.",
                "Change the example, or the description of the field.",
                code=KEYWORD_CODES.get(misfit.keyword, OTHER_CODE),
            )


def _patterns(schema: JsonValue, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Give all patterns in a schema with their places."""
    if isinstance(schema, dict):
        pattern = schema.get("pattern")
        if isinstance(pattern, str):
            yield (*at, "pattern"), pattern
        for key, inner in schema.items():
            if key not in ("enum", "const", "default", "__example__"):
                yield from _patterns(inner, (*at, key))
    elif isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from _patterns(inner, (*at, index))
