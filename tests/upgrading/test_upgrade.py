from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.diagnostics import Diagnostic
from flowsync.formatting.flow_json import format_flow_json
from flowsync.model import JsonValue
from flowsync.sources import Variables, parse_json
from flowsync.upgrading.registry import MIGRATIONS
from flowsync.upgrading.upgrade import Upgrade, read_known_version, upgrade_flow_json
from flowsync.upgrading.versions import KNOWN
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.versions import ACCEPTED, LATEST

BIG_IMAGE = "iVBO" * 40_000  # 120 KB
DATE_LABEL = 'DatePicker "day" on screen "A"'


def flow(
    version: JsonValue, *components: dict[str, JsonValue], **root: JsonValue
) -> dict[str, Any]:
    """Give a flow of one screen with a Footer under these components."""
    return {
        "version": version,
        **root,
        "screens": [
            {
                "id": "A",
                "title": "A",
                "terminal": True,
                "layout": {
                    "type": "SingleColumnLayout",
                    "children": [
                        *components,
                        {"type": "Footer", "label": "Go", "on-click-action": {"name": "complete"}},
                    ],
                },
            }
        ],
    }


def upgraded(value: JsonValue, to: str = LATEST, variables: Variables | None = None) -> Upgrade:
    problems: list[Diagnostic] = []
    document = parse_json(json.dumps(value), "a.json", problems)
    assert document is not None
    since = read_known_version(document, problems)
    assert since is not None, problems
    return upgrade_flow_json(document, since, ACCEPTED[to], variables)


def result(value: JsonValue, to: str = LATEST) -> Any:
    """Give the upgraded flow, which must be valid."""
    found = upgraded(value, to)
    assert [error.message for error in found.errors] == []
    return json.loads(found.text)


def first(value: Any) -> Any:
    """Give the first component of the first screen."""
    return value["screens"][0]["layout"]["children"][0]


def said(found: Upgrade) -> str:
    return "\n".join(f"{decision.message} {decision.fix}" for decision in found.decisions)


def picker(**properties: JsonValue) -> dict[str, JsonValue]:
    return {
        "type": "DatePicker",
        "name": "day",
        "label": "Day",
        **{key.replace("_", "-"): value for key, value in properties.items()},
    }


@pytest.mark.parametrize("since", KNOWN)
@pytest.mark.parametrize("to", ACCEPTED)
def test_a_plain_flow_comes_from_every_version_to_every_newer_one(since: str, to: str) -> None:
    if KNOWN[since] > KNOWN[to]:
        return
    assert result(flow(since), to) == flow(to)


@pytest.mark.parametrize(("written", "meant"), [(7.3, "7.3"), (7, "7.0"), ("7.03", "7.3")])
def test_a_version_written_another_way_is_written_plainly(written: JsonValue, meant: str) -> None:
    assert result(flow(written), meant)["version"] == meant


@pytest.mark.parametrize(
    "version", ["1.0", "8.0", "", None, True, [], "7", 3e300, "${var:version}", "7.3 "]
)
def test_a_version_that_is_not_known_is_a_finding(version: JsonValue) -> None:
    problems: list[Diagnostic] = []
    document = parse_json(json.dumps(flow(version)), "a.json", problems)
    assert document is not None
    assert read_known_version(document, problems) is None
    assert [finding.rule for finding in problems] == ["FS104"]


def test_what_is_new_already_stays_as_it_is() -> None:
    found = upgraded(flow("7.3"))
    assert not found.is_changed
    assert found.text == found.document.text


# --- endpoints ---


def test_the_endpoint_address_moves_to_the_definition() -> None:
    old = flow("2.1", data_channel_uri="https://x.example.com")
    assert "data_channel_uri" not in result(old)
    assert '"https://x.example.com"' in said(upgraded(old))
    assert "endpoint_uri" in said(upgraded(old))


@pytest.mark.parametrize(("given", "is_reported"), [("2.0", True), (3.0, False), ("3.0", False)])
def test_an_older_data_api_becomes_3_0(given: JsonValue, is_reported: bool) -> None:
    old = flow("5.0", data_api_version=given, routing_model={"A": []})
    assert result(old)["data_api_version"] == "3.0"
    assert ("endpoint speaks" in said(upgraded(old))) is is_reported


# --- dates ---


