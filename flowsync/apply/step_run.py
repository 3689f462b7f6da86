"""Carrying out the steps of one flow: read, journal, write, prove.

For every step: read (is it still what the plan saw?), keep what would be written over, journal the
intent, write, read back until the proof holds, journal the result. A proof's read is the next
step's first read, because nothing lies between them. A write is repeated only after a read has
shown that it did not happen, as often as flowsync.retry_policy says.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from flowsync.apply.context import Progress, Refused, RunContext, Stopped, moved
from flowsync.apply.outcome import Result, StepOutcome, StepResult
from flowsync.apply.proof import (
    find_created,
    has_moved,
    holds,
    was_overtaken,
    was_touched,
    what_moved,
    with_places,
)
from flowsync.apply.requests import send_step
from flowsync.errors import (
    FlowsyncError,
    Interrupted,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
    says_unknown_flow,
)
from flowsync.model import (
    Content,
    ContentState,
    FlowId,
    FlowJson,
    FlowStatus,
    JsonValue,
    ListedFlow,
    Listing,
    RemoteFinding,
    RemoteFlow,
    StepKind,
)
from flowsync.plan.values import Change, Fingerprint, Step
from flowsync.retry_policy import (
    Repetition,
    Trouble,
    trouble_of,
    write_repetition,
    write_rule,
)

LAG_S = 1.0  # Meta's file store may show an upload a moment later
_FRESH_S = 5.0  # a look may be so old when the write goes out
_MOST_LOOKS = 2
_WRITES_OVER = frozenset({StepKind.UPLOAD, StepKind.DELETE})


class StepRunner:
    """Carries out steps of one flow and remembers what they showed.

    `created` is the flow that a create has made, `earlier` what a flow held before an upload of
    this run, `findings` what the platform says of the uploaded Flow JSON.
    """

    def __init__(self, change: Change, flow_json: FlowJson | None, context: RunContext) -> None:
        self._change, self._flow_json, self._context = change, flow_json, context
        self._expected: dict[FlowId, Fingerprint] = {print_.id: print_ for print_ in change.seen}
        self._known: dict[FlowId, RemoteFlow] = {}
        self._found: dict[FlowId, RemoteFlow] = {}  # before this run wrote anything to them
        self._latest: FlowId | None = None  # the flow that the latest proof was about
        self.created: FlowId | None = None
        self.earlier: dict[FlowId, RemoteFlow] = {}
        self.warnings: list[str] = []
        self.findings: tuple[RemoteFinding, ...] = ()
        self.attempts = 0  # of the step at hand
        self._may_be_made = False  # by an earlier attempt at a create, which shows late

    def carry_out(self, step: Step) -> StepOutcome:
        """Carry out a step until its proof holds.

        Raises `Refused`, `Stopped` or `FlowsyncError` when it does not come to that.
        """
        if self._context.stop.is_set():
            raise Interrupted("stopped")
        if step.flow_id is None and step.kind is not StepKind.CREATE:
            step = replace(step, flow_id=self.created)
        self._context.tell(Progress(label=self._change.label, step=step.kind, text=step.kind.value))
        self.attempts = 0
        self._check_unmoved(step)
        self._keep_earlier(step)
        outcome = self._write_until_proved(step, self._flow_json)
        self._latest = outcome.flow_id
        return outcome

    def put_back(self, flow_id: FlowId, flow_json: FlowJson) -> StepOutcome:
        """Upload what a flow held before this run's upload, unless somebody has written since."""
        step, findings = Step(kind=StepKind.UPLOAD, flow_id=flow_id), self.findings
        self._context.tell(Progress(label=self._change.label, step=step.kind, text="put back"))
        try:
            self._look_again(step)
            return self._write_until_proved(step, flow_json)
        finally:
            self.findings = findings  # those of what was to be published

    def _write_until_proved(self, step: Step, flow_json: FlowJson | None) -> StepOutcome:
        first_failure: float | None = None
        self._look_before_going_out(step)
        for attempt in itertools.count(1):
            self.attempts = attempt
            elapsed = 0.0 if first_failure is None else self._context.clock() - first_failure
            ended = self._attempt(step, flow_json, attempt, elapsed)
            if isinstance(ended, str):
                return StepOutcome(
                    kind=step.kind,
                    flow_id=step.flow_id or self.created,
                    result=StepResult.DONE,
                    attempts=attempt,
                    note=ended,
                )
            first_failure = self._context.clock() if first_failure is None else first_failure
            self._wait_to_repeat(step, ended)
        raise AssertionError("counting does not end")

    def _wait_to_repeat(self, step: Step, again: Repetition) -> None:
        try:
            self._context.wait(again.seconds)
            if again.trouble is Trouble.THROTTLED:  # nothing was read since, maybe for minutes
                self._look_again(step)
            self._look_before_going_out(step)
        except Interrupted as exc:
            raise Stopped(
                Result.NOT_STARTED,
                f"stopped as asked, before the {step.kind.value} was sent again "
                f"({again.trouble.value}).",
                step=StepResult.FAILED,
            ) from exc

    # --- before the write ---

    def _check_unmoved(self, step: Step) -> None:
        """Compare the remote with what the plan saw, right before the step's first write."""
        try:
            self._read_before(step)
        except RemoteError as exc:
            raise Stopped(Result.FAILED, str(exc), step=StepResult.NOT_STARTED) from exc

    def _read_before(self, step: Step) -> None:
        if step.kind is StepKind.CREATE:
            self._check_name_free(step, 0)
            return
        assert step.flow_id is not None
        if step.flow_id in self._known and step.flow_id == self._latest:
            return
        flow = self._context.remote.get_flow(step.flow_id)
        expected = self._expected.get(step.flow_id)
        what = ("it was not part of the plan",) if expected is None else what_moved(expected, flow)
        if what:
            raise moved("; ".join(what))
        self._known[flow.id] = self._found[flow.id] = flow

    def _look_before_going_out(self, step: Step) -> None:
        """Look again as long as the write would be held back, so that no old look is relied on.

        A full hour lets one request out after the other, so this ends after some looks.
        """
        for _ in range(_MOST_LOOKS):
            if self._context.remote.seconds_to_wait() <= _FRESH_S:
                break
            self._look_again(step)

    def _look_again(self, step: Step) -> None:
        """Make sure that nobody has written during a pause, right before a write is sent again."""
        try:
            if step.kind is StepKind.CREATE:
                self._check_name_free(step, self._context.listings.now())
            elif step.flow_id in self._known:
                flow = self._read_again(step.flow_id)
                if flow.content.state is ContentState.UNKNOWN:
                    raise RemoteUnavailable(f"{flow.content.note}. Run the command again.")
                if has_moved(self._known[step.flow_id], flow):
                    raise moved("somebody else has written to it")
        except RemoteError as exc:
            ended = StepResult.FAILED if self.attempts else StepResult.NOT_STARTED
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
        flow = self._found.get(step.flow_id or FlowId(""))
        if flow is None or step.kind not in _WRITES_OVER or flow.id in self.earlier:
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
        self.earlier[flow.id] = flow
        if self._context.backups is None:
            return
        try:
            name = self._context.backups.save(flow, self._change.key, step.kind)
        except FlowsyncError as exc:
            raise Stopped(Result.FAILED, str(exc), step=StepResult.NOT_STARTED) from exc
        self._context.journal.note(
            "backup", flow=self._change.label, flow_id=flow.id, backup=name, step=step.kind.value
        )

    # --- the write and its proof ---

    def _attempt(
        self, step: Step, flow_json: FlowJson | None, attempt: int, elapsed: float
    ) -> str | Repetition:
        """Write once and read back; gives a note when the proof holds, or when to try again."""
        about: dict[str, JsonValue] = {
            "write": next(self._context.write_numbers),
            "flow": self._change.label,
            "step": step.kind.value,
            "flow_id": step.flow_id,
            "attempt": attempt,
        }
        self._context.journal.intend(**about)
        error: RemoteError | None = None
        answered: FlowId | None = None
        try:
            sent = send_step(self._context.remote, step, flow_json)
            answered = sent.new_id
            self.findings = sent.findings or self.findings
        except Interrupted:
            self._context.journal.note("result", **about, result="not sent")
            raise
        except RemoteError as exc:
            error = exc
        moment = self._context.listings.now()  # a listing that was begun before proves nothing
        again = write_repetition(error, attempt, elapsed=elapsed)
        if isinstance(error, RemoteThrottled):
            self._note_result(about, "throttled", str(error), again)
            if again is None:
                raise error
            return again  # the client lets no request out until the account may go on
        try:
            proved = self._proved(step, flow_json, moment, answered, error)
        except (RemoteError, Interrupted) as exc:
            said = str(error or exc)
            self._note_result(about, "unknown", said)
            raise Stopped(
                Result.UNKNOWN,
                f"{said} Whether the step took effect could not be read ({exc}). Run `flowsync "
                "plan` again: it shows what is left to do.",
                step=StepResult.UNKNOWN,
            ) from exc
        except Stopped as exc:
            self._note_result(about, "overtaken", exc.message)
            raise
        is_asked_again = error is not None and trouble_of(error) is Trouble.STORED_BUT_FAILED
        if proved and not (is_asked_again and again):
            about["flow_id"] = step.flow_id or self.created
            note = "" if error is None else f"proved by reading, although: {error}"
            self._note_result(about, "done", note)
            return note
        said = str(error or "the remote answered success, but a read shows that nothing happened.")
        self._note_result(about, "not done", said, again)
        self._may_be_made = self._may_be_made or error is None or error.outcome_unknown
        if again is not None:
            return again
        if error is not None and write_rule(error).write_attempts == 1:
            raise Refused(error)
        raise Stopped(Result.FAILED, said, step=StepResult.FAILED)

    def _note_result(
        self,
        about: dict[str, JsonValue],
        result: str,
        message: str,
        again: Repetition | None = None,
    ) -> None:
        more: dict[str, JsonValue] = {}
        if again is not None:
            more = {"trouble": again.trouble.value, "again_in_s": round(again.seconds, 3)}
        self._context.journal.note("result", **about, result=result, message=message, **more)

    def _proved(
        self,
        step: Step,
        flow_json: FlowJson | None,
        moment: int,
        answered: FlowId | None,
        error: RemoteError | None,
    ) -> bool:
        if step.kind is StepKind.CREATE:
            return self._creation_proved(step, moment, answered, error)
        assert step.flow_id is not None
        if step.kind is StepKind.DELETE:
            return self._is_gone(step.flow_id, moment, error)
        before = self._known.get(step.flow_id)
        flow = self._read_again(step.flow_id)
        if error is None and not holds(step, flow, flow_json):
            self._context.settle(LAG_S)
            flow = self._read_again(step.flow_id)
        if step.kind is StepKind.UPLOAD and flow.content.state is ContentState.UNKNOWN:
            raise RemoteUnavailable(f"{flow.content.note}.")
        if step.kind is StepKind.PUBLISH:
            self._note_injected_endpoint(flow)
        self._known[flow.id] = flow
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
            self.findings = with_places(flow.findings, self.findings)
        return is_proved

    def _is_gone(self, flow_id: FlowId, moment: int, error: RemoteError | None) -> bool:
        """Tell whether a flow is neither listed nor to be read: a listing alone may lack it.

        Raises `RemoteError` where the delete failed and no read can tell.
        """
        listing = _whole(self._context.listings.since(moment))
        if any(flow.id == flow_id for flow in listing.flows):
            return False
        try:
            self._read_again(flow_id)
        except RemoteError as exc:
            if error is None or (isinstance(exc, RemoteRejected) and says_unknown_flow(exc)):
                return True
            raise
        return False

    def _read_again(self, flow_id: FlowId) -> RemoteFlow:
        """Read a flow whose Flow JSON was seen before, and that cannot be an empty draft (G-06).

        Raises `RemoteUnavailable` where it is only taken for one, because it cannot be read.
        """
        flow, before = self._context.remote.get_flow(flow_id), self._known.get(flow_id)
        is_guess = flow.content.state is ContentState.NONE and bool(flow.content.note)
        if is_guess and before is not None and before.content.state is ContentState.READ:
            raise RemoteUnavailable(f"flow {flow_id} cannot be read just now (HTTP 500).")
        return flow

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
        was_refused = error is not None and not error.outcome_unknown and not self._may_be_made
        is_ours = found.flow.status == FlowStatus.DRAFT.value and set(found.flow.categories) == set(
            step.categories or ()
        )
        if found.has_answered_id and not is_ours:
            self.created = found.flow.id
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
            self.warnings.append(f"adopted flow {found.flow.id}, left by an earlier attempt.")
        self.created = found.flow.id
        self._known[found.flow.id] = _new_draft(found.flow, step)
        return True

    def _note_injected_endpoint(self, flow: RemoteFlow) -> None:
        """Warn when publishing has set another endpoint (G-15)."""
        before = self._known.get(flow.id)
        if before is not None and before.endpoint_uri != flow.endpoint_uri:
            self.warnings.append(
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
