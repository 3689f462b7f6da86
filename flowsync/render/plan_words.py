"""What text and Markdown say of a plan in the same words; each escapes them in its own way."""

from __future__ import annotations

from flowsync.plan.values import Action, Change, Plan, Rehearsal
from flowsync.render.style import count


def action_word(change: Change) -> str:
    """Give what happens to a flow."""
    return "no change" if change.action is Action.NONE else change.action.value


def plan_in_words(plan: Plan) -> str:
    """Say how many flows each action is planned for: `1 to create, 2 unchanged`."""
    counts = plan.counts
    said = [
        f"{number} to {action.value}"
        for action, number in counts.items()
        if number and action not in {Action.NONE, Action.CONFLICT}
    ]
    if counts[Action.CONFLICT]:
        said.append(count(counts[Action.CONFLICT], "conflict"))
    if not plan.changes:
        return f"Nothing to do: {why_empty(plan)}"
    if not said:
        return f"Nothing to do: {count(counts[Action.NONE], 'flow')} in step"
    if counts[Action.NONE]:
        said.append(f"{counts[Action.NONE]} unchanged")
    return ", ".join(said)


def why_empty(plan: Plan) -> str:
    """Say why a plan is for no flow at all."""
    return "no flow was chosen" if plan.is_partial else "there are no definitions"


def unmanaged_in_words(plan: Plan) -> str:
    """Say that flows without a definition are left alone, without a full stop."""
    verb = "has" if len(plan.unmanaged) == 1 else "have"
    flows = count(len(plan.unmanaged), "flow")
    return f"{flows} of the account {verb} no definition here: left alone"


def rehearsal_in_words(rehearsal: Rehearsal | None) -> str:
    """Say what became of the rehearsal; nothing where it failed, which takes more words."""
    if rehearsal is None:
        return "not rehearsed"
    return "rehearsed: converges" if rehearsal.converges else ""
