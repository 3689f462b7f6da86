"""What holds for any input: nothing raises, time is linear, the order of keys does not count."""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.platform import upload_findings
from tests.sizes import sample, size
from tests.validation.cases import a_flow
from tests.validation.strategies import (
    CASE_FLOWS,
    KEYWORDS,
    field_schemas,
    mutated_flows,
    places,
    values,
)

SOME = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@given(values)
def test_any_json_value_is_answered(value: JsonValue) -> None:
    assert check_flow_json(value)


@settings(
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
    max_examples=size(100, at_night=300),
)
@given(mutated_flows())
def test_any_change_of_a_flow_is_answered_by_validator_and_emulator(flow: JsonValue) -> None:
    found = check_flow_json(flow)
    for finding in found:
        f"{finding.message} {finding.fix}".encode()
    answered = upload_findings(json.dumps(flow).encode("utf-8", "surrogatepass"))
    assert bool(answered) == any(finding.code for finding in found)


@settings(
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
    max_examples=size(150, at_night=400),
)
@given(
    st.sampled_from(["string", "object", "array", "number"]),
    st.dictionaries(st.sampled_from(KEYWORDS), field_schemas, max_size=5),
    values,
)
def test_any_description_of_a_data_field_is_answered(
    kind: str, schema: dict[str, JsonValue], example: JsonValue
) -> None:
    flow: Any = a_flow()
    flow["screens"][0]["data"]["it"] = {"type": kind, "__example__": example, **schema}
    assert isinstance(check_flow_json(flow), tuple)


@pytest.mark.parametrize("value", [None, True, -1, 1.5, "", "${data.x}", [], [None], {}, {"a": []}])
def test_value_of_any_kind_in_any_place_is_answered(value: JsonValue) -> None:
    seen: set[tuple[object, object]] = set()
    found: list[tuple[JsonValue, Any, Any]] = []
    for flow in (flow for flow in CASE_FLOWS if len(str(flow)) < 5_000):
        for parent, key in places(flow):
            kind = parent.get("type") if isinstance(parent, dict) else len(parent)
            if (str(kind), key) in seen:
                continue
            seen.add((str(kind), key))
            found.append((flow, parent, key))
    for changed, parent, key in sample(found, every=8):
        before = parent[key]
        parent[key] = value
        assert isinstance(check_flow_json(changed), tuple)
        parent[key] = before


def shuffled(value: JsonValue, order: random.Random) -> JsonValue:
    if isinstance(value, dict):
        keys = sorted(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(entry, order) for entry in value] if isinstance(value, list) else value


@settings(
    suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=size(70, at_night=200)
)
@given(mutated_flows(), st.randoms(use_true_random=False))
def test_order_of_keys_does_not_count(flow: JsonValue, order: random.Random) -> None:
    def verdict(value: JsonValue) -> Counter[Any]:
        return Counter((one.rule, one.code, one.severity) for one in check_flow_json(value))

    assert verdict(flow) == verdict(shuffled(flow, order))


def nested(levels: int) -> JsonValue:
    value: JsonValue = "deep"
    for level in range(levels):
        value = [value] if level % 2 else {"then": value}
    return value


@pytest.mark.parametrize("levels", [99, 150, 1_000, 100_000])
@pytest.mark.parametrize("where", ["payload", "children", "data", "root"])
def test_deep_nesting_is_answered(levels: int, where: str) -> None:
    flow: Any = {"version": "7.3", "screens": [{"id": "A", "title": "A", "terminal": True}]}
    footer: Any = {"type": "Footer", "label": "Go", "on-click-action": {"name": "complete"}}
    flow["screens"][0]["layout"] = {"type": "SingleColumnLayout", "children": [footer]}
    deep = nested(levels)
    if where == "payload":
        footer["on-click-action"]["payload"] = {"deep": deep}
    elif where == "children":
        flow["screens"][0]["layout"]["children"] += [{"type": "If", "then": [deep]}]
    elif where == "data":
        flow["screens"][0]["data"] = {"a": {"type": "object", "properties": deep}}
    else:
        flow = deep
    assert isinstance(check_flow_json(flow), tuple)


