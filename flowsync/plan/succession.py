"""Steps that create a flow, and that let a new flow take the place of a frozen one."""

from __future__ import annotations

from flowsync.model import (
    LIVE,
    DesiredState,
    FlowDefinition,
    FlowId,
    StepKind,
    known_status,
)
from flowsync.plan.identity import next_version_name
from flowsync.plan.situation import Situation
from flowsync.plan.values import Step


def creation_steps(
    definition: FlowDefinition,
    name: str,
    clone_flow_id: FlowId | None,
    *,
    with_content: bool,
    inherited_endpoint: str | None = None,
) -> tuple[Step, ...]:
    """Give the steps that make a new flow of a definition.

    `with_content` where the remote takes Flow JSON along with a create. A clone gets its own by
    itself. A flow with an endpoint is published by itself, because that can fail for reasons that
    only a separate answer tells.

    `inherited_endpoint` is that of the flow which is replaced, for a definition that manages none:
    without one a gateway would publish the new flow with an address of its own (G-15).
    """
    comes_along = with_content and clone_flow_id is None
    is_published_along = (
        comes_along and definition.flow_json is not None and not definition.flow_json.uses_endpoint
    )
    endpoint = definition.endpoint_uri if definition.manages_endpoint else inherited_endpoint
    steps = [
        Step(
            kind=StepKind.CREATE,
            name=name,
            categories=definition.categories,
            endpoint_uri=endpoint,
            clone_flow_id=clone_flow_id,
        ),
        Step(kind=StepKind.UPLOAD, with_create=comes_along),
    ]
    if definition.state is DesiredState.PUBLISHED:
        steps.append(Step(kind=StepKind.PUBLISH, with_create=is_published_along))
    return tuple(steps)


def replacement_steps(situation: Situation, flow_id: FlowId) -> tuple[Step, ...]:
    """Give the steps that replace a live flow which turns out to refuse edits for ever."""
    definition = situation.definition
    if not definition.replace or not situation.absence_is_sure:
        return ()
    match = situation.match
    name = next_version_name(definition.name, match.accepted_name, match.taken)
    endpoint = situation.remote.endpoint_uri if situation.remote else None
    creation = creation_steps(
        definition,
        name,
        flow_id,
        with_content=situation.creates_with_content,
        inherited_endpoint=endpoint,
    )
    if definition.state is not DesiredState.PUBLISHED:
        return creation
    return (*creation, Step(kind=StepKind.DEPRECATE, flow_id=flow_id))


def predecessor_steps(situation: Situation) -> tuple[Step, ...]:
    """Give the steps that retire flows which were replaced and are still live."""
    if situation.definition.state not in {DesiredState.PUBLISHED, DesiredState.DEPRECATED}:
        return ()
    return tuple(
        Step(kind=StepKind.DEPRECATE, flow_id=flow.id)
        for flow in situation.match.predecessors
        if known_status(flow.status) in LIVE
    )
