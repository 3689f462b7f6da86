"""From definitions, observed flows and policy to a plan: same input, same plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

from flowsync import __version__
from flowsync.model import (
    LIVE,
    ONE_WAY_STEPS,
    DesiredState,
    FlowDefinition,
    FlowId,
    FlowKey,
    FlowStatus,
    ListedFlow,
    Listing,
    Observed,
    StepKind,
    known_status,
)
from flowsync.plan.decide import decide
from flowsync.plan.identity import Match, match_flows
from flowsync.plan.judging import judge
from flowsync.plan.origin import Base, traced
from flowsync.plan.safety import find_blocks
from flowsync.plan.situation import Situation, fingerprint_of_listed
from flowsync.plan.values import (
    Action,
    Change,
    Plan,
    Reason,
    Step,
    UnmanagedFlow,
)
from flowsync.policy import Policy, PruneRule
from flowsync.policy_times import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What a plan is made for: the target, what its remote can do, and which flows are chosen.

    `selected` are the chosen keys, None means all. With `stop_before_publish` publishing and what
    follows it are left out. The limits are those of the remote's capabilities. `moment` is when
    the rules of the policy are asked; without it those about the time are left to apply. `base` is
    what both sides had when they last agreed; without it nothing is said of where a change comes
    from. With `prefers_repository` what changed on both sides is planned all the same.
    """

    target: str
    remote: str
    account: str
    policy: Policy
    can_clear_endpoint: bool
    creates_with_content: bool = False
    max_content_depth: int | None = None
    max_content_bytes: int | None = None
    selected: frozenset[FlowKey] | None = None
    stop_before_publish: bool = False
    moment: Moment | None = None
    base: Base | None = None
    prefers_repository: bool = False


def flows_to_read(
    definitions: Iterable[FlowDefinition], listing: Listing, selected: frozenset[FlowKey] | None
) -> tuple[FlowId, ...]:
    """Give the ids of the flows whose details the plan needs, each once."""
    definitions = tuple(definitions)
    matches = match_flows(definitions, listing)
    found: dict[FlowId, None] = {}
    for definition in definitions:
        flow = matches[definition.key].flow
        if flow is None or (selected is not None and definition.key not in selected):
            continue
        wants_content = definition.state in {DesiredState.DRAFT, DesiredState.PUBLISHED}
        is_draft = flow.status == FlowStatus.DRAFT.value
        is_frozen = flow.status == FlowStatus.DEPRECATED.value
        is_known = known_status(flow.status) is not None
        if is_known and not is_frozen and (wants_content or is_draft):
            found[flow.id] = None
    return tuple(found)


def build_plan(
    definitions: Iterable[FlowDefinition], observed: Observed, request: PlanRequest
) -> Plan:
    """Give the plan that brings the remote to what the definitions ask for."""
    ordered = sorted(definitions, key=lambda definition: definition.key)
    by_key = {definition.key: definition for definition in ordered}
    matches = matches_of(ordered, observed.listing)
    changes = [
        _with_origin(
            decide(situation_of(definition, matches, observed, request)), definition, request
        )
        for definition in ordered
        if request.selected is None or definition.key in request.selected
    ]
    if request.stop_before_publish:
        changes = [_without_publishing(change) for change in changes]
    left_alone = _unmanaged(observed.listing, matches)
    prune = request.policy.prune
    if prune is not None and request.selected is None and observed.listing.is_whole:
        mentioned = _mentioned_names(ordered)
        pruned = [
            change
            for flow in left_alone
            if flow.name.casefold() not in mentioned
            and (change := _pruned(flow, prune)) is not None
        ]
        gone = {change.flow_id for change in pruned}
        changes += [] if request.stop_before_publish else pruned
        left_alone = [flow for flow in left_alone if flow.id not in gone]
    return Plan(
        target=request.target,
        remote=request.remote,
        account=request.account,
        flowsync_version=__version__,
        changes=tuple(changes),
        unmanaged=tuple(
            UnmanagedFlow(id=flow.id, name=flow.name, status=flow.status) for flow in left_alone
        ),
        blocks=find_blocks(changes, by_key, request.policy),
        listing_doubts=observed.listing.doubts,
        is_partial=request.selected is not None,
        policy=judge(
            changes,
            by_key,
            request.policy.rules,
            target=request.target,
            moment=request.moment,
        ),
        since=None if request.base is None else request.base.since,
    )


