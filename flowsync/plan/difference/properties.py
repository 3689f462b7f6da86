"""Differences of two objects property by property (the only use of deepdiff)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flowsync.model import JsonValue, mapping_in, normalised
from flowsync.plan.compare import same_value
from flowsync.plan.difference.objects import JsonObject, Pointer, by_id, label_of
from flowsync.plan.difference_values import DifferenceKind

_ORDER_KEY = "\0order"


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyDifference:
    """A property that differs.

    `path` leads to it from the object, an entry of a list by its `id` as text with a NUL before it,
    `words` is the same for people, `pointer` leads to it in the new object, or to its nearest
    parent there. For an order `old` and `new` are the labels of the entries that both have. `entry`
    is the new entry of a list that it is about, None where there is none.
    """

    path: tuple[str | int, ...]
    words: str
    kind: DifferenceKind
    old: JsonValue
    new: JsonValue
    pointer: Pointer
    entry: JsonValue = None

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
    found = list(_differences(old, new, _Place()))
    places = {key: place for place, key in enumerate(dict.fromkeys([*new, *old]))}
    found.sort(key=lambda one: (places.get(str(one.path[0]), 0), _rank(one), one.words))
    yield from _with_changed_ids(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where values stand that are compared: see `PropertyDifference`."""

    path: tuple[str | int, ...] = ()
    pointer: Pointer = ()
    entry: JsonValue = None

    def told(self, kind: DifferenceKind, old: JsonValue, new: JsonValue) -> PropertyDifference:
        """Say that the values here differ."""
        return PropertyDifference(
            path=self.path,
            words=_words(self.path),
            kind=kind,
            old=old,
            new=new,
            pointer=self.pointer,
            entry=self.entry,
        )


def _differences(old: JsonValue, new: JsonValue, here: _Place) -> Iterator[PropertyDifference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*new, *old]):
            pointer = (*here.pointer, key) if key in new else here.pointer
            there = replace(here, path=(*here.path, key), pointer=pointer)
            yield from _member(old, new, key, there)
    elif isinstance(old, list) and isinstance(new, list):
        before, after = by_id(old), by_id(new)
        if before and after:
            yield from _entries(before, after, here)
        elif not same_value(old, new):
            yield from _of_lists(old, new, here)
    elif not same_value(old, new):
        yield here.told(DifferenceKind.CHANGED, old, new)


def _member(
    old: Mapping[str, JsonValue], new: Mapping[str, JsonValue], key: str, there: _Place
) -> Iterator[PropertyDifference]:
    """Compare what two objects have under one key."""
    if key not in old:
        yield there.told(DifferenceKind.ADDED, None, new[key])
    elif key not in new:
        yield there.told(DifferenceKind.REMOVED, old[key], None)
    else:
        yield from _differences(old[key], new[key], there)


def _entries(
    before: Mapping[str, JsonObject], after: Mapping[str, JsonObject], here: _Place
) -> Iterator[PropertyDifference]:
    """Compare the entries of two lists by their ids, and the order of those that both have."""
    indexes = {key: index for index, key in enumerate(after)}
    for key in dict.fromkeys([*after, *before]):
        there = replace(
            here,
            path=(*here.path, f"\0{key}"),
            pointer=(*here.pointer, indexes[key]) if key in after else here.pointer,
            entry=after.get(key) if here.entry is None else here.entry,
        )
        yield from _member(before, after, key, there)
    was, now = [key for key in before if key in after], [key for key in after if key in before]
    if was != now:
        there = replace(here, path=(*here.path, _ORDER_KEY))
        yield there.told(DifferenceKind.MOVED, _labels(before, was), _labels(after, now))


def _labels(entries: Mapping[str, JsonObject], keys: list[str]) -> list[JsonValue]:
    return [label_of(entries[key]) or key for key in keys]


def _of_lists(
    old: list[JsonValue], new: list[JsonValue], here: _Place
) -> Iterator[PropertyDifference]:
    """Compare two lists whose entries have no ids."""
    from deepdiff import DeepDiff  # takes a while to import, and most plans need it not

    levels = DeepDiff(
        normalised(old),
        normalised(new),
        view="tree",
        threshold_to_diff_deeper=0,
        ignore_private_variables=False,
    )
    for level in (level for group in levels.values() for level in group):
        is_added = "item_added" in level.report_type
        is_removed = "item_removed" in level.report_type
        kind = DifferenceKind.CHANGED
        if is_added or is_removed:
            kind = DifferenceKind.ADDED if is_added else DifferenceKind.REMOVED
        path = tuple(level.path(output_format="list"))
        pointer = tuple(level.path(output_format="list", use_t2=True, force="fake"))
        there = replace(
            here,
            path=(*here.path, *path),
            pointer=(*here.pointer, *(pointer[:-1] if is_removed else pointer)),
        )
        yield there.told(kind, None if is_added else level.t1, None if is_removed else level.t2)


def _rank(found: PropertyDifference) -> tuple[int, ...]:
    """Sort entries of a list as they stand in it; what is about the list as a whole comes last."""
    numbers = tuple(part for part in found.pointer if isinstance(part, int))
    return numbers or (1_000_000,)


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
                entry=one.entry,
            )
        )
    yield from (one for one in result if id(one) not in joined)


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
