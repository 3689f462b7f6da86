"""A plan of 500 changed flows is shown as a page in no more time than it takes to make the plan.

Run with `pytest -m benchmark -s tests/benchmarks`.
"""

from __future__ import annotations

import time

import pytest

from flowsync.render.html.plan import render_plan_html
from tests.plan.cases import a_definition, a_flow, plan_of
from tests.support import flow_json

FLOWS = 500
ROUNDS = 3
WANTED_RATIO = 1.0

pytestmark = pytest.mark.benchmark


def test_a_page_of_five_hundred_changed_flows_takes_no_longer_than_their_plan() -> None:
    definitions = [a_definition(f"f{number}") for number in range(FLOWS)]
    old = flow_json("Old label", screen="OLD")
    flows = [a_flow(f"F{number}", id=str(number), content=old) for number in range(FLOWS)]
    planning, showing = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        plan = plan_of(definitions, flows)
        made = time.perf_counter()
        html = render_plan_html(plan)
        planning.append(made - begun)
        showing.append(time.perf_counter() - made)
        assert html.count("<article") == FLOWS
    ratio = min(showing) / min(planning)
    print(f"\n{FLOWS} changed flows: {min(planning):.2f} s planned, {min(showing):.2f} s shown")
    assert ratio <= WANTED_RATIO, ratio
