"""Checks of screens: their keys, ids, how the flow ends, and names of components on them."""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.model import JsonValue
from flowsync.validation import texts
from flowsync.validation.components import COMPONENTS
from flowsync.validation.outline import Flow, Screen
from flowsync.validation.report import Report
from flowsync.validation.versions import V6_0, V7_0
from flowsync.validation.wording import listed, quoted, shown_value, type_name

MAX_SCREENS = 100
RESERVED_ID = "success"
_TYPES: Mapping[str, type] = {
    "id": str,
    "title": str,
    "layout": object,
    "data": dict,
    "terminal": bool,
    "success": bool,
    "refresh_on_back": bool,
    "sensitive": list,
}
_TYPE_NAMES: Mapping[type, str] = {
    str: "a text",
    dict: "an object",
    bool: "true or false",
    list: "an array",
}


def check_screens(flow: Flow, report: Report) -> None:
    """Check the list of screens and every screen without its layout and data."""
    entries = flow.value.get("screens")
    if not isinstance(entries, list):
        return
    if not entries:
        report.add("FS201", ("screens",), "the flow has an empty list of screens.", "Add a screen.")
    if len(entries) > MAX_SCREENS:
        report.add(
            "FS202",
            ("screens", MAX_SCREENS),
            f"the flow has {len(entries)} screens, more than {MAX_SCREENS}.",
            "Remove some screens, or split the flow in two.",
        )
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            report.add(
                "FS203",
                ("screens", index),
                f"screen number {index} is {type_name(entry)}, not an object.",
                "Replace it with a screen, or remove it.",
            )
    for screen in flow.screens:
        _check_keys(screen, report)
        _check_id(screen, report)
        _check_flags(flow, screen, report)
        _check_sensitive(screen, report)
        _check_names(screen, report)
        _check_footer(screen, report)
    _check_duplicates(flow, report)
    _check_ends(flow, report)


def _check_keys(screen: Screen, report: Report) -> None:
    named = f"screen {quoted(screen.id)}"
    for key, value in screen.value.items():
        wanted = _TYPES.get(key)
        if wanted is None:
            report.add(
                "FS204",
                (*screen.pointer, key),
                f"{named} has the unknown key {quoted(key)}.",
                report.suggest(key, _TYPES.keys(), "Remove it."),
                at_key=True,
                is_enforced=key != "children",  # the platform lets that one pass
            )
        elif not isinstance(value, wanted):
            report.add(
                "FS203",
                (*screen.pointer, key),
                f"{key} of {named} should be {_TYPE_NAMES[wanted]}, but is {type_name(value)}.",
                f"Replace it with {_TYPE_NAMES[wanted]}.",
            )
    for key in ("id", "title", "layout"):
        if key not in screen.value:
            is_optional = key == "layout" and report.version < V6_0
            report.add(
                "FS218" if is_optional else "FS205",
                screen.pointer,
                f"{named} has no {key}.",
                f"Add {quoted(key)}.",
            )
    title = screen.value.get("title")
    if isinstance(title, str) and texts.is_blank(title):
        report.add(
            "FS211",
            (*screen.pointer, "title"),
            f"the title of {named} is blank.",
            "Write a title.",
        )


def _check_id(screen: Screen, report: Report) -> None:
    if not screen.has_id:
        return
    at = (*screen.pointer, "id")
    if not screen.id:
        report.add("FS207", at, "the id of this screen is empty.", "Write an id.")
    elif not texts.is_screen_id(screen.id, report.version):
        only = " and not underscores alone" if report.version >= V7_0 else ""
        report.add(
            "FS206",
            at,
            f"the screen id {quoted(screen.id)} is not made of letters and underscores only.",
            f"Use only A-Z, a-z and _{only}; write digits as words.",
        )
    if screen.id == RESERVED_ID:
        report.add(
            "FS209",
            at,
            f"the screen id {quoted(screen.id)} is reserved by the platform.",
            "Choose another id.",
        )
    elif screen.id.lower() == RESERVED_ID:
        report.add(
            "FS210",
            at,
            f"the screen id {quoted(screen.id)} is what an endpoint answers to close the flow.",
            "Choose another id.",
        )


