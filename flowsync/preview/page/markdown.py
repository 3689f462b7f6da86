"""The Markdown of flows, as markup of ours: read by markdown-it-py, with all else switched off.

Emphasis, strikethrough, links, lists of one level; in RichText also headings, pictures and tables.
A link is text that can be tapped, never an address that a browser follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from flowsync.preview.page.images import picture_address

_INLINE = ("emphasis", "link", "strikethrough", "newline", "escape")
_BLOCKS = ("list", "paragraph")
_RICH_BLOCKS = ("heading", "table")
_TAGS = {"em", "strong", "s", "ul", "ol", "li", "p", "table", "thead", "tbody", "tr", "th", "td"}
_PICTURE = re.compile(r"data:image/(png|jpe?g|webp);base64")
_HEADINGS = {"h1": "heading", "h2": "subheading"}  # lower ones are body text


@cache
def _reader(is_rich: bool) -> MarkdownIt:
    rules = [*_INLINE, *_BLOCKS, *([*_RICH_BLOCKS, "image"] if is_rich else [])]
    return MarkdownIt("zero", {"html": False, "linkify": False, "maxNesting": 20}).enable(
        [rule for rule in rules if rule not in {"paragraph"}]
    )


def markdown(text: str, *, is_rich: bool = False) -> Markup:
    """Give a text as markup; of `is_rich` more is understood."""
    return _joined(_reader(is_rich).parse(text))


def _joined(tokens: Iterable[Token]) -> Markup:
    return Markup("").join(_drawn(token) for token in tokens)


def _drawn(token: Token) -> Markup:
    match token.type:
        case "inline":
            return _joined(token.children or ())
        case "text" | "text_special":
            return escape(token.content)
        case "softbreak" | "hardbreak":
            return Markup("<br>")
        case "image":
            return _picture(token)
        case "link_open":
            return Markup('<span class="link" title="{}">').format(str(token.attrGet("href") or ""))
        case "link_close":
            return Markup("</span>")
        case "heading_open" | "heading_close":
            kind = _HEADINGS.get(token.tag, "body")
            start = Markup('<p class="{}">').format(kind)
            return start if token.nesting > 0 else Markup("</p>")
    if token.tag not in _TAGS or token.hidden:
        return Markup("")
    return Markup("<{}>" if token.nesting > 0 else "</{}>").format(token.tag)


def _picture(token: Token) -> Markup:
    source, alt = str(token.attrGet("src") or ""), token.content
    start, _, text = source.partition(",")
    address = picture_address(text) if _PICTURE.fullmatch(start) else None
    if address is None:
        return Markup('<span class="no-picture">{}</span>').format(alt or "picture")
    return Markup('<img class="inline" src="{}" alt="{}">').format(address, alt)
