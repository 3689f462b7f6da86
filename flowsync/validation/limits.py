"""Warnings about what the platform accepts and then shortens, hides or shows as it is written.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components
"""

from __future__ import annotations

from flowsync.expressions.bindings import has_binding_inside
from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.components import COMPONENTS
from flowsync.validation.kinds import Kind, Property
from flowsync.validation.outline import Component, Flow
from flowsync.validation.report import Report
from flowsync.validation.wording import Subject, quoted

LARGE_LABEL = 150
_ENTRY_LISTS = ("data-source", "list-items")
_TEXT_KINDS = frozenset({Kind.TEXT, Kind.FILLED_TEXT, Kind.LITERAL_TEXT, Kind.TEXT_OR_LIST})


def check_limits(flow: Flow, report: Report) -> None:
    """Warn about texts and lists that are longer than clients show."""
    for screen in flow.screens:
        for component in screen.components:
            if component.type not in COMPONENTS:
                continue
            for key, prop in COMPONENTS[component.type].properties.items():
                value = component.value.get(key)
                at = (*component.pointer, key)
                subject = Subject(key, component)
                is_large = key == "label" and component.value.get("label-variant") == "large"
                _check(value, prop, at, subject, report, LARGE_LABEL if is_large else None)
                if key in _ENTRY_LISTS and isinstance(value, list):
                    _check_entries(component, value, prop, at, report)


def _check(
    value: JsonValue,
    prop: Property,
    at: Pointer,
    subject: object,
    report: Report,
    limit: int | None = None,
) -> None:
    if isinstance(value, str) and prop.kind in _TEXT_KINDS:
        _check_text(value, limit or prop.limit, at, subject, report)
    elif isinstance(value, list) and prop.items is not None:
        for index, entry in enumerate(value):
            named = Subject(index, subject)
            _check(entry, prop.items, (*at, index), named, report)
    elif isinstance(value, dict):
        for key, inner in prop.properties.items():
            if key in value:
                _check(value[key], inner, (*at, key), Subject(key, subject), report)
        if prop.kind is Kind.RANGE and prop.items is not None:
            for key, entry in value.items():
                _check(entry, prop.items, (*at, key), Subject(key, subject), report)
    elif isinstance(value, str) and prop.kind is Kind.RANGE and prop.items is not None:
        _check(value, prop.items, at, subject, report)


def _check_text(text: str, limit: int | None, at: Pointer, subject: object, report: Report) -> None:
    if texts.is_dynamic(text, report.version):
        return
    if limit is not None and len(text) > limit:
        report.add(
            "FS501",
            at,
            f"{subject} has {len(text)} characters; clients show {limit}.",
            "Shorten it.",
        )
    if has_binding_inside(text):
        report.add(
            "FS505",
            at,
            f"{subject} has a binding among other text, which people will see as it is written.",
            "Write an expression in backticks, as in `'Hello ' ${data.name}`.",
        )


def _check_entries(
    component: Component,
    entries: list[JsonValue],
    prop: Property,
    at: Pointer,
    report: Report,
) -> None:
    low, high = prop.shown or (0, len(entries))
    if component.type == "Dropdown":
        has_image = any(isinstance(entry, dict) and "image" in entry for entry in entries)
        high = 100 if has_image else high
    if entries and not low <= len(entries) <= high:
        report.add(
            "FS503",
            at,
            f"{component.label} has {len(entries)} entries; clients show {low} to {high}.",
            "Add or remove entries.",
        )
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        given = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(given, str):
            continue
        if given in seen or texts.is_blank(given):
            report.add(
                "FS504",
                (*at, index, "id"),
                f"the id {quoted(given)} in {component.label} is used twice or blank.",
                "Give every entry an id of its own.",
            )
        seen.add(given)
