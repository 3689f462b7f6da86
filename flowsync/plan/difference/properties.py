"""Differences of two objects property by property (the only use of deepdiff)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flowsync.model import JsonValue, mapping_in, normalised, text_in
from flowsync.plan.compare import same_value
from flowsync.plan.difference.objects import JsonObject, Pointer, by_id, label_of
from flowsync.plan.values import DifferenceKind

_ORDER_KEY = "\0order"


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyDifference:
    """A property that differs.

    `path` leads to it from the object, an entry of a list by its `id` as text with a NUL before it,
    `words` is the same for people, `pointer` leads to it in the new object, or to its nearest
    parent there. For an order `old` and `new` are the labels of the entries that both have.
    """

    path: tuple[str | int, ...]
    words: str
    kind: DifferenceKind
    old: JsonValue
    new: JsonValue
    pointer: Pointer

    @property
    def item(self) -> str | None:
        """Give the id of the list entry that it is about, where it is about one."""
        entry = next((part for part in self.path if isinstance(part, str) and part[:1] == "\0"), "")
        return entry[1:] if entry and entry != _ORDER_KEY else None

    @property
    def is_whole_item(self) -> bool:
        """Tell whether a whole entry of a list is meant, not something in it."""
        return self.item is not None and self.path[-1] == f"\0{self.item}"


def property_differences(old: JsonObject, new: JsonObject) -> Iterator[PropertyDifference]:
    """Give the differences of two objects in the order of the new one's members."""
    if same_value(old, new):
        return
    from deepdiff import DeepDiff  # takes a while to import, and most plans have no differences

    left, right = _keyed(normalised(old), normalised(new))
    levels = DeepDiff(
        left, right, view="tree", threshold_to_diff_deeper=0, ignore_private_variables=False
    )
    found = [_difference(level, old, new) for group in levels.values() for level in group]
    places = {key: place for place, key in enumerate(dict.fromkeys([*new, *old]))}
    found.sort(key=lambda one: (places.get(str(one.path[0]), 0), _rank(one), one.words))
    yield from _with_changed_ids(found)


def _rank(found: PropertyDifference) -> tuple[int, ...]:
    """Sort entries of a list as they stand in it; what is about the list as a whole comes last."""
    numbers = tuple(part for part in found.pointer if isinstance(part, int))
    return numbers or (1_000_000,)


def _difference(level: Any, old: JsonObject, new: JsonObject) -> PropertyDifference:
    path = tuple(level.path(output_format="list"))
    is_added = "item_added" in level.report_type
    is_removed = "item_removed" in level.report_type
    if path[-1] == _ORDER_KEY:
        kind = DifferenceKind.MOVED
    elif is_added or is_removed:
        kind = DifferenceKind.ADDED if is_added else DifferenceKind.REMOVED
    else:
        kind = DifferenceKind.CHANGED
    return PropertyDifference(
        path=path,
        words=_words(path),
        kind=kind,
        old=None if is_added else _value_at(old, path, level.t1),
        new=None if is_removed else _value_at(new, path, level.t2),
        pointer=_pointer(new, path),
    )


def _with_changed_ids(found: list[PropertyDifference]) -> Iterator[PropertyDifference]:
    """Join an entry that went with one that came where only the id is another."""
    gone = {
        (one.path[:-1], label_of(mapping_in(one.old))): one
        for one in reversed(found)
        if one.is_whole_item and one.kind is DifferenceKind.REMOVED
    }
    joined: set[int] = set()
    result: list[PropertyDifference] = []
    for one in found:
        label = label_of(mapping_in(one.new))
        before = gone.pop((one.path[:-1], label), None) if one.is_whole_item and label else None
        if before is None or one.kind is not DifferenceKind.ADDED:
            result.append(one)
            continue
        joined.add(id(before))
        result.append(
            PropertyDifference(
                path=one.path,
                words=f"{one.words}.id",
                kind=DifferenceKind.RENAMED,
                old=before.item,
                new=one.item,
                pointer=one.pointer,
            )
        )
    yield from (one for one in result if id(one) not in joined)


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
    before, after = by_id(old), by_id(new)
    if before is None or after is None or not before or not after:
        return old, new
    left, right = _keyed(
        {f"\0{key}": value for key, value in before.items()},
        {f"\0{key}": value for key, value in after.items()},
    )
    common = [[key for key in side if key in before and key in after] for side in (before, after)]
    if common[0] != common[1]:
        left[_ORDER_KEY], right[_ORDER_KEY] = ("\0".join(side) for side in common)
    return left, right


def _words(path: tuple[str | int, ...]) -> str:
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


def _value_at(root: JsonValue, path: tuple[str | int, ...], found: Any) -> JsonValue:
    """Give the value at a path as it was written, before its lists were keyed."""
    value = root
    for part in path[:-1] if path[-1] == _ORDER_KEY else path:
        if isinstance(value, list) and isinstance(part, str):
            value = (by_id(value) or {}).get(part[1:])
        elif isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
    if path[-1] != _ORDER_KEY:
        return value
    items = by_id(value) or {}
    return [label_of(items.get(key, {})) or key for key in str(found).split("\0")]


def _pointer(root: JsonValue, path: tuple[str | int, ...]) -> Pointer:
    """Give the pointer to a path in the new object, as far as it is there."""
    value = root
    pointer: list[str | int] = []
    for part in path:
        if isinstance(value, list) and isinstance(part, str):
            ids = [text_in(mapping_in(item).get("id")) for item in value]
            if part[1:] not in ids:
                break
            pointer.append(ids.index(part[1:]))
            value = value[ids.index(part[1:])]
        elif isinstance(value, dict) and part in value:
            pointer.append(part)
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            pointer.append(part)
            value = value[part]
        else:
            break
    return tuple(pointer)
