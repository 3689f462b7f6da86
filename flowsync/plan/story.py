"""The whole story of one decision, as values: from what was desired to what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from flowsync.model import FlowId, FlowKey, JsonValue
from flowsync.plan.values import Change

FORMAT_VERSION = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What the definition asks for on the target; `overridden` are fields set for it alone.

    `endpoint_uri` counts only where `manages_endpoint`; then None means that there is to be none.
    """

    definition: str
    state: str
    name: str
    categories: tuple[str, ...]
    manages_endpoint: bool
    endpoint_uri: str | None
    flow_json: str | None
    overridden: tuple[str, ...] = ()


class MatchedBy(Enum):
    """How the flow was found that the definition means."""

    NAME = "name"
    EARLIER_NAME = "renamed_from"
    SUCCESSION = "successor"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFlow:
    """What was observed: the flow, and how it was found; all None where none was.

    `content` tells whether its Flow JSON was read, `content_note` why not. `findings` are what the
    platform finds wrong in it, `predecessors` earlier versions that it replaced.
    """

    matched_by: MatchedBy
    id: FlowId | None = None
    name: str | None = None
    status: str | None = None
    content: str = "unread"
    content_note: str = ""
    findings: tuple[str, ...] = ()
    predecessors: tuple[FlowId, ...] = ()


class Result(Enum):
    """What a comparison gave."""

    EQUAL = "equal"
    DIFFERS = "differs"
    NOT_MANAGED = "not managed"
    UNKNOWN = "unknown"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One field on both sides; `note` is a sentence, empty where the values say everything."""

    name: str
    result: Result
    desired: JsonValue = field(default=None, hash=False)
    observed: JsonValue = field(default=None, hash=False)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """The row of the planning table, and its column; `words` are what stands in the cell."""

    desired: str
    observed: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A rule that could keep apply from the change; `holds` tells whether it does."""

    rule: str
    holds: bool
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Why a plan has for one flow the change that it has.

    `change` is the plan's own. `since` is when both sides last agreed.
    """

    key: FlowKey
    desired: Desired
    seen: SeenFlow
    compared: tuple[Comparison, ...]
    row: TableRow
    rulings: tuple[Ruling, ...]
    change: Change
    since: str | None = None
