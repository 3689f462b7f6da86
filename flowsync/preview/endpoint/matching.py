"""Whether a request is one that a fixture is for, and if not, what differs.

`data` is compared in part: what a fixture does not name does not count, at any depth of mappings.
Lists are compared entry by entry, and numbers by value. `${any}` fits everything that is there,
`${none}` only what is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flowsync.model import JsonValue, canonical_json
from flowsync.preview.endpoint.fixtures import When
from flowsync.preview.engine.exchange import PING, Request
from flowsync.render.style import short

ANY = "${any}"
NONE = "${none}"
MATCHERS = frozenset({ANY, NONE})


class _Absent:
    """Stands for a field that a request does not hold."""


_ABSENT: Final = _Absent()


def differences(when: When, request: Request) -> Iterator[str]:
    """Say what of a request differs from those that are meant; nothing where it is one of them.

    A ping fits only where it is asked for by name.
    """
    if when.action != request.action and (when.action is not None or request.action == PING):
        yield f"action is {request.action}, not {when.action or 'one of a flow'}"
    if when.screen is not None and when.screen != request.screen:
        yield f"screen is {request.screen or 'not given'}, not {when.screen}"
    yield from misfits(when.data, request.data, "data")


def misfits(
    wanted: Mapping[str, JsonValue], given: Mapping[str, JsonValue], where: str
) -> Iterator[str]:
    """Say what of a mapping is not as wanted, without a full stop; `where` names the mapping."""
    for name, value in wanted.items():
        yield from _in_value(value, given.get(name, _ABSENT), f"{where}.{name}")


def _in_value(wanted: JsonValue, given: JsonValue | _Absent, where: str) -> Iterator[str]:
    if isinstance(given, _Absent):
        if wanted != NONE:
            yield f"{where} is missing"
    elif wanted == ANY:
        return
    elif wanted == NONE:
        yield f"{where} is there"
    elif isinstance(wanted, dict) and isinstance(given, dict):
        yield from misfits(wanted, given, where)
    elif isinstance(wanted, list) and isinstance(given, list):
        if len(wanted) != len(given):
            yield f"{where} has {len(given)} entries, not {len(wanted)}"
            return
        for index, (one, other) in enumerate(zip(wanted, given, strict=True)):
            yield from _in_value(one, other, f"{where}.{index}")
    elif canonical_json(wanted) != canonical_json(given):
        yield f"{where} is {short(given)}, not {short(wanted)}{_hint(wanted, given)}"


def _hint(wanted: JsonValue, given: JsonValue) -> str:
    """Tell the usual reason: an input gives text, also where a number is typed into it."""
    is_number = isinstance(wanted, int | float) and not isinstance(wanted, bool)
    is_same = isinstance(given, str) and _number(given) == wanted
    return " (an input gives text: write it in quotes)" if is_number and is_same else ""


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
