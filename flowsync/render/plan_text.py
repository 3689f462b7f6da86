"""A plan as text for a terminal or a CI log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from flowsync.model import ONE_WAY_STEPS, FlowKey, StepKind
from flowsync.plan.document import plan_digest
from flowsync.plan.values import (
    Action,
    Block,
    Change,
    FieldChange,
    Plan,
    Step,
)
from flowsync.render.contract_words import contract_line
from flowsync.render.difference_text import difference_lines
from flowsync.render.phrases import from_difference
from flowsync.render.plan_words import (
    action_word,
    drift_in_words,
    joined_steps,
    origin_sentence,
    plan_in_words,
    rehearsal_in_words,
    unmanaged_in_words,
)
from flowsync.render.policy_text import policy_lines
from flowsync.render.style import LONGEST_VALUE, Style, clean, short
from flowsync.render.width import LEAST_COLUMNS, display_width, with_longest_values, wrapped

_MARKS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.PUBLISH: "~",
    Action.REPLACE: "±",
    Action.DEPRECATE: "-",
    Action.DELETE: "-",
    Action.NONE: "=",
    Action.CONFLICT: "!",
}


def render_plan(
    plan: Plan,
    style: Style,
    *,
    verbose: bool = False,
    blocks: Iterable[Block] | None = None,
    columns: int | None = None,
    details: Mapping[FlowKey, tuple[str, ...]] | None = None,
) -> str:
    """Give the whole plan; flows without a change only with `verbose`.

    `details` are more lines about flows. `blocks` are those that are left where some of the plan's
    own have been consented to. Lines fit into `columns`: values are cut, sentences wrapped.
    Without, nothing depends on the terminal.
    """
    left = plan.blocks if blocks is None else tuple(blocks)
    if columns is not None:
        columns = max(columns, LEAST_COLUMNS)
    lines: Iterable[str] = _lines(plan, style, verbose, left, columns, details or {})
    if columns is not None:
        lines = chain.from_iterable(wrapped(line, columns) for line in lines)
    return "\n".join(lines) + "\n"


def render_plan_summary(plan: Plan, style: Style) -> str:
    """Give the plan's counts in one line."""
    said = plan_in_words(plan)
    if not plan.changes:
        return style.changed(f"{said}.")
    if plan.counts[Action.NONE] == len(plan.changes):
        return style.good(f"{said}.")
    return style.strong(f"Plan: {said}.")


def _lines(
    plan: Plan,
    style: Style,
    verbose: bool,
    blocks: tuple[Block, ...],
    columns: int | None,
    details: Mapping[FlowKey, tuple[str, ...]],
) -> Iterator[str]:
    partial = ", chosen flows only" if plan.is_partial else ""
    account = f"account {clean(plan.account)}"
    yield style.strong(f"Plan for {clean(plan.target)} ({plan.remote}, {account}){partial}")
    yield ""
    for doubt in plan.listing_doubts:
        yield style.bad(f"The account's listing may not be whole: {clean(doubt)}.")
    if plan.listing_doubts:
        yield "So nothing is created, deprecated or deleted. Run the command again."
        yield ""
    for change in plan.changes:
        if change.says_something or verbose:
            yield from _change(change, plan, style, columns)
            more = details.get(change.key, ()) if change.key else ()
            yield from (f"    {line}" for line in more)
            yield ""
    yield from _unmanaged(plan, style, verbose)
    for block in blocks:
        yield style.bad(f"Apply will refuse: {clean(block.message)}")
        yield f"  {clean(block.way_out)}"
    yield from policy_lines(plan.policy, style)
    if blocks or plan.policy:
        yield ""
    yield render_plan_summary(plan, style)
    if drift_in_words(plan):
        yield style.changed(f"{drift_in_words(plan)} since {clean(plan.since or '')}.")
    if plan.pending:
        yield from _rehearsal(plan, style)
        yield style.quiet(f"Digest {plan_digest(plan)}")


