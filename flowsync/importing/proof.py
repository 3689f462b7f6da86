"""Proves before anything is written that a plan made afterwards would have nothing to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flowsync.model import FlowDefinition, FlowKey, Observed
from flowsync.plan.build import PlanRequest, build_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What a plan would still do, in sentences by key.

    `obstacles` keep a flow from being imported; `remarks` are about the flow that it replaced,
    which was left over before.
    """

    obstacles: Mapping[FlowKey, str]
    remarks: Mapping[FlowKey, str]


def what_a_plan_would_do(
    definitions: Iterable[FlowDefinition],
    observed: Observed,
    request: PlanRequest,
    keys: Iterable[FlowKey],
) -> Rest:
    """Give, for each of the keys for which a plan would not be empty, what it would do."""
    chosen = replace(request, selected=frozenset(keys))
    plan = build_plan(definitions, observed, chosen)
    obstacles: dict[FlowKey, str] = {}
    remarks: dict[FlowKey, str] = {}
    for change in plan.changes:
        if change.key is None:
            continue
        steps = ", ".join(step.kind.value for step in change.steps)
        if change.conflict:
            obstacles[change.key] = f"a plan could not go on: {change.conflict} {change.way_out}"
        elif any(step.flow_id in {None, change.flow_id} for step in change.steps):
            obstacles[change.key] = (
                f"a plan right after the import would not be empty ({steps}), as where somebody "
                "else is at work on the flow. Run the command again."
            )
        elif change.steps:
            remarks[change.key] = f"a plan still does to the flow that it replaced: {steps}."
    return Rest(obstacles=obstacles, remarks=remarks)


def same_names(definitions: Iterable[FlowDefinition]) -> Mapping[FlowKey, str]:
    """Give, for each definition whose name another has, letter case not counted, why (G-12)."""
    found: dict[FlowKey, str] = {}
    by_name: dict[str, FlowDefinition] = {}
    for definition in definitions:
        other = by_name.setdefault(definition.name.casefold(), definition)
        if other is not definition:
            for one, twin in ((definition, other), (other, definition)):
                found[one.key] = (
                    f'its name and "{twin.name}", that of the definition {twin.path}, differ at '
                    "most in letter case. Rename one of the two."
                )
    return found
