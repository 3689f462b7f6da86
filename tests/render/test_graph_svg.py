"""Pictures that hold nothing but shapes and text. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.render.graph_shapes import LABEL_SIZE
from flowsync.render.graph_svg import MOST_SCREENS, SVG_STYLES, render_svg
from flowsync.render.graph_text import text_width, wrapped
from flowsync.render.graph_words import heading
from flowsync.screen_graph import ScreenGraph, compare_graphs, read_graph
from tests.render.golden import NASTY as NASTY_NAMES
from tests.render.golden import check_golden, check_harmless
from tests.render.graphs import (
    NASTY_FLOW,
    a_comparison,
    a_flow,
    a_screen,
    button,
    link,
    many_screens,
)
from tests.validation.strategies import mutated_flows

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "style", "rect", "g", "circle", "path", "polygon", "text"}
# What an attribute may hold: numbers of a shape, and classes of ours.
NUMBERS = {"x", "y", "width", "height", "rx", "cx", "cy", "r", "d", "points", "viewBox"}
OTHERS = {"class": r"fs-[a-z]+(?: fs-[a-z]+)*", "role": "img", "transform": r"translate\([\d. ]+\)"}


def read_svg(text: str) -> Element:
    """Parse a picture, after checking that nothing in it is more than shape or text."""
    root = ElementTree.fromstring(text)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS, element.tag
        for name, value in element.attrib.items():
            pattern = r"[MLCH\d., -]*" if name in NUMBERS else OTHERS[name]
            assert re.fullmatch(pattern, value), (name, value)
        assert (
            element.tag in {f"{SVG}text", f"{SVG}title", f"{SVG}desc", f"{SVG}style"}
            or not (element.text or "").strip()
        )
    check_harmless(text)
    return root


def words_in(root: Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_everything_that_can_become_of_a_flow_is_drawn() -> None:
    text = render_svg(a_comparison(), title="Screens of support")
    check_golden("graph.svg", text)
    words = words_in(read_svg(text))
    for word in ("new", "removed", "changed", "start", "terminal", "(new)", "(removed)"):
        assert word in words


def test_nasty_names_are_text() -> None:
    graph = read_graph(NASTY_FLOW)
    root = read_svg(render_svg(graph, title="<script>x</script>"))
    assert root.findtext(f"{SVG}title") == "<script>x</script>"
    shown = "".join(words_in(root)).replace(" ", "")
    assert heading(graph.screens[0])[:20].replace(" ", "") in shown
    assert "<script>`|" in shown


@pytest.mark.parametrize("nasty", [*NASTY_NAMES.values(), "\ufffe\uffff", "]]>", "&#0;"])
def test_no_name_is_markup(nasty: str) -> None:
    graph = read_graph(a_flow(a_screen(nasty, nasty, button(nasty, nasty), button(nasty))))
    read_svg(render_svg(graph, title=nasty))


@settings(max_examples=60)
@given(mutated_flows(), mutated_flows(), st.text())
def test_any_flow_is_drawn(before: JsonValue, after: JsonValue, title: str) -> None:
    read_svg(render_svg(compare_graphs(read_graph(before), read_graph(after)), title=title))


@given(st.text())
def test_any_name_is_drawn(name: str) -> None:
    graph = read_graph(a_flow(a_screen(name, name, button(name, name), button(name))))
    read_svg(render_svg(graph, title=name))


def test_a_picture_tells_what_it_shows_to_those_who_do_not_see_it() -> None:
    graph = read_graph(a_flow(a_screen("A", "First", button("Go", "B")), a_screen("B", "Second")))
    root = read_svg(render_svg(graph, title="Screens of a"))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}desc") == (
        '2 screens, 1 way on. From First to Second: button "Go".'
    )


def test_a_picture_has_its_own_styles_for_light_and_dark_or_leaves_them_to_the_page() -> None:
    alone = render_svg(a_comparison(), title="a")
    assert SVG_STYLES in alone
    assert "prefers-color-scheme:dark" in SVG_STYLES
    for word in ("url(", "@import", "http", "expression", "<"):
        assert word not in SVG_STYLES
    within = render_svg(a_comparison(), title="a", with_styles=False)
    assert "<style" not in within
    assert "id=" not in within  # two in one page do not clash


def test_a_graph_without_screens_is_a_picture_that_says_so() -> None:
    assert words_in(read_svg(render_svg(ScreenGraph(), title="a"))) == ["No screens."]


def test_the_legend_explains_only_what_occurs() -> None:
    plain = words_in(read_svg(render_svg(read_graph(a_flow(a_screen("A"))), title="a")))
    assert plain == ["A", "start", "flows start here"]


def test_a_graph_that_nobody_could_look_at_is_drawn_in_part_and_says_so() -> None:
    words = words_in(read_svg(render_svg(many_screens(MOST_SCREENS + 5), title="a")))
    assert any(word.startswith("Not drawn: 5 more screens") for word in words)
    assert f"S{MOST_SCREENS - 1}" in words
    assert f"S{MOST_SCREENS}" not in words


def test_a_line_from_a_screen_to_itself_has_room_for_its_label() -> None:
    flow = a_flow(a_screen("A", "", link("once more " * 4, "A"), button("Go", "B")), a_screen("B"))
    root = read_svg(render_svg(read_graph(flow), title="a"))
    _, _, width, _ = (float(number) for number in (root.get("viewBox") or "").split())
    for label in root.iter(f"{SVG}g"):
        rect = label.find(f"{SVG}rect")
        if label.get("class") == "fs-label" and rect is not None:
            assert 0 <= float(rect.get("x", 0)) <= width - float(rect.get("width", 0))


@pytest.mark.parametrize("text", ["a b c " * 30, "x" * 200, "ÄÖÜ " * 40, "你好" * 50, "_-_" * 60])
def test_a_long_text_is_wrapped_within_its_width_and_cut(text: str) -> None:
    lines = wrapped(text, LABEL_SIZE, 200, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(text_width(line, LABEL_SIZE) <= 200 for line in lines)


def test_a_text_that_fits_is_not_touched() -> None:
    assert wrapped("Your details", LABEL_SIZE, 200, 2) == ("Your details",)
    assert wrapped("", LABEL_SIZE, 200, 2) == ()
