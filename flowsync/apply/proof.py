"""Whether a write took effect, seen by reading: the answer is a hint, the read is the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flowsync.model import (
    LIVE,
    ContentState,
    FlowId,
    FlowJson,
    FlowStatus,
    ListedFlow,
    Listing,
    RemoteFinding,
    RemoteFlow,
    StepKind,
    known_status,
)
from flowsync.plan.situation import fingerprint_of
from flowsync.plan.values import Fingerprint, Step


def holds(step: Step, flow: RemoteFlow, flow_json: FlowJson | None) -> bool:
    """Tell whether a flow that was read after a step shows the step's effect.

    `flow_json` is what an upload has sent.
    """
    match step.kind:
        case StepKind.UPDATE:
            return (
                (step.name is None or flow.name == step.name)
                and (step.categories is None or set(flow.categories) == set(step.categories))
                and (step.endpoint_uri is None or flow.endpoint_uri == step.endpoint_uri)
                and not (step.clears_endpoint and flow.endpoint_uri)
            )
        case StepKind.UPLOAD:
            return (
                flow_json is not None
                and flow.content.state is ContentState.READ
                and flow.content.digest == flow_json.digest
            )
        case StepKind.PUBLISH:
            return known_status(flow.status) in LIVE  # monitoring may have throttled it at once
        case StepKind.DEPRECATE:
            return flow.status == FlowStatus.DEPRECATED.value
        case StepKind.CREATE | StepKind.DELETE:
            raise AssertionError("create and delete are proved by a listing")


def with_places(
    read: tuple[RemoteFinding, ...], answered: tuple[RemoteFinding, ...]
) -> tuple[RemoteFinding, ...]:
    """Give what a read finds, with the places that only the answer to the upload has."""

    def about(finding: RemoteFinding) -> tuple[str, str, int, int]:
        return finding.code, finding.message, finding.line, finding.column

    places = {about(finding): finding.places for finding in answered}
    return tuple(replace(finding, places=places.get(about(finding), ())) for finding in read)


def was_touched(step: Step, before: RemoteFlow, after: RemoteFlow) -> bool:
    """Tell whether what a step should have written is neither as before nor as it should be.

    Called where the step's proof does not hold: then somebody else has written the same thing.
    """
    match step.kind:
        case StepKind.UPLOAD if before.content.state is not ContentState.UNKNOWN:
            return fingerprint_of(before).content != fingerprint_of(after).content
        case StepKind.UPDATE:
            return (before.name, set(before.categories), before.endpoint_uri) != (
                after.name,
                set(after.categories),
                after.endpoint_uri,
            )
        case _:
            return False


def was_overtaken(step: Step, before: RemoteFlow, after: RemoteFlow) -> bool:
    """Tell whether somebody else has written Flow JSON while a step left it as it was (G-25).

    A publish may then have made live what is not ours, whatever the status says.
    """
    leaves_content = step.kind in {StepKind.UPDATE, StepKind.PUBLISH}
    are_read = before.content.state is after.content.state is ContentState.READ
    return leaves_content and are_read and before.content.digest != after.content.digest


def has_moved(before: RemoteFlow, after: RemoteFlow) -> bool:
    """Tell whether a flow was written to between two reads; what the first did not see is no sign.

    A flow that the second cannot show counts as moved: nothing may be written over it.
    """
    metadata = [(flow.name, flow.status, set(flow.categories)) for flow in (before, after)]
    contents = [fingerprint_of(flow).content for flow in (before, after)]
    is_seen = before.content.state is not ContentState.UNKNOWN
    is_read = before.content.state is ContentState.READ
    return (
        metadata[0] != metadata[1]
        or (is_seen and contents[0] != contents[1])
        or (is_read and before.endpoint_uri != after.endpoint_uri)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationProof:
    """What a listing says of a creation: the flow found, and whether it has the answered id."""

    flow: ListedFlow | None
    has_answered_id: bool


def find_created(listing: Listing, name: str, answered: FlowId | None) -> CreationProof:
    """Look for a created flow by the id that was answered, then by its name."""
    for flow in listing.flows:
        if flow.id == answered and flow.name == name:
            return CreationProof(flow=flow, has_answered_id=True)
    for flow in listing.flows:
        if flow.name == name:
            return CreationProof(flow=flow, has_answered_id=False)
    return CreationProof(flow=None, has_answered_id=False)


def what_moved(expected: Fingerprint, flow: RemoteFlow) -> tuple[str, ...]:
    """Say in what a flow differs from its fingerprint; nothing when it is as it was seen."""
    seen = fingerprint_of(flow)
    moved = _moved_metadata(expected, seen.name, seen.status, seen.categories)
    if expected.content != "unread":
        if expected.endpoint_uri != seen.endpoint_uri:
            moved.append(f"endpoint_uri {expected.endpoint_uri} → {seen.endpoint_uri}")
        if expected.content != seen.content:
            moved.append("Flow JSON")
    return tuple(moved)


def listed_moves(expected: Fingerprint, flow: ListedFlow) -> tuple[str, ...]:
    """Say in what a listed flow differs from its fingerprint, as far as a listing shows it."""
    return tuple(_moved_metadata(expected, flow.name, flow.status, tuple(sorted(flow.categories))))


def _moved_metadata(
    expected: Fingerprint, name: str, status: str, categories: tuple[str, ...]
) -> list[str]:
    moved: list[str] = []
    if expected.name != name:
        moved.append(f'name "{expected.name}" → "{name}"')
    if expected.status != status:
        moved.append(f"status {expected.status} → {status}")
    if expected.categories != categories:
        moved.append(f"categories {', '.join(expected.categories)} → {', '.join(categories)}")
    return moved
