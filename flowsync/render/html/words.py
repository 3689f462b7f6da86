"""What a plan does, in sentences for somebody who has never seen Flow JSON."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.model import StepKind
from flowsync.plan.values import Action, Plan
from flowsync.render.plan_words import why_empty
from flowsync.render.style import count

ACTION_WORDS = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.PUBLISH: "published",
    Action.DEPRECATE: "deprecated",
    Action.DELETE: "deleted",
    Action.REPLACE: "replaced by a new one",
}

STEP_SENTENCES = {
    StepKind.CREATE: "The account gets a new flow, as a draft that nobody sees yet.",
    StepKind.UPDATE: "Name, categories or endpoint of the flow are set.",
    StepKind.UPLOAD: "The new screens (Flow JSON) become the flow's draft. Users see them "
    "only once it is published.",
    StepKind.PUBLISH: "The draft goes live: from now on users of WhatsApp get this version.",
    StepKind.DEPRECATE: "The flow can no longer be sent or opened, for ever.",
    StepKind.DELETE: "The draft is removed from the account.",
}


def plan_sentences(plan: Plan) -> Iterator[str]:
    """Give what a plan comes to: what changes, what cannot be taken back, what is not planned."""
    counts = plan.counts
    changing = sum(counts[action] for action in ACTION_WORDS)
    unchanged = counts[Action.NONE]
    if changing:
        did = [
            f"{counts[action]} {word}" for action, word in ACTION_WORDS.items() if counts[action]
        ]
        only = next(word for action, word in ACTION_WORDS.items() if counts[action])
        would = only if len(did) == 1 else f"changed: {_joined(did)}"
        yield f"{count(changing, 'flow')} would be {would}.{_staying(unchanged)}"
    elif not plan.changes:
        yield f"Nothing to do: {why_empty(plan)}."
    elif unchanged:
        yield f"Nothing to do: {count(unchanged, 'flow')} in step with the repository."
    one_way = count_of_one_way(plan)
    if one_way:
        yield f"{count(one_way, 'step')} cannot be taken back."
    drifted = sum(change.is_drift for change in plan.changes)
    if drifted:
        was = "was" if drifted == 1 else "were"
        yield f"{count(drifted, 'flow')} {was} changed on the remote since {plan.since}."
    conflicts = counts[Action.CONFLICT]
    if conflicts:
        needs = "needs a decision and was" if conflicts == 1 else "need a decision and were"
        yield f"{count(conflicts, 'flow')} {needs} not planned."


def count_of_one_way(plan: Plan) -> int:
    """Give how many steps of a plan cannot be taken back."""
    return sum(len(change.one_way) for change in plan.pending)


def _staying(number: int) -> str:
    return {0: "", 1: " 1 flow stays as it is."}.get(number, f" {number} flows stay as they are.")


def _joined(parts: list[str]) -> str:
    """Give parts as an enumeration: `a, b and c`."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
