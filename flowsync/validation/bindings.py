"""Checks of bindings: that they refer to something, of a type that fits where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flowsync.expressions.bindings import reference
from flowsync.expressions.tree import Problem, Reference
from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation.component_properties import URL
from flowsync.validation.components import COMPONENTS
from flowsync.validation.kinds import Kind, Property
from flowsync.validation.outline import Component, Flow, Screen
from flowsync.validation.report import Report
from flowsync.validation.scope import Scope
from flowsync.validation.slots import fits_any, names, slot_types
from flowsync.validation.versions import V6_0
from flowsync.validation.wording import Subject, quoted

PAYLOAD_ACTIONS = frozenset({"navigate", "complete", "data_exchange", "update_data"})
PRESETS = ("init-values", "error-messages")
_EXEMPT = frozenset({Kind.CONDITION, Kind.COMPONENTS, Kind.CASES, Kind.CLICK, Kind.SELECT})
_BREAKING = "-`' "


class Slot(NamedTuple):
    """A text of a component that may be a binding or an expression, and what its place takes."""

    value: str
    prop: Property
    at: Pointer
    subject: Subject


def check_bindings(flow: Flow, report: Report) -> None:
    """Check the bindings in component properties and at the top of payloads."""
    scope = Scope(flow, report)
    for screen in flow.screens:
        for component in screen.components:
            for slot in slots_of(component, report):
                _check_value(scope, screen, slot, report)
        _check_payloads(scope, screen, report)


def slots_of(component: Component, report: Report) -> Iterator[Slot]:
    """Give the texts of a component that may be bindings or expressions.

    From 6.0 the platform also looks one level into objects.
    """
    if component.type not in COMPONENTS:
        return
    properties = COMPONENTS[component.type].properties
    for key, value in component.value.items():
        prop = properties.get(key)
        if prop is None or prop.kind in _EXEMPT:
            continue
        if key == "name" and report.version >= V6_0 and component.type != "Form":
            continue  # cannot be bound; said as a text of the wrong form
        if key in PRESETS and (isinstance(value, dict) or report.version >= V6_0):
            continue
        at: Pointer = (*component.pointer, key)
        if isinstance(value, str):
            yield Slot(value, prop, at, Subject(key, component))
        elif isinstance(value, dict) and report.version >= V6_0:
            for inner_key, inner in value.items():
                inner_prop = _inner(prop, inner_key)
                if isinstance(inner, str) and inner_prop is not None:
                    yield Slot(inner, inner_prop, (*at, inner_key), Subject(inner_key, component))
    click = component.value.get("on-click-action")
    url = click.get("url") if isinstance(click, dict) else None
    if isinstance(url, str) and report.version >= V6_0 and "on-click-action" in properties:
        at = (*component.pointer, "on-click-action", "url")
        yield Slot(url, URL, at, Subject("url", component))


def _inner(prop: Property, key: str) -> Property | None:
    if prop.kind is Kind.RANGE:
        return prop.items
    if prop.kind is Kind.MEDIA_ERROR:
        return Property(Kind.FILLED_TEXT)
    return prop.properties.get(key)


def _check_value(scope: Scope, screen: Screen, slot: Slot, report: Report) -> None:
    value, prop, at, subject = slot
    found = reference(value)
    if found is None:
        return
    if found.screen is not None and found.screen == screen.id:
        report.add(
            "FS423",
            at,
            f"{subject} names its own screen in a binding.",
            "Leave out the screen, as in ${data.field}.",
        )
        return
    if found.source == "":
        _unreadable(value, at, subject, "FS421", report)
        return
    given = _breaking_name(found) or scope.resolve(screen, found)
    if isinstance(given, Problem):
        report.add("FS421", at, f"{subject} {given.message}.", given.fix)
        return
    wanted = slot_types(prop)
    if wanted and not fits_any(given, wanted):
        report.add(
            "FS431",
            at,
            f"{subject} is bound to {value}, which is {names([given])}, but takes {names(wanted)}.",
            _type_fix(given.kind.value, wanted[0].kind.value, value),
        )


def _type_fix(given: str, wanted: str, value: str) -> str:
    if wanted == "string" and given in ("number", "integer", "boolean"):
        return f"Join it with a text in backticks, as in `'' {value}` (from version 6.0)."
    if {given, wanted} == {"number", "integer"}:
        return f"Declare the field with the type {wanted}."
    return "Bind a field of that type, or describe the field as such."


def _unreadable(value: str, at: Pointer, subject: object, rule: str, report: Report) -> None:
    report.add(
        rule,
        at,
        f"{subject} has the binding {quoted(value)}, which says neither data nor form.",
        "Write ${screen.ID.data.field} or ${screen.ID.form.component}.",
        is_enforced=False,
    )


def _breaking_name(found: Reference) -> Problem | None:
    """Give what is wrong with names that the platform cannot read in a component's property."""
    for part in found.path:
        if found.source == "data" and any(char in _BREAKING for char in part):
            return Problem(
                f"binds the field {quoted(part)}, whose name breaks the binding",
                "Use only letters, digits and underscores in names of fields.",
            )
    return None


def _check_payloads(scope: Scope, screen: Screen, report: Report) -> None:
    for action in screen.actions:
        if action.name not in PAYLOAD_ACTIONS:
            continue
        for key, value in action.payload.items():
            found = _reference(value)
            if found is None:
                continue
            at: Pointer = (*action.pointer, "payload", key)
            subject = Subject(key, action.component, "in the payload of")
            if found.source == "" and found.screen is not None:
                _unreadable(str(value), at, subject, "FS422", report)
                continue
            given = scope.resolve(screen, found)
            if isinstance(given, Problem):
                report.add(
                    "FS422",
                    at,
                    f"{subject} {given.message}.",
                    given.fix,
                    is_enforced=action.is_collected,
                )


def _reference(value: JsonValue) -> Reference | None:
    return reference(value) if isinstance(value, str) else None
