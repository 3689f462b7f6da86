"""Checks of payloads against the data model of the screen that receives them."""

from __future__ import annotations

from itertools import islice

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.components import MEDIA_PICKERS
from flowsync.validation.examples import fits_type
from flowsync.validation.outline import Action, Component, Flow, JsonObject, Screen
from flowsync.validation.report import Report
from flowsync.validation.values import is_integer
from flowsync.validation.versions import V6_0, V7_3, Version
from flowsync.validation.wording import MAX_LISTED, listed, quoted, type_name

MAX_FILES = 10
MAX_TOTAL_KB = 102_400
_DEFAULT_FILES = 30
_DEFAULT_KB = 25_600


def check_payloads(flow: Flow, report: Report) -> None:
    """Check the payloads of navigate and update_data, and media pickers in all payloads."""
    for screen in flow.screens:
        for action in screen.actions:
            if "payload" in action.value and not isinstance(action.value["payload"], dict):
                continue
            if action.target is not None and action.target != screen.id:
                following = flow.by_id.get(action.target)
                if following is not None:
                    _check_navigation(action, following, report)
            elif action.name == "update_data":
                _check_update(action, screen, report)
            _check_media(flow, screen, action, report)


def _check_navigation(action: Action, following: Screen, report: Report) -> None:
    if "data" in following.value and following.data is None:
        return
    model = following.data or {}
    payload = action.payload
    where = f"{action.component.label} navigates to {quoted(following.id)}"
    if model and "payload" not in action.value:
        report.add(
            "FS413",
            action.pointer,
            f"{where}, which needs data, without a payload.",
            f"Add a payload with {listed(model, len(model))}.",
            is_enforced=action.is_collected,
        )
        return
    for key, value in payload.items():
        if key in model:
            _check_literal(action, key, value, model[key], report)
            continue
        is_literal = not (isinstance(value, str) and texts.is_dynamic(value, report.version))
        is_seen_as_literal = (
            is_literal and following.data is not None and V6_0 <= report.version < V7_3
        )
        report.add(
            "FS418" if is_seen_as_literal else "FS411",
            (*action.pointer, "payload", key),
            f"{where} with {quoted(key)}, which its data does not declare.",
            report.suggest(key, model.keys(), f"Declare it in the data of {quoted(following.id)}."),
            at_key=True,
            is_enforced=action.is_collected,
        )
    known = sum(key in model for key in payload)
    missing = len(model) - known
    if missing:
        names = list(islice((key for key in model if key not in payload), MAX_LISTED))
        report.add(
            "FS412",
            (*action.pointer, "payload"),
            f"{where} without {listed(names, missing)}.",
            "Add what is missing to the payload.",
            is_enforced=action.is_collected,
        )


def _check_literal(
    action: Action, key: str, value: JsonValue, field: JsonValue, report: Report
) -> None:
    misfit = _misfit(field, value, (), report.version)
    if misfit is None:
        return
    inner, reason = misfit
    report.add(
        "FS417" if action.name == "navigate" else "FS414",
        (*action.pointer, "payload", key, *inner),
        f"{quoted(key)} in the payload of {action.component.label} does not fit the field: "
        f"{reason}.",
        "Change the value, or the description of the field.",
        is_enforced=action.is_collected,
    )


def _misfit(
    field: JsonValue, value: JsonValue, at: Pointer, version: Version
) -> tuple[Pointer, str] | None:
    """Give the first place where a literal has another type than the field, and what is wrong."""
    if not isinstance(field, dict) or (isinstance(value, str) and texts.is_dynamic(value, version)):
        return None
    kind = field.get("type")
    if not fits_type(value, kind):
        return at, f"{type_name(value)} stands where the type is {kind}"
    properties, items = field.get("properties"), field.get("items")
    if isinstance(value, dict) and isinstance(properties, dict):
        for key, inner in properties.items():
            if key not in value:
                return at, f"{quoted(key)} is missing"
            found = _misfit(inner, value[key], (*at, key), version)
            if found is not None:
                return found
        extra = [key for key in value if key not in properties]
        if extra:
            return (*at, extra[0]), f"{quoted(extra[0])} is not declared"
    if isinstance(value, list):
        for index, entry in enumerate(value):
            found = _misfit(items, entry, (*at, index), version)
            if found is not None:
                return found
    return None


def _check_update(action: Action, screen: Screen, report: Report) -> None:
    if "data" in screen.value and screen.data is None:
        return
    model = screen.data or {}
    for key, value in action.payload.items():
        at = (*action.pointer, "payload", key)
        if key not in model:
            report.add(
                "FS414",
                at,
                f"{action.component.label} updates {quoted(key)}, which the data of screen "
                f"{quoted(screen.id)} does not declare.",
                report.suggest(key, model.keys(), "Declare it in the data of the screen."),
                at_key=True,
            )
            continue
        found = texts.reference(value) if isinstance(value, str) else None
        if found is not None and found.screen is None and found.path[:1] == (key,):
            if found.source == "data":
                report.add(
                    "FS415",
                    at,
                    f"{action.component.label} updates {quoted(key)} with its own value.",
                    "Remove it from the payload, or give it another value.",
                )
        else:
            _check_literal(action, key, value, model[key], report)


def _media_of(flow: Flow, screen: Screen, value: JsonValue) -> Component | None:
    found = texts.reference(value) if isinstance(value, str) else None
    if found is None or found.source != "form" or len(found.path) != 1:
        return None
    source = screen if found.screen is None else flow.by_id.get(found.screen)
    component = source.named.get(found.path[0]) if source is not None else None
    return component if component is not None and component.type in MEDIA_PICKERS else None


def _check_media(flow: Flow, screen: Screen, action: Action, report: Report) -> None:
    if action.name not in ("navigate", "complete", "data_exchange"):
        return
    sent: list[Component] = []
    for key, value in action.payload.items():
        at = (*action.pointer, "payload", key)
        picker = _media_of(flow, screen, value)
        if picker is not None and action.name != "navigate":
            sent.append(picker)
            continue
        inner = picker or _nested_media(flow, screen, value)
        if inner is not None:
            report.add(
                "FS424",
                at,
                f"{quoted(key)} in the payload of {action.component.label} sends what "
                f"{inner.label} holds.",
                "Send it only at the top of a payload of complete or data_exchange.",
                is_enforced=action.is_collected,
            )
    if action.name == "complete" and sent:
        _check_media_size(action, sent, report)


def _nested_media(flow: Flow, screen: Screen, value: JsonValue) -> Component | None:
    entries = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return None
    assert not isinstance(entries, str | int | float | None)
    for entry in entries:
        found = _media_of(flow, screen, entry) or _nested_media(flow, screen, entry)
        if found is not None:
            return found
    return None


def _number(value: JsonObject, key: str, default: int) -> int:
    given = value.get(key, default)
    return int(given) if is_integer(given) else default  # type: ignore[arg-type]


def _check_media_size(action: Action, sent: list[Component], report: Report) -> None:
    files = size = 0
    for picker in sent:
        kind = "photos" if picker.type == "PhotoPicker" else "documents"
        count = _number(picker.value, f"max-uploaded-{kind}", _DEFAULT_FILES)
        files += count
        size += count * _number(picker.value, "max-file-size-kb", _DEFAULT_KB)
    if files > MAX_FILES or size > MAX_TOTAL_KB:
        report.add(
            "FS425",
            (*action.pointer, "payload"),
            f"{action.component.label} may send {files} files and {size:,} KB, more than "
            f"{MAX_FILES} files or {MAX_TOTAL_KB:,} KB.",
            "Lower max-uploaded-… and max-file-size-kb of the pickers.",
        )