def chain(count: int) -> dict[str, JsonValue]:
    """Give a flow of many screens, each with inputs, conditions, lists, expressions and faults."""
    names = [
        f"S{'_' * (index % 7)}{chr(65 + index % 26) * (1 + index // 26)}" for index in range(count)
    ]
    screens: list[JsonValue] = []
    for index, name in enumerate(names):
        following = names[min(index + 1, count - 1)]
        action: JsonValue = {
            "name": "navigate",
            "next": {"type": "screen", "name": following},
            "payload": {"a": "${form.a}", "b": "`'x' ${data.a}`", "wrong": "${data.wrong}"},
        }
        screens.append(
            {
                "id": name,
                "title": "T",
                "data": {"a": {"type": "string", "__example__": "x"}},
                "layout": {
                    "type": "SingleColumnLayout",
                    "children": [
                        {"type": "TextInput", "name": "a", "label": "A", "lable": 5},
                        {"type": "If", "condition": "${data.a} == 'x'", "then": []},
                        {"type": "TextBody", "text": "`'x' ${data.a}`", "visible": "${data.no}"},
                        {"type": "Footer", "label": "Go", "on-click-action": action},
                    ],
                },
            }
        )
    return {"version": "7.3", "routing_model": {name: [] for name in names}, "screens": screens}


def wide(count: int) -> dict[str, JsonValue]:
    """Give a screen with very many components, options and payload keys."""
    options: JsonValue = [{"id": str(index), "title": "T"} for index in range(count)]
    children: list[JsonValue] = [
        {"type": "Dropdown", "name": f"d{index}", "label": "D", "data-source": "${data.options}"}
        for index in range(count)
    ]
    payload: JsonValue = {f"k{index}": f"${{form.d{index}}}" for index in range(count)}
    action: JsonValue = {"name": "complete", "payload": payload}
    children += [
        {"type": "RadioButtonsGroup", "name": "r", "label": "R", "data-source": options},
        {"type": "Footer", "label": "Go", "on-click-action": action},
    ]
    screen: JsonValue = {
        "id": "A",
        "title": "A",
        "terminal": True,
        "data": {f"f{index}": {"type": "string", "__example__": "x"} for index in range(count)},
        "layout": {"type": "SingleColumnLayout", "children": children},
    }
    return {"version": "7.3", "screens": [screen]}


def busy(size: int) -> JsonValue:
    """Give a screen that leads many times to one with many fields."""
    flow = a_flow()
    screen = flow["screens"][0]  # type: ignore[index]
    assert isinstance(screen, dict)
    fields: list[JsonValue] = [{"type": "TextBody", "text": f"${{data.f{i}}}"} for i in range(size)]
    footers: list[JsonValue] = [
        {"type": "Footer", "label": "x", "on-click-action": {
            "name": "navigate", "next": {"type": "screen", "name": "AGAIN"}, "payload": {}}}
        for _ in range(size)
    ]  # fmt: skip
    screen["layout"] = {"type": "SingleColumnLayout", "children": [*fields, *footers]}
    model: dict[str, JsonValue] = {
        f"m{i}": {"type": "string", "__example__": ""} for i in range(size)
    }
    second: JsonValue = {**screen, "id": "AGAIN", "data": model}
    return {**flow, "screens": [screen, second]}


def calls_of(flow: JsonValue) -> int:
    """Count the calls that checking a flow takes, which unlike time is the same each run."""
    count = 0

    def notice(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(notice)
    try:
        check_flow_json(flow)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("make", [chain, wide, busy])
def test_work_grows_in_proportion_to_the_flow(make: Callable[[int], JsonValue]) -> None:
    calls_of(make(10))
    small, large = calls_of(make(100)), calls_of(make(400))
    assert large < 4.4 * small


def test_five_megabytes_are_checked_in_seconds() -> None:
    flow: Any = wide(20_000)
    flow["screens"] += chain(2_000)["screens"]
    flow["screens"][0]["layout"]["children"][0]["label"] = f"`{' '.join(['a'] * 100_000)}`"
    text = json.dumps(flow)
    assert 4_500_000 < len(text) < 10_000_000
    started = time.monotonic()
    check_flow_json(json.loads(text))
    assert time.monotonic() - started < 60
