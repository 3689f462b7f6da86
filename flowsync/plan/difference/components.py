"""Differences of the components of a flow: first list by list, then over what is left over."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from flowsync.model import JsonValue
from flowsync.plan.compare import same_value
from flowsync.plan.difference.matching import RULES, Continues, match_in_list
from flowsync.plan.difference.objects import (
    JsonObject,
    name_of,
    objects,
    out_of_order,
    type_of,
    without,
)
from flowsync.plan.difference.placed import (
    NESTED,
    Placed,
    ReadingPlace,
    child_of,
    with_inner,
    words_of,
)
from flowsync.plan.difference.properties import property_differences
from flowsync.plan.difference.subjects import difference_of
from flowsync.plan.difference_values import Difference, DifferenceKind, Subject


class ComponentDifferences:
    """Collects the differences of components, each with its place in reading order."""

    def __init__(self, renamed: dict[str, str]) -> None:
        self.found: list[tuple[ReadingPlace, Difference]] = []
        self._renamed = renamed  # screens, old id → new id
        self._gone: list[Placed] = []
        self._new: list[Placed] = []

    def compare(self, old: JsonValue, new: JsonValue, around: Placed) -> None:
        """Compare two lists of components; `around` is where the new one stands."""
        before, after = objects(old), objects(new)
        if before is None or after is None:
            if not same_value(old, new):
                what = around.difference(DifferenceKind.CHANGED, what="children")
                self.found.append((around.place, replace(what, subject=Subject.SETTING)))
            return
        pairs = match_in_list(before, after)
        paired = [index for index in range(len(after)) if index in pairs]
        moved = {paired[place] for place in out_of_order([pairs[index] for index in paired])}
        was_named, is_named = words_of(before), words_of(after)
        for index, component in enumerate(after):
            here = child_of(
                around, component, is_named[index], (*around.pointer, index), (index, 1)
            )
            if index not in pairs:
                self._new.append(here)
                continue
            old_index = pairs[index]
            self._pair(before[old_index], here)
            if index in moved:
                self._say(
                    here,
                    DifferenceKind.MOVED,
                    what="order",
                    old=was_named[old_index - 1] if old_index else None,
                    new=is_named[index - 1] if index else None,
                )
        followed = {old_index: index for index, old_index in pairs.items()}
        last = -1
        for old_index, component in enumerate(before):
            if old_index in followed:
                last = followed[old_index]
            else:
                place = (last, 2, old_index)
                name = was_named[old_index]
                self._gone.append(child_of(around, component, name, around.pointer, place))

    def settle(self) -> None:
        """Match what is left over, over each screen and then over the flow, and say the rest."""
        gone = [part for one in self._gone for part in with_inner(one, is_old=True)]
        new = [part for one in self._new for part in with_inner(one, is_old=False)]
        for rule, is_alike in RULES:
            gone, new = self._join(gone, new, rule, is_alike)
        for one in gone:
            self._say(one, DifferenceKind.REMOVED)
        for one in new:
            self._say(one, DifferenceKind.ADDED)

    def _join(
        self,
        gone: list[Placed],
        new: list[Placed],
        rule: Continues,
        key_of: Callable[[Placed], Hashable | None],
    ) -> tuple[list[Placed], list[Placed]]:
        waiting: dict[Hashable, list[Placed]] = {}
        for one in gone:
            if (key := key_of(one)) is not None:
                waiting.setdefault(key, []).append(one)
        joined: set[int] = set()
        left: list[Placed] = []
        for one in new:
            key = key_of(one)
            if key is None or not waiting.get(key):
                left.append(one)
                continue
            before = waiting[key].pop(0)
            joined.add(id(before))
            self._continue(before, one, rule)
        return [one for one in gone if id(one) not in joined], left

    def _continue(self, before: Placed, now: Placed, rule: Continues) -> None:
        """Say how a component that was left over goes on."""
        if rule is Continues.WITH_ANOTHER_TYPE:
            was, is_now = type_of(before.value), type_of(now.value)
            self._say(now, DifferenceKind.CHANGED, what="type", old=was, new=is_now)
        elif rule is Continues.WITH_ANOTHER_NAME:
            was, is_now = str(name_of(before.value)), str(name_of(now.value))
            self._say(now, DifferenceKind.RENAMED, what="name", old=was, new=is_now)
        else:
            was, is_now = before.surroundings, now.surroundings
            if before.screen != now.screen:
                was = f"screen {before.screen}"
            self._say(now, DifferenceKind.MOVED, what="place", old=was, new=is_now)
        self._properties(without(before.value, "name"), without(now.value, "name"), now)

    def _pair(self, old: JsonObject, here: Placed) -> None:
        new = here.value
        self._properties(old, new, here)
        kind = type_of(new)
        if type_of(old) != kind:
            return
        if kind == "Switch":
            self._cases(old.get("cases"), new.get("cases"), here)
            return
        for number, name in enumerate(NESTED.get(kind, ())):
            words = () if name == "children" else (name,)
            pointer, place = (*here.pointer, name), (*here.place, number)
            inner = replace(here, trail=(*here.trail, *words), pointer=pointer, place=place)
            self.compare(old.get(name, []), new.get(name, []), inner)

    def _cases(self, old: JsonValue, new: JsonValue, here: Placed) -> None:
        before, after = (side if isinstance(side, dict) else {} for side in (old, new))
        names = [*after, *(name for name in before if name not in after)]
        for number, name in enumerate(names):
            inner = replace(
                here,
                trail=(*here.trail, f'case "{name}"'),
                pointer=(*here.pointer, "cases", name) if name in after else here.pointer,
                place=(*here.place, number),
            )
            if name not in before:
                self._say(inner, DifferenceKind.ADDED)
            elif name not in after:
                self._say(inner, DifferenceKind.REMOVED)
            self.compare(before.get(name, []), after.get(name, []), inner)

    def _properties(self, old: JsonObject, new: JsonObject, here: Placed) -> None:
        nested = NESTED.get(type_of(new), ())
        own = [without(side, "type", *nested) for side in (old, new)]
        for number, found in enumerate(property_differences(*own)):
            if self._follows_rename(found.path, found.old, found.new):
                continue
            told = difference_of(found, here.difference(DifferenceKind.CHANGED))
            self.found.append(((*here.place, -1, number), told))

    def _follows_rename(self, path: tuple[str | int, ...], old: JsonValue, new: JsonValue) -> bool:
        """Tell whether a button only follows the screen that it leads to to its new name."""
        return path[-2:] == ("next", "name") and self._renamed.get(str(old), "") == new

    def _say(
        self,
        here: Placed,
        kind: DifferenceKind,
        *,
        what: str = "",
        old: JsonValue = None,
        new: JsonValue = None,
    ) -> None:
        self.found.append(((*here.place, -2), here.difference(kind, what=what, old=old, new=new)))
