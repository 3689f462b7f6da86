"""What people tap or choose on a screen, in words: `button "Continue" when ${data.is_open}`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from flowsync.component_words import kind_word
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.sources import Pointer
from flowsync.validation.outline import Action, Component, Screen

Conditions = Mapping[Pointer, tuple[str, ...]]
"""For each component that an If or a Switch shows, when it does, from the outside in."""

_LABELS = ("label", "text", "title", "name")
_EVENTS = {"on-select-action": " (on select)", "on-unselect-action": " (on unselect)"}


def conditions_on(screen: Screen) -> Conditions:
    """Give when the components of a screen are shown, where that depends on something."""
    return dict(_conditions(screen.children, ()))


def words_for(action: Action, conditions: Conditions) -> str:
    """Say what starts an action, and when it is there."""
    component = action.component
    when = conditions.get(component.pointer, ())
    what = f"{_named(action)}{_EVENTS.get(action.key, '')}"
    return " ".join((what, " and ".join(when)) if when else (what,))


def _named(action: Action) -> str:
    component = action.component
    entry = _entry_of(action)
    if entry is not None:
        kind = "item" if component.type == "NavigationList" else "option"
        content = mapping_in(entry.get("main-content"))
        label = text_in(content.get("title")) or text_in(entry.get("title"))
        label = label or text_in(entry.get("id"))
        return f"{kind}{_quoted(label)} of the {kind_word(component.type)}"
    labels = (text_in(component.value.get(key)) for key in _LABELS)
    return f"{kind_word(component.type)}{_quoted(next(filter(None, labels), None))}"


def _quoted(label: str | None) -> str:
    return f' "{" ".join(label.split())}"' if label else ""


def _entry_of(action: Action) -> dict[str, JsonValue] | None:
    """Give the item or option that an action belongs to, None where it is the component's own."""
    if not action.is_of_entry:
        return None
    list_key, index = action.pointer[-3], action.pointer[-2]
    entries = action.component.value.get(str(list_key))
    assert isinstance(entries, list)
    assert isinstance(index, int)
    return mapping_in(entries[index])


def _conditions(
    components: tuple[Component, ...], outer: tuple[str, ...]
) -> Iterator[tuple[Pointer, tuple[str, ...]]]:
    for component in components:
        if outer:
            yield component.pointer, outer
        for branch, when in zip(component.branches, _cases(component), strict=True):
            yield from _conditions(branch, (*outer, *when))


def _cases(component: Component) -> Iterator[tuple[str, ...]]:
    """Say for each branch of a component when it is shown."""
    value = component.value
    if component.type == "If":
        condition = _shown(value.get("condition"))
        cases = {"then": f"when {condition}", "else": f"unless {condition}"}
        yield from ((text,) for key, text in cases.items() if key in value)
    elif component.type == "Switch":
        of = _shown(value.get("value"))
        for case in mapping_in(value.get("cases")):
            is_rest = case == "default"
            yield (f"when {of} is {'none of the others' if is_rest else json.dumps(case)}",)
    else:
        yield from (() for _ in component.branches)


def _shown(condition: JsonValue) -> str:
    """Give a condition as it was written, in one line."""
    text = condition if isinstance(condition, str) else json.dumps(condition)
    return " ".join(text.split())
