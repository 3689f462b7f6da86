"""What pictures of a screen graph say in words, the same in every format, so that no colour counts.

Texts come from people and from remotes: each is one harmless line of bounded length here. What a
format takes for markup is for its renderer to escape.
"""

from __future__ import annotations

from flowsync.render.style import clean, count
from flowsync.screen_graph import Edge, EdgeKind, GraphScreen, Mark, ScreenGraph

MOST_LABELS = 4  # on one edge
_LONGEST_TITLE = 80
_LONGEST_ID = 60
_LONGEST_LABEL = 100


def heading(screen: GraphScreen) -> str:
    """Give the title of a screen, empty where it has none."""
    return visible(screen.title, _LONGEST_TITLE)


def name(screen: GraphScreen) -> str:
    """Give the id of a screen, with the earlier one of a screen that was renamed."""
    shown = visible(screen.id, _LONGEST_ID) or '""'
    return shown if screen.was_id is None else f"{visible(screen.was_id, _LONGEST_ID)} → {shown}"


def notes(screen: GraphScreen) -> tuple[str, ...]:
    """Say whether a flow begins or may end on a screen, and whether there is one at all."""
    found = ("start" if screen.is_entry else "", "terminal" if screen.is_terminal else "")
    return tuple(word for word in (*found, screen.presence.value) if word)


def mark_word(mark: Mark) -> str:
    """Say what became of something, in brackets; nothing where it is the same."""
    return f"({mark.value})" if mark.value else ""


def edge_lines(edge: Edge) -> tuple[str, ...]:
    """Say what leads along an edge, a line each."""
    lines = [visible(label, _LONGEST_LABEL) for label in edge.labels]
    lines += [
        f"was: {visible(label, _LONGEST_LABEL)}"
        for label in edge.labels_before
        if label not in edge.labels
    ]
    if len(lines) > MOST_LABELS:
        lines[MOST_LABELS - 1 :] = [f"and {len(lines) - MOST_LABELS + 1} more"]
    if edge.kind is EdgeKind.ENDPOINT:
        lines.append("endpoint decides")
    elif edge.kind is EdgeKind.DECLARED:
        lines.append("only in routing_model")
    if edge.mark is not Mark.SAME:
        lines.append(mark_word(edge.mark))
    return tuple(lines)


def edge_line(edge: Edge) -> str:
    """Say the same in one line: `button "Send"; was: button "Go" (changed)`."""
    mark = mark_word(edge.mark)
    words = "; ".join(line for line in edge_lines(edge) if line != mark)
    return " ".join(part for part in (words, mark) if part)


def summary(graph: ScreenGraph) -> str:
    """Give a sentence on what there is, and one on what has changed."""
    text = f"{count(len(graph.screens), 'screen')}, {count(len(graph.edges), 'way')} on."
    parts = []
    for mark in (Mark.ADDED, Mark.REMOVED, Mark.CHANGED):
        screens = sum(screen.mark is mark for screen in graph.screens)
        edges = sum(edge.mark is mark for edge in graph.edges)
        found = (
            count(number, noun) for number, noun in ((screens, "screen"), (edges, "way")) if number
        )
        words = " and ".join(found)
        parts += [f"{mark.value}: {words}"] if words else []
    return f"{text} {'; '.join(parts).capitalize()}." if parts else text


def visible(text: str, most: int) -> str:
    """Give a text in one line that shows all it holds, cut where it is too long."""
    shown = clean(" ".join(text.split()))
    return shown if len(shown) <= most else f"{shown[: most - 1].rstrip()}…"
