"""The legend of a picture of a screen graph: what its shapes and lines mean, if they occur."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from flowsync.render.graph_layout import Box, Point
from flowsync.render.graph_shapes import LEGEND_SIZE, add, draw_head
from flowsync.render.graph_text import text_width
from flowsync.screen_graph import EdgeKind, Mark, ScreenGraph

_ICON, _GAP, _LINE, _ABOVE = 26, 20, 22, 30
_EMPTY = "No screens."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    icon: str
    words: str

    @property
    def width(self) -> float:
        return (_ICON + 7 if self.icon else 0) + text_width(self.words, LEGEND_SIZE)


def legend_box(graph: ScreenGraph, room: float, left_out: tuple[int, int]) -> Box:
    """Give the room that the legend takes below a picture of this width."""
    placed = list(_placed(graph, room, left_out))
    width = max((at.x + item.width for item, at in placed), default=0)
    return Box(width, _ABOVE + max((at.y for _, at in placed), default=0) + 6)


def draw_legend(
    parent: Element, graph: ScreenGraph, corner: Point, room: float, left_out: tuple[int, int]
) -> None:
    """Draw the legend at its upper left corner; `left_out` counts screens and edges not drawn."""
    group = add(parent, "g", cls="fs-legend")
    for item, at in _placed(graph, room, left_out):
        x, y = corner.x + at.x, corner.y + _ABOVE + at.y
        if item.icon:
            _draw_icon(group, item.icon, x, y - 4)
            x += _ICON + 7
        add(group, "text", item.words, x=x, y=y)


def _placed(
    graph: ScreenGraph, room: float, left_out: tuple[int, int]
) -> Iterator[tuple[_Item, Point]]:
    x = y = 0.0
    for item in _items(graph, left_out):
        if x and x + item.width > room:
            x, y = 0.0, y + _LINE
        yield item, Point(x, y)
        x += item.width + _GAP


def _items(graph: ScreenGraph, left_out: tuple[int, int]) -> Iterator[_Item]:
    if not graph.screens:
        yield _Item(icon="", words=_EMPTY)
    if any(screen.is_entry for screen in graph.screens):
        yield _Item(icon="start", words="flows start here")
    if any(screen.is_terminal for screen in graph.screens):
        yield _Item(icon="terminal", words="flows may end here")
    if any(edge.target is None for edge in graph.edges):
        yield _Item(icon="end", words="the end")
    kinds = {edge.kind for edge in graph.edges}
    if EdgeKind.NAVIGATE in kinds:
        yield _Item(icon="solid", words="the screen leads on")
    if EdgeKind.ENDPOINT in kinds:
        yield _Item(icon="dashed", words="the endpoint decides")
    for mark in (Mark.ADDED, Mark.REMOVED, Mark.CHANGED):
        if mark in graph.marks:
            yield _Item(icon=mark.name.lower(), words=mark.value)
    screens, edges = left_out
    if screens or edges:
        yield _Item(icon="", words=f"Not drawn: {screens} more screens, {edges} more ways.")


def _draw_icon(group: Element, icon: str, x: float, y: float) -> None:
    if icon in {"solid", "dashed"}:
        line = add(group, "g", cls=f"fs-edge{' fs-dashed' if icon == 'dashed' else ''}")
        add(line, "path", d=f"M{x:.1f} {y:.1f} H{x + 18:.1f}", cls="fs-line")
        draw_head(line, Point(x + _ICON - 1, y), (1, 0))
    elif icon == "end":
        add(group, "circle", cx=x + 13, cy=y, r=7, cls="fs-ring")
        add(group, "circle", cx=x + 13, cy=y, r=3.5, cls="fs-dot")
    else:
        state = "" if icon in {"start", "terminal"} else f" fs-{icon}"
        screen = add(group, "g", cls=f"fs-screen{state}")
        radius = 8 if icon == "start" else 3
        place = {"x": x, "y": y - 8, "width": _ICON, "height": 16}
        add(screen, "rect", **place, rx=radius, cls="fs-frame")
        if icon == "terminal":
            inner = {"x": x + 3, "y": y - 5, "width": _ICON - 6, "height": 10}
            add(screen, "rect", **inner, rx=2, cls="fs-inner")
