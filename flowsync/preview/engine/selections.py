"""Which actions run when somebody changes what is chosen in an input."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.model import JsonValue, mapping_in, texts_in
from flowsync.preview.engine.elements import Shown
from flowsync.validation.outline import JsonObject

_SELECT, _UNSELECT = "on-select-action", "on-unselect-action"


def selection_actions(one: Shown, before: JsonValue, after: JsonValue) -> tuple[JsonObject, ...]:
    """Give the actions that a change runs, in order: what was unselected first.

    An `on-select-action` stands for both directions where there is no `on-unselect-action`, at an
    option as at the component. Of one choice in place of another, it then runs once.
    """
    if before == after:
        return ()
    return tuple(_actions(one, before, after))


def _actions(one: Shown, before: JsonValue, after: JsonValue) -> Iterator[JsonObject]:
    lost, gained = _names(before) - _names(after), _names(after) - _names(before)
    if not lost and not gained:  # a day, or a tick
        gained, lost = ({""}, set()) if after not in (None, False) else (set(), {""})
    for name in _in_order(one, lost):
        yield from _action(_option(one, name), _UNSELECT)
    own = one.properties
    if lost and (_UNSELECT in own or not gained):
        yield from _action(own, _UNSELECT)
    for name in _in_order(one, gained):
        yield from _action(_option(one, name), _SELECT)
    if gained:
        yield from _action(own, _SELECT)


def _action(holder: object, key: str) -> Iterator[JsonObject]:
    found = holder if isinstance(holder, dict) else {}
    action = found.get(key, found.get(_SELECT) if key == _UNSELECT else None)
    if isinstance(action, dict):
        yield action


def _names(value: JsonValue) -> set[str]:
    if isinstance(value, str):
        return {value} if value else set()
    return set(texts_in(value))


def _in_order(one: Shown, names: set[str]) -> list[str]:
    entries = one.properties.get("data-source")
    order = [mapping_in(entry).get("id") for entry in entries] if isinstance(entries, list) else []
    return [str(name) for name in dict.fromkeys(map(str, order)) if name in names]


def _option(one: Shown, name: str) -> JsonObject:
    entries = one.properties.get("data-source")
    options = [mapping_in(entry) for entry in entries] if isinstance(entries, list) else []
    return next((option for option in options if option.get("id") == name), {})
