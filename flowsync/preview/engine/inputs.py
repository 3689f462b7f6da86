"""What each kind of input holds, and in what form flows get it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timezone

from flowsync.expressions.types import Kind
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.validation.components import MEDIA_PICKERS
from flowsync.validation.outline import Component
from flowsync.validation.scope import component_type
from flowsync.validation.values import RANGE_KEYS
from flowsync.validation.versions import Version
from flowsync.validation.wording import type_name

CHOOSE_ONE = frozenset({"RadioButtonsGroup", "Dropdown"})
CHOOSE_SEVERAL = frozenset({"CheckboxGroup", "ChipsSelector"})
DATES = frozenset({"DatePicker", "CalendarPicker"})
DAYS_SINCE: Version = (5, 0)  # before it, dates are texts of milliseconds
_MS_PER_DAY = 86_400_000


def is_input(component: Component) -> bool:
    """Tell whether a component holds a value that people give."""
    return component_type(component) is not None and component.name is not None


def takes(component: Component, value: JsonValue) -> str | None:
    """Say what a value for an input should be instead, None where it can hold it."""
    if value is None:
        return None
    if component.type in MEDIA_PICKERS:
        is_file = isinstance(value, list) and all(isinstance(one, str | dict) for one in value)
        return None if is_file else "a list of file names"
    if component.type in CHOOSE_SEVERAL:
        is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return None if is_list else "a list of ids"
    if component.type == "OptIn":
        return None if isinstance(value, bool) else "true or false"
    mode = component.value.get("mode", "single") if component.type == "CalendarPicker" else "single"
    if isinstance(value, dict) and mode != "single":
        is_dates = all(key in RANGE_KEYS and isinstance(day, str) for key, day in value.items())
        return None if is_dates else "an object with start-date and end-date"
    if mode == "range":
        return "an object with start-date and end-date"
    return None if isinstance(value, str) else f"a text, not {type_name(value)}"


def initial(component: Component, value: JsonValue, version: Version) -> JsonValue:
    """Give what an input holds for a given initial value; nothing for one that does not fit."""
    if isinstance(value, int | float) and component.type in ("TextInput", "TextArea"):
        value = None if isinstance(value, bool) else _plain(value)
    if component.type in DATES and isinstance(value, str):
        value = day_of(value, version) or value
    if value is None or takes(component, value) is not None:
        return False if component.type == "OptIn" else None
    return value


def _plain(number: int | float) -> str:
    return str(int(number) if isinstance(number, float) and number.is_integer() else number)


def sent(
    component: Component, value: JsonValue, version: Version, *, in_message: bool = False
) -> JsonValue:
    """Give the value of an input as bindings and payloads have it.

    What is empty has the type of the input: a text is "", a list has no entries. Meta does not say
    what it sends for it; a phone takes absent and empty for the same. `in_message` is true for the
    message that ends a flow, which describes files otherwise than requests to an endpoint do.
    """
    if component.type in MEDIA_PICKERS:
        files = value if isinstance(value, list) else []
        return [attached(component, one) if in_message else uploaded(one) for one in files]
    if value is None:
        kind = component_type(component)
        empty: Mapping[Kind, JsonValue] = {Kind.ARRAY: [], Kind.BOOLEAN: False, Kind.OBJECT: None}
        return empty.get(kind.kind if kind is not None else Kind.UNKNOWN, "")
    if component.type == "DatePicker" and version < DAYS_SINCE and isinstance(value, str):
        return _milliseconds(value)
    return value


def uploaded(file: JsonValue) -> dict[str, JsonValue]:
    """Give what an endpoint is told of a file, with keys that are made up from its name.

    Source: https://developers.facebook.com/docs/whatsapp/flows/reference/media_upload
    """
    name = file_name(file)
    media_id = _media_id(name)
    keys = ("encrypted_hash", "iv", "encryption_key", "hmac_key", "plaintext_hash")
    return {
        "file_name": name,
        "media_id": media_id,
        "cdn_url": f"https://mmg.whatsapp.net/preview/{media_id}",
        "encryption_metadata": {key: _made(name, key)[:44] for key in keys},
    }


def attached(component: Component, file: JsonValue) -> dict[str, JsonValue]:
    """Give what the message that ends a flow says of a file; id and hash are made up.

    Source: https://developers.facebook.com/docs/whatsapp/flows/reference/media_upload
    """
    name = file_name(file)
    usual = "image/jpeg" if component.type == "PhotoPicker" else "application/pdf"
    return {
        "file_name": name,
        "mime_type": text_in(mapping_in(file).get("mime_type")) or usual,
        "sha256": _made(name, "sha256")[:44],
        "id": _media_id(name),
    }


def _media_id(name: str) -> str:
    return str(int(_made(name, "id")[:12], 16))


def _made(name: str, purpose: str) -> str:
    return hashlib.sha256(f"{purpose} {name}".encode("utf-8", "replace")).hexdigest()


def file_name(file: JsonValue) -> str:
    """Give the name of a file, which is given as a name or as an object with `file_name`."""
    return text_in(file) or text_in(mapping_in(file).get("file_name")) or "file"


def day_of(text: str, version: Version) -> str | None:
    """Give a date as YYYY-MM-DD, also one in milliseconds before version 5.0; None for others."""
    try:
        if version < DAYS_SINCE and text.lstrip("-").isdigit():
            moment = datetime.fromtimestamp(int(text) / 1000, timezone.utc)
            return moment.date().isoformat()
        return date.fromisoformat(text).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _milliseconds(day: str) -> str:
    try:
        days = date.fromisoformat(day).toordinal() - date(1970, 1, 1).toordinal()
    except ValueError:
        return day
    return str(days * _MS_PER_DAY)
