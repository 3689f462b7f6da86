"""Which component continues which: in one list, and among what is left over."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from difflib import SequenceMatcher
from enum import Enum
from itertools import takewhile

from flowsync.model import canonical_json
from flowsync.plan.difference.objects import JsonObject, label_of, name_of, type_of
from flowsync.plan.difference.placed import NESTED, Placed

_MOST_ALIKE = 20_000  # pairs of equals that are looked at for what kept its order


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
    left_old = {i: canonical_json(one) for i, one in enumerate(old) if name_of(one) is None}
    left_new = {i: canonical_json(one) for i, one in enumerate(new) if name_of(one) is None}
    pairs |= _in_order(left_old, left_new)
    pairs |= _in_turn(left_old, left_new, pairs)  # the same, elsewhere in the list
    old_kinds = {index: type_of(old[index]) for index in left_old}
    new_kinds = {index: type_of(new[index]) for index in left_new}
    return pairs | _in_turn(old_kinds, new_kinds, pairs)


def _in_order(old: dict[int, str], new: dict[int, str]) -> dict[int, int]:
    """Pair what is the same in the same order; nothing where looking for that would take long."""
    was, now = [*old], [*new]
    start = _common(zip(old.values(), new.values(), strict=False))
    end = _common(zip(reversed(old.values()), reversed(new.values()), strict=False))
    end = min(end, len(was) - start, len(now) - start)
    pairs = dict(zip(now[:start], was[:start], strict=True))
    pairs |= dict(zip(now[len(now) - end :], was[len(was) - end :], strict=True))
    was, now = was[start : len(was) - end], now[start : len(now) - end]
    often = Counter(new[index] for index in now)
    if sum(often[old[index]] for index in was) <= _MOST_ALIKE:
        texts = [old[index] for index in was], [new[index] for index in now]
        for block in SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks():
            for offset in range(block.size):
                pairs[now[block.b + offset]] = was[block.a + offset]
    return pairs


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    """Count the pairs of equals before the first other one."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _in_turn(old: dict[int, str], new: dict[int, str], pairs: Mapping[int, int]) -> dict[int, int]:
    """Pair what has no counterpart yet with the first old one that has the same mark."""
    used = set(pairs.values())
    waiting: dict[str, deque[int]] = {}
    for index, mark in old.items():
        if index not in used:
            waiting.setdefault(mark, deque()).append(index)
    return {
        index: waiting[mark].popleft()
        for index, mark in new.items()
        if index not in pairs and waiting.get(mark)
    }


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
