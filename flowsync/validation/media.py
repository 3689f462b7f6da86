"""Checks of what media pickers hold, in payloads: where it may be sent, and how much of it.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/media_upload
"""

from __future__ import annotations

from flowsync.expressions.bindings import reference
from flowsync.model import JsonValue
from flowsync.validation.components import MEDIA_PICKERS
from flowsync.validation.outline import Action, Component, Flow, JsonObject, Screen
from flowsync.validation.report import Report
from flowsync.validation.values import is_integer
from flowsync.validation.wording import quoted

MAX_FILES = 10
MAX_TOTAL_KB = 102_400
_DEFAULT_FILES = 30
_DEFAULT_KB = 25_600


def check_media(flow: Flow, report: Report) -> None:
    """Check the payloads of all actions that send something away from their screen."""
    for screen in flow.screens:
        for action in screen.actions:
            _check_media(flow, screen, action, report)


def _media_of(flow: Flow, screen: Screen, value: JsonValue) -> Component | None:
    found = reference(value) if isinstance(value, str) else None
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
