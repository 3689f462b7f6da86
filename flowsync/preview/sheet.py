"""All screens of a flow, each as it shows when it is opened by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from flowsync.model import JsonValue
from flowsync.preview.engine import DataSet, Session, Start
from flowsync.preview.engine.reading import Unrunnable, read_runnable
from flowsync.preview.views import ElementView, Pointer, ScreenView


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison: the Flow JSON, the id of the screen there, and what is marked."""

    heading: str
    flow_json: JsonValue
    screen: str | None
    changed: tuple[Pointer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A screen on both sides of a change; a side without one has no `screen`."""

    before: Side
    after: Side

    @property
    def name(self) -> str:
        """Give the id of the screen, the new one where both sides have one."""
        return self.after.screen or self.before.screen or ""


def screens_of(
    flow_json: JsonValue, *, today: date, data_set: DataSet = DataSet.EXAMPLES
) -> tuple[ScreenView, ...]:
    """Give a view of each screen in its order; what cannot be opened is left out."""
    flow = read_runnable(flow_json)
    if isinstance(flow, Unrunnable):
        return ()
    session = Session(flow_json, today=today)
    views = (
        (one.id, session.again(Start(screen=one.id, data_set=data_set)).view())
        for one in flow.screens
    )
    return tuple(view for screen, view in views if view.id == screen)


def screen_of(
    flow_json: JsonValue, screen: str, *, today: date, data_set: DataSet = DataSet.EXAMPLES
) -> ScreenView | None:
    """Give a view of one screen, None where the flow has none of this id."""
    start = Start(screen=screen, data_set=data_set)
    view = Session(flow_json, today=today, start=start).view()
    return view if view.id == screen else None


def marked(view: ScreenView, changed: Iterable[Pointer]) -> ScreenView:
    """Give a screen whose elements are marked that hold one of these places."""
    places = tuple(changed)

    def told(element: ElementView) -> ElementView:
        at = element.pointer
        return replace(
            element,
            is_marked=any(place[: len(at)] == at for place in places),
            children=tuple(map(told, element.children)),
        )

    footer = None if view.footer is None else told(view.footer)
    return replace(view, elements=tuple(map(told, view.elements)), footer=footer)
