"""Trying a plan before it is shown: on a copy of what was observed, then planning again.

The second plan must leave nothing to do for the flows that the first one changes. A step that the
platform's rules refuse, and a plan that would never come to rest, are found before anything is
touched. What cannot be observed (a draft's published past, a flow from before November 2024) cannot
be rehearsed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from flowsync.apply.execute import apply_plan
from flowsync.apply.journal import Unrecorded
from flowsync.apply.outcome import FlowOutcome, Result, StepResult
from flowsync.model import FlowDefinition, FlowKey, StepKind
from flowsync.observing import observe
from flowsync.plan.build import PlanRequest, build_plan
from flowsync.plan.values import Change, Plan, Rehearsal, RehearsalProblem
from flowsync.remotes.interface import Remote


def rehearse(
    plan: Plan,
    definitions: Mapping[FlowKey, FlowDefinition],
    request: PlanRequest,
    remote: Remote,
) -> Rehearsal:
    """Carry out a plan on a copy of the account and tell whether nothing is left to do.

    `remote` is that copy, filled with what was observed; `request` what the plan was made for.
    """
    outcome = apply_plan(
        plan,
        definitions,
        remote,
        Unrecorded(),
        parallelism=1,
        stop=threading.Event(),
        wait_s=lambda seconds: None,
    )
    problems = [
        RehearsalProblem(label=flow.label, step=_failing_step(flow), message=flow.message)
        for flow in outcome.flows
        if not flow.result.is_fine and flow.result is not Result.CONFLICT
    ]
    failed = {problem.label for problem in problems}
    observed = observe(remote, definitions.values(), selected=request.selected, parallelism=1)
    again = build_plan(definitions.values(), observed, request)
    changed = {_identity(change) for change in plan.pending}
    problems += [
        RehearsalProblem(label=change.label, step=change.steps[0].kind, message=_left_to_do(change))
        for change in again.pending
        if _identity(change) in changed and change.label not in failed
    ]
    return Rehearsal(problems=tuple(problems))


def _identity(change: Change) -> str:
    return change.key or f"id {change.flow_id}"


def _failing_step(flow: FlowOutcome) -> StepKind | None:
    failing = [step.kind for step in flow.steps if step.result is not StepResult.DONE]
    return failing[0] if failing else None


def _left_to_do(change: Change) -> str:
    steps = ", ".join(step.kind.value for step in change.steps)
    return f"after the plan was carried out, a second plan would still {steps} it."
