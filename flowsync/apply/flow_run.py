"""Carrying out the change of one flow, step by step.

For every step: read (is it still what the plan saw?), journal the intent, write, read back until
the proof holds, journal the result. A proof's read is the next step's first read, because nothing
lies between them. A write is repeated only after a read has shown that it did not happen.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flowsync.apply.journal import Journal
from flowsync.apply.listings import Listings
from flowsync.apply.outcome import FlowOutcome, Result, StepOutcome, StepResult
from flowsync.apply.proof import find_created, holds, was_touched, what_moved, with_places
from flowsync.apply.requests import send_step
from flowsync.errors import (
    FlowsyncError,
    Interrupted,
    RemoteError,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.model import (
    Content,
    ContentState,
    FlowDefinition,
    FlowId,
    FlowStatus,
    JsonValue,
    ListedFlow,
    Listing,
    RemoteFinding,
    RemoteFlow,
    StepKind,
)
from flowsync.plan.values import Action, Change, Fingerprint, Step
from flowsync.remotes.interface import Remote

WRITE_ATTEMPTS = 3
LAG_S = 1.0  # Meta's file store may show an upload a moment later
LONGEST_PAUSE_S = 300.0
_FROZEN = (139001, 4016010)
_STORED_BUT_FAILED = (139001, 4016012)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Something happened to a flow, for display: `step` is None when the flow has ended."""

    label: str
    step: StepKind | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What all flows of a run share; `wait` sleeps and raises `Interrupted` when asked to stop."""

    remote: Remote
    listings: Listings
    journal: Journal
    stop: threading.Event
    wait: Callable[[float], None]
    tell: Callable[[Progress], None]
    write_numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))


class _Stopped(Exception):
    """Ends a flow early with a result and a sentence."""

    def __init__(self, result: Result, message: str, *, step: StepResult) -> None:
        super().__init__(message)
        self.result, self.message, self.step = result, message, step


class FlowRun:
    """The run of one change; used once."""

    def __init__(
        self, change: Change, definition: FlowDefinition | None, context: RunContext
    ) -> None:
        self._change = change
        self._definition = definition
        self._context = context
        self._expected: dict[FlowId, Fingerprint] = {print_.id: print_ for print_ in change.seen}
        self._known: dict[FlowId, RemoteFlow] = {}
        self._created: FlowId | None = None
        self._done: list[StepOutcome] = []
        self._warnings: list[str] = []
        self._findings: tuple[RemoteFinding, ...] = ()
        self._attempts = 0  # of the step at hand

    def run(self) -> FlowOutcome:
        """Carry out the change and say how it ended; expected failures do not raise."""
        if self._change.action is Action.CONFLICT:
            message = f"{self._change.conflict} {self._change.way_out}"
            return self._outcome(Result.CONFLICT, message)
        if not self._change.steps:
            return self._outcome(Result.UNCHANGED)
        remaining = list(self._change.steps)
        may_fall_back = bool(self._change.fallback)
        while remaining:
            step = remaining[0]
            try:
                self._carry_out(step)
            except _Refused as exc:
                if may_fall_back and exc.is_frozen and not self._done:
                    self._warnings.append("the flow refuses edits for ever; it is replaced.")
                    remaining, may_fall_back = list(self._change.fallback), False
                    continue
                return self._end_early(Result.FAILED, StepResult.FAILED, str(exc), remaining)
            except _Stopped as exc:
                return self._end_early(exc.result, exc.step, exc.message, remaining)
            except Interrupted:
                text = "stopped as asked, before this step."
                return self._end_early(Result.NOT_STARTED, StepResult.NOT_STARTED, text, remaining)
            except FlowsyncError as exc:
                return self._end_early(Result.FAILED, StepResult.FAILED, str(exc), remaining)
            remaining.pop(0)
        self._context.tell(Progress(label=self._change.label, step=None, text="done"))
        return self._outcome(Result.APPLIED)

    def _end_early(
        self, result: Result, step: StepResult, message: str, remaining: list[Step]
    ) -> FlowOutcome:
        first, *others = remaining
        self._done.append(self._step_outcome(first, step, attempts=self._attempts, note=message))
        self._done += [self._step_outcome(other, StepResult.NOT_STARTED) for other in others]
        self._context.tell(Progress(label=self._change.label, step=None, text=result.value))
        return self._outcome(result, message)

    def _outcome(self, result: Result, message: str = "") -> FlowOutcome:
        flow_json = self._definition.flow_json if self._definition else None
        return FlowOutcome(
            key=self._change.key,
            name=self._change.name,
            action=self._change.action.value,
            result=result,
            flow_id=self._created or self._change.flow_id,
            is_new=self._created is not None,
            steps=tuple(self._done),
            message=message,
            warnings=tuple(self._warnings),
            findings=self._findings,
            flow_json_path=flow_json.path if flow_json else None,
        )

    def _step_outcome(
        self, step: Step, result: StepResult, *, attempts: int = 0, note: str = ""
    ) -> StepOutcome:
        return StepOutcome(
            kind=step.kind,
            flow_id=step.flow_id or self._created,
            result=result,
            attempts=attempts,
            note=note,
        )

    # --- one step ---

    def _carry_out(self, step: Step) -> None:
        if self._context.stop.is_set():
            raise Interrupted("stopped")
        if step.flow_id is None and step.kind is not StepKind.CREATE:
            step = replace(step, flow_id=self._created)
        self._context.tell(Progress(label=self._change.label, step=step.kind, text=step.kind.value))
        self._attempts = 0
        self._check_unmoved(step)
        for attempt in range(1, WRITE_ATTEMPTS + 1):
            self._attempts = attempt
            note = self._attempt(step, is_last=attempt == WRITE_ATTEMPTS, attempt=attempt)
            if note is not None:
                self._done.append(
                    self._step_outcome(step, StepResult.DONE, attempts=attempt, note=note)
                )
                self._after(step)
                return
            self._context.wait(LAG_S * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns a note or raises")

    def _check_unmoved(self, step: Step) -> None:
        """Compare the remote with what the plan saw, right before the step's first write."""
        try:
            self._read_before(step)
        except RemoteError as exc:
            raise _Stopped(Result.FAILED, str(exc), step=StepResult.NOT_STARTED) from exc

    def _read_before(self, step: Step) -> None:
        if step.kind is StepKind.CREATE:
            listing = self._context.listings.since(0)
            if not listing.is_whole:
                raise _Stopped(
                    Result.FAILED,
                    f"the account's listing may not be whole ({listing.doubts[0]}), so nothing is "
                    "created. Run the command again.",
                    step=StepResult.NOT_STARTED,
                )
            if any(flow.name == step.name for flow in listing.flows):
                raise _moved(f'a flow named "{step.name}" has appeared')
            return
        assert step.flow_id is not None
        if step.flow_id in self._known:
            return
        flow = self._context.remote.get_flow(step.flow_id)
        expected = self._expected.get(step.flow_id)
        moved = ("it was not part of the plan",) if expected is None else what_moved(expected, flow)
        if moved:
            raise _moved("; ".join(moved))
        self._known[flow.id] = flow

    def _attempt(self, step: Step, *, is_last: bool, attempt: int) -> str | None:
        """Write once and read back; gives a note when the proof holds, None to try again."""
        write = next(self._context.write_numbers)
        moment = self._context.listings.now()
        about: dict[str, JsonValue] = {
            "write": write,
            "flow": self._change.label,
            "step": step.kind.value,
            "flow_id": step.flow_id,
            "attempt": attempt,
        }
        self._context.journal.record("intent", **about)
        error: RemoteError | None = None
        answered: FlowId | None = None
        try:
            sent = send_step(self._context.remote, step, self._definition)
            answered = sent.new_id
            self._findings = sent.findings or self._findings
        except Interrupted:
            self._context.journal.record("result", **about, result="not sent")
            raise
        except RemoteThrottled as exc:
            self._context.journal.record("result", **about, result="throttled", message=str(exc))
            if is_last or (exc.retry_after or 0) > LONGEST_PAUSE_S:
                raise
            return None  # the client lets no request out until the account may go on
        except RemoteError as exc:
            error = exc
        try:
            proved = self._proved(step, moment, answered, error, attempt)
        except (RemoteError, Interrupted) as exc:
            said = str(error or exc)
            self._context.journal.record("result", **about, result="unknown", message=said)
            raise _Stopped(
                Result.UNKNOWN,
                f"{said} Whether the step took effect could not be read ({exc}). Run `flowsync "
                "plan` again: it shows what is left to do.",
                step=StepResult.UNKNOWN,
            ) from exc
        repeats = error is not None and (error.code, error.subcode) == _STORED_BUT_FAILED
        if proved and not (repeats and not is_last):
            about["flow_id"] = step.flow_id or self._created
            note = "" if error is None else f"proved by reading, although: {error}"
            self._context.journal.record("result", **about, result="done", message=note)
            return note
        said = "the remote answered success, but a read shows that nothing happened."
        self._context.journal.record(
            "result", **about, result="not done", message=said if error is None else str(error)
        )
        if isinstance(error, RemoteError) and not _is_worth_repeating(error):
            raise _Refused(error)
        if is_last:
            raise _Stopped(Result.FAILED, str(error or said), step=StepResult.FAILED)
        return None

    # --- proofs ---

    def _proved(
        self,
        step: Step,
        moment: int,
        answered: FlowId | None,
        error: RemoteError | None,
        attempt: int,
    ) -> bool:
        if step.kind is StepKind.CREATE:
            return self._creation_proved(step, moment, answered, error, attempt)
        assert step.flow_id is not None
        if step.kind is StepKind.DELETE:
            listing = _whole(self._context.listings.since(moment))
            return all(flow.id != step.flow_id for flow in listing.flows)
        before = self._known.get(step.flow_id)
        flow = self._context.remote.get_flow(step.flow_id)
        if error is None and not holds(step, flow, self._definition):
            self._context.wait(LAG_S)
            flow = self._context.remote.get_flow(step.flow_id)
        if step.kind is StepKind.PUBLISH:
            self._note_injected_endpoint(flow)
        self._known[flow.id] = flow
        is_proved = holds(step, flow, self._definition)
        if not is_proved and before is not None and was_touched(step, before, flow):
            raise _Stopped(
                Result.CHANGED_SINCE_PLAN,
                f"after the {step.kind.value} the flow is neither as it was nor as it should be: "
                "somebody else writes to it at the same time, or the remote alters what it "
                "stores. Look at it with `flowsync show`, then plan again.",
                step=StepResult.FAILED,
            )
        return is_proved

    def _creation_proved(
        self,
        step: Step,
        moment: int,
        answered: FlowId | None,
        error: RemoteError | None,
        attempt: int,
    ) -> bool:
        """Look for the created flow in a listing begun after the create was sent."""
        name = step.name or ""
        found = find_created(self._context.listings.since(moment), name, answered)
        if found.flow is None and (error is None or error.outcome_unknown):
            self._context.wait(LAG_S)
            moment = self._context.listings.now()
            listing = _whole(self._context.listings.since(moment))
            found = find_created(listing, name, answered)
        if found.flow is None:
            return False
        was_refused = error is not None and not error.outcome_unknown and attempt == 1
        is_ours = found.flow.status == FlowStatus.DRAFT.value and set(found.flow.categories) == set(
            step.categories or ()
        )
        if was_refused or not is_ours:
            raise _moved(f'a flow named "{name}" has appeared')
        if not found.has_answered_id and answered is not None:
            self._warnings.append(f"adopted flow {found.flow.id}, left by an earlier attempt.")
        self._created = found.flow.id
        self._known[found.flow.id] = _empty_draft(found.flow, step)
        return True

    def _note_injected_endpoint(self, flow: RemoteFlow) -> None:
        """Warn when publishing has set another endpoint (G-15)."""
        before = self._known.get(flow.id)
        if before is not None and before.endpoint_uri != flow.endpoint_uri:
            self._warnings.append(
                f"publishing has set endpoint_uri to {flow.endpoint_uri}; declare the right one in "
                "the definition."
            )

    def _after(self, step: Step) -> None:
        """Stop before publishing what the platform finds errors in (G-04)."""
        if step.kind is not StepKind.UPLOAD:
            return
        flow = self._known.get(step.flow_id or FlowId(""))
        if flow and flow.findings:
            self._findings = with_places(flow.findings, self._findings)
        if self._findings:
            count = len(self._findings)
            self._warnings.append(f"the platform finds {count} error(s) in the Flow JSON.")
            if any(step.kind is StepKind.PUBLISH for step in self._change.steps):
                first = self._findings[0]
                raise _Stopped(
                    Result.FAILED,
                    f"the Flow JSON is stored, but the platform finds {count} error(s) in it, the "
                    f"first {first.code}: {first.message}. It was not published. Correct the file "
                    "and run the command again.",
                    step=StepResult.NOT_STARTED,
                )


