"""Shapes of YAML documents: a quick look whether they fit the shipped schemas.

Where the look finds a document in order, nothing more is done; all else is left to jsonschema
(`flowsync.validation.schema`), which takes a tenth of a second to load and says what is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from flowsync.assets import schema_text
from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue
from flowsync.sources import Document, Pointer


@cache
def shipped_schema(name: str) -> Any:
    """Give a schema of `schemas/` as a value."""
    return json.loads(schema_text(name))


def with_texts_where_text_is_meant(document: Document, schema_name: str) -> JsonValue:
    """Give the document's value with plain scalars as written wherever the schema wants text.

    `version: 7.10` read as a number would lose its last digit, and `name: true` is a name.
    """
    root: Any = shipped_schema(schema_name)

    def resolve(schema: Any) -> Any:
        while isinstance(schema, dict) and "$ref" in schema:
            schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
        return schema if isinstance(schema, dict) else {}

    def walk(value: JsonValue, schema: Any, pointer: Pointer) -> JsonValue:
        schema = resolve(schema)
        if isinstance(value, dict):
            known, other = schema.get("properties", {}), schema.get("additionalProperties", {})
            return {
                key: walk(item, known.get(key, other), (*pointer, key))
                for key, item in value.items()
            }
        if isinstance(value, list):
            items = schema.get("items", {})
            return [walk(item, items, (*pointer, index)) for index, item in enumerate(value)]
        wants_text = schema.get("type") in ("string", ["string", "null"], ["string", "array"])
        if wants_text and pointer in document.texts:
            return document.texts[pointer]
        return value

    return walk(document.value, root, ())


def check_shape(document: Document, value: JsonValue, schema_name: str) -> Iterable[Diagnostic]:
    """Compare a value that was read from a document with a schema, and give what does not fit."""
    schema = shipped_schema(schema_name)
    if certainly_fits(value, schema, schema):
        return ()
    from flowsync.validation.schema import explain_misfits

    return explain_misfits(document, value, schema_name)


class _UnknownKeyword(Exception):
    """A keyword of JSON Schema that the quick look does not know."""


def certainly_fits(value: JsonValue, schema: Any, root: Any) -> bool:
    """Tell whether a value fits a schema; false also where that takes keywords not known here."""
    try:
        return _fits(value, schema, root)
    except _UnknownKeyword:
        return False


_WORDS = frozenset({"$schema", "$id", "$defs", "title", "description", "examples", "default"})
_TYPES = {
    "string": str,
    "array": list,
    "object": dict,
    "boolean": bool,
    "null": type(None),
}


def _fits(value: Any, schema: Any, root: Any) -> bool:
    if isinstance(schema, bool):
        return schema
    for keyword, wanted in schema.items():
        if keyword in _WORDS or keyword in ("then", "else"):
            continue
        if keyword == "$ref":
            if not _fits(value, root["$defs"][wanted.rpartition("/")[2]], root):
                return False
        elif not _keyword_fits(value, keyword, wanted, schema, root):
            return False
    return True


def _keyword_fits(value: Any, keyword: str, wanted: Any, schema: Any, root: Any) -> bool:
    match keyword:
        case "type":
            names = wanted if isinstance(wanted, list) else [wanted]
            return any(_is_type(value, name) for name in names)
        case "const":
            return _is_same(value, wanted)
        case "enum":
            return any(_is_same(value, one) for one in wanted)
        case "allOf":
            return all(_fits(value, one, root) for one in wanted)
        case "oneOf":
            return sum(_fits(value, one, root) for one in wanted) == 1
        case "not":
            return not _fits(value, wanted, root)
        case "if":
            branch = "then" if _fits(value, wanted, root) else "else"
            return _fits(value, schema.get(branch, True), root)
    if keyword in _OF_OBJECTS:
        return not isinstance(value, dict) or _object_fits(value, keyword, wanted, schema, root)
    if keyword in _OF_ARRAYS:
        return not isinstance(value, list) or _array_fits(value, keyword, wanted, root)
    if keyword in _OF_TEXTS:
        return not isinstance(value, str) or _text_fits(value, keyword, wanted)
    if keyword in _OF_NUMBERS:
        return not _is_type(value, "number") or _number_fits(value, keyword, wanted)
    raise _UnknownKeyword(keyword)


def _is_same(value: Any, wanted: Any) -> bool:
    """Tell whether two values are equal in JSON, where true is not 1."""
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _is_type(value: Any, name: str) -> bool:
    if name in ("number", "integer"):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and (name == "number" or value == int(value))
    return isinstance(value, _TYPES[name])


_OF_OBJECTS = {"required", "properties", "additionalProperties", "propertyNames", "minProperties"}
_OF_ARRAYS = {"items", "minItems", "uniqueItems"}
_OF_TEXTS = {"minLength", "maxLength", "pattern"}
_OF_NUMBERS = {"minimum", "maximum", "exclusiveMinimum"}


def _object_fits(value: Any, keyword: str, wanted: Any, schema: Any, root: Any) -> bool:
    if keyword == "required":
        return all(name in value for name in wanted)
    if keyword == "properties":
        return all(_fits(value[name], one, root) for name, one in wanted.items() if name in value)
    if keyword == "propertyNames":
        return all(_fits(name, wanted, root) for name in value)
    if keyword == "minProperties":
        return bool(len(value) >= wanted)
    others = value.keys() - schema.get("properties", {}).keys()
    return all(_fits(value[name], wanted, root) for name in others)


def _array_fits(value: Any, keyword: str, wanted: Any, root: Any) -> bool:
    if keyword == "items":
        return all(_fits(entry, wanted, root) for entry in value)
    if keyword == "minItems":
        return bool(len(value) >= wanted)
    texts = [json.dumps(entry, sort_keys=True) for entry in value]
    return not wanted or len(set(texts)) == len(texts)


def _text_fits(value: str, keyword: str, wanted: Any) -> bool:
    if keyword == "pattern":
        return re.search(wanted, value) is not None
    return bool(len(value) >= wanted if keyword == "minLength" else len(value) <= wanted)


def _number_fits(value: Any, keyword: str, wanted: Any) -> bool:
    if keyword == "exclusiveMinimum":
        return bool(value > wanted)
    return bool(value >= wanted if keyword == "minimum" else value <= wanted)
