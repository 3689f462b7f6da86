"""Migrations of values that older versions let pass: blank texts, numbers and booleans as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.upgrading.draft import Draft
from flowsync.validation import texts
from flowsync.validation.components import COMPONENTS
from flowsync.validation.kinds import Kind, Property
from flowsync.validation.wording import quoted

_BOOLEANS = frozenset({Kind.BOOLEAN, Kind.BOUND_BOOLEAN, Kind.LITERAL_BOOLEAN})
_NUMBERS = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.LITERAL_INTEGER})
_TEXTS = frozenset({Kind.TEXT, Kind.FILLED_TEXT, Kind.LITERAL_TEXT})
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")

Slot = tuple[Pointer, Property, str, str]  # where, what may stand there, the text, and its name


def write_numbers_and_booleans(draft: Draft) -> None:
    """Write "true", "false" and "3" without quotes where only a boolean or a number may stand."""
    for at, prop, text, subject in list(_texts(draft)):
        value: JsonValue = None
        if prop.kind in _BOOLEANS and text in ("true", "false"):
            value = text == "true"
        elif prop.kind in _NUMBERS and _WHOLE.fullmatch(text):
            value = int(text)
        if value is not None:
            draft.put(at, value, f"{subject}: {quoted(text)} → {text}")


def drop_blank_texts(draft: Draft) -> None:
    """Remove optional texts that are blank; report those that are required."""
    for at, prop, text, subject in list(_texts(draft)):
        if prop.kind not in _TEXTS or not texts.is_blank(text):
            continue
        if prop.required or isinstance(at[-1], int):
            draft.decide(at, f"{subject} is blank, which is refused from 6.0.", "Write a text.")
        else:
            draft.drop(at, f"{subject} removed, because it is blank")


def _texts(draft: Draft) -> Iterator[Slot]:
    """Give every text in a property of a component, with what the property takes."""
    for screen in draft.flow().screens:
        for component in screen.components:
            if component.type not in COMPONENTS:
                continue
            for key, prop in COMPONENTS[component.type].properties.items():
                if key in component.value:
                    subject = f"{quoted(key)} of {component.label}"
                    yield from _in(component.value[key], prop, (*component.pointer, key), subject)


def _in(value: JsonValue, prop: Property, at: Pointer, subject: str) -> Iterator[Slot]:
    if isinstance(value, str):
        yield at, prop, value, subject
    elif isinstance(value, list) and prop.items is not None:
        for index, entry in enumerate(value):
            named = f"entry {index + 1} of {subject}"
            yield from _in(entry, prop.items, (*at, index), named)
    elif isinstance(value, dict):
        for key, inner in prop.properties.items():
            if key in value:
                yield from _in(value[key], inner, (*at, key), f"{quoted(key)} of {subject}")
