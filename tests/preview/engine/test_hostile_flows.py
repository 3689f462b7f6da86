"""No shape of Flow JSON makes the engine raise."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings

from flowsync.model import JsonValue
from flowsync.preview.engine import DataSet, NotPossible, Session, Start
from flowsync.preview.engine.walker import walk
from flowsync.preview.views import Pointer
from tests.preview.engine.support import TODAY, flow, footer, one_screen, screen, to
from tests.validation.strategies import mutated_flows, values


@pytest.mark.parametrize(
    "value",
    [None, 1, [], {}, {"screens": []}, {"screens": [1, None]}, {"version": 7, "screens": "x"}],
)
def test_what_is_no_flow_is_said_in_a_sentence(value: JsonValue) -> None:
    session = Session(value, today=TODAY)
    assert session.failure is not None
    assert session.failure.endswith(".")
    assert session.view().notice == session.failure
    assert session.is_over
    with pytest.raises(NotPossible):
        session.tap("Footer")


def test_nesting_without_end_is_said() -> None:
    value: JsonValue = []
    for _ in range(5000):
        value = [value]
    assert Session({"screens": value}, today=TODAY).failure is not None


def everything(value: JsonValue) -> None:
    """Use all that a session has on a flow."""
    for data_set in DataSet:
        session = Session(value, today=TODAY, start=Start(data_set=data_set))
        for one in session.view().walk():
            use(session, one.pointer)
        snapshot = session.snapshot()
        if snapshot is not None:
            Session.resumed(value, snapshot, today=TODAY).view()


def use(session: Session, at: Pointer) -> None:
    inputs: list[JsonValue] = ["x", ["x"], True, None]
    with suppress(NotPossible):
        session.payload_of(at)
    with suppress(NotPossible):
        session.leave(at)
    for value in inputs:
        with suppress(NotPossible):
            session.fill(at, value)
        session.view()
    with suppress(NotPossible):
        session.tap(at, "x")
    with suppress(NotPossible):
        session.tap(at)
    session.view()


@given(mutated_flows())
@settings(max_examples=60, deadline=None)
def test_no_changed_flow_makes_the_engine_raise(value: JsonValue) -> None:
    everything(value)


@given(mutated_flows())
@settings(max_examples=25, deadline=None)
def test_no_changed_flow_makes_the_walker_raise(value: JsonValue) -> None:
    walk(value, today=TODAY)


@given(values, values, values)
@settings(max_examples=60, deadline=None)
def test_no_component_makes_the_engine_raise(
    one: JsonValue, two: JsonValue, data: JsonValue
) -> None:
    component: dict[str, JsonValue] = {"type": "Dropdown", "name": "x", "data-source": one}
    fields: dict[str, JsonValue] = {"a": data, "b": {"type": "array", "items": one}}
    everything(
        flow(
            screen("A", component, to("B", a=two, b=one), data=fields),
            screen("B", {"type": "If", "condition": two, "then": [component]}, data=fields),
        )
    )


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"name": 1},
        {"name": "navigate"},
        {"name": "navigate", "next": {"name": "NOWHERE"}},
        {"name": "fly"},
        {"name": "open_url", "url": "http://example.com"},
    ],
)
def test_action_that_leads_nowhere_is_said(action: JsonValue) -> None:
    session = Session(one_screen({**footer(), "on-click-action": action}), today=TODAY)
    session.tap("Footer")
    assert session.log[-1].is_error
    assert session.view().notice is not None
    assert session.view().id == "ASK"
