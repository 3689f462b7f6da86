"""A plan as an HTML page, for somebody who decides whether it should be applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from flowsync.model import FlowKey
from flowsync.plan.document import plan_digest
from flowsync.plan.values import Action, Change, Plan
from flowsync.policy_rules import by_subject
from flowsync.render.failure import Failure
from flowsync.render.graph_svg import SVG_STYLES
from flowsync.render.html.flow import TONES, flow_view
from flowsync.render.html.page import Tile, render_page
from flowsync.render.html.words import count_of_one_way, plan_sentences
from flowsync.render.plan_words import rehearsal_in_words
from flowsync.screen_graph import ScreenGraph

T = TypeVar("T")
_PLURALS = {"change on the remote": "changes on the remote"}


def render_plan_html(
    plan: Plan,
    *,
    digest: str = "",
    graphs: Mapping[FlowKey, ScreenGraph] | None = None,
    diffs: Mapping[FlowKey, str] | None = None,
    remark: str = "",
    failure: Failure | None = None,
    made_at: str = "",
) -> str:
    """Give the whole plan as one page.

    `digest` is the plan's own, for a plan whose texts were changed since. `graphs` and
    unified `diffs` of Flow JSON are by key, `remark` is a sentence about what was left out of them.
    `failure` is what the run died of after it had made the plan.
    """
    changes = [change for change in plan.changes if change.says_something]
    rehearsal = plan.rehearsal
    is_rehearsed, _, rehearsed = rehearsal_in_words(rehearsal).partition(": ")
    return render_page(
        "plan",
        flowsync_version=plan.flowsync_version,
        made_at=made_at,
        more_style=SVG_STYLES if graphs else "",
        plan=plan,
        digest=digest or plan_digest(plan),
        sentences=tuple(plan_sentences(plan)),
        tiles=tuple(_tiles(plan)),
        doubts=plan.listing_doubts,
        blocks=plan.blocks,
        remark=remark,
        denied=[said for said in by_subject(plan.policy) if said[1].stops_plan],
        noted=[said for said in by_subject(plan.policy) if not said[1].stops_plan],
        failure=failure,
        problems=rehearsal.problems if rehearsal else (),
        rehearsed=(is_rehearsed.capitalize(), rehearsed) if plan.pending and rehearsed else (),
        is_rehearsed=rehearsal is not None,
        flows=[
            flow_view(change, number, _of(graphs, change), _of(diffs, change) or "", plan.since)
            for number, change in enumerate(changes, 1)
        ],
        quiet=[change for change in plan.changes if not change.says_something],
    )


def _of(by_key: Mapping[FlowKey, T] | None, change: Change) -> T | None:
    return by_key.get(change.key) if by_key and change.key else None


def _tiles(plan: Plan) -> Iterator[Tile]:
    counts = plan.counts
    for action, (tone, _) in TONES.items():
        if counts[action] and action not in {Action.NONE, Action.CONFLICT}:
            yield Tile(number=counts[action], word=f"to {action.value}", tone=tone)
    breaking = sum(point.is_breaking for change in plan.changes for point in change.contract)
    in_the_way = {
        "one-way step": count_of_one_way(plan),
        "breaking change": breaking,
        "conflict": counts[Action.CONFLICT],
        "change on the remote": sum(change.is_drift for change in plan.changes),
    }
    for noun, number in in_the_way.items():
        if number:
            words = noun if number == 1 else _PLURALS.get(noun, f"{noun}s")
            yield Tile(number=number, word=words, tone="bad")
    yield Tile(number=counts[Action.NONE], word="unchanged")
