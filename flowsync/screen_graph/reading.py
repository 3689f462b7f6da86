"""From any Flow JSON to its screen graph; what has a wrong shape is left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowsync.model import JsonValue, canonical_digest, mapping_in, text_in, texts_in
from flowsync.screen_graph.triggers import conditions_on, words_for
from flowsync.screen_graph.values import Edge, EdgeKind, GraphScreen, Presence, ScreenGraph
from flowsync.validation.outline import Action, Flow, Screen, read_flow
from flowsync.validation.versions import ACCEPTED, LATEST

_CLICK = "on-click-action"
Pair = tuple[str, str]


def read_graph(flow_json: JsonValue) -> ScreenGraph:
    """Give the screens of a Flow JSON and what leads from one to another, whatever is wrong in it.

    An entry is a screen that no other leads to, as the platform has it; where there is none, it is
    the first screen. What leads nowhere leads to a missing screen.
    """
    flow = read_flow(mapping_in(flow_json), ACCEPTED[LATEST])
    edges = _Edges()
    exchanges = {screen.id: _read_actions(screen, edges) for screen in flow.screens}
    for start, ends in mapping_in(flow.value.get("routing_model")).items():
        for end in texts_in(ends):
            _add_route(start, end, exchanges, edges)
    return ScreenGraph(screens=_screens(flow, edges), edges=edges.in_order(flow))


@dataclass(slots=True)
class _Exchanges:
    """What makes a screen ask the endpoint: taps, and choices that mostly stay on the screen."""

    taps: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        return self.taps or self.choices


@dataclass(slots=True)
class _Edges:
    """Collects edges; those of one kind between the same screens are one."""

    found: dict[tuple[str, str | None, EdgeKind], dict[str, None]] = field(default_factory=dict)
    at_run_time: set[str] = field(default_factory=set)

    def add(self, source: str, target: str | None, kind: EdgeKind, labels: list[str]) -> None:
        self.found.setdefault((source, target, kind), {}).update(dict.fromkeys(labels))

    def pairs(self) -> set[Pair]:
        return {(start, end) for start, end, _ in self.found if end is not None and start != end}

    def in_order(self, flow: Flow) -> tuple[Edge, ...]:
        order = {name: place for place, name in enumerate(flow.by_id)}
        edges = (
            Edge(source=source, target=target, kind=kind, labels=tuple(labels))
            for (source, target, kind), labels in self.found.items()
        )
        return tuple(sorted(edges, key=lambda edge: order.get(edge.source, len(order))))


def _read_actions(screen: Screen, edges: _Edges) -> _Exchanges:
    """Add where the actions of a screen lead, and give what asks the endpoint."""
    exchanges = _Exchanges()
    if not screen.has_id:
        return exchanges
    conditions = conditions_on(screen)
    for action in screen.actions:
        label = words_for(action, conditions)
        if action.name == "navigate":
            target = _next_of(action)
            if target is not None:
                edges.add(screen.id, target, EdgeKind.NAVIGATE, [label])
                if action.target is None:
                    edges.at_run_time.add(target)
        elif action.name == "complete":
            edges.add(screen.id, None, EdgeKind.COMPLETE, [label])
        elif action.name == "data_exchange":
            (exchanges.taps if action.key == _CLICK else exchanges.choices).append(label)
    if screen.is_terminal and exchanges.taps:  # the endpoint may answer that the flow is over
        edges.add(screen.id, None, EdgeKind.ENDPOINT, exchanges.taps)
    return exchanges


def _next_of(action: Action) -> str | None:
    """Give the name of the screen that comes next, also one that is bound."""
    following = mapping_in(action.value.get("next"))
    return text_in(following.get("name")) if following.get("type") == "screen" else None


def _add_route(start: str, end: str, exchanges: dict[str, _Exchanges], edges: _Edges) -> None:
    """Add a route of the routing model, unless an action takes it already."""
    if (start, end, EdgeKind.NAVIGATE) in edges.found:
        return
    labels = exchanges[start].labels if start in exchanges else []
    edges.add(start, end, EdgeKind.ENDPOINT if labels else EdgeKind.DECLARED, labels)


def _screens(flow: Flow, edges: _Edges) -> tuple[GraphScreen, ...]:
    """Give the screens of the file, then those that are only named."""
    entries = _entries(flow, edges)
    defined = [
        GraphScreen(
            id=screen.id,
            title=text_in(screen.value.get("title")) or "",
            is_entry=screen.id in entries,
            is_terminal=screen.is_terminal,
            digest=canonical_digest(screen.value),
        )
        for screen in flow.by_id.values()
    ]
    named = dict.fromkeys(name for start, end, _ in edges.found for name in (start, end))
    others = [
        GraphScreen(
            id=name,
            presence=Presence.AT_RUN_TIME if name in edges.at_run_time else Presence.MISSING,
        )
        for name in named
        if name is not None and name not in flow.by_id
    ]
    return (*defined, *others)


def _entries(flow: Flow, edges: _Edges) -> set[str]:
    """Give the screens that nothing leads to; going back along a route is no way in."""
    routes = {
        (start, end)
        for start, ends in mapping_in(flow.value.get("routing_model")).items()
        for end in texts_in(ends)
    }
    reached = {
        end
        for start, end in edges.pairs()
        if start in flow.by_id and ((start, end) in routes or (end, start) not in routes)
    }
    entries = {name for name in flow.by_id if name not in reached}
    return entries or set(list(flow.by_id)[:1])
