"""A component where it stands: what it is called, what it stands in, its place on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flowsync.model import JsonValue
from flowsync.plan.difference.objects import (
    JsonObject,
    Pointer,
    label_of,
    name_of,
    objects,
    type_of,
)
from flowsync.plan.difference_values import Difference, DifferenceKind, Subject

NESTED = {"Form": ("children",), "If": ("then", "else"), "Switch": ("cases",)}
"""The members of a component that hold components."""

ReadingPlace = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A component where it stands: its screen, what it stands in, and its place in reading order.

    `pointer` leads to it in the new Flow JSON; for an old one, to the list that it stood in.
    """

    value: JsonObject
    screen: str
    trail: tuple[str, ...]
    pointer: Pointer
    place: ReadingPlace

    @property
    def path(self) -> str:
        """Name the component with what it stands in."""
        return " › ".join(self.trail)

    @property
    def surroundings(self) -> str:
        """Name what the component stands in."""
        return " › ".join(self.trail[:-1]) or f"screen {self.screen}"

    def difference(
        self,
        kind: DifferenceKind,
        *,
        what: str = "",
        old: JsonValue = None,
        new: JsonValue = None,
        subject: Subject = Subject.COMPONENT,
    ) -> Difference:
        """Give a difference about this component."""
        return Difference(
            subject=subject,
            kind=kind,
            screen=self.screen,
            component=self.path,
            what=what,
            label=label_of(self.value),
            old=old,
            new=new,
            pointer=self.pointer,
        )


def child_of(
    around: Placed,
    component: JsonObject,
    words: str,
    pointer: Pointer,
    place: ReadingPlace,
) -> Placed:
    """Give a component of a list that stands in `around`; `words` name it."""
    return Placed(
        value=component,
        screen=around.screen,
        trail=(*around.trail, words),
        pointer=pointer,
        place=(*around.place, *place),
    )


def with_inner(one: Placed, *, is_old: bool) -> Iterator[Placed]:
    """Give a component that is left over, and all that stand in it."""
    yield one
    kind = type_of(one.value)
    lists: list[tuple[tuple[str, ...], Pointer, JsonValue]] = []
    for name in NESTED.get(kind, ()):
        inner = one.value.get(name)
        if kind == "Switch":
            cases = inner if isinstance(inner, dict) else {}
            lists += [
                ((f'case "{case}"',), ("cases", case), value) for case, value in cases.items()
            ]
        else:
            lists.append((() if name == "children" else (name,), (name,), inner))
    for number, (words, way, value) in enumerate(lists):
        siblings = objects(value) or []
        around = replace(
            one,
            trail=(*one.trail, *words),
            pointer=one.pointer if is_old else (*one.pointer, *way),
            place=(*one.place, number),
        )
        for index, (component, name) in enumerate(zip(siblings, words_of(siblings), strict=True)):
            pointer = around.pointer if is_old else (*around.pointer, index)
            child = child_of(around, component, name, pointer, (index, 1))
            yield from with_inner(child, is_old=is_old)


def words_of(siblings: list[JsonObject]) -> list[str]:
    """Name components of a list by type and name; those without by their number in their type."""
    kinds = [type_of(component) for component in siblings]
    total, seen = Counter(kinds), Counter[str]()
    found: list[str] = []
    for component, kind in zip(siblings, kinds, strict=True):
        seen[kind] += 1
        name = name_of(component)
        if name is not None:
            found.append(f"{kind} {name}")
        else:
            found.append(f"{kind} {seen[kind]}" if total[kind] > 1 else kind)
    return found
