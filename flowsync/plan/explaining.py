"""From what a plan was made of to the story of one of its decisions.

The same values and functions that `decide` rests on are looked at again, and the change is the
plan's own, so that the story cannot be another than the plan's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    known_status,
)
from flowsync.plan.build import PlanRequest, matches_of, situation_of
from flowsync.plan.edits import changed_fields
from flowsync.plan.safety import possible_one_way
from flowsync.plan.situation import Situation
from flowsync.plan.story import (
    Comparison,
    Desired,
    MatchedBy,
    Result,
    Ruling,
    SeenFlow,
    Story,
    TableRow,
)
from flowsync.plan.table import Column, cell_of, column_of
from flowsync.plan.values import BlockKind, Change, Plan, Reason
from flowsync.policy import Policy

_FIELDS = ("name", "categories", "endpoint_uri", "flow_json")
_STATUSES = {
    DesiredState.DRAFT: {FlowStatus.DRAFT},
    DesiredState.PUBLISHED: LIVE,
    DesiredState.DEPRECATED: {FlowStatus.DEPRECATED},
    DesiredState.ABSENT: frozenset[FlowStatus](),
}


def explain(
    key: FlowKey,
    plan: Plan,
    definitions: Iterable[FlowDefinition],
    observed: Observed,
    request: PlanRequest,
    *,
    overridden: Iterable[str] = (),
) -> Story:
    """Give the story of the decision about one flow of a plan, made of these very values.

    `overridden` are the fields that the definition sets for the target alone.
    """
    ordered = sorted(definitions, key=lambda definition: definition.key)
    definition = next(one for one in ordered if one.key == key)
    matches = matches_of(ordered, observed.listing)
    situation = situation_of(definition, matches, observed, request)
    change = next(one for one in plan.changes if one.key == key)
    column = column_of(situation)
    return Story(
        key=key,
        desired=_desired(definition, overridden),
        seen=_seen(situation),
        compared=tuple(_compared(situation, column)),
        row=TableRow(
            desired=definition.state.value,
            observed=column.value,
            words=cell_of(definition.state, column).words,
        ),
        rulings=tuple(_rulings(situation, change, plan, request)),
        change=change,
        since=plan.since,
    )


def _desired(definition: FlowDefinition, overridden: Iterable[str]) -> Desired:
    return Desired(
        definition=definition.path,
        state=definition.state.value,
        name=definition.name,
        categories=definition.categories,
        manages_endpoint=definition.manages_endpoint,
        endpoint_uri=definition.endpoint_uri,
        flow_json=None if definition.flow_json is None else definition.flow_json.path,
        overridden=tuple(sorted(overridden)),
    )


_MATCHED_BY = {
    None: MatchedBy.NAME,
    Reason.RENAMED: MatchedBy.EARLIER_NAME,
    Reason.SUCCESSOR: MatchedBy.SUCCESSION,
}


def _seen(situation: Situation) -> SeenFlow:
    match, remote = situation.match, situation.remote
    flow = remote or match.flow
    if flow is None or match.flow is None:
        return SeenFlow(matched_by=MatchedBy.NOTHING)
    return SeenFlow(
        matched_by=_MATCHED_BY[match.reason],
        id=flow.id,
        name=flow.name,
        status=flow.status,
        content="unread" if remote is None else remote.content.state.value,
        content_note="" if remote is None else remote.content.note,
        findings=tuple(f"{finding.code}: {finding.message}" for finding in flow.findings),
        predecessors=tuple(earlier.id for earlier in match.predecessors),
    )


# --- field by field ---


def _compared(situation: Situation, column: Column) -> Iterator[Comparison]:
    definition, flow = situation.definition, situation.remote or situation.match.flow
    if flow is None or situation.match.flow is None:
        return
    yield _status(definition, flow.status)
    if definition.state not in {DesiredState.DRAFT, DesiredState.PUBLISHED}:
        note = f"a flow that is to be {definition.state.value} is not edited"
    elif column is Column.DEPRECATED:
        note = "a deprecated flow cannot be edited"
    elif column is Column.OTHER:
        note = "a flow with such a status is not written to"
    else:
        yield from _fields(situation)
        return
    for name in _FIELDS:
        yield Comparison(name=name, result=Result.NOT_COMPARED, note=note)


def _status(definition: FlowDefinition, status: str) -> Comparison:
    known = known_status(status)
    is_so = known in _STATUSES[definition.state]
    stays = definition.state is DesiredState.DRAFT and known in LIVE
    return Comparison(
        name="state",
        result=Result.EQUAL if is_so else Result.DIFFERS,
        desired=definition.state.value,
        observed=status,
        note="a published flow stays published until it is edited" if stays else "",
    )


def _fields(situation: Situation) -> Iterator[Comparison]:
    """Give what `changed_fields` finds, and beside it what it leaves out."""
    definition, remote = situation.definition, situation.remote
    accepted = situation.match.accepted_name
    if remote is None:
        for name in _FIELDS:
            yield Comparison(name=name, result=Result.UNKNOWN, note="the flow could not be read")
        return
    changed = {field.name: field for field in changed_fields(definition, remote, accepted)}
    for name, (desired, seen) in _both_sides(definition, remote, accepted).items():
        result, note = Result.EQUAL, ""
        if name == "endpoint_uri" and not definition.manages_endpoint:
            result, note = Result.NOT_MANAGED, "the definition says nothing about it"
        elif name == "flow_json" and definition.flow_json is None:
            result, note = Result.NOT_MANAGED, "the definition names none"
        elif name == "flow_json" and remote.content.state is ContentState.UNKNOWN:
            result, note = Result.UNKNOWN, remote.content.note
        elif name in changed:
            result = Result.DIFFERS
            if name == "flow_json":
                is_empty = remote.content.state is ContentState.NONE
                number = len(changed[name].differences)
                note = "the flow has none" if is_empty else f"differences in it: {number}"
        yield Comparison(name=name, result=result, desired=desired, observed=seen, note=note)


def _both_sides(
    definition: FlowDefinition, remote: RemoteFlow, accepted_name: str
) -> dict[str, tuple[JsonValue, JsonValue]]:
    """Give what each side says of each field; of the Flow JSON only its file and its version."""
    file = None if definition.flow_json is None else definition.flow_json.path
    return {
        "name": (accepted_name, remote.name),
        "categories": ([*sorted(definition.categories)], [*sorted(remote.categories)]),
        "endpoint_uri": (definition.endpoint_uri, remote.endpoint_uri),
        "flow_json": (file, remote.json_version and f"version {remote.json_version}"),
    }


# --- what could keep it from more ---


def _rulings(
    situation: Situation, change: Change, plan: Plan, request: PlanRequest
) -> Iterator[Ruling]:
    match = situation.match
    if match.problem is not None:
        yield Ruling(rule="identity", holds=True, message=match.problem)
    yield _listing(plan)
    if change.conflict is not None and change.conflict != match.problem:
        yield Ruling(rule="conflict", holds=True, message=change.conflict)
    yield from _protection(situation.definition, change, plan, request.policy)
    yield from _consent(change, plan)
    for block in plan.blocks:
        if block.kind is BlockKind.GATE and change.steps:
            yield Ruling(rule=f"gate {block.subject}", holds=True, message=block.message)
    for result in plan.policy:
        if result.key == change.key:
            message = f"it {result.verb} {', '.join(result.words)}: {result.message}"
            yield Ruling(rule="policy", holds=bool(result.way_out), message=message)
    for problem in plan.rehearsal.problems if plan.rehearsal else ():
        if problem.label == change.label:
            yield Ruling(rule="rehearsal", holds=True, message=problem.message)


def _listing(plan: Plan) -> Ruling:
    if plan.listing_doubts:
        message = f"it may not be whole: {'; '.join(plan.listing_doubts)}."
        return Ruling(rule="listing", holds=True, message=message)
    return Ruling(rule="listing", holds=False, message="it is whole, so absence may be concluded.")


def _protection(
    definition: FlowDefinition, change: Change, plan: Plan, policy: Policy
) -> Iterator[Ruling]:
    blocks = [
        block
        for block in plan.blocks
        if block.kind is BlockKind.PROTECTED and block.subject == change.label
    ]
    for block in blocks:
        yield Ruling(rule="protect", holds=True, message=block.message)
    if not blocks and (definition.protect or policy.protects(change.label)):
        message = "it is protected, and nothing here would remove or replace it."
        yield Ruling(rule="protect", holds=False, message=message)


def _consent(change: Change, plan: Plan) -> Iterator[Ruling]:
    needed = {
        block.subject: block for block in plan.blocks if block.kind is BlockKind.NEEDS_CONSENT
    }
    for kind in possible_one_way(change):
        block = needed.get(kind.value)
        if block is None:
            message = "it cannot be taken back, and the target allows it."
        else:
            message = f"{block.message} {block.way_out}"
        yield Ruling(rule=f"consent to {kind.value}", holds=block is not None, message=message)
