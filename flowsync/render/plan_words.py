"""What text and Markdown say of a plan in the same words; each escapes them in its own way."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flowsync.plan.values import (
    Action,
    Change,
    Origin,
    Plan,
    Rehearsal,
    Step,
)
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


_ORIGINS = {
    Origin.REPOSITORY: "the repository",
    Origin.REMOTE: "the remote",
    Origin.BOTH: "both sides",
}


def origin_in_words(origin: Origin | None) -> str:
    """Name the side that a change comes from; nothing where it is not known."""
    return "" if origin is None else _ORIGINS[origin]


def origin_sentence(change: Change, since: str | None) -> str:
    """Say where a change comes from, without a full stop; nothing where it is not known."""
    match change.origin:
        case None:
            return ""
        case Origin.REPOSITORY:
            return "from the repository"
        case Origin.BOTH:
            return f"from both sides: changed here and on the remote since {since}"
        case Origin.REMOTE if change.action is Action.CREATE:
            return f"from the remote: nothing changed here since {since}, but the flow is not there"
        case Origin.REMOTE:
            return f"from the remote: changed there since {since}, and not here"


def drift_in_words(plan: Plan) -> str:
    """Say how many flows were changed on the remote; nothing where none was, as far as is known."""
    number = sum(change.is_drift for change in plan.changes)
    return f"{count(number, 'flow')} changed on the remote" if number else ""


def unmanaged_in_words(plan: Plan) -> str:
    """Say that flows without a definition are left alone, without a full stop."""
    verb = "has" if len(plan.unmanaged) == 1 else "have"
    flows = count(len(plan.unmanaged), "flow")
    return f"{flows} of the account {verb} no definition here: left alone"


def rehearsal_in_words(rehearsal: Rehearsal | None) -> str:
    """Say what became of the rehearsal; nothing where it failed, which takes more words."""
    if rehearsal is None:
        return "not rehearsed: the plan was not tried out on a copy of the account"
    if not rehearsal.converges:
        return ""
    return (
        "rehearsed: tried out on a copy of the account in memory; a second plan finds nothing left "
        "to do"
    )


def joined_steps(steps: Iterable[Step], show: Callable[[Step], str]) -> str:
    """Give steps in their order: → leads to the next request, + to what travels in the same."""
    text = ""
    for step in steps:
        between = " + " if step.with_create else " → "
        text += f"{between if text else ''}{show(step)}"
    return text
