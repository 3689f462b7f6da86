"""The planning table as data: what its columns are, and what each of its cells asks for.

`decide` looks up the column here, and a story of its decision names the same cell, so that no
story can be of another row. A rule that keeps a flow from its cell makes a conflict.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flowsync.model import LIVE, DesiredState, FlowStatus, known_status
from flowsync.plan.situation import Situation
from flowsync.plan.values import Action


class Column(Enum):
    """What was observed; the value is the head of the column."""

    MISSING = "missing"
    DRAFT = "DRAFT"
    LIVE = "PUBLISHED, THROTTLED, BLOCKED"
    DEPRECATED = "DEPRECATED"
    OTHER = "another status"
    UNCLEAR = "unclear which flow"


def column_of(situation: Situation) -> Column:
    """Give the column that a situation stands in; a read comes after the listing."""
    if situation.match.problem is not None:
        return Column.UNCLEAR
    latest = situation.remote or situation.match.flow
    if situation.match.flow is None or latest is None:
        return Column.MISSING
    status = known_status(latest.status)
    if status in LIVE:
        return Column.LIVE
    match status:
        case FlowStatus.DRAFT:
            return Column.DRAFT
        case FlowStatus.DEPRECATED:
            return Column.DEPRECATED
        case _:
            return Column.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell in words, and the actions that follow from it where no rule stands against it."""

    words: str
    actions: frozenset[Action]


def cell_of(desired: DesiredState, column: Column) -> Cell:
    """Give the cell for what is desired and what was observed."""
    return _TABLE.get((desired, column)) or _WHATEVER_IS_DESIRED[column]


def _cell(words: str, *actions: Action) -> Cell:
    return Cell(words=words, actions=frozenset(actions))


_S, _C = DesiredState, Column
_TABLE = {
    (_S.DRAFT, _C.MISSING): _cell("create, upload", Action.CREATE),
    (_S.DRAFT, _C.DRAFT): _cell("update, upload as needed", Action.UPDATE, Action.NONE),
    (_S.DRAFT, _C.LIVE): _cell(
        "edit as needed (it becomes a draft, the live version stays up); else no change",
        Action.UPDATE,
        Action.NONE,
    ),
    (_S.DRAFT, _C.DEPRECATED): _cell("conflict: deprecated is for ever", Action.CONFLICT),
    (_S.PUBLISHED, _C.MISSING): _cell("create, upload, publish", Action.CREATE),
    (_S.PUBLISHED, _C.DRAFT): _cell(
        "update and upload as needed, then publish", Action.UPDATE, Action.PUBLISH
    ),
    (_S.PUBLISHED, _C.LIVE): _cell(
        "edit as needed, then publish; else no change, but for flows that it has replaced",
        Action.UPDATE,
        Action.DEPRECATE,
        Action.NONE,
    ),
    (_S.PUBLISHED, _C.DEPRECATED): _cell(
        "conflict, or with `replace: true` a new flow takes its place",
        Action.CONFLICT,
        Action.REPLACE,
    ),
    (_S.DEPRECATED, _C.MISSING): _cell("no change", Action.NONE),
    (_S.DEPRECATED, _C.DRAFT): _cell("conflict: a draft cannot be deprecated", Action.CONFLICT),
    (_S.DEPRECATED, _C.LIVE): _cell("deprecate", Action.DEPRECATE),
    (_S.DEPRECATED, _C.DEPRECATED): _cell(
        "no change, but for flows that it has replaced", Action.NONE, Action.DEPRECATE
    ),
    (_S.ABSENT, _C.MISSING): _cell("no change", Action.NONE),
    (_S.ABSENT, _C.DRAFT): _cell("delete", Action.DELETE),
    (_S.ABSENT, _C.LIVE): _cell("conflict: only a draft can be deleted", Action.CONFLICT),
    (_S.ABSENT, _C.DEPRECATED): _cell("no change: it stays, and cannot be used", Action.NONE),
}
_WHATEVER_IS_DESIRED = {
    _C.OTHER: _cell("conflict: a status that is not known is never written to", Action.CONFLICT),
    _C.UNCLEAR: _cell("conflict: it must be clear which flow is meant", Action.CONFLICT),
}
