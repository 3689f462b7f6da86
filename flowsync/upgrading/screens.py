"""Migrations of screen ids (7.0), preset numbers (7.0) and routes (7.3)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping

from flowsync.model import JsonValue, mapping_in
from flowsync.sources import Pointer
from flowsync.upgrading.draft import Draft
from flowsync.validation import texts
from flowsync.validation.outline import Flow, Screen
from flowsync.validation.versions import V6_3, V7_0
from flowsync.validation.wording import quoted

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_SEPARATORS = re.compile(r"[,\s-]+")
_SCREEN_BINDING = re.compile(r"\$\{screen\.([^.{}]+)\.")


def rename_screens(draft: Draft) -> None:
    """Give screens whose id 7.0 refuses a new one, everywhere, where it is clear which."""
    flow = draft.flow()
    new_ids = _new_ids(flow)
    for screen in flow.screens:
        if not screen.has_id or texts.is_screen_id(screen.id, V7_0):
            continue
        at: Pointer = (*screen.pointer, "id")
        if screen.id in new_ids:
            draft.decide(
                at,
                f"the screen {quoted(screen.id)} is now called {quoted(new_ids[screen.id])}.",
                "Use the new id wherever else it is known, as in the endpoint and in messages.",
            )
        else:
            draft.decide(
                at,
                f"the screen id {quoted(screen.id)} is refused from 7.0.",
                "Rename it everywhere, with letters and underscores only.",
            )
    if new_ids:
        _rename_texts(draft, new_ids)
        _rename_routes(draft, new_ids)


def _new_ids(flow: Flow) -> dict[str, str]:
    """Give the new ids that are clear: separators become underscores, and no other has it."""
    wanted = [(screen.id, _SEPARATORS.sub("_", screen.id)) for screen in flow.screens]
    uses = Counter(new for _, new in wanted)
    return {
        old: new
        for old, new in wanted
        if old != new and uses[new] == 1 and texts.is_screen_id(new, V7_0)
    }


def _rename_texts(draft: Draft, new_ids: Mapping[str, str]) -> None:
    """Change ids in their own place, in navigation and in bindings."""

    def renamed(match: re.Match[str]) -> str:
        return f"${{screen.{new_ids.get(match[1], match[1])}."

    for at, text in list(draft.strings(("screens",))):
        if at[2:] == ("id",) or at[-3:] == ("on-click-action", "next", "name"):
            new = new_ids.get(text, text)
        else:
            new = _SCREEN_BINDING.sub(renamed, text)
        if new != text:
            draft.put(at, new, f"{quoted(text)} → {quoted(new)}")


def _rename_routes(draft: Draft, new_ids: Mapping[str, str]) -> None:
    routes = mapping_in(draft.value.get("routing_model"))
    for start, ends in routes.items():
        for index, end in enumerate(ends if isinstance(ends, list) else ()):
            if isinstance(end, str) and end in new_ids:
                summary = f"{quoted(end)} → {quoted(new_ids[end])}"
                draft.put(("routing_model", start, index), new_ids[end], summary)
    renamed = {new_ids.get(start, start): ends for start, ends in routes.items()}
    if list(renamed) != list(routes):
        draft.put(("routing_model",), renamed, "routing_model uses the new screen ids")


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
    routes = draft.value.get("routing_model")
    if not isinstance(routes, dict):
        return
    known = {
        (start, end)
        for start, ends in routes.items()
        for end in (ends if isinstance(ends, list) else ())
        if isinstance(end, str)
    }
    for screen in flow.screens:
        if screen.has("NavigationList") or flow.by_id.get(screen.id) is not screen:
            continue
        for action in screen.actions:
            start, end = screen.id, action.target
            if not action.is_collected or end is None or end not in flow.by_id or end == start:
                continue
            if (start, end) not in known and (end, start) not in known:
                known.add((start, end))
                _add_route(draft, start, end, is_new=start not in routes)


def _add_route(draft: Draft, start: str, end: str, *, is_new: bool) -> None:
    summary = f"route {quoted(start)} → {quoted(end)} added, which a navigate action takes"
    if is_new:
        draft.put(("routing_model", start), [end], summary)
    else:
        draft.append(("routing_model", start), end, summary)
