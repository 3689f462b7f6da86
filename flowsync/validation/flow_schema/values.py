"""The JSON Schema of a value, by the kind that its property has in the component table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from flowsync.model import JsonValue
from flowsync.validation.actions import ACTION_SINCE
from flowsync.validation.flow_schema import patterns
from flowsync.validation.kinds import Kind, Property
from flowsync.validation.values import RANGE_KEYS
from flowsync.validation.versions import V6_0, V6_3, Version, as_text

Schema: TypeAlias = "dict[str, JsonValue]"

# Said by editors instead of the pattern itself.
OR_BOUND = "or a binding such as ${data.name}"
OR_COMPUTED = f"{OR_BOUND}, or an expression in backticks"
NOT_BLANK_HINT = "Write some text; white space alone is not shown."


def reference(name: str) -> Schema:
    """Give the schema that stands under a name among the definitions."""
    return {"$ref": f"#/definitions/{name}"}


def matching(pattern: str, hint: str) -> Schema:
    """Give the keywords for a text of some form, with what editors say of any other text."""
    return {"pattern": pattern, "patternErrorMessage": hint}


class ValueSchemas:
    """Writes schemas of values for one version; lists and actions refer to definitions.

    `in_form` is where the component stands that has the value, which its inner lists inherit.
    """

    def __init__(self, version: Version, *, in_form: bool = False) -> None:
        self.version = version
        self.in_form = in_form

    def of(self, rule: Property, entry: str = "") -> Schema:
        """Give the schema of a property; `entry` names the definition of an entry in its list."""
        return _BY_KIND[rule.kind](self, rule, entry)

    def dynamic(self, kind: str, wanted: str) -> Schema:
        """Give the schema of a JSON type that may also be bound or computed."""
        other = OR_COMPUTED if self.version >= V6_0 else OR_BOUND
        hint = f"Write {wanted}, {other}."
        return {"type": [kind, "string"], **matching(patterns.dynamic(self.version), hint)}

    def text(self, *, is_filled: bool) -> Schema:
        """Give the schema of a text, which from 6.0 is never blank."""
        form = matching(patterns.NOT_BLANK, NOT_BLANK_HINT)
        return {"type": "string", **(form if is_filled or self.version >= V6_0 else {})}

    def components(self, place: str) -> Schema:
        """Give the schema of a list of components that stand in a place."""
        inside = "InForm" if self.in_form and place != "Form" else ""
        return {"type": "array", "items": reference(f"componentIn{place}{inside}")}


def action_name(kind: Kind, choices: tuple[str, ...]) -> str:
    """Give the name of the definition of an action that may be one of these."""
    return "-".join(("click" if kind is Kind.CLICK else "select", *choices))


def allowed_actions(choices: tuple[str, ...], version: Version) -> tuple[str, ...]:
    """Give those of some actions that exist in a version."""
    return tuple(name for name in choices if ACTION_SINCE.get(name, version) <= version)


def explained(rule: Property, text: str) -> str:
    """Give the description of a property with what its row in the table says for people."""
    notes = [text]
    if rule.limit is not None:
        notes.append(f"Clients show up to {rule.limit} characters.")
    if rule.shown is not None:
        notes.append(f"Clients show {rule.shown[0]} to {rule.shown[1]} entries.")
    if rule.outside_form:
        notes.append("Not inside a Form, which has values for all its inputs.")
    if rule.since > (5, 1):
        notes.append(f"From Flow JSON {as_text(rule.since)} on.")
    return " ".join(notes)


def _limits(rule: Property, low: str, high: str) -> Schema:
    bounds = {low: rule.minimum, high: rule.maximum}
    return {key: value for key, value in bounds.items() if value is not None}


def _any_text(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {"type": "string"}


def _text(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    shortest: Schema = {"minLength": 1} if rule.non_empty else {}
    return {**v.text(is_filled=rule.kind is Kind.FILLED_TEXT), **shortest}


def _name(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    hint = "Write a fixed name, not blank, bound or computed."
    return {"type": "string", **matching(patterns.name(v.version), hint)}


def _base64(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {"type": "string", **matching(f"^(?!{patterns.BINDING[1:]})", "Write base64.")}


def _bound_text(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    hint = "Write a text or a binding such as ${data.name}, but no expression."
    form = matching(patterns.NO_EXPRESSION, hint)
    return {"type": "string", **(form if v.version >= V6_3 else {})}


def _boolean(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return v.dynamic("boolean", "true, false")


def _bound_boolean(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    hint = f"Write true, false, {OR_BOUND}."
    return {"type": ["boolean", "string"], **matching(patterns.BINDING, hint)}


def _number(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {**v.dynamic("number", "a number"), **_limits(rule, "minimum", "maximum")}


def _integer(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {**v.dynamic("integer", "a whole number"), **_limits(rule, "minimum", "maximum")}


def _literal_boolean(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {"type": "boolean"}


def _literal_integer(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {"type": "integer", **_limits(rule, "minimum", "maximum")}


def _literal_choice(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {"type": "string", "enum": list(rule.choices)}


def _choice(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    hint = f"Write one of {', '.join(rule.choices)}, {OR_BOUND}."
    bound = matching(patterns.dynamic(v.version), hint)
    return {"type": "string", "anyOf": [{"enum": list(rule.choices)}, bound]}


def _regex(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {"type": "string", "format": "regex"}


def _colour(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {"type": "string", **matching(patterns.COLOUR, "Write # and six hexadecimal digits.")}


def _list(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    is_bound = rule.kind is Kind.LIST
    whole: Schema = v.dynamic("array", "a list") if is_bound else {"type": "array"}
    assert rule.items is not None
    items = reference(entry) if entry else v.of(rule.items)
    return {**whole, **_limits(rule, "minItems", "maxItems"), "items": items}


def _free_object(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return v.dynamic("object", "an object")


def _messages(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    entries: Schema = {"additionalProperties": {"type": "string"}} if v.version < V6_0 else {}
    return {**v.dynamic("object", "an object"), **entries}


def _text_or_list(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    filled = v.text(is_filled=True)
    return {**filled, "type": ["string", "array"], "items": filled}


def _rich_text(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    hint = "Write some text; put a line break at the end of the entry before."
    items: Schema = {"type": "string", **matching(patterns.RICH_ENTRY, hint)}
    return {**v.text(is_filled=False), "type": ["string", "array"], "items": items}


def _range(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    assert rule.items is not None
    single = v.of(rule.items)
    kinds = single["type"]
    types: list[JsonValue] = [*kinds] if isinstance(kinds, list) else [kinds]
    ends: Schema = {key: dict(single) for key in RANGE_KEYS}
    return {**single, "type": [*types, "object"], "properties": ends}


def _media_error(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    message = v.text(is_filled=True)
    return {"type": ["string", "object"], "minProperties": 1, "additionalProperties": message}


def _action(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return reference(action_name(rule.kind, rule.choices))


def _components(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return v.components(entry)


def _cases(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    hint = "Start the case with a letter; use only letters, digits, - and _."
    keys = matching(patterns.CASE_KEY, hint)
    return {"type": "object", "propertyNames": keys, "additionalProperties": v.components(entry)}


def _condition(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    return {"type": ["string", "boolean"]} if v.version >= V6_0 else {"type": "string"}


def _switch_value(v: ValueSchemas, rule: Property, entry: str) -> Schema:
    hint = "Write a binding such as ${data.kind}."
    return {"type": "string", **matching(patterns.dynamic(v.version), hint)}


_BY_KIND: Mapping[Kind, Callable[[ValueSchemas, Property, str], Schema]] = {
    Kind.TEXT: _text,
    Kind.FILLED_TEXT: _text,
    Kind.LITERAL_TEXT: _text,
    Kind.NAME: _name,
    Kind.ANY_TEXT: _any_text,
    Kind.BOUND_TEXT: _bound_text,
    Kind.LITERAL_BASE64: _base64,
    Kind.BOOLEAN: _boolean,
    Kind.BOUND_BOOLEAN: _bound_boolean,
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.CHOICE: _choice,
    Kind.LITERAL_BOOLEAN: _literal_boolean,
    Kind.LITERAL_INTEGER: _literal_integer,
    Kind.LITERAL_CHOICE: _literal_choice,
    Kind.DATE: _any_text,
    Kind.REGEX: _regex,
    Kind.COLOUR: _colour,
    Kind.LIST: _list,
    Kind.LITERAL_LIST: _list,
    Kind.FREE_OBJECT: _free_object,
    Kind.MESSAGES: _messages,
    Kind.TEXT_OR_LIST: _text_or_list,
    Kind.RICH_TEXT: _rich_text,
    Kind.RANGE: _range,
    Kind.MEDIA_ERROR: _media_error,
    Kind.CLICK: _action,
    Kind.SELECT: _action,
    Kind.COMPONENTS: _components,
    Kind.CASES: _cases,
    Kind.CONDITION: _condition,
    Kind.SWITCH_VALUE: _switch_value,
}
