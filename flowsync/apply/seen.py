"""What a run has seen of one flow, shared by its looks, its writes and its proofs."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowsync.model import FlowId, FlowKey, RemoteFinding, RemoteFlow, StepKind
from flowsync.plan.values import Change, Fingerprint


@dataclass(slots=True, kw_only=True)
class Seen:
    """What is known of the flow of a change, and of those that it replaces.

    `expected` is what the plan saw, `known` the latest read, `found` what stood there before this
    run wrote anything, `earlier` what was kept of that. `created` is the flow that a create has
    made, `along` the kinds of step that travel with it; `may_be_made` when an attempt at it may
    show late. `latest` is the flow that the latest proof was about, `attempts` counts those of the
    step at hand. `findings` are what the platform says of the uploaded Flow JSON.
    """

    label: str
    key: FlowKey | None
    expected: dict[FlowId, Fingerprint]
    known: dict[FlowId, RemoteFlow] = field(default_factory=dict)
    found: dict[FlowId, RemoteFlow] = field(default_factory=dict)
    earlier: dict[FlowId, RemoteFlow] = field(default_factory=dict)
    created: FlowId | None = None
    along: frozenset[StepKind] = frozenset()
    may_be_made: bool = False
    latest: FlowId | None = None
    attempts: int = 0
    warnings: list[str] = field(default_factory=list)
    findings: tuple[RemoteFinding, ...] = ()


def seen_of(change: Change) -> Seen:
    """Give what is known of a change before its run."""
    expected = {fingerprint.id: fingerprint for fingerprint in change.seen}
    steps = (*change.steps, *change.fallback)
    along = frozenset(step.kind for step in steps if step.with_create)
    return Seen(label=change.label, key=change.key, expected=expected, along=along)
