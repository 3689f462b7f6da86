"""A plan as an HTML page, for somebody who decides whether it should be applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from flowsync.model import ONE_WAY_STEPS, StepKind
from flowsync.plan.document import plan_digest
from flowsync.plan.values import Action, Block, Change, ContractChange, Plan, Step
from flowsync.render.contract_words import PART_WORDS
from flowsync.render.difference_words import summary_of
from flowsync.render.failure import Failure
from flowsync.render.html.differences import Line, Screen, field_line, field_name, screens_of
from flowsync.render.html.page import Tile, render_page, shown
from flowsync.render.html.words import (
    STEP_SENTENCES,
    one_way_steps,
    plan_sentences,
)

_MOST_OPEN = 40  # differences of a flow that are shown without being unfolded
_TONES = {
    Action.CREATE: ("good", "+"),
    Action.UPDATE: ("info", "~"),
    Action.PUBLISH: ("info", "~"),
    Action.REPLACE: ("warn", "±"),
    Action.DEPRECATE: ("bad", "−"),
    Action.DELETE: ("bad", "−"),
    Action.NONE: ("quiet", "="),
    Action.CONFLICT: ("bad", "!"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A step and what it means; `name` and `clone` of the flow that it creates."""

    word: str
    sentence: str
    name: str
    clone: str
    is_one_way: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractView:
    """Something that other systems notice, and whether it breaks them."""

    judgement: str
    tone: str
    sign: str
    part: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """A line of a unified diff with its colour."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowView:
    """What the page says of one flow."""

    anchor: str
    label: str
    name: str
    id: str | None
    status: str
    desired: str
    word: str
    tone: str
    sign: str
    one_way: bool
    because: str
    reasons: tuple[str, ...]
    conflict: str
    way_out: str
    warnings: tuple[str, ...]
    is_new: bool
    facts: tuple[tuple[str, str], ...]
    fields: tuple[Line, ...]
    screens: tuple[Screen, ...]
    summary: str
    is_long: bool
    contract: tuple[ContractView, ...]
    is_breaking: bool
    steps: tuple[StepView, ...]
    fallback: tuple[StepView, ...]
    graph: Markup | None
    diff: tuple[DiffLine, ...]


def render_plan_html(
    plan: Plan,
    *,
    digest: str = "",
    blocks: Iterable[Block] | None = None,
    graphs: Mapping[str, Markup] | None = None,
    diffs: Mapping[str, str] | None = None,
    failure: Failure | None = None,
    made_at: str = "",
) -> str:
    """Give the whole plan as one page.

    `digest` is the plan's own, for a plan whose texts were changed since. `blocks` are those that
    are left where some were consented to. `graphs` are pictures of screens in SVG that flowsync
    made, `diffs` unified diffs of Flow JSON, both by the label of their flow.
    `failure` is what the run died of after it had made the plan.
    """
    changes = [c for c in plan.changes if c.action is not Action.NONE or c.warnings]
    rehearsal = plan.rehearsal
    rehearsed = "" if not plan.pending else "no" if rehearsal is None else "converges"
    return render_page(
        "plan",
        flowsync_version=plan.flowsync_version,
        made_at=made_at,
        plan=plan,
        digest=digest or plan_digest(plan),
        sentences=tuple(plan_sentences(plan)),
        tiles=tuple(_tiles(plan)),
        doubts=plan.listing_doubts,
        blocks=plan.blocks if blocks is None else tuple(blocks),
        failure=failure,
        problems=rehearsal.problems if rehearsal else (),
        rehearsed=rehearsed,
        flows=[
            _flow(change, number, (graphs or {}).get(change.label), (diffs or {}).get(change.label))
            for number, change in enumerate(changes, 1)
        ],
        quiet=[c for c in plan.changes if c.action is Action.NONE and not c.warnings],
    )


def _tiles(plan: Plan) -> Iterator[Tile]:
    counts = Counter(change.action for change in plan.changes)
    for action, (tone, _) in _TONES.items():
        if counts[action] and action not in {Action.NONE, Action.CONFLICT}:
            yield Tile(number=counts[action], word=f"to {action.value}", tone=tone)
    one_way = one_way_steps(plan)
    if one_way:
        yield Tile(
            number=one_way, word="one-way step" if one_way == 1 else "one-way steps", tone="bad"
        )
    conflicts = counts[Action.CONFLICT]
    if conflicts:
        yield Tile(number=conflicts, word="conflict" if conflicts == 1 else "conflicts", tone="bad")
    yield Tile(number=counts[Action.NONE], word="unchanged")


def _flow(change: Change, number: int, graph: Markup | None, diff: str | None) -> FlowView:
    tone, sign = _TONES[change.action]
    reasons = tuple(reason.value for reason in change.reasons)
    differences = [one for field in change.fields for one in field.differences]
    is_new = change.action in {Action.CREATE, Action.REPLACE}
    fields = [field for field in change.fields if not field.differences]
    return FlowView(
        anchor=f"flow-{number}",
        label=change.label,
        name=change.name,
        id=change.flow_id,
        status=change.status or "of unknown status",
        desired=change.desired or "",
        word="no change" if change.action is Action.NONE else change.action.value,
        tone="warn" if change.action is Action.NONE else tone,
        sign=sign,
        one_way=any(step.kind in ONE_WAY_STEPS for step in change.steps),
        because=change.conflict or "; ".join(reasons),
        reasons=reasons,
        conflict=change.conflict or "",
        way_out=change.way_out or "",
        warnings=change.warnings,
        is_new=is_new,
        facts=tuple((field_name(one), shown(one.new)) for one in fields) if is_new else (),
        fields=() if is_new else tuple(map(field_line, fields)),
        screens=() if is_new else screens_of(differences),
        summary="" if is_new else summary_of(differences),
        is_long=len(differences) > _MOST_OPEN,
        contract=tuple(map(_contract, change.contract)),
        is_breaking=any(point.is_breaking for point in change.contract),
        steps=tuple(map(_step, change.steps)),
        fallback=tuple(map(_step, change.fallback)),
        graph=graph,
        diff=tuple(map(_diff_line, diff.splitlines())) if diff else (),
    )


def _contract(point: ContractChange) -> ContractView:
    tone, sign = ("bad", "!") if point.is_breaking else ("good", "✓")
    return ContractView(
        judgement="breaking" if point.is_breaking else "compatible",
        tone=tone,
        sign=sign,
        part=PART_WORDS[point.part],
        subject=point.subject,
        message=point.message,
    )


def _step(step: Step) -> StepView:
    return StepView(
        word=step.kind.value,
        sentence=STEP_SENTENCES[step.kind],
        name=(step.name or "") if step.kind is StepKind.CREATE else "",
        clone=step.clone_flow_id or "",
        is_one_way=step.kind in ONE_WAY_STEPS,
    )


def _diff_line(line: str) -> DiffLine:
    tones = {"+": "good", "-": "bad", "@": "hunk"}
    return DiffLine(text=line or " ", tone=tones.get(line[:1], ""))
