"""The pictures of an Image and an ImageCarousel, each with its frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flowsync.model import mapping_in
from flowsync.preview.page.images import picture_address
from flowsync.preview.page.properties import size_of, text_of
from flowsync.preview.views import ElementView

_RATIOS = {"4:3": 4 / 3, "16:9": 16 / 9}
_HEIGHT_OF_CONTAINED = 400  # where an Image names no height, on Android


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture with its frame: `width` and `height` of the frame in units of its own.

    `is_sized` where the flow says how wide it is, in CSS pixels; otherwise it fills the screen.
    """

    address: str | None
    alt: str
    width: float
    height: float
    is_cover: bool
    is_sized: bool = False


def shots_of(view: ElementView) -> Iterator[Shot]:
    """Give the pictures that an element shows; none for elements of other kinds."""
    properties = view.properties
    is_cover = properties.get("scale-type") == "cover"
    if view.type == "Image":
        width, height = size_of(properties.get("width")), size_of(properties.get("height"))
        ratio = size_of(properties.get("aspect-ratio")) or 1.0
        frame = width or 328.0
        tall = height or (frame / ratio if is_cover or ratio != 1.0 else _HEIGHT_OF_CONTAINED)
        yield Shot(
            address=picture_address(properties.get("src")),
            alt=text_of(properties.get("alt-text")),
            width=frame,
            height=min(tall, 2000.0),
            is_cover=is_cover,
            is_sized=width is not None,
        )
    elif view.type == "ImageCarousel":
        ratio = _RATIOS.get(text_of(properties.get("aspect-ratio")), 4 / 3)
        images = properties.get("images")
        for entry in images if isinstance(images, list) else ():
            fields = mapping_in(entry)
            yield Shot(
                address=picture_address(fields.get("src")),
                alt=text_of(fields.get("alt-text")),
                width=320.0,
                height=320.0 / ratio,
                is_cover=is_cover,
            )
