"""From any JSON value to the outline of a flow that can be run, or a sentence on why it cannot."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.screen_graph import read_graph
from flowsync.validation.document import is_too_deep
from flowsync.validation.outline import Flow, Screen, read_flow
from flowsync.validation.versions import ACCEPTED, LATEST, find
from flowsync.validation.wording import quoted, type_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrunnable:
    """Why a Flow JSON cannot be run, as a sentence."""

    message: str


def read_runnable(flow_json: JsonValue) -> Flow | Unrunnable:
    """Give the outline of a flow, or why there is nothing to run; never raises.

    A flow of an unknown version is run as one of the latest.
    """
    if not isinstance(flow_json, dict):
        return Unrunnable(message=f"A Flow JSON is an object, but this is {type_name(flow_json)}.")
    if is_too_deep(flow_json):
        return Unrunnable(message="The Flow JSON is nested too deeply to be shown.")
    known = find(text_in(flow_json.get("version")) or "")
    flow = read_flow(flow_json, known.number if known is not None else ACCEPTED[LATEST])
    if not flow.screens:
        return Unrunnable(message="The flow has no screen that could be shown. Add one.")
    return flow


def entry_of(flow: Flow) -> Screen:
    """Give the screen that a flow opens with when its message names none.

    It is the first that no other leads to, and the first of all where every one is led to.
    """
    return entries_of(flow)[0]


def entries_of(flow: Flow) -> tuple[Screen, ...]:
    """Give the screens that a flow can open with: those that no other leads to, else the first."""
    names = {one.id for one in read_graph(flow.value).screens if one.is_entry}
    found = [screen for name, screen in flow.by_id.items() if name in names]
    return tuple(found) or flow.screens[:1]


def screen_named(flow: Flow, name: str) -> Screen | None:
    """Give a screen by its id, or by how messages speak of one without."""
    found = flow.by_id.get(name)
    return found or next((screen for screen in flow.screens if screen.id == name), None)


def routes_of(flow: Flow) -> dict[str, tuple[str, ...]] | None:
    """Give the routing model, None where the flow has none."""
    if "routing_model" not in flow.value:
        return None
    model = mapping_in(flow.value["routing_model"])
    return {start: texts_in(ends) for start, ends in model.items()}


def why_not_routed(flow: Flow, start: str, end: str, *, is_answer: bool = False) -> str | None:
    """Say why a step is none that the routing model allows, None where it is one.

    An action may navigate along a route in either direction, the answer of an endpoint only
    forward.
    """
    routes = routes_of(flow)
    if routes is None or start == end or end in routes.get(start, ()):
        return None
    if start in routes.get(end, ()) and not is_answer:
        return None
    return (
        f"routing_model has no route from {quoted(start)} to {quoted(end)}. Add {quoted(end)} to "
        f"the routes of {quoted(start)}."
    )
