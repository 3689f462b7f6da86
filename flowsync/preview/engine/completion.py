"""What comes out of a flow: the message to the business, and what the person sees of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flowsync.expressions.values import text_of
from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.preview.engine import inputs
from flowsync.preview.engine.elements import Shown
from flowsync.validation.components import MEDIA_PICKERS
from flowsync.validation.outline import Screen

MASK = "••••••"
SECRET_TYPES = frozenset({"password", "passcode"})  # `input-type` of what nobody may see


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """One line of the response summary: the label of an input and its value, or dots for it."""

    screen: str
    name: str
    label: str
    value: str
    is_masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """How a flow ended.

    `payload` is what the business gets, `flow_token` included. `summary` is what the person can
    open in the chat afterwards; `sensitive` fields are masked.
    """

    screen: str
    payload: Mapping[str, JsonValue]
    summary: tuple[SummaryLine, ...] = ()

    @property
    def nfm_reply(self) -> dict[str, JsonValue]:
        """Give the `interactive` object of the message that a webhook gets.

        Source: https://developers.facebook.com/docs/whatsapp/flows/reference/responsemsgwebhook
        """
        text = json.dumps(self.payload, ensure_ascii=False)
        reply: dict[str, JsonValue] = {"name": "flow", "body": "Sent", "response_json": text}
        return {"type": "nfm_reply", "nfm_reply": reply}


def summarise(screens: Iterable[tuple[Screen, tuple[Shown, ...]]]) -> tuple[SummaryLine, ...]:
    """Give the response summary of the screens that a person went through.

    Passwords and passcodes are left out, and so are files on screens that call them sensitive.
    """
    return tuple(line for screen, shown in screens for line in _lines(screen, shown))


def _lines(screen: Screen, shown: tuple[Shown, ...]) -> Iterator[SummaryLine]:
    sensitive = texts_in(screen.value.get("sensitive"))
    for one in shown:
        component, name = one.component, one.component.name
        if name is None or not inputs.is_input(component) or component.type == "NavigationList":
            continue
        is_secret = component.value.get("input-type") in SECRET_TYPES
        is_masked = name in sensitive and component.type != "OptIn"
        if is_secret or (is_masked and component.type in MEDIA_PICKERS):
            continue
        value = _shown_value(one)
        if value:
            yield SummaryLine(
                screen=screen.id,
                name=name,
                label=_label(one),
                value=MASK if is_masked else value,
                is_masked=is_masked,
            )


def _label(one: Shown) -> str:
    label = one.properties.get("label")
    if isinstance(label, dict):
        return " – ".join(text_of(part) for part in label.values())
    return text_of(label)


def _shown_value(one: Shown) -> str:
    """Give what an input holds in words: the titles of options, the names of files."""
    value = one.value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if one.component.type in MEDIA_PICKERS:
        files = value if isinstance(value, list) else []
        return ", ".join(inputs.file_name(file) for file in files)
    if isinstance(value, dict):
        return " – ".join(text_of(day) for day in value.values())
    titles = _titles(one.properties)
    if isinstance(value, list):
        return ", ".join(titles.get(text_of(name), text_of(name)) for name in value)
    return titles.get(text_of(value), text_of(value))


def _titles(properties: Mapping[str, JsonValue]) -> dict[str, str]:
    entries = properties.get("data-source")
    found: dict[str, str] = {}
    for entry in entries if isinstance(entries, list) else ():
        option = mapping_in(entry)
        name, title = text_in(option.get("id")), text_in(option.get("title"))
        if name is not None and title is not None:
            found[name] = title
    return found
