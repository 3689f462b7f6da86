"""How an apply ended, as text and for reading by machine (schemas/outcome.schema.json)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flowsync.apply.outcome import FORMAT_VERSION, FlowOutcome, Outcome, Result
from flowsync.diagnostics import Diagnostic
from flowsync.model import FlowKey, JsonValue, mapping_in
from flowsync.plan.document import to_json
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.excerpt import Excerpts
from flowsync.render.style import Style, clean

Located = Mapping[FlowKey | None, tuple[Diagnostic, ...]]
"""What the platform finds in each flow's Flow JSON, at its place in the author's file."""

WAY_ON = "Run `flowsync plan` to see what is left to do, then apply again."


def render_outcome(
    outcome: Outcome, style: Style, located: Located, excerpts: Excerpts | None = None
) -> str:
    """Give what was applied with its ids, what was not and why, and a summary."""
    return "\n".join(_lines(outcome, style, located, excerpts)) + "\n"


def outcome_to_json(outcome: Outcome, located: Located) -> dict[str, JsonValue]:
    """Give an outcome as its JSON document."""
    flows = [
        {**mapping_in(to_json(flow)), "diagnostics": diagnostics_to_json(located.get(flow.key, ()))}
        for flow in outcome.flows
    ]
    return {
        "format_version": FORMAT_VERSION,
        "run": outcome.run,
        "target": outcome.target,
        "plan_digest": outcome.plan_digest,
        "exit_code": int(outcome.exit_code),
        "stopped_early": outcome.stopped_early,
        "unrecorded": outcome.unrecorded,
        "summary": {result.value: number for result, number in outcome.counts.items()},
        "flows": [*flows],
    }


def outcome_in_words(outcome: Outcome) -> str:
    """Say how it ended and for how many flows: `Apply complete: 2 applied, 1 unchanged`."""
    head = "Apply complete" if outcome.is_complete else "Apply incomplete"
    said = [f"{number} {result.value}" for result, number in outcome.counts.items() if number]
    return f"{head}: {', '.join(said) or 'no flows'}"


def _lines(
    outcome: Outcome, style: Style, located: Located, excerpts: Excerpts | None
) -> Iterator[str]:
    for flow in outcome.flows:
        if flow.result is not Result.UNCHANGED:
            yield from _flow(flow, style)
            found = render_diagnostics(located.get(flow.key, ()), style, excerpts)
            yield from (f"    {line}" for line in found.splitlines())
            for warning in flow.warnings:
                yield style.changed(f"    warning: {clean(warning)}")
    paint = style.good if outcome.is_complete else style.bad
    yield paint(f"{outcome_in_words(outcome)}.")
    if not outcome.is_complete:
        yield WAY_ON
    if outcome.unrecorded:
        yield style.bad(f"The record of this run has gaps: {clean(outcome.unrecorded)}")
    yield style.quiet(f"Journal: {outcome.run}")


def _flow(flow: FlowOutcome, style: Style) -> Iterator[str]:
    steps = ", ".join(step.kind.value for step in flow.steps if step.result.value == "done")
    known = f" id {flow.flow_id}" if flow.flow_id else ""
    new = " (new)" if flow.is_new else ""
    if flow.result is Result.APPLIED:
        yield style.good(f"✓ {clean(flow.label)}:{known}{new}") + f"  {steps}"
    else:
        yield style.bad(f"✗ {clean(flow.label)}: {flow.result.value}{known}{new}")
        if steps:
            yield f"    done before: {steps}"
        yield f"    {clean(flow.message)}"
