"""Where boxes, lines and labels of a picture stand: the second half of a layered layout.

Knows nothing of screens; sizes are in pixels, places are centres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from flowsync.render.graph_layers import Layers, put_in_layers

_MOST_PASSES = 40
_BOX_GAP = 36  # beside a box
_POINT_GAP = 18  # beside a line or its label
_LAYER_GAP = 20
_SLOPE = 0.09  # more room between layers for lines that go far aside
_MOST_SLOPE = 70
_PORT_GAP = 18  # between lines that leave a box side by side
_CORNER = 18  # of a box, which no line leaves from
_LINE = 8  # the room that a line without a label takes
_STRAIGHT = 8  # how much more than other lines one within a long link wants to be straight


@dataclass(frozen=True, slots=True)
class Box:
    """The size of a box or a label, and how much room must be left to the right of it.

    A label without a width is none.
    """

    width: float
    height: float
    aside: float = 0


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one box to another, by their numbers, with the size of its label."""

    source: int
    target: int
    label: Box


@dataclass(frozen=True, slots=True)
class Route:
    """The points of a line from its source to its target, and the centre of its label.

    The line is straight up or down in each point.
    """

    points: tuple[Point, ...]
    label: Point


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture: its size, the centres of the boxes, the routes of the links."""

    size: Box
    boxes: tuple[Point, ...]
    routes: tuple[Route, ...]


def lay_out(boxes: Sequence[Box], links: Sequence[Link]) -> Layout:
    """Place boxes in layers from top to bottom, with lines that touch no box and no label."""
    if not boxes:
        return Layout(Box(0, 0), (), ())
    layers = put_in_layers(len(boxes), [(link.source, link.target) for link in links])
    sizes = [*boxes, *(Box(_LINE, 0) for _ in range(layers.points - len(boxes)))]
    for link, point in zip(links, layers.labelled, strict=True):
        sizes[point] = Box(max(_LINE, link.label.width), link.label.height)
    xs = _columns(layers, sizes, len(boxes))
    _straighten(layers, sizes, len(boxes), xs)
    left = min(x - size.width / 2 for x, size in zip(xs, sizes, strict=True))
    xs = [x - left for x in xs]
    bands = _bands(layers, sizes, xs)
    ports = _ports(layers, boxes, xs)
    band_of = {
        point: band for layer, band in zip(layers.layers, bands, strict=True) for point in layer
    }
    middles = {point: (top + bottom) / 2 for point, (top, bottom) in band_of.items()}
    routes = tuple(
        _route(number, layers, boxes, xs, middles, band_of, ports) for number in range(len(links))
    )
    right = max(x + size.width / 2 + size.aside for x, size in zip(xs, sizes, strict=True))
    return Layout(
        size=Box(right, bands[-1][1]),
        boxes=tuple(Point(xs[box], middles[box]) for box in range(len(boxes))),
        routes=routes,
    )


# --- from left to right ---


def _columns(layers: Layers, sizes: Sequence[Box], boxes: int) -> list[float]:
    """Give the x of every point: as near to its neighbours as the order in its layer lets it."""
    xs = [0.0] * layers.points
    gaps = [
        [0.0, *(_distance(a, b, sizes, boxes) for a, b in pairwise(layer))]
        for layer in layers.layers
    ]
    for layer, gap in zip(layers.layers, gaps, strict=True):
        x = 0.0
        for point, distance in zip(layer, gap, strict=True):
            x += distance
            xs[point] = x
    numbers = range(len(layers.layers))
    both = [[*layers.above[point], *layers.below[point]] for point in range(layers.points)]
    passes = layers.passes(_MOST_PASSES)
    for turn in range(passes):
        is_down = turn % 2 == 0
        near = layers.above if is_down else layers.below
        near = near if turn < passes / 2 else both  # first roughly, then all in balance
        for number in numbers if is_down else reversed(numbers):
            layer = layers.layers[number]
            wishes = [_wish(point, near[point], xs, boxes) for point in layer]
            for point, x in zip(layer, _apart(wishes, gaps[number]), strict=True):
                xs[point] = x
    return xs


def _distance(a: int, b: int, sizes: Sequence[Box], boxes: int) -> float:
    gap = _BOX_GAP if a < boxes and b < boxes else _POINT_GAP
    return (sizes[a].width + sizes[b].width) / 2 + sizes[a].aside + gap


def _wish(point: int, near: Sequence[int], xs: Sequence[float], boxes: int) -> tuple[float, float]:
    """Give where a point wants to be, and how much: where its neighbours are."""
    if not near:
        return xs[point], 0.01
    weights = [_STRAIGHT if point >= boxes and other >= boxes else 1 for other in near]
    mean = sum(w * xs[o] for w, o in zip(weights, near, strict=True)) / sum(weights)
    return mean, float(sum(weights))


def _apart(wishes: Sequence[tuple[float, float]], gaps: Sequence[float]) -> list[float]:
    """Give places as near to those wished for as distances between them allow.

    The sum of the squares of what is missed, each times the weight of its wish, is least: places
    that would be too near to each other move together (pool adjacent violators).
    """
    offsets: list[float] = []
    blocks: list[tuple[float, float, int]] = []  # place without offset, weight, how many
    for (wish, weight), gap in zip(wishes, gaps, strict=True):
        offsets.append(gap + (offsets[-1] if offsets else 0))
        block = (wish - offsets[-1], weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            place, heavy, many = blocks.pop()
            both = heavy + block[1]
            block = ((place * heavy + block[0] * block[1]) / both, both, many + block[2])
        blocks.append(block)
    places = [place for place, _, many in blocks for _ in range(many)]
    return [place + offset for place, offset in zip(places, offsets, strict=True)]


def _straighten(layers: Layers, sizes: Sequence[Box], boxes: int, xs: list[float]) -> None:
    """Move points of lines, as far as their neighbours let them, so that lines bend seldom."""
    beside: list[tuple[int | None, int | None]] = [(None, None)] * layers.points
    for layer in layers.layers:
        for left, point, right in zip([None, *layer], layer, [*layer[1:], None], strict=False):
            beside[point] = left, right

    def room(point: int) -> tuple[float, float]:
        left, right = beside[point]
        least = -inf if left is None else xs[left] + _distance(left, point, sizes, boxes)
        most = inf if right is None else xs[right] - _distance(point, right, sizes, boxes)
        return least, max(least, most)

    def sides(box: int) -> tuple[float, float]:
        half = max(0.0, sizes[box].width / 2 - _CORNER)
        return xs[box] - half, xs[box] + half

    for upper, *between, lower in layers.chains:
        run: list[int] = []
        least, most = sides(upper)
        for point in between:
            low, high = room(point)
            if max(least, low) > min(most, high):
                _line_up(run, least, most, xs)
                run, least, most = [], low, high
            run.append(point)
            least, most = max(least, low), min(most, high)
        low, high = sides(lower)
        if max(least, low) <= min(most, high):
            least, most = max(least, low), min(most, high)
        _line_up(run, least, most, xs)


def _line_up(run: Sequence[int], least: float, most: float, xs: list[float]) -> None:
    """Put points at one x between two bounds, near to where they are."""
    if run:
        mean = sum(xs[point] for point in run) / len(run)
        for point in run:
            xs[point] = max(least, min(most, mean))


# --- from top to bottom ---


def _bands(layers: Layers, sizes: Sequence[Box], xs: Sequence[float]) -> list[tuple[float, float]]:
    """Give the top and the bottom of each layer."""
    found: list[tuple[float, float]] = []
    top = 0.0
    for layer in layers.layers:
        bottom = top + max(sizes[point].height for point in layer)
        found.append((top, bottom))
        aside = max(
            (abs(xs[point] - xs[other]) for point in layer for other in layers.below[point]),
            default=0,
        )
        top = bottom + _LAYER_GAP + min(_MOST_SLOPE, aside * _SLOPE)
    return found


# --- lines ---


def _ports(
    layers: Layers, boxes: Sequence[Box], xs: Sequence[float]
) -> dict[tuple[int, int], float]:
    """Give the x at which each line leaves or meets its box, by link and point."""
    sides: dict[tuple[int, bool], list[tuple[float, int]]] = {}
    for number, chain in enumerate(layers.chains):
        sides.setdefault((chain[0], True), []).append((xs[chain[1]], number))
        sides.setdefault((chain[-1], False), []).append((xs[chain[-2]], number))
    found: dict[tuple[int, int], float] = {}
    for (box, _), lines in sides.items():
        lines.sort()
        half = max(0.0, boxes[box].width / 2 - _CORNER)
        gap = min(_PORT_GAP, 2 * half / max(1, len(lines) - 1))
        least, most = xs[box] - half, xs[box] + half
        wishes = [(min(most, max(least, x)), 1.0) for x, _ in lines]
        places = _apart(wishes, [0.0, *[gap] * (len(lines) - 1)])
        for place, (x, (_, number)) in enumerate(zip(places, lines, strict=True)):
            last = most - gap * (len(lines) - 1 - place)
            found[number, box] = max(least + gap * place, min(last, x))
    return found


def _route(
    number: int,
    layers: Layers,
    boxes: Sequence[Box],
    xs: Sequence[float],
    middles: dict[int, float],
    bands: dict[int, tuple[float, float]],
    ports: dict[tuple[int, int], float],
) -> Route:
    upper, *between, lower = layers.chains[number]
    start, end = ports[number, upper], ports[number, lower]
    points = [
        Point(start, middles[upper] + boxes[upper].height / 2),
        Point(start, bands[upper][1]),  # past taller boxes beside this one
    ]
    for point in between:
        points += (Point(xs[point], y) for y in bands[point])
    points += [Point(end, bands[lower][0]), Point(end, middles[lower] - boxes[lower].height / 2)]
    points = list(dict.fromkeys(points))
    at = layers.labelled[number]
    if layers.turned[number]:
        points.reverse()
    return Route(tuple(points), Point(xs[at], middles[at]))
