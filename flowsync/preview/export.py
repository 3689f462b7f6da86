"""Flows as pages to keep: all screens of some flows, one screen alone, or one before and after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from flowsync.model import JsonValue
from flowsync.preview.engine import DataSet
from flowsync.preview.page.drawing import Part, draw_file, draw_pair, draw_screen, draw_sheet
from flowsync.preview.page.elements import Numbers
from flowsync.preview.page.values import Look
from flowsync.preview.sheet import Pair, marked, screen_of, screens_of
from flowsync.preview.views import ScreenView
from flowsync.render.graph_svg import render_svg
from flowsync.screen_graph import read_graph

_HEADINGS = {
    DataSet.EXAMPLES: "With the examples of the data models",
    DataSet.EMPTY: "With empty data",
    DataSet.LONGEST: "With the longest texts that are allowed",
}
ALONE = ".alone .phone"  # what a picture is taken of
PAIR = ".pair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """A screen of a flow as a page of its own: the screen's id, and the page."""

    screen: str
    html: str


def export_page(flows: Iterable[tuple[str, JsonValue]], look: Look, *, today: date) -> str:
    """Give a page of all screens of flows, by title, that loads nothing."""
    numbers = Numbers()
    return draw_file(
        "Flows, screen by screen",
        [_part(title, flow_json, look, today, numbers) for title, flow_json in flows],
    )


def _part(title: str, flow_json: JsonValue, look: Look, today: date, numbers: Numbers) -> Part:
    graph = read_graph(flow_json)
    sheets = []
    seen: list[tuple[ScreenView, ...]] = []
    for data_set, heading in _HEADINGS.items():
        views = screens_of(flow_json, today=today, data_set=data_set)
        if views not in seen:  # a flow without data looks the same with all of it
            seen.append(views)
            sheets.append((heading, draw_sheet(views, look, can_open=False, numbers=numbers)))
    picture = Markup(render_svg(graph, title=title, with_styles=False))
    return Part(title=title, sheets=tuple(sheets), picture=picture)


def screen_pages(flow_json: JsonValue, look: Look, *, today: date) -> Iterator[Pictured]:
    """Give each screen of a flow as a page, to take a picture of `ALONE`."""
    for view in screens_of(flow_json, today=today):
        screen = Markup('<div class="alone">{}</div>').format(draw_screen(view, look))
        html = draw_file(view.id, [Part(title=view.id, sheets=(("screen", screen),))])
        yield Pictured(screen=view.id, html=html)


def pair_page(pair: Pair, look: Look, *, today: date) -> str:
    """Give a screen before and after as a page, to take a picture of `PAIR`."""
    drawn = draw_sides(pair, look, today=today, numbers=Numbers())
    return draw_file(pair.name, [Part(title=pair.name, sheets=(("screen", drawn),))])


def draw_sides(pair: Pair, look: Look, *, today: date, numbers: Numbers) -> Markup:
    """Give a screen before and after, with what changed outlined."""
    sides = []
    for side in (pair.before, pair.after):
        view = None
        if side.screen is not None:
            view = screen_of(side.flow_json, side.screen, today=today)
        drawn = None
        if view is not None:
            drawn = draw_screen(marked(view, side.changed), look, numbers=numbers)
        sides.append((side.heading, drawn))
    return draw_pair(sides)


def file_stem(*words: str) -> str:
    """Give words as a part of a file's name that every system takes."""
    return "-".join(re.sub(r"[^A-Za-z0-9._-]+", "_", word).strip(".") or "_" for word in words)
