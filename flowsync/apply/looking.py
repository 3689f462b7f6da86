"""Looking at a flow before a write, whether it is what the plan saw, and keeping what it holds.

A look is relied on for some seconds only. Where a write is held back, by throttling or by the
account's own pace, the flow is looked at once more right before it goes out.
"""

from __future__ import annotations

from flowsync.apply.context import RunContext, Stopped, moved
from flowsync.apply.outcome import Result, StepResult
from flowsync.apply.proof import has_moved, what_moved
from flowsync.apply.seen import Seen
from flowsync.errors import FlowsyncError, RemoteError, RemoteUnavailable
from flowsync.model import ContentState, FlowId, RemoteFlow, StepKind
from flowsync.plan.values import Step
from flowsync.remotes.interface import Remote

_FRESH_S = 5.0  # a look may be so old when the write goes out
_MOST_LOOKS = 2
_WRITES_OVER = frozenset({StepKind.UPLOAD, StepKind.DELETE})


class Looks:
    """The looks at the flow of one run, which end it with `Stopped` where it has moved."""

    def __init__(self, seen: Seen, context: RunContext) -> None:
        self._seen, self._context = seen, context

    def before_first_write(self, step: Step) -> None:
        """Compare the remote with what the plan saw, and keep what the step writes over."""
        try:
            self._read_before(step)
        except RemoteError as exc:
            raise Stopped(Result.FAILED, str(exc), step=StepResult.NOT_STARTED) from exc
        self._keep_earlier(step)

    def _read_before(self, step: Step) -> None:
        if step.kind is StepKind.CREATE:
            self._check_name_free(step, 0)
            return
        assert step.flow_id is not None
        if step.flow_id in self._seen.known and step.flow_id == self._seen.latest:
            return
        flow = self._context.remote.get_flow(step.flow_id)
        expected = self._seen.expected.get(step.flow_id)
        what = ("it was not part of the plan",) if expected is None else what_moved(expected, flow)
        if what:
            raise moved("; ".join(what))
        self._seen.known[flow.id] = self._seen.found[flow.id] = flow

    def before_going_out(self, step: Step) -> None:
        """Look again as long as the write would be held back, so that no old look is relied on.

        A full hour lets one request out after the other, so this ends after some looks.
        """
        for _ in range(_MOST_LOOKS):
            if self._context.remote.seconds_to_wait() <= _FRESH_S:
                break
            self.once_more(step)

    def once_more(self, step: Step) -> None:
        """Make sure that nobody has written during a pause, right before a write is sent again."""
        try:
            if step.kind is StepKind.CREATE:
                self._check_name_free(step, self._context.listings.now())
            elif step.flow_id in self._seen.known:
                flow = read_again(self._context.remote, self._seen, step.flow_id)
                if flow.content.state is ContentState.UNKNOWN:
                    raise RemoteUnavailable(f"{flow.content.note}. Run the command again.")
                if has_moved(self._seen.known[step.flow_id], flow):
                    raise moved("somebody else has written to it")
        except RemoteError as exc:
            ended = StepResult.FAILED if self._seen.attempts else StepResult.NOT_STARTED
            raise Stopped(Result.FAILED, str(exc), step=ended) from exc

    def _check_name_free(self, step: Step, moment: int) -> None:
        listing = self._context.listings.since(moment)
        if not listing.is_whole:
            raise Stopped(
                Result.FAILED,
                f"the account's listing may not be whole ({listing.doubts[0]}), so nothing is "
                "created. Run the command again.",
                step=StepResult.NOT_STARTED,
            )
        if any(flow.name == step.name for flow in listing.flows):
            raise moved(f'a flow named "{step.name}" has appeared')

    def _keep_earlier(self, step: Step) -> None:
        """Save the flow as this run found it, before a step writes over its Flow JSON."""
        flow = self._seen.found.get(step.flow_id or FlowId(""))
        if flow is None or step.kind not in _WRITES_OVER or flow.id in self._seen.earlier:
            return
        if flow.content.state is ContentState.UNKNOWN:
            raise Stopped(
                Result.FAILED,
                f"what the flow holds could not be read ({flow.content.note}), so it cannot be "
                f"kept, and the {step.kind.value} was not sent. Run the command again.",
                step=StepResult.NOT_STARTED,
            )
        if flow.content.state is not ContentState.READ:
            return
        self._seen.earlier[flow.id] = flow
        if self._context.backups is None:
            return
        try:
            name = self._context.backups.save(flow, self._seen.key, step.kind)
        except FlowsyncError as exc:
            raise Stopped(Result.FAILED, str(exc), step=StepResult.NOT_STARTED) from exc
        self._context.journal.note(
            "backup", flow=self._seen.label, flow_id=flow.id, backup=name, step=step.kind.value
        )


def read_again(remote: Remote, seen: Seen, flow_id: FlowId) -> RemoteFlow:
    """Read a flow whose Flow JSON was seen before, and that cannot be an empty draft (G-06).

    Raises `RemoteUnavailable` where it is only taken for one, because it cannot be read.
    """
    flow, before = remote.get_flow(flow_id), seen.known.get(flow_id)
    is_guess = flow.content.state is ContentState.NONE and bool(flow.content.note)
    if is_guess and before is not None and before.content.state is ContentState.READ:
        raise RemoteUnavailable(f"flow {flow_id} cannot be read just now (HTTP 500).")
    return flow
