"""Reads the case files of rules: flows that pass and flows that fail, for every rule."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from flowsync.model import JsonValue

CASES = Path(__file__).parent.parent / "cases" / "validation"


_REPEATED = re.compile(r"<(.) × (\d+)>")


@dataclass(frozen=True)
class Case:
    rule: str
    number: int
    should_pass: bool
    flow: JsonValue

    def __str__(self) -> str:
        return f"{self.rule}-{'pass' if self.should_pass else 'fail'}-{self.number}"


def read_cases(rule: str) -> list[Case]:
    """Give the cases of one rule; an entry that is text is read as JSON.

    `<A × 140000>` inside a text stands for that many of the character.
    """
    file = CASES / f"{rule}.yaml"
    if not file.exists():
        return []
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Case(rule, number, key == "pass", _ready(entry))
        for key in ("pass", "fail")
        for number, entry in enumerate(content.get(key) or ())
    ]


def _ready(entry: JsonValue) -> JsonValue:
    return json.loads(entry) if isinstance(entry, str) else _spelt_out(entry)


def _spelt_out(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _spelt_out(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spelt_out(inner) for inner in value]
    if isinstance(value, str):
        return _REPEATED.sub(lambda found: found[1] * int(found[2]), value)
    return value


def a_flow() -> dict[str, JsonValue]:
    """Give a small flow without any finding, anew each time."""
    flow: dict[str, JsonValue] = json.loads(
        """
        {"version": "7.3", "screens": [
            {"id": "ASK", "title": "A question", "terminal": true,
             "data": {"name": {"type": "string", "__example__": "Ada"}},
             "layout": {"type": "SingleColumnLayout", "children": [
                {"type": "TextHeading", "text": "${data.name}"},
                {"type": "TextInput", "name": "answer", "label": "Answer"},
                {"type": "Footer", "label": "Send",
                 "on-click-action": {"name": "complete", "payload": {"it": "${form.answer}"}}}
             ]}}
        ]}
        """
    )
    return flow
