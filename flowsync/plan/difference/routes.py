"""Differences of the routing model and of screens' data models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flowsync.model import JsonValue, mapping_in, texts_in
from flowsync.plan.compare import same_value
from flowsync.plan.difference.objects import JsonObject, Pointer
from flowsync.plan.difference.properties import property_differences
from flowsync.plan.difference_values import Difference, DifferenceKind, Subject


def route_differences(
    old: JsonValue, new: JsonValue, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    """Give the routes that came and went; `renamed` leads from old screen ids to new ones."""
    before, after = _routes(old, renamed), _routes(new, {})
    if before is None or after is None:
        if not same_value(old, new):
            kind = _kind(old, new)
            yield Difference(
                subject=Subject.ROUTE, kind=kind, what="routing_model", pointer=("routing_model",)
            )
        return
    was, now = set(before), set(after)
    for source, target in after:
        if (source, target) not in was:
            yield _route(DifferenceKind.ADDED, source, target, ("routing_model", source))
    for source, target in before:
        if (source, target) not in now:
            pointer = ("routing_model", source)
            is_there = source in mapping_in(new)
            yield _route(
                DifferenceKind.REMOVED, source, target, pointer if is_there else pointer[:1]
            )
    if was == now and before != after:
        yield Difference(
            subject=Subject.ROUTE,
            kind=DifferenceKind.MOVED,
            what="order of routes",
            pointer=("routing_model",),
        )


def _route(kind: DifferenceKind, source: str, target: str, pointer: Pointer) -> Difference:
    return Difference(
        subject=Subject.ROUTE, kind=kind, what=f"{source} → {target}", pointer=pointer
    )


def _kind(old: JsonValue, new: JsonValue) -> DifferenceKind:
    if old is None:
        return DifferenceKind.ADDED
    return DifferenceKind.REMOVED if new is None else DifferenceKind.CHANGED


def _routes(model: JsonValue, renamed: Mapping[str, str]) -> list[tuple[str, str]] | None:
    """Give the routes of a model in order, None where it has another shape."""
    if model is None:
        return []
    if not isinstance(model, dict):
        return None
    found: list[tuple[str, str]] = []
    for source, targets in model.items():
        if not isinstance(targets, list) or len(texts_in(targets)) < len(targets):
            return None
        found += [(renamed.get(source, source), renamed.get(one, one)) for one in texts_in(targets)]
    return found


def data_differences(
    old: JsonObject, new: JsonObject, screen: str, pointer: Pointer
) -> Iterator[Difference]:
    """Give the differences of two data models by field."""
    for found in property_differences(old, new):
        yield Difference(
            subject=Subject.DATA,
            kind=found.kind,
            screen=screen,
            what=f"data.{found.words}",
            item=str(found.path[0]),
            old=found.old,
            new=found.new,
            pointer=(*pointer, *found.pointer),
        )