class _Refused(Exception):
    """The remote refuses a write for good."""

    def __init__(self, error: RemoteError) -> None:
        super().__init__(str(error))
        self.is_frozen = (error.code, error.subcode) == _FROZEN


def _moved(what: str) -> _Stopped:
    return _Stopped(
        Result.CHANGED_SINCE_PLAN,
        f"the flow was changed since the plan: {what}. Nothing was written to it since; run "
        "`flowsync plan` again.",
        step=StepResult.NOT_STARTED,
    )


def _is_worth_repeating(error: RemoteError) -> bool:
    """Tell whether a write that a read disproved may be sent again."""
    return error.outcome_unknown or (error.status or 0) >= 500 or error.status is None


def _whole(listing: Listing) -> Listing:
    """Give a listing that absence may be concluded from. Raises `RemoteUnavailable`."""
    if not listing.is_whole:
        raise RemoteUnavailable(f"the account's listing may not be whole: {listing.doubts[0]}")
    return listing


def _empty_draft(flow: ListedFlow, step: Step) -> RemoteFlow:
    """Give a draft that was just created as far as a listing shows it; it cannot be read (G-06)."""
    return RemoteFlow(
        id=flow.id,
        name=flow.name,
        status=flow.status,
        categories=flow.categories,
        content=Content(state=ContentState.NONE),
        endpoint_uri=step.endpoint_uri,
    )
