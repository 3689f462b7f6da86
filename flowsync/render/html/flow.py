"""What the page of a plan says of one flow."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from flowsync.model import ONE_WAY_STEPS, StepKind
from flowsync.plan.difference_values import ContractChange
from flowsync.plan.values import Action, Change, Step
from flowsync.render.contract_words import judgement
from flowsync.render.difference_summary import summary_of
from flowsync.render.graph_svg import render_svg
from flowsync.render.html.differences import Line, Screen, field_line, field_name, screens_of
from flowsync.render.html.page import shown
from flowsync.render.html.words import STEP_SENTENCES
from flowsync.render.plan_words import action_word, origin_sentence
from flowsync.screen_graph import ScreenGraph

_MOST_OPEN = 40  # differences of a flow that are shown without being unfolded
TONES = {
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
    with_create: bool
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
    origin: str
    is_drift: bool
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
    diff: tuple[DiffLine, ...]
    picture: Markup | None


def flow_view(
    change: Change, number: int, graph: ScreenGraph | None, diff: str, since: str | None
) -> FlowView:
    """Give what the page says of a flow; `diff` is a unified one of its Flow JSON.

    `since` is when both sides last agreed.
    """
    tone, sign = TONES[change.action]
    reasons = tuple(reason.value for reason in change.reasons)
    differences = [one for field in change.fields for one in field.differences]
    is_new = change.is_of_new_flow
    fields = [field for field in change.fields if not field.differences]
    return FlowView(
        anchor=f"flow-{number}",
        label=change.label,
        name=change.name,
        id=change.flow_id,
        status=change.status or "of unknown status",
        desired=change.desired or "",
        word=action_word(change),
        tone="warn" if change.action is Action.NONE else tone,
        sign=sign,
        one_way=bool(change.one_way),
        because=change.conflict or "; ".join(reasons),
        reasons=reasons,
        origin=origin_sentence(change, since),
        is_drift=change.is_drift,
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
        diff=tuple(map(_diff_line, diff.splitlines())),
        picture=None if graph is None else _picture(graph, change),
    )


def _contract(point: ContractChange) -> ContractView:
    tone, sign = ("bad", "!") if point.is_breaking else ("good", "✓")
    return ContractView(
        judgement=judgement(point),
        tone=tone,
        sign=sign,
        part=point.part.value,
        subject=point.subject,
        message=point.message,
    )


def _step(step: Step) -> StepView:
    return StepView(
        word=step.kind.value,
        sentence=STEP_SENTENCES[step.kind],
        name=(step.name or "") if step.kind is StepKind.CREATE else "",
        clone=step.clone_flow_id or "",
        with_create=step.with_create,
        is_one_way=step.kind in ONE_WAY_STEPS,
    )


def _picture(graph: ScreenGraph, change: Change) -> Markup:
    """Give a graph as SVG, which escapes what people wrote in it."""
    return Markup(render_svg(graph, title=f"Screens of {change.label}", with_styles=False))


def _diff_line(line: str) -> DiffLine:
    tones = {"+": "good", "-": "bad", "@": "hunk"}
    is_head = line.startswith(("--- ", "+++ "))
    return DiffLine(text=line or " ", tone="hunk" if is_head else tones.get(line[:1], ""))
