"""A screen graph as lines of text, for a plan on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flowsync.render.graph_words import edge_line, heading, mark_word, name, notes
from flowsync.render.style import Style
from flowsync.screen_graph import Edge, GraphScreen, Mark, ScreenGraph

_SIGNS = {Mark.SAME: " ", Mark.ADDED: "+", Mark.REMOVED: "-", Mark.CHANGED: "~"}


def graph_lines(graph: ScreenGraph, style: Style) -> Iterator[str]:
    """Give each screen with what leads from it, and what became of both."""
    for screen in graph.screens:
        yield _painter(screen.mark, style)(f"{_SIGNS[screen.mark]} {_screen(screen)}")
        for edge in graph.edges:
            if edge.source == screen.id:
                yield _painter(edge.mark, style)(f"{_SIGNS[edge.mark]}   → {_edge(edge)}")


def _screen(screen: GraphScreen) -> str:
    title = f' "{heading(screen)}"' if heading(screen) else ""
    said = ", ".join(notes(screen))
    mark = mark_word(screen.mark)
    return f"{name(screen)}{title}{f', {said}' if said else ''}{f' {mark}' if mark else ''}"


def _edge(edge: Edge) -> str:
    target = "end" if edge.target is None else name(GraphScreen(id=edge.target))
    words = edge_line(edge)
    return f"{target}: {words}" if words else target


def _painter(mark: Mark, style: Style) -> Callable[[str], str]:
    match mark:
        case Mark.ADDED:
            return style.good
        case Mark.REMOVED:
            return style.bad
        case Mark.CHANGED:
            return style.changed
        case Mark.SAME:
            return str
