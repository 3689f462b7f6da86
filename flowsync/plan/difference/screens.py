"""Which screen continues which, and where two Flow JSONs differ."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import TypeAlias

from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.plan.compare import same_value
from flowsync.plan.difference.components import ComponentDifferences
from flowsync.plan.difference.objects import (
    JsonObject,
    Pointer,
    by_id,
    label_of,
    name_of,
    type_of,
    without,
)
from flowsync.plan.difference.placed import Placed
from flowsync.plan.difference.properties import property_differences
from flowsync.plan.difference.routes import data_differences, route_differences
from flowsync.plan.difference.subjects import difference_of
from flowsync.plan.difference_values import Difference, DifferenceKind, Subject

_ALIKE = 0.6
_Parts: TypeAlias = "Counter[tuple[str, str]]"


def flow_json_differences(old: JsonValue, new: JsonValue) -> tuple[Difference, ...]:
    """Say where two Flow JSONs differ: the flow as a whole, then screens in reading order."""
    if same_value(old, new):
        return ()
    changed = Difference(subject=Subject.FLOW, kind=DifferenceKind.CHANGED)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return (changed,)
    try:
        found = tuple(_differences(old, new)) or (changed,)
    except RecursionError:  # nested too deep to say more
        return (changed,)
    titles = {**_titles(old), **_titles(new)}
    return tuple(
        replace(
            one,
            screen_title=titles.get(one.screen or "", ""),
            pointer=_as_far_as_there(one.pointer, new),
        )
        for one in found
    )


def _titles(flow_json: JsonObject) -> dict[str, str]:
    screens = by_id(flow_json.get("screens")) or {}
    return {screen_id: text_in(screen.get("title")) or "" for screen_id, screen in screens.items()}


def renamed_screens(old: JsonValue, new: JsonValue) -> dict[str, str]:
    """Give the screens that were renamed, old id → new id."""
    before, after = (by_id(mapping_in(side).get("screens")) or {} for side in (old, new))
    gone = {key: _parts(screen) for key, screen in before.items() if key not in after}
    came = {key: _parts(screen) for key, screen in after.items() if key not in before}
    found = _same_parts(gone, came)
    taken = set(found.values())
    pairs = [
        (alikeness, was_id, now_id)
        for was_id, was in gone.items()
        if was_id not in found
        for now_id, now in came.items()
        if now_id not in taken and (alikeness := _alikeness(was, now)) >= _ALIKE
    ]
    for _, was_id, now_id in sorted(pairs, key=lambda pair: -pair[0]):
        if was_id not in found and now_id not in taken:
            found[was_id] = now_id
            taken.add(now_id)
    return found


def _same_parts(gone: Mapping[str, _Parts], came: Mapping[str, _Parts]) -> dict[str, str]:
    """Give the screens that went and came with the very same components, in their order."""
    waiting: dict[frozenset[object], deque[str]] = {}
    for now_id, parts in came.items():
        waiting.setdefault(frozenset(parts.items()), deque()).append(now_id)
    return {
        was_id: alike.popleft()
        for was_id, parts in gone.items()
        if parts and (alike := waiting.get(frozenset(parts.items())))
    }


def _differences(old: JsonObject, new: JsonObject) -> Iterator[Difference]:
    about_flow = Difference(subject=Subject.FLOW, kind=DifferenceKind.CHANGED)
    apart = ("screens", "routing_model")
    for found in property_differences(without(old, *apart), without(new, *apart)):
        yield replace(difference_of(found, about_flow), subject=Subject.SETTING)
    renamed = renamed_screens(old, new)
    yield from route_differences(old.get("routing_model"), new.get("routing_model"), renamed)
    before, after = by_id(old.get("screens")), by_id(new.get("screens"))
    if before is None or after is None:
        if not same_value(old.get("screens"), new.get("screens")):
            yield replace(about_flow, what="screens", pointer=("screens",))
        return
    yield from _screens(before, after, renamed)


def _screens(
    before: Mapping[str, JsonObject], after: Mapping[str, JsonObject], renamed: dict[str, str]
) -> Iterator[Difference]:
    components = ComponentDifferences(renamed)
    was = {new_id: old_id for old_id, new_id in renamed.items()}
    about: dict[str, list[Difference]] = {}
    for index, (screen_id, screen) in enumerate(after.items()):
        old_id = was.get(screen_id, screen_id)
        whole = Difference(
            subject=Subject.SCREEN,
            kind=DifferenceKind.ADDED,
            screen=screen_id,
            label=label_of(screen),
            new=screen.get("title"),
            pointer=("screens", index),
        )
        here = about.setdefault(screen_id, [])
        if old_id not in before:
            here.append(whole)
            _compare_layouts({}, screen, whole, index, components)
            continue
        if old_id != screen_id:
            kind = DifferenceKind.RENAMED
            here.append(replace(whole, kind=kind, what="id", old=old_id, new=screen_id))
        here += _screen(before[old_id], screen, whole)
        here += _compare_layouts(before[old_id], screen, whole, index, components)
    components.settle()
    inside: dict[str, list[Difference]] = {}
    for _, found in sorted(components.found, key=lambda entry: entry[0]):
        inside.setdefault(found.screen or "", []).append(found)
    for screen_id in after:
        yield from chain(about[screen_id], inside.get(screen_id, ()))
    for screen_id, screen in before.items():
        if screen_id not in after and screen_id not in renamed:
            yield Difference(
                subject=Subject.SCREEN,
                kind=DifferenceKind.REMOVED,
                screen=screen_id,
                label=label_of(screen),
                pointer=("screens",),
            )
    yield from _moved([renamed.get(key, key) for key in before], list(after))


def _screen(old: JsonObject, new: JsonObject, whole: Difference) -> Iterator[Difference]:
    """Give the differences of a screen itself, without its layout."""
    about = replace(whole, kind=DifferenceKind.CHANGED, new=None)
    apart = ("id", "layout", "data")
    for found in property_differences(without(old, *apart), without(new, *apart)):
        yield difference_of(found, about)
    models = [side.get("data", {}) for side in (old, new)]
    if all(isinstance(model, dict) for model in models):
        pointer = (*whole.pointer, "data") if "data" in new else whole.pointer
        fields = (mapping_in(models[0]), mapping_in(models[1]))
        yield from data_differences(*fields, whole.screen or "", pointer)
    elif not same_value(*models):
        yield replace(about, subject=Subject.DATA, what="data", pointer=(*about.pointer, "data"))


def _compare_layouts(
    old: JsonObject,
    new: JsonObject,
    whole: Difference,
    index: int,
    components: ComponentDifferences,
) -> list[Difference]:
    """Compare two layouts; give what differs in them beside their components."""
    about = replace(whole, kind=DifferenceKind.CHANGED, subject=Subject.SETTING, new=None)
    before, after = old.get("layout", {} if not old else None), new.get("layout")
    if not isinstance(before, dict) or not isinstance(after, dict):
        pointer = (*whole.pointer, "layout")
        is_same = same_value(before, after) or not old
        return [] if is_same else [replace(about, what="layout", pointer=pointer)]
    around = Placed(
        value={},
        screen=whole.screen or "",
        trail=(),
        pointer=(*whole.pointer, "layout", "children"),
        place=(index,),
    )
    components.compare(before.get("children", []), after.get("children", []), around)
    if not old:
        return []
    own = [without(side, "children") for side in (before, after)]
    inside = replace(about, pointer=(*about.pointer, "layout"))
    return [
        replace(difference_of(found, inside), subject=Subject.SETTING)
        for found in property_differences(*own)
    ]


def _moved(before: list[str], after: list[str]) -> Iterator[Difference]:
    both = set(before) & set(after)
    was, now = [one for one in before if one in both], [one for one in after if one in both]
    if was != now:
        yield Difference(
            subject=Subject.SCREEN,
            kind=DifferenceKind.MOVED,
            what="order of screens",
            old=[*was],
            new=[*now],
            pointer=("screens",),
        )


def _parts(screen: JsonObject) -> _Parts:
    """Give the components of a screen by type and by name or text."""
    found: _Parts = Counter()
    waiting: list[JsonValue] = [mapping_in(screen.get("layout")).get("children")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if "type" in value:
                found[type_of(value), name_of(value) or label_of(value)] += 1
            waiting += [value.get(key) for key in ("children", "then", "else")]
            waiting += mapping_in(value.get("cases")).values()
    return found


def _alikeness(old: _Parts, new: _Parts) -> float:
    """Give the share of their components that two screens have in common, from 0 to 1."""
    every = old.total() + new.total()
    if (
        not every
        or 2 * min(old.total(), new.total()) < _ALIKE * every
        or old.keys().isdisjoint(new)
    ):
        return 0.0
    return 2 * (old & new).total() / every


def _as_far_as_there(pointer: Pointer, root: JsonValue) -> Pointer:
    """Cut a pointer where it would lead to nothing."""
    value = root
    for depth, part in enumerate(pointer):
        if isinstance(value, dict) and part in value:
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return pointer[:depth]
    return pointer
