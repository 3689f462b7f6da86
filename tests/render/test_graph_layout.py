"""Boxes, labels and lines of a picture keep apart, and lead down where they can."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.render.graph_layers import put_in_layers
from flowsync.render.graph_layout import Box, Layout, Link, Point, lay_out

Rectangle = tuple[float, float, float, float]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[Link]]:
    """Give boxes, and links between different ones."""
    sizes = st.builds(Box, st.integers(20, 230), st.integers(18, 120), st.sampled_from([0, 0, 80]))
    boxes = draw(st.lists(sizes, min_size=2, max_size=9))
    number = st.integers(0, len(boxes) - 1)
    labels = st.one_of(
        st.just(Box(0, 0)), st.builds(Box, st.integers(10, 200), st.integers(18, 80))
    )
    links = draw(st.lists(st.builds(Link, number, number, labels), max_size=14))
    return boxes, [link for link in links if link.source != link.target]


def around(centre: Point, box: Box) -> Rectangle:
    x, y, half = centre.x, centre.y, box.width / 2
    return x - half, y - box.height / 2, x + half + box.aside, y + box.height / 2


def overlap(a: Rectangle, b: Rectangle) -> bool:
    return a[0] < b[2] - 0.01 and b[0] < a[2] - 0.01 and a[1] < b[3] - 0.01 and b[1] < a[3] - 0.01


def occupied(boxes: list[Box], links: list[Link], found: Layout) -> list[Rectangle]:
    """Give the rectangles of all boxes, then those of all labels."""
    taken = [around(at, box) for at, box in zip(found.boxes, boxes, strict=True)]
    return taken + [
        around(route.label, link.label)
        for route, link in zip(found.routes, links, strict=True)
        if link.label.width
    ]


@settings(max_examples=150)
@given(graphs())
def test_no_box_and_no_label_lies_on_another(graph: tuple[list[Box], list[Link]]) -> None:
    boxes, links = graph
    found = lay_out(boxes, links)
    taken = occupied(boxes, links, found)
    for a, b in combinations(taken, 2):
        assert not overlap(a, b)
    for left, top, right, bottom in taken:
        assert left >= -0.01
        assert top >= -0.01
        assert right <= found.size.width + 0.01
        assert bottom <= found.size.height + 0.01


@settings(max_examples=150)
@given(graphs())
def test_a_line_goes_from_its_source_to_its_target_and_turns_in_no_box(
    graph: tuple[list[Box], list[Link]],
) -> None:
    boxes, links = graph
    found = lay_out(boxes, links)
    for link, route in zip(links, found.routes, strict=True):
        for end, box in ((route.points[0], link.source), (route.points[-1], link.target)):
            at, size = found.boxes[box], boxes[box]
            assert abs(abs(end.y - at.y) - size.height / 2) < 0.01
            assert abs(end.x - at.x) <= size.width / 2
        for point in route.points[1:-1]:
            spot = around(point, Box(0, 0))
            assert not any(
                overlap(spot, around(at, Box(size.width, size.height)))
                for at, size in zip(found.boxes, boxes, strict=True)
            )
        steps = [after.y - before.y for before, after in pairwise(route.points)]
        assert min(steps) > -0.01 or max(steps) < 0.01


@given(graphs())
def test_lines_lead_down_unless_they_close_a_circle(graph: tuple[list[Box], list[Link]]) -> None:
    boxes, links = graph
    below = [link for link in links if link.source < link.target]  # no circle in these
    found = lay_out(boxes, below)
    for link in below:
        assert found.boxes[link.source].y < found.boxes[link.target].y


def test_a_circle_has_one_line_that_leads_up() -> None:
    layers = put_in_layers(3, [(0, 1), (1, 2), (2, 0)])
    assert layers.turned == [False, False, True]


def test_a_chain_is_one_straight_line() -> None:
    boxes = [Box(150, 60), Box(230, 80), Box(160, 50)]
    found = lay_out(boxes, [Link(0, 1, Box(120, 20)), Link(1, 2, Box(200, 20))])
    assert len({round(point.x, 1) for route in found.routes for point in route.points}) == 1


def test_a_line_that_passes_boxes_of_many_widths_hardly_bends() -> None:
    boxes = [Box(100 + 60 * (place % 3), 40) for place in range(8)]
    down = [Link(place, place + 1, Box(50 + 90 * (place % 2), 20)) for place in range(7)]
    (past,) = lay_out(boxes, [*down, Link(0, 7, Box(0, 0))]).routes[7:]
    assert len({round(point.x) for point in past.points}) <= 3


def test_lines_that_can_avoid_each_other_do() -> None:
    links = [Link(0, 3, Box(0, 0)), Link(1, 2, Box(0, 0))]
    xs = [at.x for at in lay_out([Box(100, 40)] * 4, links).boxes]
    assert (xs[0] < xs[1]) == (xs[3] < xs[2])


def test_reading_order_is_kept_from_left_to_right() -> None:
    links = [Link(0, place, Box(0, 0)) for place in range(1, 6)]
    xs = [at.x for at in lay_out([Box(100, 40)] * 6, links).boxes]
    assert xs[1:] == sorted(xs[1:])
    assert xs[0] == xs[3]  # above the middle one


def test_a_box_that_nothing_leads_to_stands_right_above_what_it_leads_to() -> None:
    links = [Link(0, 1, Box(0, 0)), Link(1, 2, Box(0, 0)), Link(3, 2, Box(0, 0))]
    found = lay_out([Box(100, 40)] * 4, links)
    assert found.boxes[3].y == found.boxes[1].y


def test_no_boxes_take_no_room() -> None:
    assert lay_out([], []) == Layout(Box(0, 0), (), ())
