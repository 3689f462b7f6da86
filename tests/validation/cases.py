"""Reads the case files of rules: flows that pass and flows that fail, for every rule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from flowsync.model import JsonValue
from flowsync.validation import case_files

CASES = Path(__file__).parent.parent / "cases" / "validation"


@dataclass(frozen=True)
class Case:
    rule: str
    number: int
    should_pass: bool
    flow: JsonValue

    def __str__(self) -> str:
        return f"{self.rule}-{'pass' if self.should_pass else 'fail'}-{self.number}"


def read_cases(rule: str) -> list[Case]:
    """Give the cases of one rule, none where it has no file."""
    if not (CASES / f"{rule}.yaml").exists():
        return []
    cases = case_files.read_cases(rule)
    return [
        Case(rule, number, should_pass, flow)
        for should_pass, flows in ((True, cases.passing), (False, cases.failing))
        for number, flow in enumerate(flows)
    ]


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