def test_timestamps_of_a_picker_become_dates_in_utc() -> None:
    old = flow(
        "4.0",
        picker(
            min_date="1704067200000",
            max_date=1735689600000,
            unavailable_dates=["1704153600000", "2024-03-01"],
            init_value="-86400000",
        ),
    )
    new = first(json.loads(upgraded(old).text))
    assert new["min-date"] == "2024-01-01"
    assert new["max-date"] == "2025-01-01"
    assert new["unavailable-dates"] == ["2024-01-02", "2024-03-01"]
    assert new["init-value"] == "1969-12-31"
    assert f"{DATE_LABEL} now holds a date" in said(upgraded(old))


def test_a_form_and_the_data_around_it_follow() -> None:
    old = flow(
        "3.0",
        {
            "type": "Form",
            "name": "form",
            "init-values": {"day": "1704067200000", "other": "1704067200000"},
            "children": [
                picker(min_date="${data.first}", unavailable_dates="${data.closed}"),
                {"type": "TextInput", "name": "other", "label": "Other"},
            ],
        },
    )
    old["screens"][0]["data"] = {
        "first": {"type": "integer", "__example__": 1704067200000},
        "closed": {
            "type": "array",
            "items": {"type": "string"},
            "__example__": ["1704153600000"],
        },
        "text": {"type": "string", "__example__": "1704067200000"},
    }
    new = result(old)
    assert first(new)["init-values"] == {"day": "2024-01-01", "other": "1704067200000"}
    data = new["screens"][0]["data"]
    assert data["first"] == {"type": "string", "__example__": "2024-01-01"}
    assert data["closed"]["__example__"] == ["2024-01-02"]
    assert data["text"]["__example__"] == "1704067200000"


def test_dates_are_followed_from_screen_to_screen() -> None:
    def screen(name: str, children: list[JsonValue], **fields: JsonValue) -> dict[str, JsonValue]:
        layout: dict[str, JsonValue] = {"type": "SingleColumnLayout", "children": children}
        return {"id": name, "title": name, **fields, "layout": layout}

    def footer(target: str, payload: JsonValue) -> dict[str, JsonValue]:
        following: JsonValue = {"type": "screen", "name": target}
        action: JsonValue = {"name": "navigate", "next": following, "payload": payload}
        return {"type": "Footer", "label": "Go", "on-click-action": action}

    def field(example: str) -> JsonValue:
        return {"type": "string", "__example__": example}

    old: dict[str, JsonValue] = {
        "version": "4.0",
        "screens": [
            screen(
                "A",
                [picker(), footer("B", {"low": "${data.low}", "high": "1735689600000",
                                        "chosen": "${form.day}", "note": "1704067200000"})],
                data={"low": field("1704067200000")},
            ),
            screen(
                "B",
                [
                    picker(min_date="${data.low}", max_date="${data.high}"),
                    {"type": "Footer", "label": "Go", "on-click-action": {"name": "complete"}},
                ],
                terminal=True,
                data={name: field("1704067200000") for name in ("low", "high", "chosen", "note")},
            ),
        ],
    }  # fmt: skip
    new = result(old)
    examples = {name: each["__example__"] for name, each in new["screens"][1]["data"].items()}
    date = "2024-01-01"
    assert examples == {"low": date, "high": date, "chosen": date, "note": "1704067200000"}
    assert new["screens"][0]["data"]["low"]["__example__"] == date
    payload = new["screens"][0]["layout"]["children"][1]["on-click-action"]["payload"]
    assert payload["high"] == "2025-01-01"
    assert payload["note"] == "1704067200000"


def test_a_time_of_day_is_reported_because_zones_differ() -> None:
    old = flow("4.0", picker(min_date="1704049200000"))
    assert first(result(old))["min-date"] == "2023-12-31"
    assert "was 19:00 UTC on 2023-12-31" in said(upgraded(old))


@pytest.mark.parametrize("value", ["1704067200", "soon", "${var:first}", "9" * 15])
def test_what_is_no_clear_timestamp_is_left_to_a_person(value: str) -> None:
    found = upgraded(flow("4.0", picker(min_date=value)))
    assert first(json.loads(found.text))["min-date"] == value
    assert found.errors or "YYYY-MM-DD" in said(found)


# --- literals and behaviour ---


