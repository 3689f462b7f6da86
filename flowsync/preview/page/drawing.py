"""From views to HTML: a phone, the page around it, sheets of screens, and whole files."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from flowsync.preview.page.elements import Numbers, drawn
from flowsync.preview.page.showable import showable
from flowsync.preview.page.values import CHOICES, Inspected, Listed, Look
from flowsync.preview.views import ScreenView
from flowsync.render.graph_svg import SVG_STYLES
from flowsync.render.html.page import prose

_FOLDER = Path(__file__).parent
SCRIPTS = ("page.js", "morph.js", "overlays.js", "lists.js", "calendar.js")
_STYLES = ("phone.css", "overlays.css", "page.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A flow in a file: its title, a picture of its screens, and sheets of them with headings."""

    title: str
    sheets: tuple[tuple[str, Markup], ...]
    picture: Markup | None = None


def draw_screen(
    view: ScreenView, look: Look, *, over: str = "", numbers: Numbers | None = None
) -> Markup:
    """Give a screen in a phone; `over` is what stands there where no screen shows.

    `numbers` keeps the names of several screens on one page apart.
    """
    numbers = numbers or Numbers()
    return _drawn(
        "screen",
        view=view,
        look=look,
        elements=[drawn(element, numbers) for element in view.elements],
        foot=None if view.footer is None else drawn(view.footer, numbers),
        over=over or "The flow is over.",
    )


def draw_sheet(
    views: Iterable[ScreenView], look: Look, *, can_open: bool, numbers: Numbers | None = None
) -> Markup:
    """Give screens side by side; `can_open` adds a button to each that opens it."""
    numbers = numbers or Numbers()
    screens = [(view.id, draw_screen(view, look, numbers=numbers)) for view in views]
    return _drawn("sheet", screens=screens, can_open=can_open)


def draw_pair(sides: Iterable[tuple[str, Markup | None]]) -> Markup:
    """Give screens side by side under their headings; None where there is no screen."""
    return _drawn("pair", sides=tuple(sides))


def draw_remark(text: str) -> Markup:
    """Give a sentence in the place of a phone."""
    return Markup('<p class="remark">{}</p>').format(text)


def draw_graph(svg: str, ids: Iterable[str]) -> Markup:
    """Give the graph of a flow's screens with a button to open each."""
    return _drawn("graph", picture=Markup(svg), ids=tuple(ids))


def draw_flows(flows: Iterable[Listed]) -> Markup:
    """Give the list of flows."""
    return _drawn("flows", flows=tuple(flows))


def draw_tools(
    look: Look,
    *,
    data_set: str,
    data_sets: Iterable[str],
    fault: str,
    faults: Iterable[str],
    opening: str,
    openings: Iterable[str],
) -> Markup:
    """Give what chooses look, data, faults and what opens the flow."""
    chosen = {name: getattr(look, name) for name in CHOICES}
    return _drawn(
        "tools",
        choices=CHOICES,
        look=chosen,
        data_set=data_set,
        data_sets=tuple(data_sets),
        fault=fault,
        faults=tuple(faults),
        opening=opening,
        openings=tuple(openings),
    )


def draw_inspector(told: Inspected) -> Markup:
    """Give what stands beside the phone."""
    return _drawn("inspector", told=told)


def draw_page(parts: Mapping[str, Markup], *, version: int) -> str:
    """Give the page around parts that were drawn: flows, tools, screen and inspector.

    `version` is that of the files they were drawn from. The styles stand in the page, so that it
    is painted without waiting for more; its policy has to allow `style_source`.
    """
    return str(_drawn("page", **parts, version=version, style=_styles()))


@cache
def style_source() -> str:
    """Give what a content security policy calls the styles that stand in a page."""
    digest = hashlib.sha256(_styles().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def draw_file(title: str, parts: Iterable[Part]) -> str:
    """Give a page that is complete in itself and loads nothing."""
    policy = (
        f"default-src 'none'; style-src {style_source()}; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    return str(_drawn("file", title=title, parts=tuple(parts), style=_styles(), policy=policy))


def script(name: str) -> str:
    """Give the text of a script that the page loads, by its name in `SCRIPTS`."""
    return _static(name)


@cache
def _styles() -> Markup:
    return Markup("".join(map(_static, _STYLES)) + SVG_STYLES)


@cache
def _static(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_showable,
    )
    environment.filters["prose"] = prose
    return environment


def _showable(value: object) -> object:
    """Give a text without what no page can show; escaping is jinja2's."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return showable(value)


def _drawn(template: str, **values: object) -> Markup:
    return Markup(_environment().get_template(f"{template}.html.j2").render(**values))