def _with_origin(change: Change, definition: FlowDefinition, request: PlanRequest) -> Change:
    """Give a change with the side that it comes from, as far as that is known."""
    if request.base is None:
        return change
    return traced(change, definition, request.base, prefers_repository=request.prefers_repository)


def situation_of(
    definition: FlowDefinition,
    matches: Mapping[FlowKey, Match],
    observed: Observed,
    request: PlanRequest,
) -> Situation:
    """Give what the decision about one definition rests on; `matches` are those of all."""
    match = matches[definition.key]
    clone_flow_id, clone_problem = _clone_source(definition, matches, observed.listing)
    return Situation(
        definition=definition,
        match=match,
        remote=observed.details.get(match.flow.id) if match.flow else None,
        clone_flow_id=clone_flow_id,
        clone_problem=clone_problem,
        absence_is_sure=observed.listing.is_whole,
        can_clear_endpoint=request.can_clear_endpoint,
        creates_with_content=request.creates_with_content,
        max_content_depth=request.max_content_depth,
        max_content_bytes=request.max_content_bytes,
    )


def _clone_source(
    definition: FlowDefinition, matches: Mapping[FlowKey, Match], listing: Listing
) -> tuple[FlowId | None, str | None]:
    """Give the flow that `clone_from` leads to, or why there is none."""
    source = definition.clone_from
    if source is None:
        return None, None
    if FlowKey(source) in matches:
        flow = matches[FlowKey(source)].flow
        if flow is None:
            return None, f'clone_from "{source}" is not on the remote yet; apply that flow first.'
        return flow.id, None
    if any(flow.id == source for flow in listing.flows):
        return FlowId(source), None
    return None, f'clone_from "{source}" is neither a key here nor the id of a flow of the account.'


def matches_of(definitions: Iterable[FlowDefinition], listing: Listing) -> dict[FlowKey, Match]:
    """Give the flow that each definition means; a problem where two mean the same one.

    `definitions` are in order of key: the first of the two keeps the flow.
    """
    definitions = tuple(definitions)
    matches = match_flows(definitions, listing)
    claimed: dict[FlowId, FlowKey] = {}
    found = dict(matches)
    for definition in definitions:
        flow = matches[definition.key].flow
        if flow is None:
            continue
        other = claimed.setdefault(flow.id, definition.key)
        if other != definition.key:
            found[definition.key] = Match(
                flow=None,
                accepted_name=definition.name,
                problem=f'the flow "{flow.name}" is already meant by the definition "{other}".',
                way_out="Correct `renamed_from` or `name` in one of the two.",
            )
    return found


def _without_publishing(change: Change) -> Change:
    """Give a change that ends before its first one-way step, or with nothing to do."""

    def before(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return tuple(takewhile(lambda step: step.kind not in ONE_WAY_STEPS, steps))

    steps = before(change.steps)
    if steps == change.steps:
        return change
    left_out = change.steps[len(steps)].kind.value
    warning = f"{left_out} is left out, as asked (--stop-before publish)."
    return replace(
        change,
        action=change.action if steps else Action.NONE,
        steps=steps,
        fallback=before(change.fallback) if steps else (),
        warnings=(*change.warnings, warning),
    )


def _unmanaged(listing: Listing, matches: Mapping[FlowKey, Match]) -> list[ListedFlow]:
    managed = {match.flow.id for match in matches.values() if match.flow}
    managed |= {flow.id for match in matches.values() for flow in match.predecessors}
    left = [flow for flow in listing.flows if flow.id not in managed]
    return sorted(left, key=lambda flow: (flow.name, flow.id))


def _mentioned_names(definitions: Iterable[FlowDefinition]) -> set[str]:
    """Give the names that definitions speak of, letter case folded: such flows are never pruned."""
    return {
        name.casefold()
        for definition in definitions
        for name in (definition.name, *definition.renamed_from)
    }


def _pruned(flow: ListedFlow, rule: PruneRule) -> Change | None:
    if not rule.concerns(flow.name):
        return None
    status = known_status(flow.status)
    if status is FlowStatus.DRAFT and rule.deletes_drafts:
        action, kind = Action.DELETE, StepKind.DELETE
    elif status in LIVE and rule.deprecates_published:
        action, kind = Action.DEPRECATE, StepKind.DEPRECATE
    else:
        return None
    return Change(
        key=None,
        name=flow.name,
        action=action,
        reasons=(Reason.PRUNED,),
        flow_id=flow.id,
        status=flow.status,
        desired=None,
        steps=(Step(kind=kind, flow_id=flow.id),),
        seen=(fingerprint_of_listed(flow),),
    )
