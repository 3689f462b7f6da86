"""What keeps apply from starting: protection, missing consent, gates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import ceil

from flowsync.model import ONE_WAY_STEPS, FlowDefinition, FlowKey, StepKind
from flowsync.plan.values import Action, Block, BlockKind, Change
from flowsync.policy import PERCENT_COUNTS_FROM, Policy


def find_blocks(
    changes: Iterable[Change], definitions: Mapping[FlowKey, FlowDefinition], policy: Policy
) -> tuple[Block, ...]:
    """Give everything about a set of changes that needs a protection, consent or gate to yield."""
    changes = tuple(changes)
    return (
        *_protections(changes, definitions, policy),
        *_consents(changes, policy),
        *_gates(changes, policy),
    )


def possible_one_way(change: Change) -> tuple[StepKind, ...]:
    """Give the kinds of step that a change may take and not take back, each once, in order.

    Those of its fallback count, because apply may come to them.
    """
    steps = (*change.steps, *change.fallback)
    return tuple(dict.fromkeys(step.kind for step in steps if step.kind in ONE_WAY_STEPS))


def _removes(change: Change) -> bool:
    removing = {StepKind.DEPRECATE, StepKind.DELETE} & set(possible_one_way(change))
    return change.action is Action.REPLACE or bool(removing)


def _protections(
    changes: tuple[Change, ...], definitions: Mapping[FlowKey, FlowDefinition], policy: Policy
) -> Iterator[Block]:
    for change in changes:
        definition = definitions.get(change.key) if change.key else None
        by_definition = definition is not None and definition.protect
        if _removes(change) and (by_definition or policy.protects(change.label)):
            where = "its definition" if by_definition else "the target's `protect` list"
            yield Block(
                kind=BlockKind.PROTECTED,
                subject=change.label,
                message=f"{change.label} is protected by {where}, and the plan would "
                f"{change.action.value} it.",
                way_out=f"Remove the protection in {where}, or change what the definition asks.",
            )


def _consents(changes: tuple[Change, ...], policy: Policy) -> Iterator[Block]:
    counts = Counter(kind for change in changes for kind in possible_one_way(change))
    for kind in StepKind:
        if counts[kind] and kind not in policy.allow:
            yield Block(
                kind=BlockKind.NEEDS_CONSENT,
                subject=kind.value,
                message=f"the plan would {kind.value} {_flows(counts[kind])}, which cannot be "
                "taken back, and this target does not allow that by itself.",
                way_out=f"Pass --allow {kind.value}, or add it to `allow` of the target.",
                count=counts[kind],
            )


def _gates(changes: tuple[Change, ...], policy: Policy) -> Iterator[Block]:
    gates = policy.gates
    counts = Counter(kind for change in changes for kind in possible_one_way(change))
    for kind, limit in (
        (StepKind.PUBLISH, gates.max_publish),
        (StepKind.DEPRECATE, gates.max_deprecate),
        (StepKind.DELETE, gates.max_delete),
    ):
        if limit is not None and counts[kind] > limit:
            yield _gate(
                f"max_{kind.value}",
                counts[kind],
                f"the plan would {kind.value} {_flows(counts[kind])}, the gate lets {limit} pass.",
            )
    existing = [change for change in changes if change.flow_id is not None]
    removed = [change for change in existing if _removes(change)]
    limit_percent = gates.max_changed_percent
    if limit_percent is not None and len(existing) >= PERCENT_COUNTS_FROM:
        percent = ceil(10_000 * len(removed) / len(existing)) / 100
        if percent > limit_percent:
            yield _gate(
                "max_changed_percent",
                percent,
                f"the plan would deprecate, delete or replace {_flows(len(removed))} of "
                f"{len(existing)} ({percent:.4g} %), the gate lets {limit_percent:g} % pass.",
            )


def _gate(name: str, count: float, message: str) -> Block:
    return Block(
        kind=BlockKind.GATE,
        subject=name,
        message=message,
        way_out=f"Look at the plan; if it is right, pass --accept-gate {name}={count:.10g}.",
        count=count,
    )


def _flows(count: int) -> str:
    return "1 flow" if count == 1 else f"{count} flows"