def test_numbers_and_booleans_in_quotes_lose_them_where_nothing_else_can_stand() -> None:
    old = flow(
        "4.0",
        {"type": "TextInput", "name": "n", "label": "3", "min-chars": "3", "required": "true"},
    )
    expected = {"label": "3", "min-chars": 3, "required": True}
    assert {key: first(result(old))[key] for key in expected} == expected


def test_blank_texts_go_where_they_are_optional_and_are_reported_where_not() -> None:
    old = flow("5.1", {"type": "TextInput", "name": "n", "label": "N", "helper-text": " "})
    assert "helper-text" not in first(result(old))
    required = upgraded(flow("5.1", {"type": "TextArea", "name": "n", "label": " "}))
    assert "is blank" in said(required)
    assert required.errors


@pytest.mark.parametrize(
    ("component", "since", "to", "words"),
    [
        (
            {"type": "RadioButtonsGroup", "name": "r", "data-source": [{"id": "a", "title": "A"}]},
            "3.1",
            "7.3",
            "has no label",
        ),
        ({"type": "TextBody", "text": "`hm`"}, "5.1", "6.0", "backtick"),
        (
            {
                "type": "Dropdown",
                "name": "d",
                "label": "D",
                "data-source": [{"id": "a", "title": "A", "image": BIG_IMAGE}],
            },
            "5.1",
            "6.0",
            "below 100 KB",
        ),
        (
            {"type": "DatePicker", "name": "d", "label": "D", "on-select-action": {}},
            "5.1",
            "6.3",
            "also runs when the screen is shown",
        ),
        (
            {"type": "DatePicker", "name": "d", "label": "D", "on-select-action": {}},
            "6.3",
            "7.0",
            "also ran when the screen was shown",
        ),
    ],
)
def test_what_a_person_must_decide_is_reported(
    component: dict[str, JsonValue], since: str, to: str, words: str
) -> None:
    assert words in said(upgraded(flow(since, component), to))
    assert words not in said(upgraded(flow(to, component), to))


def test_selection_at_render_is_no_matter_when_6_x_is_passed_over() -> None:
    component: dict[str, JsonValue] = {"type": "DatePicker", "name": "d", "on-select-action": {}}
    assert "when the screen" not in said(upgraded(flow("5.1", component), "7.3"))


def test_several_forms_on_a_screen_are_reported() -> None:
    form: dict[str, JsonValue] = {"type": "Form", "name": "f", "children": []}
    assert "it may have one" in said(upgraded(flow("6.0", form, {**form, "name": "g"}), "7.0"))


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        ("number", "12", 12),
        ("number", "1.5", 1.5),
        ("passcode", "0123", "0123"),
        ("number", "x", "x"),
        ("text", "12", "12"),
        ("number", "${data.n}", "${data.n}"),
    ],
)
def test_what_a_form_presets_for_numeric_inputs_becomes_a_number(
    kind: str, given: str, wanted: JsonValue
) -> None:
    inner: dict[str, JsonValue] = {"type": "TextInput", "name": "n", "label": "N"}
    form: dict[str, JsonValue] = {
        "type": "Form",
        "name": "f",
        "init-values": {"n": given},
        "children": [{**inner, "input-type": kind}],
    }
    found = upgraded(flow("6.0", form), "7.0")
    assert first(json.loads(found.text))["init-values"]["n"] == wanted
    assert ("must be a number" in said(found)) is (given in ("0123", "x"))


# --- screens and routes ---


def two_screens(version: str, a: str, b: str, **root: JsonValue) -> dict[str, Any]:
    value = flow(version, {"type": "TextBody", "text": f"${{screen.{a}.data.x}}"}, **root)
    value["screens"][0]["id"] = b
    start = flow(version)["screens"][0]
    start |= {"id": a, "terminal": False, "data": {"x": {"type": "string", "__example__": "x"}}}
    start["layout"]["children"][0]["on-click-action"] = {
        "name": "navigate",
        "next": {"type": "screen", "name": b},
        "payload": {},
    }
    value["screens"].insert(0, start)
    return value


def test_a_screen_id_that_7_0_refuses_is_renamed_everywhere() -> None:
    old = two_screens(
        "6.3", "A,A", "B,B", routing_model={"A,A": ["B,B"], "B,B": []}, data_api_version="3.0"
    )
    model: dict[str, JsonValue] = {"A_A": ["B_B"], "B_B": []}
    new = two_screens("7.3", "A_A", "B_B", routing_model=model, data_api_version="3.0")
    assert result(old) == new
    assert 'The screen "A,A" is now called "A_A"'.lower() in said(upgraded(old)).lower()


