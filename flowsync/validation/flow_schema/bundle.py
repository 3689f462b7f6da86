"""One JSON Schema for all versions, which looks at the value of `version` to choose the rules.

It holds everything itself, so that it works as a single file wherever an editor reads it from.
Definitions that say the same in several versions stand in it once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from flowsync.model import JsonValue
from flowsync.validation.flow_schema.document import ADDRESS, DRAFT, definitions, flow
from flowsync.validation.flow_schema.values import Schema, reference
from flowsync.validation.versions import ACCEPTED, LATEST

_Place = tuple[str, str]  # a version and the name of a definition in it
_PREFIX = "#/definitions/"
_FLOW = "flow"


def bundled_schema() -> Schema:
    """Give the schema of a Flow JSON of any accepted version."""
    parts: dict[_Place, JsonValue] = {}
    for text, version in ACCEPTED.items():
        parts[text, _FLOW] = flow(version)
        parts |= {(text, name): part for name, part in definitions(version).items()}
    names = _names(parts)
    chain: JsonValue = True
    for text in ACCEPTED:
        is_it: Schema = {"required": ["version"], "properties": {"version": {"const": text}}}
        chain = {"if": is_it, "then": reference(names[text, _FLOW]), "else": chain}
    shared = {name: _renamed(parts[place], place[0], names) for place, name in names.items()}
    return {
        "$schema": DRAFT,
        "$id": f"{ADDRESS}/flow-json.schema.json",
        "title": "Flow JSON",
        "description": "A WhatsApp Flow; the value of version says which rules it follows.",
        "type": "object",
        "required": ["version"],
        "properties": {
            "version": {
                "title": "version",
                "description": "The version of Flow JSON. Write it first: the rest depends on it.",
                "type": "string",
                "enum": [*reversed(list(ACCEPTED))],
                "default": LATEST,
            }
        },
        "allOf": [chain],
        "definitions": dict(sorted(shared.items())),
    }


def _names(parts: Mapping[_Place, JsonValue]) -> dict[_Place, str]:
    """Give every part a name, the same to parts that say the same, with all they refer to.

    Parts are told apart by what stands in them, then by what the parts that they refer to were
    told apart by, until nothing more is told apart.
    """
    groups: dict[_Place, int] = dict.fromkeys(parts, 0)
    while True:
        seen: dict[str, int] = {}
        finer: dict[_Place, int] = {}
        for place, part in parts.items():
            referred = {other: str(groups[other]) for other in groups if other[0] == place[0]}
            content = json.dumps(_renamed(part, place[0], referred))
            finer[place] = seen.setdefault(f"{place[1]} {content}", len(seen))
        if len(seen) == len(set(groups.values())):
            break
        groups = finer
    first: dict[int, str] = {}
    return {
        place: first.setdefault(group, f"{place[1]}-{place[0]}") for place, group in groups.items()
    }


def _renamed(part: JsonValue, version: str, names: Mapping[_Place, str]) -> JsonValue:
    """Give a part with its references by the names of their targets."""
    if isinstance(part, list):
        return [_renamed(entry, version, names) for entry in part]
    if not isinstance(part, dict):
        return part
    given = {key: _renamed(entry, version, names) for key, entry in part.items()}
    target = part.get("$ref")
    if isinstance(target, str):
        given["$ref"] = _PREFIX + names[version, target.removeprefix(_PREFIX)]
    return given
