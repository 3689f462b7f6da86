"""Migrations of screen ids (7.0), preset numbers (7.0) and routes (7.3)."""

from __future__ import annotations

import json
import re

from flowsync.model import JsonValue, mapping_in
from flowsync.sources import Pointer
from flowsync.upgrading.draft import Draft
from flowsync.validation import texts
from flowsync.validation.outline import Flow, Screen
from flowsync.validation.versions import V6_3, V7_0
from flowsync.validation.wording import quoted

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_SEPARATORS = re.compile(r"[,\s-]+")


def rename_screens(draft: Draft) -> None:
    """Give screens whose id 7.0 refuses a new one, everywhere, where it is clear which."""
    flow = draft.flow()
    for screen in flow.screens:
        if not screen.has_id or texts.is_screen_id(screen.id, V7_0):
            continue
        at: Pointer = (*screen.pointer, "id")
        new = _SEPARATORS.sub("_", screen.id)
        taken = new in flow.by_id or _is_proposed_twice(flow, new)
        if taken or not texts.is_screen_id(new, V7_0) or flow.by_id[screen.id] is not screen:
            draft.decide(
                at,
                f"the screen id {quoted(screen.id)} is refused from 7.0.",
                "Rename it everywhere with letters and underscores only.",
            )
            continue
        _rename(draft, screen.id, new)
        draft.decide(
            at,
            f"the screen {quoted(screen.id)} is now called {quoted(new)}.",
            "Use the new id wherever it is known outside: endpoint, messages that open the flow.",
        )


def _is_proposed_twice(flow: Flow, new: str) -> bool:
    return sum(_SEPARATORS.sub("_", screen.id) == new for screen in flow.screens) > 1


def _rename(draft: Draft, old: str, new: str) -> None:
    """Change a screen's id in its own place, in routes, navigation and bindings."""
    summary = f"screen id {quoted(old)} → {quoted(new)}"
    binding = re.compile(rf"\$\{{screen\.{re.escape(old)}\.")
    routes = mapping_in(draft.value.get("routing_model"))
    for at, text in list(draft.strings(("screens",))):
        is_id = at[2:] == ("id",) or at[-2:] == ("next", "name")
        if is_id and text == old:
            draft.put(at, new, summary)
        elif binding.search(text):
            replaced = binding.sub(f"${{screen.{new}.", text)
            draft.put(at, replaced, f"{quoted(text)} → {quoted(replaced)}")
    for start, ends in routes.items():
        for index, end in enumerate(ends if isinstance(ends, list) else ()):
            if end == old:
                draft.put(("routing_model", start, index), new, summary)
    if old in routes:
        draft.rename(("routing_model", old), new, summary)


def write_preset_numbers(draft: Draft) -> None:
    """Write what a Form presets for a numeric TextInput as a number, where it is one."""
    for screen in draft.flow().screens:
        for form in screen.components:
            if form.type != "Form":
                continue
            for name, value in list(mapping_in(form.value.get("init-values")).items()):
                if isinstance(value, str) and _is_numeric(screen, name):
                    _write_number(draft, (*form.pointer, "init-values", name), name, value)


def _is_numeric(screen: Screen, name: str) -> bool:
    component = screen.named.get(name)
    return (
        component is not None
        and component.type == "TextInput"
        and component.value.get("input-type") in ("number", "passcode")
    )


def _write_number(draft: Draft, at: Pointer, name: str, text: str) -> None:
    if texts.is_dynamic(text, V6_3):
        return
    if _JSON_NUMBER.fullmatch(text):
        value: JsonValue = json.loads(text)
        draft.put(at, value, f"the initial value of {quoted(name)}: {quoted(text)} → {text}")
    else:
        draft.decide(
            at,
            f"the initial value of {quoted(name)} is the text {quoted(text)}; from 7.0 it must be "
            "a number.",
            "Write a number, or remove it.",
        )


def add_routes(draft: Draft) -> None:
    """Add the routes of existing navigation to the routing model."""
    flow = draft.flow()
    routes = mapping_in(draft.value.get("routing_model"))
    if "routing_model" not in draft.value or draft.value["routing_model"] != routes:
        return
    for screen in flow.screens:
        if screen.has("NavigationList") or flow.by_id.get(screen.id) is not screen:
            continue
        for action in screen.actions:
            target = action.target
            if action.is_collected and target in flow.by_id and target != screen.id:
                assert target is not None
                _add_route(draft, routes, screen.id, target)


def _add_route(draft: Draft, routes: dict[str, JsonValue], start: str, end: str) -> None:
    there, back = routes.get(start), routes.get(end)
    is_known = any(
        isinstance(ends, list) and other in ends for ends, other in ((there, end), (back, start))
    )
    if is_known:
        return
    summary = f"route {quoted(start)} → {quoted(end)} added, which a navigate action takes"
    if start not in routes:
        draft.put(("routing_model", start), [end], summary)
    elif isinstance(there, list):
        draft.append(("routing_model", start), end, summary)
