from __future__ import annotations

import random
import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.diagnostics import Severity
from flowsync.model import JsonValue
from flowsync.validation.components import COMPONENTS
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.rules import RULES, Rule
from flowsync.validation.versions import ACCEPTED
from tests.validation.cases import a_flow, read_cases

WORDS = [
    "\ud800", "", " ", "${data.name}", "${form.", "${screen.}", "${screen.A.data.b}", "`x`", "ASK",
    *COMPONENTS, "version", "screens", "data", "routing_model", "type", "children", "then", "cases",
    "name", "payload", "next", "on-click-action", "on-select-action", "data-source", "list-items",
    "init-values", "items", "properties", "required", "enum", "label", "mode", "range",
]  # fmt: skip
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(WORDS),
)
keys = st.one_of(st.sampled_from(WORDS), st.text(max_size=3))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=20,
)


def places(value: JsonValue) -> list[tuple[list[JsonValue] | dict[str, JsonValue], str | int]]:
    found: list[tuple[list[JsonValue] | dict[str, JsonValue], str | int]] = []
    entries = list(value.items()) if isinstance(value, dict) else []
    if isinstance(value, dict):
        found.extend((value, key) for key, _ in entries)
        inner: list[JsonValue] = [entry for _, entry in entries]
    elif isinstance(value, list):
        found.extend((value, index) for index in range(len(value)))
        inner = list(value)
    else:
        inner = []
    for entry in inner:
        found.extend(places(entry))
    return found


CASE_FLOWS = [
    case.flow
    for rule in RULES
    for case in read_cases(rule)
    if len(str(case.flow)) < 2000 and isinstance(case.flow, dict)
]


@given(values)
def test_no_json_value_makes_the_checks_raise(value: JsonValue) -> None:
    check_flow_json(value)


@given(st.sampled_from(CASE_FLOWS), st.randoms(use_true_random=False), values)
def test_any_value_in_any_place_of_a_flow_is_survived(
    flow: JsonValue, chance: random.Random, value: JsonValue
) -> None:
    changed = _copy(flow, chance, shuffle=False)
    container, key = chance.choice(places(changed))
    container[key] = value  # type: ignore[index]
    for finding in check_flow_json(changed):
        finding.message.encode("utf-8")
        finding.fix.encode("utf-8")


def _copy(value: JsonValue, chance: random.Random, *, shuffle: bool) -> JsonValue:
    if isinstance(value, list):
        return [_copy(entry, chance, shuffle=shuffle) for entry in value]
    if isinstance(value, dict):
        entries = list(value.items())
        if shuffle:
            chance.shuffle(entries)
        return {key: _copy(entry, chance, shuffle=shuffle) for key, entry in entries}
    return value


@given(st.sampled_from(CASE_FLOWS), st.randoms(use_true_random=False))
def test_order_of_keys_does_not_change_which_rules_are_broken(
    flow: JsonValue, chance: random.Random
) -> None:
    shuffled = _copy(flow, chance, shuffle=True)
    # Which of two opposite routes is the later one depends on their order; the rule does not.
    assert sorted(finding.rule for finding in check_flow_json(shuffled)) == sorted(
        finding.rule for finding in check_flow_json(flow)
    )


def test_same_flow_gives_same_findings_in_same_order() -> None:
    for flow in CASE_FLOWS:
        assert check_flow_json(flow) == check_flow_json(flow)


def _calls(value: JsonValue) -> int:
    count = 0

    def tick(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        check_flow_json(value)
    finally:
        sys.setprofile(before)
    return count


def _wide(size: int) -> JsonValue:
    flow = a_flow()
    screen = flow["screens"][0]  # type: ignore[index]
    assert isinstance(screen, dict)
    fields: list[JsonValue] = [{"type": "TextBody", "text": f"${{data.f{i}}}"} for i in range(size)]
    footers: list[JsonValue] = [
        {"type": "Footer", "label": "x", "on-click-action": {
            "name": "navigate", "next": {"type": "screen", "name": "ASK_AGAIN"}, "payload": {}}}
        for _ in range(size)
    ]  # fmt: skip
    screen["layout"] = {"type": "SingleColumnLayout", "children": [*fields, *footers]}
    model: dict[str, JsonValue] = {
        f"m{i}": {"type": "string", "__example__": ""} for i in range(size)
    }
    second: JsonValue = {**screen, "id": "ASK_AGAIN", "data": model}
    return {**flow, "screens": [screen, second]}


def test_effort_grows_with_the_size_and_not_faster() -> None:
    small, large = _calls(_wide(400)), _calls(_wide(800))
    assert large < 2.3 * small


@pytest.mark.parametrize("version", ACCEPTED)
def test_small_flow_is_without_finding_in_every_accepted_version(version: str) -> None:
    flow = a_flow()
    flow["version"] = version
    assert check_flow_json(flow) == ()


@pytest.mark.parametrize("version", ["5.0", "5.2", "7.4", "8.0", 7.3, None, "", "7", "\ud800"])
def test_other_versions_give_the_version_error_alone(version: JsonValue) -> None:
    flow = a_flow()
    flow["version"] = version
    flow["screens"] = "broken"
    assert [finding.code for finding in check_flow_json(flow)] == ["INVALID_FLOW_JSON_VERSION"]


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.skipped_in])
def test_fault_that_a_version_lets_pass_is_a_warning_there(rule: Rule) -> None:
    flows = [case.flow for case in read_cases(rule.id) if not case.should_pass]
    for flow in flows:
        for version in rule.skipped_in:
            assert isinstance(flow, dict)
            found = check_flow_json({**flow, "version": version})
            assert all(
                finding.severity is Severity.WARNING and finding.code is None
                for finding in found
                if finding.rule == rule.id
            )
