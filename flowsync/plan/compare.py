"""Comparing flows by value, and saying where two Flow JSONs differ (the only use of deepdiff).

Numbers count by value, so 1 equals 1.0, but true is not 1; key order and white space do not count
(G-08). Screens are matched by id; components by name, or else in order among those of one type;
objects in a list by their `id`. So an inserted screen is one insertion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from flowsync.model import JsonValue, canonical_json, normalised
from flowsync.plan.values import Difference

_Object: TypeAlias = "dict[str, JsonValue]"

_CHILDREN = {"Form": ("children",), "If": ("then", "else")}


def same_value(left: JsonValue, right: JsonValue) -> bool:
    """Tell whether two JSON values mean the same."""
    return canonical_json(left) == canonical_json(right)


def content_digest(value: JsonValue) -> str:
    """Give the SHA-256 of a JSON value's canonical text."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def flow_json_differences(old: JsonValue, new: JsonValue) -> tuple[Difference, ...]:
    """Say where two Flow JSONs differ, by screen and component in reading order."""
    if same_value(old, new):
        return ()
    if not isinstance(old, dict) or not isinstance(new, dict):
        return (Difference(where="flow", what="", kind="changed"),)
    rest = [_without(side, "screens") for side in (old, new)]
    try:
        found = [*_properties("flow", *rest), *_screens(old.get("screens"), new.get("screens"))]
    except RecursionError:  # nested too deep to say more
        found = []
    return tuple(found) or (Difference(where="flow", what="", kind="changed"),)


def _screens(old: JsonValue, new: JsonValue) -> Iterator[Difference]:
    before, after = _by_id(old), _by_id(new)
    if before is None or after is None:
        if not same_value(old, new):
            yield Difference(where="flow", what="screens", kind="changed")
        return
    for screen_id, screen in after.items():
        where = f"screen {screen_id}"
        if screen_id not in before:
            title = screen.get("title")
            yield Difference(where=where, what="", kind="added", new=title)
        else:
            yield from _screen(where, before[screen_id], screen)
    for screen_id in before:
        if screen_id not in after:
            yield Difference(where=f"screen {screen_id}", what="", kind="removed")
    yield from _moves("flow", "screens", list(before), list(after))


def _screen(where: str, old: _Object, new: _Object) -> Iterator[Difference]:
    yield from _properties(where, _without(old, "layout"), _without(new, "layout"))
    layouts = [side.get("layout") for side in (old, new)]
    if not all(isinstance(layout, dict) for layout in layouts):
        if not same_value(layouts[0], layouts[1]):
            yield Difference(where=where, what="layout", kind="changed")
        return
    before, after = (layout for layout in layouts if isinstance(layout, dict))
    yield from _properties(where, _without(before, "children"), _without(after, "children"))
    yield from _components(where, before.get("children"), after.get("children"))


def _components(where: str, old: JsonValue, new: JsonValue) -> Iterator[Difference]:
    before, after = _objects(old), _objects(new)
    if before is None or after is None:
        if not same_value(old, new):
            yield Difference(where=where, what="children", kind="changed")
        return
    pairs = _matched(before, after)
    for index, component in enumerate(after):
        label = f"{where} › {_component_name(component, after)}"
        if index not in pairs:
            yield Difference(where=label, what="", kind="added")
        else:
            yield from _component(label, before[pairs[index]], component)
    for index, component in enumerate(before):
        if index not in pairs.values():
            label = f"{where} › {_component_name(component, before)}"
            yield Difference(where=label, what="", kind="removed")
    order = [pairs[index] for index in range(len(after)) if index in pairs]
    if order != sorted(order):
        yield Difference(where=where, what="order of components", kind="moved")


def _component(where: str, old: _Object, new: _Object) -> Iterator[Difference]:
    kind = str(new.get("type"))
    nested = _CHILDREN.get(kind, ())
    own = [_without(side, *nested, "cases") for side in (old, new)]
    yield from _properties(where, *own)
    for name in nested:
        inner = where if name == "children" else f"{where} › {name}"
        yield from _components(inner, old.get(name, []), new.get(name, []))
    cases = [side.get("cases") for side in (old, new)]
    before, after = (side if isinstance(side, dict) else {} for side in cases)
    for name in [*after, *(name for name in before if name not in after)]:
        inner = f'{where} › case "{name}"'
        if name not in before:
            yield Difference(where=inner, what="", kind="added")
        elif name not in after:
            yield Difference(where=inner, what="", kind="removed")
        else:
            yield from _components(inner, before[name], after[name])


def _matched(old: list[_Object], new: list[_Object]) -> dict[int, int]:
    """Give for each new component the index of the old one that it continues."""
    pairs: dict[int, int] = {}
    named: dict[tuple[str, str], list[int]] = {}
    for index, component in enumerate(old):
        if (name := _name(component)) is not None:
            named.setdefault(name, []).append(index)
    for index, component in enumerate(new):
        if (name := _name(component)) is not None and named.get(name):
            pairs[index] = named[name].pop(0)
    left_old = [i for i in range(len(old)) if i not in pairs.values() and not _name(old[i])]
    left_new = [i for i in range(len(new)) if i not in pairs and not _name(new[i])]
    texts = [canonical_json(old[i]) for i in left_old], [canonical_json(new[i]) for i in left_new]
    for block in SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            pairs[left_new[block.b + offset]] = left_old[block.a + offset]
    used = set(pairs.values())
    for index in left_new:
        if index not in pairs:
            kind = new[index].get("type")
            candidates = (i for i in left_old if i not in used and old[i].get("type") == kind)
            match = next(candidates, None)
            if match is not None:
                pairs[index] = match
                used.add(match)
    return pairs


