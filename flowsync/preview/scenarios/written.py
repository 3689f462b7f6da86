"""A scenario as text: its steps in YAML, one line each where that is not too long."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flowsync.formatting.yaml_words import yaml_word
from flowsync.model import JsonValue

_LONGEST_LINE = 100
_INDENT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A step as it is written: its word and what belongs to it; without a word, a comment alone.

    `made_up` are the inputs whose values nobody typed; a comment says so.
    """

    word: str = ""
    value: JsonValue = None
    comment: str = ""
    made_up: tuple[str, ...] = ()


def scenario_text(name: str, fields: Mapping[str, JsonValue], steps: Sequence[Written]) -> str:
    """Give a scenario as an entry of the list of `scenarios`, indented by two spaces.

    `fields` are those besides name and steps. The first line holds the name.
    """
    lines = [f"- {name_line(name)}"]
    for key, value in fields.items():
        lines += _field(key, value, _INDENT)
    lines.append(f"{' ' * _INDENT}steps:")
    for step in steps:
        lines += _step(step, _INDENT * 2)
    return "".join(f"{' ' * _INDENT}{line}\n" for line in lines)


def name_line(name: str) -> str:
    """Give the name of a scenario as a field."""
    return f"name: {yaml_word(name)}"


def _step(step: Written, indent: int) -> Iterator[str]:
    comment = step.comment
    if step.made_up:
        comment = f"Made up, as these are secrets: {', '.join(step.made_up)}."
    if comment:
        shown = " ".join(comment.split())
        yield f"{' ' * indent}# {''.join(one if one.isprintable() else '?' for one in shown)}"
    if step.word:
        first, *others = _field(step.word, step.value, indent + _INDENT)
        yield f"{' ' * indent}- {first.lstrip()}"
        yield from others


def _field(key: str, value: JsonValue, indent: int) -> list[str]:
    """Give a field of a mapping on a line, or on several where that is too long."""
    start = f"{' ' * indent}{yaml_word(key)}:"
    line = f"{start} {_on_a_line(value)}"
    if len(line) + _INDENT <= _LONGEST_LINE or not value or not isinstance(value, dict | list):
        return [line]
    return [start, *_block(value, indent + _INDENT)]


def _block(value: dict[str, JsonValue] | list[JsonValue], indent: int) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _field(key, one, indent)
        return
    for one in value:
        line = f"{' ' * indent}- {_on_a_line(one)}"
        if len(line) + _INDENT <= _LONGEST_LINE or not one or not isinstance(one, dict | list):
            yield line
        else:
            first, *others = _block(one, indent + _INDENT)
            yield f"{' ' * indent}- {first.lstrip()}"
            yield from others


def _on_a_line(value: JsonValue) -> str:
    if isinstance(value, dict):
        inner = (f"{yaml_word(key)}: {_on_a_line(one)}" for key, one in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_on_a_line, value))}]"
    return yaml_word(value) if isinstance(value, str) else json.dumps(value)
