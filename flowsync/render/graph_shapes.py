"""The parts of a picture of a screen graph as SVG elements: screens, labels, arrows, the legend.

Elements are built, never written as text, so that no name can be markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

from flowsync.render.graph_layout import Box, Point
from flowsync.render.graph_text import text_width, wrapped
from flowsync.render.graph_words import edge_lines, heading, name, notes
from flowsync.render.xml_text import in_xml
from flowsync.screen_graph import Edge, GraphScreen, Mark, Presence

TITLE_SIZE, ID_SIZE, PILL_SIZE, LABEL_SIZE, LEGEND_SIZE = 14, 11, 10.5, 11.5, 11.5
END_RADIUS = 9
LOOP = 26  # how far the line from a screen to itself stands out
_LEAST_WIDTH, _MOST_WIDTH, _PADDING = 150, 232, 20
_TITLE_LINE, _ID_LINE, _PILL_LINE, LABEL_LINE = 18, 15, 22, 15
_MOST_LABEL, _ITEM_GAP = 240, 5


def add(parent: Element, tag: str, text: str = "", /, **attributes: str | float) -> Element:
    """Add an element; its attributes, of which `cls` is the class, hold no foreign text."""
    element = SubElement(parent, tag)
    for key, value in attributes.items():
        shown = value if isinstance(value, str) else f"{round(value, 1):g}"
        element.set("class" if key == "cls" else key, shown)
    if text:
        element.text = in_xml(text)
    return element


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenShape:
    """A screen as it will be drawn: its lines of text, and the box that holds them."""

    title: tuple[str, ...]
    id: tuple[str, ...]
    pills: tuple[tuple[str, str], ...]
    box: Box
    screen: GraphScreen


def shape_of(screen: GraphScreen, loop: Edge | None) -> ScreenShape:
    """Give how a screen will be drawn, with room for a line from it to itself."""
    room = _MOST_WIDTH - 2 * _PADDING
    title = wrapped(heading(screen), TITLE_SIZE, room, 2)
    ids = wrapped(name(screen), ID_SIZE, room, 2, is_mono=True)
    pills = tuple((word, _pill_class(word)) for word in notes(screen))
    if screen.mark is not Mark.SAME:
        pills += ((screen.mark.value, f"fs-{screen.mark.name.lower()}"),)
    widths = [text_width(line, TITLE_SIZE) for line in title]
    widths += [text_width(line, ID_SIZE, is_mono=True) for line in ids]
    widths.append(_pills_width(pills))
    height: float = (
        22 + _TITLE_LINE * len(title) + _ID_LINE * len(ids) + (_PILL_LINE if pills else 0)
    )
    width = max(_LEAST_WIDTH, max(widths) + 2 * _PADDING)
    aside = 0.0
    if loop is not None:
        label = label_box(label_of(loop))
        height, aside = max(height, label.height), LOOP + label.width
    box = Box(width, height, aside)
    return ScreenShape(title=title, id=ids, pills=pills, box=box, screen=screen)


def _pill_class(word: str) -> str:
    return {Presence.MISSING.value: "fs-missing", "start": "fs-start"}.get(word, "fs-terminal")


def _pill_width(word: str) -> float:
    return text_width(word, PILL_SIZE) + 16


def _pills_width(pills: Sequence[tuple[str, str]]) -> float:
    return sum(_pill_width(word) + 6 for word, _ in pills) - 6 if pills else 0


def draw_screen(parent: Element, shape: ScreenShape, centre: Point) -> None:
    """Draw a screen: a stadium where flows start, two borders where they may end."""
    screen, box = shape.screen, shape.box
    group = add(parent, "g", cls=f"fs-screen {_state(screen)}".rstrip())
    left, top = centre.x - box.width / 2, centre.y - box.height / 2
    radius = min(box.height / 2, 26) if screen.is_entry else 6
    frame = {"cls": "fs-frame", "rx": radius}
    add(group, "rect", x=left, y=top, width=box.width, height=box.height, **frame)
    if screen.is_terminal:
        frame = {"cls": "fs-inner", "rx": max(3, radius - 4)}
        inner = {"width": box.width - 8, "height": box.height - 8}
        add(group, "rect", x=left + 4, y=top + 4, **inner, **frame)
    y = top + 12
    for line in shape.title:
        y += _TITLE_LINE
        add(group, "text", line, x=centre.x, y=y - 5, cls="fs-title")
    for line in shape.id:
        y += _ID_LINE
        add(group, "text", line, x=centre.x, y=y - 4, cls="fs-id")
    x = centre.x - _pills_width(shape.pills) / 2
    for word, kind in shape.pills:
        draw_pill(group, word, kind, Point(x, y + 4))
        x += _pill_width(word) + 6


def draw_pill(parent: Element, word: str, kind: str, corner: Point) -> float:
    """Draw a word on a rounded ground at its upper left corner, and give its width."""
    width = _pill_width(word)
    group = add(parent, "g", cls=f"fs-pill {kind}")
    add(group, "rect", x=corner.x, y=corner.y, width=width, height=16, rx=8)
    add(group, "text", word, x=corner.x + width / 2, y=corner.y + 11.6)
    return width


def _state(screen: GraphScreen) -> str:
    if screen.mark is not Mark.SAME:
        return f"fs-{screen.mark.name.lower()}"
    kinds = {Presence.MISSING: "fs-missing", Presence.AT_RUN_TIME: "fs-open"}
    return kinds.get(screen.presence, "")


def draw_end(parent: Element, centre: Point) -> None:
    """Draw the end of a flow: a dot in a ring."""
    group = add(parent, "g", cls="fs-end")
    add(group, "circle", cx=centre.x, cy=centre.y, r=END_RADIUS, cls="fs-ring")
    add(group, "circle", cx=centre.x, cy=centre.y, r=END_RADIUS - 4, cls="fs-dot")


Label = tuple[tuple[str, ...], ...]
"""For each thing that is said of an edge the lines that it takes."""


def label_of(edge: Edge) -> Label:
    """Give what is said of an edge, broken into lines."""
    return tuple(wrapped(line, LABEL_SIZE, _MOST_LABEL, 3) for line in edge_lines(edge))


def label_box(label: Label) -> Box:
    """Give the room that a label takes."""
    if not label:
        return Box(0, 0)
    lines = [line for item in label for line in item]
    width = max(text_width(line, LABEL_SIZE) for line in lines)
    return Box(width + 10, LABEL_LINE * len(lines) + _ITEM_GAP * (len(label) - 1) + 4)


def draw_label(parent: Element, label: Label, centre: Point, state: str) -> None:
    """Draw the label of an edge on a ground that hides the line behind it."""
    box = label_box(label)
    group = add(parent, "g", cls=f"fs-label {state}".rstrip())
    left, y = centre.x - box.width / 2, centre.y - box.height / 2
    add(group, "rect", x=left, y=y, width=box.width, height=box.height, rx=3)
    for item in label:
        for line in item:
            y += LABEL_LINE
            add(group, "text", line, x=centre.x, y=y - 2)
        y += _ITEM_GAP


def draw_line(parent: Element, points: Sequence[Point], state: str) -> None:
    """Draw a line that is upright in each of its points, with an arrowhead at its last."""
    group = add(parent, "g", cls=f"fs-edge {state}".rstrip())
    last, before = points[-1], points[-2]
    down = 1 if last.y >= before.y else -1
    ends = [*points[:-1], Point(last.x, last.y - 6 * down)]
    add(group, "path", d=_curve(ends), cls="fs-line")
    draw_head(group, last, (0, down))


def draw_head(parent: Element, tip: Point, towards: tuple[int, int]) -> None:
    """Draw an arrowhead whose tip points along one of the axes."""
    across, down = towards
    x, y = tip.x - 9 * across, tip.y - 9 * down
    sides = ((x + 4.5 * side * down, y + 4.5 * side * across) for side in (-1, 1))
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in ((tip.x, tip.y), *sides))
    add(parent, "polygon", points=corners, cls="fs-head")


def _curve(points: Sequence[Point]) -> str:
    parts = [f"M{points[0].x:.1f} {points[0].y:.1f}"]
    for a, b in pairwise(points):
        if abs(a.x - b.x) < 0.5:
            parts.append(f"L{b.x:.1f} {b.y:.1f}")
        else:
            middle = (a.y + b.y) / 2
            parts.append(f"C{a.x:.1f} {middle:.1f} {b.x:.1f} {middle:.1f} {b.x:.1f} {b.y:.1f}")
    return " ".join(parts)
