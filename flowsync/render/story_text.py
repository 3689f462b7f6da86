"""The story of one decision as text, in the order in which it was taken."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.model import ONE_WAY_STEPS
from flowsync.plan.story import (
    Comparison,
    Desired,
    MatchedBy,
    Result,
    Ruling,
    SeenFlow,
    Story,
    TableRow,
)
from flowsync.plan.table import Column
from flowsync.plan.values import Change, Origin, Step
from flowsync.render.plan_words import action_word, joined_steps, origin_in_words, origin_sentence
from flowsync.render.style import Style, clean, count, short

_FOUND = {
    MatchedBy.NAME: "found by its name",
    MatchedBy.EARLIER_NAME: "found by an earlier name (renamed_from)",
    MatchedBy.SUCCESSION: "found as the successor of a flow that it replaced",
}
_CONTENT = {
    "read": "Flow JSON: read",
    "none": "Flow JSON: none yet",
    "unknown": "Flow JSON: unknown",
    "unread": "Flow JSON: not read, as nothing here depends on it",
}


def render_story(story: Story, style: Style) -> str:
    """Give the story of a decision: desired, observed, compared, table, rules, what follows."""
    change = story.change
    parts = {
        "Desired": _desired(story.desired),
        "Observed": _seen(story.seen, story.row),
        "Compared": [*_compared(story.compared, style), *_origin(story)],
        "Row of the planning table": [
            f"{story.row.desired} ↓ {story.row.observed} → {story.row.words}"
        ],
        "Rules": (_ruling(ruling, style) for ruling in story.rulings),
        "What follows": _follows(change, style),
    }
    lines = [style.strong(f"{clean(story.key)}: {action_word(change)}")]
    for head, told in parts.items():
        lines += ["", style.strong(head), *(f"  {line}" for line in told)]
    return "\n".join(lines) + "\n"


def _desired(desired: Desired) -> Iterator[str]:
    yield f"{clean(desired.definition)} asks for `state: {desired.state}`"
    yield f"name {short(desired.name)}, categories {clean(', '.join(desired.categories))}"
    endpoint = short(desired.endpoint_uri) if desired.endpoint_uri else "none"
    yield f"endpoint_uri {endpoint if desired.manages_endpoint else 'not managed'}"
    yield f"flow_json {clean(desired.flow_json or '-')}"
    if desired.overridden:
        yield f"set for this target alone: {clean(', '.join(desired.overridden))}"


def _seen(seen: SeenFlow, row: TableRow) -> Iterator[str]:
    if seen.id is None:
        is_clear = row.observed == Column.MISSING.value
        yield "no flow that it means" if is_clear else "it is not clear which flow it means"
        return
    yield f"flow {clean(seen.id)} {short(seen.name)}, {_FOUND[seen.matched_by]}"
    yield f"status {clean(seen.status or '-')}"
    note = f" ({clean(seen.content_note)})" if seen.content_note else ""
    yield _CONTENT[seen.content] + note
    if seen.findings:
        yield f"the platform finds {count(len(seen.findings), 'error')} in it:"
        yield from (f"  {clean(finding)}" for finding in seen.findings)
    if seen.predecessors:
        yield f"earlier versions: {clean(', '.join(seen.predecessors))}"


def _compared(compared: tuple[Comparison, ...], style: Style) -> Iterator[str]:
    if not compared:
        yield "nothing, as there is no flow to compare with"
    for one in compared:
        line = f"{one.name:<13} {one.result.value}"
        if one.result is Result.DIFFERS and one.name != "flow_json":
            line += f": {short(one.observed)} → {short(one.desired)}"
        line += f" ({clean(one.note)})" if one.note else ""
        yield style.changed(line) if one.result in {Result.DIFFERS, Result.UNKNOWN} else line


def _origin(story: Story) -> Iterator[str]:
    change = story.change
    if change.origin is not None:
        yield f"the change comes {clean(origin_sentence(change, story.since))}"
        for one in change.fields if change.origin is not Origin.REPOSITORY else ():
            if one.origin is not None:
                yield f"  {one.name:<13} from {origin_in_words(one.origin)}"
    elif change.steps:
        yield "where it comes from is not known: no earlier run here noted what both sides had"


def _ruling(ruling: Ruling, style: Style) -> str:
    line = f"{clean(ruling.rule)}: {clean(ruling.message)}"
    return style.bad(f"! {line}") if ruling.holds else f"· {line}"


def _follows(change: Change, style: Style) -> Iterator[str]:
    yield from (f"because {reason.value}" for reason in change.reasons)
    if change.conflict is not None:
        yield "nothing is written."
        yield f"way out: {clean(change.way_out or '')}"
    elif change.steps:
        yield f"steps: {_steps(change.steps, style)}"
    else:
        yield "nothing is written."
    if change.fallback:
        yield "if the platform says that this flow refuses edits for ever, instead:"
        yield f"steps: {_steps(change.fallback, style)}"
    broken = sum(point.is_breaking for point in change.contract)
    if change.contract:
        noticed = f"{count(len(change.contract), 'change')}, {broken} of them breaking"
        yield f"other systems notice {noticed}; `flowsync plan` says which"
    yield from (style.changed(f"warning: {clean(warning)}") for warning in change.warnings)


def _steps(steps: tuple[Step, ...], style: Style) -> str:
    return joined_steps(
        steps,
        lambda step: (
            style.bad(f"{step.kind.value} (one-way)")
            if step.kind in ONE_WAY_STEPS
            else step.kind.value
        ),
    )