@pytest.mark.parametrize(("a", "b"), [("A_A", "A,A"), ("A1", "B"), ("__", "B"), ("A,B", "A-B")])
def test_an_id_without_a_clear_new_one_is_reported(a: str, b: str) -> None:
    found = upgraded(two_screens("6.3", a, b))
    assert "is refused from 7.0" in said(found)
    assert [screen["id"] for screen in json.loads(found.text)["screens"]] == [a, b]
    assert found.errors


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        ({"A": []}, {"A": ["B"]}),
        ({"B": []}, {"B": [], "A": ["B"]}),
        ({"A": ["B"]}, {"A": ["B"]}),
        ({"B": ["A"]}, {"B": ["A"]}),
    ],
)
def test_routes_that_navigation_takes_are_added(model: JsonValue, wanted: JsonValue) -> None:
    old = two_screens("7.2", "A", "B", routing_model=model)
    assert json.loads(upgraded(old).text)["routing_model"] == wanted


# --- the result ---


def test_the_result_is_canonical_and_keeps_what_was_written() -> None:
    text = '{"screens":[{"data":{"x":{"__example__":1.0,"type":"number"}},"id":"A"}],"version":5.0}'
    document = parse_json(text, "a.json", [])
    assert document is not None
    found = upgrade_flow_json(document, "5.0", ACCEPTED["6.0"], None)
    formatted = format_flow_json(found.text, "a.json", [])
    assert formatted is not None
    assert formatted.text == found.text
    assert '"__example__": 1.0' in found.text


def test_errors_of_the_result_have_their_places_in_the_authors_file() -> None:
    text = '{"version": "5.0",\n "screens": [\n  {"id": "A", "title": " "}]}'
    document = parse_json(text, "a.json", [])
    assert document is not None
    found = upgrade_flow_json(document, "5.0", ACCEPTED["7.3"], None)
    places = {finding.rule: (finding.span.line, finding.span.column) for finding in found.errors}
    assert places["FS211"] == (3, 24)
    assert places["FS205"] == (3, 3)


def test_variables_are_replaced_before_the_result_is_checked_and_stay_in_it() -> None:
    old = flow("4.0", picker(min_date="${var:first}"))
    good = upgraded(old, variables=Variables({}, {"first": "2024-01-01"}))
    assert good.errors == ()
    assert '"${var:first}"' in good.text
    assert upgraded(old, variables=Variables({}, {"first": "1704067200000"})).errors
    assert [error.rule for error in upgraded(old, variables=Variables({}, {})).errors] == ["FS004"]


def test_migrations_stand_in_the_order_of_versions() -> None:
    versions = [migration.version for migration in MIGRATIONS]
    assert versions == sorted(versions)


NAMES = ["version", "screens", "id", "layout", "children", "type", "name", "data", "init-values"]
NAMES += ["min-date", "data-source", "on-click-action", "next", "payload", "routing_model", "label"]
WORDS = ["DatePicker", "Form", "A", "A,B", "SingleColumnLayout", "screen", "navigate", "Footer"]
WORDS += [
    "${data.A}",
    "1704067200000",
    " ",
    "true",
    "12",
    "`x`",
    "TextInput",
    "${screen.A,B.data.x}",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=30,
)


@given(VALUES, st.sampled_from(sorted(KNOWN)), st.sampled_from(sorted(ACCEPTED)))
def test_no_value_raises_and_what_may_be_written_is_valid(
    value: JsonValue, since: str, to: str
) -> None:
    if KNOWN[since] > KNOWN[to]:
        return
    whole = {**value, "version": since} if isinstance(value, dict) else flow(since)
    found = upgraded(whole, to)
    if found.is_changed and not found.errors:
        errors = check_flow_json(json.loads(found.text))
        assert not [error for error in errors if error.severity.value == "error"]


def test_a_large_flow_is_upgraded_in_time_in_proportion() -> None:
    def seconds(number: int) -> float:
        old = flow("4.0", *[picker(min_date="1704067200000") for _ in range(number)])
        start = time.perf_counter()
        upgraded(old)
        return time.perf_counter() - start

    seconds(50)
    assert seconds(4000) < 40 * seconds(400)
