"""Flows and sessions for tests of the preview's engine."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from flowsync.json_numbers import load_json
from flowsync.model import JsonValue
from flowsync.preview.engine import Endpoint, LogKind, Session, Start
from flowsync.preview.views import ElementView

TODAY = date(2026, 1, 5)  # a Monday
FLOWS = Path(__file__).parents[3] / "flows"
Json = dict[str, JsonValue]


def example_flow(name: str) -> JsonValue:
    """Give a flow of `flows/`."""
    return load_json((FLOWS / name).read_text("utf-8"))


def footer(name: str = "complete", /, **action: JsonValue) -> Json:
    return {"type": "Footer", "label": "Go on", "on-click-action": {"name": name, **action}}


def to(screen: str, /, **payload: JsonValue) -> Json:
    following: JsonValue = {"type": "screen", "name": screen}
    return footer("navigate", next=following, payload=payload)


def field(kind: str, example: JsonValue, /, **schema: JsonValue) -> Json:
    return {"type": kind, "__example__": example, **schema}


OPTION: Json = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "title": {"type": "string"}},
}


def options(*ids: str) -> JsonValue:
    return [{"id": name, "title": name.title()} for name in ids]


def screen(name: str, *children: Json, data: Json | None = None, **more: JsonValue) -> Json:
    return {
        "id": name,
        "title": name.title(),
        "data": data or {},
        "layout": {"type": "SingleColumnLayout", "children": list(children)},
        **more,
    }


def flow(*screens: Json, version: str = "7.3", **more: JsonValue) -> Json:
    found: Json = {"version": version, "screens": list(screens), **more}
    return copy.deepcopy(found)


def one_screen(
    *children: Json, data: Json | None = None, version: str = "7.3", **more: JsonValue
) -> Json:
    """Give a flow of one terminal screen, ASK."""
    return flow(screen("ASK", *children, data=data, terminal=True, **more), version=version)


def text_input(name: str = "answer", /, **more: JsonValue) -> Json:
    return {"type": "TextInput", "name": name, "label": name.title(), **more}


def open_session(
    flow_json: JsonValue,
    *,
    endpoint: Endpoint | None = None,
    screen: str | None = None,
    data: Mapping[str, JsonValue] | None = None,
) -> Session:
    start = Start(screen=screen, data=data, flow_token="token")
    return Session(flow_json, today=TODAY, start=start, endpoint=endpoint)


def element(session: Session, name: str) -> ElementView:
    """Give the element with a name or of a type."""
    found = [one for one in session.view().walk() if name in (one.name, one.type)]
    assert found, f"{name} does not show: {[one.name for one in session.view().walk()]}"
    return found[0]


def shows(session: Session, name: str) -> bool:
    return any(name in (one.name, one.type) for one in session.view().walk())


def can_send(session: Session) -> bool:
    found = session.view().footer
    return found is not None and found.is_enabled


def errors(session: Session) -> list[str]:
    """Give the messages of the log that say that something went wrong."""
    return [entry.message for entry in session.log if entry.is_error]


def kinds(session: Session) -> list[LogKind]:
    return [entry.kind for entry in session.log]
