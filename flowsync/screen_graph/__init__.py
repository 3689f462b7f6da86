"""Screens of a Flow JSON and what leads from one to another, as a value to draw."""

from __future__ import annotations

from flowsync.screen_graph.comparing import compare_graphs
from flowsync.screen_graph.reading import read_graph
from flowsync.screen_graph.values import Edge, EdgeKind, GraphScreen, Mark, Presence, ScreenGraph

__all__ = [
    "Edge",
    "EdgeKind",
    "GraphScreen",
    "Mark",
    "Presence",
    "ScreenGraph",
    "compare_graphs",
    "read_graph",
]
