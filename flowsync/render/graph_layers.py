"""Boxes put in layers, so that links lead down: the first half of a layered layout.

Every link passes through the odd layers, where its label stands in a point of its own, and through
a point in each layer that it crosses; then only neighbouring layers are linked. A link against the
direction of the others, which would close a circle, is taken the other way round here.

After Sugiyama, Tagawa and Toda, «Methods for visual understanding of hierarchical system
structures», 1981. The layouts of Python packages were looked at: grandalf has no release since
2023 and no room for labels, networkx draws layers only through Graphviz.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Pair = tuple[int, int]

_MOST_SWEEPS = 24
_WORK = 60_000  # points to sort in all; large pictures get fewer sweeps


@dataclass(slots=True)
class Layers:
    """Points in layers. The first ones are the boxes, the others stand for links.

    `chains` gives for each link its points from the upper box to the lower one, `labelled` the
    point for its label, `turned` whether it leads up.
    """

    layers: list[list[int]]
    chains: list[list[int]]
    labelled: list[int]
    turned: list[bool]
    above: list[list[int]] = field(default_factory=list)
    below: list[list[int]] = field(default_factory=list)

    @property
    def points(self) -> int:
        """Give how many points there are."""
        return len(self.above)

    def passes(self, most: int) -> int:
        """Give how often all points may be looked at, between 2 and `most`."""
        return max(2, min(most, _WORK // max(1, self.points)))


def put_in_layers(boxes: int, links: Sequence[Pair]) -> Layers:
    """Give the layers of so many boxes, in an order with few crossings.

    `links` are pairs of different boxes. Reading order is kept where it crosses no more links.
    """
    turned = _against(boxes, links)
    forward = [
        (end, start) if is_turned else (start, end)
        for (start, end), is_turned in zip(links, turned, strict=True)
    ]
    ranks = _ranks(boxes, forward)
    found = _with_chains(ranks, forward, turned)
    _put_in_order(found)
    return found


def _against(boxes: int, links: Sequence[Pair]) -> list[bool]:
    """Tell of each link whether it closes a circle, on walks from the first box on."""
    leads: list[list[tuple[int, int]]] = [[] for _ in range(boxes)]
    is_reached = [False] * boxes
    for number, (start, end) in enumerate(links):
        leads[start].append((number, end))
        is_reached[end] = True
    found = [False] * len(links)
    seen: set[int] = set()
    for root in sorted(range(boxes), key=lambda box: is_reached[box]):
        path = {} if root in seen else {root: iter(leads[root])}
        seen.add(root)
        while path:
            number, end = next(next(reversed(path.values())), (-1, -1))
            if number < 0:
                path.popitem()
            elif end in path:
                found[number] = True
            elif end not in seen:
                seen.add(end)
                path[end] = iter(leads[end])
    return found


def _ranks(boxes: int, forward: Sequence[Pair]) -> list[int]:
    """Give the layer of each box: two below the lowest that leads to it.

    Where nothing leads to a box it stands above the highest that it leads to, the first box on top.
    """
    leads: list[list[int]] = [[] for _ in range(boxes)]
    waits_for = [0] * boxes
    for start, end in forward:
        leads[start].append(end)
        waits_for[end] += 1
    ranks = [0] * boxes
    ready = [box for box in range(boxes) if not waits_for[box]]
    for box in ready:
        for end in leads[box]:
            ranks[end] = max(ranks[end], ranks[box] + 2)
            waits_for[end] -= 1
            if not waits_for[end]:
                ready.append(end)
    reached = {end for _, end in forward}
    for box in range(1, boxes):
        if box not in reached and leads[box]:
            ranks[box] = min(ranks[end] for end in leads[box]) - 2
    return ranks


def _with_chains(ranks: list[int], forward: Sequence[Pair], turned: list[bool]) -> Layers:
    """Give the layers with a point for each link in each layer between its boxes, in any order."""
    points = list(ranks)
    chains: list[list[int]] = []
    labelled: list[int] = []
    for (start, end), is_turned in zip(forward, turned, strict=True):
        between = list(range(len(points), len(points) + ranks[end] - ranks[start] - 1))
        points += range(ranks[start] + 1, ranks[end])
        chains.append([start, *between, end])
        labelled.append(between[-1 if is_turned else 0])  # beside the screen that it leads from
    found = Layers(
        layers=[[] for _ in range(max(points, default=-1) + 1)],
        chains=chains,
        labelled=labelled,
        turned=turned,
        above=[[] for _ in points],
        below=[[] for _ in points],
    )
    for chain in chains:
        for upper, lower in pairwise(chain):
            found.below[upper].append(lower)
            found.above[lower].append(upper)
    for point in _in_walking_order(found, len(ranks)):
        found.layers[points[point]].append(point)
    return found


def _in_walking_order(layers: Layers, boxes: int) -> Iterator[int]:
    seen: set[int] = set()
    for root in sorted(range(boxes), key=lambda box: bool(layers.above[box])):
        waiting = [root]
        while waiting:
            point = waiting.pop()
            if point not in seen:
                seen.add(point)
                yield point
                waiting.extend(reversed(layers.below[point]))


# --- few crossings ---


def _put_in_order(found: Layers) -> None:
    """Sort each layer by its neighbours, down and up in turn, and keep the best order met."""
    best, fewest = [list(layer) for layer in found.layers], _crossings(found)
    for sweep in range(found.passes(_MOST_SWEEPS)):
        if not fewest:
            break
        is_down = sweep % 2 == 0
        layers = found.layers[1:] if is_down else found.layers[-2::-1]
        before = found.layers[:-1] if is_down else found.layers[:0:-1]
        for layer, fixed in zip(layers, before, strict=True):
            _sort_by(layer, fixed, found.above if is_down else found.below)
        crossings = _crossings(found)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in found.layers], crossings
    found.layers[:] = best


def _sort_by(layer: list[int], fixed: list[int], neighbours: list[list[int]]) -> None:
    """Sort a layer by the mean place of its neighbours; what has none stays where it is."""
    place = {point: number for number, point in enumerate(fixed)}
    means = {
        point: sum(place[other] for other in neighbours[point]) / len(neighbours[point])
        for point in layer
        if neighbours[point]
    }
    moving = iter(sorted(means, key=means.__getitem__))
    layer[:] = [next(moving) if point in means else point for point in layer]


def _crossings(found: Layers) -> int:
    """Count the pairs of links that cross between neighbouring layers."""
    crossings = 0
    for upper, lower in pairwise(found.layers):
        place = {point: number for number, point in enumerate(lower)}
        ends: list[int] = []
        for point in upper:
            own = sorted(place[other] for other in found.below[point])
            for end in own:
                crossings += len(ends) - bisect_left(ends, end + 1)
            for end in own:
                insort(ends, end)
    return crossings
