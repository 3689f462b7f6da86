"""A screen graph in the language of Graphviz: `flowsync graph KEY --format dot | dot -Tpdf`.

Source: https://graphviz.org/doc/info/lang.html, https://graphviz.org/docs/attr-types/escString/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowsync.render.graph_words import edge_lines, heading, mark_word, name, notes
from flowsync.render.style import clean
from flowsync.screen_graph import Edge, EdgeKind, GraphScreen, Mark, Presence, ScreenGraph

_FONT = 'fontname="Helvetica,Arial,sans-serif"'
_FILLS = {Mark.ADDED: "#dafbe1", Mark.REMOVED: "#ffebe9", Mark.CHANGED: "#fff8c5"}
_COLOURS = {Mark.ADDED: "#1a7f37", Mark.REMOVED: "#cf222e", Mark.CHANGED: "#9a6700"}


def render_dot(graph: ScreenGraph, *, title: str = "") -> str:
    """Give a graph as a digraph.

    Rounded corners are where the flow starts, a double border where it may end, a double circle is
    the end. Dashed edges are up to the endpoint.
    """
    return "\n".join(_lines(graph, title)) + "\n"


def _lines(graph: ScreenGraph, title: str) -> Iterator[str]:
    ids = {screen.id: f"n{number}" for number, screen in enumerate(graph.screens, start=1)}
    yield f"digraph {_quoted((clean(title) or 'screens',))} {{"
    yield f'  graph [rankdir=TB, ranksep=0.5, nodesep=0.4, bgcolor="white", {_FONT}];'
    yield (
        '  node [shape=box, style=filled, fillcolor="white", color="#59636e", '
        f'fontcolor="#1f2328", fontsize=12, margin="0.2,0.1", {_FONT}];'
    )
    yield (f'  edge [color="#59636e", fontcolor="#1f2328", fontsize=10, arrowsize=0.8, {_FONT}];')
    if not graph.screens:
        yield '  n0 [label="no screens"];'
    for screen in graph.screens:
        yield f"  {ids[screen.id]} [{_screen(screen)}];"
    for source in dict.fromkeys(edge.source for edge in graph.edges if edge.target is None):
        end = f"e{ids[source][1:]}"
        yield (
            f'  {end} [shape=doublecircle, label="", xlabel="End", width=0.14, '
            'fillcolor="#59636e"];'
        )
    for edge in graph.edges:
        source = ids[edge.source]
        target = f"e{source[1:]}" if edge.target is None else ids[edge.target]
        yield f"  {source} -> {target}{_edge(edge)};"
    yield "}"


def _screen(screen: GraphScreen) -> str:
    words = " · ".join((name(screen), *notes(screen)))
    last = " ".join(filter(None, (words, mark_word(screen.mark))))
    lines = [line for line in (heading(screen), last) if line]
    styles = ["filled"]
    if screen.is_entry:
        styles.append("rounded")
    if screen.mark is Mark.REMOVED or screen.presence is not Presence.DEFINED:
        styles.append("dashed")
    found = [f"label={_quoted(lines)}"]
    if len(styles) > 1:
        found.append(f'style="{",".join(styles)}"')
    if screen.is_terminal:
        found.append("peripheries=2")
    if screen.mark is not Mark.SAME:
        fill, colour = _FILLS[screen.mark], _COLOURS[screen.mark]
        found.append(f'fillcolor="{fill}", color="{colour}", penwidth=2')
    elif screen.presence is Presence.MISSING:
        found.append('color="#cf222e"')
    return ", ".join(found)


def _edge(edge: Edge) -> str:
    found = []
    lines = edge_lines(edge)
    if lines:
        found.append(f"label={_quoted(lines)}")
    if edge.kind in {EdgeKind.ENDPOINT, EdgeKind.DECLARED} or edge.mark is Mark.REMOVED:
        found.append("style=dashed")
    if edge.mark is not Mark.SAME:
        colour = _COLOURS[edge.mark]
        found.append(f'color="{colour}", fontcolor="{colour}", penwidth=2')
    return f" [{', '.join(found)}]" if found else ""


def _quoted(lines: Iterable[str]) -> str:
    """Give lines as a quoted string in which no sign means anything to Graphviz."""
    escaped = (
        line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;").replace("#", "&#35;")
        for line in lines
    )
    return '"' + "\\n".join(escaped) + '"'
