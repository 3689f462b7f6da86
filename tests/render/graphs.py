"""Flows made for pictures of their screens, with names that try to get out of each format."""

from __future__ import annotations

from collections.abc import Iterable

from flowsync.model import JsonValue
from flowsync.screen_graph import ScreenGraph, compare_graphs, read_graph
from tests.render.golden import ALL_NASTY

# What ends a label, begins Markdown, a comment or a keyword, or is an entity, besides the others.
ENDERS = '"q" \\N \\" end %% --> ]] }} ]]> &quot; #quot; #35; style: #a; <script>x()</script>'
NASTY = f"{ENDERS} {ALL_NASTY}"
SIGNS = '<script>`|"end"%%&#35;\\'


def button(label: str, target: str | None = None, **action: JsonValue) -> dict[str, JsonValue]:
    """Give a Footer that navigates to a screen, ends the flow, or does as it is told."""
    if target is not None:
        action = {"name": "navigate", "next": {"type": "screen", "name": target}}
    return {"type": "Footer", "label": label, "on-click-action": action or {"name": "complete"}}


def a_screen(
    name: str, title: str = "", *children: JsonValue, terminal: bool = False
) -> dict[str, JsonValue]:
    """Give a screen with these components."""
    layout: JsonValue = {"type": "SingleColumnLayout", "children": list(children)}
    return {"id": name, "title": title, "terminal": terminal, "layout": layout}


def a_flow(*screens: JsonValue, **fields: JsonValue) -> dict[str, JsonValue]:
    """Give a Flow JSON of these screens."""
    return {"version": "7.3", **fields, "screens": list(screens)}


def link(text: str, target: str) -> dict[str, JsonValue]:
    """Give a link that navigates to a screen."""
    return {**button(text, target), "type": "EmbeddedLink", "text": text}


NASTY_FLOW = a_flow(
    a_screen(SIGNS, NASTY, button(NASTY, "end"), link("Terms", "${data.next}")),
    a_screen("end", "1. end", link("- a", "GONE"), link("again", "end"), button("x", SIGNS)),
    a_screen("A", "שלום עולם 你好", button("नमस्ते"), terminal=True),
)
BEFORE = a_flow(
    a_screen("START", "What is it?", link("Damage", "DAMAGE"), link("Order", "ORDER")),
    a_screen("ORDER", "Your order", button("Continue", "SEND")),
    a_screen("DAMAGE", "Report damage", button("Send")),
    a_screen("SEND", "How we answer", button("Send"), terminal=True),
)
AFTER = a_flow(
    a_screen("START", "What is it?", link("Order", "NUMBER"), link("Ask", "ASK")),
    a_screen("NUMBER", "Your order", button("Continue", "SEND")),
    a_screen("SEND", "How we answer", button("Send it"), terminal=True),
    a_screen("ASK", NASTY, button("Ask", "SEND")),
)


def a_comparison() -> ScreenGraph:
    """Give a graph with everything that can become of a screen and an edge."""
    return compare_graphs(read_graph(BEFORE), read_graph(AFTER), {"ORDER": "NUMBER"})


def many_screens(number: int) -> ScreenGraph:
    """Give a graph of so many screens, each of which leads to the next three."""
    return read_graph(
        a_flow(*(_step(place, range(place + 1, min(place + 4, number))) for place in range(number)))
    )


def _step(place: int, ends: Iterable[int]) -> dict[str, JsonValue]:
    return a_screen(f"S{place}", f"Step {place}", *(link(f"To {end}", f"S{end}") for end in ends))
