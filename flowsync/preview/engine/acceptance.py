"""Whether a phone takes what an input holds, and what it says when not.

The sentences are ours. The checks and their order are those of the phone.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.preview.engine import days, formats, inputs
from flowsync.validation.components import MEDIA_PICKERS
from flowsync.validation.texts import is_blank
from flowsync.validation.values import is_number
from flowsync.validation.versions import Version

Properties = Mapping[str, JsonValue]


def is_required(kind: str, properties: Properties) -> bool:
    """Tell whether an input must be filled in; one that does not say so need not."""
    if kind in MEDIA_PICKERS:
        low = properties.get(f"min-uploaded-{_files(kind)}")
        return is_number(low) and low > 0  # type: ignore[operator]
    required = properties.get("required")
    return required is True or any(one is True for one in mapping_in(required).values())


def is_empty(value: JsonValue) -> bool:
    """Tell whether an input holds nothing: no text but white space, no choice, no tick."""
    if isinstance(value, str):
        return is_blank(value)
    return value is None or value is False or value == [] or value == {}


def problem_with(
    kind: str, properties: Properties, value: JsonValue, version: Version
) -> str | None:
    """Say why a phone does not take what an input of a kind holds, None where it does."""
    if is_empty(value):
        return _absent(kind) if is_required(kind, properties) else None
    if kind == "TextInput":
        return formats.text_problem(properties, str(value).strip())
    if kind == "TextArea":
        return formats.area_problem(properties, str(value).strip())
    if kind in inputs.CHOOSE_ONE:
        return _choice_problem(properties, [value])
    if kind in inputs.CHOOSE_SEVERAL:
        return _choices_problem(properties, value)
    if kind in inputs.DATES:
        is_range = kind == "CalendarPicker" and properties.get("mode") == "range"
        check = days.range_problem if is_range else days.day_problem
        return check(properties, value, version)
    if kind in MEDIA_PICKERS:
        return _files_problem(kind, properties, value)
    return None


def most_of(kind: str, properties: Properties) -> float | None:
    """Give how many choices or files an input takes, None where it does not count them."""
    if kind in MEDIA_PICKERS:
        high = properties.get(f"max-uploaded-{_files(kind)}", 30)
    elif kind in inputs.CHOOSE_SEVERAL:
        high = properties.get("max-selected-items")
    else:
        return None
    return high if is_number(high) else None  # type: ignore[return-value]


def options_of(properties: Properties) -> dict[str, bool]:
    """Give the ids of the options that an input offers, each with whether it can be chosen."""
    entries = properties.get("data-source", properties.get("list-items"))
    found: dict[str, bool] = {}
    for entry in entries if isinstance(entries, list) else ():
        name = text_in(mapping_in(entry).get("id"))
        if name is not None:
            found.setdefault(name, mapping_in(entry).get("enabled") is not False)
    return found


def _absent(kind: str) -> str:
    if kind in MEDIA_PICKERS:
        return "Add a file."
    if kind == "OptIn":
        return "Tick this to go on."
    is_choice = kind in inputs.CHOOSE_ONE | inputs.CHOOSE_SEVERAL | inputs.DATES
    return "Choose something." if is_choice else "Fill this in."


def _choice_problem(properties: Properties, values: list[JsonValue]) -> str | None:
    options = options_of(properties)
    is_offered = all(isinstance(value, str) and value in options for value in values)
    return None if is_offered else "Choose again: what was chosen is no longer offered."


def _choices_problem(properties: Properties, value: JsonValue) -> str | None:
    chosen = texts_in(value)
    low, high = properties.get("min-selected-items"), most_of("CheckboxGroup", properties)
    if is_number(low) and len(chosen) < low:  # type: ignore[operator]
        return f"Choose at least {low}."
    if high is not None and len(chosen) > high:
        return f"Choose at most {high}."
    return _choice_problem(properties, list(chosen))


def _files(kind: str) -> str:
    return "photos" if kind == "PhotoPicker" else "documents"


def _files_problem(kind: str, properties: Properties, value: JsonValue) -> str | None:
    files = value if isinstance(value, list) else []
    low = properties.get(f"min-uploaded-{_files(kind)}")
    high = most_of(kind, properties)
    if is_number(low) and len(files) < low:  # type: ignore[operator]
        return f"Add at least {low} files."
    if high is not None and len(files) > high:
        return f"Add at most {high} files."
    most = properties.get("max-file-size-kb", 25_600)
    allowed = texts_in(properties.get("allowed-mime-types"))
    for file in files:
        size, mime = (mapping_in(file).get(key) for key in ("size_kb", "mime_type"))
        if is_number(size) and is_number(most) and size > most:  # type: ignore[operator]
            return f"{inputs.file_name(file)} is larger than {most} KB."
        if kind == "DocumentPicker" and allowed and isinstance(mime, str) and mime not in allowed:
            return f"{inputs.file_name(file)} is of a kind that is not allowed here."
    return None
