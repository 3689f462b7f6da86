"""JSON text as its author wrote it: the characters of every number and text, in their order."""

from __future__ import annotations

import json
from typing import TypeAlias

from flowsync.sources.json_text import JSON_TOKEN

# A scalar is its own characters: `1.0` and `"caf\u00e9"` stay what they are.
Written: TypeAlias = "str | list[Written] | dict[str, Written]"


def read_written(text: str) -> Written:
    """Give what stands in a text that is known to be valid JSON; keys are decoded."""
    roots: list[Written] = []
    open_values: list[list[Written] | dict[str, Written]] = [roots]
    key: str | None = None
    for match in JSON_TOKEN.finditer(text):
        token = match.group()
        top = open_values[-1]
        if token in "]}":
            open_values.pop()
        elif token in ",:":
            continue
        elif isinstance(top, dict) and key is None:
            key = json.loads(token)
        else:
            value: Written = {} if token == "{" else [] if token == "[" else token
            if isinstance(top, list):
                top.append(value)
            elif key is not None:
                top[key] = value
                key = None
            if not isinstance(value, str):
                open_values.append(value)
    return roots[0]
