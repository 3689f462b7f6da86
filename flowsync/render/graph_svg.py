"""A screen graph as a picture: SVG that needs nothing else, for light and dark pages.

It holds no script, no address, no id and no foreign font. Classes begin with `fs-`, so that several
pictures may stand in one page, which then has `SVG_STYLES` once.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from flowsync.render.graph_layout import Box, Link, Point, lay_out
from flowsync.render.graph_legend import draw_legend, legend_box
from flowsync.render.graph_shapes import (
    END_RADIUS,
    LOOP,
    ScreenShape,
    add,
    draw_end,
    draw_head,
    draw_label,
    draw_line,
    draw_screen,
    label_box,
    label_of,
    shape_of,
)
from flowsync.render.graph_words import edge_line, heading, name, summary, visible
from flowsync.screen_graph import Edge, EdgeKind, Mark, ScreenGraph

MOST_SCREENS = 150  # that are drawn; the platform takes a hundred
MOST_EDGES = 1000
_MOST_SAID = 60  # edges in the description for those who do not see the picture
_MARGIN = 24
_END = Box(2 * END_RADIUS, 2 * END_RADIUS)
_LONGEST_TITLE = 120
_DASHED = {EdgeKind.ENDPOINT, EdgeKind.DECLARED}

_SANS = "system-ui,-apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif"
_MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace"
_FORMS = f"""\
.fs-graph text{{font-family:{_SANS};text-anchor:middle;unicode-bidi:plaintext}}
.fs-graph .fs-title{{font-size:14px;font-weight:600}}
.fs-graph .fs-id{{font-family:{_MONO};font-size:11px}}
.fs-graph .fs-pill text{{font-size:10.5px;font-weight:600}}
.fs-graph .fs-label text{{font-size:11.5px}}
.fs-graph .fs-legend text{{font-size:11.5px;text-anchor:start}}
.fs-graph .fs-frame{{stroke-width:1.5}}
.fs-graph .fs-inner,.fs-graph .fs-line,.fs-graph .fs-ring{{fill:none}}
.fs-graph .fs-line,.fs-graph .fs-ring{{stroke-width:1.5}}
.fs-graph .fs-dashed .fs-line{{stroke-dasharray:6 4}}
.fs-graph .fs-missing .fs-frame,.fs-graph .fs-open .fs-frame{{stroke-dasharray:5 4}}
.fs-graph .fs-removed .fs-frame{{stroke-dasharray:5 4}}
.fs-graph .fs-edge.fs-removed .fs-line{{stroke-dasharray:2 4}}
.fs-graph .fs-edge.fs-added .fs-line,.fs-graph .fs-edge.fs-changed .fs-line{{stroke-width:2.5}}
.fs-graph .fs-removed .fs-title{{text-decoration:line-through}}
"""
# The ground, the border and the text of each state; the colours are those of GitHub's pages.
_Colours = tuple[str, str, str]
_LIGHT_PLAIN = {"page": "#ffffff", "text": "#1f2328", "quiet": "#59636e", "line": "#6e7781"}
_LIGHT: dict[str, _Colours] = {
    "plain": ("#f6f8fa", "#8c959f", "#1f2328"),
    "start": ("#ddf4ff", "#0969da", "#0550ae"),
    "terminal": ("#eaeef2", "#59636e", "#424a53"),
    "added": ("#dafbe1", "#1a7f37", "#116329"),
    "removed": ("#ffebe9", "#cf222e", "#a40e26"),
    "changed": ("#fff8c5", "#9a6700", "#7d4e00"),
    "missing": ("#ffffff", "#cf222e", "#a40e26"),
    "open": ("#ffffff", "#59636e", "#424a53"),
}
_DARK_PLAIN = {"page": "#0d1117", "text": "#f0f6fc", "quiet": "#9198a1", "line": "#8b949e"}
_DARK: dict[str, _Colours] = {
    "plain": ("#161b22", "#6e7681", "#f0f6fc"),
    "start": ("#121d2f", "#4493f8", "#79c0ff"),
    "terminal": ("#262c36", "#9198a1", "#c9d1d9"),
    "added": ("#12261e", "#3fb950", "#56d364"),
    "removed": ("#2a1619", "#f85149", "#ff7b72"),
    "changed": ("#272115", "#d29922", "#e3b341"),
    "missing": ("#0d1117", "#f85149", "#ff7b72"),
    "open": ("#0d1117", "#9198a1", "#c9d1d9"),
}


def _rules(plain: dict[str, str], states: dict[str, _Colours]) -> str:
    """Give the part of the style sheet that depends on the page."""
    ground, border, _ = states["plain"]
    rules = [
        (".fs-page,.fs-label rect", f"fill:{plain['page']}"),
        ("text", f"fill:{plain['text']}"),
        (".fs-id,.fs-legend text,.fs-label text", f"fill:{plain['quiet']}"),
        (".fs-line,.fs-inner,.fs-ring", f"stroke:{plain['line']}"),
        (".fs-head,.fs-dot", f"fill:{plain['line']}"),
        (".fs-frame", f"fill:{ground};stroke:{border}"),
    ]
    for state, (ground, border, text) in states.items():
        if state == "plain":
            continue
        rules += [
            (f".fs-pill.fs-{state} rect", f"fill:{ground};stroke:{border}"),
            (f".fs-pill.fs-{state} text", f"fill:{text}"),
        ]
        if state not in {"start", "terminal"}:
            inner = f".fs-screen.fs-{state} .fs-inner"
            rules += [
                (f".fs-screen.fs-{state} .fs-frame", f"fill:{ground};stroke:{border}"),
                (f"{inner},.fs-edge.fs-{state} .fs-line", f"stroke:{border}"),
                (f".fs-edge.fs-{state} .fs-head", f"fill:{border}"),
                (f".fs-label.fs-{state} text", f"fill:{text}"),
            ]
    return "\n".join(f"{_within(selector)}{{{style}}}" for selector, style in rules)


def _within(selector: str) -> str:
    return ",".join(f".fs-graph {part}" for part in selector.split(","))


SVG_STYLES = (
    f"{_FORMS}{_rules(_LIGHT_PLAIN, _LIGHT)}\n"
    f"@media screen and (prefers-color-scheme:dark){{\n{_rules(_DARK_PLAIN, _DARK)}\n}}\n"
)
"""The style sheet of all pictures."""


def render_svg(graph: ScreenGraph, *, title: str, with_styles: bool = True) -> str:
    """Give a graph as an SVG element, `title` being its name for screen readers.

    Without `with_styles` the page that it is put into must have `SVG_STYLES`. A graph that is too
    large to be looked at is drawn in part, and says so.
    """
    drawn = _part_of(graph)
    left_out = len(graph.screens) - len(drawn.screens), len(graph.edges) - len(drawn.edges)
    picture = Element("g")
    size = _draw(picture, drawn)
    legend = legend_box(drawn, max(size.width, 420), left_out)
    width = max(size.width, legend.width) + 2 * _MARGIN
    height = size.height + legend.height + 2 * _MARGIN
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", role="img")
    root.set("class", "fs-graph")
    root.set("viewBox", f"0 0 {width:.0f} {height:.0f}")
    root.set("width", f"{width:.0f}")
    root.set("height", f"{height:.0f}")
    add(root, "title", visible(title, _LONGEST_TITLE))
    add(root, "desc", _description(graph))
    if with_styles:
        add(root, "style", SVG_STYLES)
    add(root, "rect", width=width, height=height, cls="fs-page")
    picture.set("transform", f"translate({(width - size.width) / 2:.1f} {_MARGIN})")
    root.append(picture)
    corner = Point(_MARGIN, _MARGIN + size.height)
    draw_legend(root, drawn, corner, max(size.width, 420), left_out)
    ElementTree.indent(root, space=" ")
    return ElementTree.tostring(root, "unicode") + "\n"


def _part_of(graph: ScreenGraph) -> ScreenGraph:
    """Give as much of a graph as is drawn."""
    screens = graph.screens[:MOST_SCREENS]
    ids = {screen.id for screen in screens}
    edges = [e for e in graph.edges if e.source in ids and (e.target is None or e.target in ids)]
    return ScreenGraph(screens=screens, edges=tuple(edges[:MOST_EDGES]))


def _description(graph: ScreenGraph) -> str:
    """Say what the picture shows."""
    words = {screen.id: heading(screen) or name(screen) for screen in graph.screens}
    said = [summary(graph)]
    for edge in graph.edges[:_MOST_SAID]:
        end = "the end" if edge.target is None else words[edge.target]
        how = edge_line(edge)
        said.append(f"From {words[edge.source]} to {end}{f': {how}' if how else ''}.")
    if len(graph.edges) > _MOST_SAID:
        said.append(f"And {len(graph.edges) - _MOST_SAID} more ways.")
    return " ".join(said)


# --- drawing ---


def _draw(picture: Element, graph: ScreenGraph) -> Box:
    """Draw screens and edges, and give the room they take."""
    places = {screen.id: place for place, screen in enumerate(graph.screens)}
    loops = {edge.source: edge for edge in graph.edges if edge.source == edge.target}
    shapes = [shape_of(screen, loops.get(screen.id)) for screen in graph.screens]
    boxes = [shape.box for shape in shapes]
    ends: dict[str, int] = {}
    lines = [edge for edge in graph.edges if edge.source != edge.target]
    links = []
    for edge in lines:
        if edge.target is None and edge.source not in ends:
            ends[edge.source] = len(boxes)
            boxes.append(_END)
        target = ends[edge.source] if edge.target is None else places[edge.target]
        links.append(Link(places[edge.source], target, label_box(label_of(edge))))
    found = lay_out(boxes, links)
    for edge, route in zip(lines, found.routes, strict=True):
        draw_line(picture, route.points, _state(edge))
    for edge, route in zip(lines, found.routes, strict=True):
        label = label_of(edge)
        if label:
            draw_label(picture, label, route.label, _mark_class(edge))
    for shape, centre in zip(shapes, found.boxes, strict=False):
        loop = loops.get(shape.screen.id)
        if loop is not None:
            _draw_loop(picture, loop, shape, centre)
        draw_screen(picture, shape, centre)
    for place in ends.values():
        draw_end(picture, found.boxes[place])
    return found.size


def _state(edge: Edge) -> str:
    return f"{'fs-dashed' if edge.kind in _DASHED else ''} {_mark_class(edge)}".strip()


def _mark_class(edge: Edge) -> str:
    return "" if edge.mark is Mark.SAME else f"fs-{edge.mark.name.lower()}"


def _draw_loop(parent: Element, loop: Edge, shape: ScreenShape, centre: Point) -> None:
    right = centre.x + shape.box.width / 2
    group = add(parent, "g", cls=f"fs-edge {_state(loop)}".rstrip())
    upper, lower, out = centre.y - 12, centre.y + 12, right + LOOP + 4
    curve = f"M{right:.1f} {upper:.1f} C{out:.1f} {upper - 14:.1f} {out:.1f} {lower + 14:.1f}"
    add(group, "path", d=f"{curve} {right + 7:.1f} {lower:.1f}", cls="fs-line")
    draw_head(group, Point(right, lower), (-1, 0))
    label = label_of(loop)
    if label:
        at = Point(right + LOOP + label_box(label).width / 2, centre.y)
        draw_label(parent, label, at, _mark_class(loop))
