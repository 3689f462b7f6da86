"""What differs, as lines of a page: a sign, a colour and words, grouped by screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flowsync.plan.difference_values import Difference, DifferenceKind
from flowsync.plan.values import FieldChange
from flowsync.render.difference_words import ScreenDifferences, by_screen, phrase_of
from flowsync.render.phrases import Part, Phrase, Role, new, old, trimmed, words
from flowsync.render.style import short

_LONGEST_VALUE = 160  # on a line; the rest is folded away below it
_LONGEST_NAME = 2000
_MOST_OF_WHOLE = 20_000  # a picture in a Flow JSON has millions
_MARKS = {
    DifferenceKind.ADDED: ("good", "+"),
    DifferenceKind.REMOVED: ("bad", "−"),
    DifferenceKind.CHANGED: ("warn", "~"),
    DifferenceKind.MOVED: ("warn", "↕"),
    DifferenceKind.RENAMED: ("warn", "~"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part of a line; `role` is words, name, old or new."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that differs; `word` says what `sign` and `tone` show.

    `wholes` are the values that are cut in `parts`, to be unfolded.
    """

    word: str
    tone: str
    sign: str
    parts: tuple[PartView, ...]
    wholes: tuple[PartView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What differs on one screen, or in the flow as a whole where `id` is empty."""

    id: str
    title: str
    lines: tuple[Line, ...]


def screens_of(differences: Iterable[Difference]) -> tuple[Screen, ...]:
    """Give the differences below the screens that they are on."""
    return tuple(map(_screen, by_screen(differences)))


def field_line(field: FieldChange) -> Line:
    """Give a field of a flow with its old and new value."""
    about, before, after = words(f"{field_name(field)} "), old(field.old), new(field.new)
    if field.new is None:
        return _line(DifferenceKind.REMOVED, (about, before))
    if field.old is None:
        return _line(DifferenceKind.ADDED, (about, after))
    return _line(DifferenceKind.CHANGED, (about, before, words(" → "), after))


def field_name(field: FieldChange) -> str:
    """Give what people call a field of a flow."""
    return {"flow_json": "Flow JSON", "endpoint_uri": "endpoint"}.get(field.name, field.name)


def _screen(group: ScreenDifferences) -> Screen:
    lines = tuple(_line(one.kind, phrase_of(one)) for one in group.differences)
    return Screen(id=group.screen or "", title=group.title, lines=lines)


def _line(kind: DifferenceKind, phrase: Phrase) -> Line:
    tone, sign = _MARKS[kind]
    shown = trimmed(phrase, _LONGEST_VALUE)
    return Line(
        word=kind.value,
        tone=tone,
        sign=sign,
        parts=tuple(map(_part, shown)),
        wholes=tuple(map(_whole, filter(_is_cut, phrase))),
    )


def _part(part: Part, longest: int | None = None) -> PartView:
    longest = longest or (_LONGEST_NAME if part.role is Role.NAME else _LONGEST_VALUE)
    is_ours = part.role is Role.WORDS
    text = str(part.value) if is_ours else short(part.value, longest=longest)
    return PartView(role=part.role.value, text=text)


def _is_cut(part: Part) -> bool:
    """Tell whether an old or new value has more than a line shows."""
    is_value = part.role in {Role.OLD, Role.NEW}
    return is_value and len(_part(part, _LONGEST_VALUE + 1).text) > _LONGEST_VALUE


def _whole(part: Part) -> PartView:
    """Give a value as a whole; of one that no page should hold, where there is more."""
    view = _part(part, _MOST_OF_WHOLE)
    if len(view.text) < _MOST_OF_WHOLE:
        return view
    return replace(view, text=f"{view.text} (`flowsync plan --format json` has it all)")
