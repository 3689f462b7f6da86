"""Carrying out the change of one flow: its steps in order, and what happens when one fails."""

from __future__ import annotations

import json

from flowsync.apply.context import Progress, Refused, RunContext, Stopped
from flowsync.apply.outcome import FlowOutcome, Result, StepOutcome, StepResult
from flowsync.apply.step_run import StepRunner
from flowsync.errors import FlowsyncError, Interrupted
from flowsync.model import LIVE, FlowDefinition, FlowJson, StepKind, known_status
from flowsync.plan.values import Action, Change, Step


class FlowRun:
    """The run of one change; used once."""

    def __init__(
        self, change: Change, definition: FlowDefinition | None, context: RunContext
    ) -> None:
        self._change, self._context = change, context
        self._flow_json = definition.flow_json if definition else None
        self._steps = StepRunner(change, self._flow_json, context)
        self._done: list[StepOutcome] = []
        self._warnings: list[str] = []

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
            try:
                self._note(self._steps.carry_out(remaining[0]))
                self._check_findings(remaining[0])
            except Refused as exc:
                if may_fall_back and exc.is_frozen and not self._done:
                    self._warnings.append("the flow refuses edits for ever; it is replaced.")
                    remaining, may_fall_back = list(self._change.fallback), False
                    continue
                return self._end_early(Result.FAILED, StepResult.FAILED, str(exc), remaining)
            except _FoundWrong as exc:
                return self._end_early(
                    Result.FAILED, StepResult.NOT_STARTED, str(exc), remaining[1:]
                )
            except Stopped as exc:
                return self._end_early(exc.result, exc.step, exc.message, remaining)
            except Interrupted:
                text = "stopped as asked, before this step."
                result = Result.STOPPED if self._done else Result.NOT_STARTED
                return self._end_early(result, StepResult.NOT_STARTED, text, remaining)
            except FlowsyncError as exc:
                return self._end_early(Result.FAILED, StepResult.FAILED, str(exc), remaining)
            remaining.pop(0)
        self._tell_end(Result.APPLIED, "done")
        return self._outcome(Result.APPLIED)

    def _note(self, step: StepOutcome) -> None:
        """Keep and tell how a step ended, and only keep one that was not begun."""
        self._done.append(step)
        if step.result is not StepResult.NOT_STARTED:
            text = f"{step.kind.value} {step.result.value}"
            label = self._change.label
            self._context.tell(Progress(label=label, step=step.kind, text=text, ended=step))

    def _tell_end(self, result: Result, text: str) -> None:
        label = self._change.label
        self._context.tell(Progress(label=label, step=None, text=text, result=result))

    def _check_findings(self, step: Step) -> None:
        """Stop before publishing what the platform finds errors in (G-04)."""
        findings = self._steps.seen.findings
        if step.kind is not StepKind.UPLOAD or not findings:
            return
        count = len(findings)
        self._warnings.append(f"the platform finds {count} error(s) in the Flow JSON.")
        if any(step.kind is StepKind.PUBLISH for step in self._change.steps):
            raise _FoundWrong(
                f"the Flow JSON is stored, but the platform finds {count} error(s) in it, the "
                f"first {findings[0].code}: {findings[0].message}. It was not published. Correct "
                "the file and run the command again."
            )

    def _end_early(
        self, result: Result, step: StepResult, message: str, remaining: list[Step]
    ) -> FlowOutcome:
        first, *others = remaining
        attempts = self._steps.seen.attempts if step is not StepResult.NOT_STARTED else 0
        is_rolled_back = result is Result.FAILED and self._roll_back(remaining)
        self._note(
            StepOutcome(
                kind=first.kind,
                flow_id=first.flow_id or self._steps.seen.created,
                result=step,
                attempts=attempts,
                note=message,
            )
        )
        self._done += [
            StepOutcome(
                kind=other.kind,
                flow_id=other.flow_id or self._steps.seen.created,
                result=StepResult.NOT_STARTED,
                attempts=0,
            )
            for other in others
        ]
        self._tell_end(result, result.value)
        return self._outcome(result, message, is_rolled_back=is_rolled_back)

    def _roll_back(self, remaining: list[Step]) -> bool:
        """Upload again what a flow held that could not be published; tell whether that was done."""
        uploaded = {step.flow_id for step in self._done if step.kind is StepKind.UPLOAD}
        earlier = [flow for id_, flow in self._steps.seen.earlier.items() if id_ in uploaded]
        is_unpublished = any(step.kind is StepKind.PUBLISH for step in remaining)
        if not self._context.rolls_back or not is_unpublished or not earlier:
            return False
        if self._context.stop.is_set():
            self._warnings.append(
                "the earlier Flow JSON was not uploaded again, because apply was asked to stop: "
                f"`flowsync restore {earlier[0].id}` does it."
            )
            return False
        value = earlier[0].content.value
        text = json.dumps(value, indent=2, ensure_ascii=False)
        try:
            self._steps.put_back(earlier[0].id, FlowJson(path="", text=text, value=value))
        except (Refused, Stopped, FlowsyncError) as exc:
            self._warnings.append(
                f"the earlier Flow JSON could not be uploaded again: {exc} `flowsync restore "
                f"{earlier[0].id}` does it."
            )
            return False
        was_live = known_status(earlier[0].status) in LIVE
        now = "the flow is a draft now, its live version stays up" if was_live else "it is a draft"
        self._warnings.append(
            "the earlier Flow JSON was uploaded again, because the new one could not be published: "
            f"{now}."
        )
        return True

    def _outcome(
        self, result: Result, message: str = "", *, is_rolled_back: bool = False
    ) -> FlowOutcome:
        return FlowOutcome(
            key=self._change.key,
            name=self._change.name,
            action=self._change.action.value,
            result=result,
            flow_id=self._steps.seen.created or self._change.flow_id,
            is_new=self._steps.seen.created is not None,
            is_rolled_back=is_rolled_back,
            steps=tuple(self._done),
            message=message,
            warnings=(*self._steps.seen.warnings, *self._warnings),
            findings=self._steps.seen.findings,
            flow_json_path=self._flow_json.path if self._flow_json else None,
        )


class _FoundWrong(Exception):
    """The platform finds errors in what was uploaded and would now be published."""
