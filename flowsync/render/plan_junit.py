"""A plan as JUnit XML, which CI services show as tests: a test for each flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flowsync.diagnostics import Severity
from flowsync.model import FlowKey
from flowsync.plan.values import Change, Plan
from flowsync.render.junit import Case, Fault, junit_text
from flowsync.render.plan_findings import PlanFinding, plan_findings

_SUITE = "flowsync plan"


def render_plan_junit(plan: Plan, files: Mapping[FlowKey, str]) -> str:
    """Give a suite with a test for each flow of the plan; `files` are the definitions' paths.

    A conflict, a failed rehearsal or what the policy denies fails its test. Warnings are output of
    the test, or of the suite where they are about several flows. A listing that may not be whole
    is a failed test of its own.
    """
    found = list(plan_findings(plan))
    own: dict[int, list[PlanFinding]] = {}
    for finding in found:
        if len(finding.changes) == 1:
            own.setdefault(id(finding.changes[0]), []).append(finding)
    cases = [_case(change, own.get(id(change), ()), files) for change in plan.changes]
    shared = [finding for finding in found if len(finding.changes) != 1]
    failures = tuple(_failure(one) for one in shared if one.severity is Severity.ERROR)
    if failures:
        cases.insert(0, Case(name=f"account {plan.account}", kind="account", failures=failures))
    said = (one.message for one in shared if one.severity is Severity.WARNING)
    return junit_text(_SUITE, cases, output=said)


def _case(change: Change, found: Iterable[PlanFinding], files: Mapping[FlowKey, str]) -> Case:
    found = tuple(found)
    said = [f"warning: {warning}" for warning in change.warnings]
    said += [finding.message for finding in found if finding.severity is Severity.WARNING]
    return Case(
        name=change.label,
        kind="flow",
        file=files.get(change.key) if change.key else None,
        failures=tuple(_failure(one) for one in found if one.severity is Severity.ERROR),
        output=(f"{change.action.value}", *said),
    )


def _failure(finding: PlanFinding) -> Fault:
    return Fault(type=finding.rule, message=finding.message, lines=(finding.message,))