def _name(component: Mapping[str, JsonValue]) -> tuple[str, str] | None:
    name, kind = component.get("name"), component.get("type")
    return (str(kind), name) if isinstance(name, str) else None


def _component_name(component: Mapping[str, JsonValue], siblings: list[_Object]) -> str:
    """Name a component by type and name; one without a name by its number among its type."""
    kind = str(component.get("type", "component"))
    if isinstance(component.get("name"), str):
        return f"{kind} {component['name']}"
    same = [sibling for sibling in siblings if sibling.get("type") == component.get("type")]
    number = next(i for i, sibling in enumerate(same, 1) if sibling is component)
    return f"{kind} {number}" if len(same) > 1 else kind


def _properties(where: str, old: _Object, new: _Object) -> Iterator[Difference]:
    """Give the differences of two objects property by property."""
    from deepdiff import DeepDiff  # takes a while to import, and most plans have no differences

    left, right = _keyed(normalised(old), normalised(new))
    found = DeepDiff(
        left, right, view="tree", threshold_to_diff_deeper=0, ignore_private_variables=False
    )
    order = {key: index for index, key in enumerate([*new, *old])}
    differences = []
    for levels in found.values():
        for level in levels:
            path = level.path(output_format="list")
            is_added = "item_added" in level.report_type
            is_removed = "item_removed" in level.report_type
            what = _property_name(path)
            if path[-1] == _ORDER_KEY:
                kind = "moved"
            else:
                kind = "added" if is_added else "removed" if is_removed else "changed"
            difference = Difference(
                where=where,
                what=what,
                kind=kind,
                old=None if is_added else _value_at(old, path, level.t1),
                new=None if is_removed else _value_at(new, path, level.t2),
            )
            differences.append((order.get(str(path[0]), 0), what, difference))
    yield from (entry[2] for entry in sorted(differences, key=lambda entry: entry[:2]))


_ORDER_KEY = "\0order"


def _keyed(old: JsonValue, new: JsonValue) -> tuple[Any, Any]:
    """Turn lists of objects with ids into objects by id, on both sides alike.

    Where what both have stands in another order, both sides get a member that differs.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = {key: _keyed(old[key], new[key]) for key in old if key in new}
        return (
            {key: pairs[key][0] if key in pairs else value for key, value in old.items()},
            {key: pairs[key][1] if key in pairs else value for key, value in new.items()},
        )
    before, after = _by_id(old), _by_id(new)
    if before is None or after is None or not before or not after:
        return old, new
    left, right = _keyed(
        {f"\0{key}": value for key, value in before.items()},
        {f"\0{key}": value for key, value in after.items()},
    )
    common = [[key for key in side if key in before and key in after] for side in (before, after)]
    if common[0] != common[1]:
        left[_ORDER_KEY], right[_ORDER_KEY] = " ".join(common[0]), " ".join(common[1])
    return left, right


def _property_name(path: list[Any]) -> str:
    """Write a path as people read it: `data-source "am".title`."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int):
            words.append(f"[{part + 1}]")
        elif part == _ORDER_KEY:
            words.append(" order")
        elif part.startswith("\0"):
            words.append(f' "{part[1:]}"')
        else:
            words.append(f".{part}" if words else part)
    return "".join(words).strip()


def _value_at(root: JsonValue, path: list[Any], found: Any) -> JsonValue:
    """Give the value at a path as it was written, before its lists were keyed."""
    if path[-1] == _ORDER_KEY:
        return str(found)
    value = root
    for part in path:
        if isinstance(value, list) and isinstance(part, str):
            value = (_by_id(value) or {}).get(part[1:])
        elif isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part < len(value):
            value = value[part]
    return value


def _by_id(value: JsonValue) -> dict[str, _Object] | None:
    """Give a list of objects by their ids; None unless all have one and none is repeated."""
    objects = _objects(value)
    if objects is None:
        return None
    found: dict[str, _Object] = {}
    for item in objects:
        item_id = item.get("id")
        if not isinstance(item_id, str) or item_id in found:
            return None
        found[item_id] = item
    return found


def _objects(value: JsonValue) -> list[_Object] | None:
    if not isinstance(value, list):
        return None
    objects = [item for item in value if isinstance(item, dict)]
    return objects if len(objects) == len(value) else None


def _moves(where: str, what: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Difference]:
    old, new = list(old), list(new)
    before, after = [i for i in old if i in new], [i for i in new if i in old]
    if before != after:
        yield Difference(
            where=where,
            what=f"order of {what}",
            kind="moved",
            old=" ".join(before),
            new=" ".join(after),
        )


def _without(value: _Object, *names: str) -> _Object:
    return {key: item for key, item in value.items() if key not in names}