def _check_flags(flow: Flow, screen: Screen, report: Report) -> None:
    named = f"screen {quoted(screen.id)}"
    if "success" in screen.value and not screen.is_terminal:
        report.add(
            "FS213",
            (*screen.pointer, "success"),
            f"{named} has success but is not terminal.",
            "Remove success, or set terminal to true.",
            at_key=True,
        )
    if screen.value.get("refresh_on_back") is True and not flow.has_endpoint:
        report.add(
            "FS215",
            (*screen.pointer, "refresh_on_back"),
            f"{named} is to be refreshed, but the flow has no endpoint.",
            "Remove refresh_on_back, or add data_api_version and a routing_model.",
        )


def _check_sensitive(screen: Screen, report: Report) -> None:
    names = screen.value.get("sensitive")
    if not isinstance(names, list):
        return
    at = (*screen.pointer, "sensitive")
    names_there = {part.name for part in screen.components}  # the name of a Form passes too
    if not names:
        message = f"sensitive of screen {quoted(screen.id)} is empty."
        report.add("FS217", at, message, "Name components in it, or remove it.")
    for index, name in enumerate(names):
        if not isinstance(name, str):
            report.add(
                "FS203",
                (*at, index),
                f"an entry of sensitive of screen {quoted(screen.id)} is {type_name(name)}.",
                "Replace it with the name of a component.",
            )
        elif name not in names_there and screen.is_whole:
            report.add(
                "FS216",
                (*at, index),
                f"sensitive of screen {quoted(screen.id)} names {quoted(name)}, which is no "
                "component there.",
                report.suggest(name, screen.named.keys(), "Use the name of a component."),
            )


def _check_names(screen: Screen, report: Report) -> None:
    for component in screen.components:
        name = component.name
        if name is None or component.type == "Form" or not component.type:
            continue
        first = screen.named[name]
        if first is not component:
            kind = first.type if first.type in COMPONENTS else "component"
            report.add(
                "FS351",
                (*component.pointer, "name"),
                f"the name {quoted(name)} is used by two components on screen "
                f"{quoted(screen.id)}, the other a {kind}.",
                "Give one of them another name.",
            )


def _check_footer(screen: Screen, report: Report) -> None:
    if screen.is_terminal and screen.is_whole and not screen.has("Footer", "NavigationList"):
        report.add(
            "FS357",
            screen.pointer,
            f"screen {quoted(screen.id)} is terminal but has no Footer to end the flow with.",
            "Add a Footer with the action complete.",
        )


def _check_duplicates(flow: Flow, report: Report) -> None:
    for screen in flow.screens:
        if screen.has_id and flow.by_id[screen.id] is not screen:
            first = flow.by_id[screen.id].pointer[-1]
            report.add(
                "FS208",
                (*screen.pointer, "id"),
                f"the screen id {quoted(screen.id)} is already used by screens[{first}].",
                "Give one of them another id.",
            )


def _check_ends(flow: Flow, report: Report) -> None:
    flags: list[JsonValue] = [screen.value.get("terminal", False) for screen in flow.screens]
    if not flow.screens or not all(isinstance(flag, bool) for flag in flags):
        return
    if not any(flags):
        if len(flow.screens) == len(flow.value["screens"]):  # type: ignore[arg-type]
            report.add(
                "FS212",
                ("screens",),
                "no screen is terminal, so the flow never ends.",
                'Set "terminal": true on the last screen.',
                also=("INVALID_PROPERTY_VALUE",)
                if all("terminal" in screen.value for screen in flow.screens)
                else (),
            )
        return
    ends = [screen for screen in flow.screens if screen.is_terminal]
    if all(screen.value.get("success") is False for screen in ends):
        unset = any("terminal" not in screen.value for screen in flow.screens)
        names = [screen.id for screen in ends]
        report.add(
            "FS214",
            ("screens",),
            f"no way to end the flow counts as a success: {listed(names, len(names))} "
            f"have success {shown_value(False)}.",
            "Set success to true on one of them.",
            is_enforced=not unset,
        )
