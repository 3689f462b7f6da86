"""A plan as Markdown, for the comment of a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from flowsync.model import ONE_WAY_STEPS, StepKind
from flowsync.plan.document import plan_digest
from flowsync.plan.values import Action, Block, Change, Difference, FieldChange, Plan, Step
from flowsync.render.markdown import (
    COMMENT_LIMIT,
    LONGEST_SENTENCE,
    code,
    folded,
    html_code,
    prose,
    table,
)
from flowsync.render.plan_text import describe
from flowsync.render.style import Style, count, short


def render_plan_markdown(plan: Plan, *, limit: int = COMMENT_LIMIT, digest: str = "") -> str:
    """Give the whole plan."""
    return "\n".join(_lines(plan, digest or plan_digest(plan))) + "\n"


def plan_headline(plan: Plan) -> str:
    """Give the counts of a plan in one line of Markdown, without emphasis."""
    counts = Counter(change.action for change in plan.changes)
    said = [
        f"{counts[action]} to {action.value}"
        for action in Action
        if counts[action] and action not in {Action.NONE, Action.CONFLICT}
    ]
    if counts[Action.CONFLICT]:
        said.append(count(counts[Action.CONFLICT], "conflict"))
    if not said:
        in_step = count(counts[Action.NONE], "flow")
        return f"Nothing to do: {in_step} in step" if plan.changes else "Nothing to do: no flows"
    return ", ".join(said)


def _lines(plan: Plan, digest: str) -> Iterator[str]:
    yield f"**{plan_headline(plan)}** – {code(plan.target)}"
    yield ""
    for doubt in plan.listing_doubts:
        yield f"**The account's listing may not be whole:** {prose(doubt)}"
        yield ""
    yield from _blocks(plan.blocks)
    shown = [change for change in plan.changes if change.action is not Action.NONE]
    if shown:
        yield from table(("flow", "what happens", "why", "one-way"), map(_row, shown))
        yield ""
    for change in shown:
        yield from _details(change)
        yield ""
    yield f"Target {code(plan.target)}, account {code(plan.account)}, digest {code(digest)}"


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield f"**Apply will refuse:** {prose(block.message)} {prose(block.way_out)}"
        yield ""


def _row(change: Change) -> tuple[str, str, str, str]:
    why = prose(change.conflict or "; ".join(reason.value for reason in change.reasons))
    one_way = ", ".join(step.kind.value for step in change.steps if step.kind in ONE_WAY_STEPS)
    return code(change.label), change.action.value, why, one_way or "–"


def _details(change: Change) -> Iterator[str]:
    yield from folded(
        f"{html_code(change.label)}: {change.action.value}", (f"- {x}" for x in _points(change))
    )


def _points(change: Change) -> Iterator[str]:
    for reason in change.reasons:
        yield f"because {prose(reason.value)}"
    if change.conflict:
        yield f"**{prose(change.conflict)}** {prose(change.way_out or '')}"
    if change.action not in {Action.CREATE, Action.REPLACE}:
        for field in change.fields:
            yield from _field(field)
    for warning in change.warnings:
        yield f"**warning:** {prose(warning)}"
    if change.steps:
        yield f"steps: {_steps(change.steps)}"


def _field(field: FieldChange) -> Iterator[str]:
    if field.name != "flow_json":
        yield f"{field.name}: {code(short(field.old))} → {code(short(field.new))}"
    for difference in field.differences:
        yield _difference(difference)


def _difference(difference: Difference) -> str:
    return code(describe(difference, Style()), most=LONGEST_SENTENCE)


def _steps(steps: tuple[Step, ...]) -> str:
    return " → ".join(_step(step) for step in steps)


def _step(step: Step) -> str:
    named = f" {code(step.name)}" if step.kind is StepKind.CREATE and step.name else ""
    text = f"{step.kind.value}{named}"
    return f"**{text} (one-way)**" if step.kind in ONE_WAY_STEPS else text
