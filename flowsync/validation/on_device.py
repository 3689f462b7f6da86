"""Warnings about what the platform takes and the phone then refuses, leaves out or prints raw.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components
"""

from __future__ import annotations

import re
from datetime import date

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.outline import Action, Component, Flow
from flowsync.validation.references import texts_within
from flowsync.validation.report import Report
from flowsync.validation.values import is_number
from flowsync.validation.versions import V6_0, V7_0
from flowsync.validation.wording import quoted, shown_value

DEFAULT_MAX_CHARS = 80
_MARKED_TEXTS = frozenset({"TextBody", "TextCaption"})
_MARKUP = re.compile(r"\*\*[^\s*](?:[^*\n]*[^\s*])?\*\*|\[[^\[\]\n]+\]\(https?://[^()\s]+\)")
_BINDING = re.compile(r"\$\{(?:data|form|screen)\.[^{}]*\}")
_DATE_KEYS = ("min-date", "max-date", "init-value")


def check_on_device(flow: Flow, report: Report) -> None:
    """Warn about texts, dates, links and actions that go wrong only at run time."""
    for screen in flow.screens:
        for component in screen.components:
            if component.type == "NavigationList":
                _check_entries(component, report)
            elif component.type in ("DatePicker", "CalendarPicker"):
                _check_dates(component, report)
            elif component.type in ("TextInput", "TextArea"):
                _check_lengths(component, report)
            elif component.type in _MARKED_TEXTS:
                _check_markup(component, report)
        for action in screen.actions:
            _check_payload(action, report)
            _check_address(action, report)
            _check_early_selection(action, report)


def _check_entries(component: Component, report: Report) -> None:
    entries = component.value.get("list-items")
    if not isinstance(entries, list):
        return
    links = [entry for entry in entries if isinstance(entry, dict)]
    if len(links) < len(entries):
        return
    with_end = ["end" in link for link in links]
    if any(with_end) and not all(with_end):
        report.add(
            "FS651",
            (*component.pointer, "list-items", with_end.index(False)),
            f"some items of {component.label} have an end and this one has none; the phone then "
            "shows no list.",
            "Give all items an end, or none.",
        )
    for index, link in enumerate(links):
        if "end" in link and "badge" in link:
            report.add(
                "FS651",
                (*component.pointer, "list-items", index, "badge"),
                f"item {index + 1} of {component.label} has a badge and an end; the phone then "
                "shows no list.",
                "Keep one of the two.",
            )


# --- dates ---


def _check_dates(component: Component, report: Report) -> None:
    unavailable = component.value.get("unavailable-dates")
    for key in _DATE_KEYS:
        value = component.value.get(key)
        at: Pointer = (*component.pointer, key)
        _check_date(component, value, at, report)
        for end, inner in value.items() if isinstance(value, dict) else ():
            _check_date(component, inner, (*at, end), report)
    for index, value in enumerate(unavailable if isinstance(unavailable, list) else ()):
        _check_date(component, value, (*component.pointer, "unavailable-dates", index), report)


def _check_date(component: Component, value: JsonValue, at: Pointer, report: Report) -> None:
    if not isinstance(value, str) or not texts.is_date(value) or _is_in_calendar(value):
        return
    report.add(
        "FS652",
        at,
        f"{component.label} has the date {quoted(value)}, which no calendar has.",
        "Write a day that exists.",
    )


def _is_in_calendar(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


# --- texts ---


def _check_lengths(component: Component, report: Report) -> None:
    if component.type == "TextArea":
        _check_room(component, "max-length", report)
        return
    _check_room(component, "max-chars", report)
    low = component.value.get("min-chars")
    if is_number(low) and "max-chars" not in component.value and low > DEFAULT_MAX_CHARS:  # type: ignore[operator]
        report.add(
            "FS653",
            (*component.pointer, "min-chars"),
            f"{component.label} asks for {shown_value(low)} characters, and without max-chars it "
            f"takes {DEFAULT_MAX_CHARS}.",
            "Add max-chars, or use a TextArea.",
        )


def _check_room(component: Component, key: str, report: Report) -> None:
    most, initial = component.value.get(key), component.value.get("init-value")
    if not is_number(most):
        return
    if most < 1:  # type: ignore[operator]
        report.add(
            "FS653",
            (*component.pointer, key),
            f"{component.label} takes {shown_value(most)} characters.",
            "Use a positive number.",
        )
    elif (
        isinstance(initial, str)
        and not texts.is_dynamic(initial, report.version)
        and len(initial) > most  # type: ignore[operator]
    ):
        report.add(
            "FS653",
            (*component.pointer, "init-value"),
            f"{component.label} starts with {len(initial)} characters and takes "
            f"{shown_value(most)}.",
            f"Shorten init-value, or raise {key}.",
        )


def _check_markup(component: Component, report: Report) -> None:
    if component.value.get("markdown", False) is not False:
        return
    value = component.value.get("text")
    for index, text in enumerate(value if isinstance(value, list) else (value,)):
        found = _MARKUP.search(text) if isinstance(text, str) else None
        if found is not None:
            at: Pointer = (*component.pointer, "text")
            report.add(
                "FS654",
                (*at, index) if isinstance(value, list) else at,
                f"{component.label} has markup, {quoted(found.group())}, which is shown as it is "
                "written.",
                'Add "markdown": true to the component.',
            )


# --- actions ---


def _check_payload(action: Action, report: Report) -> None:
    for at, text in texts_within(action.payload):
        if _BINDING.search(text) and not texts.is_dynamic(text, report.version):
            report.add(
                "FS505",
                (*action.pointer, "payload", *at),
                f"{quoted(str(at[0]))} in the payload of {action.component.label} has a binding "
                "among other text, which is sent as it is written.",
                "Write an expression in backticks, as in `'Hello ' ${data.name}`.",
            )


def _check_address(action: Action, report: Report) -> None:
    url = action.value.get("url")
    if action.name != "open_url" or not isinstance(url, str) or report.version < V6_0:
        return
    if texts.is_uri(url) and not url.lower().startswith("https:"):
        report.add(
            "FS655",
            (*action.pointer, "url"),
            f"{action.component.label} opens {quoted(url)}; the phone opens only https addresses.",
            "Use an address that starts with https://.",
        )


def _check_early_selection(action: Action, report: Report) -> None:
    is_early = V6_0 <= report.version < V7_0 and not action.is_of_entry
    if is_early and action.key == "on-select-action" and action.name == "data_exchange":
        report.add(
            "FS656",
            (*action.pointer, "name"),
            f"before version 7.0 the {action.key} of {action.component.label} also runs when the "
            "screen is shown, before anybody selects.",
            "Use version 7.0 or later, or let the endpoint expect it.",
        )
