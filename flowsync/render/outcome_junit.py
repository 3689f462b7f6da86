"""How an apply ended, as JUnit XML, which CI services show as tests: a test for each flow."""

from __future__ import annotations

from flowsync.apply.outcome import FlowOutcome, Outcome, Result
from flowsync.render.diagnostics_text import plain_line
from flowsync.render.junit import Case, Fault, junit_text
from flowsync.render.outcome_text import Located

_SUITE = "flowsync apply"


def render_outcome_junit(outcome: Outcome, located: Located) -> str:
    """Give a suite with a test for each flow: failed where it could not be brought in step.

    A flow that was not begun is skipped. Warnings and steps are output of the test.
    """
    return junit_text(_SUITE, (_case(flow, located) for flow in outcome.flows))


def _case(flow: FlowOutcome, located: Located) -> Case:
    message = flow.message or flow.result.value
    is_skipped = flow.result is Result.NOT_STARTED
    found = [plain_line(finding) for finding in located.get(flow.key, ())]
    failure = Fault(type=flow.result.value, message=message, lines=(message, *found))
    said = [f"{step.kind.value}: {step.result.value}" for step in flow.steps]
    said += [f"warning: {warning}" for warning in flow.warnings]
    return Case(
        name=flow.label,
        kind="flow",
        file=flow.flow_json_path or None,
        failures=() if is_skipped or flow.result.is_fine else (failure,),
        skipped=message if is_skipped else "",
        output=tuple(said),
    )
