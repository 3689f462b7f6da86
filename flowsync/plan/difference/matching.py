"""Which component continues which: in one list, and among what is left over."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from difflib import SequenceMatcher
from enum import Enum

from flowsync.model import canonical_json
from flowsync.plan.difference.objects import JsonObject, label_of, name_of, type_of
from flowsync.plan.difference.placed import NESTED, Placed


class Continues(Enum):
    """How a component goes on that has no counterpart in its list."""

    ELSEWHERE = "elsewhere"
    WITH_ANOTHER_TYPE = "type"
    WITH_ANOTHER_NAME = "name"


def match_in_list(old: list[JsonObject], new: list[JsonObject]) -> dict[int, int]:
    """Give for each new component of a list the index of the old one that it continues."""
    pairs: dict[int, int] = {}
    named: dict[tuple[str, str], list[int]] = {}
    for index, component in enumerate(old):
        if (name := _identity(component)) is not None:
            named.setdefault(name, []).append(index)
    for index, component in enumerate(new):
        if (name := _identity(component)) is not None and named.get(name):
            pairs[index] = named[name].pop(0)
    left_old = [index for index, component in enumerate(old) if name_of(component) is None]
    left_new = [index for index, component in enumerate(new) if name_of(component) is None]
    texts = [canonical_json(old[i]) for i in left_old], [canonical_json(new[i]) for i in left_new]
    for block in SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            pairs[left_new[block.b + offset]] = left_old[block.a + offset]
    used = set(pairs.values())
    for text, index in zip(texts[1], left_new, strict=True):  # the same, elsewhere in the list
        if index not in pairs:
            alike = (i for t, i in zip(texts[0], left_old, strict=True) if t == text)
            used |= _take(pairs, index, (i for i in alike if i not in used))
    for index in left_new:
        if index not in pairs:
            kind = new[index].get("type")
            alike = (i for i in left_old if i not in used and old[i].get("type") == kind)
            used |= _take(pairs, index, alike)
    return pairs


def _take(pairs: dict[int, int], index: int, candidates: Iterator[int]) -> set[int]:
    """Pair a component with the first candidate, and give that."""
    match = next(candidates, None)
    if match is None:
        return set()
    pairs[index] = match
    return {match}


def _identity(component: JsonObject) -> tuple[str, str] | None:
    name = name_of(component)
    return None if name is None else (type_of(component), name)


def _named_on_screen(one: Placed) -> Hashable | None:
    identity = _identity(one.value)
    return None if identity is None else (one.screen, identity)


def _name_on_screen(one: Placed) -> Hashable | None:
    name = name_of(one.value)
    return None if name is None else (one.screen, name)


def _content_on_screen(one: Placed) -> Hashable | None:
    if name_of(one.value) is not None or type_of(one.value) in NESTED:
        return None
    return one.screen, canonical_json(one.value)


def _label_on_screen(one: Placed) -> Hashable | None:
    label = label_of(one.value)
    return (one.screen, type_of(one.value), label) if name_of(one.value) and label else None


RULES: tuple[tuple[Continues, Callable[[Placed], Hashable | None]], ...] = (
    (Continues.ELSEWHERE, _named_on_screen),
    (Continues.WITH_ANOTHER_TYPE, _name_on_screen),
    (Continues.ELSEWHERE, _content_on_screen),
    (Continues.WITH_ANOTHER_NAME, _label_on_screen),
    (Continues.ELSEWHERE, lambda one: _identity(one.value)),
)
"""How what is left over is matched: each rule before the next, by what both sides have alike."""
