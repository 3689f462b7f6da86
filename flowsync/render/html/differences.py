"""Differences inside Flow JSON as lines of a page, grouped by screen in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flowsync.model import JsonValue
from flowsync.plan.values import Difference, FieldChange
from flowsync.render.style import short

_LONGEST_VALUE = 2000

# The sign and the word that each kind of change is marked with, besides its colour.
MARKS = {
    "added": ("good", "+"),
    "removed": ("bad", "−"),
    "changed": ("warn", "~"),
    "moved": ("warn", "↕"),
    "renamed": ("warn", "~"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that changes, in one line: what, how, and its values before and after."""

    text: str
    word: str
    old: str = ""
    new: str = ""

    @property
    def tone(self) -> str:
        """Give the colour of the line."""
        return MARKS[self.word][0]

    @property
    def sign(self) -> str:
        """Give the sign that says the same as the colour."""
        return MARKS[self.word][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What changes on one screen, or in the flow as a whole."""

    title: str
    lines: tuple[Line, ...]


def by_screen(differences: Iterable[Difference]) -> Iterator[Screen]:
    """Give the differences below the screens that they are on, screens in their order."""
    groups: dict[str, list[Line]] = {}
    for difference in differences:
        title, text = _placed(difference)
        groups.setdefault(title, []).append(_line(difference, text))
    yield from (Screen(title=title, lines=tuple(lines)) for title, lines in groups.items())


def field_line(field: FieldChange) -> Line:
    """Give a field of a flow with its old and new value."""
    word = "added" if field.old is None else "removed" if field.new is None else "changed"
    name = "Flow JSON" if field.name == "flow_json" else field.name
    return Line(text=name, word=word, old=_value(field.old), new=_value(field.new))


def _placed(difference: Difference) -> tuple[str, str]:
    """Give the heading that a difference stands under, and what it is about there."""
    screen, _, component = difference.where.partition(" › ")
    title = "The flow as a whole" if screen == "flow" else f"S{screen[1:]}"
    text = ": ".join(part for part in (component, difference.what) if part)
    return title, text or ("the whole flow" if screen == "flow" else "the whole screen")


def _line(difference: Difference, text: str) -> Line:
    return Line(
        text=text,
        word=difference.kind,
        old=_value(difference.old),
        new=_value(difference.new),
    )


def _value(value: JsonValue) -> str:
    return "" if value is None else short(value, longest=_LONGEST_VALUE)
