"""The JSON Schema of a whole Flow JSON of one version."""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.model import JsonValue
from flowsync.validation.data_models import EXAMPLE, TYPES
from flowsync.validation.flow_schema import patterns
from flowsync.validation.flow_schema.actions import following
from flowsync.validation.flow_schema.components import component_definitions
from flowsync.validation.flow_schema.values import NOT_BLANK_HINT, Schema, matching, reference
from flowsync.validation.placement import LAYOUT_TYPE
from flowsync.validation.versions import V6_0, V7_0, Version, as_text, data_api_versions

DRAFT = "http://json-schema.org/draft-07/schema#"
ADDRESS = "https://flowsync.dev/schemas/flow-json"


def flow_schema(version: Version) -> Schema:
    """Give the schema of a Flow JSON of a version, with all its definitions."""
    text = as_text(version)
    return {
        "$schema": DRAFT,
        "$id": f"{ADDRESS}/{text}.schema.json",
        **flow(version),
        "definitions": definitions(version),
    }


def flow(version: Version) -> Schema:
    """Give the schema of the root object; it refers to `definitions`."""
    text = as_text(version)
    return {
        "title": f"Flow JSON {text}",
        "description": (
            f"A WhatsApp Flow in Flow JSON {text}. What this schema refuses the platform refuses "
            "too; `flowsync validate` finds the rest, such as bindings that lead nowhere."
        ),
        "type": "object",
        "required": ["version", "screens"],
        "additionalProperties": False,
        "properties": {
            "version": _said("version", "The version of Flow JSON.", {"const": text}),
            "data_api_version": _said(
                "data_api_version",
                "The version of the endpoint's protocol. Only for a flow with an endpoint, which "
                "then needs a routing_model too.",
                {"type": "string", "enum": [*data_api_versions(version)]},
            ),
            "routing_model": reference("routingModel"),
            "screens": _said(
                "screens",
                "The screens of the flow, at most 100. At least one is terminal.",
                {"type": "array", "minItems": 1, "items": reference("screen")},
            ),
        },
    }


def definitions(version: Version) -> dict[str, JsonValue]:
    """Give all definitions that `flow` needs, by name."""
    return {
        "screen": _screen(version),
        "layout": _layout(),
        "dataModel": _data_model(),
        "dataField": _data_field(),
        "dataType": _data_type(),
        "routingModel": _routing_model(version),
        "next": following(version),
        **component_definitions(version),
    }


def _said(title: str, description: str, schema: Mapping[str, JsonValue]) -> Schema:
    return {"title": title, "description": description, **schema}


def _id(version: Version) -> Schema:
    some = " and not underscores alone" if version >= V7_0 else ""
    hint = f"Use only the letters A-Z and a-z and underscores{some}; digits are not allowed."
    return {"type": "string", **matching(patterns.screen_id(version), hint)}


def _screen(version: Version) -> Schema:
    title = {"type": "string", **matching(patterns.NOT_BLANK, NOT_BLANK_HINT)}
    ends: Schema = {"required": ["terminal"], "properties": {"terminal": {"const": True}}}
    names: Schema = {"type": "array", "minItems": 1, "items": {"type": "string"}}
    return {
        "title": "screen",
        "description": "A screen of the flow.",
        "type": "object",
        "required": ["id", "title", *(["layout"] if version >= V6_0 else [])],
        "additionalProperties": False,
        "properties": {
            "id": _said(
                "id", "The screen's name in the flow, in letters and underscores.", _id(version)
            ),
            "title": _said("title", "Shown at the top of the screen, on one line.", title),
            "terminal": _said(
                "terminal",
                "Whether the flow can end here. A terminal screen needs a Footer.",
                {"type": "boolean", "default": False},
            ),
            "success": _said(
                "success",
                "Whether an end here counts as a success. Only on terminal screens.",
                {"type": "boolean", "default": True},
            ),
            "refresh_on_back": _said(
                "refresh_on_back",
                "Whether the endpoint is asked again when people go back from this screen.",
                {"type": "boolean", "default": False},
            ),
            "sensitive": _said(
                "sensitive",
                "The names of inputs that are hidden in the summary of the answer.",
                {**names, "examples": [["card_number"]]},
            ),
            "data": reference("dataModel"),
            "layout": reference("layout"),
        },
        "dependencies": {"success": ends},
    }


def _layout() -> Schema:
    return {
        "title": "layout",
        "description": "What the screen shows.",
        "type": "object",
        "required": ["type", "children"],
        "additionalProperties": False,
        "properties": {
            "type": _said("type", "The only layout there is.", {"const": LAYOUT_TYPE}),
            "children": _said(
                "children",
                "The components of the screen, from top to bottom.",
                {"type": "array", "items": reference("componentInLayout")},
            ),
        },
    }


_REQUIRED = "Not a field: the names of fields that must be there. Give a field another name."


def _data_model() -> Schema:
    """Fields by name; the platform takes one called `required` for the keyword of JSON Schema."""
    return {
        "title": "data",
        "description": (
            "What the screen receives, field by field: from the screen before, from the endpoint, "
            "or from the message that opens the flow. It is bound as ${data.NAME}."
        ),
        "type": "object",
        "properties": {"required": _said("required", _REQUIRED, {"type": "array"})},
        "additionalProperties": reference("dataField"),
    }


def _data_field() -> Schema:
    return {
        "title": "data field",
        "description": "A field that the screen receives: its type, and an example for previews.",
        "required": ["type", EXAMPLE],
        "properties": {
            EXAMPLE: _said(EXAMPLE, "A value that fits the type, shown in previews.", {}),
        },
        "allOf": [reference("dataType")],
        "examples": [{"type": "string", EXAMPLE: "Ada"}],
    }


def _data_type() -> Schema:
    fields: Schema = {
        "additionalProperties": {"anyOf": [reference("dataType"), {"type": "boolean"}]}
    }
    entry: Schema = {"anyOf": [reference("dataType"), {"type": "boolean"}]}
    return {
        "title": "type",
        "description": "The type of a value, in the words of JSON Schema.",
        "type": "object",
        "properties": {
            "type": _said(
                "type", "What the value is.", {"type": "string", "enum": [*TYPES, "null"]}
            ),
            "properties": _said(
                "properties", "The keys of an object.", {"type": "object", **fields}
            ),
            "items": _said("items", "What the entries of an array are.", entry),
            "required": _said("required", "The keys that must be there.", {"type": "array"}),
            "enum": _said("enum", "The values there can be.", {"type": "array"}),
        },
    }


def _routing_model(version: Version) -> Schema:
    return {
        "title": "routing_model",
        "description": (
            "Which screens can follow which, forwards only. Needed with data_api_version; without "
            "it the routes follow from the navigate actions."
        ),
        "type": "object",
        "propertyNames": _id(version),
        "additionalProperties": {"type": "array", "items": _id(version)},
        "examples": [{"ASK": ["CONFIRM"], "CONFIRM": []}],
    }
