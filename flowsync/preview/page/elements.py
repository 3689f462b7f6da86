"""An element as a template needs it: texts, options and pictures, whatever shape the flow has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markupsafe import Markup

from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.preview.page.days import Date, dates
from flowsync.preview.page.images import picture_address
from flowsync.preview.page.markdown import markdown
from flowsync.preview.page.showable import showable
from flowsync.preview.views import ElementView, pointer_text

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_MAX_CHARS, _MAX_LENGTH = 80, 600  # of a TextInput and a TextArea that name none
_SEARCHED = 40  # options, from which on a list has a search
_MARKED_UP = {"TextBody", "TextCaption"}
_KEYBOARDS = {
    "number": "decimal",
    "email": "email",
    "passcode": "numeric",
    "phone": "tel",
}
_RATIOS = {"4:3": 4 / 3, "16:9": 16 / 9}
_HEIGHT_OF_CONTAINED = 400  # where an Image names no height, on Android
_PHOTOS = "image/jpeg,image/png"
_MOST_FILES, _MOST_KB = 30, 25600.0  # of a picker that says neither


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


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that was chosen: its name, and as JSON all that is known of it."""

    name: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An element ready to be drawn; `number` tells its names apart from those of others."""

    view: ElementView
    number: int
    place: str
    label: str = ""
    description: str = ""
    helper: str = ""
    text: Markup = field(default_factory=Markup)
    options: tuple[Option, ...] = ()
    shots: tuple[Shot, ...] = ()
    dates: tuple[Date, ...] = ()
    files: tuple[File, ...] = ()
    children: tuple[Drawn, ...] = ()
    keyboard: str = "text"
    is_secret: bool = False
    limit: int = 0
    is_counted: bool = False
    accepts: str = ""
    has_search: bool = False
    hint: str = ""
    most: int = 0

    @property
    def is_full(self) -> bool:
        """Tell whether a picker has all the files that it takes."""
        return len(self.files) >= self.most > 0

    @property
    def type(self) -> str:
        """Give the type of the component."""
        return self.view.type

    @property
    def is_optional(self) -> bool:
        """Tell whether the label says that it need not be filled in."""
        return not self.view.is_required


class Numbers:
    """Gives each element of a page a number of its own."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Give the next number."""
        self._last += 1
        return self._last


def drawn(view: ElementView, numbers: Numbers) -> Drawn:
    """Give an element and its children ready to be drawn."""
    properties = view.properties
    number = numbers.next()
    low = _plain(properties.get("min-selected-items"))
    high = _plain(properties.get("max-selected-items"))
    kind = text_in(properties.get("input-type")) or "text"
    options = tuple(_options(view))
    return Drawn(
        view=view,
        number=number,
        place=pointer_text(view.pointer),
        label=_text(properties.get("label")) or _text(properties.get("title")),
        description=_text(properties.get("description")),
        helper=_text(properties.get("helper-text")),
        text=_marked_up(view),
        options=options,
        shots=tuple(_shots(view)),
        dates=tuple(dates(view)),
        files=tuple(_files(view.value)),
        children=tuple(drawn(child, numbers) for child in view.children),
        keyboard=_KEYBOARDS.get(kind, "text"),
        is_secret=kind in {"password", "passcode"},
        limit=_limit(view),
        is_counted=_is_counted(view),
        accepts=_accepts(view),
        has_search=len(options) >= _SEARCHED,
        hint=_hint(low, high) or _files_hint(view),
        most=_most_files(view),
    )


