"""What a screen shows at one moment, as values: made by the engine, drawn by the page.

All bindings are resolved here, and the branches of If and Switch chosen: whoever draws a view needs
no rule of Flow JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flowsync.model import JsonValue

Pointer = tuple[str | int, ...]


def pointer_text(pointer: Pointer) -> str:
    """Give a pointer as a JSON pointer (RFC 6901): `/screens/0/layout`."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementView:
    """A component as it shows now.

    `pointer` is its place in the Flow JSON. `properties` are as in Flow JSON (`label`,
    `helper-text`, `data-source`), with each binding replaced by its value. `children` are those of
    a Form; If and Switch are left out, and what they choose stands in their place. `value` is what
    an input holds now, None while it holds nothing. `error` is shown with the input. `problem` says
    why a phone would not draw the component (then `is_drawn` is false), or would draw it otherwise
    than asked. `place` is where it stands in the author's files and `findings` what a validation
    says of it, `is_marked` where it is to be outlined as changed; the engine sets none of these.
    """

    pointer: Pointer
    type: str
    name: str | None = None
    properties: Mapping[str, JsonValue] = field(default_factory=dict)
    children: tuple[ElementView, ...] = ()
    is_enabled: bool = True
    is_required: bool = False
    value: JsonValue = None
    error: str | None = None
    problem: str | None = None
    is_drawn: bool = True
    place: str = ""
    findings: tuple[str, ...] = ()
    is_marked: bool = False

    def walk(self) -> Iterator[ElementView]:
        """Give this element and all that it contains, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenView:
    """A screen as it shows now; hidden elements are left out.

    `footer` is the Footer wherever it stands, and is not among the `elements`. `progress` is from 0
    to 1, None where a phone shows no bar. `can_go_back` is false on the first screen, whose button
    closes the flow. `notice` is a passing message, such as an endpoint's `error_message`.
    `is_waiting` while an endpoint is asked.
    """

    pointer: Pointer
    id: str
    title: str
    elements: tuple[ElementView, ...]
    footer: ElementView | None = None
    can_go_back: bool = False
    is_terminal: bool = False
    progress: float | None = None
    notice: str | None = None
    is_waiting: bool = False

    def walk(self) -> Iterator[ElementView]:
        """Give all elements of the screen in reading order, the footer last."""
        for element in self.elements:
            yield from element.walk()
        if self.footer is not None:
            yield self.footer
