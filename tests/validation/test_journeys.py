"""Ways through a flow: what is said about circles, dead ends and screens nobody gets to."""

from __future__ import annotations

import gc
import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.validation.findings import Finding
from flowsync.validation.flow_json import check_flow_json
from tests.sizes import size

END = "END"


def name_of(number: int) -> str:
    """Give a screen id, which holds letters only."""
    return "S_" + "".join(chr(ord("A") + int(digit)) for digit in str(number))


def routed(routes: dict[str, list[str]]) -> Any:
    """Give a flow with an endpoint and these routes; END is terminal."""
    footer: JsonValue = {
        "type": "Footer",
        "label": "Next",
        "on-click-action": {"name": "data_exchange"},
    }
    screens: list[JsonValue] = [
        {
            "id": name,
            "title": "A screen",
            "terminal": name == END,
            "layout": {"type": "SingleColumnLayout", "children": [footer]},
        }
        for name in routes
    ]
    model: JsonValue = {name: [*ends] for name, ends in routes.items()}
    return {
        "version": "7.3",
        "data_api_version": "3.0",
        "routing_model": model,
        "screens": screens,
    }


def found(routes: dict[str, list[str]], rule: str) -> list[Finding]:
    return [finding for finding in check_flow_json(routed(routes)) if finding.rule == rule]


def test_circle_names_its_screens_in_order_and_points_to_the_step_that_closes_it() -> None:
    (circle,) = found({"A": ["B"], "B": ["C"], "C": ["D", END], "D": ["B"], END: []}, "FS601")
    assert '"B" → "C" → "D" → "B"' in circle.message
    assert circle.pointer == ("routing_model", "D", 0)
    assert '"D" to "B"' in circle.fix


def test_circles_without_a_common_screen_are_said_one_by_one() -> None:
    routes = {"A": ["B", "F"], "B": ["C"], "C": ["D"], "D": ["B", END], "F": ["G"], "G": ["H"]}
    assert len(found({**routes, "H": ["F", END], END: []}, "FS601")) == 2


def test_long_circle_is_shortened() -> None:
    names = [name_of(number) for number in range(12)]
    routes = {one: [other] for one, other in pairwise(names)}
    (circle,) = found({"A": [names[0]], **routes, names[-1]: [names[0], END], END: []}, "FS601")
    assert len(circle.message) < 200
    assert "…" in circle.message


@pytest.mark.parametrize(
    "routes",
    [
        {"A": ["B", "C"], "B": [END], "C": [END], END: []},
        {"A": ["B", "C"], "B": ["C", END], "C": [END], END: []},
    ],
    ids=["fork", "shortcut"],
)
def test_ways_that_only_meet_again_are_no_circle(routes: dict[str, list[str]]) -> None:
    assert found(routes, "FS601") == []


def test_loop_without_an_ending_is_one_dead_end() -> None:
    routes = {"A": ["B", END], "B": ["C"], "C": ["D"], "D": ["B"], END: []}
    (dead,) = found(routes, "FS602")
    assert '"B"' in dead.message


def test_faults_that_the_platform_finds_in_routes_come_first() -> None:
    routes = {"A": ["B"], "B": ["A", END], "C": [], END: []}
    rules = {finding.rule for finding in check_flow_json(routed(routes))}
    assert "FS246" in rules
    assert not {rule for rule in rules if rule.startswith("FS60")}


NAMES = [name_of(number) for number in range(7)]


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4)))
def test_circle_is_found_exactly_where_a_forward_order_is_impossible(
    routes: dict[str, list[str]],
) -> None:
    one_way = {
        start: [end for end in dict.fromkeys(ends) if end > start] for start, ends in routes.items()
    }
    whole = {"A": NAMES, **{name: [*one_way.get(name, []), END] for name in NAMES}, END: []}
    assert found(whole, "FS601") == []  # all routes lead forward in the order of the names
    ends = whole[NAMES[0]]
    whole[NAMES[0]] = [NAMES[1]]
    whole[NAMES[1]] = [NAMES[2]]
    whole[NAMES[2]] = [*{*whole[NAMES[2]]} - {NAMES[1], NAMES[0]}, NAMES[0]]
    assert len(found(whole, "FS601")) == 1
    assert ends


def test_time_grows_with_the_number_of_routes_and_not_faster() -> None:
    def seconds(size: int) -> float:
        names = [name_of(number) for number in range(size)]
        routes = {one: [other, END] for one, other in pairwise(names)}
        for number in range(size // 3):  # many steps back from the far end
            routes[names[-2 - number]].append(names[number])
        flow = routed({"A": [names[0]], **routes, names[-1]: [END], END: []})
        times = []
        for _ in range(3):  # the best: other tests of this process leave threads and garbage
            gc.collect()
            start = time.thread_time()
            check_flow_json(flow)
            times.append(time.thread_time() - start)
        return min(times)

    seconds(100)
    few = size(250, at_night=1000)
    # Four times the routes take four times as long; were it their square, it would be sixteen.
    assert seconds(4 * few) < 9 * max(seconds(few), 0.02)
