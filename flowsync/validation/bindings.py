"""Checks that bindings refer to something that exists. Their types are not compared here."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.components import COMPONENTS
from flowsync.validation.outline import Component, Flow, JsonObject, Screen
from flowsync.validation.report import Report
from flowsync.validation.versions import V6_0
from flowsync.validation.wording import quoted

PAYLOAD_ACTIONS = frozenset({"navigate", "complete", "data_exchange", "update_data"})
# Checked by rules of their own, or not bound at all.
_EXEMPT = frozenset({"type", "condition", "children", "then", "else", "cases"})
_PRESETS = ("init-values", "error-messages")
_BREAKING = "-`' "


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a binding leads nowhere, and a fix for it."""

    message: str
    fix: str
    is_enforced: bool = True


def check_bindings(flow: Flow, report: Report) -> None:
    """Check the bindings in component properties and at the top of payloads."""
    for screen in flow.screens:
        for component in screen.components:
            if component.type in COMPONENTS:
                _check_component(flow, screen, component, report)
            if component.type == "Form":
                _check_presets(flow, screen, component, report)
        for action in screen.actions:
            if action.name not in PAYLOAD_ACTIONS:
                continue
            for key, value in action.payload.items():
                problem = _find(flow, screen, value, report)
                if problem is None:
                    continue
                report.add(
                    "FS422",
                    (*action.pointer, "payload", key),
                    f"{quoted(key)} in the payload of {action.component.label} {problem.message}.",
                    problem.fix,
                    is_enforced=action.is_collected and problem.is_enforced,
                )


def _check_component(flow: Flow, screen: Screen, component: Component, report: Report) -> None:
    properties = COMPONENTS[component.type].properties
    for key, value in component.value.items():
        if key in _EXEMPT or key not in properties or key.startswith("on-"):
            continue
        if key in _PRESETS and (isinstance(value, dict) or report.version >= V6_0):
            continue
        if key == "name" and report.version >= V6_0 and component.type != "Form":
            continue  # cannot be bound; said as a text of the wrong form
        at: Pointer = (*component.pointer, key)
        _check_value(flow, screen, component, key, value, at, report)
        if isinstance(value, dict) and report.version >= V6_0:
            for inner_key, inner in value.items():
                here = (*at, inner_key)
                _check_value(flow, screen, component, inner_key, inner, here, report)
    click = component.value.get("on-click-action")
    if isinstance(click, dict) and report.version >= V6_0 and "on-click-action" in properties:
        at = (*component.pointer, "on-click-action", "url")
        _check_value(flow, screen, component, "url", click.get("url"), at, report)


def _check_presets(flow: Flow, screen: Screen, form: Component, report: Report) -> None:
    for list_key in _PRESETS:
        presets = form.value.get(list_key)
        for key, value in presets.items() if isinstance(presets, dict) else ():
            problem = _find(flow, screen, value, report)
            if problem is not None and problem.is_enforced:
                report.add(
                    "FS359",
                    (*form.pointer, list_key, key),
                    f"{quoted(key)} in {list_key} of {form.label} {problem.message}.",
                    problem.fix,
                )


def _check_value(
    flow: Flow,
    screen: Screen,
    component: Component,
    key: str,
    value: JsonValue,
    at: Pointer,
    report: Report,
) -> None:
    found = texts.reference(value) if isinstance(value, str) else None
    if found is None:
        return
    if found.screen is not None and found.screen == screen.id:
        report.add(
            "FS423",
            at,
            f"{quoted(key)} of {component.label} names its own screen in a binding.",
            "Leave out the screen, as in ${data.field}.",
        )
        return
    problem = _breaking_name(found) or _find(flow, screen, value, report)
    if problem is not None:
        message = f"{quoted(key)} of {component.label} {problem.message}."
        report.add("FS421", at, message, problem.fix, is_enforced=problem.is_enforced)


def _find(flow: Flow, screen: Screen, value: JsonValue, report: Report) -> Missing | None:
    """Give why a value that is one binding leads nowhere; None where it does, or is none."""
    found = texts.reference(value) if isinstance(value, str) else None
    if found is None:
        return None
    assert isinstance(value, str)
    if found.screen is not None and found.source == "":
        return Missing(
            f"has the binding {quoted(value)}, which says neither data nor form",
            "Write ${screen.ID.data.field} or ${screen.ID.form.component}.",
            is_enforced=False,
        )
    source: Screen | None = screen
    if found.screen is not None:
        source = flow.by_id.get(found.screen)
        if source is None:
            if not flow.is_whole:
                return None
            return Missing(
                f"refers to screen {quoted(found.screen)}, which is not in the flow",
                report.suggest(found.screen, flow.by_id.keys(), "Use the id of a screen."),
            )
    assert source is not None
    if found.source == "data" and found.path:
        return _find_data(source, found.path, report)
    if found.source == "form" and found.path:
        return _find_input(source, found.path, report)
    return Missing(
        f"has the binding {quoted(value)}, which cannot be read",
        "Write ${data.field}, ${form.component} or ${screen.ID.data.field}.",
    )


def _breaking_name(found: texts.Reference) -> Missing | None:
    """Give what is wrong with names that the platform cannot read in a component's property."""
    for part in found.path:
        if found.source == "data" and any(char in _BREAKING for char in part):
            return Missing(
                f"binds the field {quoted(part)}, whose name breaks the binding",
                "Use only letters, digits and underscores in names of fields.",
            )
    return None


def _find_data(screen: Screen, path: tuple[str, ...], report: Report) -> Missing | None:
    if "data" in screen.value and screen.data is None:
        return None  # said as a value of the wrong type
    fields: JsonObject = screen.data or {}
    for depth, part in enumerate(path):
        if part not in fields:
            where = quoted(".".join(path[:depth])) if depth else "the data"
            return Missing(
                f"refers to {quoted('data.' + '.'.join(path))}, but {where} of screen "
                f"{quoted(screen.id)} has no {quoted(part)}",
                report.suggest(part, fields.keys(), "Declare the field in the screen's data."),
            )
        field = fields[part]
        if not isinstance(field, dict):
            return None
        properties = field.get("properties")
        fields = properties if isinstance(properties, dict) else {}
    return None


def _find_input(screen: Screen, path: tuple[str, ...], report: Report) -> Missing | None:
    name = path[0]
    if name in screen.named or not screen.is_whole:
        return None
    is_form = any(
        component.type == "Form" and component.name == name for component in screen.components
    )
    if is_form:
        return Missing(
            f"refers to the Form {quoted(name)}, which has no value",
            "Refer to an input in it instead.",
        )
    return Missing(
        f"refers to the input {quoted(name)}, which is not on screen {quoted(screen.id)}",
        report.suggest(name, screen.named.keys(), "Use the name of an input on that screen."),
    )
