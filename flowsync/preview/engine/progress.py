"""How far a person is, for the thin bar under a screen's title.

Done is the number of screens so far; left is the average over all ways to an end. Screens without a
Footer and without a NavigationList do not count, as on the phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowsync.screen_graph import read_graph
from flowsync.validation.outline import Flow

MAX_SCREENS = 100  # of a flow, on the platform too


def read_steps(flow: Flow) -> dict[str, tuple[str, ...]]:
    """Give the screens that each screen leads to, by routes and navigation."""
    steps: dict[str, dict[str, None]] = {name: {} for name in flow.by_id}
    for edge in read_graph(flow.value).edges:
        if edge.target in steps and edge.source in steps and edge.source != edge.target:
            steps[edge.source][edge.target] = None
    return {name: tuple(ends) for name, ends in steps.items()}


def progress(flow: Flow, steps: Mapping[str, tuple[str, ...]], path: Sequence[str]) -> float | None:
    """Give how far the last screen of `path` is, from 0 to 1; None where no bar is shown."""
    if not 1 < len(flow.screens) <= MAX_SCREENS or path[-1] not in steps:
        return None
    counted = {
        name for name, screen in flow.by_id.items() if screen.has("Footer", "NavigationList")
    }
    if len(counted) < 2:
        return None
    done = len({name for name in path if name in counted})
    ways, total = _ways(steps, counted, path[-1])
    left = total / ways
    return done / (done + left) if done + left else None


def _ways(steps: Mapping[str, tuple[str, ...]], counted: set[str], start: str) -> tuple[int, int]:
    """Give the number of ways from a screen to an end, and the screens on all of them together."""
    known: dict[str, tuple[int, int]] = {}
    open_: set[str] = set()

    def follow(name: str) -> tuple[int, int]:
        if name in known:
            return known[name]
        open_.add(name)
        ways = total = 0
        for end in steps[name]:
            if end not in open_:  # a circle leads to no end
                more, length = follow(end)
                ways += more
                total += length + (more if end in counted else 0)
        open_.discard(name)
        known[name] = (ways, total) if ways else (1, 0)
        return known[name]

    return follow(start)
