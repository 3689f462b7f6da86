"""The JSON Schemas of actions: what a tap or a selection may do."""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.model import JsonValue
from flowsync.validation.flow_schema import patterns
from flowsync.validation.flow_schema.values import (
    NOT_BLANK_HINT,
    Schema,
    allowed_actions,
    matching,
    reference,
)
from flowsync.validation.kinds import Kind
from flowsync.validation.versions import Version

ACTIONS: Mapping[str, str] = {
    "navigate": "goes to the screen in next, which receives payload as its data",
    "data_exchange": "sends payload to the endpoint, which answers with the next screen",
    "complete": "ends the flow and sends payload as the answer; only on terminal screens",
    "open_url": "opens the address in url in a browser",
    "update_data": "changes the data of this screen to what payload holds, without a network",
}
_NAME = "What the action does."
_PAYLOAD = (
    "What is sent or handed on, by name: fixed values, bindings such as ${form.email}, or "
    "expressions."
)


def click_action(choices: tuple[str, ...], version: Version) -> Schema:
    """Give the schema of a click action that may be one of these."""
    allowed = allowed_actions(choices, version)
    properties: Schema = {
        "name": _name(allowed),
        "next": reference("next"),
        "payload": {"description": _PAYLOAD, "type": "object"},
    }
    conditions: list[JsonValue] = [_belongs("next", "navigate")]
    if "open_url" in allowed:
        properties["url"] = {
            "description": "The web page to open; phones open only https:// addresses.",
            "type": "string",
            **matching(patterns.address(), "Write the address in full, starting with https://."),
            "examples": ["https://example.com/terms"],
        }
        without_payload: Schema = {"properties": {"payload": False}}
        conditions.append(_belongs("url", "open_url"))
        conditions.append({"if": _is_named("open_url"), "then": without_payload})
    return {
        "description": f"One of: {_listed(allowed)}.",
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": properties,
        "allOf": conditions,
    }


def select_action(choices: tuple[str, ...], version: Version) -> Schema:
    """Give the schema of a selection action that may be one of these."""
    allowed = allowed_actions(choices, version)
    return {
        "description": f"One of: {_listed(allowed)}.",
        "type": "object",
        "required": ["name", "payload"],
        "additionalProperties": False,
        "properties": {
            "name": _name(allowed),
            "payload": {"description": _PAYLOAD, "type": "object"},
        },
    }


def action(kind: Kind, choices: tuple[str, ...], version: Version) -> Schema:
    """Give the schema of an action of either kind."""
    return (click_action if kind is Kind.CLICK else select_action)(choices, version)


def following(version: Version) -> Schema:
    """Give the schema of `next`, where a navigation leads."""
    leads = matching(patterns.destination(version), "Write the id of a screen of this flow.")
    return {
        "title": "next",
        "description": "The screen to go to.",
        "type": "object",
        "required": ["type", "name"],
        "additionalProperties": False,
        "properties": {
            "type": {
                "description": "Always screen.",
                "type": "string",
                **matching(patterns.NOT_BLANK, NOT_BLANK_HINT),
                "default": "screen",
                "examples": ["screen"],
            },
            "name": {"description": "The id of the screen.", "type": "string", **leads},
        },
    }


def _name(allowed: tuple[str, ...]) -> Schema:
    meanings: list[JsonValue] = [ACTIONS[name] for name in allowed]
    return {
        "description": _NAME,
        "type": "string",
        "enum": [*allowed],
        "enumDescriptions": meanings,
    }


def _listed(allowed: tuple[str, ...]) -> str:
    return "; ".join(f"{name} {ACTIONS[name]}" for name in allowed)


def _is_named(name: str) -> Schema:
    return {"required": ["name"], "properties": {"name": {"const": name}}}


def _belongs(key: str, name: str) -> Schema:
    """Say that a key must stand with one action and with no other."""
    refused: Schema = {"properties": {key: False}}
    return {"if": _is_named(name), "then": {"required": [key]}, "else": refused}
