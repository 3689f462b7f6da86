"""Compares the example of a data field with the schema that describes the field.

The keywords that authors use (types, required keys, lengths, limits, lists of values) are compared
here, which is quick; a schema with others goes to jsonschema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flowsync.model import JsonValue, canonical_json
from flowsync.sources import Pointer
from flowsync.validation.draft7 import KEYWORD_CODES, OTHER_CODE, check_in_full, has_other_keywords
from flowsync.validation.outline import JsonObject
from flowsync.validation.report import Report
from flowsync.validation.values import is_integer, is_number
from flowsync.validation.wording import quoted, type_name

_FITS: Mapping[str, Callable[[JsonValue], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


MAX_REASON = 120  # characters of what jsonschema says


def fits_type(value: JsonValue, kind: JsonValue) -> bool:
    """Tell whether a value has a type of a data model; an unknown type fits everything."""
    return not isinstance(kind, str) or kind not in _FITS or _FITS[kind](value)


def check_example(
    schema: JsonObject, value: JsonValue, at: Pointer, subject: object, report: Report
) -> None:
    """Report the first way in which an example does not fit, at the example as a whole."""
    if has_other_keywords(schema):
        check_in_full(schema, value, at, subject, report)
        return
    problem = _problem(schema, value)
    if problem is None:
        return
    rule_id, what, code = problem
    report.add(
        rule_id,
        at,
        f"the example of {subject} does not fit: {what}.",
        "Change the example, or the description of the field.",
        code=code,
    )


def misfit_of(schema: JsonObject, value: JsonValue) -> str | None:
    """Say in which way a value does not fit the schema of a data field, None where it does.

    The words go on after a subject and a colon. A schema that is wrong itself is fitted by all.
    """
    if not has_other_keywords(schema):
        problem = _problem(schema, value)
        return problem[1] if problem is not None else None
    from flowsync.validation.schema import find_misfits

    found = find_misfits(schema, value)
    is_of_value = found and not found[0].path and not found[0].keyword.startswith("unknown ")
    return found[0].reason[:MAX_REASON] if is_of_value else None


_Problem = tuple[str, str, str | None]  # rule, what is wrong, platform code if not the rule's own


def _problem(schema: JsonObject, value: JsonValue) -> _Problem | None:
    kind = schema.get("type")
    if not fits_type(value, kind):
        return "FS228", f"{type_name(value)} stands where the type is {kind}", None
    found = _problem_with_choice(schema, value)
    if found is not None:
        return found
    if isinstance(value, dict):
        return _problem_with_object(schema, value)
    if isinstance(value, list):
        return _problem_with_array(schema, value)
    if isinstance(value, str):
        return _outside(schema, len(value), "minLength", "maxLength", "the length of a text")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _outside(schema, value, "minimum", "maximum", "a number")
    return None


def _problem_with_choice(schema: JsonObject, value: JsonValue) -> _Problem | None:
    choices = schema.get("enum")
    if isinstance(choices, list):
        text = canonical_json(value)
        if all(canonical_json(choice) != text for choice in choices):
            return "FS230", "a value is not in the list of its enum", "INVALID_ENUM_VALUE"
    if "const" in schema and canonical_json(schema["const"]) != canonical_json(value):
        return "FS230", "a value is not its const", None
    return None


def _problem_with_object(schema: JsonObject, value: JsonObject) -> _Problem | None:
    required = schema.get("required")
    for key in required if isinstance(required, list) else ():
        if isinstance(key, str) and key not in value:
            return "FS229", f"the required key {quoted(key)} is missing", None
    properties = schema.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    for key, entry in value.items():
        inner = properties.get(key)
        if isinstance(inner, dict):
            found = _problem(inner, entry)
            if found is not None:
                return found
        elif schema.get("additionalProperties") is False and key not in properties:
            return "FS230", f"the key {quoted(key)} is not described", "INVALID_PROPERTY_KEY"
    return None


def _problem_with_array(schema: JsonObject, value: list[JsonValue]) -> _Problem | None:
    items = schema.get("items")
    if items is False and value:
        return "FS230", "an entry stands where items allows none", "INVALID_SCHEMA"
    if isinstance(items, dict):
        for entry in value:
            found = _problem(items, entry)
            if found is not None:
                return found
    return _outside(schema, len(value), "minItems", "maxItems", "the number of entries")


def _outside(
    schema: JsonObject, number: int | float, low_key: str, high_key: str, what: str
) -> _Problem | None:
    low, high = schema.get(low_key), schema.get(high_key)
    if isinstance(low, int | float) and number < low:
        return "FS230", f"{what} is below {low_key}", KEYWORD_CODES[low_key]
    if isinstance(high, int | float) and number > high:
        return "FS230", f"{what} is above {high_key}", KEYWORD_CODES.get(high_key, OTHER_CODE)
    return None
