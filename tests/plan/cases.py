"""What the planner's tests are made of: definitions, remote flows, and plans from both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from flowsync.model import (
    Content,
    ContentState,
    DesiredState,
    FlowDefinition,
    FlowId,
    FlowJson,
    FlowKey,
    JsonValue,
    ListedFlow,
    Listing,
    Observed,
    RemoteFlow,
    StepKind,
)
from flowsync.plan.build import PlanRequest, build_plan
from flowsync.plan.values import Change, Plan
from flowsync.policy import Policy
from tests.support import flow_json

DRAFT, PUBLISHED = DesiredState.DRAFT, DesiredState.PUBLISHED
DEPRECATED, ABSENT = DesiredState.DEPRECATED, DesiredState.ABSENT

LIVE_STATUSES = ("PUBLISHED", "THROTTLED", "BLOCKED")
UNKNOWN_STATUS = "SUSPENDED"
NO_CONTENT = Content(state=ContentState.NONE)
UNKNOWN_CONTENT = Content(state=ContentState.UNKNOWN, note="its file could not be fetched")


def a_definition(
    key: str = "booking",
    *,
    content: JsonValue = None,
    state: DesiredState = PUBLISHED,
    categories: tuple[str, ...] = ("OTHER",),
    name: str | None = None,
    **fields: Any,
) -> FlowDefinition:
    """Give a definition named like its key in title case, with a small Flow JSON."""
    value = flow_json() if content is None else content
    fields = {
        "name": key.title() if name is None else name,
        "categories": categories,
        "state": state,
        "flow_json": FlowJson(path=f"flows/{key}.json", text=json.dumps(value), value=value),
        **fields,
    }
    digest = hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()
    return FlowDefinition(key=FlowKey(key), path=f"flows/{key}.yaml", digest=digest, **fields)


def a_flow(
    name: str = "Booking",
    status: str = "DRAFT",
    *,
    id: str = "1",
    content: JsonValue = None,
    unread: Content | None = None,
    categories: tuple[str, ...] = ("OTHER",),
    **fields: Any,
) -> RemoteFlow:
    """Give a remote flow with the same Flow JSON as `a_definition`; `unread` takes its place."""
    value = flow_json() if content is None else content
    return RemoteFlow(
        id=FlowId(id),
        name=name,
        status=status,
        categories=categories,
        content=unread or Content(state=ContentState.READ, value=value),
        **fields,
    )


def observed(flows: Iterable[RemoteFlow], doubts: tuple[str, ...] = ()) -> Observed:
    """Give what a plan sees of an account with these flows, all of them read."""
    flows = tuple(flows)
    listed = tuple(
        ListedFlow(
            id=flow.id,
            name=flow.name,
            status=flow.status,
            categories=flow.categories,
            findings=flow.findings,
        )
        for flow in flows
    )
    listing = Listing(flows=listed, doubts=doubts)
    return Observed(listing=listing, details={flow.id: flow for flow in flows})


def a_request(**fields: Any) -> PlanRequest:
    """Give a request for the target `staging` of a gateway, without limits of its remote."""
    defaults: dict[str, Any] = {
        "target": "staging",
        "remote": "gateway",
        "account": "102290129340398",
        "policy": Policy(),
        "can_clear_endpoint": False,
    }
    return PlanRequest(**{**defaults, **fields})


def plan_of(
    definitions: Iterable[FlowDefinition],
    flows: Iterable[RemoteFlow],
    *,
    doubts: tuple[str, ...] = (),
    **fields: Any,
) -> Plan:
    """Give the plan for these definitions and the flows of the account."""
    return build_plan(definitions, observed(flows, doubts), a_request(**fields))


def change_of(definition: FlowDefinition, *flows: RemoteFlow, **fields: Any) -> Change:
    """Give the change that is planned for one definition."""
    (change,) = plan_of([definition], flows, **fields).changes
    return change


def kinds(change: Change) -> str:
    """Give the kinds of a change's steps, in order, in words."""
    return " ".join(step.kind.value for step in change.steps)


def touched(plan: Plan) -> set[FlowId]:
    """Give the ids of all existing flows that some step of a plan would write to."""
    return {
        step.flow_id
        for change in plan.changes
        for step in (*change.steps, *change.fallback)
        if step.flow_id is not None
    }


def all_kinds(plan: Plan) -> set[StepKind]:
    """Give the kinds of all steps of a plan, also of those taken only instead of others."""
    return {step.kind for change in plan.changes for step in (*change.steps, *change.fallback)}
