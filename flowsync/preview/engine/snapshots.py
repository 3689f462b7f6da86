"""Where a person is in a flow, kept while its files change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flowsync.preview.engine import inputs
from flowsync.preview.engine.completion import Completion
from flowsync.preview.engine.data_sets import data_for
from flowsync.preview.engine.log import LogEntry
from flowsync.preview.engine.playing import Play, Start
from flowsync.preview.engine.reading import screen_named
from flowsync.preview.engine.visits import Visit
from flowsync.validation.examples import misfit_of
from flowsync.validation.outline import Flow, Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A run at one moment, without the flow itself.

    `path` are the screens that lead to the one that shows; `visits` are all that were entered.
    """

    start: Start
    path: tuple[str, ...]
    visits: tuple[Visit, ...]
    log: tuple[LogEntry, ...] = ()
    notice: str | None = None
    completion: Completion | None = None
    is_closed: bool = False


def snapshot_of(play: Play) -> Snapshot:
    """Give where a run is."""
    return Snapshot(
        start=play.start,
        path=play.path,
        visits=tuple(play.visits.values()),
        log=play.log,
        notice=play.notice,
        completion=play.completion,
        is_closed=play.is_closed,
    )


def resumed_play(flow: Flow, snapshot: Snapshot) -> Play | None:
    """Give the run on another state of its flow; None where its first screen is gone.

    The person goes back to the last screen that is still there. Of data and input all is kept that
    still has a place; examples are taken from the new flow.
    """
    path: list[str] = []
    for name in snapshot.path:
        if screen_named(flow, name) is None:
            break
        path.append(name)
    if not path:
        return None
    visits = {
        one.screen_id: _fitted(screen, one, snapshot.start)
        for one in snapshot.visits
        if (screen := screen_named(flow, one.screen_id)) is not None
    }
    return Play(
        flow=flow,
        start=snapshot.start,
        path=tuple(path),
        visits=visits,
        log=snapshot.log,
        notice=snapshot.notice,
        completion=snapshot.completion,
        is_closed=snapshot.is_closed,
    )


def _fitted(screen: Screen, visit: Visit, start: Start) -> Visit:
    stand_in = data_for(screen, start.data_set)
    model = screen.data or {}
    data = (
        dict(stand_in)
        if visit.is_example
        else {
            **{name: value for name, value in stand_in.items() if name not in visit.data},
            **{
                name: value if _fits(model.get(name), value) else stand_in.get(name)
                for name, value in visit.data.items()
                if name in model
            },
        }
    )
    filled = {
        name: value
        for name, value in visit.filled.items()
        if (component := screen.named.get(name)) is not None
        and inputs.is_input(component)
        and inputs.takes(component, value) is None
    }
    return replace(visit, data=data, filled=filled, left=visit.left & set(screen.named))


def _fits(field: object, value: object) -> bool:
    return not isinstance(field, dict) or misfit_of(field, value) is None  # type: ignore[arg-type]
