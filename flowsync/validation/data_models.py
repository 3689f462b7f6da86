"""Checks of the data models of screens, and of their examples.

A field is described by JSON Schema (draft 7, https://json-schema.org/draft-07) plus `__example__`.
"""

from __future__ import annotations

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation.examples import check_example
from flowsync.validation.outline import Flow, JsonObject
from flowsync.validation.report import Report
from flowsync.validation.wording import Subject, quoted, shown_value, type_name

TYPES = ("string", "number", "integer", "boolean", "object", "array")
EXAMPLE = "__example__"
# Keywords of JSON Schema and the type that their value must have.
_KEYWORDS: dict[str, tuple[type, str]] = {
    "properties": (dict, "an object"),
    "required": (list, "an array"),
    "enum": (list, "an array"),
    "pattern": (str, "a text"),
    "format": (str, "a text"),
    "title": (str, "a text"),
    "description": (str, "a text"),
    "$comment": (str, "a text"),
    "contentEncoding": (str, "a text"),
    "contentMediaType": (str, "a text"),
    "examples": (list, "an array"),
}


def check_data_models(flow: Flow, report: Report) -> None:
    """Check the data model of every screen."""
    for screen in flow.screens:
        for name, field in (screen.data or {}).items():
            subject = Subject(name, f"screen {quoted(screen.id)}", kind="data field ")
            _check_field(name, field, (*screen.pointer, "data", name), subject, report)


def _check_field(name: str, field: JsonValue, at: Pointer, subject: object, report: Report) -> None:
    if name == "required":
        if not isinstance(field, list):
            report.add(
                "FS221",
                at,
                f"{subject} should be an array, because of its name.",
                "Give the field another name.",
            )
        return
    if not isinstance(field, dict):
        report.add(
            "FS221",
            at,
            f"{subject} should be an object, but is {type_name(field)}.",
            "Describe the field with type and __example__.",
        )
        return
    for key in ("type", EXAMPLE):
        if key not in field:
            # The platform's check of shapes takes such names for the keyword, a later one does not.
            late = "INVALID_SCREEN_DATA" if key == "type" else "INVALID_PROPERTY_TYPE"
            report.add(
                "FS222",
                at,
                f"{subject} has no {key}.",
                f"Add {quoted(key)}.",
                code=late if name.startswith("required") else None,
            )
    if EXAMPLE not in field:
        _check_schema(field, at, subject, report, is_field=True)
    elif _check_schema(field, at, subject, report, is_field=True):
        check_example(field, field[EXAMPLE], (*at, EXAMPLE), subject, report)
    else:  # at least its type can be compared
        kind: JsonValue = field.get("type")
        check_example({"type": kind}, field[EXAMPLE], (*at, EXAMPLE), subject, report)


def _check_schema(
    schema: JsonObject, at: Pointer, subject: object, report: Report, *, is_field: bool
) -> bool:
    """Check one schema and those in it; tell whether examples can be compared with it."""
    is_sound = _check_type(schema, at, subject, report)
    if EXAMPLE in schema and not is_field:
        _refuse_example(at, subject, report)
    for key, (wanted, wanted_name) in _KEYWORDS.items():
        if key in schema and not isinstance(schema[key], wanted):
            report.add(
                "FS231",
                (*at, key),
                f"{key} in {subject} should be {wanted_name}, but is {type_name(schema[key])}.",
                f"Replace it with {wanted_name}.",
            )
            is_sound = False
    properties = schema.get("properties")
    if isinstance(properties, dict):
        if EXAMPLE in properties:
            _refuse_example((*at, "properties"), subject, report)
        for name, inner in properties.items():
            here = (*at, "properties", name)
            if isinstance(inner, dict):
                named = Subject(name, subject, "in")
                is_sound &= _check_schema(inner, here, named, report, is_field=False)
            elif not isinstance(inner, bool):
                report.add(
                    "FS231",
                    here,
                    f"{quoted(name)} in {subject} is {type_name(inner)}, not an object.",
                    "Describe it with a type.",
                )
                is_sound = False
    return _check_items(schema, at, subject, report) and is_sound


def _refuse_example(at: Pointer, subject: object, report: Report) -> None:
    report.add(
        "FS227",
        (*at, EXAMPLE),
        f"{subject} has an __example__ deeper inside.",
        "Put examples only directly under the field.",
        at_key=True,
    )


def _check_type(schema: JsonObject, at: Pointer, subject: object, report: Report) -> bool:
    given = schema.get("type")
    here = (*at, "type")
    if isinstance(given, list):
        report.add(
            "FS224", here, f"{subject} has a list of types.", "Choose one type for the field."
        )
        return False
    if "type" not in schema or given in TYPES or given == "null":
        return True
    report.add(
        "FS223",
        here,
        f"{subject} has the type {shown_value(given)}.",
        report.suggest(given, TYPES, f"Use one of {', '.join(TYPES)}.")
        if isinstance(given, str)
        else f"Use one of {', '.join(TYPES)}.",
        also=() if isinstance(given, str) else ("INVALID_SCREEN_DATA",),
    )
    return False


def _check_items(schema: JsonObject, at: Pointer, subject: object, report: Report) -> bool:
    items = schema.get("items")
    here = (*at, "items")
    if "items" not in schema:
        if schema.get("type") == "array":
            report.add(
                "FS225",
                at,
                f"{subject} is an array but does not say of what.",
                'Add "items" with the type of one item.',
            )
            return False
        return True
    if isinstance(items, bool):
        return True
    if not isinstance(items, dict):
        report.add(
            "FS226",
            here,
            f"items in {subject} should be an object, but is {type_name(items)}.",
            "Describe one item with a type.",
            also=() if isinstance(items, str) else ("INVALID_SCREEN_DATA",),
        )
        return False
    if "type" not in items and schema.get("type") == "array":
        report.add("FS225", here, f"items in {subject} has no type.", 'Add "type" to it.')
        return False
    return _check_schema(items, here, f"items in {subject}", report, is_field=False)
