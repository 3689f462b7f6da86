"""What all HTML reports share: templates, the style, and keeping foreign text harmless.

A page is complete in itself. Its content security policy, in a meta tag, allows the one style that
is in it and nothing else: no script, no image, no font, no request, no form. Folding is done by
`<details>`. Every text on its way into a page passes through `clean` and is then escaped by jinja2,
so a template cannot forget to; only what these modules mark as `Markup` is taken as it is.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from flowsync.model import JsonValue
from flowsync.render.style import clean, count, short

_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST_VALUE = 2000
_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A number and what it counts."""

    number: int
    word: str
    tone: str = "quiet"


def render_page(
    template: str, *, flowsync_version: str, made_at: str, more_style: str = "", **values: object
) -> str:
    """Give a whole page; `made_at` is the time to show, empty where none is known.

    `more_style` is CSS of ours, for pages with pictures.

    Raises `jinja2.UndefinedError` when a template asks for what it was not given.
    """
    page = _environment().get_template(f"{template}.html.j2")
    css = _page_style() + more_style
    return page.render(
        flowsync_version=flowsync_version,
        made_at=made_at,
        style=Markup(css),
        content_policy=content_policy(css),
        **values,
    )


def shown(value: JsonValue) -> str:
    """Give a JSON value as people read it: a text as it is, a list of texts with commas."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return ", ".join(str(item) for item in value)
    return value if isinstance(value, str) else short(value, longest=_LONGEST_VALUE)


def content_policy(css: str) -> str:
    """Give the content security policy of a page: this style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    style = f"style-src 'sha256-{digest}'"
    return f"default-src 'none'; {style}; base-uri 'none'; form-action 'none'"


def prose(text: str) -> Markup:
    """Give a sentence as markup: what stands in backticks as code."""
    escaped = str(escape(clean(text)))
    return Markup(_CODE.sub(r"<code>\1</code>", escaped))  # nothing else of it is markup


@cache
def _page_style() -> str:
    return (_TEMPLATES / "style.css").read_text("utf-8")


@cache
def _environment() -> Environment:
    """Give the templates, each compiled once a process."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["count"] = count
    environment.filters["prose"] = prose
    return environment


def _cleaned(value: object) -> object:
    """Clean a text that a template puts into a page; jinja2 escapes it afterwards."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