def _rehearsal(plan: Plan, style: Style) -> Iterator[str]:
    said = rehearsal_in_words(plan.rehearsal)
    if plan.rehearsal is None:
        yield style.changed(said)
    elif plan.rehearsal.converges:
        yield style.quiet(said)
    else:
        yield style.bad("rehearsed: apply will refuse, because the plan does not converge:")
    for problem in plan.rehearsal.problems if plan.rehearsal else ():
        step = f", {problem.step.value}" if problem.step else ""
        yield f"  {clean(problem.label)}{step}: {clean(problem.message)}"


def _change(change: Change, plan: Plan, style: Style, columns: int | None) -> Iterator[str]:
    paint = {
        Action.CREATE: style.good,
        Action.REPLACE: style.changed,
        Action.UPDATE: style.changed,
        Action.PUBLISH: style.changed,
        Action.NONE: style.quiet,
    }.get(change.action, style.bad)
    known = f" (id {change.flow_id}, {clean(change.status or '')})" if change.flow_id else ""
    head = f"{_MARKS[change.action]} {clean(change.label)}: {action_word(change)}"
    name = f'"{clean(change.name)}"'
    if columns is not None:
        left = columns - display_width(f"{head}  {known}")
        name = with_longest_values(lambda longest: short(change.name, longest=longest), left)
    yield f"{paint(head)}  {name}{known}"
    for reason in change.reasons:
        yield f"    because {reason.value}"
    if change.origin is not None:
        said = clean(origin_sentence(change, plan.since))
        yield f"    {style.changed(said) if change.is_drift else said}"
    if change.conflict is not None:
        yield style.bad(f"    {clean(change.conflict)}")
        yield f"    {clean(change.way_out or '')}"
    if not change.is_of_new_flow:
        for field in change.fields:
            yield from (f"    {line}" for line in _field(field, style, columns and columns - 4))
    yield from (f"    {line}" for line in _contract(change, style))
    for warning in change.warnings:
        yield style.changed(f"    warning: {clean(warning)}")
    if change.steps:
        yield f"    steps: {_steps(change.steps, style)}"
    if change.fallback:
        yield "    if the platform says that this flow refuses edits for ever, instead:"
        yield f"    steps: {_steps(change.fallback, style)}"


def _field(field: FieldChange, style: Style, columns: int | None) -> Iterator[str]:
    if field.name != "flow_json":
        yield _values(field, columns)
    elif not field.differences:
        yield f"flow_json: {clean(str(field.new))}"
    else:
        yield from difference_lines(field.differences, style, columns)


def _values(field: FieldChange, columns: int | None) -> str:
    def line(longest: int = LONGEST_VALUE) -> str:
        values = from_difference(field.old, field.new, longest)
        old, new = (short(value, longest=longest) for value in values)
        return f"{field.name}: {old} → {new}"

    return line() if columns is None else with_longest_values(line, columns)


def _contract(change: Change, style: Style) -> Iterator[str]:
    if not change.contract:
        return
    yield "what other systems notice:"
    for point in change.contract:
        words = clean(contract_line(point))
        yield f"  {style.bad(f'! {words}') if point.is_breaking else f'· {words}'}"


def _steps(steps: tuple[Step, ...], style: Style) -> str:
    return joined_steps(steps, lambda step: _step(step, style))


def _step(step: Step, style: Style) -> str:
    named = f' "{clean(step.name)}"' if step.kind is StepKind.CREATE and step.name else ""
    text = f"{step.kind.value}{named}"
    return style.bad(f"{text} (one-way)") if step.kind in ONE_WAY_STEPS else text


def _unmanaged(plan: Plan, style: Style, verbose: bool) -> Iterator[str]:
    if not plan.unmanaged:
        return
    hint = "" if verbose else "; --verbose lists them"
    yield style.quiet(f"{unmanaged_in_words(plan)}{hint}.")
    if verbose:
        for flow in plan.unmanaged:
            yield style.quiet(f'  "{clean(flow.name)}" (id {flow.id}, {clean(flow.status)})')
    yield ""
