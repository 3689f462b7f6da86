"""The JSON Schemas of components: one for each type, and one for each place they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from flowsync.model import JsonValue
from flowsync.validation.components import COMPONENTS
from flowsync.validation.flow_schema import descriptions, samples
from flowsync.validation.flow_schema.actions import action
from flowsync.validation.flow_schema.values import (
    Schema,
    ValueSchemas,
    action_name,
    explained,
    reference,
)
from flowsync.validation.kinds import ComponentType, Kind, Property
from flowsync.validation.versions import V6_2, Version

# The definition of an entry, where the list is not one of Options.
_ENTRIES: Mapping[tuple[str, str], str] = {
    ("ChipsSelector", "data-source"): "Chip",
    ("NavigationList", "list-items"): "Row",
    ("ImageCarousel", "images"): "Picture",
}
_SINCE: Mapping[str, Callable[[ComponentType], Version | None]] = {
    "Layout": lambda kind: kind.in_layout,
    "Form": lambda kind: kind.in_form,
    "If": lambda kind: kind.in_if,
    "IfInForm": lambda kind: kind.in_if,
    "Switch": lambda kind: kind.in_switch,
    "SwitchInForm": lambda kind: kind.in_switch,
}
_WITH_PATTERN = ("text", "number", "password", "passcode")


def component_definitions(version: Version) -> dict[str, JsonValue]:
    """Give the definitions of all components, list entries and actions of a version, by name."""
    found: dict[str, JsonValue] = {}
    names = [name for name, kind in COMPONENTS.items() if _is_anywhere(kind, version)]
    for place, since in _places(version):
        found[f"componentIn{place}"] = _placed(since, "InForm" if "Form" in place else "")
    for in_form in (False, True):
        suffix = "InForm" if in_form else ""
        found[f"knownComponent{suffix}"] = _dispatch(names, suffix)
        for name in names:
            if not in_form or _differs_in_form(name):
                found[f"{name}{suffix}"] = _component(name, version, in_form=in_form)
    lists = [COMPONENTS[name].properties for name in names]
    for name, properties in _entries(names):
        entry = _object(properties, name, ValueSchemas(version))
        found[name] = {"title": name, "description": descriptions.ENTRIES[name], **entry}
        lists.append(properties)
    for kind, choices in _actions(lists, version):
        found[action_name(kind, choices)] = action(kind, choices, version)
    return found


def _is_anywhere(kind: ComponentType, version: Version) -> bool:
    return kind.in_layout is not None and kind.in_layout <= version


def _differs_in_form(name: str) -> bool:
    """Tell whether a component, or what stands in it, has other properties inside a Form."""
    kind = COMPONENTS[name]
    holds_others = any(p.kind in (Kind.COMPONENTS, Kind.CASES) for p in kind.properties.values())
    loses_some = any(prop.outside_form for prop in kind.properties.values())
    return kind.in_form is not None and (holds_others or loses_some)


def _places(version: Version) -> Iterator[tuple[str, list[str]]]:
    """Give the places of components, and which types may stand there."""
    for place, since_of in _SINCE.items():
        since = {name: since_of(kind) for name, kind in COMPONENTS.items()}
        yield place, [name for name, first in since.items() if first and first <= version]


def _placed(types: list[str], suffix: str) -> Schema:
    meanings: list[JsonValue] = [descriptions.COMPONENTS[name] for name in types]
    kind: Schema = {
        "title": "type",
        "description": "Which component this is.",
        "type": "string",
        "enum": [*types],
        "enumDescriptions": meanings,
    }
    return {
        "type": "object",
        "required": ["type"],
        "properties": {"type": kind},
        "allOf": [reference(f"knownComponent{suffix}")],
    }


def _dispatch(names: list[str], suffix: str) -> Schema:
    """Choose the schema of a component by its type, so that only errors of that one are said."""
    chain: JsonValue = True
    for name in reversed(names):
        own = suffix if _differs_in_form(name) else ""
        chain = {
            "if": {"required": ["type"], "properties": {"type": {"const": name}}},
            "then": reference(f"{name}{own}"),
            "else": chain,
        }
    assert isinstance(chain, dict)
    return chain


def _component(name: str, version: Version, *, in_form: bool) -> Schema:
    schema = _object(COMPONENTS[name].properties, name, ValueSchemas(version, in_form=in_form))
    required, properties = schema["required"], schema["properties"]
    assert isinstance(required, list)
    assert isinstance(properties, dict)
    kind: Schema = {"title": "type", "description": "Which component this is.", "const": name}
    return {
        "title": name,
        "description": descriptions.COMPONENTS[name],
        **schema,
        "required": ["type", *required],
        "properties": {"type": kind, **properties},
        **_together(name, version),
    }


def _object(properties: Mapping[str, Property], owner: str, v: ValueSchemas) -> Schema:
    """Give the schema of an object with these properties, as far as they exist there."""
    known = {
        key: prop
        for key, prop in properties.items()
        if prop.since <= v.version and not (prop.outside_form and v.in_form)
    }
    return {
        "type": "object",
        "required": [key for key, prop in known.items() if prop.required],
        "additionalProperties": False,
        "properties": {key: _property(owner, key, prop, v) for key, prop in known.items()},
    }


def _property(owner: str, key: str, rule: Property, v: ValueSchemas) -> Schema:
    text = explained(rule, descriptions.description(owner, key))
    said: Schema = {"title": key, "description": text}
    if rule.kind is Kind.OBJECT:
        return {**said, **_object(rule.properties, owner, v)}
    if rule.kind in (Kind.COMPONENTS, Kind.CASES):
        entry = owner
    elif rule.items is not None and rule.items.kind is Kind.OBJECT:
        entry = _ENTRIES.get((owner, key), "Option")
    else:
        entry = ""
    default, examples = samples.default(owner, key), samples.examples(owner, key)
    return {
        **said,
        **v.of(rule, entry),
        **({"default": default} if default is not None else {}),
        **({"examples": [*examples]} if examples else {}),
    }


def _together(name: str, version: Version) -> Schema:
    """Give what a component's properties ask of each other."""
    if name == "Footer":
        alone: Schema = {"properties": {"left-caption": False, "right-caption": False}}
        return {
            "dependencies": {
                "left-caption": ["right-caption"],
                "right-caption": ["left-caption"],
                "center-caption": alone,
            }
        }
    if name == "TextInput" and version >= V6_2:
        kinds: Schema = {"properties": {"input-type": {"enum": [*_WITH_PATTERN]}}}
        return {"dependencies": {"pattern": kinds}}
    return {}


def _entries(names: list[str]) -> Iterator[tuple[str, Mapping[str, Property]]]:
    """Give the properties of the entries in the lists of some components."""
    for name in names:
        for key, prop in COMPONENTS[name].properties.items():
            if prop.items is not None and prop.items.kind is Kind.OBJECT:
                yield _ENTRIES.get((name, key), "Option"), prop.items.properties


def _actions(
    lists: Iterable[Mapping[str, Property]], version: Version
) -> Iterator[tuple[Kind, tuple[str, ...]]]:
    for properties in lists:
        for prop in properties.values():
            if prop.kind in (Kind.CLICK, Kind.SELECT) and prop.since <= version:
                yield prop.kind, prop.choices
