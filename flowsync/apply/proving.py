"""Proving a write by reading: an answer is a hint, the read is the truth."""

from __future__ import annotations

from flowsync.apply.context import RunContext, Stopped, moved
from flowsync.apply.looking import read_again
from flowsync.apply.outcome import Result, StepResult
from flowsync.apply.proof import find_created, holds, was_overtaken, was_touched, with_places
from flowsync.apply.seen import Seen
from flowsync.errors import RemoteError, RemoteRejected, RemoteUnavailable, says_unknown_flow
from flowsync.model import (
    LIVE,
    Content,
    ContentState,
    FlowId,
    FlowJson,
    FlowStatus,
    ListedFlow,
    Listing,
    RemoteFlow,
    StepKind,
    known_status,
)
from flowsync.plan.values import Step

LAG_S = 1.0  # Meta's file store may show an upload a moment later


class Proofs:
    """The proofs of the writes of one run."""

    def __init__(self, seen: Seen, context: RunContext) -> None:
        self._seen, self._context = seen, context

    def is_proved(
        self,
        step: Step,
        flow_json: FlowJson | None,
        moment: int,
        answered: FlowId | None,
        error: RemoteError | None,
    ) -> bool:
        """Tell whether a step took effect, seen by reading after `moment`.

        `answered` is the id that a create was answered with, `error` what the write failed with.
        Raises `Stopped` where somebody else has written too, `RemoteError` where no read can tell.
        """
        if step.kind is StepKind.CREATE:
            return self._creation_proved(step, moment, answered, error)
        assert step.flow_id is not None
        if step.kind is StepKind.DELETE:
            return self._is_gone(step.flow_id, moment, error)
        before = self._seen.known.get(step.flow_id)
        flow = read_again(self._context.remote, self._seen, step.flow_id)
        if error is None and not holds(step, flow, flow_json):
            self._context.settle(LAG_S)
            flow = read_again(self._context.remote, self._seen, step.flow_id)
        if step.kind is StepKind.UPLOAD and flow.content.state is ContentState.UNKNOWN:
            raise RemoteUnavailable(f"{flow.content.note}.")
        if step.kind is StepKind.PUBLISH:
            self._note_injected_endpoint(flow)
        self._seen.known[flow.id] = flow
        is_proved = holds(step, flow, flow_json)
        if before is not None and (
            was_overtaken(step, before, flow) or (not is_proved and was_touched(step, before, flow))
        ):
            raise Stopped(
                Result.CHANGED_SINCE_PLAN,
                f"after the {step.kind.value} the flow is neither as it was nor as it should be: "
                "somebody else writes to it at the same time, or the remote alters what it "
                "stores. Look at it with `flowsync show`, then plan again.",
                step=StepResult.FAILED,
            )
        if is_proved and step.kind is StepKind.UPLOAD and flow.findings:
            self._seen.findings = with_places(flow.findings, self._seen.findings)
        return is_proved

    def came_along(self, step: Step, flow_json: FlowJson | None) -> bool:
        """Tell whether a step took effect together with the create of its flow.

        Raises `Stopped` where the flow holds what nobody here has sent, `RemoteError` where no read
        can tell.
        """
        assert step.flow_id is not None
        flow = self._seen.known[step.flow_id]
        if step.kind is StepKind.UPLOAD:
            flow = read_again(self._context.remote, self._seen, step.flow_id)
            if flow.content.state is ContentState.NONE:
                self._context.settle(LAG_S)
                flow = read_again(self._context.remote, self._seen, step.flow_id)
            if flow.content.state is ContentState.UNKNOWN:
                raise RemoteUnavailable(f"{flow.content.note}.")
            self._seen.known[flow.id] = flow
            self._seen.findings = flow.findings
            if flow.content.state is ContentState.READ and not holds(step, flow, flow_json):
                raise Stopped(
                    Result.CHANGED_SINCE_PLAN,
                    "the flow was created, and holds other Flow JSON than was sent: somebody else "
                    "writes to it at the same time, or the remote alters what it stores. Look at "
                    "it with `flowsync show`, then plan again.",
                    step=StepResult.FAILED,
                )
        return holds(step, flow, flow_json)

    def _is_gone(self, flow_id: FlowId, moment: int, error: RemoteError | None) -> bool:
        """Tell whether a flow is neither listed nor to be read: a listing alone may lack it.

        Raises `RemoteError` where the delete failed and no read can tell.
        """
        listing = _whole(self._context.listings.since(moment))
        if any(flow.id == flow_id for flow in listing.flows):
            return False
        try:
            read_again(self._context.remote, self._seen, flow_id)
        except RemoteError as exc:
            if error is None or (isinstance(exc, RemoteRejected) and says_unknown_flow(exc)):
                return True
            raise
        return False

    def _creation_proved(
        self, step: Step, moment: int, answered: FlowId | None, error: RemoteError | None
    ) -> bool:
        """Look for the created flow in a listing begun after the create was sent."""
        name = step.name or ""
        found = find_created(self._context.listings.since(moment), name, answered)
        if found.flow is None and (error is None or error.outcome_unknown):
            self._context.settle(LAG_S)
            moment = self._context.listings.now()
            listing = _whole(self._context.listings.since(moment))
            found = find_created(listing, name, answered)
        if found.flow is None:
            return False
        was_refused = error is not None and not error.outcome_unknown and not self._seen.may_be_made
        is_expected = found.flow.status == FlowStatus.DRAFT.value or (
            StepKind.PUBLISH in self._seen.along and known_status(found.flow.status) in LIVE
        )
        is_ours = is_expected and set(found.flow.categories) == set(step.categories or ())
        if found.has_answered_id and not is_ours:
            self._seen.created = found.flow.id
            raise Stopped(
                Result.CHANGED_SINCE_PLAN,
                "the flow was created, and is not what was asked for any more: somebody else "
                "writes to it at the same time, or the remote alters what it stores. Look at it "
                "with `flowsync show`, then plan again.",
                step=StepResult.DONE,
            )
        if was_refused or not is_ours:
            raise moved(f'a flow named "{name}" has appeared')
        if not found.has_answered_id and answered is not None:
            self._seen.warnings.append(f"adopted flow {found.flow.id}, left by an earlier attempt.")
        self._seen.created = found.flow.id
        self._seen.known[found.flow.id] = _new_draft(found.flow, step)
        return True

    def _note_injected_endpoint(self, flow: RemoteFlow) -> None:
        """Warn when publishing has set another endpoint (G-15)."""
        before = self._seen.known.get(flow.id)
        if before is not None and before.endpoint_uri != flow.endpoint_uri:
            self._seen.warnings.append(
                f"publishing has set endpoint_uri to {flow.endpoint_uri}; declare the right one in "
                "the definition."
            )


def _whole(listing: Listing) -> Listing:
    """Give a listing that absence may be concluded from. Raises `RemoteUnavailable`."""
    if not listing.is_whole:
        raise RemoteUnavailable(f"the account's listing may not be whole: {listing.doubts[0]}")
    return listing


def _new_draft(flow: ListedFlow, step: Step) -> RemoteFlow:
    """Give a draft that was just created as far as a listing shows it; it cannot be read (G-06).

    A clone holds what its source held, which was not looked at.
    """
    is_clone = step.clone_flow_id is not None
    return RemoteFlow(
        id=flow.id,
        name=flow.name,
        status=flow.status,
        categories=flow.categories,
        content=Content(state=ContentState.UNKNOWN if is_clone else ContentState.NONE),
        endpoint_uri=step.endpoint_uri,
    )