def _text(value: JsonValue) -> str:
    """Give a text as a person reads it; a number too, and nothing for what has no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return ""
    return _plain(value)


def _plain(value: JsonValue) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:g}" if is_number else text_in(value) or ""


def _marked_up(view: ElementView) -> Markup:
    """Give the text of a component that shows one."""
    value = view.properties.get("text")
    given = texts_in(value) if isinstance(value, list) else (_text(value),)
    lines = [showable(line) for line in given]
    if view.type == "RichText":
        return markdown(lines, is_rich=True)
    if view.type in _MARKED_UP and view.properties.get("markdown") is True:
        return markdown(lines, has_lists=view.type == "TextBody")
    return Markup("<br>").join(line for text in lines for line in text.split("\n"))


def _hint(low: str, high: str) -> str:
    if low and high:
        return f"Choose {low} to {high}" if low != high else f"Choose {low}"
    if low and low != "0":
        return f"Choose at least {low}"
    return f"Choose up to {high}" if high else ""


def _limit(view: ElementView) -> int:
    name, otherwise = {
        "TextInput": ("max-chars", _MAX_CHARS),
        "TextArea": ("max-length", _MAX_LENGTH),
    }.get(view.type, ("", 0))
    text = _plain(view.properties.get(name))
    return int(text) if text.isdecimal() and len(text) < 7 else otherwise


def _is_counted(view: ElementView) -> bool:
    """Tell whether the characters are counted: in an area, and where a flow sets a limit."""
    return view.type == "TextArea" or (
        view.type == "TextInput" and view.properties.get("max-chars") is not None
    )


def _files_hint(view: ElementView) -> str:
    """Say how many files a picker takes, and how large."""
    noun = {"PhotoPicker": "photo", "DocumentPicker": "document"}.get(view.type)
    if noun is None:
        return ""
    least, most = (view.properties.get(f"{end}-uploaded-{noun}s") for end in ("min", "max"))
    low, high = _plain(least) or "0", _plain(most) or str(_MOST_FILES)
    number = f"{low} to {high}" if low not in {"0", high} else high
    size = _number(view.properties.get("max-file-size-kb")) or _MOST_KB
    large = f"{size / 1024:.3g} MB" if size >= 1024 else f"{size:g} KB"
    start = "Up to " if low == "0" else ""
    if number == "1":
        return f"{start}1 {noun}, up to {large}"
    return f"{start}{number} {noun}s, each up to {large}"


def _most_files(view: ElementView) -> int:
    """Give how many files a picker takes, 0 for what is none."""
    noun = {"PhotoPicker": "photo", "DocumentPicker": "document"}.get(view.type)
    if noun is None:
        return 0
    most = _plain(view.properties.get(f"max-uploaded-{noun}s"))
    return int(most) if most.isdecimal() else _MOST_FILES


def _accepts(view: ElementView) -> str:
    if view.type == "PhotoPicker":
        return _PHOTOS
    return ",".join(texts_in(view.properties.get("allowed-mime-types")))


# --- what can be chosen ---


def _options(view: ElementView) -> Iterator[Option]:
    properties = view.properties
    chosen = (view.value,) if isinstance(view.value, str) else texts_in(view.value)
    entries = properties.get("data-source", properties.get("list-items"))
    most = _plain(properties.get("max-selected-items"))
    is_full = isinstance(view.value, list) and most.isdecimal() and len(chosen) >= int(most)
    for entry in entries if isinstance(entries, list) else ():
        fields = mapping_in(entry)
        main = mapping_in(fields.get("main-content")) or fields
        start, end = mapping_in(fields.get("start")), mapping_in(fields.get("end"))
        picture = fields.get("image", start.get("image"))
        colour = text_in(fields.get("color")) or ""
        name = _text(fields.get("id"))
        is_enabled = view.is_enabled and fields.get("enabled") is not False
        yield Option(
            id=name,
            title=_text(main.get("title")),
            description=_text(main.get("description")),
            metadata=_text(main.get("metadata")),
            picture=picture_address(picture),
            has_picture=picture is not None,
            alt=_text(fields.get("alt-text")) or _text(start.get("alt-text")),
            colour=colour if _COLOUR.fullmatch(colour) else None,
            is_enabled=is_enabled and (not is_full or name in chosen),
            is_chosen=name in chosen,
            badge=_text(fields.get("badge")),
            tags=texts_in(fields.get("tags")),
            end=tuple(
                filter(None, (_text(end.get(key)) for key in ("title", "description", "metadata")))
            ),
        )


# --- pictures ---


def _shots(view: ElementView) -> Iterator[Shot]:
    properties = view.properties
    is_cover = properties.get("scale-type") == "cover"
    if view.type == "Image":
        width, height = _number(properties.get("width")), _number(properties.get("height"))
        ratio = _number(properties.get("aspect-ratio")) or 1.0
        frame = width or 328.0
        tall = height or (frame / ratio if is_cover or ratio != 1.0 else _HEIGHT_OF_CONTAINED)
        yield Shot(
            address=picture_address(properties.get("src")),
            alt=_text(properties.get("alt-text")),
            width=frame,
            height=min(tall, 2000.0),
            is_cover=is_cover,
            is_sized=width is not None,
        )
    elif view.type == "ImageCarousel":
        ratio = _RATIOS.get(_text(properties.get("aspect-ratio")), 4 / 3)
        images = properties.get("images")
        for entry in images if isinstance(images, list) else ():
            fields = mapping_in(entry)
            yield Shot(
                address=picture_address(fields.get("src")),
                alt=_text(fields.get("alt-text")),
                width=320.0,
                height=320.0 / ratio,
                is_cover=is_cover,
            )


def _number(value: JsonValue) -> float | None:
    """Give a size in reason, None for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < 10_000 else None  # type: ignore[arg-type, operator]


# --- files ---


def _files(value: JsonValue) -> Iterator[File]:
    for one in value if isinstance(value, list) else ():
        name = one if isinstance(one, str) else text_in(mapping_in(one).get("file_name"))
        if name:
            yield File(name=name, told=json.dumps(one))
