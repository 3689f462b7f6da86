"""Two screen graphs as one, in which everything tells what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flowsync.screen_graph.values import Edge, EdgeKind, GraphScreen, Mark, Presence, ScreenGraph


def compare_graphs(
    before: ScreenGraph, after: ScreenGraph, renamed: Mapping[str, str] | None = None
) -> ScreenGraph:
    """Give the graph after a change, with what is gone where it was, and a mark on each part.

    A screen is changed when anything in it is, not only where it leads. `renamed` gives the new ids
    of screens by their old ones, so that each of them is one screen; what does not fit is ignored.
    """
    names = _usable(renamed or {}, before, after)
    former = {new: old for old, new in names.items()}
    screens_before = {names.get(one.id, one.id): one for one in before.screens}
    edges_before = {_ends(one): one for one in (_renamed(edge, names) for edge in before.edges)}
    screens = [
        _marked_screen(one, screens_before.get(one.id), former.get(one.id)) for one in after.screens
    ]
    edges = [_marked_edge(one, edges_before.get(_ends(one))) for one in after.edges]
    known = {_ends(one) for one in after.edges}
    lost = [
        replace(one, mark=Mark.REMOVED) for key, one in edges_before.items() if key not in known
    ]
    return ScreenGraph(
        screens=_with_gone(screens, screens_before),
        edges=_beside_their_sources([*edges, *lost]),
    )


def _usable(renamed: Mapping[str, str], before: ScreenGraph, after: ScreenGraph) -> dict[str, str]:
    """Give the renamings from a screen that is gone to one that is new, each taken once."""
    old, new = ({one.id for one in graph.screens} for graph in (before, after))
    found: dict[str, str] = {}
    for name, later in renamed.items():
        if name in old - new and later in new - old and later not in found.values():
            found[name] = later
    return found


def _renamed(edge: Edge, names: Mapping[str, str]) -> Edge:
    target = None if edge.target is None else names.get(edge.target, edge.target)
    return replace(edge, source=names.get(edge.source, edge.source), target=target)


def _ends(edge: Edge) -> tuple[str, str | None, EdgeKind]:
    return edge.source, edge.target, edge.kind


def _marked_screen(now: GraphScreen, then: GraphScreen | None, was_id: str | None) -> GraphScreen:
    if then is None:
        return replace(now, mark=Mark.ADDED)
    was_there, is_there = (one.presence is Presence.DEFINED for one in (then, now))
    if was_there != is_there:  # what is only named is none
        mark = Mark.ADDED if is_there else Mark.REMOVED
        return replace(now, mark=mark, title=now.title or then.title)
    is_same = was_id is None and replace(then, id=now.id) == now
    return now if is_same else replace(now, mark=Mark.CHANGED, was_id=was_id)


def _marked_edge(now: Edge, then: Edge | None) -> Edge:
    if then is None:
        return replace(now, mark=Mark.ADDED)
    if set(then.labels) == set(now.labels):
        return now
    return replace(now, mark=Mark.CHANGED, labels_before=then.labels)


def _with_gone(
    screens: Iterable[GraphScreen], before: Mapping[str, GraphScreen]
) -> tuple[GraphScreen, ...]:
    """Put what is gone behind what it followed before."""
    now = {one.id: one for one in screens}
    behind: dict[str | None, list[GraphScreen]] = {}
    last = None
    for name, one in before.items():
        if name in now:
            last = name
        else:
            behind.setdefault(last, []).append(replace(one, mark=Mark.REMOVED))
    found = behind.get(None, [])
    for name, one in now.items():
        found += [one, *behind.get(name, ())]
    return tuple(found)


def _beside_their_sources(edges: list[Edge]) -> tuple[Edge, ...]:
    order: dict[str, int] = {}
    for edge in edges:
        order.setdefault(edge.source, len(order))
    return tuple(sorted(edges, key=lambda edge: order[edge.source]))
