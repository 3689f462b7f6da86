"""Showing a plan of many changed flows, against building it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from flowsync.plan.values import Plan
from flowsync.render.html.plan import render_plan_html
from flowsync.render.plan_markdown import render_plan_markdown
from flowsync.render.plan_text import render_plan
from flowsync.render.style import Style
from tests.benchmarks.speed.places import seconds
from tests.benchmarks.speed.rows import Measured, Row
from tests.plan.cases import a_definition, a_flow, plan_of
from tests.support import flow_json

FLOWS = 500
ROUNDS = 5

FORMS: dict[str, Callable[[Plan], str]] = {
    "text": lambda plan: render_plan(plan, Style()),
    "markdown": render_plan_markdown,
    "html": render_plan_html,
}


@cache
def _times() -> dict[str, float]:
    definitions = [a_definition(f"f{number}") for number in range(FLOWS)]
    old = flow_json("Old label", screen="OLD")
    flows = [a_flow(f"F{number}", id=str(number), content=old) for number in range(FLOWS)]
    times: dict[str, list[float]] = {key: [] for key in ("plan", *FORMS)}
    for _ in range(ROUNDS):
        times["plan"].append(seconds(lambda: plan_of(definitions, flows)))
        for key, render in FORMS.items():
            plan = plan_of(definitions, flows)  # a new one: nothing of it was shown before
            times[key].append(seconds(partial(render, plan)))
    return {key: min(found) for key, found in times.items()}


def _row(form: str, title: str) -> Row:
    return Row(
        name=f"render-{form}",
        work=f"plan of {FLOWS} changed flows as {title}",
        against="building the plan",
        wanted=1,
        measure=lambda: Measured(ours=_times()[form], other=_times()["plan"]),
    )


ROWS = (_row("text", "text"), _row("markdown", "Markdown"), _row("html", "HTML"))
