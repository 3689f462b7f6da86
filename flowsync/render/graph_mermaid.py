"""A screen graph as a Mermaid flowchart, which GitHub and GitLab draw in Markdown.

Every sign of a text that could mean something is written as a numeric entity, `#34;`, so that no
text can end a label, begin Markdown in it, or be HTML.

Source: https://mermaid.js.org/syntax/flowchart.html (entity codes, shapes, classes)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from flowsync.render.graph_words import edge_lines, heading, mark_word, name, notes
from flowsync.screen_graph import Edge, EdgeKind, GraphScreen, Mark, Presence, ScreenGraph

MOST_EDGES = 500  # and characters: more, and Mermaid shows an error in place of the picture
MOST_CHARACTERS = 50_000

_BREAK = "<br/>"
_PLAIN = frozenset(" ,?!/(·→…")
# Fill, border and text belong together, so that each reads well on a light and on a dark page.
_CLASSES = {
    Mark.ADDED: "fill:#dafbe1,stroke:#2da44e,color:#1f2328,stroke-width:2px",
    Mark.REMOVED: "fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-width:2px,stroke-dasharray:5 3",
    Mark.CHANGED: "fill:#fff8c5,stroke:#bf8700,color:#1f2328,stroke-width:2px",
}
_LINES = {
    Mark.ADDED: "stroke:#2da44e,stroke-width:3px",
    Mark.REMOVED: "stroke:#cf222e,stroke-width:2px",
    Mark.CHANGED: "stroke:#bf8700,stroke-width:3px",
}
_CLASS_NAMES = {Mark.ADDED: "added", Mark.REMOVED: "removed", Mark.CHANGED: "changed"}
_OPEN_CLASSES = {
    Presence.MISSING: ("missing", "fill:#ffffff,stroke:#cf222e,color:#1f2328,stroke-dasharray:3 3"),
    Presence.AT_RUN_TIME: ("atRunTime", "stroke-dasharray:3 3"),
}


def render_mermaid(graph: ScreenGraph, *, title: str = "") -> str:
    """Give a graph as a flowchart, without a fence around it.

    A stadium is where the flow starts, a box with double sides where it may end, a hexagon both, a
    double circle the end. `title` is read out by screen readers. Whether it can be drawn where it
    is put is up to `fits_mermaid`.
    """
    return "\n".join(_lines(graph, title)) + "\n"


def fits_mermaid(graph: ScreenGraph, text: str) -> bool:
    """Tell whether Mermaid draws a flowchart with its limits as they are by default."""
    return len(graph.edges) <= MOST_EDGES and len(text) <= MOST_CHARACTERS


def _lines(graph: ScreenGraph, title: str) -> Iterator[str]:
    yield "flowchart TD"
    if title:
        yield f"  accTitle: {_escaped(title)}"
    ids = {screen.id: f"n{number}" for number, screen in enumerate(graph.screens, start=1)}
    for screen in graph.screens:
        yield f"  {ids[screen.id]}{_shape(screen)}{_class(screen)}"
    if not graph.screens:
        yield '  n0["no screens"]'
    for source in dict.fromkeys(edge.source for edge in graph.edges if edge.target is None):
        yield f'  e{ids[source][1:]}((("End")))'
    styled: dict[Mark, list[int]] = {}
    for place, edge in enumerate(graph.edges):
        yield f"  {_edge(edge, ids)}"
        if edge.mark is not Mark.SAME:
            styled.setdefault(edge.mark, []).append(place)
    yield from _styles(graph, styled)


def _shape(screen: GraphScreen) -> str:
    first = heading(screen)
    words = " · ".join((name(screen), *notes(screen)))
    last = " ".join(filter(None, (words, mark_word(screen.mark))))
    label = _BREAK.join(_escaped(line) for line in (first, last) if line)
    before, after = {
        (True, False): ("([", "])"),
        (False, True): ("[[", "]]"),
        (True, True): ("{{", "}}"),
    }.get((screen.is_entry, screen.is_terminal), ("[", "]"))
    return f'{before}"{label}"{after}'


def _class(screen: GraphScreen) -> str:
    if screen.mark is not Mark.SAME:
        return f":::{_CLASS_NAMES[screen.mark]}"
    kind = _OPEN_CLASSES.get(screen.presence, ("",))[0]
    return f":::{kind}" if kind else ""


def _edge(edge: Edge, ids: dict[str, str]) -> str:
    source = ids[edge.source]
    target = f"e{source[1:]}" if edge.target is None else ids[edge.target]
    arrow = "-.->" if edge.kind in {EdgeKind.ENDPOINT, EdgeKind.DECLARED} else "-->"
    label = _BREAK.join(_escaped(line) for line in edge_lines(edge))
    return f'{source} {arrow}|"{label}"| {target}' if label else f"{source} {arrow} {target}"


def _styles(graph: ScreenGraph, styled: dict[Mark, list[int]]) -> Iterator[str]:
    used = {screen.mark for screen in graph.screens}
    for mark, style in _CLASSES.items():
        if mark in used:
            yield f"  classDef {_CLASS_NAMES[mark]} {style}"
    for presence, (kind, style) in _OPEN_CLASSES.items():
        if any(screen.presence is presence for screen in graph.screens):
            yield f"  classDef {kind} {style}"
    for mark, style in _LINES.items():
        if mark in styled:
            yield f"  linkStyle {_numbers(styled[mark])} {style}"


def _numbers(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


def _escaped(text: str) -> str:
    """Write as an entity whatever could mean something to Mermaid, Markdown or HTML."""
    ends = f" {text} "
    return "".join(
        sign if _is_plain(sign, ends[place], ends[place + 2]) else f"#{ord(sign)};"
        for place, sign in enumerate(text)
    )


def _is_plain(sign: str, before: str, after: str) -> bool:
    """Tell whether a sign means nothing between two others: `1)` and `- ` would begin a list."""
    if sign in "-'":
        return before.isalnum() and after.isalnum()
    if sign == ")":
        return not before.isdigit()
    return sign in _PLAIN or unicodedata.category(sign)[0] in "LMN"
