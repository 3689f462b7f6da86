"""Warnings about pictures that cannot be shown on the phone: no base64, another format, too large.

Nothing is decoded: the first characters of base64 tell the format, its length the size.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components#image
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.outline import Component, Flow, Screen
from flowsync.validation.report import Report
from flowsync.validation.versions import V6_0, Version
from flowsync.validation.wording import quoted

PICTURE_KB = 300
ENTRY_KB = 100
ENDPOINT_BYTES = 1_048_576
# The beginnings of files in base64, and what such a file is.
_FORMATS = {
    "iVBORw0KGgo": "PNG",
    "/9j/": "JPEG",
    "UklGR": "WebP",
    "R0lGOD": "GIF",
    "PHN2Zy": "SVG",
    "PD94bW": "SVG",
    "Qk": "BMP",
}
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
_ADDRESS = re.compile(r"(https?:)?//|www\.", re.IGNORECASE)
_OWN_FIELD = re.compile(r"\$\{data\.([^.{}]+)\}")
_PREFIX = re.compile(r"data:[^,]{0,100},")


class _Picture(NamedTuple):
    """A picture written out in a flow; `max_kb` is None where no limit is known."""

    at: Pointer
    text: str
    subject: str
    formats: tuple[str, ...]
    max_kb: int | None


def check_images(flow: Flow, report: Report) -> None:
    """Warn about all pictures that are written out, and about examples that are too large."""
    for screen in flow.screens:
        for component in screen.components:
            for picture in _pictures(component, report.version):
                _check(picture, report)
            _check_example(screen, component, report)


def _pictures(component: Component, version: Version) -> Iterator[_Picture]:
    entry_kb = ENTRY_KB if version >= V6_0 else PICTURE_KB
    if component.type == "Image":
        yield from _picture(component, component.value, ("src",), PICTURE_KB, version)
    elif component.type in ("CheckboxGroup", "RadioButtonsGroup", "Dropdown"):
        for at, option in _entries(component, "data-source"):
            yield from _picture(component, option, (*at, "image"), entry_kb, version)
    elif component.type == "NavigationList":
        for at, link in _entries(component, "list-items"):
            start = link.get("start")
            if isinstance(start, dict):
                yield from _picture(component, start, (*at, "start", "image"), ENTRY_KB, version)
    elif component.type == "ImageCarousel":
        for at, image in _entries(component, "images"):
            source = image.get("src")
            if not isinstance(source, str) or not _BASE64.fullmatch(source):
                continue  # the platform refuses it, which is said by a rule of its own
            yield from _picture(component, image, (*at, "src"), None, version)


def _entries(component: Component, key: str) -> Iterator[tuple[Pointer, dict[str, JsonValue]]]:
    entries = component.value.get(key)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield (key, index), entry


def _picture(
    component: Component,
    holder: dict[str, JsonValue],
    at: Pointer,
    max_kb: int | None,
    version: Version,
) -> Iterator[_Picture]:
    text = holder.get(str(at[-1]))
    if not isinstance(text, str) or texts.is_dynamic(text, version) or texts.is_blank(text):
        return
    is_entry = len(at) > 1
    yield _Picture(
        at=(*component.pointer, *at),
        text=text,
        subject=f"the image of entry {int(at[1]) + 1} of {component.label}"
        if is_entry
        else f"the image of {component.label}",
        formats=("PNG", "JPEG", "WebP") if is_entry else ("PNG", "JPEG"),
        max_kb=max_kb,
    )


def _check(picture: _Picture, report: Report) -> None:
    text = picture.text
    if _PREFIX.match(text):
        report.add(
            "FS631",
            picture.at,
            f"{picture.subject} starts with {quoted(text[: text.index(',') + 1])}, which is no "
            "base64.",
            "Leave only what comes after the comma.",
        )
        return
    if _ADDRESS.match(text):
        report.add(
            "FS631",
            picture.at,
            f"{picture.subject} is an address, and nothing is loaded from there.",
            "Write the picture itself, in base64; an endpoint can send it as data.",
        )
        return
    form = next((name for start, name in _FORMATS.items() if text.startswith(start)), None)
    if form not in picture.formats or not _BASE64.fullmatch(text):
        what = "is no picture in base64" if form is None else f"is {form} in base64"
        if form in picture.formats:
            what = f"is {form}, but holds characters that are not base64"
        report.add(
            "FS632",
            picture.at,
            f"{picture.subject} {what}; the phone shows an empty frame.",
            f"Convert a {' or '.join(picture.formats[:2])} file to base64.",
        )
    elif picture.max_kb is not None and size_of(text) / 1024 >= picture.max_kb:
        report.add(
            "FS633",
            picture.at,
            f"{picture.subject} has {size_of(text) / 1024:,.0f} KB, and must have less than "
            f"{picture.max_kb}.",
            "Make it smaller, or compress it more.",
        )


def size_of(base64: str) -> int:
    """Give how many bytes a base64 text stands for, give or take its line breaks."""
    return len(base64) * 3 // 4 - base64[-2:].count("=")


def _check_example(screen: Screen, component: Component, report: Report) -> None:
    """Warn about example pictures larger than an endpoint may send."""
    source = component.value.get("src") if component.type == "Image" else None
    found = _OWN_FIELD.fullmatch(source) if isinstance(source, str) else None
    if found is None:
        return
    field = (screen.data or {}).get(found[1])
    example = field.get("__example__") if isinstance(field, dict) else None
    if isinstance(example, str) and size_of(example) > ENDPOINT_BYTES:
        report.add(
            "FS634",
            (*screen.pointer, "data", found[1], "__example__"),
            f"the example for {component.label} is a picture of {size_of(example):,} bytes, and an "
            f"endpoint may send {ENDPOINT_BYTES:,}.",
            "Use a smaller picture here, and in the answers of the endpoint.",
        )
