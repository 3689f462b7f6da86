"""Carrying out the steps of one flow: look, journal, write, prove.

For every step: look (is it still what the plan saw?), keep what would be written over, journal the
intent, write, read back until the proof holds, journal the result. A proof's read is the next
step's first look, because nothing lies between them. A write is repeated only after a read has
shown that it did not happen, as often as flowsync.retry_policy says.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from flowsync.apply.context import Progress, Refused, RunContext, Stopped
from flowsync.apply.looking import Looks
from flowsync.apply.outcome import Result, StepOutcome, StepResult
from flowsync.apply.proving import Proofs
from flowsync.apply.requests import send_step
from flowsync.apply.seen import seen_of
from flowsync.errors import Interrupted, RemoteError, RemoteThrottled
from flowsync.model import FlowId, FlowJson, JsonValue, StepKind
from flowsync.plan.values import Change, Step
from flowsync.retry_policy import (
    Repetition,
    Trouble,
    trouble_of,
    write_repetition,
    write_rule,
)


class StepRunner:
    """Carries out the steps of one flow; `seen` is what they showed."""

    def __init__(self, change: Change, flow_json: FlowJson | None, context: RunContext) -> None:
        self.seen = seen_of(change)
        self._flow_json, self._context = flow_json, context
        self._looks, self._proofs = Looks(self.seen, context), Proofs(self.seen, context)

    def carry_out(self, step: Step) -> StepOutcome:
        """Carry out a step until its proof holds.

        Raises `Refused`, `Stopped` or `FlowsyncError` when it does not come to that.
        """
        if self._context.stop.is_set():
            raise Interrupted("stopped")
        if step.flow_id is None and step.kind is not StepKind.CREATE:
            step = replace(step, flow_id=self.seen.created)
        self._context.tell(Progress(label=self.seen.label, step=step.kind, text=step.kind.value))
        self.seen.attempts = 0
        if step.with_create and self._came_along(step):
            self.seen.latest = step.flow_id
            return StepOutcome(
                kind=step.kind,
                flow_id=step.flow_id,
                result=StepResult.DONE,
                attempts=0,
                note="with the create",
            )
        self._looks.before_first_write(step)
        outcome = self._write_until_proved(step, self._flow_json)
        self.seen.latest = outcome.flow_id
        return outcome

    def _came_along(self, step: Step) -> bool:
        """Tell whether a step took effect in the request that created the flow, seen by reading."""
        try:
            came = self._proofs.came_along(step, self._flow_json)
        except (RemoteError, Interrupted) as exc:
            raise Stopped(
                Result.UNKNOWN,
                f"whether the {step.kind.value} came along with the create could not be read "
                f"({exc}). Run `flowsync plan` again: it shows what is left to do.",
                step=StepResult.UNKNOWN,
            ) from exc
        if came:
            self._context.journal.note(
                "result",
                flow=self.seen.label,
                step=step.kind.value,
                flow_id=step.flow_id,
                attempt=0,
                result="done",
                message="with the create",
            )
        return came

    def put_back(self, flow_id: FlowId, flow_json: FlowJson) -> StepOutcome:
        """Upload what a flow held before this run's upload, unless somebody has written since."""
        step, findings = Step(kind=StepKind.UPLOAD, flow_id=flow_id), self.seen.findings
        self._context.tell(Progress(label=self.seen.label, step=step.kind, text="put back"))
        try:
            self._looks.once_more(step)
            return self._write_until_proved(step, flow_json)
        finally:
            self.seen.findings = findings  # those of what was to be published

    def _write_until_proved(self, step: Step, flow_json: FlowJson | None) -> StepOutcome:
        first_failure: float | None = None
        self._looks.before_going_out(step)
        for attempt in itertools.count(1):
            self.seen.attempts = attempt
            elapsed = 0.0 if first_failure is None else self._context.clock() - first_failure
            ended = self._attempt(step, flow_json, attempt, elapsed)
            if isinstance(ended, str):
                return StepOutcome(
                    kind=step.kind,
                    flow_id=step.flow_id or self.seen.created,
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
                self._looks.once_more(step)
            self._looks.before_going_out(step)
        except Interrupted as exc:
            raise Stopped(
                Result.STOPPED,
                f"stopped as asked, before the {step.kind.value} was sent again "
                f"({again.trouble.value}).",
                step=StepResult.FAILED,
            ) from exc

    def _attempt(
        self, step: Step, flow_json: FlowJson | None, attempt: int, elapsed: float
    ) -> str | Repetition:
        """Write once and read back; gives a note when the proof holds, or when to try again."""
        about: dict[str, JsonValue] = {
            "write": next(self._context.write_numbers),
            "flow": self.seen.label,
            "step": step.kind.value,
            "flow_id": step.flow_id,
            "attempt": attempt,
        }
        self._context.journal.intend(**about)
        error: RemoteError | None = None
        answered: FlowId | None = None
        try:
            sent = send_step(self._context.remote, step, flow_json, self.seen.along)
            answered = sent.new_id
            self.seen.findings = sent.findings or self.seen.findings
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
            proved = self._proofs.is_proved(step, flow_json, moment, answered, error)
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
            about["flow_id"] = step.flow_id or self.seen.created
            note = "" if error is None else f"proved by reading, although: {error}"
            self._note_result(about, "done", note)
            return note
        said = str(error or "the remote answered success, but a read shows that nothing happened.")
        self._note_result(about, "not done", said, again)
        self.seen.may_be_made = self.seen.may_be_made or error is None or error.outcome_unknown
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
