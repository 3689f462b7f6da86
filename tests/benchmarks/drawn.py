"""What is wrong with a screen as the preview draws it, read back from the page's own HTML."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser

from flowsync.model import JsonValue
from flowsync.preview.page.drawing import draw_screen
from flowsync.preview.page.values import Look
from flowsync.preview.views import ElementView, ScreenView
from flowsync.validation.components import COMPONENTS

LOOK = Look()
MARKUP = "\"'><b poison=1>&<script>"  # what a value may hold, and no page may take for its own
_VOID = frozenset({"br", "img", "image", "input", "rect"})  # of those that the page has
_ADDRESSES = frozenset({"href", "src"})
_NAMES = re.compile(r'"[^"]*"')
_BINDING = re.compile(r"\$\{(?:data|form|screen)(?:\.\w+)+\}")  # as the platform reads one
_DRAWN_WITHOUT_TEXT = frozenset({"Form", "If", "Switch"})


class _Read(HTMLParser):
    """Reads a piece of HTML; `wrong` are sentences on what no template of ours writes."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open.append(tag)
        self._look_at(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, attrs)

    def _look_at(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "iframe", "object", "b"}:
            self.wrong.append(f"has a {tag}")
        for name, value in attrs:
            if name == "poison" or name == "style" or name.startswith("on"):
                self.wrong.append(f"has an attribute {name} on {tag}")
            if name in _ADDRESSES and not (value or "").startswith("data:image/"):
                self.wrong.append(f"loads from {tag} {name}")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"closes {tag} where it is not open")

    def ended(self) -> _Read:
        self.close()
        if self._open:
            self.wrong.append(f"leaves {self._open[-1]} open")
        return self


def faults_of(view: ScreenView) -> Iterator[str]:
    """Give a sentence on each thing that is wrong with a screen as it is drawn; none is right."""
    for which, one in (("", view), (" with markup in its values", _poisoned(view))):
        try:
            html = str(draw_screen(one, LOOK))
        except Exception:
            last = traceback.format_exc().strip().splitlines()[-1]
            yield f"is not drawn{which}: {last}"
            continue
        read = _Read()
        read.feed(html)
        yield from (f"{wrong}{which}" for wrong in dict.fromkeys(read.ended().wrong))
        yield from (f"draws {name} as nothing{which}" for name in _empty_boxes(html, one))
    for element in view.walk():
        for name, value in element.properties.items():
            if isinstance(value, str) and _BINDING.fullmatch(value):
                yield f"shows {value} as the {name} of {element.type}"
        if element.type not in COMPONENTS:
            yield f"does not know {element.type or 'a component without a type'}"


def undrawn_in(view: ScreenView) -> Iterator[str]:
    """Give the types of components that no phone would draw with this data, and why not."""
    for element in view.walk():
        if not element.is_drawn:
            yield f"{element.type}: {_NAMES.sub('…', element.problem or '')}"


def _empty_boxes(html: str, view: ScreenView) -> Iterator[str]:
    """Give the types that no template draws."""
    for element in view.walk():
        if element.is_drawn and element.type not in _DRAWN_WITHOUT_TEXT:
            place = "/".join(("", *map(str, element.pointer)))
            after = html.partition(f'data-element="{place}">')[2].lstrip()
            if not after or after.startswith(("</div>", '<p class="problem"')):
                yield element.type


def _poisoned(view: ScreenView) -> ScreenView:
    footer = None if view.footer is None else _poisoned_element(view.footer)
    elements = tuple(map(_poisoned_element, view.elements))
    return replace(view, title=view.title + MARKUP, elements=elements, footer=footer)


def _poisoned_element(element: ElementView) -> ElementView:
    properties = {name: _poison(value) for name, value in element.properties.items()}
    return replace(
        element,
        properties=properties,
        value=_poison(element.value),
        error=element.error and element.error + MARKUP,
        problem=element.problem and element.problem + MARKUP,
        children=tuple(map(_poisoned_element, element.children)),
    )


def _poison(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return value + MARKUP
        case list():
            return [_poison(one) for one in value]
        case Mapping():
            return {name: _poison(one) for name, one in value.items()}
    return value
