"""The values of a screen graph: screens, edges, and how two graphs differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """What became of a screen or an edge between two graphs; the value is the word for it."""

    SAME = ""
    ADDED = "new"
    REMOVED = "removed"
    CHANGED = "changed"


class Presence(Enum):
    """Whether there is a screen where something leads; the value is the word for it."""

    DEFINED = ""
    MISSING = "missing"
    AT_RUN_TIME = "chosen at run time"


class EdgeKind(Enum):
    """What makes an edge.

    `NAVIGATE` is an action that names the next screen, `COMPLETE` one that ends the flow.
    `ENDPOINT` is a route that the endpoint may answer a data_exchange with, `DECLARED` a route for
    which nothing on the screen could be found.
    """

    NAVIGATE = "navigate"
    ENDPOINT = "endpoint"
    DECLARED = "declared"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphScreen:
    """A screen; ids differ within a graph.

    `was_id` is the earlier id of a screen that was renamed. `digest` stands for all that the screen
    holds; it is for comparison, not for display.
    """

    id: str
    title: str = ""
    is_entry: bool = False
    is_terminal: bool = False
    presence: Presence = Presence.DEFINED
    mark: Mark = Mark.SAME
    was_id: str | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What leads from a screen to another, or to the end of the flow (`target` None).

    `labels` say in words what is tapped or chosen; `labels_before` did so where they have changed.
    """

    source: str
    target: str | None
    kind: EdgeKind
    labels: tuple[str, ...] = ()
    mark: Mark = Mark.SAME
    labels_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenGraph:
    """All screens in the order of the file, and all edges in the order of their screens."""

    screens: tuple[GraphScreen, ...] = ()
    edges: tuple[Edge, ...] = ()

    @property
    def marks(self) -> frozenset[Mark]:
        """Give the marks that occur, other than that nothing has changed."""
        found = {screen.mark for screen in self.screens} | {edge.mark for edge in self.edges}
        return frozenset(found - {Mark.SAME})

    @property
    def has_defined_screens(self) -> bool:
        """Tell whether any screen was found, other than those that only a route names."""
        return any(screen.presence is Presence.DEFINED for screen in self.screens)
