"""How an apply ended as an HTML page: which flows have which ids, what is left and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flowsync.apply.outcome import FlowOutcome, Outcome, Result, StepOutcome, StepResult
from flowsync.diagnostics import RuleInfo
from flowsync.model import ONE_WAY_STEPS
from flowsync.render.excerpt import Excerpts
from flowsync.render.html.findings import FindingView, finding_views
from flowsync.render.html.page import Tile, render_page
from flowsync.render.outcome_text import WAY_ON, Located
from flowsync.render.style import count

_TONES = {
    Result.APPLIED: ("good", "✓"),
    Result.UNCHANGED: ("quiet", "="),
    Result.CONFLICT: ("bad", "!"),
    Result.CHANGED_SINCE_PLAN: ("warn", "!"),
    Result.FAILED: ("bad", "✗"),
    Result.UNKNOWN: ("bad", "?"),
    Result.STOPPED: ("warn", "■"),
    Result.NOT_STARTED: ("quiet", "–"),
}
_STEP_TONES = {
    StepResult.DONE: ("good", "✓"),
    StepResult.FAILED: ("bad", "✗"),
    StepResult.UNKNOWN: ("bad", "?"),
    StepResult.NOT_STARTED: ("quiet", "–"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEndView:
    """A step and how it ended."""

    word: str
    result: str
    tone: str
    sign: str
    note: str
    attempts: int
    is_one_way: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEndView:
    """What the page says of how one flow ended."""

    anchor: str
    flow: FlowOutcome
    tone: str
    sign: str
    steps: tuple[StepEndView, ...]
    findings: tuple[FindingView, ...]


def render_outcome_html(
    outcome: Outcome,
    located: Located,
    *,
    flowsync_version: str,
    excerpts: Excerpts | None = None,
    rules: Mapping[str, RuleInfo] | None = None,
    made_at: str = "",
) -> str:
    """Give an outcome as one page; what the platform found stands at its place in the files."""
    flows = [flow for flow in outcome.flows if flow.result is not Result.UNCHANGED]
    return render_page(
        "outcome",
        flowsync_version=flowsync_version,
        made_at=made_at,
        outcome=outcome,
        sentences=tuple(_sentences(outcome)),
        tiles=tuple(_tiles(outcome)),
        flows=[
            _flow(
                flow,
                number,
                tuple(finding_views(located.get(flow.key, ()), rules or {}, excerpts)),
            )
            for number, flow in enumerate(flows, 1)
        ],
        quiet=[flow for flow in outcome.flows if flow.result is Result.UNCHANGED],
    )


def _sentences(outcome: Outcome) -> Iterator[str]:
    left = sum(not flow.result.is_fine for flow in outcome.flows)
    applied = outcome.counts[Result.APPLIED]
    if outcome.is_complete:
        if not applied:
            yield "Nothing was to do: the remote has what the repository asks for."
            return
        have = "has" if applied == 1 else "have"
        yield f"Complete: {count(applied, 'flow')} {have} been brought in step."
        return
    yield f"Incomplete: {count(applied, 'flow')} brought in step, {count(left, 'flow')} not."
    if outcome.stopped_early:
        yield "The run was stopped early; steps in flight were finished."
    yield WAY_ON


def _tiles(outcome: Outcome) -> Iterator[Tile]:
    counts = outcome.counts
    for result, (tone, _) in _TONES.items():
        if counts[result] or result is Result.APPLIED:
            yield Tile(number=counts[result], word=result.value, tone=tone)


def _flow(flow: FlowOutcome, number: int, findings: tuple[FindingView, ...]) -> FlowEndView:
    tone, sign = _TONES[flow.result]
    return FlowEndView(
        anchor=f"flow-{number}",
        flow=flow,
        tone=tone,
        sign=sign,
        steps=tuple(map(_step, flow.steps)),
        findings=findings,
    )


def _step(step: StepOutcome) -> StepEndView:
    tone, sign = _STEP_TONES[step.result]
    return StepEndView(
        word=step.kind.value,
        result=step.result.value,
        tone=tone,
        sign=sign,
        note=step.note,
        attempts=step.attempts,
        is_one_way=step.kind in ONE_WAY_STEPS,
    )
