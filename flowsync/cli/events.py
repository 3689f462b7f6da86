"""Events for dashboards (`--format jsonl`): a JSON object a line, written out at once.

The lines of a run: `plan`, a `change_planned` for each flow that changes or conflicts, what happens
(`step_started`, `step_done`, `step_failed`, `retry`, `progress`, `flow_finished`), and always a
`summary` at last. Schema: schemas/events.schema.json.
"""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from datetime import datetime, timezone

from flowsync.apply.context import Progress
from flowsync.apply.outcome import Outcome, StepResult
from flowsync.cli.console import Console, ReaderGone
from flowsync.cli.plan_formats import PlanShown
from flowsync.errors import FlowsyncError
from flowsync.model import JsonValue
from flowsync.plan.values import Action, Change
from flowsync.remotes.pace import Wait
from flowsync.retry_policy import Retry

FORMAT_VERSION = "1.0"
JSONL = "jsonl"


class Events:
    """Prints events of a run on stdout, from any thread; nothing where another format is shown."""

    def __init__(self, console: Console, *, are_shown: bool) -> None:
        self._console, self.are_shown = console, are_shown
        self._writing = threading.Lock()

    def show(self, event: str, **fields: JsonValue) -> None:
        """Print an event. Raises `FlowsyncError` or `ReaderGone` where stdout cannot take it."""
        if not self.are_shown:
            return
        head: dict[str, JsonValue] = {
            "format_version": FORMAT_VERSION,
            "event": event,
            "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
        }
        line = json.dumps(self._console.redact_json({**head, **fields})).replace("\x7f", "\\u007f")
        with self._writing:
            self._console.show_ready(f"{line}\n", JSONL)

    def tell(self, event: str, **fields: JsonValue) -> None:
        """Print an event of work that must go on whether or not somebody reads of it."""
        with suppress(FlowsyncError, ReaderGone):
            self.show(event, **fields)

    def show_plan(self, shown: PlanShown) -> None:
        """Print that the plan is made, and what it changes."""
        plan = shown.plan
        self.show(
            "plan",
            digest=shown.digest,
            target=plan.target,
            remote=plan.remote,
            account=plan.account,
            is_partial=plan.is_partial,
            has_changes=bool(plan.pending),
            is_blocked=bool(plan.blocks or plan.denials),
            since=plan.since,
            counts=counts_of_plan(shown),
        )
        for change in plan.changes:
            if change.action is not Action.NONE:
                self.show("change_planned", **_planned(change))

    def tell_progress(self, progress: Progress) -> None:
        """Print how far a flow is."""
        flow: dict[str, JsonValue] = {"flow": progress.label}
        step, ended = progress.step, progress.ended
        if step is None:
            self.tell(
                "flow_finished",
                **flow,
                result=progress.result.value if progress.result else progress.text,
            )
        elif ended is None:
            self.tell("step_started", **flow, step=step.value, text=progress.text)
        else:
            is_done = ended.result is StepResult.DONE
            self.tell(
                "step_done" if is_done else "step_failed",
                **flow,
                step=step.value,
                flow_id=ended.flow_id,
                result=ended.result.value,
                attempts=ended.attempts,
                message=ended.note,
            )

    def tell_retry(self, retry: Retry) -> None:
        """Print that a request failed, and what is done about it."""
        self.tell("retry", **retry_fields(retry))

    def tell_wait(self, wait: Wait) -> None:
        """Print that no request goes out for a time."""
        self.tell(
            "progress", seconds=round(wait.seconds, 3), message=f"waiting: {wait.reason.value}"
        )


def retry_fields(retry: Retry) -> dict[str, JsonValue]:
    """Give what events and the journal say of a request that failed."""
    return {
        "request": retry.request,
        "attempt": retry.attempt,
        "attempts": retry.attempts,
        "trouble": retry.trouble.value,
        "seconds": round(retry.seconds, 3),
        "pauses_account": retry.pauses_account,
        "is_repeated": retry.is_repeated,
        "message": retry.message,
    }


def summary_of_plan(shown: PlanShown) -> dict[str, JsonValue]:
    """Give what the last event says of a plan."""
    return {"digest": shown.digest, "counts": counts_of_plan(shown)}


def summary_of_outcome(outcome: Outcome) -> dict[str, JsonValue]:
    """Give what the last event says of an outcome."""
    return {
        "digest": outcome.plan_digest,
        "run": outcome.run,
        "counts": {result.value: number for result, number in outcome.counts.items()},
    }


def counts_of_plan(shown: PlanShown) -> dict[str, JsonValue]:
    """Give how many flows each action is planned for."""
    return {action.value: number for action, number in shown.plan.counts.items()}


def _planned(change: Change) -> dict[str, JsonValue]:
    return {
        "flow": change.label,
        "key": change.key,
        "name": change.name,
        "action": change.action.value,
        "flow_id": change.flow_id,
        "reasons": [reason.name for reason in change.reasons],
        "steps": [step.kind.value for step in change.steps],
        "one_way": [kind.value for kind in change.one_way],
        "origin": None if change.origin is None else change.origin.value,
        "conflict": change.conflict,
        "way_out": change.way_out,
        "warnings": [*change.warnings],
    }
