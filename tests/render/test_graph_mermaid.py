"""Flowcharts that Mermaid reads whatever the names are. UPDATE_GOLDEN=1 writes tests/golden/ anew.

The grammar here is narrower than Mermaid's own, which takes a browser to run; that it draws what
fits it was tried with Mermaid 11.17 in Chromium.
"""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.render.graph_mermaid import fits_mermaid, render_mermaid
from flowsync.render.graph_words import edge_lines, heading
from flowsync.screen_graph import ScreenGraph, compare_graphs, read_graph
from tests.render.golden import NASTY as NASTY_NAMES
from tests.render.golden import check_golden, check_harmless
from tests.render.graphs import (
    NASTY_FLOW,
    a_comparison,
    a_flow,
    a_screen,
    button,
    many_screens,
)
from tests.validation.strategies import mutated_flows

# Between quotes there is nothing that Mermaid, Markdown or HTML knows, besides a line break.
LABEL = r'"((?:[^\W_]|[^\x00-\x7f]|[ ,?!/()\'-]|#\d+;|<br/>)*)"'
SHAPES = rf"(?:\(\[{LABEL}\]\)|\[\[{LABEL}\]\]|\{{\{{{LABEL}\}}\}}|\[{LABEL}\]|\(\(\({LABEL}\)\)\))"
STYLE = r"(?:[a-z-]+:[#\w ]+)(?:,[a-z-]+:[#\w ]+)*"
LINES = [
    re.compile(rf"  [ne]\d+{SHAPES}(?::::\w+)?"),
    re.compile(rf"  n\d+ (?:-->|-\.->)(?:\|{LABEL}\|)? [ne]\d+"),
    re.compile(rf"  classDef \w+ {STYLE}"),
    re.compile(rf"  linkStyle \d+(?:,\d+)* {STYLE}"),
]


def labels_in(text: str) -> list[str]:
    """Give the labels of a flowchart as they are read, after checking each of its lines."""
    first, *lines = text.splitlines()
    assert first == "flowchart TD"
    if lines[0].startswith("  accTitle: "):
        lines.pop(0)
    labels = []
    for line in lines:
        found = next(filter(None, (pattern.fullmatch(line) for pattern in LINES)), None)
        assert found, line
        labels += [label for label in found.groups() if label is not None]
    check_harmless(text)
    for line in (line for label in labels for line in label.split("<br/>")):
        assert not re.match(r"\d+[.)]|[-+*>#] |`", line), line  # Mermaid draws no lists
    return [html.unescape(re.sub(r"#(\d+);", r"&#\1;", label)) for label in labels]


def test_everything_that_can_become_of_a_flow_is_drawn() -> None:
    text = render_mermaid(a_comparison(), title="Screens of support")
    check_golden("graph.mmd", text)
    labels_in(text)


def test_nasty_names_are_drawn_as_they_are() -> None:
    graph = read_graph(NASTY_FLOW)
    text = render_mermaid(graph, title="Screens of `x` %%{init: {}}%%")
    check_golden("graph-nasty.mmd", text)
    labels = labels_in(text)
    for screen in graph.screens:
        assert any(label.startswith(heading(screen)) for label in labels)
    for edge in graph.edges:
        assert "<br/>".join(edge_lines(edge)) in labels


@pytest.mark.parametrize("nasty", [*NASTY_NAMES.values(), "1. a", "1) a", "- a", "``` x", "end"])
def test_no_name_gets_out_of_its_label(nasty: str) -> None:
    graph = read_graph(a_flow(a_screen(nasty, nasty, button(nasty, nasty), button(nasty))))
    text = render_mermaid(graph, title=nasty)
    labels_in(text)
    assert "```" not in text  # it stands in a fence


@settings(max_examples=60)
@given(mutated_flows(), mutated_flows(), st.text())
def test_any_flow_is_drawn(before: JsonValue, after: JsonValue, title: str) -> None:
    labels_in(render_mermaid(compare_graphs(read_graph(before), read_graph(after)), title=title))


@given(st.text())
def test_any_name_is_drawn(name: str) -> None:
    labels_in(render_mermaid(read_graph(a_flow(a_screen(name, name, button(name, name))))))


def test_a_graph_without_screens_is_a_flowchart_that_says_so() -> None:
    assert labels_in(render_mermaid(ScreenGraph())) == ["no screens"]


def test_what_is_too_large_for_mermaid_is_told() -> None:
    small, large = many_screens(20), many_screens(200)
    assert fits_mermaid(small, render_mermaid(small))
    assert not fits_mermaid(large, render_mermaid(large))  # more than 500 edges
    assert not fits_mermaid(small, "x" * 50_001)
