"""What Graphviz reads, whatever the names are. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.render.graph_dot import render_dot
from flowsync.render.graph_words import edge_lines, heading
from flowsync.screen_graph import ScreenGraph, compare_graphs, read_graph
from tests.render.golden import check_golden, check_harmless
from tests.render.graphs import NASTY_FLOW, a_comparison, a_flow, a_screen, button
from tests.validation.strategies import mutated_flows

# A quoted string ends at the first quote that no backslash stands before. Within it a backslash
# stands before a quote, another one, or the n of a new line; other escapes mean something.
STRING = r'"((?:[^"\\\n]|\\["\\n])*)"'
VALUE = rf"(?:{STRING}|[\w.]+)"
ATTRIBUTES = rf" \[\w+={VALUE}(?:, \w+={VALUE})*\]"
STATEMENT = re.compile(rf"  (?:graph|node|edge|[ne]\d+|n\d+ -> [ne]\d+)(?:{ATTRIBUTES})?;")
LABEL = re.compile(rf"\blabel={STRING}")


def labels_in(text: str) -> list[str]:
    """Give the labels as Graphviz shows them, after checking each line."""
    first, *lines, last = text.splitlines()
    assert re.fullmatch(rf"digraph {STRING} \{{", first), first
    assert last == "}"
    for line in lines:
        assert STATEMENT.fullmatch(line), line
    check_harmless(text)
    found = [label for line in lines for label in LABEL.findall(line)]
    unescaped = (re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], one) for one in found)
    return [html.unescape(label) for label in unescaped]


def test_everything_that_can_become_of_a_flow_is_drawn() -> None:
    text = render_dot(a_comparison(), title="Screens of support")
    check_golden("graph.dot", text)
    labels_in(text)


def test_nasty_names_are_drawn_as_they_are() -> None:
    graph = read_graph(NASTY_FLOW)
    text = render_dot(graph, title='Screens of "x" \\')
    check_golden("graph-nasty.dot", text)
    labels = labels_in(text)
    for screen in graph.screens:
        assert any(label.startswith(heading(screen)) for label in labels)
    for edge in graph.edges:
        assert "\n".join(edge_lines(edge)) in labels


@settings(max_examples=60)
@given(mutated_flows(), mutated_flows(), st.text())
def test_any_flow_is_drawn(before: JsonValue, after: JsonValue, title: str) -> None:
    labels_in(render_dot(compare_graphs(read_graph(before), read_graph(after)), title=title))


@given(st.text())
def test_any_name_is_drawn(name: str) -> None:
    labels_in(render_dot(read_graph(a_flow(a_screen(name, name, button(name, name))))))


def test_a_graph_without_screens_says_so() -> None:
    assert labels_in(render_dot(ScreenGraph())) == ["no screens"]
