"""Everything that the decision about one definition rests on, and its fingerprints."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.model import ContentState, FlowDefinition, FlowId, ListedFlow, RemoteFlow
from flowsync.plan.identity import Match
from flowsync.plan.values import Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that the decision about one definition rests on.

    `remote` are the details of the matched flow, None where they were not read. `clone_flow_id` is
    what `clone_from` leads to; `clone_problem` why it leads nowhere. `absence_is_sure` is false
    when the listing may not be whole.
    """

    definition: FlowDefinition
    match: Match
    remote: RemoteFlow | None
    clone_flow_id: FlowId | None
    clone_problem: str | None
    absence_is_sure: bool
    can_clear_endpoint: bool
    creates_with_content: bool
    max_content_depth: int | None
    max_content_bytes: int | None


def fingerprint_of(flow: RemoteFlow) -> Fingerprint:
    """Give what apply compares later to see whether a flow was changed by somebody else."""
    content = flow.content
    digest = content.digest if content.state is ContentState.READ else content.state.value
    return Fingerprint(
        id=flow.id,
        name=flow.name,
        status=flow.status,
        categories=tuple(sorted(flow.categories)),
        content=digest,
        endpoint_uri=flow.endpoint_uri,
    )


def fingerprint_of_listed(flow: ListedFlow) -> Fingerprint:
    """Give what apply compares later of a flow whose details were not read."""
    return Fingerprint(
        id=flow.id,
        name=flow.name,
        status=flow.status,
        categories=tuple(sorted(flow.categories)),
        content="unread",
    )


def fingerprints_of(situation: Situation) -> tuple[Fingerprint, ...]:
    """Give the fingerprints of all flows that a decision concerns."""
    listed = [*situation.match.predecessors]
    found: list[Fingerprint] = []
    if situation.remote is not None:
        found.append(fingerprint_of(situation.remote))
    elif situation.match.flow is not None:
        listed.insert(0, situation.match.flow)
    return (*found, *map(fingerprint_of_listed, listed))
