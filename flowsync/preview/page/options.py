"""What can be chosen or tapped on: the options of an input and the items of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flowsync.model import mapping_in, text_in, texts_in
from flowsync.preview.page.images import picture_address
from flowsync.preview.page.properties import plain, text_of
from flowsync.preview.views import ElementView

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several things to choose from, or to tap on."""

    id: str
    title: str
    description: str = ""
    metadata: str = ""
    picture: str | None = None
    has_picture: bool = False
    alt: str = ""
    colour: str | None = None
    is_enabled: bool = True
    is_chosen: bool = False
    badge: str = ""
    tags: tuple[str, ...] = ()
    end: tuple[str, ...] = ()


def options_of(view: ElementView) -> Iterator[Option]:
    """Give the options of an input or the items of a list; none for other elements.

    Where as many are chosen as may be, the others are off.
    """
    properties = view.properties
    chosen = (view.value,) if isinstance(view.value, str) else texts_in(view.value)
    entries = properties.get("data-source", properties.get("list-items"))
    most = plain(properties.get("max-selected-items"))
    is_full = isinstance(view.value, list) and most.isdecimal() and len(chosen) >= int(most)
    for entry in entries if isinstance(entries, list) else ():
        fields = mapping_in(entry)
        main = mapping_in(fields.get("main-content")) or fields
        start, end = mapping_in(fields.get("start")), mapping_in(fields.get("end"))
        picture = fields.get("image", start.get("image"))
        colour = text_in(fields.get("color")) or ""
        name = text_of(fields.get("id"))
        is_enabled = view.is_enabled and fields.get("enabled") is not False
        yield Option(
            id=name,
            title=text_of(main.get("title")),
            description=text_of(main.get("description")),
            metadata=text_of(main.get("metadata")),
            picture=picture_address(picture),
            has_picture=picture is not None,
            alt=text_of(fields.get("alt-text")) or text_of(start.get("alt-text")),
            colour=colour if _COLOUR.fullmatch(colour) else None,
            is_enabled=is_enabled and (not is_full or name in chosen),
            is_chosen=name in chosen,
            badge=text_of(fields.get("badge")),
            tags=texts_in(fields.get("tags")),
            end=tuple(
                filter(
                    None, (text_of(end.get(key)) for key in ("title", "description", "metadata"))
                )
            ),
        )


def choices_hint(view: ElementView) -> str:
    """Say how many options an input takes, empty where it says neither end."""
    low = plain(view.properties.get("min-selected-items"))
    high = plain(view.properties.get("max-selected-items"))
    if low and high:
        return f"Choose {low} to {high}" if low != high else f"Choose {low}"
    if low and low != "0":
        return f"Choose at least {low}"
    return f"Choose up to {high}" if high else ""
