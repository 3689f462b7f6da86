"""Differences of Flow JSON in words for a reader who has never seen Flow JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flowsync.component_words import kind_word
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.plan.difference_values import Difference, DifferenceKind, Subject
from flowsync.render.phrases import Part, Phrase, name, new, old, words

_DOES = {
    "complete": "ends the flow",
    "data_exchange": "asks the endpoint",
    "navigate": "leads to another screen",
    "open_url": "opens a web page",
    "update_data": "updates the screen",
}
_DID = {
    "complete": "ended the flow",
    "data_exchange": "asked the endpoint",
    "navigate": "led to another screen",
    "open_url": "opened a web page",
    "update_data": "updated the screen",
}
_OF_SCREENS = {  # what an own switch of a screen means, on and off
    "refresh_on_back": (
        "asks the endpoint again when people come back to it",
        "no longer asks the endpoint again when people come back to it",
    ),
    "success": (
        "an end here counts as a success",
        "an end here no longer counts as a success",
    ),
    "terminal": ("the flow can end here now", "the flow can no longer end here"),
}
_WHEN = {"on-select-action": "when chosen, ", "on-unselect-action": "when not chosen any more, "}
_ON_BY_DEFAULT = {"enabled", "visible"}
_UNSEEN = {"Form"}  # what stands in it looks as if it stood on the screen


class ScreenDifferences(NamedTuple):
    """The differences of one screen, or of the flow as a whole where `screen` is None."""

    screen: str | None
    title: str
    differences: tuple[Difference, ...]


def by_screen(differences: Iterable[Difference]) -> tuple[ScreenDifferences, ...]:
    """Group differences by screen, in the order in which screens come up."""
    groups: dict[str | None, list[Difference]] = {}
    for difference in differences:
        groups.setdefault(difference.screen, []).append(difference)
    return tuple(
        ScreenDifferences(screen, found[0].screen_title, tuple(found))
        for screen, found in groups.items()
    )


def phrase_of(difference: Difference) -> Phrase:
    """Give a difference in words; the screen that it is on stands above it."""
    match difference.subject:
        case Subject.FLOW:
            return (words("the Flow JSON as a whole changed"),)
        case Subject.SCREEN:
            return _screen(difference)
        case Subject.COMPONENT:
            return _component(difference)
        case Subject.OPTION:
            return (*_about(difference), *_option(difference))
        case Subject.ACTION:
            return (*_about(difference), *_action(difference))
        case Subject.ROUTE:
            return _route(difference)
        case Subject.DATA:
            return _data(difference)
        case Subject.TEXT | Subject.SETTING:
            is_text = difference.subject is Subject.TEXT
            return (*_about(difference, is_text=is_text), *_value(difference, difference.what))


def _about(difference: Difference, *, is_text: bool = False) -> Phrase:
    """Name the component that a difference is about; nothing where the screen is meant.

    Where its own text changes it goes by its name alone, because its label says old or new only.
    """
    if not difference.component:
        return ()
    kind, called, place = _named(difference.component)
    label = "" if is_text or difference.item is not None else difference.label
    handle: Phrase = (words(kind),)
    if label:
        handle = (*handle, words(" "), name(label))
    elif called:
        handle = (*handle, words(" "), name(called))
    return (*handle, words(f"{place}: "))


def _named(component: str) -> tuple[str, str, str]:
    """Give a component's kind in words, its name, and where it stands if that can be seen."""
    *around, last = component.split(" › ")
    kind, _, called = last.partition(" ")
    seen = [part for part in around if part.partition(" ")[0] not in _UNSEEN]
    place = f" (in {' › '.join(seen)})" if seen else ""
    if called.isdigit():  # the number of one without a name
        return f"{kind_word(kind)} {called}", "", place
    return kind_word(kind), called, place


def _screen(one: Difference) -> Phrase:
    if one.kind is DifferenceKind.MOVED:
        return (words("screens in another order: "), *_listed(one.new))
    if one.kind is DifferenceKind.RENAMED:
        return (words("screen id "), old(one.old), words(" → "), new(one.new))
    return (words(f"screen {one.kind.value}"),)


def _listed(value: JsonValue) -> Phrase:
    items = value if isinstance(value, list) else [value]
    parts: list[Part] = []
    for item in items:
        parts += [words(", "), name(item)] if parts else [name(item)]
    return tuple(parts)


def _component(one: Difference) -> Phrase:
    kind, called, place = _named(one.component)
    shown: Phrase = (words(kind),)
    if one.label:
        shown = (*shown, words(" "), name(one.label))
    if called:
        shown = (
            (*shown, words(" ("), name(called), words(")"))
            if one.label
            else (
                *shown,
                words(" "),
                name(called),
            )
        )
    shown = (*shown, words(place))
    match one.what:
        case "type":
            before = kind_word(str(one.old))
            return (*shown, words(f": now a {kind} instead of a {before}"))
        case "name":
            return (*shown, words(": name "), old(one.old), words(" → "), new(one.new))
        case "order":
            if one.new is None:
                return (*shown, words(" moved to the top"))
            before, its_name, _ = _named(str(one.new))
            more: Phrase = (words(" "), name(its_name)) if its_name else ()
            return (*shown, words(f" moved: now after {before}"), *more)
        case "place":
            return (*shown, words(f" moved from {one.old} to {one.new}"))
    return (*shown, words(f" {one.kind.value}"))


