"""Checks of what a Form presets, and of which of its names exist."""

from __future__ import annotations

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.components import MEDIA_PICKERS
from flowsync.validation.outline import Component, Flow, JsonObject, Screen
from flowsync.validation.report import Report
from flowsync.validation.values import is_number
from flowsync.validation.wording import quoted, type_name


def check_forms(flow: Flow, report: Report) -> None:
    """Check init-values and error-messages of all Forms."""
    for screen in flow.screens:
        for form in screen.components:
            if form.type == "Form":
                _check_values(screen, form, report)
                _check_messages(screen, form, report)


def _entries(form: Component, key: str) -> JsonObject:
    value = form.value.get(key)
    return value if isinstance(value, dict) else {}


def _check_values(screen: Screen, form: Component, report: Report) -> None:
    for key, value in _entries(form, "init-values").items():
        at: Pointer = (*form.pointer, "init-values", key)
        component = screen.named.get(key)
        if component is None:
            if screen.is_whole:
                report.add(
                    "FS355",
                    at,
                    f"init-values of {form.label} sets {quoted(key)}, which is no component there.",
                    report.suggest(key, screen.named.keys(), "Use the name of a component."),
                    at_key=True,
                )
        elif component.type in MEDIA_PICKERS:
            report.add(
                "FS354",
                at,
                f"init-values of {form.label} sets {component.label}, which takes no value.",
                "Remove it.",
                at_key=True,
            )
        else:
            _check_type(component, value, at, f"the initial value of {component.label}", report)


def _check_type(
    component: Component, value: JsonValue, at: Pointer, subject: str, report: Report
) -> None:
    wanted = value_type(component)
    if wanted is None:
        return
    if isinstance(value, str) and texts.is_dynamic(value, report.version):
        return
    fits = {
        "array": isinstance(value, list),
        "boolean": isinstance(value, bool),
        "number": is_number(value),
        "object": isinstance(value, dict),
        "string": isinstance(value, str),
    }
    if not fits[wanted]:
        report.add(
            "FS334" if component.type == "CalendarPicker" else "FS355",
            at,
            f"{subject} is {type_name(value)}, but the component holds {_NAMES[wanted]}.",
            f"Replace it with {_NAMES[wanted]}.",
        )


_NAMES = {
    "array": "an array",
    "boolean": "a boolean",
    "number": "a number",
    "object": "an object",
    "string": "a text",
}
_TYPES = {
    "CheckboxGroup": "array",
    "ChipsSelector": "array",
    "OptIn": "boolean",
    "TextArea": "string",
    "Dropdown": "string",
    "RadioButtonsGroup": "string",
    "DatePicker": "string",
    "NavigationList": "string",
    "PhotoPicker": "array",
    "DocumentPicker": "array",
}


def value_type(component: Component) -> str | None:
    """Give the JSON type of what a component holds, None where that is not known."""
    if component.type == "TextInput":
        kind = component.value.get("input-type")
        return "number" if kind in ("number", "passcode") else "string"
    if component.type == "CalendarPicker":
        mode = component.value.get("mode", "single")
        return {"single": "string", "range": "object"}.get(mode) if isinstance(mode, str) else None
    return _TYPES.get(component.type)


def _check_messages(screen: Screen, form: Component, report: Report) -> None:
    for key, value in _entries(form, "error-messages").items():
        component = screen.named.get(key)
        if component is None and not screen.is_whole:
            continue
        is_range = component is not None and value_type(component) == "object"
        is_media = component is not None and component.type in MEDIA_PICKERS
        if isinstance(value, str) or (isinstance(value, dict) and (is_range or is_media)):
            continue
        report.add(
            "FS355",
            (*form.pointer, "error-messages", key),
            f"the message for {quoted(key)} in {form.label} is {type_name(value)}.",
            "Replace it with a text.",
        )
