"""An element as a template needs it: texts, options and pictures, whatever shape the flow has."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from flowsync.model import text_in, texts_in
from flowsync.preview.page.days import Date, dates
from flowsync.preview.page.files import File, accepted_by, files_hint, files_of, most_files
from flowsync.preview.page.markdown import markdown
from flowsync.preview.page.options import Option, choices_hint, options_of
from flowsync.preview.page.properties import plain, text_of
from flowsync.preview.page.shots import Shot, shots_of
from flowsync.preview.page.showable import showable
from flowsync.preview.views import ElementView, pointer_text

_MAX_CHARS, _MAX_LENGTH = 80, 600  # of a TextInput and a TextArea that name none
_SEARCHED = 40  # options, from which on a list has a search
_MARKED_UP = {"TextBody", "TextCaption"}
_KEYBOARDS = {
    "number": "decimal",
    "email": "email",
    "passcode": "numeric",
    "phone": "tel",
}


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
    kind = text_in(properties.get("input-type")) or "text"
    options = tuple(options_of(view))
    return Drawn(
        view=view,
        number=number,
        place=pointer_text(view.pointer),
        label=text_of(properties.get("label")) or text_of(properties.get("title")),
        description=text_of(properties.get("description")),
        helper=text_of(properties.get("helper-text")),
        text=_marked_up(view),
        options=options,
        shots=tuple(shots_of(view)),
        dates=tuple(dates(view)),
        files=tuple(files_of(view.value)),
        children=tuple(drawn(child, numbers) for child in view.children),
        keyboard=_KEYBOARDS.get(kind, "text"),
        is_secret=kind in {"password", "passcode"},
        limit=_limit(view),
        is_counted=_is_counted(view),
        accepts=accepted_by(view),
        has_search=len(options) >= _SEARCHED,
        hint=choices_hint(view) or files_hint(view),
        most=most_files(view),
    )


def _marked_up(view: ElementView) -> Markup:
    """Give the text of a component that shows one."""
    value = view.properties.get("text")
    given = texts_in(value) if isinstance(value, list) else (text_of(value),)
    lines = [showable(line) for line in given]
    if view.type == "RichText":
        return markdown(lines, is_rich=True)
    if view.type in _MARKED_UP and view.properties.get("markdown") is True:
        return markdown(lines, has_lists=view.type == "TextBody")
    return Markup("<br>").join(line for text in lines for line in text.split("\n"))


def _limit(view: ElementView) -> int:
    name, otherwise = {
        "TextInput": ("max-chars", _MAX_CHARS),
        "TextArea": ("max-length", _MAX_LENGTH),
    }.get(view.type, ("", 0))
    text = plain(view.properties.get(name))
    return int(text) if text.isdecimal() and len(text) < 7 else otherwise


def _is_counted(view: ElementView) -> bool:
    """Tell whether the characters are counted: in an area, and where a flow sets a limit."""
    return view.type == "TextArea" or (
        view.type == "TextInput" and view.properties.get("max-chars") is not None
    )