def _option(one: Difference) -> Phrase:
    if one.kind is DifferenceKind.MOVED:
        return (words("options in another order: "), *_listed(one.new))
    if one.item is None:
        return _value(one, "options")
    option: Phrase = (words("option "), name(one.label or one.item))
    if one.kind is DifferenceKind.RENAMED:
        return (*option, words(": id "), old(one.old), words(" → "), new(one.new))
    property_name = one.what.rpartition('"')[2].lstrip(".")
    if not property_name:
        return (*option, words(f" {one.kind.value}"))
    if property_name.endswith("title") and one.kind is DifferenceKind.CHANGED:
        return (words("option "), old(one.old), words(" → "), new(one.new))
    return (*option, words(": "), *_value(one, property_name))


def _action(one: Difference) -> Phrase:
    lead, _, path = one.what.rpartition("-action")
    when = _WHEN.get(f"{lead.rpartition('.')[2]}-action", "")
    at: Phrase = (words("option "), name(one.label or one.item), words(": ")) if one.item else ()
    path = path.lstrip(".")
    if path == "next.name":
        return (
            *at,
            words(f"{when}leads to screen "),
            new(one.new),
            words(" instead of "),
            old(one.old),
        )
    if path == "name":
        after = _DOES.get(str(one.new), f"does {one.new}")
        before = _DID.get(str(one.old), f"did {one.old}")
        return (*at, words(f"{when}{after}; before, it {before}"))
    target = text_in(mapping_in(one.old if one.new is None else one.new).get("name"))
    if path == "next" and target is not None and (one.old is None or one.new is None):
        verb = "leads" if one.old is None else "no longer leads"
        side = new if one.old is None else old
        return (*at, words(f"{when}{verb} to screen "), side(target))
    if path.startswith("payload."):
        return (*at, words(when), *_sent(one, path.removeprefix("payload.")))
    if not path:
        action = mapping_in(one.old if one.new is None else one.new)
        does = _DOES.get(text_in(action.get("name")) or "", "does something")
        verb = "no longer " if one.kind is DifferenceKind.REMOVED else "now "
        return (*at, words(f"{when}{verb}{does}"))
    return (*at, *_value(one, path))


def _sent(one: Difference, key: str) -> Phrase:
    if one.kind is DifferenceKind.ADDED:
        return (words("also sends "), name(key), words(": "), new(one.new))
    if one.kind is DifferenceKind.REMOVED:
        return (words("no longer sends "), name(key))
    return (words("sends "), name(key), words(": "), old(one.old), words(" → "), new(one.new))


def _route(one: Difference) -> Phrase:
    source, arrow, target = one.what.partition(" → ")
    if not arrow:
        return (words(f"{one.what} {one.kind.value}"),)
    way: Phrase = (words("way from "), name(source), words(" to "), name(target))
    return (*way, words(f" {one.kind.value}"))


def _data(one: Difference) -> Phrase:
    field = one.item or ""
    about: Phrase = (words("data "), name(field)) if field else (words("data"),)
    rest = one.what.removeprefix(f"data.{field}").lstrip(".")
    if one.kind in {DifferenceKind.ADDED, DifferenceKind.REMOVED} and not rest:
        schema = mapping_in(one.old if one.new is None else one.new)
        kind = text_in(schema.get("type"))
        return (*about, words(f" ({kind}) {one.kind.value}" if kind else f" {one.kind.value}"))
    shown = rest.replace("__example__", "example")
    return (*about, words(": "), *_value(one, shown))


def _value(one: Difference, what: str) -> Phrase:
    """Say how a property changed; yes and no in words."""
    if _is_flag(one, what):
        is_on = one.new if isinstance(one.new, bool) else what in _ON_BY_DEFAULT
        if not one.component and what in _OF_SCREENS:
            return (words(_OF_SCREENS[what][not is_on]),)
        return (words(f"{'now' if is_on else 'no longer'} {what}"),)
    if one.kind is DifferenceKind.ADDED:
        return (words(f"{what} added: "), new(one.new))
    if one.kind is DifferenceKind.REMOVED:
        return (words(f"{what} removed: "), old(one.old))
    if one.kind is DifferenceKind.MOVED:
        return (words(f"{what}: "), *_listed(one.new))
    return (words(f"{what} "), old(one.old), words(" → "), new(one.new))


def _is_flag(one: Difference, what: str) -> bool:
    """Tell whether a property that is either on or off was switched."""
    sides = (one.old, one.new)
    are_flags = all(side is None or isinstance(side, bool) for side in sides)
    by_default = what in _ON_BY_DEFAULT
    before, after = (by_default if side is None else bool(side) for side in sides)
    return are_flags and before != after
