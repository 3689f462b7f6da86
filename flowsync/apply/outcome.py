"""What became of a plan: one outcome a flow, one result a step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flowsync.errors import ExitCode
from flowsync.model import FlowId, FlowKey, RemoteFinding, StepKind

FORMAT_VERSION = "1.2"


class Result(Enum):
    """How it ended for a flow. `stopped` as asked, after a part of its steps."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    CHANGED_SINCE_PLAN = "changed since the plan"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STOPPED = "stopped"
    NOT_STARTED = "not started"

    @property
    def is_fine(self) -> bool:
        """Tell whether the remote has what was asked for, so that nothing is left to do."""
        return self in {Result.APPLIED, Result.UNCHANGED}


class StepResult(Enum):
    """How a step ended. `unknown` means that no read could tell whether the write took effect."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_STARTED = "not started"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """A step and how it ended; `note` is a sentence where there is something to say."""

    kind: StepKind
    flow_id: FlowId | None
    result: StepResult
    attempts: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowOutcome:
    """How it ended for one flow.

    `flow_id` is the id of the flow that the key now means; `is_new` when this run created it.
    `is_rolled_back` when its earlier Flow JSON was uploaded again after a failure. `message` is a
    sentence for failures, with the next step. `findings` are what the platform says
    of the uploaded Flow JSON, `flow_json_path` the file they are about.
    """

    key: FlowKey | None
    name: str
    action: str
    result: Result
    flow_id: FlowId | None = None
    is_new: bool = False
    is_rolled_back: bool = False
    steps: tuple[StepOutcome, ...] = ()
    message: str = ""
    warnings: tuple[str, ...] = ()
    findings: tuple[RemoteFinding, ...] = ()
    flow_json_path: str | None = None

    @property
    def label(self) -> str:
        """Give the word that people know the flow by: its key, or its name."""
        return self.key or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended. `run` is the name of its journal; `stopped_early` after a signal.

    `stopped_by` is the exit code of that signal. `unrecorded` says why the journal lacks lines.
    """

    run: str
    target: str
    plan_digest: str
    flows: tuple[FlowOutcome, ...]
    stopped_early: bool = False
    stopped_by: ExitCode = ExitCode.INTERRUPTED
    unrecorded: str = ""

    @property
    def is_complete(self) -> bool:
        """Tell whether the run came to its end and every flow is in step."""
        return not self.stopped_early and all(flow.result.is_fine for flow in self.flows)

    @property
    def counts(self) -> dict[Result, int]:
        """Give how many flows ended in each way, those of none included."""
        results = [flow.result for flow in self.flows]
        return {result: results.count(result) for result in Result}

    @property
    def exit_code(self) -> ExitCode:
        """Give the exit code that the outcome stands for."""
        if self.stopped_early:
            return self.stopped_by
        return ExitCode.DONE if self.is_complete else ExitCode.INCOMPLETE
