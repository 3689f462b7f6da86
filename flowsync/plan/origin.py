"""Where the change of a flow comes from: the repository, the remote, or both.

Three sides are compared field by field, as in a merge: what a definition asks for, what was
observed, and what both had when they last agreed. Of the last only digests are known.

A flow that is missing, or only has another status, is not changed on both sides: nothing that
somebody wrote on the remote would be written over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from flowsync.model import (
    LIVE,
    ContentState,
    DesiredState,
    FlowDefinition,
    FlowKey,
    FlowStatus,
    JsonValue,
    Observed,
    RemoteFlow,
    StepKind,
    canonical_digest,
    known_status,
)
from flowsync.plan.values import (
    Action,
    Change,
    Fingerprint,
    Origin,
    Plan,
    Reason,
)

_STATE = "state"
_IN_STEP = {Reason.UNCHANGED, Reason.STAYS_PUBLISHED}
_STATE_AFTER = {
    StepKind.CREATE: DesiredState.DRAFT,
    StepKind.UPDATE: DesiredState.DRAFT,
    StepKind.UPLOAD: DesiredState.DRAFT,
    StepKind.PUBLISH: DesiredState.PUBLISHED,
    StepKind.DEPRECATE: DesiredState.DEPRECATED,
    StepKind.DELETE: DesiredState.ABSENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What a flow had when both sides last agreed.

    `fields` are SHA-256 digests by field, and the `state` as a word; a field that is not known is
    left out. `ours` are other values, by field, that were written from the repository or that it
    asked for before: an apply that ended half-way may have left them.
    """

    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    ours: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    def with_ours(self, more: Iterable[Mapping[str, str]]) -> Agreed:
        """Give the same with more values that come from the repository."""
        ours = {name: set(values) for name, values in self.ours.items()}
        for fields in more:
            for name, value in fields.items():
                ours.setdefault(name, set()).add(value)
        return replace(self, ours={name: frozenset(values) for name, values in ours.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What the flows of a target had when both sides agreed, by key.

    `since` says when that was, to follow the word «since». Where `is_whole`, a flow that is not
    among the `flows` did not exist then.
    """

    since: str
    flows: Mapping[FlowKey, Agreed] = field(default_factory=dict, hash=False)
    is_whole: bool = False


def fields_asked_for(definition: FlowDefinition) -> dict[str, str]:
    """Give the digests of what a definition asks for; an endpoint only where it is managed."""
    fields: dict[str, JsonValue] = {
        "name": definition.name,
        "categories": [*sorted(set(definition.categories))],
    }
    if definition.manages_endpoint:
        fields["endpoint_uri"] = definition.endpoint_uri or None
    if definition.flow_json is not None:
        fields["flow_json"] = definition.flow_json.value
    return _digests(fields) | {_STATE: definition.state.value}


def fields_of(flow: RemoteFlow) -> dict[str, str]:
    """Give the digests of what a remote flow has."""
    fields: dict[str, JsonValue] = {
        "name": flow.name,
        "categories": [*sorted(set(flow.categories))],
        "endpoint_uri": flow.endpoint_uri or None,
    }
    if flow.content.state is ContentState.READ:
        fields["flow_json"] = flow.content.value
    state = _state_of(flow.status)
    return _digests(fields) | ({_STATE: state} if state else {})


def agreed_in(plan: Plan, observed: Observed) -> dict[FlowKey, dict[str, str]]:
    """Give the digests of the flows that a plan finds in step."""
    found: dict[FlowKey, dict[str, str]] = {}
    for change in plan.changes:
        if change.key is None or change.action is not Action.NONE:
            continue
        flow = observed.details.get(change.flow_id) if change.flow_id else None
        if flow is not None and _IN_STEP & set(change.reasons):
            found[change.key] = fields_of(flow)
        elif Reason.ALREADY_GONE in change.reasons and observed.listing.is_whole:
            found[change.key] = {_STATE: DesiredState.ABSENT.value}
    return found


def agreed_by(change: Change, definition: FlowDefinition) -> dict[str, str]:
    """Give the digests that a flow has after a change was carried out whole."""
    fields = fields_asked_for(definition)
    if change.action is Action.REPLACE or change.fallback:
        del fields["name"]  # a successor has another
    state = _state_of(change.status or "") or DesiredState.DRAFT.value
    for step in change.steps:
        if step.flow_id in {None, change.flow_id}:  # a predecessor may be deprecated too
            state = _STATE_AFTER[step.kind].value
    return fields | {_STATE: state}


def traced(
    change: Change, definition: FlowDefinition, base: Base, *, prefers_repository: bool
) -> Change:
    """Give a change with its origin; one of both sides becomes a conflict, unless settled."""
    agreed = base.flows.get(definition.key)
    if not change.steps or (agreed is None and not base.is_whole):
        return change
    asked = fields_asked_for(definition)
    if change.action is Action.CREATE:
        is_gone = agreed is not None and asked.items() <= agreed.fields.items()
        if agreed is not None and _is_ours(_STATE, DesiredState.ABSENT.value, agreed):
            is_gone = False  # the repository wanted it gone in the meantime
        return replace(change, origin=Origin.REMOTE if is_gone else Origin.REPOSITORY)
    if agreed is None:  # the definition is new, and adopts what is there
        return replace(change, origin=Origin.REPOSITORY)
    if not change.fields or change.action is Action.REPLACE:
        return _by_state(change, definition, agreed, base, prefers_repository=prefers_repository)
    seen = _seen(change)
    origins = {
        one.name: _origin(one.name, asked.get(one.name), seen.get(one.name), agreed)
        for one in change.fields
        if one.name != "name" or Reason.SUCCESSOR not in change.reasons
    }
    fields = tuple(replace(one, origin=origins.get(one.name)) for one in change.fields)
    change = replace(change, fields=fields, origin=_together(origins.values()))
    return _settled(change, base, prefers_repository=prefers_repository)


def _by_state(
    change: Change,
    definition: FlowDefinition,
    agreed: Agreed,
    base: Base,
    *,
    prefers_repository: bool,
) -> Change:
    """Tell by the status whose change it is that a flow is published, replaced or taken away."""
    before, asked = agreed.fields.get(_STATE), definition.state.value
    if before is None:
        return change
    now = _state_of(change.status or "")
    is_ours = now == before or now in agreed.ours.get(_STATE, frozenset()) or bool(agreed.ours)
    if asked == before and not is_ours:
        return replace(change, origin=Origin.REMOTE)
    origin = Origin.REPOSITORY
    if change.action is Action.DELETE and before != DesiredState.ABSENT.value:
        edited = {
            name
            for name, value in _seen(change).items()
            if name in agreed.fields and not _is_ours(name, value, agreed)
        }
        origin = Origin.BOTH if edited else origin
    return _settled(replace(change, origin=origin), base, prefers_repository=prefers_repository)


def _settled(change: Change, base: Base, *, prefers_repository: bool) -> Change:
    """Give a change of both sides as a conflict, or with a warning where it is settled."""
    if change.origin is not Origin.BOTH:
        return change
    here, there = _named(change, Origin.REPOSITORY), _named(change, Origin.REMOTE)
    said = f"it was changed on both sides since {base.since}: {here} in the repository, {there} on "
    said += "the remote"
    if prefers_repository:
        warning = f"{said}; the repository is preferred, as asked, and writes over that."
        return replace(change, warnings=(*change.warnings, warning))
    return replace(
        change,
        action=Action.CONFLICT,
        reasons=(),
        steps=(),
        fallback=(),
        contract=(),
        conflict=f"{said}.",
        way_out=f"`flowsync import {change.key} --force` takes the remote's into the files, where "
        "git shows what that changes; `--prefer repository` writes the repository's over it.",
    )


def _named(change: Change, side: Origin) -> str:
    names = [one.name for one in change.fields if one.origin in {side, Origin.BOTH}]
    whole = "its state" if side is Origin.REPOSITORY else "its content"
    return ", ".join(names) or whole


def _origin(name: str, asked: str | None, seen: str | None, agreed: Agreed) -> Origin | None:
    before = agreed.fields.get(name)
    if before is None and not agreed.ours.get(name):
        return None
    if seen is None or _is_ours(name, seen, agreed):
        return Origin.REPOSITORY  # the remote holds nothing, or nothing of anybody else
    if before is None:
        return None
    return Origin.REMOTE if asked == before else Origin.BOTH


def _is_ours(name: str, value: str, agreed: Agreed) -> bool:
    return value == agreed.fields.get(name) or value in agreed.ours.get(name, frozenset())


def _together(origins: Iterable[Origin | None]) -> Origin | None:
    known = {origin for origin in origins if origin is not None}
    if Origin.BOTH in known or len(known) > 1:
        return Origin.BOTH
    return next(iter(known), None)


def _seen(change: Change) -> dict[str, str]:
    """Give the digests of what was seen of the flow itself."""
    own = next((flow for flow in change.seen if flow.id == change.flow_id), None)
    return {} if own is None else _fields_seen(own)


def _fields_seen(flow: Fingerprint) -> dict[str, str]:
    found = _digests({"name": flow.name, "categories": [*sorted(set(flow.categories))]})
    if flow.content not in {"none", "unknown", "unread"}:
        endpoint = canonical_digest(flow.endpoint_uri or None)
        found |= {"flow_json": flow.content, "endpoint_uri": endpoint}
    return found


def _state_of(status: str) -> str | None:
    known = known_status(status)
    if known in LIVE:
        return DesiredState.PUBLISHED.value
    if known is FlowStatus.DRAFT:
        return DesiredState.DRAFT.value
    return DesiredState.DEPRECATED.value if known is FlowStatus.DEPRECATED else None


def _digests(fields: Mapping[str, JsonValue]) -> dict[str, str]:
    return {name: canonical_digest(value) for name, value in fields.items()}
