"""The tested examples of rules, as they stand in the case files that are shipped with flowsync."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from flowsync.assets import case_text
from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue, mapping_in
from flowsync.sources import parse_yaml

_REPEATED = re.compile(r"<(.) × (\d{1,8})>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """What the case file of a rule holds.

    `about` explains the rule to authors. `passing` and `failing` are Flow JSONs; for a rule about
    files they are repositories, `{"files": {path: text}}`.
    """

    about: str
    passing: tuple[JsonValue, ...] = field(hash=False)
    failing: tuple[JsonValue, ...] = field(hash=False)


def read_cases(rule: str) -> Cases:
    """Read the case file of a rule; an entry that is a text is JSON. A bad file is a bug.

    `<A × 140000>` inside a text stands for that many of the character.
    """
    text = case_text(rule)
    problems: list[Diagnostic] = []
    document = parse_yaml(text, f"{rule}.yaml", problems) if text is not None else None
    if document is None:
        raise ValueError(f"the cases of {rule} cannot be read: {problems}")
    content = mapping_in(document.value)
    return Cases(
        about=str(content.get("about", "")),
        passing=_entries(content.get("pass")),
        failing=_entries(content.get("fail")),
    )


def _entries(value: JsonValue) -> tuple[JsonValue, ...]:
    entries = value if isinstance(value, list) else ()
    return tuple(
        json.loads(entry) if isinstance(entry, str) else _spelt_out(entry) for entry in entries
    )


def _spelt_out(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _spelt_out(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spelt_out(inner) for inner in value]
    if isinstance(value, str):
        return _REPEATED.sub(lambda found: found[1] * int(found[2]), value)
    return value
