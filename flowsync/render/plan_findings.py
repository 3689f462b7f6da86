"""What is wrong with a plan, as findings that reports for machines share.

An error is what `flowsync plan` fails for; a warning is what apply asks about, or judges again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flowsync.diagnostics import Severity
from flowsync.model import StepKind
from flowsync.plan.safety import possible_one_way
from flowsync.plan.values import (
    Action,
    Block,
    BlockKind,
    Change,
    Plan,
)
from flowsync.policy_rules import PolicyResult
from flowsync.render.plan_words import origin_sentence

SUMMARIES = {
    "plan-listing": "The account's listing is whole",
    "plan-conflict": "What the definition asks for can be planned",
    "plan-drift": "Nobody changed a flow on the remote",
    "plan-rehearsal": "The plan comes to rest on a copy of the account",
    "plan-protected": "No protected flow is taken away",
    "plan-needs-consent": "Steps that cannot be taken back are consented to",
    "plan-gate": "The plan passes the gates of its target",
    "plan-preflight": "The remote sees nothing that would make publishing fail",
}
_POLICY = "A rule of `policy` in flowsync.yaml"
_LIMITED_STEPS = {f"max_{kind.value}": kind for kind in StepKind}
_TAKES_AWAY = {StepKind.DEPRECATE, StepKind.DELETE}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFinding:
    """One finding: its rule with what that asks for, a message with the way out, and the flows.

    `subject` tells it from others of the rule and stays the same while the message changes, which
    may name the time. `changes` are those that it is about, none where it is about the account.
    """

    rule: str
    summary: str
    severity: Severity
    subject: str
    message: str
    changes: tuple[Change, ...] = ()


def plan_findings(plan: Plan) -> Iterator[PlanFinding]:
    """Give all findings about a plan: listing, conflicts, drift, rehearsal, blocks, policy."""
    for doubt in plan.listing_doubts:
        message = f"The account's listing may not be whole: {doubt}. Run the command again."
        yield _finding("plan-listing", Severity.ERROR, doubt, message)
    for change in plan.conflicts:
        message = f"{change.label}: {change.conflict} {change.way_out}"
        yield _finding("plan-conflict", Severity.ERROR, change.label, message, change)
    for change in plan.pending:
        if change.is_drift:
            message = (
                f"{change.label}: it comes {origin_sentence(change, plan.since)}. Apply writes "
                "what the repository asks for over it; "
                f"`flowsync import {change.label}` takes it into the files."
            )
            yield _finding("plan-drift", Severity.WARNING, change.label, message, change)
    for problem in plan.rehearsal.problems if plan.rehearsal else ():
        message = f"{problem.label} does not come to rest: {problem.message}"
        about = _labelled(plan, problem.label)
        yield _finding("plan-rehearsal", Severity.ERROR, problem.label, message, *about)
    for block in plan.blocks:
        message = f"Apply will refuse: {block.message} {block.way_out}"
        rule = f"plan-{block.kind.value.replace(' ', '-')}"
        about = _concerned(plan, block)
        yield _finding(rule, Severity.WARNING, block.subject, message, *about)
    for result in plan.policy:
        yield _of_policy(plan, result)


def _finding(
    rule: str, severity: Severity, subject: str, message: str, *changes: Change
) -> PlanFinding:
    return PlanFinding(
        rule=rule,
        summary=SUMMARIES[rule],
        severity=severity,
        subject=subject,
        message=message,
        changes=changes,
    )


def _of_policy(plan: Plan, result: PolicyResult) -> PlanFinding:
    lead = f"R{result.rule[1:]} {result.verb} {result.what} of {result.label}"
    message = f"{lead}: {result.message} {result.way_out}"
    return PlanFinding(
        rule=f"policy-{result.id}" if result.id else f"policy-rule-{result.number}",
        summary=_POLICY,
        severity=Severity.ERROR if result.stops_plan else Severity.WARNING,
        subject=result.label,
        message=message.rstrip(),
        changes=tuple(
            change
            for change in plan.changes
            if (change.key, change.label) == (result.key, result.label)
        ),
    )


def _labelled(plan: Plan, label: str) -> tuple[Change, ...]:
    """Give the change with a label; a key goes before the name of a pruned flow."""
    found = [change for change in plan.changes if change.label == label]
    return tuple(sorted(found, key=lambda change: change.key is None)[:1])


def _concerned(plan: Plan, block: Block) -> tuple[Change, ...]:
    """Give the changes that a block is about."""
    if block.kind is BlockKind.PROTECTED:
        return _labelled(plan, block.subject)
    if block.kind is BlockKind.PREFLIGHT:
        return _labelled(plan, block.subject) or tuple(
            change for change in plan.changes if StepKind.PUBLISH in possible_one_way(change)
        )
    if block.kind is BlockKind.NEEDS_CONSENT:
        kinds = {StepKind(block.subject)}
    elif block.subject in _LIMITED_STEPS:
        kinds = {_LIMITED_STEPS[block.subject]}
    else:
        kinds = _TAKES_AWAY
    return tuple(
        change
        for change in plan.changes
        if kinds & set(possible_one_way(change))
        or (kinds is _TAKES_AWAY and change.action is Action.REPLACE)
    )
