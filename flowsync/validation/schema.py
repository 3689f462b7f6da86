"""Shapes of YAML documents, checked against the shipped JSON Schemas (the only use of jsonschema).

The schemas are the one truth about fields, types and choices: the program, the editor and the
documentation read the same files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema
from jsonschema.validators import Draft7Validator, Draft202012Validator

from flowsync.diagnostics import Diagnostic, nearest
from flowsync.model import JsonValue, canonical_json
from flowsync.sources import Document, Pointer
from flowsync.validation.formats import FORMATS
from flowsync.validation.harmless import harmless, unknown_names
from flowsync.validation.regexes import matches
from flowsync.validation.shapes import shipped_schema

_TYPE_NAMES = {
    "string": "text",
    "array": "a list",
    "object": "a mapping",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(shipped_schema(name))


def explain_misfits(document: Document, value: JsonValue, schema_name: str) -> Iterator[Diagnostic]:
    """Compare a value that was read from a document with a schema, and give what does not fit."""
    for error in _validator(schema_name).iter_errors(value):
        yield from _explain(document, error)


def fits(value: JsonValue, schema_name: str) -> str | None:
    """Tell why a value does not fit a schema, in the words of jsonschema; None where it does."""
    error = jsonschema.exceptions.best_match(_validator(schema_name).iter_errors(value))
    return None if error is None else f"{error.json_path}: {error.message[:300]}"


def _explain(document: Document, error: jsonschema.ValidationError) -> Iterator[Diagnostic]:
    """Put an error of jsonschema in our words; an unknown field is one finding each."""
    pointer: Pointer = tuple(error.absolute_path)
    field = _field_name(pointer)
    given: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema

    def finding(
        message: str, fix: str, *, at: Pointer = pointer, at_key: bool = False
    ) -> Diagnostic:
        span = document.span(at, at_key=at_key)
        return Diagnostic(
            path=document.path, span=span, rule="FS010", message=message, fix=fix, pointer=at
        )

    match error.validator:
        case "additionalProperties":
            known = sorted(schema.get("properties", {}))
            for name in sorted(set(given) - set(known)):
                near = nearest(name, known)
                fix = f'Did you mean "{near}"?' if near else f"Use one of {', '.join(known)}."
                yield finding(f'unknown field "{name}".', fix, at=(*pointer, name), at_key=True)
        case "required":
            for name in wanted:
                if name not in given and f"'{name}'" in error.message:
                    inside = f" in {field}" if pointer else ""
                    yield finding(f'the field "{name}" is missing{inside}.', f"Add `{name}: …`.")
        case "type":
            types = [wanted] if isinstance(wanted, str) else wanted
            names = " or ".join(_TYPE_NAMES[name] for name in types)
            yield finding(f"{field} must be {names}, not {_kind(given)}.", f"Write {names}.")
        case "enum":
            choices = [str(choice) for choice in wanted]
            near = nearest(str(given), choices) or nearest(str(given).upper(), choices)
            fix = f'Did you mean "{near}"? ' if near else ""
            fix += f"Use one of {', '.join(choices)}."
            yield finding(f'{field} cannot be "{given}".', fix)
        case "const":
            yield finding(f"{field} must be {wanted}, not {given!r}.", f"Write {wanted}.")
        case "pattern" if pointer[-1:] == ("name",):
            yield finding(
                f"{field} starts or ends with white space, which the gateway would remove.",
                "Remove it.",
            )
        case "propertyNames" | "pattern":
            yield finding(
                f'"{given}" is not a usable name.',
                "Use letters, digits, dots, hyphens and underscores.",
                at=(*pointer, given) if isinstance(given, str) else pointer,
                at_key=True,
            )
        case "minItems" | "minLength" | "minProperties":
            yield finding(f"{field} must not be empty.", "Fill it in, or remove the field.")
        case "maxLength":
            message = f"{field} has {len(given)} characters; {wanted} are the most."
            yield finding(message, "Shorten it.")
        case "uniqueItems":
            yield finding(f"{field} names something twice.", "Remove one of the two.")
        case "minimum" | "maximum" | "exclusiveMinimum":
            bound = {"minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above"}
            message = f"{field} must be {bound[str(error.validator)]} {wanted}, not {given}."
            yield finding(message, "Change the number.")
        case "oneOf" if isinstance(given, dict):
            choices = [name for one in wanted for name in one["required"]]
            number = "more than one" if any(name in given for name in choices) else "none"
            message = f"{field} has {number} of {' and '.join(choices)}."
            yield finding(message, "Give it exactly one of them.")
        case "oneOf":
            return  # what it is not is said already
        case "not" if wanted:
            message = f"{field} stands beside token_file; a target has only one of the two."
            yield finding(message, "Remove it.", at_key=True)
        case "not":
            yield finding(
                f"{field} has no meaning for an emulator target.", "Remove it.", at_key=True
            )
        case _:
            yield finding(f"{field}: {error.message[:200]}.", "See `flowsync schema`.")


def _field_name(pointer: Pointer) -> str:
    named: Iterable[str] = (
        f"entry {part + 1}" if isinstance(part, int) else part for part in pointer
    )
    return " › ".join(named) or "the document"


def _kind(value: JsonValue) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    kinds = {str: "text", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return kinds[type(value)]


# --- data models of Flow JSON, which are JSON Schema draft 7 ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """Where a schema breaks its own rules, or an example the schema.

    `keyword` is that of JSON Schema which fails, `path` leads to the place in the schema, empty for
    the example. `reason` is in the words of jsonschema.
    """

    keyword: str
    path: Pointer
    reason: str


@cache
def _draft7() -> Any:
    """Give a validator class that does without what takes more than linear time."""
    extend: Any = jsonschema.validators.extend
    own = {"format": _check_format, "pattern": _check_pattern, "uniqueItems": _check_unique}
    return extend(Draft7Validator, own)


def _check_format(validator: Any, name: str, value: Any, schema: Any) -> Iterator[Any]:
    if isinstance(value, str) and not FORMATS[name](value):
        yield jsonschema.ValidationError(f"{value[:60]!r} is no {name}")


def _check_pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[Any]:
    if isinstance(value, str) and not matches(pattern, value):
        yield jsonschema.ValidationError(f"{value[:60]!r} does not match {pattern[:60]!r}")


def _check_unique(validator: Any, is_wanted: bool, value: Any, schema: Any) -> Iterator[Any]:
    entries = value if isinstance(value, list) and is_wanted else []
    if len({canonical_json(entry) for entry in entries}) < len(entries):
        yield jsonschema.ValidationError("an entry is there twice")


def find_misfits(schema: JsonValue, example: JsonValue) -> list[Misfit]:
    """Give what is wrong with a schema, or else with its example.

    Patterns that could take for ever are not applied to the example, and a schema that is nested
    too deeply for jsonschema is taken for a good one.
    """
    try:
        return _find_misfits(schema, example)
    except RecursionError:
        return []


def _find_misfits(schema: JsonValue, example: JsonValue) -> list[Misfit]:
    meta = Draft7Validator(Draft7Validator.META_SCHEMA)
    broken = [
        Misfit(keyword=str(error.validator), path=tuple(error.absolute_path), reason=error.message)
        for error in meta.iter_errors(schema)
    ]
    if broken:
        return broken
    for keyword, name in unknown_names(schema):
        return [Misfit(keyword=f"unknown {keyword}", path=(), reason=f"nothing is named {name!r}")]
    errors = _draft7()(harmless(schema)).iter_errors(example)
    return [
        Misfit(keyword=str(_innermost(error).validator), path=(), reason=error.message)
        for error in errors
    ]


def _innermost(error: jsonschema.ValidationError) -> jsonschema.ValidationError:
    """Give the first cause of an error of alternatives."""
    while error.context:
        error = error.context[0]
    return error
