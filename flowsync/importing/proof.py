"""Proves before anything is written that a plan made afterwards would have nothing to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flowsync.model import FlowDefinition, FlowKey, Observed
from flowsync.plan.build import PlanRequest, build_plan


def what_a_plan_would_do(
    definitions: Iterable[FlowDefinition],
    observed: Observed,
    request: PlanRequest,
    keys: Iterable[FlowKey],
) -> Mapping[FlowKey, str]:
    """Give, for each of the keys for which a plan would not be empty, why, as a sentence."""
    chosen = replace(request, selected=frozenset(keys))
    plan = build_plan(definitions, observed, chosen)
    found: dict[FlowKey, str] = {}
    for change in plan.changes:
        if change.key is None:
            continue
        if change.conflict:
            found[change.key] = f"a plan could not go on: {change.conflict} {change.way_out}"
        elif change.steps:
            steps = ", ".join(step.kind.value for step in change.steps)
            found[change.key] = f"a plan right after the import would not be empty ({steps})."
    return found


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
