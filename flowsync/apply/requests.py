"""The request of a step: which operation of the remote it is, and what it sends."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.model import FlowId, FlowJson, RemoteFinding, StepKind
from flowsync.plan.values import Step
from flowsync.remotes.interface import FlowUpdate, NewFlow, Remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the remote answered: the id that a create names, the findings of an upload."""

    new_id: FlowId | None = None
    findings: tuple[RemoteFinding, ...] = ()


def send_step(
    remote: Remote,
    step: Step,
    flow_json: FlowJson | None,
    along: frozenset[StepKind] = frozenset(),
) -> Sent:
    """Send a step's request; `flow_json` is what an upload sends.

    `along` are the kinds of step that travel in the request of a create.

    Raises `RemoteError` as the remote's operation does.
    """
    if step.kind is StepKind.CREATE:
        new_flow = NewFlow(
            name=step.name or "",
            categories=step.categories or (),
            endpoint_uri=step.endpoint_uri,
            clone_flow_id=step.clone_flow_id,
            flow_json=flow_json.text if flow_json and StepKind.UPLOAD in along else None,
            publishes=StepKind.PUBLISH in along,
        )
        return Sent(new_id=remote.create_flow(new_flow))
    if step.flow_id is None:
        raise AssertionError("only a create has no flow id")
    match step.kind:
        case StepKind.UPDATE:
            update = FlowUpdate(
                name=step.name,
                categories=step.categories,
                endpoint_uri=step.endpoint_uri,
                clears_endpoint=step.clears_endpoint,
            )
            remote.update_flow(step.flow_id, update)
        case StepKind.UPLOAD:
            if flow_json is None:
                raise AssertionError("an upload is planned only for a definition with Flow JSON")
            return Sent(findings=remote.upload_flow_json(step.flow_id, flow_json.text))
        case StepKind.PUBLISH:
            remote.publish_flow(step.flow_id)
        case StepKind.DEPRECATE:
            remote.deprecate_flow(step.flow_id)
        case StepKind.DELETE:
            remote.delete_flow(step.flow_id)
    return Sent()
