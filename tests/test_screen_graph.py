"""What is read of a Flow JSON as screens and edges, and how two such graphs differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.plan.difference.screens import flow_json_differences
from flowsync.render.difference_text import difference_lines
from flowsync.screen_graph import (
    Edge,
    EdgeKind,
    Mark,
    Presence,
    ScreenGraph,
    compare_graphs,
    read_graph,
)
from tests.render.golden import PLAIN
from tests.render.graphs import AFTER, BEFORE, a_comparison, a_flow, a_screen, button, link
from tests.validation.strategies import mutated_flows, values

FLOWS = Path(__file__).parent.parent / "flows"


def read_example(name: str) -> ScreenGraph:
    return read_graph(json.loads((FLOWS / f"{name}.json").read_text("utf-8")))


def said(graph: ScreenGraph) -> list[tuple[str, str | None, EdgeKind, tuple[str, ...]]]:
    return [(edge.source, edge.target, edge.kind, edge.labels) for edge in graph.edges]


def entries(graph: ScreenGraph) -> list[str]:
    return [screen.id for screen in graph.screens if screen.is_entry]


def marks(graph: ScreenGraph) -> dict[str, Mark]:
    return {screen.id: screen.mark for screen in graph.screens}


def test_an_if_says_when_its_button_is_there() -> None:
    tenant = "${form.ownership} == 'tenant'"
    assert said(read_example("lead-generation")) == [
        ("INTEREST", "HOME", EdgeKind.NAVIGATE, ('button "Continue"',)),
        ("HOME", "TENANT", EdgeKind.NAVIGATE, (f'button "See what tenants can do" when {tenant}',)),
        ("HOME", "CONTACT", EdgeKind.NAVIGATE, (f'button "Continue" unless {tenant}',)),
        ("TENANT", None, EdgeKind.COMPLETE, ('button "Close"',)),
        ("CONTACT", None, EdgeKind.COMPLETE, ('button "Get my estimate"',)),
    ]


def test_routes_of_an_endpoint_are_named_by_what_asks_it() -> None:
    assert said(read_example("booking")) == [
        ("TREATMENT", "SLOT", EdgeKind.ENDPOINT, ('button "Show free days"',)),
        ("SLOT", "PATIENT", EdgeKind.ENDPOINT, ('button "Continue"',)),
        ("PATIENT", "CONFIRM", EdgeKind.ENDPOINT, ('button "Check my appointment"',)),
        ("CONFIRM", None, EdgeKind.ENDPOINT, ('button "Book appointment"',)),
    ]


def test_items_of_a_list_are_one_edge_with_a_label_each() -> None:
    first, *_ = read_example("support/flow").edges
    assert (first.source, first.target) == ("TOPICS", "ORDER")
    assert first.labels == (
        'item "Where is my delivery?" of the list of links',
        'item "Return an appliance" of the list of links',
        'item "Invoice or payment" of the list of links',
    )


def test_a_switch_inside_an_if_says_both() -> None:
    inner: JsonValue = {
        "type": "Switch",
        "value": "${data.kind}",
        "cases": {"a": [button("A", "B")], "default": [button("Rest", "B")]},
    }
    outer: JsonValue = {"type": "If", "condition": "${data.open}", "then": [inner]}
    (edge,) = read_graph(a_flow(a_screen("A", "", outer), a_screen("B"))).edges
    assert edge.labels == (
        'button "A" when ${data.open} and when ${data.kind} is "a"',
        'button "Rest" when ${data.open} and when ${data.kind} is none of the others',
    )


def test_a_choice_that_asks_the_endpoint_is_named_where_no_tap_does() -> None:
    chooser: JsonValue = {
        "type": "Dropdown",
        "label": "Day",
        "name": "day",
        "on-select-action": {"name": "data_exchange", "payload": {}},
    }
    screens = (a_screen("A", "", chooser), a_screen("B"))
    (edge,) = read_graph(a_flow(*screens, routing_model={"A": ["B"], "B": []})).edges
    assert edge.kind is EdgeKind.ENDPOINT
    assert edge.labels == ('dropdown "Day" (on select)',)


def test_a_route_that_nothing_on_the_screen_takes_is_only_declared() -> None:
    flow = a_flow(a_screen("A", "", button("Go", "B")), a_screen("B"), routing_model={"A": ["B"]})
    assert [edge.kind for edge in read_graph(flow).edges] == [EdgeKind.NAVIGATE]
    flow["routing_model"] = {"A": ["B"], "B": ["A"]}
    assert [edge.kind for edge in read_graph(flow).edges] == [EdgeKind.NAVIGATE, EdgeKind.DECLARED]


def test_the_entry_is_what_nothing_leads_to_and_the_first_screen_of_a_circle() -> None:
    assert entries(read_example("booking")) == ["TREATMENT"]
    two = a_flow(a_screen("A"), a_screen("B", "", button("Go", "A")))
    assert entries(read_graph(two)) == ["B"]
    there_and_back = (a_screen("A", "", button("Go", "B")), a_screen("B", "", button("Go", "A")))
    assert entries(read_graph(a_flow(*there_and_back))) == ["A"]


def test_going_back_along_a_route_is_no_way_in() -> None:
    there, back = a_screen("A", "", button("Go", "B")), a_screen("B", "", button("Back", "A"))
    screens = (there, back, a_screen("C", "", button("Go", "B")))
    routes: JsonValue = {"A": ["B"], "C": ["B"]}
    assert entries(read_graph(a_flow(*screens, routing_model=routes))) == ["A", "C"]
    assert entries(read_graph(a_flow(*screens))) == ["C"]


def test_what_leads_nowhere_leads_to_a_missing_screen_or_one_chosen_later() -> None:
    flow = a_flow(a_screen("A", "", link("Gone", "GONE"), link("Next", "${data.next}")))
    found = {screen.id: screen.presence for screen in read_graph(flow).screens}
    assert found == {
        "A": Presence.DEFINED,
        "GONE": Presence.MISSING,
        "${data.next}": Presence.AT_RUN_TIME,
    }


@pytest.mark.parametrize(
    "odd",
    [None, 1, [], {}, {"screens": {}}, {"screens": [1, {}, {"id": 3}, None]}, {"screens": "A"}],
)
def test_what_has_no_screens_gives_an_empty_graph(odd: JsonValue) -> None:
    assert read_graph(odd) == ScreenGraph()


def test_bad_parts_are_left_out_and_the_rest_is_read() -> None:
    wrong: list[JsonValue] = [1, {"type": "Footer", "label": 3, "on-click-action": []}]
    broken: JsonValue = {"id": "B", "layout": "none"}
    flow = a_flow(a_screen("A", "", *wrong, button("Go", "B")), broken, a_screen("A", "twice"), 7)
    flow["routing_model"] = {"A": [4, "B"], "B": "A"}
    graph = read_graph(flow)
    assert [(screen.id, screen.title) for screen in graph.screens] == [("A", ""), ("B", "")]
    assert [(edge.source, edge.target) for edge in graph.edges] == [("A", "B")]


@settings(max_examples=150)
@given(st.one_of(mutated_flows(), values))
def test_any_json_is_read(value: JsonValue) -> None:
    graph = read_graph(value)
    ids = [screen.id for screen in graph.screens]
    assert len(ids) == len(set(ids))
    ends = {end for edge in graph.edges for end in (edge.source, edge.target)} - {None}
    assert ends <= set(ids)
    assert compare_graphs(graph, graph) == graph


# --- comparing ---


def test_each_screen_and_edge_tells_what_became_of_it() -> None:
    graph = a_comparison()
    assert marks(graph) == {
        "START": Mark.CHANGED,
        "NUMBER": Mark.CHANGED,
        "DAMAGE": Mark.REMOVED,
        "SEND": Mark.CHANGED,
        "ASK": Mark.ADDED,
    }
    assert [(edge.source, edge.target, edge.mark) for edge in graph.edges] == [
        ("START", "NUMBER", Mark.SAME),
        ("START", "ASK", Mark.ADDED),
        ("START", "DAMAGE", Mark.REMOVED),
        ("NUMBER", "SEND", Mark.SAME),
        ("SEND", None, Mark.CHANGED),
        ("ASK", "SEND", Mark.ADDED),
        ("DAMAGE", None, Mark.REMOVED),
    ]


def test_a_renamed_screen_is_one_and_keeps_its_earlier_id() -> None:
    renamed = {screen.id: screen.was_id for screen in a_comparison().screens}
    assert renamed["NUMBER"] == "ORDER"
    apart = compare_graphs(read_graph(BEFORE), read_graph(AFTER))
    assert marks(apart)["ORDER"] is Mark.REMOVED
    assert marks(apart)["NUMBER"] is Mark.ADDED


@pytest.mark.parametrize(
    "odd", [{"ORDER": "SEND"}, {"START": "NUMBER"}, {"X": "NUMBER"}, {"ORDER": "X"}], ids=str
)
def test_a_renaming_that_does_not_fit_is_ignored(odd: dict[str, str]) -> None:
    graphs = read_graph(BEFORE), read_graph(AFTER)
    assert compare_graphs(*graphs, odd) == compare_graphs(*graphs)


def test_a_changed_edge_keeps_what_it_said_before() -> None:
    (changed,) = (edge for edge in a_comparison().edges if edge.mark is Mark.CHANGED)
    assert changed == Edge(
        source="SEND",
        target=None,
        kind=EdgeKind.COMPLETE,
        labels=('button "Send it"',),
        labels_before=('button "Send"',),
        mark=Mark.CHANGED,
    )


def test_a_screen_that_is_gone_but_still_led_to_is_removed_and_missing() -> None:
    before = a_flow(a_screen("A", "", button("Go", "B")), a_screen("B", "Second"))
    after = a_flow(a_screen("A", "", button("Go", "B")))
    *_, gone = compare_graphs(read_graph(before), read_graph(after)).screens
    assert (gone.id, gone.title, gone.mark, gone.presence) == (
        "B",
        "Second",
        Mark.REMOVED,
        Presence.MISSING,
    )


def test_a_change_inside_a_screen_is_one_although_its_edges_stay() -> None:
    before, after = (a_flow(a_screen("A", title, button("Go"))) for title in ("One", "Two"))
    graph = compare_graphs(read_graph(before), read_graph(after))
    assert marks(graph) == {"A": Mark.CHANGED}
    assert {edge.mark for edge in graph.edges} == {Mark.SAME}


@settings(max_examples=60)
@given(mutated_flows(), mutated_flows())
def test_everything_of_both_sides_is_in_a_comparison(before: JsonValue, after: JsonValue) -> None:
    was, now = read_graph(before), read_graph(after)
    graph = compare_graphs(was, now)
    kept = [screen.id for screen in graph.screens if screen.id in {one.id for one in now.screens}]
    assert kept == [screen.id for screen in now.screens]
    assert {s.id for s in graph.screens} == {s.id for side in (was, now) for s in side.screens}
    assert len(graph.screens) == len({screen.id for screen in graph.screens})
    removed = {screen.id for screen in graph.screens if screen.mark is Mark.REMOVED}
    assert {s.id for s in was.screens} - {s.id for s in now.screens} <= removed


def test_graphs_and_differences_call_a_component_by_the_same_word() -> None:
    before = a_flow(a_screen("A", "", button("Next", "B")), a_screen("B"))
    after = a_flow(a_screen("A", ""), a_screen("B"))
    (edge,) = read_graph(before).edges
    assert edge.labels == ('button "Next"',)
    assert '- button "Next" removed' in [
        line.strip() for line in difference_lines(flow_json_differences(before, after), PLAIN)
    ]
