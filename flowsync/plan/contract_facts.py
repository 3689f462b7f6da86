"""What other systems know a Flow JSON by: its answers, its calls of the endpoint, its screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flowsync.expressions.bindings import reference
from flowsync.expressions.types import BOOLEAN, NUMBER, STRING, UNKNOWN, Kind, Type
from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.validation.outline import Action, Flow, Screen, read_flow
from flowsync.validation.scope import component_type, field_type
from flowsync.validation.versions import ACCEPTED, LATEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The keys of one payload with the types of their values in words, and where it is sent from.

    A type that cannot be told is empty.
    """

    screen: str
    types: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What other systems know a flow by.

    `answers` are the payloads with which it ends, `requests` those that the endpoint gets.
    `data_models` are the fields of screens that get data from outside, by screen. `entries` are the
    screens that nothing in the flow leads to. `endpoint` is the version of the protocol that the
    endpoint is called in, None without one.
    """

    answers: tuple[Sent, ...]
    requests: tuple[Sent, ...]
    data_models: Mapping[str, Mapping[str, str]]
    screens: tuple[str, ...]
    entries: tuple[str, ...]
    endpoint: str | None


def read_facts(flow_json: JsonValue) -> Facts:
    """Give the facts of a Flow JSON; what has a wrong shape is left out."""
    flow = read_flow(mapping_in(flow_json), ACCEPTED[LATEST])
    routes = _routes(flow)
    reached = {target for targets in routes.values() for target in targets}
    entries = tuple(name for name in flow.by_id if name not in reached)
    fed = set(entries)
    if flow.has_endpoint:
        asking = {screen.id for screen in flow.screens if _sent(flow, [screen], "data_exchange")}
        fed |= {target for source in asking for target in (source, *routes.get(source, ()))}
    endpoint = flow.value.get("data_api_version")
    return Facts(
        answers=_sent(flow, flow.screens, "complete"),
        requests=_sent(flow, flow.screens, "data_exchange"),
        data_models={
            name: {key: _words(field_type(schema)) for key, schema in (screen.data or {}).items()}
            for name, screen in flow.by_id.items()
            if name in fed
        },
        screens=tuple(flow.by_id),
        entries=entries,
        endpoint=str(endpoint) if flow.has_endpoint else None,
    )


def _routes(flow: Flow) -> dict[str, set[str]]:
    """Give where screens lead to, by the routing model and by navigation."""
    routes = {
        source: set(texts_in(targets))
        for source, targets in mapping_in(flow.value.get("routing_model")).items()
    }
    for screen in flow.screens:
        for action in screen.actions:
            if action.target is not None and action.target != screen.id:
                routes.setdefault(screen.id, set()).add(action.target)
    return routes


def _sent(flow: Flow, screens: Iterable[Screen], name: str) -> tuple[Sent, ...]:
    return tuple(
        Sent(screen=screen.id, types=_types(flow, screen, action))
        for screen in screens
        for action in screen.actions
        if action.name == name
    )


def _types(flow: Flow, screen: Screen, action: Action) -> dict[str, str]:
    return {key: _words(_type_of(flow, screen, value)) for key, value in action.payload.items()}


def _type_of(flow: Flow, screen: Screen, value: JsonValue) -> Type:
    """Give the type of a value in a payload, as far as it can be told."""
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int | float):
        return NUMBER
    if isinstance(value, list | dict):
        return Type(Kind.ARRAY if isinstance(value, list) else Kind.OBJECT)
    text = text_in(value)
    if text is None or text.startswith("`"):
        return UNKNOWN
    bound = reference(text)
    if bound is None:
        return STRING
    source = screen if bound.screen is None else flow.by_id.get(bound.screen)
    if source is None or not bound.path:
        return UNKNOWN
    if bound.source == "form":
        component = source.named.get(bound.path[0])
        return (component and component_type(component)) or UNKNOWN
    return field_type((source.data or {}).get(bound.path[0])) if len(bound.path) == 1 else UNKNOWN


_WORDS = {
    Kind.STRING: "text",
    Kind.NUMBER: "number",
    Kind.INTEGER: "whole number",
    Kind.BOOLEAN: "yes or no",
    Kind.OBJECT: "object",
    Kind.ARRAY: "list",
    Kind.NULL: "null",
}


def _words(kind: Type) -> str:
    """Give a type in words, the same words for the same type only."""
    text = _WORDS.get(kind.kind, "")
    if kind.kind is Kind.ARRAY and kind.items is not None and _words(kind.items):
        return f"{text} of {_words(kind.items)}"
    if kind.kind is Kind.OBJECT and kind.properties:
        members = (
            f"{key} ({_words(inner) or 'anything'})" for key, inner in kind.properties.items()
        )
        return f"{text} with {', '.join(sorted(members))}"
    return text
