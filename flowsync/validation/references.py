"""Which data and inputs a flow refers to anywhere: bindings, expressions, conditions, payloads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flowsync.expressions.bindings import references_in
from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation.outline import Flow


class Uses(NamedTuple):
    """What is referred to, each as the id of its screen and its name there."""

    data: frozenset[tuple[str, str]]
    inputs: frozenset[tuple[str, str]]


def find_uses(flow: Flow) -> Uses:
    """Give everything that texts of the flow refer to, also where they do so in vain.

    A binding among other text counts too: that it is not replaced has a rule of its own.
    """
    found: dict[str, set[tuple[str, str]]] = {"data": set(), "form": set()}
    for screen in flow.screens:
        parts = (value for key, value in screen.value.items() if key != "data")
        for _, text in texts_within(*parts):
            for one in references_in(text):
                if one.source and one.path:
                    found[one.source].add((one.screen or screen.id, one.path[0]))
    return Uses(data=frozenset(found["data"]), inputs=frozenset(found["form"]))


def texts_within(*values: JsonValue) -> Iterator[tuple[Pointer, str]]:
    """Give every text inside the values with its place, keys of objects left out."""
    waiting: list[tuple[Pointer, JsonValue]] = [((), value) for value in reversed(values)]
    while waiting:
        at, value = waiting.pop()
        if isinstance(value, str):
            yield at, value
        elif isinstance(value, dict):
            waiting.extend(((*at, key), value[key]) for key in reversed(value))
        elif isinstance(value, list):
            waiting.extend(((*at, index), value[index]) for index in reversed(range(len(value))))
